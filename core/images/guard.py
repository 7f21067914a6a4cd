"""Decodes hostile pictures in separate processes: a crash or a hang costs one picture.

An upload may be built to break a decoder. The bytes therefore go to a warm child process with
limits on memory, time and files (``core.images.guard_child``); only plain pixels come back. A child
that dies, hangs or gives a malformed answer is replaced, and the picture is refused with the
reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any, Final, Self, cast

from PIL import Image

from core.child_process import build_environment, kill_after
from core.errors import UserError
from core.images.decode import Decoded
from core.images.guard_child import LENGTH, READY, REQUEST
from core.images.loaded import MAX_LONG_SIDE, ImageRefused, PixelLimits
from core.sizes import MEGABYTE, UPLOAD_MEGAPIXELS

START_SECONDS: Final = 60.0
END_SECONDS: Final = 5.0  # that a killed process may take to be gone
PICTURES_A_CHILD: Final = 256  # then the process is replaced, with whatever a decoder has leaked


class GuardBroken(UserError):
    """No decoding process can be started on this machine."""


class GuardClosed(GuardBroken):
    """The guard was closed: the server ends."""

    def __init__(self) -> None:
        super().__init__(
            "Pictures are no longer decoded: the server is stopping",
            remedy="Try again when it is back.",
        )


class GuardBusy(ImageRefused):
    """No decoding process was free in time."""


@dataclass(frozen=True)
class GuardLimits:
    """What one picture may cost: ``file_bytes`` and ``memory_bytes`` in bytes, ``seconds`` wall
    time, ``pixels`` before it is decoded. The memory is a child's whole address space.
    ``wait_seconds``: how long a picture waits for a child to be free.
    """

    file_bytes: int = 40 * MEGABYTE
    pixels: PixelLimits = field(default_factory=lambda: PixelLimits.of(UPLOAD_MEGAPIXELS))
    seconds: float = 20.0
    memory_bytes: int = 1300 * MEGABYTE
    wait_seconds: float = 30.0

    @classmethod
    def of(cls, megapixels: float) -> Self:
        """For pictures of up to ``megapixels`` held whole, with the memory and time they need."""
        usual = cls()
        pixels = PixelLimits.of(megapixels)
        share = max(1.0, pixels.whole / usual.pixels.whole)
        return cls(
            pixels=pixels,
            seconds=usual.seconds * share,
            memory_bytes=round(usual.memory_bytes * share),
            wait_seconds=usual.wait_seconds * share,
        )


class DecodingGuard:
    """A few warm decoding processes. Safe to share between threads; ``close`` ends them.

    Waits are bounded: ``wait_seconds`` for a free process, ``seconds`` for its answer.
    """

    def __init__(self, limits: GuardLimits | None = None, children: int = 2) -> None:
        self.limits = limits or GuardLimits()
        # Last in, first out: the child that decoded last has warm memory.
        self._children = [_Child(self.limits) for _ in range(children)]
        self._idle = list(self._children)
        self._change, self._is_closed = threading.Condition(), False

    @property
    def process_ids(self) -> list[int]:
        """Of the children that now run."""
        return [child.process.pid for child in self._children]

    def decode(self, data: bytes, *, short_side: int) -> Decoded:
        """As ``core.images.decode.decode_original``, in a child; waits while all are busy.

        Raises ``ImageRefused`` naming the reason and the limit, ``GuardBusy`` after
        ``wait_seconds``, ``GuardBroken`` where no child starts, ``GuardClosed`` once it is closed.
        """
        if len(data) > self.limits.file_bytes:
            size, limit = len(data) / MEGABYTE, self.limits.file_bytes / MEGABYTE
            raise ImageRefused(f"{size:,.1f} MB; the limit is {limit:,.0f} MB a file")
        child = self._take()
        try:
            return child.decode(data, short_side)
        except ImageRefused as refusal:
            if self._is_closed:
                raise GuardClosed from refusal
            raise
        finally:
            self._give_back(child)

    def close(self) -> None:
        """Ends all children and wakes callers that wait for one. May be called again."""
        with self._change:
            self._is_closed = True
            idle, self._idle = self._idle, []
            self._change.notify_all()
        for child in self._children:
            if child in idle:
                child.end()
            else:
                child.process.kill()  # the thread that waits for its answer then ends it

    def _take(self) -> _Child:
        with self._change:
            is_free = self._change.wait_for(
                lambda: self._is_closed or self._idle, self.limits.wait_seconds
            )
            if self._is_closed:
                raise GuardClosed
            if not is_free:
                raise GuardBusy("all decoders are busy with other pictures; try again")
            return self._idle.pop()

    def _give_back(self, child: _Child) -> None:
        with self._change:
            if not self._is_closed:
                self._idle.append(child)
                self._change.notify()
                return
        child.end()


class _Child:
    """One decoding process, replaced when it fails or reaches its limit of pictures."""

    def __init__(self, limits: GuardLimits) -> None:
        self._limits = limits
        self._start()

    def decode(self, data: bytes, short_side: int) -> Decoded:
        if self.process.poll() is not None:  # it ended while idle
            self._restart()
        if not self._greeted:
            self._greet()
        try:
            with kill_after(self.process, self._limits.seconds) as late:
                decoded = self._ask(data, short_side)
        except (EOFError, OSError, ValueError, KeyError, TypeError) as error:
            self._restart()
            raise ImageRefused(self._describe_end(late.is_set())) from error
        self._decoded += 1
        if self._decoded >= PICTURES_A_CHILD:
            self._restart()
        return decoded

    def end(self) -> None:
        self.process.kill()
        with suppress(subprocess.TimeoutExpired):  # one that the system holds goes with us
            self.process.wait(END_SECONDS)
        for pipe in (self._requests, self._answers):
            with suppress(OSError):  # what was not sent any more
                pipe.close()

    def _restart(self) -> None:
        self.end()
        self._start()

    def _start(self) -> None:
        """Starts a process without waiting; the handshake happens when it is first needed."""
        self.process = subprocess.Popen(
            [sys.executable, "-B", "-m", "core.images.guard_child", *map(str, self._arguments())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # native decoders write about damaged files there
            env=build_environment(),
        )
        self._requests = cast(IO[bytes], self.process.stdin)
        self._answers = cast(IO[bytes], self.process.stdout)
        self._decoded, self._greeted = 0, False

    def _arguments(self) -> tuple[int, int, int]:
        pixels = self._limits.pixels
        return pixels.whole, pixels.parts, self._limits.memory_bytes

    def _greet(self) -> None:
        with kill_after(self.process, START_SECONDS), suppress(OSError):
            if self._read(len(READY)) == READY:
                self._greeted = True
                return
        self.end()
        raise GuardBroken(
            "The decoding process does not start",
            found=f"exit status {self.process.returncode}",
            remedy=f"Run it yourself: {sys.executable} -m core.images.guard_child "
            + " ".join(map(str, self._arguments())),
        )

    def _ask(self, data: bytes, short_side: int) -> Decoded:
        """Raises ``ImageRefused`` in the child's words, ``OSError`` when it is gone."""
        self._requests.write(REQUEST.pack(len(data), short_side))
        self._requests.write(data)
        self._requests.flush()
        (length,) = LENGTH.unpack(self._read(LENGTH.size))
        answer: dict[str, Any] = json.loads(self._read(min(length, MEGABYTE)))
        if "reason" in answer:
            raise ImageRefused(str(answer["reason"]))
        width, height = (int(side) for side in answer["size"])
        if not (0 < width <= MAX_LONG_SIDE and 0 < height <= MAX_LONG_SIDE):
            raise ValueError(f"{width} x {height} pixels")
        if min(width, height) > short_side:
            raise ValueError(f"{width} x {height} pixels")
        image = Image.frombytes("RGB", (width, height), self._read(width * height * 3))
        return Decoded(
            image,
            int(answer["width"]),
            int(answer["height"]),
            bool(answer["untouched"]),
            str(answer["note"]),
        )

    def _read(self, size: int) -> bytes:
        data = self._answers.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def _describe_end(self, late: bool) -> str:
        if late:
            return f"decoding it took too long; the limit is {self._limits.seconds:g} s"
        return (
            "the decoder failed on it and was stopped; the file may be hostile, or "
            f"need more than {self._limits.memory_bytes / MEGABYTE:,.0f} MB of memory"
        )
