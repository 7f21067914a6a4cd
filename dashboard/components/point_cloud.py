"""The cloud as pages use it: they pass a ``Scene``; what people do on it goes to the state.

The browser fetches the points once (``dashboard.server.points``). A rerun sends only the scene:
which rows are shown (a deflated bitset), the colour's name, thresholds, outlines and rings.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, Literal

import numpy as np
import streamlit as st

from core.export.sheets import name_file
from dashboard.point_cloud.packing import encode_rows
from dashboard.point_cloud.picture import build_cloud_picture
from dashboard.runs.cache import load_points
from dashboard.runs.open_run import OpenRun
from dashboard.selection.layout import Layout, place_points
from dashboard.selection.outlines import MAX_OUTLINES, format_outlines, is_too_much, parse_outlines
from dashboard.selection.select import OUTLINES
from dashboard.selection.state import bound_texts
from dashboard.selection.ticks import parse_ticks
from dashboard.server.assets import module_url
from dashboard.server.images import pictures_url
from dashboard.server.points import facts_url, points_url
from dashboard.session import state
from dashboard.session.events import event_taker
from dashboard.words import painting_title

_NO_WEBGL: Final = "artextract.no_webgl"
_SCRIPT: Final = """
export default async (component) => {{
  const cloud = await import(new URL("{url}", document.baseURI).href)
  return cloud.render(component)
}}
"""


@dataclass(frozen=True)
class Ring:
    """A ring around a place, in the layout's coordinates; ``kind`` is its appearance."""

    x: float
    y: float
    label: str
    kind: Literal["open", "found", "upload"]


@dataclass(frozen=True)
class Scene:
    """What a cloud shows. ``shown`` is (n,) bool, None for all.

    ``thresholds`` are (loss, confidence). When ``focus``, a row, changes, the view flies to that
    painting. Without ``tools`` the
    cloud is a small picture of where something lies: no toolbar, no legend, nothing to draw.
    """

    layout: Layout
    colour: str
    thresholds: tuple[float, float]
    alt: str
    shown: np.ndarray | None = None
    rings: tuple[Ring, ...] = ()
    focus: int | None = None
    height: int = 640
    tools: bool = True


def ring_painting(
    opened: OpenRun, row: int, layout: Layout, kind: Literal["open", "found"] = "open"
) -> tuple[Ring, ...]:
    """The ring around painting ``row``, with its title; none if it has no place there."""
    label = painting_title(opened.table.loc[row].to_dict())
    rings = ring_paintings(opened, np.array([row]), layout, kind)
    return tuple(replace(ring, label=label) for ring in rings)


def ring_paintings(
    opened: OpenRun, rows: np.ndarray, layout: Layout, kind: Literal["open", "found"]
) -> tuple[Ring, ...]:
    """Rings without text around the paintings ``rows`` that have a place in ``layout``."""
    if not len(rows):
        return ()
    places = place_points(opened.table.loc[rows], layout, opened.ceiling)
    known = places[np.isfinite(places).all(axis=1)]
    return tuple(Ring(float(x), float(y), "", kind) for x, y in known)


def ring_open(opened: OpenRun, layout: Layout) -> tuple[Ring, ...]:
    """The ring around the painting that the address names."""
    row = opened.find_row(state.current().painting)
    return ring_painting(opened, row, layout) if row >= 0 else ()


def ring_ticked(opened: OpenRun, layout: Layout) -> tuple[Ring, ...]:
    """Rings around the paintings that are ticked."""
    rows = parse_ticks(state.current().ticked, len(opened.table))
    return ring_paintings(opened, np.array(rows, dtype=int), layout, "found")


def render_point_cloud(opened: OpenRun, scene: Scene, key: str) -> None:
    """The cloud; outlines, thresholds, hidden classes and the opened painting go to the state."""
    _component()(
        key=key,
        data=_build_data(opened, scene),
        on_drawn_change=event_taker(
            key, "drawn", lambda value: _take_outlines(scene.layout, value)
        ),
        on_opened_change=event_taker(key, "opened", lambda value: _open_row(opened, value)),
        on_thresholds_change=event_taker(key, "thresholds", _take_thresholds),
        on_hidden_change=event_taker(key, "hidden", _take_hidden),
        on_blind_change=event_taker(key, "blind", _take_blindness),
    )


@cache
def _component() -> Any:
    script = _SCRIPT.format(url=module_url("cloud.js"))
    html = f'<link rel="stylesheet" href="{module_url("cloud.css")}">'
    return st.components.v2.component("artextract_point_cloud", html=html, js=script)


def _build_data(opened: OpenRun, scene: Scene) -> dict[str, Any]:
    run_id, now = opened.run.run_id, state.current()
    data: dict[str, Any] = {
        "points": points_url(run_id, load_points(opened).version),
        "facts": facts_url(run_id),
        "pictures": pictures_url(run_id),
        "layout": scene.layout,
        "colour": scene.colour,
        "thresholds": list(scene.thresholds),
        "alt": scene.alt,
        "height": scene.height,
        "tools": scene.tools,
        "focus": scene.focus,
        "file": name_file(f"{opened.run.manifest.collection.name} {scene.layout} {scene.colour}"),
        "hidden": list(now.hidden),
        "outlines": getattr(now, OUTLINES[scene.layout]) if scene.tools else "",
        "rings": [[ring.x, ring.y, ring.label, ring.kind] for ring in scene.rings],
        "shown": None if scene.shown is None else encode_rows(scene.shown),
    }
    if st.session_state.get(_NO_WEBGL):
        data["picture"] = _draw_picture(opened, scene)
    return data


def _draw_picture(opened: OpenRun, scene: Scene) -> str:
    """What a browser without WebGL shows in place of points, as a data URI."""
    picture = build_cloud_picture(
        load_points(opened).columns,
        scene.layout,
        scene.colour,
        scene.thresholds,
        scene.shown,
        dark=st.context.theme.type == "dark",
    )
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii")


def _take_outlines(layout: Layout, text: Any) -> None:
    if is_too_much(str(text)):
        st.toast(
            f"Too much is drawn: there can be at most {MAX_OUTLINES} outlines. The earlier ones "
            "are kept."
        )
        return
    state.change(**{OUTLINES[layout]: format_outlines(parse_outlines(str(text)))})


def _open_row(opened: OpenRun, row: Any) -> None:
    if isinstance(row, int) and 0 <= row < len(opened.table):
        state.open_painting(str(opened.table.loc[row, "key"]))


def _take_thresholds(thresholds: Any) -> None:
    try:
        loss, confidence = (round(float(line), 2) for line in thresholds)
    except (TypeError, ValueError):
        return
    if math.isfinite(loss) and math.isfinite(confidence):
        state.change(loss=loss, confidence=confidence)


def _take_hidden(names: Any) -> None:
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        state.change(hidden=bound_texts(names))


def _take_blindness(_: Any) -> None:
    st.session_state[_NO_WEBGL] = True
