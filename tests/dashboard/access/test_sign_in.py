"""What must be set up, whom a session stands for, and what the gate lets through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from core.errors import UserError
from dashboard import app
from dashboard.access import sign_in
from dashboard.server.caching import IMMUTABLE
from dashboard.server.middleware.session_gate import WANTED, SessionGate
from dashboard.settings import PEOPLE, Settings

COOKIE = "_streamlit_user"
SECRET = "0123456789abcdef" * 3
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
    st.secrets._reset()
    yield path
    st.config.set_option("secrets.files", before)
    st.secrets._reset()


def write(path: Path, auth: dict[str, str]) -> None:
    path.write_text("[auth]\n" + "".join(f'{name} = "{text}"\n' for name, text in auth.items()))


def seal(claims: dict[str, object], secret: str = SECRET) -> dict[str, str]:
    """The cookie that Streamlit would have set."""
    return {COOKIE: create_signed_value(secret, COOKIE, json.dumps(claims)).decode()}


def settings_of(path: Path) -> Settings:
    return Settings(people=path.parents[1] / "people.toml")


def test_a_full_setup_passes_and_allows_any_address(
    secrets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in.check_setup(settings_of(secrets))
    app.warn_of_strangers(Settings(host="0.0.0.0", people=secrets))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cookie_secret": "short"}, "too short"),
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
        sign_in.check_setup(settings_of(secrets))


def test_secrets_that_cannot_be_read_never_mean_an_open_door(secrets: Path) -> None:
    secrets.write_text("[auth\n")
    with pytest.raises(UserError, match="not set up"):
        sign_in.check_setup(settings_of(secrets))
    secrets.unlink()
    with pytest.raises(UserError, match="not set up"):
        sign_in.check_setup(settings_of(secrets))


@pytest.mark.usefixtures("secrets")
def test_a_provider_without_a_list_of_people_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError, match="nobody is allowed in"):
        sign_in.check_setup(Settings())


@pytest.mark.usefixtures("secrets")
def test_several_providers_are_offered_by_name(secrets: Path) -> None:
    assert sign_in.list_providers() == ["default"]
    secrets.write_text(
        "[auth]\nredirect_uri = 'https://a.b/oauth2callback'\n"
        "[auth.entra]\nclient_id = 'x'\n[auth.google]\nclient_id = 'y'\n"
    )
    st.secrets._reset()
    assert sign_in.list_providers() == ["entra", "google"]


@pytest.mark.usefixtures("secrets")
def test_a_sealed_session_is_read() -> None:
    person = sign_in.read_session(seal(ADA))
    assert person is not None
    assert (person.role, person.signature) == ("reviewer", "Ada, ada@museum.org")


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


@pytest.fixture
def client(secrets: Path) -> TestClient:
    """Any page and any route behind the gate."""

    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.url.path, headers={"Cache-Control": IMMUTABLE})

    gate = Middleware(SessionGate, pages=["", "outliers"], read_session=sign_in.read_session)
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
