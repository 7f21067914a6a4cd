"""Bars of a model's answers."""

import numpy as np

from dashboard.components.answers import build_answers


def test_the_given_label_is_marked_and_shown_even_when_far_down() -> None:
    classes = tuple(f"style_{i}" for i in range(9))
    probabilities = np.linspace(0.2, 0.01, 9)
    html = build_answers(probabilities, classes, given="style_8")
    assert html.count('class="track"') == 6
    assert "Style 8 <small>(label)</small>" in html
