"""Opens a collection whose pictures are partly elsewhere, once they are here."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from core.collection.open import (
    SourceOptions,
    load_options_table,
    open_collection,
    recognise_source,
)
from core.collection.sources.museum_table import MuseumTable
from core.collection.table import Collection
from core.errors import UserError
from core.fetch.errors import FetchError
from core.fetch.estimate import describe_pending, find_unknown
from core.fetch.folders import fetch_folder, is_bucket_folder
from core.fetch.manifests import fetch_manifests, is_web_address
from core.fetch.many import Request
from core.fetch.museum import TablePictures, fetch_pictures, read_pictures
from core.progress import say

CONTACT = "ARTEXTRACT_CONTACT"  # sent with every request where no flag says another


def open_fetched(options: SourceOptions) -> Collection:
    """As ``open_collection``; pictures that a table names by address are fetched first.

    Into ``options.images``, where that is given, those of which the ledger there says nothing yet.
    How many and about how large is said before. A folder in a bucket and a IIIF collection are
    fetched whole. Raises ``UserError``.
    """
    if _is_elsewhere(options.data):
        return open_collection(_bring(options))
    museum = _load_table(options)
    pending = _find_pending(options, museum)
    if pending is not None:
        pictures, unknown, request = pending
        say(f"To fetch into {request.folder}: {describe_pending(unknown, request)}.")
        with _explain(request):
            fetch_pictures(pictures, request, addresses=unknown)
    return open_collection(options, museum)


def describe_unfetched(options: SourceOptions) -> str:
    """What ``open_fetched`` would fetch, as a sentence; "" where that is nothing."""
    pending = _find_pending(options, _load_table(options))
    if pending is None:
        return ""
    _, unknown, request = pending
    return f"Training first fetches into {request.folder}: {describe_pending(unknown, request)}."


def refuse_elsewhere(options: SourceOptions) -> None:
    """Raises ``FetchError`` for a bucket or manifests, which have to be here to be looked at."""
    if _is_elsewhere(options.data):
        raise _not_here(options.data)


def _not_here(data: str) -> FetchError:
    return FetchError(
        f"{data} is not on this machine",
        remedy=f"Fetch it: python -m core.fetch {shlex.quote(data)} --to FOLDER; then give that "
        "folder. Training fetches by itself into --images FOLDER.",
    )


def _is_elsewhere(data: str) -> bool:
    return is_bucket_folder(data) or is_web_address(data)


def _bring(options: SourceOptions) -> SourceOptions:
    """The options of the folder that a bucket's folder or manifests were fetched into."""
    if options.images is None:
        raise _not_here(options.data)
    request = Request(options.images, contact=os.environ.get(CONTACT, ""))
    with _explain(request):
        if is_bucket_folder(options.data):
            fetch_folder(options.data, request)
        else:
            fetch_manifests(options.data, request)
    return replace(options, data=str(options.images), images=None)


@contextmanager
def _explain(request: Request) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(
            f"The pictures cannot be kept in {request.folder}",
            found=error.strerror or str(error),
            remedy="Make room, or name another folder with --images. The same command goes on.",
        ) from error


def _load_table(options: SourceOptions) -> MuseumTable | None:
    """The table whose pictures would be fetched; None for any other collection."""
    if options.images is None:
        return None
    source = recognise_source(options.data) if options.source == "auto" else options.source
    return load_options_table(options) if source == "table" else None


def _find_pending(
    options: SourceOptions, museum: MuseumTable | None
) -> tuple[TablePictures, list[str], Request] | None:
    """Pictures, addresses among them to be fetched, and where to; None where there are none."""
    if options.images is None or museum is None or museum.address_column is None:
        return None
    pictures = read_pictures(museum)
    request = Request(options.images, contact=os.environ.get(CONTACT, ""))
    unknown = find_unknown(pictures, request.folder)
    return (pictures, unknown, request) if unknown else None
