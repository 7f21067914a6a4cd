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

    ``further``: (N, m) int64 of a task whose works may have several labels, the others, -1 for
    none: each of a work's labels is its target in equal parts. ``label_weights``: (N,) a task, 0 to
    1; a task without counts all labels alike. Logits lie where these tensors do.
    """

    labels: dict[Task, torch.Tensor]
    class_weights: dict[Task, torch.Tensor]
    task_weights: dict[Task, float]
    smoothing: float
    label_weights: dict[Task, torch.Tensor] = field(default_factory=dict)
    further: dict[Task, torch.Tensor] = field(default_factory=dict)

    def place(self, device: torch.device) -> Objective:
        """The same on ``device``, so that a step need not bring it there."""

        def move(tables: dict[Task, torch.Tensor]) -> dict[Task, torch.Tensor]:
            return {task: table.to(device) for task, table in tables.items()}

        return replace(
            self,
            labels=move(self.labels),
            class_weights=move(self.class_weights),
            label_weights=move(self.label_weights),
            further=move(self.further),
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

    def find_hits(self, task: Task, answers: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """(n,) bool: the first answer to each of the labelled ``rows`` is one of its labels.

        ``answers`` (n, K), logits or probabilities.
        """
        top, index = answers.argmax(axis=1), torch.from_numpy(rows)
        hits: np.ndarray = top == self.labels[task][index].numpy()
        if task in self.further:
            hits = hits | (top[:, None] == self.further[task][index].numpy()).any(axis=1)
        return hits

    def restrict(self, rows: np.ndarray) -> Objective:
        """The same without the labels of classes that ``rows`` have nothing of.

        A model that learned from ``rows`` cannot be judged by them.
        """
        index = torch.from_numpy(rows)
        labels = {
            task: torch.where(torch.isin(given, self._list_known(task, index)), given, -1)
            for task, given in self.labels.items()
        }
        further = {
            task: torch.where(torch.isin(others, self._list_known(task, index)), others, -1)
            for task, others in self.further.items()
        }
        return replace(self, labels=labels, further=further)

    def _list_known(self, task: Task, index: torch.Tensor) -> torch.Tensor:
        """The classes that the paintings ``index`` have, and -1 if any has none."""
        known = self.labels[task][index]
        if task in self.further:
            known = torch.cat([known, self.further[task][index].flatten()])
        unique: torch.Tensor = known.unique()
        return unique

    @torch.no_grad()
    def measure_margins(self, logits: dict[Task, torch.Tensor], rows: torch.Tensor) -> torch.Tensor:
        """(b,) style logit of the given label less the best other: above 0 is right; 0 unlabelled.

        Of several given labels that of the best, less the best that is not given; 0 if all are.

        ``rows`` (b,) int64, where the logits lie. Followed over the epochs, the margins are a
        painting's training dynamics (Pleiss et al., "Identifying Mislabeled Data using the Area
        Under the Margin Ranking", NeurIPS 2020).
        """
        answers = logits["style"].float()
        labels = self.labels["style"][rows]
        place = labels.clamp(min=0)[:, None]
        given = answers.gather(1, place)[:, 0]
        others = answers.scatter(1, place, -torch.inf).amax(dim=1)
        if "style" in self.further:
            further = self.further["style"][rows]
            every = torch.cat([place, further.clamp(min=0)], dim=1)
            every = torch.where(torch.cat([place >= 0, further >= 0], dim=1), every, place)
            given = answers.gather(1, every).amax(dim=1)
            others = answers.scatter(1, every, -torch.inf).amax(dim=1)
        is_measured = (labels >= 0) & others.isfinite()  # not where every class is given
        return torch.where(is_measured, given - others, 0.0)

    def _sum(self, task: Task, logits: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        losses = self._lose(task, logits, self.labels[task][rows])
        if task in self.further:  # the target in equal parts: the mean over a work's labels
            others = self.further[task][rows]
            for column in others.T:
                losses = losses + self._lose(task, logits, column)
            known = (others >= 0).sum(dim=1) + (self.labels[task][rows] >= 0)
            losses = losses / known.clamp(min=1)
        if task in self.label_weights:
            losses = losses * self.label_weights[task][rows]
        return losses.sum()

    def _lose(self, task: Task, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """(b,) cross-entropy of ``labels`` (b,), 0 for -1."""
        return F.cross_entropy(
            logits.float(),
            labels,
            weight=self.class_weights[task],
            ignore_index=-1,
            label_smoothing=self.smoothing,
            reduction="none",
        )


def compute_class_weights(
    labels: np.ndarray, classes: int, weighting: ClassWeighting
) -> np.ndarray:
    """(K,) float32 with mean 1 over the labelled paintings: n**-p, p = 0, 1/2 or 1."""
    counts = np.bincount(labels[labels >= 0], minlength=classes).clip(1)
    power = {"none": 0.0, "sqrt": 0.5, "inverse": 1.0}[weighting]
    weights = counts**-power
    scaled: np.ndarray = (weights * counts.sum() / (weights * counts).sum()).astype(np.float32)
    return scaled
