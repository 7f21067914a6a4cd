"""The programs of the product, started as people start them."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
# By how they stand in a command line, with the words that start them.
PROGRAMS: Final = {
    "train.py": ("train.py",),
    "core.classify": ("-m", "core.classify"),
    "core.fetch": ("-m", "core.fetch"),
    "core.reviews": ("-m", "core.reviews"),
    "core.report": ("-m", "core.report"),
    "core.export.sheets": ("-m", "core.export.sheets"),
    "dashboard": ("-m", "dashboard"),
}


@cache
def call(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What the program ``name`` says to ``words``, on a wide terminal; each asked once."""
    return subprocess.run(
        [sys.executable, *PROGRAMS[name], *words],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
