"""What answers carry besides their content: policies, time to be kept, cookies, redirects."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

import pytest

from tests.security import wire
from tests.security.museum import Museum, describe
from tests.security.paths import PAGES, Address
from tests.security.sentinels import RUN
from tests.security.sessions import Session, claim, seal
from tests.security.test_sessions import ask, pick

pytestmark = pytest.mark.server

ALWAYS: Final = {
    "content-security-policy": r"default-src 'self'.*object-src 'none'.*frame-ancestors '",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN|DENY",
    "referrer-policy": "same-origin|no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin|same-site",
}


@pytest.mark.parametrize("name", ["nobody", "a viewer"])
def test_every_answer_carries_the_policies(
    museum: Museum, addresses: list[Address], sessions: list[Session], name: str
) -> None:
    missing = defaultdict(list)
    for address in addresses:
        answer = ask(museum, address, pick(sessions, name))
        for header, wanted in ALWAYS.items():
            if not re.search(wanted, answer.header(header)):
                missing[str(address)].append(f"{header} in {answer.status}")
    assert not missing, describe(missing)


def test_no_policy_lets_a_page_fetch_from_elsewhere(house: Museum) -> None:
    policy = wire.ask(house.port, "/").header("content-security-policy")
    for directive in policy.split(";"):
        sources = directive.split()[1:]
        assert not {"*", "http:", "https:", "ws:", "wss:"} & set(sources), directive
        assert not [each for each in sources if "." in each], directive


def test_refusals_carry_the_policies_too(house: Museum) -> None:
    for target in (f"/images/{RUN}/99/160.jpg", "/images/%00", "/%ff", "//", "/iiif/3/x:0"):
        answer = wire.ask(house.port, target)
        assert answer.header("x-content-type-options") == "nosniff", (target, answer.status)
    refused = wire.ask(house.port, "/", "evil.example")
    assert refused.header("x-content-type-options") == "nosniff"


@pytest.mark.usefixtures("made")
def test_no_proxy_keeps_what_only_some_may_see(
    museum: Museum, addresses: list[Address], sessions: list[Session]
) -> None:
    """Shared caches answer the next visitor with what they kept, unless they must ask first."""
    kept = {}
    for address in addresses:
        if address.is_open:
            continue
        answer = ask(museum, address, pick(sessions, "a viewer"))
        control = answer.header("cache-control")
        if not re.search("private|no-store|no-cache", control) or "public" in control:
            kept[str(address)] = f"{answer.status} {control!r}"
    assert not kept, describe(kept)


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("name", ["nobody", "taken off the list"])
def test_a_tag_that_is_known_says_nothing(
    museum: Museum, addresses: list[Address], sessions: list[Session], name: str
) -> None:
    """Not modified would tell that the picture is there, and is that one."""
    told = []
    for address in addresses:
        if address.method in {"GET", "HEAD"} and not address.is_open:
            answer = wire.ask(
                museum.port,
                address.path,
                method=address.method,
                headers=pick(sessions, name).header | {"If-None-Match": "*", "Range": "bytes=0-9"},
            )
            if answer.status in {200, 206, 304, 416}:
                told.append(f"{address}: {answer.status}")
    assert told == []


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/overview?a=%0d%0aX-Evil:%20y",
            "/outliers?a=%0d%0aSet-Cookie:%20evil=1",
            "/%0d%0aX-Evil:y",
        ),
        *(
            "/outliers/?x=%0aX-Evil:y",
            "/outliers?%0d%0a%0d%0a<script>",
            f"/iiif/3/{RUN}%0d%0aX-Evil:0",
        ),
        *(
            "/static%0d%0aX-Evil:y/",
            "/auth/login?provider=%0d%0aX-Evil:y",
            "/oauth2callback?error=%0aE",
        ),
        *("/x%e2%80%a8X-Evil:y/", "/outliers%e5%98%8a%e5%98%8dX-Evil:y/"),
    ],
)
@pytest.mark.parametrize("server", ["museum", "house"])
def test_no_header_is_made_of_an_address(
    server: str, path: str, request: pytest.FixtureRequest
) -> None:
    museum: Museum = request.getfixturevalue(server)
    answer = wire.ask(museum.port, path)
    names = {name.lower() for name, _ in answer.headers}
    assert not {"x-evil", "evil"} & names
    assert not [value for name, value in answer.headers if value.startswith("evil=")]


ELSEWHERE: Final = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|[\\/\t ]{2,}|/[\t ]*[\\/])", re.IGNORECASE)
AWAY: Final = (
    *("//evil.example/", "/%2fevil.example/", "/%5cevil.example/", "/\\evil.example/", "///evil/"),
    *(
        "/%09/evil.example/",
        "/.//evil.example/",
        "/%2e%2e//evil.example/",
        "/outliers//evil.example/",
    ),
    *("/overview?//evil.example", "/overview?@evil.example", "/vendor//evil.example/"),
    *("/auth/login?next=//evil.example", "/auth/logout?next=//evil.example", "/auth/logout"),
    *("/oauth2callback?state=x&code=y", "/oauth2callback?error=x&redirect=//evil.example"),
    *("/static//evil.example/", "/_stcore//evil.example/", "/iiif/3//evil.example:0"),
)


@pytest.mark.parametrize("path", AWAY)
@pytest.mark.parametrize("server", ["museum", "house"])
def test_nobody_is_led_elsewhere(server: str, path: str, request: pytest.FixtureRequest) -> None:
    museum: Museum = request.getfixturevalue(server)
    for headers in (
        {},
        {"Referer": "http://evil.example/"},
        {"X-Forwarded-Prefix": "//evil.example"},
    ):
        place = wire.ask(museum.port, path, headers=headers).header("location")
        assert not ELSEWHERE.match(place) or place.startswith(museum.origin), place


WANTED: Final = (
    *(
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/%0d%0aX-Evil:y",
        "javascript:x",
    ),
    *("/outliers/../../evil", "/outliers\\@evil.example", "outliers", "/outliers#//evil.example"),
    *(
        f"/images/{RUN}/0/full.jpg",
        "/auth/logout",
        "/auth/logout?/outliers",
        "/outliers?" + "a" * 9000,
    ),
)


@pytest.mark.parametrize("wanted", WANTED)
def test_a_cookie_that_was_tossed_leads_nowhere(museum: Museum, wanted: str) -> None:
    """Another server on the same machine or site can set a cookie for this one."""
    session = seal(claim("vic", museum.origin))
    for name in ("artextract_wanted", "artextract.wanted", "wanted", "next"):
        header = Session("", session | {name: f'"{wanted}"'}).header
        answer = wire.ask(museum.port, "/", headers=header)
        place = answer.header("location")
        assert not ELSEWHERE.match(place), place
        assert place.partition("?")[0] in ("", "/", *PAGES), place
        assert answer.header("x-evil") == ""


@pytest.fixture
def given(museum: Museum, sessions: list[Session]) -> list[str]:
    """Every cookie that the server sets, to whoever."""
    paths = (
        "/",
        "/outliers?x=1",
        "/_stcore/health",
        "/auth/login",
        "/auth/logout",
        "/oauth2callback",
    )
    strangers = [session for session in sessions if not session.may_look]
    answers = [
        wire.ask(museum.port, path, headers=session.header)
        for path in paths
        for session in strangers
    ]
    return [
        value
        for answer in answers
        for name, value in answer.headers
        if name.lower() == "set-cookie"
    ]


def test_cookies_stay_on_this_site(given: list[str]) -> None:
    assert given
    for cookie in given:
        assert re.search("samesite=(lax|strict)", cookie, re.IGNORECASE), cookie
        assert "domain=" not in cookie.lower(), cookie
        if not cookie.startswith("_streamlit_xsrf="):  # its page reads it
            assert "httponly" in cookie.lower(), cookie


def test_a_second_cookie_of_the_name_does_not_let_a_stranger_in(museum: Museum) -> None:
    """Whichever of the two counts, a broken one beside a good one of a stranger opens nothing."""
    good, bad = (seal(claim(who, museum.origin))["_streamlit_user"] for who in ("eve", "mallory"))
    header = {"Cookie": f"_streamlit_user={good}; _streamlit_user={bad}; _streamlit_user="}
    answer = wire.ask(museum.port, f"/images/{RUN}/0/160.jpg", headers=header)
    assert answer.refused


LOOKALIKES: Final = (
    *(
        "ada@museum.org\x00",
        "ada@museum.org\n",
        "ada@museum.org ",
        " ada@museum.org",
        "ada @museum.org",
    ),
    *("ada@museum.org.", "ada@museum\u3002org", "\uff41da@museum.org", "ada@mu\u017feum.org"),
    *("ada+x@museum.org", "ada@museum.org@evil.example", "evil@evil.example@visitors.org"),
    *("*@visitors.org", "@visitors.org", "ada@museum.org,eve@evil.example", "ada@museum.org\u200b"),
    *(
        "eve@visitors.org.evil.example",
        "eve@xvisitors.org",
        "<ada@museum.org>",
        "mailto:ada@museum.org",
    ),
)


@pytest.mark.parametrize(
    "email", [*LOOKALIKES, ["ada@museum.org"], {"ada@museum.org": 1}, None, True]
)
def test_an_address_that_looks_like_one_of_the_list_is_another(
    museum: Museum, email: object
) -> None:
    header = Session("", seal(claim("ada", museum.origin) | {"email": email})).header
    assert wire.ask(museum.port, f"/images/{RUN}/0/160.jpg", headers=header).refused


@pytest.mark.parametrize(
    "verified", [False, None, "", "no", "false", 0, 1, [], [True], "TRUE ", {}]
)
def test_only_a_plain_yes_is_verified(museum: Museum, verified: object) -> None:
    header = Session("", seal(claim("ada", museum.origin) | {"email_verified": verified})).header
    assert wire.ask(museum.port, f"/images/{RUN}/0/160.jpg", headers=header).refused
