"""How soon the next painting is on the screen after a verdict by key, at WikiArt's size.

    python -m bench.review_speed [artifacts] [--run id] [--verdicts 100] [--look 0.5]

Starts the real server on the run (one of 81,444 rows is drawn where ``artifacts`` holds none) and
drives its queue in one real Chromium by keys alone, after a look of some seconds at each painting.
Times are taken in the browser: from the key's event until the next painting is drawn and can be
judged, and until the server has answered and its script is idle. Beside them a click on a bare
Streamlit page, which draws nothing: the floor of whatever waits for the server. Measured on a
machine that others use, the ratio of the two is what holds.
"""

from __future__ import annotations

import argparse
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

import numpy as np
from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench.browser import CHROMIUM, FLAGS, PROBE, WEBGL, serve_dashboard, serve_streamlit
from bench.full_scale_run import SHARED, build_full_scale
from bench.page_latency import PEER, ROWS, VIEWPORT, click, save_points, visit
from core.artifacts import open_run
from core.reviews import open_log

KEYS: Final = "134125"  # verdicts, in turn
FLOOR: Final = 10  # clicks on the bare page
# From the next key: [until another painting can be judged, until the script is idle].
WATCH: Final = """
bench.onVerdict = async () => {
  const shown = () => document.querySelector(".ae-panel > figure").dataset.painting
  const before = shown()
  const begun = await bench.event("keydown")
  const isNext = () => shown() && shown() !== before && !document.querySelector(".ae-panel.locked")
  const drawn = await bench.until(isNext)
  const isDone = () => !window.artextractOutboxes.panel.waiting.length && bench.isIdle()
  return [drawn - begun, (await bench.until(isDone)) - begun]
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    default = Path(tempfile.gettempdir()) / "artextract-full-scale"
    parser.add_argument("artifacts", type=Path, nargs="?", default=default)
    parser.add_argument("--run", default=f"full-scale-{ROWS}")
    parser.add_argument("--verdicts", type=int, default=100)
    parser.add_argument("--look", type=float, default=0.5, help="seconds at each painting")
    options = parser.parse_args()
    if not (options.artifacts / options.run).is_dir():
        labels, pictures = SHARED / "wikiart-labels", SHARED / "wikiart-mini"
        build_full_scale(options.artifacts, ROWS, labels, pictures)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        save_points(open_run(options.artifacts / options.run), folder / "points.parquet")
        reviews = folder / "reviews.sqlite"
        ours = stack.enter_context(serve_dashboard(options.artifacts, reviews))
        peer = stack.enter_context(serve_streamlit(PEER, str(folder / "points.parquet")))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *WEBGL])
        stack.callback(browser.close)
        context = browser.new_context(viewport=VIEWPORT)
        context.set_default_timeout(60_000)
        context.add_init_script(PROBE + WATCH)
        floor = measure_floor(context, peer.address)
        context.add_cookies([{"name": "artextract_reviewer", "value": "Ada", "url": ours.address}])
        drawn, answered = measure_verdicts(context, ours.address, options.verdicts, options.look)
        again = measure_floor(context, peer.address)
        with closing(open_log(reviews)) as log:
            recorded = len(log.load_standing())
    floor = np.concatenate([floor, again])
    print("| what | median | p95 | of a bare rerun |\n|---|---|---|---|")
    for what, times in (
        ("a bare rerun, before and after", floor),
        ("key to the next painting, which can be judged", drawn),
        ("key to the server's answer", answered),
    ):
        middle, late = np.percentile(times, [50, 95])
        print(f"| {what} | {middle:.0f} ms | {late:.0f} ms | {middle / np.median(floor):.2f} |")
    print(f"\n{recorded} of {options.verdicts} verdicts are in the log.")


def measure_floor(context: BrowserContext, address: str) -> np.ndarray:
    """(FLOOR,) milliseconds of a click that changes a number on a bare page."""
    page = context.new_page()
    visit(page, f"{address}/?bare")
    button = page.get_by_role("button", name="Click")
    taken = np.array([click(page, button)[0] for _ in range(FLOOR)])
    page.close()
    return taken


def measure_verdicts(
    context: BrowserContext, address: str, verdicts: int, look: float
) -> tuple[np.ndarray, np.ndarray]:
    """(verdicts,) milliseconds each: until the next painting can be judged, until all is idle."""
    page = context.new_page()
    visit(page, f"{address}/reviews")
    page.wait_for_selector(".ae-panel > figure[data-painting]")
    taken = np.array([judge(page, KEYS[n % len(KEYS)], look) for n in range(verdicts)])
    page.close()
    return taken[:, 0], taken[:, 1]


def judge(page: Page, key: str, look: float) -> tuple[float, float]:
    page.wait_for_timeout(1e3 * look)
    page.evaluate("() => void (bench.waiting = bench.onVerdict())")
    page.keyboard.press(key)
    drawn, answered = page.evaluate("bench.waiting")
    return float(drawn), float(answered)


if __name__ == "__main__":
    main()
