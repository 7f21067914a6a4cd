"""Two servers on one database: what one records, the other shows, and both count once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.server import serve
from bench.server_kills import VERDICT, find_painting
from bench.visitor import Visitor
from core.reviews import open_log
from tests.synthetic_run import build_run

pytestmark = [pytest.mark.slow, pytest.mark.server]
EACH = 5


def begin(address: str, name: str) -> Visitor:
    visitor = Visitor(address)
    visitor.open("reviews")
    visitor.press("Start reviewing", name=name)
    return visitor


def work(address: str, name: str) -> None:
    visitor = begin(address, name)
    for _ in range(EACH):
        visitor.judge(VERDICT)
    visitor.close()


def test_each_replica_sees_the_verdicts_of_the_other(place: str, tmp_path: Path) -> None:
    build_run(tmp_path)
    with serve(tmp_path, place) as (left, _), serve(tmp_path, place) as (right, _):
        ada, bo = begin(left, "Ada"), begin(right, "Bo")
        judged = find_painting(ada)
        assert find_painting(bo) == judged
        ada.judge(VERDICT)
        late = begin(right, "Bo")  # what was sent ahead to the first visit stays there
        assert find_painting(late) != judged
        late.close()
        bo.open("reviews", "section=verdicts")
        assert "1\u00a0verdict by other reviewers" in bo.html
        with ThreadPoolExecutor(4) as pool:
            names = ("Cy", "Di", "Ed", "Flo")
            list(pool.map(work, (left, right, left, right), names))
        ada.open("reviews", "section=verdicts")
        assert f"{4 * EACH}\u00a0verdicts by other reviewers" in ada.html
    log = open_log(place)
    table = log.load_all()
    log.close()
    assert table["id"].is_unique
    assert table.groupby("reviewer").size().to_dict() == {"Ada": 1} | dict.fromkeys(names, EACH)
