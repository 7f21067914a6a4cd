"""When a work was made, out of what catalogues write: by what each year qualifies.

Years of printing, casting, restoring, framing, acquiring or showing are not the work's own. Before
Christ a year is negative (300 BCE is -300).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

EARLIEST_YEAR: Final = 1000  # of a bare number: a smaller one is seldom a year
LATEST_YEAR: Final = 2029
WIDEST: Final = 40  # years: from a wider range no year of completion is taken

_OTHERWISE: Final = re.compile(
    r"\b(?:re)?(?:print(?:ed|ing)?|cast|publish(?:ed)?|restor(?:ed|ation)|conserv\w+|clean(?:ed)?|"
    r"fram(?:e|ed|ing)|acquir(?:ed|is\w+)|purchas\w+|bought|gift(?:ed)?|giv(?:en|e)|donat\w+|"
    r"bequ\w+|present(?:ed)?|access\w+|exhibit\w+|shown|sold|sale|auction\w*|inv(?:entory)?|"
    r"edition|photograph(?:ed)?|copy|copied|registered|deposit\w*|loan\w*|transfer\w*|mounted|"
    r"gedruckt|gegossen|restauriert|erworben|geschenk|schenkung|vermächtnis|ankauf|imprimé\w*|"
    r"restauré\w*|acquis\w*|don|legs|stampat\w+|restaurat\w+|dono|born|died|active|retouch\w*|rework\w*|revis\w+)\b|\b[bd]\.\s?(?=\d{4})",
)
_MADE: Final = re.compile(
    r"\b(?:paint(?:ed)?|made|execut(?:ed)?|complet(?:ed)?|finish(?:ed)?|creat(?:ed|ion)|drawn|"
    r"dated?|signed|conceiv(?:ed)?|begun|started|design(?:ed)?|carved|gemalt|entstanden|datiert|"
    r"peinte?|exécuté\w*|daté\w*|dipint\w+|eseguit\w+|datat\w+|pintad\w+)\b"
)
_BEFORE_CHRIST: Final = re.compile(
    r"\b(?:b\.?\s?c\.?(?:\s?e\.?)?|av\.?\s?j\.?-?\s?c\.?|v\.\s?chr\.?|vor christus|a\.\s?c\.|"
    r"до н\.?\s?э\.?)(?!\w)"
)
_ANNO: Final = re.compile(r"\b(?:a\.?d\.?|c\.?e\.?|ap\.?\s?j\.?-?c\.?|n\.\s?chr\.?)(?!\w)")
_CLAUSE: Final = re.compile(r"[;()\[\]]|,(?!\d\b)|\s(?:and later|later)\s")
_DAY: Final = re.compile(
    r"\b(?:(\d{4})[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}))\b"
)
_RANGE: Final = re.compile(r"(?<!\d)(\d{3,4})\s*(?:-|/|to|or|bis|–|—|à)\s*(\d{1,4})(?!\d)")
_DECADE: Final = re.compile(r"(?<!\d)(\d{3})0'?s\b")
_HUNDREDS: Final = re.compile(r"(?<!\d)(\d{2})00'?s\b")
_CENTURY: Final = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|e|ème|\.)?\s*(?:century|centuries|cent\.?|c\.|jahrhundert|jh\.?"
    r"|siècle|secolo|siglo|eeuw)"
)
_YEAR: Final = re.compile(r"(?<!\d)\d{3,4}(?!\d)")
_SMALL_YEAR: Final = re.compile(r"(?<!\d)\d{1,4}(?!\d)")


@dataclass(frozen=True)
class Span:
    """The years in which a work was made, ``first`` to ``last``, before Christ negative."""

    first: int
    last: int

    @property
    def year(self) -> int | None:
        """The year of completion; None where the years are too many to name one."""
        return self.last if self.last - self.first <= WIDEST else None


def parse_span(text: object) -> Span | None:
    """The years of making that ``text`` names; None where it names none.

    >>> parse_span("1906 (printed 1960)"), parse_span("300 BCE"), parse_span("1665-8")
    (Span(first=1906, last=1906), Span(first=-300, last=-300), Span(first=1665, last=1668))
    """
    clauses = [clause for clause in _CLAUSE.split(_tidy(text)) if clause and clause.strip()]
    own = [clause for clause in clauses if not _OTHERWISE.search(clause)]
    made = [clause for clause in clauses if _MADE.search(clause) and clause in own]
    for chosen in (made, own):
        spans = [span for clause in chosen for span in _read_clause(clause)]
        narrow = [span for span in spans if span.year is not None]
        if narrow:
            return Span(min(s.first for s in narrow), max(s.last for s in narrow))
        if spans:
            return spans[0]
    return None


def parse_year(text: object) -> int | None:
    """Year of completion out of a museum's text: the last one of a range, of the work itself.

    >>> parse_year("c. 1906"), parse_year("1889–95"), parse_year("1906-05-01"), parse_year("late")
    (1906, 1895, 1906, None)
    """
    span = parse_span(text)
    return span.year if span else None


def _tidy(text: object) -> str:
    """Lower case, with the digits of any script as ours."""
    plain = unicodedata.normalize("NFKC", str(text)).casefold()
    plain = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in plain)
    return re.sub(r"(?<=\d)[.,]0+(?!\d)", "", plain)


def _read_clause(clause: str) -> list[Span]:
    sign = -1 if _BEFORE_CHRIST.search(clause) or re.match(r"\s*-\d", clause) else 1
    is_certain = sign < 0 or bool(_ANNO.search(clause))  # a small number is a year, too
    if day := _DAY.search(clause):
        year = int(day[1] or day[2])
        return [Span(year, year)] if _is_year(year, is_certain) else []
    for pattern, read in ((_HUNDREDS, 100), (_DECADE, 10)):
        if found := pattern.search(clause):
            first = int(found[1]) * read
            return [Span(first, first + read - 1)] if _is_year(first, is_certain) else []
    if century := _CENTURY.search(clause):
        span = _read_century(int(century[1]), sign)
        return [span] if span.first <= LATEST_YEAR else []
    numbers = (_SMALL_YEAR if is_certain else _YEAR).findall(clause)
    years = [*map(int, numbers), *_complete_ranges(clause)]
    years = [year for year in years if _is_year(year, is_certain)]
    if not years:
        return []
    ends = sorted((sign * min(years), sign * max(years)))
    return [Span(ends[0], ends[1])]


def _complete_ranges(clause: str) -> list[int]:
    """The last years of ranges that are cut short: 1895 of ``1889-95``."""
    ends = [
        (int(first), int(first[: -len(last)] + last))
        for first, last in _RANGE.findall(clause)
        if len(last) < len(first)
    ]
    return [last for first, last in ends if last > first]


def _read_century(number: int, sign: int) -> Span:
    if sign < 0:
        return Span(-100 * number, -100 * number + 99)
    return Span(100 * number - 99, min(100 * number, LATEST_YEAR))


def _is_year(year: int, is_certain: bool) -> bool:
    return (year > 0 if is_certain else year >= EARLIEST_YEAR) and year <= LATEST_YEAR
