"""Works with several labels: learned in equal parts, found by any, the likeliest in front."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch.nn import functional as F

from bench.sentences import check_reasons
from core.artifacts import Run, open_run
from core.collection.open import SourceOptions, open_collection
from core.findings.labels.losses import compute_predictions
from core.findings.several import front_best, share_labels
from core.reviews import Entry
from core.reviews.changes.plan import plan_changes
from core.reviews.label_files import build_label_files
from core.reviews.log import build_table
from core.reviews.majority import decide
from core.reviews.of_run import take_standing
from core.tasks import FURTHER
from core.training.config import TrainConfig
from core.training.labels import build_labels
from core.training.objective import Objective
from core.training.run import train_run
from core.training.several import front_names, note_several
from tests.fetch.loopback import send, serving
from tests.training.conftest import SMALL, paint_patterns

SIX = {
    "given_style": pd.Series(["A", "B", "Lone", "A", None, "B"], dtype="str"),
    "given_artist": pd.Series([None] * 6, dtype="str"),
    "given_genre": pd.Series([None] * 6, dtype="str"),
}
PAINTINGS = pd.DataFrame(
    SIX | {FURTHER: pd.Series([("B", "C"), None, ("C",), None, None, ("Other",)], dtype="object")}
)


def test_classes_are_counted_over_all_labels_and_the_first_learned_stands_first() -> None:
    labels = build_labels(PAINTINGS, 1)
    assert labels.classes["style"] == ("A", "B", "C")
    assert labels.indices["style"].tolist() == [0, 1, 2, 0, -1, 1]
    assert labels.further["style"].tolist() == [[1, 2], *[[-1, -1]] * 5]


def test_works_of_one_label_have_no_further_ones() -> None:
    labels = build_labels(pd.DataFrame(SIX), 1)
    assert labels.further == {} == build_labels(PAINTINGS.assign(**{FURTHER: None}), 1).further
    assert note_several(labels) == []


def build_objective(smoothing: float = 0.05) -> Objective:
    labels = build_labels(PAINTINGS, 1)
    return Objective(
        labels={"style": torch.from_numpy(labels.indices["style"])},
        class_weights={"style": torch.ones(3)},
        task_weights={"style": 1.0},
        smoothing=smoothing,
        further={"style": torch.from_numpy(labels.further["style"])},
    )


def test_a_work_is_learned_as_each_of_its_labels_in_equal_parts() -> None:
    objective, logits = build_objective(), torch.randn(6, 3)
    rows = torch.arange(6)
    target = torch.zeros(6, 3)
    target[0] = 1 / 3
    for row, label in ((1, 1), (2, 2), (3, 0), (5, 1)):
        target[row, label] = 1
    expected = F.cross_entropy(logits, target, label_smoothing=0.05, reduction="none")
    known = torch.tensor([0, 1, 2, 3, 5])
    loss = objective.compute_loss({"style": logits}, rows, rows, 1.0, {"style": 1.0})
    torch.testing.assert_close(loss, expected[known].sum())


def test_the_margin_is_that_of_the_best_given_label() -> None:
    logits = torch.tensor([[1.0, 5.0, 2.0], [1.0, 5.0, 2.0]])
    margins = build_objective().measure_margins({"style": logits}, torch.tensor([0, 1]))
    assert margins.tolist() == [0.0, 3.0]  # all three are given: nothing is another
    two = build_objective()
    two.further["style"][0, 1] = -1
    assert two.measure_margins({"style": logits[:1]}, torch.tensor([0])).tolist() == [3.0]


def test_an_answer_is_right_if_it_is_any_label() -> None:
    answers = np.eye(3)[[2, 0, 2]]
    hits = build_objective().find_hits("style", answers, np.array([0, 1, 2]))
    assert hits.tolist() == [True, False, True]


def test_what_is_not_learned_is_no_label_of_a_fold() -> None:
    restricted = build_objective().restrict(np.array([1, 3]))  # learns B and A alone
    assert restricted.labels["style"].tolist() == [0, 1, -1, 0, -1, 1]
    assert restricted.further["style"][0].tolist() == [1, -1]


def test_the_likeliest_label_is_put_in_front() -> None:
    chances = np.array([[0.1, 0.2, 0.7], [0.9, 0.1, 0.0], [0.0, 0.0, 0.0]])
    labels, further = np.array([0, 1, 0]), np.array([[1, 2], [-1, -1], [2, -1]])
    front, rest = front_best(chances, labels, further)
    assert front.tolist() == [2, 1, 0]
    assert [sorted(each) for each in rest.tolist()] == [[0, 1], [-1, -1], [-1, 2]]


def test_the_loss_is_that_of_any_label_and_no_label_of_the_work_is_another() -> None:
    chances = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]])
    labels, further = np.array([0, 1]), np.array([[1], [-1]])
    scores = compute_predictions(chances, chances, labels, ("A", "B", "C"), further)
    np.testing.assert_allclose(scores["loss"], -np.log([0.8, 0.2]))
    np.testing.assert_allclose(scores["margin"], [0.8 - 0.2, 0.2 - 0.7])
    assert scores["rank"].tolist() == [1, 2]
    assert scores["confidence"].tolist() == [0.5, 0.7]
    np.testing.assert_allclose(share_labels(chances, labels, further).sum(axis=1), 1)
    assert share_labels(chances, labels, None) is chances


def test_names_follow_the_labels_and_none_is_lost() -> None:
    labels = build_labels(PAINTINGS, 1)
    labels.indices["style"][0], labels.further["style"][0] = 2, [0, 1]
    fronted = front_names(PAINTINGS, labels)
    assert fronted["given_style"].fillna("").tolist() == ["C", "B", "C", "A", "", "B"]
    assert fronted[FURTHER].tolist()[:3] == [("A", "B"), None, ("Lone",)]
    assert fronted[FURTHER].iloc[5] == ("Other",)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The patterns, every third of which is also labelled what it is not, before what it is."""
    root = tmp_path_factory.mktemp("museum")
    rows = []
    for place, path in enumerate(sorted(paint_patterns(root / "pictures").rglob("*.jpg"))):
        own = path.parent.name
        other = "Blobs" if own == "Noise" else "Noise"
        label = f"{other}; {own}" if place % 3 == 0 else own
        rows.append(f"{path.relative_to(root)},{label}")
    (root / "works.csv").write_text("\n".join(["file,school", *rows]))
    return root / "works.csv"


