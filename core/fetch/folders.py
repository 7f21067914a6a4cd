"""Whole folders in buckets: their pictures and tables come here, in the same folders."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath
from typing import Final

from core.collection.account import Account, Fate
from core.collection.reading.tables import TABLE_SUFFIXES
from core.fetch.addresses import BUCKETS
from core.fetch.buckets import open_system
from core.fetch.errors import FetchError
from core.fetch.many import Request, fetch_all
from core.fetch.museum import Outcome
from core.picture_formats import SUFFIXES
from core.text import is_line, show_line

_WANTED: Final = SUFFIXES + TABLE_SUFFIXES
_LONGEST: Final = 240  # bytes of a name, so that what is written beside it has one too


def is_bucket_folder(data: str) -> bool:
    """Whether ``data`` is an address in a bucket."""
    return data.partition("://")[0] in BUCKETS and "://" in data


def fetch_folder(address: str, request: Request, *, shown: bool = True) -> Outcome:
    """Fetches the pictures and tables below ``address`` into ``request.folder``.

    Raises ``FetchError`` where there is no such folder, and what ``fetch_all`` does.
    """
    places, account = list_folder(address)
    records = {
        each.address: each for each in fetch_all(request, places, places=places, shown=shown)
    }
    fates: dict[tuple[Fate, str], list[str]] = defaultdict(list)
    for each, place in places.items():
        record = records[each]
        fates["read" if record.file else "refused", record.reason].append(place)
    for (fate, reason), names in fates.items():
        account.add("file", fate, reason, names)
    return Outcome(records, account)


def list_folder(address: str) -> tuple[dict[str, str], Account]:
    """Pictures and tables below ``address`` with their places, and what else there is.

    Raises ``FetchError`` where there is nothing of the kind.
    """
    system, root = open_system(address)
    try:
        found = [str(path) for path in system.find(root)]
    except Exception as error:  # whatever its library raises
        raise FetchError(
            f"{address} cannot be listed",
            found=show_line(str(error) or type(error).__name__, 200),
            remedy="Check the address, and the keys or FSSPEC_S3_ANON=true for a public bucket.",
        ) from error
    scheme, account, places = address.partition("://")[0], Account(), dict[str, str]()
    for path in found:
        place = path.removeprefix(root).lstrip("/")
        if not place.lower().endswith(_WANTED):
            account.add("file", "left out", "neither a picture nor a table", [place])
        elif not _is_safe(place):
            account.add("file", "refused", "a name that no file here can have", [place])
        else:
            places[f"{scheme}://{path}"] = place
    if not places:
        raise FetchError(
            f"{address} holds no pictures",
            found="; ".join(account.describe()) or "nothing",
            expected="a folder of pictures",
            remedy="Check the address.",
        )
    return places, account


def _is_safe(place: str) -> bool:
    parts = PurePosixPath(place).parts
    plain = is_line(place) and "\\" not in place and ":" not in parts[0]
    return plain and all(
        part not in ("/", "..") and len(part.encode("utf-8", "replace")) <= _LONGEST
        for part in parts
    )
