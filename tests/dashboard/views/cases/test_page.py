"""The list of cases, and the page of each."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pandas as pd
import pytest

from core.artifacts import open_run
from dashboard.figures.story import build_shift
from dashboard.runs.open_run import OpenRun
from dashboard.views.cases import story
from tests.dashboard.pages import key_of_first_card, open_page, rerun, text_of


@pytest.mark.usefixtures("root")
def test_cases_stand_under_their_type_and_the_watched_come_first() -> None:
    text = text_of(open_page("cases"))
    watched, rest = text.split("Watched artists")[1].split("Likely mislabelled: 1 case")
    for sentence in (
        "No works in this collection: Edward Hopper.",
        "Giotto: too few to say (n = 1)",
    ):
        assert sentence in watched
    assert "No pictures" not in watched
    assert "Jackson Pollock" in watched
    assert "(p = 0.014), and among all that were tested the false-discovery rate is 92 %" in watched
    assert "Mixed oeuvre: 1 case<" in rest
    assert "Moves between styles over the years." in rest
    assert "Overlapping labels: 3 cases" in rest
    assert "Cubism and Symbolism" in rest
    assert "Attributions in doubt: 1 case<" in rest


@pytest.mark.usefixtures("root")
def test_a_hand_is_told_with_each_works_doubt_and_nearest_hand(opened: OpenRun) -> None:
    cases = opened.run.cases
    hand = cases[cases["kind"] == "hand"].iloc[0]
    text = text_of(open_page("cases", case=hand["case"]))
    assert f"The attribution of 50 % of {hand['works']} judged works is in doubt" in text
    row = opened.run.case_rows(hand["case"])[0]
    doubt, nearest = opened.table.loc[row, ["attribution_doubt", "attribution_hand"]]
    assert f"Doubt {doubt:.0%}: {nearest}".replace("%", " %") in text
    assert "Side by side" not in text


def test_every_case_has_a_page(root: Path) -> None:
    for case in open_run(root / "synthetic-1").cases.to_dict("records"):
        text = text_of(open_page("cases", case=case["case"]))
        assert escape(case["sentence"]).replace("\u00a0", " ") in text


@pytest.mark.usefixtures("root")
def test_a_case_shows_its_works_in_time_order_beside_the_other_style() -> None:
    app = open_page("cases", case="artist:Hilma af Klint")
    text = text_of(app)
    works = text.split("Works by year")[1].split("Side by side with Minimalism")[0]
    years = [int(year) for year in re.findall(r"Hilma af Klint, (\d{4})</div>", works)]
    assert years == sorted(years)
    assert len(years) > 3
    assert "similarity" in text.split("Side by side with Minimalism")[1]
    app.button[0].click()
    assert "Watched artists" in text_of(rerun(app))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"q_value": 0.004}, "False-discovery rate</abbr>: under 1 %."),
        ({"q_value": 0.05}, "False-discovery rate</abbr>: 5 %."),
        ({"q_value": 0.06}, ": 6 %; a finding has at most 5 %, so this is none."),
    ],
)
def test_only_a_finding_is_told_with_its_rate(
    opened: OpenRun, changed: dict[str, float], told: str
) -> None:
    cases = opened.run.cases
    artist = cases[cases["type"] == "likely mislabelled"].iloc[0]
    pair = cases[(cases["kind"] == "style pair") & (cases["shared"] > 0)].iloc[0]
    for case in (artist, pair):
        text = story.describe_shift(pd.Series({**case, **changed}), opened.word)
        assert told in text.replace("\u00a0", " ")
    assert ("filed under both" in text) == ("so this is none" in told)


def test_an_oeuvre_unlike_all_others_is_listed_at_any_rate_and_says_why(opened: OpenRun) -> None:
    cases = opened.run.cases
    outsider = cases[cases["type"] == "no frame of reference"].iloc[0]
    told = "It is listed since the works, taken together, are unlike those of others."
    for rate, is_said in ((0.004, False), (0.3, True)):
        text = story.describe_shift(pd.Series({**outsider, "q_value": rate}), opened.word)
        assert (told in text) == is_said


def test_an_arguable_label_is_held_against_styles_that_began_later(opened: OpenRun) -> None:
    case = opened.run.cases.set_index("type", drop=False).loc["label arguable"]
    case = case.iloc[0] if isinstance(case, pd.DataFrame) else case
    text = story.describe_shift(case, opened.word)
    assert "that began 5 to 80 years later is likelier than the label" in text
    assert build_shift(case.to_dict()).data[0].y == ("Seen as later",)


@pytest.mark.usefixtures("root")
def test_a_style_is_text_on_the_page_of_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "class_name", lambda name: f"<i>{name}</i>")
    text = text_of(open_page("cases", case="artist:Hilma af Klint"))
    assert "&lt;i&gt;Minimalism" in text
    assert "<i>Minimalism" not in text


@pytest.mark.usefixtures("root")
def test_next_walks_the_works_of_a_case() -> None:
    case = "artist:Hilma af Klint"
    app = open_page(
        "painting",
        case=case,
        origin="cases",
        painting=key_of_first_card(open_page("cases", case=case)),
    )
    assert "1 of " in text_of(app)
    app.button(key="next").click()
    assert "Hilma af Klint" in text_of(rerun(app)).split("</h1>")[1]


@pytest.mark.usefixtures("root")
def test_a_case_that_is_not_here_is_said() -> None:
    app = open_page("cases", case="artist:Nobody")
    assert "not in this run" in app.toast[0].value
    assert "Watched artists" in text_of(app)
