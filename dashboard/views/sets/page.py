"""Sets: selections saved under a name."""

from __future__ import annotations

from html import escape
from itertools import zip_longest
from typing import Final

import streamlit as st

from core.label_word import LabelWord
from core.reviews import NamedSet
from dashboard.components.filter_bar import drop_unknown
from dashboard.components.links import open_link
from dashboard.components.page import render_empty, render_head, render_section
from dashboard.runs.open_run import OpenRun
from dashboard.selection.order import count_gallery_pages
from dashboard.session import messages, named_sets, state
from dashboard.views.sets.card import render_set
from dashboard.views.sets.combine import render_combine
from dashboard.words import count, plain

LEAD: Final = (
    "Selections of paintings under a name, for a talk or a closer look. A set is stored with the "
    "verdicts and works in every run of the collection. Open one to see, filter or judge its "
    "paintings; each can be added to it or taken out, with a note, on its page or in a list."
)
PER_PAGE: Final = 12  # sets on a page


def render(opened: OpenRun) -> None:
    """The page."""
    drop_unknown(opened.table, opened.word)
    render_head("Sets", "Named selections", LEAD)
    messages.render_said()
    _render_deleted()
    sets = named_sets.list_sets()
    if not sets:
        _render_none(opened.word)
        return
    render_section(count(len(sets), "set"))
    may_change = named_sets.can_save(opened)
    if may_change:
        render_combine(opened, sets)
    with st.container(gap="large"):
        listed = _take_page(sets)
        for pair in zip_longest(listed[::2], listed[1::2]):
            for column, each in zip(st.columns(2, gap="large"), pair, strict=True):
                if each is not None:
                    with column:
                        render_set(opened, each, may_change)


def _render_deleted() -> None:
    deleted = named_sets.last_deleted()
    if deleted is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write(f"The set “{plain(deleted.name)}” was deleted.")
        st.button("Restore it", icon=":material/undo:", on_click=named_sets.bring_back)


def _render_none(word: LabelWord) -> None:
    outliers = open_link(state.link_to("outliers", painting=""))
    there = open_link(state.link_to("map", painting=""))
    render_empty(
        "No sets yet",
        [
            f"Filter the list on {outliers}Outliers</a>, or draw around points there or on the "
            f"{there}{escape(word.capital)} map</a>, then choose <b>Save as a set</b> above the "
            "pictures.",
        ],
    )


def _take_page(sets: tuple[NamedSet, ...]) -> tuple[NamedSet, ...]:
    pages = count_gallery_pages(len(sets), PER_PAGE)
    if pages == 1:
        return sets
    page = st.pagination(
        pages, key=state.seed("gallery_page", min(state.current().gallery_page, pages))
    )
    state.update(gallery_page=page)
    return sets[(page - 1) * PER_PAGE : page * PER_PAGE]
