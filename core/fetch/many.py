"""Fetches many pictures: hosts side by side, a bounded number at once from each."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from core.collection.reading.fetched import Fetched
from core.fetch.addresses import host_of, name_file, origin_of
from core.fetch.client import Client
from core.fetch.errors import Refusal
from core.fetch.hosts import Hosts
from core.fetch.ledger import Ledger, read_clock
from core.fetch.limits import Limits
from core.fetch.pictures import PictureFetcher, adopt, find_pictures
from core.progress import Stage, stage

SIZE = 1024  # pixels of the long side of an IIIF image


@dataclass(frozen=True)
class Request:
    """What is to be fetched into ``folder``. ``refresh``: ask whether pictures that are there
    changed. ``size``: pixels of the long side of IIIF images. ``named``: addresses that the user or
    their table names, whose hosts may be private; None for all that are asked for.
    """

    folder: Path
    limits: Limits = field(default_factory=Limits)
    contact: str = ""
    size: int = SIZE
    refresh: bool = False
    named: tuple[str, ...] | None = None


def fetch_all(
    request: Request,
    addresses: Iterable[str],
    *,
    left_out: Mapping[str, str] | None = None,
    places: Mapping[str, str] | None = None,
    unit: str = "pictures",
    shown: bool = True,
) -> list[Fetched]:
    """What became of each of ``addresses``, each asked once; kept in the folder's ledger as well.

    Pictures that are there are not fetched again. ``left_out``: addresses that the ledger shall
    say the reason of, and that are not asked. ``places``: as ``PictureFetcher`` takes them. Raises
    ``FetchError`` where the folder cannot be used, ``OSError`` on a full disk,
    ``KeyboardInterrupt`` once what is under way has stopped.
    """
    wanted = list(dict.fromkeys(addresses))
    with closing(Ledger(request.folder)) as ledger:
        pending = _find_pending(request, ledger, wanted)
        _leave_out(ledger, left_out or {})
        stop = threading.Event()
        sources = wanted if request.named is None else request.named
        named = {origin for each in sources if (origin := origin_of(each)) is not None}
        with closing(Client(Hosts(request.limits, stop), named, request.contact)) as client:
            fetcher = PictureFetcher(client, request.folder, request.size, places)
            with stage("Fetching", len(pending), unit, shown=shown) as progress:
                _run_lanes(fetcher, ledger, pending, request, progress, stop)
        return [ledger.records[each] for each in wanted]


def _find_pending(request: Request, ledger: Ledger, wanted: Sequence[str]) -> list[str]:
    """Those of ``wanted`` that are to be asked for; pictures without a record get theirs."""
    there = find_pictures(request.folder)
    adopted, pending = [], []
    for address in wanted:
        record = ledger.records.get(address)
        file = there.get(name_file(address), "")
        if record is not None and record.file and _is_whole(request.folder, record):
            if request.refresh:
                pending.append(address)
        elif file and (record is None or not record.file):
            adopted.append(adopt(request.folder, address, file))
        else:
            pending.append(address)
    ledger.append(adopted)
    return pending


def _leave_out(ledger: Ledger, left_out: Mapping[str, str]) -> None:
    known = ledger.records
    ledger.append(
        Fetched(address, read_clock(), reason=reason)
        for address, reason in left_out.items()
        if address not in known or not (known[address].file or known[address].reason == reason)
    )


def _is_whole(folder: Path, record: Fetched) -> bool:
    try:
        return (folder / record.file).stat().st_size == record.bytes
    except OSError:
        return False


def _run_lanes(
    fetcher: PictureFetcher,
    ledger: Ledger,
    pending: Sequence[str],
    request: Request,
    progress: Stage,
    stop: threading.Event,
) -> None:
    """Works off ``pending`` in lanes: ``per_host`` a host, those of ``limits.hosts`` at once."""
    lock = threading.Lock()

    def fetch_one(address: str) -> None:
        before = ledger.records.get(address) if request.refresh else None
        record = fetcher.fetch(address, before if before and before.file else None)
        if stop.is_set() and not record.file:
            return  # asked to stop, not refused
        ledger.append([record])
        _drop_former(request.folder, before, record)
        with lock:
            progress.advance()

    limits = request.limits
    with ThreadPoolExecutor(limits.hosts * limits.per_host) as pool:
        lanes = [
            pool.submit(lane) for lane in _make_lanes(pending, limits.per_host, fetch_one, stop)
        ]
        try:
            done, _ = wait(lanes, return_when=FIRST_EXCEPTION)
        finally:
            stop.set()  # after all lanes, or at once: an interruption, a full disk
        for lane in done:
            lane.result()


def _make_lanes(
    pending: Iterable[str], per_host: int, fetch_one: Callable[[str], None], stop: threading.Event
) -> list[Callable[[], None]]:
    """One function a lane, which fetches from its host's queue until that is empty."""
    queues: dict[str, deque[str]] = defaultdict(deque)
    for address in pending:
        queues[_host_of(address)].append(address)

    def make(queue: deque[str]) -> Callable[[], None]:
        def lane() -> None:
            while not stop.is_set():
                try:
                    address = queue.popleft()
                except IndexError:
                    return
                fetch_one(address)

        return lane

    return [make(queue) for queue in queues.values() for _ in range(min(per_host, len(queue)))]


def _host_of(address: str) -> str:
    try:
        return host_of(address)
    except Refusal:  # told by the fetch itself
        return ""


def _drop_former(folder: Path, before: Fetched | None, now: Fetched) -> None:
    """Removes the picture of before where the new one is of another format."""
    if before is not None and before.file and now.file not in ("", before.file):
        (folder / before.file).unlink(missing_ok=True)
