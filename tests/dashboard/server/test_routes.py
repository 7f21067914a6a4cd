"""The table of routes: complete, and open only where that was written down twice."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route
from streamlit.starlette import App

from dashboard import app
from dashboard.navigation import PAGES as REGISTERED
from dashboard.server.run_routes import MAKERS
from dashboard.server.table import PUBLIC, TABLE, Served, find_line, name_kind
from dashboard.settings import Settings
from tests.served_routes import list_made

# Written out here as well, so that no slip of a line opens a route.
PUBLIC_PATHS = {
    *("/favicon.png", "/manifest.json", "/robots.txt", "/_stcore/health"),
    *("/healthz", "/readyz", "/metrics"),
    *("/sign-in", "/auth/login", "/auth/logout", "/oauth2callback"),
}
PAGES = {"/", *(f"/{path}" for path in REGISTERED)}


@pytest.fixture(scope="module")
def served() -> list[BaseRoute]:
    """Every route of the whole app, Streamlit's own included."""
    whole = App(app.HOME, routes=app.build_all_routes(Settings(api=True)))
    return list_made(whole._build_starlette_app().routes)


def list_unnamed(routes: list[BaseRoute]) -> list[str]:
    """Paths of ``routes`` that are in no line of the table, and no pages."""
    paths = {str(getattr(each, "path", each)) for each in routes}
    # Streamlit's last route, "", serves the files of its pages, which have lines of their own.
    return sorted(path for path in paths - PAGES - {""} if find_line(path) is None)


def test_every_route_that_is_served_stands_in_the_table(served: list[BaseRoute]) -> None:
    assert len(served) > 30
    assert list_unnamed(served) == []


def test_every_line_is_served(served: list[BaseRoute]) -> None:
    paths = [str(getattr(each, "path", "")) for each in served]
    files = {"/favicon.png", "/manifest.json", "/robots.txt", "/index.html", "/static/"}
    idle = {line.path for line in TABLE if not any(map(line.covers, paths))}
    assert idle == files | {"/sign-in"}  # the last mount's, and the gate's own


def test_every_line_that_reads_runs_has_its_routes() -> None:
    assert list(MAKERS) == [line.path for line in TABLE if line.reads_runs]


def test_a_route_without_a_line_is_found() -> None:
    async def answer(_: object) -> PlainTextResponse:
        return PlainTextResponse("")

    added = Route("/paintings/{row}", answer)
    assert list_unnamed([added]) == ["/paintings/{row}"]


def test_a_line_must_say_whether_it_is_public() -> None:
    required = {each.name for each in fields(Served) if each.default is MISSING}
    assert {"path", "kind", "is_public"} <= required
    with pytest.raises(TypeError, match="is_public"):
        Served("/paintings/", "paintings")  # type: ignore[call-arg]


def test_only_what_is_written_down_here_too_is_public() -> None:
    assert set(PUBLIC) == PUBLIC_PATHS
    assert not [path for path in PUBLIC if path.endswith("/")]


def test_each_path_has_one_line_and_a_kind() -> None:
    paths = [line.path for line in TABLE]
    assert len(paths) == len(set(paths))
    nested = [(a.path, b.path) for a in TABLE for b in TABLE if a is not b and a.covers(b.path)]
    assert nested == []
    assert all(re.fullmatch(r"[a-z_]+", line.kind) for line in TABLE)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/images/run/1/320.jpg", "images"),
        ("/images", "images"),
        ("/imagesx", "page"),
        ("/api/classify", "api"),
        ("/api/classify/schema.json", "api"),
        ("/_stcore/upload_file/a/b", "_stcore"),
        ("/healthz", "healthz"),
        ("/healthz/x", "page"),
        ("/static/js/a.js", "static"),
        ("/outliers", "page"),
    ],
)
def test_the_kind_of_a_path(path: str, kind: str) -> None:
    assert name_kind(path) == kind
