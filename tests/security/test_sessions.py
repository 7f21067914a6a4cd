"""Every address times every kind of session: who has no right learns nothing."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.security import wire
from tests.security.conftest import take_off_the_list
from tests.security.judging import build_press
from tests.security.museum import Museum, describe
from tests.security.paths import PAGES, Address
from tests.security.sentinels import ANSWER, RUN
from tests.security.sessions import COOKIE, HOURS, Session, claim, seal, sign, splice
from tests.security.stream import Stream

pytestmark = pytest.mark.server

NAMES = (
    "nobody",
    "not on the list",
    "an address that is not verified",
    "signed in 13 hours ago",
    "another secret",
    "another dashboard's",
    "two cookies spliced",
    "signed out, the cookie replayed",
    "taken off the list",
)


def ask(museum: Museum, address: Address, session: Session) -> wire.Answer:
    """The answer to ``session``; who may look signs out of a session of their own."""
    if session.may_look and address.path == "/auth/logout":
        session = Session("leaves", seal(claim("out", museum.origin, session="leaves")))
    headers = dict(address.headers)
    cookies = [text for text in (headers.get("Cookie"), session.header.get("Cookie")) if text]
    headers |= {"Cookie": "; ".join(cookies)} if cookies else {}
    return wire.ask(
        museum.port, address.path, method=address.method, headers=headers, body=address.body
    )


def pick(sessions: list[Session], name: str) -> Session:
    return next(each for each in sessions if each.name == name)


def test_the_matrix_is_large_enough(addresses: list[Address], sessions: list[Session]) -> None:
    assert len({each.path for each in addresses}) >= 36
    assert {each.name for each in sessions if not each.may_look} == set(NAMES)
    assert len(sessions) >= 10
    assert len([each for each in addresses if each.is_telling]) >= 12


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("name", ["a reviewer", "a viewer"])
def test_who_may_look_sees_what_the_others_must_not(
    museum: Museum, addresses: list[Address], sessions: list[Session], name: str
) -> None:
    """Without it, a finder of leaks that finds nothing would pass everywhere."""
    session = pick(sessions, name)
    for address in addresses:
        if address.is_telling:
            answer = ask(museum, address, session)
            assert answer.status == 200, str(address)
            is_points = address.path.endswith(".bin")
            assert is_points or museum.finder.find(answer.text, answer.body), str(address)


def test_an_answer_of_the_model_is_known_by_each_of_its_parts(
    house: Museum, picture: bytes
) -> None:
    answer = wire.ask(house.port, "/api/classify", method="POST", body=picture)
    parts = {part for found in ANSWER.findall(answer.text) for part in found if part}
    assert parts == {b"probability", b"neighbours", b"novelty"}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("name", NAMES)
def test_who_has_no_right_gets_nothing(
    museum: Museum, addresses: list[Address], sessions: list[Session], name: str
) -> None:
    session, finder = pick(sessions, name), museum.finder
    points = wire.ask(
        museum.port, f"/points/{RUN}.bin", headers=pick(sessions, "a viewer").header
    ).body
    finder.hidden["points"] = points[len(points) // 2 :][:32]
    leaks: dict[str, list[str]] = defaultdict(list)
    let_in = []
    for address in addresses:
        answer = ask(museum, address, session)
        leaks[str(address)] += finder.find(answer.text, answer.body, address.path)
        if not (address.is_open or answer.refused):
            let_in.append(f"{address}: {answer.status}")
    found = {each: kinds for each, kinds in leaks.items() if kinds}
    assert not found, describe(found)
    assert let_in == []


FORGED = {
    "plain": lambda claims, _: {COOKIE: json.dumps(claims)},
    "signed for another cookie": lambda claims, _: {
        COOKIE: seal(claims, name=f"{COOKIE}_tokens")[f"{COOKIE}_tokens"]
    },
    "dated in the future": lambda claims, _: seal(claims, age=-HOURS),
    "of nobody": lambda claims, _: seal(claims | {"is_logged_in": False}),
    "of no dashboard": lambda claims, _: seal(claims | {"origin": None}),
    "spliced in one second": lambda _, origin: splice(origin, apart=0),
    "a list": lambda claims, _: seal([claims]),
    "a text": lambda claims, _: seal("ada@museum.org"),
    "cut short": lambda claims, _: {COOKIE: seal(claims)[COOKIE][:-1]},
    "many pieces": lambda _, __: {COOKIE: sign("chunks-99999999")},
}


@pytest.mark.parametrize("kind", FORGED)
def test_no_other_cookie_is_a_session(museum: Museum, kind: str) -> None:
    cookies = FORGED[kind](claim("ada", museum.origin), museum.origin)
    answer = wire.ask(museum.port, f"/images/{RUN}/0/160.jpg", headers=Session("", cookies).header)
    assert answer.refused, answer.status
    with Stream(museum.port, cookies) as visit:
        assert museum.finder.find(visit.run("outliers").raw) == []


@pytest.mark.parametrize("name", NAMES)
def test_who_has_no_right_is_shown_nothing(
    museum: Museum, sessions: list[Session], name: str
) -> None:
    session, finder = pick(sessions, name), museum.finder
    leaks = {}
    for page in ("", *(each[1:] for each in PAGES)):
        with Stream(museum.port, session.cookies) as visit:
            leaks[page] = finder.find(visit.run(page).raw)
    found = {each: kinds for each, kinds in leaks.items() if kinds}
    assert not found, describe(found)


@pytest.mark.parametrize("page", ["", "outliers", "reviews", "cases"])
def test_who_may_look_is_shown_something(
    museum: Museum, sessions: list[Session], page: str
) -> None:
    with Stream(museum.port, pick(sessions, "a viewer").cookies) as visit:
        assert museum.finder.find(visit.run(page).raw)


@pytest.fixture
def late(museum: Museum) -> Iterator[Stream]:
    """A visit of somebody who may look."""
    text = museum.people.read_text()
    with Stream(museum.port, seal(claim("late", museum.origin))) as visit:
        yield visit
    museum.people.write_text(text)


def test_a_page_that_is_open_shows_nothing_after_its_reader_was_taken_off_the_list(
    museum: Museum, late: Stream
) -> None:
    key = find_key(museum)
    late.run("painting", f"painting={key}")
    fragments = late.fragments
    assert museum.finder.find(late.raw)
    assert fragments, "the painting's page has a part that runs by itself"
    take_off_the_list(museum.people, "late@museum.org")
    late.raw = b""
    own = quote(key, safe="").encode(), quote(key).encode(), key.encode()  # is said back to it
    for fragment in fragments:
        late.run(fragment=fragment)
    for page in ("painting", "outliers", ""):
        late.run(page, f"painting={key}")
    for text in own:
        late.raw = late.raw.replace(text, b"")
    assert museum.finder.find(late.raw) == []


def test_a_page_that_is_open_shows_nothing_after_its_reader_signed_out_elsewhere(
    museum: Museum,
) -> None:
    session = Session("elsewhere", seal(claim("vic", museum.origin, jti="elsewhere")))
    with Stream(museum.port, session.cookies) as visit:
        assert museum.finder.find(visit.run("outliers").raw)
        wire.ask(museum.port, "/auth/logout", headers=session.header)
        visit.raw = b""
        visit.run("outliers")
        assert museum.finder.find(visit.raw) == []


def test_a_session_that_runs_out_while_its_page_is_open_shows_nothing(museum: Museum) -> None:
    began = time.monotonic()
    with Stream(museum.port, seal(claim("vic", museum.origin))) as visit:
        visit.run("outliers")
    left = 3 + 5 * (time.monotonic() - began)  # the same once more, on a machine as busy
    session = seal(claim("vic", museum.origin, jti="soon"), age=12 * HOURS - left)
    with Stream(museum.port, session) as visit:
        assert museum.finder.find(visit.run("outliers").raw)
        visit.listen(left + 1)
        visit.raw = b""
        visit.run("outliers")
        assert museum.finder.find(visit.raw) == []


def test_only_a_reviewer_judges(museum: Museum) -> None:
    """A viewer who sends what a reviewer's page sends, and one who was a reviewer a moment ago."""
    people, before = museum.people.read_text(), museum.count_rows()
    with Stream(museum.port, seal(claim("ada", museum.origin))) as reviewer:
        reviewer.run("reviews")
        press = build_press(reviewer)
        assert press, "a reviewer's page has a panel to press"
        with Stream(museum.port, seal(claim("vic", museum.origin))) as viewer:
            viewer.run("reviews")
            viewer.run("reviews", states=press)
        assert museum.count_rows() == before
        reviewers, viewers = people.splitlines()
        left = reviewers.replace('"ada@museum.org", ', "")
        for changed in (f"{left}\n{viewers[:-1]}, 'ada@museum.org']", left):
            assert reviewer.is_open, "a press that reaches nobody proves nothing"
            museum.people.write_text(f"{changed}\n")
            reviewer.run("reviews", states=press)
            assert museum.count_rows() == before
        museum.people.write_text(people)
    with Stream(museum.port, seal(claim("ada", museum.origin))) as reviewer:
        reviewer.run("reviews")
        reviewer.run("reviews", states=build_press(reviewer))
    assert museum.count_rows() == before + 1


def find_key(museum: Museum) -> str:
    """Key of a painting, which the run's own route tells a viewer."""
    header = Session("", seal(claim("late", museum.origin))).header
    found = wire.ask(museum.port, f"/points/{RUN}/0.json", headers=header).body
    return found.decode().split('"key":"')[1].split('"')[0]
