"""The Overview page on the synthetic run."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from core import __version__
from core.findings.labels.quadrants import FLAGGED
from core.reviews import Entry, open_log
from dashboard.components.page import build_command
from dashboard.runs.open_run import OpenRun
from tests.dashboard.pages import key_of_first_card, open_page, text_of


@pytest.mark.usefixtures("root")
def test_overview_says_what_is_there_and_how_good_the_model_is() -> None:
    app = open_page()
    text = text_of(app)
    assert "60 paintings by 8 artists in 5 styles" in text
    assert "How good is the model?" in text
    assert build_command("--group-by artist") in text  # no run here holds artists out
    mistake = re.search(r'<a href="outliers\?([^"]+)" data-inside>[^<]+ seen as', text)
    assert mistake
    assert {"given", "predicted"} <= set(parse_qs(unescape(mistake[1])))
    assert len(app.dataframe[0].value) == 5
    assert "x/bad.jpg" in text
    assert "One file was left out." in text
    assert "more cells than the header names" in text


@pytest.mark.usefixtures("root")
def test_overview_answers_for_another_task() -> None:
    app = open_page(task="genre")
    assert len(app.dataframe[0].value) == 2
    assert "By genre" in text_of(app)


@pytest.mark.usefixtures("root")
def test_the_lead_says_of_its_count_all_that_was_asked_for(opened: OpenRun) -> None:
    """Not all of whose other style the model is sure are counted: some labels are likely, too."""
    table, lines = opened.table, opened.run.manifest.thresholds
    is_sure = (table["predicted"] != table["given"]) & (table["confidence"] >= lines.confidence)
    told = f"For {(is_sure & (table['loss'] >= lines.loss)).sum()} paintings it is sure of another "
    assert f"{told}style than the label, and finds the label unlikely" in text_of(open_page())


@pytest.mark.usefixtures("root")
def test_overview_counts_what_is_flagged_and_judged(root: Path, opened: OpenRun) -> None:
    first = open_page()
    quadrants = opened.table["quadrant"].value_counts()
    for name in FLAGGED:
        assert f"<dd>{quadrants[name]:,}</dd>" in text_of(first)
    key = key_of_first_card(first)
    entry = Entry(key, "0" * 64, "style", "Cubism", "right", "Ada", "synthetic-1", "0" * 64)
    open_log(str(root / "reviews.sqlite")).record([entry])
    after = open_page()
    assert "reviewed</a></dt><dd>1</dd>" in text_of(after)
    assert key_of_first_card(after) != key  # it is nobody's turn any more


@pytest.mark.usefixtures("root")
def test_the_version_is_shown() -> None:
    assert f"ArtExtract curator {__version__}" in text_of(open_page())


@pytest.mark.usefixtures("root")
def test_the_report_is_offered_as_a_file() -> None:
    labels = [button.proto.label for button in open_page().get("download_button")]
    assert labels == ["Report"]
