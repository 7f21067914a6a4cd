"""The verdicts so far: how many labels were wrong, and how many may be left."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from core.artifacts import Run
from core.collection.wording import count_of
from core.report.markup import build_note, build_paragraph, build_section
from core.report.terms import MEANINGS
from core.reviews.agreement import compute_agreement
from core.reviews.progress import ENOUGH, compute_precision, describe_precision
from core.reviews.remaining import (
    compute_false_alarms,
    describe_false_alarms,
    describe_remaining,
    estimate_left,
)
from core.text import day


def build_verdicts(run: Run, standing: pd.DataFrame) -> str:
    """The section. ``standing``: the verdicts in force, as ``core.reviews.of_run`` takes them."""
    is_own = (standing["task"] == "style") & standing["key"].isin(run.paintings["key"])
    return build_section("Verdicts so far", _list_parts(run, standing[is_own]))


def _list_parts(run: Run, standing: pd.DataFrame) -> Iterator[str]:
    if standing.empty:
        yield build_paragraph("No verdicts yet.")
        return
    judged = count_of(standing["key"].nunique(), "painting")
    reviewers = count_of(standing["reviewer"].nunique(), "reviewer")
    latest = day(standing["time"].max())
    yield build_paragraph(f"{judged} judged by {reviewers}, the latest on {latest} UTC.")
    found = compute_precision(standing)
    if found.count < ENOUGH:
        yield build_paragraph(
            f"Too few to say how many labels are wrong: {found.count} were judged right or wrong, "
            f"and it takes {ENOUGH}."
        )
    else:
        yield build_paragraph(f"{describe_precision(found)}.")
        yield build_note(
            "Which labels were judged was no random choice: the share is no estimate for the whole "
            "collection."
        )
        yield from _tell_left(run, standing)
    yield from _tell_agreement(standing)


def _tell_left(run: Run, standing: pd.DataFrame) -> Iterator[str]:
    paintings = pd.DataFrame(
        {
            "key": run.paintings["key"],
            "given": run.paintings["given_style"],
            "predicted": run.predictions("style")["predicted"].reindex(run.paintings.index),
            "score": run.findings["score"],
        }
    )
    left = describe_remaining(estimate_left(paintings, standing))
    yield build_paragraph(f"Wrong labels that may be left among those not judged: {left}.")
    yield build_note(MEANINGS["remaining"])
    if said := describe_false_alarms(compute_false_alarms(paintings, standing)):
        yield build_paragraph(said)


def _tell_agreement(standing: pd.DataFrame) -> Iterator[str]:
    found = compute_agreement(standing)
    if not found.labels:
        yield build_note("No label has been judged by two reviewers yet.")
        return
    twice = f"{count_of(found.labels, 'label')} judged by two reviewers or more."
    yield build_paragraph(twice)
    if not math.isnan(found.alpha):
        yield build_paragraph(f"Agreement beyond chance (Krippendorff's alpha): {found.alpha:.2f}.")
        yield build_note(MEANINGS["alpha"])
