"""Pictures that are not paintings, a few dozen of each kind, for ``bench.novelty``."""

from __future__ import annotations

import io
import os
import pkgutil
import pydoc
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib.style
import numpy as np
import skimage
import sklearn.datasets
from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import sync_playwright

from bench.browser import CHROMIUM, FLAGS

EACH = 60
SIDE = 384
CHART_STYLES = ["default", "ggplot", "dark_background", "bmh"]
Pictures = Iterator[Image.Image]


def make_noise(rng: np.random.Generator) -> Pictures:
    """White, normal and coloured noise, from single pixels to blotches."""
    for number in range(EACH):
        grain = int(rng.choice([1, 1, 2, 4, 8, 24]))
        shape = (SIDE // grain, SIDE // grain, 3 if number % 3 else 1)
        if number % 2:
            samples = rng.integers(0, 256, shape)
        else:
            samples = rng.normal(rng.integers(60, 200), rng.integers(10, 80), shape).clip(0, 255)
        pixels = np.broadcast_to(samples, (*shape[:2], 3)).astype(np.uint8)
        yield Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def make_gradients(rng: np.random.Generator) -> Pictures:
    """Linear, radial and diagonal runs from one colour to another."""
    y, x = np.mgrid[0:1:384j, 0:1:384j]
    for number in range(EACH):
        angle = rng.uniform(0, 2 * np.pi)
        centre = rng.uniform(0.2, 0.8, 2)
        ramp = (
            np.hypot(x - centre[0], y - centre[1])
            if number % 3 == 0
            else (x * np.cos(angle) + y * np.sin(angle))
        )
        ramp = ((ramp - ramp.min()) / np.ptp(ramp))[..., None]
        first, last = rng.integers(0, 256, (2, 3))
        yield Image.fromarray((first + ramp * (last - first)).astype(np.uint8))


def make_blank(rng: np.random.Generator) -> Pictures:
    """One colour all over, paper white and black among them, with a scanner's faint noise."""
    for number in range(EACH):
        colour = rng.integers(0, 256, 3) if number % 3 else np.full(3, rng.choice([0, 250, 255]))
        noise = rng.normal(0, rng.choice([0, 1, 3]), (SIDE, SIDE, 1))
        yield Image.fromarray((colour + noise).clip(0, 255).astype(np.uint8))


def make_text_pages(rng: np.random.Generator) -> Pictures:
    """Pages of English prose about Python's modules, in several sizes and layouts."""
    modules = [m.name for m in pkgutil.iter_modules(stdlib_folder()) if not m.name.startswith("_")]
    for name in rng.permutation(modules)[:EACH]:
        text = pydoc.plain(pydoc.render_doc(str(name)))[:6000]
        size = int(rng.integers(14, 30))
        page = Image.new("RGB", (900, 1200), tuple(rng.integers(235, 256, 3).tolist()))
        font = ImageFont.load_default(size)
        wrapped = "\n".join(textwrap.wrap(text, int(1500 / size)))
        ink = tuple(rng.integers(0, 70, 3).tolist())
        ImageDraw.Draw(page).multiline_text((60, 60), wrapped, ink, font, spacing=size * 0.4)
        yield page


def stdlib_folder() -> list[str]:
    """Folder of the standard library."""
    return [str(Path(os.__file__).parent)]


def make_photographs(rng: np.random.Generator) -> Pictures:
    """Colour photographs that scikit-image and scikit-learn ship: the whole, and large crops."""
    folder = Path(skimage.data.__file__).parent
    names = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "motorcycle_left.png")
    whole = [Image.open(folder / n).convert("RGB") for n in names if (folder / n).exists()]
    whole += [Image.fromarray(each) for each in sklearn.datasets.load_sample_images().images]
    yield from whole
    for number in range(EACH - len(whole)):
        picture = whole[number % len(whole)]
        share = rng.uniform(0.5, 0.8)
        width, height = (int(side * share) for side in picture.size)
        left = int(rng.integers(picture.width - width))
        top = int(rng.integers(picture.height - height))
        yield picture.crop((left, top, left + width, top + height))


def make_charts(rng: np.random.Generator) -> Pictures:
    """Lines, bars, scatters, histograms and pies as matplotlib draws them."""
    kinds: tuple[Callable[..., object], ...]
    for number in range(EACH):
        with matplotlib.style.context(str(rng.choice(CHART_STYLES))):
            figure = Figure(figsize=(6, 4.5), dpi=90)
            axes = figure.add_subplot()
            values = rng.normal(size=(3, 40)).cumsum(axis=1)
            kinds = (
                lambda a, v: a.plot(v.T),
                lambda a, v: a.bar(range(12), np.abs(v[0, :12])),
                lambda a, v: a.scatter(v[0], v[1], c=v[2]),
                lambda a, v: a.hist(v.T, bins=8),
                lambda a, v: a.pie(np.abs(v[0, :6]) + 0.2),
            )
            kinds[number % len(kinds)](axes, values)
            axes.set_title(f"Series {number}")
            buffer = io.BytesIO()
            figure.savefig(buffer)
        yield Image.open(buffer).convert("RGB")


def make_screenshots(rng: np.random.Generator) -> Pictures:
    """Web pages in Chromium: the documentation of Python's modules, at several widths."""
    modules = [m.name for m in pkgutil.iter_modules(stdlib_folder()) if not m.name.startswith("_")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        for number, name in enumerate(rng.permutation(modules)[:EACH]):
            page.set_viewport_size({"width": int(rng.choice([390, 800, 1280])), "height": 800})
            page.set_content(pydoc.HTMLDoc().page(name, pydoc.html.document(pydoc.locate(name))))
            page.evaluate(f"scrollTo(0, {(number % 4) * 600})")
            yield Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        browser.close()


KINDS: dict[str, Callable[[np.random.Generator], Pictures]] = {
    "noise": make_noise,
    "gradients": make_gradients,
    "blank": make_blank,
    "text pages": make_text_pages,
    "photographs": make_photographs,
    "charts": make_charts,
    "screenshots": make_screenshots,
}
