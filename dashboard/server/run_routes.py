"""The routes that read runs and verdicts, by their line of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.routing import BaseRoute

from dashboard.runs import cache, model_cache, review_cache
from dashboard.server import (
    classify,
    health,
    iiif,
    iiif_presentation,
    images,
    points,
    suggestions,
)
from dashboard.settings import Settings

READY_CHECKS: Final = {"runs": cache.check_runs, "verdicts": review_cache.check_reviews}
MAKERS: Final[dict[str, Callable[[Settings], list[BaseRoute]]]] = {
    "/images/": lambda _: images.build_routes(cache.find_run),
    "/iiif/": lambda _: [
        *iiif_presentation.build_routes(cache.find_run, review_cache.find_set),
        *iiif.build_routes(cache.find_run),
    ],
    "/vendor/": lambda _: iiif.build_viewer_routes(),
    "/points/": lambda _: points.build_routes(cache.find_open_run, cache.load_points),
    "/suggestions/": lambda _: suggestions.build_routes(cache.find_open_run),
    "/api/classify/": lambda settings: (
        classify.build_api_routes(model_cache.find_classifier, model_cache.load_service)
        if settings.api
        else []
    ),
    "/readyz": lambda _: health.build_ready_routes(READY_CHECKS),
}
