"""Named sets of paintings, kept with the verdicts and across runs.

As with verdicts, rows are added and never changed: a new name is a row, and so are a deletion,
which can be taken back, and a painting that is put in or taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import uuid4

from sqlalchemy import Connection, Engine, insert, inspect, select

from core.reviews.database import Stamp, read_stamp, reading, writing
from core.reviews.entry import MAX_NAME, MAX_NOTE
from core.reviews.errors import ReviewsReadOnly, SetRefused
from core.reviews.legality import is_storable
from core.reviews.origins import Origin, add_origin
from core.reviews.reviewers import canonical_reviewer, find_hidden
from core.reviews.tables import SET_CHANGES, SET_LOG, SET_PAINTINGS, STANDING_SETS
from core.reviews.turn import Turn

MAX_SET_NAME: Final = 80  # characters
Combination = Literal["either", "both", "first"]


@dataclass(frozen=True)
class NamedSet:
    """``keys`` of paintings, as they were ordered; ``reviewer`` made it at ``time`` in a run.

    ``notes``: one a painting, some empty; none at all where no painting has one.
    """

    id: str
    name: str
    keys: tuple[str, ...]
    reviewer: str
    time: datetime
    run_id: str
    notes: tuple[str, ...] = ()

    def note_on(self, key: str) -> str:
        """The note on the painting ``key``; empty without one."""
        return self.notes[self.keys.index(key)] if self.notes and key in self.keys else ""


class SetLog:
    """The sets of all reviewers, in the database of the verdicts. Safe to share between threads.

    Writers of one process queue at ``turn``. All methods raise ``ReviewsError`` where the
    database cannot be used.
    """

    def __init__(self, engine: Engine, turn: Turn, trouble: ReviewsReadOnly | None) -> None:
        self._engine, self._turn, self._trouble = engine, turn, trouble
        # An older read-only database has no sets and cannot store any.
        self.is_there = trouble is None or inspect(engine).has_table(SET_LOG.name)
        self._can_change = trouble is None or inspect(engine).has_table(SET_CHANGES.name)

    def save(self, name: str, keys: Iterable[str], reviewer: str, run_id: str) -> NamedSet:
        """Makes a set of the paintings ``keys``, each once, in that order.

        Raises ``SetRefused`` without a painting, a reviewer or a name that no other set has.
        """
        chosen = tuple(dict.fromkeys(keys))
        _require(bool(chosen), "A set without paintings cannot be saved", "none", "1 or more")
        made = NamedSet(
            uuid4().hex[:12],
            tidy_name(name),
            chosen,
            sign_change(reviewer),
            datetime.now(UTC),
            run_id,
        )
        with self._writing() as connection:
            _add_set(connection, made, {})
        return made

    def add_as_they_are(self, sets: Sequence[NamedSet], origin: Origin) -> None:
        """Adds ``sets`` of another database, all or none; raises ``SetRefused`` for a name taken.

        One that was deleted here is back, with the paintings and notes that it has there.
        """
        if sets:
            with self._writing() as connection:
                for each in sets:
                    _require_seen("A set's name", each.name)
                    held = self._load_held(connection, [each.id]).get(each.id, {})
                    signed = replace(each, reviewer=sign_change(each.reviewer))
                    _add_set(connection, signed, held)
                add_origin(connection, origin, "set", [each.id for each in sets])

    def rename(self, set_id: str, name: str, reviewer: str) -> None:
        """Gives a set another name, under which a deleted one is back; raises ``SetRefused``."""
        tidied, signed = tidy_name(name), sign_change(reviewer)
        with self._writing() as connection:
            _refuse_twin(connection, tidied, set_id)
            _add_change(connection, set_id, tidied, signed)

    def delete(self, set_id: str, reviewer: str) -> None:
        """Deletes a set; ``rename`` restores it. Raises ``SetRefused``."""
        signed = sign_change(reviewer)
        with self._writing() as connection:
            _add_change(connection, set_id, None, signed)

    def put(self, set_id: str, keys: Iterable[str], note: str, reviewer: str) -> int:
        """Puts paintings into a set, at its end, with a ``note``; how many are new in it. One that
        is in it already keeps its place, and its note where the new one is empty; where nothing
        changes, nothing is logged. Raises ``SetRefused``.
        """
        tidied, signed = tidy_note(note), sign_change(reviewer)
        chosen = dict.fromkeys(keys)
        with self._writing() as connection:
            name = _find_name(connection, set_id)
            held = self._load_held(connection, [set_id]).get(set_id, {})
            put = {key: tidied or held.get(key, "") for key in chosen}
            changed = {key: each for key, each in put.items() if held.get(key) != each}
            if changed:
                number = _add_change(connection, set_id, name, signed)
                _add_paintings(connection, number, changed, is_in=True)
        return len(chosen.keys() - held.keys())

    def take_out(self, set_id: str, keys: Iterable[str], reviewer: str) -> int:
        """Takes paintings out of a set; how many. Raises ``SetRefused`` where it holds none of
        them, and where none would be left.
        """
        signed = sign_change(reviewer)
        with self._writing() as connection:
            name = _find_name(connection, set_id)
            held = self._load_held(connection, [set_id]).get(set_id, {})
            gone = {key: "" for key in keys if key in held}
            if not gone:
                raise SetRefused(
                    f"Nothing was taken out: the set “{name}” holds none of these paintings",
                    remedy="Choose a set that does.",
                )
            left = len(held) - len(gone)
            _require(left > 0, "A set without paintings cannot be saved", "none", "1 or more")
            number = _add_change(connection, set_id, name, signed)
            _add_paintings(connection, number, gone, is_in=False)
        return len(gone)

    def stamp(self) -> Stamp:
        """Another one after every change."""
        if not self.is_there:
            return 0, 0
        with reading(self._engine) as connection:
            return read_stamp(connection, SET_LOG)

    def load(self) -> tuple[NamedSet, ...]:
        """The sets that are not deleted, newest first."""
        if not self.is_there:
            return ()
        listed = select(STANDING_SETS).order_by(STANDING_SETS.c.time.desc())
        with reading(self._engine) as connection:
            rows = connection.execute(listed).all()
            held = self._load_held(connection, None)
        return tuple(
            NamedSet(
                row.set_id,
                row.name,
                tuple(keys := held.get(row.set_id, {})),
                row.reviewer,
                row.time,
                row.run_id,
                tuple(keys.values()) if any(keys.values()) else (),
            )
            for row in rows
        )

    def _load_held(
        self, connection: Connection, only: Sequence[str] | None
    ) -> dict[str, dict[str, str]]:
        """Notes by painting, in order, by set: of those in ``only``, else of all that stand."""
        asked = select(STANDING_SETS.c.set_id) if only is None else only
        first = (
            select(SET_PAINTINGS)
            .where(SET_PAINTINGS.c.set_id.in_(asked))
            .order_by(SET_PAINTINGS.c.set_id, SET_PAINTINGS.c.place)
        )
        held: dict[str, dict[str, str]] = {}
        for row in connection.execute(first):
            held.setdefault(row.set_id, {})[row.key] = ""
        if not self._can_change:
            return held
        changes = (
            select(SET_LOG.c.set_id, SET_CHANGES)
            .join(SET_LOG, SET_LOG.c.number == SET_CHANGES.c.number)
            .where(SET_LOG.c.set_id.in_(asked))
            .order_by(SET_CHANGES.c.number, SET_CHANGES.c.place)
        )
        for row in connection.execute(changes):
            if row.is_in:
                held.setdefault(row.set_id, {})[row.key] = row.note
            else:
                held.get(row.set_id, {}).pop(row.key, None)
        return held

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._trouble:
            raise self._trouble
        with self._turn(), writing(self._engine) as connection:
            yield connection


def find_missing(found: NamedSet, known: Iterable[str]) -> tuple[str, ...]:
    """Keys of the set that are not among ``known``, those of a run."""
    here = frozenset(known)
    return tuple(key for key in found.keys if key not in here)


def _add_set(connection: Connection, made: NamedSet, held: dict[str, str]) -> None:
    """``held``: notes by painting, in order, of a deleted set that comes back as ``made``."""
    _refuse_twin(connection, made.name, made.id)
    number = _add_row(connection, made.id, made.name, made.reviewer, made.time, made.run_id)
    notes = dict(zip(made.keys, made.notes or [""] * len(made.keys), strict=True))
    if held:
        _restore_paintings(connection, number, held, notes)
        return
    rows = [{"set_id": made.id, "place": n, "key": k} for n, k in enumerate(made.keys)]
    connection.execute(insert(SET_PAINTINGS), rows)
    noted = {key: note for key, note in notes.items() if note}
    _add_paintings(connection, number, noted, is_in=True)


def _restore_paintings(
    connection: Connection, number: int, held: dict[str, str], notes: dict[str, str]
) -> None:
    """Makes of what is ``held`` what ``notes`` say, by painting and in that order."""
    gone = [key for key in held if key not in notes]
    kept = [key for key in held if key in notes]
    if [*kept, *(key for key in notes if key not in held)] != list(notes):
        gone, held = list(held), {}  # in another order: all out, and in again
    changed = {key: note for key, note in notes.items() if held.get(key) != note}
    _add_paintings(connection, number, dict.fromkeys(gone, ""), is_in=False)
    _add_paintings(connection, number, changed, is_in=True, first=len(gone))


def _add_change(connection: Connection, set_id: str, name: str | None, reviewer: str) -> int:
    """Adds a row on a set that is there, in the run in which it was made; returns its number."""
    run_id = _find_run(connection, set_id)
    _require(run_id is not None, "There is no such set", set_id, "a set of the list")
    return _add_row(connection, set_id, name, reviewer, datetime.now(UTC), str(run_id))


def _add_paintings(
    connection: Connection, number: int, notes: dict[str, str], *, is_in: bool, first: int = 0
) -> None:
    rows = [
        {"number": number, "place": place, "key": key, "is_in": is_in, "note": note}
        for place, (key, note) in enumerate(notes.items(), start=first)
    ]
    if rows:
        connection.execute(insert(SET_CHANGES), rows)


def _find_name(connection: Connection, set_id: str) -> str:
    """The name of a set that stands; raises ``SetRefused``."""
    query = select(STANDING_SETS.c.name).where(STANDING_SETS.c.set_id == set_id)
    name = connection.scalar(query)
    _require(name is not None, "There is no such set", set_id, "a set of the list")
    return str(name)


def _find_run(connection: Connection, set_id: str) -> str | None:
    """The run in which the set was made; None where there was never such a set."""
    query = select(SET_LOG.c.run_id).where(SET_LOG.c.set_id == set_id).limit(1)
    found: str | None = connection.scalar(query)
    return found


def _add_row(
    connection: Connection,
    set_id: str,
    name: str | None,
    reviewer: str,
    time: datetime,
    run_id: str,
) -> int:
    """The number of the row."""
    values = {"set_id": set_id, "name": name, "reviewer": reviewer, "time": time, "run_id": run_id}
    added = connection.execute(insert(SET_LOG), values).inserted_primary_key
    return int(added[0]) if added else 0


def _refuse_twin(connection: Connection, name: str, set_id: str) -> None:
    others: Sequence[Any] = connection.execute(select(STANDING_SETS)).all()
    twin = any(o.name.casefold() == name.casefold() and o.set_id != set_id for o in others)
    _require(not twin, "Two sets cannot have one name", name, "a name of its own")


def tidy_name(name: str) -> str:
    """The name of a set without needless spaces; raises ``SetRefused``."""
    _require_seen("A set's name", name)
    tidied = " ".join(name.split())
    length = f"{MAX_SET_NAME} characters at most"
    if not tidied:
        raise SetRefused(f"Name the set: {length}")
    _require(len(tidied) <= MAX_SET_NAME, "The set's name is too long", tidied[:120], length)
    return tidied


def tidy_note(note: str) -> str:
    """A note on a painting of a set without spaces around it; raises ``SetRefused``."""
    tidied = note.strip()
    found = f"{len(tidied)} characters"
    _require(len(tidied) <= MAX_NOTE, "The note is too long", found, f"at most {MAX_NOTE}")
    _require(is_storable(tidied), "The note holds invalid text", repr(tidied[:80]), "letters")
    return tidied


def combine(first: NamedSet, second: NamedSet, how: Combination) -> tuple[str, ...]:
    """Keys in either of two sets, in both, or in the first alone; the first's come first."""
    if how == "either":
        return tuple(dict.fromkeys([*first.keys, *second.keys]))
    other = frozenset(second.keys)
    return tuple(key for key in first.keys if (key in other) == (how == "both"))


def sign_change(reviewer: str) -> str:
    """Who changes the sets; raises ``SetRefused``."""
    _require_seen("The name that signs a change of the sets", reviewer)
    name = canonical_reviewer(reviewer)
    expected = f"1 to {MAX_NAME} characters"
    _require(
        0 < len(name) <= MAX_NAME,
        "A change of the sets is signed with a name",
        name[:120],
        expected,
    )
    return name


def _require_seen(what: str, name: str) -> None:
    hidden = find_hidden(name.strip())
    _require(
        hidden is None,
        f"{what} holds an invisible character",
        str(hidden),
        "letters, digits, punctuation and spaces",
    )


def _require(holds: bool, what: str, found: str, expected: str) -> None:
    if not holds:
        raise SetRefused(what, found=repr(found), expected=expected)
