"""Runs the store's work in several processes; a picture that kills one does not stop the rest."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain
from multiprocessing import get_context
from typing import Final

from core.images.work import Entry, Job, Worker, run_jobs, start_worker

CHUNK: Final = 16
# Below this many jobs, starting processes takes longer than the work.
IN_PROCESS: Final = 32


def run_all(worker: Worker, jobs: list[Job], workers: int | None = None) -> Generator[list[Entry]]:
    """Entries of all jobs, a few at a time, in the order in which they are finished.

    Raises ``OSError`` when the store cannot be written.
    """
    workers = workers or _count_cpus()
    chunks = [jobs[start : start + CHUNK] for start in range(0, len(jobs), CHUNK)]
    if workers == 1 or len(jobs) <= IN_PROCESS or not _can_start(worker):
        for chunk in chunks:
            yield [worker.run(job) for job in chunk]
        return
    while chunks:
        finished: set[int] = set()
        try:
            yield from _run_chunks(worker, chunks, min(workers, len(chunks)), finished)
            return
        except BrokenProcessPool:
            left = [chunk for number, chunk in enumerate(chunks) if number not in finished]
            # Chunks are handed out in order, so the one that killed its process is near the front.
            suspects, chunks = left[: 2 * workers + 1], left[2 * workers + 1 :]
            yield from _run_singly(worker, chain.from_iterable(suspects))


def _run_chunks(
    worker: Worker, chunks: list[list[Job]], workers: int, finished: set[int]
) -> Iterator[list[Entry]]:
    with _pool(worker, workers) as pool:
        numbers = {pool.submit(run_jobs, chunk): number for number, chunk in enumerate(chunks)}
        for future in as_completed(numbers):
            entries = future.result()
            finished.add(numbers[future])
            yield entries


def _run_singly(worker: Worker, jobs: Iterable[Job]) -> Iterator[list[Entry]]:
    """One job per process at a time, to identify the picture that kills it."""
    left = list(jobs)
    while left:
        with _pool(worker, 1) as pool:
            try:
                while left:
                    yield pool.submit(run_jobs, left[:1]).result()
                    left = left[1:]
            except BrokenProcessPool:
                guilty, *left = left
                reason = "decoding it ended the process (too little memory?)"
                yield [Entry(guilty.key, guilty.source, guilty.stamp, reason=reason)]


@contextmanager
def _pool(worker: Worker, workers: int) -> Iterator[ProcessPoolExecutor]:
    # Not "fork": the parent may hold torch's threads.
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=start_worker, initargs=(worker,)
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _can_start(worker: Worker) -> bool:
    """Whether processes can be started here; not from a script read from standard input."""
    with _pool(worker, 1) as pool:
        try:
            return pool.submit(run_jobs, []).result() == []
        except BrokenProcessPool:
            return False


def _count_cpus() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
