"""The collection: how many works, by whom, with which labels, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.artifacts import Run
from core.collection.account import SUMMARY, Fate, summarise
from core.collection.reading.attribution import find_makers
from core.collection.wording import count_of
from core.report.markup import build_note, build_paragraph, build_section, build_table
from core.text import class_name, format_years

LEFT_OUT: Final[tuple[Fate, ...]] = ("left out", "refused")
MOST_LABELS: Final = 60  # listed; of more the rarest are counted


def describe_size(run: Run) -> str:
    """``"60 paintings by 8 artists in 5 styles, dated 1801 to 1859"``."""
    paintings, word = run.paintings, run.manifest.word
    years = paintings["year"].dropna()
    artists = find_makers(paintings["artist"].drop_duplicates()).nunique()
    dated = f", dated {format_years(years.min(), years.max())}" if len(years) else ""
    return (
        f"{count_of(len(paintings), 'painting')} by {count_of(artists, 'artist')} in "
        f"{word.count(len(run.classes('style')))}{dated}"
    )


def build_collection(run: Run) -> str:
    """The section: size, labels with their counts, what was left out."""
    return build_section("The collection", _list_parts(run))


def _list_parts(run: Run) -> Iterator[str]:
    word, labels = run.manifest.word, run.paintings["given_style"]
    yield build_paragraph(f"{describe_size(run)}.")
    counts = labels.value_counts()
    ordered = sorted(counts.items(), key=lambda each: (-each[1], str(each[0])))
    yield build_table(
        (word.capital, "Paintings"),
        [(class_name(str(name)), f"{number:,}") for name, number in ordered[:MOST_LABELS]],
        numbers=(1,),
    )
    rest = ordered[MOST_LABELS:]
    if rest:
        works = count_of(sum(number for _, number in rest), "painting")
        yield build_note(f"And {word.count(len(rest))} with fewer paintings each, {works} in all.")
    if labels.isna().any():
        without = count_of(int(labels.isna().sum()), "painting")
        yield build_note(f"{without} without a {word.singular} label.")
    yield from _tell_left_out(run)


def _tell_left_out(run: Run) -> Iterator[str]:
    """The account of the run; of one without, how many pictures were refused."""
    yield "<h3>What was left out</h3>"
    account = run.account
    if account is None:
        refused = run.manifest.collection.quarantined
        yield build_paragraph(f"{count_of(refused, 'picture')} refused.")
        return
    lines = summarise(account[account["fate"].isin(LEFT_OUT)])
    if lines:
        yield build_table(SUMMARY, lines)
    else:
        yield build_paragraph("Nothing: all that the source held was read.")
