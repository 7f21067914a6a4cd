"""Keys that no button owns: they move in the galleries, judge the picture in focus, list all keys.

A key that does what a button does is that button's ``shortcut``. Both are in
``dashboard.components.shortcuts``.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import streamlit as st

from core.reviews import Verdict
from dashboard.components.shortcuts import HELP, PICTURES, UNDO, VERDICT_KEYS, list_shortcuts
from dashboard.runs.cache import OpenRun
from dashboard.selection.marks import VERDICT_NAMES
from dashboard.session import reviewing, state
from dashboard.words import painting_title, plain

_KEY: Final = "keyboard"
_SCRIPT: Final = Path(__file__).with_name("keyboard.js")
_HTML: Final = f"""
<button type="button" class="ae-keys" aria-haspopup="dialog">Keys <kbd>{HELP}</kbd></button>
<dialog class="ae-sheet" aria-labelledby="ae-sheet-title">
  <header><h2 id="ae-sheet-title">Keys of this page</h2>
    <button type="button" aria-label="Close">×</button></header>
  <div class="sections"></div>
</dialog>
"""


def render_keyboard(opened: OpenRun) -> None:
    """Listens for keys; draws the button of the help sheet."""
    _component()(
        key=_KEY,
        height="content",
        data={
            "sections": list_shortcuts(state.page()),
            "keys": {
                "help": HELP,
                "pictures": PICTURES.lower(),
                "undo": UNDO.lower(),
                "verdicts": {key: verdict for verdict, key in VERDICT_KEYS.items()},
            },
        },
        on_judged_change=partial(_take_verdict, opened),
        on_undone_change=_undo,
    )


@cache
def _component() -> Any:
    script = _SCRIPT.read_text(encoding="utf-8")
    return st.components.v2.component(
        "artextract_keyboard", html=_HTML, js=script, isolate_styles=False
    )


def _take_verdict(opened: OpenRun) -> None:
    judged = st.session_state[_KEY].judged
    if judged:
        judge(opened, str(judged["painting"]), judged["verdict"])


def judge(opened: OpenRun, key: str, verdict: Verdict) -> None:
    """Records ``verdict`` on the style label of the painting ``key``, and says so.

    Of a wrong label the style that the evidence names is proposed.
    """
    rows = np.flatnonzero((opened.table["key"] == key).to_numpy())
    if not len(rows) or verdict not in VERDICT_NAMES:
        return
    if not reviewing.reviewer():
        reviewing.say("Say who you are on the Reviews page first; then the keys 1 to 5 judge.")
        return
    painting = opened.table.loc[int(rows[0])].to_dict()
    proposed = reviewing.suggested_label(painting, "style") if verdict == "wrong" else None
    if reviewing.record(opened, [int(rows[0])], "style", verdict, proposed, ""):
        reviewing.say(
            f"{VERDICT_NAMES[verdict]}: {plain(painting_title(painting))}. {UNDO} takes it back."
        )


def _undo() -> None:
    if not st.session_state[_KEY].undone:
        return
    undone = reviewing.undo() if reviewing.reviewer() else []
    reviewing.say("Took your last verdict back." if undone else "You have no verdict to take back.")
