"""From verdicts to corrections: what, in which words, by whom."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.artifacts import Run, open_run
from core.reviews.changes.plan import CHANGES, Changes, plan_changes
from core.reviews.errors import ReviewsError
from core.reviews.log import build_table
from core.tasks import FURTHER
from tests.reviews.conftest import say
from tests.synthetic_run import CLASSES, FORM, TERMS, build_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(build_run(tmp_path_factory.mktemp("runs")))


def judge(run: Run, row: int, proposed: str | None, name: str = "Ada", **more: Any) -> Any:
    verdict = "right" if proposed is None else "wrong"
    told = {"given": given_of(run, row), "content_hash": run.paintings.at[row, "content_hash"]}
    return say(str(run.paintings.at[row, "key"]), verdict, name, proposed=proposed, **(told | more))


def plan(run: Run, *entries: Any) -> Changes:
    return plan_changes(run, build_table(entries))


def other(label: str, *not_these: str) -> str:
    return next(each for each in CLASSES["style"] if each not in (label, *not_these))


def given_of(run: Run, row: int) -> str:
    return str(run.paintings.at[row, "given_style"])


def test_a_correction_names_old_and_new_in_the_tables_own_words(run: Run) -> None:
    row = int((run.paintings["given_style"] != "Post_Impressionism").argmax())
    changes = plan(run, judge(run, row, "Post_Impressionism", note="late", run_id="run-9"))
    assert changes.form == FORM
    assert changes.table.columns.tolist() == list(CHANGES)
    (told,) = changes.table.to_dict("records")
    given = given_of(run, row)
    assert (told["row"], told["field"]) == (row, "Movement")
    named = [run.paintings.at[row, name] for name in ("title", "artist")]
    assert [told["title"], told["artist"]] == named
    assert (told["old"], told["new"]) == (given.replace("_", " "), "Post Impressionism")
    assert (told["given"], told["label"]) == (given, "Post_Impressionism")
    assert (told["reviewer"], told["reason"], told["judged_in"]) == ("Ada", "late", "run-9")
    place = run.classes("style").index("Post_Impressionism")
    assert told["model_confidence"] == pytest.approx(float(run.probabilities("style")[row, place]))


def test_the_model_proposed_it_or_the_reviewer_did(run: Run) -> None:
    predicted, suggested = run.predictions("style")["predicted"], run.findings["suggested"]
    row = next(r for r in range(len(run)) if predicted[r] != run.paintings.at[r, "given_style"])
    (told,) = plan(run, judge(run, row, predicted[row])).table.to_dict("records")
    assert told["origin"] == "human-confirmed"
    proposed = other(given_of(run, row), predicted[row], suggested[row])
    (told,) = plan(run, judge(run, row, proposed)).table.to_dict("records")
    assert told["origin"] == "human-altered"


def test_a_majority_decides_and_what_is_open_is_counted(run: Run) -> None:
    given = given_of(run, 3)
    new, another = other(given), other(given, other(given))
    agreed = plan(run, *(judge(run, 3, new, name) for name in "AB"), judge(run, 3, another, "C"))
    (told,) = agreed.table.to_dict("records")
    assert (told["label"], told["votes"], told["reviewers"]) == (new, 3, 3)
    assert told["reviewer"] == "A; B"
    split = plan(run, judge(run, 3, new, "A"), judge(run, 3, another, "B"))
    assert (len(split.table), split.open) == (0, 1)
    assert len(plan(run, judge(run, 3, None)).table) == 0


def test_a_renamed_painting_is_found_by_its_file(run: Run) -> None:
    given = given_of(run, 5)
    entry = say(
        "old/name.jpg",
        "wrong",
        given=given,
        content_hash=run.paintings.at[5, "content_hash"],
        proposed=other(given),
    )
    assert plan(run, entry).table["row"].tolist() == [5]


def test_a_run_that_learned_corrections_still_tells_them(tmp_path: Path) -> None:
    """Its own label is the corrected one; the catalogue's is not."""
    folder = build_run(tmp_path)
    paintings = pd.read_parquet(folder / "paintings.parquet")
    old = str(paintings.at[4, "given_style"])
    new = other(old)
    paintings.loc[4, "given_style"] = new
    run = open_run(folder)
    run.__dict__["paintings"] = paintings
    entry = say(
        str(paintings.at[4, "key"]), given=new, content_hash=paintings.at[4, "content_hash"]
    )  # right, of the label that the run learned
    (told,) = plan(run, entry).table.to_dict("records")
    assert (told["given"], told["label"]) == (old, new)


