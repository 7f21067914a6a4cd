"""When a work was made, out of what catalogues write: by what each year qualifies.

Years of printing, casting, restoring, framing, acquiring or showing are not the work's own. Before
Christ a year is negative (300 BCE is -300).
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

EARLIEST_YEAR: Final = 1000  # of a bare number: a smaller one is seldom a year
LATEST_YEAR: Final = datetime.date.today().year  # no work is made in a year to come
_EARLIEST_BEFORE_CHRIST: Final = 9999
WIDEST: Final = 40  # years: from a wider range no year of completion is taken

_OTHERWISE: Final = re.compile(
    r"\b(?:re)?(?:print(?:ed|ing)?|cast|publish(?:ed)?|restor(?:ed|ation)|conserv\w+|clean(?:ed)?|"
    r"fram(?:e|ed|ing)|acquir(?:ed|is\w+)|purchas\w+|bought|gift(?:ed)?|giv(?:en|e)|donat\w+|"
    r"bequ\w+|presented|access\w+|exhibit\w+|shown|sold|sale|auction\w*|inv(?:entory)?|"
    r"edition|photograph(?:ed)?|copy|copied|remake|remade|replicas?|version|reconstruct\w*|originals?|"
    r"prototypes?|registered|deposit\w*|loan\w*|transfer\w*|mounted|"
    r"gedruckt|gegossen|restauriert|erworben|geschenk|schenkung|vermächtnis|ankauf|imprimé\w*|"
    r"restauré\w*|acquis\w*|don|legs|stampat\w+|restaurat\w+|dono|born|died|active|retouch\w*|rework\w*|revis\w+|repaint\w*|overpaint\w*|"
    r"relin\w+|varnish\w*)\b|\b[bd]\.\s?(?=\d{4})"
    r"|\b(?:nos?|nr|lot|cat|pl|fig)\b\.?\s?(?=\d)",
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
# Years of other eras, which stand beside ours or alone: "AH 1034", "1034 AH", "Samvat 1850".
_NUMBER: Final = r"\d{3,4}(?:\s?[-–]\s?\d{1,4})?"
_OTHER_ERA: Final = re.compile(
    rf"\b(?:a\.?\s?h\.?|hij\w+|heg\w+|(?:vikram )?samvat|v\.s\.|[sś]aka)\s?{_NUMBER}(?!\d)"
    rf"|(?<!\d){_NUMBER}\s?(?:a\.?\s?h\.?|samvat|[sś]aka)(?!\w)"
)
_CLAUSE: Final = re.compile(r"[;()\[\]]|,(?!\d\b)|\s(?:and later|later)\s")
_DAY: Final = re.compile(
    r"\b(?:(\d{4})[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}))\b"
)
_RANGE: Final = re.compile(
    r"(?<!\d)(\d{3,4})(\s*(?:-|/|to|or|bis|–|—|à)\s*)(\d{1,2})(?![\d.]|st|nd|rd|th)"
)
_DECADE: Final = re.compile(r"(?<!\d)(\d{1,3})0(?:'?s|-?er|-?[ех]|年代)(?!\w)")
# "années 1920" and "années 1920-30", as English has them; "années 1921-25" are years.
_DECADE_BEFORE: Final = re.compile(
    r"\b(?:années|anni|años|anos|jaren)(?: (?:de|van))? (\d{2,3}0)"
    r"(?:(\s*[-–/]\s*| (?:et|e|y|en) )((?:\d\d)?\d0)(?!\d)|(?!\d|\s*[-–/]\s*\d))"
)
_PARTS: Final = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}  # of a decade's ten years
_PART: Final = re.compile(r"\b(early|mid|late)[ -](?:the )?$")
# "1960s-70s", whose second decade lacks its century.
_DECADES: Final = re.compile(r"(?<!\d)(\d{1,2})(\d)0(?:'?s)?(\s*(?:-|–|/|to)\s*)(\d)0'?s\b")
_HUNDREDS: Final = re.compile(r"(?<!\d)(\d{1,2})00'?s\b")
# Kinds of a later making that qualify the year before them: "1960 (cast)".
_LATER: Final = re.compile(r"(?:\w+ ){0,2}(?:print(?:ed|ing)?|cast|published|edition|copy|replica)")
_CENTURY: Final = re.compile(
    r"(?:(?<!\d)(\d{1,2})(?:st|nd|rd|th|e|\.)?\s*(?:-|–|/|to|or|bis)\s*(?:early |mid-?|late )?)?"
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|e|ème|\.)?\s*(?:century|centuries|cent\.?|c\b\.?|jahrhundert|jh\.?"
    r"|siècle|secolo|siglo|eeuw)"
)
_ALIKE: Final = str.maketrans(
    {"’": "'", "‘": "'", "‒": "–", "―": "–", "−": "-", "‐": "-", "‑": "-"}
)
_YEAR: Final = re.compile(r"(?<!\d)\d{3,4}(?!\d|st|nd|rd|th)")
_SMALL_YEAR: Final = re.compile(r"(?<!\d)\d{1,4}(?!\d|st|nd|rd|th)")


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
    own = _own_clauses(clauses)
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
    plain = plain.translate(_ALIKE)
    plain = re.sub(r"(?<![\d,])(\d{1,3}),(\d{3})(?![\d,])", r"\1\2", plain)  # 10,000
    plain = _DECADE_BEFORE.sub(
        lambda found: f"{found[1]}s" + (f"{found[2]}{found[3]}s" if found[3] else ""), plain
    )
    plain = _DECADES.sub(r"\1\g<2>0s\3\g<1>\g<4>0s", _OTHER_ERA.sub(" ", plain))
    return re.sub(r"(?<=\d)[.,]0+(?!\d)", "", plain)


def _own_clauses(clauses: list[str]) -> list[str]:
    """Clauses on the work itself, not on what happened to it later.

    A clause without a year speaks of its neighbour's: "gift, 1955", "1960 (cast)".
    """
    own = []
    for place, clause in enumerate(clauses):
        before = clauses[place - 1] if place else ""
        after = clauses[place + 1] if place + 1 < len(clauses) else ""
        is_announced = _OTHERWISE.search(before) and not re.search(r"\d", before)
        is_qualified = _LATER.fullmatch(after.strip()) and not _MADE.search(clause)
        if not (_OTHERWISE.search(clause) or is_announced or is_qualified):
            own.append(clause)
    return own


def _read_clause(clause: str) -> list[Span]:
    """The span that a clause names, in a list; none where it names none."""
    era = _BEFORE_CHRIST.search(clause)
    before, after = (clause[: era.end()], clause[era.end() :]) if era else (clause, "")
    if re.search(r"\d", before) and re.search(r"\d", after):  # "100 BC - AD 100"
        sign = -1 if _BEFORE_CHRIST.search(after) else 1
        ends = [_read_era(before, -1), _read_era(after, sign, True)]
        spans = [span for end in ends for span in end]
        return [Span(spans[0].first, spans[-1].last)] if len(spans) == 2 else spans
    sign = -1 if era or re.match(r"\s*-\d", clause) else 1
    return _read_era(clause, sign, bool(_ANNO.search(clause)))


def _read_era(clause: str, sign: int, is_certain: bool = False) -> list[Span]:
    """``is_certain``: a number of few digits is a year, too, as it is before Christ."""
    is_certain = is_certain or sign < 0
    if day := _DAY.search(clause):
        year = sign * int(day[1] or day[2])
        return [Span(year, year)] if _is_year(year, is_certain) else []
    if century := _CENTURY.search(clause):
        return _read_centuries(century, sign)
    if decades := list(_DECADE.finditer(clause)):
        hundred = _HUNDREDS.search(clause) if len(decades) == 1 else None
        part = _PART.search(clause[: decades[0].start()]) if len(decades) == 1 else None
        if part and not hundred and sign > 0:
            return _read_part(int(decades[0][1]) * 10, part[1])
        return _read_round(hundred or decades[0], decades[-1], 100 if hundred else 10, sign)
    written = _RANGE.sub(lambda found: _complete(found, sign), clause)
    numbers = (_SMALL_YEAR if is_certain else _YEAR).findall(written)
    named = [year for number in numbers if _is_year(year := sign * int(number), is_certain)]
    return [Span(min(named), max(named))] if named else []


def _read_round(first: re.Match[str], last: re.Match[str], years: int, sign: int) -> list[Span]:
    """The decades or the century of years that begin as ``first`` and ``last`` say."""
    begin = sign * int(first[1]) * years
    end = sign * int((first if years == 100 else last)[1]) * years + sign * (years - 1)
    if not _is_year(begin, sign < 0):
        return []
    return [Span(min(begin, end), min(max(begin, end), LATEST_YEAR))]


def _read_part(begin: int, part: str) -> list[Span]:
    """The years that are early, in the middle or late in the decade from ``begin`` on."""
    first, last = (begin + years for years in _PARTS[part])
    return [Span(first, min(last, LATEST_YEAR))] if _is_year(first, False) else []


def _complete(found: re.Match[str], sign: int) -> str:
    """A range whose last year is cut short, in full: ``1889-95`` as ``1889-1895``.

    ``1898–02`` ends in 1902; ``1898-02`` is a month.
    """
    first, last = found[1], int(found[3])
    step = 10 ** len(found[3])
    end = int(first) - int(first) % step + last
    is_month = "-" in found[2] and len(found[3]) == 2 and 0 < last <= 12
    if sign < 0:
        return f"{first}{found[2]}{end}" if end < int(first) else found[0]
    if end <= int(first) and not is_month and len(first) == 4:
        end += step
    if end <= int(first) or (is_month and end - int(first) > 12):
        return first
    return f"{first}{found[2]}{end}"


def _read_centuries(found: re.Match[str], sign: int) -> list[Span]:
    spans = [_read_century(int(number), sign) for number in found.groups() if number]
    whole = Span(min(span.first for span in spans), max(span.last for span in spans))
    return [whole] if whole.first <= LATEST_YEAR else []


def _read_century(number: int, sign: int) -> Span:
    if sign < 0:
        return Span(-100 * number, -100 * number + 99)
    return Span(100 * number - 99, min(100 * number, LATEST_YEAR))


def _is_year(year: int, is_certain: bool) -> bool:
    if year < 0:
        return year >= -_EARLIEST_BEFORE_CHRIST
    return (year > 0 if is_certain else year >= EARLIEST_YEAR) and year <= LATEST_YEAR
