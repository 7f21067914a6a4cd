"""Each page as a screen reader tells it: names, roles, headings in order, what is announced."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, expect

from bench.server import serve
from core.artifacts import open_run
from tests.dashboard.browser.conftest import VIEWPORT, Visit
from tests.dashboard.browser.test_all_pages import save_sets
from tests.dashboard.browser.test_keyboard import sign_in
from tests.synthetic_run import build_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What can be acted on: each says what it is.
NAMED: Final = frozenset(
    ("button", "link", "textbox", "searchbox", "combobox", "slider", "spinbutton", "checkbox")
) | {"radio", "switch", "tab", "application", "dialog", "radiogroup"}
_GALLERY: Final = """
  - button /Judge all \\d+/
  - button "Save as a set"
  - button "Download"
  - heading /\\d+ paintings/ [level=2]
  - slider "Size of the pictures"
  - group:
    - combobox "Sort by"
  - article:
    - checkbox /Tick Painting \\d+, .+/
    - link /Painting \\d+, .+/:
      - img /Painting \\d+, .+/
  - navigation "Pagination"
"""
_TOOLS: Final = """
  - toolbar "Tools of the point cloud":
    - button "Move (M). Hold Shift for a lasso" [pressed]
    - button "Draw around points (L)"
    - button "Draw a box (B)"
    - button "Zoom in (+)"
    - button "Zoom out (-)"
    - button "Show everything (0)"
"""
_VERDICT: Final = """
    - button "1 Label is right"
    - button "2 Genuine outlier"
    - button /3 Wrong/
    - button "4 Unsure"
    - button "5 Not a painting"
    - status
    - combobox "If wrong, the correct style"
    - textbox "Note"
    - button /U Undo/
    - spinbutton "Verdicts to undo"
"""
TREES: Final = {
    "/": """
  - heading "Synthetic" [level=1]
  - region "First steps"
  - term:
    - link "reviewed"
  - button "Report"
  - heading "Start here" [level=2]
  - article:
    - link /Painting \\d+, .+/:
      - img /Painting \\d+, .+/
  - heading "How good is the model?" [level=2]
""",
    "/outliers": f"""
  - heading "Paintings that do not fit their label" [level=1]{_TOOLS.rstrip()}
  - application "Loss against confidence of 60 paintings":
    - slider "High loss from"
    - slider "High confidence from"
  - group /Legend/
  - paragraph: /60 of 60 paintings are shown\\. By quadrant/{_GALLERY.rstrip()}
""",
    "/map": f"""
  - heading "Similar paintings lie together" [level=1]
  - group:
    - combobox "Colour by"
  - searchbox "Find on the map"{_TOOLS.rstrip()}
  - application "Map of 60 paintings by similarity"
  - group /Legend/:
    - button /Baroque \\d+/ [pressed]{_GALLERY.rstrip()}
""",
    "/cases": """
  - heading "Oeuvres and labels that do not fit" [level=1]
  - heading "Watched artists" [level=2]
  - article:
    - heading "Jackson Pollock" [level=3]:
      - link "Jackson Pollock"
  - heading /Overlapping labels/ [level=2]
""",
    "/sets": """
  - heading "Named selections" [level=1]
  - article:
    - heading /Doubts/
""",
    "/reviews": f"""
  - heading "Are these labels right?" [level=1]
  - radiogroup "Section":
    - radio "Queue" [checked]
    - radio "Verdicts"
    - radio "Disagreements"
    - radio "Export and import"
  - region "Verdict":
    - figure:
      - img /Painting \\d+, .+/
    - heading /Painting \\d+/ [level=2]{_VERDICT.rstrip()}
  - button "Queue settings"
  - button "Signed as Ada"
""",
    "/compare": """
  - heading "What changed?" [level=1]
  - group:
    - combobox "Compared with"
  - heading "Are the answers better?" [level=2]
  - table:
    - rowgroup:
      - row:
        - columnheader "The other run"
        - columnheader "This run"
  - heading "Style by style" [level=2]
  - heading /New findings/ [level=2]
""",
    "/classify": """
  - heading "What would the model call this?" [level=1]
  - radiogroup "Source"
  - group "Pictures, or a zip of pictures":
    - button "Upload"
  - heading "Or try one of these" [level=2]
