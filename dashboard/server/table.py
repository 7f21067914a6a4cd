"""Every address that is answered beside the pages: who may ask, and its kind in the log.

The session gate, the request log and the attack suite read this table; ``dashboard.server.routes``
answers what is ours of it. A page is whatever no line of it covers; its names are in
``dashboard.navigation``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.access.providers import CALLBACK, SIGN_IN, SIGN_OUT

PAGE: Final = "page"  # the kind of all that the table does not name


@dataclass(frozen=True)
class Served:
    """A line of the table. ``path``: one address or, with a slash at its end, all below it.

    ``is_public``: answered without a sign-in, so that it names no painting, file or person; only
    a whole address can be. ``reads_runs``: answered by ``dashboard.server.run_routes``.
    """

    path: str
    kind: str
    is_public: bool
    reads_runs: bool = False

    def covers(self, path: str) -> bool:
        """Whether ``path`` is this one, or lies below it."""
        return f"{path}/".startswith(self.path) if self.path.endswith("/") else path == self.path


TABLE: Final = (
    Served("/images/", "images", False, reads_runs=True),
    Served("/iiif/", "iiif", False, reads_runs=True),
    Served("/vendor/", PAGE, False, reads_runs=True),
    Served("/points/", "points", False, reads_runs=True),
    Served("/suggestions/", "suggestions", False, reads_runs=True),
    Served("/components/", "components", False),
    Served("/api/classify/", "api", False, reads_runs=True),
    Served("/healthz", "healthz", True),
    Served("/readyz", "readyz", True, reads_runs=True),
    Served("/metrics", "metrics", True),
    # The sign-in: the gate's own, then Streamlit's.
    Served(SIGN_IN, PAGE, True),
    Served(SIGN_OUT, PAGE, True),
    Served("/auth/login", PAGE, True),
    Served(CALLBACK, PAGE, True),
    # Streamlit's own. What the sign-in page is made of is public.
    Served("/favicon.png", PAGE, True),
    Served("/manifest.json", PAGE, True),
    Served("/robots.txt", PAGE, True),
    Served("/index.html", PAGE, False),
    Served("/static/", "static", False),
    Served("/media/", "media", False),
    Served("/component/", PAGE, False),
    Served("/_stcore/health", "_stcore", True),
    Served("/_stcore/metrics", "_stcore", False),
    Served("/_stcore/host-config", "_stcore", False),
    Served("/_stcore/stream", "_stcore", False),
    Served("/_stcore/upload_file/", "_stcore", False),
    Served("/_stcore/bidi-components/", "_stcore", False),
    Served("/_stcore/agent/", "_stcore", False),
)
PUBLIC: Final = frozenset(each.path for each in TABLE if each.is_public)


def find_line(path: str) -> Served | None:
    """The line of the table that covers ``path``; None for a page, or for nothing."""
    return next((each for each in TABLE if each.covers(path)), None)


def name_kind(path: str) -> str:
    """``"/images/run/12/320.jpg"`` -> ``"images"``; what the table does not name is a page."""
    line = find_line(path)
    return PAGE if line is None else line.kind
