"""A run of schools says school on every page and in every file, and style nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from google.protobuf.message import Message  # type: ignore[import-untyped]
from streamlit.testing.v1 import AppTest

from core.artifacts import open_run
from core.export.lists import build_list
from core.label_word import LabelWord
from core.reviews import ReviewLog, open_log
from core.reviews.label_files import build_label_files
from core.reviews.majority import decide
from core.tasks import TASKS
from dashboard.point_cloud.packing import build_columns, pack_points
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.runs.table import build_table
from dashboard.selection.layout import list_colours
from dashboard.selection.verdicts import MINE, REVIEWED
from dashboard.server.iiif_presentation import build_manifest
from dashboard.settings import ARTIFACTS, REVIEWS
from tests.dashboard.conftest import reading
from tests.dashboard.pages import NAMES, judge, open_as, open_page, panel_of
from tests.synthetic_run import build_run

SCHOOL = LabelWord(singular="school", plural="schools")
BESIDE = re.compile(
    r"""
    (?<![\w-])style=\\*["'][^"']*["']    # an attribute of HTML
    | <style>.*?</style>
    | href="[^"]*"                        # an address names a case by its kind
    | "task":\ *"style"                   # of a verdict panel: the task, which nobody reads
    | \#[0-9a-zA-Z_.-]*style[\w-]*
    """,
    re.VERBOSE | re.DOTALL,
)


@pytest.fixture(scope="module")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("artifacts")
    build_run(root, word=SCHOOL)
    return root


@pytest.fixture
def root(schools: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setenv(REVIEWS, str(tmp_path / "reviews.sqlite"))
    with reading(schools, monkeypatch):
        yield schools


@pytest.fixture
def opened(schools: Path) -> OpenRun:
    run = open_run(schools / "synthetic-1")
    return OpenRun(run, build_table(run))


def say(message: Message) -> Iterator[str]:
    """Every text of an element, whatever it is: labels, helps, HTML, options, data."""
    for field, value in message.ListFields():
        several = value if field.is_repeated else [value]
        for each in several:
            if isinstance(each, Message):
                yield from say(each)
            elif isinstance(each, str) and field.name not in ("id", "js_content", "css_content"):
                yield each


def texts_of(app: AppTest) -> list[str]:
    return [text for element in _walk(app._tree) for text in say(element.proto)]


def _walk(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        if getattr(child, "children", None):
            yield from _walk(child)
        elif isinstance(getattr(child, "proto", None), Message):
            yield child


def find_style(texts: list[str]) -> list[str]:
    """What stands around each mention of a style."""
    said = re.compile(r".{,60}(?:\bstyles?\b|\{\w*style).{,60}", re.IGNORECASE)
    return [found for text in texts for found in said.findall(BESIDE.sub("", text))]


def pages(key: str) -> list[tuple[str, dict[str, Any]]]:
    """Every page, and those that a link opens within them."""
    links: list[tuple[str, dict[str, Any]]] = [
        *((path, {}) for path in ("", *NAMES[1:])),
        *(("painting", {"painting": key, "origin": page}) for page in ("outliers", "map")),
        ("outliers", {"given": ["Cubism"], "predicted": ["Baroque"], "text": "nothing of this"}),
        ("outliers", {"given": ["Vorticism"], "styel": "Cubism", "order": "loss"}),
        ("classify", {"subject": key}),
        *(("reviews", {"section": each}) for each in ("verdicts", "disagreements", "files")),
    ]
    return links


def test_no_page_says_style(root: Path, opened: OpenRun) -> None:
    key = str(opened.table["key"].iloc[0])
    said: list[str] = []
    for path, params in pages(key):
        texts = texts_of(open_as("Ada", path, **params))
        assert find_style(texts) == [], (path, params)
        said += texts
    assert sum("school" in text.lower() for text in said) > 30


def test_no_case_says_style(root: Path, opened: OpenRun) -> None:
    for case in opened.run.cases["case"]:
        assert find_style(texts_of(open_page("cases", case=str(case)))) == []


def test_the_pages_of_styles_would_be_noticed(root: Path, tmp_path: Path) -> None:
    build_run(tmp_path / "styles")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ARTIFACTS, str(tmp_path / "styles"))
        for path in ("", "outliers", "cases", "classify", "map"):
            assert find_style(texts_of(open_page(path))), path


def test_what_the_cloud_shows_says_school(opened: OpenRun) -> None:
    classes, word = opened.run.manifest.classes, opened.word
    packed = pack_points(build_columns(opened.table, classes, opened.ceiling, word), word)
    header = packed.body[8 : 8 + int.from_bytes(packed.body[4:8], "little")].decode()
    assert find_style([header, *list_colours(opened.table, word).values()]) == []
    assert "Given school" in header
    assert "another school" in header


def test_lists_and_label_files_are_of_schools(opened: OpenRun, log: ReviewLog) -> None:
    listed = build_list(opened.run, np.arange(5), log.load_standing(), (1.0, 0.5))
    assert {"given_school", "predicted_school", "proposed_school"} <= set(listed)
    assert not [name for name in listed if "style" in str(name)]
    assert find_style([*listed["reason"], *listed["reasons"]]) == []
    decisions = decide(log.load_standing(), opened.run.paintings)
    files = build_label_files(opened.run.paintings, decisions, opened.word)
    assert {"school_train.csv", "school_class.txt"} <= set(files)
    assert not [name for name in files if "style" in name]


def test_a_manifest_names_the_school(opened: OpenRun) -> None:
    metadata = build_manifest(opened.run, 0, "https://a.org", findings=False)["metadata"]
    names = [name for each in metadata for name in each["label"]["en"]]
    assert "School, as labelled" in names
    assert not [name for name in names if "style" in name.lower()]


@pytest.fixture
def log(tmp_path: Path) -> ReviewLog:
    return open_log(tmp_path / "reviews.sqlite")


def test_a_verdict_is_on_the_school(root: Path, log: ReviewLog) -> None:
    app = open_as("Ada", "reviews")
    card = panel_of(app)["card"]
    judge(app, "right")
    (task,) = log.load_all()["task"]
    assert task == "school"
    assert card["called"] == "school"
    assert card["one"] == "a school"


def test_only_runs_of_the_same_labels_are_compared(
    schools: Path, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_run(tmp_path / "both", "schools", word=SCHOOL)
    build_run(tmp_path / "both", "styles")
    monkeypatch.setenv(ARTIFACTS, str(tmp_path / "both"))
    alone = " ".join(texts_of(open_page("compare", run="schools")))
    assert "There is only one run of schools" in alone
    build_run(tmp_path / "both", "schools-2", word=SCHOOL)
    assert "School by school" in " ".join(texts_of(open_page("compare", run="schools")))


def test_a_verdict_on_a_school_is_none_on_a_style(
    root: Path, log: ReviewLog, tmp_path: Path
) -> None:
    """The same paintings in another run, whose labels are styles: nobody has judged those."""
    judge(open_as("Ada", "reviews"), "right")
    build_run(tmp_path / "styles")
    run = open_run(tmp_path / "styles" / "synthetic-1")
    styles = OpenRun(run, build_table(run))
    schools = open_run(root / "synthetic-1")
    for opened, judged in ((styles, 0), (OpenRun(schools, build_table(schools)), 1)):
        attached = review_cache.attach_reviews(opened, log, None, "Ada")
        assert attached.table[REVIEWED].sum() == judged
        assert (attached.table[MINE] != "").sum() == judged


def test_a_word_that_another_task_has_is_refused(tmp_path: Path) -> None:
    folder = build_run(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    for word in ("artist", "genre", "<b>", "a" * 40, "", " school"):
        manifest["word"] = {"singular": word, "plural": "schools"}
        (folder / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(Exception, match="manifest"):
            open_run(folder)
    del manifest["word"]  # a run of before
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert open_run(folder).manifest.word == LabelWord()
    assert TASKS[0] == "style"


@pytest.fixture
def fields(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs that one command made, and one of another."""
    folder, family = tmp_path / "fields", "f" * 64
    build_run(folder, "museum-1", word=SCHOOL, family=family)
    build_run(folder, "museum-2", family=family)
    build_run(folder, "museum-3", word=LabelWord(singular="era", plural="eras"))
    monkeypatch.setenv(ARTIFACTS, str(folder))


def switch_of(app: AppTest) -> Any:
    return next((each for each in app.sidebar.button_group if each.label == "Labels"), None)


def test_a_switch_leads_to_the_other_fields(fields: None) -> None:
    app = open_page("outliers", run="museum-1", given=["Cubism"], artist=["Rembrandt"])
    assert switch_of(app).options == ["School", "Style"]
    switch_of(app).set_value("museum-2")
    app.run()
    assert not app.exception
    assert app.query_params["run"] == "museum-2"
    assert app.query_params["artist"] == "Rembrandt"
    assert "given" not in app.query_params
    assert "its style label fits" in " ".join(texts_of(app))


def test_a_run_of_one_field_has_no_switch(fields: None) -> None:
    assert switch_of(open_page("outliers", run="museum-3")) is None


def test_runs_of_a_family_are_named_by_their_labels(fields: None) -> None:
    (picker,) = (box for box in open_page(run="museum-1").sidebar.selectbox if box.label == "Run")
    assert sorted(option.split(",")[1].strip() for option in picker.options[:2]) != []
    assert {"schools", "styles"} <= {option.split(", ")[1] for option in picker.options}
