"""Keys that no button owns: they move in galleries, judge the focused picture, list all keys.

A key that does what a button does is that button's: its ``shortcut``, or the verdict panel's. All
are in ``dashboard.session.shortcuts``. The name that verdicts are signed with is kept in the
browser here, because this is drawn on every page.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import streamlit as st

from core.label_word import STYLE
from dashboard.access import sign_in
from dashboard.runs.open_run import OpenRun
from dashboard.selection.ticks import MOST_TICKED, parse_ticks
from dashboard.session import reviewing, state, visitor
from dashboard.session.shortcuts import HELP, PICTURES, TICK, UNDO, list_keys, list_shortcuts

_KEY: Final = "keyboard"
_HERE: Final = Path(__file__).parent
_SCRIPTS: Final = ("outbox.js", "tiles.js", "keyboard.js")
_HTML: Final = f"""
<button type="button" class="ae-keys" aria-haspopup="dialog">Keys <kbd>{HELP}</kbd></button>
<dialog class="ae-shortcuts" aria-labelledby="ae-shortcuts-title">
  <header><h2 id="ae-shortcuts-title">Keyboard shortcuts</h2>
    <button type="button" aria-label="Close">×</button></header>
  <div class="sections"></div>
</dialog>
"""


def render_keyboard(opened: OpenRun | None) -> None:
    """Listens for keys; draws the button that lists the keyboard shortcuts.

    None where no run is open: then only the list of keys is there.
    """
    word = STYLE if opened is None else opened.word
    _component()(
        key=_KEY,
        height="content",
        data={
            "sections": list_shortcuts(state.page(), word),
            "keys": {
                "help": HELP,
                "pictures": PICTURES.lower(),
                "undo": UNDO.lower(),
                "tick": TICK.lower(),
                "verdicts": list_keys(word),
            },
            "ticked": list(parse_ticks(state.current().ticked)),
            "most_ticked": MOST_TICKED,
            "carries": opened is not None,
            "answers": reviewing.list_answers(),
            "visit": reviewing.find_visit(),
            "name": None if sign_in.is_on() else visitor.reviewer(),
        },
        on_pressed_change=partial(_take, opened),
        on_carried_change=partial(_take_carried, opened),
    )


@cache
def _component() -> Any:
    script = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    return st.components.v2.component(
        "artextract_keyboard", html=_HTML, js=script, isolate_styles=False
    )


def _take(opened: OpenRun | None) -> None:
    if opened is None:
        return
    for press in reviewing.list_presses(_KEY):
        reviewing.take_gallery_press(opened, press)


def _take_carried(opened: OpenRun | None) -> None:
    """Presses of the verdict panel that its page was left before they were answered."""
    if opened is None:
        return
    for press in reviewing.list_presses(_KEY, "carried"):
        reviewing.take_press(opened, press, lambda: None)
