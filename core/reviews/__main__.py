"""Verdicts and sets on the command line.

python -m core.reviews backup backups/            # dated copies: verdicts, sets, worklists
python -m core.reviews export verdicts.csv        # or .jsonl, .parquet
python -m core.reviews export verdicts.csv --run artifacts/<run>  # with titles and artists
python -m core.reviews import verdicts.csv        # what it would do
python -m core.reviews import verdicts.csv --apply  # also restores a backup
python -m core.reviews changes artifacts/<run> corrections/  # for the museum's catalogue
python -m core.reviews changes artifacts/<run> corrections/ --against works-2026-12.csv
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import tyro

from core.artifacts import open_run
from core.atomic_files import replace_file
from core.collection.wording import list_some
from core.command_line import parse_arguments
from core.errors import UserError
from core.reviews.changes.at_hand import Form
from core.reviews.changes.folder import Table, make_files
from core.reviews.errors import ReviewsError
from core.reviews.exchange import FORMATS, apply_import, export, plan_import, read_export
from core.reviews.fields import take_own
from core.reviews.log import ReviewLog, open_log
from core.reviews.option import ReviewsPlace, find_place
from core.reviews.origins import Origin, describe_origin
from core.reviews.set_files import (
    export_sets,
    find_differing,
    find_fresh,
    is_set_file,
    read_sets,
    restore_sets,
)
from core.reviews.sets import NamedSet
from core.reviews.worklist_files import (
    export_worklists,
    is_worklist_file,
    read_worklists,
    restore_worklists,
)
from core.reviews.worklist_files import find_fresh as find_fresh_worklists
from core.reviews.worklists import Worklist
from core.row_files.rows import COMMAND_LINE
from core.version import answer_version


@dataclass(frozen=True)
class BackUp:
    """Write a dated copy of the log, of the sets and of the worklists into a folder."""

    path: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="FOLDER")]
    """Where the copies go."""


@dataclass(frozen=True)
class Export:
    """Write the log to a file."""

    path: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="FILE")]
    """Ends with .csv, .jsonl or .parquet."""
    run: Path | None = None
    """Folder of a run, whose titles and artists stand in each row then."""


@dataclass(frozen=True)
class Import:
    """Take in an export or a backup."""

    path: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="FILE")]
    """An export of verdicts, sets or worklists."""
    apply: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Do it, instead of only saying what it would do."""


@dataclass(frozen=True)
class MakeChanges:
    """Write the corrections for the museum's catalogue, and what takes them back."""

    run: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="RUN")]
    """Folder of the run of the collection, below artifacts/."""
    path: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="FOLDER")]
    """Where changes, undo and the account of them (decisions) go."""
    against: Path | None = None
    """The table as it is now: a newer export, or the one that the run was made from. Corrections
    that it has already, and those whose old value has moved on, are told apart; whole rows of it
    are written."""
    form: Form | None = None
    """By default CSV, or XLSX for the table of a spreadsheet program."""
    sheet: str | None = None
    """Sheet of --against."""
    encoding: str | None = None
    """Encoding of --against, such as cp1250; by default found out."""
    address: str | None = None
    """Address of the dashboard, such as https://curator.museum.org: also writes the corrections as
    annotations of its IIIF canvases."""


@dataclass(frozen=True)
class Options:
    """What is done, and to which database."""

    command: Annotated[
        Annotated[BackUp, tyro.conf.subcommand("backup")]
        | Annotated[Export, tyro.conf.subcommand("export")]
        | Annotated[Import, tyro.conf.subcommand("import")]
        | Annotated[MakeChanges, tyro.conf.subcommand("changes")],
        tyro.conf.arg(name=""),
    ]
    reviews: ReviewsPlace = field(default_factory=find_place, repr=False)
    """Path of the SQLite database, or a PostgreSQL URL."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 on success, 2 for an error that the user can fix."""
    answer_version(arguments)
    try:
        options = parse_arguments(Options, __doc__, "python -m core.reviews", arguments)
        with closing(open_log(options.reviews)) as log:
            sys.stdout.write(f"{_run(log, options.command)}\n")
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _run(log: ReviewLog, command: BackUp | Export | Import | MakeChanges) -> str:
    """Does what was asked; what there is to say of it."""
    match command:
        case BackUp():
            return _back_up(log, command)
        case Export():
            return _export(log, command)
        case Import():
            return _import(log, command)
        case MakeChanges():
            return _make_changes(log, command)


