"""Signing in with a real provider of OpenID Connect on loopback, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType, Page, expect

from bench.server import find_port, run
from core.reviews import open_log
from dashboard.selection.verdicts import VERDICT_NAMES
from dashboard.session.shortcuts import VERDICT_KEYS
from tests.dashboard.browser.conftest import CHROMIUM, FLAGS, SLOW, VIEWPORT
from tests.security.museum import write_secrets

pytestmark = [pytest.mark.slow, pytest.mark.browser]

CLOSED = [
    "/images/synthetic-1/0/160.jpg",
    "/iiif/3/synthetic-1:0/info.json",
    "/iiif/3/synthetic-1:0/full/max/0/default.jpg",
    "/points/synthetic-1.bin",
    "/points/synthetic-1/0.json",
    "/api/classify/schema.json",
]
STYLE_ELSEWHERE = "**://cdn.jsdelivr.net/**"  # of the provider's own page
PEOPLE = 'reviewers = ["ada@museum.org"]\nviewers = ["*@visitors.org"]\n'
CLAIMS = [
    {"sub": "ada", "email": "Ada@museum.org", "name": "Ada Lovelace", "email_verified": True},
    {"sub": "vic", "email": "vic@visitors.org", "name": "Vic", "email_verified": True},
    {"sub": "eve", "email": "eve@elsewhere.org", "name": "Eve", "email_verified": True},
    {"sub": "mallory", "email": "ada@museum.org", "name": "Ada", "email_verified": False},
]


@dataclass
class Museum:
    """A dashboard that asks for sign-in: its address, list of people, and verdicts."""

    address: str
    people: Path
    verdicts: Path


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Address of a provider that knows the four people of ``CLAIMS``."""
    port = find_port()
    command = ["-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    for claims in CLAIMS:
        command += ["--user-claims", json.dumps(claims)]
    address = f"http://127.0.0.1:{port}"
    with run(command, f"{address}/jwks"):
        yield address


@pytest.fixture(scope="module")
def museum(
    built: Path, provider: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Museum]:
    """A server over the synthetic run that only lets people of the list in."""
    home, port = tmp_path_factory.mktemp("home"), find_port()
    museum = Museum(f"http://127.0.0.1:{port}", home / "people.toml", home / "reviews.sqlite")
    write_secrets(home, museum.address, PEOPLE, provider)
    command = ["-m", "dashboard", "--artifacts", str(built), "--port", str(port), "--api"]
    command += ["--people", str(museum.people), "--reviews", str(museum.verdicts)]
    with run(command, f"{museum.address}/healthz", {"HOME": str(home)}):
        yield museum


@pytest.fixture
def page(chromium: BrowserType, museum: Museum) -> Iterator[Page]:
    """A fresh browser at the museum's door."""
    museum.people.write_text(PEOPLE)
    started = chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    try:
        opened = started.new_page(viewport=VIEWPORT, base_url=museum.address)
        opened.set_default_timeout(SLOW)
        opened.route(STYLE_ELSEWHERE, lambda route: route.abort())
        yield opened
    finally:
        started.close()


def sign_in(page: Page, who: str, address: str = "/") -> None:
    """Opens ``address``, and lets the provider say that ``who`` asks for it."""
    page.goto(address, timeout=SLOW)
    page.get_by_role("button", name="Sign in").click(timeout=SLOW)
    page.get_by_role("button", name=who, exact=True).click(timeout=SLOW)
    page.wait_for_selector("h1", timeout=SLOW)


def statuses(page: Page) -> set[int]:
    """What the closed routes answer to this browser."""
    return {page.request.get(address).status for address in CLOSED}


def test_who_has_not_signed_in_sees_and_fetches_nothing(page: Page) -> None:
    page.goto("/outliers", timeout=SLOW)
    expect(page.get_by_role("heading", name="Please sign in")).to_be_visible(timeout=SLOW)
    assert page.locator("article, nav a, .ae-facts").count() == 0
    assert statuses(page) == {401}
    answer = page.request.post("/api/classify", data=b"picture")
    assert (answer.status, answer.text()) == (401, "Sign in first.")


def test_a_forged_session_is_none(page: Page, museum: Museum) -> None:
    forged = json.dumps({"email": "ada@museum.org", "is_logged_in": True, "origin": museum.address})
    for value in (forged, "eyJlbWFpbCI6ImFkYUBtdXNldW0ub3JnIn0.aaaa.bbbb"):
        answer = page.request.get(CLOSED[0], headers={"Cookie": f"_streamlit_user={value}"})
        assert answer.status == 401


def test_a_reviewer_gets_the_page_asked_for_and_signs_verdicts(page: Page, museum: Museum) -> None:
    sign_in(page, "ada", "/reviews?section=queue")
    expect(page.get_by_role("heading", name="Are these labels right?")).to_be_visible(timeout=SLOW)
    assert "/reviews" in page.url
    assert statuses(page) == {200}
    assert "private" in page.request.get(CLOSED[0]).headers["cache-control"]
    page.locator("button[data-verdict=right]").click(timeout=SLOW)
    judged = page.locator(".ae-facts div", has_text="by you")
    expect(judged.locator("dd")).to_have_text("1", timeout=SLOW)
    log = open_log(museum.verdicts)
    assert log.load_all()["reviewer"].tolist() == ["ada@museum.org"]
    log.close()


def test_who_lost_the_role_while_the_page_was_open_is_refused(page: Page, museum: Museum) -> None:
    log = open_log(museum.verdicts)
    before = len(log.load_all())
    sign_in(page, "ada", "/reviews")
    button = page.locator("button[data-verdict=right]")
    expect(button).to_be_enabled(timeout=SLOW)  # the picture has come
    museum.people.write_text('viewers = ["ada@museum.org"]\n')
    button.click()
    expect(page.get_by_text("Only reviewers can give verdicts")).to_be_visible(timeout=SLOW)
    assert len(log.load_all()) == before
    log.close()


def test_who_left_the_list_is_shown_the_door_at_the_next_click(page: Page, museum: Museum) -> None:
    sign_in(page, "ada", "/reviews")
    button = page.locator("button[data-verdict=right]")
    expect(button).to_be_enabled(timeout=SLOW)  # the picture has come
    museum.people.write_text('reviewers = ["bob@museum.org"]\n')
    button.click()
    expect(page.get_by_role("heading", name="You are not on the list")).to_be_visible(timeout=SLOW)
    assert page.locator("article, nav a, .ae-facts").count() == 0
    assert statuses(page) == {403}


def test_a_viewer_looks_and_does_not_judge(page: Page, museum: Museum) -> None:
    log = open_log(museum.verdicts)
    before = len(log.load_all())
    sign_in(page, "vic", "/reviews")
    expect(page.get_by_text("You are a viewer")).to_be_visible(timeout=SLOW)
    for name in VERDICT_NAMES.values():
        assert page.get_by_role("button", name=name).count() == 0
    for key in VERDICT_KEYS.values():
        page.keyboard.press(key)
    page.wait_for_timeout(1000)
    assert len(log.load_all()) == before
    log.close()
    assert statuses(page) == {200}


@pytest.mark.parametrize("who", ["eve", "mallory"])
def test_a_stranger_or_an_unverified_address_gets_nothing(page: Page, who: str) -> None:
    sign_in(page, who)
    expect(page.get_by_role("heading", name="You are not on the list")).to_be_visible()
    assert statuses(page) == {403}


def test_after_signing_out_the_door_is_shut(page: Page) -> None:
    sign_in(page, "ada")
    expect(page.get_by_text("Ada Lovelace, reviewer")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click(timeout=SLOW)
    expect(page.get_by_role("heading", name="Please sign in")).to_be_visible(timeout=SLOW)
    assert statuses(page) == {401}
