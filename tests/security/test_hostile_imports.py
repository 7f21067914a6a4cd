"""500 hostile files: each ends as a plan of legal rows or as one sentence, in bounded memory."""

from __future__ import annotations

import gc
import io
import json
import random
import time as clock
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.reviews import Entry, ReviewLog, SetRefused, VerdictRefused, open_log
from core.reviews.entry import UNDONE
from core.reviews.exchange import apply_import, export, plan_import, read_export
from core.reviews.legality import LENGTHS
from core.reviews.origins import describe_origin
from core.reviews.set_files import export_sets, is_set_file, read_sets
from core.row_files.rows import Limits
from tests.reviews.conftest import say

CASES = 500
BATCH = 50
LIMITS = Limits(seconds=20.0)
SENTENCE = 600  # characters
SLOWEST = 30.0  # seconds a file, on a busy machine
SWELLS = 300 << 20  # bytes that this process may grow by
JARGON = ("Traceback", "pandas", "pyarrow", "Arrow", "Error(", "object at 0x", "tokeniz", "codec")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

TIMES = [
    *("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00+23:59", "0000"),
    *(
        "1999-12-31T23:59:59Z",
        "2262-04-11T23:47:16.854775807Z",
        "-9223372036854775808",
        "NaT",
        "now",
    ),
    *("2026-02-30", "2026-01-01T25:00", "26-01-01", "２０２６-01-01", "2026-01-01T12:00:00+99:99"),
]
TEXTS = [
    *(
        "",
        " ",
        "\0",
        "a\0b",
        "\ud800",
        "\udfff",
        "\u202eevil",
        "\x1b[2J",
        "x" * 5_000,
        "x" * 300_000,
    ),
    *(
        "=1+1",
        ";=1+1",
        "'",
        '"',
        "\r\n",
        "\n" * 999,
        "𝒳" * 400,
        "nan",
        "null",
        "None",
        "true",
        "1e999",
    ),
    *(
        "<script>alert(1)</script>",
        "'; DROP TABLE verdicts; --",
        "%s%n",
        "../../etc/passwd",
        "\ufeff",
    ),
]
VALUES: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        2**63,
        10**400,
        1.5,
        float("nan"),
        float("inf"),
        [],
        {},
        [[]],
        ["a"],
    ),
    *({"a": {"b": 1}}, [None] * 1000, {"key": "x"}),
]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Holds rows that a file may try to follow."""
    with closing(open_log(tmp_path_factory.mktemp("log") / "reviews.sqlite")) as opened:
        rows = [say(f"{n}.jpg", id=f"here{n}", time=NOON, reviewer="Ada") for n in range(5)]
        opened.add_as_they_are(rows, describe_origin("Cy", "x", b""))
        yield opened


def rows_of(rng: random.Random) -> list[dict[str, Any]]:
    """Honest rows of an export."""
    entries = [
        say(f"{n}.jpg", rng.choice(["right", "wrong", "unsure"]), rng.choice(["Ada", "Bo"]))
        for n in range(rng.randint(1, 12))
    ]
    return [asdict(e) | {"time": (NOON + timedelta(hours=1)).isoformat()} for e in entries]


def spoil_texts(rng: random.Random, rows: list[dict[str, Any]]) -> None:
    for _ in range(rng.randint(1, 8)):
        rng.choice(rows)[rng.choice(list(LENGTHS))] = rng.choice(TEXTS)


def spoil_types(rng: random.Random, rows: list[dict[str, Any]]) -> None:
    for _ in range(rng.randint(1, 8)):
        rng.choice(rows)[rng.choice([*LENGTHS, "time"])] = rng.choice(VALUES)


def spoil_times(rng: random.Random, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        row["time"] = rng.choice(TIMES)


def spoil_links(rng: random.Random, rows: list[dict[str, Any]]) -> None:
    ids = [str(row.get("id")) for row in rows] + [f"here{n}" for n in range(5)] + ["nobody", ""]
    for row in rows:
        row["supersedes"] = rng.choice(ids)
        row["verdict"] = rng.choice([row.get("verdict"), UNDONE])
        row["id"] = rng.choice([row.get("id"), rng.choice(ids)])


def spoil_columns(rng: random.Random, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if rng.random() < 0.5:
            row.pop(rng.choice(list(row)))
        row["x" * rng.randint(1, 50)] = rng.choice(TEXTS)


SPOILS = [spoil_texts, spoil_types, spoil_times, spoil_links, spoil_columns]


def write_csv(rows: list[dict[str, Any]]) -> bytes:
    text = pd.DataFrame(rows, dtype="object").to_csv(index=False)
    return text.encode("utf-8", "surrogatepass")


def write_lines(rows: list[dict[str, Any]]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def write_parquet(rows: list[dict[str, Any]]) -> bytes:
    names = dict.fromkeys(name for row in rows for name in row)
    columns: dict[str, Any] = {}
    for name in names:
        cells = [row.get(name) for row in rows]
        try:
            columns[name] = pa.array(cells)
            if pa.types.is_struct(columns[name].type):  # one without fields cannot be written
                raise TypeError
        except (pa.ArrowException, ValueError, TypeError, OverflowError):
            columns[name] = pa.array([repr(cell) for cell in cells])
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


WRITERS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "csv": write_csv,
    "jsonl": write_lines,
    "parquet": write_parquet,
}


def cut(rng: random.Random, content: bytes) -> bytes:
    """Bytes changed, dropped, doubled and swapped."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 20)):
        at = rng.randrange(len(data)) if data else 0
        match rng.randrange(4):
            case 0:
                data[at : at + 1] = rng.randbytes(1)
            case 1:
                del data[at : at + rng.randint(1, 40)]
            case 2:
                data[at:at] = data[at : at + 200] * rng.randint(1, 3)
            case _:
                data[at:at] = rng.choice([b'"', b"\n", b",", b"\0", b"{", b"[", b"\xff", b"\\u"])
    return bytes(data)


