"""Which package may import which: the contracts of pyproject.toml, and that each one bites."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHECK = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = [contract["name"] for contract in SETTINGS["contracts"]]
LAYERS = {
    contract["containers"][0]: contract["layers"]
    for contract in SETTINGS["contracts"]
    if contract["type"] == "layers"
}
# A module, a line that must not stand in it, and the rule that says so.
FORBIDDEN = [
    ("core/text.py", "import dashboard.words", "core knows neither Streamlit nor the dashboard"),
    (
        "core/findings/cells.py",
        "import streamlit",
        "core knows neither Streamlit nor the dashboard",
    ),
    ("core/classify/session.py", "import torch", "only core.training imports torch"),
    (
        "dashboard/words.py",
        "import core.training.config",
        "the dashboard does not reach the trainer",
    ),
    ("core/collection/errors.py", "import core.collection.open", "no circle in core"),
    ("dashboard/selection/filters.py", "import dashboard.runs.cache", "no circle in the dashboard"),
    ("core/images/store.py", "import core.findings.cells", "core lies in layers"),
    (
        "dashboard/access/people.py",
        "import dashboard.session.state",
        "the dashboard lies in layers",
    ),
    (
        "dashboard/views/sets/page.py",
        "import dashboard.views.cases",
        "a page imports no other page",
    ),
    (
        "dashboard/figures/frame.py",
        "import streamlit",
        "selection, figures and points know no Streamlit",
    ),
    (
        "dashboard/server/points.py",
        "import dashboard.views.outliers",
        "the server knows no page",
    ),
]


def check_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHECK],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_every_import_follows_the_arrows() -> None:
    result = check_imports(ROOT)
    assert result.returncode == 0, result.stdout


def test_every_rule_is_explained_by_its_name() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    assert [name for name in CONTRACTS if f"| {name} |" not in text] == []


@pytest.mark.parametrize("package", LAYERS)
def test_the_layers_are_listed_as_they_are_checked(package: str) -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    listed = re.findall(rf"^    {package} +((?:.+\n)(?: {{8,}}.+\n)*)", text, re.MULTILINE)[-1]
    assert " ".join(listed.split()) == ", ".join(LAYERS[package]).replace(" | ", " and ")


def test_every_rule_is_tried() -> None:
    assert {rule for _, _, rule in FORBIDDEN} == set(CONTRACTS)


@pytest.mark.slow
@pytest.mark.parametrize(("module", "line", "rule"), FORBIDDEN)
def test_an_import_against_an_arrow_is_found(
    module: str, line: str, rule: str, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("core", "dashboard"):
        shutil.copytree(ROOT / package, tmp_path / package)
    path = tmp_path / module
    path.write_text(f"{path.read_text()}\n\n{line}\n")
    result = check_imports(tmp_path)
    assert result.returncode == 1
    assert f"{rule} BROKEN" in result.stdout
