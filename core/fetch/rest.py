"""What came of a picture before its body was cut off, so that only the rest is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from core.fetch.client import Answer
from core.fetch.errors import Refusal

PARTIAL: Final = ".partial"  # behind the name of a file that is not whole
WORTH_KEEPING: Final = 1 << 18  # bytes: below, a picture is asked for anew


@dataclass
class Rest:
    """Between two tries at one picture: ``size`` bytes are in ``path``; 0 where there are none.

    ``digest``: SHA-256 of those. ``asked``: the address that they came from. ``validator``: an ETag
    or a date, by which the server knows whether its body is still the same (RFC 9110, 13.1.5).
    ``whole``: how many bytes the body has, None where it was not announced.
    """

    path: Path | None = None
    file: str = ""
    size: int = 0
    digest: Any = None
    asked: str = ""
    validator: str = ""
    whole: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Ask for the rest of that body, or for the whole of another."""
        return {"Range": f"bytes={self.size}-", "If-Range": self.validator}

    def keep(
        self, path: Path, file: str, size: int, digest: Any, asked: str, answer: Answer
    ) -> None:
        """Notes what came of ``answer``, and of those before it that it goes on from."""
        if not answer.start:
            self.whole = answer.length
        self.path, self.file, self.size, self.digest = path, file, size, digest
        self.asked, self.validator = asked, answer.validator

    def require_fits(self, answer: Answer) -> None:
        """Forgets what came, and raises ``Refusal``, unless ``answer`` goes on where it ended."""
        is_same = answer.validator in ("", self.validator)
        if answer.start == self.size and is_same and answer.open_end in (None, self.whole):
            return
        self.drop()
        raise Refusal("sends another part than the one asked for", again=True)

    def drop(self) -> None:
        """Removes what came."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        """Forgets what came, which is a whole file by now."""
        self.path, self.file, self.size, self.digest = None, "", 0, None
        self.asked, self.validator, self.whole = "", "", None
