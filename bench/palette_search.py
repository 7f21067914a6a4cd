"""Searches the class colours and the ramps of ``dashboard/figures/palette.py``.

    python -m bench.palette_search [--colours 30] [--rounds 400]

Farthest-first selection, then exchange, over colours that contrast with both page backgrounds. The
distance of two colours is the smallest over normal vision and three kinds of colour blindness; the
latter are scaled up because no 30 colours are far apart for them.
"""

from __future__ import annotations

import argparse

import numpy as np

from dashboard.figures.colour_vision import (
    DEFICIENCIES,
    contrast,
    from_oklab,
    simulate,
    to_oklab,
)

GRID = 22  # steps a channel
PAGES = ("#fdfcfa", "#151412")
CONTRAST = 1.9  # of a point with either page
CHROMA = (0.045, 0.19)  # below are the greys of filtered-out points; above, colours glare
DEFICIENT_WEIGHT = 2.1
# Ramps as (lightness, chroma, hue in degrees): from low to high contrast with the page.
RAMPS = {
    "light": ((0.84, 0.05, 100), (0.70, 0.13, 65), (0.52, 0.15, 35), (0.33, 0.11, 10)),
    "dark": ((0.40, 0.07, 300), (0.55, 0.14, 10), (0.72, 0.15, 50), (0.92, 0.11, 98)),
}
STOPS = 11


def list_candidates() -> np.ndarray:
    """(n, 3) sRGB 0 to 1: colours with enough chroma and contrast."""
    axis = np.linspace(0, 1, GRID)
    colours = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)
    lab = to_oklab(colours)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    keep = (chroma >= CHROMA[0]) & (chroma <= CHROMA[1])
    for page in PAGES:
        keep &= contrast(colours, page) >= CONTRAST
    return colours[keep]


def measure(candidates: np.ndarray) -> np.ndarray:
    """(n, n) float32 distances, 0 up."""
    views = [to_oklab(candidates)]
    views += [DEFICIENT_WEIGHT * to_oklab(simulate(candidates, name)) for name in DEFICIENCIES]
    nearest = np.full((len(candidates), len(candidates)), np.inf, dtype=np.float32)
    for view in views:
        gaps = np.sqrt(np.maximum(_squared_distances(view.astype(np.float32)), 0))
        np.minimum(nearest, gaps, out=nearest)
    return nearest


def _squared_distances(points: np.ndarray) -> np.ndarray:
    norms = (points**2).sum(axis=1)
    return norms[:, None] + norms[None, :] - 2 * points @ points.T


def choose(distances: np.ndarray, wanted: int, rounds: int, rng: np.random.Generator) -> list[int]:
    """Farthest-first from a random start, then one of the closest pair exchanged while it helps."""
    chosen = [int(rng.integers(len(distances)))]
    while len(chosen) < wanted:
        chosen.append(int(distances[:, chosen].min(axis=1).argmax()))
    for _ in range(rounds):
        among = distances[np.ix_(chosen, chosen)] + np.diag(np.full(wanted, np.inf))
        worst = float(among.min())
        place = int(rng.choice(np.argwhere(among == among.min())[0]))
        others = [c for i, c in enumerate(chosen) if i != place]
        reach = distances[:, others].min(axis=1)
        if reach.max() <= worst:
            break
        chosen[place] = int(reach.argmax())
    return chosen


def order(distances: np.ndarray, chosen: list[int]) -> list[int]:
    """Farthest-first within the choice, so that few classes get the colours farthest apart."""
    rest, ordered = list(chosen), []
    among = distances[np.ix_(chosen, chosen)]
    first = chosen[int(among.sum(axis=1).argmax())]
    ordered.append(first)
    rest.remove(first)
    while rest:
        reach = distances[np.ix_(rest, ordered)].min(axis=1)
        ordered.append(rest.pop(int(reach.argmax())))
    return ordered


def smallest(distances: np.ndarray, chosen: list[int]) -> float:
    return float(distances[np.ix_(chosen, chosen)][~np.eye(len(chosen), dtype=bool)].min())


def build_ramp(anchors: tuple[tuple[float, float, float], ...]) -> np.ndarray:
    """(STOPS, 3) sRGB along the anchors, in steps that look equally large."""
    lightness, chroma, hue = np.array(anchors).T
    hue = np.unwrap(np.radians(hue))
    along = np.linspace(0, len(anchors) - 1, 500)
    marks = np.arange(len(anchors))
    lightness, chroma, hue = (np.interp(along, marks, v) for v in (lightness, chroma, hue))
    path = np.column_stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)])
    walked = np.concatenate([[0], np.linalg.norm(np.diff(path, axis=0), axis=1).cumsum()])
    even = np.linspace(0, walked[-1], STOPS)
    return from_oklab(np.column_stack([np.interp(even, walked, axis) for axis in path.T]))


def print_colours(colours: np.ndarray) -> None:
    for colour in colours:
        print('"#' + "".join(f"{round(255 * channel):02x}" for channel in colour) + '",')


def main() -> None:
    """Prints the best of several starts, then the ramps."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--colours", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--starts", type=int, default=120)
    options = parser.parse_args()
    candidates = list_candidates()
    distances = measure(candidates)
    rng = np.random.default_rng(0)
    tries = [choose(distances, options.colours, options.rounds, rng) for _ in range(options.starts)]
    best = order(distances, max(tries, key=lambda chosen: smallest(distances, chosen)))
    print(f"{len(candidates):,} candidates; closest pair {smallest(distances, best):.3f}")
    print_colours(candidates[best])
    for name, anchors in RAMPS.items():
        print(f"ramp on a {name} page")
        print_colours(build_ramp(anchors))


if __name__ == "__main__":
    main()
