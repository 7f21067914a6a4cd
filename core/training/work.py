"""Finished pieces of an unfinished run, so that the same command resumes it."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import shutil
from pathlib import Path
from typing import IO, Any, Final

import torch

from core.atomic_files import replace_file
from core.collection.wording import count_of
from core.errors import UserError
from core.progress import say
from core.training.disk import explain_full_disk, measure_folder

try:
    import fcntl
except ImportError:  # Windows: two trainers of one run are then the user's to avoid
    fcntl = None  # type: ignore[assignment]

FORMAT_VERSION: Final = 8  # raised when what the pieces hold changes
_DIGEST_BYTES: Final = 32


class WorkFolder:
    """A folder for one unfinished run; its files are written whole or not at all.

    ``identity``: all that the result depends on. Pieces carry a checksum: one that is damaged
    counts as not finished.
    """

    def __init__(self, root: Path, identity: dict[str, Any]) -> None:
        text = json.dumps([FORMAT_VERSION, identity], sort_keys=True, default=str)
        self.name = hashlib.sha256(text.encode()).hexdigest()[:16]
        self.path = root / ".work" / self.name
        self.scalars = root / "tensorboard" / self.name  # these outlive the run's publication
        with explain_full_disk("the work folder", root):
            self.path.mkdir(parents=True, exist_ok=True)
        self._lock: IO[bytes] | None = None

    def take(self) -> None:
        """Locks the folder for this process; raises ``UserError`` when another process holds it."""
        self._lock = (self.path / "lock").open("wb")
        if fcntl is None:
            return
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.let_go()
            raise UserError(
                "another process is training this run",
                found=f"a lock on {self.path}",
                remedy="Wait for it, or end it; the same command then resumes the run.",
            ) from error

    def let_go(self) -> None:
        """Unlocks the folder for other processes."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def is_taken(self) -> bool:
        """Whether any process holds it; false where this is a folder on another disk."""
        return (self.path / "lock").exists()

    def load(self, name: str) -> Any:
        """The piece ``name``, tensors on the CPU; None when it was not finished or is damaged."""
        path = self.path / name
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        digest, payload = content[:_DIGEST_BYTES], memoryview(content)[_DIGEST_BYTES:]
        if hashlib.sha256(payload).digest() == digest:
            try:
                return torch.load(io.BytesIO(payload), map_location="cpu", weights_only=True)
            except (RuntimeError, EOFError, pickle.UnpicklingError):
                pass
        say(f"{path} is damaged; its content is computed again.")
        path.unlink(missing_ok=True)
        return None

    def save(self, name: str, piece: Any) -> None:
        """Keeps ``piece`` (tensors, numbers, strings, dicts and lists of them).

        Raises ``UserError`` when the disk is full; what was kept before stays.
        """
        buffer = io.BytesIO()
        torch.save(piece, buffer)
        payload = buffer.getbuffer()
        path = self.path / name
        with (
            explain_full_disk(f"the piece {name}", self.path),
            replace_file(path) as beside,
            beside.open("wb") as file,
        ):
            file.write(hashlib.sha256(payload).digest())
            file.write(payload)

    def remove_piece(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def remove(self, last: str) -> None:
        """Removes the pieces once the run is published. ``last`` is the piece that records the
        publication and goes last, so that the next call finds it after a kill.
        """
        for path in self.path.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != last:
                path.unlink()
        self.remove_piece(last)
        self.path.rmdir()

    def part(self, identity: dict[str, Any]) -> WorkFolder:
        """A folder within this one, removed with it."""
        return WorkFolder(self.path, identity)

    def describe_others(self, family: WorkFolder | None = None) -> str | None:
        """Disk space of other unfinished runs, and how to remove them; None without any.

        ``family``: the folder that this run shares with others.
        """
        own = [self.path, *([family.path] if family is not None else [])]
        others = [path for path in self.path.parent.iterdir() if path not in own]
        if not others:
            return None
        size = sum(measure_folder(path) for path in others)
        return (
            f"{count_of(len(others), 'other unfinished run')} in {self.path.parent} "
            f"take{'s' * (len(others) == 1)} {size / 1e9:.2f} GB: the command that began one "
            "resumes it; `make clean-work` removes all."
        )
