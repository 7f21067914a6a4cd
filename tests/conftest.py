"""The real paintings, users without rights, the order of tests, and that none may be skipped."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine fails no test
hypothesis.settings.load_profile("untimed")

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as train.py does, before torch is imported

SHARED = Path(__file__).parents[2] / "shared"
NOBODY = 65_534


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--may-skip",
        metavar="MARKER",
        help="fail when any test is skipped that lacks this marker ('none' for any test at all)",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each process begins with its share of the long ones and ends with the shortest; else one of
    them runs on when the others have ended."""
    items[:] = deal(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def deal(items: list[pytest.Item], processes: int) -> list[pytest.Item]:
    """``items`` in the order in which xdist parts them, evenly and in one piece a process.

    The long ones that are ``measured`` wait for one training, and stay with one process.
    """
    long = [item for item in items if item.get_closest_marker("long")]
    together = [item for item in long if item.get_closest_marker("measured")]
    apart = [item for item in long if not item.get_closest_marker("measured")]
    others = [item for item in items if not item.get_closest_marker("long")]
    dealt: list[pytest.Item] = []
    for number in range(processes):
        own = [*([] if number else together), *apart[number::processes]]
        size = (len(items) - len(dealt)) // (processes - number)
        rest, others = others[: max(0, size - len(own))], others[max(0, size - len(own)) :]
        dealt += own + sorted(rest, key=lambda item: item.get_closest_marker("slow") is None)
    return dealt + others


def pytest_collection_finish() -> None:
    """The tests and what they import stay: Streamlit, which collects after every script, and the
    trainer, after every phase, need not look at them each time."""
    keep_for_good()


def keep_for_good() -> None:
    """Takes all that is alive out of later searches for garbage."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """As Python ends, libraries that find their own objects alive complain."""
    gc.unfreeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    allowed = item.config.getoption("--may-skip")
    if allowed and report.skipped and allowed not in item.keywords:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} should have run: {report.longrepr}"
    return report


def _find(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"no {name} in a folder 'shared' beside the checkout")
    return folder


@pytest.fixture(scope="session")
def wikiart_mini() -> Path:
    """3,066 WikiArt thumbnails in folders of styles."""
    return _find("wikiart-mini")


@pytest.fixture(scope="session")
def wikiart_labels() -> Path:
    """The official WikiArt label files."""
    return _find("wikiart-labels")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may look into."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """Root may read and write anything; permissions are tried as somebody else."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)
