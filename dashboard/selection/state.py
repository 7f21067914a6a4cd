"""What a link says: filters, lines, outlines, what is open. Texts in, texts out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from dashboard.selection.facets import FACETS
from dashboard.selection.filters import Filters
from dashboard.selection.order import DEFAULT_ORDER


@dataclass(frozen=True)
class State:
    """All that a link says, page aside (that is its path). Empty means the page's default."""

    run: str = ""
    filters: Filters = field(default_factory=dict)
    loss: float | None = None  # line between low and high loss
    confidence: float | None = None  # line between low and high confidence
    order: str = DEFAULT_ORDER
    sheet: int = 1  # page of the gallery
    task: str = "style"
    colour: str = "given"  # what colours the map
    area: str = ""  # outlines drawn on the quadrant chart
    region: str = ""  # outlines drawn on the map
    find: str = ""  # words of the search on the map
    focus: str = ""  # key of the painting that the map flies to
    hidden: tuple[str, ...] = ()  # classes switched off in a cloud's legend
    painting: str = ""  # key of the open painting
    subject: str = ""  # key of the painting that the Classify page is asked about
    desk: str = "queue"  # part of the Reviews page
    verdicts: tuple[str, ...] = ()  # kinds of verdict listed there; empty for all
    reviewers: tuple[str, ...] = ()  # whose verdicts are listed there; empty for all
    other: str = ""  # run that this one is compared with
    case: str = ""  # the open case
    origin: str = ""  # page whose list the painting was opened from


def encode(state: State) -> dict[str, list[str]]:
    """Query parameters of ``state``; defaults are left out."""
    default = State()
    filters = {name: list(chosen) for name, chosen in state.filters.items() if chosen}
    values = {each.name: getattr(state, each.name) for each in fields(State)}
    return filters | {
        name: list(value) if isinstance(value, tuple) else [str(value)]
        for name, value in values.items()
        if name != "filters" and value != getattr(default, name)
    }


def decode(params: Mapping[str, list[str]]) -> State:
    """The state of an address; unknown parameters and unreadable values are left out."""
    filters = {name: tuple(dict.fromkeys(params[name])) for name in FACETS if params.get(name)}
    values: dict[str, Any] = {"filters": filters}
    for each in fields(State):
        given = params.get(each.name)
        if each.name != "filters" and given:
            parsed = _parse(each.default, each.name, given)
            if parsed is not None:
                values[each.name] = parsed
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
