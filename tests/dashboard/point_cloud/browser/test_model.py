"""What the cloud works out anew, and what it keeps, as scenes and people change."""

from __future__ import annotations

import base64

from dashboard.point_cloud.packing import build_columns, pack_points
from dashboard.runs.open_run import OpenRun
from dashboard.server.assets import FOLDER
from tests.dashboard.point_cloud.browser.browser_modules import ask_browser

SCENE = {
    "layout": "map",
    "colour": "given",
    "thresholds": [1.0, 0.5],
    "alt": "",
    "tools": True,
    "hidden": [],
    "outlines": "",
    "rings": [],
    "shown": None,
}


def test_only_what_has_changed_is_worked_out_anew(opened: OpenRun) -> None:
    columns = build_columns(opened.table, opened.run.manifest.classes, opened.ceiling)
    packed = base64.b64encode(pack_points(columns).body).decode()
    cubism, count = int((opened.table["given"] == "Cubism").sum()), len(opened.table)
    assert ask_browser("model.mjs", {"points": packed, "scene": SCENE}) == [
        # what happened, painted anew, sorted anew, [ghosts, shown, selected]
        ["first", True, True, [0, count, 0]],
        ["the same again", False, False, [0, count, 0]],
        ["other words", False, False, [0, count, 0]],
        ["another accent", False, False, [0, count, 0]],
        ["a class hidden", False, True, [cubism, count - cubism, 0]],
        ["the server agrees", False, False, [cubism, count - cubism, 0]],
        ["the class shown", False, True, [0, count, 0]],
        ["drawn around everything", False, True, [0, 0, count]],
        ["the server agrees", False, False, [0, 0, count]],
        ["a filter", False, True, [count, 0, 0]],
        ["a line moved", False, False, [count, 0, 0]],
        ["by quadrant", True, True, [0, count, 0]],
        ["a line moved", True, True, [0, count, 0]],
    ]


def test_change_is_found_by_values_and_not_by_text() -> None:
    assert [path.name for path in FOLDER.glob("*.js") if "JSON.stringify" in path.read_text()] == []
