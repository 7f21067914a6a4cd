"""The image store: one verified, resized JPEG a painting, built once and shared by all runs.

``build_store(collection, root)`` does only the remaining work: a second call does none, ten new
files cost ten, and a killed build loses a few seconds.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
import shutil
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd
from PIL import Image

from core.atomic_files import replace_file
from core.collection.account import Account
from core.collection.table import Collection, ImageReader
from core.errors import UserError
from core.images.encode import QUALITY
from core.images.index import Index
from core.images.loaded import PixelLimits
from core.images.names import IMAGE_NAME
from core.images.pixels import SHORT_SIDE
from core.images.pool import run_all
from core.images.work import Job, Worker
from core.progress import stage

FORMAT_VERSION: Final = 2  # raised where other pixels come of the same files
QUARANTINE_FILE: Final = "quarantine.csv"
TABLE_COLUMNS: Final = (
    "key",
    "image",  # below the store's folder
    "width",  # of the upright original, in pixels
    "height",
    "stored_width",
    "stored_height",
    "content_hash",  # SHA-256 of the source file
    "perceptual_hash",  # uint64
    "mirror_hash",  # uint64: perceptual hash of the mirrored picture
    "signature",  # 192 bytes: 8 x 8 RGB
)
_STALE_SECONDS: Final = 3600
_TYPICAL_BYTES: Final = 60_000


@dataclass(frozen=True, eq=False)
class ImageStore:
    """A store on disk, and what one collection has in it.

    ``table`` (``TABLE_COLUMNS``): a row for each accepted painting, in the collection's order.
    ``quarantine`` (key, image, reason): one for each refused; ``image`` is the source's location.
    ``account``: what became of every picture, by its key.
    """

    path: Path
    table: pd.DataFrame
    quarantine: pd.DataFrame
    account: Account = field(default_factory=Account)

    def read(self, image: str) -> bytes:
        """JPEG bytes of a stored picture; raises ``FileNotFoundError``."""
        if not re.fullmatch(IMAGE_NAME, image):
            raise FileNotFoundError(errno.ENOENT, "no such picture in the store", image)
        return (self.path / image).read_bytes()

    def open(self, image: str) -> Image.Image:
        """A stored picture, decoded."""
        picture = Image.open(io.BytesIO(self.read(image)), formats=["JPEG"])
        picture.load()
        return picture


def compute_store_id(identity: str, *, short_side: int = SHORT_SIDE, quality: int = QUALITY) -> str:
    """16 hex digits: one store for each collection, size, quality and format of the store."""
    parts = json.dumps([identity, short_side, quality, FORMAT_VERSION])
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def build_store(
    collection: Collection,
    root: Path,
    *,
    short_side: int = SHORT_SIDE,
    workers: int | None = None,
    limits: PixelLimits | None = None,
) -> ImageStore:
    """Builds the collection's store below ``root``, or completes it.

    A picture that cannot be used is listed in ``quarantine.csv`` with the reason and is tried
    again when its file changes, or the limits where it was too large. ``workers`` is the number of
    processes, all CPUs by default.
    Raises ``UserError`` for a ``short_side`` below 32 and for a full disk.
    """
    if short_side < 32:
        raise UserError(f"short side {short_side}", expected="32 pixels or more")
    path = root / compute_store_id(collection.identity, short_side=short_side)
    path.mkdir(parents=True, exist_ok=True)
    index = Index(path)
    jobs = _list_jobs(collection)
    done = index.done(_list_stored(path))
    worker = Worker(collection.reader, path, short_side, QUALITY, limits or PixelLimits())
    _bring_in(worker, [job for job in jobs if job not in done], index, workers)
    return _open_store(path, index, jobs)


def _bring_in(worker: Worker, jobs: list[Job], index: Index, workers: int | None) -> None:
    if not jobs:
        return
    with stage("Image store", len(jobs)) as progress:
        try:
            with closing(run_all(worker, jobs, workers)) as batches:
                for entries in batches:
                    index.add(entries)
                    progress.advance(len(entries))
            index.save()
        except OSError as error:
            raise _explain(error, worker.path, len(jobs) - progress.done, index) from error
        finally:
            with suppress(OSError):  # save finished rows, whatever stopped the build
                index.save()


def _list_jobs(collection: Collection) -> list[Job]:
    paintings = collection.paintings
    return [
        Job(key, image, _read_stamp(collection.reader, image))
        for key, image in zip(paintings["key"], paintings["image"], strict=True)
    ]


def _read_stamp(reader: ImageReader, image: str) -> str:
    try:
        return reader.stamp(image)
    except OSError:
        return ""


def _list_stored(path: Path) -> dict[str, int]:
    """Size in bytes of every picture in the store; removes partial files of a killed build."""
    stored = {}
    with os.scandir(path) as entries:
        here = list(entries)
    for entry in here:
        if entry.name.endswith(".partial"):
            _remove_stale(entry)
        elif entry.is_dir():
            with os.scandir(entry) as files:
                for file in files:
                    if file.name.endswith(".jpg"):
                        stored[f"{entry.name}/{file.name}"] = file.stat().st_size
                    else:
                        _remove_stale(file)
    return stored


def _remove_stale(file: os.DirEntry[str]) -> None:
    """Removes what a build left an hour ago; another, which goes on, may write ``file`` now."""
    with suppress(FileNotFoundError):
        if time.time() - file.stat().st_mtime > _STALE_SECONDS:
            Path(file.path).unlink()


def _open_store(path: Path, index: Index, jobs: list[Job]) -> ImageStore:
    rows = index.frame().set_index("key")
    rows = rows.loc[[job.key for job in jobs]].reset_index()
    accepted = rows["reason"] == ""
    table = rows.loc[accepted, list(TABLE_COLUMNS)].reset_index(drop=True)
    quarantine = rows.loc[~accepted, ["key", "source", "reason"]].reset_index(drop=True)
    quarantine = quarantine.rename(columns={"source": "image"})
    _save_quarantine(quarantine, path / QUARANTINE_FILE)
    return ImageStore(path, table, quarantine, _account_for(rows))


def _account_for(rows: pd.DataFrame) -> Account:
    account = Account()
    accepted = rows["reason"] == ""
    account.add("picture", "read", "", rows.loc[accepted, "key"])
    for said, some in rows[~accepted].groupby("reason", sort=False):
        account.add("picture", "refused", str(said), some["key"])
    for said, some in rows[rows["note"] != ""].groupby("note", sort=False):
        account.add("picture", "changed", str(said), some["key"])
    return account


def _save_quarantine(quarantine: pd.DataFrame, path: Path) -> None:
    text = quarantine.to_csv(index=False, lineterminator="\n").encode()
    if not path.exists() or path.read_bytes() != text:
        with replace_file(path, by_many=True, sync=False) as beside:
            beside.write_bytes(text)


def _explain(error: OSError, path: Path, left: int, index: Index) -> Exception:
    if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
        return error
    need = left * (index.mean_bytes() or _TYPICAL_BYTES)
    free = shutil.disk_usage(path).free
    return UserError(
        f"The disk that holds {path} is full",
        found=f"{free / 1e6:,.0f} MB free",
        expected=f"about {max(need / 1e6, 1):,.0f} MB more for {left:,} paintings",
        remedy="Free some space or choose another folder, then run the command again: "
        "pictures already stored are kept.",
    )
