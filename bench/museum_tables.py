"""How many looks museums' own tables need until no question is open, and what of them is read.

    python -m bench.museum_tables FOLDER

Looks at every CSV table of the folder as ``train.py TABLE --dry-run`` does, without the time that
starting takes. Each open question is answered with the first column that is offered, where there is
one, and the table looked at again. Rows are accounted for when they are read, left out or refused;
what the table holds is counted by Python's own reader of CSV.
"""

from __future__ import annotations

import argparse
import csv
import shlex
import time
from pathlib import Path

import tyro

from core.collection.doctor.examine import Examination, examine
from core.collection.errors import CollectionError
from core.collection.open import SourceOptions


def main() -> None:
    """Prints a row a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    print("| table | read as | looks | asked for | rows accounted for | seconds a look |")
    print("|---|---|---|---|---|---|")
    for file in sorted(parser.parse_args().folder.glob("*.csv")):
        try:
            print(describe(file))
        except CollectionError as error:
            print(f"| {file.name} | {error} | | | | |")


def describe(file: Path) -> str:
    """The table's row."""
    arguments, asked, looks = [str(file)], list[str](), 0
    start = time.process_time()
    offered: list[str] = []
    while looks == 0 or offered:
        seen = look(arguments)
        looks += 1
        asked += [question.role for question in seen.questions]
        columns = [each for question in seen.questions for each in question.answers if each.column]
        offered = shlex.split(columns[0].flags) if columns else []
        arguments += offered
    seconds = (time.process_time() - start) / looks
    accounted = seen.account.count("row", "read", "left out", "refused")
    cells = (file.name, seen.recognised or "no museum's", looks, ", ".join(asked) or "nothing")
    return (
        "| "
        + " | ".join([*map(str, cells), f"{accounted:,} of {count_rows(file):,}", f"{seconds:.2f}"])
        + " |"
    )


def look(arguments: list[str]) -> Examination:
    return examine(tyro.cli(SourceOptions, args=arguments))


def count_rows(file: Path) -> int:
    """Rows below the header that hold anything."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return sum(any(row) for row in csv.reader(opened)) - 1


if __name__ == "__main__":
    main()
