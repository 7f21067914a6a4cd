"""What `make lint` runs, with and without npm, and that a commit runs the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAKE = shutil.which("make") or "make"


def plan_lint(path: str) -> str:
    """The commands that ``make lint`` would run in an environment that is there already."""
    result = subprocess.run(
        [MAKE, "-n", "-o", ".venv/.dev", "lint"],
        cwd=ROOT,
        env={"PATH": path, "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    return result.stdout


def test_without_npm_lint_says_what_it_left_out_and_how_to_get_it(tmp_path: Path) -> None:
    plan = plan_lint(str(tmp_path))
    assert "ruff check" in plan
    assert "biome" not in plan
    assert (
        "The JavaScript was not linted: npm is missing (Debian and Ubuntu: apt install npm)" in plan
    )


def test_with_npm_lint_checks_the_javascript(tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\n")
    npm.chmod(0o755)
    plan = plan_lint(str(tmp_path))
    assert "node_modules/.bin/biome check --error-on-warnings ." in plan
    assert "not linted" not in plan


def test_a_commit_runs_the_same() -> None:
    assert "entry: make lint\n" in (ROOT / ".pre-commit-config.yaml").read_text()


def test_the_linter_is_pinned_and_locked() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, version in wanted.items():
        assert version[0].isdigit()
        assert locked[f"node_modules/{name}"]["version"] == version
    assert all(entry.get("integrity") for name, entry in locked.items() if name)
    assert not any("resolved" in entry for entry in locked.values())  # whichever registry serves it
