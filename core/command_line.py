"""Parses every command line with one library, which builds help and errors from a dataclass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

import tyro

Options = TypeVar("Options")


def parse_arguments(
    options: type[Options],
    description: str,
    program: str | None = None,
    arguments: Sequence[str] | None = None,
) -> Options:
    """An ``options`` from ``arguments``, by default the process's own.

    ``description``: a module's docstring; its examples stay one a line. Exits with status 2 and a
    message for arguments that do not parse; passes on the ``UserError`` of a refused value.
    """
    told = re.sub(r"(?<!\n)\n(?=python|torchrun)", "\n\n", description)
    return tyro.cli(options, prog=program, description=told, args=arguments)
