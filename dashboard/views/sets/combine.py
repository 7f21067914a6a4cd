"""A new set of two: what is in either, in both, or in the first alone."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.reviews import NamedSet
from core.reviews.sets import MAX_SET_NAME, Combination, combine
from dashboard.components.signature import render_signature, take_signature
from dashboard.runs.open_run import OpenRun
from dashboard.session import messages, named_sets

WAYS: Final[dict[Combination, str]] = {
    "either": "In either of them",
    "both": "In both of them",
    "first": "In the first, not in the second",
}
_FORM: Final = "combine"


def render_combine(opened: OpenRun, sets: tuple[NamedSet, ...]) -> None:
    """The form; nothing where there are not two sets."""
    if len(sets) < 2:
        return
    by_id = {each.id: each for each in sets}
    with st.expander("Combine two sets"), st.form(_FORM, border=False):
        for place, label in enumerate(("First set", "Second set")):
            st.selectbox(
                label,
                list(by_id),
                index=place,
                format_func=lambda each: by_id[each].name,
                key=f"{_FORM}.{place}",
            )
        st.radio("The new set holds what is", list(WAYS), format_func=WAYS.get, key=f"{_FORM}.how")
        st.text_input("Name of the new set", max_chars=MAX_SET_NAME, key=f"{_FORM}.name")
        render_signature(f"{_FORM}.reviewer")
        messages.render_trouble(_FORM)
        st.form_submit_button("Save it", type="primary", on_click=_save, args=(opened, by_id))


def _save(opened: OpenRun, by_id: dict[str, NamedSet]) -> None:
    take_signature(f"{_FORM}.reviewer")
    first, second = (by_id[str(st.session_state[f"{_FORM}.{place}"])] for place in (0, 1))
    keys = combine(first, second, st.session_state[f"{_FORM}.how"])
    if named_sets.save(opened, str(st.session_state[f"{_FORM}.name"]), keys):
        st.session_state[f"{_FORM}.name"] = ""
    messages.keep_trouble(_FORM)
