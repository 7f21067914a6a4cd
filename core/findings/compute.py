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
from core.findings.evidence import Evidence, TaskEvidence
from core.findings.hands.attribution import judge_attributions
from core.findings.hands.cases import find_hand_cases
from core.findings.hands.wording import COLUMNS as ATTRIBUTION
from core.findings.labels.anachronism import compute_anachronism, compute_style_years
from core.findings.labels.dynamics import compare_suspicions, compute_area_under_margin
from core.findings.labels.judging import judge_labels
from core.findings.labels.losses import compute_losses
from core.findings.labels.neighbour_evidence import (
    NeighbourEvidence,
    compute_neighbour_evidence,
)
from core.findings.labels.quadrants import assign_quadrants, choose_thresholds
from core.findings.labels.ranking import CHOSEN, Ranking, RankingSettings
from core.findings.labels.weighing import DOUBTED, weigh_reasons
from core.findings.novelty import compute_novelty
from core.findings.oeuvre.other_works import (
    Oeuvre,
    code_artists,
    compute_oeuvre_years,
    count_fellows,
    smooth_shares,
)
from core.findings.picture_statistics import compute_picture_statistics, name_appearances
from core.findings.several import (
    doubt_each,
    list_entries,
    mark_labels,
    put_together,
    widen_labels,
)

# Weight of the neighbours by other artists: their evidence overlaps with the model's.
NEIGHBOUR_TRUST: Final = 0.5


@dataclass(frozen=True)
class Findings:
    """``table``, ``reasons``, ``cases``, ``pairs`` and ``style_years``: columns of ``FINDINGS``,
    ``REASONS``, ``CASES``, ``PAIRS`` and ``STYLE_YEARS`` of the schema. ``counted`` (N, k) int32:
    rows of the nearest paintings that the sentences count, -1 for none. ``loss_line`` and
    ``confidence_line``: the default lines between the quadrants.
    """

    table: pd.DataFrame
    reasons: pd.DataFrame
    cases: pd.DataFrame
    pairs: pd.DataFrame
    style_years: pd.DataFrame
    counted: np.ndarray
    loss_line: float
    confidence_line: float


@dataclass(frozen=True)
class _Inputs:
    """The evidence, prepared for all findings."""

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
    suggested: np.ndarray  # (N,) the class that all evidence together names, -1 where not scored
    fellows: np.ndarray  # (N, 2) the artist's other works so labelled, judged unseen: all, away


