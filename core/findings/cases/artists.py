"""Cases: artists whose works, taken together, are seen in other styles than their labels say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from core.artifacts.schema import CASES
from core.findings.cases.kinds import (
    ARGUABLE,
    CaseSettings,
    CaseType,
    Traits,
    choose_quiet_type,
    choose_type,
    is_finding,
    is_proven,
)
from core.findings.cases.movers import find_movers
from core.findings.cases.sentences import describe_artist
from core.findings.labels.losses import find_judged
from core.findings.novelty import compute_oeuvre_novelty
from core.findings.oeuvre.other_works import iterate_oeuvres, part_unknown
from core.findings.oeuvre.shift import compute_shifts, keep_one_of_each
from core.findings.several import list_entries, mark_labels
from core.label_word import STYLE, LabelWord

SHOWN_WORKS: Final = 24
LEAST: Final = 1e-3  # no probability counts as less: what is surer says no more


@dataclass(frozen=True)
class Gallery:
    """What the cases are drawn from; row i of every array is painting i.

    ``names`` (N,) object, null where unknown; ``artists`` (N,) codes; ``labels`` (N,) styles, -1
    for none; ``seen`` (N, K) style probabilities by a model that never saw the artist, zero rows
    where not judged; ``novelty`` (N,) as ``compute_novelty``; ``years`` (N,) float with NaN;
    ``duplicates`` (N,) group ids. ``word``: what the labels are called. ``further`` (N, m): the
    other styles of works of several, -1 for none; such a work counts under each. ``accepted``
    (N, m'): these, and what else is right of a work; by default these alone.
    """

    classes: tuple[str, ...]
    names: np.ndarray
    artists: np.ndarray
    labels: np.ndarray
    seen: np.ndarray
    novelty: np.ndarray
    years: np.ndarray
    duplicates: np.ndarray
    word: LabelWord = STYLE
    further: np.ndarray | None = None
    accepted: np.ndarray | None = None

    @property
    def right(self) -> np.ndarray | None:
        """(N, m') what is right of each work beside its label."""
        return self.further if self.accepted is None else self.accepted

    @cached_property
    def entries(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows and styles, one entry for each style of each work (``list_entries``)."""
        return list_entries(self.labels, self.further)

    @cached_property
    def marked(self) -> np.ndarray:
        """(N, K) bool: the work has the style."""
        return mark_labels(self.labels, self.further, len(self.classes))

    @cached_property
    def is_away(self) -> np.ndarray:
        """(N,) 1 where a painting is seen in another style than its labels, 0 where not; NaN where
        not judged.
        """
        return find_away(self.seen, self.labels, self.right)

    @cached_property
    def lags(self) -> np.ndarray:
        """(N,) how far the label lies behind the best other style, as ``compute_lags``."""
        return compute_lags(self.seen, self.labels, self.right)

    @cached_property
    def is_counted(self) -> np.ndarray:
        """(N,) bool: the judged paintings, one for each picture of an artist under a label."""
        rows, every = self.entries
        kept = keep_one_of_each(
            self.is_away[rows], every, self.artists[rows], self.duplicates[rows]
        )
        return np.isin(np.arange(len(self.labels)), rows[kept])


def find_away(
    seen: np.ndarray, labels: np.ndarray, further: np.ndarray | None = None
) -> np.ndarray:
    """(N,) 1 where the likeliest of ``seen`` (N, K) is no label of the work, 0 where it is, or
    NaN.
    """
    is_own = mark_labels(labels, further, seen.shape[1])[
        np.arange(len(labels)), seen.argmax(axis=1)
    ]
    return np.where(find_judged(seen, labels), ~is_own, np.nan)


def compute_lags(
    seen: np.ndarray,
    labels: np.ndarray,
    further: np.ndarray | None = None,
    among: np.ndarray | None = None,
) -> np.ndarray:
    """(N,) log of the best other style's probability less that of the best label's, or NaN.

    High is suspicious; above 0 another style is likelier. ``seen`` (N, K): less than ``LEAST``
    counts as it. ``among`` (N, K) bool: the other styles that are asked, all where not given; NaN
    for a work of which none is.
    """
    is_own = mark_labels(labels, further, seen.shape[1])
    is_other = ~is_own if among is None else among & ~is_own
    own, other = (np.where(each, seen, 0).max(axis=1) for each in (is_own, is_other))
    lags = np.log(np.maximum(other, LEAST)) - np.log(np.maximum(own, LEAST))
    return np.where(find_judged(seen, labels) & is_other.any(axis=1), lags, np.nan)


def find_later(years: np.ndarray, style_years: pd.DataFrame, settings: CaseSettings) -> np.ndarray:
    """(N, K) bool: the style began ``years_before`` to ``years_most`` after the work was painted.

    ``years`` (N,) with NaN where undated; ``style_years`` as ``compute_style_years``.
    """
    ahead = style_years["begins"].to_numpy(dtype=float) - years[:, None]
    return np.asarray((settings.years_before <= ahead) & (ahead <= settings.years_most))


def find_artist_cases(
    gallery: Gallery,
    style_years: pd.DataFrame,
    watched: tuple[str, ...] = (),
    settings: CaseSettings | None = None,
) -> pd.DataFrame:
    """Columns of ``schema.CASES``, one row an artist: the discoveries, and the watched.

    By evidence: the lowest false-discovery rate first. A watched artist is always there, if
    only with ``no works`` or ``too few to say``. ``style_years`` as ``compute_style_years``.
    """
    settings = settings or CaseSettings()
    shifts = _compare(gallery, gallery.is_away, gallery.lags, settings)
    later, is_asked = _compare_later(gallery, style_years, settings)
    adjacency = _compute_adjacency(gallery) >= settings.adjacent
    by_name = {_fold(name): name for name in watched}
    by_artist: dict[Any, Any] = shifts.to_dict("index")
    judged = {
        code: rows
        for rows in iterate_oeuvres(gallery.artists)
        if (code := int(gallery.artists[rows[0]])) in by_artist
    }
    movers = find_movers(judged, gallery.labels, gallery.years, settings, gallery.further)
    counted = np.where(gallery.is_counted, gallery.novelty, np.nan)
    novel = compute_oeuvre_novelty(counted, gallery.artists, settings.min_works)
    is_judged = ~np.isnan(gallery.is_away)
    found: list[dict[str, Any]] = []
    for code, rows in judged.items():
        name, shift, moves = str(gallery.names[rows[0]]), by_artist[code], code in movers
        is_ahead = code in later and is_finding(later[code], settings)
        is_ahead = is_ahead and later[code]["observed"] >= settings.consistent
        novelty, is_watched = novel.get(code, np.nan), _fold(name) in by_name
        may_be_case = is_finding(shift, settings) or is_ahead or novelty >= settings.novel
        if not (may_be_case or is_watched):
            continue
        traits = _describe_traits(
            gallery, rows, style_years, adjacency, novelty, moves=moves, is_ahead=is_ahead
        )
        kind, is_tested = choose_type(traits, settings), is_judged
        if kind == ARGUABLE:
            shift, is_tested = later[code], is_asked
        if not is_proven(kind, shift, settings):
            kind = choose_quiet_type(shift, moves, settings)
        if is_watched or is_proven(kind, shift, settings):
            told = (gallery, rows, shift, traits, kind, is_watched, style_years, is_tested)
            found.append(_build_row(*told))
    done = {_fold(row["subject"]) for row in found}
    found += [_build_small(gallery, name) for folded, name in by_name.items() if folded not in done]
    return type_cases(found)


def _compare_later(
    gallery: Gallery, style_years: pd.DataFrame, settings: CaseSettings
) -> tuple[dict[Any, Any], np.ndarray]:
    """As ``compute_shifts``, by artist: how far labels lie behind styles that began later.

    And (N,) bool: the works that have such styles.
    """
    among = find_later(gallery.years, style_years, settings)
    lags = compute_lags(gallery.seen, gallery.labels, gallery.right, among)
    shifts = _compare(gallery, np.where(np.isnan(lags), np.nan, lags > 0), lags, settings)
    return shifts.to_dict("index"), ~np.isnan(lags)


def _compare(
    gallery: Gallery, is_away: np.ndarray, lags: np.ndarray, settings: CaseSettings
) -> pd.DataFrame:
    """``compute_shifts`` of the gallery's artists by ``is_away`` and ``lags``, both (N,)."""
    return compute_shifts(
        is_away,
        lags,
        gallery.labels,
        gallery.artists,
        gallery.duplicates,
        settings.min_works,
        gallery.further,
    )


def type_cases(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a table of ``schema.CASES``, by evidence, what is missing null."""
    table = pd.DataFrame(rows, columns=list(CASES.columns))
    for column, default in (("watched", False), ("works", 0), ("shared", 0)):
        table[column] = table[column].astype("object").where(table[column].notna(), default)
    return CASES.cast(table).sort_values(["q_value", "p_value"], kind="stable", ignore_index=True)


def _fold(name: str) -> str:
    return " ".join(name.replace("-", " ").casefold().split())


def _describe_traits(
    gallery: Gallery,
    rows: np.ndarray,
    years: pd.DataFrame,
    adjacency: np.ndarray,
    novelty: float,
    *,
    moves: bool,
    is_ahead: bool,
) -> Traits:
    copies = np.flatnonzero(np.isin(gallery.duplicates, gallery.duplicates[rows]))
    own = gallery.marked[np.union1d(rows, copies)]
    rows = rows[gallery.is_counted[rows]]
    seen = gallery.seen[rows]
    given = int(gallery.marked[rows].sum(axis=0).argmax())
    tops = seen.argmax(axis=1)
    away = gallery.is_away[rows] == 1
    target = _find_target(seen, tops, away, given)
    there = away & (tops == target)
    dated = gallery.years[rows][there & ~np.isnan(gallery.years[rows])]
    begins = years["begins"].to_numpy()[target]
    return Traits(
        given=given,
        target=target,
        consistency=float(there.mean()),
        elsewhere=float(away.mean()),
        novelty=novelty,
        confidence=_mean(seen[away].max(axis=1)),
        is_adjacent=bool(adjacency[given, target]),
        carries_both=int((own[:, target] & ~own[:, given]).sum()),
        years_early=float(begins - np.median(dated)) if len(dated) else np.nan,
        is_ahead=is_ahead,
        moves=moves,
    )


def _find_target(seen: np.ndarray, tops: np.ndarray, away: np.ndarray, given: int) -> int:
    """The style in which most of the works seen elsewhere are seen; else the likeliest."""
    counts = np.bincount(tops[away], minlength=seen.shape[1]) + seen.mean(axis=0) / 2
    counts[given] = -np.inf
    return int(counts.argmax())


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _compute_adjacency(gallery: Gallery) -> np.ndarray:
    """(K, K): how often works of a style are seen in another, against the average other style.

    Each artist counts alike within a style, so that one large oeuvre does not make two styles
    neighbours by itself.
    """
    classes = len(gallery.classes)
    rows, every = gallery.entries
    judged = np.flatnonzero(~np.isnan(gallery.is_away[rows]))
    rows = rows[judged]
    table = pd.DataFrame(gallery.seen[rows])
    keys = [every[judged], part_unknown(gallery.artists)[rows]]
    by_hand = table.groupby(keys).mean()
    medians = by_hand.groupby(level=0).median().reindex(range(classes)).fillna(0)
    by_style = np.array(medians)
    np.fill_diagonal(by_style, 0)
    average = by_style.sum(axis=1, keepdims=True) / max(classes - 1, 1)
    lift: np.ndarray = by_style / np.maximum(average, 1e-9)
    return lift


def _build_row(
    gallery: Gallery,
    rows: np.ndarray,
    shift: dict[str, float],
    traits: Traits,
    kind: CaseType,
    is_watched: bool,
    years: pd.DataFrame,
    is_tested: np.ndarray,
) -> dict[str, Any]:
    name = str(gallery.names[rows[0]])
    row: dict[str, Any] = {
        "case": f"artist:{name}",
        "kind": "artist",
        "task": "style",
        "subject": name,
        "type": kind,
        "watched": is_watched,
        "given": gallery.classes[traits.given],
        "predicted": gallery.classes[traits.target],
        "tested": "later" if kind == ARGUABLE else "elsewhere",
        **shift,
        "consistency": traits.consistency,
        "novelty": traits.novelty,
        "confidence": traits.confidence,
        "artists": _count_others(gallery, rows, is_tested),
        "predicted_begins": _year(years["begins"].to_numpy()[traits.target]),
        **_span(gallery.years[rows]),
        "rows": _show(rows, gallery.seen[rows][:, traits.target]),
    }
    told = row | {"carries": traits.carries_both, "adjacent": traits.is_adjacent}
    return row | {"sentence": describe_artist(told, gallery.word)}


def _count_others(gallery: Gallery, rows: np.ndarray, is_tested: np.ndarray) -> int:
    """How many other artists' works carry the labels of ``rows``, of those ``is_tested`` (N,)."""
    own = gallery.marked[rows][is_tested[rows]].any(axis=0)
    same = is_tested & gallery.marked[:, own].any(axis=1)
    same[rows] = False
    return len(np.unique(part_unknown(gallery.artists)[same]))


def _build_small(gallery: Gallery, name: str) -> dict[str, Any]:
    """A watched artist of whom nothing can be said, and why."""
    names = pd.Series(gallery.names, dtype="object")
    own = names.map(lambda each: isinstance(each, str) and _fold(each) == _fold(name))
    rows = np.flatnonzero(own.to_numpy(dtype=bool))
    counts = gallery.marked[rows].sum(axis=0)
    row: dict[str, Any] = {
        "case": f"artist:{name}",
        "kind": "artist",
        "task": "style",
        "subject": name,
        "type": "too few to say" if len(rows) else "no works",
        "watched": True,
        "works": len(rows),
        "given": gallery.classes[int(counts.argmax())] if counts.any() else None,
        **_span(gallery.years[rows]),
        "rows": _show(rows, np.nan_to_num(gallery.is_away[rows])),
    }
    return row | {"sentence": describe_artist(row, gallery.word)}


def _span(years: np.ndarray) -> dict[str, Any]:
    known = years[~np.isnan(years)]
    return {
        "first_year": _year(known.min()) if len(known) else None,
        "last_year": _year(known.max()) if len(known) else None,
    }


def _year(year: float) -> int | None:
    return None if np.isnan(year) else round(float(year))


def _show(rows: np.ndarray, telling: np.ndarray) -> list[int]:
    """The most telling rows."""
    shown: list[int] = rows[np.argsort(-telling, kind="stable")[:SHOWN_WORKS]].tolist()
    return shown
