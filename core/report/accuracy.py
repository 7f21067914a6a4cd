"""How well a model knows a task, in figures and sentences: for pages and for the report.

The sentences are HTML: what is weighed stands in bold.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from core.artifacts import Run
from core.artifacts.accuracy import ThreeWays
from core.label_word import LabelWord
from core.tasks import Task
from core.text import percent_exact


@dataclass(frozen=True)
class NamedShare:
    """A share of paintings, 0 to 1, and its name: ``name`` between two texts.

    ``term``: the entry of ``MEANINGS`` that says what is counted. ``is_main``: of the model itself.
    """

    before: str
    name: str
    after: str
    term: str
    share: float
    is_main: bool


def list_shares(run: Run, task: Task, ways: ThreeWays) -> list[NamedShare]:
    """What ``run`` measured: on style three ways, on other tasks the model; then baselines."""
    metrics = run.metrics[task]
    is_official = run.manifest.config.get("split") == "official"
    folds = "official split" if is_official else "ordinary folds"
    figures: list[tuple[str, str, str, str, float | None, bool]]
    if task == "style":
        model = "The model, "
        figures = [
            ("", "Artist only", ", no picture", "artist majority", ways.baseline, False),
            (model, folds, "", "ordinary folds", ways.ordinary, True),
            (model, "unseen artists", "", "artist-disjoint", ways.disjoint, True),
            ("", "A plain model, unseen artists", "", "unseen witness", ways.witness, False),
        ]
    else:
        figures = [("", "The model", "", "accuracy", metrics["accuracy"], True)]
    most = metrics["majority_accuracy"]
    figures += [
        ("", "Within the top 3", "", "top 3", metrics["top3"], False),
        ("", "Always the most common", "", "majority class", most, False),
    ]
    return [
        NamedShare(before, name, after, term, share, is_main)
        for before, name, after, term, share, is_main in figures
        if share is not None
    ]


def describe_figures(ways: ThreeWays, word: LabelWord) -> list[str]:
    """HTML of what the figures on style mean together, a paragraph each."""
    lines = [f"{escape(word.capital)} labels mostly follow the painter, so one figure says little."]
    if ways.baseline is not None and ways.ordinary is not None:
        lines.append(_describe_gain(_lead(ways.ordinary, ways.baseline), word))
    if ways.ordinary is not None and ways.disjoint is not None:
        lines.append(_describe_loss(_lead(ways.ordinary, ways.disjoint)))
    if ways.witness is not None:
        lines.append(_describe_witness(ways.witness))
    return lines


def _describe_gain(gain: float, word: LabelWord) -> str:
    label = escape(word.singular)
    if gain >= 0:
        return (
            f"The model is <b>{_points(gain)} better</b> than guessing each artist's most common "
            f"{label} without the picture. That much can only come from the picture."
        )
    return (
        f"The model is <b>{_points(gain)} worse</b> than guessing each artist's most common "
        f"{label} without the picture. In this collection the painter still says more about the "
        f"{label} label than what the model sees in the picture."
    )


def _describe_loss(loss: float) -> str:
    if loss <= 0:
        return "It does no worse on artists it never saw: it does not depend on recognising them."
    return (
        f"On artists it never saw in training it loses <b>{_points(loss)}</b>: that much comes "
        "from recognising the painter. The rest carries over to new artists."
    )


def _describe_witness(share: float) -> str:
    return (
        f"A plain model of the pretrained features, trained in this run without any work of the "
        f"artist it judges, agrees with the label on <b>{percent_exact(share)}</b>. It is used "
        "where an artist's works are weighed together, because it cannot recognise the painter. It "
        "is also another model, so not all of the difference need come from recognising the "
        "painter."
    )


def _lead(share: float, other: float) -> float:
    """``share`` less ``other``, 0 to 1, each rounded as it is shown: readers subtract, too."""
    return (round(share * 100, 1) - round(other * 100, 1)) / 100


def _points(share: float) -> str:
    return f"{abs(share) * 100:.1f} points"


def describe_calibration(before: float, after: float, name: str = "Calibration error") -> str:
    """What calibrating did to the error, 0 to 1: where it did not lower it, that is said.

    ``name``: HTML of the term.
    """
    return (
        f"{name}: {percent_exact(after)}, before calibration {percent_exact(before)}"
        f"{'' if after < before else ': calibrating did not lower it'}."
    )