def bomb(rng: random.Random) -> tuple[str, bytes]:
    """Small, or within the limit, and large once it is read."""
    match rng.randrange(7):
        case 0:
            return "jsonl", rng.choice([b"[", b'{"id":', b'{"id":[']) * rng.randint(1_000, 500_000)
        case 1:
            return "jsonl", b'{"id": "' + b"x" * rng.randint(1 << 20, 8 << 20) + b'"}'
        case 2:
            return "csv", b"a," * rng.randint(100_000, 1_000_000) + b"\n" + b"1,\n" * 1000
        case 3:
            return "csv", b"id\n" + b"x\n" * rng.randint(200_000, 2_000_000)
        case 4:
            return "jsonl", b'{"id": ' + b"9" * rng.randint(5_000, 1 << 20) + b"}"
        case 5:
            return "jsonl", b"{}\n" * rng.randint(200_000, 1_000_000)
        case _:
            return "parquet", dictionary_bomb(rng.randint(1_000, 90_000), rng.randint(1, 20))


def dictionary_bomb(rows: int, hundred_thousands: int) -> bytes:
    """One text, once in the file and in every row of every column."""
    indices = pa.array([0] * rows, "int32")
    column = pa.DictionaryArray.from_arrays(indices, ["x" * 100_000 * hundred_thousands])
    buffer = io.BytesIO()
    names = [*LENGTHS, "time"]
    pq.write_table(
        pa.table(dict.fromkeys(names, column)), buffer, compression="zstd", store_schema=False
    )
    return buffer.getvalue()


