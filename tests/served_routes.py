"""Every single route of those that are served."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import BaseRoute

from dashboard.server.later import LaterRoutes


def list_made(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """``routes``, with those that are made later in the place of what makes them."""
    return [
        each for one in routes for each in (one.make() if isinstance(one, LaterRoutes) else [one])
    ]
