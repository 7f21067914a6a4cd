"""The browser's grid finds within an outline what lies inside it, point by point."""

from __future__ import annotations

import numpy as np

from tests.dashboard.point_cloud.browser.browser_modules import ask_browser

NOWHERE, SIDE = 65535, 256


def test_the_points_within_an_outline_are_those_that_lie_inside_it() -> None:
    rng = np.random.default_rng(0)
    places = rng.integers(0, NOWHERE, (4000, 2))
    places[:300] = places[:300] // SIDE * SIDE  # on the edges of cells
    places[300:310] = NOWHERE
    outlines = [
        *(rng.random((corners, 2)).tolist() for corners in (3, 3, 5, 12, 48)),
        (1.6 * rng.random((9, 2)) - 0.3).tolist(),  # beyond the layout
        (0.5 + 1e-3 * rng.random((7, 2))).tolist(),  # within a cell or two
        (rng.integers(0, SIDE, (6, 2)) * SIDE / (NOWHERE - 1)).tolist(),  # along edges of cells
        [[-1, -1], [2, -1], [2, 2], [-1, 2]],
        [[2, 2], [3, 2], [3, 3]],
    ]
    answers = ask_browser("grid.mjs", {"places": places.tolist(), "outlines": outlines})
    for found, inside in answers:
        assert found == inside
    assert [len(found) for found, _ in answers[-2:]] == [3990, 0]
    assert all(0 < len(found) < 3990 for found, _ in answers[:6])
