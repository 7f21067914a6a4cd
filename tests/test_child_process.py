"""The deadline of a process that reads untrusted bytes."""

from __future__ import annotations

import subprocess
import sys

from core.child_process import kill_after


def start(code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)


def test_a_process_over_its_time_is_killed_and_reads_of_it_end() -> None:
    with start("import time; time.sleep(600)") as process, kill_after(process, 0.2) as late:
        assert process.stdout is not None
        assert process.stdout.read() == b""
        assert process.wait() != 0
    assert late.is_set()


def test_a_process_within_its_time_is_left_alone() -> None:
    with start("print('done')") as process, kill_after(process, 60) as late:
        assert process.stdout is not None
        assert process.stdout.read() == b"done\n"
        assert process.wait() == 0
    assert not late.is_set()
