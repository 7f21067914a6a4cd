"""How far apart two colours look, to full and to colour-blind eyes: what the palette is judged by.

Sources: Ottosson, A perceptual color space for image processing (2020), for OKLab; Machado,
Oliveira and Fernandes (IEEE TVCG 2009), severity 1, for the three deficiencies; WCAG 2.2 for
contrast. Colours are (n, 3) sRGB, 0 to 1.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

Deficiency = Literal["protanopia", "deuteranopia", "tritanopia"]
DEFICIENCIES: Final[dict[Deficiency, np.ndarray]] = {
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
_LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722])
_TO_CONES: Final = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB: Final = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def parse_colour(text: str) -> np.ndarray:
    """``"#c2553d"`` -> (3,) sRGB, 0 to 1."""
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def to_linear(colours: np.ndarray) -> np.ndarray:
    return np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)


def to_srgb(linear: np.ndarray) -> np.ndarray:
    clipped = np.clip(linear, 0, 1)
    srgb: np.ndarray = np.where(
        clipped <= 0.0031308, 12.92 * clipped, 1.055 * clipped ** (1 / 2.4) - 0.055
    )
    return srgb


def to_oklab(colours: np.ndarray) -> np.ndarray:
    """(n, 3) lightness 0 to 1 and two opponent axes; equal steps look about equally large."""
    lab: np.ndarray = np.cbrt(to_linear(colours) @ _TO_CONES.T) @ _TO_LAB.T
    return lab


def from_oklab(lab: np.ndarray) -> np.ndarray:
    """(n, 3) sRGB of OKLab colours, clipped to what a screen shows."""
    cones = (lab @ np.linalg.inv(_TO_LAB).T) ** 3
    return to_srgb(cones @ np.linalg.inv(_TO_CONES).T)


def simulate(colours: np.ndarray, deficiency: Deficiency) -> np.ndarray:
    """(n, 3) sRGB as an eye that lacks one kind of cone sees ``colours``."""
    return to_srgb(to_linear(colours) @ DEFICIENCIES[deficiency].T)


def contrast(colours: np.ndarray, page: str) -> np.ndarray:
    """(n,) WCAG contrast ratio with the page's colour, 1 to 21."""
    ours = to_linear(colours) @ _LUMINANCE + 0.05
    pages = float(to_linear(parse_colour(page)) @ _LUMINANCE) + 0.05
    ratios: np.ndarray = np.maximum(ours / pages, pages / ours)
    return ratios
