"""Why a run cannot be used."""

from __future__ import annotations

from typing import Final

from core.errors import UserError
from core.text import show_line

RETRAIN: Final = (
    "Restore it from a backup, or remove it and train again:  make train DATA=<folder of paintings>"
)


class RunError(UserError):
    """A run cannot be read.

    ``says``: the command that made the run, in the run's own words. It is quoted, never
    recommended: whoever wrote the run wrote the command.
    """

    def __init__(
        self, what: str, *, found: str = "", expected: str = "", remedy: str = "", says: str = ""
    ) -> None:
        super().__init__(
            show_line(what, 600), found=show_line(found, 2_000), expected=expected, remedy=remedy
        )
        self.says = show_line(says)

    def __str__(self) -> str:
        if not self.says:
            return super().__str__()
        return f'{super().__str__()} This run says it was made by: "{self.says}".'


class RunMissing(RunError):
    """There is no such run: no folder, or one without a manifest."""


class SchemaUnknown(RunError):
    """The run was written under another version of the artifact schema."""


class ArtifactBroken(RunError):
    """A file of the run is missing or is not what the manifest and the schema say."""


def describe_error(error: Exception) -> str:
    """What the system or a library found wrong, in one line."""
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return show_line(str(error)) or type(error).__name__
