"""HTML that every page shares."""

from dashboard.components.page import build_bars


def test_bars_are_as_long_as_their_share() -> None:
    assert "width:25.0%" in build_bars([("a", 0.25, True)])