def _back_up(log: ReviewLog, options: BackUp) -> str:
    path = options.path / f"verdicts-{datetime.now(UTC):%Y%m%d-%H%M%S}.jsonl"
    _save(path, export(log, "jsonl"))
    rows = len(read_export(path.read_bytes(), path.name, COMMAND_LINE))
    if rows != len(log.load_all()):
        raise ReviewsError(
            f"{path} does not contain the whole log", remedy="Run the command again."
        )
    said = [f"{rows:,} rows in {path}. Restore: python -m core.reviews import {path} --apply"]
    if sets := log.sets.load():
        path = path.with_name(path.name.replace("verdicts-", "sets-"))
        _save(path, export_sets(sets))
        if read_sets(path.read_bytes(), COMMAND_LINE) != sets:
            raise ReviewsError(f"{path} does not contain all sets", remedy="Run the command again.")
        said.append(f"{len(sets):,} sets in {path}, restored in the same way.")
    if worklists := log.worklists.load():
        path = path.with_name(f"worklists-{path.name.partition('-')[2]}")
        _save(path, export_worklists(worklists))
        if read_worklists(path.read_bytes(), COMMAND_LINE) != worklists:
            raise ReviewsError(
                f"{path} does not contain all worklists", remedy="Run the command again."
            )
        said.append(f"{len(worklists):,} worklists in {path}, restored after the sets.")
    return "\n".join(said)


def _export(log: ReviewLog, options: Export) -> str:
    form = options.path.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise ReviewsError(f"{options.path} has no known form", expected=".csv, .jsonl or .parquet")
    paintings = open_run(options.run).paintings if options.run is not None else None
    _save(options.path, export(log, form, paintings))
    return f"{len(log.load_all()):,} rows in {options.path}"


def _import(log: ReviewLog, options: Import) -> str:
    try:
        content = options.path.read_bytes()
    except OSError as error:
        raise ReviewsError(
            f"{options.path} cannot be read", found=error.strerror or str(error)
        ) from error
    origin = describe_origin(_who(), options.path.name, content)
    if is_set_file(content):
        return _import_sets(log, read_sets(content, COMMAND_LINE), origin, options.apply)
    if is_worklist_file(content):
        return _import_worklists(log, read_worklists(content, COMMAND_LINE), origin, options.apply)
    planned = plan_import(log, read_export(content, options.path.name, COMMAND_LINE))
    refused = sum(conflict.is_refused for conflict in planned.conflicts)
    lines = [*planned.notes, *(f"{c.key}: {c.reason}" for c in planned.conflicts)]
    lines.append(f"{len(planned.fresh):,} new, {planned.known:,} known, {refused:,} refused.")
    if options.apply:
        lines.append(f"Added {apply_import(log, planned, origin):,} rows to {log.place}.")
    else:
        lines.append("Nothing was changed: add --apply.")
    return "\n".join(lines)


def _import_sets(log: ReviewLog, sets: tuple[NamedSet, ...], origin: Origin, apply: bool) -> str:
    fresh = len(find_fresh(log.sets, sets))
    told = f"{fresh:,} new sets, {len(sets) - fresh:,} known."
    if differing := find_differing(log.sets, sets):
        names = list_some([each.name for each in differing])
        told += f" Known ones that differ stay as they are here, {len(differing):,}: {names}."
    if not apply:
        return f"{told}\nNothing was changed: add --apply."
    return f"{told}\nAdded {len(restore_sets(log.sets, sets, origin)):,} sets to {log.place}."


def _import_worklists(
    log: ReviewLog, worklists: tuple[Worklist, ...], origin: Origin, apply: bool
) -> str:
    fresh = len(find_fresh_worklists(log.worklists, worklists))
    told = f"{fresh:,} new worklists, {len(worklists) - fresh:,} known."
    if not apply:
        return f"{told}\nNothing was changed: add --apply."
    added = len(restore_worklists(log.worklists, worklists, origin))
    return f"{told}\nAdded {added:,} worklists to {log.place}."


def _make_changes(log: ReviewLog, options: MakeChanges) -> str:
    asked = Table(options.against, options.sheet, options.encoding)
    run = open_run(options.run)
    own = take_own(log.load_standing(), run.manifest.word)
    made = make_files(run, own, asked, options.form, options.address)
    for name, content in made.files.items():
        _save(options.path / name, content)
    names = ", ".join(str(options.path / name) for name in made.files)
    return "\n".join([*made.notes, f"Written: {names}"])


def _who() -> str:
    """The importer on the command line: the account on this machine."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # a container without accounts
        return "command line"


def _save(path: Path, content: bytes) -> None:
    """Writes the file whole or not at all."""
    try:
        with replace_file(path) as beside:
            beside.write_bytes(content)
    except OSError as error:
        raise ReviewsError(
            f"{path} cannot be written", found=error.strerror or str(error)
        ) from error


if __name__ == "__main__":
    sys.exit(main())
