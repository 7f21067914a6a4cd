"""The Classify page for visitors: time to an answer, eight at once, memory of the server.

python -m bench.classify_visits ARTIFACTS

Starts a server on the newest run of ARTIFACTS, and Chromium on the real page. Times run in the
page, from the file's arrival in the form to the answer on the screen. Pictures are JPEGs of
1400 x 1100 made of real paintings. Memory is what the server and its decoding processes hold
resident, over 500 uploads by ``POST /api/classify``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import httpx
import numpy as np
import psutil
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, sync_playwright

from bench.browser import CHROMIUM, FLAGS
from bench.decode_routes import PAINTINGS, load_tiles, make_mosaic
from bench.server import serve

WARM, TIMED, AT_ONCE, UPLOADS, STEP = 3, 20, 8, 500, 100
PATIENCE = 60_000  # milliseconds
MODEL_SECONDS = 8  # after the server's start, until its model is loaded as well
WATCH = """
document.addEventListener('change', () => { window.began = performance.now(); }, true);
new MutationObserver(() => {
  if (window.began && !window.took && document.querySelector('.ae-answer'))
    window.took = performance.now() - window.began;
}).observe(document, {childList: true, subtree: true});
"""


def main() -> None:
    arguments = _parse()
    tiles = load_tiles(PAINTINGS, 200)
    pictures = [make_mosaic(tiles, 1400, 1100, seed) for seed in range(TIMED)]
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(arguments.artifacts, f"{folder}/reviews.sqlite", "--api") as (address, process),
    ):
        time.sleep(MODEL_SECONDS)
        server = psutil.Process(process.pid)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            taken = time_one_by_one(browser, address, pictures)
            print(f"one at a time: {describe(taken[WARM:])} ms, {len(taken) - WARM} uploads")
            together = time_together(browser, address, pictures[:AT_ONCE])
            print(f"{AT_ONCE} at once: {len(together)} answered, {describe(together)} ms")
            browser.close()
        watch_memory(address, server, pictures)


def time_one_by_one(browser: Browser, address: str, pictures: list[bytes]) -> np.ndarray:
    """Milliseconds to each answer; a new page every time, in a browser with a warm cache."""
    context = browser.new_context()
    return np.array([_upload_in(context, address, picture) for picture in pictures])


def _upload_in(context: BrowserContext, address: str, picture: bytes) -> float:
    page = _open_page(context, address)
    page.locator("input[type=file]").set_input_files(_name(picture))
    taken = _wait_for_answer(page)
    page.close()
    return taken


def time_together(browser: Browser, address: str, pictures: list[bytes]) -> np.ndarray:
    """Milliseconds to the answers when all visitors upload a picture at once."""
    pages = [_open_page(browser.new_context(), address) for _ in pictures]
    for page, picture in zip(pages, pictures, strict=True):
        page.locator("input[type=file]").set_input_files(_name(picture))
    return np.array([_wait_for_answer(page) for page in pages])


def watch_memory(address: str, server: psutil.Process, pictures: list[bytes]) -> None:
    """Prints what the server and its children hold, after every ``STEP`` uploads."""
    with httpx.Client(base_url=address, timeout=60) as client:
        for number in range(UPLOADS + 1):
            if number % STEP == 0:
                print(f"{number} uploads by the API: {measure_memory(server)}")
            answer = client.post("/api/classify", content=pictures[number % len(pictures)])
            answer.raise_for_status()


def measure_memory(server: psutil.Process) -> str:
    """Resident megabytes of the server and of its children."""
    children = [child.memory_info().rss / 1e6 for child in server.children(recursive=True)]
    own = server.memory_info().rss / 1e6
    return f"{own:.0f} MB and {', '.join(f'{each:.0f}' for each in children)} MB decoding"


def describe(taken: np.ndarray) -> str:
    middle, high = np.percentile(taken, (50, 95))
    return f"median {middle:.0f}, p95 {high:.0f}, worst {taken.max():.0f}"


def _name(picture: bytes) -> FilePayload:
    return {"name": "painting.jpg", "mimeType": "image/jpeg", "buffer": picture}


def _open_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{address}/classify", timeout=PATIENCE)
    page.locator("input[type=file]").wait_for(state="attached", timeout=PATIENCE)
    page.wait_for_timeout(500)
    return page


def _wait_for_answer(page: Page) -> float:
    page.wait_for_function("window.took", timeout=PATIENCE)
    return float(page.evaluate("window.took"))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("artifacts", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