def hostile_file(seed: int) -> tuple[str, bytes]:
    """A form and a content."""
    rng = random.Random(seed)
    kind = rng.randrange(10)
    if kind == 0:
        return bomb(rng)
    form = rng.choice(list(WRITERS))
    if kind == 1:
        return form, rng.randbytes(rng.randint(0, 5_000))
    if kind == 2:  # of another form than it says
        return form, WRITERS[rng.choice(list(WRITERS))](rows_of(rng))
    rows = rows_of(rng)
    for spoil in rng.sample(SPOILS, rng.randint(1, 3)):
        spoil(rng, rows)
    content = WRITERS[form](rows)
    return form, cut(rng, content) if kind < 6 else content


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("first", range(0, CASES, BATCH))
def test_a_hostile_file_is_a_plan_of_legal_rows_or_a_sentence(log: ReviewLog, first: int) -> None:
    before = memory()
    largest = 0
    for seed in range(first, first + BATCH):
        form, content = hostile_file(seed)
        started = clock.monotonic()
        try:
            planned = plan_import(log, read_export(content, f"verdicts.{form}", LIMITS))
        except VerdictRefused as refusal:
            require_sentence(str(refusal), seed)
        else:
            for row in planned.fresh:
                require_legal(row, {e.id: e for e in planned.fresh}, seed)
            for conflict in planned.conflicts:
                require_sentence(conflict.reason, seed)
                assert len(conflict.key) <= 120, seed
        assert clock.monotonic() - started < SLOWEST, seed
        del content
        largest = max(largest, memory())
    gc.collect()
    assert largest - before < SWELLS


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("first", range(0, 100, BATCH))
def test_a_hostile_file_of_sets_is_sets_or_a_sentence(first: int) -> None:
    for seed in range(first, first + BATCH):
        rng = random.Random(seed)
        row: dict[str, Any] = {"id": "s", "name": "Doubts", "keys": ["a.jpg"], "reviewer": "Ada"}
        row |= {"time": NOON.isoformat(), "run_id": "run-1"}
        row[rng.choice(list(row))] = rng.choice([*VALUES, *TEXTS, *TIMES, TEXTS, ["a"] * 10])
        content = json.dumps(row).encode() + b"\n"
        content = cut(rng, content) if seed % 3 == 0 else content
        is_set_file(content)
        try:
            sets = read_sets(content, LIMITS)
        except SetRefused as refusal:
            require_sentence(str(refusal), seed)
        else:
            for each in sets:
                assert 0 < len(each.name) <= 80
                assert each.time.year >= 2000
            export_sets(sets)


def test_an_honest_file_is_no_hostile_one(log: ReviewLog, tmp_path: Path) -> None:
    """Else the tests above could pass by refusing everything."""
    rng = random.Random(0)
    for form, write in WRITERS.items():
        rows = rows_of(rng)
        content = write(rows)
        planned = plan_import(log, read_export(content, f"x.{form}", LIMITS))
        assert [entry.id for entry in planned.fresh] == [row["id"] for row in rows]
        with closing(open_log(tmp_path / f"{form}.sqlite")) as other:
            assert apply_import(other, planned, describe_origin("Cy", "x", content)) == len(rows)
            assert len(read_export(export(other, form), f"x.{form}", LIMITS)) == len(rows)


def require_sentence(said: str, seed: int) -> None:
    assert 0 < len(said) < SENTENCE, (seed, said[:200])
    assert "\n" not in said, (seed, said)
    assert not [word for word in JARGON if word in said], (seed, said)


def require_legal(row: Entry, fresh: dict[str, Entry], seed: int) -> None:
    assert datetime(2000, 1, 1, tzinfo=UTC) <= row.time, seed
    assert row.time <= datetime.now(UTC) + timedelta(hours=1), seed
    for column, longest in LENGTHS.items():
        text = getattr(row, column) or ""
        assert len(text) <= longest, (seed, column)
        text.encode()
        assert "\0" not in text, (seed, column)
    if row.supersedes is not None and row.supersedes in fresh:
        before = fresh[row.supersedes]
        places = {(e.key, e.task, e.reviewer) for e in (row, before)}
        assert len(places) == 1, seed
        assert before.time <= row.time, seed
        assert before is not row, seed
    elif row.supersedes is not None:
        assert row.supersedes.startswith("here"), seed
        assert (row.reviewer, row.key) == ("Ada", f"{row.supersedes[4:]}.jpg"), seed


def memory() -> int:
    """Bytes that this process holds now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) << 10
    raise AssertionError("no VmRSS")
