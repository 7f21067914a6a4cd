"""Colours that can be told apart, by full and by colour-blind eyes, on light and dark pages."""

import itertools

import numpy as np
import pytest

from core.findings.labels.quadrants import QUADRANTS
from dashboard.figures.colour_vision import (
    DEFICIENCIES,
    Deficiency,
    contrast,
    from_oklab,
    parse_colour,
    simulate,
    to_oklab,
)
from dashboard.figures.palette import COLOURS, QUADRANT_COLOURS, RAMPS, assign_glyphs

LIGHT, DARK = "#fdfcfa", "#151412"


def lab_of(colours: tuple[str, ...], deficiency: Deficiency | None = None) -> np.ndarray:
    srgb = np.array([parse_colour(colour) for colour in colours])
    return to_oklab(srgb if deficiency is None else simulate(srgb, deficiency))


def closest_pair(lab: np.ndarray) -> float:
    return min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(lab, 2))


def test_oklab_knows_its_reference_colours() -> None:
    # White, and pure red as published by Ottosson.
    np.testing.assert_allclose(lab_of(("#ffffff",)), [[1, 0, 0]], atol=1e-3)
    np.testing.assert_allclose(lab_of(("#ff0000",)), [[0.628, 0.2249, 0.1258]], atol=1e-3)


def test_oklab_can_be_turned_back() -> None:
    colours = np.random.default_rng(0).random((50, 3))
    np.testing.assert_allclose(from_oklab(to_oklab(colours)), colours, atol=1e-4)


def test_a_red_blind_eye_confuses_what_it_should() -> None:
    red, green = "#b35900", "#6e6e00"
    apart = closest_pair(lab_of((red, green)))
    assert closest_pair(lab_of((red, green), "protanopia")) < apart / 2


def test_any_two_class_colours_are_apart() -> None:
    assert len(COLOURS) >= 27
    assert closest_pair(lab_of(COLOURS)) >= 0.099


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_any_two_class_colours_are_apart_for_colour_blind_eyes(deficiency: Deficiency) -> None:
    assert closest_pair(lab_of(COLOURS, deficiency)) >= 0.047


@pytest.mark.parametrize("page", [LIGHT, DARK])
def test_class_colours_stand_out_from_the_page(page: str) -> None:
    srgb = np.array([parse_colour(colour) for colour in COLOURS])
    assert contrast(srgb, page).min() >= 1.85


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
def test_the_quadrants_of_judged_labels_are_apart(
    deficiency: Deficiency | None,
) -> None:
    main = tuple(QUADRANT_COLOURS[name] for name in list(QUADRANTS)[:5])
    assert closest_pair(lab_of(main, deficiency)) >= 0.08


@pytest.mark.parametrize("page", RAMPS)
def test_a_ramp_climbs_in_equal_steps(page: str) -> None:
    steps = np.linalg.norm(np.diff(lab_of(RAMPS[page]), axis=0), axis=1)
    assert steps.max() / steps.min() < 1.35


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
@pytest.mark.parametrize("page", RAMPS)
def test_a_ramp_grows_away_from_its_page_for_every_eye(
    page: str, deficiency: Deficiency | None
) -> None:
    lightness = lab_of(RAMPS[page], deficiency)[:, 0]
    away = np.diff(lightness) * (1 if page == "dark" else -1)
    assert (away > -0.005).all()
    assert abs(lightness[-1] - lightness[0]) > 0.4


def test_a_style_keeps_its_mark_whatever_stands_beside_it() -> None:
    few = assign_glyphs(("Cubism", "Baroque"))
    many = assign_glyphs(("Something_else", "Baroque", "Fauvism", "Cubism"))
    assert few["Cubism"] == many["Cubism"]
    assert few["Baroque"] == many["Baroque"]


def test_every_class_has_a_mark_of_its_own() -> None:
    marks = assign_glyphs(("Cubism", *(f"style {i}" for i in range(140)), "Realism"))
    assert len(marks) == 142
    assert len(set(marks.values())) == 142
