"""The dashboard's settings, read from the environment so that every part agrees.

``ARTEXTRACT_ARTIFACTS``, ``ARTEXTRACT_REVIEWS``, ``ARTEXTRACT_PEOPLE``, ``ARTEXTRACT_HOST``,
``ARTEXTRACT_PORT``, ``ARTEXTRACT_API``, ``ARTEXTRACT_OPEN_REVIEW``, ``ARTEXTRACT_PUBLIC_ADDRESS``,
``ARTEXTRACT_BASE_PATH``, ``ARTEXTRACT_SESSION_HOURS``, ``ARTEXTRACT_IIIF_ORIGINS`` and
``ARTEXTRACT_MAX_MEGAPIXELS`` are the command line's defaults; ``python -m dashboard`` writes its
arguments back to them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

import tyro

from core.errors import UserError
from core.sizes import UPLOAD_MEGAPIXELS, require_megapixels

ARTIFACTS: Final = "ARTEXTRACT_ARTIFACTS"
REVIEWS: Final = "ARTEXTRACT_REVIEWS"
PEOPLE: Final = "ARTEXTRACT_PEOPLE"
HOST: Final = "ARTEXTRACT_HOST"
PORT: Final = "ARTEXTRACT_PORT"
API: Final = "ARTEXTRACT_API"
PUBLIC_ADDRESS: Final = "ARTEXTRACT_PUBLIC_ADDRESS"
BASE_PATH: Final = "ARTEXTRACT_BASE_PATH"
SESSION_HOURS: Final = "ARTEXTRACT_SESSION_HOURS"
IIIF_ORIGINS: Final = "ARTEXTRACT_IIIF_ORIGINS"
COLLECTIONS: Final = "ARTEXTRACT_COLLECTIONS"
LONGEST_SESSION: Final = 720.0  # hours: what Streamlit signs is good for a month
MAX_MEGAPIXELS: Final = "ARTEXTRACT_MAX_MEGAPIXELS"
OPEN_REVIEW: Final = "ARTEXTRACT_OPEN_REVIEW"
# What ``load_settings`` reads.
_NAMES: Final = (
    *(ARTIFACTS, REVIEWS, PEOPLE, HOST, PORT, API, PUBLIC_ADDRESS, BASE_PATH, SESSION_HOURS),
    *(IIIF_ORIGINS, COLLECTIONS, MAX_MEGAPIXELS, OPEN_REVIEW),
)
_BASE: Final = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*")
UPLOAD_MEGABYTES: Final = 40  # as server.maxUploadSize in .streamlit/config.toml


@dataclass(frozen=True)
class Settings:
    """Where the dashboard looks, where it listens, and whom it answers."""

    artifacts: Path = Path("artifacts")
    """Folder of the runs."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = 8501
    """Port to listen on."""
    # The default is not shown, and no repr: it may hold a password.
    reviews: Annotated[
        str,
        tyro.conf.arg(
            metavar="PATH|URL",
            help_behavior_hint=f"(default: {REVIEWS}, or SQLite beside the runs)",
        ),
    ] = field(default="", repr=False)
    """Database of the verdicts: a path, or a PostgreSQL URL."""
    api: bool = False
    """Let programs classify over HTTP (docs/classify-api.md)."""
    people: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """Who may sign in, a TOML file: people have to sign in then (docs/sign-in.md)."""
    open_review: bool = False
    """Show others' verdicts before one's own on the same label is given."""
    no_auth: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Allow an address that others can reach: anyone there may read and judge."""
    log: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Write a JSON line a request on standard error, without names."""
    public_address: Annotated[str, tyro.conf.arg(metavar="URL")] = ""
    """Where people reach it, such as https://curator.museum.org: no other is answered (this
    machine's own, and secrets.toml's redirect_uri, need no word)."""
    base_path: Annotated[str, tyro.conf.arg(metavar="PATH")] = ""
    """Path of a larger site below which people reach it, such as /curator, whether or not the proxy
    strips it."""
    session_hours: Annotated[float, tyro.conf.arg(metavar="HOURS")] = 12.0
    """How long a sign-in lasts."""
    iiif_origins: Annotated[str, tyro.conf.arg(metavar="ORIGINS")] = ""
    """Whose pages may show pictures over IIIF, with commas between; by default anyone's without
    sign-in, nobody's with it."""
    max_megapixels: float = UPLOAD_MEGAPIXELS
    """Largest upload that may be held in memory whole; one stored in parts may have 1,000."""

    collections: Annotated[Path | None, tyro.conf.arg(metavar="FOLDER")] = None
    """Folder of tables that the page "New collection" may look at; without it there is no page."""

    def __post_init__(self) -> None:
        if self.collections is not None and not self.collections.is_dir():
            raise UserError(
                f"{self.collections} is not a folder",
                expected="the folder of tables to be looked at",
                remedy=f"Give --collections or {COLLECTIONS} another folder, or leave it out.",
            )
        if not 0 < self.port < 65_536:
            raise UserError(
                "The port cannot be used",
                found=str(self.port),
                expected="1 to 65535",
                remedy=f"Give --port or {PORT} another number.",
            )
        if not _BASE.fullmatch(self.base_path):
            raise UserError(
                "The base path cannot be used",
                found=self.base_path,
                expected="a path such as /curator: a slash before each part, none at the end",
                remedy=f"Give --base-path or {BASE_PATH} another, or leave it out.",
            )
        if not 0 < self.session_hours <= LONGEST_SESSION:
            raise UserError(
                "A sign-in cannot last that long",
                found=f"{self.session_hours:g} hours",
                expected=f"more than 0, at most {LONGEST_SESSION:g} hours",
                remedy=f"Give --session-hours or {SESSION_HOURS} another number.",
            )

        require_megapixels(self.max_megapixels)

    @property
    def reviews_place(self) -> str:
        return self.reviews or str(self.artifacts / "reviews.sqlite")

    def export(self) -> None:
        """Writes the settings to the environment, where the pages and Streamlit read them."""
        os.environ |= {
            ARTIFACTS: str(self.artifacts.resolve()),
            REVIEWS: self.reviews,
            PEOPLE: str(self.people.resolve()) if self.people else "",
            HOST: self.host,
            PORT: str(self.port),
            API: "1" if self.api else "",
            PUBLIC_ADDRESS: self.public_address,
            BASE_PATH: self.base_path,
            SESSION_HOURS: str(self.session_hours),
            IIIF_ORIGINS: self.iiif_origins,
            OPEN_REVIEW: "1" if self.open_review else "",
            COLLECTIONS: str(self.collections.resolve()) if self.collections else "",
            MAX_MEGAPIXELS: str(self.max_megapixels),
            "STREAMLIT_SERVER_ADDRESS": self.host,
            "STREAMLIT_SERVER_PORT": str(self.port),
        }


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of ``environment``, otherwise the defaults; raises ``UserError``.

    A page asks some thirty times: what says the same is read and checked once.
    """
    return _read_settings(tuple(environment.get(name, "") for name in _NAMES))


@lru_cache(maxsize=8)
def _read_settings(values: tuple[str, ...]) -> Settings:
    """Settings of the texts of ``_NAMES``; "" is the default."""
    environment = dict(zip(_NAMES, values, strict=True))
    port = environment[PORT] or str(Settings.port)
    if not port.isdecimal():
        raise UserError(f"{PORT} is not a port", found=repr(port), expected="1 to 65535")
    people, collections = environment[PEOPLE], environment[COLLECTIONS]
    return Settings(
        artifacts=Path(environment[ARTIFACTS] or Settings.artifacts),
        reviews=environment[REVIEWS] or Settings.reviews,
        host=environment[HOST] or Settings.host,
        port=int(port),
        api=environment[API] not in {"", "0"},
        people=Path(people) if people else None,
        public_address=environment[PUBLIC_ADDRESS] or Settings.public_address,
        base_path=environment[BASE_PATH] or Settings.base_path,
        session_hours=_read_number(environment, SESSION_HOURS, Settings.session_hours),
        iiif_origins=environment[IIIF_ORIGINS] or Settings.iiif_origins,
        open_review=environment[OPEN_REVIEW] not in {"", "0"},
        collections=Path(collections) if collections else None,
        max_megapixels=_read_number(environment, MAX_MEGAPIXELS, Settings.max_megapixels),
    )


def below_base(path: str) -> str:
    """Where a browser finds ``path`` of this server: below ``--base-path``."""
    return os.environ.get(BASE_PATH, "") + path


def _read_number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name)
    try:
        return float(text) if text else default
    except ValueError as error:
        raise UserError(
            f"{name} is not a number", found=repr(text), expected=f"such as {default:g}"
        ) from error
