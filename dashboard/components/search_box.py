"""The search of every page: on lists it filters them, elsewhere it opens what it finds on Outliers.

Suggestions come from the server while one types (``dashboard.server.suggestions``); those on sets
and verdicts, which depend on the visitor, are sent along.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

import streamlit as st

from core.label_word import LabelWord
from dashboard.navigation import PAINTING_PAGE
from dashboard.runs.open_run import OpenRun
from dashboard.selection.matching import list_unmatched, read_query
from dashboard.selection.query import LONGEST_QUERY, name_field
from dashboard.server.suggestions import suggestions_url
from dashboard.session import state
from dashboard.session.events import event_taker
from dashboard.session.shortcuts import SEARCH

KEY: Final = "search-box"
LISTS: Final = frozenset({"outliers", "map"})  # pages that a search filters in place
_FOLLOWED: Final = LISTS | {PAINTING_PAGE}  # whose list the search is in force on
_HERE: Final = Path(__file__).parent
_SCRIPTS: Final = ("outbox.js", "search_box.js")
_HTML: Final = f"""
<form class="ae-search" role="search">
  <input type="search" name="search" placeholder="Search paintings" autocomplete="off"
    spellcheck="false" maxlength="{LONGEST_QUERY}" role="combobox" aria-label="Search paintings"
    aria-autocomplete="list" aria-expanded="false" aria-controls="ae-suggestions"
    aria-keyshortcuts="{SEARCH}">
  <kbd aria-hidden="true">{SEARCH}</kbd>
  <ul id="ae-suggestions" role="listbox" aria-label="Suggestions" hidden></ul>
</form>
"""


def render_search_box(opened: OpenRun) -> None:
    """The box at the head of the page, with what its link asked for."""
    text = " ".join(state.current().filters.get("text", ()))
    data = {
        "value": text if state.page() in _FOLLOWED else "",
        "address": suggestions_url(opened.run.run_id),
        "own": [asdict(each) for each in opened.own_suggestions],
        "fields": describe_fields(opened.word),
        "key": SEARCH,
    }
    with st.container(key="search"):
        _component()(
            key=KEY,
            height="content",
            data=data,
            on_searched_change=event_taker(KEY, "searched", _take),
        )
    if state.page() in LISTS and (remarks := list_remarks(opened)):
        said = "<br>".join(map(escape, remarks))
        st.html(f'<p class="ae-note ae-remarks" role="status">{said}</p>')


def describe_fields(word: LabelWord) -> list[tuple[str, str]]:
    """What can be typed, with what it means, for a box that is empty."""
    return [
        ("sunflowers gogh", f"in title, artist or {word.singular}, all words"),
        ('"starry night"', "these words together"),
        ("1906", "that year; also 1900..1910"),
        ("artist:", "also title:"),
        (f"{name_field(word.singular)}:", f"the given {word.singular}; seen: the predicted one"),
        ("set:", "a set by its name; verdict: right, wrong, none, ..."),
        ("-", "before any of these: not"),
    ]


def list_remarks(opened: OpenRun) -> list[str]:
    """Sentences on what the search in force asks for that cannot be read, or is not here."""
    text = " ".join(state.current().filters.get("text", ()))
    query = read_query(opened.table, text)
    return [*query.faults, *list_unmatched(opened.table, query, opened.word.singular)]


@cache
def _component() -> Any:
    script = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    return st.components.v2.component(
        "artextract_search", html=_HTML, js=script, isolate_styles=False
    )


def _take(searched: Any) -> None:
    text = str(searched).strip()[:LONGEST_QUERY]
    if state.page() in LISTS:
        state.set_filter("text", (text,) if text else ())
    elif text:
        found = {"text": (text,)}
        state.go("outliers", filters=found, area="", hidden=(), painting="", origin="")
