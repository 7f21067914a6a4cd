"""What must be set up, whom a session stands for, and what the gate lets through."""

from __future__ import annotations

import json
import re
import string
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.errors import UserError
from core.reviews import ReviewLog, ReviewsError, open_log
from dashboard import __main__, app
from dashboard.access import session_cookie, sign_in, sign_in_setup
from dashboard.access.providers import list_providers
from dashboard.access.sign_outs import SignedOut
from dashboard.server.caching import IMMUTABLE
from dashboard.server.middleware.security_headers import SecurityHeaders
from dashboard.server.middleware.session_gate import WANTED
from dashboard.settings import PEOPLE, SESSION_HOURS, Settings, load_settings
from tests.security.sessions import COOKIE, SECRET, seal, sign

AUTH = {
    "redirect_uri": "https://curator.museum.org/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "curator",
    "client_secret": "secret",
    "server_metadata_url": "https://login.museum.org/.well-known/openid-configuration",
}
ADA = {
    "email": "ada@museum.org",
    "name": "Ada",
    "email_verified": True,
    "is_logged_in": True,
    "origin": "https://curator.museum.org",
}
TWO = (
    "[auth]\nredirect_uri = 'https://a.b/oauth2callback'\n"
    "[auth.entra]\nclient_id = 'x'\n[auth.google]\nclient_id = 'y'\n"
)


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder whose secrets.toml sets sign-in up, and a list of people in the settings."""
    path = tmp_path / ".streamlit" / "secrets.toml"
    path.parent.mkdir()
    write(path, AUTH)
    people = tmp_path / "people.toml"
    people.write_text('reviewers = ["ada@museum.org"]\nviewers = ["vic@museum.org"]\n')
    monkeypatch.setenv(PEOPLE, str(people))
    before = st.get_option("secrets.files")
    st.config.set_option("secrets.files", [str(path)])
    monkeypatch.setattr(sign_in, "SIGNED_OUT", SignedOut(lambda: open_log(tmp_path / "log.sqlite")))
    st.secrets._reset()
    yield path
    st.config.set_option("secrets.files", before)
    st.secrets._reset()


def write(path: Path, auth: dict[str, str]) -> None:
    path.write_text("[auth]\n" + "".join(f'{name} = "{text}"\n' for name, text in auth.items()))
    path.chmod(0o600)


def seal_in_pieces(claims: dict[str, object], size: int = 60) -> dict[str, str]:
    """What Streamlit sets for claims that are too long for one cookie."""
    text = json.dumps(claims)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    made = {COOKIE: sign(f"chunks-{len(pieces)}")}
    for number, piece in enumerate(pieces, 1):
        name = f"{COOKIE}_{number}"
        made[name] = sign(piece, name=name)
    return made


def settings_of(path: Path, **more: Any) -> Settings:
    return Settings(people=path.parents[1] / "people.toml", **more)


def test_a_full_setup_passes_and_allows_any_address(
    secrets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in_setup.check_setup(settings_of(secrets))
    __main__.warn_of_strangers(Settings(host="0.0.0.0", people=secrets))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cookie_secret": "short"}, "too short"),
        ({"cookie_secret": "0123456789abcdef" * 3}, "a repetition"),
        ({"cookie_secret": "changeme-changeme-please-changeme!"}, "anyone would try"),
        ({"server_metadata_url": "http://login.museum.org/x"}, "https://"),
        ({"authorize_url": "http://login.museum.org/x"}, "https://"),
        ({"redirect_uri": "https://curator.museum.org/../oauth2callback"}, "oauth2callback"),
        ({"redirect_uri": "http://curator.museum.org/oauth2callback"}, "https"),
        ({"redirect_uri": "https://curator.museum.org/"}, "oauth2callback"),
        ({"client_id": None}, "client_id"),
        ({"client_secret": None}, "client_secret"),
        ({"server_metadata_url": None}, "server_metadata_url"),
        ({"cookie_secret": None}, "cookie_secret"),
        ({"redirect_uri": None}, "redirect_uri"),
    ],
)
def test_what_is_missing_or_weak_is_said(
    secrets: Path, change: dict[str, str | None], said: str
) -> None:
    write(secrets, {name: text for name, text in (AUTH | change).items() if text is not None})
    with pytest.raises(UserError, match=said):
        sign_in_setup.check_setup(settings_of(secrets))


def test_secrets_that_cannot_be_read_never_mean_an_open_door(secrets: Path) -> None:
    secrets.write_text("[auth\n")
    with pytest.raises(UserError, match="not set up"):
        sign_in_setup.check_setup(settings_of(secrets))
    secrets.unlink()
    with pytest.raises(UserError, match="not set up"):
        sign_in_setup.check_setup(settings_of(secrets))


@pytest.mark.usefixtures("secrets")
def test_a_provider_without_a_list_of_people_is_refused() -> None:
    with pytest.raises(UserError, match="nobody is allowed in"):
        sign_in_setup.check_setup(Settings())


@pytest.mark.parametrize(
    ("name", "providers", "signs"),
    [
        ("Ada@museum.org", "", True),
        ("Ada Lovelace, ada@museum.org", "", True),
        ("ada@museum.org (Entra)", TWO, True),
        ("Ada", "", False),
        ("vic@museum.org", "", False),
        ("bo@museum.org", "", False),
        ("ada@museum.org (entra)", "", False),
        ("ada@museum.org", TWO, False),
        ("ada@museum.org (other)", TWO, False),
    ],
)
def test_a_worklist_is_for_a_name_that_a_reviewer_signs_with(
    secrets: Path, name: str, providers: str, signs: bool
) -> None:
    if providers:
        secrets.write_text(providers)
        st.secrets._reset()
    with nullcontext() if signs else pytest.raises(sign_in.NotAllowed, match=re.escape(name)):
        sign_in.require_signer(name)


def test_several_providers_are_offered_by_name(secrets: Path) -> None:
    assert list_providers() == ["default"]
    secrets.write_text(TWO)
    st.secrets._reset()
    assert list_providers() == ["entra", "google"]


@pytest.mark.usefixtures("secrets")
def test_a_sealed_session_is_read() -> None:
    person = sign_in.read_session(seal(ADA))
    assert person is not None
    assert (person.role, person.signature) == ("reviewer", "ada@museum.org")


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize(
    "cookies",
    [
        {},
        {COOKIE: "nonsense"},
        {COOKIE: json.dumps(ADA)},
        seal(ADA, "another secret, just as long as ours"),
        seal(ADA | {"origin": "https://elsewhere.org"}),
        seal(ADA | {"is_logged_in": False}),
        {"_streamlit_user_tokens": seal(ADA)[COOKIE]},
    ],
)
def test_any_other_cookie_is_nobody(cookies: dict[str, str]) -> None:
    assert sign_in.read_session(cookies) is None


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize(
    "claims",
    [
        {"email": "eve@museum.org"},
        {"email": ""},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email_verified": "perhaps"},
        {"email": " ada@museum.org"},
        {"email": "ada@museum.org\n"},
        {"email": ["ada@museum.org"]},
        {"email": "eve@evil.example@museum.org"},
    ],
)
def test_a_stranger_has_no_role(claims: dict[str, object]) -> None:
    person = sign_in.judge(ADA | claims)
    assert person is not None
    assert person.role is None


def test_an_address_without_a_word_on_it_counts_where_the_list_says_so(secrets: Path) -> None:
    unstated = {name: claim for name, claim in ADA.items() if name != "email_verified"}
    people = settings_of(secrets).people
    for line, role in (("false", None), ("true", "reviewer")):
        people.write_text(f'trust_unstated = {line}\nreviewers = ["ada@museum.org"]\n')  # type: ignore[union-attr]
        for claims, expected in ((unstated, role), (ADA | {"email_verified": False}, None)):
            person = sign_in.judge(claims)
            assert person is not None
            assert person.role == expected


def test_a_list_that_broke_lets_nobody_in(secrets: Path) -> None:
    settings_of(secrets).people.write_text("reviewers = [")  # type: ignore[union-attr]
    person = sign_in.read_session(seal(ADA))
    assert person is not None
    assert person.role is None


@pytest.mark.usefixtures("secrets")
def test_a_session_in_pieces_is_nobodys() -> None:
    """Pieces of two sign-ins could be put together to one that nobody made."""
    assert sign_in.read_session(seal_in_pieces(ADA)) is None
    mixed = seal_in_pieces(ADA | {"email_verified": False}) | {
        name: value for name, value in seal_in_pieces(ADA).items() if name.endswith("_2")
    }
    assert sign_in.read_session(mixed) is None
    assert sign_in.read_session(seal_in_pieces(ADA) | seal(ADA)) is not None


@pytest.mark.usefixtures("secrets")
def test_a_long_session_becomes_one_cookie() -> None:
    long = ADA | {"provider": "default", "groups": ["x" * 100] * 60, "picture": "y" * 3000}
    set_by_streamlit = [
        f"{name}={value}; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"
        for name, value in seal_in_pieces(long, 2000).items()
    ]
    (kept,) = session_cookie.keep_whole([*set_by_streamlit], 3600)
    value, *attributes = kept.split("; ")
    assert set(attributes) >= {"Max-Age=3600", "Path=/", "HttpOnly"}
    assert len(kept) < session_cookie.LONGEST
    person = sign_in.read_session({COOKIE: value.partition("=")[2]})
    assert person is not None
    assert (person.email, person.role) == ("ada@museum.org", "reviewer")
    gone = [f'{COOKIE}=""; Max-Age=0; Path=/']
    assert session_cookie.keep_whole(gone, 3600) == gone


@pytest.mark.usefixtures("secrets")
def test_streamlit_is_shown_no_pieces() -> None:
    sent = "; ".join(f"{name}={value}" for name, value in seal_in_pieces(ADA).items())
    left = session_cookie.drop_pieces(f"a=b; {sent}; _streamlit_user_tokens_1=x; c=d")
    names = [part.partition("=")[0] for part in left.split("; ")]
    assert names == ["a", COOKIE, "_streamlit_user_tokens_1", "c"]


@pytest.mark.usefixtures("secrets")
def test_a_session_lasts_as_long_as_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    for age, hours, stands in ((11.9, "", True), (12.1, "", False), (1.1, "1", False)):
        with monkeypatch.context() as patch:
            patch.setattr("itsdangerous.timed.time.time", lambda age=age: now - 3600 * age)
            cookie = seal(ADA)
        monkeypatch.setenv(SESSION_HOURS, hours)
        assert (sign_in.read_session(cookie) is not None) is stands
    with monkeypatch.context() as patch:
        patch.setattr("itsdangerous.timed.time.time", lambda: now + 3600)
        cookie = seal(ADA)
    assert sign_in.read_session(cookie) is None


@pytest.mark.parametrize("hours", ["0", "-1", "721", "nan", "soon"])
def test_hours_that_are_none_are_said(hours: str) -> None:
    with pytest.raises(UserError):
        load_settings({SESSION_HOURS: hours})


def test_signing_out_ends_every_spelling_of_a_cookie(secrets: Path) -> None:
    cookie, other = seal(ADA), seal(ADA | {"session": "another"})
    assert sign_in.read_session(cookie) is not None
    sign_in.end_session(cookie)
    letters = string.ascii_letters + string.digits + "-_"
    spellings = [cookie[COOKIE][:-1] + letter for letter in letters]  # base64 leaves bits over
    assert all(sign_in.read_session({COOKIE: each}) is None for each in spellings)
    assert sign_in.read_session(other) is not None
    anew = SignedOut(lambda: open_log(secrets.parents[1] / "log.sqlite"))
    assert anew.holds(session_cookie.read(cookie).id)  # type: ignore[union-attr]


def test_signing_out_holds_here_where_nothing_can_be_written() -> None:
    def find_log() -> ReviewLog:
        raise ReviewsError("no database")

    here = SignedOut(find_log)
    here.add("one")
    assert here.holds("one")
    assert not here.holds("two")


def test_one_address_is_one_reviewer_whatever_its_name(secrets: Path) -> None:
    names = ("Ada", "Ada Lovelace", "", "\u202eadA", None)
    people = [sign_in.judge(ADA | {"name": name, "email": "Ada@Museum.org"}) for name in names]
    assert {person.signature for person in people if person} == {"ada@museum.org"}
    write(secrets, {"redirect_uri": AUTH["redirect_uri"], "cookie_secret": SECRET})
    with secrets.open("a") as file:
        file.write("[auth.entra]\nclient_id = 'x'\n[auth.google]\nclient_id = 'y'\n")
    st.secrets._reset()
    both = [sign_in.judge(ADA | {"provider": provider}) for provider in ("entra", "google")]
    assert [person.signature for person in both if person] == [
        "ada@museum.org (entra)",
        "ada@museum.org (google)",
    ]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_secrets_that_others_may_read_are_refused(secrets: Path, mode: int) -> None:
    secrets.chmod(mode)
    with pytest.raises(UserError, match="chmod 600"):
        sign_in_setup.check_setup(settings_of(secrets))


def test_a_list_that_others_may_change_is_refused(secrets: Path) -> None:
    settings_of(secrets).people.chmod(0o664)  # type: ignore[union-attr]
    with pytest.raises(UserError, match="chmod 644"):
        sign_in_setup.check_setup(settings_of(secrets))


def test_the_public_address_is_the_one_that_sign_in_comes_back_to(secrets: Path) -> None:
    settings = settings_of(secrets)
    assert str(sign_in_setup.find_public_site(settings)) == "https://curator.museum.org"
    same = settings_of(secrets, public_address="https://Curator.museum.org:443/")
    assert sign_in_setup.find_public_site(same) == sign_in_setup.find_public_site(settings)
    with pytest.raises(UserError, match="two addresses"):
        sign_in_setup.check_setup(settings_of(secrets, public_address="https://museum.org"))


def test_cookies_and_answers_are_for_https_where_that_is_the_address(secrets: Path) -> None:
    async def answer(_: Request) -> PlainTextResponse:
        made = PlainTextResponse("here")
        made.set_cookie("_streamlit_xsrf", "x", samesite="lax")
        made.set_cookie("any", "y", samesite=None)
        return made

    def ask(is_https: bool) -> Any:
        layer = Middleware(SecurityHeaders, is_https=is_https, session_seconds=60)
        routes = [Route("/", answer)]
        return TestClient(Starlette(routes=routes, middleware=[layer])).get("/").headers

    closed = ask(True)
    assert closed["Strict-Transport-Security"].startswith("max-age=")
    assert closed["Cross-Origin-Resource-Policy"] == "same-origin"
    xsrf, other = closed.get_list("set-cookie")
    assert "Secure" in xsrf
    assert "HttpOnly" not in xsrf
    assert all(word in other for word in ("Secure", "HttpOnly", "SameSite=lax"))
    plain = ask(False)
    assert "Strict-Transport-Security" not in plain
    assert "Secure" not in plain["set-cookie"]


@pytest.fixture
def client(secrets: Path) -> TestClient:
    """Any page and any route behind the gate."""

    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.url.path, headers={"Cache-Control": IMMUTABLE})

    gate = app.build_gates(["", "outliers"])[0]
    server = Starlette(
        routes=[Route("/{rest:path}", answer, methods=["GET", "POST"])], middleware=[gate]
    )
    return TestClient(server, follow_redirects=False)


@pytest.mark.parametrize(
    "path",
    [
        *("/images/run/0/160.jpg", "/media/abc.csv", "/_stcore/upload_file/a/b", "/anything/new"),
        *("/component/x", "/_stcore/agent/mcp", "/_stcore/metrics", "//images/run/0/160.jpg"),
        *("/outliers/../images/run/0/160.jpg", "/static", "/healthz/", "/OUTLIERS"),
    ],
)
def test_what_is_no_page_is_closed(client: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        assert client.request(method, f"http://testserver{path}").status_code == 401


@pytest.mark.parametrize("path", ["/sta%0Atic/app.js", "/outli%09ers", "/heal%0Dthz"])
def test_a_path_is_judged_as_routes_see_it(client: TestClient, path: str) -> None:
    """Parsed as a part of an address, it would lose its line breaks and be open."""
    assert client.get(path).status_code == 401


def test_the_door_offers_each_way_in(client: TestClient) -> None:
    page = client.get("/outliers")
    assert (page.status_code, page.headers["Cache-Control"]) == (401, "no-store")
    assert "Please sign in" in page.text
    assert "/sign-in?provider=default" in page.text
    there = client.get("/sign-in?provider=default").headers["Location"]
    assert there.startswith("/auth/login?provider=")
    assert client.get("/sign-in?provider=elsewhere").status_code == 404
    client.cookies.update(seal(ADA | {"email": "<b>@evil.example"}))
    stranger = client.get("/")
    assert stranger.status_code == 403
    assert "not on the list" in stranger.text
    assert "&lt;b&gt;@evil.example" in stranger.text
    assert "/auth/logout" in stranger.text


def test_roles_open_it(client: TestClient) -> None:
    for email, status in (("vic@museum.org", 200), ("eve@museum.org", 403)):
        client.cookies.update(seal(ADA | {"email": email}))
        answer = client.get("/images/run/0/160.jpg")
        assert answer.status_code == status
        assert "public" not in answer.headers["Cache-Control"]


def test_the_page_asked_for_is_come_back_to(client: TestClient) -> None:
    client.get("/outliers?given=Cubism")
    assert client.cookies[WANTED].strip('"') == "/outliers?given=Cubism"
    client.cookies.update(seal(ADA))
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/outliers?given=Cubism")
    assert WANTED not in client.cookies
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("wanted", ["https://evil.com/", "//evil.com", "/images/run/0/160.jpg"])
def test_nobody_is_sent_elsewhere(client: TestClient, wanted: str) -> None:
    client.cookies.update(seal(ADA) | {WANTED: wanted})
    assert client.get("/").headers["Location"] == "/"
