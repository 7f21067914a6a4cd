"""The whole report of a run: one HTML file, to read, to print or to keep as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from core.artifacts import Run
from core.report.collection import build_collection
from core.report.doubts import build_doubts
from core.report.markup import build_document, build_note
from core.report.model import build_model
from core.report.paintings import build_paintings
from core.report.verdicts import build_verdicts
from core.report.worklists import build_worklists
from core.reviews.worklists import Assigned
from core.text import class_name, day
from core.version import NAME


def build_report(run: Run, standing: pd.DataFrame, assigned: Sequence[Assigned] = ()) -> bytes:
    """The file, UTF-8: equal run, equal verdicts, equal bytes. It loads nothing from elsewhere.

    ``standing``: verdicts in force, as ``core.reviews.of_run.take_standing`` gives them. They are
    only counted: nobody's verdict on a painting is told. ``assigned``: worklists of the run, as
    ``core.reviews.worklists.follow_worklists`` gives them. Raises ``ArtifactBroken``.
    """
    manifest = run.manifest
    name = class_name(manifest.collection.name)
    made = f"Run {run.run_id}, made on {day(manifest.created)}. {NAME}."
    sections = [
        build_collection(run),
        build_model(run),
        build_doubts(run),
        build_verdicts(run, standing),
        build_worklists(assigned, manifest.word),
        build_paintings(run),
    ]
    head = f"<h1>{escape(name)}: {escape(manifest.word.plural)} in doubt</h1>\n{build_note(made)}"
    return build_document(f"{name}: report", "\n".join([head, *sections])).encode("utf-8")
