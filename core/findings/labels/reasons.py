"""Reasons in sentences: what each kind says, and how a painting's are told together.

The only place that puts a reason into words. A run keeps reasons as data (``core.artifacts``);
``core.findings.labels.weighing`` chooses them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from numpy.typing import ArrayLike

from core.artifacts.errors import describe_error
from core.artifacts.reader import Run
from core.artifacts.reasons import Reason
from core.collection.wording import count_of
from core.findings.appearance import FORMER
from core.label_word import STYLE, LabelWord
from core.text import class_name, format_year, format_years, is_line, percent, verdict_sentence

MOST_REASONS: Final = 6
SAME_PHASE: Final = 5  # years around an artist's works of a style
MOST_SENTENCE: Final = 8_000  # characters


@dataclass(frozen=True)
class Told:
    """A painting's reasons in sentences, heaviest first; ``against`` the label (never none).

    ``favour`` holds those for it. Where the model agrees with the label there is nothing to set
    them against, and all stand in ``against``.
    """

    against: tuple[str, ...]
    favour: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """One after the other: what speaks for a doubted label follows after *But*."""
        return [*self.against, *(f"But {text[0].lower()}{text[1:]}" for text in self.favour)]


def tell(reasons: Sequence[Reason], word: LabelWord = STYLE) -> Told:
    """A painting's ``reasons``, in the order of a run, at most ``MOST_REASONS`` of them."""
    is_doubted = any(each.kind == ANSWER and each.is_against for each in reasons)
    told = [
        (write_reason(each.kind, each.values, word), is_doubted and not each.is_against)
        for each in reasons[:MOST_REASONS]
    ]
    return Told(
        tuple(text for text, is_favour in told if not is_favour),
        tuple(text for text, is_favour in told if is_favour),
    )


def tell_rows(run: Run, rows: ArrayLike) -> list[Told]:
    """What ``run`` says of the label of each of the paintings ``rows``.

    Raises ``ArtifactBroken`` for reasons that make no sentences, and for a painting without any.
    """
    reasons = run.read_reasons(rows)
    try:
        return [_require_told(tell(each, run.manifest.word)) for each in reasons]
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise run.broken("reasons.parquet", describe_error(error), "kinds and values") from error


def _require_told(told: Told) -> Told:
    """``told``, if it can be shown: JSON spells every character, also those that show nothing."""
    if not told.against:
        raise ValueError("a painting of which nothing is said")
    for text in (*told.against, *told.favour):
        if len(text) > MOST_SENTENCE or not is_line(text):
            raise ValueError("a sentence that is too long, or holds what cannot be shown")
    return told


def write_reason(kind: str, values: Mapping[str, Any], word: LabelWord = STYLE) -> str:
    """The sentence of a reason of ``kind``; raises ``KeyError`` for a kind that is not known."""
    named = {"word": word} if kind in NAMING else {}
    return WRITERS[kind](**values, **named)


def _answer(
    word: LabelWord,
    given: str | None = None,
    predicted: str | None = None,
    confidence: float | None = None,
) -> str:
    told = {"given": given, "predicted": predicted, "confidence": confidence}
    return f"{verdict_sentence(told, word)}."


def _further(label: str, share: float | None = None, guess: float = 0.0) -> str:
    text = f"Also labelled {class_name(label)}"
    if share is None:
        return f"{text}."
    if share < guess:
        return f"{text}, which fits badly: the model gives it {percent(share)}, less than a guess."
    return f"{text}, to which the model gives {percent(share)}."


def _missing(word: LabelWord, label: str, share: float) -> str:
    return (
        f"Another {word.singular} may be missing: what is given fits, but the model is "
        f"{percent(share)} sure of {class_name(label)}."
    )


def _depth(word: LabelWord, label: str, depth: str) -> str:
    return (
        f"By the vocabulary {class_name(label)} is a {depth} term of the {word.singular} given: a "
        "matter of depth, no error."
    )


