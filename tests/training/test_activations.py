"""Frozen activations: blocks are read ahead, in order, and errors of the reading arrive."""

from __future__ import annotations

import threading

import pytest

from core.training.transfer import read_ahead

BLOCKS = [slice(start, start + 2) for start in range(0, 8, 2)]


def test_every_block_comes_once_and_in_order() -> None:
    assert list(read_ahead(BLOCKS, lambda rows: rows.start)) == [
        (rows, rows.start) for rows in BLOCKS
    ]


def test_nothing_to_read_gives_nothing() -> None:
    assert list(read_ahead([], lambda rows: rows.start)) == []


def test_the_next_block_is_read_while_one_is_used() -> None:
    started = {rows.start: threading.Event() for rows in BLOCKS}

    def read(rows: slice) -> int:
        started[rows.start].set()
        return rows.start

    used = read_ahead(BLOCKS, read)
    next(used)
    assert started[2].wait(timeout=300)
    assert not started[4].is_set()


def test_what_goes_wrong_while_reading_is_raised() -> None:
    def read(rows: slice) -> int:
        if rows.start == 4:
            raise OSError("gone")
        return rows.start

    with pytest.raises(OSError, match="gone"):
        list(read_ahead(BLOCKS, read))
