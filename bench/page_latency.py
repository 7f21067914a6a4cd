"""How long a curator waits at full size, beside Plotly on the same points and a bare Streamlit
page.

    python -m bench.page_latency [artifacts] [--run id] [--repeats 10] [--only map memory ...]

Starts the real server on the run (one of 81,444 rows is drawn where ``artifacts`` holds none) and a
bare Streamlit page with Plotly's scattergl, and drives both in one real Chromium, one after the
other. Times are taken in the browser: from the click, or from the start of the navigation, until
the cloud is drawn and the script is idle. Medians of ``--repeats``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from bench.browser import (
    CHROMIUM,
    FLAGS,
    PROBE,
    WEBGL,
    Server,
    serve_dashboard,
    serve_streamlit,
)
from bench.full_scale_run import SHARED, build_full_scale
from bench.visitor import Visitor
from core.artifacts import Run, open_run

ROWS: Final = 81_444
CLICKS: Final = 200
SESSIONS: Final = 4
VIEWPORT: Final[ViewportSize] = {"width": 1440, "height": 960}
PEER: Final = Path(__file__).with_name("peers") / "plotly_page.py"
POINTS: Final = "/?points"  # of the peer: the probe waits there until Plotly has drawn them
PAGES: Final = {"Overview": "/", "Outliers": "/outliers", "Style map": "/map", "Cases": "/cases"}
STYLES: Final = ("Romanticism", "Baroque", "Symbolism", "Cubism")
# Shares of the stage, around its middle: about a third of all points.
LASSO: Final = [(0.5 + 0.2 * np.cos(t), 0.5 + 0.2 * np.sin(t)) for t in np.linspace(0, 6.28, 24)]


class Table:
    """Rows of figures, printed as they come."""

    def __init__(self) -> None:
        print("| what | ours | goal | Plotly scattergl |\n|---|---|---|---|", flush=True)

    def add(self, what: str, ours: str, goal: str = "", peer: str = "") -> None:
        print(f"| {what} | {ours} | {goal} | {peer} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    default = Path(tempfile.gettempdir()) / "artextract-full-scale"
    parser.add_argument("artifacts", type=Path, nargs="?", default=default)
    parser.add_argument("--run", default=f"full-scale-{ROWS}")
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--clicks", type=int, default=CLICKS)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    if not (options.artifacts / options.run).is_dir():
        labels, pictures = SHARED / "wikiart-labels", SHARED / "wikiart-mini"
        build_full_scale(options.artifacts, ROWS, labels, pictures)
    run = open_run(options.artifacts / options.run)
    with open_bench(options, run) as bench:
        for part in options.only:
            try:
                PARTS[part](bench)
            except PlaywrightError as error:  # continue with the others
                bench.table.add(part, f"failed: {str(error).splitlines()[0]}")


class Bench:
    """Both servers and the browser that opens them."""

    def __init__(
        self,
        browser: Browser,
        ours: Server,
        peer: Server,
        points: Path,
        options: argparse.Namespace,
    ) -> None:
        self.browser, self.ours, self.peer = browser, ours, peer
        self.artifacts, self.run_id = options.artifacts, options.run
        self.points = points
        self.repeats, self.clicks = options.repeats, options.clicks
        self.table = Table()
        self.context = self.new_context()

    def new_context(self) -> Any:
        context = self.browser.new_context(viewport=VIEWPORT)
        context.add_init_script(PROBE)
        context.set_default_timeout(30_000)
        return context

    @contextmanager
    def page(self, address: str, context: Any = None) -> Iterator[Page]:
        """A page that has been opened and is idle."""
        page = (context or self.context).new_page()
        try:
            visit(page, address)
            yield page
        finally:
            page.close()

    @contextmanager
    def fresh_server(self) -> Iterator[Server]:
        """A server without earlier requests."""
        with (
            tempfile.TemporaryDirectory() as folder,
            serve_dashboard(self.artifacts, Path(folder) / "reviews.sqlite") as server,
        ):
            yield server

    def median(self, measure: Callable[[], float]) -> float:
        return float(np.median([measure() for _ in range(self.repeats)]))


@contextmanager
def open_bench(options: argparse.Namespace, run: Run) -> Iterator[Bench]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        points = folder / "points.parquet"
        save_points(run, points)
        reviews = folder / "reviews.sqlite"
        ours = stack.enter_context(serve_dashboard(options.artifacts, reviews))
        peer = stack.enter_context(serve_streamlit(PEER, str(points)))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *WEBGL])
        stack.callback(browser.close)
        yield Bench(browser, ours, peer, points, options)


def save_points(run: Run, path: Path) -> None:
    """What the peer draws: the places on the map and the given styles."""
    style = run.paintings["given_style"]
    pd.DataFrame({"x": run.map[:, 0], "y": run.map[:, 1], "style": style}).to_parquet(path)


def visit(page: Page, address: str) -> float:
    """Opens ``address``; milliseconds until it is of use."""
    page.goto(address, wait_until="commit")
    return float(page.evaluate("bench.useful()"))


def measure_start(bench: Bench) -> None:
    """From the server's start to its first page, in a browser with an empty cache."""

    def first_page(serve: Callable[[], AbstractContextManager[Server]], path: str) -> float:
        context = bench.new_context()
        with serve() as server, bench.page(server.address + path, context):
            seconds = server.seconds_since_start()
        context.close()
        return seconds

    def serve_peer() -> AbstractContextManager[Server]:
        return serve_streamlit(PEER, str(bench.points))

    bare = bench.median(lambda: first_page(serve_peer, "/?bare"))
    plotly = bench.median(lambda: first_page(serve_peer, POINTS))
    seconds = bench.median(lambda: first_page(bench.fresh_server, "/"))
    bench.table.add("Streamlit's floor: server start to a bare page", f"{bare:.1f} s")
    name = "server start to first page, empty browser"
    bench.table.add(name, f"{seconds:.1f} s", "3 s", f"{plotly:.1f} s")


