"""The source's link and rights, whatever a table held."""

from __future__ import annotations

import pytest

from core.report.source import LONGEST, describe_source


def test_a_web_address_is_a_link_and_rights_are_text() -> None:
    told = describe_source({"source_url": "https://a.org/1?b=1&c=2", "rights": "CC <0>"})
    assert told == (
        'Source: <a href="https://a.org/1?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">'
        "https://a.org/1?b=1&amp;c=2</a> · Rights: CC &lt;0&gt;"
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript://a.org/%0aalert(1)",
        "data:text/html,x",
        "s3://scans/1.tif",
        "//a.org/x",
        "https://museum.org@evil.example/",
        "https:///x",
        "http://[::1",
    ],
)
def test_no_other_address_is_a_link(address: str) -> None:
    told = describe_source({"source_url": address, "rights": None})
    assert "<a" not in told
    assert told.startswith("Source: ")


def test_an_address_cannot_leave_its_attribute() -> None:
    told = describe_source({"source_url": 'https://a.org/"onclick="alert(1)', "rights": None})
    assert '"onclick' not in told


def test_a_long_address_is_shown_in_part_and_linked_whole() -> None:
    address = f"https://a.org/{'x' * 300}"
    told = describe_source({"source_url": address, "rights": None})
    assert f'href="{address}"' in told
    assert f">{address[: LONGEST - 1]}…<" in told


@pytest.mark.parametrize("painting", [{}, {"source_url": None, "rights": float("nan")}])
def test_nothing_is_said_where_nothing_is_known(painting: dict[str, object]) -> None:
    assert describe_source(painting) == ""
