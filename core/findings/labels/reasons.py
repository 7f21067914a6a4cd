"""Reasons in sentences: what each kind says, and how a painting's are told together.

The only place that puts a reason into words. A run keeps reasons as data (``core.artifacts``);
``core.findings.labels.weighing`` chooses them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from numpy.typing import ArrayLike

from core.artifacts.reader import Run
from core.artifacts.reasons import Reason
from core.text import class_name, is_line, show_line

MOST_REASONS: Final = 6
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


def tell(reasons: Sequence[Reason]) -> Told:
    """A painting's ``reasons``, in the order of a run, at most ``MOST_REASONS`` of them."""
    is_doubted = any(each.kind == ANSWER and each.is_against for each in reasons)
    told = [
        (write_reason(each.kind, each.values), is_doubted and not each.is_against)
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
        return [_require_told(tell(each)) for each in reasons]
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        found = show_line(str(error)) or type(error).__name__
        raise run.broken("reasons.parquet", found, "kinds and values") from error


def _require_told(told: Told) -> Told:
    """``told``, if it can be shown: JSON spells every character, also those that show nothing."""
    if not told.against:
        raise ValueError("a painting of which nothing is said")
    for text in (*told.against, *told.favour):
        if len(text) > MOST_SENTENCE or not is_line(text):
            raise ValueError("a sentence that is too long, or holds what cannot be shown")
    return told


def write_reason(kind: str, values: Mapping[str, Any]) -> str:
    """The sentence of a reason of ``kind``; raises ``KeyError`` for a kind that is not known."""
    return WRITERS[kind](**values)


def _answer(
    given: str | None = None, predicted: str | None = None, confidence: float | None = None
) -> str:
    if predicted is None or confidence is None:
        if given is not None:
            return f"Labelled {class_name(given)}; not judged in this run."
        return "No label, and not scored in this run."
    sure = _percent(confidence)
    if given is None:
        return f"No label; the model sees {class_name(predicted)}, {sure} sure."
    if given == predicted:
        return f"Labelled {class_name(given)}; the model agrees, {sure} sure."
    return f"Labelled {class_name(given)}; the model sees {class_name(predicted)}, {sure} sure."


def _oeuvre(
    works: int,
    artist: str,
    given: str,
    given_works: int,
    other: str | None = None,
    other_works: int = 0,
) -> str:
    text = (
        f"Of {works} other {'work' if works == 1 else 'works'} by {artist} here "
        f"{_count(given_works)} labelled {class_name(given)}"
    )
    return f"{text}." if other is None else f"{text}, {_count(other_works)} {class_name(other)}."


def _oeuvre_elsewhere() -> str:
    return "The artist's other works are seen elsewhere as well: all may be filed wrongly."


def _outside_years(year: int, style: str, edge: str, edge_year: int) -> str:
    return f"Painted {year}; the {class_name(style)} here {edge} in {edge_year}."


def _period(year: int, given: str, other: str) -> str:
    return f"Around {year} the works here are rather {class_name(other)} than {class_name(given)}."


def _phase_apart(given: str, first: int, last: int, year: int) -> str:
    span = f"{first} to {last}, this from {year}"
    return f"The artist's {class_name(given)} works here date from {span}."


def _phase(given: str, first: int, last: int, other: str, other_first: int, other_last: int) -> str:
    return (
        f"The artist's {class_name(given)} works here date from {first} to {last}, as this does; "
        f"the {class_name(other)} works from {other_first} to {other_last}."
    )


def _neighbours(
    artists: int, given: str, given_share: float, other: str, other_share: float
) -> str:
    return (
        f"Of the nearest works, by {artists} {'artist' if artists == 1 else 'artists'}, "
        f"{_percent(given_share)} are labelled {class_name(given)}, "
        f"{_percent(other_share)} {class_name(other)}."
    )


def _copy(label: str) -> str:
    return f"A copy of the same picture is labelled {class_name(label)}."


def _filed_twice() -> str:
    return "The same file name stands in two folders."


def _novelty(share: float) -> str:
    return f"Unlike anything here: more so than {_percent(share)} of the collection."


def _dynamics() -> str:
    return "In training, too, the model never came to accept the label."


def _medium(medium: str) -> str:
    looks = "Monochrome" if medium == "monochrome" else f"Looks like a {medium}"
    return f"{looks}: it may be odd for that alone."


def _count(works: int) -> str:
    return {0: "none is", 1: "1 is"}.get(works, f"{works} are")


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


ANSWER: Final = "answer"
WRITERS: Final[dict[str, Callable[..., str]]] = {
    ANSWER: _answer,
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
