"""What is said of the model's quality, against the figures it speaks of."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from core.report.accuracy import describe_calibration

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