def test_spellings_are_merged_over_all_labels(table: Path, tmp_path: Path) -> None:
    text = table.read_text().replace("Noise; Blobs", "NOISE; Blobs; noise; blobs", 1)
    (table.parent / "spelled.csv").write_text(text)
    options = SourceOptions(data=str(table.parent / "spelled.csv"), label_column="school")
    paintings = open_collection(options).paintings
    several = paintings[paintings[FURTHER].notna()]
    assert {*several["given_style"]} <= {"Noise", "Blobs"}
    assert {len(each) for each in several[FURTHER]} == {1}


@pytest.fixture(scope="module")
def run(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Trained on the table, its pictures fetched from the addresses that it names."""
    place = tmp_path_factory.mktemp("addresses")
    with serving() as server:
        rows = []
        for number, line in enumerate(table.read_text().splitlines()[1:]):
            file, labels = line.split(",")
            body = (table.parent / file).read_bytes()
            server.pages[f"/{number}.jpg"] = partial(send, body=body)
            rows.append(f"{file},http://127.0.0.1:{server.port}/{number}.jpg,{labels}")
        (place / "works.csv").write_text("\n".join(["id,image,school", *rows]))
        options = SourceOptions(
            data=str(place / "works.csv"),
            label_column="school",
            key_column="id",
            address_column="image",
            images=place / "pictures",
        )
        folder = train_run(TrainConfig(collection=options, artifacts=place / "runs", **SMALL))
    assert folder is not None
    return open_run(folder)


def test_a_verdict_on_the_second_label_reaches_table_and_label_files(run: Run) -> None:
    row = int(np.flatnonzero(run.paintings[FURTHER].notna())[0])
    key, (second,) = run.paintings["key"][row], run.paintings[FURTHER][row]
    first = run.paintings["given_style"][row]
    third = next(each for each in run.classes("style") if each not in (first, second))
    verdict = Entry(
        key=key,
        content_hash=run.paintings["content_hash"][row],
        task="school",
        given=second,
        of_several=second,
        verdict="wrong",
        proposed=third,
        reviewer="Ada",
        run_id=run.run_id,
        model_hash="m",
    )
    standing = take_standing(build_table([verdict]), run)
    (change,) = plan_changes(run, standing).table.to_dict("records")
    assert {*change["old"].split("; ")} == {first, second}
    assert change["new"] == change["old"].replace(second, third)
    files = build_label_files(run.paintings, decide(standing, run.paintings), run.manifest.word)
    names = [line.split(" ", 1)[1] for line in files["school_class.txt"].splitlines()]
    listed = [line.rsplit(",", 1) for line in files["school_train.csv"].splitlines()]
    assert {names[int(number)] for path, number in listed if path == key} == {first, third}


def test_the_wrong_one_of_two_labels_is_the_doubted_one(run: Run) -> None:
    several = run.paintings[FURTHER].notna().to_numpy()
    own = np.array([key.split("/")[1] for key in run.paintings["key"]])
    doubted = run.findings["doubted_label"].to_numpy(dtype=object)
    assert (doubted[several] != own[several]).mean() > 0.7
    assert pd.isna(doubted[~several]).all()


def test_a_wrong_label_beside_the_right_one_hides_nothing(run: Run, table: Path) -> None:
    several = run.paintings[FURTHER].notna().to_numpy()
    assert several.sum() == 14
    own = [key.split("/")[1] for key in run.paintings["key"]]
    right = (run.paintings["given_style"] == own)[several]
    assert right.mean() > 0.7  # the right one is in front, whatever its place in the table
    told = run.predictions("style")
    assert (told["given"] == run.paintings["given_style"]).all()
    probabilities = run.probabilities("style").astype(float)
    classes = list(run.classes("style"))
    for row in np.flatnonzero(several):
        every = [run.paintings["given_style"][row], *run.paintings[FURTHER][row]]
        chance = probabilities[row, [classes.index(each) for each in every]].sum()
        assert told["loss"][row] == pytest.approx(-np.log(chance), abs=0.01)
    suggested = run.findings["suggested"][several]
    others = run.paintings[FURTHER][several]
    assert not any(each in own for each, own in zip(suggested, others, strict=True))


def test_each_further_label_is_told_and_true(run: Run) -> None:
    counts, untrue = check_reasons(run)
    assert counts["further"] == 14
    assert untrue == []


def test_the_run_says_what_it_counts_under_one_label(run: Run) -> None:
    (note,) = (
        each
        for each in run.manifest.collection.notes
        if "several schools" in each and "likeliest" in each
    )
    assert note.startswith("14 works with several schools: each is learned")
    assert "counts a work under each" in note
