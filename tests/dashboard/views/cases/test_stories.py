"""What the page of a case tells."""

import numpy as np
import pandas as pd
import pytest

from dashboard.figures.story import build_shift, build_styles, build_timeline
from dashboard.runs.cases import find_case, find_works
from dashboard.runs.open_run import OpenRun
from dashboard.views.cases.stories import compare_styles, find_counterparts


@pytest.fixture
def case(opened: OpenRun) -> pd.Series:
    found = find_case(opened, "artist:Hilma af Klint")
    assert found is not None
    return found


def test_a_case_is_found_by_its_name(opened: OpenRun) -> None:
    assert find_case(opened, "artist:Nobody") is None


def test_an_oeuvre_is_whole_and_in_time_order(opened: OpenRun, case: pd.Series) -> None:
    rows = find_works(opened, case)
    assert set(rows) == set(opened.table.index[opened.table["artist"] == case["subject"]])
    years = opened.table["year"].loc[rows]
    known = years.dropna()
    assert known.is_monotonic_increasing
    assert years.iloc[len(known) :].isna().all()


def test_shares_of_styles_are_those_of_a_reference(opened: OpenRun, case: pd.Series) -> None:
    rows = find_works(opened, case)
    shares = compare_styles(opened, rows)
    table, seen = opened.table, opened.run.probabilities("style")
    for place, style in enumerate(opened.run.classes("style")):
        if style in shares.index:
            own = table.loc[rows, "given"]
            assert shares.loc[style, "given"] == pytest.approx((own == style).mean())
            assert shares.loc[style, "seen"] == pytest.approx(seen[rows, place].mean(), rel=1e-5)
            usual = [
                seen[((table["given"] == label) & ~table.index.isin(rows)).to_numpy(), place].mean()
                for label in own
            ]
            assert shares.loc[style, "usual"] == pytest.approx(np.mean(usual), rel=1e-5)


def test_works_that_nobody_judged_have_no_shares(opened: OpenRun) -> None:
    assert compare_styles(opened, np.array([], dtype=int)).empty


def test_counterparts_are_by_others_in_the_style_nearest_first(opened: OpenRun) -> None:
    rows = np.array([0, 5])
    found, likeness = find_counterparts(opened, rows, "Cubism", "Rembrandt", 3)
    others = opened.table.loc[found.ravel()]
    assert set(others["given"]) == {"Cubism"}
    assert "Rembrandt" not in set(others["artist"])
    assert (np.diff(likeness, axis=1) <= 0).all()
    embeddings = opened.run.embeddings
    assert likeness[0, 0] == pytest.approx(embeddings[0] @ embeddings[found[0, 0]], rel=1e-5)
    assert find_counterparts(opened, rows, "Rococo", "Rembrandt", 3)[0].shape == (2, 0)


def test_the_interval_stands_around_the_observed_share(case: pd.Series) -> None:
    observed, usual = build_shift(case.to_dict()).data
    assert observed.x == (pytest.approx(case["observed"]),)
    assert observed.x[0] - observed.error_x.arrayminus[0] == pytest.approx(
        case["expected"] + case["shift_low"], abs=1e-6
    )
    assert usual.x == (pytest.approx(case["expected"]),)


def test_bars_and_timeline_draw_what_they_are_given(opened: OpenRun, case: pd.Series) -> None:
    rows = find_works(opened, case)
    shares = compare_styles(opened, rows)
    bars = {bar.name: list(bar.x) for bar in build_styles(shares).data}
    assert bars["Seen by the model"] == shares["seen"].tolist()
    works = opened.table.loc[rows].assign(title="<b>x</b>")
    figure = build_timeline(works)
    labelled = next(trace for trace in figure.data if trace.name == "Labelled")
    assert list(labelled.x) == [int(year) for year in works["year"].dropna()]
    assert not any("<b>" in text for text in labelled.text)
