"""Overview: the collection, where to start, how good the model is, how the run was made."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Final

import streamlit as st

from core.artifacts import Run
from core.artifacts.accuracy import compare_ways
from core.collection.account import SUMMARY, summarise
from core.export.sheets import name_file
from core.findings.labels.quadrants import FLAGGED
from core.report.page import build_report
from core.tasks import Task
from core.version import NAME
from dashboard.components.chart import render_chart
from dashboard.components.file_button import render_file_button
from dashboard.components.links import open_link
from dashboard.components.neighbours import render_labelled
from dashboard.components.page import (
    render_facts,
    render_head,
    render_note,
    render_section,
    render_table,
)
from dashboard.components.update import render_update
from dashboard.figures.training import MEASURES, build_training
from dashboard.navigation import PAINTING_PAGE
from dashboard.runs import cache, review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.selection.order import DEFAULT_ORDER
from dashboard.selection.verdicts import OPEN, REVIEWED
from dashboard.session import state, visitor
from dashboard.session.worklists import list_worklists
from dashboard.views.overview.quality import (
    describe_ways,
    render_accuracy,
    render_calibration,
    render_classes,
    render_confusion,
)
from dashboard.views.overview.scenario import render_scenario
from dashboard.views.overview.tour import render_tour
from dashboard.words import class_name, count, day, duration, percent_exact, term_html

DOUBTED: Final = "attribution"
FIRST: Final = 14  # paintings to start with


def render(opened: OpenRun) -> None:
    """The page."""
    run = opened.run
    render_head("Collection", class_name(run.manifest.collection.name), _lead(opened))
    render_tour(opened.word)
    _render_headline(opened)
    render_update(opened)
    _render_report(opened)
    _render_first(opened)
    _render_quality(run)
    render_scenario(opened)
    _render_training(run)
    _render_details(run)


def _lead(opened: OpenRun) -> str:
    table, word = opened.table, opened.word
    outliers = int((table["quadrant"] == "genuine outlier").sum())
    return (
        f"This collection holds {escape(opened.size)}. "
        f"A model {term_html('out of fold', 'that was not trained on it')} named the "
        f"{word.singular} of each "
        f"painting. For {count(outliers, 'painting')} it is sure of another "
        f"{word.singular} than the label, and finds the label unlikely: "
        "the label may be wrong, or the painting unusual."
    )


def _render_headline(opened: OpenRun) -> None:
    table = opened.table
    quadrants = table["quadrant"].value_counts()
    facts = [(f"{len(table):,}", "paintings")]
    for name in FLAGGED:
        link = open_link(state.link_alone("outliers", filters={"quadrant": (name,)}))
        named = term_html(name, f"{name}s", opened.word)
        facts.append((f"{quadrants.get(name, 0):,}", f"{named}, {link}show</a>"))
    if REVIEWED in table:
        link = open_link(state.link_alone("reviews"))
        facts.append((f"{int(table[REVIEWED].sum()):,}", f"{link}reviewed</a>"))
    if DOUBTED in table and (doubted := int(table[DOUBTED].eq("in doubt").sum())):
        link = open_link(state.link_alone("outliers", filters={DOUBTED: ("in doubt",)}))
        facts.append((f"{doubted:,}", f"attributions in doubt, {link}show</a>"))
    accuracy = percent_exact(opened.run.metrics["style"]["accuracy"])
    facts.append((accuracy, f"{escape(opened.word.singular)} accuracy"))
    render_facts(facts)


def _render_report(opened: OpenRun) -> None:
    """The report as a file; none where the verdicts, which it counts, cannot be read."""
    log = visitor.find_log()
    if log is None:
        return
    standing, assigned = review_cache.load_standing(opened, log), list_worklists(opened, log)
    if assigned:
        link = open_link(state.link_alone("reviews", section="worklists"))
        judged = sum(each.progress.judged for each in assigned)
        wanted = count(sum(each.progress.paintings for each in assigned), "painting")
        render_note(f"{link}{count(len(assigned), 'worklist')}</a>: {judged:,} of {wanted} judged.")
    render_file_button(
        "Report",
        partial(build_report, opened.run, standing, assigned),
        f"{name_file(opened.run.run_id)}-report.html",
        "text/html",
        "One page to print or to pass on: the collection, how well the model knows it, the doubts, "
        "the verdicts so far, the worklists and the most telling paintings.",
    )


def _render_first(opened: OpenRun) -> None:
    """The paintings to start with."""
    table = opened.table
    waiting = opened.order(DEFAULT_ORDER)
    if OPEN in table:
        is_waiting = table[OPEN] & table["score"].notna()
        waiting = waiting[is_waiting.to_numpy()[waiting]]
    if not len(waiting):
        return
    all_of_them = open_link(state.link_alone("outliers"))
    render_section(
        "Start here",
        "The most doubtful labels that nobody has judged yet. Below each picture: its label, and "
        f"the model's answer where it differs. {all_of_them}All of them, in this order</a>.",
    )
    render_labelled(opened, waiting[:FIRST], _link_to_painting)


def _link_to_painting(key: str) -> str:
    """Address of a painting whose *next* and *previous* go through the whole collection."""
    return state.link_alone(PAINTING_PAGE, painting=key, origin="overview")


def _render_quality(run: Run) -> None:
    ways = compare_ways(run, cache.list_others(run))
    render_section("How good is the model?")
    task = _render_task(run)
    left, right = st.columns(2, gap="large")
    with left:
        render_accuracy(run, task, ways)
        if task == "style":
            for line in describe_ways(ways, run):
                render_note(line)
    with right:
        render_calibration(run.metrics[task])
    render_confusion(run, task)
    render_classes(run, task)


def _render_task(run: Run) -> Task:
    tasks = run.manifest.tasks
    asked = state.current().task
    if len(tasks) == 1:
        return tasks[0]
    chosen = st.segmented_control(
        "Task",
        tasks,
        format_func=run.manifest.word.title,
        required=True,
        key=state.seed("task", asked if asked in tasks else tasks[0]),
        label_visibility="collapsed",
    )
    task: Task = chosen or tasks[0]
    state.update(task=task)
    return task


def _render_training(run: Run) -> None:
    render_section(
        "How training went",
        "One line for each fold, the part of the collection held out in turn. The published model "
        "was trained on all of them.",
    )
    present = [name for name in MEASURES if run.history[name].notna().any()]
    if not present:
        render_note("This run has no training history.")
        return
    columns = st.columns(len(present), gap="medium")
    for column, measure in zip(columns, present, strict=True):
        with column:
            name = run.manifest.word.fill(MEASURES[measure])
            st.html(f"<h3>{escape(name)}</h3>")
            render_chart(build_training(run.history, measure), name)


def _render_details(run: Run) -> None:
    manifest = run.manifest
    render_section("This run")
    with st.expander("How it was made"):
        facts = {
            "Run": run.run_id,
            "Made": day(manifest.created),
            "Command, by its own account": manifest.command,
            "Source": manifest.collection.source,
            "Seed": str(manifest.seed),
            "Picture size": f"{manifest.image_size} pixels a side",
            **{name.capitalize(): value for name, value in manifest.hardware.items()},
            **{f"Stage: {stage.name}": duration(stage.seconds) for stage in manifest.stages},
            **{f"Package: {name}": version for name, version in manifest.packages.items()},
            **{f"Setting: {name}": str(value) for name, value in manifest.config.items()},
        }
        render_table(("What", "Value"), facts.items())
        for note in manifest.collection.notes:
            render_note(escape(note))
    if run.account is not None:
        with st.expander("What was read, and what was not"):
            render_table(SUMMARY, summarise(run.account))
    if manifest.collection.quarantined:
        refused = count(manifest.collection.quarantined, "picture")
        with st.expander(f"{refused} left out"):
            quarantine = run.quarantine.fillna("")
            render_table(
                ("Painting", "Reason"),
                zip(quarantine["key"].head(500), quarantine["reason"].head(500), strict=True),
            )
    render_note(escape(NAME))
