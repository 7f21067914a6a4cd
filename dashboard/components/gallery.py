"""Paintings as a grid of pictures, each a link to its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from core.findings.labels.reasons import Told
from core.scores import SCORES
from dashboard.components.links import open_link
from dashboard.figures.palette import QUADRANT_COLOURS
from dashboard.runs.open_run import OpenRun
from dashboard.selection.filters import list_lacking
from dashboard.selection.likeness import LIKE, LIKENESS
from dashboard.selection.order import (
    DEFAULT_ORDER,
    ORDERS,
    count_gallery_pages,
    known_order,
    take_gallery_page,
)
from dashboard.selection.verdicts import MINE, SUMMARY, VERDICT_NAMES
from dashboard.server.images import image_url
from dashboard.session import recording, reviewing, state
from dashboard.session.proposals import propose_styles
from dashboard.session.shortcuts import VERDICT_KEYS
from dashboard.words import (
    CARD_SCORES,
    NAMING,
    class_name,
    lacks_score,
    list_card_scores,
    painting_byline,
    painting_title,
    picture_text,
    quadrant_name,
)

PER_PAGE = 24  # paintings on one page of a gallery
# Columns that a card reads: taking all of them costs more than drawing the cards.
_SHOWN: Final = [
    *("key", *NAMING, "given", "predicted", "quadrant", SUMMARY, MINE),
    *(score.name for score in CARD_SCORES),
]

_SIZE: Final = (
    '<label class="ae-size">Size <input type="range" min="110" max="320" step="10" value="190" '
    'aria-label="Size of the pictures"></label>'
)

Link = Callable[[str], str]


def build_gallery(
    table: pd.DataFrame,
    rows: np.ndarray,
    told: Sequence[Told],
    run_id: str,
    link: Link,
    proposals: Sequence[str | None] | None = None,
    ranked_by: str = "",
    asked: Sequence[str | None] | None = None,
) -> str:
    """HTML of a grid, a card each of ``rows`` of ``table``; ``link`` makes an address of a key.

    ``told`` holds the reasons of each. Cards can be judged by keys
    (``components.keyboard``). ``proposals``: for each row the label that key 3 would propose; none
    if left out. ``ranked_by``: the column that the list is sorted by, whose score cards show.
    ``asked``: which of several labels the keys judge; None for a work of one.
    """
    shown = dict.fromkeys([*_SHOWN, *([ranked_by] if ranked_by in SCORES else [])])
    columns = {name: table[name].iloc[rows].tolist() for name in shown if name in table}
    paintings = (
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    )
    nothing: list[str | None] = [None] * len(rows)
    keys = zip(proposals or nothing, asked or nothing, strict=True)
    cards = (
        _build_card(int(row), painting, each, run_id, link, key, ranked_by)
        for row, painting, each, key in zip(rows, paintings, told, keys, strict=True)
    )
    return f'<div class="ae-gallery ae-judged">{"".join(cards)}</div>'


def build_strip(opened: OpenRun, rows: np.ndarray) -> str:
    """HTML of thumbnails of the paintings ``rows`` side by side, for the head of a card."""
    named = opened.table[NAMING].loc[rows].to_dict("records")
    return "".join(
        f'<img loading="lazy" src="{escape(image_url(opened.run.run_id, int(row), "160"))}" '
        f'alt="{escape(picture_text(painting))}">'
        for row, painting in zip(rows, named, strict=True)
    )


def build_thumbnails(table: pd.DataFrame, run_id: str, link: Link, notes: list[str]) -> str:
    """HTML of a grid of small cards; ``notes`` holds one line a painting."""
    records = table.to_dict("records")
    cards = (
        build_small_card(
            link(str(painting["key"])),
            image_url(run_id, int(row), "160"),
            picture_text(painting),
            painting_title(painting),
            painting_byline(painting),
            note,
        )
        for row, painting, note in zip(table.index, records, notes, strict=True)
    )
    return f'<div class="ae-gallery ae-small">{"".join(cards)}</div>'


def _build_card(
    row: int,
    painting: dict[Any, Any],
    told: Told,
    run_id: str,
    link: Link,
    key: tuple[str | None, str | None],
    ranked_by: str,
) -> str:
    """``key``: what key 3 would propose, and which of several labels the keys judge."""
    given = painting["given"]
    judged = key[1] or (given if isinstance(given, str) else "")
    return (
        f'<article class="ae-card" data-row="{row}" data-proposed="{escape(key[0] or "")}" '
        f'data-asked="{escape(judged)}" data-mine="{escape(painting.get(MINE) or "")}">'
        f"{_build_tick(painting)}"
        f"{open_link(link(str(painting['key'])))}"
        f"{_picture(image_url(run_id, row, '320'), picture_text(painting))}"
        f'<div class="title">{escape(painting_title(painting))}</div>'
        f'<div class="byline">{escape(painting_byline(painting))}</div></a>'
        f"{_build_reasons(told)}{_build_summary(painting)}{_build_key(*key)}"
        f"{_build_scores(painting, ranked_by)}</article>"
    )


def _build_tick(painting: dict[Any, Any]) -> str:
    """A box to tick; whether it is stands in the browser, so that a tick draws no card anew."""
    return (
        f'<button type="button" class="tick" role="checkbox" aria-checked="false" '
        f'aria-label="Tick {escape(picture_text(painting))}"></button>'
    )


def _build_reasons(told: Told) -> str:
    """The weightiest reason, and a second one if there is one."""
    first, *rest = told.against
    more = f'<div class="reason">{escape(rest[0])}</div>' if rest else ""
    return f'<div class="first-reason">{escape(first)}</div>{more}'


def _build_scores(painting: dict[Any, Any], ranked_by: str) -> str:
    """The scores below each other, so that figures line up; a dot has the quadrant's colour."""
    quadrant = str(painting["quadrant"])
    colour = QUADRANT_COLOURS.get(quadrant, "")  # type: ignore[call-overload]
    lines = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>"
        for label, value in list_card_scores(painting, ranked_by)
    )
    return (
        f'<div class="scores" title="{escape(quadrant_name(quadrant))}">'
        f'<span class="dot" style="background:{colour}"></span><dl>{lines}</dl></div>'
    )


