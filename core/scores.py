"""The scores of a painting, one record each: the only place that defines a score.

Everything that uses a score reads its record: the schema's column, the filter, the order of a
gallery, the colour of the points, the explanation of a term, the measures on a painting's page, the
line on a card, the exported column, and the table in README (``python -m core.scores`` prints it).
To add a score, add a record to ``_RECORDS``, and compute it where its table is made:
``core.findings.labels.losses`` for ``predictions``, ``core.findings.compute`` for ``findings``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from core.label_word import STYLE
from core.text import percent

Table = Literal["predictions", "findings"]
Unit = Literal["share", "index", "difference", "nats", "logits", "place", "years", "count"]


@dataclass(frozen=True)
class SortOrder:
    """One way to sort by a score: ``name`` in links, ``label`` on the page."""

    name: str
    label: str
    ascending: bool


@dataclass(frozen=True)
class Score:
    """A number computed for each painting, with its description.

    ``name``: of its column in ``table`` (predictions: a painting and task; findings: a painting).
    ``low`` and ``high``: its range, None where open. ``suspicious``: the end that is against the
    label, None where neither is. ``label`` and ``meaning``: as a curator reads them, texts for
    ``LabelWord.fill``. ``absent``: when it is null, likewise; empty where it never is. Where it
    shows: ``filter``, its name in links (empty: no filter), ``orders``, ``is_colour`` of the
    points, ``on_card`` of a gallery, ``is_measure`` on a painting's page, ``is_exported`` in lists.
    ``is_required``: pages depend on it, and a run without it does not open; runs may lack any other
    score.
    """

    name: str
    table: Table
    dtype: str
    low: float | None
    high: float | None
    suspicious: Literal["high", "low", "either"] | None
    unit: Unit
    label: str
    meaning: str
    absent: str = ""
    filter: str = ""
    orders: tuple[SortOrder, ...] = ()
    is_colour: bool = False
    on_card: bool = False
    is_measure: bool = False
    is_exported: bool = True
    is_required: bool = False

    @property
    def range(self) -> str:
        """``"0 to 1"``, ``"0 up"``, ``"-1 to 1"``, ``"any"``."""
        if self.low is None:
            return "any"
        return f"{self.low:g} up" if self.high is None else f"{self.low:g} to {self.high:g}"

    @property
    def description(self) -> str:
        """Meaning, range, direction and when it is null: the schema's description of the column."""
        facts = [f"Range: {self.range}"]
        if self.suspicious:
            facts.append(f"suspicious end: {self.suspicious}")
        if self.absent:
            facts.append(f"null: {self.absent}")
        return STYLE.fill(f"{self.meaning} {'; '.join(facts)}.")

    def write(self, value: float, classes: int = 0) -> str:
        """``value`` as shown on pages; ``classes``: number of classes of the task, for a place."""
        if self.unit == "share":
            return percent(float(value))
        if self.unit == "place":
            return f"{int(value)} of {classes}"
        if self.unit in ("years", "count"):
            return f"{value:,.0f}"
        return f"{value:+.2f}" if self.unit in ("difference", "logits") else f"{value:.2f}"


_UNLABELLED: Final = "no label"
_UNJUDGED: Final = "not judged"

