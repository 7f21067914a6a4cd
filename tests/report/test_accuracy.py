"""What is said of the model's quality, against the figures it speaks of."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from core.artifacts.accuracy import ThreeWays
from core.label_word import STYLE
from core.report.accuracy import describe_calibration, describe_figures
from core.text import percent_exact

errors = st.floats(0, 1)


@given(errors, errors)
@example(0.02, 0.022)  # calibrating made it worse
@example(0.02, 0.02)
@example(0.0304, 0.0296)
def test_calibration_is_praised_for_nothing_that_it_did_not_do(before: float, after: float) -> None:
    said = re.sub(r"<[^>]+>", "", describe_calibration(before, after)).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    told = re.search(r": ([\d.]+) %, before calibration ([\d.]+) %", said)
    assert told is not None
    shown_after, shown_before = (float(each) for each in told.groups())
    assert abs(shown_after - 100 * after) <= 0.05 + 1e-9
    assert abs(shown_before - 100 * before) <= 0.05 + 1e-9
    is_lower = "calibrating did not lower it" not in said
    assert is_lower == (after < before)
    if shown_after > shown_before:
        assert not is_lower


@given(errors, errors)
@example(0.91451, 0.95649)  # 91.5 and 95.6 %: 4.1 points, not 4.2
def test_the_difference_is_that_of_the_figures_beside_it(ordinary: float, baseline: float) -> None:
    ways = ThreeWays(baseline, ordinary, disjoint=None, partner=None)
    said = " ".join(describe_figures(ways, STYLE))
    points = re.search(r"<b>([\d.]+) points", said)
    assert points is not None
    shown = [float(percent_exact(each).split()[0]) for each in (ordinary, baseline)]
    assert float(points[1]) == round(abs(shown[0] - shown[1]), 1)
    assert ("better</b>" in said) == (shown[0] >= shown[1])


def test_a_plain_model_agrees_with_labels_and_is_not_called_right() -> None:
    ways = ThreeWays(None, None, None, partner=None, witness=0.5)
    said = " ".join(describe_figures(ways, STYLE))
    assert "agrees with the label on <b>50.0" in said
    assert "right" not in said
