"""The command lines, parsed alike: one library makes help, defaults and errors of a dataclass."""

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
    """An ``options`` from ``arguments``, the process's own where they are None.

    ``description``: a module's docstring; its examples keep a line each. Exits with status 2, and
    says why, for arguments that do not parse; passes on the ``UserError`` of a value that
    ``options`` refuses.
    """
    told = re.sub(r"(?<!\n)\n(?=python|torchrun)", "\n\n", description)
    return tyro.cli(options, prog=program, description=told, args=arguments)
