"""The paintings of a queue that come next, and those that the visitor skipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import streamlit as st

from dashboard.runs.open_run import OpenRun

AHEAD: Final = 3  # paintings of the queue that are sent before their turn
_AHEAD: Final = "artextract.ahead"
_SKIPPED: Final = "artextract.skipped"


def keep_promises(
    opened: OpenRun,
    rows: Sequence[int],
    judged: Iterable[str],
    filters: str = "",
    asked: Mapping[int, str] | None = None,
) -> list[int]:
    """``rows`` of a queue, those first that came next when it was last drawn.

    They were sent ahead, and may be on the screen by now, while each verdict moves the others: they
    stay until they are among the keys ``judged`` by the visitor, or skipped. ``filters``: what the
    queue keeps to, in words; under others nothing was promised. ``asked``: which label of a work of
    several is asked about; it stays until another one is.
    """
    promised: dict[tuple[str, str], dict[int, str | None]] = st.session_state.get(_AHEAD, {})
    queue, labels = (opened.run.run_id, filters), asked or {}
    out, done = skipped(), set(judged)
    keys = opened.table["key"]

    def waits(row: int, label: str | None) -> bool:
        is_asked = labels[row] == label if row in labels else keys.loc[row] not in done
        return is_asked and keys.loc[row] not in out

    first = [row for row, label in promised.get(queue, {}).items() if waits(row, label)]
    kept = [*first, *(row for row in rows if row not in set(first))]
    st.session_state[_AHEAD] = {queue: {row: labels.get(row) for row in kept[: AHEAD + 1]}}
    return kept


def forget_promises() -> None:
    """Lets the queue begin with what is most doubtful by its settings, which have changed."""
    st.session_state.pop(_AHEAD, None)


def skipped() -> set[str]:
    """Keys of the paintings skipped in this session."""
    keys: set[str] = st.session_state.setdefault(_SKIPPED, set())
    return keys
