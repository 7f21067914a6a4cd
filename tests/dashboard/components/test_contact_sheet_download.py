"""Contact sheets from a page: drawn on demand, as many paintings as a talk bears."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.artifacts import Run
from dashboard.components.contact_sheet_download import MOST, PAGE, draw_pdf, draw_png
from tests.dashboard.pages import open_menu, open_page

FILES = ["Table (CSV)", "Table (Parquet)", "Contact sheet (PDF)", "First page (PNG)"]


def labels_of(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


def test_the_pdf_holds_all_and_the_picture_the_first_page(run: Run) -> None:
    rows = list(range(MOST))
    assert f"/Count {MOST // PAGE}".encode() in draw_pdf(run, rows, "Sixty", "")
    page = Image.open(io.BytesIO(draw_png(run, rows, "Sixty", "A lead.")))
    assert page.width > page.height > 1000


@pytest.mark.usefixtures("root")
def test_a_list_offers_its_contact_sheet() -> None:
    app = open_page("outliers")
    assert labels_of(app) == []
    assert labels_of(open_menu(app, "download-selected")) == FILES


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(("path", "menu"), [("map", "selected"), ("cases", "case")])
def test_so_do_the_map_and_each_case(run: Run, path: str, menu: str) -> None:
    case = run.cases.loc[run.cases["rows"].map(len) > 0, "case"].iloc[0]
    app = open_menu(open_page(path, case=case), f"download-{menu}")
    assert labels_of(app) == FILES
