"""The verdict panel: a painting, its label, five buttons with their keys, the label to propose.

One component, so that what is pressed and what is seen come from the same run of the script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Any, Final

import numpy as np
import streamlit as st

from core.findings.hands.wording import describe_attribution
from core.reviews import ReviewLog
from core.reviews.entry import MAX_NOTE, VERDICTS, list_verdicts
from core.tasks import Task, given_column
from dashboard.runs.comparison import find_hand, find_others, find_own
from dashboard.runs.open_run import OpenRun
from dashboard.selection.verdicts import VERDICT_NAMES
from dashboard.server.images import image_url
from dashboard.session import reviewing, undoing, visitor
from dashboard.session.events import read_event
from dashboard.session.presses import MAX_TERM, Card
from dashboard.session.proposals import find_proposal
from dashboard.session.reviewing import Done
from dashboard.session.shortcuts import COMPARE, REDO, SKIP, UNDO, VERDICT_KEYS
from dashboard.words import (
    class_name,
    model_clause,
    painting_byline,
    painting_title,
    picture_text,
)

KEY: Final = "verdict-panel"
_COMPARING: Final = "artextract.comparing"
_HERE: Final = Path(__file__).parent
_BUTTONS: Final = "".join(
    f'<button type="button" data-verdict="{verdict}" data-key="{key}" aria-keyshortcuts="{key}" '
    f'title="{escape(VERDICTS[verdict])}" disabled><kbd>{key}</kbd> '
    f"<span>{escape(VERDICT_NAMES[verdict])}</span></button>"
    for verdict, key in VERDICT_KEYS.items()
)
# No button acts before the browser's part is there and has drawn what it acts on.
_HTML: Final = f"""
<section class="ae-panel" aria-label="Verdict">
  <figure hidden></figure>
  <div class="compared" hidden></div>
  <div>
    <h2 class="title"></h2><p class="byline"></p>
    <p class="labels"><span class="chip"><small>Label</small> <b class="given"></b></span>
      <span class="chip proposed"><small></small> <b></b></span></p>
    <p class="reason answer"></p><p class="reason evidence"></p>
    <div class="verdicts">{_BUTTONS}</div>
    <div class="ask" role="group" aria-label="Confirm the term" hidden><p></p>
      <button type="button" data-act="back">Go back</button>
      <button type="button" data-act="confirm">Record anyway</button></div>
    <p class="told" role="status" aria-live="polite"></p>
    <div class="fields">
      <label>If wrong, the correct <span class="task"></span>
        <select class="right"></select></label>
      <label>Note <input class="note" maxlength="{MAX_NOTE}" placeholder="Why, or a source"></label>
      <input class="term" maxlength="{MAX_TERM}" aria-label="Another term"
        placeholder="Another term" hidden>
    </div>
    <p class="why"></p>
    <div class="rest">
      <button type="button" data-act="compare" aria-keyshortcuts="{COMPARE}" aria-pressed="false"
        title="The artist's works with this label, and the nearest of both labels by others."
        disabled><kbd>{COMPARE}</kbd> Compare</button>
      <button type="button" data-act="skip" aria-keyshortcuts="{SKIP}"
        title="Skips it for this visit, without a verdict." disabled
        ><kbd>{SKIP}</kbd> Skip</button>
      <button type="button" data-act="undo" aria-keyshortcuts="{UNDO}"
        title="The log keeps a record of it." disabled><kbd>{UNDO}</kbd> <span>Undo</span></button>
      <button type="button" data-act="redo" aria-keyshortcuts="{REDO}" hidden
        title="Records again what was undone." disabled><kbd>{REDO}</kbd> <span></span></button>
      <label>Verdicts to undo <input class="count" type="number" min="1" value="1"></label>
    </div>
    <p class="signed"></p>
  </div>
