"""Starts trainers without paying for their imports each time: imports once, then forks.

`python -m tests.training.launcher LOG` reads a JSON list of arguments a line, starts
`train.py` with them in a fork, and writes the fork's process id, then its exit status.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import traceback
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).parents[2]


class Launcher(AbstractContextManager["Launcher"]):
    """The other end of this script."""

    def __init__(self, log: Path) -> None:
        environment = os.environ | {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
        self.log = log
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.training.launcher", str(log)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, *arguments: str) -> int:
        """Process id of a trainer that runs from now on."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        return self._read()

    def wait(self) -> int:
        """Exit status of the trainer, when it has ended; minus the signal that killed it."""
        return self._read()

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


def serve(orders: TextIO, log: Path) -> None:
    import onnxscript  # noqa: F401
    import umap  # noqa: F401

    import core.training.run  # noqa: F401

    gc.freeze()  # no trainer looks for garbage in what all of them import
    for line in orders:
        child = os.fork()
        if child == 0:
            _run(json.loads(line), log)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(arguments: list[str], log: Path) -> None:
    """Ends this process as train.py would; pieces are small and kept at once."""
    status = 1
    try:
        out = log.open("a")
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
        import train
        from core.training import activations, folds

        activations.BLOCK = 5  # type: ignore[misc]
        folds.SAVE_EVERY_SECONDS = 0.0  # type: ignore[misc]
        sys.argv = ["train.py", *arguments]
        status = train.main()
    except BaseException:  # noqa: BLE001  # the fork must end here, whatever happens
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve(sys.stdin, Path(sys.argv[1]))
