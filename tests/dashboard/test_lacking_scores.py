"""A run that was published before a score existed opens, and what needs the score says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.artifacts import ArtifactBroken, open_run
from core.artifacts.writer import compute_sha256
from core.export.lists import build_list
from core.scores import SCORES, Score
from dashboard.point_cloud.packing import build_columns
from dashboard.runs.table import build_table
from dashboard.selection.faceted_table import FacetedTable
from dashboard.selection.facets import list_offered
from dashboard.selection.filters import list_lacking
from dashboard.selection.layout import list_colours
from dashboard.selection.order import list_orders, order_paintings
from dashboard.words import LACKING, list_measures
from tests.dashboard.pages import cards_of, open_page, text_of

OPTIONAL = [score for score in SCORES.values() if not score.is_required]
REQUIRED = [score for score in SCORES.values() if score.is_required]


def drop_score(folder: Path, score: Score) -> None:
    """Turns a run into one that was published before ``score`` existed."""
    name = f"{score.table}.parquet"
    path, manifest = folder / name, folder / "manifest.json"
    pd.read_parquet(path).drop(columns=score.name).to_parquet(path, index=False)
    content = json.loads(manifest.read_text())
    content["files"][name] |= {"bytes": path.stat().st_size, "sha256": compute_sha256(path)}
    manifest.write_text(json.dumps(content))


@pytest.mark.parametrize("score", OPTIONAL, ids=lambda score: score.name)
def test_a_run_without_it_opens_and_says_what_is_lacking(root: Path, score: Score) -> None:
    drop_score(root / "synthetic-1", score)
    run = open_run(root / "synthetic-1")
    run.verify_hashes()
    table = build_table(run)
    assert score.name not in table
    assert score.filter not in [facet.name for facet in list_offered(table)]
    assert len(FacetedTable(table).find_rows({score.filter: ("0.9..",)})) == len(table)
    assert not {order.name for order in score.orders} & set(list_orders(table))
    assert score.name not in list_colours(table)
    build_columns(table, run.manifest.classes, ceiling=5.0)
    asked: list[dict[str, Any]] = [{"order": order.name} for order in score.orders]
    asked += [{"filters": {score.filter: ("0.9..",)}}] if score.filter else []
    asked += [{"colour": score.name}] if score.is_colour else []
    for each in asked:
        assert list_lacking(table, **each) == [score.label]
    for order in score.orders:
        default = order_paintings(table, "score")
        assert order_paintings(table, order.name).tolist() == default.tolist()
    if score.is_measure:
        measures = list_measures(table.loc[0].to_dict(), classes=5)
        assert (score.name, score.label, LACKING) in measures
    if score.is_exported and score.table == "predictions":
        assert build_list(run, np.arange(3))[score.name].isna().all()


@pytest.mark.parametrize("score", REQUIRED, ids=lambda score: score.name)
def test_pages_stand_on_some_and_a_run_without_them_is_refused(root: Path, score: Score) -> None:
    drop_score(root / "synthetic-1", score)
    with pytest.raises(ArtifactBroken, match=rf"{score.table}.*no column {score.name}"):
        open_run(root / "synthetic-1")


@pytest.mark.parametrize("name", ["title", "given_style", "fold"])
def test_a_run_without_a_column_that_says_which_painting_it_is_is_refused(
    root: Path, name: str
) -> None:
    path = root / "synthetic-1" / "paintings.parquet"
    pd.read_parquet(path).drop(columns=name).to_parquet(path, index=False)
    manifest = path.with_name("manifest.json")
    content = json.loads(manifest.read_text())
    content["files"][path.name]["bytes"] = path.stat().st_size
    manifest.write_text(json.dumps(content))
    with pytest.raises(ArtifactBroken, match=f"no column {name}"):
        open_run(root / "synthetic-1")


def test_a_link_that_asks_for_it_opens_and_the_page_says_so(root: Path) -> None:
    drop_score(root / "synthetic-1", SCORES["novelty"])
    app = open_page("outliers", order="novelty", novelty="0.9..")
    said = [caption.value for caption in app.caption]
    assert sum("This run has no novelty" in text for text in said) == 2
    assert app.selectbox(key="widget.order").value == "score"
    assert "Most novel" not in app.selectbox(key="widget.order").options
    assert cards_of(app) == 24
    on_map = open_page("map", colour="novelty")
    assert any("no novelty" in caption.value for caption in on_map.caption)
    key = open_run(root / "synthetic-1").paintings.loc[0, "key"]
    assert LACKING in text_of(open_page("painting", painting=str(key)))


def test_nothing_is_lacking_where_a_run_has_all(root: Path) -> None:
    app = open_page("outliers", order="novelty", novelty="0.5..", certainty="0.5..")
    assert not [caption for caption in app.caption if "has no" in caption.value]
    table = build_table(open_run(root / "synthetic-1"))
    assert not list_lacking(table, {"text": ("x",)}, order="artist", colour="century")
