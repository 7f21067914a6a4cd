"""How classes, numbers and findings read on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from core.findings.labels.quadrants import QUADRANTS
from core.label_word import STYLE, LabelWord
from core.report.terms import MEANINGS
from core.scores import SCORES
from core.tasks import Task
from core.text import (
    NBSP,
    class_name,
    day,
    format_seconds,
    is_missing,
    model_clause,
    painting_byline,
    painting_title,
    percent,
    percent_exact,
    verdict_sentence,
)

__all__ = [
    "NBSP",
    "TERMS",
    "answer_sentence",
    "class_name",
    "count",
    "day",
    "duration",
    "is_missing",
    "lacks_score",
    "list_card_scores",
    "list_measures",
    "model_clause",
    "painting_byline",
    "painting_title",
    "percent",
    "percent_exact",
    "picture_text",
    "plain",
    "quadrant_name",
    "similarity_text",
    "term_html",
    "verdict_sentence",
]

# Texts for ``LabelWord.fill``.
TERMS: Final[dict[str, str]] = {
    **MEANINGS,
    "kappa": "Cohen's kappa: agreement of two reviewers beyond chance. 1 is perfect, 0 is chance.",
    "out of fold": "Every painting was judged by a model that was not trained on it.",
    "false discovery": "Share of the cases listed here that would be expected to stand out by "
    "chance alone, given how many artists were tested.",
    "training margin": "How much more the models that learned from the painting favoured its label "
    "than the best other {style}. Labels that stay below 0 are suspicious.",
    "embedding": "The model's description of a picture as a list of numbers. Similar pictures have "
    "similar numbers.",
    "frontier": "No painting with one label can lie below this curve: the model is never less sure "
    "of its own answer than of the given label.",
    "near-duplicate": "The same picture more than once: a copy, a crop or another scan.",
    "medium": "How the picture looks by colours and tones alone, no medium of a catalogue: of "
    "WikiArt's, half of the strokes on paper are drawings or prints, and hardly any smooth greys "
    "are photographs. Sculptures and reliefs are not told apart.",
    **{name: score.meaning for name, score in SCORES.items()},
    **{str(name): meaning for name, meaning in QUADRANTS.items()},
}


def quadrant_name(name: str) -> str:
    return name[:1].upper() + name[1:]


def count(number: int, singular: str, plural: str | None = None) -> str:
    """``count(3066, "painting")`` -> ``"3,066 paintings"``."""
    return f"{number:,}{NBSP}{singular if number == 1 else plural or singular + 's'}"


def similarity_text(similarity: float) -> str:
    """``0.823`` -> ``"similarity .82"``; a cosine below 0 counts as 0."""
    return f"similarity {max(0.0, similarity):.2f}".replace(" 0.", " .")


def answer_sentence(task: Task, name: str, probability: float) -> str:
    """What the model says of a picture without a label."""
    sure = percent(probability)
    if task == "artist":
        return f"The closest artist it knows is {class_name(name)}: {sure}"
    seen = "The genre it sees is" if task == "genre" else "The model sees"
    return f"{seen} {class_name(name)}: {sure}"


NAMING: Final = ["title", "artist", "year"]  # columns that say which painting it is
LACKING: Final = "not in this run"
CARD_SCORES: Final = [score for score in SCORES.values() if score.on_card]


def list_card_scores(painting: Mapping[Any, Any], ranked_by: str = "") -> list[tuple[str, str]]:
    """Name and value of each score on a card: ``("Loss", "3.10")``; none of what was not scored.

    ``ranked_by``: a column that the list is sorted by; if it is another score, that comes first.
    """
    first = [SCORES[ranked_by]] if ranked_by in SCORES else []
    shown = [*first, *(score for score in CARD_SCORES if score not in first)]
    return [
        (score.label, score.write(painting[score.name]))
        for score in shown
        if not is_missing(painting.get(score.name))
    ]


def list_measures(painting: Mapping[Any, Any], classes: int) -> list[tuple[str, str, str]]:
    """Term, name and value of each score that a painting has; ``classes`` of the style task.

    A score that the whole run lacks is listed as such.
    """
    return [
        (name, score.label, score.write(painting[name], classes) if name in painting else LACKING)
        for name, score in SCORES.items()
        if score.is_measure and not (name in painting and is_missing(painting[name]))
    ]


def lacks_score(label: str) -> str:
    """What to say where a link asks for a score that its run was published without."""
    return (
        f"This run has no {label.lower()}: it was made before that score existed. "
        "Train again to get it."
    )


def picture_text(painting: Mapping[Any, Any]) -> str:
    """Alternative text of a painting's picture."""
    return f"{painting_title(painting)}, {painting_byline(painting)}"


def term_html(term: str, text: str | None = None, word: LabelWord = STYLE) -> str:
    """A technical term with its meaning as a tooltip; ``word``: of the run that it is shown of."""
    meaning = escape(word.fill(TERMS[term]))
    return f'<abbr title="{meaning}">{escape(text or quadrant_name(term))}</abbr>'


def plain(text: str) -> str:
    """``text`` with Markdown escaped, for a widget that reads Markdown."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~:$&])", r"\\\1", text)


def duration(seconds: float) -> str:
    """``95`` -> ``"1 min 35 s"``, never broken over two lines."""
    return format_seconds(seconds).replace(" ", NBSP)
