"""A real server in a process of its own that lets a museum's people in, and their cookies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette.starlette_app_utils import (
    create_signed_value,
    generate_xsrf_token_string,
)
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bench.server import CHECKOUT, find_port, wait_for

SECRET = "Zk3vQ9xW7pLr2TnB8yHc5MdF1gJs6Ae0"
COOKIE = "_streamlit_user"
XSRF = "_streamlit_xsrf"
PEOPLE = 'reviewers = ["ada@museum.org"]\nviewers = ["vic@museum.org"]\n'
SECRETS = """
[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "{secret}"
client_id = "curator"
client_secret = "not asked for here"
server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"
"""


@dataclass
class Museum:
    """Its address, the process, its list of people and its log of verdicts."""

    address: str
    process: subprocess.Popen[bytes]
    people: Path
    verdicts: Path

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def cookies(self, email: str = "ada@museum.org", **claims: Any) -> dict[str, str]:
        """A session of ``email``, as Streamlit would have signed it."""
        told = {"email": email, "email_verified": True, "name": "Ada", "provider": "default"}
        told |= {"is_logged_in": True, "origin": self.address} | claims
        return {COOKIE: create_signed_value(SECRET, COOKIE, json.dumps(told)).decode()}

    def get(self, path: str, headers: dict[str, str] | None = None, **more: Any) -> tuple[int, str]:
        """Status and text of an answer, redirects not followed."""
        asked = urllib.request.Request(self.address + path, headers=headers or {}, **more)
        try:
            with _OPENER.open(asked, timeout=20) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    @contextmanager
    def talk(
        self, cookies: dict[str, str] | None = None, origin: str | None = "", **headers: str
    ) -> Iterator[ClientConnection]:
        """A websocket as a browser opens it; raises ``InvalidStatus`` where it is refused.

        ``origin``: another one, or None for none.
        """
        token = generate_xsrf_token_string()
        sent = {**(cookies or {}), XSRF: token}
        more = {"Cookie": "; ".join(f"{name}={value}" for name, value in sent.items())} | headers
        with connect(
            f"ws{self.address.removeprefix('http')}/_stcore/stream",
            origin=(self.address if origin == "" else origin),  # type: ignore[arg-type]
            subprotocols=["streamlit", token],  # type: ignore[list-item]
            additional_headers=more,
            max_size=None,
            open_timeout=30,
            close_timeout=2,
        ) as socket:
            yield socket

    def knock(self, cookies: dict[str, str] | None = None, **more: Any) -> int:
        """The status that a handshake gets: 101 where it opens."""
        try:
            with self.talk(cookies, **more):
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code


def rerun() -> bytes:
    """The message that draws the first page."""
    said = BackMsg()
    said.rerun_script.query_string = ""
    return said.SerializeToString()


def time_health(museum: Museum, seconds: float) -> float:
    """The longest that ``/healthz`` took within ``seconds``, in seconds."""
    longest, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        started = time.monotonic()
        assert museum.get("/healthz") == (200, "ok")
        longest = max(longest, time.monotonic() - started)
        time.sleep(0.02)
    return longest


@contextmanager
def open_museum(
    artifacts: Path, home: Path, *options: str, sign_in: bool = True, **environment: str
) -> Iterator[Museum]:
    """A server over ``artifacts`` with its settings in ``home``."""
    port = find_port()
    address = f"http://127.0.0.1:{port}"
    people, verdicts = home / "people.toml", home / "reviews.sqlite"
    command = ["--artifacts", str(artifacts), "--reviews", str(verdicts), "--port", str(port)]
    if sign_in:
        secrets = home / ".streamlit" / "secrets.toml"
        secrets.parent.mkdir(exist_ok=True)
        secrets.write_text(SECRETS.format(address=address, secret=SECRET))
        secrets.chmod(0o600)
        people.write_text(PEOPLE)
        command += ["--people", str(people)]
    known = os.environ | {"HOME": str(home), "ARTEXTRACT_PEOPLE": ""} | environment
    started = [sys.executable, "-m", "dashboard", *command, *options]
    with subprocess.Popen(started, cwd=CHECKOUT, env=known) as process:
        try:
            wait_for(f"{address}/healthz", process)
            yield Museum(address, process, people, verdicts)
        finally:
            process.kill()


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_StayHere)
