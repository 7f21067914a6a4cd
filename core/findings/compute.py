"""All findings of a run from its evidence: the one call that the trainer makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.artifacts.schema import FINDINGS, PAIRS, REASONS, STYLE_YEARS
from core.findings.cases.artists import Gallery, find_artist_cases, find_away
from core.findings.cases.kinds import CaseSettings
from core.findings.cases.pairs import find_pair_cases
from core.findings.copies.duplicates import Duplicates, find_duplicates, pair_twins
from core.findings.evidence import Evidence
from core.findings.labels.anachronism import compute_anachronism, compute_style_years
from core.findings.labels.dynamics import compare_lenses, compute_area_under_margin
from core.findings.labels.losses import compute_losses
from core.findings.labels.neighbour_evidence import (
    NeighbourEvidence,
    compute_neighbour_evidence,
    compute_stranger_odds,
)
from core.findings.labels.periods import compute_period_odds
from core.findings.labels.quadrants import assign_quadrants, choose_thresholds
from core.findings.labels.ranking import CHOSEN, Ranking, RankingSettings, compute_ranking
from core.findings.labels.weighing import DOUBTED, weigh_reasons
from core.findings.medium import classify_media, compute_picture_statistics
from core.findings.novelty import compute_novelty
from core.findings.oeuvre.other_works import (
    Oeuvre,
    code_artists,
    compute_oeuvre_years,
    count_fellows,
    smooth_shares,
    tally_oeuvre,
)

SIGHT: Final = 0.5  # trust in the neighbours by others: they see much that the model saw too


@dataclass(frozen=True)
class Findings:
    """``table``, ``reasons``, ``cases``, ``pairs`` and ``style_years``: columns of ``FINDINGS``,
    ``REASONS``, ``CASES``, ``PAIRS`` and ``STYLE_YEARS`` of the schema. ``loss_line`` and
    ``confidence_line``: the default lines of the quadrants.
    """

    table: pd.DataFrame
    reasons: pd.DataFrame
    cases: pd.DataFrame
    pairs: pd.DataFrame
    style_years: pd.DataFrame
    loss_line: float
    confidence_line: float


@dataclass(frozen=True)
class _Desk:
    """The evidence in the form that all findings share."""

    evidence: Evidence
    artists: np.ndarray
    years: np.ndarray
    oeuvre: Oeuvre
    neighbours: NeighbourEvidence
    duplicates: Duplicates
    style_years: pd.DataFrame
    ranking: Ranking
    novelty: np.ndarray
    predicted: np.ndarray  # (N,) class, -1 where not scored
    suggested: np.ndarray  # (N,) the class that all witnesses together name, -1 likewise
    fellows: np.ndarray  # (N, 2) the artist's other works so labelled, judged unseen: all, away


def compute_findings(
    evidence: Evidence,
    ranking: RankingSettings = CHOSEN,
    cases: CaseSettings | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> Findings:
    """Ranks, explains and groups; touches no disk and needs no model.

    ``on_rows`` is told how many held-out paintings the neighbour search, by far the longest part,
    has done. What the evidence lacks is NaN, null or -1 in the table.
    """
    desk = _lay_out(evidence, ranking, on_rows)
    style = evidence.style
    judged = style.is_scored
    loss_line, confidence_line = choose_thresholds(
        style.probabilities[judged], style.labels[judged]
    )
    confidence = np.where(judged, style.probabilities.max(axis=1), np.nan)
    table = _build_table(desk, confidence, loss_line, confidence_line)
    return Findings(
        table=FINDINGS.cast(table),
        reasons=REASONS.cast(weigh_reasons(_gather_facts(desk, ranking, table, confidence))),
        cases=_find_cases(desk, cases or CaseSettings()),
        pairs=PAIRS.cast(desk.duplicates.pairs),
        style_years=STYLE_YEARS.cast(desk.style_years.assign(style=style.classes)),
        loss_line=loss_line,
        confidence_line=confidence_line,
    )


def _lay_out(
    evidence: Evidence, settings: RankingSettings, on_rows: Callable[[int], None] | None
) -> _Desk:
    style, duplicates = evidence.style, evidence.duplicates
    artists = code_artists(evidence.paintings["artist"])
    years = evidence.paintings["year"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    classes = style.probabilities.shape[1]
    near = compute_neighbour_evidence(
        evidence.folds, style.labels, artists, duplicates, classes, on_rows
    )
    oeuvre = tally_oeuvre(style.labels, style.probabilities, artists, duplicates)
    away = find_away(_show_unseen(evidence), style.labels)
    ranked = compute_ranking(
        style.probabilities,
        style.labels,
        artists,
        duplicates,
        oeuvre,
        compute_period_odds(years, style.labels, artists, duplicates, classes),
        compute_stranger_odds(near.strangers, oeuvre.prior),
        settings,
        evidence.unseen,
    )
    scored = style.is_scored
    return _Desk(
        evidence=evidence,
        artists=artists,
        years=years,
        oeuvre=oeuvre,
        neighbours=near,
        duplicates=find_duplicates(
            evidence.paintings["key"],
            style.labels,
            duplicates,
            evidence.embeddings,
            evidence.neighbours,
            evidence.thumbnails,
        ),
        style_years=compute_style_years(
            years, style.labels, artists, classes, ranked.score >= DOUBTED
        ),
        ranking=ranked,
        novelty=compute_novelty(evidence.layers, artists, duplicates),
        predicted=np.where(scored, style.probabilities.argmax(axis=1), -1),
        suggested=np.where(scored, ranked.combined.argmax(axis=1), -1),
        fellows=count_fellows(away, style.labels, artists, duplicates),
    )


def _show_unseen(evidence: Evidence) -> np.ndarray:
    """(N, K) what the model that never saw the artist says; zero rows where it did not judge."""
    nothing = np.zeros_like(evidence.style.probabilities)
    return nothing if evidence.unseen is None else evidence.unseen


def _build_table(
    desk: _Desk, confidence: np.ndarray, loss_line: float, confidence_line: float
) -> pd.DataFrame:
    style, near = desk.evidence.style, desk.neighbours
    loss = np.where(style.is_scored, compute_losses(style.probabilities, style.labels), np.nan)
    shares = smooth_shares(desk.oeuvre.labelled, desk.oeuvre.prior)
    margins = _measure_dynamics(desk.evidence)
    neighbour_given = _take(near.shares, style.labels)
    neighbour_predicted = _take(near.shares, desk.predicted)
    differ = style.labels != desk.predicted
    named = np.nan_to_num(neighbour_given) + np.where(differ, np.nan_to_num(neighbour_predicted), 0)
    has_oeuvre, has_near = desk.oeuvre.works > 0, near.artists > 0
    return pd.DataFrame(
        {
            "quadrant": assign_quadrants(
                loss, confidence, pd.notna(style.given_names), ~differ, loss_line, confidence_line
            ),
            "score": desk.ranking.score,
            "suggested": _name(desk.suggested, style.classes),
            "oeuvre_doubt": desk.ranking.oeuvre_doubt,
            "oeuvre_works": desk.oeuvre.works,
            "oeuvre_given": np.where(has_oeuvre, _take(shares, style.labels), np.nan),
            "oeuvre_predicted": np.where(has_oeuvre, _take(shares, desk.predicted), np.nan),
            "neighbour_given": np.where(has_near, neighbour_given, np.nan),
            "neighbour_predicted": np.where(has_near, neighbour_predicted, np.nan),
            "neighbour_other": np.where(has_near, (1 - named).clip(0), np.nan),
            "neighbour_artists": near.artists,
            "novelty": desk.novelty,
            "duplicate_group": desk.duplicates.group,
            "duplicate_disagrees": desk.duplicates.labels_disagree,
            "filed_twice": pd.notna(desk.duplicates.twins),
            "anachronism_given": _date(desk, style.labels),
            "anachronism_predicted": _date(desk, desk.predicted),
            "medium": _look(desk.evidence.thumbnails, len(loss)),
            "area_under_margin": margins,
            "lenses": compare_lenses(loss, margins),
        }
    )


def _gather_facts(
    desk: _Desk, settings: RankingSettings, table: pd.DataFrame, confidence: np.ndarray
) -> pd.DataFrame:
    style, ranking, near = desk.evidence.style, desk.ranking, desk.neighbours
    given = style.labels
    rival = _choose_rival(ranking.combined, given)
    years = desk.style_years
    dated = years["dated"] / years["works"].clip(lower=1)

    def against(odds: np.ndarray, trust: float | np.ndarray = 1.0) -> np.ndarray:
        return np.asarray(trust * (_take(odds, rival) - _take(odds, given)))

    doubt = ranking.oeuvre_doubt
    return table.assign(
        given=style.given_names,
        predicted=_name(desk.predicted, style.classes),
        confidence=confidence,
        suggested=_name(np.where((desk.predicted >= 0) & (given >= 0), rival, -1), style.classes),
        artist=desk.evidence.paintings["artist"].to_numpy(),
        year=desk.years,
        weight_picture=against(ranking.picture),
        weight_labels=against(ranking.labels, (1 - doubt) * settings.labels),
        weight_sights=against(ranking.sights, doubt * settings.sights),
        weight_years=against(ranking.years, settings.years),
        weight_neighbours=against(ranking.strangers, SIGHT),
        oeuvre_given=np.nan_to_num(_take(desk.oeuvre.labelled, given)),
        oeuvre_suggested=_take(desk.oeuvre.labelled, rival),
        **_span_oeuvre(desk, given, "given"),
        **_span_oeuvre(desk, rival, "suggested"),
        given_begins=_take_edge(years["begins"], given),
        given_ends=_take_edge(years["ends"], given),
        given_dated=_take_edge(dated, given),
        suggested_dated=_take_edge(dated, rival),
        was_accepted=_find_accepted(desk.evidence),
        suggested_begins=_take_edge(years["begins"], rival),
        suggested_ends=_take_edge(years["ends"], rival),
        anachronism_given=np.nan_to_num(_date(desk, given)),
        anachronism_suggested=np.nan_to_num(_date(desk, rival)),
        neighbour_suggested=_take(near.shares, rival),
        copy_labels=_name_copies(desk),
        fellows=desk.fellows[:, 0],
        fellows_away=desk.fellows[:, 1],
    )


def _choose_rival(combined: np.ndarray, given: np.ndarray) -> np.ndarray:
    """(N,) the likeliest style but for the given one."""
    others = combined.copy()
    labelled = np.flatnonzero(given >= 0)
    others[labelled, given[labelled]] = -np.inf
    rival: np.ndarray = others.argmax(axis=1)
    return rival


def _span_oeuvre(desk: _Desk, styles: np.ndarray, name: str) -> dict[str, np.ndarray]:
    """When the artist's other works of ``styles`` (N,) were made."""
    labels, duplicates = desk.evidence.style.labels, desk.evidence.duplicates
    spans = compute_oeuvre_years(styles, labels, desk.years, desk.artists, duplicates)
    return {f"{name}_from": spans[:, 0], f"{name}_to": spans[:, 1]}


