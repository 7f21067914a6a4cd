"""What a curator does, in a real browser against the real server."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Route, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.navigation import HIDDEN
from tests.dashboard.browser.conftest import Visit
from tests.dashboard.pages import PATHS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEADINGS = {
    "/": "Synthetic",
    "/outliers": "Paintings that do not fit their label",
    "/map": "Similar paintings lie together",
    "/cases": "Oeuvres and labels that do not fit",
    "/sets": "Named selections",
    "/reviews": "Are these labels right?",
    "/compare": "What changed?",
    "/classify": "What would the model call this?",
}


def cards(visit: Visit) -> Locator:
    return visit.page.locator(".ae-gallery:not(.ae-small) .ae-card")


@pytest.mark.parametrize("path", [f"/{path}" for path in PATHS if path not in HIDDEN])
def test_each_page_opens_and_fits_a_phone(visit: Visit, path: str) -> None:
    visit.open(path)
    expect(visit.page.locator("h1")).to_have_text(HEADINGS[path])
    expect(visit.page.get_by_test_id("stException")).to_have_count(0)
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.page.wait_for_function(
        "document.querySelector('[data-testid=stMain]').scrollWidth <= 390"
    )


def test_a_page_knows_at_once_where_the_server_is(visit: Visit) -> None:
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    visit.open("/outliers")
    expect(visit.page.locator("h1")).to_have_text(HEADINGS["/outliers"])
    assert "/_stcore/health" in asked
    assert [path for path in asked if path.startswith("/outliers/")] == []


def test_the_pages_are_linked_and_filters_stay(visit: Visit) -> None:
    visit.open("/outliers?given=Cubism")
    visit.page.get_by_role("link", name="Style map").click()
    expect(visit.page.locator("h1")).to_have_text(HEADINGS["/map"])
    expect(visit.page).to_have_url(re.compile(r"/map\?.*given=Cubism"))
    expect(visit.page.get_by_test_id("stMultiSelect").first).to_contain_text("Cubism")


def open_menu(visit: Visit) -> None:
    visit.open("/outliers?given=Cubism")
    visit.page.get_by_role("button", name="Save as a set").click()
    expect(visit.page.get_by_label("Name of the set")).to_be_visible()
    visit.settle()


@pytest.mark.parametrize("by", ["a click", "a key"])
def test_a_page_is_left_while_a_menu_is_open(visit: Visit, by: str) -> None:
    open_menu(visit)
    link = visit.page.get_by_role("link", name="Sets")
    if by == "a click":
        link.click()
    else:
        link.press("Enter")
    expect(visit.page.locator("h1")).to_have_text(HEADINGS["/sets"])
    visit.settle()
    expect(visit.page.locator("h1")).to_have_text(HEADINGS["/sets"])


def test_a_painting_is_opened_while_a_menu_is_open(visit: Visit) -> None:
    open_menu(visit)
    cards(visit).first.locator("> a[data-inside]").click()
    expect(visit.page).to_have_url(re.compile("/painting\\?"))
    expect(visit.page.locator("h1")).not_to_have_text(HEADINGS["/outliers"])


def test_what_else_is_clicked_while_a_menu_is_open_happens_once(visit: Visit) -> None:
    open_menu(visit)
    find = visit.page.get_by_label("Search paintings")
    find.click()
    expect(find).to_be_focused()
    expect(visit.page.get_by_test_id("stPopoverBody")).to_have_count(0)
    open_menu(visit)
    visit.page.get_by_role("button", name="Download").click()  # another menu
    expect(visit.page.get_by_role("button", name="Table (CSV)")).to_be_visible()
    expect(visit.page.get_by_test_id("stPopoverBody")).to_have_count(1)


LEAVE_TWICE = """([page, link]) => {
  document.querySelector(`a[href$="${page}"]`).click()
  document.querySelector(link).click()
}"""


def test_of_two_links_at_once_the_last_is_followed(visit: Visit) -> None:
    visit.open("/outliers")
    visit.page.evaluate(LEAVE_TWICE, ["/sets", ".ae-card > a[data-inside]"])
    expect(visit.page).to_have_url(re.compile("/painting\\?"))
    visit.settle()
    expect(visit.page.get_by_test_id("stException")).to_have_count(0)


def test_a_link_of_a_page_that_has_been_left_but_is_still_seen_is_followed(visit: Visit) -> None:
    sockets: list[WebSocketRoute] = []
    kept: list[str | bytes] = []
    holding = False

    def relay(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.connect_to_server().on_message(
            lambda said: kept.append(said) if holding else socket.send(said)
        )

    def has_answered() -> bool:
        return any(ForwardMsg.FromString(said).HasField("script_finished") for said in kept)

    visit.page.route_web_socket("**/_stcore/stream", relay)
    visit.open("/outliers")
    holding = True
    visit.page.get_by_role("link", name="Sets").click()
    visit.until(has_answered)
    cards(visit).first.locator("> a[data-inside]").click()
    holding = False
    for said in kept:
        sockets[-1].send(said)
    expect(visit.page).to_have_url(re.compile("/painting\\?.*painting="))
    expect(visit.page.locator(".ae-viewer.ready")).to_have_count(1)


def test_pictures_arrive(visit: Visit) -> None:
    visit.open("/outliers")
    expect(cards(visit)).to_have_count(24)
    first = cards(visit).first.locator("img")
    first.scroll_into_view_if_needed()
    expect(first).to_have_js_property("complete", True)
    assert first.evaluate("image => image.naturalWidth") > 0
    assert first.get_attribute("alt")


def test_the_server_serves_only_pictures_of_runs(visit: Visit) -> None:
    ask = visit.page.request
    found = ask.get(f"{visit.server}/images/synthetic-1/0/160.jpg")
    assert found.status == 200
    assert "immutable" in found.headers["cache-control"]
    for path in ("other/0/160.jpg", "synthetic-1/60/160.jpg", "synthetic-1/manifest.json"):
        assert ask.get(f"{visit.server}/images/{path}").status == 404


def test_a_style_filter_narrows_the_gallery_and_can_be_undone(visit: Visit) -> None:
    visit.open("/outliers")
    visit.page.get_by_test_id("stMultiSelect").first.get_by_role("combobox").click()
    visit.page.get_by_role("option", name="Minimalism").click()
    expect(visit.page).to_have_url(re.compile("given=Minimalism"))
    chosen = visit.page.get_by_test_id("stMultiSelect").first
    expect(cards(visit)).not_to_have_count(24)
    expect(chosen).to_contain_text(f"Minimalism\u2002·\u2002{cards(visit).count()}")
    visit.page.go_back()
    expect(cards(visit)).to_have_count(24)


def test_a_pasted_link_reopens_what_was_seen(visit: Visit) -> None:
    visit.open("/outliers?quadrant=typical&loss=2&confidence=0.3&order=year")
    heading = visit.page.locator('[data-testid="stMain"] h2').first.inner_text()
    address = visit.page.url
    with visit.page.context.new_page() as again:
        again.goto(address)
        expect(again.locator('[data-testid="stMain"] h2').first).to_have_text(heading)
        assert again.url == address


def test_a_cell_of_the_confusion_matrix_opens_its_paintings(visit: Visit) -> None:
    visit.open("/")
    marks = visit.page.locator(".st-key-confusion .scatterlayer .point")
    marks.first.wait_for(state="attached")
    marks.nth(1).scroll_into_view_if_needed()
    box = marks.nth(1).bounding_box()
    assert box is not None
    visit.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(visit.page).to_have_url(re.compile(r"/outliers\?.*given=\w+.*predicted=\w+"))
    expect(cards(visit).first).to_be_visible()
    query = parse_qs(urlsplit(visit.page.url).query)
    told = f"Labelled {query['given'][0].replace('_', '-')}"
    expect(cards(visit).first).to_contain_text(told)
    visit.page.go_back()
    expect(visit.page.locator("h1")).to_have_text(HEADINGS["/"])


def test_a_painting_opens_in_place_and_leads_to_its_neighbours_and_back(visit: Visit) -> None:
    visit.open("/outliers?given=Cubism")
    visit.page.evaluate("window.sameDocument = true")
    cards(visit).first.locator("a").click()
    expect(visit.page).to_have_url(re.compile("/painting\\?.*given=Cubism.*painting="))
    expect(visit.page.locator(".ae-viewer.ready")).to_have_count(1)
    first = visit.page.locator("h1").inner_text()
    neighbour = visit.page.locator(".ae-small a").first
    title = neighbour.locator(".title").inner_text()
    neighbour.click()
    for move, heading in (
        (lambda: None, title),
        (visit.page.go_back, first),
        (visit.page.go_back, HEADINGS["/outliers"]),
        (visit.page.go_forward, first),
    ):
        move()
        expect(visit.page.locator("h1")).to_have_text(heading)
        visit.settle()
    visit.page.keyboard.press("b")
    expect(visit.page.locator("h1")).to_have_text(HEADINGS["/outliers"])
    expect(visit.page).to_have_url(re.compile("given=Cubism"))
    assert visit.page.evaluate("window.sameDocument")


def test_a_painting_can_be_zoomed(visit: Visit) -> None:
    visit.open("/painting?painting=" + key_of_any_painting(visit))
    stage = visit.page.locator(".ae-viewer.ready")
    expect(stage).to_have_count(1)
    zoom = "() => document.querySelector('.ae-viewer').viewer.viewport.getZoom(false)"
    before = visit.page.evaluate(zoom)
    visit.page.get_by_role("button", name="Zoom in").click()
    visit.page.wait_for_function(f"({zoom})() > {before} * 1.2")
    visit.page.get_by_role("button", name="Whole picture").click()
    visit.page.wait_for_function(f"({zoom})() < {before} * 1.05")


def test_it_can_be_zoomed_behind_a_proxy_that_the_server_knows_nothing_of(visit: Visit) -> None:
    def rename(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(json=answer.json() | {"id": "http://inner.museum.org/iiif/3/synthetic-1:0"})

    visit.page.route("**/info.json", rename)
    visit.open("/painting?painting=" + key_of_any_painting(visit))
    expect(visit.page.locator(".ae-viewer.ready")).to_have_count(1)


def test_the_next_painting_does_not_stand_under_the_tiles_of_the_one_before(visit: Visit) -> None:
    visit.open("/painting?painting=" + key_of_any_painting(visit) + "&origin=outliers")
    expect(visit.page.locator(".ae-viewer.ready canvas")).not_to_have_count(0)
    visit.page.route("**/info.json", lambda route: route.abort())
    before = visit.page.locator(".ae-viewer img").first.get_attribute("src")
    visit.page.get_by_role("button", name="Next").click()
    still = visit.page.locator(".ae-viewer:not(.ready) > img")
    expect(still).not_to_have_attribute("src", before or "")
    expect(still).to_be_visible()
    expect(visit.page.locator(".ae-viewer canvas")).to_have_count(0)
    visit.errors.clear()  # the browser logs the tile description that did not come


def key_of_any_painting(visit: Visit) -> str:
    visit.open("/outliers")
    href = cards(visit).first.locator("a").get_attribute("href") or ""
    return parse_qs(urlsplit(href).query)["painting"][0]


def test_one_key_gives_a_verdict_and_one_takes_it_back(visit: Visit) -> None:
    visit.open("/reviews")
    visit.page.get_by_label("Your name, to sign your verdicts").fill("Ada")
    visit.page.keyboard.press("Enter")
    picture = visit.page.locator(".ae-panel > figure")
    button = visit.page.locator("[data-verdict=right]")
    expect(button).to_be_enabled()
    visit.settle()
    first = picture.get_attribute("data-painting")
    visit.page.keyboard.press("1")
    expect(button).to_be_enabled()
    expect(picture).not_to_have_attribute("data-painting", first or "")
    expect(visit.page.locator(".ae-facts dd").first).to_have_text("1")
    visit.settle()
    visit.page.keyboard.press("u")
    expect(visit.page.locator(".ae-facts dd").first).to_have_text("0")
    expect(picture).to_have_attribute("data-painting", first or "")


def test_keys_typed_into_a_note_are_no_verdicts(visit: Visit) -> None:
    visit.open("/reviews")
    visit.page.get_by_label("Your name, to sign your verdicts").fill("Bo 15")
    visit.page.keyboard.press("Enter")
    note = visit.page.get_by_label("Note", exact=True)
    note.click()
    visit.page.keyboard.type("1911, unsigned")
    visit.page.keyboard.press("Tab")
    visit.settle()
    expect(note).to_have_value("1911, unsigned")
    expect(visit.page.locator(".ae-facts dd").first).to_have_text("0")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_scores_of_a_row_of_cards_stand_on_one_line(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    visit.open("/outliers")
    visit.page.wait_for_selector(".ae-card .scores")
    cards = visit.page.locator(".ae-gallery .ae-card").evaluate_all(
        """all => all.map((card) => [
          Math.round(card.getBoundingClientRect().top),
          Math.round(card.querySelector(".scores").getBoundingClientRect().bottom),
        ])"""
    )
    by_row: dict[int, set[int]] = {}
    for top, bottom in cards:
        by_row.setdefault(top, set()).add(bottom)
    assert len(by_row) < len(cards)
    assert all(max(each) - min(each) <= 1 for each in by_row.values())
    ends = visit.page.locator(".ae-card .scores dl").evaluate_all(
        """all => all.map((list) => [...list.querySelectorAll("dd")].map((figure) => {
          const range = document.createRange();
          range.selectNodeContents(figure);
          return Math.round(range.getBoundingClientRect().right);
        }))"""
    )
    assert all(len(each) >= 2 and max(each) - min(each) <= 1 for each in ends)  # figures line up
