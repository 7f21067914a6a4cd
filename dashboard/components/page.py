"""The plain parts of a page: its head, facts, bars, notes and empty states.

All text is escaped here; arguments named ``*_html`` are taken as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.artifacts import RunError
from core.errors import UserError
from core.report.markup import build_table
from dashboard.words import percent

STYLE = Path(__file__).with_name("style.css")


def render_style() -> None:
    st.html(STYLE)


def render_head(kicker: str, title: str, lead_html: str = "") -> None:
    """Kicker, title, and a paragraph that says what the page is for."""
    lead = f'<p class="ae-lead">{lead_html}</p>' if lead_html else ""
    st.html(f'<p class="ae-kicker">{escape(kicker)}</p><h1>{escape(title)}</h1>{lead}')


def render_short_head(title: str) -> None:
    """The title alone, small, so that the work below it has room."""
    st.html(f'<h1 class="ae-short">{escape(title)}</h1>', width="content")


def lay_beside() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two places: beside each other where the window is wide enough, else below each other.

    The second scrolls by itself then.
    """
    with st.container(key="beside"):
        return st.container(key="beside-left"), st.container(key="beside-right")


def render_section(title: str, note_html: str = "") -> None:
    """A rule, a heading and a sentence below it."""
    note = f'<p class="ae-note">{note_html}</p>' if note_html else ""
    st.html(f'<hr class="ae-rule"><h2>{escape(title)}</h2>{note}')


def render_note(note_html: str) -> None:
    st.html(f'<p class="ae-note">{note_html}</p>')


def render_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Headline numbers; each fact is its value and its label as HTML."""
    cells = "".join(
        f"<div><dt>{label_html}</dt><dd>{escape(value)}</dd></div>" for value, label_html in facts
    )
    st.html(f'<dl class="ae-facts">{cells}</dl>')


def build_bars(
    bars: Iterable[tuple[str, float, bool]], show: Callable[[float], str] = percent
) -> str:
    """HTML bars of (label as HTML, share 0 to 1, whether it is the one that matters).

    ``show`` writes the share beside its bar.
    """
    rows = "".join(
        f'<span class="{"strong" if strong else ""}">{label_html}</span>'
        f'<span class="track"><span class="fill{"" if strong else " quiet"}" '
        f'style="width:{share * 100:.1f}%"></span></span>'
        f'<span class="value">{escape(show(share))}</span>'
        for label_html, share, strong in bars
    )
    return f'<div class="ae-bars">{rows}</div>'


def render_table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: int = 0,
    short: frozenset[int] = frozenset(),
) -> None:
    """A plain table of text; the last ``numbers`` columns hold figures.

    ``short``: places of columns that hold a word or two each, and are not broken.
    """
    figures = range(len(head) - numbers, len(head))
    st.html(build_table(head, rows, figures, short, "ae-table"))


def describe_error(error: UserError) -> list[str]:
    """Lines of HTML for ``render_empty``: what is wrong and how to fix it."""
    lines = [f"{escape(error.what)}."]
    if error.found:
        lines.append(f"Found: {escape(error.found)}.")
    if error.expected:
        lines.append(f"Expected: {escape(error.expected)}.")
    if error.remedy:
        lines.append(f"<b>What to do.</b> {escape(error.remedy)}")
    if isinstance(error, RunError) and error.says:
        lines.append(f"This run says it was made by: {build_command(error.says)}")
    return lines


def build_command(command: str) -> str:
    """HTML of a command line, which breaks between its words: ``--flag`` stays whole."""
    words = " ".join(f"<span>{escape(word)}</span>" for word in command.split())
    return f'<code class="ae-command">{words}</code>'


def render_empty(title: str, lines_html: Iterable[str]) -> None:
    """An empty state: why there is nothing to show, and what to do."""
    text = "".join(f"<p>{line}</p>" for line in lines_html)
    st.html(f'<div class="ae-empty"><h2>{escape(title)}</h2>{text}</div>')
