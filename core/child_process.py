"""What processes that read untrusted bytes share: an environment without secrets, a deadline."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

# The only environment variables that a child receives: the rest may hold passwords.
PASSED_ON: Final = (
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "PYTHONUSERBASE", "HOME"),
    *("LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "OMP_NUM_THREADS"),
)


def build_environment() -> dict[str, str]:
    """A child's environment: Python's paths, none of the server's secrets."""
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    root = str(Path(__file__).parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return {**passed, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}


@contextmanager
def kill_after(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """Kills the process if the block takes longer than ``seconds``; the event tells of it.

    Its end ends every read from it and write to it.
    """
    late = threading.Event()

    def kill() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
