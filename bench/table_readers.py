"""What readers of tables make of files that are not as they should be.

    python -m bench.table_readers [--tables 25] [--rows 500000]

Tables of 60 paintings, harmed in one way each, and the same text in old encodings. Ours, pandas'
two engines, Python's csv and, where they are installed, clevercsv, DuckDB, charset-normalizer and
chardet (``pip install clevercsv duckdb chardet``). A table is *right* when every row that was not
harmed is read as it was written, *said* when the reader refuses it, *silent* when it gives other
rows without a word. ``--rows`` times a table of that many rows and 54 columns instead.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import io
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from core.collection.account import Account
from core.collection.reading.tables import load_table

HEADER = ["file", "title", "artist", "year", "style"]
TITLES = ["Dawn", "Still life, with fruit", 'The "Owl"', "Étude n° 3", "Vase"]
NAMES = ["Dürer", "Gérôme", "Böcklin", "Muñoz", "Hopper", "Bäckström"]
Rows = list[list[str]]
Reader = Callable[[Path], Rows]
OLD = (
    *("cp1252", "mac_roman", "cp1250", "iso8859_2", "cp1251", "cp866"),
    *("cp932", "euc_jp", "cp949", "gb18030", "big5"),
)
WORDS = {
    "cp1250": ["Władysław Ślewiński", "Józef Chełmoński", "Mikoláš Aleš"],
    "cp1251": ["Иван Айвазовский", "Казимир Малевич"],
    "iso8859_2": ["Władysław Ślewiński", "Józef Chełmoński", "Mikoláš Aleš"],
    "cp866": ["Иван Айвазовский", "Казимир Малевич"],
    "cp932": ["葛飾北斎", "歌川広重"],
    "euc_jp": ["葛飾北斎", "歌川広重"],
    "cp949": ["김홍도", "신윤복", "장승업"],
    "gb18030": ["齐白石", "张大千", "徐悲鸿"],
    "big5": ["齊白石", "張大千", "徐悲鴻"],
}


def make_rows(draw: random.Random, names: list[str] = NAMES, number: int = 60) -> Rows:
    return [
        [f"img/{n:04}.jpg", draw.choice(TITLES), draw.choice(names), str(1800 + n), "Cubism"]
        for n in range(number)
    ]


def write(rows: Rows, separator: str = ",") -> list[str]:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows([HEADER, *rows])
    return text.getvalue().splitlines()


def stray_mark(lines: list[str], draw: random.Random) -> tuple[list[str], set[int]]:
    chosen = set(draw.sample(range(1, len(lines)), 2))
    for n in chosen:
        lines[n] = lines[n].replace(",", ',"', 1)
    return lines, chosen


def bare_separators(lines: list[str], draw: random.Random) -> tuple[list[str], set[int]]:
    n = draw.randrange(1, len(lines))
    lines[n] = lines[n].replace(",", ",A boat, a man, and ", 1)
    return lines, {n}


HARMS: dict[str, Callable[[list[str], random.Random], tuple[list[str], set[int]]]] = {
    "as written": lambda lines, draw: (lines, set()),
    "two stray marks": stray_mark,
    "bare separators in a field": bare_separators,
    "empty values behind every row": lambda lines, draw: (
        [lines[0], *(f"{line},," for line in lines[1:])],
        set(),
    ),
    "sep= above the header": lambda lines, draw: (["sep=,", *lines], set()),
    "two titles above, a count below": lambda lines, draw: (
        ["Report", "Depot 2, printed in May", "", *lines, "60 objects"],
        set(),
    ),
}


def read_ours(file: Path) -> Rows:
    return load_table(file, Account())[0].to_numpy().tolist()


def read_pandas(file: Path) -> Rows:
    return pd.read_csv(file, dtype="str", keep_default_na=False).to_numpy().tolist()


def read_pandas_python(file: Path) -> Rows:
    table = pd.read_csv(file, sep=None, engine="python", dtype="str", keep_default_na=False)
    return table.to_numpy().tolist()


def read_csv(file: Path) -> Rows:
    text = file.read_text("utf-8")
    return list(csv.reader(io.StringIO(text, newline=""), csv.Sniffer().sniff(text[:4096])))[1:]


def read_clevercsv(file: Path) -> Rows:
    import clevercsv

    return clevercsv.read_table(str(file), encoding="utf-8")[1:]


def read_duckdb(file: Path) -> Rows:
    import duckdb

    found = duckdb.execute(f"select * from read_csv('{file}', all_varchar=true)").fetchall()
    return [["" if cell is None else cell for cell in row] for row in found]


def readers() -> dict[str, Reader]:
    found: dict[str, Reader] = {
        "ours": read_ours,
        "pandas, C": read_pandas,
        "pandas, Python": read_pandas_python,
        "csv": read_csv,
    }
    for name, reader in (("clevercsv", read_clevercsv), ("duckdb", read_duckdb)):
        if importlib.util.find_spec(name):
            found[name] = reader
    return found


def judge(read: Reader, file: Path, rows: Rows) -> str:
    """``rows`` are those that were not harmed."""
    try:
        found = {tuple(row[: len(HEADER)]) for row in read(file)}
    except Exception:  # noqa: BLE001  a refusal of any kind
        return "said"
    return "right" if {tuple(row) for row in rows} <= found else "silent"


def compare_readers(folder: Path, tables: int) -> list[str]:
    told = [f"| | {' | '.join(readers())} |", "|---" * (len(readers()) + 1) + "|"]
    for harm, apply in HARMS.items():
        counts: dict[str, Counter[str]] = {name: Counter() for name in readers()}
        for seed in range(tables):
            draw = random.Random(seed)
            rows = make_rows(draw)
            lines, harmed = apply(write(rows), draw)
            file = folder / "m.csv"
            file.write_text("\n".join(lines) + "\n", "utf-8")
            sound = [row for n, row in enumerate(rows, 1) if n not in harmed]
            for name, read in readers().items():
                counts[name][judge(read, file, sound)] += 1
        cells = (", ".join(f"{n} {what}" for what, n in each.items()) for each in counts.values())
        told.append(f"| {harm} | {' | '.join(cells)} |")
    return told


def detectors() -> dict[str, Callable[[bytes], str | None]]:
    found: dict[str, Callable[[bytes], str | None]] = {}
    if importlib.util.find_spec("charset_normalizer"):
        from charset_normalizer import from_bytes

        def normalise(data: bytes) -> str | None:
            best = from_bytes(data).best()
            return best.encoding if best else None

        found["charset-normalizer"] = normalise
    if importlib.util.find_spec("chardet"):
        import chardet

        found["chardet"] = lambda data: chardet.detect(data)["encoding"]
    return found


def compare_encodings(folder: Path, tables: int) -> list[str]:
    told = [f"| | ours | {' | '.join(detectors())} |", "|---" * (len(detectors()) + 2) + "|"]
    for encoding in OLD:
        right = Counter[str]()
        for seed in range(tables):
            draw = random.Random(seed)
            rows = make_rows(draw, [*WORDS.get(encoding, NAMES), "Hopper", "Ash"])
            text = "\n".join(write(rows)).encode(encoding, "ignore").decode(encoding)
            rows = list(csv.reader(io.StringIO(text)))[1:]
            data = text.encode(encoding)
            (folder / "m.csv").write_bytes(data)
            right["ours"] += read_ours(folder / "m.csv") == rows
            for name, detect in detectors().items():
                try:
                    right[name] += data.decode(detect(data) or "utf-8") == text
                except (UnicodeDecodeError, LookupError):
                    continue
        cells = [f"{right[name]} of {tables}" for name in ("ours", *detectors())]
        told.append(f"| {encoding} | {' | '.join(cells)} |")
    return told


def time_rows(folder: Path, number: int) -> list[str]:
    """A table as the Metropolitan Museum's: 54 columns, most of them text, many empty."""
    draw, file = random.Random(0), folder / "large.csv"
    texts = [f"{word} {n}" for n in range(500) for word in ("Oil on canvas, signed", "Paris")]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([*HEADER, *(f"Column {n}" for n in range(49))])
        for row in make_rows(draw, number=number):
            writer.writerow([*row, *(draw.choice(texts) if n % 3 else "" for n in range(49))])
    size = file.stat().st_size / 1e6
    start = time.process_time()
    table, _ = load_table(file)
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        f"{len(table):,} rows, {size:,.0f} MB: {spent:.1f} s of processor, peak {peak:,.0f} MB."
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tables", type=int, default=25)
    parser.add_argument("--rows", type=int, default=0)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if wishes.rows:
            print(*time_rows(folder, wishes.rows), sep="\n")
            return
        print(*compare_readers(folder, wishes.tables), "", sep="\n")
        print(*compare_encodings(folder, wishes.tables), sep="\n")


if __name__ == "__main__":
    main()
