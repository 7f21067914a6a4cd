"""What a link says: filters, thresholds, outlines, what is open. Texts in, texts out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from itertools import islice
from typing import Any, Final

from core.findings.appearance import FORMER
from dashboard.selection.facets import FACETS
from dashboard.selection.filters import Filters
from dashboard.selection.order import DEFAULT_ORDER
from dashboard.selection.outlines import parse_outlines

MOST_VALUES: Final = 500  # of one parameter
LONGEST: Final = 4_096  # characters of a value: as long as a painting's key can be
LAST_PAGE: Final = 1_000_000
_OUTLINES: Final = ("area", "region")
# Names of parameters, and values of filters, in addresses saved before: read, never written.
_FORMER: Final = {"gallery_page": "sheet", "section": "desk"}
_FORMER_VALUES: Final[dict[str, Mapping[str, str]]] = {"medium": FORMER}


@dataclass(frozen=True)
class State:
    """Everything a link says except its page, which is the path. Empty: the page's default."""

    run: str = ""
    filters: Filters = field(default_factory=dict)
    loss: float | None = None  # threshold of high loss
    confidence: float | None = None  # threshold of high confidence
    order: str = DEFAULT_ORDER
    gallery_page: int = 1
    task: str = "style"
    colour: str = "given"  # what colours the map
    area: str = ""  # outlines drawn on the quadrant chart
    region: str = ""  # outlines drawn on the map
    ticked: str = ""  # paintings ticked one by one (``selection.ticks``)
    find: str = ""  # words of the search on the map
    focus: str = ""  # key of the painting that the map flies to
    hidden: tuple[str, ...] = ()  # classes switched off in a cloud's legend
    painting: str = ""  # key of the open painting
    subject: str = ""  # key of the painting that the Classify page is asked about
    section: str = "queue"  # part of the Reviews page
    verdicts: tuple[str, ...] = ()  # kinds of verdict listed there; empty for all
    reviewers: tuple[str, ...] = ()  # whose verdicts are listed there; empty for all
    other: str = ""  # run that this one is compared with
    case: str = ""  # the open case
    origin: str = ""  # page whose list the painting was opened from


_DEFAULT: Final = State()


def encode(state: State) -> dict[str, list[str]]:
    """Query parameters of ``state``; defaults are left out."""
    filters = {name: list(chosen) for name, chosen in state.filters.items() if chosen}
    values = {each.name: getattr(state, each.name) for each in fields(State)}
    return filters | {
        name: list(value) if isinstance(value, tuple) else [str(value)]
        for name, value in values.items()
        if name != "filters" and value != getattr(_DEFAULT, name)
    }


def decode(params: Mapping[str, list[str]]) -> State:
    """The state of an address; unknown parameters, unreadable and endless values are left out."""
    filters = {
        name: bound_texts(_FORMER_VALUES.get(name, {}).get(text, text) for text in params[name])
        for name in FACETS
        if params.get(name)
    }
    values: dict[str, Any] = {"filters": filters}
    for each in fields(State):
        given = params.get(each.name) or params.get(_FORMER.get(each.name, ""))
        if each.name != "filters" and given:
            parsed = _parse(each.default, each.name, given)
            if parsed is not None:
                values[each.name] = parsed
    return State(**values)


def find_unknown(params: Iterable[str]) -> list[str]:
    """Names of parameters that mean nothing here: misspelt, or of another version.

    Those that mail programs add to every link (``utm_...``) are none of them.
    """
    known = {each.name for each in fields(State)} - {"filters"} | {*FACETS, *_FORMER.values()}
    return [name for name in params if name not in known and not name.startswith("utm_")]


def find_unread(params: Mapping[str, list[str]]) -> list[str]:
    """Names of parameters that mean something here, but whose value cannot be read."""
    return [
        each.name
        for each in fields(State)
        if each.name != "filters"
        and params.get(each.name)
        and _parse(each.default, each.name, params[each.name]) is None
    ]


def _parse(default: object, name: str, given: list[str]) -> Any:
    if isinstance(default, tuple):
        return bound_texts(given)
    if isinstance(default, str):
        is_read = parse_outlines(given[-1]) if name in _OUTLINES else len(given[-1]) <= LONGEST
        return given[-1] if is_read else None
    try:
        number = float(given[-1][:LONGEST])
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return min(max(1, int(number)), LAST_PAGE) if name == "gallery_page" else number


def bound_texts(given: Iterable[str]) -> tuple[str, ...]:
    """Each of ``given`` once, at most ``MOST_VALUES``; those longer than ``LONGEST`` left out."""
    fitting = (text for text in given if len(text) <= LONGEST)
    return tuple(islice(dict.fromkeys(fitting), MOST_VALUES))
