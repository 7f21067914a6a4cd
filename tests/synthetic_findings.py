"""Findings of the small run: computed as for a real one, but for a case of every type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core.artifacts.schema import FINDINGS, STYLE_YEARS
from core.findings.appearance import APPEARANCES
from core.findings.cases.artists import SHOWN_WORKS, type_cases
from core.findings.cases.sentences import describe_artist, describe_hand, describe_pair
from core.findings.compute import Findings, compute_findings
from core.findings.evidence import Evidence, FoldView, Hands, TaskEvidence
from core.label_word import STYLE, LabelWord
from core.tasks import Task

COPIES = (3, 4)  # rows that show one picture


def build_findings(
    table: pd.DataFrame,
    tasks: Mapping[Task, TaskEvidence],
    embeddings: np.ndarray,
    neighbours: np.ndarray,
    layers: np.ndarray,
) -> Findings:
    """The findings on the paintings of ``table``, two folds, one pair of copies.

    ``layers`` (N, C) stand for texture and content alike.
    """
    rng = np.random.default_rng(0)
    count, fold = len(table), table["fold"].to_numpy()
    thumbnails = rng.integers(0, 256, (count, 64, 64, 3), dtype=np.uint8)
    thumbnails[COPIES[1]] = thumbnails[COPIES[0]]
    views = (
        FoldView(rows, others, embeddings[rows], embeddings[others])
        for rows, others in ((np.flatnonzero(fold == n), np.flatnonzero(fold != n)) for n in (0, 1))
    )
    evidence = Evidence(
        table[["key", "artist", "year"]],
        tasks,
        table["group"].to_numpy(),
        tuple(views),
        embeddings,
        neighbours,
        thumbnails,
        rng.normal(size=(count, 5)),
        texture=layers,
        content=layers,
        hands=Hands(table["artist"].to_numpy(dtype=object), tasks["artist"]),
    )
    return _fill_in(compute_findings(evidence))


def _fill_in(findings: Findings) -> Findings:
    """What so few paintings in plain colours cannot show: years of styles, media, twins."""
    count, styles = len(findings.table), len(findings.style_years)
    years = findings.style_years.assign(begins=1800 + 10 * np.arange(styles), ends=1900)
    years.loc[styles - 1, ["begins", "ends"]] = None
    table = findings.table.assign(
        medium=np.resize(list(APPEARANCES), count),
        filed_twice=np.isin(np.arange(count), COPIES),
        anachronism_given=np.resize([0, 0, -12, 0, np.nan, 7], count),
        anachronism_predicted=np.resize([0, 0, 0, -53, np.nan], count),
    )
    return replace(findings, table=FINDINGS.cast(table), style_years=STYLE_YEARS.cast(years))


ARTISTS: tuple[dict[str, Any], ...] = (
    {
        "subject": "Jackson Pollock",
        "type": "no frame of reference",
        "watched": True,
        "given": "Cubism",
        "predicted": "Baroque",
        "observed": 0.92,
        "novelty": 1.38,
        "confidence": 0.83,
    },
    {
        "subject": "Hilma af Klint",
        "type": "label arguable",
        "watched": True,
        "given": "Symbolism",
        "predicted": "Minimalism",
        "observed": 0.81,
        "predicted_begins": 1959,
    },
    {"subject": "Rembrandt", "type": "likely mislabelled", "observed": 0.64},
    {"subject": "Pablo Picasso", "type": "mixed oeuvre", "observed": 0.35, "expected": 0.3},
    {"subject": "Paul Klee", "type": "seen elsewhere", "observed": 0.7},
    {
        "subject": "Piet Mondrian",
        "type": "not proven",
        "watched": True,
        "observed": 0.6,
        "p_value": 0.014,
        "q_value": 0.92,
    },
    {
        "subject": "Mary Cassatt",
        "type": "as expected",
        "watched": True,
        "observed": 0.28,
        "expected": 0.3,
    },
    {"subject": "Giotto", "type": "too few to say", "watched": True, "given": "Baroque"},
    {"subject": "Edward Hopper", "type": "no works", "watched": True},
)
PAIRS: tuple[dict[str, Any], ...] = (
    {"given": "Cubism", "predicted": "Symbolism", "shared": 3},
    {"given": "Baroque", "predicted": "Minimalism", "shared": 0},
    {"task": "genre", "given": "abstract_painting", "predicted": "landscape", "shared": 1},
)
USUAL: dict[str, Any] = {
    "kind": "artist",
    "task": "style",
    "watched": False,
    "given": "Baroque",
    "predicted": "Post_Impressionism",
    "expected": 0.22,
    "p_value": 0.0004,
    "q_value": 0.01,
    "consistency": 0.6,
    "novelty": 0.1,
    "confidence": 0.6,
    "predicted_begins": 1810,
    "shared": 0,
}


def build_cases(table: pd.DataFrame, word: LabelWord = STYLE) -> pd.DataFrame:
    """One case or two of each type, of artists and pairs that ``table`` has."""
    artists = [_build_artist(table, facts, word) for facts in ARTISTS]
    pairs = [_build_pair(table, facts) for facts in PAIRS]
    return type_cases([*artists, *pairs, _build_hand(table)])


def _build_artist(table: pd.DataFrame, facts: Mapping[str, Any], word: LabelWord) -> dict[str, Any]:
    works = table[table["artist"] == facts["subject"]]
    years = works["year"].dropna()
    row = {
        **(USUAL if "observed" in facts else {"kind": "artist", "task": "style"}),
        **facts,
        "case": f"artist:{facts['subject']}",
        "works": len(works),
        "first_year": years.min() if len(years) else None,
        "last_year": years.max() if len(years) else None,
        "rows": _show(works),
    }
    row |= _bound(row) if "observed" in facts else {}
    return row | {"sentence": describe_artist(row, word)}


def _build_hand(table: pd.DataFrame) -> dict[str, Any]:
    """Of the artist with the most works, the first to have a doubt that can be told."""
    name, other = table["given_artist"].value_counts().index[:2]
    works = table[table["given_artist"] == name]
    row = {
        "kind": "hand",
        "task": "artist",
        "case": f"hand:{name}",
        "subject": name,
        "type": "attributions in doubt",
        "given": name,
        "predicted": other,
        "works": len(works),
        "observed": 0.5,
        "expected": 0.02,
        "p_value": 0.0001,
        "q_value": 0.003,
        "artists": 5,
        "rows": _show(works),
    }
    row |= _bound(row)
    return row | {"sentence": describe_hand(row, 2)}


def _build_pair(table: pd.DataFrame, facts: Mapping[str, Any]) -> dict[str, Any]:
    task = facts.get("task", "style")
    names = facts["given"], facts["predicted"]
    works = table[table[f"given_{task}"].isin(names)]
    row = {
        "task": task,
        "kind": f"{task} pair",
        "case": f"{task} pair:{'|'.join(names)}",
        "type": "overlapping labels",
        "works": len(works),
        "observed": 0.31,
        "expected": 0.1,
        "p_value": 0.0001,
        "q_value": 0.002,
        "rows": _show(works),
        **facts,
    }
    row |= _bound(row)
    return row | {"sentence": describe_pair(row)}


def _bound(row: Mapping[str, Any]) -> dict[str, float]:
    shift = row["observed"] - row["expected"]
    return {"shift": shift, "shift_low": shift - 0.1, "shift_high": shift + 0.1}


def _show(works: pd.DataFrame) -> list[int]:
    return [int(row) for row in works.index[:SHOWN_WORKS]]
