"""Named sets in a session: listing, saving, renaming and deleting them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from core.errors import UserError
from core.reviews import NamedSet
from dashboard.access import sign_in
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.selection.facets import FACETS, SET
from dashboard.selection.verdicts import SETS
from dashboard.session import messages, visitor
from dashboard.session.changes import change_log
from dashboard.words import count

_DELETED: Final = "artextract.deleted-set"


def list_sets() -> tuple[NamedSet, ...]:
    """The sets, newest first; if they cannot be read, none, and the reason is shown."""
    log = visitor.find_log()
    if log is None:
        return ()
    try:
        return review_cache.load_sets(log)
    except UserError as error:
        messages.warn(str(error))
        return ()


def can_save(opened: OpenRun) -> bool:
    """Whether the visitor can make and change sets here."""
    were_read = SETS in opened.table
    return were_read and review_cache.open_reviews().trouble is None and sign_in.may_review()


def read_names() -> dict[str, str]:
    """Names of the sets by id."""
    return {each.id: each.name for each in list_sets()}


def list_holding(opened: OpenRun, row: int) -> list[NamedSet]:
    """The sets that the painting ``row`` is in, newest first."""
    ids = opened.table[SETS].iloc[row] if SETS in opened.table else None
    held = frozenset(ids.split()) if isinstance(ids, str) else frozenset()
    return [each for each in list_sets() if each.id in held]


def select_rows(opened: OpenRun, found: NamedSet) -> np.ndarray:
    """Rows of the set's paintings that the run has, in the set's order."""
    here = np.flatnonzero(FACETS[SET].keep(opened.table, (found.id,)))
    order = pd.Series(range(len(found.keys)), index=list(found.keys))
    rows: np.ndarray = here[np.argsort(order[opened.table["key"].iloc[here]].to_numpy())]
    return rows


def save(opened: OpenRun, name: str, keys: Iterable[str]) -> NamedSet | None:
    """Makes a set, signed by the reviewer; if that fails, None, and the reason is shown."""
    run_id, who = opened.run.run_id, visitor.reviewer()
    made: list[NamedSet] = []
    change_log(lambda log: made.append(log.sets.save(name, keys, who, run_id)))
    if not made:
        return None
    messages.say(f"Saved {count(len(made[0].keys), 'painting')} as “{made[0].name}”.")
    return made[0]


def put(set_id: str, keys: Sequence[str], note: str) -> bool:
    """Puts paintings into a set, signed; whether it was done, else the reason is shown."""
    new: list[int] = []
    change_log(lambda log: new.append(log.sets.put(set_id, keys, note, visitor.reviewer())))
    if not new:
        return False
    said = _tell_added(_name(set_id), new[0], len(set(keys)) - new[0])
    messages.say(said if new[0] or not note.strip() else f"{said} The note was saved.")
    return True


def _name(set_id: str) -> str:
    """The set's name, for a message."""
    return read_names().get(set_id, "")


def _tell_added(name: str, new: int, held: int) -> str:
    """What was done where ``new`` paintings were put into a set, which had ``held`` more of them
    already.
    """
    if not new:
        these = "This painting was" if held == 1 else f"These {count(held, 'painting')} were"
        return f"{these} in “{name}” already."
    also = f" {held:,} more {'was' if held == 1 else 'were'} in it already." if held else ""
    return f"Added {count(new, 'painting')} to “{name}”.{also}"


def take_out(set_id: str, keys: Sequence[str]) -> bool:
    """Takes paintings out of a set, as ``put``."""
    gone: list[int] = []
    change_log(lambda log: gone.append(log.sets.take_out(set_id, keys, visitor.reviewer())))
    if not gone:
        return False
    messages.say(f"Took {count(gone[0], 'painting')} out of “{_name(set_id)}”.")
    return True


def rename(found: NamedSet, name: str) -> None:
    """Gives the set another name."""
    change_log(lambda log: log.sets.rename(found.id, name, visitor.reviewer()))


def delete(found: NamedSet) -> None:
    """Removes the set from the list; ``bring_back`` restores it."""
    if change_log(lambda log: log.sets.delete(found.id, visitor.reviewer())):
        st.session_state[_DELETED] = found


def last_deleted() -> NamedSet | None:
    """The set deleted last in this session, until it is restored."""
    found: NamedSet | None = st.session_state.get(_DELETED)
    return found


def bring_back() -> None:
    """Undoes the last deletion of this session."""
    found = last_deleted()
    if found and change_log(lambda log: log.sets.rename(found.id, found.name, visitor.reviewer())):
        del st.session_state[_DELETED]
