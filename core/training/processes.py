"""The processes that share a run, and the device of each."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, Final, Literal, TypeVar

import torch
from accelerate import Accelerator
from accelerate.utils import InitProcessGroupKwargs, broadcast_object_list, gather_object

from core.errors import UserError

Device = Literal["auto", "gpu", "cpu"]
PATIENCE: Final = timedelta(days=2)  # the others wait while the main process builds the store

T = TypeVar("T")


class Processes:
    """One process, or the several that torchrun started, through accelerate.

    bf16 where the GPU has it, fp16 with loss scaling on older ones, float32 on a CPU. Raises
    ``UserError`` when a GPU is asked for and there is none.
    """

    def __init__(self, device: Device = "auto") -> None:
        has_gpu = torch.cuda.is_available()
        if device == "gpu" and not has_gpu:
            raise UserError(
                "--device gpu: torch finds no GPU",
                found=f"torch {torch.__version__}, "
                + (f"built for CUDA {torch.version.cuda}" if torch.version.cuda else "a CPU build"),
                remedy="Install a CUDA build of torch and check nvidia-smi, or use --device auto.",
            )
        several = int(os.environ.get("WORLD_SIZE", "1")) > 1
        on_cpu = device == "cpu" or (several and not has_gpu)
        self.accelerator = Accelerator(
            cpu=on_cpu,
            mixed_precision="no" if on_cpu else _choose_precision(),
            kwargs_handlers=[InitProcessGroupKwargs(timeout=PATIENCE)] if several else [],
        )
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
    def machines(self) -> int:
        """How many machines the processes run on, as torchrun says."""
        return max(1, self.count // int(os.environ.get("LOCAL_WORLD_SIZE", self.count)))

    @property
    def is_main(self) -> bool:
        return bool(self.accelerator.is_main_process)

    @property
    def threads(self) -> int:
        """CPU threads for one process's share of the decoding."""
        beside = int(os.environ.get("LOCAL_WORLD_SIZE", self.count))
        return max(1, (os.cpu_count() or 1) // beside)

    def autocast(self) -> AbstractContextManager[None]:
        context: AbstractContextManager[None] = self.accelerator.autocast()
        return context

    def wait(self) -> None:
        """Waits for every process."""
        self.accelerator.wait_for_everyone()

    def on_main(self, compute: Callable[[], T]) -> T:
        """What ``compute`` gives on the main process, on every process.

        A ``UserError`` is raised there; the other processes end without a message.
        """
        if self.count == 1:
            return compute()
        outcome: list[tuple[T | None, UserError | None]] = [(None, None)]
        if self.is_main:
            try:
                outcome = [(compute(), None)]
            except UserError as error:
                outcome = [(None, error)]
        broadcast_object_list(outcome)
        value, failure = outcome[0]
        if failure is not None:
            if self.is_main:
                raise failure
            raise SystemExit(2)
        return value  # type: ignore[return-value]  # T may itself be None

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

    def release(self) -> None:
        """Releases the models and optimizers that accelerate prepared."""
        self.accelerator.free_memory()

    def end(self) -> None:
        """Leaves the process group."""
        self.accelerator.end_training()

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
