"""What the point cloud draws: places, classes and scores of a run, packed once for the browser.

The packed form is ``AEP1``, the length of a JSON header (uint32, little-endian), the header, and
the columns it names, each from a multiple of four bytes on. Values are uint8 or uint16; the highest
value of the type stands for "none".
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from core.findings.labels.quadrants import LABEL_STATES, QUADRANTS
from core.label_word import STYLE, LabelWord
from core.tasks import Task
from core.text import class_name
from dashboard.figures.palette import NEUTRAL, QUADRANT_COLOURS, RAMPS, SHAPES, assign_glyphs
from dashboard.selection.filters import find_label_states
from dashboard.selection.layout import SCORE_COLOURS, colour_values, list_colours, place_points
from dashboard.words import quadrant_name

MAGIC: Final = b"AEP1"
Kind = Literal["place", "class", "score", "state"]
_STYLES: Final = ("given", "predicted")


@dataclass(frozen=True)
class Column:
    """``values`` (n,) or (n, 2), uint8 or uint16; ``facts`` are what the header says of them."""

    name: str
    kind: Kind
    values: np.ndarray
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PackedPoints:
    """A run's points as they travel, a tag that changes with them, and what they were made of."""

    body: bytes
    version: str
    columns: tuple[Column, ...]


def mask_of(rows: np.ndarray, count: int) -> np.ndarray | None:
    """(count,) bool: what is among ``rows``; None if all are."""
    if len(rows) == count:
        return None
    mask = np.zeros(count, dtype=bool)
    mask[rows] = True
    return mask


def century_name(century: int) -> str:
    """``19`` -> ``"19th century"``, ``0`` -> ``"1st century BCE"``."""
    number = century if century > 0 else 1 - century
    last = number % 10 if number // 10 % 10 != 1 else 0
    ending = {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
    return f"{number}{ending} century" + ("" if century > 0 else " BCE")


def build_columns(
    table: pd.DataFrame,
    learned: dict[Task, tuple[str, ...]],
    ceiling: float,
    word: LabelWord = STYLE,
) -> list[Column]:
    """All that a cloud of ``table`` can show; ``learned`` holds the run's classes."""
    columns = [
        _map_column(table, ceiling),
        _quadrants_column(table, ceiling),
        _states_column(table),
    ]
    for name, label in list_colours(table, word).items():
        if name in SCORE_COLOURS:
            columns.append(_score_column(table, name, label))
        elif name != "quadrant":  # depends on thresholds that move: the browser works it out
            columns.append(_class_column(table, name, label, learned))
    return columns


def _map_column(table: pd.DataFrame, ceiling: float) -> Column:
    places = place_points(table, "map", ceiling)
    low, high = places.min(axis=0), places.max(axis=0)
    return _place_column("map", places, low, np.where(high > low, high, low + 1))


def _quadrants_column(table: pd.DataFrame, ceiling: float) -> Column:
    places = place_points(table, "quadrants", ceiling)
    return _place_column("quadrants", places, np.zeros(2), np.array([1.0, ceiling]))


def _states_column(table: pd.DataFrame) -> Column:
    """What places a painting among the quadrants with loss, confidence and lines: label states."""
    states = find_label_states(table).astype(np.uint8)
    return Column("label_state", "state", states, {"states": list(LABEL_STATES)})


def _place_column(name: str, places: np.ndarray, low: np.ndarray, high: np.ndarray) -> Column:
    values = quantise((places - low) / (high - low), np.uint16)
    values[np.isnan(places).any(axis=1)] = np.iinfo(np.uint16).max
    return Column(name, "place", values, {"low": low.tolist(), "high": high.tolist()})


def _score_column(table: pd.DataFrame, name: str, label: str) -> Column:
    scores = table[name].to_numpy(dtype=float, na_value=np.nan)
    low, high = (float(v) for v in np.nanquantile(scores, [0, 0.99]))
    high = high if high > low else low + 1
    values = quantise((scores - low) / (high - low), np.uint8)
    return Column(name, "score", values, {"label": label, "low": low, "high": high})


def _class_column(
    table: pd.DataFrame, name: str, label: str, learned: dict[Task, tuple[str, ...]]
) -> Column:
    values = colour_values(table, name)
    present: list[Any]
    if name == "century":
        present = [int(value) for value in sorted(values.dropna().unique())]
        classes = _ordered_classes(present, century_name)
    else:
        present = _class_order(values, learned["style"] if name in _STYLES else ())
        classes = _named_classes(present)
    codes = pd.Categorical(values, categories=present).codes.astype(int)
    width = np.uint8 if len(present) < np.iinfo(np.uint8).max else np.uint16
    stored = np.where(codes < 0, np.iinfo(width).max, codes).astype(width)
    return Column(name, "class", stored, {"label": label, "classes": classes})


def _class_order(values: pd.Series, learned: Sequence[str]) -> list[str]:
    """The learned classes as the run lists them, then all others by their number."""
    return [*learned, *(name for name in values.value_counts().index if name not in set(learned))]


def _named_classes(names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": class_name(name),
            "colour": glyph.colour,
            "shape": SHAPES.index(glyph.shape),
        }
        for name, glyph in assign_glyphs(names).items()
    ]


def _ordered_classes(values: Sequence[int], label: Callable[[int], str]) -> list[dict[str, Any]]:
    """Classes with an order take their colours from the ramp: 0 is its low end, 1 its high one."""
    last = max(1, len(values) - 1)
    return [
        {"name": str(value), "label": label(value), "ramp": place / last, "shape": 0}
        for place, value in enumerate(values)
    ]


def quantise(shares: np.ndarray, width: type[np.unsignedinteger[Any]]) -> np.ndarray:
    """0 to 1 as an unsigned integer, clipped; NaN becomes the type's highest value."""
    top = np.iinfo(width).max
    scaled = np.rint(np.clip(shares, 0, 1) * (top - 1))
    return np.where(np.isnan(shares), top, scaled).astype(width)


def pack_points(columns: Sequence[Column], word: LabelWord = STYLE) -> PackedPoints:
    """The packed form of ``columns``; ``word`` of the run stands in what quadrants mean."""
    offset, entries, parts = 0, [], []
    for column in columns:
        data = np.ascontiguousarray(column.values).astype(column.values.dtype.newbyteorder("<"))
        parts.append(data.tobytes() + bytes(-data.nbytes % 4))
        entries.append(
            {
                "name": column.name,
                "kind": column.kind,
                "offset": offset,
                "bytes": data.itemsize,
                **column.facts,
            }
        )
        offset += len(parts[-1])
    quadrants = [
        {
            "name": name,
            "label": quadrant_name(name),
            "colour": QUADRANT_COLOURS[name],
            "shape": 0,
            "meaning": word.fill(meaning),
        }
        for name, meaning in QUADRANTS.items()
    ]
    header = {
        "count": len(columns[0].values),
        "columns": entries,
        "quadrants": quadrants,
        "ramps": RAMPS,
        "neutral": NEUTRAL,
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    body = b"".join([MAGIC, len(text).to_bytes(4, "little"), text, *parts])
    return PackedPoints(body, hashlib.blake2b(body, digest_size=8).hexdigest(), tuple(columns))


def encode_rows(rows: np.ndarray) -> str:
    """(n,) bool as text: one bit a row, deflated, base64. A style's rows take about 100 letters."""
    return base64.b64encode(zlib.compress(np.packbits(rows).tobytes(), 6)).decode("ascii")
