"""The cloud says what it leaves out while its view moves."""

from __future__ import annotations

from tests.dashboard.point_cloud.browser.browser_modules import ask_browser


def test_a_drawing_of_a_sample_says_of_how_many() -> None:
    drawings = [
        [[0, 5_000_000, 0], 150_000],
        [[4_900_000, 60_000, 40_000], 150_000],
        [[100_000, 150_000, 150_000], 150_000],
    ]
    assert ask_browser("summary.mjs", {"drawings": drawings}) == [
        "150,000 of 5,000,000 points while the view moves",
        "250,000 of 5,000,000 points while the view moves",
        "",
    ]
