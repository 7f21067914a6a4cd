"""How long a curator waits for pictures, beside other tools on the same 81,444.

    python -m bench.peer_latency artifacts [--run id] [--repeats 10]
        [--lightly-studio PYTHON] [--spotlight PYTHON]

Each ``PYTHON`` is that of an environment which has the tool; one that is not named is left out.
Times are taken in one real Chromium, the servers one after the other: from the start of the server,
from the navigation or from the click, until all pictures in view are loaded, and are others than
before. Spotlight's first page is a table without pictures: there until its rows are drawn. Plotly
draws points alone: until these are. Medians of ``--repeats``, of 3 starts and of 4 filters.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import psutil
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from bench.browser import (
    CHROMIUM,
    FLAGS,
    PROBE,
    WEBGL,
    Server,
    serve_dashboard,
    serve_streamlit,
)
from bench.page_latency import PEER, POINTS, ROWS, STYLES, choose, reach, save_points
from bench.server import find_port, run
from core.artifacts import Run, open_run

# Wide enough for our gallery to stand beside its cloud.
VIEWPORT: Final[ViewportSize] = {"width": 1920, "height": 1080}
STARTS: Final = 3
HERE: Final = Path(__file__).with_name("peers")
WATCH: Final = """
bench.pictures = () => {
  const found = document.querySelectorAll(".ae-card img, [data-testid=images-grid] img")
  return [...found].filter((picture) => {
    const box = picture.getBoundingClientRect()
    return box.width > 40 && box.bottom > 0 && box.top < innerHeight
  })
}
bench.sources = () => bench.pictures().map((picture) => picture.src).join()
bench.areLoaded = () => {
  const pictures = bench.pictures()
  return pictures.length > 2 && pictures.every((each) => each.complete && each.naturalWidth)
}
bench.isTable = (rows) => {
  const text = document.body?.innerText ?? ""
  return text.includes(`All\\n${rows}`) && text.includes("Abstract_Expressionism")
}
bench.onPictures = async (kind) => {
  const before = bench.sources()
  const begun = await bench.event(kind)
  return (await bench.until(() => bench.sources() !== before && bench.areLoaded())) - begun
}
"""


@dataclass(frozen=True)
class Tool:
    """What is compared: how it is served, where and until when it is looked at, how filtered."""

    name: str
    serve: Callable[[], AbstractContextManager[Server]]
    is_drawn: str  # JavaScript
    filter_by: Callable[[Page, str], float] | None = None  # milliseconds
    path: str = "/"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("artifacts", type=Path)
    parser.add_argument("--run", default=f"full-scale-{ROWS}")
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--lightly-studio", type=Path)
    parser.add_argument("--spotlight", type=Path)
    options = parser.parse_args()
    opened = open_run(options.artifacts / options.run)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        tools = list_tools(options, opened, Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *WEBGL])
        print("| tool | start | first view | a filter by style |\n|---|---|---|---|", flush=True)
        for tool in tools:
            print(f"| {tool.name} | {measure(browser, tool, options.repeats)} |", flush=True)
        browser.close()


def list_tools(options: argparse.Namespace, opened: Run, folder: Path) -> list[Tool]:
    """Ours, Plotly's page, and the others that there is a Python for."""
    points = folder / "points.parquet"
    save_points(opened, points)
    ours = Tool(
        "ours, Outliers",
        partial(serve_dashboard, options.artifacts, folder / "reviews.sqlite"),
        "() => bench.isUseful() && bench.areLoaded()",
        filter_ours,
        "/outliers",
    )
    plotly = Tool(
        "Plotly scattergl in Streamlit, points alone",
        partial(serve_streamlit, PEER, str(points)),
        "() => bench.isUseful()",
        lambda page, style: choose(page, "Style", style)[0],
        POINTS,
    )
    tools = [ours, plotly]
    if options.lightly_studio is None and options.spotlight is None:
        return tools
    pictures = folder / "pictures"
    link_pictures(opened, pictures)
    if options.lightly_studio is not None:
        script, kept = HERE / "lightly_studio_server.py", folder / "lightly_studio.db"
        arguments = [str(script), str(pictures), str(kept)]
        with serve_other(options.lightly_studio, arguments):  # reads the pictures
            pass
        serve = partial(serve_other, options.lightly_studio, arguments)
        tools.append(Tool("LightlyStudio", serve, "() => bench.areLoaded()", filter_lightly_studio))
    if options.spotlight is not None:
        arguments = [str(HERE / "spotlight_server.py"), str(pictures)]
        serve = partial(serve_other, options.spotlight, arguments)
        tools.append(
            Tool("Spotlight, its table", serve, f"() => bench.isTable({len(opened.paintings)})")
        )
    return tools


