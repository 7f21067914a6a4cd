"""The command lines, parsed alike: one library makes help, defaults and errors of a dataclass."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, TypeVar, cast

import tyro

from core.errors import UserError

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
    """An ``options`` from ``arguments``, the process's own where they are None.

    ``description``: a module's docstring; its examples keep a line each. ``default`` is what holds
    where ``arguments`` are silent, instead of the defaults of ``options``. Exits with status 2, and
    says why, for arguments that do not parse: without those that may hold a password. Passes on the
    ``UserError`` of a value that ``options`` refuses.
    """
    told = re.sub(r"(?<!\n)\n(?=python|torchrun)", "\n\n", description)
    given = list(sys.argv[1:] if arguments is None else arguments)
    hidden = [_PRIVATE.sub(rf"\g<1>{HIDDEN}", each) for each in given]
    if hidden != given:  # tried so first: what does not parse is repeated by the library
        with suppress(UserError):
            tyro.cli(options, prog=program, description=told, args=hidden, default=default)
    parsed = tyro.cli(options, prog=program, description=told, args=given, default=default)
    return cast(Options, parsed)
