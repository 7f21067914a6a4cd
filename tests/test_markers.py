"""`make test` needs no browser and no server: what starts one is marked so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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
