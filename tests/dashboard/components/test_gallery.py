"""Cards of paintings."""

import re

import numpy as np
import pytest

from core.artifacts.reasons import Reason
from core.findings.labels.reasons import tell
from dashboard.components.gallery import build_gallery, build_thumbnails
from dashboard.runs.open_run import OpenRun


def link(key: str) -> str:
    return f"painting?painting={key}"


def test_a_card_has_picture_text_and_link(opened: OpenRun) -> None:
    rows = np.arange(2)
    html = build_gallery(opened.table, rows, opened.tell(rows), "run", link)
    assert html.count('<img loading="lazy"') == 2
    assert 'src="/images/run/0/320.jpg"' in html
    assert 'alt="Painting 0, ' in html
    assert f'<a href="painting?painting={opened.table["key"][1]!s}" data-inside>' in html


def test_a_card_names_the_label_that_its_keys_judge(opened: OpenRun) -> None:
    rows, given = np.arange(3), opened.table["given"].astype(object)
    table = opened.table.assign(given=given.where(opened.table.index != 2, None))
    asked = ['"Dada"', None, None]
    html = build_gallery(table, rows, opened.tell(rows), "run", link, asked=asked)
    assert re.findall('data-asked="([^"]*)"', html) == ["&quot;Dada&quot;", given[1], ""]


@pytest.mark.parametrize(
    ("column", "first"),
    [("score", "Ranking score"), ("loss", "Loss"), ("confidence", "Confidence"), ("year", "Loss")],
)
def test_a_card_shows_the_score_that_its_list_is_sorted_by(
    opened: OpenRun, column: str, first: str
) -> None:
    row = np.array([int(opened.table["score"].argmax())])
    html = build_gallery(opened.table, row, opened.tell(row), "run", link, ranked_by=column)
    names = re.findall(r"<dt>([^<]*)</dt><dd>[^<]+</dd>", html)
    assert names[0] == first
    assert names.count("Loss") == names.count("Confidence") == 1


def test_text_of_a_collection_is_never_markup(opened: OpenRun) -> None:
    evil = '"><img src=x onerror=alert(1)>'
    table = opened.table.head(1).assign(title=evil, artist=evil, key=evil, given=evil)
    told = tell([Reason("answer", 1.0, {"given": evil, "predicted": evil, "confidence": 0.5})])
    gallery = build_gallery(table, np.array([0]), [told], "run", link)
    both = gallery + build_thumbnails(table, "run", link, [evil])
    assert "<img src=x" not in both
    assert both.count("<img ") == 2
