"""The combined loss against its definition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.tasks import Task
from core.training.objective import Objective, compute_class_weights

ROWS = torch.arange(6)
PARTNERS = torch.roll(ROWS, 1)

Logits = dict[Task, torch.Tensor]


@pytest.fixture
def objective() -> Objective:
    return Objective(
        labels={
            "style": torch.tensor([0, 1, 2, 0, 1, 2]),
            "artist": torch.tensor([0, -1, 1, -1, -1, -1]),
        },
        class_weights={"style": torch.ones(3), "artist": torch.ones(2)},
        task_weights={"style": 1.0, "artist": 0.8},
        smoothing=0.0,
    )


@pytest.fixture
def logits() -> Logits:
    generator = torch.Generator().manual_seed(0)
    return {
        "style": torch.randn(6, 3, generator=generator),
        "artist": torch.randn(6, 2, generator=generator),
    }


def test_missing_labels_are_left_out(
    objective: Objective, logits: dict[Task, torch.Tensor]
) -> None:
    totals = objective.count_labelled(ROWS.numpy())
    assert totals == {"style": 6, "artist": 2}
    expected = F.cross_entropy(logits["style"], objective.labels["style"])
    expected += 0.8 * F.cross_entropy(logits["artist"][[0, 2]], torch.tensor([0, 1]))
    found = objective.compute_loss(logits, ROWS, ROWS, 1.0, totals)
    torch.testing.assert_close(found, expected)


def test_parts_add_up_to_the_whole(objective: Objective, logits: Logits) -> None:
    totals = objective.count_labelled(ROWS.numpy())
    whole = objective.compute_loss(logits, ROWS, PARTNERS, 0.7, totals)
    parts = [
        objective.compute_loss(
            {task: values[part] for task, values in logits.items()},
            ROWS[part],
            PARTNERS[part],
            0.7,
            totals,
        )
        for part in (slice(0, 1), slice(1, 6))
    ]
    torch.testing.assert_close(parts[0] + parts[1], whole)


def test_a_batch_without_a_label_of_a_task_has_no_gradient_there(objective: Objective) -> None:
    rows = torch.tensor([1, 3])
    artist = torch.randn(2, 2, requires_grad=True)
    logits: dict[Task, torch.Tensor] = {"style": torch.randn(2, 3), "artist": artist}
    totals = objective.count_labelled(rows.numpy())
    objective.compute_loss(logits, rows, rows, 1.0, totals).backward()
    assert artist.grad is not None
    assert (artist.grad == 0).all()


@pytest.mark.parametrize(("weighting", "ratio"), [("none", 1), ("sqrt", 2), ("inverse", 4)])
def test_rare_classes_weigh_more(weighting: str, ratio: float) -> None:
    labels = np.array([0] * 16 + [1] * 4 + [-1] * 5)
    weights = compute_class_weights(labels, 2, weighting)  # type: ignore[arg-type]
    assert weights[1] / weights[0] == pytest.approx(ratio)
    assert weights[labels[labels >= 0]].mean() == pytest.approx(1)


def test_labels_of_unknown_classes_judge_nothing(objective: Objective) -> None:
    judge = objective.restrict(np.array([0, 1, 4]))  # styles 0 and 1, artist 0
    assert judge.labels["style"].tolist() == [0, 1, -1, 0, 1, -1]
    assert judge.labels["artist"].tolist() == [0, -1, -1, -1, -1, -1]
    assert objective.labels["artist"].tolist() == [0, -1, 1, -1, -1, -1]


def test_trust_weighs_the_style_and_what_weighed_it_before(
    objective: Objective, logits: Logits
) -> None:
    before = torch.tensor([1.0, 0.25, 1.0, 1.0, 1.0, 1.0])
    weighed = replace(objective, label_weights={"style": before})
    trust = np.array([1, 1, 0, 0.5, 1, 1], dtype=np.float32)
    losses = F.cross_entropy(logits["style"], objective.labels["style"], reduction="none")
    expected = (losses * torch.tensor([1.0, 0.25, 0.0, 0.5, 1.0, 1.0])).sum() / 6
    told: Logits = {"style": logits["style"]}
    totals = objective.count_labelled(ROWS.numpy())
    found = weighed.trust(trust).compute_loss(told, ROWS, ROWS, 1.0, totals)
    torch.testing.assert_close(found, expected)
    assert weighed.label_weights["style"] is before
