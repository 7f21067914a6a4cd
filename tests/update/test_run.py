"""An update: what is known stays, what is new is scored, and the run says which is which."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.artifacts import Run, open_run
from core.artifacts.manifest import MANIFEST_NAME
from core.artifacts.schema import FINDINGS, PREDICTIONS
from core.collection.open import SourceOptions
from core.errors import UserError
from core.findings.labels.reasons import tell_rows
from core.fold_codes import LEFT_OUT
from core.label_word import STYLE
from core.reviews import Entry, open_log
from core.training.config import TrainConfig
from core.training.profiles import QUICK_LOOK
from core.update.comparison import Comparison, count_arrived
from core.update.run import update_run
from tests.synthetic_run import TERMS, build_run
from tests.update.monthly import NEW, export, export_later, update


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return open_run(build_run(tmp_path / "artifacts"))


@pytest.fixture
def table(run: Run, tmp_path: Path) -> pd.DataFrame:
    return export_later(run, tmp_path)


def assert_same_row(table: pd.DataFrame, row: int, other: pd.DataFrame, before: int) -> None:
    """Each row has a line of its own: within the call, their overloads take mypy a minute."""
    found = pd.Series(table.loc[row])
    expected = pd.Series(other.loc[before])
    pd.testing.assert_series_equal(found, expected, check_names=False)


def test_an_update_says_what_it_is(run: Run, table: pd.DataFrame, tmp_path: Path) -> None:
    updated = update(run, table, tmp_path)
    updated.verify_hashes()
    told = updated.manifest.since
    assert told is not None
    assert (told.run, told.known, told.fresh, told.rephotographed) == (run.run_id, 57, 6, 1)
    assert (told.gone, told.relabelled, told.copies) == (2, 1, 0)
    assert (told.unlearned, told.unseen) == (1, 6)
    lines = told.describe(STYLE)
    assert lines[0].startswith(f"Not trained: an update of {run.run_id}. 57 works taken over")
    assert lines[2].startswith("1 known work under another style than synthetic-1 judged,")
    assert lines[-1] == "A full training is not due yet."


def test_an_update_says_that_second_opinions_were_not_asked(
    run: Run, table: pd.DataFrame, tmp_path: Path
) -> None:
    heard = "The second opinions that the known works were shown to"
    plain = update(run, table, tmp_path).manifest.since
    config = run.manifest.config | {"second_opinion": "vit_base"}
    manifest = run.manifest.model_copy(update={"config": config})
    (run.folder / MANIFEST_NAME).write_text(manifest.model_dump_json())
    advised = update(open_run(run.folder), table, tmp_path).manifest.since
    assert plain is not None
    assert advised is not None
    assert heard not in " ".join(plain.describe(STYLE))
    assert heard in " ".join(advised.describe(STYLE))


def test_an_update_of_a_quick_look_says_that_it_is_one(run: Run, tmp_path: Path) -> None:
    file = run.folder / "manifest.json"
    file.write_text(file.read_text().replace(run.manifest.collection.notes[0], QUICK_LOOK))
    (tmp_path / "scans").mkdir()
    updated = update(run, export(run, tmp_path / "scans"), tmp_path)
    assert updated.manifest.collection.notes[0] == QUICK_LOOK


def test_what_is_known_is_taken_over(run: Run, table: pd.DataFrame, tmp_path: Path) -> None:
    updated = update(run, table, tmp_path)
    rows = updated.paintings.reset_index().set_index("key")["index"]
    old = run.paintings
    for before in (0, 5, 30, 59):
        row = rows["renamed/30.jpg" if before == 30 else old["key"][before]]
        assert_same_row(updated.findings, row, run.findings, before)
        for task in ("style", "artist", "genre"):
            assert_same_row(updated.predictions(task), row, run.predictions(task), before)
        assert updated.read_reasons([row]) == run.read_reasons([before])
        np.testing.assert_array_equal(updated.embeddings[row], run.embeddings[before])
        np.testing.assert_array_equal(updated.map[row], run.map[before])
        keys = old["key"][run.neighbours[before]].replace({old["key"][30]: "renamed/30.jpg"})
        if not {old["key"][n] for n in (3, 4, 20)} & set(keys):
            assert updated.paintings["key"][updated.neighbours[row]].tolist() == keys.tolist()
    assert updated.metrics == run.metrics


def test_a_run_from_before_a_column_is_updated_without_it(
    run: Run, table: pd.DataFrame, tmp_path: Path
) -> None:
    content = json.loads((run.folder / MANIFEST_NAME).read_text())
    without = [name for name in PREDICTIONS.columns if name != "entropy"]
    for name, kept in (("findings.parquet", FINDINGS.required), ("predictions.parquet", without)):
        path = run.folder / name
        pd.read_parquet(path)[kept].to_parquet(path, index=False)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        content["files"][name] |= {"bytes": path.stat().st_size, "sha256": digest}
    (run.folder / MANIFEST_NAME).write_text(json.dumps(content))
    updated = update(open_run(run.folder), table, tmp_path)
    assert list(updated.findings) == FINDINGS.required
    assert "entropy" not in updated.predictions("style")
    assert updated.findings["score"].notna().sum() > 50


def test_another_label_is_held_against_the_answers_given(
    run: Run, table: pd.DataFrame, tmp_path: Path
) -> None:
    updated = update(run, table, tmp_path)
    key = run.paintings["key"][10]
    row = updated.paintings.index[updated.paintings["key"] == key][0]
    told = updated.predictions("style").loc[row]
    label = run.classes("style").index(table.set_index("id").at[key, "style"])
    assert told["given"] == run.classes("style")[label]
    assert told["p_given"] == pytest.approx(run.probabilities("style")[10, label], abs=1e-3)
    assert updated.findings["score"][row] == pytest.approx(1 - told["p_given"], abs=1e-6)
    (reason,) = updated.read_reasons([row])[0]
    assert reason.kind == "answer"
    assert reason.values["given"] == told["given"]
    assert reason.is_against == (told["given"] != told["predicted"])


def test_nothing_is_said_of_an_attribution_that_the_museum_changed(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "scans").mkdir()
    table = export(run, tmp_path / "scans")
    told = run.findings["attribution"].eq("as named") & run.findings["attribution_doubt"].notna()
    changed, kept = np.flatnonzero(told)[:2]
    table.loc[changed, "artist"] = f"Workshop of {table.loc[changed, 'artist']}"
    updated = update(run, table, tmp_path)
    found = updated.findings.set_axis(updated.paintings["key"])
    assert found.loc[run.paintings["key"][changed]].filter(like="attribution").isna().all()
    assert found.loc[run.paintings["key"][kept], "attribution"] == "as named"


def test_nothing_is_said_of_an_attribution_that_only_verdicts_changed(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "scans").mkdir()
    table = export(run, tmp_path / "scans")
    told = run.findings["attribution"].eq("as named") & run.findings["attribution_doubt"].notna()
    row = int(np.flatnonzero(told)[0])
    path = run.folder / "paintings.parquet"
    paintings = pd.read_parquet(path)
    own = paintings.loc[row, "given_artist"]
    paintings.loc[row, "given_artist"] = next(a for a in run.classes("artist") if a != own)
    paintings.to_parquet(path, index=False)
    content = json.loads((run.folder / MANIFEST_NAME).read_text())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    content["files"]["paintings.parquet"] |= {"bytes": path.stat().st_size, "sha256": digest}
    (run.folder / MANIFEST_NAME).write_text(json.dumps(content))
    updated = update(open_run(run.folder), table, tmp_path)
    found = updated.findings.set_axis(updated.paintings["key"])
    assert found.loc[run.paintings["key"][row]].filter(like="attribution").isna().all()


def test_copies_are_held_against_the_labels_of_now(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    table = export(run, tmp_path / "scans")
    assert run.pairs[["left", "right", "labels_disagree"]].to_numpy().tolist() == [[3, 4, True]]
    own = str(table.at[3, "style"])
    other = next(s for s in run.classes("style") if s not in set(table["style"].iloc[[3, 4]]))
    for style, is_other in ((own, False), (other, True)):
        (folder := tmp_path / str(is_other)).mkdir()
        (folder / "scans").symlink_to(tmp_path / "scans")
        table.loc[4, "style"] = style
        updated = update(run, table, folder)
        rows = pd.Series(updated.paintings.index, index=updated.paintings["key"])
        pair = rows[run.paintings["key"][[3, 4]]].tolist()
        assert updated.pairs["labels_disagree"].tolist() == [is_other]
        assert updated.findings["duplicate_disagrees"][pair].tolist() == [is_other] * 2
        kinds = [{each.kind: each.values for each in told} for told in updated.read_reasons(pair)]
        assert [each.get("copy", {}).get("label") for each in kinds] == (
            [other, own] if is_other else [None, None]
        )
        assert updated.findings["label_doubt"][pair[1:]].isna().all()


def test_an_update_spells_terms_as_the_run_does(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path / "artifacts", vocabulary=TERMS))
    (tmp_path / "scans").mkdir()
    table = export(run, tmp_path / "scans")
    table["style"] = table["style"].replace("Baroque", "Barock")
    table.loc[int((table["style"] == "Barock").argmax()), "style"] = "baroque"
    updated = update(run, table, tmp_path)
    told = updated.manifest.since
    assert told is not None
    assert (told.relabelled, told.unlearned) == (0, 0)
    assert "Baroque" in updated.paintings["given_style"].to_numpy()


def test_an_update_reads_by_the_vocabulary_of_the_run(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path / "artifacts", vocabulary=TERMS))
    classes, answers = run.classes("style"), run.predictions("style")
    seen = answers.index[answers["predicted"] == "Post_Impressionism"]
    row = next(n for n in seen if answers.at[n, "given"] in ("Cubism", "Minimalism"))
    (tmp_path / "scans").mkdir()
    table = export(run, tmp_path / "scans")
    table.loc[row, "style"] = "Symbolism"
    barock = int(answers.index[answers["given"] == "Baroque"][0])
    assert barock != row
    table.loc[barock, "style"] = "Barock"
    updated = update(run, table, tmp_path)
    assert updated.vocabulary == TERMS
    assert updated.paintings["given_style"].isin(classes).all()
    rows = pd.Index(updated.paintings["key"]).get_indexer(run.paintings["key"])
    assert_same_row(updated.findings, rows[barock], run.findings, barock)
    told = updated.findings.loc[rows[row]]
    assert (told["quadrant"], told["depth"], told["suggested"]) == (
        *("other depth", "broader"),
        "Symbolism",
    )
    both = [classes.index(label) for label in ("Symbolism", "Post_Impressionism")]
    own = run.probabilities("style")[row, both].sum()
    answers = updated.predictions("style")
    assert answers.at[rows[row], "p_given"] == pytest.approx(own, abs=1e-3)
    assert [each.kind for each in updated.read_reasons([rows[row]])[0]] == ["answer", "depth"]


def test_new_works_are_scored_by_the_published_model(
    run: Run, table: pd.DataFrame, tmp_path: Path
) -> None:
    updated = update(run, table, tmp_path)
    new = updated.paintings.index[updated.paintings["key"].str.startswith("new/")]
    assert len(new) == NEW
    assert (updated.paintings["fold"][new] == LEFT_OUT).all()
    told = updated.predictions("style").loc[new]
    assert told["loss"].notna().sum() == NEW - 1  # one style is unknown to the model
    assert updated.findings["score"][new].notna().sum() == NEW - 1
    assert updated.findings["quadrant"][new].tolist().count("not judged") == 1
    np.testing.assert_allclose(updated.probabilities("style")[new].sum(axis=1), 1, atol=1e-2)
    assert all(tell_rows(updated, new))
    for row in new:  # neighbours are the nearest of all
        close = updated.embeddings @ updated.embeddings[row]
        close[row] = -2
        assert updated.similarities[row, 0] == pytest.approx(close.max(), abs=2e-3)


def test_a_copy_of_a_known_picture_is_not_scored_and_one_of_a_new_picture_is(
    run: Run, table: pd.DataFrame, tmp_path: Path
) -> None:
    scans, first = tmp_path / "scans", update(run, table, tmp_path)
    for name, original in (("known", str(table.at[0, "file"])), ("new", "new-0.jpg")):
        Image.open(scans / original).save(scans / f"{name}-again.jpg", quality=80)
    again = pd.DataFrame(
        {
            "id": ["again/known", "again/new"],
            "file": ["known-again.jpg", "new-again.jpg"],
            "style": "Baroque",
        }
    )
    second = update(first, pd.concat([table, again]), tmp_path)
    told = second.manifest.since
    assert told is not None
    assert (told.known, told.fresh, told.copies, told.unseen) == (63, 1, 1, 7)
    row, other = (second.paintings.index[second.paintings["key"] == key][0] for key in again["id"])
    assert row not in second.predictions("style").index
    assert second.findings["quadrant"][row] == "not judged"
    assert other in second.predictions("style").index


def test_a_file_that_was_saved_anew_is_the_picture_that_the_model_saw(
    run: Run, table: pd.DataFrame, tmp_path: Path
) -> None:
    scans = tmp_path / "scans"
    for row in (0, 1):
        file = scans / str(table.at[row, "file"])
        Image.open(file).save(scans / f"resaved-{row}.jpg", quality=80)
        table.at[row, "file"] = f"resaved-{row}.jpg"
    table.at[1, "id"] = "renamed/1.jpg"
    updated = update(run, table, tmp_path)
    told = updated.manifest.since
    assert told is not None
    assert (told.known, told.fresh, told.rephotographed, told.copies) == (56, 6, 1, 1)
    rows = pd.Series(updated.paintings.index, index=updated.paintings["key"])
    known, renamed = rows[run.paintings["key"][0]], rows["renamed/1.jpg"]
    assert updated.findings["score"][known] == run.findings["score"][0]
    assert updated.paintings["content_hash"][known] != run.paintings["content_hash"][0]
    assert renamed not in updated.predictions("style").index


def test_works_that_were_numbered_anew_are_known_by_their_pictures(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "scans").mkdir()
    table = export(run, tmp_path / "scans")
    table["id"] = np.roll(table["id"].to_numpy(), 1)
    updated = update(run, table, tmp_path)
    told = updated.manifest.since
    assert told is not None
    assert (told.known, told.fresh, told.gone, told.copies, told.relabelled) == (60, 0, 0, 0, 0)
    scores = pd.Series(run.findings["score"].to_numpy(), index=run.paintings["content_hash"])
    np.testing.assert_array_equal(
        updated.findings["score"], scores[updated.paintings["content_hash"]]
    )


@pytest.mark.parametrize("left", [60, 6])
def test_a_month_without_new_works_and_one_that_leaves_few(
    run: Run, tmp_path: Path, left: int
) -> None:
    (tmp_path / "scans").mkdir()
    updated = update(run, export(run, tmp_path / "scans").iloc[:left], tmp_path)
    told = updated.manifest.since
    assert told is not None
    assert (told.known, told.fresh, told.gone) == (left, 0, 60 - left)
    count = min(run.neighbours.shape[1], left - 1)
    assert updated.neighbours.shape == updated.similarities.shape == (left, count)
    for row, near in enumerate(updated.neighbours):
        assert row not in near
        assert len(set(near)) == count


def test_verdicts_tell_which_corrections_arrived(
    run: Run, table: pd.DataFrame, tmp_path: Path
) -> None:
    log, own = open_log(tmp_path / "reviews.sqlite"), run.paintings
    by_id = table.set_index("id")["style"]
    asked = {10: by_id[own["key"][10]], 12: "Impressionism", 14: "Impressionism", 3: "Op"}
    log.record(
        [
            Entry(
                key=own["key"][row],
                content_hash=own["content_hash"][row],
                given=own["given_style"][row],
                proposed=proposed,
                task="style",
                verdict="wrong",
                reviewer="ann",
                run_id=run.run_id,
                model_hash="feed",
            )
            for row, proposed in asked.items()
        ]
    )
    log.close()
    told = update(run, table, tmp_path, verdicts=tmp_path / "reviews.sqlite").manifest.since
    assert told is not None
    assert (told.arrived, told.waiting) == (1, 2)  # the fourth work is gone


def test_a_correction_of_one_of_several_labels_arrives_beside_the_others(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path / "artifacts", several=4))
    assert run.catalogue is not None
    own = run.paintings
    pairs = [(own["given_style"][row], *own["further_styles"][row]) for row in (0, 1)]
    log = open_log(tmp_path / "reviews.sqlite")
    for row, pair in enumerate(pairs):
        for label in pair:
            log.record(
                [
                    Entry(
                        key=own["key"][row],
                        content_hash=own["content_hash"][row],
                        given=label,
                        of_several=label,
                        proposed=f"Not {label}",
                        task="style",
                        verdict="wrong",
                        reviewer="ann",
                        run_id=run.run_id,
                        model_hash="feed",
                    )
                ]
            )
    standing = log.load_standing()
    log.close()
    now = own.copy()
    second = pairs[0][1]
    now["further_styles"] = [(f"Not {second}",), *own["further_styles"].tolist()[1:]]
    found = Comparison(np.arange(len(own)), np.zeros(len(own), dtype=bool), np.array([], dtype=int))
    assert count_arrived(run, now, found, standing) == (1, 3)


def test_another_collection_is_refused(run: Run, table: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"has no painting of synthetic-1 left"):
        update(run, table.tail(NEW).assign(style=["Baroque", "Cubism"] * 2 + ["Op"]), tmp_path)


def test_other_labels_are_refused(run: Run, table: pd.DataFrame, tmp_path: Path) -> None:
    table.to_csv(tmp_path / "museum.csv", index=False)
    source = SourceOptions(
        str(tmp_path / "museum.csv"), images=tmp_path / "scans", label_column="genre"
    )
    with pytest.raises(UserError, match="is on the styles of its collection"):
        update_run(TrainConfig(source), run.folder)
