"""Pictures and folders in buckets and on disk: s3, gs, hf and file addresses, through fsspec.

Keys and endpoints come from where each library looks for them: ``AWS_ACCESS_KEY_ID``,
``AWS_ENDPOINT_URL`` and the like; ``FSSPEC_S3_ANON=true`` reads a public bucket without keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from core.fetch.client import Answer
from core.fetch.errors import FetchError, Refusal
from core.fetch.limits import Limits
from core.sizes import MEGABYTE
from core.text import show_line

_CHUNK: Final = 1 << 20
_NEEDS: Final = {"s3": "s3fs", "gs": "gcsfs", "hf": "huggingface_hub"}


def open_system(address: str) -> tuple[Any, str]:
    """The file system of ``address`` and the path in it.

    Raises ``FetchError`` where the library that reads it is not installed.
    """
    import fsspec

    scheme = address.partition("://")[0]
    try:
        found: tuple[Any, str] = fsspec.core.url_to_fs(address)
    except ImportError as error:
        raise FetchError(
            f"{scheme}:// addresses need a library that is not installed",
            found=show_line(address, 80),
            remedy=f"pip install {_NEEDS.get(scheme, 'fsspec')}",
        ) from error
    except ValueError as error:
        raise FetchError(f"{show_line(address, 80)} is no address", found=str(error)) from error
    return found


@contextmanager
def open_object(address: str, limits: Limits) -> Iterator[Answer]:
    """The object at ``address``, as an answer of ``core.fetch.client``; raises ``Refusal``."""
    with _explain():
        system, path = open_system(address)
        told = system.info(path)
        opened = system.open(path, "rb", block_size=_CHUNK)
    with opened:
        size = told.get("size")
        if size is not None and size > limits.most_bytes:
            raise Refusal(f"larger than {limits.most_bytes / MEGABYTE:,.3g} MB")
        yield Answer(
            url=address,
            status=None,
            length=size,
            etag=str(told.get("ETag") or told.get("etag") or ""),
            last_modified=str(told.get("LastModified") or told.get("mtime") or ""),
            chunks=_chunks(opened),
        )


def _chunks(opened: Any) -> Iterator[bytes]:
    while True:
        with _explain():
            chunk = opened.read(_CHUNK)
        if not chunk:
            return
        yield chunk


@contextmanager
def _explain() -> Iterator[None]:
    """Turns what a file system raises into a ``Refusal``."""
    try:
        yield
    except FileNotFoundError as error:
        raise Refusal("no such object") from error
    except IsADirectoryError as error:
        raise Refusal("a folder, not a picture") from error
    except PermissionError as error:
        raise Refusal("not allowed to read it") from error
    except FetchError as error:
        raise Refusal(f"{error.what}: {error.remedy or error.found}") from error
    except OSError as error:
        reason = f"cannot be read: {show_line(error.strerror or str(error), 80)}"
        raise Refusal(reason, again=True) from error
    except Exception as error:  # of one address in a table, whatever its library raises
        reason = str(error) or type(error).__name__
        raise Refusal(f"cannot be read: {show_line(reason, 80)}") from error
