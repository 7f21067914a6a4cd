"""Parses every command line with one library, which builds help and errors from a dataclass."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, TypeVar, cast

import tyro

from core.errors import UserError
from core.repeated_flags import gather_repeated

Options = TypeVar("Options")
HIDDEN: Final = "***"
# What may hold a password: a URL, what follows "user:password@", a connection string.
_PRIVATE: Final = re.compile(r"^(--[\w-]+=)?(?=.*(?:://|@|password)).*", re.DOTALL | re.IGNORECASE)


def parse_arguments(
    options: type[Options],
    description: str,
    program: str | None = None,
    arguments: Sequence[str] | None = None,
    default: Options | None = None,
) -> Options:
    """An ``options`` from ``arguments``, by default the process's own.

    ``description``: a module's docstring; its examples stay one a line. ``default`` holds where
    ``arguments`` are silent, instead of the defaults of ``options``. Exits with status 2 and a
    message for arguments that do not parse, without those that may hold a password; passes on the
    ``UserError`` of a refused value, and raises one for a second value of a flag that takes one.
    """
    told = re.sub(r"(?<!\n)\n(?=python|torchrun)", "\n\n", description)
    given = gather_repeated(options, sys.argv[1:] if arguments is None else arguments)
    hidden = [_PRIVATE.sub(rf"\g<1>{HIDDEN}", each) for each in given]
    if hidden != given:  # tried so first: what does not parse is repeated by the library
        with suppress(UserError):
            tyro.cli(options, prog=program, description=told, args=hidden, default=default)
    parsed = tyro.cli(options, prog=program, description=told, args=given, default=default)
    return cast(Options, parsed)
