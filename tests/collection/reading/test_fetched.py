"""The first address of a cell."""

from __future__ import annotations

import pytest

from core.collection.reading.fetched import first_address


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("http://a.org/1.jpg", "http://a.org/1.jpg"),
        (" HTTPS://a.org/1.jpg \n", "HTTPS://a.org/1.jpg"),
        ("http://a.org/1.jpg|http://a.org/2.jpg", "http://a.org/1.jpg"),
        ("http://a.org/1.jpg; http://a.org/2.jpg", "http://a.org/1.jpg"),
        ("http://a.org/1.jpg\nhttp://a.org/2.jpg", "http://a.org/1.jpg"),
        ("http://a.org/full/843,/0/default.jpg", "http://a.org/full/843,/0/default.jpg"),
        ("http://a.org/1.jpg http://a.org/2.jpg", "http://a.org/1.jpg"),
        ("http://a.org/the night watch.jpg", "http://a.org/the night watch.jpg"),
        ("http://a.org/a;b/1.jpg", "http://a.org/a;b/1.jpg"),
        ("s3://scans/1.tif", "s3://scans/1.tif"),
        ("scans/1.tif", ""),
        ("see http://a.org", ""),
        ("", ""),
    ],
)
def test_the_first_address_of_a_cell(cell: str, address: str) -> None:
    assert first_address(cell) == address
