"""Rows of a text: its separator, its header, and lines that are not as they should be.

Most lines need no look: they hold no quotation mark and as many separators as the header. Of the
others each is read alone. A quotation mark that would let a field run over lines which look like
rows is a stray one, and read as text; a field that truly runs over lines is left as it is. What
holds more values than there are columns is refused by its line. What remains is handed to pandas.

Some programs put every row as a whole into quotation marks; these are taken off first.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.headers import (
    SEARCHED,
    count_known,
    find_header,
    name_columns,
    refuse_headless,
)
from core.collection.wording import count_of, list_some

_SEPARATORS: Final = (",", ";", "\t", "|")
_DIRECTIVE: Final = re.compile(r'"?sep=(.)"?[,;\t]*', re.IGNORECASE)  # Excel's first line
# A header all of whose names stand in single quotation marks, as databases write them.
_SINGLE_QUOTED: Final = re.compile(r"'[^']*'(?:[,;\t|]'[^']*')+")
SWAPPED: Final = str.maketrans({"'": '"', '"': "'"})
_SAMPLE: Final = 300  # lines by which the separator and the form of rows are told
_MOST_BROKEN: Final = 0.1  # of the lines: beyond, the separator or the header is another
_LONGEST: Final = 2000  # lines of one field


@dataclass(frozen=True)
class Head:
    """A header: its ``separator`` and ``names``, the numbers of its ``line`` and its ``last``, of
    the ``first`` line that may be a row, and of those ``above`` it.
    """

    separator: str
    names: list[str]
    line: int
    last: int
    first: int
    above: tuple[int, ...]


@dataclass
class _Scan:
    """Rows as lines that pandas reads alike, and what was done to those that were not so."""

    starts: list[int] = field(default_factory=list)  # number of each row's first line
    rows: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    refused: dict[str, list[str]] = field(default_factory=dict)

    def add(self, start: int, row: str) -> None:
        self.starts.append(start)
        self.rows.append(row)


def read_delimited(text: str, where: str, account: Account) -> tuple[pd.DataFrame, list[str]]:
    """Cells of ``text`` as they stand, one row a record, and notes for the user.

    The index numbers the line of the file at which each row begins. Lines above the header, and
    lines that are refused or mended, are in ``account``. Raises ``CollectionError`` when there is
    no header, or more than one line in ten cannot be read.
    """
    lines = split_lines(text.rstrip("\x1a"))  # where DOS ended a file
    if (unwrapped := _unwrap(lines)) is not None:
        whole = [f"line {number}" for number, line in enumerate(lines[1:], 2) if line]
        account.add("row", "changed", "it stood in quotation marks as a whole", whole)
        lines = unwrapped
    if is_single_quoted(lines):  # then double ones are text
        table, notes = read_delimited("\n".join(lines).translate(SWAPPED), where, account)
        table.columns = table.columns.str.translate(SWAPPED)
        return table.map(lambda cell: cell.translate(SWAPPED)), notes
    head = find_head(lines, where)
    account.add("row", "left out", "above the header", sorted(f"line {n}" for n in head.above))
    scan = _scan(lines, head.first - 1, head.separator, len(head.names))
    _refuse_broken(scan, where, head.separator, len(head.names))
    return _build_frame(scan, head.separator, head.names), _tell(scan, account)


def split_lines(text: str) -> list[str]:
    """Lines of ``text`` without their ends, whatever program ended them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def is_single_quoted(lines: list[str]) -> bool:
    """Whether single quotation marks enclose the cells of ``lines``."""
    return _SINGLE_QUOTED.fullmatch(lines[0].strip()) is not None


def _unwrap(lines: list[str]) -> list[str] | None:
    """``lines`` without the quotation marks in which each stands as a whole; None for others."""
    if not all(line[:1] == line[-1:] == '"' for line in lines if line):
        return None
    bare = [cells[0] if (cells := _read_strictly(line, ",")) else "" for line in lines]
    is_one = all(len(_read_strictly(line, ",") or ()) == 1 for line in lines if line)
    return bare if is_one and count_known(_split(bare[0], sniff_separator(bare))) > 1 else None


