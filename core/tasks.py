"""The three questions asked of every painting."""

from typing import Final, Literal

Task = Literal["style", "artist", "genre"]

TASKS: Final[tuple[Task, ...]] = ("style", "artist", "genre")


FURTHER: Final = "further_styles"  # column of a work's styles after the first: texts, or null


def given_column(task: Task) -> str:
    """Column of ``paintings`` that holds the given label of ``task``; null where there is none."""
    return f"given_{task}"