# In the order in which a painting's page lists them.
_RECORDS: Final[tuple[Score, ...]] = (
    Score(
        "score",
        *("findings", "float32", 0, 1, "high", "share"),
        label="Ranking score",
        meaning="Probability that the given {style} is wrong, by what the model sees in the "
        "picture, the artist's other works and the years together. High is suspicious.",
        absent=_UNJUDGED,
        orders=(SortOrder("score", "Most suspicious", ascending=False),),
        is_measure=True,
        is_required=True,
    ),
    Score(
        "label_doubt",
        *("findings", "float32", 0, 1, "high", "share"),
        label="Doubt of one label",
        meaning="Of a work of several {styles}: the highest probability that one of them is wrong, "
        "by all evidence, whether or not another fits. High is suspicious.",
        absent="one {style}, or not judged",
        filter="label_doubt",
        orders=(SortOrder("label_doubt", "One label of several in doubt", ascending=False),),
        is_measure=True,
    ),
    Score(
        "attribution_doubt",
        *("findings", "float32", 0, 1, "high", "share"),
        label="Doubt of the attribution",
        meaning="Probability that another hand than the named artist's painted the work, by "
        "picture, year and nearest works, if one attribution in 20 is wrong. High is suspicious.",
        absent="no artist, one named under reserve, or too few works to say",
        filter="attribution_doubt",
        orders=(SortOrder("attribution", "Attribution most in doubt", ascending=False),),
        is_measure=True,
    ),
    Score(
        "attribution_share",
        *("findings", "float32", 0, 1, "low", "share"),
        label="Chance of the named artist",
        meaning="The chance of the artist who is named, by picture, year and nearest works, among "
        "all hands that the model knows.",
        absent="no artist, or too few works to say",
    ),
    Score(
        "attribution_hand_share",
        *("findings", "float32", 0, 1, None, "share"),
        label="Chance of the nearest hand",
        meaning="The same of the likeliest other artist; of a work under reserve of the likeliest.",
        absent="no artist, or too few works to say",
    ),
    Score(
        "attribution_works",
        *("findings", "float32", 0, None, None, "count"),
        label="Other works by the named artist",
        meaning="Other pictures by the artist who is named, from which the hand was learned.",
        absent="no artist was learned",
    ),
    Score(
        "p_given",
        *("predictions", "float32", 0, 1, "low", "share"),
        label="Self-confidence",
        meaning="The chance the model gives to the given label.",
        absent=_UNLABELLED,
    ),
    Score(
        "loss",
        *("predictions", "float32", 0, None, "high", "nats"),
        label="Loss",
        meaning="How badly the given label fits, by the model: 0 is a perfect fit, and each step "
        "of 0.7 halves the chance that the model gives the label. High is suspicious.",
        absent=_UNLABELLED,
        orders=(SortOrder("loss", "Highest loss", ascending=False),),
        is_colour=True,
        on_card=True,
        is_measure=True,
        is_required=True,
    ),
    Score(
        "confidence",
        *("predictions", "float32", 0, 1, None, "share"),
        label="Confidence",
        meaning="The chance the model gives to its own answer, 0 to 100 %, adjusted so that of "
        "100 answers at 80 % about 80 agree with the given labels, some of which are wrong.",
        filter="certainty",
        orders=(
            SortOrder("confidence", "Most confident", ascending=False),
            SortOrder("unsure", "Least confident", ascending=True),
        ),
        on_card=True,
        is_measure=True,
        is_required=True,
    ),
    Score(
        "margin",
        *("predictions", "float32", -1, 1, "low", "difference"),
        label="Margin",
        meaning="Chance of the given label less that of the best other {style}, -1 to 1. "
        "Low is suspicious.",
        absent=_UNLABELLED,
        orders=(SortOrder("margin", "Widest disagreement", ascending=True),),
        is_measure=True,
    ),
    Score(
        "adjusted_margin",
        *("predictions", "float32", 0, 1, "low", "index"),
        label="Class-adjusted margin",
        meaning="The margin once each {style}'s usual confidence is taken off, so that the labels "
        "of hard {styles} are not doubted for that alone: 0.5 is a tie. Low is suspicious.",
        absent=_UNLABELLED,
        filter="adjusted_margin",
        orders=(SortOrder("adjusted_margin", "Lowest class-adjusted margin", ascending=True),),
        is_colour=True,
        is_measure=True,
    ),
    Score(
        "entropy",
        *("predictions", "float32", 0, 1, None, "index"),
        label="Entropy",
        meaning="Entropy of the model's answer over ln K: 0 is certain, 1 is uniform.",
    ),
    Score(
        "rank",
        *("predictions", "Int32", 1, None, "high", "place"),
        label="Rank of the label",
        meaning="Place of the given label among the model's answers: 1 is the model's own.",
        absent=_UNLABELLED,
        is_measure=True,
    ),
    Score(
        "novelty",
        *("findings", "float32", None, None, None, "index"),
        label="Novelty",
        meaning="How far the picture lies from other artists' works here in texture and content, "
        "whatever its {style}: 0 is the collection's middle, 1 its outer fence, and from there on "
        "it is called unlike anything here.",
        absent="no other artist's works, or a run without texture and content",
        filter="novelty",
        orders=(SortOrder("novelty", "Most novel", ascending=False),),
        is_colour=True,
        is_measure=True,
    ),
    Score(
        "oeuvre_doubt",
        *("findings", "float32", 0, 1, "high", "share"),
        label="Doubt of the oeuvre",
        meaning="Probability that the artist's other works are mislabelled, all of them.",
    ),
    Score(
        "oeuvre_works",
        *("findings", "int32", 0, None, None, "count"),
        label="Other works",
        meaning="The artist's other labelled works, near-duplicates left out.",
    ),
    Score(
        "oeuvre_given_share",
        *("findings", "float32", 0, 1, "low", "share"),
        label="Other works with the given {style}",
        meaning="Smoothed share of the artist's other works with the given {style}.",
        absent="no other works, or no label",
    ),
    Score(
        "oeuvre_predicted_share",
        *("findings", "float32", 0, 1, "high", "share"),
        label="Other works with the predicted {style}",
        meaning="Smoothed share of the artist's other works with the predicted {style}.",
        absent="no other works, or not scored",
    ),
    Score(
        "neighbour_given",
        *("findings", "float32", 0, 1, "low", "share"),
        label="Neighbours with the given {style}",
        meaning="Share of the 20 nearest paintings that the fold learned from with the given "
        "{style}.",
        absent="no neighbours, or no label",
    ),
    Score(
        "neighbour_predicted",
        *("findings", "float32", 0, 1, "high", "share"),
        label="Neighbours with the predicted {style}",
        meaning="Share of the 20 nearest paintings that the fold learned from with the predicted "
        "{style}.",
        absent="no neighbours, or not scored",
    ),
    Score(
        "neighbour_other",
        *("findings", "float32", 0, 1, None, "share"),
        label="Neighbours with other {styles}",
        meaning="Share of the 20 nearest paintings that the fold learned from with any third "
        "{style}.",
        absent="no neighbours",
    ),
    Score(
        "neighbour_artists",
        *("findings", "int16", 0, 20, None, "count"),
        label="Artists of the neighbours",
        meaning="Different artists among the 20 nearest paintings; 0 where there are none.",
    ),
    Score(
        "anachronism_given",
        *("findings", "float32", None, None, "either", "years"),
        label="Years outside the given {style}",
        meaning="Years outside the span of the given {style} here: below 0 too early, above 0 too "
        "late, 0 within.",
        absent="undated, no label, or too few dated works of the {style}",
    ),
    Score(
        "anachronism_predicted",
        *("findings", "float32", None, None, None, "years"),
        label="Years outside the predicted {style}",
        meaning="Years outside the span of the predicted {style} here: below 0 too early, above 0 "
        "too late, 0 within.",
        absent="undated, not scored, or too few dated works of the {style}",
    ),
    Score(
        "area_under_margin",
        *("findings", "float32", None, None, "low", "logits"),
        label="Area under the margin",
        meaning="Mean over the epochs of the given {style}'s logit less the best other; a label "
        "that stays below 0 was never accepted.",
        absent="not learned from",
    ),
)


