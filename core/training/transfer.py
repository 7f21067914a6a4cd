"""From arrays on disk to the GPU: whole ones in chunks, batches ahead of their use."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import torch

CHUNK_BYTES: Final = 256 << 20
AHEAD: Final = 2  # batches on their way while one is used

Request = TypeVar("Request")
Found = TypeVar("Found")


def read_ahead(
    requests: Sequence[Request], read: Callable[[Request], Found], ahead: int = 1
) -> Iterator[tuple[Request, Found]]:
    """Each request with what ``read`` gives for it, read while those before are used."""
    with ThreadPoolExecutor(1) as reader:
        coming = deque(reader.submit(read, first) for first in requests[:1])
        for number, request in enumerate(requests, start=1):
            found = coming.popleft().result()
            sent = number + len(coming)
            coming.extend(reader.submit(read, later) for later in requests[sent : number + ahead])
            yield request, found


def send(rows: np.ndarray, device: torch.device) -> torch.Tensor:
    """Row numbers on ``device``, without waiting for what the GPU still has to do before."""
    return torch.from_numpy(rows).to(device, non_blocking=True)


def move_whole(array: np.ndarray, device: torch.device) -> torch.Tensor:
    """A copy of ``array`` on ``device``; main memory holds two chunks of it at a time."""
    source = torch.from_numpy(array)
    whole = torch.empty(source.shape, dtype=source.dtype, device=device)
    rows = max(1, CHUNK_BYTES // max(1, source[:1].nbytes))
    stages = [_Stage(source[:rows], device) for _ in range(2)]
    for number, start in enumerate(range(0, len(source), rows)):
        stages[number % 2].move(source[start : start + rows], whole[start : start + rows])
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return whole


class _Stage:
    """A pinned buffer, filled again only when what it held has arrived."""

    def __init__(self, like: torch.Tensor, device: torch.device) -> None:
        self._is_gpu = device.type == "cuda"
        self._buffer = torch.empty(like.shape, dtype=like.dtype, pin_memory=self._is_gpu)
        self._arrived: torch.cuda.Event | None = None

    def move(self, source: torch.Tensor, target: torch.Tensor) -> None:
        if self._arrived is not None:
            self._arrived.synchronize()
        held = self._buffer[: len(source)]
        held.copy_(source)
        target.copy_(held, non_blocking=True)
        if self._is_gpu:
            self._arrived = torch.cuda.current_stream(target.device).record_event()


@dataclass(frozen=True)
class _Underway:
    """A batch that is being copied, and when it will be there."""

    values: torch.Tensor
    arrived: torch.cuda.Event | None

    def receive(self) -> torch.Tensor:
        """The batch, safe to use on the current stream."""
        if self.arrived is not None:
            current = torch.cuda.current_stream(self.values.device)
            current.wait_event(self.arrived)
            self.values.record_stream(current)
        return self.values


def stream_batches(
    array: np.ndarray, requests: Sequence[np.ndarray], device: torch.device
) -> Iterator[torch.Tensor]:
    """``array[rows]`` on ``device`` for the ``rows`` (b,) of each request, in order.

    The next ones are gathered in a thread, into pinned memory, and copied on a stream of their own
    while the GPU works on the present one.
    """
    source = torch.from_numpy(array)
    beside = torch.cuda.Stream(device) if device.type == "cuda" else None

    def fetch(rows: np.ndarray) -> _Underway:
        shape = (len(rows), *source.shape[1:])
        held = torch.empty(shape, dtype=source.dtype, pin_memory=beside is not None)
        torch.index_select(source, 0, torch.from_numpy(rows), out=held)
        if beside is None:
            return _Underway(held, None)
        with torch.cuda.stream(beside):
            values = held.to(device, non_blocking=True)
            return _Underway(values, beside.record_event())

    for _, underway in read_ahead(requests, fetch, AHEAD):
        yield underway.receive()
