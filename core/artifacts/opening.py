"""Opens runs and lists those in a folder; a broken run is reported and does not stop the list."""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from core.artifacts.checking import check_run
from core.artifacts.errors import (
    RETRAIN,
    ArtifactBroken,
    RunError,
    RunMissing,
    SchemaUnknown,
    describe_error,
)
from core.artifacts.files import read_below
from core.artifacts.manifest import MANIFEST_NAME, Manifest
from core.artifacts.reader import Run, describe_fault, place_of
from core.artifacts.schema import SCHEMA_VERSION
from core.artifacts.texts import parse_json
from core.sizes import MEGABYTE
from core.text import is_line, show_line

MOST_MANIFEST: Final = 16 * MEGABYTE
MOST_NAME: Final = 200  # characters of a run's folder


def open_run(folder: Path) -> Run:
    """Opens and checks the run in ``folder``.

    Nothing but regular files of that folder and of its image store is opened, and no link below
    the folder of runs is followed, but for ``images`` itself. Raises ``RunMissing`` without a
    manifest, ``SchemaUnknown`` for another schema version, and ``ArtifactBroken`` naming the file,
    what was found and what was expected.
    """
    path = folder / MANIFEST_NAME
    content = _parse_manifest(path)
    try:
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        raise ArtifactBroken(
            f"{path} is broken",
            found=describe_fault(error),
            expected="a manifest",
            remedy=f"{RETRAIN}.",
        ) from error
    run = Run(folder, manifest)
    check_run(run)
    return run


def _parse_manifest(path: Path) -> dict[str, Any]:
    try:
        content = parse_json(_read_manifest(path))
        if not isinstance(content, dict) or "schema_version" not in content:
            raise ValueError("no schema_version")
    except (OSError, ValueError) as error:
        raise ArtifactBroken(
            f"{path} is broken",
            found=describe_error(error),
            expected="a manifest",
            remedy=f"{RETRAIN}.",
        ) from error
    if content["schema_version"] != SCHEMA_VERSION:
        says = content.get("command")
        raise SchemaUnknown(
            f"{path.name} of run {path.parent.name} was written under another schema",
            found=f"version {show_line(str(content['schema_version']), 20)}",
            expected=f"version {SCHEMA_VERSION}",
            remedy="Train it again: make train DATA=<folder of paintings>.",
            says=says if isinstance(says, str) else "",
        )
    return content


def _read_manifest(path: Path) -> bytes:
    try:
        return read_below(*place_of(path.parent, path.name), limit=MOST_MANIFEST)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RunMissing(
            f"{path.parent} holds no run",
            found="no manifest.json",
            remedy="Train one: make train DATA=<folder of paintings>",
        ) from error


@dataclass(frozen=True)
class Listing:
    """A folder among the runs: a run that opens, or the reason why it does not."""

    run_id: str
    created: float  # seconds since 1970, of the manifest file
    name: str
    error: RunError | None
    run: Run | None = None  # of which nothing but the manifest and the files' headers was read


def list_runs(root: Path) -> list[Listing]:
    """Every run below ``root``, newest first, broken and foreign ones with their error.

    A folder without a manifest is not a run and is not listed; an unreadable folder is.
    """
    return sorted(_listings(root), key=lambda entry: (-entry.created, entry.run_id))


def _listings(root: Path) -> Iterator[Listing]:
    try:
        names = sorted(folder.name for folder in root.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in names:
        if not name.startswith("."):
            listing = _look_into(root, name)
            if listing is not None:
                yield listing


def _look_into(root: Path, name: str) -> Listing | None:
    try:
        created = stamp_manifest(root / name)
    except OSError as error:
        found = describe_error(error)
        return _name_fault(name, ArtifactBroken(f"{_spell(name)} cannot be opened", found=found))
    if created is None:
        return None
    if not is_line(name) or len(name) > MOST_NAME:
        return _name_fault(
            name,
            ArtifactBroken(
                f"{_spell(name)} cannot be opened",
                found="a name with characters that cannot be shown",
                expected=f"one line of at most {MOST_NAME} characters",
                remedy="Give the folder another name.",
            ),
        )
    try:
        run = open_run(root / name)
    except RunError as error:
        return Listing(name, created, name, error)
    return Listing(name, created, run.manifest.collection.name, None, run)


def stamp_manifest(folder: Path) -> float | None:
    """When the manifest in ``folder`` was written; None where there is none, and so no run.

    Raises ``OSError`` for a link that leads to a folder of the kind or nowhere, and for a folder
    that may not be looked into.
    """
    mode = folder.lstat().st_mode
    if stat.S_ISLNK(mode):
        _refuse_run_behind(folder)
        return None
    if not stat.S_ISDIR(mode):
        return None
    try:
        return (folder / MANIFEST_NAME).lstat().st_mtime
    except FileNotFoundError:
        return None


def _refuse_run_behind(folder: Path) -> None:
    """A link is not a run: pictures and verdicts may lie elsewhere, runs may not."""
    try:
        (folder / MANIFEST_NAME).stat()
    except (FileNotFoundError, NotADirectoryError):
        folder.stat()  # raises for a dangling link
        return
    raise OSError(errno.ELOOP, "a link; links are not followed. Move the run itself here")


def _name_fault(name: str, error: RunError) -> Listing:
    spelled = _spell(name)
    return Listing(spelled, 0.0, spelled, error)


def _spell(name: str) -> str:
    """``name`` with what cannot be shown as escapes, cut to ``MOST_NAME`` characters."""
    signs = (sign if is_line(sign) else sign.encode("unicode_escape").decode() for sign in name)
    return show_line("".join(signs), MOST_NAME)
