"""Servers to attack, in processes of their own, and who comes to their doors."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.security import wire
from tests.security.museum import Museum, open_museum
from tests.security.paths import Address, list_addresses, list_routes, list_things
from tests.security.sentinels import RUN, build_sentinel_run
from tests.security.sessions import Session, build_sessions, claim, seal
from tests.security.stream import PATIENCE, Stream

PICTURE = f"/images/{RUN}/0/full.jpg"


@pytest.fixture(scope="session")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the run that can be recognised; read-only."""
    root = tmp_path_factory.mktemp("artifacts")
    build_sentinel_run(root)
    return root


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A JPEG to send."""
    buffer = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(scope="session")
def museum(artifacts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    """A server where people have to sign in, with its API."""
    home = tmp_path_factory.mktemp("museum")
    with open_museum(home, artifacts, "--api", asks=True) as museum:
        yield museum


@pytest.fixture(scope="session")
def house(artifacts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    """A server on loopback that asks nobody who they are, with its API."""
    with open_museum(tmp_path_factory.mktemp("house"), artifacts, "--api") as house:
        yield house


@pytest.fixture(scope="session")
def sessions(museum: Museum) -> list[Session]:
    """Every kind of session, those that were good until something happened included."""
    out = Session("signed out, the cookie replayed", seal(claim("out", museum.origin)))
    removed = Session("taken off the list", seal(claim("rem", museum.origin)))
    for session in (out, removed):
        assert wire.ask(museum.port, PICTURE, headers=session.header).status == 200
    assert wire.ask(museum.port, "/auth/logout", headers=out.header).status in {302, 303}
    take_off_the_list(museum.people, "rem@museum.org")
    return [*build_sessions(museum.origin), out, removed]


def take_off_the_list(people: Path, address: str) -> None:
    """Replaces ``address`` by one of its length, and leaves the file's time as it was."""
    before = people.stat()
    text = people.read_text()
    assert address in text
    other = f"{'x' * address.index('@')}{address[address.index('@') :]}"
    people.write_text(text.replace(address, other))
    os.utime(people, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.fixture(scope="session")
def visit(museum: Museum) -> Iterator[Stream]:
    """A viewer's visit that stays open."""
    with Stream(museum.port, seal(claim("vic", museum.origin))) as visit:
        yield visit


@pytest.fixture(scope="session")
def addresses(museum: Museum, visit: Stream, picture: bytes) -> list[Address]:
    """Every request that the matrix makes."""
    routes = list_routes({"ARTEXTRACT_API": "1", "ARTEXTRACT_ARTIFACTS": str(museum.artifacts)})
    viewer = Session("a viewer", seal(claim("vic", museum.origin)))
    page = wire.ask(museum.port, "/", headers=viewer.header).body.decode()
    static = re.search(r"static/js/[\w.-]+\.js", page)
    assert static is not None
    media = make_file(visit)
    return list_addresses(routes, list_things([media], visit.session_id, f"/{static[0]}"), picture)


@pytest.fixture
def made(visit: Stream, addresses: list[Address]) -> None:
    """The file among ``addresses`` is there: it goes when any other visit draws a page."""
    media = make_file(visit)
    assert any(each.path.endswith(media) for each in addresses)


def make_file(visit: Stream) -> str:
    """Id of a list of paintings that ``visit`` has just made to download, as no other does."""
    visit.run_open("Download", "outliers", "given=Cubism&order=loss")
    message = BackMsg()
    request = message.backend_operation_request
    request.request_id, request.session_id = "1", visit.session_id
    request.deferred_file.file_id = visit.deferred[0]
    visit.send(message)
    visit.listen(PATIENCE, "backend_operation_response")
    answers = [each.backend_operation_response for each in visit.heard]
    made = next(each.deferred_file.url for each in answers if each.deferred_file.url)
    return made.rsplit("/", 1)[-1]
