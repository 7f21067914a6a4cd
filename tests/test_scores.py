"""What is said of a score is said once, and holds."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.artifacts import Run, open_run
from core.artifacts.schema import FINDINGS, PREDICTIONS
from core.scores import SCORES, Score, build_readme_table
from tests.synthetic_run import build_run

README = Path(__file__).resolve().parents[1] / "README.md"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(build_run(tmp_path_factory.mktemp("artifacts"), paintings=120, several=30))


@pytest.mark.parametrize("score", SCORES.values(), ids=SCORES)
def test_every_value_lies_within_the_range_of_its_score(run: Run, score: Score) -> None:
    values = _values(run, score)
    assert str(values.dtype) == score.dtype
    known = values.dropna().to_numpy(float)
    assert len(known)
    assert score.low is None or known.min() >= score.low
    assert score.high is None or known.max() <= score.high
    assert len(known) == len(values) or score.absent


def test_names_in_links_are_never_shared() -> None:
    filters = [score.filter for score in SCORES.values() if score.filter]
    orders = [order.name for score in SCORES.values() for order in score.orders]
    assert len(set(filters)) == len(filters)
    assert len(set(orders)) == len(orders)


def test_a_meaning_is_a_sentence() -> None:
    for score in SCORES.values():
        assert re.fullmatch(r"[A-Z].*\.", score.meaning), score.name


def test_readme_lists_the_scores_that_pages_show() -> None:
    """``python -m core.scores`` prints what belongs there."""
    assert f"-->\n{build_readme_table()}\n<!-- /scores" in README.read_text(encoding="utf-8")


def test_a_score_is_written_in_its_unit() -> None:
    written = {
        name: SCORES[name].write(value, classes=27).replace("\u00a0", " ")
        for name, value in {
            "score": 0.974,
            "loss": 3.14159,
            "margin": -0.5,
            "rank": 3,
            "oeuvre_works": 1234,
            "anachronism_given": -12.0,
        }.items()
    }
    assert written == {
        "score": "97 %",
        "loss": "3.14",
        "margin": "-0.50",
        "rank": "3 of 27",
        "oeuvre_works": "1,234",
        "anachronism_given": "-12",
    }


def test_the_higher_the_suspicion_the_less_the_label_is_the_answer(run: Run) -> None:
    """The end that a record calls suspicious is where the model contradicts the label."""
    style = run.predictions("style")
    wrong = (style["predicted"] != style["given"]).to_numpy(float)
    for name in ("p_given", "loss", "margin", "rank"):
        sign = 1 if SCORES[name].suspicious == "high" else -1
        assert np.corrcoef(sign * style[name].to_numpy(float), wrong)[0, 1] > 0.5, name


def _values(run: Run, score: Score) -> pd.Series:
    assert score.name in (PREDICTIONS if score.table == "predictions" else FINDINGS).columns
    table = run.predictions("genre") if score.table == "predictions" else run.findings
    return table[score.name]
