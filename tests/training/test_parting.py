"""Folds of small collections; where there are none, the advice works."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Literal, cast, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.artifacts import open_run
from core.errors import UserError
from core.splits import build_groups
from core.training.config import TrainConfig
from core.training.parting import Parts, split_into_folds
from tests.training.conftest import dry_run, paint_patterns, small_config, train_small

GroupBy = Literal["picture", "artist"]
BASE = small_config(Path("data"), Path("artifacts"))


def follow(config: TrainConfig, advice: str) -> list[TrainConfig]:
    """``config`` with the flags of each way that an advice names."""
    found = re.fullmatch(r"Use (--.+)\.", advice)
    ways = found[1].split(" or ") if found else []
    changed = []
    for way in ways:
        flags = dict(zip(way.split()[::2], way.split()[1::2], strict=True))
        folds = int(flags.pop("--folds", config.folds))
        by = flags.pop("--group-by", config.group_by)
        assert not flags
        assert by in get_args(GroupBy)
        changed.append(replace(config, folds=folds, group_by=cast(GroupBy, by)))
    return changed


@st.composite
def small_parts(draw: st.DrawFn) -> Parts:
    """2 to 16 paintings of up to 3 styles, some of them copies, some by one hand."""
    count = draw(st.integers(2, 16))
    styles, pictures, artists = (
        np.array(draw(st.lists(st.integers(low, high), min_size=count, max_size=count)))
        for low, high in ((-1, 2), (0, count), (0, count))
    )
    return Parts(styles, pictures, hands=build_groups(pictures, artists))


@given(small_parts(), st.integers(2, 8), st.sampled_from(get_args(GroupBy)))
def test_there_are_folds_or_advice_that_leads_to_them(
    parts: Parts, folds: int, by: GroupBy
) -> None:
    config = replace(BASE, folds=folds, group_by=by)
    fold, remedy = None, ""
    try:
        fold = split_into_folds(config, parts)
    except UserError as error:
        remedy = error.remedy
    if fold is None:
        assert remedy.startswith(("Use --", "Add paintings: "))
        for changed in follow(config, remedy):
            assert changed != config
            split_into_folds(changed, parts)
        return
    assert set(fold) == set(range(folds))
    groups = parts.groups(by)
    assert all(len(set(fold[groups == group])) == 1 for group in groups)
    known = parts.styles >= 0
    spread = set(zip(parts.styles[known], fold[known], strict=True))
    assert len(spread) > len({style for style, _ in spread})  # a style is in two folds


def tell(
    styles: list[int], pictures: list[int], hands: list[int], folds: int, by: GroupBy = "picture"
) -> UserError:
    parts = Parts(np.array(styles), np.array(pictures), np.array(hands))
    with pytest.raises(UserError) as raised:
        split_into_folds(replace(BASE, folds=folds, group_by=by), parts)
    return raised.value


def test_too_few_paintings_need_fewer_folds() -> None:
    said = tell([0, 0, 1, 1], [0, 1, 2, 3], [0, 1, 2, 3], folds=5)
    assert str(said) == (
        "4 paintings cannot be split into 5 folds; found 4 that may be separated; "
        "expected at least 5. Use --folds 4."
    )


def test_one_artist_a_style_needs_other_groups() -> None:
    said = tell([0, 0, 1, 1], [0, 1, 2, 3], [0, 0, 1, 1], folds=2, by="artist")
    assert "each style whole in one fold" in str(said)
    assert "--group-by artist keeps an artist's works together" in str(said)
    assert said.remedy == "Use --group-by picture."


def test_copies_alone_need_other_paintings() -> None:
    said = tell([0, 0, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0], folds=2)
    assert "found 1 that may be separated (copies of a picture stay together)" in str(said)
    assert said.remedy.startswith("Add paintings")


def test_a_dry_run_says_it_before_any_picture_is_read(tmp_path: Path) -> None:
    data = paint_patterns(tmp_path / "data", works=2)
    with pytest.raises(UserError, match=r"6 paintings cannot be split into 8.*Use --folds 6\."):
        dry_run(small_config(data, tmp_path, folds=8))


def test_an_official_split_is_looked_for_before_any_picture_is_read(tmp_path: Path) -> None:
    data = paint_patterns(tmp_path / "data", works=2)
    with pytest.raises(UserError, match=r"0 of 6 .* validation list, 0 in the train") as refused:
        dry_run(small_config(data, tmp_path, split="official"))
    for flag in ("--split-column", "--labels", "folders train and val", "--split folds"):
        assert flag in refused.value.remedy
    parted = tmp_path / "parted"  # one of the ways out
    for number, picture in enumerate(sorted(data.rglob("*.*"))):
        place = parted / ("train", "val")[number % 2] / picture.parent.name
        place.mkdir(parents=True, exist_ok=True)
        (place / picture.name).write_bytes(picture.read_bytes())
    assert "official; each learns from" in dry_run(small_config(parted, tmp_path, split="official"))


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize(("works", "folds"), [(2, 2), (2, 6), (4, 5)])
def test_a_dozen_paintings_make_a_run(tmp_path: Path, works: int, folds: int) -> None:
    data = paint_patterns(tmp_path / "data", works=works)
    run = open_run(train_small(data, tmp_path, folds=folds, frozen_epochs=1, tuning_epochs=1))
    assert len(run.paintings) == 3 * works
    assert run.predictions("style")["loss"].notna().all()
