"""Verdicts by key on the picture in focus: what is recorded, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st

from core.reviews import open_log
from dashboard.components.keyboard import judge
from dashboard.runs.cache import OpenRun
from dashboard.session import reviewing


@pytest.fixture(autouse=True)
def session(root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A session of Ada's, as a plain dictionary."""
    held: dict[str, object] = {reviewing.NAME: "Ada"}
    monkeypatch.setattr(st, "session_state", held)
    return held


def verdicts(root: Path) -> list[tuple[str, str, str | None]]:
    standing = open_log(str(root / "reviews.sqlite")).load_standing()
    proposed = standing["proposed"].astype(object).where(standing["proposed"].notna(), None)
    return list(zip(standing["key"], standing["verdict"], proposed, strict=True))


def test_a_key_judges_the_painting_in_focus(root: Path, opened: OpenRun) -> None:
    key = str(opened.table.loc[4, "key"])
    judge(opened, key, "right")
    assert verdicts(root) == [(key, "right", None)]


def test_of_a_wrong_label_the_style_of_the_evidence_is_proposed(
    root: Path, opened: OpenRun
) -> None:
    doubted = opened.table.index[opened.table["given"] != opened.table["predicted"]]
    painting = opened.table.loc[doubted[0]].to_dict()
    judge(opened, str(painting["key"]), "wrong")
    expected = reviewing.suggested_label(painting, "style")
    assert expected
    assert verdicts(root) == [(painting["key"], "wrong", expected)]


def test_nobody_judges_without_a_name(
    root: Path, opened: OpenRun, session: dict[str, object]
) -> None:
    del session[reviewing.NAME]
    judge(opened, str(opened.table.loc[4, "key"]), "right")
    assert verdicts(root) == []
    assert any("Say who you are" in str(value) for value in session.values())


@pytest.mark.parametrize(("key", "verdict"), [("no/such.jpg", "right"), ("", "marvellous")])
def test_what_is_not_there_is_not_judged(
    root: Path, opened: OpenRun, key: str, verdict: str
) -> None:
    judge(opened, key or str(opened.table.loc[4, "key"]), verdict)  # type: ignore[arg-type]
    assert verdicts(root) == []
