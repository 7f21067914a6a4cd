"""Sheets: as many pages as needed, readable as files, never over the edge."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from core.export.contact_sheets import Plate, SheetLayout, build_pages, encode_pdf, encode_png

PICTURE = Image.new("RGB", (300, 200), (200, 0, 0))
RED = Plate(PICTURE, "An artist " * 20, "A title " * 20, "A reason. " * 60)


def test_plates_fill_pages_in_order() -> None:
    layout = SheetLayout(columns=2, rows=2)
    pages = build_pages("Top outliers", [RED] * 5, layout=layout)
    assert [page.size for page in pages] == [(layout.width, layout.height)] * 2
    red = [np.all(np.asarray(page) == (200, 0, 0), axis=2).sum() for page in pages]
    assert red[0] == 4 * red[1]


def test_nothing_is_drawn_over_the_edge() -> None:
    page = np.asarray(build_pages("A heading " * 60, [RED] * 15, lead="A lead. " * 90)[0])
    layout = SheetLayout()
    assert (page[:, -layout.margin // 2 :] == 255).all()
    assert (page[-4:] == 255).all()


def test_a_lead_stands_between_heading_and_pictures() -> None:
    bare, led = (np.asarray(build_pages("Case", [RED], lead=lead)[0]) for lead in ("", "Why. " * 9))
    first_red = [np.argmax((page == (200, 0, 0)).all(axis=2).any(axis=1)) for page in (bare, led)]
    assert first_red[1] > first_red[0]
    assert (led[: first_red[1]] < 255).any(axis=(1, 2)).sum() > (bare[: first_red[0]] < 255).any(
        axis=(1, 2)
    ).sum()


def test_a_long_title_leaves_room_for_the_labels() -> None:
    said = "Labelled Mannerism (Late Renaissance); the model sees Northern Renaissance, 99 % sure"
    without, told = (
        np.asarray(build_pages("Sheet", [Plate(PICTURE, "An artist", "A title " * 60, caption)])[0])
        for caption in ("", said)
    )
    line = SheetLayout().text
    assert (without != told).any(axis=(1, 2)).sum() > 2 * line  # all three lines of it


def test_no_plates_make_one_empty_page() -> None:
    assert len(build_pages("Nothing", [])) == 1


def test_files_open_again() -> None:
    pages = build_pages("Sheet", [RED] * 40)
    assert Image.open(io.BytesIO(encode_png(pages[0]))).size == pages[0].size
    pdf = encode_pdf(pages, "Sheet")
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") == len(pages) or b"/Count 3" in pdf