def _build_summary(painting: dict[Any, Any]) -> str:
    """The verdicts so far, if any."""
    summary = painting.get(SUMMARY)
    return f'<div class="verdict-summary">✓ {escape(summary)}</div>' if summary else ""


def _build_key(proposed: str | None, asked: str | None) -> str:
    """What key 3 would record, and on which of several labels; shown while the card has the
    focus.
    """
    key = VERDICT_KEYS["wrong"]
    says = f"Wrong: {class_name(proposed)}" if proposed else VERDICT_NAMES["wrong"]
    of = f"<div>Keys judge its label {escape(class_name(asked))}.</div>" if asked else ""
    return f'<div class="key">{of}<kbd>{key}</kbd> {escape(says)}</div>'


def build_small_card(
    address: str, picture: str, alt: str, title: str, byline: str, note: str
) -> str:
    """HTML of a small card: ``picture``, an address too, with a link to ``address``, and texts."""
    return (
        f'<article class="ae-card">{open_link(address)}{_picture(picture, alt)}'
        f'<div class="title">{escape(title)}</div>'
        f'<div class="byline">{escape(byline)}</div></a>'
        f'<div class="scores">{escape(note)}</div></article>'
    )


def _picture(address: str, alt: str) -> str:
    return (
        f'<div class="frame"><img loading="lazy" decoding="async" '
        f'src="{escape(address)}" alt="{escape(alt)}"></div>'
    )


def render_gallery(opened: OpenRun, table: pd.DataFrame, rows: np.ndarray, title: str) -> None:
    """Heading, order, a gallery page of ``rows`` of ``table`` as a grid, pagination.

    ``table`` is the run's, with the quadrants by the thresholds in force.
    """
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    for label in list_lacking(table, order=state.current().order):
        st.caption(lacks_score(label))
    orders = opened.offered_orders
    if state.current().filters.get(LIKE):
        orders = [LIKENESS, *orders]
    elif state.current().order == LIKENESS:  # of nothing any more
        state.reset("order")
    asked = state.current().order
    right.selectbox(
        "Sort by",
        orders,
        format_func=lambda name: ORDERS[name].label,
        key=state.seed("order", asked if asked in orders else DEFAULT_ORDER),
        on_change=state.taker("order", _take_order),  # before the next selection is made
    )
    pages = count_gallery_pages(len(rows), PER_PAGE)
    # The pages stand below the grid but decide what it shows.
    grid, below = st.container(), st.container()
    page = 1
    if pages > 1:
        with below:
            page = st.pagination(
                pages, key=state.seed("gallery_page", min(state.current().gallery_page, pages))
            )
    state.update(gallery_page=page)
    shown = take_gallery_page(rows, page, PER_PAGE)
    first = (page - 1) * PER_PAGE + 1
    left.html(f"<h2>{escape(title)}</h2>{_place(len(rows), first, len(shown))}{_SIZE}")
    proposals = [each.label for each in propose_styles(opened, shown.tolist())]
    judged = [
        recording.find_label(opened, int(row)) if len(opened.list_labels(int(row))) > 1 else None
        for row in shown
    ]
    told, link = opened.tell(shown), state.link_to_paintings()
    reviewing.show_pictures(opened, table["key"].iloc[shown])
    order = ORDERS[known_order(state.current().order)].column
    grid.html(build_gallery(table, shown, told, opened.run.run_id, link, proposals, order, judged))


def _take_order(order: str) -> None:
    state.update(order=order)


def _place(paintings: int, first: int, shown: int) -> str:
    if paintings <= PER_PAGE:
        return ""
    return f'<p class="ae-note">{first:,} to {first + shown - 1:,} of {paintings:,}</p>'
