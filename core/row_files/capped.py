"""Reads one untrusted file in its own process, with bounded time and memory.

As with pictures (``core.images.guard``, whose limits the process takes on), bytes go in and plain
data comes out: a reader that crashes, hangs or exhausts memory costs one file and a message. The
process is not kept warm: files are rare, and table libraries are large.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Final, cast

from core.child_process import build_environment, kill_after
from core.errors import UserError
from core.sizes import MEGABYTE

# Without them, Arrow and BLAS start a thread a core, each with an address space of its own.
_LONELY: Final = {
    "OMP_NUM_THREADS": "1",
    "ARROW_NUM_THREADS": "1",
    "ARROW_IO_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
}


class ReaderFailed(UserError):
    """The process ended without an answer; ``what`` says why."""


@dataclass(frozen=True)
class Cap:
    """``seconds`` of wall time, ``memory_bytes`` of address space, and the longest answer taken."""

    seconds: float
    memory_bytes: int
    answer_bytes: int


def run_capped(module: str, content: bytes, cap: Cap) -> bytes:
    """What ``python -m module MEMORY_BYTES`` answers to ``content``.

    The module calls ``limit_resources`` before it reads. Raises ``ReaderFailed``.
    """
    command = [sys.executable, "-B", "-m", module, str(cap.memory_bytes)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what libraries say of damaged files
        env=build_environment() | _LONELY,
    ) as process:
        try:
            with kill_after(process, cap.seconds) as late:
                answer = _ask(process, content, cap.answer_bytes)
                # Only a clean exit within the time counts: otherwise the answer may be incomplete.
                is_whole = len(answer) <= cap.answer_bytes and process.wait() == 0
        finally:
            process.kill()
    if late.is_set():
        raise ReaderFailed(f"reading it took too long; the limit is {cap.seconds:g} s")
    if not is_whole:
        raise ReaderFailed(
            "the reader failed on it and was stopped; the file may be damaged, or need more than "
            f"{cap.memory_bytes / MEGABYTE:,.0f} MB of memory"
        )
    return answer


def _ask(process: subprocess.Popen[bytes], content: bytes, limit: int) -> bytes:
    with suppress(BrokenPipeError):  # it refused the file unread, and gives the reason
        cast(IO[bytes], process.stdin).write(content)
    with suppress(BrokenPipeError):
        cast(IO[bytes], process.stdin).close()
    return cast(IO[bytes], process.stdout).read(limit + 1)
