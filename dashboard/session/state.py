"""What is open, filtered and selected, kept in the address so that a pasted link reopens it.

One mechanism for all of it. ``begin`` takes the address at the start of a run of the script,
widgets are seeded by ``seed`` and report through ``update``, ``publish`` writes the address back.
Streamlit's own ``bind="query-params"`` is not used: it cannot be mixed with parameters that no
widget owns (the open painting, a drawn outline) without losing one or the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit
from uuid import uuid4

import streamlit as st

from core.text import show_line
from dashboard.navigation import PAINTING_PAGE
from dashboard.selection.facets import FACETS
from dashboard.selection.likeness import LIKE
from dashboard.selection.state import State, decode, encode, find_unknown, find_unread
from dashboard.words import plain

_STATE: Final = "artextract.state"
_ADDRESS: Final = "artextract.address"  # the last that was read or written
_PAGE: Final = "artextract.page"
_WRITTEN: Final = "artextract.written"  # the page whose address was written last
_GOING: Final = "artextract.going"
_WIDGET: Final = "widget."
_ANY_KEY: Final = uuid4().hex  # stands for a painting's key in an address
_RESETS_GALLERY: Final = frozenset(
    ("run", "filters", "loss", "confidence", "order", "area", "region", "hidden")
)


def begin(page: str) -> State:
    """Reads the address if it has changed: a link, or the browser's back button.

    A change of ``page`` drops parameters and widgets; the session's state is then kept.
    """
    params = _read_address()
    known = st.session_state.get(_ADDRESS)
    if known is None or (params and params != known):
        st.session_state[_ADDRESS] = params  # once: what is chosen meanwhile may break this run off
        st.session_state[_STATE] = decode(params)
        _forget_widgets()
        if unknown := find_unknown(params):
            names = plain(show_line(", ".join(unknown)))
            st.toast(f"This link asks for what is not known here, which was ignored: {names}.")
        if unread := find_unread(params):
            names = ", ".join(unread)
            st.toast(f"This link gives values that cannot be read, which were ignored: {names}.")
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        _forget_widgets()
        if st.session_state.get(_GOING, page) != PAINTING_PAGE and "painting" not in params:
            update(painting="")
    return current()


def find_run() -> str:
    """The run to be shown, before ``begin`` as well: a new address's, else the one chosen."""
    params = _read_address()
    if params and params != st.session_state.get(_ADDRESS):
        return decode(params).run
    return str(st.session_state.get(key_of("run")) or current().run)


def page() -> str:
    """Path of the page that is drawn."""
    return str(st.session_state.get(_PAGE, ""))


def go(path: str, **changes: Any) -> None:
    """Switches to the page at ``path`` once the script gets to it."""
    update(**changes)
    _forget_widgets()
    st.session_state[_GOING] = path


def open_painting(key: str) -> None:
    """Opens the page of the painting ``key``, which remembers the list on this one."""
    go(PAINTING_PAGE, painting=key, origin=_origin())


def follow(address: str) -> None:
    """Goes where a link of ``link_to`` leads."""
    parts = urlsplit(address)
    st.session_state[_STATE] = decode(parse_qs(parts.query))
    go(parts.path or page())


def take_destination() -> str | None:
    """The page to leave for, if any.

    A link to any page that names a painting leads to the painting's own. Streamlit leaves such an
    address behind in the browser's history when it changes pages: that one names its own page as
    the origin, and coming back to it must not lead forward again.
    """
    path = st.session_state.pop(_GOING, None)
    if path is None and current().painting and page() not in (PAINTING_PAGE, current().origin):
        update(origin=page())
        path = PAINTING_PAGE
    return path if path != page() else None


def current() -> State:
    state: State = st.session_state.setdefault(_STATE, State())
    return state


