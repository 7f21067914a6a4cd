"""Single modules of the point cloud in a browser: what the server packs is what they unpack."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dashboard.point_cloud.packing import build_columns, encode_rows, pack_points
from dashboard.runs.open_run import OpenRun
from dashboard.selection.outlines import inside, parse_outlines
from dashboard.server.assets import FOLDER, module_url
from tests.dashboard.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def evaluate_module(visit: Visit, body: str, argument: object = None) -> Any:
    """Runs ``body``, which sees ``folder`` and ``given``, on a page of the server."""
    visit.page.goto(f"{visit.server}/_stcore/health")
    return visit.page.evaluate(
        f"async ([folder, given]) => {{ {body} }}", [module_url(""), argument]
    )


def test_every_module_loads(visit: Visit) -> None:
    names = [path.name for path in FOLDER.glob("*.js")]
    assert names
    body = """const loaded = await Promise.all(given.map((name) => import(folder + name)))
      return loaded.map((module) => Object.keys(module).length)"""
    assert all(evaluate_module(visit, body, names))


def test_the_browser_unpacks_what_the_server_packed(visit: Visit, opened: OpenRun) -> None:
    columns = build_columns(opened.table, opened.run.manifest.classes, opened.ceiling)
    body = """const { decode } = await import(folder + "points.js")
      const points = decode(Uint8Array.from(given).buffer)
      const columns = [...points.columns].map(([name, { values }]) => [name, [...values]])
      return Object.fromEntries(columns)"""
    found = evaluate_module(visit, body, list(pack_points(columns).body))
    assert list(found) == [column.name for column in columns]
    for column in columns:
        assert found[column.name] == column.values.reshape(-1).tolist()


def test_what_are_no_points_is_refused(visit: Visit) -> None:
    body = """const { decode } = await import(folder + "points.js")
      try { decode(new TextEncoder().encode("<!DOCTYPE html>").buffer) }
      catch (error) { return error.message }"""
    assert "not a file of points" in evaluate_module(visit, body)


def test_the_browser_reads_the_rows_the_server_shows(visit: Visit) -> None:
    rows = np.random.default_rng(1).random(1003) < 0.3
    body = """const { decodeRows } = await import(folder + "points.js")
      return [...(await decodeRows(given, 1003))]"""
    assert evaluate_module(visit, body, encode_rows(rows)) == rows.astype(int).tolist()


def test_server_and_browser_agree_on_what_lies_inside(visit: Visit) -> None:
    rng = np.random.default_rng(2)
    outline = [[round(v, 3) for v in corner] for corner in rng.random((12, 2)).tolist()]
    points = rng.random((400, 2)).tolist()
    body = """const { contains, format, parse } = await import(folder + "outlines.js")
      const [outline] = parse(format([given.outline]))
      return given.points.map(([x, y]) => contains(outline, x, y))"""
    found = evaluate_module(visit, body, {"outline": outline, "points": points})
    x, y = np.array(points).T
    assert found == inside([tuple(map(tuple, outline))], x, y).tolist()


def test_a_long_outline_is_thinned_and_keeps_its_shape(visit: Visit) -> None:
    body = """const { simplify, format } = await import(folder + "outlines.js")
      const turns = Array.from({ length: 900 }, (_, step) => (step / 900) * 2 * Math.PI)
      const circle = turns.map((turn) => [500 + 400 * Math.cos(turn), 500 + 300 * Math.sin(turn)])
      return format([simplify(circle)])"""
    text = evaluate_module(visit, body)
    (outline,) = parse_outlines(text)
    assert len(outline) <= 48
    assert len(text) < 1000
    x, y = np.array(outline).T
    area = 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))
    assert area == pytest.approx(np.pi * 400 * 300, rel=0.02)
