"""The combined loss over the tasks, missing labels left out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import torch
from torch.nn import functional as F

from core.tasks import Task

ClassWeighting = Literal["none", "sqrt", "inverse"]


@dataclass(frozen=True)
class Objective:
    """``labels``: (N,) int64 a task, -1 where missing. ``class_weights``: (K,) a task.

    ``label_weights``: (N,) a task, 0 to 1; a task without counts all labels alike. Logits lie where
    these tensors do.
    """

    labels: dict[Task, torch.Tensor]
    class_weights: dict[Task, torch.Tensor]
    task_weights: dict[Task, float]
    smoothing: float
    label_weights: dict[Task, torch.Tensor] = field(default_factory=dict)

    def place(self, device: torch.device) -> Objective:
        """The same on ``device``, so that a step need not bring it there."""

        def move(tables: dict[Task, torch.Tensor]) -> dict[Task, torch.Tensor]:
            return {task: table.to(device) for task, table in tables.items()}

        return replace(
            self,
            labels=move(self.labels),
            class_weights=move(self.class_weights),
            label_weights=move(self.label_weights),
        )

    def compute_loss(
        self,
        logits: dict[Task, torch.Tensor],
        rows: torch.Tensor,
        partners: torch.Tensor,
        blend: float,
        totals: dict[Task, float],
    ) -> torch.Tensor:
        """This process's part of the step's loss; parts add up to the loss of the whole batch.

        ``rows`` and ``partners`` (b,) int64, where the logits lie: the paintings blended, ``blend``
        the share of the first. ``totals``: labelled paintings of the whole batch, per task.
        """
        loss = torch.zeros((), device=rows.device)
        for task, answer in logits.items():
            own = self._sum(task, answer, rows)
            mixed = (
                blend * own + (1 - blend) * self._sum(task, answer, partners) if blend < 1 else own
            )
            loss = loss + self.task_weights[task] * mixed / max(totals[task], 1.0)
        return loss

    def count_labelled(self, rows: np.ndarray) -> dict[Task, float]:
        """Labelled paintings among ``rows``, per task."""
        index = torch.from_numpy(rows)
        return {task: float((values[index] >= 0).sum()) for task, values in self.labels.items()}

    def trust(self, weights: np.ndarray) -> Objective:
        """The same with the style label of each painting weighed by ``weights`` (N,), 0 to 1."""
        style = torch.from_numpy(weights) * self.label_weights.get("style", 1.0)
        return replace(self, label_weights=self.label_weights | {"style": style})

    def restrict(self, rows: np.ndarray) -> Objective:
        """The same without the labels of classes that ``rows`` have nothing of.

        A model that learned from ``rows`` cannot be judged by them.
        """
        index = torch.from_numpy(rows)
        labels = {
            task: torch.where(torch.isin(given, given[index].unique()), given, -1)
            for task, given in self.labels.items()
        }
        return replace(self, labels=labels)

    @torch.no_grad()
    def measure_margins(self, logits: dict[Task, torch.Tensor], rows: torch.Tensor) -> torch.Tensor:
        """(b,) style logit of the given label less the best other: above 0 is right; 0 unlabelled.

        ``rows`` (b,) int64, where the logits lie. Followed over the epochs, the margins are a
        painting's training dynamics (Pleiss et al., "Identifying Mislabeled Data using the Area
        Under the Margin Ranking", NeurIPS 2020).
        """
        answers = logits["style"].float()
        labels = self.labels["style"][rows]
        place = labels.clamp(min=0)[:, None]
        given = answers.gather(1, place)[:, 0]
        others = answers.scatter(1, place, -torch.inf).amax(dim=1)
        return torch.where(labels >= 0, given - others, 0.0)

    def _sum(self, task: Task, logits: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        losses = F.cross_entropy(
            logits.float(),
            self.labels[task][rows],
            weight=self.class_weights[task],
            ignore_index=-1,
            label_smoothing=self.smoothing,
            reduction="none",
        )
        if task in self.label_weights:
            losses = losses * self.label_weights[task][rows]
        return losses.sum()


def compute_class_weights(
    labels: np.ndarray, classes: int, weighting: ClassWeighting
) -> np.ndarray:
    """(K,) float32 with mean 1 over the labelled paintings: n**-p, p = 0, 1/2 or 1."""
    counts = np.bincount(labels[labels >= 0], minlength=classes).clip(1)
    power = {"none": 0.0, "sqrt": 0.5, "inverse": 1.0}[weighting]
    weights = counts**-power
    scaled: np.ndarray = (weights * counts.sum() / (weights * counts).sum()).astype(np.float32)
    return scaled
