"""The average of a model's weights over its steps, which is what is scored and published."""

from __future__ import annotations

import copy
from typing import Any, Final

import torch
from torch import nn

LEAST_DECAY: Final = 0.98  # looks back over 50 steps, an epoch of 2,500 paintings


def choose_decay(paintings: int, batch_size: int) -> float:
    """The decay that looks back over one epoch of ``paintings``, 50 steps at least.

    A fixed one looks back over less and less of what is learned from as the collection grows
    (Busbridge et al., "How to Scale Your EMA", NeurIPS 2023).
    """
    return max(LEAST_DECAY, 1 - batch_size / max(paintings, 1))


class WeightAverage:
    """Exponential average that trusts the newest weights more while there are few.

    torch's ``AveragedModel`` would do, but reads its count of steps from the GPU at each of them:
    the processor then waits until the GPU has nothing left to do.
    """

    def __init__(self, model: nn.Module, decay: float, device: torch.device) -> None:
        self.module = copy.deepcopy(model)
        self.module.to(device)  # a copied GRU's weights lie in one piece again
        self.decay, self.steps = decay, 0
        self._averaged = [values.detach() for values in self.module.parameters()]

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Takes in the weights of ``model`` after a step; buffers stay what they were."""
        current = [values.detach() for values in model.parameters()]
        if self.steps == 0:
            torch._foreach_copy_(self._averaged, current)
        else:
            weight = 1 - min(self.decay, (1 + self.steps) / (10 + self.steps))
            torch._foreach_lerp_(self._averaged, current, weight)
        self.steps += 1

    def state_dict(self) -> dict[str, Any]:
        return {"module": self.module.state_dict(), "steps": self.steps}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.module.load_state_dict(state["module"])
        self.steps = int(state["steps"])