def update(**changes: Any) -> State:
    """Changes the state; a change of what is shown starts the gallery at its first page."""
    before = current()
    changed = {name for name, value in changes.items() if getattr(before, name) != value}
    if not before.run:  # the link named no run: choosing one changes nothing else in it
        changed.discard("run")
    if "run" in changed:  # rows are those of one run
        filters = {**changes.get("filters", before.filters)}
        filters.pop(LIKE, None)
        changes = {"ticked": ""} | changes | {"filters": filters}
    if changed & _RESETS_GALLERY and "gallery_page" not in changes:
        changes["gallery_page"] = 1
        _forget_widgets("gallery_page")
    st.session_state[_STATE] = replace(before, **changes)
    return current()


def set_filter(name: str, chosen: Iterable[str]) -> None:
    """Changes one filter; no value removes it."""
    others = {each: values for each, values in current().filters.items() if each != name}
    values = tuple(dict.fromkeys(chosen))
    update(filters=others | {name: values} if values else others)


def clear_filters() -> None:
    """Clears every filter, and its widget."""
    _forget_widgets(*FACETS)
    update(filters={})


def change(**changes: Any) -> None:
    """As ``update``, for changes that no widget of their own reports: the widgets follow."""
    _forget_widgets(*changes)
    update(**changes)


def reset(*names: str) -> None:
    """Resets fields to their defaults, and their widgets."""
    default = State()
    change(**{name: getattr(default, name) for name in names})


def key_of(name: str) -> str:
    """Key of the widget for ``name``."""
    return _WIDGET + name


def seed(name: str, value: Any) -> str:
    """Key of the widget for ``name``, which starts from ``value`` unless it already has one."""
    key = key_of(name)
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def taker(name: str, take: Callable[..., None]) -> Callable[..., None]:
    """Callback of the widget for ``name``: ``take`` with its value, and with what else it gets.

    It does nothing for a widget that is forgotten: of a page that was left a moment ago, Streamlit
    takes every value for a new one.
    """

    def run(*args: Any) -> None:
        if key_of(name) in st.session_state:
            take(st.session_state[key_of(name)], *args)

    return run


def show(name: str, value: Any) -> str:
    """Key of the widget for ``name``, which shows ``value`` whatever it showed before."""
    key = key_of(name)
    st.session_state[key] = value
    return key


def publish() -> None:
    """Writes the state to the address.

    That of a new page is written even if the server knows it so already: the browser may have
    heard of another page since, which was asked for before this one.
    """
    params = encode(current())
    if params != _read_address() or st.session_state.get(_WRITTEN, page()) != page():
        st.query_params.from_dict(params)
    st.session_state[_ADDRESS] = params
    st.session_state[_WRITTEN] = page()


def link_to(path: str, **changes: Any) -> str:
    """Address of the page at ``path`` with ``changes``, for an ordinary link."""
    return f"{path}?" + urlencode(encode(replace(current(), **changes)), doseq=True)


def link_alone(path: str, **kept: Any) -> str:
    """Address of the page at ``path`` with this run and ``kept``, everything else by default."""
    return f"{path}?" + urlencode(encode(State(**{"run": current().run} | kept)), doseq=True)


def link_to_pair(given: str, predicted: str) -> str:
    """Address of the paintings labelled ``given`` that are seen as ``predicted``, and no others."""
    return link_alone("outliers", filters={"given": (given,), "predicted": (predicted,)})


def link_to_painting(key: str) -> str:
    """Address of a painting's page; it remembers the list on this one."""
    return link_to(PAINTING_PAGE, painting=key, origin=_origin())


def link_to_paintings() -> Callable[[str], str]:
    """As ``link_to_painting``, for many: what their addresses share is written once."""
    before, after = link_to_painting(_ANY_KEY).split(_ANY_KEY)
    return lambda key: before + quote_plus(key) + after


def _origin() -> str:
    return current().origin if page() == PAINTING_PAGE else page()


def _read_address() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _forget_widgets(*names: str) -> None:
    wanted = {_WIDGET + name for name in names}
    for key in list(st.session_state):
        if str(key).startswith(_WIDGET) and (not wanted or key in wanted):
            del st.session_state[key]
