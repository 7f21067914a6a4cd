"""A run whose every text can be recognised, and what counts as a leak of it.

A leak is an answer to somebody without right that holds picture bytes, keys, titles or artists of
the run, verdicts, file names, points, answers of the model, paths of this machine, secrets, or
other people's names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.server import CHECKOUT
from core.reviews import Entry, open_log
from tests.synthetic_run import CLASSES, OTHER_ARTISTS, build_run

# In titles, artists, the run's name, a reviewer's, a note and a variable of the environment.
WORD: Final = "quokka"
RUN: Final = f"{WORD}-run"
KEEPER: Final = f"{WORD}@museum.org"
NOTE: Final = f"the {WORD} was cut from a larger canvas"
VARIABLE: Final = f"{WORD}-environment"
TITLES: Final = (f"{WORD.title()} at Dawn", f"The {WORD.title()} and Her Daughter")
PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF", b"GIF8", b"II*\0", b"MM\0*")
OPEN_PICTURES: Final = ("/favicon.png",)
# Of what the API answers to a picture.
ANSWER: Final = re.compile(rb'"(probability|neighbours)":\s*[\[\d]|"(novelty)":\s*\{')

_KINDS: Final[dict[str, re.Pattern[bytes]]] = {
    "a text of the run or of a reviewer": re.compile(WORD.encode(), re.IGNORECASE),
    "a key or file name": re.compile(rb"painting-\d+\.jpg|reviews\.sqlite|people\.toml"),
    "an artist or a style": re.compile(
        "|".join(
            [*CLASSES["artist"], *OTHER_ARTISTS, *(f"{name}\\b" for name in CLASSES["style"])]
        ).encode()
    ),
    "a picture": re.compile(rb"data:image/jpeg|/9j/4AAQ"),
    "an answer of the model": ANSWER,
    "a path of this machine": re.compile(
        rb"Traceback \(most|site-packages|/home\.py|/etc/passwd|root:[x*]:0:0|"
        + re.escape(str(CHECKOUT)).encode()
    ),
    "a secret": re.compile(rb"cookie_secret|client_secret|SQLite format 3|SQLAlchemy"),
}


@dataclass
class Finder:
    """Finds leaks; ``hidden`` are further bytes that must never be seen, by what they are."""

    hidden: dict[str, bytes] = field(default_factory=dict)

    def find(self, text: bytes, body: bytes = b"", path: str = "") -> list[str]:
        """What of the run or the machine is in ``text``; ``body`` is looked at as a picture."""
        found = [
            f"{kind}: {hit[0]!r}" for kind, known in _KINDS.items() if (hit := known.search(text))
        ]
        found += [kind for kind, secret in self.hidden.items() if secret and secret in text]
        if body.startswith(PICTURES) and path not in OPEN_PICTURES:
            found.append("a picture")
        return found


def build_sentinel_run(root: Path) -> Path:
    """Publishes the run ``RUN`` below ``root`` and returns its folder."""
    return build_run(root, RUN, texts=TITLES, name=f"{WORD} collection")


def record_verdict(place: Path, keys: Sequence[str]) -> None:
    """A verdict of somebody else on each of ``keys``, as a server finds it at its start."""
    log = open_log(place)
    log.record(
        [
            Entry(
                key=key,
                content_hash="",
                task="style",
                given="Baroque",
                verdict="right",
                reviewer=f"{WORD.title()} Keeper, {KEEPER}",
                run_id=RUN,
                model_hash="",
                note=NOTE,
            )
            for key in keys
        ]
    )
    log.close()
    place.chmod(0o600)