def measure_pages(bench: Bench) -> None:
    """Navigation to a useful page, the server warm and Streamlit's files in the browser's cache."""

    def first_view(address: str) -> float:
        page = bench.context.new_page()
        taken = visit(page, address)
        page.close()
        return taken

    bare = bench.median(lambda: first_view(bench.peer.address + "/?bare"))
    plotly = bench.median(lambda: first_view(bench.peer.address + POINTS))
    bench.table.add("Streamlit's floor: a bare page", f"{bare:.0f} ms")
    for name, path in PAGES.items():
        first_view(bench.ours.address + path)
        taken = bench.median(partial(first_view, bench.ours.address + path))
        peer = f"{plotly:.0f} ms" if name == "Style map" else ""
        bench.table.add(f"{name}: first view", f"{taken:.0f} ms", "2,500 ms", peer)


def measure_reruns(bench: Bench) -> None:
    """A click that changes nothing else; a page of the gallery; from page to page."""
    with bench.page(bench.peer.address + "/?bare") as page:
        button = page.get_by_role("button", name="Click")
        floor = np.median([click(page, button) for _ in range(bench.repeats)], axis=0)
    bench.table.add("Streamlit's floor: a rerun", f"{floor[0]:.0f} ms")
    bench.table.add("of that from the click's message to the last answer", f"{floor[1]:.0f} ms")
    with bench.page(bench.ours.address + "/outliers") as page:
        for name in ("Style map", "Outliers"):
            link = page.get_by_role("link", name=name, exact=True)
            taken = click(page, link)[0]
            bench.table.add(f"from page to page, to {name}", f"{taken:.0f} ms")


