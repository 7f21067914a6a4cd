"""The training loop: one phase of one fold, visible in one place."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import torch
from torch import nn

from core.errors import UserError
from core.tasks import Task
from core.training.activations import Shown, as_inputs
from core.training.average import WeightAverage, choose_decay
from core.training.batches import Batch, plan_epoch
from core.training.config import TrainConfig
from core.training.model import Tail
from core.training.objective import Objective
from core.training.processes import Processes
from core.training.seeds import derive_seed
from core.training.transfer import send

PhaseName = Literal["frozen", "fine-tuning"]
SCORING_BATCH: Final = 256


@dataclass(frozen=True)
class Phase:
    """``frozen``: the heads learn from feature maps. ``fine-tuning``: the top learns too."""

    name: PhaseName
    epochs: int
    inputs: Shown


@dataclass(frozen=True)
class Side:
    """The rows that a fold's model may use: to learn from, and to stop and calibrate by."""

    fold: int
    training: np.ndarray
    validation: np.ndarray


@dataclass
class Progress:
    """The state of a phase: everything needed to resume as if never stopped."""

    epoch: int = 0
    best_epoch: int = 0
    best_loss: float = math.inf
    best: dict[str, torch.Tensor] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    margins: list[torch.Tensor] = field(default_factory=list)  # (N,) an epoch, see measure_margins


