"""How many pictures there are to fetch, and about how large, before they are fetched."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from core.collection.reading.fetched import read_ledger
from core.collection.wording import count_of
from core.fetch.addresses import host_of, origin_of, recognise
from core.fetch.client import Client
from core.fetch.errors import Refusal
from core.fetch.hosts import Hosts
from core.fetch.many import Request
from core.fetch.museum import TablePictures
from core.fetch.pictures import PictureFetcher
from core.sizes import MEGABYTE

SAMPLE: Final = 12  # pictures whose size is asked for


def find_unknown(pictures: TablePictures, folder: Path) -> list[str]:
    """Wanted addresses of which the ledger in ``folder`` says nothing, neither file nor reason."""
    known = read_ledger(folder)
    return [address for address in pictures.wanted if address not in known]


def describe_pending(addresses: Sequence[str], request: Request) -> str:
    """``"1,450 pictures at 2 hosts, about 210 MB (by 12 of them)"``; asks for sizes, fetches none.

    At most ``SAMPLE`` are asked, spread over ``addresses``.
    """
    hosts = {host for each in addresses if (host := _try_host(each))}
    told = f"{count_of(len(addresses), 'picture')} at {count_of(len(hosts), 'host')}"
    sizes = _ask_sizes(addresses[:: -(-len(addresses) // SAMPLE) or 1], request)
    if not sizes:
        return f"{told}, of unknown size"
    total = sum(sizes) / len(sizes) * len(addresses) / MEGABYTE
    return f"{told}, about {total:,.3g} MB (by {len(sizes)} of them)"


def _ask_sizes(sample: Sequence[str], request: Request) -> list[int]:
    sources = sample if request.named is None else request.named
    named = {origin for each in sources if (origin := origin_of(each)) is not None}
    found: list[int] = []
    with closing(
        Client(Hosts(request.limits, threading.Event()), named, request.contact)
    ) as client:
        fetcher = PictureFetcher(client, request.folder, request.size)
        for address in sample:
            try:
                if recognise(address) == "bucket":
                    continue
                with client.ask(fetcher.locate(address), method="HEAD") as answer:
                    if answer.length:
                        found.append(answer.length)
            except Refusal as refusal:  # the fetch itself will say why
                if refusal.again:  # a host that is down or busy is not asked for sizes
                    break
    return found


def _try_host(address: str) -> str:
    try:
        return host_of(address)
    except Refusal:
        return ""
