"""One verdict on many paintings at once, after their number was typed to confirm."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid4, uuid5

import numpy as np
import streamlit as st

from core.reviews import Verdict
from core.reviews.entry import MAX_NOTE, list_verdicts
from core.tasks import FURTHER
from dashboard.access import sign_in
from dashboard.components.apart import draw_whole
from dashboard.components.signature import render_signature, take_signature
from dashboard.runs.open_run import OpenRun
from dashboard.selection.verdicts import OPEN, VERDICT_NAMES
from dashboard.session import messages, recording, visitor
from dashboard.words import class_name, count, plain

MOST: Final = 5000
_KEY: Final = "bulk."
_DIALOG: Final = "bulk"
_REVIEWER: Final = "bulk.reviewer"


def render_bulk_verdict(opened: OpenRun, selected: np.ndarray) -> None:
    """A menu that judges all rows ``selected``; nothing where verdicts are unavailable.

    More than ``MOST`` are not judged at once, which it says. It is drawn in a part of its own
    (``components.apart``).
    """
    if OPEN not in opened.table or len(selected) < 2 or not sign_in.may_review():
        return
    is_too_many = len(selected) > MOST
    menu = st.popover(
        f"Judge all {len(selected):,}",
        icon=":material/done_all:",
        key=f"{_KEY}menu",
        on_change="rerun",
        disabled=is_too_many,
        help=f"At most {MOST:,} at once: filter, draw around or tick fewer."
        if is_too_many
        else None,
    )
    if is_too_many or not menu.open:
        return
    with menu:
        messages.render_trouble(_DIALOG)
        if not visitor.reviewer():
            with st.form("bulk.sign", border=False):
                render_signature(_REVIEWER)
                st.form_submit_button("Go on", on_click=_sign)
            return
        verdict: Verdict = st.selectbox(
            f"Verdict on every {opened.word.singular} label",
            list_verdicts(opened.word.singular),
            format_func=lambda kind: VERDICT_NAMES[kind],
            key=f"{_KEY}verdict",
        )
        proposed = None
        if verdict == "wrong":
            proposed = st.selectbox(
                f"Correct {opened.word.singular}",
                [name for name, _ in opened.list_terms("style")],
                index=None,
                format_func=lambda name: _show_term(opened, name),
                placeholder="Unknown",
                key=f"{_KEY}proposed",
            )
        note = st.text_input("Note", key=f"{_KEY}note", max_chars=MAX_NOTE)
        if FURTHER in opened.table and opened.table[FURTHER].iloc[selected].notna().any():
            st.caption(
                f"Of a work with several {opened.word.plural}, one is judged: that of the filter, "
                "else the most doubtful."
            )
        keys = opened.table["key"].iloc[selected]
        rows = dict(zip(keys.tolist(), selected.tolist(), strict=True))
        # The number confirms these paintings only: another selection gets a new, empty field.
        batch = _name_batch(rows)
        typed = st.text_input(
            f"Type {len(selected)} to confirm one verdict each, signed {plain(visitor.reviewer())}",
            key=f"{_KEY}count.{batch}",
        )
        st.button(
            f"Record {count(len(selected), 'verdict')}",
            type="primary",
            disabled=typed.strip() != str(len(selected)),
            on_click=_record,
            args=(opened, batch, rows, verdict, proposed, note),
        )


def _show_term(opened: OpenRun, name: str) -> str:
    broader = opened.terms.get(name)
    return f"{class_name(name)}, a kind of {broader}" if broader else class_name(name)


def _sign() -> None:
    take_signature(_REVIEWER)
    messages.keep_trouble(_DIALOG)
    draw_whole()


def _name_batch(keys: Iterable[str]) -> str:
    """An id of one confirmation for these paintings; using it ends it."""
    return uuid5(uuid5(_find_turn(), visitor.reviewer()), "\n".join(keys)).hex


def _find_turn() -> UUID:
    turn: UUID = st.session_state.setdefault(f"{_KEY}turn", uuid4())
    return turn


def _record(
    opened: OpenRun,
    batch: str,
    rows: dict[str, int],
    verdict: Verdict,
    proposed: str | None,
    note: str,
) -> None:
    labels = {key: recording.find_label(opened, row) for key, row in rows.items()}
    # Within one confirmation each painting has one id: a second click records nothing more.
    judged = {
        uuid5(UUID(batch), key).hex: (row, labels[key])
        for key, row in rows.items()
        if proposed is None or labels[key] != proposed
    }
    if recording.record(opened, judged, "style", verdict, proposed, note):
        same = len(rows) - len(judged)
        already = f"; {count(same, 'painting')} already had that label" if same else ""
        messages.say(
            f"{count(len(judged), 'verdict')} recorded{already}. Undo on the Reviews page."
        )
        st.session_state.pop(f"{_KEY}turn", None)
    messages.keep_trouble(_DIALOG)
    draw_whole()
