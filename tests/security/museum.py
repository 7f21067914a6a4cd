"""A dashboard to attack: its home, its people, its verdicts, and a list of whom it called."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Final

from bench.server import find_port, run
from core.artifacts import open_run
from core.reviews import open_log
from tests.security.sentinels import RUN, VARIABLE, Finder, record_verdict
from tests.security.sessions import PEOPLE, SECRET

SECRETS: Final = """[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "{secret}"
client_id = "curator"
client_secret = "a client secret of quokkas"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""
# Python's own account of every connection that the process, or a child of it, tries to open.
WATCH: Final = """
import os, sys

def _note(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        place = arguments[1] if event in {"socket.connect", "socket.sendto"} else arguments[0]
        with open(os.environ["QUOKKA_CALLS"], "a") as calls:
            calls.write(f"{event} {place!r}\\n")

if "QUOKKA_CALLS" in os.environ:
    open(os.environ["QUOKKA_CALLS"], "a").close()  # there is a list once somebody watches
    sys.addaudithook(_note)
"""
HOME_CALLS: Final = ("'127.", "'localhost'", "'::1'", "b'127.", "None", "''", "'/", "b'/")


@dataclass
class Museum:
    """A server that runs. ``home``: the folder of its settings, verdicts and what it said."""

    port: int
    home: Path
    artifacts: Path
    verdicts: Path
    process: Popen[bytes]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def people(self) -> Path:
        return self.home / "people.toml"

    @property
    def output(self) -> bytes:
        return (self.home / "output.txt").read_bytes()

    @property
    def foreign_calls(self) -> list[str]:
        """Connections and look-ups of names that were not for this machine.

        Raises ``FileNotFoundError`` where nobody watched.
        """
        calls = (self.home / "calls.txt").read_text().splitlines()
        return [
            each for each in calls if not each.split(" ", 1)[1].lstrip("(").startswith(HOME_CALLS)
        ]

    @property
    def finder(self) -> Finder:
        """Knows what of this server must never be seen."""
        return Finder(
            {
                "the cookie's secret": SECRET.encode(),
                "a path of this machine": str(self.home).encode(),
                "a path of the runs": str(self.artifacts).encode(),
            }
        )

    def count_rows(self) -> int:
        """Verdicts and sets in the log."""
        log = open_log(self.verdicts)
        rows = len(log.load_all()) + len(log.sets.load())
        log.close()
        return rows


@contextmanager
def open_museum(
    home: Path,
    artifacts: Path,
    *options: str,
    asks: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Museum]:
    """A dashboard over ``artifacts`` with all that a server needs in ``home``.

    ``asks``: whether people have to sign in.
    """
    port = find_port()
    address, verdicts = f"http://127.0.0.1:{port}", home / "reviews.sqlite"
    record_verdict(verdicts, open_run(artifacts / RUN).paintings["key"][:3].tolist())
    given = [
        "-m",
        "dashboard",
        "--artifacts",
        str(artifacts),
        "--reviews",
        str(verdicts),
        "--port",
        str(port),
    ]
    if asks:
        write_secrets(home, address)
        given += ["--people", str(home / "people.toml")]
    (home / "watch").mkdir()
    (home / "watch" / "sitecustomize.py").write_text(WATCH)
    told = {
        "HOME": str(home),
        "PYTHONPATH": str(home / "watch"),
        "QUOKKA_CALLS": str(home / "calls.txt"),
        "QUOKKA_VARIABLE": VARIABLE,
    }
    told |= environment or {}
    with run([*given, *options], f"{address}/healthz", told, home / "output.txt") as it:
        yield Museum(port, home, artifacts, verdicts, it)


def write_secrets(
    home: Path, address: str, people: str = PEOPLE, provider: str = "http://127.0.0.1:9"
) -> None:
    """The two files that set sign-in up for a dashboard at ``address``, its owner's alone."""
    secrets = home / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    for path, text in (
        (secrets, SECRETS.format(address=address, secret=SECRET, provider=provider)),
        (home / "people.toml", people),
    ):
        path.touch(mode=0o600)
        path.write_text(text)


def describe(found: Mapping[str, list[str] | str]) -> str:
    """What leaked, by request, to be read in a test's report."""
    return json.dumps(found, indent=1)
