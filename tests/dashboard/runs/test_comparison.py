"""Works that a doubtful painting is compared with."""

from typing import Any

import numpy as np
import pytest

from dashboard.runs.comparison import find_others, find_own
from dashboard.runs.open_run import OpenRun


@pytest.fixture
def row(opened: OpenRun) -> int:
    """A work by an artist who has others under the same label."""
    counts = opened.table.groupby(["artist", "given"], observed=True).size()
    most: Any = counts.idxmax()
    is_it = (opened.table["artist"] == most[0]) & (opened.table["given"] == most[1])
    return int(np.flatnonzero(is_it.to_numpy())[0])


def likeness(opened: OpenRun, row: int, rows: np.ndarray) -> np.ndarray:
    found: np.ndarray = opened.run.embeddings[rows] @ opened.run.embeddings[row]
    return found


def test_own_works_carry_the_label_and_leave_the_painting_out(opened: OpenRun, row: int) -> None:
    label, artist = opened.table["given"][row], opened.table["artist"][row]
    found = find_own(opened, row, label, 100)
    assert set(opened.table["given"][found]) == {label}
    assert set(opened.table["artist"][found]) == {artist}
    assert not {row, *opened.find_copies(row)} & set(found)
    assert (np.diff(likeness(opened, row, found)) <= 0).all()
    assert find_own(opened, row, label, 1).tolist() == found[:1].tolist()


def test_others_are_by_other_artists_and_the_most_similar(opened: OpenRun, row: int) -> None:
    artist = opened.table["artist"][row]
    found = find_others(opened, row, "Cubism", 2)
    table = opened.table
    rest = np.flatnonzero((table["given"] == "Cubism") & (table["artist"] != artist))
    rest = np.setdiff1d(rest, [row, *found, *opened.find_copies(row)])
    assert set(table["given"][found]) == {"Cubism"}
    assert artist not in set(table["artist"][found])
    assert likeness(opened, row, found).min() >= likeness(opened, row, rest).max()


def test_where_there_is_no_label_there_is_nothing_to_compare(opened: OpenRun, row: int) -> None:
    assert not len(find_others(opened, row, None))
    assert not len(find_own(opened, row, None))
    assert not len(find_own(opened, row, "Vorticism"))
