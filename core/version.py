"""The version, as command lines print it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from core import __version__

NAME: Final = f"ArtExtract curator {__version__}"


def answer_version(arguments: Sequence[str] | None = None) -> None:
    """Prints the version and ends the process when ``--version`` is among ``arguments``.

    ``arguments`` are the process's own where they are None. Checked before parsing, so that no
    other argument is required.
    """
    if "--version" in (sys.argv[1:] if arguments is None else arguments):
        sys.stdout.write(f"{NAME}\n")
        sys.exit(0)
