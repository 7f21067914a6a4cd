"""A verdict over the websocket is on a painting that this visit was shown, whoever sends it."""

from __future__ import annotations

from html import unescape
from urllib.parse import unquote

import pytest

from core.artifacts import open_run
from tests.security.judging import press
from tests.security.museum import Museum
from tests.security.sentinels import RUN
from tests.security.sessions import claim, seal
from tests.security.stream import Stream

pytestmark = pytest.mark.server
GALLERY = "outliers"


def find_components(visit: Stream, name: str) -> list[str]:
    """Ids of the page's components whose name has ``name`` in it."""
    return [each.id for each in visit.find("BidiComponent") if name in each.component_name]


def list_shown(visit: Stream, keys: list[str]) -> list[str]:
    """Those of ``keys`` whose cards the latest run drew."""
    drawn = unquote(unescape("".join(each.body for each in visit.find("Html"))))
    return [key for key in keys if key in drawn]


def test_no_key_judges_what_no_gallery_of_the_visit_showed(museum: Museum) -> None:
    keys = open_run(museum.artifacts / RUN).paintings["key"].tolist()
    before = museum.count_rows()
    with Stream(museum.port, seal(claim("ada", museum.origin))) as visit:
        visit.run("overview")
        (keyboard,) = find_components(visit, "keyboard")
        for key in keys[:: len(keys) // 6]:
            visit.run("overview", states=press(keyboard, key))
        assert museum.count_rows() == before
        visit.run(GALLERY)
        shown = list_shown(visit, keys)
        assert 0 < len(shown) < len(keys)
        (keyboard,) = find_components(visit, "keyboard")
        for key in sorted(set(keys) - set(shown))[:6]:
            visit.run(GALLERY, states=press(keyboard, key))
        assert museum.count_rows() == before
        visit.run(GALLERY, states=press(keyboard, shown[0]))
    assert museum.count_rows() == before + 1
