"""The routes of the table that are ours."""

from __future__ import annotations

from functools import partial

from starlette.routing import BaseRoute

from dashboard.server import assets, health
from dashboard.server.later import LaterRoutes
from dashboard.server.table import TABLE
from dashboard.settings import Settings


def build_routes(settings: Settings) -> list[BaseRoute]:
    """The routes. Those that read runs are made when one of them is first asked for."""
    return [
        *assets.build_routes(),
        *health.build_live_routes(),
        *health.build_metrics_routes(),
        *(
            LaterRoutes(line, partial(make_run_routes, line.path, settings))
            for line in TABLE
            if line.reads_runs
        ),
    ]


def make_run_routes(path: str, settings: Settings) -> list[BaseRoute]:
    """The routes of the line ``path`` of the table, which reads runs."""
    from dashboard.server.run_routes import MAKERS  # with pandas and SQLAlchemy: a second

    return MAKERS[path](settings)
