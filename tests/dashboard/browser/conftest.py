"""A real server in a process of its own, and a real Chromium that looks at it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

from bench.server import CHECKOUT, serve

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
NO_WEBGL = ["--disable-3d-apis"]
VIEWPORT: ViewportSize = {"width": 1280, "height": 900}
SLOW = 60_000  # milliseconds that a busy machine may take over a page
expect.set_options(timeout=SLOW)
QUIET = 5  # looks in a row, each after the page has drawn, at which nothing was under way
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))"
PICTURES = CHECKOUT / "test-output"
TALLEST = 6_000  # pixels of a page that are kept


class Visit:
    """A page, and what it must not do: log errors, ask other hosts."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self.server = page, server
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self._pending: set[Request] = set()
        page.set_default_timeout(SLOW)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._watch)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)

    def open(self, address: str) -> None:
        """Goes to ``address`` on the server and waits until the page is drawn."""
        self._pending.clear()
        self.page.goto(self.server + address, timeout=SLOW)
        self.settle()

    def settle(self) -> None:
        """Waits until the script has run, links and keys listen, and the address is written."""
        self.page.wait_for_selector("h1", timeout=SLOW)
        self.page.wait_for_selector(
            "[data-testid='stApp'][data-test-script-state='notRunning']", timeout=SLOW
        )
        # What follows the script leaves no mark of its own.
        quiet, until = 0, time.monotonic() + SLOW / 1000
        while quiet < QUIET and time.monotonic() < until:
            self.page.evaluate(DRAWN)
            quiet = 0 if self._pending else quiet + 1

    def until(self, is_so: Callable[[], bool]) -> None:
        """Waits for what no element of the page says."""
        ends = time.monotonic() + SLOW / 1000
        while not is_so():
            assert time.monotonic() < ends
            self.page.wait_for_timeout(150)

    def keep(self, name: str) -> None:
        """Leaves a picture of the whole page in the test output, for people to look at."""
        main = self.page.get_by_test_id("stMain")
        size = self.page.viewport_size
        assert size is not None
        height = min(main.evaluate("main => main.scrollHeight"), TALLEST)
        self.page.set_viewport_size({"width": size["width"], "height": max(height, 600)})
        self.page.wait_for_timeout(300)
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")
        self.page.set_viewport_size(size)

    def _hear(self, message: ConsoleMessage) -> None:
        # Opened below a page's path, Streamlit first looks for its server there, in vain.
        probe = "/_stcore/" in message.location.get("url", "")
        if message.type == "error" and not probe:
            self.errors.append(message.text)

    def _end(self, request: Request) -> None:
        self._pending.discard(request)

    def _watch(self, request: Request) -> None:
        self._pending.add(request)
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != urlsplit(self.server).netloc:
            self.foreign.append(request.url)


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard over the synthetic run; nobody has judged or saved anything there."""
    verdicts = tmp_path_factory.mktemp("verdicts") / "reviews.sqlite"
    with serve(built, str(verdicts)) as (address, _):
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What starts browsers: one for all tests of a process."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> BrowserType:
    """What starts Chromiums."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: set CHROMIUM to one")
    return playwright.chromium


@pytest.fixture(scope="session")
def browser(chromium: BrowserType) -> Iterator[BrowserContext]:
    """One Chromium for all visits, so that it fetches Streamlit's own files once."""
    started = chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *CAMERA, *WEBGL])
    yield started.new_context(viewport=VIEWPORT)
    started.close()


@pytest.fixture
def blind_visit(chromium: BrowserType, server: str) -> Iterator[Visit]:
    """A page in a Chromium that has no WebGL."""
    started = chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *NO_WEBGL])
    visit = Visit(started.new_page(viewport=VIEWPORT), server)
    yield visit
    started.close()
    assert visit.errors == []


@pytest.fixture
def visit(browser: BrowserContext, server: str) -> Iterator[Visit]:
    """A fresh page of nobody known; at the end it must have been quiet and stayed at home."""
    browser.clear_cookies()  # the name that an earlier visit signed with
    visit = Visit(browser.new_page(), server)
    yield visit
    visit.page.close()
    assert visit.errors == []
    assert visit.foreign == []
