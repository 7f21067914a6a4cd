"""Contact sheets of a list of paintings, as PDF and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np

from core.artifacts import Run
from core.export.contact_sheets import SheetLayout, encode_pdf, encode_png
from core.export.sheets import draw_paintings, name_file
from dashboard.components.file_button import render_file_button
from dashboard.words import count

PAGE: Final = SheetLayout().plates
MOST: Final = 4 * PAGE


def render_contact_sheet_download(
    run: Run, rows: np.ndarray, heading: str, lead: str = "", filters: str = ""
) -> None:
    """Two buttons: the first ``MOST`` of ``rows`` as a PDF, the first page of them as a PNG.

    ``filters``, in words, stand at the foot of each page. Nothing is drawn before a button is
    clicked. Rows are drawn in their order.
    """
    name, paintings = name_file(heading), rows[:MOST].tolist()
    render_file_button(
        "Contact sheet (PDF)",
        partial(draw_pdf, run, paintings, heading, lead, filters),
        f"{name}.pdf",
        "application/pdf",
        f"{count(len(paintings), 'painting')}, {PAGE} per page.",
    )
    render_file_button(
        "First page (PNG)",
        partial(draw_png, run, paintings, heading, lead, filters),
        f"{name}.png",
        "image/png",
        f"{count(min(len(paintings), PAGE), 'painting')} as one picture, for a slide.",
    )


def draw_pdf(run: Run, rows: Sequence[int], heading: str, lead: str, filters: str = "") -> bytes:
    """All of ``rows``, page after page."""
    return encode_pdf(draw_paintings(run, rows, heading, lead, filters), heading)


def draw_png(run: Run, rows: Sequence[int], heading: str, lead: str, filters: str = "") -> bytes:
    """The first page of ``rows``."""
    return encode_png(draw_paintings(run, rows[:PAGE], heading, lead, filters)[0])
