"""Marks: what starts a browser or a server bears one, and the long ones are dealt out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import deal

TESTS = Path(__file__).parent
# What starts dashboards in processes of their own.
STARTS = re.compile(
    r"^from (?:bench\.server\w*(?! import find_port\n)|tests\.security\.museum"
    r"|tests\.\w+\.browser\.conftest)\b",
    re.MULTILINE,
)
MARKED = re.compile(r"mark\.(?:server|browser)\b")
STARTERS = sorted(
    path.relative_to(TESTS)
    for path in TESTS.rglob("test_*.py")
    if path != Path(__file__) and STARTS.search(path.read_text())
)


def test_those_that_start_a_server_are_found() -> None:
    assert len(STARTERS) > 15


@pytest.mark.parametrize("path", STARTERS, ids=str)
def test_what_starts_a_server_is_marked(path: Path) -> None:
    assert MARKED.search((TESTS / path).read_text()), f"{path}: pytestmark = pytest.mark.server"


@dataclass(frozen=True)
class Marked:
    """All of a test that its place in the order depends on."""

    number: int
    marks: tuple[str, ...]

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_each_process_begins_with_its_share_of_the_long_ones(processes: int) -> None:
    marks = (("slow", "long"), ("slow",), (), ("slow", "long", "measured"), ())
    items: list[Any] = [Marked(number, marks[number % 5]) for number in range(150)]
    dealt: list[Any] = deal(items, processes)
    assert sorted(each.number for each in dealt) == list(range(150))
    began = 0
    for number in range(processes):  # as xdist parts them
        own = dealt[began : began + (150 - began) // (processes - number)]
        began += len(own)
        kinds = [0 if "long" in each.marks else 1 if each.marks else 2 for each in own]
        assert kinds == sorted(kinds)
        apart = [each for each in own if "long" in each.marks and "measured" not in each.marks]
        assert abs(len(apart) - 30 / processes) < 1
        assert number == 0 or not any("measured" in each.marks for each in own)
