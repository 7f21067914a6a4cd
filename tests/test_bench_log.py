"""The index and the table of bench/LOG.md against the sections below them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LOG = (Path(__file__).parents[1] / "bench" / "LOG.md").read_text()
_, *PARTS = re.split(r"^## ", LOG, flags=re.MULTILINE)
SECTIONS = dict(part.split("\n", 1) for part in PARTS)
INDEX, TABLE = SECTIONS.pop("Index by question"), SECTIONS.pop("Today's best figure for each")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TABLE.splitlines()
    if line.startswith("| ") and not line.startswith("| question")
]
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+")


def anchor_of(heading: str) -> str:
    """As Markdown viewers make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


ANCHORS = {anchor_of(heading): heading for heading in SECTIONS}


def test_every_section_starts_with_its_date_and_is_in_the_index_once() -> None:
    assert all(re.match(r"\d{4}-\d\d-\d\d \S", heading) for heading in SECTIONS)
    assert sorted(re.findall(r"\(#([^)]+)\)", INDEX)) == sorted(ANCHORS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_figure_stands_in_the_section_it_names(row: list[str]) -> None:
    _, figure, beside, measured = row
    (link,) = re.findall(r"^\[([\d-]+)\]\(#([^)]+)\)$", measured)
    heading = ANCHORS[link[1]]
    assert heading.startswith(link[0])
    told = set(NUMBER.findall(SECTIONS[heading]))
    assert set(NUMBER.findall(f"{figure} {beside}")) <= told
