"""The real paintings beside the checkout, for the tests that are marked ``paintings``."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


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
