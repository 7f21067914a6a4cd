"""Every page, in both themes: nothing keeps people out, and no title breaks it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, ViewportSize, expect

from bench.server import serve
from core.artifacts import open_run
from core.reviews import open_log
from core.reviews.entry import MAX_NAME
from core.reviews.reviewers import drop_hidden
from core.reviews.sets import MAX_SET_NAME
from tests.dashboard.browser.conftest import VIEWPORT, Visit
from tests.dashboard.browser.test_keyboard import sign_in
from tests.dashboard.pages import NAMES, PATHS
from tests.synthetic_run import CLASSES, build_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE: Final = "ARTEXTRACT_TEST_AXE"
THEMES: Final = ("light", "dark")
PHONE: Final = 390  # pixels
LONG: Final = "Long" * 75  # a word that no line holds
ENLARGED: Final[tuple[ViewportSize, ...]] = (
    {"width": 720, "height": 450},
    {"width": 640, "height": 360},
)
# What does not fit the width or lies on another, of what keys reach; a button that floats.
TROUBLE: Final = """() => {
  const main = document.querySelector("[data-testid=stMain]")
  const said = []
  if (main.scrollWidth > innerWidth) said.push(`the page is ${main.scrollWidth} wide`)
  const apart = ".tick, .tools *, .stage *, .js-plotly-plot *, [data-testid=stDataFrame] *"
  const lie = ([a, b]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
    return across > 2 && down > 2
  }
  const all = [...main.querySelectorAll("a, button, input, select, textarea, h1, h2, h3")]
    .filter((each) => each.checkVisibility({ opacityProperty: true }) && !each.closest(apart))
    .map((each) => [each, [...each.getClientRects()]]) // of a link in a sentence one a line
  const name = (each) => `${each.tagName} ${(each.innerText || each.ariaLabel || "").slice(0, 30)}`
  for (const [each, boxes] of all) {
    const end = Math.max(...boxes.map((box) => box.right))
    if (end > innerWidth + 1) said.push(`${name(each)} ends at ${Math.round(end)}`)
  }
  all.forEach(([one, a], place) => {
    for (const [other, b] of all.slice(place + 1)) {
      if (one.contains(other) || other.contains(one)) continue
      const pairs = a.flatMap((each) => b.map((beside) => [each, beside]))
      if (pairs.some(lie)) said.push(`${name(one)} lies on ${name(other)}`)
    }
  })
  const keys = document.querySelector(".ae-keys")
  if (keys && keys.checkVisibility() && getComputedStyle(keys).position === "fixed") {
    said.push("the button of the keys floats")
  }
  return said
}"""
OPENED: Final = (  # what a button opens, and where
    ("Keys", "/outliers"),
    ("Judge all", "/outliers"),
    ("Save as a set", "/outliers"),
    ("Add to a set", "/outliers"),
    ("Download", "/map"),
    ("Compare", "/reviews"),
    ("Queue settings", "/reviews"),
    ("Signed as", "/reviews"),
    ("Rename", "/sets"),
    ("Delete", "/sets"),
    ("Assign", "/sets"),
)
MOTIONS: Final[tuple[Literal["no-preference", "reduce"], ...]] = ("no-preference", "reduce")
LONGEST_MOTION: Final = """() => Math.max(...[...document.querySelectorAll("*")].flatMap((each) => {
  const style = getComputedStyle(each)
  return [...style.transitionDuration.split(","), ...style.animationDuration.split(",")]
}).map(parseFloat))"""
# Nothing fades or slides any more; what turns for ever may.
AT_REST: Final = """() => document.getAnimations().every((each) =>
  each.playState !== "running" || each.effect.getComputedTiming().endTime === Infinity
)"""
HOSTILE: Final = (
    "<script>window.harmed = 1</script>",
    "<img src=x onerror='window.harmed = 1'>",
    "\"><svg onload='window.harmed = 1'>",
    "**bold** `code` $x^2$ [link](javascript:window.harmed=1) :material/home:",
    "🎨 Женщина 👩‍🎨 絵画 \u202egnirts",
    LONG,
    "long words " * 28,
)
PAGES: Final = {name: f"/{path}" for name, path in zip(NAMES, PATHS, strict=True)} | {
    "case": "/cases?case=" + quote("artist:Hilma af Klint"),
    "painting": "/painting?origin=outliers&painting={key}",
    "answer": "/classify?subject={key}",
    "verdicts": "/reviews?section=verdicts",
    "disagreements": "/reviews?section=disagreements",
    "files": "/reviews?section=files",
    "new collection": "/new-collection",
}


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server over two runs whose titles, artists and a style would break a careless page; and a
    key.
    """
    root = tmp_path_factory.mktemp("hostile")
    styles = tuple(sorted((*CLASSES["style"][1:], LONG)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CLASSES, "style", styles)
        for run_id in ("synthetic-1", "synthetic-2"):
            folder = build_run(root, run_id, texts=HOSTILE)
    keys = open_run(folder).paintings["key"].tolist()
    save_sets(root / "reviews.sqlite", keys, HOSTILE)
    verdicts = str(root / "reviews.sqlite")
    with serve(root, verdicts, "--collections", str(root)) as (address, _):
        yield address, keys[5]


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard over the synthetic run, with one set."""
    verdicts = tmp_path_factory.mktemp("verdicts") / "reviews.sqlite"
    save_sets(verdicts, open_run(built / "synthetic-1").paintings["key"].tolist(), ["Doubts"])
    with serve(built, str(verdicts), "--collections", str(built)) as (address, _):
        yield address


def save_sets(verdicts: Path, keys: list[str], names: Iterable[str]) -> None:
    """A set of six paintings under each of ``names``, made by somebody of that name."""
    log = open_log(verdicts)
    for name in names:
        allowed = drop_hidden(name)
        log.sets.save(allowed[:MAX_SET_NAME], keys[:6], allowed[:MAX_NAME], "synthetic-1")
    log.close()


@pytest.fixture
def quiet_visit(browser: BrowserContext, hostile: tuple[str, str]) -> Iterator[Visit]:
    visit = Visit(browser.new_page(), hostile[0])
    yield visit
    visit.page.close()
    assert visit.errors == []
    assert visit.foreign == []


@pytest.mark.parametrize("name", PAGES)
def test_titles_are_text_and_fit_everywhere(
    quiet_visit: Visit, hostile: tuple[str, str], name: str
) -> None:
    page = quiet_visit.page
    quiet_visit.open(PAGES[name].format(key=quote(hostile[1])))
    expect(page.get_by_test_id("stException")).to_have_count(0)
    width = "document.querySelector('[data-testid=stMain]').scrollWidth"
    for size in (VIEWPORT["width"], PHONE):
        page.set_viewport_size({"width": size, "height": 844})
        page.wait_for_function(f"{width} <= {size}")
    assert page.evaluate("window.harmed") is None
    page.set_viewport_size(VIEWPORT)


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core's script."""
    path = os.environ.get(AXE)
    if not path:
        pytest.skip(f"{AXE} is not set: mkdir FOLDER; export {AXE}=$(.ci/axe FOLDER)")
    return Path(path).read_text(encoding="utf-8")


@pytest.fixture
def themed(request: pytest.FixtureRequest, browser: BrowserContext, server: str) -> Iterator[Visit]:
    """A visit in the theme that the test names."""
    theme: Literal["light", "dark"] = request.param
    assert browser.browser is not None
    context = browser.browser.new_context(viewport=VIEWPORT, color_scheme=theme, bypass_csp=True)
    yield Visit(context.new_page(), server)
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("themed", THEMES, indirect=True)
def test_nothing_keeps_people_out(
    themed: Visit, axe: str, built: Path, request: pytest.FixtureRequest
) -> None:
    theme = request.node.callspec.params["themed"]
    key = quote(str(open_run(built / "synthetic-1").paintings["key"][5]))
    found: dict[str, list[str]] = {}
    for name, path in PAGES.items():
        themed.open(path.format(key=key))
        themed.page.wait_for_function(AT_REST)
        themed.keep(f"{name}-{theme}")
        themed.page.evaluate(axe)
        answer = themed.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        if answer["violations"]:
            found[name] = [_describe(violation) for violation in answer["violations"]]
    assert found == {}


@pytest.mark.long
@pytest.mark.parametrize("themed", THEMES, indirect=True)
def test_nothing_that_opens_keeps_people_out(themed: Visit, axe: str) -> None:
    sign_in(themed, "Ada")
    found: dict[str, list[str]] = {}
    for name, path in OPENED:
        themed.open(path)
        themed.page.get_by_role("button", name=name, exact=False).first.click()
        themed.page.wait_for_timeout(1_000)  # what a click runs on the server begins
        themed.settle()
        themed.page.wait_for_function(AT_REST)
        themed.page.evaluate(axe)
        answer = themed.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        if answer["violations"]:
            found[f"{path} {name}"] = [_describe(violation) for violation in answer["violations"]]
    assert found == {}


@pytest.mark.parametrize("size", ENLARGED, ids=lambda size: str(size["width"]))
def test_at_twice_the_size_nothing_is_covered_or_cut(
    browser: BrowserContext, server: str, built: Path, size: ViewportSize
) -> None:
    """A window of 1440 x 900, and one of 1280 x 720, at 200 %."""
    assert browser.browser is not None
    context = browser.browser.new_context(viewport=size, device_scale_factor=2)
    visit = Visit(context.new_page(), server)
    key = quote(str(open_run(built / "synthetic-1").paintings["key"][5]))
    found = {}
    for name, path in PAGES.items():
        visit.open(path.format(key=key))
        found[name] = visit.page.evaluate(TROUBLE)
    context.close()
    assert {name: trouble for name, trouble in found.items() if trouble} == {}


def test_who_asked_for_less_motion_sees_none(
    browser: BrowserContext, server: str, built: Path
) -> None:
    assert browser.browser is not None
    key = quote(str(open_run(built / "synthetic-1").paintings["key"][5]))
    longest = {}
    for motion in MOTIONS:
        context = browser.browser.new_context(viewport=VIEWPORT, reduced_motion=motion)
        visit = Visit(context.new_page(), server)
        for name in ("outliers", "reviews", "painting"):
            visit.open(PAGES[name].format(key=key))
            longest[motion, name] = visit.page.evaluate(LONGEST_MOTION)
        context.close()
    for name in ("outliers", "reviews", "painting"):
        assert longest["no-preference", name] >= 0.05  # seconds: there is something to leave out
        assert longest["reduce", name] <= 0.001


def _describe(violation: dict[str, Any]) -> str:
    places = "; ".join(str(node["html"])[:160] for node in violation["nodes"][:3])
    return f"{violation['id']} ({len(violation['nodes'])}): {places}"