def measure_filter(bench: Bench) -> None:
    """A style chosen in the sidebar until cloud and gallery show it."""

    def ours(page: Page) -> tuple[float, float]:
        taken, server = choose(page, "Given style", next(styles))
        click(page, page.get_by_role("button", name="Clear filters"))
        return taken, server

    with bench.page(bench.peer.address + POINTS) as page:
        peers = [choose(page, "Style", style)[0] for style in STYLES[: min(4, bench.repeats)]]
    for path in ("/map", "/outliers"):
        styles = iter(STYLES * bench.repeats)
        with bench.page(bench.ours.address + path) as page:
            found = np.array([ours(page) for _ in range(bench.repeats)])
        taken, server = np.median(found, axis=0)
        peer = f"{np.median(peers):.0f} ms" if path == "/map" else ""
        bench.table.add(f"style filter on {path[1:]}", f"{taken:.0f} ms", "500 ms", peer)
        bench.table.add("of that from the click's message to the last answer", f"{server:.0f} ms")
        alone = time_server(bench, path[1:])
        bench.table.add("the server's time of it, for a client that draws nothing", alone, "50 ms")


def time_server(bench: Bench, path: str) -> str:
    """Milliseconds from the message that filters by a style until the last answer arrives."""
    with closing(Visitor(bench.ours.address)) as visitor:

        def filter_by(style: str) -> float:
            visitor.open(path)
            begun = time.perf_counter()
            visitor.open(path, urlencode({"given": style}))
            return 1e3 * (time.perf_counter() - begun)

        taken = [filter_by(style) for style in STYLES * bench.repeats]
    return f"{np.median(taken):.0f} ms"


def measure_lasso(bench: Bench) -> None:
    """A lasso around a third of the points, until the gallery shows them; bytes sent."""
    with bench.page(bench.ours.address + "/map") as page:
        page.get_by_role("button", name="Draw around points").click()
        found, chosen = [], ""
        for _ in range(bench.repeats):
            found.append(lasso(page, "bench.stage()"))
            chosen = (
                page.locator('[data-testid="stMain"] h2').first.inner_text().replace("\xa0", " ")
            )
            click(page, page.get_by_role("button", name="Clear selection"))
    with bench.page(bench.peer.address + POINTS) as page:
        page.locator(".js-plotly-plot .nsewdrag").first.wait_for(state="attached")
        try:
            peer = lasso(page, "document.querySelector('.js-plotly-plot .nsewdrag')")
            peers = [f"{peer[0]:.0f} ms", f"{peer[1]:,.0f}"]
        except PlaywrightError:  # more than Streamlit takes in one message
            peers = ["never", ""]
    taken, sent = np.median(found, axis=0)
    bench.table.add(f"lasso: {chosen}", f"{taken:.0f} ms", "600 ms", peers[0])
    bench.table.add("lasso: bytes up", f"{sent:,.0f}", "2,000", peers[1])


def measure_pan(bench: Bench) -> None:
    """Time between frames while the cloud is dragged."""
    with bench.page(bench.ours.address + "/map") as page:
        x, y = middle(page, "bench.stage()")
        page.mouse.move(x, y)
        for _ in range(3):
            page.mouse.wheel(0, -240)
        page.wait_for_timeout(800)
        ours = pan(page, x, y)
    with bench.page(bench.peer.address + POINTS) as page:
        page.locator(".js-plotly-plot").hover()
        page.locator('[data-val="pan"]').click()
        peer = pan(page, *middle(page, "document.querySelector('.js-plotly-plot .nsewdrag')"))
    for name, share in (("median", 50), ("95th percentile", 95)):
        figures = [f"{np.percentile(gaps, share):.0f} ms" for gaps in (ours, peer)]
        bench.table.add(f"between frames while panning, {name}", figures[0], "", figures[1])


def measure_thumbnails(bench: Bench) -> None:
    """60 thumbnails on an empty page of the server, cold and from the browser's cache."""
    context = bench.new_context()
    page = context.new_page()
    page.goto(bench.ours.address + "/_stcore/health")
    cold, warm = (
        [page.evaluate("ask => bench.pictures(ask)", [bench.run_id, 60 * at]) for at in range(5)]
        for _ in range(2)
    )
    context.close()
    bench.table.add("60 thumbnails, cold", f"{np.median(cold):.0f} ms", "700 ms")
    bench.table.add("60 thumbnails, from the cache", f"{np.median(warm):.0f} ms", "200 ms")


