"""Compare: what changed between two runs over the same paintings."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from core.artifacts import Listing, RunError
from core.artifacts.accuracy import list_differences
from core.label_word import LabelWord
from core.reviews.corrections import CHANGES
from core.text import show_line
from dashboard.components.chart import render_chart
from dashboard.components.gallery import build_thumbnails
from dashboard.components.page import (
    render_empty,
    render_head,
    render_note,
    render_section,
    render_table,
)
from dashboard.components.run_picker import name_runs
from dashboard.components.update import render_update
from dashboard.figures.calibration import build_calibration
from dashboard.runs import cache
from dashboard.runs.open_run import OpenRun
from dashboard.session import state
from dashboard.views.compare.comparison import (
    find_changes,
    measure_answers,
    measure_styles,
    pair_runs,
)
from dashboard.words import class_name, count, percent_exact, plain, quadrant_name, term_html

SHOWN: Final = 36
LEAD = (
    "After labels were corrected and the model was trained again: which findings are gone, which "
    "are new, and whether the answers improved. Only paintings in both runs are compared."
)


def render(opened: OpenRun) -> None:
    """The page."""
    render_head("Compare", "What changed?", LEAD)
    runs = [entry for entry in cache.list_all() if entry.run is not None and entry.error is None]
    others = [
        entry
        for entry in runs
        if entry.run_id != opened.run.run_id and _has_word(entry, opened.word)
    ]
    asked = _tell_missing(opened, others)
    if not others:
        render_empty(
            "There is only one run" + (f" of {opened.word.plural}" if len(runs) > 1 else ""),
            [
                "Train another, for example with the verdicts given so far, exported on "
                "<em>Reviews → Export and import</em>: <code>python train.py &lt;collection&gt; "
                "--verdicts verdicts.csv</code>. It appears here once it is finished."
            ],
        )
        return
    entry = _choose(opened, others, asked)
    try:
        with st.spinner("Opening the other run"):
            before = cache.open_listed(entry.run_id)
    except RunError as error:
        st.warning(plain(str(error)))
        return
    pairs = pair_runs(before.table, opened.table)
    if pairs.empty:
        render_empty("Nothing in common", ["No painting is in both runs."])
        return
    render_update(opened)
    _render_settings(before, opened)
    _render_verdicts(opened)
    _render_figures(before, opened, pairs)
    _render_styles(opened, pairs)
    _render_changes(opened, pairs)


def _has_word(entry: Listing, word: LabelWord) -> bool:
    """Whether its labels are of the same kind: a school is no better or worse than a style."""
    return entry.run is not None and entry.run.manifest.word.singular == word.singular


def _tell_missing(opened: OpenRun, others: list[Listing]) -> str:
    """The run that the link asks for; says where it is none that can be compared."""
    asked = state.current().other
    if asked and asked not in {opened.run.run_id, *(entry.run_id for entry in others)}:
        instead = ": another is compared." if others else "."
        st.toast(
            f"Run {plain(show_line(asked))} in this link is not here, or not of "
            f"{opened.word.plural}{instead}"
        )
    return asked


def _choose(opened: OpenRun, others: list[Listing], asked: str) -> Listing:
    """The run that was asked for, else the newest of the same collection, else the newest."""
    by_id = {entry.run_id: entry for entry in others}
    name = opened.run.manifest.collection.name
    alike = [entry for entry in others if entry.name == name] or others
    start = asked if asked in by_id else alike[0].run_id
    chosen = st.selectbox(
        "Compared with",
        list(by_id),
        format_func=name_runs(cache.list_all()).__getitem__,
        key=state.seed("other", start),
    )
    state.update(other=chosen)
    return by_id[chosen]


def _render_settings(before: OpenRun, after: OpenRun) -> None:
    """What other than labels may have changed the answers."""
    left, right = before.run.manifest.config, after.run.manifest.config
    differences = [
        f"{name.replace('_', ' ')} (other run {_show(left.get(name))}, "
        f"this run {_show(right.get(name))})"
        for name in list_differences(after.run, before.run)
    ]
    if differences:
        render_note(f"The two runs were trained differently: {escape('; '.join(differences))}.")


def _show(setting: object) -> str:
    """A setting's value; of a path its last part."""
    return "none" if setting is None else str(setting).rpartition("/")[2]


