"""Pairs of labels that overlap: mistaken for each other, or given to one and the same picture."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from core.artifacts.schema import CASES
from core.findings.cases.artists import SHOWN_WORKS, type_cases
from core.findings.cases.kinds import CaseSettings
from core.findings.cases.sentences import describe_pair
from core.findings.labels.losses import find_judged
from core.findings.oeuvre.shift import control_discoveries
from core.intervals import compute_wilson
from core.tasks import Task

MIN_LIFT: Final = 2.0  # a pair is reported from twice the usual exchange on


def find_pair_cases(
    task: Task,
    classes: tuple[str, ...],
    labels: np.ndarray,
    probabilities: np.ndarray,
    shared_pairs: np.ndarray,
    settings: CaseSettings | None = None,
) -> pd.DataFrame:
    """One row a pair of classes that overlap, most telling first; columns of ``schema.CASES``.

    ``observed``: of the works under either label the share seen (most probable) as the other.
    ``expected``: the share at which works of all third classes are seen as these two. The p-value
    is Fisher's exact test of the first against the second; a pair is a case at the false-discovery
    rate with ``MIN_LIFT`` times the expected share, or with ``minor_works`` pictures filed under
    both. ``shared_pairs`` (P, 2): rows of one picture under two labels. ``labels`` (N,) with -1,
    ``probabilities`` (N, K) with zero rows where not scored.
    """
    settings = settings or CaseSettings()
    judged = find_judged(probabilities, labels)
    seen = np.where(judged, probabilities.argmax(axis=1), -1)
    count = len(classes)
    table = np.zeros((count, count))
    np.add.at(table, (labels[judged], seen[judged]), 1)
    pairs = np.stack(np.triu_indices(count, 1), axis=1)
    facts = _measure_pairs(table, pairs, _count_shared(labels, shared_pairs, count))
    strong = (facts["q_value"] <= settings.rate) & (facts["swapped"] >= MIN_LIFT * facts["usual"])
    strong |= facts["shared"] >= settings.minor_works
    chosen = facts[strong & (facts["works"] >= settings.min_works)]
    rows: list[dict[str, Any]] = []
    for fact in chosen.to_dict("records"):
        first, second = int(fact["first"]), int(fact["second"])
        row: dict[str, Any] = {
            "case": f"{task} pair:{classes[first]}|{classes[second]}",
            "kind": f"{task} pair",
            "task": task,
            "type": "overlapping labels",
            "given": classes[first],
            "predicted": classes[second],
            **{str(name): value for name, value in fact.items() if name in CASES.columns},
            **_bound(fact["swapped"], fact["works"], fact["expected"]),
            "rows": _show(labels, seen, probabilities, first, second),
        }
        rows.append(row | {"sentence": describe_pair(row)})
    return type_cases(rows)


def _measure_pairs(table: np.ndarray, pairs: np.ndarray, shared: np.ndarray) -> pd.DataFrame:
    """One row a pair: works under either label, how many are swapped, how many usually are."""
    first, second = pairs.T
    both = table.sum(axis=1)[pairs].sum(axis=1)
    swapped = table[first, second] + table[second, first]
    share, p_values = _compare_with_thirds(table, pairs)
    observed = swapped / np.maximum(both, 1)
    return pd.DataFrame(
        {
            "first": first,
            "second": second,
            "works": both.astype(int),
            "swapped": swapped,
            "usual": share * both,
            "observed": observed,
            "expected": share,
            "shift": observed - share,
            "p_value": p_values,
            "q_value": control_discoveries(p_values),
            "shared": shared[first, second],
        }
    )


def _compare_with_thirds(table: np.ndarray, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(P,) share of third classes' works that are seen as one of the pair; (P,) p-values.

    ``table`` (K, K) works of a class (row) seen as another (column). A third class's work can be
    seen as either of the two, so it counts twice among the chances.
    """
    works, (first, second) = table.sum(axis=1), pairs.T
    swapped = table[first, second] + table[second, first]
    arrivals = table.sum(axis=0) - np.diag(table)
    seen = arrivals[first] + arrivals[second] - swapped
    own = works[first] + works[second]
    chances = 2 * (works.sum() - own)
    p_values = hypergeom.sf(swapped - 1, own + chances, swapped + seen, own)
    return seen / np.maximum(chances, 1), np.where(swapped > 0, p_values, 1.0)


def _count_shared(labels: np.ndarray, pairs: np.ndarray, count: int) -> np.ndarray:
    shared = np.zeros((count, count), dtype=np.int64)
    both = np.sort(labels[pairs], axis=1) if len(pairs) else np.empty((0, 2), dtype=np.int64)
    both = both[(both[:, 0] >= 0) & (both[:, 0] != both[:, 1])]
    np.add.at(shared, (both[:, 0], both[:, 1]), 1)
    return shared


def _bound(swapped: float, works: float, expected: float) -> dict[str, float]:
    """Wilson's 95 % interval of the observed share, less the expected one."""
    low, high = compute_wilson(swapped, works)
    return {"shift_low": low - expected, "shift_high": high - expected}


def _show(
    labels: np.ndarray, seen: np.ndarray, probabilities: np.ndarray, first: int, second: int
) -> list[int]:
    """Rows of the works that are seen as the other of the two, the surest first."""
    rows = np.flatnonzero(
        ((labels == first) & (seen == second)) | ((labels == second) & (seen == first))
    )
    order = np.argsort(-probabilities[rows, seen[rows]], kind="stable")[:SHOWN_WORKS]
    shown: list[int] = rows[order].tolist()
    return shown
