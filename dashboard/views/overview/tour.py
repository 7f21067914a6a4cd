"""Three steps through the dashboard, on a first visit, until they are closed."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

import streamlit as st

from core.label_word import LabelWord
from dashboard.components.links import open_link
from dashboard.session import state
from dashboard.session.shortcuts import COMPARE, HELP, UNDO, list_keys

_SCRIPT: Final = Path(__file__).with_suffix(".js")


def render_tour(word: LabelWord) -> None:
    """A place of its own below the head of the page, empty for who has seen the steps.

    The script decides in the browser: whoever came by a link to something else is not stopped.
    """
    _component()(key="tour", height="content", data={"steps": _list_steps(word)})


def _list_steps(word: LabelWord) -> list[str]:
    """HTML of each step."""
    outliers, reviews, style_map = (
        f"{open_link(state.link_alone(path))}{escape(title)}</a>"
        for path, title in (
            ("outliers", "Outliers"),
            ("reviews", "Reviews"),
            ("map", word.fill("{Style} map")),
        )
    )
    keys = sorted(list_keys(word))
    return [
        f"<b>Look.</b> On {outliers} each point is a painting: the higher it lies, the worse its "
        "label fits, and the further right, the surer the model is of its own answer. On "
        f"{style_map} paintings that look alike to the model lie together.",
        f"<b>Judge.</b> {reviews} shows one doubtful label at a time. Keys {keys[0]} to {keys[-1]} "
        f"give a verdict, {UNDO} takes it back, {COMPARE} shows similar works beside the painting.",
        f"<b>Agree.</b> {reviews} also lists where reviewers disagree, and exports the corrections "
        f"for your catalogue. {HELP} lists the keys of every page.",
    ]


@cache
def _component() -> Any:
    html = """
<section class="ae-tour" aria-label="First steps" hidden>
  <p class="ae-kicker">First steps, <span class="place"></span></p>
  <p class="step" aria-live="polite"></p>
  <p class="acts"><button type="button" data-act="back">Back</button>
    <button type="button" data-act="next">Next</button>
    <button type="button" data-act="close">Close, and do not show again</button></p>
</section>
"""
    script = _SCRIPT.read_text(encoding="utf-8")
    return st.components.v2.component("artextract_tour", html=html, js=script, isolate_styles=False)