def _render_verdicts(opened: OpenRun) -> None:
    told = opened.run.manifest.verdicts
    if told is None:
        return
    words = CHANGES | {"keep": "kept", "none": "left as they were"}
    counts = ((told["done"].get(action, 0), word) for action, word in words.items())
    done = ", ".join(f"{number:,} {word}" for number, word in counts if number)
    render_note(
        f"This run was trained with curators' verdicts ({escape(str(told['policy']))}): "
        f"{escape(done)}. Each label is listed in <code>corrections.csv</code> in the run's folder."
    )


def _render_figures(before: OpenRun, after: OpenRun, pairs: pd.DataFrame) -> None:
    render_section("Are the answers better?", f"On {count(len(pairs), 'painting')} in both runs.")
    accuracy = measure_answers(pairs)
    styles = [run.metrics["style"] for run in (before.run, after.run)]
    calibration = [metrics["calibration"]["after"]["calibration_error"] for metrics in styles]
    rows: list[tuple[str, ...]] = [
        (name, *(percent_exact(figure) for figure in figures))
        for name, figures in (
            ("Accuracy, by the other run's labels", accuracy["before"].values()),
            ("Accuracy, by this run's labels", accuracy["after"].values()),
            ("Accuracy within the top 3", [metrics["top3"] for metrics in styles]),
            ("Calibration error", calibration),
        )
    ]
    for quadrant in ("genuine outlier", "hard example"):
        sizes = [(pairs[f"quadrant_{side}"] == quadrant).sum() for side in ("before", "after")]
        rows.append((f"{quadrant_name(quadrant)}s", *(f"{size:,}" for size in sizes)))
    render_table(("", "The other run", "This run"), rows, numbers=2)
    _render_calibration(styles)


def _render_calibration(styles: list[dict[str, Any]]) -> None:
    names = ("The other run", "This run")
    for name, metrics, column in zip(names, styles, st.columns(2, gap="large"), strict=True):
        with column:
            st.html(f"<h3>{term_html('calibration error', 'Calibration')}: {name.lower()}</h3>")
            render_chart(
                build_calibration(metrics["reliability"], metrics["reliability_uncalibrated"]),
                f"Reliability of confidence, {name.lower()}",
                key=f"compare.{name}",
            )


def _render_styles(opened: OpenRun, pairs: pd.DataFrame) -> None:
    word = opened.word
    render_section(
        f"{word.capital} by {word.singular}",
        f"Share of each {escape(word.singular)}'s paintings, as labelled in this run, that each "
        "model names right.",
    )
    table = measure_styles(pairs)
    rows = [
        (
            class_name(row["style"]),
            f"{row['paintings']:,}",
            percent_exact(row["before"]),
            percent_exact(row["after"]),
            f"{100 * row['gain']:+.1f}",
        )
        for row in table.to_dict("records")
    ]
    render_table(
        (word.capital, "Paintings", "The other run", "This run", "Points"), rows, numbers=4
    )


def _render_changes(opened: OpenRun, pairs: pd.DataFrame) -> None:
    changes = find_changes(pairs)
    for name, title, nothing in (
        ("relabelled", "Relabelled", "Both runs learned the same labels."),
        ("vanished", "Findings gone", "Everything flagged before is still flagged."),
        ("new", "New findings", "Nothing new is flagged."),
    ):
        found = changes[name]
        render_section(f"{title}: {len(found):,}")
        if len(found):
            _render_pictures(opened, found.head(SHOWN))
        else:
            render_note(nothing)
        if len(found) > SHOWN:
            render_note(f"The {SHOWN} most suspicious are shown.")


def _render_pictures(opened: OpenRun, found: pd.DataFrame) -> None:
    notes = [
        _describe(label_before, label_after, quadrant_name(str(quadrant)))
        for label_before, label_after, quadrant in zip(
            found["given_before"], found["given_after"], found["quadrant_after"], strict=True
        )
    ]
    st.html(
        build_thumbnails(
            opened.table.loc[found["row_after"]],
            opened.run.run_id,
            state.link_to_painting,
            notes,
        )
    )


def _describe(before: object, after: object, quadrant: str) -> str:
    names = [class_name(each) if isinstance(each, str) else "no label" for each in (before, after)]
    label = names[1] if before == after else f"{names[0]} → {names[1]}"
    return f"{label} · {quadrant.lower()}"
