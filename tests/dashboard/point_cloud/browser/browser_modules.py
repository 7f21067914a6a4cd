"""The browser's own modules, run by node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest


def ask_browser(runner: str, question: dict[str, Any]) -> Any:
    """What the script ``runner`` of this folder answers to ``question``."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node: it comes with npm (Debian and Ubuntu: apt install npm)")
    answer = subprocess.run(
        [node, str(Path(__file__).with_name(runner))],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)
