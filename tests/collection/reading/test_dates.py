"""A year belongs to what it qualifies."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collection.reading.dates import LATEST_YEAR, WIDEST, parse_span, parse_year


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1906", 1906),
        ("1906.0", 1906),
        ("1906,0", 1906),
        ("c. 1906", 1906),
        ("[1906?]", 1906),
        ("5 May 1906", 1906),
        ("1906-05-01", 1906),
        ("1906/07/01", 1906),
        ("12/05/1906", 1906),
        ("1906-05", 1906),
        ("1889–95", 1895),
        ("1889-1895", 1895),
        ("1665-8", 1668),
        ("1912/13", 1913),
        ("1906 or 1907", 1907),
        ("between 1888 and 1890", 1890),
        ("begun 1880, completed 1895", 1895),
        ("after 1650", 1650),
        ("1642–", 1642),
        ("1960s", 1969),
        ("17th c., c. 1650", 1650),
        ("Heisei 12 (2000)", 2000),
        ("１９０６", 1906),
        ("٢٠٠٣", 2003),
        ("A.D. 79", 79),
        ("1898–02", 1902),
        ("1898-02", 1898),
        ("1899-00", 1900),
        ("6th month, 1857", 1857),
        ("1889‒90", 1890),
        ("1889 − 1890", 1890),
        ("1920’s", 1929),
        ("1670er Jahre", 1679),
        ("1870-е годы", 1879),
        ("1960s–1970s", 1979),
        ("1960s-70s", 1979),
        ("c. 1960-70s", 1979),
        ("1890s-1900s", 1909),
        ("early 1920s", 1923),
        ("mid-1920s", 1926),
        ("late 1920s", 1929),
        ("early 1920s-late 1930s", 1939),
        ("années 1920", 1929),
        ("anni 1880", 1889),
        ("años 1920", 1929),
        ("jaren 1930", 1939),
        ("années 1920-1930", 1939),
        ("anni 1960-70", 1979),
        ("años 1950 y 1960", 1969),
        ("années 1920-1925", 1925),
        ("1880年代", 1889),
        ("c. 1503-06", 1506),
        ("1887 or 1889", 1889),
        ("1781/82", 1782),
        ("after 1600, before 1625", 1625),
        ("circa 1,500 B.C.", -1500),
        ("Edo period, 1830-35", 1835),
        ("vers 1880", 1880),
        ("c.1780s-90s", 1799),
        ("AH 1034 / AD 1624", 1624),
        ("1034-35 AH/1624-25", 1625),
        ("Samvat 1850 (1793)", 1793),
        ("no. 1234, 1890", 1890),
    ],
)
def test_the_year_of_completion(text: str, year: int) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1906 (printed 1960)", 1906),
        ("1888, published 1890", 1888),
        ("cast 1950, modelled 1880", 1880),
        ("1940 (restored 2003)", 1940),
        ("painted 1503, frame 1907", 1503),
        ("gift 1955; painted 1880", 1880),
        ("Painted 1888; acquired by the museum in 1925", 1888),
        ("1665-8, retouched 1700", 1668),
        ("1906 (repainted 1930)", 1906),
        ("1888, relined 1950", 1888),
        ("1904 [reprinted 1921]", 1904),
        ("after a photograph of 1889, 1895", 1895),
        ("1925 gift", None),
        ("b. 1880, d. 1920", None),
        ("restauriert 1987", None),
        ("1964 (remade 2003)", 1964),
        ("2003 remake of 1964", None),
        ("posthumous cast, 1960", None),
        ("gift, 1955", None),
        ("1958 (date of print)", None),
        ("painted 1880, print", 1880),
    ],
)
def test_what_happened_to_the_work_later_is_not_its_year(text: str, year: int | None) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("300 BCE", -300, -300),
        ("1350 B.C.", -1350, -1350),
        ("-1350", -1350, -1350),
        ("1500 av. J.-C.", -1500, -1500),
        ("ca. 1500–1480 B.C.", -1500, -1480),
        ("44 BC", -44, -44),
        ("3rd century BC", -300, -201),
        ("3rd-2nd century BC", -300, -101),
        ("300s BCE", -399, -300),
        ("BC 300", -300, -300),
        ("7th century BC to 5th century BC", -700, -401),
        ("1350s BC", -1359, -1350),
        ("1390-52 BC", -1390, -1352),
        ("2500–2000 BC", -2500, -2000),
        ("100 BCE-100 CE", -100, 100),
        ("206 BCE–220 CE", -206, 220),
        ("6 BC-AD 4", -6, 4),
        ("1st century BC - 1st century AD", -100, 100),
    ],
)
def test_before_christ_is_negative(text: str, first: int, last: int) -> None:
    span = parse_span(text)
    assert span is not None
    assert (span.first, span.last) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("19th century", 1801, 1900),
        ("18th century", 1701, 1800),
        ("late 1700s", 1700, 1799),
        ("1615–1868", 1615, 1868),
    ],
)
def test_a_wide_range_has_no_year_of_completion(text: str, first: int, last: int) -> None:
    span = parse_span(text)
    assert span is not None
    assert (span.first, span.last, span.year) == (first, last, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n.d.",
        "0",
        "0000",
        "0042",
        "2150",
        "inv. 123456",
        "973",
        "May-06",
        "late",
        "AH 1034",
        "Lot 1885",
        None,
    ],
)
def test_what_is_no_year_is_none(text: str | None) -> None:
    assert parse_span(text) is None


def test_no_year_is_yet_to_come() -> None:
    assert datetime.date.today().year == LATEST_YEAR
    assert parse_year(str(LATEST_YEAR)) == LATEST_YEAR
    assert parse_year(str(LATEST_YEAR + 1)) is None


@given(st.text(max_size=40) | st.from_regex(r"[0-9 ,;()/–-]{0,20}(BC|s|th century)?"))
def test_any_text_is_read(text: str) -> None:
    span = parse_span(text)
    assert span is None or span.first <= span.last <= LATEST_YEAR
    assert span is None or span.year is None or span.last - span.first <= WIDEST
