"""What a way of making is asked to paint."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from core.studio.canvas import Size
from core.studio.palettes import Palette
from core.studio.scenes import Shape, compose


@dataclass(frozen=True)
class Brief:
    """One work to be painted: its own chance, its size (width, height), subject and palette.

    `habits` are numbers the way of making understands; a habit the painter has not is its default.
    """

    rng: np.random.Generator
    size: Size
    subject: str
    palette: Palette
    habits: Mapping[str, float]

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.size[0] / self.size[1]

    def habit(self, name: str, default: float) -> float:
        """The painter's habit of that name, or the usual one of the style."""
        return self.habits.get(name, default)

    def compose(self) -> list[Shape]:
        """The shapes of the subject, back to front."""
        return compose(self.subject, self.rng, self.aspect, self.palette)


Making = Callable[[Brief], np.ndarray]  # -> picture (height, width, 3) float32, clipped later