def find_head(lines: list[str], where: str) -> Head:
    """Where the header of ``lines`` is; raises ``CollectionError`` when there is none."""
    start, separator = _read_directive(lines)
    separator = separator or sniff_separator(lines[start:])
    looked_at = list(_read_head(lines, start, separator))
    head = [each for each in looked_at if any(each[2])]
    if not head:
        raise CollectionError(
            f"{where} is not a table", found="no line with text", expected="a header and rows"
        )
    place = find_header([cells for _, _, cells in head])
    line, last, names = head[place]
    refuse_headless(names, where)
    above = (*(n for n, _, _ in head[:place]), *([1] * (start > 0)))
    first = next((n for n, _, _ in looked_at if n > line), len(lines) + 1)
    return Head(separator, names, line, last, first, above)


def sniff_separator(lines: Sequence[str]) -> str:
    """The separator under which a line names most known columns, or else most lines agree."""
    sample = [line for line in lines[:_SAMPLE] if line.strip()]

    def rate(separator: str) -> tuple[int, float]:
        cells = [_split(line, separator) for line in sample]
        known = max((count_known(each) for each in cells[:SEARCHED]), default=0)
        widths = Counter(len(each) for each in cells if len(each) > 1)
        width, often = widths.most_common(1)[0] if widths else (1, 0)
        return (known if known > 1 else 0), often * (width - 1) ** 0.5

    return max(_SEPARATORS, key=rate)


def _read_directive(lines: list[str]) -> tuple[int, str | None]:
    """Lines to skip and the separator that Excel's ``sep=;`` names."""
    found = _DIRECTIVE.fullmatch(lines[0].strip()) if lines else None
    if found is None and lines and lines[0].strip().casefold() == "sep=":
        return 1, "\t"  # the tabulator was stripped
    return (1, found[1]) if found else (0, None)


def _read_head(
    lines: list[str], start: int, separator: str
) -> Iterator[tuple[int, int, list[str]]]:
    """First and last number and the cells of the first records; names may run over lines."""
    at = start
    while at < min(len(lines), start + _SAMPLE):
        end = at
        while '"' in lines[at] and end + 1 < len(lines) and end - at < 20:
            if _read_strictly("\n".join(lines[at : end + 1]), separator) is not None:
                break
            end += 1
        cells = _read_strictly("\n".join(lines[at : end + 1]), separator)
        if cells is None:
            end, cells = at, _split(lines[at], separator)
        yield at + 1, end + 1, [cell.strip() for cell in cells]
        at = end + 1


def _scan(lines: list[str], first: int, separator: str, width: int) -> _Scan:
    scan, form = _Scan(), _Form.learn(lines[first:], separator, width)
    at = first
    while at < len(lines):
        line = lines[at]
        if not line:
            at += 1
        elif '"' in line:
            at = _take_quoted(scan, lines, at, form)
        elif line.count(separator) == width - 1:
            scan.add(at + 1, line)
            at += 1
        else:
            at = _take_uneven(scan, lines, at, form)
    return scan


def _take_uneven(scan: _Scan, lines: list[str], at: int, form: _Form) -> int:
    """Takes a line without quotation marks and of another width; returns the next."""
    cells = lines[at].split(form.separator)
    if len(cells) > form.width:
        return _take_surplus(scan, at, cells, form)
    following = lines[at + 1] if at + 1 < len(lines) else ""
    rest = _split(following, form.separator)
    if following and len(cells) + len(rest) - 1 == form.width and form.breaks(cells, rest):
        scan.joined.append(f"line {at + 1}")
        whole = [*cells[:-1], f"{cells[-1]}\n{rest[0]}", *rest[1:]]
        scan.add(at + 1, form.write(whole))
        return at + 2
    scan.add(at + 1, lines[at] + form.separator * (form.width - len(cells)))
    return at + 1


