"""The page New collection in a real browser: a table by path and by upload, and a second one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Locator, TimeoutError, expect

from bench.server import serve
from tests.dashboard.browser.conftest import Visit
from tests.dashboard.browser.test_all_pages import HOSTILE, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORKS = [["file", "title", "movement", "period", "datestart", "dateend", "title_of_the_place"]] + [
    [f"{n}.jpg", HOSTILE[n % len(HOSTILE)], f"{HOSTILE[n % 2]} {n % 3}", "Edo", "1640", "1650", "x"]
    for n in range(12)
]
TERMS = [["work", "kind", "term"]] + [
    [f"{n}.jpg", kind, f"{kind} {n % 2}"] for n in range(12) for kind in ("style", "theme")
]
OBJECTS = [["file", "title"], *([row[0], row[1]] for row in WORKS[1:])]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard that may look at three tables."""
    folder = tmp_path_factory.mktemp("collections")
    for name, rows in (("works", WORKS), ("objects", OBJECTS), ("terms", TERMS)):
        (folder / f"{name}.csv").write_bytes(as_csv(rows))
    verdicts = folder / "reviews.sqlite"
    with serve(built, str(verdicts), "--collections", str(folder)) as (address, _):
        yield address


def name_file(visit: Visit, label: str, path: str) -> None:
    write(visit, f"{label}: path below the folder of collections", path)


def write(visit: Visit, label: str, text: str) -> None:
    field = visit.page.get_by_label(label)
    field.fill(text)
    field.press("Enter")


def upload(visit: Visit, place: int, name: str, rows: Sequence[Sequence[str]]) -> None:
    visit.page.locator("input[type=file]").nth(place).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": as_csv(rows)}
    )


def command(visit: Visit) -> Locator:
    return visit.page.get_by_test_id("stCode")


def answer(visit: Visit, column: str) -> None:
    box = visit.page.get_by_role("combobox", name="Column for the label")
    option = visit.page.get_by_role("option", name=column)
    for _ in range(3):  # a rerun on its way closes the list again
        visit.settle()
        box.press("ArrowDown")
        with suppress(TimeoutError):
            option.click(timeout=5_000)
            return
    raise AssertionError(f"{column} is no answer")


def open_second(visit: Visit) -> None:
    visit.page.get_by_text("Labels or pictures from a second table").click()


def test_a_table_by_path_is_told_and_its_question_answered(visit: Visit) -> None:
    visit.open("/new-collection")
    visit.page.get_by_text("On this server").click()
    name_file(visit, "Table", "works.csv")
    expect(visit.page.get_by_text("1 question still open")).to_be_visible()
    roles = visit.page.locator(".ae-table").first
    answer(visit, "movement")
    expect(command(visit)).to_contain_text("works.csv --label-column movement --dry-run")
    expect(visit.page.get_by_text("still open")).to_have_count(0)
    expect(roles).to_contain_text("<script>")
    assert visit.page.evaluate("window.harmed") is None


def test_any_table_fits_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": PHONE, "height": 844})
    visit.open("/new-collection")
    upload(visit, 0, "works <b>1</b>.csv", WORKS)
    expect(command(visit)).to_contain_text("'works <b>1</b>.csv' --dry-run")
    visit.page.wait_for_function(
        f"document.querySelector('[data-testid=stMain]').scrollWidth <= {PHONE}"
    )
    roles = visit.page.locator(".ae-table").first.locator("td.short")
    spaces = roles.evaluate_all(
        "cells => cells.map(each => [each.textContent, getComputedStyle(each).whiteSpace])"
    )
    assert spaces
    assert {space for _, space in spaces} == {"nowrap"}
    visit.keep("new-collection-phone")
    assert visit.page.evaluate("window.harmed") is None


def test_a_second_table_by_path_brings_the_label(visit: Visit) -> None:
    visit.open("/new-collection")
    visit.page.get_by_text("On this server").click()
    name_file(visit, "Table", "objects.csv")
    expect(visit.page.get_by_text("1 question still open")).to_be_visible()
    open_second(visit)
    name_file(visit, "Second table", "terms.csv")
    expect(visit.page.get_by_text("joined once the column is named")).to_be_visible()
    write(visit, "Column that both tables have", "file=work")
    expect(command(visit)).to_contain_text("--on file=work")
    write(visit, "Only its rows where", "kind=style")
    expect(command(visit)).to_contain_text("--on file=work --join-where kind=style --dry-run")
    answer(visit, "term")
    expect(command(visit)).to_contain_text("--on file=work --join-where kind=style --label-column")
    expect(visit.page.get_by_text("12 joined rows").first).to_be_visible()
    visit.keep("new-collection-joined")


def test_a_second_table_by_upload_is_joined_or_refused(visit: Visit) -> None:
    visit.open("/new-collection")
    upload(visit, 0, "objects.csv", OBJECTS)
    expect(command(visit)).to_be_visible()
    open_second(visit)
    upload(visit, 1, "terms.csv", TERMS)
    write(visit, "Column that both tables have", "title=work")
    expect(visit.page.get_by_text("This is not read")).to_be_visible()
    expect(visit.page.get_by_text("belongs to a row of objects.csv")).to_be_visible()
    write(visit, "Column that both tables have", "file=work")
    expect(command(visit)).to_contain_text("objects.csv --join terms.csv --on file=work --dry-run")
