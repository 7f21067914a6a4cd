"""Behind a proxy: the public address and what the proxy says are believed, a visitor is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.security import wire
from tests.security.museum import Museum, describe, open_museum
from tests.security.sentinels import RUN
from tests.security.stream import Stream
from tests.security.test_origins import KINDS, Things, request, tell

pytestmark = pytest.mark.server

PUBLIC: Final = "https://curator.museum.org"
NAME: Final = "curator.museum.org"
PROXY: Final = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
FOREIGN: Final = (
    *("evil.example", "evil.example:443", "curator.museum.org.evil.example", "museum.org"),
    *("xcurator.museum.org", "curator.museum.org@evil.example", "evil.example,curator.museum.org"),
    *("curator.museum.org:1", "www.curator.museum.org", "203.0.113.9", "*", ""),
)
FOREIGN_ORIGINS: Final = (
    *("http://curator.museum.org", "https://curator.museum.org:8443", "https://evil.example"),
    *("https://curator.museum.org.evil.example", "https://evil@curator.museum.org", "null"),
    *("https://xcurator.museum.org", "https://museum.org", "http://localhost:3000"),
)
FORGED: Final = (
    {"X-Forwarded-Host": NAME},
    {"X-Forwarded-Host": NAME, **PROXY},
    {"Forwarded": f"for=203.0.113.9;host={NAME};proto=https"},
    {"X-Original-Host": NAME, "X-Host": NAME, "X-Forwarded-Server": NAME},
    {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
)


@pytest.fixture(scope="module", params=["a proxy that is believed", "a proxy that is not"])
def behind(
    request: pytest.FixtureRequest, artifacts: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Museum]:
    """A server with a public address; the tests speak as its proxy, or as anybody."""
    believed = "127.0.0.1" if request.param.endswith("believed") else "203.0.113.1"
    home = tmp_path_factory.mktemp("behind")
    told = {"FORWARDED_ALLOW_IPS": believed}
    options = ("--api", "--public-address", PUBLIC)
    with open_museum(home, artifacts, *options, environment=told) as museum:
        yield museum


@pytest.fixture(scope="module")
def things(behind: Museum, picture: bytes) -> Iterator[Things]:
    """What is sent: a picture, to a visit that is open."""
    with Stream(behind.port, host=NAME, origin=PUBLIC, headers=PROXY) as visit:
        yield picture, visit.run("").session_id


@pytest.mark.parametrize("kind", KINDS)
def test_the_public_address_is_answered(behind: Museum, things: Things, kind: str) -> None:
    let_in = {"upload": 204, "websocket": wire.SWITCHED}.get(kind, 200)
    for origin in (None, PUBLIC):
        answer = wire.send(behind.port, request(kind, NAME, origin, things, PROXY))
        assert answer.status == let_in, (origin, answer.body[:200])


@pytest.mark.parametrize("kind", KINDS)
def test_another_name_gets_nothing_whatever_is_said_of_it(
    behind: Museum, things: Things, kind: str
) -> None:
    wrong: dict[str, str] = {}
    said: Mapping[str, str]
    for host in FOREIGN:
        for said in ({}, PROXY, *FORGED):
            for origin in (None, f"https://{host}", PUBLIC):
                answer = wire.send(behind.port, request(kind, host, origin, things, said))
                if trouble := tell(answer, behind.finder):
                    wrong[f"{host!r} from {origin} with {list(said)}"] = trouble
    assert not wrong, describe(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_another_site_gets_nothing(behind: Museum, things: Things, kind: str) -> None:
    wrong = {}
    for origin in FOREIGN_ORIGINS:
        answer = wire.send(behind.port, request(kind, NAME, origin, things, PROXY))
        if trouble := tell(answer, behind.finder):
            wrong[origin] = trouble
    assert not wrong, describe(wrong)


@pytest.mark.parametrize("said", FORGED[:4])
def test_no_answer_repeats_a_forged_name(behind: Museum, said: Mapping[str, str]) -> None:
    """``info.json`` names itself, and redirects name where to go."""
    forged = {name: text.replace(NAME, "evil.example") for name, text in said.items()}
    for path in (f"/iiif/3/{RUN}:0/info.json", f"/iiif/3/{RUN}:0", "/overview", "/outliers/", "/"):
        answer = wire.ask(behind.port, path, NAME, headers=forged)
        assert b"evil.example" not in answer.text, path


def test_a_viewer_is_told_the_public_name(behind: Museum) -> None:
    """Whether it is reached by https, only a proxy that is believed can say."""
    answer = wire.ask(behind.port, f"/iiif/3/{RUN}:0/info.json", NAME, headers=PROXY)
    assert answer.status == 200
    assert f'://{NAME}/iiif/3/{RUN}:0"'.encode() in answer.body
