"""The dashboard's settings, read from the environment so that every part agrees.

``ARTEXTRACT_ARTIFACTS``, ``ARTEXTRACT_REVIEWS``, ``ARTEXTRACT_PEOPLE``, ``ARTEXTRACT_HOST``,
``ARTEXTRACT_PORT``, ``ARTEXTRACT_API``, ``ARTEXTRACT_OPEN_REVIEW``, ``ARTEXTRACT_PUBLIC_ADDRESS``,
``ARTEXTRACT_SESSION_HOURS`` and ``ARTEXTRACT_IIIF_ORIGINS`` are the command line's defaults;
``python -m dashboard.app`` writes its arguments back to them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from core.errors import UserError

ARTIFACTS: Final = "ARTEXTRACT_ARTIFACTS"
REVIEWS: Final = "ARTEXTRACT_REVIEWS"
PEOPLE: Final = "ARTEXTRACT_PEOPLE"
HOST: Final = "ARTEXTRACT_HOST"
PORT: Final = "ARTEXTRACT_PORT"
API: Final = "ARTEXTRACT_API"
PUBLIC_ADDRESS: Final = "ARTEXTRACT_PUBLIC_ADDRESS"
SESSION_HOURS: Final = "ARTEXTRACT_SESSION_HOURS"
IIIF_ORIGINS: Final = "ARTEXTRACT_IIIF_ORIGINS"
LONGEST_SESSION: Final = 720.0  # hours: what Streamlit signs is good for a month
OPEN_REVIEW: Final = "ARTEXTRACT_OPEN_REVIEW"
UPLOAD_MEGABYTES: Final = 40  # as server.maxUploadSize in .streamlit/config.toml


@dataclass(frozen=True)
class Settings:
    """``artifacts`` is the folder of the runs, ``reviews`` the database of verdicts.

    ``reviews``: a path or a PostgreSQL URL; if empty, SQLite beside the runs. ``api``:
    whether programs may ask the classifier over HTTP. ``people``: the list of who may sign in;
    without one, sign-in is off.
    ``public_address``: where people reach the dashboard, ``https://curator.museum.org``; empty
    where that is this machine's own address, or what secrets.toml says. A sign-in lasts
    ``session_hours``. ``iiif_origins``: whose pages may show pictures in a viewer of theirs.
    ``open_review``: others' verdicts are shown before one's own is given.
    ``no_auth`` allows an address that others can reach; ``log`` writes a line a request.
    """

    artifacts: Path = Path("artifacts")
    host: str = "127.0.0.1"
    port: int = 8501
    reviews: str = field(default="", repr=False)  # may hold a password
    api: bool = False
    people: Path | None = None
    open_review: bool = False
    no_auth: bool = False
    log: bool = False
    public_address: str = ""
    session_hours: float = 12.0
    iiif_origins: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.port < 65_536:
            raise UserError(
                "The port cannot be used",
                found=str(self.port),
                expected="1 to 65535",
                remedy=f"Give --port or {PORT} another number.",
            )
        if not 0 < self.session_hours <= LONGEST_SESSION:
            raise UserError(
                "A sign-in cannot last that long",
                found=f"{self.session_hours:g} hours",
                expected=f"more than 0, at most {LONGEST_SESSION:g} hours",
                remedy=f"Give --session-hours or {SESSION_HOURS} another number.",
            )

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
            SESSION_HOURS: str(self.session_hours),
            IIIF_ORIGINS: self.iiif_origins,
            OPEN_REVIEW: "1" if self.open_review else "",
            "STREAMLIT_SERVER_ADDRESS": self.host,
            "STREAMLIT_SERVER_PORT": str(self.port),
        }


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of ``environment``, otherwise the defaults; raises ``UserError``."""
    port = environment.get(PORT) or str(Settings.port)
    if not port.isdecimal():
        raise UserError(f"{PORT} is not a port", found=repr(port), expected="1 to 65535")
    people = environment.get(PEOPLE)
    return Settings(
        artifacts=Path(environment.get(ARTIFACTS) or Settings.artifacts),
        reviews=environment.get(REVIEWS) or Settings.reviews,
        host=environment.get(HOST) or Settings.host,
        port=int(port),
        api=environment.get(API, "") not in {"", "0"},
        people=Path(people) if people else None,
        public_address=environment.get(PUBLIC_ADDRESS) or Settings.public_address,
        session_hours=_read_hours(environment.get(SESSION_HOURS)),
        iiif_origins=environment.get(IIIF_ORIGINS) or Settings.iiif_origins,
        open_review=environment.get(OPEN_REVIEW, "") not in {"", "0"},
    )


def _read_hours(text: str | None) -> float:
    try:
        return float(text) if text else Settings.session_hours
    except ValueError as error:
        raise UserError(
            f"{SESSION_HOURS} is not a number", found=repr(text), expected="hours, such as 12"
        ) from error
