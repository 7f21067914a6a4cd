"""The worklists: who has which paintings to judge, and how far each is."""

from __future__ import annotations

from collections.abc import Sequence

from core.label_word import LabelWord
from core.report.markup import build_paragraph, build_section, build_table
from core.reviews.worklists import Assigned
from core.text import day, percent


def build_worklists(assigned: Sequence[Assigned], word: LabelWord) -> str:
    """The section; one line where nothing is assigned."""
    if not assigned:
        return build_section(
            "Worklists", [build_paragraph("No paintings are assigned to anybody.")]
        )
    rows = [
        (
            each.worklist.person,
            each.found.name,
            f"{word.title(each.task)}, {'second review' if each.worklist.is_second else 'review'}",
            f"{each.progress.judged:,} of {each.progress.paintings:,}",
            percent(each.progress.judged / each.progress.paintings),
            day(each.worklist.time),
        )
        for each in assigned
    ]
    head = ("Person", "Set", "Labels", "Judged", "Share", "Assigned")
    return build_section("Worklists", [build_table(head, rows, numbers=(3, 4), short=(5,))])
