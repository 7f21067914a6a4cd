"""The page New collection, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import UserError
from dashboard import settings
from tests.dashboard.pages import open_page, rerun, text_of

PAGE = "new-collection"


@pytest.fixture
def collections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of tables, beside one that nobody may look at; no run anywhere."""
    folder = tmp_path / "collections"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("file,style\na.jpg,x\n")
    (folder / "out.csv").symlink_to(tmp_path / "secret.csv")
    works = "file,movement,period,note\na.jpg,Cubism,Edo,<b>1</b>\nb.jpg,Rococo,,\n"
    (folder / "works.csv").write_text(works)
    monkeypatch.setenv(settings.ARTIFACTS, str(tmp_path / "artifacts"))
    monkeypatch.setenv(settings.COLLECTIONS, str(folder))
    return folder


def look_at(path: str) -> AppTest:
    app = open_page(PAGE)
    app.segmented_control[0].set_value("On this server")
    rerun(app)
    app.text_input[0].set_value(path)
    return rerun(app)


@pytest.mark.usefixtures("collections")
def test_answers_change_the_table_and_the_command() -> None:
    app = look_at("works.csv")
    (question,) = app.selectbox
    assert [option.split(":")[0] for option in question.options] == ["movement", "period"]
    assert "question still open" in text_of(app)
    assert "<b>1</b>" not in text_of(app)
    question.select_index(1)
    rerun(app)
    assert app.code[0].value.endswith("works.csv --label-column period --dry-run")
    assert "still open" not in text_of(app)
    assert "No picture below" in app.warning[0].value.replace("\\", "")


@pytest.mark.usefixtures("collections")
@pytest.mark.parametrize(
    "path", ["../secret.csv", "out.csv", "/etc/passwd", "none.csv", ".", "file:///etc/passwd"]
)
def test_what_lies_outside_is_as_if_it_were_not_there(path: str) -> None:
    app = look_at(path)
    told = app.warning[0].value.replace("\\", "")
    assert told.startswith(f"There is no table '{path}' in the folder of collections; expected")
    assert not app.code


def test_without_its_setting_there_is_no_such_page(
    collections: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.COLLECTIONS, "")
    assert "What does this table hold?" not in text_of(open_page(PAGE))


def test_the_folder_must_be_there(collections: Path) -> None:
    with pytest.raises(UserError, match=r"works\.csv is not a folder"):
        settings.Settings(collections=collections / "works.csv")
