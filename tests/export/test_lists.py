"""Lists of paintings as files: every score and finding, and what reviewers said."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.artifacts import Run, open_run
from core.artifacts.schema import FINDINGS
from core.export.lists import add_missing, build_list, encode_list
from core.reviews.log import build_table
from tests.reviews.conftest import say
from tests.synthetic_run import build_run

ROWS = np.array([7, 3, 11])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    root: Path = tmp_path_factory.mktemp("artifacts")
    return open_run(build_run(root))


def test_a_list_says_all_that_the_run_says_in_the_order_asked_for(run: Run) -> None:
    listed = build_list(run, ROWS)
    assert listed["key"].tolist() == run.paintings["key"].iloc[ROWS].tolist()
    style = run.predictions("style").loc[ROWS]
    assert listed["predicted_style"].tolist() == style["predicted"].tolist()
    assert listed["loss"].tolist() == style["loss"].tolist()
    assert (
        listed["predicted_genre"].tolist() == run.predictions("genre")["predicted"][ROWS].tolist()
    )
    for name in FINDINGS.columns:
        pd.testing.assert_series_equal(
            listed[name], run.findings[name].iloc[ROWS].reset_index(drop=True)
        )
    assert listed.columns.is_unique
    assert listed["verdict"].isna().all()


def test_it_says_who_judged_the_style_label_and_how(run: Run) -> None:
    first, second = run.paintings["key"].iloc[ROWS[:2]]
    standing = build_table(
        [
            say(first, "wrong", given="x", proposed="Cubism"),
            say(first, "right", "Bo", given="x"),
            say(second, "unsure", task="genre"),
        ]
    )
    listed = build_list(run, ROWS, standing)
    told = listed[["verdict", "proposed_style", "reviewers"]]
    assert told.iloc[0].tolist() == ["wrong; right", "Cubism", "Ada; Bo"]
    assert told.iloc[1:].isna().all(axis=None)


def test_lines_that_were_moved_decide_the_quadrants(run: Run) -> None:
    every = np.arange(len(run))
    assert build_list(run, every)["quadrant"].tolist() == run.findings["quadrant"].tolist()
    moved = build_list(run, every, lines=(0.0, 0.0))
    is_seen = moved["predicted_style"] == moved["given_style"]
    assert moved["quadrant"].tolist() == [
        "typical" if each else "genuine outlier" for each in is_seen
    ]


@pytest.mark.parametrize("rows", [ROWS, ROWS[:0]])
def test_files_are_read_back_as_they_were(run: Run, rows: np.ndarray) -> None:
    listed = build_list(run, rows).assign(title="Käthe, “so”\n=1+1")
    parquet = pd.read_parquet(io.BytesIO(encode_list(listed, "parquet")))
    pd.testing.assert_frame_equal(parquet, listed)
    csv = encode_list(listed, "csv")
    assert csv.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(io.BytesIO(csv))
    assert table.columns.tolist() == listed.columns.tolist()
    assert table["title"].tolist() == listed["title"].tolist()


def test_no_title_is_a_formula_in_a_spreadsheet(run: Run) -> None:
    listed = build_list(run, ROWS).assign(title='=HYPERLINK("http://evil")', artist="@a")
    table = pd.read_csv(io.BytesIO(encode_list(listed, "csv")))
    assert set(table["title"]) == {'\'=HYPERLINK("http://evil")'}
    assert set(table["artist"]) == {"'@a"}
    assert table["margin"].tolist() == pytest.approx(listed["margin"].tolist())


def test_paintings_that_the_run_lacks_are_listed_by_their_key(run: Run) -> None:
    listed = add_missing(build_list(run, ROWS), ["gone/a.jpg", "gone/b.jpg"])
    assert listed["key"].tolist()[3:] == ["gone/a.jpg", "gone/b.jpg"]
    assert listed.drop(columns="key").iloc[3:].isna().all(axis=None)
    back = pd.read_parquet(io.BytesIO(encode_list(listed, "parquet")))
    assert back["key"].tolist() == listed["key"].tolist()
