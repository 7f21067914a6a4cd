"""The paintings that tell most: picture, label, what is proposed, and why."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from html import escape
from typing import Any, Final

import numpy as np

from core.artifacts import Run
from core.collection.wording import count_of
from core.findings.labels.reasons import Told, tell_rows
from core.images.encode import encode_jpeg
from core.report.markup import build_list, build_note, build_paragraph, build_picture, build_section
from core.report.source import describe_source
from core.reviews.log import build_table
from core.reviews.queue import COLUMNS, build_queue
from core.text import class_name, painting_byline, painting_title

MOST: Final = 10
PICTURE_SIDE: Final = 384  # pixels of the short side: 95 mm at 100 dpi


def find_telling(run: Run, most: int = MOST) -> np.ndarray:
    """(n,) rows, up to ``most``: the first of the review queue before any verdict.

    Only labels against which the evidence proposes another.
    """
    paintings = run.paintings[["key", "artist"]].assign(given=run.paintings["given_style"])
    table = paintings.join(run.findings[[name for name in COLUMNS if name in run.findings]])
    is_doubted = table["suggested"].notna() & (table["suggested"] != table["given"])
    return build_queue(table[is_doubted], build_table([]), most).to_numpy()


def build_paintings(run: Run) -> str:
    """The section; raises ``ArtifactBroken`` for a picture that is missing or damaged."""
    rows = find_telling(run)
    if not len(rows):
        told = f"The evidence proposes no other {run.manifest.word.singular} for any painting."
        return build_section("The most telling paintings", [build_paragraph(told)])
    note = build_note(
        "First in the review queue, whether judged by now or not: the most doubtful labels, few by "
        "one artist and few of one confusion, one of each picture's copies, nothing that may be a "
        "drawing, a print or a photograph."
    )
    shown = [_show(run, *each) for each in zip(rows.tolist(), tell_rows(run, rows), strict=True)]
    heading = f"The most telling: {count_of(len(rows), 'painting')}"
    return build_section(heading, [note, *shown])


def _show(run: Run, row: int, told: Told) -> str:
    painting = run.paintings.loc[row].to_dict()
    named = f"{painting_title(painting)}, {painting_byline(painting)}"
    picture = build_picture(encode_jpeg(run.load_image(row, PICTURE_SIDE)), named)
    text = "\n".join(_list_parts(run, row, painting, told))
    return f"<article>\n{picture}\n<div>\n{text}\n</div>\n</article>"


def _list_parts(run: Run, row: int, painting: dict[Hashable, Any], told: Told) -> Iterator[str]:
    word = run.manifest.word
    yield f"<h3>{escape(painting_title(painting))}</h3>"
    yield build_paragraph(painting_byline(painting))
    given = class_name(str(painting["given_style"]))
    proposed = class_name(str(run.findings.at[row, "suggested"]))
    yield (
        f"<p>{escape(word.capital)}: <b>{escape(given)}</b>. "
        f"Proposed by all evidence: <b>{escape(proposed)}</b>.</p>"
    )
    yield build_list(told.against)
    if told.favour:
        yield build_paragraph("For the label:")
        yield build_list(told.favour)
    source = describe_source(painting)
    yield f'<p class="faint">{source}</p>' if source else ""
    yield build_note(f"Key: {painting['key']}")
