"""The ledger after kills, bad lines and in threads."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest

from core.collection.reading.fetched import LEDGER, Fetched, read_ledger
from core.fetch.errors import FetchError
from core.fetch.ledger import Ledger, read_clock


def make(number: int, **words: object) -> Fetched:
    return Fetched(f"http://a.org/{number}", read_clock(), **words)  # type: ignore[arg-type]


def test_the_last_record_of_an_address_holds(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path)) as ledger:
        ledger.append([make(1, reason="answered 404 Not Found", status=404)])
        ledger.append([make(1, file="ab/1.jpg", bytes=9, status=200), make(2, file="ab/2.jpg")])
        assert ledger.records["http://a.org/1"].file == "ab/1.jpg"
    assert [record.file for record in read_ledger(tmp_path).values()] == ["ab/1.jpg", "ab/2.jpg"]


def test_a_line_written_in_part_costs_itself_alone(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path)) as ledger:
        ledger.append([make(1), make(2)])
    path = tmp_path / LEDGER
    path.write_bytes(path.read_bytes()[:-9])
    with closing(Ledger(tmp_path)) as ledger:
        assert list(ledger.records) == ["http://a.org/1"]
        ledger.append([make(3)])
    assert list(read_ledger(tmp_path)) == ["http://a.org/1", "http://a.org/3"]


def test_lines_that_are_none_of_ours_count_as_not_written(tmp_path: Path) -> None:
    (tmp_path / LEDGER).write_bytes(b'\xff\n[1]\n{"address": 5}\n\n')
    assert read_ledger(tmp_path) == {}
    assert read_ledger(tmp_path / "nowhere") == {}


def test_threads_write_whole_lines(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path)) as ledger:

        def write(first: int) -> None:
            for number in range(first, first + 50):
                ledger.append([make(number)])

        threads = [threading.Thread(target=write, args=(at,)) for at in range(0, 400, 50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(read_ledger(tmp_path)) == 400


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FetchError, match="cannot be written"):
        Ledger(tmp_path / "file" / "pictures")