def measure_memory(bench: Bench) -> None:
    """Resident memory of the server: with one session, with more, after many clicks."""
    with bench.fresh_server() as server, bench.page(server.address + "/map") as page:
        visit(page, server.address + "/outliers")
        alone = server.megabytes()
        bench.table.add("server's memory, one session", f"{alone:.0f} MB", "500 MB")
        with ExitStack() as stack:
            for _ in range(SESSIONS):
                stack.enter_context(bench.page(server.address + "/map"))
            each = (server.megabytes() - alone) / SESSIONS
        bench.table.add(f"each of {SESSIONS} further sessions", f"{each:.1f} MB", "25 MB")
        quarters = [server.megabytes()]
        for number in range(bench.clicks):
            browse(page, number)
            if (number + 1) % max(1, bench.clicks // 4) == 0:
                quarters.append(server.megabytes())
    told = ", ".join(f"{each:.0f}" for each in quarters)
    bench.table.add(f"memory over {bench.clicks} clicks", f"{told} MB", "no growth")


def browse(page: Page, number: int) -> None:
    """The ``number``-th of a curator's clicks: filter, order, pages, clear, repeated."""
    step = number % 6
    if step in (0, 3):
        choose(page, "Given style", STYLES[(number // 6) % len(STYLES)])
    elif step in (1, 4):
        click(page, page.get_by_role("link", name=("Style map", "Outliers")[step == 4], exact=True))
    else:
        click(page, page.get_by_role("button", name="Clear filters"))


def click(page: Page, target: Any) -> tuple[float, float]:
    """Clicks; milliseconds until all is drawn, and from the first message to the last answer."""
    return act(page, "pointerdown", target.first.click)


def act(page: Page, event: str, do: Callable[[], None]) -> tuple[float, float]:
    """Does what raises ``event`` (JavaScript's) in the browser; times as of ``click``."""
    page.evaluate("kind => void (bench.waiting = bench.onAct(kind))", event)
    do()
    taken, server = page.evaluate("bench.waiting")
    return float(taken), float(server)


def choose(page: Page, label: str, style: str) -> tuple[float, float]:
    """Chooses ``style`` in the list ``label``; times as of ``click``."""
    reach(page, label, style)
    taken = act(page, "keydown", lambda: page.keyboard.press("Enter"))
    page.keyboard.press("Escape")  # an open list hides the rest of the page from roles
    return taken


def reach(page: Page, label: str, style: str) -> None:
    """Opens the list ``label`` and finds ``style`` there: Enter chooses it."""
    lists = page.get_by_test_id("stMultiSelect").filter(has_text=label)
    lists.first.get_by_role("combobox").click()
    page.keyboard.type(style)
    page.get_by_role("option").first.wait_for()


def lasso(page: Page, stage: str) -> tuple[float, float]:
    """Drags the lasso over ``stage`` (JavaScript); milliseconds from its end, bytes sent."""
    page.evaluate(f"{stage}.scrollIntoView({{ block: 'center', behavior: 'instant' }})")
    box = page.evaluate(f"({{ ...{stage}.getBoundingClientRect().toJSON() }})")
    corners = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in LASSO]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner)
    page.evaluate("void (bench.waiting = bench.onRelease())")
    page.mouse.up()
    taken, sent = page.evaluate("bench.waiting")
    return float(taken), float(sent)


def middle(page: Page, stage: str) -> tuple[float, float]:
    box = page.evaluate(f"({{ ...{stage}.getBoundingClientRect().toJSON() }})")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pan(page: Page, x: float, y: float) -> np.ndarray:
    """Milliseconds between frames of 60 movements with the button held."""
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("bench.watchFrames()")
    for step in range(60):
        page.mouse.move(x + 3 * step, y + step)
    gaps = page.evaluate("bench.frames()")
    page.mouse.up()
    return np.array(gaps)


PARTS: Final[dict[str, Callable[[Bench], None]]] = {
    "start": measure_start,
    "pages": measure_pages,
    "reruns": measure_reruns,
    "filter": measure_filter,
    "lasso": measure_lasso,
    "pan": measure_pan,
    "thumbnails": measure_thumbnails,
    "memory": measure_memory,
}

if __name__ == "__main__":
    main()