class PhaseRun:
    """Trains one phase of one fold's ``tail`` in place, which ends with the best weights."""

    def __init__(
        self,
        config: TrainConfig,
        phase: Phase,
        side: Side,
        tail: Tail,
        objective: Objective,
        processes: Processes,
    ) -> None:
        self.config, self.phase, self.side = config, phase, side
        self.objective, self.processes = objective, processes
        self.placed = objective.place(processes.device)
        self.heads = tail.heads
        self.module: nn.Module = tail.heads if phase.name == "frozen" else tail
        self.module.to(processes.device).to(memory_format=torch.channels_last)
        decay = config.ema_decay
        if decay is None:
            decay = choose_decay(len(side.training), config.batch_size or 1)
        self.averaged = WeightAverage(self.module, decay, processes.device)
        optimizer = torch.optim.AdamW(
            part_by_decay(self._parameter_groups(tail)),
            weight_decay=config.weight_decay or 0.0,
            fused=processes.device.type == "cuda",
        )
        self.model, self.optimizer = processes.accelerator.prepare(self.module, optimizer)
        self.progress = Progress()
        self.accumulation = 1

    def run(
        self,
        on_epoch: Callable[[dict[str, Any]], None],
        save: Callable[[Any], None],
        on_step: Callable[[int], None] = lambda paintings: None,
    ) -> Progress:
        """Trains until the epochs or the patience end; ``save`` gets what ``restore`` takes."""
        while not self.is_finished:
            self.progress.epoch += 1
            started = time.monotonic()
            train_loss = self._train_epoch(on_step)
            record = self._validate() | {
                "fold": self.side.fold,
                "phase": self.phase.name,
                "epoch": self.progress.epoch,
                "train_loss": train_loss,
                "learning_rate": self.optimizer.param_groups[-1]["lr"],
                "seconds": time.monotonic() - started,
            }
            self.progress.history.append(record)
            self._keep_best(record)
            save(self.state())
            on_epoch(record)
        self.module.load_state_dict(self.progress.best)
        return self.progress

    @property
    def is_finished(self) -> bool:
        waited = self.progress.epoch - self.progress.best_epoch
        return self.progress.epoch >= self.phase.epochs or waited > self.config.patience

    def state(self) -> dict[str, Any]:
        scaler = self.processes.accelerator.scaler  # of fp16 losses
        return {
            "scaler": None if scaler is None else scaler.state_dict(),
            "model": self.module.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "progress": vars(self.progress),
            "accumulation": self.accumulation,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Resumes from a saved state."""
        self.module.load_state_dict(state["model"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimizer.load_state_dict(state["optimizer"])
        if state["scaler"] is not None:
            self.processes.accelerator.scaler.load_state_dict(state["scaler"])
        self.progress = Progress(**state["progress"])
        self.accumulation = state["accumulation"]

    def _train_epoch(self, on_step: Callable[[int], None]) -> float:
        config, epoch = self.config, self.progress.epoch
        seed = derive_seed(config.seed, self.side.fold, self.phase.name, epoch)
        batches = plan_epoch(
            self.side.training,
            config.batch_size or 1,
            self.phase.inputs.views,
            config.mixup or 0.0,
            seed,
        )
        self.model.train()
        self.margins = torch.zeros(
            len(self.objective.labels["style"]), device=self.processes.device
        )
        losses = []
        with closing(self.phase.inputs.stream([self._ask(batch) for batch in batches])) as shown:
            for number, (batch, held) in enumerate(zip(batches, shown, strict=True)):
                self._set_rates(
                    ((epoch - 1) * len(batches) + number) / (self.phase.epochs * len(batches))
                )
                losses.append(self._step_within_memory(batch, held, derive_seed(seed, number)))
                self.averaged.update(self.module)
                on_step(len(batch.rows))
        loss = self.processes.sum([float(torch.stack(losses).mean())])[0]
        self.progress.margins.append(
            torch.stack(self.processes.gather(self.margins.cpu())).sum(dim=0)
        )
        if not math.isfinite(loss):
            raise UserError(
                f"the loss of fold {self.side.fold + 1} became {loss} in epoch {epoch}",
                expected="a finite number",
                remedy="Lower --head-rate and --backbone-rate, or --gradient-clip.",
            )
        return loss

    def _ask(self, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
        """Rows and views of this process's share, after the one that its first is blended with."""
        share = self.processes.take_share(len(batch.rows))
        positions = np.arange(share.start - batch.is_blended, share.stop)
        return batch.rows[positions], batch.views[positions]

    def _step_within_memory(self, batch: Batch, held: torch.Tensor, seed: int) -> torch.Tensor:
        """One step; when memory runs out, splits this and later steps into twice as many parts."""
        while True:
            try:
                return self._step(batch, held, seed)
            except torch.OutOfMemoryError as error:
                if self.accumulation >= len(batch.rows):
                    raise UserError(
                        "a single painting does not fit in memory",
                        found=str(error).splitlines()[0],
                        remedy="Use a smaller --image-size or --backbone, or fewer "
                        "--trainable-blocks.",
                    ) from error
                self.accumulation *= 2
                self.optimizer.zero_grad(set_to_none=True)
                torch.cuda.empty_cache()
                self.processes.accelerator.print(
                    f"Out of memory: each batch now runs in {self.accumulation} parts."
                )

    def _step(self, batch: Batch, held: torch.Tensor, seed: int) -> torch.Tensor:
        """``held``: what ``_ask`` asked for."""
        accelerator, size = self.processes.accelerator, len(batch.rows)
        totals = self.objective.count_labelled(batch.rows)
        share = self.processes.take_share(size)
        rows = np.arange(share.start, share.stop)
        parts = np.array_split(rows, min(self.accumulation, max(len(rows), 1)))
        loss = torch.zeros((), device=self.processes.device)
        for part in parts:
            is_last = part is parts[-1]
            with nullcontext() if is_last else accelerator.no_sync(self.model):
                with accelerator.autocast():
                    part_loss = self._compute_part(batch, part, held, seed, totals)
                accelerator.backward(part_loss * self.processes.count)  # processes are averaged
            loss += part_loss.detach()
        accelerator.clip_grad_norm_(self.model.parameters(), self.config.gradient_clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss

    def _compute_part(
        self,
        batch: Batch,
        part: np.ndarray,
        held: torch.Tensor,
        seed: int,
        totals: dict[Task, float],
    ) -> torch.Tensor:
        """Loss of the batch's positions ``part``, each blended with the painting before it."""
        own, partner = send(batch.rows[np.stack([part, part - 1])], self.processes.device)
        inputs = self._blend(batch, part, held)
        self.heads.masks.begin(seed, part, len(batch.rows), self.processes.device)
        logits, _ = self.model(inputs)
        self.margins[own] = self.placed.measure_margins(logits, own)
        return self.placed.compute_loss(logits, own, partner, batch.blend, totals)

    def _blend(self, batch: Batch, part: np.ndarray, held: torch.Tensor) -> torch.Tensor:
        share = self.processes.take_share(len(batch.rows))
        start = int(part[0]) - share.start if len(part) else 0
        own = as_inputs(held[batch.is_blended :][start : start + len(part)])
        if not batch.is_blended:
            return own
        return batch.blend * own + (1 - batch.blend) * as_inputs(held[start : start + len(part)])

    def _validate(self) -> dict[str, float | None]:
        rows = self.side.validation
        if len(rows) == 0:
            return {"validation_loss": None, "validation_accuracy": None}
        logits, _ = compute_answers(self.averaged.module, self.phase.inputs, rows, self.processes)
        judge = self.objective.restrict(self.side.training)
        totals = judge.count_labelled(rows)
        tensors = {task: torch.from_numpy(values) for task, values in logits.items()}
        places = torch.from_numpy(rows)
        loss = judge.compute_loss(tensors, places, places, 1.0, totals)
        labels = judge.labels["style"][places].numpy()
        known = labels >= 0
        hits = judge.find_hits("style", logits["style"][known], rows[known])
        return {
            "validation_loss": float(loss),
            "validation_accuracy": float(hits.mean()) if known.any() else None,
        }

    def _keep_best(self, record: dict[str, Any]) -> None:
        """Without validation rows the last epoch is the best."""
        loss = record["validation_loss"]
        if loss is None or loss < self.progress.best_loss:
            self.progress.best_loss = math.inf if loss is None else loss
            self.progress.best_epoch = self.progress.epoch
            self.progress.best = copy.deepcopy(self.averaged.module.state_dict())

    def _parameter_groups(self, tail: Tail) -> list[dict[str, Any]]:
        config = self.config
        rate = config.head_rate or 0.0
        heads = {"params": list(tail.heads.parameters()), "peak": rate}
        if self.phase.name == "frozen":
            return [heads]
        tail.top.requires_grad_(True)
        return [*self._layer_groups(tail), heads | {"peak": rate / 3}]

    def _layer_groups(self, tail: Tail) -> list[dict[str, Any]]:
        """The top's layers, each slower than the next by the layer decay (Clark et al., ELECTRA,
        2020); one group where they are all alike.
        """
        rate, decay = self.config.backbone_rate or 0.0, self.config.layer_decay or 1.0
        if decay == 1:
            return [{"params": list(tail.top.parameters()), "peak": rate}]
        layers = [list(layer.parameters()) for layer in tail.top]
        layers = [parameters for parameters in layers if parameters]
        return [
            {"params": parameters, "peak": rate * decay**below}
            for below, parameters in enumerate(reversed(layers))
        ]

    def _set_rates(self, done: float) -> None:
        """Linear warmup, then a cosine to zero; ``done``: share of the phase's steps, 0 to 1."""
        warmup = self.config.warmup
        if done < warmup:
            factor = (done + 1e-3) / (warmup + 1e-3)
        else:
            factor = 0.5 * (1 + math.cos(math.pi * (done - warmup) / (1 - warmup)))
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * factor


def part_by_decay(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``groups`` of parameters, each in two: norms and biases are not pulled towards 0, matrices
    and kernels are. The last of the groups stays last (Loshchilov & Hutter, "Decoupled Weight Decay
    Regularization", 2019, decay all; He et al., "Bag of Tricks", CVPR 2019, no norm nor bias).
    """
    parted = []
    for group in groups:
        flat = [each for each in group["params"] if each.ndim < 2]
        deep = [each for each in group["params"] if each.ndim >= 2]
        parted += [group | {"params": flat, "weight_decay": 0.0}] if flat else []
        parted += [group | {"params": deep}] if deep else []
    return parted


def compute_answers(
    module: nn.Module,
    inputs: Shown,
    rows: np.ndarray,
    processes: Processes,
    on_rows: Callable[[int], None] | None = None,
    view: int = 0,
) -> tuple[dict[Task, np.ndarray], np.ndarray]:
    """Logits (n, K) a task and embeddings (n, D), float32, of ``rows``, in ``view``: 0 whole, 1 its
    mirror image. Each process computes its share and receives all; ``on_rows`` receives the
    progress of its share.
    """
    module.eval()
    share = rows[processes.take_share(len(rows))]
    parts: list[tuple[dict[Task, np.ndarray], np.ndarray]] = []
    starts = range(0, len(share), SCORING_BATCH)
    batches = [share[start : start + SCORING_BATCH] for start in starts]
    held = inputs.stream([(batch, np.full_like(batch, view)) for batch in batches])
    for batch, values in zip(batches, held, strict=True):
        with torch.inference_mode(), processes.autocast():
            logits, embedding = module(as_inputs(values))
        parts.append(
            (
                {task: values.float().cpu().numpy() for task, values in logits.items()},
                embedding.float().cpu().numpy(),
            )
        )
        if on_rows:
            on_rows(len(batch))
    gathered = [part for process in processes.gather(parts) for part in process]
    tasks = gathered[0][0]
    return (
        {task: np.concatenate([logits[task] for logits, _ in gathered]) for task in tasks},
        np.concatenate([embedding for _, embedding in gathered]),
    )
