"""Runs on disk, written by the trainer and read by the dashboard. No other code touches a run."""

from core.artifacts.errors import ArtifactBroken, RunError, RunMissing, SchemaUnknown
from core.artifacts.manifest import CollectionFacts, Manifest, StageTiming, Thresholds
from core.artifacts.opening import Listing, list_runs, open_run
from core.artifacts.pictures import StoredPicture
from core.artifacts.reader import Run
from core.artifacts.writer import RunDraft, draft_run

__all__ = [
    "ArtifactBroken",
    "CollectionFacts",
    "Listing",
    "Manifest",
    "Run",
    "RunDraft",
    "RunError",
    "RunMissing",
    "SchemaUnknown",
    "StageTiming",
    "StoredPicture",
    "Thresholds",
    "draft_run",
    "list_runs",
    "open_run",
]