def _name_copies(desk: _Desk) -> np.ndarray:
    """(N,) object: the other label that a verified copy carries, or None."""
    names = np.full(len(desk.predicted), None, dtype=object)
    pairs = desk.duplicates.pairs
    told = pairs[pairs["verified"] & pairs["labels_disagree"]]
    labels, classes = desk.evidence.style.labels, desk.evidence.style.classes
    for left, right in zip(told["left"], told["right"], strict=True):
        names[left], names[right] = classes[labels[right]], classes[labels[left]]
    return names


def _find_cases(desk: _Desk, settings: CaseSettings) -> pd.DataFrame:
    style, count = desk.evidence.style, len(desk.artists)
    alone = count + np.arange(count)
    gallery = Gallery(
        classes=style.classes,
        names=desk.evidence.paintings["artist"].to_numpy(dtype=object),
        artists=desk.artists,
        labels=style.labels,
        seen=_show_unseen(desk.evidence),
        novelty=desk.novelty,
        years=desk.years,
        duplicates=np.where(desk.duplicates.group >= 0, desk.duplicates.group, alone),
    )
    tables = [find_artist_cases(gallery, desk.style_years, desk.evidence.watched, settings)]
    pairs = desk.duplicates.pairs
    told = pairs.loc[pairs["verified"], ["left", "right"]].to_numpy()
    shared = np.unique(np.concatenate([told, pair_twins(desk.duplicates.twins)]), axis=0)
    for task in ("style", "genre"):
        if task in desk.evidence.tasks:
            each = desk.evidence.tasks[task]
            tables.append(
                find_pair_cases(
                    task,
                    each.classes,
                    each.labels,
                    each.probabilities,
                    shared,
                    desk.artists,
                    settings,
                )
            )
    return pd.concat(tables, ignore_index=True)


