"""One version, and every command says it."""

from __future__ import annotations

import re
import tomllib

import pytest

from core import __version__
from tests.programs import PROGRAMS, ROOT, call


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_says_the_version(program: str) -> None:
    result = call(program, "--version")
    assert (result.returncode, result.stdout) == (0, f"ArtExtract curator {__version__}\n")


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "core.__version__"}


def test_the_changelog_tells_of_the_version_or_of_what_comes_after_it() -> None:
    heads = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert heads[0] == "Unreleased"
    assert heads[1:] == [] or heads[1] == __version__
