"""A collection of IIIF manifests as a table of paintings: crawled, written down, pictures fetched.

The manifests are kept below the folder, so a crawl that was killed goes on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from core.atomic_files import replace_file
from core.collection.account import Account, Fate
from core.collection.reading.roles import ROLES, plain_name
from core.collection.sources.museum_table import load_museum_table
from core.export.spreadsheets import encode_csv
from core.fetch.addresses import name_file
from core.fetch.errors import FetchError
from core.fetch.many import Request, fetch_all
from core.fetch.museum import Outcome, fetch_pictures, read_pictures
from core.fetch.presentation import Work, parse_document
from core.sizes import MEGABYTE

TABLE: Final = "paintings.csv"
_KEPT: Final = "manifests"
_MOST_BYTES: Final = 50 * MEGABYTE
_MOST_DOCUMENTS: Final = 1_000_000
_COLUMNS: Final = ("key", "title", "image_url", "rights", "required_statement")
# Names by which a table's reader would take a label for what the manifest says itself.
_TAKEN: Final = frozenset(
    name
    for role in ("key", "file", "address", "title", "rights")
    for name in (role, *ROLES[role].names, "requiredstatement")
)


def is_web_address(data: str) -> bool:
    """Whether ``data`` is an address of the web."""
    return data.lower().startswith(("http://", "https://"))


def fetch_manifests(
    address: str, request: Request, only: Sequence[str] = (), *, shown: bool = True
) -> Outcome:
    """Writes ``TABLE`` into ``request.folder``, a row a work, and fetches their first pictures.

    Pairs of metadata become columns. Only the host of ``address`` may be private. Raises
    ``FetchError`` where there is no manifest, and what ``fetch_all`` does.
    """
    request = replace(request, named=(address,))
    works, account = crawl(address, request, shown=shown)
    file = request.folder / TABLE
    with replace_file(file) as beside:
        beside.write_bytes(encode_csv(tabulate(works)))
    outcome = fetch_pictures(read_pictures(load_museum_table(file), only), request, shown=shown)
    return Outcome(outcome.records, Account([*account.entries, *outcome.account.entries]))


def crawl(address: str, request: Request, *, shown: bool = True) -> tuple[list[Work], Account]:
    """The works at ``address`` and in all collections below it, each document asked for once."""
    works: dict[str, Work] = {}
    fates: dict[tuple[Fate, str], list[str]] = defaultdict(list)
    seen, level = {address}, [address]
    limits = replace(request.limits, most_bytes=min(_MOST_BYTES, request.limits.most_bytes))
    asking = replace(request, limits=limits)
    while level:
        places = {each: f"{_KEPT}/{name_file(each)}.json" for each in level}
        records = fetch_all(asking, level, places=places, unit="manifests", shown=shown)
        level = []
        for record in records:
            content = (request.folder / record.file).read_bytes() if record.file else b""
            document = parse_document(content)
            reason = record.reason or "neither a IIIF manifest nor a collection"
            if document is None:
                fates["refused", reason].append(record.address)
                continue
            fates["read", ""].append(record.address)
            if document.work is not None:
                works.setdefault(document.work.key or record.address, document.work)
            fresh = [link for link in document.links if link not in seen]
            seen.update(fresh[: _MOST_DOCUMENTS - len(seen)])
            level += [link for link in fresh if link in seen]
    account = Account()
    for (fate, reason), names in fates.items():
        account.add("file", fate, reason, names)
    if not works:
        raise FetchError(
            f"{address} leads to no IIIF manifest",
            found="; ".join(account.describe()),
            expected="a manifest or a collection, of version 2 or 3",
            remedy="Give the address of one; a table of addresses is given as a file.",
        )
    return list(works.values()), account


def tabulate(works: Sequence[Work]) -> pd.DataFrame:
    """A row a work, a column each label of their metadata; rights with what has to be said."""
    rows = [dict(_cells(work)) for work in works]
    columns = Counter(name for row in rows for name in row)
    table = pd.DataFrame(rows, columns=[*_COLUMNS, *(n for n in columns if n not in _COLUMNS)])
    return table.fillna("")


def _cells(work: Work) -> Iterator[tuple[str, str]]:
    yield "key", work.key
    yield "title", work.title
    yield "image_url", work.image
    yield "rights", "; ".join(filter(None, (work.rights, work.required_statement)))
    yield "required_statement", work.required_statement
    values: dict[str, list[str]] = defaultdict(list)
    for label, value in work.metadata:
        values[f"{label} (metadata)" if plain_name(label) in _TAKEN else label].append(value)
    for label, several in values.items():
        yield label, "; ".join(several)
