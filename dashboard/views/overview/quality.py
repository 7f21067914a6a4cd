"""How good the model is on a task: accuracy, calibration, confusion, class by class."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from core.artifacts import Run
from core.artifacts.accuracy import ThreeWays, is_artist_disjoint
from core.report.accuracy import describe_calibration, describe_figures, list_shares
from core.tasks import FURTHER, Task
from core.text import show_line
from dashboard.components.chart import render_chart
from dashboard.components.links import open_link
from dashboard.components.page import build_bars, build_command, render_note, render_section
from dashboard.figures.calibration import build_calibration
from dashboard.figures.confusion import build_confusion, compute_confusion, list_confusions
from dashboard.session import state
from dashboard.words import (
    class_name,
    count,
    day,
    percent,
    percent_exact,
    term_html,
)

_CELLS: Final = "overview.confusion"


def render_accuracy(run: Run, task: Task, ways: ThreeWays) -> None:
    """Accuracy as bars: three ways on style, against the baselines on other tasks."""
    metrics = run.metrics[task]
    st.html(f"<h3>Accuracy</h3>{build_bars(_list_bars(run, task, ways), percent_exact)}")
    render_note(
        f"On {count(metrics['paintings'], 'painting')} with a label. "
        f"{term_html('macro F1')}: {metrics['macro_f1']:.2f}."
    )


def _list_bars(run: Run, task: Task, ways: ThreeWays) -> list[tuple[str, float, bool]]:
    word = run.manifest.word
    return [
        (
            f"{each.before}{term_html(each.term, each.name, word)}{each.after}",
            each.share,
            each.is_main,
        )
        for each in list_shares(run, task, ways)
    ]


def describe_ways(ways: ThreeWays, run: Run) -> list[str]:
    """HTML of what the three figures mean, a paragraph each, and how to get a missing one."""
    return [*describe_figures(ways, run.manifest.word), _describe_source(ways, run)]


def _describe_source(ways: ThreeWays, run: Run) -> str:
    is_disjoint = is_artist_disjoint(run.manifest)
    missing = "Ordinary folds" if is_disjoint else "Unseen artists, by the whole model"
    if ways.partner is None:
        folds = f"--group-by {'picture' if is_disjoint else 'artist'}"
        return (
            f"{missing}: train a second run on the same paintings with {build_command(folds)}. The "
            "figure appears here once it is finished. By its own account, this run was made by: "
            f"{build_command(show_line(run.manifest.command))}"
        )
    created = escape(day(ways.partner.manifest.created))
    address = state.link_alone("", run=ways.partner.run_id)  # of this page
    told = f"{missing}: {open_link(address)}run of {created}</a>"
    if ways.differences:
        told += f", also trained differently in {escape(', '.join(ways.differences))}"
    return f"{told}."


def render_calibration(metrics: dict[str, Any]) -> None:
    """Agreement with the given labels, by confidence."""
    before, after = (
        float(metrics["calibration"][when]["calibration_error"]) for when in ("before", "after")
    )
    st.html("<h3>Is its confidence reliable?</h3>")
    render_chart(
        build_calibration(metrics["reliability"], metrics["reliability_uncalibrated"]),
        "Reliability of confidence",
    )
    render_note(
        f"{describe_calibration(before, after, term_html('calibration error'))} On the dotted "
        "line, the model agrees with the labels as often as it says."
    )


def render_confusion(run: Run, task: Task) -> None:
    """The matrix; of styles a click on a cell opens its paintings."""
    classes = run.classes(task)
    further = run.paintings.get(FURTHER) if task == "style" else None
    counts = compute_confusion(run.predictions(task), classes, further)
    note = "Each row is a given label, each column what the model sees; a row sums to 100 %."
    if task == "style":
        note += " <b>Click a cell to see its paintings.</b>"
    mistakes = [
        f"{_name_mistake(task, given, predicted)} ({number:,}, {percent(share)})"
        for given, predicted, number, share in list_confusions(counts, classes)
    ]
    if mistakes:
        note += f" Most common disagreements: {'; '.join(mistakes)}."
    names = run.manifest.word.name_all(task)
    render_section(f"{names[:1].upper()}{names[1:]} often confused", note)
    with st.container(key="confusion" if task == "style" else None):
        render_chart(
            build_confusion(counts, classes, dark=st.context.theme.type == "dark"),
            "Confusion matrix by given label",
            key=_CELLS,
            on_click=_open_cell if task == "style" else None,
        )


def _open_cell() -> None:
    """Opens the paintings of the cell that was clicked."""
    points = st.session_state[_CELLS].selection.points
    if points:
        given, predicted = points[0]["customdata"][:2]
        state.follow(state.link_to_pair(given, predicted))


def _name_mistake(task: Task, given: str, predicted: str) -> str:
    """HTML of a pair of classes; of styles a link to the paintings."""
    text = escape(f"{class_name(given)} seen as {class_name(predicted)}")
    if task != "style":
        return text
    return f"{open_link(state.link_to_pair(given, predicted))}{text}</a>"


def render_classes(run: Run, task: Task) -> None:
    """A table, the largest class first."""
    word = run.manifest.word
    render_section(f"By {word.name(task)}")
    table = pd.DataFrame(run.metrics[task]["per_class"]).sort_values("paintings", ascending=False)
    table["class"] = table["class"].map(class_name)
    table[["precision", "recall", "f1"]] *= 100
    st.dataframe(
        table,
        hide_index=True,
        height="content" if len(table) <= 30 else 700,
        column_config={
            "class": word.title(task),
            "paintings": st.column_config.NumberColumn("Paintings", format="localized"),
            "precision": _share_column("Precision", "Share of its answers that the label confirms"),
            "recall": _share_column(
                "Recall", "Share of the paintings with this label that the model finds"
            ),
            "f1": _share_column("F1", "Balance of precision and recall"),
        },
    )


def _share_column(label: str, meaning: str) -> ColumnConfig:
    return st.column_config.ProgressColumn(
        label, help=meaning, format="%.0f %%", min_value=0.0, max_value=100.0, color="gray"
    )