def _before_calibration(score: Score) -> Score:
    """The same score from the probabilities before temperature scaling; it is not shown."""
    return replace(
        score,
        name=f"{score.name}_uncalibrated",
        label=f"{score.label} before calibration",
        meaning=f"{score.label} before temperature scaling.",
        filter="",
        orders=(),
        is_colour=False,
        on_card=False,
        is_measure=False,
        is_exported=False,
        is_required=False,
    )


_UNCALIBRATED: Final = tuple(
    _before_calibration(record)
    for record in _RECORDS
    if record.name in ("loss", "confidence", "margin", "entropy")
)
SCORES: Final[dict[str, Score]] = {score.name: score for score in (*_RECORDS, *_UNCALIBRATED)}


def list_scores(table: Table) -> list[Score]:
    """The scores that are columns of ``table``."""
    return [score for score in SCORES.values() if score.table == table]


def build_readme_table() -> str:
    """README's table of the scores that pages show, in Markdown."""
    shown = [score for score in SCORES.values() if score.is_measure]
    return "\n".join(_build_lines(shown))


def _build_lines(scores: Iterable[Score]) -> Iterable[str]:
    yield "| Score | Column | Range | Suspicious | Meaning |"
    yield "|---|---|---|---|---|"
    for score in scores:
        end = score.suspicious or ""
        yield STYLE.fill(
            f"| {score.label} | `{score.name}` | {score.range} | {end} | {score.meaning} |"
        )


if __name__ == "__main__":
    sys.stdout.write(f"{build_readme_table()}\n")
