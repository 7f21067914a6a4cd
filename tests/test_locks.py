"""The locks hold what the requirements ask for, by hash, and a file with another is refused."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = {
    "requirements-dashboard.txt": "dashboard.txt",
    "requirements.txt": "full.txt",
    "requirements-dev.txt": "dev.txt",
    "requirements-audit.txt": "audit.txt",
}


def read_requirements(name: str) -> list[Requirement]:
    lines = (ROOT / name).read_text().split("\n")
    nested = [each for line in lines if line[:3] == "-r " for each in read_requirements(line[3:])]
    return nested + [Requirement(line) for line in lines if line and line[0] not in "#-"]


def read_lock(name: str) -> dict[str, list[Requirement]]:
    text = (ROOT / "locks" / name).read_text().replace("\\\n", " ")
    found: dict[str, list[Requirement]] = {}
    for line in filter(None, text.split("\n")):
        pinned, *hashes = line.split("--hash=sha256:")
        assert hashes, f"{pinned} has no hash"
        assert all(re.fullmatch(r"[0-9a-f]{64}", each.strip()) for each in hashes), pinned
        requirement = Requirement(pinned.strip())
        assert re.fullmatch(r"==[\w.!+]+", str(requirement.specifier)), pinned
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


@pytest.mark.parametrize(("requirements", "lock"), LOCKS.items())
def test_each_lock_holds_what_is_asked_for_in_a_version_that_fits(
    requirements: str, lock: str
) -> None:
    locked = read_lock(lock)
    for wanted in read_requirements(requirements):
        pins = locked[canonicalize_name(wanted.name)]
        for pin in pins:
            (version,) = (each.version for each in pin.specifier)
            assert version in wanted.specifier, f"make lock: {wanted} is locked as {pin}"


@pytest.mark.parametrize("lock", ["dashboard.txt", "full.txt"])
def test_the_smaller_locks_are_parts_of_the_largest(lock: str) -> None:
    largest = read_lock("dev.txt")
    for name, pins in read_lock(lock).items():
        versions = {str(pin.specifier) for pin in largest[name]}
        assert {str(pin.specifier) for pin in pins} <= versions


@pytest.mark.parametrize("lock", LOCKS.values())
def test_a_lock_names_no_network(lock: str) -> None:
    text = (ROOT / "locks" / lock).read_text()
    assert not re.search(r"://|index-url|find-links|trusted-host|@ ", text)


def build_wheel(folder: Path, code: str) -> Path:
    """A package called ``little`` that says ``code``."""
    path = folder / "little-1.0-py3-none-any.whl"
    about = "Metadata-Version: 2.1\nName: little\nVersion: 1.0\n"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("little.py", code)
        wheel.writestr("little-1.0.dist-info/METADATA", about)
        wheel.writestr("little-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("little-1.0.dist-info/RECORD", "")
    return path


@pytest.mark.slow
def test_a_file_that_was_exchanged_is_not_installed(tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path, "VALUE = 1")
    lock = tmp_path / "lock.txt"
    locked = wheel.read_bytes()
    digest = hashlib.sha256(locked).hexdigest()
    lock.write_text(f"little==1.0 \\\n    --hash=sha256:{digest}\n")
    install: list[str | Path] = [ROOT / ".ci" / "environment", tmp_path / "venv", lock, "1"]
    environment = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    build_wheel(tmp_path, "VALUE = 2")
    done = subprocess.run(
        install, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    python = tmp_path / "venv" / "bin" / "python"
    assert subprocess.run(
        [python, "-c", "import little"], capture_output=True, check=False
    ).returncode
    wheel.write_bytes(locked)
    subprocess.run(install, cwd=ROOT, env=environment, check=True)
    subprocess.run([python, "-c", "import little; assert little.VALUE == 1"], check=True)
