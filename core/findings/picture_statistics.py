"""How a picture looks, from simple statistics, to filter what may be a drawing, a print, ...

This is appearance, no medium and no fact of a catalogue: a black square on white canvas is black
and white, as a woodcut is. Of real pictures in smooth tones of grey one in fifty is a photograph
(bench/LOG.md). Sculptures and reliefs have no appearance of their own.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import pandas as pd
from scipy.ndimage import maximum_filter

from core.findings.appearance import PLAIN

# Levels of 255, and shares of the picture. Chosen on made-up pictures and checked by eye on 3,066
# real ones (bench/LOG.md, "Medium", "A run of wikiart-mini on frozen features, looked at").
ONE_HUE: Final = 7.0  # residual colour that brightness does not predict
TINTED: Final = 22.0  # the same, of a drawing with some colour
PAPER_REACH: Final = 22.0  # a pixel this near to the paper's tone is bare paper
PAPER_TONE: Final = 165  # paper is no darker
DRAWING_PAPER: Final = 0.4  # of a drawing, from here up
TINTED_PAPER: Final = 0.6  # of a drawing with some colour
INK: Final = 0.04  # least share that is not paper: less is blank paper or canvas
STROKES: Final = 0.75  # least share of the ink with paper close by: strokes, not areas
DOCUMENT_PAPER: Final = 0.5
DOCUMENT_ROWS: Final = 0.3  # share of the variance of brightness that lies between rows
DOCUMENT_LINES: Final = 6  # rows of ink with paper between
TWO_TONES: Final = 0.78  # share of pixels nearly black or nearly white, of a print
EACH_TONE: Final = 0.1  # and of either
MIDDLE_TONES: Final = 0.45  # of a photograph, from here up
CONTRAST: Final = 25.0  # of a photograph, at least: standard deviation of brightness
ROUGHNESS: Final = 15.0  # of a photograph, at most: median step between neighbouring pixels
TONE_STEP: Final = 8  # levels that count as one tone, when the commonest is sought
PICTURES_AT_ONCE: Final = 32  # few, so that they stay in the processor's cache

STATISTICS: Final = (
    *("colour", "paper", "strokes", "text_lines", "row_variance"),
    *("black", "white", "middle", "contrast", "roughness"),
)


def compute_picture_statistics(thumbnails: np.ndarray) -> pd.DataFrame:
    """Statistics that tell appearances apart, a row for each of ``thumbnails`` (N, S, S, 3) uint8.

    ``colour``: 90th percentile of what brightness does not explain of two opponent colours, in
    levels, so that sepia counts as one hue. ``paper``: share of pixels of the commonest light tone,
    0 to 1; ``strokes``: share of the others (ink) with paper within two pixels of 64;
    ``text_lines``: how often the density of ink rises above its mean from row to row;
    ``row_variance``: share of the variance of brightness that lies between rows, 0 to 1.
    ``black``, ``white`` and ``middle``: shares of pixels. ``contrast``: standard deviation of
    brightness; ``roughness``: median step between neighbouring pixels; in levels.
    """
    table = np.empty((len(thumbnails), len(STATISTICS)))
    starts = range(0, len(thumbnails), PICTURES_AT_ONCE)

    def measure(start: int) -> None:
        some = slice(start, start + PICTURES_AT_ONCE)
        table[some] = np.stack(list(_measure(thumbnails[some]).values()), axis=1)

    with ThreadPoolExecutor() as pool:  # numpy releases the interpreter's lock
        list(pool.map(measure, starts))
    return pd.DataFrame(table, columns=list(STATISTICS))


def name_appearances(statistics: pd.DataFrame) -> pd.Series:
    """``APPEARANCES`` of pictures, str, by ``compute_picture_statistics``; *in colour* in doubt."""
    s, is_grey = statistics, statistics["colour"] < ONE_HUE
    on_paper = (s["paper"] <= 1 - INK) & (s["strokes"] >= STROKES)
    written = is_grey & on_paper & (s["paper"] >= DOCUMENT_PAPER)
    written &= (s["row_variance"] >= DOCUMENT_ROWS) & (s["text_lines"] >= DOCUMENT_LINES)
    two_tones = is_grey & (s["black"] + s["white"] >= TWO_TONES)
    two_tones &= np.minimum(s["black"], s["white"]) >= EACH_TONE
    drawn = is_grey & (s["paper"] >= DRAWING_PAPER)
    drawn |= (s["colour"] < TINTED) & (s["paper"] >= TINTED_PAPER)
    smooth = (s["middle"] >= MIDDLE_TONES) & (s["roughness"] <= ROUGHNESS)
    smooth &= s["contrast"] >= CONTRAST
    names = np.select(
        [written, two_tones, drawn & on_paper, is_grey & smooth, is_grey],
        ["rows of marks", "black and white", "strokes on paper", "smooth greys", "one hue"],
        default=PLAIN,
    )
    return pd.Series(names, dtype="str")


def _measure(thumbnails: np.ndarray) -> dict[str, np.ndarray]:
    """(n,) each of ``STATISTICS``, in their order."""
    pixels = thumbnails.astype(np.float32)
    grey = pixels @ np.array([0.299, 0.587, 0.114], dtype=np.float32)  # (n, S, S)
    steps = np.concatenate(
        [_flatten(np.abs(np.diff(grey, axis=1))), _flatten(np.abs(np.diff(grey, axis=2)))], axis=1
    )
    between = grey.mean(axis=2).var(axis=1) / np.maximum(grey.var(axis=(1, 2)), 1.0)
    flat = _flatten(grey)
    is_paper = _find_paper(flat).reshape(grey.shape)
    reach = 2 * max(1, grey.shape[1] // 32) + 1
    near_paper = maximum_filter(is_paper, size=(1, reach, reach))
    ink = np.maximum((~is_paper).sum(axis=(1, 2)), 1)
    density = (~is_paper).mean(axis=2)
    above = density > density.mean(axis=1, keepdims=True)
    return {
        "colour": _measure_colour(pixels, flat),
        "paper": is_paper.mean(axis=(1, 2)),
        "strokes": (near_paper & ~is_paper).sum(axis=(1, 2)) / ink,
        "text_lines": (above[:, 1:] & ~above[:, :-1]).sum(axis=1),
        "row_variance": between,
        "black": (flat <= 60).mean(axis=1),
        "white": (flat >= 195).mean(axis=1),
        "middle": ((flat > 70) & (flat < 185)).mean(axis=1),
        "contrast": grey.std(axis=(1, 2)),
        "roughness": np.median(steps, axis=1),
    }


def _measure_colour(pixels: np.ndarray, grey: np.ndarray) -> np.ndarray:
    """(n,) 90th percentile of the colour that a linear fit to brightness leaves."""
    red, green, blue = (_flatten(pixels[..., channel]) for channel in range(3))
    left = np.zeros_like(grey)
    centred = grey - grey.mean(axis=1, keepdims=True)
    power = np.maximum((centred**2).sum(axis=1, keepdims=True), 1.0)
    for opponent in (red - green, (red + green) / 2 - blue):
        opponent -= opponent.mean(axis=1, keepdims=True)
        slope = (opponent * centred).sum(axis=1, keepdims=True) / power
        opponent -= slope * centred
        opponent *= opponent
        left += opponent
    colour: np.ndarray = np.quantile(np.sqrt(left, out=left), 0.9, axis=1)
    return colour


def _find_paper(grey: np.ndarray) -> np.ndarray:
    """(n, P) bool: the pixels near the commonest tone, where that is light."""
    tones = np.arange(0, 256, TONE_STEP)
    place = np.arange(len(grey))[:, None] * len(tones) + (grey / TONE_STEP).astype(np.int32)
    counts = np.bincount(place.ravel(), minlength=len(grey) * len(tones)).reshape(len(grey), -1)
    light = np.where(tones >= PAPER_TONE - TONE_STEP // 2, counts, 0)
    tone = tones[light.argmax(axis=1)] + TONE_STEP // 2
    near = np.abs(grey - tone[:, None]) <= PAPER_REACH
    is_paper: np.ndarray = near & (light.max(axis=1) > 0)[:, None]
    return is_paper


def _flatten(planes: np.ndarray) -> np.ndarray:
    return planes.reshape(len(planes), planes.shape[1] * planes.shape[2])
