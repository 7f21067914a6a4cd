"""The report of a run: one HTML file to print.

python -m core.report artifacts/<run> report.html
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import pandas as pd
import tyro

from core.artifacts import Run, open_run
from core.atomic_files import replace_file
from core.command_line import parse_arguments
from core.errors import UserError
from core.report.page import build_report
from core.reviews.errors import ReviewsError
from core.reviews.log import build_table, open_log
from core.reviews.of_run import take_standing
from core.reviews.option import ReviewsPlace, find_place
from core.reviews.urls import PLACE, describe_url, parse_url
from core.reviews.worklists import Assigned, follow_worklists
from core.version import answer_version


@dataclass(frozen=True)
class Options:
    """The run, the file, and where the verdicts are."""

    run: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="RUN")]
    """Folder of the run, below artifacts/."""
    file: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="FILE")]
    """The HTML file to write; one of that name is replaced."""
    reviews: ReviewsPlace = field(default_factory=find_place, repr=False)
    """Path of the SQLite database of verdicts, or a PostgreSQL URL."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 on success, 2 for an error that the user can fix."""
    answer_version(arguments)
    try:
        options = parse_arguments(Options, __doc__, "python -m core.report", arguments)
        run = open_run(options.run)
        run.verify_hashes()
        content = build_report(run, *_load_reviews(run, options.reviews))
        _save(options.file, content)
    except UserError as error:
        sys.stderr.write(f"report: {error}\n")
        return 2
    sys.stdout.write(f"{options.file}: {len(content):,} bytes\n")
    return 0


def _load_reviews(run: Run, place: str) -> tuple[pd.DataFrame, list[Assigned]]:
    """The verdicts in force on ``run``, and its worklists: none before the first, at the usual
    place.

    A report makes no database. Raises ``ReviewsError`` where another place holds none.
    """
    url = parse_url(place)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        if place == PLACE:
            return build_table(()), []
        raise ReviewsError(
            f"There are no verdicts at {describe_url(url)}",
            found="no such file",
            remedy="Correct the path, or leave it out.",
        )
    with closing(open_log(place)) as log:
        standing, sets = take_standing(log.load_standing(), run), log.sets.load()
        worklists, word = log.worklists.load(), run.manifest.word
        return standing, follow_worklists(worklists, sets, run.paintings, standing, word)


def _save(path: Path, content: bytes) -> None:
    """Writes the file whole or not at all."""
    try:
        with replace_file(path) as beside:
            beside.write_bytes(content)
    except OSError as error:
        raise UserError(f"{path} cannot be written", found=error.strerror or str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
