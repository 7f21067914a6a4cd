"""Losses, accuracy and learning rate for TensorBoard: `tensorboard --logdir artifacts/tensorboard`.

One TensorBoard run for each phase of each fold, written again from the kept history whenever the
phase resumes, so that a killed and resumed run has each epoch once.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from torch.utils.tensorboard import SummaryWriter

TAGS: Final = {
    "train_loss": "loss/training",
    "validation_loss": "loss/validation",
    "validation_accuracy": "accuracy/validation",
    "learning_rate": "learning_rate",
}
FLUSH_SECONDS: Final = 10


class Scalars:
    """Writes the records of one phase, each at its epoch; a thread of its own does the writing."""

    def __init__(self, folder: Path, history: Iterable[dict[str, Any]]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self._writer = SummaryWriter(str(folder), flush_secs=FLUSH_SECONDS)
        for record in history:
            self.add(record)

    def add(self, record: dict[str, Any]) -> None:
        """Adds what ``PhaseRun.run`` says of an epoch; what is None there has no point."""
        for column, tag in TAGS.items():
            if record[column] is not None:
                self._writer.add_scalar(tag, record[column], record["epoch"])

    def close(self) -> None:
        self._writer.close()
