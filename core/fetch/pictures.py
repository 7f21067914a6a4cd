"""Brings the picture at one address into the folder: whole and looked at, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Literal

from core.collection.reading.fetched import Fetched
from core.fetch.addresses import base_of, host_of, name_file, recognise
from core.fetch.buckets import open_object
from core.fetch.client import Answer, Client
from core.fetch.errors import Refusal
from core.fetch.image_service import MOST_BYTES, ImageInfo, parse_info
from core.fetch.ledger import read_clock
from core.fetch.rest import PARTIAL, WORTH_KEEPING, Rest
from core.picture_formats import HEAD_BYTES, SUFFIXES, describe_other, find_format

_PICTURES = {"Accept": "image/*,*/*;q=0.5"}


class PictureFetcher:
    """Fetches into ``folder`` with ``client``; of IIIF images ``size`` pixels of the long side.

    ``places``: files below the folder for some addresses, others are named by ``name_file``. Where
    a place is not named like a picture, its content may be anything. Safe in threads, one an
    address.
    """

    def __init__(
        self, client: Client, folder: Path, size: int, places: Mapping[str, str] | None = None
    ) -> None:
        self.client, self.folder, self.size = client, folder, size
        self.places = places or {}

    def fetch(self, address: str, before: Fetched | None = None) -> Fetched:
        """What became of ``address``. ``before``: of a picture that is there, to be fetched again
        only if it changed.

        Raises ``OSError`` where the folder cannot be written.
        """
        rest = Rest()
        try:
            host = host_of(address)
            return self.client.often(host, lambda: self._fetch_once(address, before, rest))
        except Refusal as refusal:
            if before is not None:  # the picture of before stays
                return replace(before, time=read_clock(), reason="")
            return Fetched(address, read_clock(), status=refusal.status, reason=refusal.reason)
        finally:
            rest.drop()

    def locate(self, address: str) -> str:
        """The web address of the picture itself, for an IIIF image of the size; raises
        ``Refusal``."""
        if address in self.places or recognise(address) != "image base":
            return address
        base = base_of(address)
        try:
            with self.client.ask(f"{base}/info.json", most_bytes=MOST_BYTES) as answer:
                info = parse_info(b"".join(answer.chunks))
                base = base_of(answer.url)
        except Refusal as refusal:
            if refusal.again or refusal.status is None:
                raise
            return address  # the guess was wrong: a server without such a file
        return info.request(base, self.size) if info is not None else address

    def _fetch_once(self, address: str, before: Fetched | None, rest: Rest) -> Fetched:
        if recognise(address) == "bucket":
            with open_object(address, self.client.limits) as answer:
                if before is not None and before.etag and answer.etag == before.etag:
                    return replace(before, time=read_clock())
                return self._save(address, answer, None, rest)
        if rest.size:
            return self._fetch_rest(address, rest)
        url = self.locate(address)
        with self.client.ask(url, headers=_PICTURES | _conditions(before, url)) as answer:
            if answer.is_unchanged and before is not None:
                return replace(before, time=read_clock())
            head, chunks = _read_head(answer.chunks)
            if address in self.places or not head.lstrip().startswith(b"{"):
                return self._save(address, replace(answer, chunks=chunks), head, rest, url)
            info = _read_info(chunks)
            url = info.request(base_of(answer.url), self.size)
        with self.client.ask(url, headers=_PICTURES) as answer:
            return self._save(address, answer, None, rest, url)

    def _fetch_rest(self, address: str, rest: Rest) -> Fetched:
        try:
            with self.client.ask(rest.asked, headers=_PICTURES | rest.headers) as answer:
                return self._save(address, answer, None, rest, rest.asked)
        except Refusal as refusal:
            if refusal.again or refusal.status is None:
                raise
            rest.drop()  # a server that cannot go on may begin anew
            raise Refusal(refusal.reason, again=True, status=refusal.status) from refusal

    def _save(
        self, address: str, answer: Answer, head: bytes | None, rest: Rest, asked: str = ""
    ) -> Fetched:
        """``rest``: what an attempt before left, kept anew where this one is cut off; ``asked``:
        where the rest can be asked for, "" where it cannot.
        """
        if answer.start:
            rest.require_fits(answer)
            file, chunks = rest.file, answer.chunks
        else:
            rest.drop()
            chunks = answer.chunks
            if head is None:
                head, chunks = _read_head(chunks)
            file = self._place(address, head, answer.status)
        size, digest = self._write(file, chunks, rest, answer, asked)
        return Fetched(
            address=address,
            time=read_clock(),
            url=answer.url,
            file=file,
            bytes=size,
            sha256=digest,
            etag=answer.etag,
            last_modified=answer.last_modified,
            status=answer.status,
        )

    def _place(self, address: str, head: bytes, status: int | None) -> str:
        place, form = self.places.get(address, ""), find_format(head)
        if form is None and (not place or place.lower().endswith(SUFFIXES)):
            raise Refusal(describe_other(head).partition(";")[0], status=status)
        return place or (f"{name_file(address)}{form.suffixes[0]}" if form else "")

    def _write(
        self, file: str, chunks: Iterator[bytes], rest: Rest, answer: Answer, asked: str
    ) -> tuple[int, str]:
        """Size and SHA-256 of the file, which gets its name once it is whole."""
        path = self.folder / file
        beside = path.with_name(path.name + PARTIAL)
        size, digest = rest.size, rest.digest or hashlib.sha256()
        try:
            with _open(beside, "ab" if size else "wb") as opened:
                for chunk in chunks:
                    opened.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                _require_whole(size, answer)
        except Exception as error:
            may_go_on = asked and answer.validator and getattr(error, "again", True)
            if may_go_on and size >= WORTH_KEEPING:
                rest.keep(beside, file, size, digest, asked, answer)
            else:
                rest.drop()
                beside.unlink(missing_ok=True)
            raise
        beside.replace(path)
        rest.release()
        return size, digest.hexdigest()


def find_pictures(folder: Path) -> dict[str, str]:
    """Files of earlier fetches below ``folder``, by their names without endings.

    Removes what a kill left in part.
    """
    found: dict[str, str] = {}
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        if path.suffix == PARTIAL:
            path.unlink()
        else:
            found[f"{path.parent.name}/{path.stem}"] = f"{path.parent.name}/{path.name}"
    return found


def adopt(folder: Path, address: str, file: str) -> Fetched:
    """The record of a picture that is there whole, whose record a kill prevented."""
    content = (folder / file).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return Fetched(address, read_clock(), file=file, bytes=len(content), sha256=digest)


def _open(path: Path, mode: Literal["ab", "wb"]) -> IO[bytes]:
    try:
        return path.open(mode)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open(mode)


def _require_whole(size: int, answer: Answer) -> None:
    """Raises ``Refusal`` where other than the announced number of bytes came.

    Of HTTP the connection itself says so; a bucket's library may end early without a word.
    """
    announced = None if answer.is_encoded else answer.length
    if announced is not None and size != announced:
        raise Refusal(f"cut off: {size:,} of {announced:,} bytes", again=True)


def _conditions(before: Fetched | None, url: str) -> dict[str, str]:
    """Headers by which a server may answer that nothing changed; none for another size."""
    if before is None or url not in (before.url, before.address):
        return {}
    told = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
    return {name: value for name, value in told.items() if value}


def _read_head(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, enough to tell a format by, and all of them."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    return head, _chain(head, chunks)


def _chain(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from rest


def _read_info(chunks: Iterator[bytes]) -> ImageInfo:
    content = b""
    for chunk in chunks:
        content += chunk
        if len(content) > MOST_BYTES:
            break
    info = parse_info(content)
    if info is None:
        raise Refusal(describe_other(content).partition(";")[0])
    return info
