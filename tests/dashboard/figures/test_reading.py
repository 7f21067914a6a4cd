"""A painting read from left to right."""

from __future__ import annotations

import numpy as np

from dashboard.figures.reading import build_reading


def test_the_chosen_class_is_drawn_and_ends_at_the_answer() -> None:
    reading = np.random.default_rng(0).dirichlet(np.ones(6), 9)
    figure = build_reading(reading, tuple("abcdef"), chosen=5)
    lines = {line.name: line for line in figure.data}
    assert len(lines) == 4
    assert list(lines["F"].y) == list(reading[:, 5])
    assert (lines["F"].x[0], lines["F"].x[-1]) == (0, 1)
