"""The queue: one painting at a time, its evidence, the verdict, and progress."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from core.reviews import ReviewLog
from core.reviews.asked import ask_several
from core.reviews.progress import (
    ENOUGH,
    compute_precision,
    describe_precision,
    measure_pace,
    measure_streak,
)
from core.reviews.queue import build_queue, choose_pool, mix_in, take_columns
from core.reviews.remaining import (
    compute_false_alarms,
    describe_false_alarms,
    describe_remaining,
    estimate_left,
    find_undoubted,
)
from core.reviews.worklists import Assigned
from core.tasks import FURTHER, Task
from dashboard.components.evidence import render_answers, render_nearest
from dashboard.components.evidence import render_facts as render_painting_facts
from dashboard.components.neighbours import render_labelled
from dashboard.components.page import render_empty, render_facts, render_note
from dashboard.components.set_change import render_painting_sets
from dashboard.components.verdict_panel import render_verdict_panel
from dashboard.components.verdicts import render_history, render_reviewer
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.selection.filters import describe_filters
from dashboard.selection.select import facet_in_force
from dashboard.session import (
    ahead,
    messages,
    named_sets,
    reviewing,
    state,
    undoing,
    visitor,
    worklists,
)
from dashboard.views.reviews.asked import (
    Asked,
    find_asked,
    list_assigned,
    render_task,
    view_task,
)
from dashboard.words import TERMS, count, duration, percent, plain, term_html

QUEUE: Final = 200  # paintings looked ahead
CHECKS: Final = (0.0, 0.05, 0.1, 0.2)  # of the queue, labels that nothing doubts
PREVIEW: Final = 14  # of them shown before one has begun


def render_queue(opened: OpenRun, log: ReviewLog) -> None:
    """The painting to judge next, and progress."""
    standing = review_cache.load_standing(opened, log)
    asked = find_asked(opened, log)
    own = standing[standing["task"] == asked.task]
    if log.trouble is not None:
        render_note("You can read verdicts here, but not give them.")
    elif render_reviewer():
        _render_queue(opened, log, asked, own)
    else:
        _render_waiting(opened, asked, own)
    render_progress(opened, own, asked.task)


def _render_queue(opened: OpenRun, log: ReviewLog, asked: Asked, given: pd.DataFrame) -> None:
    """The panel; below it the settings, which decide what it shows, and what else is known."""
    panel, below = st.container(), st.container(horizontal=True, vertical_alignment="center")
    with below:
        mine = given.loc[given["reviewer"] == visitor.reviewer(), "key"]
        if asked.own is None:
            found = find_queue(opened, given, asked.task).tolist()
            labels = find_labels(opened, given, asked.task, own_alone=_counts_own_alone())
        else:
            _render_worklist(asked.own)
            labels = find_labels(opened, given, asked.task, own_alone=True)
            found = list_assigned(opened, asked, mine, labels, ahead.skipped()).tolist()
        filters = _describe_filters(opened) if st.session_state.get("queue.within") else ""
        waiting = ahead.keep_promises(opened, found, mine, f"{asked.name} {filters}", labels)
        rows = _put_returned_first(opened, waiting, asked)
        if rows:
            more = "or more " if len(rows) >= QUEUE else ""
            render_note(f"{len(rows)} {more}waiting. Your verdicts change their order.")
    with panel:
        if rows:
            _render_turn(opened, log, rows, asked.task, labels)
        else:
            _render_done(opened, log, asked)
    if rows:
        _render_known(opened, log, rows[0])


def _render_worklist(own: Assigned) -> None:
    """What is worked on, and the way back to the whole queue."""
    kind = "second review" if own.worklist.is_second else "worklist"
    render_note(f"Your {kind} “{escape(own.found.name)}”: {own.progress.describe()}.")
    st.button("Leave it", on_click=worklists.work_on, args=(None,), type="tertiary")
    _render_skipped()


def _put_returned_first(opened: OpenRun, rows: list[int], asked: Asked) -> list[int]:
    """``rows``, but the painting whose verdict was just undone comes back at once, where it is
    asked about.
    """
    key = undoing.returned(opened.word.name(asked.task))
    if key is None or (asked.own is not None and key not in asked.own.found.keys):
        return rows
    row = opened.find_row(key)
    return rows if row < 0 else [row, *(each for each in rows if each != row)]


def _render_waiting(opened: OpenRun, asked: Asked, given: pd.DataFrame) -> None:
    """The first paintings of the queue, for those who have not started."""
    rows = build_queue(view_task(opened.table, asked.task), given, PREVIEW)
    if len(rows):
        st.html("<h2>First in the queue</h2>")
        render_labelled(opened, rows.to_numpy())


def find_labels(
    opened: OpenRun, given: pd.DataFrame, task: Task, *, own_alone: bool
) -> dict[int, str]:
    """Which label this visitor is asked about next, by row of each work of several.

    ``own_alone``: what others have judged waits for this visitor as well.
    """
    if task != "style" or FURTHER not in opened.table:
        return {}
    several = take_columns(opened.table[opened.table[FURTHER].notna()])
    own = given["reviewer"] == visitor.reviewer()
    asked = ask_several(several, given[own] if own_alone else given)
    left = asked.loc[~asked["judged"], "given"].dropna()
    return {int(row): str(label) for row, label in zip(left.index, left, strict=True)}


def _counts_own_alone() -> bool:
    """Whether what others judged waits for this visitor as well, by the queue's settings."""
    return any(st.session_state.get(f"queue.{name}") for name in ("others", "second"))


