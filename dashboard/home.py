"""The script that Streamlit runs: style, run picker, navigation, the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.artifacts import RunError
from core.label_word import STYLE, LabelWord
from dashboard.access import sign_in
from dashboard.components.keyboard import render_keyboard
from dashboard.components.links import render_links
from dashboard.components.page import render_style
from dashboard.components.roles import render_roles
from dashboard.components.run_picker import render_broken_run, render_no_run, render_run_picker
from dashboard.components.search_box import render_search_box
from dashboard.components.signature import render_signed
from dashboard.components.signed_in import render_nobody, render_who
from dashboard.navigation import FIRST_PAGE, HIDDEN, LONE_PAGES, PAGES, PAINTING_PAGE, list_paths
from dashboard.runs import cache, review_cache, warm_up
from dashboard.runs.open_run import OpenRun
from dashboard.selection.state import encode
from dashboard.session import state, visitor
from dashboard.settings import load_settings
from dashboard.views import (
    cases,
    classify,
    compare,
    new_collection,
    outliers,
    overview,
    painting,
    reviews,
    sets,
    style_map,
)

ICON: Final = str(Path(__file__).with_name("icon.svg"))
LOGO: Final = str(Path(__file__).with_name("logo.svg"))
Render = Callable[[OpenRun], None]
RENDER: Final[dict[str, Render]] = {
    FIRST_PAGE: overview.render,
    "outliers": outliers.render,
    "map": style_map.render,
    "cases": cases.render,
    "sets": sets.render,
    "reviews": reviews.render,
    "compare": compare.render,
    "classify": classify.render,
    PAINTING_PAGE: painting.render,
}
RENDER_ALONE: Final[dict[str, Callable[[], None]]] = {"new-collection": new_collection.render}


def main() -> None:
    """Draws the page that the address names, for those who may see it."""
    st.set_page_config(
        page_title="ArtExtract curator",
        page_icon=ICON,
        layout="wide",
        initial_sidebar_state="auto",
    )
    render_style()
    st.logo(LOGO, size="large", icon_image=ICON)
    person = sign_in.find_person()
    may_look = not sign_in.is_on() or (person is not None and person.is_listed)
    pages = _build_pages(_find_word() if may_look else STYLE)
    page = st.navigation(list(pages.values()), position="top" if may_look else "hidden")
    if may_look:
        _draw(page, pages)
    else:
        render_nobody()
    if person is not None and may_look:
        render_who(person)


def _build_pages(word: LabelWord) -> dict[str, StreamlitPage]:
    titles = PAGES | LONE_PAGES
    draw: dict[str, Callable[[], None]] = {
        **{path: partial(_render, render) for path, render in RENDER.items()},
        **{path: partial(_render_alone, render) for path, render in RENDER_ALONE.items()},
    }
    return {
        path: st.Page(
            draw[path],
            title=word.fill(titles[path]),
            url_path=path,
            default=path == FIRST_PAGE,
            visibility="hidden" if path in HIDDEN else "visible",
        )
        for path in list_paths(load_settings())
    }


def _find_word() -> LabelWord:
    """What the labels of the run to be shown are called, before a page has been chosen."""
    asked = state.find_run()
    runs = {entry.run_id: entry.run for entry in cache.list_all() if entry.error is None}
    run = runs.get(asked) or next(iter(runs.values()), None)
    return STYLE if run is None else run.manifest.word


def _draw(page: StreamlitPage, pages: dict[str, StreamlitPage]) -> None:
    state.begin(page.url_path or FIRST_PAGE)
    destination = state.take_destination()
    if destination in pages:
        st.switch_page(pages[destination], query_params=encode(state.current()))
    with review_cache.one_look():
        page.run()
    render_links()  # outside the page, which it outlives
    state.publish()
    warm_up.note_drawn()


def _render_alone(render: Callable[[], None]) -> None:
    render()
    render_roles()
    render_keyboard(None)


def _render(render: Render) -> None:
    entries = cache.list_all()
    if not entries:
        render_no_run(load_settings().artifacts)
        render_keyboard(None)
        return
    entry = render_run_picker(entries)
    try:
        if entry.error is not None:
            raise entry.error
        opened = visitor.attach(cache.open_listed(entry.run_id))
        render_search_box(opened)
        render(opened)
        render_signed()
        render_roles()
        render_keyboard(opened)
    except RunError as error:
        render_broken_run(entry.run_id, error)
        render_keyboard(None)


if __name__ == "__main__":
    main()