def test_earlier_runs_serve_unless_they_learned_from_verdicts(tmp_path: Path) -> None:
    folder = build_run(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"]["catalogue.parquet"]
    manifest["catalogue"] = None
    (folder / "catalogue.parquet").unlink()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    run = open_run(folder)
    row = int((run.paintings["given_style"] != "Cubism").argmax())
    (told,) = plan(run, judge(run, row, "Cubism")).table.to_dict("records")
    assert (told["field"], told["new"]) == ("style", "Cubism")
    manifest["verdicts"] = {"policy": "relabel", "done": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ReviewsError, match=r"own labels.*Train again"):
        plan(open_run(folder))


def test_a_label_beside_the_first_of_its_cell_is_left_to_the_curator(run: Run) -> None:
    """The cell holds two, the second was judged wrong: the first must not be written over."""
    first, second = given_of(run, 3), other(given_of(run, 3))
    new = other(first, second)
    two = run.catalogue.copy() if run.catalogue is not None else pd.DataFrame()
    cells = two["style_cell"].tolist()
    cells[3] = f"{two['style_read'].tolist()[3]}; {second}"
    two["style_cell"] = cells
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(vars(run), "catalogue", two)
        changes = plan(run, judge(run, 3, new, given=second))
        assert changes.table.empty
        assert (changes.open, changes.unplaced) == (0, 1)
        (told,) = plan(run, judge(run, 3, new)).table.to_dict("records")
    assert told["new"].endswith(f"; {second}")
    assert not told["new"].startswith(first)


def test_a_label_beside_the_first_is_corrected_in_its_own_place(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path, several=10))
    own = run.catalogue.copy() if run.catalogue is not None else pd.DataFrame()
    front, (beside,) = run.paintings["given_style"][3], run.paintings[FURTHER][3]
    new = other(front, beside)
    own.loc[3, ["style_label", "style_read"]] = front, front
    own.loc[3, "style_cell"] = f"{front}; {beside}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(vars(run), "catalogue", own)
        changes = plan(run, judge(run, 3, new, given=beside, of_several=beside))
        (told,) = changes.table.to_dict("records")
        assert told["new"] == f"{front}; {new.replace('_', ' ')}"
        assert told["given"] == beside
        two = [judge(run, 3, new, given=each, of_several=each) for each in (front, beside)]
        both = plan(run, *two)
    assert len(both.table) == 1
    assert (both.open, both.unplaced) == (0, 1)  # the other of the same cell


def test_a_label_is_corrected_where_a_variant_of_it_stands(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path, several=10, vocabulary=TERMS))
    own = run.catalogue.copy() if run.catalogue is not None else pd.DataFrame()
    run.paintings.loc[3, "given_style"] = "Baroque"
    further = [("Cubism",) if row == 3 else None for row in range(len(run))]
    run.paintings[FURTHER] = pd.Series(further, dtype="object")
    own.loc[3, ["style_label", "style_read"]] = "Baroque", "Barock"
    own.loc[3, "style_cell"] = "Barock; Kubismus"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(vars(run), "catalogue", own)
        changes = plan(run, judge(run, 3, "Minimalism", given="Cubism", of_several="Cubism"))
    assert changes.table["new"].tolist() == ["Barock; Minimalism"]
    assert changes.unplaced == 0
