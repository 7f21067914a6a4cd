"""What the page of a case tells."""

import numpy as np
import pandas as pd
import pytest

from core.tasks import FURTHER
from dashboard.figures.story import build_shift, build_styles, build_timeline
from dashboard.runs.cases import find_case, find_works
from dashboard.runs.open_run import OpenRun
from dashboard.selection.preparation import prepare_facets
from dashboard.views.cases.stories import compare_styles, find_counterparts


@pytest.fixture
def case(opened: OpenRun) -> pd.Series:
    found = find_case(opened, "artist:Hilma af Klint")
    assert found is not None
    return found


def label(opened: OpenRun, labels: dict[int, list[str]]) -> pd.DataFrame:
    """The run's table with other labels of some rows."""
    given = opened.table["given"].astype("object").copy()
    further = pd.Series(None, index=given.index, dtype="object")
    for row, (front, *others) in labels.items():
        given[row], further[row] = front, tuple(others) or None
    return prepare_facets(opened.table.assign(**{"given": given, FURTHER: further}))


def test_a_case_is_found_by_its_name(opened: OpenRun) -> None:
    assert find_case(opened, "artist:Nobody") is None


def test_an_oeuvre_is_whole_and_in_time_order(opened: OpenRun, case: pd.Series) -> None:
    rows = find_works(opened, case)
    assert set(rows) == set(opened.table.index[opened.table["artist"] == case["subject"]])
    years = opened.table["year"].loc[rows]
    known = years.dropna()
    assert known.is_monotonic_increasing
    assert years.iloc[len(known) :].isna().all()


def test_shares_are_counted_as_the_case_is(opened: OpenRun, case: pd.Series) -> None:
    """First answers of the model that never saw the artist, copies once: one way of counting."""
    rows = find_works(opened, case)
    unseen, classes = opened.run.unseen, opened.run.classes("style")
    assert unseen is not None
    seen = [classes[place] for place in unseen[rows].argmax(axis=1)]
    assert seen == opened.witness[rows].tolist()
    shares = compare_styles(opened, rows)
    for style in shares.index:
        given = opened.table.loc[rows, "given"] == style
        assert shares.loc[style, "given"] == pytest.approx(given.mean())
        assert shares.loc[style, "seen"] == pytest.approx(seen.count(style) / len(rows))


def test_copies_of_a_picture_count_once(opened: OpenRun) -> None:
    first, second = opened.table.index[opened.table["duplicate_group"] >= 0][:2]
    table = label(opened, {first: ["Cubism"], second: ["Cubism"]})
    shares = compare_styles(OpenRun(opened.run, table), np.array([first, second]))
    assert shares["seen"].max() == 1
    assert shares.loc[opened.witness[first], "seen"] == 1


def test_a_run_without_the_witness_shows_the_model_s_answers(
    opened: OpenRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(opened.run), "unseen", None)
    seen = OpenRun(opened.run, opened.table).witness
    known = opened.table["predicted"].notna().to_numpy()
    assert (seen[known] == opened.table["predicted"].to_numpy(dtype=object)[known]).all()
    assert all(name is None for name in seen[~known])


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
    assert bars["Seen"] == shares["seen"].tolist()
    labels = opened.labels[rows]
    works = opened.table.loc[rows].assign(title="<b>x</b>", labels=labels)
    figure = build_timeline(works)
    labelled = next(trace for trace in figure.data if trace.name == "Labelled")
    assert list(labelled.x) == [int(year) for year in works["year"].dropna()]
    assert not any("<b>" in text for text in labelled.text)


def test_a_work_of_several_labels_counts_in_equal_parts_and_is_a_counterpart_under_each(
    opened: OpenRun,
) -> None:
    alone = opened.table.index[opened.table["duplicate_group"] < 0]
    first, second = [int(row) for row in alone if opened.witness[row] is not None][:2]
    several = OpenRun(opened.run, label(opened, {first: ["Cubism", "Baroque"], second: ["Cubism"]}))
    shares = compare_styles(several, np.array([first, second]))
    assert shares["given"].loc[["Cubism", "Baroque"]].tolist() == [0.75, 0.25]
    assert shares["seen"].sum() == pytest.approx(1)
    found, _ = find_counterparts(several, np.array([second]), "Baroque", "Rembrandt", 1000)
    assert first in found
