"""How much of a GPU's memory training needs, and so what it leaves to the activations."""

from __future__ import annotations

import copy
from typing import Final

import numpy as np
import torch

from core.training.activations import as_inputs
from core.training.model import PaintingModel
from core.training.processes import Processes

SPARE: Final = 1 << 30  # bytes for the libraries' own, and for what lies in pieces
MARGIN: Final = 1.25  # on what one step was seen to need
OPTIMIZER: Final = 4 * 4  # bytes a parameter: two moments, the average and the best of it


def measure_room(model: PaintingModel, batch: int, processes: Processes) -> int:
    """Bytes of this process's GPU that activations may take beside training; 0 without a GPU.

    ``batch``: paintings a step over all processes. One step of fine-tuning is taken to see what it
    needs; where not even that fits, 0.
    """
    device = processes.device
    if device.type != "cuda":
        return 0
    torch.cuda.empty_cache()
    free, _ = torch.cuda.mem_get_info(device)
    try:
        need = _measure_step(model, -(-batch // processes.count), processes)
    except torch.OutOfMemoryError:
        return 0
    finally:
        torch.cuda.empty_cache()
    return compute_room(free, need, sum(values.numel() for values in model.tail.parameters()))


def compute_room(free: int, step: int, parameters: int) -> int:
    """Bytes left of ``free`` beside a step of ``step`` bytes and the state of its optimizer."""
    return max(0, free - SPARE - round(MARGIN * (step + OPTIMIZER * parameters)))


def _measure_step(model: PaintingModel, batch: int, processes: Processes) -> int:
    """Bytes at the peak of one forward and backward pass, with the weights and their gradients."""
    device, size = processes.device, model.spec.image_size
    before = torch.cuda.memory_allocated(device)
    torch.cuda.reset_peak_memory_stats(device)
    pixels = torch.zeros(1, size, size, 3, dtype=torch.uint8, device=device)
    with torch.inference_mode(), processes.autocast():
        shape = model.stem.to(device)(pixels).shape[1:]
    tail = copy.deepcopy(model.tail).to(device).requires_grad_(True).train()
    tail.heads.masks.begin(0, np.arange(batch), batch, device)
    inputs = as_inputs(torch.randn(batch, *shape, device=device))
    with processes.autocast():
        logits, _ = tail(inputs)
        loss = torch.stack([values.logsumexp(dim=1).sum() for values in logits.values()]).sum()
    loss.backward()
    return torch.cuda.max_memory_allocated(device) - before
