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
from core.findings.oeuvre.other_works import part_unknown
from core.findings.oeuvre.shift import control_discoveries
from core.findings.several import list_entries, mark_labels, widen_labels
from core.intervals import compute_wilson
from core.tasks import Task

MIN_LIFT: Final = 2.0  # a pair is reported from twice the usual exchange on
ROUNDING: Final = 1e-9  # sums of parts miss whole votes by less than this
MIN_ARTISTS: Final = 3  # whose works are seen as the other: one painter makes no pair of styles


def find_pair_cases(
    task: Task,
    classes: tuple[str, ...],
    labels: np.ndarray,
    probabilities: np.ndarray,
    shared_pairs: np.ndarray,
    artists: np.ndarray,
    settings: CaseSettings | None = None,
    further: np.ndarray | None = None,
    broader: np.ndarray | None = None,
    *,
    by_answers: bool = True,
) -> pd.DataFrame:
    """One row a pair of classes that overlap, most telling first; columns of ``schema.CASES``.

    Works by one hand are not independent: each artist has one vote under a label, split as the
    works are seen. ``observed``: of the votes under either label the share seen (most probable) as
    the other. ``expected``: the share at which votes of all third classes are seen as these two.
    The p-value is Fisher's exact test of the first against the second, parts of votes rounded
    against the pair (parts vary less than whole votes would); a pair is a case at the
    false-discovery rate with ``MIN_LIFT`` times the expected share and ``MIN_ARTISTS`` artists
    behind it, or with ``minor_works`` pictures filed under both. ``shared_pairs`` (P, 2): rows of
    one picture under two labels. ``labels`` (N,) with -1, ``probabilities`` (N, K) with zero rows
    where not scored, ``artists`` (N,) with -1 for unknown, each a hand of its own. ``further``
    (N, m) the other labels of works of several: such a work counts under each, and seen as one of
    them it is not seen as another. That works have both labels makes no pair,
    nor do two of which one is a broader term than the other, by ``broader`` (K, K) bool. Without
    ``by_answers`` only pictures filed under both make a case: some hands are alike by nature.
    """
    settings = settings or CaseSettings()
    judged = find_judged(probabilities, labels)
    seen = np.where(judged, probabilities.argmax(axis=1), -1)
    count = len(classes)
    marked, (entries, every) = mark_labels(labels, further, count), list_entries(labels, further)
    accepted = mark_labels(labels, widen_labels(labels, further, broader), count)
    is_own = accepted[np.arange(len(labels)), seen]
    entries, every = entries[judged[entries]], every[judged[entries]]
    hands = part_unknown(artists)[entries]
    as_ = np.where(is_own[entries], every, seen[entries])
    works, votes, backers = _cast_votes(every, as_, hands, count)
    pairs = np.stack(np.triu_indices(count, 1), axis=1)
    if broader is not None:
        pairs = pairs[~(broader | broader.T)[tuple(pairs.T)]]
    facts = _measure_pairs(votes, pairs, _count_shared(marked, shared_pairs))
    both = marked[judged].T.astype(float) @ marked[judged]
    facts["works"] = (works.sum(axis=1)[pairs].sum(axis=1) - both[tuple(pairs.T)]).astype(int)
    facts["artists"] = _join_backers(backers, pairs)
    strong = (facts["q_value"] <= settings.rate) & (facts["swapped"] >= MIN_LIFT * facts["usual"])
    strong &= (facts["artists"] >= MIN_ARTISTS) & by_answers
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
            **_bound(fact["swapped"], fact["votes"], fact["expected"]),
            "rows": _show(marked, seen, probabilities, first, second),
        }
        rows.append(row | {"sentence": describe_pair(row)})
    return type_cases(rows)


