"""Every way of making, on every subject it takes."""

from typing import Any

import numpy as np
import pytest

from core.studio.brief import Brief
from core.studio.canvas import compute_noise, smoothstep
from core.studio.painters import PAINTERS
from core.studio.palettes import load_palette, vary
from core.studio.styles import OUTSIDER, STYLES, Style

STYLE_LIST = [*STYLES.values(), OUTSIDER]


def paint(style: Style, subject: str, seed: int = 0, **habits: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    brief = Brief(rng, (80, 64), subject, load_palette("meadow"), habits)
    return style.paint(brief)


@pytest.mark.parametrize("style", STYLE_LIST, ids=lambda style: style.name or "outsider")
def test_a_style_paints_all_its_subjects_in_full_colour(style: Style) -> None:
    for subject in style.subjects:
        picture = paint(style, subject)
        assert picture.shape == (64, 80, 3)
        assert np.isfinite(picture).all()
        assert picture.std() > 0.01


@pytest.mark.parametrize("style", STYLE_LIST, ids=lambda style: style.name or "outsider")
def test_a_work_depends_on_its_own_chance_alone(style: Style) -> None:
    subject = style.subjects[0]
    assert np.array_equal(paint(style, subject, 4), paint(style, subject, 4))
    assert not np.array_equal(paint(style, subject, 4), paint(style, subject, 5))


@pytest.mark.slow
def test_every_habit_of_the_roster_is_read_by_its_way_of_making() -> None:
    for painter in PAINTERS:
        style = STYLES.get(painter.style, OUTSIDER)
        asked: set[str] = set()

        class Listening(dict[str, float]):
            def get(self, name: str, default: Any = None, asked: set[str] = asked) -> Any:
                asked.add(name)
                return super().get(name, default)

        for seed in range(6):
            for subject in painter.subjects or style.subjects:
                rng = np.random.default_rng(seed)
                palette = load_palette(painter.palettes[0])
                style.paint(Brief(rng, (40, 32), subject, palette, Listening(painter.habits)))
            if asked >= set(painter.habits):
                break
        assert asked >= set(painter.habits), painter.name


def test_every_subject_and_palette_of_the_roster_exists() -> None:
    for painter in PAINTERS:
        style = STYLES.get(painter.style, OUTSIDER)
        assert set(painter.subjects) <= {s for each in STYLE_LIST for s in each.subjects}
        assert style.subjects
        for name in painter.palettes:
            load_palette(name)


def test_a_varied_palette_stays_within_the_colours_there_are() -> None:
    for seed in range(20):
        mixed = vary(load_palette("carnival"), np.random.default_rng(seed), 1.0)
        assert all(ink.min() >= 0 and ink.max() <= 1 for ink in [*mixed.inks, mixed.dark])


def test_noise_spans_nought_to_one_about_its_middle() -> None:
    noise = compute_noise(np.random.default_rng(0), (50, 30), (5, 4), 3)
    assert noise.shape == (30, 50)
    assert noise.min() >= 0
    assert noise.max() <= 1
    assert np.isclose(noise.min(), 0) or np.isclose(noise.max(), 1)


def test_smoothstep_runs_either_way() -> None:
    ramp = np.linspace(0, 1, 5)
    assert np.allclose(smoothstep(ramp, 0, 1), 1 - smoothstep(ramp, 1, 0))
