"""What an address is: a picture, the base of an IIIF image, a picture in a bucket."""

from __future__ import annotations

import hashlib
import re
from typing import Final, Literal
from urllib.parse import SplitResult, urlsplit

from core.fetch.errors import Refusal
from core.fetch.private import Origin
from core.text import show_line

Kind = Literal["picture", "image base", "bucket"]
BUCKETS: Final = ("s3", "gs", "hf", "file")
_PORTS: Final = {"http": 80, "https": 443}
# region/size/rotation/quality.format, the end of a request for an image: IIIF Image API, 2.1
_REQUEST: Final = re.compile(
    r"/(?:full|square|(?:pct:)?[\d.]+(?:,[\d.]+){3})/[\^!\w.,:]+/!?[\d.]+/"
    r"(?:default|native|color|gray|grey|bitonal)(?:\.\w+)?$"
)
_IIIF: Final = re.compile(r"(?:^|[/.-])iiif", re.IGNORECASE)
_INFO: Final = "/info.json"


def recognise(address: str) -> Kind:
    """What ``address`` is by its form; raises ``Refusal`` for one that is not fetched.

    An ``image base`` is a guess where its path only speaks of IIIF: who asks finds out.
    """
    parts = _split(address)
    if parts.scheme in BUCKETS:
        return "bucket"
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Refusal(f"not an address of http, https, {', '.join(BUCKETS)}")
    if parts.username or parts.password:
        raise Refusal("carries a password, which is not sent")
    path = parts.path
    if path.endswith(_INFO):
        return "image base"
    is_service = _IIIF.search(f"{parts.hostname}{path}") is not None and not parts.query
    return "image base" if is_service and not _REQUEST.search(path) else "picture"


def base_of(address: str) -> str:
    """The base of an IIIF image, whether ``address`` is it or its ``info.json``."""
    return address.removesuffix(_INFO).rstrip("/")


def host_of(address: str) -> str:
    """Whose limits count: a host, or a bucket such as ``s3://scans``."""
    parts = _split(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in BUCKETS else parts.hostname or ""


def origin_of(address: str) -> Origin | None:
    """Host and port that a web address names; None for any other address."""
    try:
        parts = _split(address)
        port = parts.port or _PORTS.get(parts.scheme)
    except (Refusal, ValueError):
        return None
    return (parts.hostname, port) if parts.scheme in _PORTS and parts.hostname and port else None


def name_file(address: str) -> str:
    """Where the picture at ``address`` goes, without its ending: the same in every fetch.

    Of its hash alone, so nothing in an address leads anywhere: ``"3f/3fa9..."``.
    """
    digest = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{digest[:2]}/{digest}"


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as error:
        raise Refusal(f"not an address: {show_line(str(error), 80)}") from error
