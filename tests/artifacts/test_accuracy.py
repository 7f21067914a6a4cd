"""The three accuracies, and the run that the third one comes from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.artifacts import Run, open_run
from core.artifacts.accuracy import (
    compare_ways,
    find_partner,
    is_artist_disjoint,
    list_differences,
)
from core.artifacts.manifest import FileFacts
from core.artifacts.writer import compute_sha256
from dashboard.views.overview.quality import describe_ways
from tests.synthetic_run import build_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(build_run(tmp_path_factory.mktemp("artifacts")))


def read_text(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def make_other(run: Run, folder: Path, fingerprint: str = "", **config: Any) -> Run:
    """A run like ``run`` with other settings and 10 points less accuracy."""
    folder.mkdir()
    metrics = json.loads(json.dumps(run.metrics))
    metrics["style"]["accuracy"] -= 0.1
    file = folder / "metrics.json"
    file.write_text(json.dumps(metrics))
    content = FileFacts(bytes=file.stat().st_size, sha256=compute_sha256(file))
    facts = run.manifest.collection
    changed = run.manifest.model_copy(
        update={
            "run_id": folder.name,
            "files": run.manifest.files | {file.name: content},
            "config": run.manifest.config | config,
            "collection": facts.model_copy(
                update={"fingerprint": fingerprint or facts.fingerprint}
            ),
        }
    )
    return Run(folder, changed)


def test_one_run_alone_has_two_of_the_three(run: Run) -> None:
    ways = compare_ways(run, [])
    assert ways.baseline == run.metrics["artist_majority_accuracy"]
    assert ways.ordinary == run.metrics["style"]["accuracy"]
    assert ways.disjoint is None
    assert ways.witness == run.metrics["artists_unseen"]["accuracy"]
    assert f"{ways.witness:.1%}".replace("%", "\u00a0%") in " ".join(describe_ways(ways, run))
    assert "--group-by artist" in read_text(describe_ways(ways, run)[-1])


def test_a_run_with_artists_held_out_gives_the_third(run: Run, tmp_path: Path) -> None:
    other = make_other(run, tmp_path / "disjoint", group_by="artist")
    ways = compare_ways(run, [other])
    assert ways.partner is other
    assert ways.ordinary is not None
    assert ways.disjoint == pytest.approx(ways.ordinary - 0.1)
    told = " ".join(describe_ways(ways, run))
    assert "10.0 points" in told
    assert 'href="?run=disjoint"' in told


def test_seen_from_the_other_run_the_figures_are_the_same(run: Run, tmp_path: Path) -> None:
    other = make_other(run, tmp_path / "disjoint", group_by="artist")
    ways, back = compare_ways(run, [other]), compare_ways(other, [run])
    assert (back.baseline, back.ordinary, back.disjoint) == (
        ways.baseline,
        ways.ordinary,
        ways.disjoint,
    )
    assert back.partner is run


def test_with_artists_held_out_there_is_no_commonest_style_to_guess(
    run: Run, tmp_path: Path
) -> None:
    alone = make_other(run, tmp_path / "disjoint", group_by="artist")
    ways = compare_ways(alone, [])
    assert ways.baseline is None
    assert ways.ordinary is None
    assert ways.disjoint == alone.metrics["style"]["accuracy"]
    assert "--group-by picture" in read_text(describe_ways(ways, alone)[-1])


def test_a_run_whose_figures_were_changed_is_passed_over(run: Run, tmp_path: Path) -> None:
    other = make_other(run, tmp_path / "disjoint", group_by="artist")
    other.verify_hashes("metrics.json")
    (tmp_path / "disjoint" / "metrics.json").write_text(json.dumps(run.metrics))
    assert find_partner(run, [other]) is None


def test_the_most_alike_run_is_taken_and_its_differences_are_said(run: Run, tmp_path: Path) -> None:
    far = make_other(run, tmp_path / "far", group_by="artist", folds=9, backbone="else")
    near = make_other(run, tmp_path / "near", group_by="artist", folds=9, device="cuda")
    assert find_partner(run, [far, near]) is near
    assert list_differences(run, near) == ("folds", "group_by")
    assert "differently in folds" in describe_ways(compare_ways(run, [near]), run)[-1]


def test_other_paintings_other_splits_and_broken_figures_do_not_count(
    run: Run, tmp_path: Path
) -> None:
    elsewhere = make_other(run, tmp_path / "elsewhere", fingerprint="1" * 64, group_by="artist")
    official = make_other(run, tmp_path / "official", group_by="artist", split="official")
    broken = make_other(run, tmp_path / "broken", group_by="artist")
    (broken.folder / "metrics.json").write_text("{")
    assert not is_artist_disjoint(official.manifest)
    assert find_partner(run, [elsewhere, official, broken]) is None


def test_names_in_a_command_are_text(run: Run) -> None:
    manifest = run.manifest.model_copy(update={"command": "python train.py <b>x</b>"})
    odd = Run(run.folder, manifest)
    assert "&lt;b&gt;" in describe_ways(compare_ways(odd, []), odd)[-1]
