"""Fetch the pictures that a table names by address.

python -m core.fetch museum.csv --to pictures
python -m core.fetch museum.csv --image-column iiifurl --to pictures --only "rights=CC0"
python -m core.fetch https://museum.org/iiif/collection.json --to works
python -m core.fetch s3://museum/scans --to scans
python -m core.fetch museum.csv --to pictures --refresh --contact collections@museum.org
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from core.collection.open import SourceOptions, load_options_table, recognise_source
from core.command_line import parse_arguments
from core.errors import UserError
from core.fetch.collection import CONTACT
from core.fetch.errors import FetchError
from core.fetch.estimate import describe_pending, find_unknown
from core.fetch.folders import fetch_folder, is_bucket_folder
from core.fetch.limits import Limits
from core.fetch.manifests import fetch_manifests, is_web_address
from core.fetch.many import SIZE, Request
from core.fetch.museum import LISTING, Outcome, fetch_pictures, read_pictures
from core.progress import say
from core.sizes import MEGABYTE
from core.version import answer_version


@dataclass(frozen=True)
class Options:
    """Which pictures, where to, and within what bounds."""

    collection: Annotated[SourceOptions, tyro.conf.arg(name="")]
    to: Path
    """Folder for the pictures and the record of what was fetched."""
    only: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """Which rows: "rights=CC0", a role or a column and its value. Repeat it for several tests."""
    size: int = SIZE
    """Pixels of the long side of pictures from IIIF servers."""
    per_host: int = 4
    """Requests at once to one host."""
    max_megabytes: float = Limits.most_bytes / MEGABYTE
    """Largest file."""
    max_seconds: float = Limits.whole
    """Longest time for one file."""
    patience: float = Limits.patience
    """Seconds that a host may ask to wait before it is given up."""
    refresh: bool = False
    """Ask of pictures that are there whether they changed, and fetch those that did."""
    contact: Annotated[str, tyro.conf.arg(help_behavior_hint=f"(default: {CONTACT}, or none)")] = (
        field(default_factory=lambda: os.environ.get(CONTACT, ""))
    )
    """Mail or web address that is sent with every request, so that a museum can reach you."""

    def request(self) -> Request:
        """The same as the fetch takes it; raises ``FetchError`` for values out of range."""
        limits = Limits(
            per_host=self.per_host,
            most_bytes=int(self.max_megabytes * MEGABYTE),
            whole=self.max_seconds,
            patience=self.patience,
        )
        return Request(self.to, limits, self.contact, self.size, self.refresh)


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 if every picture is there, 1 if some were refused, 2 for an error to be mended."""
    answer_version(arguments)
    try:
        options = parse_arguments(Options, __doc__, "python -m core.fetch", arguments)
        outcome = _fetch(options)
    except UserError as error:
        sys.stderr.write(f"core.fetch: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"core.fetch: {error.strerror or error}. The same command goes on.\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. The same command goes on where this one stopped.\n")
        return 130
    sys.stdout.write(f"{describe(options, outcome)}\n")
    refused = outcome.account.count("row", "refused") + outcome.account.count("file", "refused")
    return 1 if refused else 0


def _fetch(options: Options) -> Outcome:
    source = options.collection
    if source.images is not None:
        raise FetchError("--images does not apply", remedy="Name the folder with --to.")
    request = options.request()
    if is_bucket_folder(source.data):
        if options.only:
            raise FetchError("--only does not apply to a folder", remedy="Leave it out.")
        return fetch_folder(source.data, request)
    if is_web_address(source.data):
        return fetch_manifests(source.data, request, options.only)
    if recognise_source(source.data) != "table":
        raise FetchError(
            f"{source.data} is not a table",
            expected="a table with a column of addresses, a folder such as s3://bucket/scans, or "
            "the address of a IIIF manifest or collection",
            remedy="Name the table, such as museum.csv.",
        )
    pictures = read_pictures(load_options_table(source), options.only)
    unknown = find_unknown(pictures, request.folder)
    if unknown:
        say(f"To fetch: {describe_pending(unknown, request)}.")
    return fetch_pictures(pictures, request)


def describe(options: Options, outcome: Outcome) -> str:
    """What was fetched and what not, and how to go on."""
    there = {record.file: record.bytes for record in outcome.records.values() if record.file}
    data, folder = options.collection.data, shlex.quote(str(options.to))
    is_folder = is_bucket_folder(data)
    is_alone = is_folder or is_web_address(data)  # what came here is all that training needs
    words = f"{len(there):,} files" if is_folder else f"{len(there):,} pictures"
    listed = "" if is_folder else f"; {LISTING} there lists them"
    lines = [f"{words}, {sum(there.values()) / MEGABYTE:,.1f} MB, in {options.to}{listed}."]
    lines += [f"  {line}" for line in outcome.account.describe()]
    if there:
        words = folder if is_alone else f"{shlex.quote(data)} --images {folder}"
        lines.append(f"Train on them: python train.py {words}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