def _measure_dynamics(evidence: Evidence) -> np.ndarray:
    if evidence.dynamics is None:
        return np.full(len(evidence.paintings), np.nan)
    margins = compute_area_under_margin(evidence.dynamics)
    return np.where(evidence.style.labels >= 0, margins, np.nan)


def _find_accepted(evidence: Evidence) -> np.ndarray:
    """(N,) bool: at some epoch of the training the model agreed with the label."""
    if evidence.dynamics is None:
        return np.zeros(len(evidence.paintings), dtype=bool)
    return np.asarray((evidence.dynamics > 0).any(axis=1))


def _look(thumbnails: np.ndarray | None, count: int) -> pd.Series:
    if thumbnails is None:
        return pd.Series([None] * count, dtype="str")
    return classify_media(compute_picture_statistics(thumbnails))


def _date(desk: _Desk, styles: np.ndarray) -> np.ndarray:
    return compute_anachronism(desk.years, styles, desk.style_years)


def _take(table: np.ndarray, column: np.ndarray) -> np.ndarray:
    """(N,) ``table[i, column[i]]``; NaN where the column is -1."""
    taken = table[np.arange(len(table)), np.maximum(column, 0)]
    return np.where(column >= 0, taken, np.nan)


def _take_edge(edges: pd.Series, styles: np.ndarray) -> np.ndarray:
    return np.where(styles >= 0, edges.to_numpy()[np.maximum(styles, 0)], np.nan)


def _name(indices: np.ndarray, classes: tuple[str, ...]) -> pd.Series:
    names = np.array([*classes, None], dtype=object)
    return pd.Series(names[indices], dtype="str")