def find_queue(opened: OpenRun, given: pd.DataFrame, task: Task) -> np.ndarray:
    """Rows still to judge by this reviewer's settings, without skipped ones."""
    settings = _ask_settings(opened)
    table = view_task(opened.table, task)
    is_mine = given["reviewer"] == visitor.reviewer()
    judged = given[is_mine] if settings.others or settings.second else given
    keep = ~opened.table["key"].isin(ahead.skipped())
    if settings.second:
        keep &= opened.table["key"].isin(given.loc[~is_mine, "key"])
    if settings.within:
        now = state.current()
        kept = facet_in_force(opened, now).find_rows(now.filters)
        keep &= opened.table.index.isin(kept)
    left = take_columns(table)[keep]
    chosen = {"only_paintings": not settings.drawings, "copies": settings.copies}
    queue = build_queue(left, judged, QUEUE, **chosen).to_numpy()
    if not settings.rate:
        return queue
    pool = choose_pool(left, judged, **chosen)
    evidence = pool[["given", "score"]].join(table["predicted"])
    calm = np.sort(pool.index.to_numpy()[find_undoubted(evidence)])
    return mix_in(queue, calm, settings.rate, int(is_mine.sum()), visitor.reviewer())


@dataclass(frozen=True)
class _Settings:
    """What a reviewer lets into the queue, and the share of labels mixed in that nothing doubts."""

    drawings: bool
    copies: bool
    others: bool
    second: bool
    within: bool
    rate: float


def _ask_settings(opened: OpenRun) -> _Settings:
    toggle = partial(st.toggle, on_change=ahead.forget_promises)
    with st.popover("Queue settings", icon=":material/tune:", type="tertiary"):
        render_task(opened)
        drawings = toggle(
            "Include strokes on paper, black and white, smooth greys, rows of marks",
            key="queue.drawings",
            help=TERMS["medium"],
        )
        copies = toggle("Include every copy of a picture", key="queue.copies")
        others = toggle("Include what others have judged", key="queue.others")
        second = toggle(
            "A second review: only what others have judged",
            key="queue.second",
            help=_tell_blindness(),
        )
        filters = _describe_filters(opened)
        within = bool(filters) and toggle(
            f"Only what the filters show: {plain(filters)}", key="queue.within"
        )
        rate = st.select_slider(
            "Mix in labels that nothing doubts",
            CHECKS,
            format_func=lambda share: f"{percent(share)} of paintings" if share else "Off",
            key="queue.check",
            help="They look like any other. This page then says how often one of them is called "
            "wrong, and the estimate of what is left takes that into account.",
            on_change=ahead.forget_promises,
        )
        _render_skipped()
    return _Settings(drawings, copies, others, second, within, rate)


