"""A run with its table, as pages show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from typing import Any, Final, Generic, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.artifacts import Run, Thresholds
from core.findings.hands.wording import COLUMNS as ATTRIBUTION
from core.findings.labels.reasons import Told, tell_rows
from core.label_word import LabelWord
from core.report.collection import describe_size
from core.tasks import FURTHER, Task
from core.text import class_name
from dashboard.selection.facet_kinds import Facet, Range
from dashboard.selection.faceted_table import FacetedTable
from dashboard.selection.facets import FACETS, list_offered
from dashboard.selection.filters import place_quadrants
from dashboard.selection.layout import compute_ceiling, list_colours
from dashboard.selection.order import known_order, list_orders, order_paintings
from dashboard.selection.several_labels import EVERY, Tally, count_labels, split_labels
from dashboard.selection.suggestions import Suggestion, suggest_own
from dashboard.words import painting_title

KEPT_THRESHOLDS: Final = 2  # the run's own, and those that a visitor moves
MOST_LISTED: Final = 500  # terms; the others are typed
_NONE: Final = np.array([], dtype=int)
T = TypeVar("T")


class _Shared(Generic[T]):
    """A property that no verdict and no set changes: computed once for all views of a run."""

    def __init__(self, compute: Callable[[OpenRun], T]) -> None:
        self.compute, self.__doc__ = compute, compute.__doc__

    def __get__(self, view: OpenRun, _: type[OpenRun]) -> T:
        name = self.compute.__name__
        if name not in view.shared:
            view.shared[name] = self.compute(view)
        value: T = view.shared[name]
        return value


@dataclass(frozen=True)
class OpenRun:
    """A run and its table: a row a painting, with its style scores, findings and map position."""

    run: Run
    table: pd.DataFrame
    shared: dict[str, Any] = field(default_factory=dict, repr=False)  # by all views of the run
    orders: dict[str, np.ndarray] = field(default_factory=dict)  # by name, each sorted once
    tallies: dict[str, Tally] = field(default_factory=dict)  # by artist, each counted once

    @property
    def word(self) -> LabelWord:
        """What the labels that it checks are called."""
        return self.run.manifest.word

    @property
    def thresholds(self) -> Thresholds:
        """The run's own thresholds between the quadrants."""
        return self.run.manifest.thresholds

    @_Shared
    def size(self) -> str:
        """How many paintings by how many artists, with how many labels, of which years."""
        return describe_size(self.run)

    @_Shared
    def keys(self) -> pd.Index:
        """(N,) keys of the paintings, quick to look many up in."""
        index: pd.Index = pd.Index(self.table["key"].to_numpy(dtype=object), dtype=object)
        return index

    @_Shared
    def labels(self) -> np.ndarray:
        """(N,) object: all style labels of each painting as a list, the one in front first."""
        codes, names = pd.factorize(self.table[EVERY])
        lists = np.empty(len(names) + 1, dtype=object)
        lists[:] = [*map(split_labels, names), []]
        return lists[codes]

    @_Shared
    def has_several_labels(self) -> bool:
        """Whether any painting has more than one style label."""
        return FURTHER in self.table and bool(self.table[FURTHER].notna().any())

    @_Shared
    def works(self) -> dict[str, np.ndarray]:
        """Rows of each artist's works, ascending, by the printed name."""
        return _group_rows(self.table["artist"].astype(object))

    @_Shared
    def copy_groups(self) -> np.ndarray:
        """(N,) group of verified copies of one picture that each is in; -1 for none."""
        groups: np.ndarray = self.table["duplicate_group"].to_numpy()
        return groups

    @_Shared
    def copies(self) -> dict[int, np.ndarray]:
        """Rows of each group of verified copies of one picture, ascending."""
        groups = self.table["duplicate_group"]
        return _group_rows(groups.where(groups >= 0))

    def with_table(self, table: pd.DataFrame) -> OpenRun:
        """The same paintings with other columns of verdicts and sets."""
        return replace(self, table=table)

    @cached_property
    def witness(self) -> np.ndarray:
        """(N,) object: the style seen in each painting by the model that cases of artists rest on.

        The one that never saw the artist, in a run that has it; None where it did not judge.
        """
        unseen = self.run.unseen
        if unseen is None:
            seen = self.table["predicted"].astype(object)
            return seen.where(seen.notna(), None).to_numpy()
        names = np.array([*self.run.classes("style"), None], dtype=object)
        return names[np.where(unseen.sum(axis=1) > 0, unseen.argmax(axis=1), -1)]

    @cached_property
    def reviewed(self) -> tuple[Task, ...]:
        """What reviewers are asked about: the labels that the run checks, and attributions where
        it doubts any.
        """
        is_told = all(name in self.table for name in ATTRIBUTION)
        if not is_told or "artist" not in self.run.manifest.tasks:
            return ("style",)
        is_doubted = self.table["attribution_doubt"].notna().any()
        return ("style", "artist") if is_doubted else ("style",)

    def list_labels(self, row: int) -> list[str]:
        """All style labels of the painting ``row``, the one in front first."""
        return list(self.labels[row])

    def has_label(self, label: str) -> np.ndarray:
        """(N,) bool: the painting is labelled ``label``, of several or alone."""
        return FACETS["given"].keep(self.table, (label,))

    @_Shared
    def terms(self) -> dict[str, str]:
        """Labels that may be proposed, by their broader terms in words ("" for none): those of the
        vocabulary as the collection spells them, without one the classes.
        """
        classes, vocabulary = self.run.classes("style"), self.run.vocabulary
        if vocabulary is None:
            return dict.fromkeys(classes, "")
        own = {each.term: n for n in classes if (each := vocabulary.find(n)) is not None}
        return {
            own.get(each.term, each.term): " and ".join(map(class_name, each.broader))
            for each in vocabulary.concepts
        }

    def list_terms(self, task: Task) -> list[tuple[str, str]]:
        """Labels of ``task`` to choose from, with their broader terms in words; of a vocabulary of
        more than ``MOST_LISTED`` those that the collection has.
        """
        classes = self.run.classes(task)
        if task != "style":
            return [(each, "") for each in classes]
        is_long = len(self.terms) > MOST_LISTED
        return [(n, of) for n, of in self.terms.items() if not is_long or n in classes]

    @cached_property
    def facets(self) -> list[Facet]:
        """The filters that its paintings can have, ranges from end to end."""
        return [
            replace(each, bounds=self.ends[each.name]) if isinstance(each, Range) else each
            for each in list_offered(self.table, self.word)
        ]

    @_Shared
    def ends(self) -> dict[str, tuple[float, float]]:
        """The whole range that can be chosen, by the filter's name."""
        ranges = (each for each in list_offered(self.table) if isinstance(each, Range))
        return {each.name: each.ends(self.table) for each in ranges}

    @cached_property
    def colours(self) -> dict[str, str]:
        """What its points can be coloured by, with their labels."""
        return list_colours(self.table, self.word)

    def find_row(self, key: str) -> int:
        """Row of the painting ``key``; -1 if this run does not have it."""
        return int(self.keys.get_indexer(pd.Index([key], dtype=object))[0])

    def find_title(self, key: str) -> str:
        """The painting's title; its key where this run does not have it."""
        row = self.find_row(key)
        return key if row < 0 else painting_title(self.table.loc[row].to_dict())

    def find_copies(self, row: int) -> np.ndarray:
        """(n,) rows of the other verified copies of the picture at ``row``."""
        rows = self.copies.get(int(self.copy_groups[row]), _NONE)
        others: np.ndarray = rows[rows != row]
        return others

    def find_works(self, artist: str) -> np.ndarray:
        """(n,) rows of the works with the printed name ``artist``."""
        return self.works.get(artist, _NONE)

    def tally_works(self, artist: str) -> Tally:
        """The style labels of the works with the printed name ``artist``."""
        if artist not in self.tallies:
            self.tallies[artist] = count_labels(self.labels[self.find_works(artist)])
        return self.tallies[artist]

    @_Shared
    def offered_orders(self) -> list[str]:
        """Names of the orders that its lists can have."""
        return list_orders(self.table)

    @cached_property
    def own_suggestions(self) -> list[Suggestion]:
        """What a search can ask for of this visitor's verdicts and sets."""
        return suggest_own(self.table)

    def tell(self, rows: ArrayLike) -> list[Told]:
        """What bears on the label of each of the paintings ``rows``, in sentences.

        Raises ``ArtifactBroken`` for reasons that make none.
        """
        return tell_rows(self.run, rows)

    def place_quadrants(self, thresholds: tuple[float, float]) -> pd.DataFrame:
        """``table`` with the quadrants by ``thresholds`` (loss, confidence)."""
        return self.faceted(thresholds).table

    def faceted(self, thresholds: tuple[float, float]) -> FacetedTable:
        """What filters keep of ``place_quadrants``."""
        own = self.thresholds
        return self._faceted(None if thresholds == (own.loss, own.confidence) else thresholds)

    @cached_property
    def _faceted(self) -> Callable[[tuple[float, float] | None], FacetedTable]:
        return lru_cache(KEPT_THRESHOLDS)(partial(_build_faceted, self.table))

    @cached_property
    def ceiling(self) -> float:
        """The highest loss that charts draw."""
        return compute_ceiling(self.table["loss"], self.thresholds.loss)

    def order(self, name: str) -> np.ndarray:
        """(N,) its rows by one of ``selection.order.ORDERS``."""
        known = known_order(name)
        if known not in self.orders:
            self.orders[known] = order_paintings(self.table, known)
        return self.orders[known]


def _build_faceted(table: pd.DataFrame, thresholds: tuple[float, float] | None) -> FacetedTable:
    """``table`` with the quadrants by ``thresholds``; None for those that it has."""
    return FacetedTable(table if thresholds is None else place_quadrants(table, *thresholds))


def _group_rows(values: pd.Series) -> dict[Any, np.ndarray]:
    """Rows by value, ascending; none of what is missing."""
    groups = values.groupby(values.to_numpy()).indices
    return {value: np.asarray(rows) for value, rows in groups.items()}
