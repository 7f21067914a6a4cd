"""What was checked, and how well the model knows it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from core.artifacts import Run
from core.artifacts.accuracy import compare_ways
from core.collection.wording import count_of
from core.report.accuracy import describe_calibration, describe_figures, list_shares
from core.report.markup import build_note, build_paragraph, build_section, build_table
from core.report.terms import MEANINGS
from core.tasks import Task
from core.text import percent_exact


def build_model(run: Run) -> str:
    """The section: each task with its figures, and what they mean."""
    parts = [part for task in run.manifest.tasks for part in _list_parts(run, task)]
    return build_section("How well the model knows it", [*_tell_checked(run), *parts])


def _tell_checked(run: Run) -> Iterator[str]:
    word, judged = run.manifest.word, run.metrics["style"]["paintings"]
    yield build_paragraph(
        f"Checked: the {word.singular} labels of {count_of(judged, 'painting')}, each by a model "
        "that was not trained on that painting. Its answers are evidence, no verdicts: people "
        "decide."
    )


def _list_parts(run: Run, task: Task) -> Iterator[str]:
    word, metrics, ways = run.manifest.word, run.metrics[task], compare_ways(run, ())
    yield f"<h3>{escape(word.title(task))}</h3>"
    yield build_table(
        ("Accuracy of", "Share", "What it is"),
        [
            (
                f"{each.before}{each.name}{each.after}",
                percent_exact(each.share),
                word.fill(MEANINGS[each.term]),
            )
            for each in list_shares(run, task, ways)
        ],
        numbers=(1,),
    )
    paintings = count_of(metrics["paintings"], "painting")
    yield build_note(f"On {paintings} with a label. Macro F1: {metrics['macro_f1']:.2f}.")
    if task == "style":
        yield from (f"<p>{line}</p>" for line in describe_figures(ways, word))
    before, after = (
        float(metrics["calibration"][when]["calibration_error"]) for when in ("before", "after")
    )
    yield f"<p>{describe_calibration(before, after)}</p>"
    if task == "style":
        yield build_note(f"Calibration error: {MEANINGS['calibration error']}")
