"""How much each label counts for the published model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.collection.open import open_collection
from core.images.store import build_store
from core.reviews import open_log
from core.tasks import Task
from core.training.folds import Scores
from core.training.subject import Subject, build_subject
from core.training.trust import trust_labels
from tests.reviews.conftest import say
from tests.training.conftest import small_config

SURE, WRONG = 0, 1  # rows: one that the folds agree with, one that they don't


@pytest.fixture
def subject(patterns: Path, tmp_path: Path) -> Subject:
    return build(patterns, tmp_path)


def build(patterns: Path, folder: Path, **changes: object) -> Subject:
    config = small_config(patterns, folder, **changes)
    collection = open_collection(config.collection)
    store = build_store(collection, folder / "images", short_side=64, workers=1)
    return build_subject(config, collection, store)


def answer(subject: Subject, wrong: int) -> Scores:
    """Folds that are sure of every label but that of row ``wrong``."""
    labels = subject.labels.indices["style"]
    said = labels.copy()
    said[wrong] = (said[wrong] + 1) % 3
    shown = np.full((len(labels), 3), 0.01)
    shown[np.arange(len(labels)), said] = 0.98
    tables: dict[Task, np.ndarray] = {"style": shown}
    dynamics = np.zeros((len(labels), 0))
    judged: dict[Task, np.ndarray] = {"style": labels}
    told = subject.labels, (), (), dynamics, pd.DataFrame()
    return Scores(tables, tables, {}, [], judged, *told)


def test_a_label_in_doubt_counts_little(subject: Subject) -> None:
    trust = trust_labels(subject, answer(subject, WRONG), None, None)
    assert trust.dtype == np.float32
    assert trust[WRONG] < 0.5 < 0.9 < trust[SURE] <= 1
    assert trust.argmin() == WRONG


def test_a_label_that_no_fold_judged_counts_whole(subject: Subject) -> None:
    scores = answer(subject, WRONG)
    judged = scores.judged["style"].copy()
    judged[WRONG] = -1
    trust = trust_labels(subject, replace(scores, judged={"style": judged}), None, None)
    assert trust[WRONG] == 1


def test_what_a_curator_settled_is_not_doubted_again(patterns: Path, tmp_path: Path) -> None:
    before = build(patterns, tmp_path).paintings.loc[WRONG]
    key, verdicts = str(before["key"]), tmp_path / "reviews.sqlite"
    log = open_log(verdicts)
    log.record([say(key, given=str(before["given_style"]))])
    log.close()
    subject = build(patterns, tmp_path, verdicts=verdicts)
    assert subject.paintings["key"][WRONG] == key
    assert trust_labels(subject, answer(subject, WRONG), None, None)[WRONG] == 1
