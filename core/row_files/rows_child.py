"""The process that reads a file of rows: CSV, JSON Lines or Parquet in, plain texts out.

    python -m core.row_files.rows_child MEMORY_BYTES

Started by ``core.row_files.rows``. The input is a line of JSON (``Wanted``) and the file. The
answer is a line of JSON a row: its cells in the order of the columns, cut one character beyond
their limit, and the row's fault. The last line gives the outcome.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from core.export.spreadsheets import unescape_formula
from core.images.resources import limit_resources

BATCH: Final = 1_000  # rows of a Parquet file at once
SEPARATORS: Final = (",", ";", "\t", "|")  # the first of equals is taken
# A spreadsheet's own first line.
DIRECTIVE: Final = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*\r?\n', re.IGNORECASE)
Row = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """``columns`` and ``lists`` (of texts): the most characters of a text in each. ``notes``: what
    is to be said of the file.
    """

    form: str
    columns: dict[str, int]
    lists: dict[str, int] = field(default_factory=dict)
    rows: int = 100_000
    characters: int = 48 << 20  # of the whole answer
    notes: list[str] = field(default_factory=list)


class Unreadable(Exception):
    """Why the file is refused; ``line`` of the file where known."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


# Which columns there are (known when the last row is read), and the rows.
Reader = Callable[[bytes, Wanted], tuple[set[str], Iterator[Row]]]


def main() -> None:
    """Answers once."""
    source = sys.stdin.buffer
    wanted = Wanted(**json.loads(source.readline()))
    read = READERS[wanted.form]()  # imports libraries before the limits apply
    limit_resources(int(sys.argv[1]))
    status: dict[str, Any] = {"reason": "", "line": 0, "columns": [], "notes": []}
    try:
        seen, rows = read(source.read(), wanted)
        answer(rows, wanted)
        status["notes"] = wanted.notes
        status["columns"] = sorted(seen & (wanted.columns.keys() | wanted.lists.keys()))
    except Unreadable as error:
        status |= {"reason": str(error), "line": error.line}
    except MemoryError:
        status["reason"] = "it needs too much memory"
    print_line(status)


def answer(rows: Iterable[Row], wanted: Wanted) -> None:
    """Writes the rows."""
    characters = 0
    for number, row in enumerate(rows, start=1):
        if number > wanted.rows:
            raise Unreadable(f"it has more than {wanted.rows:,} rows")
        characters += print_line(plain_row(row, wanted))
        if characters > wanted.characters:
            raise Unreadable(f"it holds more than {wanted.characters >> 20:,} MB of text")


def plain_row(row: Row, wanted: Wanted) -> list[Any]:
    """The row's cells, then its fault; cells that are not text are null."""
    cells: list[Any] = []
    fault = ""
    for name, length in (wanted.columns | wanted.lists).items():
        cell, said = plain_cell(row.get(name), length, name in wanted.lists)
        cells.append(cell)
        if said and not fault:
            fault = f"its {name} {said}"
    return [*cells, fault]


def plain_cell(cell: Any, length: int, is_list: bool) -> tuple[Any, str]:
    """The cell, cut, or null; and its fault."""
    if cell is None:
        return None, ""
    if isinstance(cell, datetime):
        cell = cell.isoformat()
    texts = cell if is_list and isinstance(cell, list) else [cell]
    if isinstance(cell, list) != is_list or not all(isinstance(each, str) for each in texts):
        return None, "is not text"
    texts = [each[: length + 1] for each in texts]
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:  # a lone surrogate
        return None, "holds an invalid character"
    return (texts if is_list else texts[0]), ""


def print_line(value: Any) -> int:
    line = json.dumps(value)
    sys.stdout.write(f"{line}\n")
    return len(line)


def prepare_csv() -> Reader:
    def read(content: bytes, wanted: Wanted) -> tuple[set[str], Iterator[Row]]:
        text = decode(content, wanted)
        directive = DIRECTIVE.match(text)
        separator = directive[1] if directive else sniff_separator(text, wanted)
        table = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        if directive:
            next(table)
        return read_table(table)

    return read


