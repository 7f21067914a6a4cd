"""The doubts by kind: quadrants of paintings, cases of artists and of pairs of labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from core.artifacts import Run
from core.collection.wording import count_of
from core.findings.cases.kinds import CASE_TYPES, CaseType
from core.findings.hands.wording import COLUMNS, STATES, describe_attribution
from core.findings.labels.quadrants import QUADRANTS
from core.report.markup import (
    build_list,
    build_note,
    build_paragraph,
    build_section,
    build_table,
)
from core.text import class_name, painting_title, percent

MOST_ATTRIBUTIONS: Final = 5  # in doubt whose sentences stand here
MOST_CASES: Final = 10  # of a type whose sentences stand here; the others are counted
NO_DOUBT: Final[tuple[CaseType, ...]] = ("as expected", "too few to say", "no works")


def build_doubts(run: Run) -> str:
    """The section: paintings in each quadrant, attributions, and the cases by type."""
    return build_section(
        "Doubts, by kind", [*_tell_quadrants(run), *_tell_attributions(run), *_tell_cases(run)]
    )


def _tell_quadrants(run: Run) -> Iterator[str]:
    word, counts = run.manifest.word, run.findings["quadrant"].value_counts()
    yield build_table(
        ("Paintings", "Number", "What it means"),
        [
            (class_name(name), f"{counts[name]:,}", word.fill(meaning))
            for name, meaning in QUADRANTS.items()
            if name in counts
        ],
        numbers=(1,),
    )
    lines = run.manifest.thresholds
    yield build_note(f"The lines: loss {lines.loss:.2f}, confidence {percent(lines.confidence)}.")


def _tell_attributions(run: Run) -> Iterator[str]:
    """How many attributions are in doubt, and which most; nothing without a model of artists."""
    is_there = all(name in run.findings for name in COLUMNS)
    if not is_there or not run.findings["attribution"].notna().any():
        return
    counts = run.findings["attribution"].value_counts()
    yield "<h3>Attributions</h3>"
    yield build_table(
        ("Works", "Number", "What it means"),
        [(class_name(s), f"{counts[s]:,}", text) for s, text in STATES.items() if s in counts],
        numbers=(1,),
    )
    doubted = run.findings[run.findings["attribution"] == "in doubt"]
    most = doubted["attribution_doubt"].nlargest(MOST_ATTRIBUTIONS).index
    works = run.paintings.loc[most].join(run.findings.loc[most]).to_dict("records")
    yield build_list([f"{painting_title(each)}. {describe_attribution(each)}" for each in works])


def _tell_cases(run: Run) -> Iterator[str]:
    found = run.cases[~run.cases["type"].isin(NO_DOUBT)]
    if found.empty:
        yield build_paragraph("No oeuvre or pair of labels stands out in this run.")
    for kind, meaning in CASE_TYPES.items():
        cases = found[found["type"] == kind]
        if len(cases):
            yield from _tell_type(cases, kind, run.manifest.word.fill(meaning))


def _tell_type(cases: pd.DataFrame, kind: str, meaning: str) -> Iterator[str]:
    yield f"<h3>{class_name(kind)}: {count_of(len(cases), 'case')}</h3>"
    yield build_note(meaning)
    yield build_list([str(sentence) for sentence in cases["sentence"].head(MOST_CASES)])
    if len(cases) > MOST_CASES:
        yield build_note(f"And {len(cases) - MOST_CASES:,} more.")
