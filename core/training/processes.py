"""The processes that share a run, and what each of them computes on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import gather_object


class Processes:
    """One process, or the several that torchrun started, through accelerate.

    bf16 where the GPU has it, fp16 with loss scaling on older ones, float32 on a CPU.
    """

    def __init__(self) -> None:
        self.accelerator = Accelerator(mixed_precision=_choose_precision())
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True

    @property
    def device(self) -> torch.device:
        device: torch.device = self.accelerator.device
        return device

    @property
    def rank(self) -> int:
        return int(self.accelerator.process_index)

    @property
    def count(self) -> int:
        return int(self.accelerator.num_processes)

    @property
    def is_main(self) -> bool:
        return bool(self.accelerator.is_main_process)

    @property
    def threads(self) -> int:
        """CPU threads for one process's share of the decoding."""
        return max(1, (os.cpu_count() or 1) // self.count)

    def autocast(self) -> AbstractContextManager[None]:
        context: AbstractContextManager[None] = self.accelerator.autocast()
        return context

    def wait(self) -> None:
        """Until every process is here."""
        self.accelerator.wait_for_everyone()

    def take_share(self, total: int) -> slice:
        """This process's contiguous part of ``total`` rows."""
        edges = [total * rank // self.count for rank in (self.rank, self.rank + 1)]
        return slice(*edges)

    def gather(self, part: Any) -> list[Any]:
        """Every process's ``part``, in order of rank, on every process."""
        parts: list[Any] = gather_object([part]) if self.count > 1 else [part]
        return parts

    def sum(self, values: Sequence[float]) -> list[float]:
        """Sums over all processes."""
        return [float(sum(column)) for column in zip(*self.gather(list(values)), strict=True)]

    def describe_hardware(self) -> dict[str, str]:
        device = self.device
        name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
        return {
            "device": name,
            "processes": str(self.count),
            "threads": str(torch.get_num_threads()),
            "precision": str(self.accelerator.mixed_precision),
        }


def _choose_precision() -> str:
    if not torch.cuda.is_available():
        return "no"
    return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
