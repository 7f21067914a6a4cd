"""What is open, filtered and selected: kept in the address, so that a pasted link reopens it.

One mechanism for all of it. ``begin`` takes the address at the start of a run of the script,
widgets are seeded by ``seed`` and report through ``update``, ``publish`` writes the address back.
Streamlit's own ``bind="query-params"`` is not used: it cannot be mixed with parameters that no
widget owns (the open painting, a drawn outline) without losing one or the other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st

from dashboard.filters import Filters

_STATE: Final = "artextract.state"
_PUBLISHED: Final = "artextract.published"
_PAGE: Final = "artextract.page"
_WIDGET: Final = "widget."
_RESETS_SHEET: Final = frozenset(
    ("run", "given", "predicted", "artist", "quadrant", "loss", "confidence", "order")
) | {"area", "region"}


@dataclass(frozen=True)
class State:
    """All that a link says, page aside (that is its path). Empty means the page's default."""

    run: str = ""
    given: tuple[str, ...] = ()
    predicted: tuple[str, ...] = ()
    artist: tuple[str, ...] = ()
    quadrant: tuple[str, ...] = ()
    loss: float | None = None  # line between low and high loss
    confidence: float | None = None  # line between low and high confidence
    order: str = "loss"
    sheet: int = 1  # page of the gallery
    task: str = "style"
    colour: str = "given"  # what colours the map
    area: str = ""  # outlines drawn on the quadrant chart
    region: str = ""  # outlines drawn on the map
    painting: str = ""  # key of the open painting

    @property
    def filters(self) -> Filters:
        return Filters(self.given, self.predicted, self.artist, self.quadrant)


def encode(state: State) -> dict[str, list[str]]:
    """Query parameters of ``state``; defaults are left out."""
    default = asdict(State())
    return {
        name: [str(v) for v in value] if isinstance(value, tuple) else [str(value)]
        for name, value in asdict(state).items()
        if value != default[name]
    }


def decode(params: Mapping[str, list[str]]) -> State:
    """The state of an address; unknown parameters and unreadable values are left out."""
    values = {}
    for field in fields(State):
        given = params.get(field.name)
        if given:
            parsed = _parse(field.default, field.name, given)
            if parsed is not None:
                values[field.name] = parsed
    return State(**values)


def _parse(default: object, name: str, given: list[str]) -> Any:
    if isinstance(default, tuple):
        return tuple(dict.fromkeys(given))
    if isinstance(default, str):
        return given[-1]
    try:
        number = float(given[-1])
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return max(1, int(number)) if name == "sheet" else number


def begin(page: str) -> State:
    """Takes the address where it has changed under us: a link, or the browser's back button.

    A change of ``page`` drops the parameters and the widgets; then the session's own state stands.
    """
    params = _read_address()
    published = st.session_state.get(_PUBLISHED)
    if published is None or (params and params != published):
        st.session_state[_STATE] = decode(params)
        _forget_widgets()
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        _forget_widgets()
    return current()


def current() -> State:
    state: State = st.session_state.setdefault(_STATE, State())
    return state


def update(**changes: Any) -> State:
    """Changes the state; a change of what is shown starts the gallery at its first page."""
    before = current()
    changed = {name for name, value in changes.items() if getattr(before, name) != value}
    if not before.run:  # a link that names no run: choosing one changes nothing that it said
        changed.discard("run")
    if changed & _RESETS_SHEET and "sheet" not in changes:
        changes["sheet"] = 1
        _forget_widgets("sheet")
    st.session_state[_STATE] = replace(before, **changes)
    return current()


def reset(*names: str) -> None:
    """Puts fields back to their defaults, their widgets too."""
    default = State()
    _forget_widgets(*names)
    update(**{name: getattr(default, name) for name in names})


def seed(name: str, value: Any) -> str:
    """Key of the widget for ``name``, which starts from ``value`` unless it already has one."""
    key = _WIDGET + name
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def publish() -> None:
    """Writes the state to the address."""
    params = encode(current())
    if params != _read_address():
        st.query_params.from_dict(params)
    st.session_state[_PUBLISHED] = params


def link_to(**changes: Any) -> str:
    """Address of this page with ``changes``, for an ordinary link."""
    return "?" + urlencode(encode(replace(current(), **changes)), doseq=True)


def _read_address() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _forget_widgets(*names: str) -> None:
    wanted = {_WIDGET + name for name in names}
    for key in list(st.session_state):
        if str(key).startswith(_WIDGET) and (not wanted or key in wanted):
            del st.session_state[key]