def compute_findings(
    evidence: Evidence,
    ranking: RankingSettings = CHOSEN,
    cases: CaseSettings | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> Findings:
    """Ranks labels, explains the ranking and groups copies; reads no files and needs no model.

    ``on_rows`` receives the number of held-out paintings done by the neighbour search, by far the
    longest step. What the evidence lacks is NaN, null or -1 in the table.
    """
    inputs = _prepare(evidence, ranking, on_rows)
    style = evidence.style
    judged = style.is_scored
    loss_line, confidence_line = choose_thresholds(
        style.probabilities[judged], style.labels[judged]
    )
    confidence = np.where(judged, style.probabilities.max(axis=1), np.nan)
    table = _build_table(inputs, confidence, loss_line, confidence_line)
    return Findings(
        table=FINDINGS.cast(table),
        reasons=REASONS.cast(weigh_reasons(_gather_facts(inputs, ranking, table, confidence))),
        cases=_find_cases(inputs, table, cases or CaseSettings()),
        pairs=PAIRS.cast(inputs.duplicates.pairs),
        style_years=STYLE_YEARS.cast(inputs.style_years.assign(style=style.classes)),
        counted=inputs.neighbours.rows,
        loss_line=loss_line,
        confidence_line=confidence_line,
    )


def _prepare(
    evidence: Evidence, settings: RankingSettings, on_rows: Callable[[int], None] | None
) -> _Inputs:
    style, duplicates = evidence.style, evidence.duplicates
    artists = code_artists(evidence.paintings["artist"])
    years = evidence.paintings["year"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    classes = style.probabilities.shape[1]
    near = compute_neighbour_evidence(
        evidence.folds, style.labels, artists, duplicates, classes, on_rows, style.further
    )
    away = find_away(_show_unseen(evidence), style.labels, style.accepted)
    oeuvre, ranked = judge_labels(
        style.probabilities,
        style.labels,
        artists,
        years,
        duplicates,
        evidence.unseen,
        evidence.plain,
        near.counts_by_others,
        settings,
        style.further,
        style.accepted,
    )
    scored = style.is_scored
    rows, every = list_entries(style.labels, style.further)
    return _Inputs(
        evidence=evidence,
        artists=artists,
        years=years,
        oeuvre=oeuvre,
        neighbours=near,
        duplicates=find_duplicates(
            evidence.paintings["key"],
            style.labels,
            duplicates if evidence.hash_groups is None else evidence.hash_groups,
            evidence.embeddings,
            evidence.neighbours,
            evidence.thumbnails,
            evidence.by_sight,
            style.further,
            style.broader,
        ),
        style_years=compute_style_years(
            years[rows], every, artists[rows], classes, (ranked.score >= DOUBTED)[rows]
        ),
        ranking=ranked,
        novelty=compute_novelty(evidence.layers, artists, duplicates),
        predicted=np.where(scored, style.probabilities.argmax(axis=1), -1),
        suggested=np.where(scored, style.share(ranked.combined).argmax(axis=1), -1),
        fellows=count_fellows(away[rows], every, artists[rows], duplicates[rows])[: len(years)],
    )


def _show_unseen(evidence: Evidence) -> np.ndarray:
    """(N, K) what the model that never saw the artist says; zero rows where it did not judge."""
    nothing = np.zeros_like(evidence.style.probabilities)
    return nothing if evidence.unseen is None else evidence.unseen


def _build_table(
    inputs: _Inputs, confidence: np.ndarray, loss_line: float, confidence_line: float
) -> pd.DataFrame:
    style, near = inputs.evidence.style, inputs.neighbours
    shared = style.share(style.probabilities)
    loss = np.where(style.is_scored, compute_losses(shared, style.labels), np.nan)
    oeuvre = inputs.oeuvre
    shares = smooth_shares(oeuvre.labelled, oeuvre.prior, works=oeuvre.works)
    margins = _measure_dynamics(inputs.evidence)
    several = _find_several(inputs, loss, confidence, loss_line, confidence_line)
    hands = _judge_hands(inputs)
    neighbour_given = _take(near.shares, style.labels)
    neighbour_predicted = _take(near.shares, inputs.predicted)
    differ = style.labels != inputs.predicted
    depth = _find_depth(inputs)
    named = np.nan_to_num(neighbour_given) + np.where(differ, np.nan_to_num(neighbour_predicted), 0)
    named -= _count_both(inputs)
    has_oeuvre, has_near = oeuvre.works > 0, near.artists > 0
    return pd.DataFrame(
        {
            "quadrant": assign_quadrants(
                loss,
                confidence,
                pd.notna(style.given_names),
                ~differ,
                loss_line,
                confidence_line,
                depth.notna().to_numpy(),
            ),
            "score": inputs.ranking.score,
            "suggested": _name(inputs.suggested, style.classes),
            **several,
            "depth": depth,
            **hands,
            "oeuvre_doubt": inputs.ranking.oeuvre_doubt,
            "oeuvre_works": oeuvre.works,
            "oeuvre_given_share": np.where(has_oeuvre, _take(shares, style.labels), np.nan),
            "oeuvre_predicted_share": np.where(has_oeuvre, _take(shares, inputs.predicted), np.nan),
            "neighbour_given": np.where(has_near, neighbour_given, np.nan),
            "neighbour_predicted": np.where(has_near, neighbour_predicted, np.nan),
            "neighbour_other": np.where(has_near, (1 - named).clip(0), np.nan),
            "neighbour_artists": near.artists,
            "novelty": inputs.novelty,
            "duplicate_group": inputs.duplicates.group,
            "duplicate_disagrees": inputs.duplicates.labels_disagree,
            "filed_twice": pd.notna(inputs.duplicates.twins),
            "anachronism_given": _compute_years_outside(inputs, style.labels),
            "anachronism_predicted": _compute_years_outside(inputs, inputs.predicted),
            "medium": _name_appearances(inputs.evidence.thumbnails, len(loss)),
            "area_under_margin": margins,
            "suspected_by": compare_suspicions(loss, margins),
        }
    )


def _judge_hands(inputs: _Inputs) -> dict[str, pd.Series]:
    """What is said of the artists who are named: columns of ``FINDINGS``, null without a model."""
    evidence = inputs.evidence
    if evidence.hands is None:
        told = pd.DataFrame(columns=list(ATTRIBUTION), index=range(len(evidence.paintings)))
    else:
        told = judge_attributions(
            evidence.hands,
            inputs.years,
            evidence.duplicates,
            inputs.neighbours.rows,
            inputs.novelty,
        )
    return {name: told[name] for name in ATTRIBUTION}


def _find_several(
    inputs: _Inputs,
    loss: np.ndarray,
    confidence: np.ndarray,
    loss_line: float,
    confidence_line: float,
) -> dict[str, np.ndarray | pd.Series]:
    """What is found of the labels of works of several, each by itself: columns of ``FINDINGS``."""
    style = inputs.evidence.style
    every = put_together(style.labels, style.further)
    judged = style.is_scored & (style.labels >= 0)
    is_several = judged & ((every >= 0).sum(axis=1) > 1)
    doubts = doubt_each(_add_kin(style, inputs.ranking.combined), style.labels, style.further)
    doubts = np.where(is_several[:, None], doubts, np.nan)
    place = np.nan_to_num(doubts, nan=-1.0).argmax(axis=1)[:, None]
    doubted = np.where(is_several, np.take_along_axis(every, place, axis=1)[:, 0], -1)
    fits = judged & (loss < loss_line)
    chances = _add_kin(style, style.probabilities)
    is_unfit = fits & (_take(chances, doubted) <= np.exp(-loss_line))
    marked = mark_labels(style.labels, style.accepted, len(style.classes))
    is_other = ~marked[np.arange(len(marked)), inputs.predicted]
    is_missing = fits & is_other & (confidence >= confidence_line) & (style.further is not None)
    return {
        "label_doubt": np.take_along_axis(doubts, place, axis=1)[:, 0],
        "doubted_label": _name(doubted, style.classes),
        "unfit_label": _name(np.where(is_unfit, doubted, -1), style.classes),
        "missing_label": _name(np.where(is_missing, inputs.predicted, -1), style.classes),
    }


def _add_kin(style: TaskEvidence, chances: np.ndarray) -> np.ndarray:
    """(N, K) ``chances``, each class with its broader and narrower terms."""
    if style.broader is None:
        return chances
    kin = (style.broader | style.broader.T).astype(chances.dtype)
    return np.asarray(chances + chances @ kin)


def _find_depth(inputs: _Inputs) -> pd.Series:
    """(N,) whether the answer is a broader or a narrower term of a label, and no label; or null."""
    style, answer = inputs.evidence.style, inputs.predicted
    depth = np.full(len(answer), None, dtype=object)
    if style.broader is not None:
        every = put_together(style.labels, style.further)
        asked = (every >= 0) & (answer >= 0)[:, None]
        is_broader = (asked & style.broader[every, answer[:, None]]).any(axis=1)
        is_narrower = (asked & style.broader[answer[:, None], every]).any(axis=1)
        is_own = (asked & (every == answer[:, None])).any(axis=1)
        depth[is_narrower & ~is_own] = "narrower"
        depth[is_broader & ~is_own] = "broader"
    return pd.Series(depth, dtype="str")


def _count_both(inputs: _Inputs) -> np.ndarray | float:
    """(N,) share of the nearest works that have both the given and the predicted label."""
    style, near = inputs.evidence.style, inputs.neighbours
    if style.further is None:
        return 0.0
    marked = mark_labels(style.labels, style.further, len(style.classes))
    asked = np.stack([style.labels, inputs.predicted], axis=1)
    has = marked[near.rows[:, :, None], asked[:, None, :]].all(axis=2) & (near.rows >= 0)
    both = has.sum(axis=1) / np.maximum((near.rows >= 0).sum(axis=1), 1)
    return np.where((asked >= 0).all(axis=1) & (asked[:, 0] != asked[:, 1]), both, 0.0)


def _gather_facts(
    inputs: _Inputs, settings: RankingSettings, table: pd.DataFrame, confidence: np.ndarray
) -> pd.DataFrame:
    style, ranking, near = inputs.evidence.style, inputs.ranking, inputs.neighbours
    given = style.labels
    rival = _choose_rival(style.share(ranking.combined), given)
    years = inputs.style_years
    dated = years["dated"] / years["works"].clip(lower=1)

    own = put_together(given, widen_labels(given, None, style.broader))

    def against(odds: np.ndarray, trust: float | np.ndarray = 1.0) -> np.ndarray:
        best = np.where(own >= 0, np.take_along_axis(odds, np.maximum(own, 0), axis=1), -np.inf)
        held = np.where(given >= 0, best.max(axis=1), np.nan)
        return np.asarray(trust * (_take(odds, rival) - held))

    doubt = ranking.oeuvre_doubt
    return table.assign(
        given=style.given_names,
        guess=1 / len(style.classes),
        further=_list_further(style),
        predicted=_name(inputs.predicted, style.classes),
        confidence=confidence,
        suggested=_name(np.where((inputs.predicted >= 0) & (given >= 0), rival, -1), style.classes),
        artist=inputs.evidence.paintings["artist"].to_numpy(),
        year=inputs.years,
        weight_picture=against(ranking.picture),
        weight_labels=against(ranking.oeuvre_labels, (1 - doubt) * settings.oeuvre_labels),
        weight_sights=against(ranking.oeuvre_predictions, doubt * settings.oeuvre_predictions),
        weight_years=against(ranking.years, settings.years),
        weight_neighbours=against(ranking.neighbours, NEIGHBOUR_TRUST),
        oeuvre_given=np.nan_to_num(_take(inputs.oeuvre.labelled, given)),
        oeuvre_suggested=_take(inputs.oeuvre.labelled, rival),
        **_span_oeuvre(inputs, given, "given"),
        **_span_oeuvre(inputs, rival, "suggested"),
        given_begins=_take_edge(years["begins"], given),
        given_ends=_take_edge(years["ends"], given),
        given_dated=_take_edge(dated, given),
        suggested_dated=_take_edge(dated, rival),
        was_accepted=_find_accepted(inputs.evidence),
        suggested_begins=_take_edge(years["begins"], rival),
        suggested_ends=_take_edge(years["ends"], rival),
        anachronism_given=np.nan_to_num(_compute_years_outside(inputs, given)),
        anachronism_suggested=np.nan_to_num(_compute_years_outside(inputs, rival)),
        neighbour_suggested=_take(near.shares, rival),
        copy_labels=_name_copies(inputs),
        fellows=inputs.fellows[:, 0],
        fellows_away=inputs.fellows[:, 1],
    )


def _list_further(style: TaskEvidence) -> np.ndarray:
    """(N,) object: a tuple of the other labels of a work with several, each with its chance."""
    told = np.full(len(style.labels), None, dtype=object)
    if style.further is None:
        return told
    for row in np.flatnonzero((style.further >= 0).any(axis=1)):
        others = style.further[row][style.further[row] >= 0]
        chances = style.probabilities[row, others] if style.is_scored[row] else others * np.nan
        told[row] = tuple(
            (style.classes[o], float(c)) for o, c in zip(others, chances, strict=True)
        )
    return told


def _choose_rival(combined: np.ndarray, given: np.ndarray) -> np.ndarray:
    """(N,) the most probable style other than the given ones, whose chances ``combined`` (N, K)
    has together.
    """
    others = combined.copy()
    labelled = np.flatnonzero(given >= 0)
    others[labelled, given[labelled]] = -np.inf
    rival: np.ndarray = others.argmax(axis=1)
    return rival


def _span_oeuvre(inputs: _Inputs, styles: np.ndarray, name: str) -> dict[str, np.ndarray]:
    """When the artist's other works of ``styles`` (N,) were made."""
    style, duplicates = inputs.evidence.style, inputs.evidence.duplicates
    rows, every = list_entries(style.labels, style.further)
    spans = compute_oeuvre_years(
        styles[rows], every, inputs.years[rows], inputs.artists[rows], duplicates[rows]
    )[: len(styles)]
    return {f"{name}_from": spans[:, 0], f"{name}_to": spans[:, 1]}


def _name_copies(inputs: _Inputs) -> np.ndarray:
    """(N,) object: a label that a verified copy carries and the work does not, or None."""
    names = np.full(len(inputs.predicted), None, dtype=object)
    pairs = inputs.duplicates.pairs
    told = pairs[pairs["verified"] & pairs["labels_disagree"]]
    style = inputs.evidence.style
    marked = mark_labels(style.labels, style.further, len(style.classes))
    accepted = mark_labels(style.labels, style.accepted, len(style.classes))
    for left, right in zip(told["left"], told["right"], strict=True):
        for row, copy in ((left, right), (right, left)):
            others = np.flatnonzero(marked[copy] & ~accepted[row])
            if len(others):
                names[row] = style.classes[others[0]]
    return names


def _find_cases(inputs: _Inputs, told: pd.DataFrame, settings: CaseSettings) -> pd.DataFrame:
    """The cases by ``settings``; ``told``: what is said of each painting, its hand included."""
    style, count = inputs.evidence.style, len(inputs.artists)
    alone = count + np.arange(count)
    gallery = Gallery(
        classes=style.classes,
        names=inputs.evidence.paintings["artist"].to_numpy(dtype=object),
        artists=inputs.artists,
        labels=style.labels,
        seen=_show_unseen(inputs.evidence),
        novelty=inputs.novelty,
        years=inputs.years,
        duplicates=np.where(inputs.duplicates.group >= 0, inputs.duplicates.group, alone),
        word=inputs.evidence.word,
        further=style.further,
        accepted=style.accepted,
    )
    tables = [find_artist_cases(gallery, inputs.style_years, inputs.evidence.watched, settings)]
    hands = inputs.evidence.hands
    if hands is not None:
        tables.append(find_hand_cases(hands, told, inputs.years, gallery.duplicates, settings))
    pairs = inputs.duplicates.pairs
    copies = pairs.loc[pairs["verified"], ["left", "right"]].to_numpy()
    shared = np.unique(np.concatenate([copies, pair_twins(inputs.duplicates.twins)]), axis=0)
    for task in ("style", "genre"):
        if task in inputs.evidence.tasks:
            each = inputs.evidence.tasks[task]
            tables.append(
                find_pair_cases(
                    task,
                    each.classes,
                    each.labels,
                    each.probabilities,
                    shared,
                    inputs.artists,
                    settings,
                    each.further,
                    each.broader,
                    by_answers=task != "style" or hands is None or not hands.are_labels,
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


def _name_appearances(thumbnails: np.ndarray | None, count: int) -> pd.Series:
    if thumbnails is None:
        return pd.Series([None] * count, dtype="str")
    return name_appearances(compute_picture_statistics(thumbnails))


def _compute_years_outside(inputs: _Inputs, styles: np.ndarray) -> np.ndarray:
    return compute_anachronism(inputs.years, styles, inputs.style_years)


def _take(table: np.ndarray, column: np.ndarray) -> np.ndarray:
    """(N,) ``table[i, column[i]]``; NaN where the column is -1."""
    taken = table[np.arange(len(table)), np.maximum(column, 0)]
    return np.where(column >= 0, taken, np.nan)


def _take_edge(edges: pd.Series, styles: np.ndarray) -> np.ndarray:
    return np.where(styles >= 0, edges.to_numpy()[np.maximum(styles, 0)], np.nan)


def _name(indices: np.ndarray, classes: tuple[str, ...]) -> pd.Series:
    names = np.array([*classes, None], dtype=object)
    return pd.Series(names[indices], dtype="str")
