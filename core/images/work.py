"""One painting through the store: read, decode, fingerprint, write. Runs in worker processes."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass, field
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

from core.atomic_files import replace_file
from core.images.decode import decode_original
from core.images.encode import encode_stored
from core.images.fingerprints import (
    compute_content_hash,
    compute_mirror_hash,
    compute_perceptual_hash,
    compute_signature,
    is_uniform,
)
from core.images.loaded import ImageRefused, PixelLimits, TooLarge, join_notes

if TYPE_CHECKING:  # the reader's module imports pandas, which a worker does not need
    from core.collection.table import ImageReader


@dataclass(frozen=True, slots=True)
class Job:
    """One painting to bring into the store."""

    key: str
    source: str  # where the collection's reader finds it
    stamp: str  # "" when it could not be read: never counts as done


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the store's index: a stored picture, or why there is none."""

    key: str
    source: str
    stamp: str
    image: str = ""
    width: int = 0
    height: int = 0
    stored_width: int = 0
    stored_height: int = 0
    stored_bytes: int = 0
    content_hash: str = ""
    perceptual_hash: int = 0
    mirror_hash: int = 0
    signature: bytes = b""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Worker:
    """Turns jobs into entries. Picklable: every process holds one."""

    reader: ImageReader
    path: Path
    short_side: int
    quality: int
    limits: PixelLimits = field(default_factory=PixelLimits)

    def run(self, job: Job) -> Entry:
        """The entry of one painting; raises ``OSError`` only when the store cannot be written."""
        try:
            data = self.reader.read(job.source)
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}"
            return Entry(job.key, job.source, "", reason=reason)
        try:
            decoded = decode_original(data, short_side=self.short_side, limits=self.limits)
        except TooLarge as refusal:  # another limit may let it in
            return Entry(job.key, job.source, "", reason=refusal.reason)
        except ImageRefused as refusal:
            return Entry(job.key, job.source, job.stamp, reason=refusal.reason)
        note = decoded.note
        if is_uniform(decoded.image):
            note = join_notes(note, "of one colour throughout")
        content_hash = compute_content_hash(data)
        image = f"{content_hash[:2]}/{content_hash}.jpg"
        stored = encode_stored(decoded, data, self.quality)
        with replace_file(self.path / image, by_many=True, sync=False) as beside:
            beside.write_bytes(stored)
        return Entry(
            job.key,
            job.source,
            job.stamp,
            image,
            decoded.width,
            decoded.height,
            *decoded.image.size,
            len(stored),
            content_hash,
            compute_perceptual_hash(decoded.image),
            compute_mirror_hash(decoded.image),
            compute_signature(decoded.image),
            note=note,
        )


_worker: Worker | None = None


def start_worker(worker: Worker) -> None:
    """First call in every worker process."""
    global _worker
    _worker = worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_end_with_parent, daemon=True).start()


def run_jobs(jobs: list[Job]) -> list[Entry]:
    """Entries of a few jobs, in a worker process."""
    if _worker is None:
        raise RuntimeError("start_worker was not called in this process")
    return [_worker.run(job) for job in jobs]


def _end_with_parent() -> None:
    """A killed parent cannot stop its workers; without this they would wait forever."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