def link_pictures(opened: Run, pictures: Path) -> None:
    """The run's pictures, a folder a style, a file a painting."""
    columns = (opened.paintings[name] for name in ("image", "given_style"))
    for number, (image, style) in enumerate(zip(*columns, strict=True)):
        folder = pictures / str(style).replace("/", "_")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:06d}.jpg").hardlink_to(opened.image_folder / image)


@contextmanager
def serve_other(python: Path, arguments: list[str]) -> Iterator[Server]:
    """A script of ``bench/peers`` that takes a port at last, by another Python."""
    port = find_port()
    started, address = time.monotonic(), f"http://127.0.0.1:{port}"
    quiet = {"DO_NOT_TRACK": "1", "PYTHONPATH": ""}
    command = [*arguments, str(port)]
    with (
        tempfile.NamedTemporaryFile() as said,
        run(command, address, quiet, Path(said.name), python) as process,
    ):
        try:
            yield Server(address, process, started)
        finally:
            for each in psutil.Process(process.pid).children(recursive=True):
                each.terminate()  # Spotlight would leave its own behind


def measure(browser: Browser, tool: Tool, repeats: int) -> str:
    """The cells of its row."""
    starts = [measure_start(browser, tool) for _ in range(STARTS)]
    with tool.serve() as server:
        context = new_context(browser)
        address = server.address + tool.path
        views = [view(context, tool, address) for _ in range(repeats + 1)][1:]
        cells = [f"{np.median(starts):.1f} s", f"{np.median(views):.0f} ms", ""]
        if tool.filter_by is not None:
            page = context.new_page()
            open_page(page, tool, address)
            taken = [tool.filter_by(page, style) for style in STYLES]
            cells[-1] = f"{np.median(taken):.0f} ms"
        context.close()
    return " | ".join(cells)


def measure_start(browser: Browser, tool: Tool) -> float:
    """Seconds from the server's start, in a browser with an empty cache."""
    with tool.serve() as server:
        context = new_context(browser)
        open_page(context.new_page(), tool, server.address + tool.path)
        seconds = server.seconds_since_start()
        context.close()
    return seconds


def new_context(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport=VIEWPORT)
    context.add_init_script(PROBE + WATCH)
    context.set_default_timeout(60_000)
    return context


def view(context: BrowserContext, tool: Tool, address: str) -> float:
    """Milliseconds from the navigation of a new page."""
    page = context.new_page()
    taken = open_page(page, tool, address)
    page.close()
    return taken


def open_page(page: Page, tool: Tool, address: str) -> float:
    """Milliseconds until what the tool shows first is drawn."""
    page.goto(address, wait_until="commit")
    return float(page.evaluate(f"bench.until({tool.is_drawn})"))


def filter_ours(page: Page, style: str) -> float:
    """Milliseconds from the choice of ``style``, which is cleared afterwards."""
    reach(page, "Given style", style)
    taken = wait_for_pictures(page, "keydown", lambda: page.keyboard.press("Enter"))
    page.keyboard.press("Escape")
    clear = page.get_by_role("button", name="Clear filters").first
    wait_for_pictures(page, "pointerdown", clear.click)
    return taken


def filter_lightly_studio(page: Page, style: str) -> float:
    """Milliseconds from the click on the tag ``style``, which is taken back afterwards."""
    tour = page.get_by_role("button", name="Dismiss")
    if tour.is_visible():
        tour.click()
    tag = page.get_by_test_id("tag-menu-item").filter(has=page.get_by_text(style, exact=True))
    box = tag.get_by_role("checkbox")
    taken = wait_for_pictures(page, "pointerdown", box.click)
    wait_for_pictures(page, "pointerdown", box.click)
    return taken


def wait_for_pictures(page: Page, event: str, do: Callable[[], None]) -> float:
    """Does what raises ``event``; milliseconds until other pictures are in view, all loaded."""
    page.evaluate("kind => void (bench.waiting = bench.onPictures(kind))", event)
    do()
    return float(page.evaluate("bench.waiting"))


if __name__ == "__main__":
    main()
