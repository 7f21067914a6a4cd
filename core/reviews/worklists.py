"""Worklists: a set of paintings that is assigned to a person, and how far they are.

As with sets, rows are added and never changed: a worklist that is taken back is a row, too. Its
paintings are those of its set; it lasts as long as the set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pandas as pd
from sqlalchemy import Engine, insert, inspect, select

from core.collection.wording import count_of
from core.label_word import LabelWord, is_word
from core.reviews.asked import ask_several
from core.reviews.database import Stamp, read_stamp, reading, writing
from core.reviews.errors import ReviewsReadOnly, WorklistRefused
from core.reviews.names import clean_name
from core.reviews.origins import Origin, add_origin
from core.reviews.sets import NamedSet, sign_change
from core.reviews.tables import STANDING_SETS, WORKLIST_LOG
from core.reviews.turn import Turn
from core.tasks import FURTHER, TASKS, Task
from core.text import percent


@dataclass(frozen=True)
class Worklist:
    """The paintings of the set ``set_id`` for ``person``, who judges their labels called ``task``.

    ``is_second``: a second review, blind to the verdicts of others. ``reviewer`` assigned it at
    ``time`` in a run.
    """

    id: str
    set_id: str
    person: str
    task: str
    is_second: bool
    reviewer: str
    time: datetime
    run_id: str


@dataclass(frozen=True)
class Progress:
    """How many of a worklist's ``paintings`` its person has ``judged``."""

    paintings: int
    judged: int

    def describe(self) -> str:
        """``"12 of 40 paintings judged (30 %)"``."""
        whole = count_of(self.paintings, "painting")
        return f"{self.judged:,} of {whole} judged ({percent(self.judged / self.paintings)})"


@dataclass(frozen=True)
class Assigned:
    """A worklist on labels of a run: its set, the run's ``task``, and how far its person is."""

    worklist: Worklist
    found: NamedSet
    task: Task
    progress: Progress


class WorklistLog:
    """The worklists of all people, in the database of the verdicts. Safe to share between threads.

    All methods raise ``ReviewsError`` where the database cannot be used.
    """

    def __init__(self, engine: Engine, turn: Turn, trouble: ReviewsReadOnly | None) -> None:
        self._engine, self._turn, self._trouble = engine, turn, trouble
        # An older read-only database has no worklists and cannot store any.
        self.is_there = trouble is None or inspect(engine).has_table(WORKLIST_LOG.name)

    def assign(
        self, set_id: str, person: str, task: str, reviewer: str, run_id: str, *, is_second: bool
    ) -> Worklist:
        """Assigns a set to ``person``. Raises ``WorklistRefused`` where there is no such set, or
        the person has it already; ``VerdictRefused`` for a name that nobody can sign with.
        """
        made = Worklist(
            uuid4().hex[:12],
            set_id,
            clean_name(person),
            task,
            is_second,
            sign_change(reviewer),
            datetime.now(UTC),
            run_id,
        )
        if not is_word(task):
            raise WorklistRefused("A worklist is on labels", found=repr(task), expected="a word")
        for each in self.load():
            if (each.set_id, each.person, each.task) == (set_id, made.person, task):
                raise WorklistRefused(
                    f"{made.person} has this set as a worklist already",
                    remedy="Take that one back first.",
                )
        self._add([made])
        return made

    def add_as_they_are(self, worklists: Sequence[Worklist], origin: Origin) -> None:
        """Adds ``worklists`` of another database, all or none; raises ``WorklistRefused`` where a
        set of theirs is not here.
        """
        if worklists:
            self._add(worklists, origin)

    def take_back(self, worklist: Worklist, reviewer: str) -> None:
        """Ends it; the verdicts given on it stay."""
        if self._trouble:
            raise self._trouble
        row = asdict(worklist) | {"reviewer": sign_change(reviewer), "time": datetime.now(UTC)}
        with self._turn(), writing(self._engine) as connection:
            connection.execute(insert(WORKLIST_LOG), _write(row, is_open=False))

    def stamp(self) -> Stamp:
        """Another one after every change."""
        if not self.is_there:
            return 0, 0
        with reading(self._engine) as connection:
            return read_stamp(connection, WORKLIST_LOG)

    def load(self) -> tuple[Worklist, ...]:
        """Those that were not taken back and whose set is there, the oldest first."""
        if not self.is_there:
            return ()
        query = (
            select(WORKLIST_LOG)
            .where(WORKLIST_LOG.c.set_id.in_(select(STANDING_SETS.c.set_id)))
            .order_by(WORKLIST_LOG.c.number)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).mappings().all()
        latest = {row["worklist_id"]: row for row in rows}
        return tuple(_read(row) for row in latest.values() if row["is_open"])

    def _add(self, worklists: Sequence[Worklist], origin: Origin | None = None) -> None:
        if self._trouble:
            raise self._trouble
        with self._turn(), writing(self._engine) as connection:
            here = set(connection.scalars(select(STANDING_SETS.c.set_id)))
            for each in worklists:
                if each.set_id not in here:
                    raise WorklistRefused(
                        "There is no such set",
                        found=each.set_id,
                        expected="a set of the list",
                        remedy="Restore the sets first." if origin else "",
                    )
            rows = [_write(asdict(each), is_open=True) for each in worklists]
            connection.execute(insert(WORKLIST_LOG), rows)
            if origin is not None:
                add_origin(connection, origin, "worklist", [each.id for each in worklists])


def follow_worklists(
    worklists: Iterable[Worklist],
    sets: Iterable[NamedSet],
    paintings: pd.DataFrame,
    standing: pd.DataFrame,
    word: LabelWord,
) -> list[Assigned]:
    """Those of ``worklists`` whose set has paintings of a run, on labels that it has, and how far
    each person is with them.

    ``paintings`` of the run; of several labels each must be judged. ``standing``: verdicts in force
    on them, as ``core.reviews.of_run`` takes them; ``word``: what the labels that the run checks
    are called.
    """
    keys, several = paintings["key"], _take_several(paintings)
    tasks = {word.name(task): task for task in reversed(TASKS)}
    known, here, followed = {each.id: each for each in sets}, frozenset(keys), []
    for each in worklists:
        found, task = known.get(each.set_id), tasks.get(each.task)
        wanted = here.intersection(found.keys) if found else frozenset()
        if found and task and wanted:
            own = standing[(standing["reviewer"] == each.person) & (standing["task"] == task)]
            judged = wanted.intersection(own["key"])
            if task == "style":
                left = ask_several(several[several["key"].isin(judged)], own)
                judged -= set(left.loc[~left["judged"], "key"])
            followed.append(Assigned(each, found, task, Progress(len(wanted), len(judged))))
    return followed


def _take_several(paintings: pd.DataFrame) -> pd.DataFrame:
    """The works of several labels, as ``ask_several`` takes them."""
    if FURTHER not in paintings:
        return pd.DataFrame(columns=["key", "given", "score"])
    several = paintings[paintings[FURTHER].notna()]
    return several[["key", FURTHER]].assign(given=several["given_style"], score=0.0)


def _write(row: dict[str, object], *, is_open: bool) -> dict[str, object]:
    return {"worklist_id": row.pop("id"), **row, "is_open": is_open}


def _read(row: Mapping[Any, Any]) -> Worklist:
    names = [each.name for each in fields(Worklist) if each.name != "id"]
    return Worklist(id=row["worklist_id"], **{name: row[name] for name in names})
