"""The files of a run's corrections, with and without the table at hand."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from core.artifacts import Run, open_run
from core.collection.account import Account
from core.collection.catalogue import build_cells
from core.collection.reading.rows import read_rows
from core.collection.reading.tables import load_table
from core.collection.sources.museum_catalogue import keep_catalogue
from core.collection.sources.museum_table import load_museum_table
from core.collection.table import build_paintings
from core.label_word import name_labels
from core.reviews.changes.folder import Table, build_files, choose_form, describe, make_files
from core.reviews.changes.plan import plan_changes
from core.reviews.log import build_table
from core.tasks import FURTHER
from tests.conftest import SHARED
from tests.museum_tables import HERE, MUSEUMS, apply, load_table_of
from tests.reviews.conftest import say
from tests.synthetic_run import FORM, TERMS, build_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(build_run(tmp_path_factory.mktemp("runs")))


def judge(run: Run, count: int = 3) -> pd.DataFrame:
    rows = run.paintings[run.paintings["given_style"] != "Cubism"].head(count)
    return build_table(
        [
            say(key, "wrong", given=given, content_hash=content, proposed="Cubism")
            for key, given, content in rows[["key", "given_style", "content_hash"]].to_numpy()
        ]
    )


def write_catalogue(run: Run, file: Path) -> list[list[str]]:
    rows = [["File", "Title", "Movement"]]
    rows += [
        [key, title, style.replace("_", " ")]
        for key, title, style in run.paintings[["key", "title", "given_style"]].to_numpy()
    ]
    with file.open("w", newline="") as opened:
        csv.writer(opened, delimiter=";").writerows(rows)
    return rows


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("cp1252"), newline=""), delimiter=";"))


def test_without_a_table_there_are_fields_and_decisions(run: Run) -> None:
    made = make_files(run, judge(run), Table())
    assert list(made.files) == ["changes.csv", "undo.csv", "decisions.csv", "decisions.jsonld"]
    assert made.notes[0].startswith("3 corrections: ")
    head, *rows = read(made.files["changes.csv"])
    assert head == ["File", "field", "old", "new"]
    assert [row[1::2] for row in rows] == [["Movement", "Cubism"]] * 3
    assert [row[2:] for row in read(made.files["undo.csv"])[1:]] == [
        [row[3], row[2]] for row in rows
    ]


def test_a_table_at_hand_gives_whole_rows_and_what_is_done(run: Run, tmp_path: Path) -> None:
    rows = write_catalogue(run, tmp_path / "works.csv")
    standing = judge(run)
    made = make_files(run, standing, Table(tmp_path / "works.csv"))
    changed = read(made.files["rows.csv"])
    assert changed[0] == rows[0]
    assert [row[2] for row in changed[1:]] == ["Cubism"] * 3
    assert all([key, title] in [row[:2] for row in rows] for key, title, _ in changed[1:])
    new = {row[0]: row for row in changed[1:]}
    with (tmp_path / "works.csv").open("w", newline="") as opened:
        csv.writer(opened, delimiter=";").writerows(new.get(row[0], row) for row in rows)
    again = make_files(run, standing, Table(tmp_path / "works.csv"))
    assert "3 done: the table says it already." in again.notes
    assert list(again.files) == ["changes.csv", "undo.csv", "decisions.csv", "decisions.jsonld"]
    assert len(read(again.files["changes.csv"])) == 1


def test_nothing_judged_is_said(run: Run) -> None:
    made = make_files(run, build_table([]), Table())
    assert made.notes == ("0 corrections.",)


def test_corrections_without_a_sure_place_are_told_apart_from_open_labels(run: Run) -> None:
    changes = replace(plan_changes(run, judge(run, 0)), unplaced=2)
    said = " ".join(describe(changes, None))
    assert "2 corrections left out, to be made by hand" in said
    assert "without an agreed one" not in said


def test_a_spreadsheets_table_gets_workbooks() -> None:
    assert choose_form(FORM) == "csv"
    assert choose_form(FORM.model_copy(update={"kind": "sheet"})) == "xlsx"
    assert choose_form(None) == "csv"


def test_terms_of_a_vocabulary_go_out_with_their_uris(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path, vocabulary=TERMS))
    rows = run.paintings[run.paintings["given_style"] == "Baroque"].head(3)
    labels = ("Analytical Cubism", "Cubism", "Dada")
    standing = build_table(
        [
            say(key, "wrong", given="Baroque", content_hash=content, proposed=label)
            for key, content, label in zip(rows["key"], rows["content_hash"], labels, strict=True)
        ]
    )
    made = make_files(run, standing, Table(), address="https://curator.example")
    head, *told = read(made.files["changes.csv"])
    assert head == ["File", "field", "old", "new", "uri"]
    assert {row[3]: row[4] for row in told} == {
        "Analytical Cubism": "http://vocab.example/3",
        "Cubism": "http://vocab.example/2",
        "Dada": "",
    }
    assert len(read(made.files["undo.csv"])[0]) == 4
    assert "1 correction to labels that are no term of the vocabulary" in " ".join(made.notes)
    works = json.loads(made.files["decisions.jsonld"])
    assigned = [work["attributed_by"][0]["assigned"][0] for work in works]
    assert {each["_label"]: each.get("id") for each in assigned} == {
        "Analytical Cubism": "http://vocab.example/3",
        "Cubism": "http://vocab.example/2",
        "Dada": None,
    }
    notes = json.loads(made.files["annotations.jsonld"])["items"]
    sources = [body["source"] for note in notes for body in note["body"] if "source" in body]
    assert sorted(sources) == ["http://vocab.example/2", "http://vocab.example/3"]
    assert ",http://vocab.example/3," in made.files["decisions.csv"].decode("utf-8-sig")


# Columns of these samples that are filled.
FILLED = {
    "aic": ("id", "classification_title"),
    "cleveland": ("accession_number", "type"),
    "harvard": ("objectnumber", "people"),
}


def read_run(root: Path, file: Path, key: str, field: str) -> tuple[Run, int]:
    """A run whose first paintings are labelled rows of a museum's table, by its readers; how many.

    It has ten at least, so that there may be others, of no row.
    """
    museum = load_museum_table(file, columns={"key": key, "style": field, "file": key})
    chosen = {**museum.columns.chosen, "file": key}
    rows, _ = read_rows(museum.rows, chosen, Account(), museum.word)
    rows = rows.assign(key=museum.rows.loc[rows.index, key].str.strip())
    rows = rows[rows["given_style"].notna() & ~rows["key"].duplicated(keep=False)].head(42)
    paintings = build_paintings(rows, where=file.name)
    catalogue = keep_catalogue(museum, rows)
    assert catalogue is not None
    count = len(paintings)
    run = open_run(build_run(root, paintings=max(10, count)))
    own = run.paintings.assign(content_hash=[f"{n:064x}" for n in range(len(run))])
    own.loc[: count - 1, ["key", "given_style"]] = paintings[["key", "given_style"]].to_numpy()
    further = list(paintings[FURTHER]) if FURTHER in paintings else [None] * count
    others = [None] * (len(run) - count)
    vars(run)["paintings"] = own.assign(**{FURTHER: pd.Series([*further, *others], dtype="object")})
    vars(run)["catalogue"] = build_cells(paintings, catalogue, own["key"])
    run.manifest = run.manifest.model_copy(update={"catalogue": catalogue.form})
    return run, count


@pytest.mark.paintings
@pytest.mark.parametrize("name", HERE)
def test_verdicts_of_every_kind_go_into_a_museums_table_and_come_out_again(
    name: str, tmp_path: Path
) -> None:
    key, field = (MUSEUMS | FILLED)[name]
    file = tmp_path / f"{name}.csv"
    data = (SHARED / "museums" / f"{name}.csv").read_bytes()
    file.write_bytes(data)
    run, count = read_run(tmp_path / "runs", file, key, field)
    kinds = ("wrong", "right", "outlier", "wrong", "unsure", "bad image", "wrong")
    entries, expected = [], set()
    for row, (own, given, content) in enumerate(
        run.paintings[["key", "given_style", "content_hash"]].head(count).to_numpy()
    ):
        kind, place = kinds[row % 7], row % 7
        facts = {"given": given, "content_hash": content}
        proposed = "Ukiyo-e 'late'" if kind == "wrong" and place != 3 else None
        entries.append(say(own, kind, proposed=proposed, **facts))
        if place == 6:
            entries.append(say(own, "right", reviewer="Bo", **facts))
        if place == 0:
            expected.add(own)
    made = make_files(run, build_table(entries), Table(file))
    assert f"{len(expected):,} to be corrected" in " ".join(made.notes).replace(" open:", "")
    lost = sum(place % 7 == 3 for place in range(count))
    told = f"{lost:,} label{'s' if lost > 1 else ''} judged wrong"
    assert (told in " ".join(made.notes)) == (lost > 0)
    other = str(tmp_path / "part.csv")
    corrected = apply(data, made.files["rows-undo.csv"], made.files["rows.csv"], other)
    before, after = load_table(file)[0], load_table_of(corrected, other)
    differs = (before != after).to_numpy()
    changed = pd.Series(differs.any(axis=1), index=before.index)
    assert set(before[changed][key].str.strip()) == expected
    assert differs.sum() == len(expected)
    assert after[changed][field].str.contains("Ukiyo-e 'late'", regex=False).all()
    assert apply(corrected, made.files["rows.csv"], made.files["rows-undo.csv"], other) == data


ARTISTS = {"aic": 1, "cleveland": 1, "cmoa": 1, "met": 1, "moma": 1, "nga_objects": 1, "smk": 2}


@pytest.mark.paintings
@pytest.mark.parametrize("name", [name for name in ARTISTS if name in HERE])
def test_artists_go_into_a_museums_table_and_come_out_again(name: str, tmp_path: Path) -> None:
    key, field = (MUSEUMS | FILLED)[name]
    file = tmp_path / f"{name}.csv"
    data = (SHARED / "museums" / f"{name}.csv").read_bytes()
    file.write_bytes(data)
    run, count = read_run(tmp_path / "runs", file, key, field)
    assert run.catalogue is not None
    own = run.catalogue.assign(key=run.paintings["key"], hash=run.paintings["content_hash"])
    own = own.head(count)[own["artist_cell"].head(count).notna()].head(6)
    entries = [
        say(
            row["key"],
            "wrong",
            proposed="Judith Leyster",
            task="artist",
            given=row["artist_label"] if isinstance(row["artist_label"], str) else None,
            content_hash=row["hash"],
        )
        for row in own.to_dict("records")
    ]
    made = make_files(run, build_table(entries), Table(file))
    other, form = str(tmp_path / "part.csv"), run.manifest.catalogue
    assert form is not None
    corrected = apply(data, made.files["rows-undo.csv"], made.files["rows.csv"], other)
    before, after = load_table(file)[0], load_table_of(corrected, other)
    differs = before != after
    artist = form.columns["artist"]
    assert differs.columns[differs.any()].tolist() == [artist]
    changed = before[differs[artist]]
    assert set(changed[key].str.strip()) <= set(own["key"])
    assert len(changed) >= ARTISTS[name]
    assert after.loc[changed.index, artist].str.startswith("Judith Leyster").all()
    assert apply(corrected, made.files["rows.csv"], made.files["rows-undo.csv"], other) == data


def test_a_run_of_schools_says_school_in_its_decisions_and_notes(tmp_path: Path) -> None:
    school = open_run(build_run(tmp_path, word=name_labels("school")))
    catalogue = FORM.model_copy(update={"joined": ("style",)})
    changes = replace(plan_changes(school, judge(school)), form=catalogue)
    made = build_files(changes, school, "csv", None)
    head, *rows = csv.reader(io.StringIO(made.files["decisions.csv"].decode("utf-8-sig")))
    assert {row[head.index("task")] for row in rows} == {"school"}
    assert "Labels of a joined table: school." in made.notes
    assert "style" not in " ".join(made.notes)
