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


def build_wheel(folder: Path, code: str, name: str = "little", version: str = "1.0") -> Path:
    """A package called ``name`` that says ``code``."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", code)
        wheel.writestr(f"{info}/METADATA", about)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


def write_index(folder: Path, wheels: list[Path]) -> str:
    """A package index of ``wheels`` in a folder; its address."""
    for wheel in wheels:
        home = folder / wheel.name.split("-")[0]
        home.mkdir(parents=True)
        home.joinpath(wheel.name).write_bytes(wheel.read_bytes())
        home.joinpath("index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    return folder.as_uri()


@pytest.mark.slow
@pytest.mark.parametrize("answers", [True, False])
def test_without_a_gpu_torch_is_the_cpu_build_and_the_rest_is_checked(
    tmp_path: Path, answers: bool
) -> None:
    """With stand-ins for PyTorch, its CPU build and what it brings for GPUs."""
    wheels, built = tmp_path / "wheels", tmp_path / "built"
    wheels.mkdir()
    built.mkdir()
    lock = tmp_path / "lock.txt"
    locked = [
        build_wheel(wheels, "", name) for name in ("little", "torch", "torchvision", "triton")
    ]
    digests = {each.name.split("-")[0]: hashlib.sha256(each.read_bytes()) for each in locked}
    lines = (f"{name}==1.0 \\\n    --hash=sha256:{d.hexdigest()}\n" for name, d in digests.items())
    lock.write_text("".join(lines))
    cpu = [build_wheel(built, "", name, "1.0+cpu") for name in ("torch", "torchvision")]
    index = write_index(tmp_path / "index", cpu) if answers else "http://127.0.0.1:9/"
    none = write_index(tmp_path / "none", locked[:0])
    found = {"PIP_INDEX_URL": none, "PIP_FIND_LINKS": str(wheels), "PIP_EXTRA_INDEX_URL": none}
    empty = tmp_path / "pip.conf"
    empty.write_text("")
    settings = {"TORCH": "cpu", "TORCH_INDEX": index, "PIP_CONFIG_FILE": str(empty)}
    install: list[str | Path] = [ROOT / ".ci" / "environment", tmp_path / "venv", lock, "1"]
    done = subprocess.run(
        install,
        cwd=ROOT,
        env=os.environ | found | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    python = tmp_path / "venv" / "bin" / "python"
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format", "freeze"], capture_output=True, text=True
    ).stdout
    assert "little==1.0" in listed
    assert ("torch==1.0+cpu" in listed) == answers
    assert ("triton" in listed) != answers
    assert ("the build for GPUs instead, as locked" in done.stderr) != answers


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
