"""The process that reads a file of rows: what it loads before it reads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LARGE = ("sqlalchemy", "alembic", "pandas", "pyarrow", "numpy", "PIL")


def find_loaded(code: str) -> set[str]:
    """The large libraries that a fresh process holds after ``code``."""
    found = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return set(found.stdout.split()) & set(LARGE)


@pytest.mark.parametrize(
    ("form", "libraries"),
    [("csv", set()), ("jsonl", set()), ("parquet", {"pandas", "pyarrow", "numpy"})],
)
def test_a_form_loads_its_own_libraries_before_the_limits(form: str, libraries: set[str]) -> None:
    code = f"from core.row_files.rows_child import READERS; READERS[{form!r}]()"
    assert find_loaded(code) == libraries
