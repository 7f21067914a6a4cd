"""The verdicts so far, and where reviewers disagree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st

from core.reviews import ReviewLog
from core.reviews.agreement import Agreement, compute_agreement
from core.reviews.majority import find_disagreements
from core.tasks import Task, given_column
from dashboard.access import sign_in
from dashboard.components.gallery import build_thumbnails
from dashboard.components.page import render_empty, render_note, render_section
from dashboard.components.verdict_panel import render_verdict_panel
from dashboard.components.verdicts import render_hidden
from dashboard.runs.open_run import OpenRun
from dashboard.selection.verdicts import SUMMARY, VERDICT_NAMES, describe_verdict
from dashboard.session import state, visitor
from dashboard.words import class_name, count, day, is_missing, painting_title, term_html

SHOWN: Final = 48  # paintings as pictures; the table below holds all


def render_verdicts(opened: OpenRun, log: ReviewLog) -> None:
    """Verdicts in force, the latest first: pictures, then the table."""
    seen = visitor.load_seen(opened, log)
    render_hidden(seen.hidden)
    standing = seen.rows.iloc[::-1]
    if standing.empty and not seen.hidden:
        render_empty("No verdicts yet", ["Give the first one in the queue."])
    if standing.empty:
        return
    left, right = st.columns(2)
    here = set(standing["verdict"])
    kinds = _choose("verdicts", "Verdict", [kind for kind in VERDICT_NAMES if kind in here], left)
    names = _choose("reviewers", "Reviewer", sorted(standing["reviewer"].unique()), right)
    if kinds:
        standing = standing[standing["verdict"].isin(kinds)]
    if names:
        standing = standing[standing["reviewer"].isin(names)]
    if standing.empty:
        render_empty("No verdict matches both", ["Clear the verdict or the reviewer."])
        return
    render_section(count(len(standing), "verdict"))
    _render_pictures(opened, standing)
    st.dataframe(_build_rows(opened, standing), hide_index=True)


def _choose(
    field: Literal["verdicts", "reviewers"],
    label: str,
    options: Sequence[str],
    place: st.delta_generator.DeltaGenerator,
) -> tuple[str, ...]:
    """A choice of ``options``, kept in the address as ``field``; none chosen means all."""
    asked = [value for value in getattr(state.current(), field) if value in options]
    chosen = place.multiselect(
        label,
        options,
        format_func=lambda value: VERDICT_NAMES.get(value, value),
        placeholder="All",
        key=state.seed(field, asked),
    )
    state.update(**{field: tuple(chosen)})
    return tuple(chosen)


def render_disagreements(opened: OpenRun, log: ReviewLog) -> None:
    """Paintings that two reviewers judged differently, and their overall agreement."""
    seen = visitor.load_seen(opened, log)
    render_hidden(seen.hidden)
    standing = seen.rows
    _render_agreement(compute_agreement(standing))
    disputed = find_disagreements(standing)
    may_settle = log.trouble is None and sign_in.may_review() and bool(visitor.reviewer())
    if disputed.empty:
        render_empty(
            "No disagreements are open",
            [
                "No two reviewers have judged a painting differently, or a third verdict has "
                "settled it. To give second opinions, turn on <b>Include what others have "
                "judged</b> in the queue."
            ],
        )
        if may_settle:
            render_verdict_panel(opened, log, None, "style", lambda: None, settles=True)
        return
    paintings = disputed["key"].nunique()
    render_section(f"{count(paintings, 'painting')} judged differently")
    _render_pictures(opened, disputed)
    st.dataframe(_build_rows(opened, disputed), hide_index=True)
    if may_settle:
        _render_settling(opened, log, disputed)


def _render_settling(opened: OpenRun, log: ReviewLog, disputed: pd.DataFrame) -> None:
    """The panel for one of the labels in dispute: its verdict says that it settles, and counts
    alone.
    """
    places = disputed.drop_duplicates(["key", "task", "given"])
    here = [each for each in places.to_dict("records") if _is_label(opened, each)]
    if not here:
        return
    render_section(
        "Settle one",
        "Your verdict says that it settles the disagreement, and counts alone until somebody "
        "judges the label anew; <i>unsure</i> leaves it open. The earlier ones stay in the log.",
    )
    place = st.selectbox(
        "Label in dispute",
        range(len(here)),
        format_func=lambda n: _name_dispute(opened, here[n]),
        key="settle.place",
    )
    chosen = here[place or 0]
    row = opened.find_row(str(chosen["key"]))
    asked = {row: chosen["given"]} if isinstance(chosen["of_several"], str) else None
    render_verdict_panel(opened, log, row, chosen["task"], lambda: None, asked=asked, settles=True)


def _is_label(opened: OpenRun, judged: dict[Any, Any]) -> bool:
    """Whether the run has the painting, with the label that was judged."""
    row, task = opened.find_row(str(judged["key"])), judged["task"]
    if row < 0 or task not in opened.run.manifest.tasks:
        return False
    given = opened.table[given_column(task)].iloc[row]
    labels = opened.list_labels(row) if task == "style" else [given]
    return judged["given"] in labels or not (labels or isinstance(judged["given"], str))


def _name_dispute(opened: OpenRun, verdict: dict[Any, Any]) -> str:
    painting = opened.table.loc[opened.find_row(str(verdict["key"]))].to_dict()
    return f"{painting_title(painting)}: {_name_judged(opened, verdict['task'], verdict['given'])}"


def _render_agreement(found: Agreement) -> None:
    if not found.labels:
        render_note("No label has been judged by two reviewers yet.")
        return
    were = "was" if found.labels == 1 else "were"
    parts = [f"{count(found.labels, 'label')} {were} judged by two reviewers or more."]
    if not math.isnan(found.alpha):
        alpha = term_html("alpha", "Agreement beyond chance (Krippendorff's alpha)")
        parts.append(f"{alpha}: <b>{found.alpha:.2f}</b>.")
    for (left, right), kappa in found.kappa.items():
        if not math.isnan(kappa):
            shared = count(found.shared[left, right], "label")
            parts.append(
                f"{escape(left)} and {escape(right)}: {term_html('kappa', 'kappa')} {kappa:.2f} "
                f"on {shared}."
            )
    render_note(" ".join(parts))


def _render_pictures(opened: OpenRun, verdicts: pd.DataFrame) -> None:
    keys = verdicts["key"].drop_duplicates().head(SHOWN)
    found = opened.keys.get_indexer(pd.Index(keys))
    rows = found[found >= 0]
    table = opened.table.loc[rows]
    if len(table):
        st.html(
            build_thumbnails(
                table,
                opened.run.run_id,
                state.link_to_painting,
                _write_notes(opened, verdicts, table),
            )
        )
    if gone := len(keys) - len(rows):
        render_note(f"Not in this run: {count(gone, 'painting')} of this list.")


def _write_notes(opened: OpenRun, verdicts: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """For each painting of ``table`` the labels that were judged, and what was said of them."""
    judged = verdicts.drop_duplicates(["key", "task", "given"])
    names = [
        _name_judged(opened, task, given)
        for task, given in zip(judged["task"], judged["given"], strict=True)
    ]
    labels = pd.Series(names, index=judged["key"]).groupby(level=0).agg(_join_judged)
    return [
        f"{labels[key]}. {said}" for key, said in zip(table["key"], table[SUMMARY], strict=True)
    ]


def _join_judged(names: pd.Series) -> str:
    """``"Labelled Cubism; Dada"``."""
    first, *others = names
    return "; ".join([first, *(name.removeprefix("Labelled ") for name in others)])


def _name_judged(opened: OpenRun, task: Task, given: object) -> str:
    """``"Labelled Cubism"``, ``"Genre: Portrait"``."""
    label = class_name(given) if isinstance(given, str) else "none"
    if task != "style":
        return f"{opened.word.title(task)}: {label}"
    return "No label" if label == "none" else f"Labelled {label}"


def _build_rows(opened: OpenRun, standing: pd.DataFrame) -> pd.DataFrame:
    named = opened.run.paintings.set_index("key").reindex(standing["key"])
    titles = [
        None if is_missing(title) else painting_title({"title": title}) for title in named["title"]
    ]
    return pd.DataFrame(
        {
            "Title": titles,
            "Artist": named["artist"].to_numpy(),
            "Task": standing["task"].map(opened.word.title),
            "Given": standing["given"].map(class_name, na_action="ignore"),
            "Verdict": [
                describe_verdict(verdict, proposed)
                for verdict, proposed in zip(standing["verdict"], standing["proposed"], strict=True)
            ],
            "Reviewer": standing["reviewer"],
            "When (UTC)": standing["time"].map(day),
            "Note": standing["note"],
            "Painting": standing["key"],
            "Run": standing["run_id"],
        }
    )
