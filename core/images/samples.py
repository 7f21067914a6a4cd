"""Samples of any depth to 8 bits: which values are black and white, where nothing says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

# Depths of cameras and scanners whose values are often stored in wider samples as they are.
_DEPTHS: Final = (8, 10, 12, 14)
_ROUNDED: Final = 1.002  # a half float of 4,095 is 4,096
_NOISE: Final = 0.05  # share of the range that negative values may reach and still mean black


@dataclass(frozen=True)
class Levels:
    """The values that are shown as black and as white; ``note`` tells them where it was a guess."""

    black: float
    white: float
    note: str = ""

    def scale(self, samples: np.ndarray) -> np.ndarray:
        """``samples`` as float32 from 0 (black) to 255 (white), clipped."""
        span = (self.white - self.black) or 1.0
        scaled = (samples.astype(np.float32) - self.black) * (255.0 / span)
        levelled: np.ndarray = scaled.clip(0.0, 255.0)
        return levelled


def find_levels(
    kind: str,
    bits: int,
    low: float,
    high: float,
    stated: tuple[float, float] | None = None,
) -> Levels:
    """Levels of samples that reach from ``low`` to ``high``.

    ``kind`` and ``bits``: numpy's kind of number ("u", "i", "f") and the bits of a sample as the
    file states them. ``stated``: the smallest and largest value by the file's own tags.
    """
    if stated and stated[0] < stated[1] and stated[0] <= low and high <= stated[1]:
        full = kind == "u" and stated == (0, 2**bits - 1)
        if not full and stated[1] < 2**bits:
            return _tell(kind, bits, *stated)
    if kind == "f":
        return _find_float_levels(bits, low, high)
    if low < -_NOISE * high:
        depth = next((each for each in _DEPTHS if -low <= 2 ** (each - 1) > high), bits)
        return _tell(kind, bits, -(2 ** (depth - 1)), 2 ** (depth - 1) - 1)
    most = bits - 1 if kind == "i" else bits
    depth = next((each for each in (*_DEPTHS, 16) if high < 2**each < 2**most), most)
    if high <= 0 or (depth == most and kind == "u"):
        return Levels(0, 2**most - 1)
    return _tell(kind, bits, 0, 2**depth - 1)


def _find_float_levels(bits: int, low: float, high: float) -> Levels:
    if low < -_NOISE * max(high, 1.0):
        return _tell("f", bits, low, high)
    if high <= 1:
        return Levels(0, 1)
    # Above 1 but far below 255 lie linear pictures whose lights are brighter than white.
    tops = [float(2**depth - 1) for depth in (*_DEPTHS, 16)]
    top = next((each for each in tops if high <= each * _ROUNDED), high) if high > 16 else high
    return _tell("f", bits, 0, top)


def _tell(kind: str, bits: int, black: float, white: float) -> Levels:
    name = {"u": "", "i": "signed ", "f": "floating-point "}[kind]
    return Levels(
        black,
        white,
        f"{name}{bits}-bit samples: {black:,.6g} taken as black, {white:,.6g} as white",
    )
