"""Tables and arrays of an update: rows of the earlier run under their new numbers, and new rows."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from core.artifacts import Run
from core.artifacts.reasons import Reason, build_reasons
from core.artifacts.schema import CASES, FINDINGS, PAIRS, REASONS
from core.classify.judgement import SMALLEST
from core.classify.neighbour_index import NeighbourIndex
from core.classify.placement import place_picture
from core.findings.hands.wording import name_artists
from core.findings.labels.losses import compute_predictions
from core.findings.labels.quadrants import assign_quadrants
from core.findings.labels.reasons import ANSWER
from core.findings.labels.weighing import TELLING
from core.findings.neighbours import find_nearest
from core.findings.novelty import UNLIKE
from core.findings.several import front_best, widen_labels
from core.tasks import FURTHER, Task, given_column
from core.text import is_missing
from core.update.answers import FreshAnswers
from core.update.comparison import Comparison, list_label_sets

PLACED_BY: Final = 12  # neighbours by which a new work is placed on the map
# What is said of a given label, which another label takes away.
_OF_LABEL: Final = ("oeuvre_given_share", "neighbour_given", "neighbour_other", "anachronism_given")
_OF_SEVERAL: Final = ("label_doubt", "doubted_label", "unfit_label", "missing_label")
_IN_FRONT: Final = (ANSWER, "depth", "further", "missing")  # reasons that open, whatever they weigh


@dataclass(frozen=True)
class Carried:
    """An update in the making: ``paintings`` as they are now, where each was ``found`` in ``run``,
    what its model says of the others, ``fresh`` (n rows, in order), and which of these are
    ``scored`` (N,) by it.
    """

    run: Run
    paintings: pd.DataFrame
    found: Comparison
    fresh: FreshAnswers
    scored: np.ndarray

    def spread(self, old: np.ndarray, new: np.ndarray | None = None) -> np.ndarray:
        """(N, ...) rows of the run's array ``old``, and of ``new`` (n, ...), zeros without."""
        rows = np.zeros((len(self.paintings), *old.shape[1:]), dtype=old.dtype)
        rows[self.found.known] = old[self.found.before[self.found.known]]
        if new is not None:
            rows[self.found.fresh] = new
        return rows

    def spread_answers(self, task: Task) -> np.ndarray:
        """(N, K) probabilities of ``task``: out of fold, or by the published model; zero rows for
        works that it knows under another picture.
        """
        answers = self.spread(self.run.probabilities(task), self.fresh.probabilities[task])
        answers[self.found.fresh[~self.scored[self.found.fresh]]] = 0
        return answers

    def code_labels(self, task: Task) -> np.ndarray:
        """(N,) class of each given label, -1 where there is none or the model does not know it."""
        place = pd.Series(range(len(self.run.classes(task))), index=list(self.run.classes(task)))
        codes = place.reindex(self.paintings[given_column(task)])
        return np.asarray(codes.fillna(-1).to_numpy(dtype=int))

    def code_further(self, task: Task) -> np.ndarray | None:
        """(N, m) classes of the labels after the given one, -1 as above; None for none at all."""
        if task != "style":
            return None
        several = [each if isinstance(each, tuple) else () for each in self.paintings[FURTHER]]
        if not any(several):
            return None
        places = {name: place for place, name in enumerate(self.run.classes(task))}
        codes = np.full((len(several), max(map(len, several))), -1)
        for row, labels in enumerate(several):
            codes[row, : len(labels)] = [places.get(each, -1) for each in labels]
        return codes

    def front_likeliest(self, relabelled: np.ndarray) -> Carried:
        """With the label that the model gives most in front of the others, of works ``relabelled``
        (N,) and new ones.
        """
        others, anew = self.code_further("style"), relabelled | (self.found.before < 0)
        if others is None:
            return self
        answers, classes = self.spread_answers("style"), self.run.classes("style")
        best, _ = front_best(answers, self.code_labels("style"), others)
        fronts = self.paintings["given_style"].tolist()
        further = self.paintings[FURTHER].tolist()
        for row in np.flatnonzero(anew & (best >= 0) & self.paintings[FURTHER].notna()):
            every, front = (fronts[row], *further[row]), classes[best[row]]
            fronts[row], further[row] = front, tuple(each for each in every if each != front)
        changed = {"given_style": pd.Series(fronts, self.paintings.index, dtype="str")}
        changed[FURTHER] = pd.Series(further, self.paintings.index, dtype="object")
        return replace(self, paintings=self.paintings.assign(**changed))

    def predict(self, task: Task, relabelled: np.ndarray) -> pd.DataFrame:
        """Rows of predictions.parquet: as they were, or anew for other labels and new works."""
        answers, codes = self.spread_answers(task), self.code_labels(task)
        old = self.run.predictions(task)
        after = self.found.after(len(self.run))
        kept = old[after[old.index] >= 0]
        kept = kept.set_axis(pd.Index(after[kept.index]))
        rows = np.union1d(kept.index.to_numpy(), np.flatnonzero(self.scored))
        further = self.code_further(task)
        others = None if further is None else further[rows]
        kin = widen_labels(codes[rows], others, self._find_broader(task))
        raw = self._uncalibrate(task)[rows]
        table = compute_predictions(
            answers[rows], raw, codes[rows], self.run.classes(task), kin
        ).set_axis(pd.Index(rows))
        same = kept.index[~relabelled[kept.index]]
        anew = table.drop(index=same).reindex(columns=old.columns).astype(old.dtypes.to_dict())
        return pd.concat([kept.loc[same], anew]).reset_index(names="row").assign(task=task)

    def _uncalibrate(self, task: Task) -> np.ndarray:
        """(N, K) before the folds' temperatures were applied."""
        temperatures = np.asarray(self.run.manifest.temperatures[task])
        folds = self.spread(self.run.paintings["fold"].to_numpy())
        chosen = temperatures[np.maximum(folds, -1)][:, None]  # the last is the published model's
        powers = np.maximum(self.spread(self.run.probabilities(task)), 1e-7) ** chosen
        raw = powers / powers.sum(axis=1, keepdims=True)
        raw[self.found.fresh] = self.fresh.uncalibrated[task]
        return np.asarray(raw)

    def find(self, predictions: pd.DataFrame, relabelled: np.ndarray) -> pd.DataFrame:
        """Rows of findings.parquet; of new labels and works the score is the model's alone."""
        own, found, lines = self.run.findings, self.found, self.run.manifest.thresholds
        table = own.reindex(found.before).reset_index(drop=True).astype("object")
        anew = np.flatnonzero(relabelled | (found.before < 0))
        told = predictions.set_index("row").reindex(anew)
        given = self.paintings["given_style"].iloc[anew].notna().to_numpy()
        depth = self._find_depth(told)
        table.loc[anew, "quadrant"] = assign_quadrants(
            told["loss"].to_numpy(dtype=float),
            told["confidence"].to_numpy(dtype=float),
            given,
            (told["given"] == told["predicted"]).to_numpy(dtype=bool),
            lines.loss,
            lines.confidence,
            depth.notna().to_numpy(),
        ).to_numpy()
        table.loc[anew, "score"] = 1 - told["p_given"].to_numpy(dtype=float)
        suggested = told["predicted"].where(depth.isna().to_numpy(), told["given"])
        table.loc[anew, "suggested"] = suggested.to_numpy(dtype=object)
        if "depth" in table:
            table.loc[anew, "depth"] = depth.to_numpy(dtype=object)
        for column in (*_OF_LABEL, *_OF_SEVERAL):
            if column in table:
                table.loc[anew, column] = np.nan
        before = name_artists(self.run.paintings).reindex(found.before).fillna("").to_numpy()
        is_renamed = before != name_artists(self.paintings).fillna("").to_numpy()
        for column in own.columns[own.columns.str.startswith("attribution")]:
            table.loc[np.flatnonzero(is_renamed), column] = None
        fresh = found.fresh
        blank: dict[str, Any] = {
            "duplicate_group": -1,
            "duplicate_disagrees": False,
            "filed_twice": False,
            "suspected_by": "not known",
            "novelty": self.fresh.novelty,
        }
        blank |= {name: 0 for name in ("oeuvre_works", "neighbour_artists") if name in table}
        for column, values in blank.items():
            if column in table:
                table.loc[fresh, column] = values
        for row, label in self._name_copies(relabelled).items():
            table.loc[row, "duplicate_disagrees"] = label is not None
        return FINDINGS.cast(table)

    def tell(self, predictions: pd.DataFrame, relabelled: np.ndarray) -> pd.DataFrame:
        """Rows of reasons.parquet: as they were, or of new labels and works what the model says."""
        after, reasons = self.found.after(len(self.run)), self.run.reasons
        rows = after[reasons["row"].to_numpy()]
        copies = self._name_copies(relabelled)
        keeps = (rows >= 0) & ~relabelled[rows]
        keeps &= ~((reasons["kind"] == "copy").to_numpy() & np.isin(rows, list(copies)))
        anew = np.flatnonzero(relabelled | (self.found.before < 0))
        answers = predictions.set_index("row").reindex(anew)
        novelty = pd.Series(self.fresh.novelty, index=self.found.fresh).reindex(anew)
        given = self.paintings["given_style"].iloc[anew]
        said = build_reasons(
            [
                list(_say(label, answer, value, depth))
                for label, answer, value, depth in zip(
                    given,
                    answers.to_dict("records"),
                    novelty,
                    self._find_depth(answers),
                    strict=True,
                )
            ]
        )
        said = said.assign(row=anew[said["row"].to_numpy(dtype=int)])
        differ = {row: label for row, label in copies.items() if label is not None}
        others = build_reasons(
            [[Reason("copy", TELLING["copy"], {"label": label})] for label in differ.values()]
        ).assign(row=list(differ))
        told = pd.concat([reasons[keeps].assign(row=rows[keeps]), said, others], ignore_index=True)
        return REASONS.cast(_order(told))

    def _find_broader(self, task: Task) -> np.ndarray | None:
        vocabulary = self.run.vocabulary if task == "style" else None
        return None if vocabulary is None else vocabulary.map_broader(self.run.classes(task))

    def _find_depth(self, answers: pd.DataFrame) -> pd.Series:
        """(n,) whether the answer is a broader or narrower term of a label, and no label; or null.

        ``answers``: by row.
        """
        vocabulary, classes = self.run.vocabulary, frozenset(self.run.classes("style"))
        told: list[str | None] = [None] * len(answers)
        if vocabulary is not None:
            labels = list_label_sets(self.paintings.iloc[answers.index], "style")
            for place, (own, answer) in enumerate(zip(labels, answers["predicted"], strict=True)):
                if isinstance(answer, str) and answer not in own:
                    found = [vocabulary.compare(label, answer) for label in own & classes]
                    told[place] = min((each for each in found if each), default=None)
        return pd.Series(told, index=answers.index, dtype="str")

    def list_cases(self) -> pd.DataFrame:
        """The cases, with the works that are still there."""
        after = self.found.after(len(self.run))
        rows = [
            [int(row) for row in after[np.asarray(each, dtype=int)] if row >= 0]
            for each in self.run.cases["rows"]
        ]
        return CASES.cast(self.run.cases.assign(rows=pd.Series(rows, dtype="object")))

    def list_pairs(self, relabelled: np.ndarray) -> pd.DataFrame:
        """The copies of which both are still there, whether they disagree by the labels of now."""
        after = self.found.after(len(self.run))
        ends = after[self.run.pairs[["left", "right"]].to_numpy()].reshape(-1, 2)
        keeps = (ends >= 0).all(axis=1)
        low, high = ends[keeps].min(axis=1), ends[keeps].max(axis=1)
        pairs = self.run.pairs[keeps].assign(left=low, right=high)
        labels = list_label_sets(self.paintings, "style")
        for place in np.flatnonzero(relabelled[low] | relabelled[high]):
            one, other = labels[low[place]], labels[high[place]]
            apart = bool(self._list_apart(one, other) or self._list_apart(other, one))
            pairs.loc[pairs.index[place], "labels_disagree"] = bool(one and other) and apart
        return PAIRS.cast(pairs)

    def _name_copies(self, relabelled: np.ndarray) -> dict[int, str | None]:
        """Of each work that is ``relabelled``, or whose copy is: a label that only the copy has."""
        pairs, labels = self.list_pairs(relabelled), list_label_sets(self.paintings, "style")
        ends = pairs.loc[pairs["verified"], ["left", "right"]].to_numpy()
        touched = set(ends[relabelled[ends].any(axis=1)].ravel().tolist())
        found: dict[int, str | None] = dict.fromkeys(sorted(touched))
        for row, copy in [*ends.tolist(), *ends[:, ::-1].tolist()]:
            lacking = self._list_apart(labels[copy], labels[row]) if labels[row] else []
            if row in touched and lacking:
                found[row] = lacking[0]
        return found

    def _list_apart(self, labels: frozenset[str], others: frozenset[str]) -> list[str]:
        """Those of ``labels`` that are none of ``others``, at no depth."""
        vocabulary = self.run.vocabulary
        return sorted(
            each
            for each in labels - others
            if vocabulary is None or not any(vocabulary.compare(each, other) for other in others)
        )

    def embed(self) -> np.ndarray:
        """(N, D) embeddings."""
        return self.spread(self.run.embeddings, self.fresh.embeddings)

    def find_neighbours(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows (N, k) and similarities: as they were, but for those of new works and of works
        some of whose neighbours are gone, which are looked up anew. ``k`` is cut to N - 1.
        """
        embeddings = self.embed()
        k = min(self.run.neighbours.shape[1], len(embeddings) - 1)
        rows = self.spread(self.found.after(len(self.run))[self.run.neighbours[:, :k]])
        similarities = self.spread(self.run.similarities[:, :k])
        asked = np.union1d(self.found.fresh, np.flatnonzero((rows < 0).any(axis=1)))
        near, close = find_nearest(embeddings[asked], embeddings, k + 1)
        is_self = near == asked[:, None]
        is_self[~is_self.any(axis=1), -1] = True
        rows[asked] = near[~is_self].reshape(len(asked), k)
        similarities[asked] = close[~is_self].reshape(len(asked), k)
        return rows, similarities

    def count_neighbours(self) -> np.ndarray | None:
        """(N, k') the neighbours that sentences count, -1 for those that are gone."""
        counted = self.run.counted_neighbours
        if counted is None:
            return None
        after = np.append(self.found.after(len(self.run)), -1)  # the last for -1
        return self.spread(after[counted], np.full((len(self.found.fresh), counted.shape[1]), -1))

    def place(self) -> np.ndarray:
        """(N, 2) on the map: where each was, a new work among its nearest."""
        index = NeighbourIndex(self.run.embeddings)
        places = [
            place_picture(each, index, self.run.map, PLACED_BY).position
            for each in self.fresh.embeddings
        ]
        return self.spread(self.run.map, np.reshape(places, (-1, 2)))


def _order(reasons: pd.DataFrame) -> pd.DataFrame:
    """By work: what opens, then what is against the label, heaviest first, then what is for it."""
    opens = reasons["kind"].isin(_IN_FRONT)
    parts = np.select([opens, reasons["weight"] > 0], [0, 1], default=2)
    weights = reasons["weight"].abs().mask(opens, 0).to_numpy(dtype=float)
    order = np.lexsort((-weights, parts, reasons["row"].to_numpy(dtype=int)))
    return reasons.iloc[order].reset_index(drop=True)


def _say(
    given: object, answer: dict[Hashable, Any], novelty: float, depth: object
) -> Iterator[Reason]:
    """The model's answer, as far as there is one, whether it is the label at another depth, and
    whether the picture is unlike the others.
    """
    values: dict[str, Any] = {} if is_missing(given) else {"given": str(given)}
    weight = 0.0
    if not is_missing(answer["predicted"]):
        values |= {"predicted": answer["predicted"], "confidence": float(answer["confidence"])}
    if not np.isnan(answer["p_given"]):
        rival = answer["p_given"] - answer["margin"]
        weight = float(np.log(max(rival, SMALLEST) / max(answer["p_given"], SMALLEST)))
    yield Reason(ANSWER, weight, values)
    if isinstance(depth, str):
        yield Reason("depth", 0.0, {"label": answer["predicted"], "depth": depth})
    if novelty >= UNLIKE:
        yield Reason("novelty", TELLING["novelty"], {"value": float(novelty)})
