"""A text and the two ends of a span name one year of completion."""

import pandas as pd
import pytest

from core.collection.reading.spans import choose_year, read_years


@pytest.mark.parametrize(
    ("text", "first", "last", "year"),
    [
        ("c. 1650", "1645", "1655", 1650),
        ("1909–27", "1909", "1927", 1927),
        ("n.d.", "1865", "1880", 1880),
        (None, "1865", "1880", 1880),
        (None, "1865.0", "1880.0", 1880),
        (None, "(1865)", "(1880)", 1880),
        (None, "1800-01-01T00:00:00.000Z", "1809-12-31T00:00:00.000Z", 1809),
        (None, "-0206-01-05", "-0200-01-01", -200),
        (None, "-0206-01-05", "0220-01-01", None),
        (None, "-430", "-400", -400),
        (None, "950", "973", 973),
        (None, None, "1880", 1880),
        (None, "1642", None, 1642),
        (None, "1642", "9999", 1642),
        (None, "0", "0", None),
        (None, "1880", "1865", None),
        ("inv. 1907", "1640", "1650", 1650),
        ("19th century", "1850", "1860", 1860),
        ("19th century", "1800", "1899", None),
        (None, "c. 1640", "before 1650", 1650),
        (None, None, None, None),
    ],
)
def test_the_year_of_completion(
    text: str | None, first: str | None, last: str | None, year: int | None
) -> None:
    assert choose_year(text, first, last) == year


def test_what_names_no_year_is_said_once() -> None:
    text = pd.Series(["1906", "late", "late", None, "19th century"], dtype="str")
    years, notes = read_years(text, None, None)
    assert years.tolist()[:1] == [1906]
    assert years.isna().tolist() == [False, True, True, True, True]
    assert notes == ["Rows whose date names no year, or too many: 2 (late, 19th century)."]
