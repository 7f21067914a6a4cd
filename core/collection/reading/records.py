"""Records of a text table as they stand: a cell is replaced, and all else stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.decoding import decode_table, find_encoding
from core.collection.reading.delimited import (
    SWAPPED,
    Head,
    find_head,
    is_single_quoted,
    split_lines,
)
from core.collection.reading.headers import name_columns
from core.collection.reading.roles import base_name

_BREAK: Final = re.compile("(\r\n|\r|\n)")
_LONGEST: Final = 2000  # lines of one record


@dataclass(frozen=True)
class Records:
    """The lines of a table, the break that follows each (the last has none), and its header.

    ``codec`` and ``mark``: how the text was encoded, and what preceded it. ``is_swapped``: single
    quotation marks enclose its cells, and are double ones here.
    """

    where: str
    codec: str
    mark: bytes
    lines: list[str]
    breaks: list[str]
    head: Head
    is_swapped: bool = False

    @classmethod
    def read(cls, data: bytes, where: str, encoding: str | None = None) -> Self:
        """The records of ``data``, read as ``load_table`` reads it.

        Raises ``CollectionError`` where it is no table, or its bytes would not come back alike.
        """
        codec, mark = find_encoding(data, encoding)
        text = _decode(data[len(mark) :], codec, where)
        lines = split_lines(decode_table(data, where, Account(), encoding)[0])
        is_swapped = is_single_quoted(lines)
        if is_swapped:
            text, lines = text.translate(SWAPPED), [line.translate(SWAPPED) for line in lines]
        parts = _BREAK.split(text)
        head = find_head(lines, where)
        return cls(where, codec, mark, parts[0::2], [*parts[1::2], ""], head, is_swapped)

    @property
    def line_end(self) -> str:
        """The break between the header and what follows it."""
        return self.breaks[self.head.last - 1] or "\r\n"

    @property
    def quotes_all(self) -> bool:
        """Whether every name of the header is quoted, as every cell is then."""
        header = "\n".join(self.lines[self.head.line - 1 : self.head.last])
        spans = find_cells(header, self.head.separator) or []
        return bool(spans) and all(header[start:end][:1] == '"' for start, end in spans)

    def header(self) -> str:
        """All that precedes the rows, as it stands: a directive, lines above, the names."""
        last = self.head.last
        pieces = zip(self.lines[:last], self.breaks[:last], strict=True)
        text = "".join(line + end for line, end in pieces)
        return self._swap(text if self.breaks[last - 1] else text + self.line_end)

    def row(self, number: int, cells: Mapping[str, tuple[str, str]]) -> str:
        """The record at line ``number`` (from 1) and its break, with ``cells`` replaced.

        ``cells`` maps a column to what it holds and what it shall hold. Raises ``CollectionError``
        for a record that was read otherwise than it stands, such as one with a stray quotation
        mark: that is to be corrected by hand.
        """
        header = self.head.names
        names = [self._swap(name) for name in name_columns(header, len(header))]
        record, end = self._record(number, len(names))
        spans = find_cells(record, self.head.separator)
        places = {column: _place(names, column) for column in cells}
        # From the last to the first, so that places stay what they were.
        for column, (old, new) in sorted(cells.items(), key=lambda each: -places[each[0]]):
            place = places[column]
            span = spans[place] if spans is not None and 0 <= place < len(spans) else None
            if span is None or _unquote(record[slice(*span)]) != self._swap(old):
                raise CollectionError(
                    f"Line {number} of {self.where} cannot be corrected as it stands",
                    found=f"'{column}' is not '{old}' between separators",
                    remedy="Correct that record by hand.",
                )
            is_quoted = record[span[0] : span[0] + 1] == '"'
            cell = write_cell(self._swap(new), self.head.separator, quotes=is_quoted)
            record = record[: span[0]] + cell + record[span[1] :]
        return self._swap(record) + (end or self.line_end)

    def encode(self, text: str) -> bytes:
        """``text`` in the table's encoding, without the mark.

        Raises ``CollectionError`` for a character that the encoding does not have.
        """
        try:
            return text.encode(self.codec, _handler(self.codec))
        except UnicodeEncodeError as error:
            raise cannot_encode(error, self.codec) from error

    def _record(self, number: int, width: int) -> tuple[str, str]:
        """The text of the record that begins at line ``number``, and the break behind it."""
        record = ""
        for at in range(number - 1, min(len(self.lines), number - 1 + _LONGEST)):
            record += self.lines[at]
            spans = find_cells(record, self.head.separator)
            if spans is not None and len(spans) >= min(width, 2):
                return record, self.breaks[at]
            record += self.breaks[at]
        return self.lines[number - 1], self.breaks[number - 1]

    def _swap(self, text: str) -> str:
        return text.translate(SWAPPED) if self.is_swapped else text


def write_cell(cell: str, separator: str, *, quotes: bool) -> str:
    """``cell`` as it stands in a record; quoted where ``quotes``, or where it must be."""
    if quotes or cell != cell.strip() or any(mark in cell for mark in (separator, '"', "\n", "\r")):
        return '"{}"'.format(cell.replace('"', '""'))
    return cell


def find_cells(record: str, separator: str) -> list[tuple[int, int]] | None:
    """Where each cell of ``record`` begins and ends, quotation marks included.

    None where a quotation mark opens a cell that none closes before a separator or the end.
    """
    spans: list[tuple[int, int]] = []
    at = 0
    quoted = re.compile('"(?:[^"]|"")*"')
    while True:
        found = quoted.match(record, at) if record[at : at + 1] == '"' else None
        if record[at : at + 1] == '"' and found is None:
            return None
        end = found.end() if found is not None else record.find(separator, at)
        end = len(record) if end < 0 else end
        if end < len(record) and record[end] != separator:
            return None
        spans.append((at, end))
        if end >= len(record):
            return spans
        at = end + 1


def cannot_encode(error: UnicodeEncodeError, codec: str) -> CollectionError:
    """The error of a label that a table's encoding cannot hold."""
    letter = error.object[error.start]
    return CollectionError(
        f"'{letter}' (U+{ord(letter):04X}) cannot be written in {codec}",
        expected="the characters of the table's own encoding",
        remedy="Take the corrections as XLSX, or save the table as UTF-8 in the catalogue.",
    )


def _place(names: list[str], column: str) -> int:
    """Place of ``column`` among ``names``; -1 where it is not there."""
    if column in names:
        return names.index(column)
    alike = (place for place, name in enumerate(names) if base_name(name) == column)
    return next(alike, -1)


def _unquote(cell: str) -> str:
    """What a reader reads of ``cell``: line breaks are read as one character."""
    inner = cell[1:-1].replace('""', '"') if cell[:1] == '"' else cell
    return inner.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _decode(data: bytes, codec: str, where: str) -> str:
    handler = _handler(codec)
    try:
        text = data.decode(codec, handler)
        is_lossless = text.encode(codec, handler) == data
    except UnicodeError:
        is_lossless = False
    if not is_lossless:
        raise CollectionError(
            f"{where} would not come back byte for byte",
            found=f"bytes that {codec} cannot write as it read them",
            remedy="Take the corrections as key, field, old and new, or save the table as UTF-8.",
        )
    return text


def _handler(codec: str) -> str:
    return "surrogatepass" if codec.startswith(("utf-16", "utf-32")) else "surrogateescape"