</section>
"""


def render_verdict_panel(
    opened: OpenRun,
    log: ReviewLog,
    row: int | None,
    task: Task,
    done: Done,
    *,
    ahead: Sequence[int] = (),
    is_queue: bool = True,
    asked: Mapping[int, str] | None = None,
    settles: bool = False,
) -> None:
    """The panel for the painting ``row``; with None there is nothing to judge, only to undo.

    ``done`` is called when a verdict was recorded. In the queue the panel shows the picture, and
    the cards of the rows ``ahead``, which come next, are sent along: each is drawn as soon as the
    one before is judged. Elsewhere the page shows the picture, and nothing can be skipped.
    ``asked``: by row, which of several styles is judged, by default the one in front.
    ``settles``: a verdict ends a disagreement, and there is no other painting to go on to.
    """
    rows, asked = [] if row is None else [row, *ahead], asked or {}
    cards = [_build_card(opened, each, task, is_queue, asked.get(each)) for each in rows]
    undoable, latest = undoing.load_undoable(log, opened)
    told, was_done = reviewing.find_told()
    data = {
        "card": cards[0] if cards else None,
        "ahead": cards[1:],
        "answers": reviewing.list_answers(),
        "visit": reviewing.find_visit(),
        "told": {"text": told, "done": was_done},
        "compared": _build_compared(opened, row, task, asked)
        if is_queue and is_comparing() and not settles
        else None,
        "undoable": {"rows": undoable, "latest": latest},
        "redoable": undoing.find_redoable(opened),
        "signed": f"Signed as {visitor.reviewer()}",
        "skips": is_queue and row is not None and not settles,
        "keys": {
            "compare": COMPARE.lower(),
            "skip": SKIP.lower(),
            "undo": UNDO.lower(),
            "redo": REDO.lower(),
        },
    }
    reviewing.show_cards(_read_card(opened, each, task, asked.get(each), settles) for each in rows)
    _component()(
        key=KEY,
        data=data,
        on_pressed_change=partial(_take, opened, done),
        on_comparing_change=_take_comparing,
    )


def _read_card(opened: OpenRun, row: int, task: Task, label: str | None, settles: bool) -> Card:
    given = label or opened.table.loc[row, given_column(task)]
    judged = given if isinstance(given, str) else None
    return Card(str(opened.table.loc[row, "key"]), task, judged, settles)


def _build_card(
    opened: OpenRun, row: int, task: Task, is_queue: bool, label: str | None
) -> dict[str, Any]:
    painting = opened.table.loc[row].to_dict()
    given = label or painting[given_column(task)]
    own = opened.list_labels(row) if task == "style" else [given]
    proposal = find_proposal(opened, row, task)
    return {
        "painting": str(painting["key"]),
        "task": task,
        "called": opened.word.name(task),
        "verdicts": list_verdicts(opened.word.name(task)),
        "one": opened.word.one(task),
        "title": painting_title(painting),
        "byline": painting_byline(painting),
        "given": class_name(given) if isinstance(given, str) else "None",
        "answer": _tell_beside(opened, own if task == "style" else [], given)
        + _tell_answer(painting, task)
        if is_queue
        else "",
        "evidence": _tell_evidence(opened, row, task, label) if is_queue else "",
        "label": given if isinstance(given, str) else "",
        "classes": [[n, class_name(n), of] for n, of in opened.list_terms(task) if n not in own],
        "closed": task == "style" and opened.run.vocabulary is not None,
        "proposed": proposal.label,
        "why": proposal.why,
        "picture": _picture(opened, row) if is_queue else "",
        "alt": picture_text(painting),
    }


def is_comparing() -> bool:
    """Whether the queue's paintings are shown beside others, until that is switched off."""
    return bool(st.session_state.get(_COMPARING))


def _take_comparing() -> None:
    st.session_state[_COMPARING] = read_event(KEY, "comparing") == "on"


def _build_compared(
    opened: OpenRun, row: int | None, task: Task, asked: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Groups of works beside the painting ``row``: what each is, and its pictures."""
    if row is None:
        return []
    if task == "artist":
        hands = [opened.table["given_artist"].iloc[row], find_proposal(opened, row, task).label]
        names = [str(name) for name in hands if isinstance(name, str)]
        return _draw_groups(
            opened, [(f"By {name}", find_hand(opened, row, name)) for name in names]
        )
    given = asked.get(row, opened.table["given"].iloc[row])
    proposed = find_proposal(opened, row, "style").label
    label = given if isinstance(given, str) else None
    groups: list[tuple[str, np.ndarray]] = []
    if label is not None:
        name = class_name(label)
        groups.append((f"By the artist, labelled {name}", find_own(opened, row, label)))
        groups.append((f"Nearest {name} by others", find_others(opened, row, label)))
    if proposed is not None:
        nearest = find_others(opened, row, proposed)
        groups.append((f"Nearest {class_name(proposed)} by others", nearest))
    return _draw_groups(opened, groups)


def _draw_groups(opened: OpenRun, groups: Sequence[tuple[str, np.ndarray]]) -> list[dict[str, Any]]:
    return [
        {"title": title, "pictures": [_build_picture(opened, int(each)) for each in rows]}
        for title, rows in groups
    ]


def _build_picture(opened: OpenRun, row: int) -> dict[str, str]:
    painting = opened.table.loc[row].to_dict()
    text = f"{painting_title(painting)}, {painting_byline(painting)}"
    return {"source": _picture(opened, row), "alt": picture_text(painting), "text": text}


def _tell_beside(opened: OpenRun, labels: Sequence[Any], asked: Any) -> str:
    """Of a work of several labels, the others than the one asked about; "" of any other."""
    others = [class_name(str(label)) for label in labels if label != asked]
    if not others:
        return ""
    return f"Labelled {' and '.join(others)} as well; each {opened.word.singular} is asked alone. "


def _tell_answer(painting: Mapping[Any, Any], task: Task) -> str:
    """What the model sees; the label, which it is compared with, stands above it."""
    if task == "artist":
        return describe_attribution(painting)
    clause = model_clause(painting)
    return f"{clause[0].upper()}{clause[1:]}."


def _tell_evidence(opened: OpenRun, row: int, task: Task, label: str | None) -> str:
    """The weightiest sentence after the one on the model's answer, which always comes first.

    ``label``: which of several is asked about; sentences that name it go before others.
    """
    if task == "artist":
        return ""
    lines = opened.tell([row])[0].lines[1:]
    about = [line for line in lines if label is not None and class_name(label) in line]
    return next(iter([*about, *lines]), "")


def _picture(opened: OpenRun, row: int) -> str:
    return image_url(opened.run.run_id, row, "640")


def _take(opened: OpenRun, done: Done) -> None:
    for press in reviewing.list_presses(KEY):
        reviewing.take_press(opened, press, done)


@cache
def _component() -> Any:
    names = ("outbox.js", "verdict_panel.js")
    script = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)
    return st.components.v2.component(
        "artextract_verdicts", html=_HTML, js=script, isolate_styles=False
    )