def _take_surplus(scan: _Scan, at: int, cells: list[str], form: _Form) -> int:
    """Drops empty cells beyond the header's; refuses a line that holds more values."""
    if any(cell.strip() for cell in cells[form.width :]):
        reason = f"more values than the {form.width} columns"
        scan.refused.setdefault(reason, []).append(f"line {at + 1}")
    else:
        scan.add(at + 1, form.write(cells[: form.width]))
    return at + 1


def _take_quoted(scan: _Scan, lines: list[str], at: int, form: _Form) -> int:
    """Takes the record that begins with a line of quotation marks; returns the next line."""
    cells, end = _read_record(lines, at, form)
    if cells is not None and len(cells) == form.width:
        scan.add(at + 1, "\n".join(lines[at : end + 1]))
        return end + 1
    if cells is not None:
        cells = _cut(cells, form.width)
        if len(cells) <= form.width:
            scan.add(at + 1, form.write([*cells, *[""] * (form.width - len(cells))]))
            return end + 1
        return _take_surplus(scan, end, cells, form) if end == at else _refuse(scan, at, end, form)
    literal = _cut(_split(lines[at], form.separator), form.width)
    if len(literal) > form.width:
        return _take_surplus(scan, at, literal, form)
    scan.stray.append(f"line {at + 1}")
    scan.add(at + 1, form.write([*literal, *[""] * (form.width - len(literal))]))
    return at + 1


def _refuse(scan: _Scan, at: int, end: int, form: _Form) -> int:
    reason = f"more values than the {form.width} columns"
    scan.refused.setdefault(reason, []).append(f"line {at + 1}")
    return end + 1


def _read_record(lines: list[str], at: int, form: _Form) -> tuple[list[str] | None, int]:
    """Cells of the record that begins at a line, and its last line.

    None where its quotation marks enclose no field, or one that runs over what look like rows.
    """
    inside = lines[at].count('"') % 2 == 1
    if not inside:
        return _read_strictly(lines[at], form.separator), at
    for end in range(at + 1, min(len(lines), at + _LONGEST)):
        if lines[end].count('"') % 2 == 0:
            if form.is_row(lines[end]) or form.begins_row(lines[end]):
                return None, at
            continue
        whole = _read_strictly("\n".join(lines[at : end + 1]), form.separator)
        is_two = form.is_row(lines[end]) and form.is_row(lines[at])
        if whole is None or is_two or form.begins_row(lines[end]):
            return None, at
        return whole, end
    return None, at


def _read_strictly(record: str, separator: str) -> list[str] | None:
    """Cells of one record whose quotation marks enclose whole fields; None for any other."""
    try:
        read = list(csv.reader([record], delimiter=separator, strict=True))
    except csv.Error:
        return None
    return read[0] if len(read) == 1 else None


def _split(line: str, separator: str) -> list[str]:
    """Cells of one line: a quotation mark counts where it opens or closes a whole field."""
    if '"' not in line:
        return line.split(separator)
    mark = re.escape(separator)
    inner = r'(?:[^"\\]|\\.|"")*' if '\\"' in line else r'(?:[^"]|"")*'
    cells = re.findall(rf'(?:^|{mark})(?:"({inner})"(?={mark}|$)|([^{mark}]*))', line)
    return [
        quoted.replace('""', '"').replace('\\"', '"') if quoted else bare for quoted, bare in cells
    ]


def _cut(cells: list[str], width: int) -> list[str]:
    """``cells`` without empty ones beyond ``width``."""
    return cells[:width] if not any(cell.strip() for cell in cells[width:]) else cells