""",
    "/painting?origin=outliers&painting={key}": f"""
  - button /Outliers/
  - button /Next/
  - group /Painting 5, .+ Zoom with plus and minus/
  - button "Zoom in"
  - heading "Painting 5" [level=1]
  - radiogroup "Label to judge"
  - region "Verdict":{_VERDICT.rstrip()}
  - heading "Model answers" [level=2]
  - heading "Most similar paintings" [level=2]
  - application "Position of the painting on the style map"
""",
    "/new-collection": """
  - heading "What does this table hold?" [level=1]
  - radiogroup "Source"
  - group "Table":
    - button "Upload"
  - button "Keys ?"
""",
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """A server over two runs, with a set and a page for tables, and the runs' keys."""
    root = tmp_path_factory.mktemp("two")
    for run_id in ("synthetic-1", "synthetic-2"):
        folder = build_run(root, run_id)
    found = open_run(folder).paintings["key"].tolist()
    save_sets(root / "reviews.sqlite", found, ["Doubts"])
    with serve(root, str(root / "reviews.sqlite"), "--collections", str(root)) as (address, _):
        yield address, found


@pytest.fixture(scope="module")
def ada(browser: BrowserContext, keys: tuple[str, list[str]]) -> Iterator[Visit]:
    """A visit by somebody who has signed."""
    assert browser.browser is not None
    context = browser.browser.new_context(viewport=VIEWPORT)
    visit = Visit(context.new_page(), keys[0])
    sign_in(visit, "Ada")
    yield visit
    context.close()


def read_tree(visit: Visit) -> list[dict[str, Any]]:
    """The nodes that a screen reader tells of, in its order."""
    session = visit.page.context.new_cdp_session(visit.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}

    def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if not node["ignored"]:
            yield node
        for child in node.get("childIds", ()):
            if child in by_id:
                yield from walk(by_id[child])

    return list(walk(nodes[0]))


def role_of(node: dict[str, Any]) -> str:
    return str(node["role"]["value"])


def level_of(node: dict[str, Any]) -> int:
    return next(each["value"]["value"] for each in node["properties"] if each["name"] == "level")


@pytest.mark.parametrize("path", TREES)
def test_a_page_says_what_it_holds(ada: Visit, keys: tuple[str, list[str]], path: str) -> None:
    ada.open(path.format(key=quote(keys[1][5])))
    if path in ("/outliers", "/map"):
        ada.page.locator(".stage[data-drawn]").wait_for()
    if path.startswith("/painting"):
        ada.page.locator(".ae-viewer.ready").wait_for()
    expect(ada.page.get_by_role("main")).to_match_aria_snapshot(f"- main:{TREES[path]}")
    nodes = read_tree(ada)
    roles = [role_of(node) for node in nodes]
    assert roles.count("main") == 1
    assert "navigation" in roles
    nameless = [
        node for node in nodes if role_of(node) in NAMED and not node.get("name", {}).get("value")
    ]
    assert [(role_of(node), node.get("properties")) for node in nameless] == []
    assert ada.page.locator("main img:not([alt])").count() == 0
    levels = [level_of(node) for node in nodes if role_of(node) == "heading"]
    assert levels.count(1) == 1
    main = levels[levels.index(1) :]
    assert all(later - earlier <= 1 for earlier, later in pairwise(main)), main
    assert max(levels[: levels.index(1)], default=2) == 2  # beside the page: the filters


def test_what_was_judged_and_undone_is_announced(ada: Visit) -> None:
    page = ada.page
    ada.open("/reviews")
    told = page.get_by_role("region", name="Verdict").get_by_role("status")
    expect(told).to_have_attribute("aria-live", "polite")
    title = page.locator(".ae-panel h2").inner_text()
    page.locator("button[data-verdict=unsure]").click()
    expect(told).to_have_text(f"Unsure: {title}")
    page.locator("[data-act=undo]").click()
    expect(told).to_have_text(f"Undone: Unsure, {title}.")
    page.locator("[data-act=redo]").click()
    expect(told).to_have_text("1 verdict recorded again.")