def decode(content: bytes, wanted: Wanted) -> str:
    """The text, in UTF-8 as it was exported, or in an encoding of an office program."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not content or (text and "\0" not in text[:4]):
        return text
    # Other files do without what these load.
    from core.collection.account import Account
    from core.collection.reading.decoding import decode_table

    account = Account()
    text, notes = decode_table(content, "it", account)
    if notes or account.entries:
        wanted.notes.append("The file is not in UTF-8: check the letters with accents.")
    return text


def sniff_separator(text: str, wanted: Wanted) -> str:
    """The separator by which most wanted columns are in the header."""
    header = text.lstrip("\r\n").partition("\n")[0].rstrip("\r")
    known = wanted.columns.keys()

    def count(separator: str) -> int:
        return len(known & {name.strip().strip('"') for name in header.split(separator)})

    return max(SEPARATORS, key=count)


def read_table(table: Any) -> tuple[set[str], Iterator[Row]]:
    """Rows of a csv reader; the first that is not empty holds the names."""
    try:
        names: list[str] = next((cells for cells in table if any(cells)), [])
        while names and not names[-1]:
            names.pop()
    except csv.Error as error:
        raise Unreadable("it is not a table row", 1) from error
    if len(set(names)) < len(names):
        raise Unreadable("a column occurs twice", 1)

    def rows() -> Iterator[Row]:
        try:
            for cells in table:
                if any(cells[len(names) :]):
                    raise Unreadable("it has more cells than the header", table.line_num)
                if any(cells):
                    texts = (unescape_formula(cell) or None for cell in cells)
                    yield dict(zip(names, texts, strict=False))
        except csv.Error as error:
            raise Unreadable("it is not a table row", table.line_num) from error

    return set(names), rows()


def prepare_lines() -> Reader:
    def read(content: bytes, wanted: Wanted) -> tuple[set[str], Iterator[Row]]:
        seen: set[str] = set()
        return seen, read_lines(decode(content, wanted), seen)

    return read


def read_lines(text: str, seen: set[str]) -> Iterator[Row]:
    filled = (line for line in io.StringIO(text, newline=None) if line.strip())
    for number, line in enumerate(filled, start=1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Unreadable("it is not a line of JSON", number) from error
        if not isinstance(row, dict):
            raise Unreadable("it is not a row of named values", number)
        seen.update(row.keys())
        yield row


def prepare_parquet() -> Reader:
    # For times in nanoseconds, pyarrow imports pandas while it reads: under the limits, too little
    # memory for it would count as a damaged file.
    import pandas  # noqa: F401
    import pyarrow as pa
    import pyarrow.parquet as pq

    def read(content: bytes, wanted: Wanted) -> tuple[set[str], Iterator[Row]]:
        try:
            file = pq.ParquetFile(io.BytesIO(content))
            names = [name for name in file.schema_arrow.names if name in wanted.columns]
            return set(names), read_batches(file, names)
        except pa.ArrowMemoryError as error:
            raise MemoryError from error
        except (pa.ArrowException, ValueError, OSError) as error:
            raise Unreadable("it is damaged, or not a Parquet file") from error

    def read_batches(file: Any, names: list[str]) -> Iterator[Row]:
        try:
            for batch in file.iter_batches(batch_size=BATCH, columns=names, use_threads=False):
                yield from batch.to_pylist()
        except pa.ArrowMemoryError as error:
            raise MemoryError from error
        except (pa.ArrowException, ValueError, OSError, OverflowError) as error:
            raise Unreadable("it is damaged") from error

    return read


READERS: Final[dict[str, Callable[[], Reader]]] = {
    "csv": prepare_csv,
    "jsonl": prepare_lines,
    "parquet": prepare_parquet,
}

if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # an orderly exit aborts now and then, while Arrow's threads are still starting
