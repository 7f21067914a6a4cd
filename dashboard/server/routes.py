"""Every address that is answered beside the pages: who may ask, its kind in the log, its routes.

The session gate, the request log and the attack suite read this table. A page is whatever no line
of it covers; its names are in ``dashboard.home``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.routing import BaseRoute

from dashboard.access.sign_in import SIGN_IN, SIGN_OUT
from dashboard.access.sign_in_setup import CALLBACK
from dashboard.runs import cache
from dashboard.server import (
    assets,
    classify,
    health,
    iiif,
    iiif_presentation,
    images,
    points,
    suggestions,
)
from dashboard.settings import Settings

PAGE: Final = "page"  # the kind of all that the table does not name
READY_CHECKS: Final = {"runs": cache.check_runs, "verdicts": cache.check_reviews}

Build = Callable[[Settings], list[BaseRoute]]


@dataclass(frozen=True)
class Served:
    """A line of the table. ``path``: one address or, with a slash at its end, all below it.

    ``is_public``: answered without a sign-in, so that it names no painting, file or person; only
    a whole address can be. ``build`` makes the routes; None where Streamlit or a gate answers.
    """

    path: str
    kind: str
    is_public: bool
    build: Build | None = None

    def covers(self, path: str) -> bool:
        """Whether ``path`` is this one, or lies below it."""
        return f"{path}/".startswith(self.path) if self.path.endswith("/") else path == self.path


TABLE: Final = (
    Served("/images/", "images", False, lambda _: images.build_routes(cache.find_run)),
    Served(
        "/iiif/",
        "iiif",
        False,
        lambda _: [
            *iiif_presentation.build_routes(cache.find_run, cache.find_set),
            *iiif.build_routes(cache.find_run),
        ],
    ),
    Served("/vendor/", PAGE, False, lambda _: iiif.build_viewer_routes()),
    Served(
        "/points/",
        "points",
        False,
        lambda _: points.build_routes(cache.find_open_run, cache.load_points),
    ),
    Served(
        "/suggestions/",
        "suggestions",
        False,
        lambda _: suggestions.build_routes(cache.find_open_run),
    ),
    Served("/components/", "components", False, lambda _: assets.build_routes()),
    Served(
        f"{classify.PATH}/",
        "api",
        False,
        lambda settings: (
            classify.build_api_routes(cache.find_classifier, cache.load_service)
            if settings.api
            else []
        ),
    ),
    Served("/healthz", "healthz", True, lambda _: health.build_live_routes()),
    Served("/readyz", "readyz", True, lambda _: health.build_ready_routes(READY_CHECKS)),
    Served("/metrics", "metrics", True, lambda _: health.build_metrics_routes()),
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


def build_routes(settings: Settings) -> list[BaseRoute]:
    """The routes of the table that are ours, in its order."""
    return [route for each in TABLE if each.build for route in each.build(settings)]