def _oeuvre(
    works: int,
    artist: str,
    given: str,
    given_works: int,
    other: str | None = None,
    other_works: int = 0,
) -> str:
    if works == 1:
        told = _label_of_one(given, given_works, other, other_works)
        return f"The one other work by {artist} here is labelled {told}."
    text = (
        f"{_count_of_all(given_works, works)} other works by {artist} here "
        f"{_are(given_works)} labelled {class_name(given)}"
    )
    if other is None:
        return f"{text}."
    which = f"all {works}" if other_works == works else str(other_works or "none")
    return f"{text}; {which} {_are(other_works)} {class_name(other)}."


def _label_of_one(given: str, given_works: int, other: str | None, other_works: int) -> str:
    if given_works:
        return class_name(given)
    if other is not None and other_works:
        return class_name(other)
    return "otherwise" if other is None else f"neither {class_name(given)} nor {class_name(other)}"


def _oeuvre_elsewhere(
    word: LabelWord, given: str | None = None, works: int = 0, elsewhere: int = 0
) -> str:
    if given is None:  # of a run whose trainer did not count them
        return "The artist's other works, taken together, speak against their labels."
    return (
        f"Of the artist's {works} other works labelled {class_name(given)}, {elsewhere} are seen "
        f"in other {word.plural} by a model that never saw the artist: all may be filed wrongly."
    )


def _outside_years(year: int, style: str, edge: str, edge_year: int, dated: float) -> str:
    return (
        f"Painted {format_year(year)}; a few works aside, the {class_name(style)} here {edge} in "
        f"{format_year(edge_year)} ({percent(dated)} of its works are dated)."
    )


def _period(year: int, given: str, other: str, given_dated: float, other_dated: float) -> str:
    return (
        f"A larger share of the {class_name(other)} works here than of the {class_name(given)} "
        f"works was painted around {format_year(year)} ({percent(other_dated)} and "
        f"{percent(given_dated)} of them are dated)."
    )


def _phase_apart(given: str, first: int, last: int, year: int) -> str:
    span = format_years(first, last)
    return (
        f"The artist's {class_name(given)} works here date from {span}, this from "
        f"{format_year(year)}."
    )


def _phase(given: str, first: int, last: int, other: str, other_first: int, other_last: int) -> str:
    return (
        f"The artist's {class_name(given)} works here date from {format_years(first, last)}, "
        f"within {SAME_PHASE} years of this one; the {class_name(other)} works from "
        f"{format_years(other_first, other_last)}."
    )


def _neighbours(
    artists: int, given: str, given_share: float, other: str, other_share: float
) -> str:
    return (
        f"Of the nearest works (by {count_of(artists, 'artist')}, out of fold) "
        f"{percent(given_share)} are labelled {class_name(given)} and {percent(other_share)} "
        f"{class_name(other)}."
    )


def _copy(label: str) -> str:
    return f"A copy of the same picture is labelled {class_name(label)}."


def _filed_twice() -> str:
    return "The same file name stands in two folders."


def _novelty(value: float) -> str:
    return f"Unlike anything here: novelty {value:.2f}, where all that is usual here lies below 1."


def _dynamics() -> str:
    return "In training, too, the model never came to accept the label."


def _medium(medium: str) -> str:
    told = FORMER.get(medium, medium)
    return f"By colours and tones: {told}. It may be odd for that alone."


def _count_of_all(works: int, of: int) -> str:
    return f"All {of}" if works == of else f"{works or 'None'} of the {of}"


def _are(works: int) -> str:
    return "is" if works < 2 else "are"


ANSWER: Final = "answer"
WRITERS: Final[dict[str, Callable[..., str]]] = {
    ANSWER: _answer,
    "further": _further,
    "missing": _missing,
    "depth": _depth,
    "oeuvre": _oeuvre,
    "oeuvre elsewhere": _oeuvre_elsewhere,
    "outside years": _outside_years,
    "period": _period,
    "phase apart": _phase_apart,
    "phase": _phase,
    "neighbours": _neighbours,
    "copy": _copy,
    "filed twice": _filed_twice,
    "novelty": _novelty,
    "dynamics": _dynamics,
    "medium": _medium,
}
NAMING: Final = frozenset(
    (ANSWER, "missing", "depth", "oeuvre elsewhere")
)  # whose sentences say the word of the run
