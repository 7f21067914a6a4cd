"""Overview: what is in the collection, how good the model is, how the run came about."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from core.artifacts import Run
from core.tasks import Task
from dashboard import state
from dashboard.components.links import open_link
from dashboard.components.page import (
    build_bars,
    render_facts,
    render_head,
    render_note,
    render_section,
    render_table,
)
from dashboard.data import OpenRun
from dashboard.figures.calibration import build_calibration
from dashboard.figures.confusion import build_confusion, compute_confusion, list_confusions
from dashboard.figures.training import MEASURES, build_training
from dashboard.words import (
    TASK_NAMES,
    TASK_PLURALS,
    class_name,
    count,
    day,
    duration,
    percent,
    percent_exact,
    term_html,
)

STILL = {"displayModeBar": False}


def render(opened: OpenRun) -> None:
    """The page."""
    run = opened.run
    render_head("Collection", class_name(run.manifest.collection.name), _lead(opened))
    _render_headline(opened)
    render_section("How good is the model?", _quality_note(run))
    task = _render_task(run)
    metrics = run.metrics[task]
    left, right = st.columns(2, gap="large")
    with left:
        _render_accuracy(run, task, metrics)
    with right:
        _render_calibration(metrics)
    _render_confusion(run, task)
    _render_classes(task, metrics)
    _render_training(run)
    _render_details(run)


def _lead(opened: OpenRun) -> str:
    table, run = opened.table, opened.run
    years = table["year"].dropna()
    dated = f", dated {years.min()} to {years.max()}" if len(years) else ""
    outliers = int((table["quadrant"] == "genuine outlier").sum())
    return (
        f"This collection holds {count(len(table), 'painting')} by "
        f"{count(table['artist'].nunique(), 'artist')} in "
        f"{count(len(run.classes('style')), 'style')}{dated}. "
        f"A model looked at every one of them {term_html('out of fold', 'without having trained')} "
        "on it, and said which style it sees. "
        f"Of {count(outliers, 'painting')} it is sure, and disagrees with the label: "
        "a wrong label, or a painting that startles."
    )


def _render_headline(opened: OpenRun) -> None:
    run = opened.run
    style = run.metrics["style"]
    quadrants = opened.table["quadrant"].value_counts()
    render_facts(
        [
            (f"{len(run):,}", "paintings"),
            (percent_exact(style["accuracy"]), f"style {term_html('accuracy', 'accuracy')}"),
            (
                percent_exact(run.metrics["artist_majority_accuracy"]),
                f"{term_html('artist majority', 'artist majority')}, without a picture",
            ),
            (f"{quadrants.get('genuine outlier', 0):,}", term_html("genuine outlier")),
            (f"{quadrants.get('hard example', 0):,}", term_html("hard example")),
        ]
    )


def _quality_note(run: Run) -> str:
    gain = run.metrics["style"]["accuracy"] - run.metrics["artist_majority_accuracy"]
    points = f"{abs(gain) * 100:.1f} points"
    if gain >= 0:
        meaning = f"The model is {points} better: that much it can only have seen."
    else:
        meaning = (
            f"The model is {points} worse: on this collection, knowing who painted a work still "
            "tells more about its style label than the model sees in the picture."
        )
    return (
        "Accuracy says little alone, since most artists keep to one style. So it stands beside "
        "guessing each artist's commonest style without looking at the picture. " + meaning
    )


def _render_task(run: Run) -> Task:
    tasks = run.manifest.tasks
    asked = state.current().task
    if len(tasks) == 1:
        return tasks[0]
    chosen = st.segmented_control(
        "Question asked of the model",
        tasks,
        format_func=TASK_NAMES.__getitem__,
        required=True,
        key=state.seed("task", asked if asked in tasks else tasks[0]),
        label_visibility="collapsed",
    )
    task: Task = chosen or tasks[0]
    state.update(task=task)
    return task


def _render_accuracy(run: Run, task: Task, metrics: dict[str, Any]) -> None:
    bars = [("The model", metrics["accuracy"], True)]
    if task == "style":
        artist = run.metrics["artist_majority_accuracy"]
        bars.append((term_html("artist majority"), artist, False))
    bars.append((term_html("majority class"), metrics["majority_accuracy"], False))
    bars.append((term_html("top 3", "Right within its top 3"), metrics["top3"], False))
    st.html(f"<h3>Accuracy</h3>{build_bars(bars)}")
    render_note(
        f"On {count(metrics['paintings'], 'painting')} with a label. "
        f"{term_html('macro F1')}: {metrics['macro_f1']:.2f}."
    )


def _render_calibration(metrics: dict[str, Any]) -> None:
    before, after = (metrics["calibration"][when] for when in ("before", "after"))
    st.html("<h3>Is it honest about how sure it is?</h3>")
    st.plotly_chart(
        build_calibration(metrics["reliability"], metrics["reliability_uncalibrated"]),
        config=STILL,
        alt="Reliability of confidence",
    )
    render_note(
        f"{term_html('calibration error')}: "
        f"{percent_exact(after['calibration_error'])}, before adjusting "
        f"{percent_exact(before['calibration_error'])}. On the dotted line, "
        "the model is as often right as it says."
    )


def _render_confusion(run: Run, task: Task) -> None:
    classes = run.classes(task)
    counts = compute_confusion(run.predictions(task), classes)
    mistakes = [
        f"{_name_mistake(task, given, predicted)} ({number:,}, {percent(share)})"
        for given, predicted, number, share in list_confusions(counts, classes)
    ]
    note = "Each row is a given label, each column what the model sees; a row sums to 100 %."
    if mistakes:
        note += f" Commonest disagreements: {'; '.join(mistakes)}."
    render_section("What is taken for what", note)
    st.plotly_chart(
        build_confusion(counts, classes), config=STILL, alt="Confusion matrix by given label"
    )


def _name_mistake(task: Task, given: str, predicted: str) -> str:
    """HTML of a pair of classes; of styles a link to the paintings."""
    text = escape(f"{class_name(given)} for {class_name(predicted)}")
    if task != "style":
        return text
    filters = {"given": (given,), "predicted": (predicted,)}
    return f"{open_link(state.link_to('outliers', filters=filters))}{text}</a>"


def _render_classes(task: Task, metrics: dict[str, Any]) -> None:
    render_section(f"The {TASK_PLURALS[task]} one by one")
    table = pd.DataFrame(metrics["per_class"]).sort_values("paintings", ascending=False)
    table["class"] = table["class"].map(class_name)
    table[["precision", "recall", "f1"]] *= 100
    st.dataframe(
        table,
        hide_index=True,
        height="content" if len(table) <= 30 else 700,
        column_config={
            "class": TASK_NAMES[task],
            "paintings": st.column_config.NumberColumn("Paintings", format="localized"),
            "precision": _share_column("Precision", "Of its answers, how many the label confirms"),
            "recall": _share_column("Recall", "Of the so labelled, how many the model finds"),
            "f1": _share_column("F1", "Balance between precision and recall"),
        },
    )


def _share_column(label: str, meaning: str) -> ColumnConfig:
    return st.column_config.ProgressColumn(
        label, help=meaning, format="%.0f %%", min_value=0.0, max_value=100.0, color="gray"
    )


def _render_training(run: Run) -> None:
    render_section(
        "How training went",
        "One line for each part of the collection that was held out in turn; the published model "
        "learned from all of them.",
    )
    present = [name for name in MEASURES if run.history[name].notna().any()]
    if not present:
        render_note("This run kept no training history.")
        return
    columns = st.columns(len(present), gap="medium")
    for column, measure in zip(columns, present, strict=True):
        with column:
            st.html(f"<h3>{escape(MEASURES[measure])}</h3>")
            st.plotly_chart(
                build_training(run.history, measure), config=STILL, alt=MEASURES[measure]
            )


def _render_details(run: Run) -> None:
    manifest = run.manifest
    render_section("This run")
    with st.expander("How it was made"):
        facts = {
            "Run": run.run_id,
            "Made": day(manifest.created),
            "Command": manifest.command,
            "Source": manifest.collection.source,
            "Seed": str(manifest.seed),
            "Pictures read at": f"{manifest.image_size} pixels a side",
            **{name.capitalize(): value for name, value in manifest.hardware.items()},
            **{f"Stage: {stage.name}": duration(stage.seconds) for stage in manifest.stages},
            **{f"Package: {name}": version for name, version in manifest.packages.items()},
            **{f"Setting: {name}": str(value) for name, value in manifest.config.items()},
        }
        render_table(("What", "Value"), facts.items())
        for note in manifest.collection.notes:
            render_note(escape(note))
    if manifest.collection.quarantined:
        refused = count(manifest.collection.quarantined, "picture")
        with st.expander(f"{refused} left out"):
            quarantine = run.quarantine.fillna("")
            render_table(
                ("Painting", "Reason"),
                zip(quarantine["key"].head(500), quarantine["reason"].head(500), strict=True),
            )