@dataclass(frozen=True)
class _Form:
    """What rows of a table look like: letters and digits of the columns that are all alike."""

    separator: str
    width: int
    shapes: dict[int, str]

    @classmethod
    def learn(cls, lines: list[str], separator: str, width: int) -> _Form:
        rows = [_split(line, separator) for line in lines[:_SAMPLE]]
        rows = [row for row in rows if len(row) == width]
        shapes: dict[int, str] = {}
        for column in range(width):
            counted = Counter(_shape(row[column]) for row in rows if row[column].strip())
            top, often = counted.most_common(1)[0] if counted else ("", 0)
            if often > 1 and often >= 0.8 * counted.total():
                shapes[column] = top
        return cls(separator, width, shapes)

    def is_row(self, line: str) -> bool:
        """Whether a line alone is a row: of the right width, and its cells of the right shape."""
        cells = _split(line, self.separator)
        if len(cells) != self.width or self.width < 2:
            return False
        if '"' in line and _read_strictly(line, self.separator) is None:
            return False  # a part of a longer field
        if not self.shapes:
            return not any(cell[:1].isspace() for cell in cells)
        alike = [_shape(cells[column]) == shape for column, shape in self.shapes.items()]
        return sum(alike) * 2 >= len(alike)

    def begins_row(self, line: str) -> bool:
        """Whether a line begins with a first cell as only rows have one: a path, a number of signs
        ("1906.12"), and goes on with a separator.
        """
        shape = self.shapes.get(0, "")
        first, separator, _ = line.partition(self.separator)
        return bool(separator) and len(shape) > 2 and _shape(first.strip('"')) == shape

    def breaks(self, cells: list[str], rest: list[str]) -> bool:
        """Whether ``rest`` goes on with the last of ``cells``, rather than begin a row."""
        shape = self.shapes.get(0)
        return shape is not None and _shape(cells[0]) == shape and _shape(rest[0]) != shape

    def write(self, cells: list[str]) -> str:
        """The row as one record that any reader of CSV takes alike."""
        text = io.StringIO()
        csv.writer(text, delimiter=self.separator, lineterminator="\r\n").writerow(cells)
        return text.getvalue()[:-2]


def _shape(cell: str) -> str:
    """``"img/0012.jpg"`` -> ``"a/9.a"``."""
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "a", cell.strip()))


def _refuse_broken(scan: _Scan, where: str, separator: str, width: int) -> None:
    broken = [name for names in scan.refused.values() for name in names]
    if len(broken) <= _MOST_BROKEN * (len(scan.rows) + len(broken)):
        return
    raise CollectionError(
        f"{where} has more values than columns in {count_of(len(broken), 'line')}",
        found=list_some(broken),
        expected=f"{width} values a line, separated by {separator!r}, as in the header",
        remedy="Quote the fields that contain the separator, or name every column in the header.",
    )


def _build_frame(scan: _Scan, separator: str, header: list[str]) -> pd.DataFrame:
    names = name_columns(header, len(header))
    index = pd.Index(scan.starts, name="line", dtype="int64")
    if not scan.rows:
        return pd.DataFrame(columns=names, index=index, dtype="str")
    table = pd.read_csv(
        io.BytesIO("\n".join(scan.rows).encode()),  # a fourth of what text takes
        sep=separator,
        names=names,
        header=None,
        index_col=False,
        dtype="str",
        na_filter=False,
        skip_blank_lines=False,
    )
    return table.set_index(index)


def _tell(scan: _Scan, account: Account) -> list[str]:
    """Adds what was mended and refused to ``account``; notes that say what to do."""
    account.add("row", "changed", "a stray quotation mark was read as text", scan.stray)
    account.add("row", "changed", "a line break inside a field was kept", scan.joined)
    notes = []
    for reason, names in scan.refused.items():
        account.add("row", "refused", reason, names)
        notes.append(
            f"Refused, {reason}: {list_some(names)}. Quote the fields that contain the separator."
        )
    return notes