def _tell_blindness() -> str:
    """Whether a second review from the settings is blind: not where all verdicts are shown."""
    if visitor.find_eyes() is None:
        return (
            "Others' verdicts are shown here before yours: for a blind second review, assign a set "
            "on the Sets page."
        )
    return "Their verdicts stay hidden until you have given yours."


def _render_skipped() -> None:
    if ahead.skipped():
        st.button(f"Show the {len(ahead.skipped())} skipped again", on_click=_show_skipped)


def _show_skipped() -> None:
    ahead.skipped().clear()
    ahead.forget_promises()


def _describe_filters(opened: OpenRun) -> str:
    now = state.current()
    if not now.filters:
        return ""  # nothing is placed for it: the next painting does not wait
    table = facet_in_force(opened, now).table
    return describe_filters(table, now.filters, named_sets.read_names())


def _render_done(opened: OpenRun, log: ReviewLog, asked: Asked) -> None:
    told = "Every painting that the queue's settings let in has been judged or skipped."
    if asked.own is not None:
        told = "Every painting of this worklist has been judged or skipped."
    render_empty("Nothing is left to judge", [told])
    render_verdict_panel(opened, log, None, asked.task, partial(_after_verdict, opened, asked.task))


def _render_turn(
    opened: OpenRun, log: ReviewLog, rows: list[int], task: Task, labels: dict[int, str]
) -> None:
    done = partial(_after_verdict, opened, task)
    later = rows[1 : 1 + ahead.AHEAD]
    render_verdict_panel(opened, log, rows[0], task, done, ahead=later, asked=labels)


def _render_known(opened: OpenRun, log: ReviewLog, row: int) -> None:
    painting = opened.table.loc[row].to_dict()
    render_history(opened, log, str(painting["key"]))
    render_painting_sets(opened, row)
    render_painting_facts(opened, painting, opened.tell([row])[0])
    with st.expander("Model answers and similar paintings"):
        render_answers(opened, row)
        render_nearest(opened, row)


def _after_verdict(opened: OpenRun, task: Task) -> None:
    """The precision so far, after every twenty-five verdicts."""
    standing = review_cache.load_standing(opened, review_cache.open_reviews())
    own = standing[standing["task"] == task]
    mine = own[own["reviewer"] == visitor.reviewer()]
    if len(mine) % reviewing.MILESTONE == 0:
        found = compute_precision(own)
        messages.say(f"{len(mine)} verdicts: {describe_precision(found)}.")


def render_progress(opened: OpenRun, given: pd.DataFrame, task: Task) -> None:
    """How much was judged, how fast, what was wrong, and what may be left."""
    here = given[opened.keys.get_indexer(pd.Index(given["key"])) >= 0]
    mine = here[here["reviewer"] == visitor.reviewer()]
    facts = [(f"{here['key'].nunique():,}", "paintings judged")]
    if visitor.reviewer():
        facts.append((f"{mine['key'].nunique():,}", "by you"))
    pace = measure_pace(mine["time"])
    if pace is not None:
        facts.append((f"{measure_streak(mine['time']):,}", "in a row, without a pause"))
        facts.append((duration(pace * QUEUE), f"for the next {QUEUE}, at your pace"))
    found = compute_precision(here)
    if found.count >= ENOUGH:
        facts.append((percent(found.value), "of judged labels were wrong"))
        table = view_task(opened.table, task)
        left = describe_remaining(estimate_left(table, here))
        facts.append((left, term_html("remaining", "wrong labels may be left")))
    render_facts(facts)
    if found.count >= ENOUGH:
        alarms = describe_false_alarms(compute_false_alarms(table, here))
        render_note(f"{escape(describe_precision(found))}. {escape(alarms)}")
    else:
        missing = ENOUGH - found.count
        render_note(
            f"After {count(missing, 'more verdict')} of right or wrong, this page shows how many "
            "labels were wrong and how many may be left."
        )