def _cast_votes(
    labels: np.ndarray, seen: np.ndarray, hands: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """(K, K) works of a label (row) seen as another (column), (K, K) votes likewise, and who.

    The last has one row a label, hand and other style that the hand's works are seen as.
    """
    cells = pd.DataFrame({"label": labels, "hand": hands, "seen": seen, "works": 1})
    cells = cells.groupby(["label", "hand", "seen"])["works"].sum().reset_index()
    share = cells["works"] / cells.groupby(["label", "hand"])["works"].transform("sum")
    works, votes = np.zeros((count, count)), np.zeros((count, count))
    np.add.at(works, (cells["label"], cells["seen"]), cells["works"])
    np.add.at(votes, (cells["label"], cells["seen"]), share)
    return works, votes, cells[cells["label"] != cells["seen"]]


def _join_backers(backers: pd.DataFrame, pairs: np.ndarray) -> np.ndarray:
    """(P,) how many artists have works of one of a pair that are seen as the other."""
    low = backers[["label", "seen"]].min(axis=1)
    high = backers[["label", "seen"]].max(axis=1)
    counts = backers.groupby([low, high])["hand"].nunique()
    found = counts.reindex(pd.MultiIndex.from_arrays(list(pairs.T)), fill_value=0)
    joined: np.ndarray = found.to_numpy()
    return joined


def _measure_pairs(table: np.ndarray, pairs: np.ndarray, shared: np.ndarray) -> pd.DataFrame:
    """One row a pair: votes under either label, how many are swapped, how many usually are."""
    first, second = pairs.T
    both = table.sum(axis=1)[pairs].sum(axis=1)
    swapped = table[first, second] + table[second, first]
    share, p_values = _compare_with_thirds(table, pairs)
    observed = swapped / np.maximum(both, 1)
    return pd.DataFrame(
        {
            "first": first,
            "second": second,
            "votes": both,
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
    """(P,) share of third classes' votes that are seen as one of the pair; (P,) p-values.

    ``table`` (K, K) votes of a class (row) seen as another (column). A third class's vote can be
    seen as either of the two, so it counts twice among the chances.
    """
    works, (first, second) = table.sum(axis=1), pairs.T
    swapped = table[first, second] + table[second, first]
    arrivals = table.sum(axis=0) - np.diag(table)
    seen = arrivals[first] + arrivals[second] - swapped
    own = works[first] + works[second]
    chances = 2 * (works.sum() - own)
    least, others = np.floor(swapped + ROUNDING), np.ceil(seen - ROUNDING)
    tried, possible = np.ceil(own - ROUNDING), np.floor(chances + ROUNDING)
    p_values = hypergeom.sf(least - 1, tried + possible, least + others, tried)
    return seen / np.maximum(chances, 1), np.where(least > 0, p_values, 1.0)


def _count_shared(marked: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """(K, K) upper: pairs of rows of which one has a label, the other the other, and neither both.

    ``marked`` (N, K) bool, ``pairs`` (P, 2).
    """
    left, right = marked[pairs[:, 0]], marked[pairs[:, 1]]
    first, second = (left & ~right).astype(np.int64), (right & ~left).astype(np.int64)
    shared: np.ndarray = first.T @ second
    return np.triu(shared + shared.T)


def _bound(swapped: float, works: float, expected: float) -> dict[str, float]:
    """Wilson's 95 % interval of the observed share, less the expected one."""
    low, high = compute_wilson(swapped, works)
    return {"shift_low": low - expected, "shift_high": high - expected}


def _show(
    marked: np.ndarray, seen: np.ndarray, probabilities: np.ndarray, first: int, second: int
) -> list[int]:
    """Rows of the works that are seen as the other of the two, the surest first."""
    is_first, is_second = marked[:, first], marked[:, second]
    rows = np.flatnonzero(
        (is_first & ~is_second & (seen == second)) | (is_second & ~is_first & (seen == first))
    )
    order = np.argsort(-probabilities[rows, seen[rows]], kind="stable")[:SHOWN_WORKS]
    shown: list[int] = rows[order].tolist()
    return shown
