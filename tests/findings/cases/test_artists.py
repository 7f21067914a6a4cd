"""Artists as cases: the three stories, the watched, and nothing where nothing is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.artifacts.schema import CASES
from core.findings.cases.artists import (
    Gallery,
    compute_lags,
    find_artist_cases,
    find_away,
    find_later,
)
from core.findings.cases.kinds import (
    CASE_TYPES,
    CaseSettings,
    Traits,
    choose_quiet_type,
    choose_type,
)
from core.findings.cases.movers import compare_years, find_movers
from core.findings.cases.sentences import describe_rate
from core.findings.labels.anachronism import compute_style_years

STYLES = ("Baroque", "Cubism", "Minimalism", "Realism")
SETTINGS = CaseSettings()
PLAIN = Traits(
    given=0,
    target=1,
    consistency=0.8,
    elsewhere=0.9,
    novelty=0.5,
    confidence=0.9,
    is_adjacent=False,
    carries_both=0,
    years_early=-10.0,
    is_ahead=True,
    moves=False,
)


def build_gallery(seed: int = 0, artists: int = 48, works: int = 10) -> Gallery:
    """Artists of one style each, seen in it at 80 % or so; Baroque and Realism are neighbours."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(artists), works)
    labels = codes % 4
    alpha = np.full((4, 4), 0.2) + 3 * np.eye(4)
    alpha[0, 3] = alpha[3, 0] = 0.9
    seen = np.stack([rng.dirichlet(alpha[label]) for label in labels])
    begins = np.array([1600, 1907, 1959, 1850])
    return Gallery(
        classes=STYLES,
        names=np.array([f"Painter {code}" for code in codes], dtype=object),
        artists=codes,
        labels=labels,
        seen=seen,
        novelty=rng.uniform(0.2, 0.7, len(codes)),
        years=begins[labels] + rng.integers(0, 40, len(codes)).astype(float),
        duplicates=np.arange(len(codes)),
    )


def plant(gallery: Gallery, artist: int, name: str, target: int, **changes: float) -> Gallery:
    """All works of ``artist`` seen in ``target``."""
    rows = gallery.artists == artist
    names, seen = gallery.names.copy(), gallery.seen.copy()
    names[rows] = name
    seen[rows] = 0.04
    seen[rows, target] = 0.88
    fields: dict[str, Any] = {"names": names, "seen": seen}
    for field, value in changes.items():
        fields[field] = np.where(rows, value, getattr(gallery, field))
    return replace(gallery, **fields)


def find(gallery: Gallery, watched: tuple[str, ...] = ()) -> pd.DataFrame:
    return find_cases(gallery, watched).set_index("subject")


def find_cases(gallery: Gallery, watched: tuple[str, ...] = ()) -> pd.DataFrame:
    years = compute_style_years(gallery.years, gallery.labels, gallery.artists, len(STYLES))
    return find_artist_cases(gallery, years, watched)


def test_the_three_stories_are_told_apart() -> None:
    gallery = plant(
        build_gallery(artists=240), 1, "Pollock", target=0, novelty=1.3
    )  # Cubism as Baroque
    gallery = plant(gallery, 4, "Klint", target=2, years=1906)  # Baroque as Minimalism, too early
    gallery = plant(gallery, 8, "Hopper", target=3, years=np.nan)  # Baroque as its neighbour
    cases = find(gallery)
    assert cases.loc["Pollock", "type"] == "no frame of reference"
    assert cases.loc["Klint", "type"] == "label arguable"
    assert cases.loc["Hopper", "type"] == "likely mislabelled"
    assert list(cases.loc["Hopper", ["given", "predicted"]]) == ["Baroque", "Realism"]
    assert (cases.loc[["Pollock", "Klint", "Hopper"], "shift_low"] > 0).all()
    assert cases.loc[["Pollock", "Klint", "Hopper"], "artists"].tolist() == [59, 0, 59]
    assert "no other artist has such works" in str(cases.at["Klint", "sentence"])  # Baroque of 1906
    assert "88\u00a0% sure" in str(cases.at["Pollock", "sentence"])
    assert "59 other artists" in str(cases.at["Hopper", "sentence"])
    assert "1906" in str(cases.at["Klint", "sentence"])
    assert set(cases["rows"]["Pollock"]) == set(range(10, 20))


@pytest.mark.slow
def test_shuffled_labels_make_no_more_cases_than_promised() -> None:
    found = 0
    for seed in range(30):
        gallery = build_gallery(seed)
        order = np.random.default_rng(seed).permutation(len(gallery.labels))
        shuffled = replace(gallery, artists=gallery.artists[order], names=gallery.names[order])
        found += len(find(replace(shuffled, years=np.full(len(order), np.nan)))) > 0
    assert found <= 4  # 5 % of 30, and chance


def test_an_artist_ahead_of_the_time_stands_out_among_those_who_have_a_later_style() -> None:
    """Seen elsewhere no more surely than others are, but in what began fifty years later."""
    gallery = build_gallery(artists=240)
    rows = np.flatnonzero(gallery.artists == 8)  # Baroque by label
    seen, years = gallery.seen.copy(), gallery.years.copy()
    seen[rows], years[rows] = (0.3, 0.1, 0.5, 0.1), 1906
    planted = replace(gallery, seen=seen, years=years)
    case = find(planted).loc["Painter 8"]
    assert case["type"] == "label arguable"
    assert case["q_value"] <= SETTINGS.rate
    assert "finds a style that began 5 to 80 years later likelier than the label for 100" in str(
        case["sentence"]
    )
    undated = replace(planted, years=np.full(len(years), np.nan))
    assert find(undated).get("type", pd.Series()).get("Painter 8") != "label arguable"
    late = np.where(gallery.artists == 8, 1990.0, years)
    assert find(replace(planted, years=late)).get("type", pd.Series()).get("Painter 8") != (
        "label arguable"
    )


def test_later_styles_begin_five_to_eighty_years_after_the_work() -> None:
    spans = pd.DataFrame({"begins": [1900.0, np.nan]})
    later = find_later(np.array([1819.0, 1820, 1895, 1896, np.nan]), spans, SETTINGS)
    assert later.tolist() == [[False] * 2, [True, False], [True, False], [False] * 2, [False] * 2]


def test_a_label_lags_only_behind_the_styles_that_are_asked() -> None:
    seen, labels = np.array([[0.2, 0.7, 0.1], [0.2, 0.7, 0.1]]), np.array([0, 0])
    among = np.array([[False, False, True], [True, False, False]])
    lags = compute_lags(seen, labels, among=among)
    np.testing.assert_allclose(lags, [np.log(0.5), np.nan])  # its own label is no other style


def test_the_watched_are_always_reported() -> None:
    gallery = build_gallery()
    names = gallery.names.copy()
    names[gallery.artists == 7] = "Hilma af Klint"
    few = np.where((gallery.artists == 7) & (np.arange(480) % 10 > 2), 999, gallery.artists)
    names[few == 999] = "Somebody"
    gallery = replace(gallery, names=names, artists=few)
    watched = ("hilma af  klint", "Painter 3", "Edward Hopper")
    cases = find(gallery, watched)
    assert cases["watched"].sum() == 3
    assert str(cases.at["hilma af  klint", "sentence"]).endswith("too few to say (n = 3).")
    assert cases.loc["Edward Hopper", "sentence"] == "Edward Hopper: no works in this collection."
    assert cases.loc["Painter 3", "type"] == "as expected"


def test_a_painter_who_moved_on_is_a_mixed_oeuvre() -> None:
    gallery = build_gallery()
    rows = np.flatnonzero(gallery.artists == 5)
    labels, years = gallery.labels.copy(), gallery.years.copy()
    labels[rows] = [3] * 5 + [1] * 5
    years[rows] = np.arange(1900, 1910)
    seen = gallery.seen.copy()
    seen[rows] = 0.05 + 0.8 * np.eye(4)[labels[rows]]
    moved = replace(gallery, labels=labels, years=years, seen=seen)
    assert "Painter 5" not in find(moved).index  # seen as it is filed: no finding
    assert find(moved, ("Painter 5",)).loc["Painter 5", "type"] == "mixed oeuvre"
    moved.seen[rows] = 0.05 + 0.8 * np.eye(4)[(labels[rows] + 1) % 4]
    assert find(replace(moved)).loc["Painter 5", "type"] == "mixed oeuvre"


def test_an_artist_seen_elsewhere_less_than_usual_is_no_case() -> None:
    gallery = plant(build_gallery(), 1, "Leger", target=1)  # Cubism as Cubism, always
    assert "Leger" not in find(gallery).index


def test_the_strongest_evidence_comes_first_not_the_smallest_oeuvre() -> None:
    gallery = plant(build_gallery(artists=240), 1, "Five", target=0)
    five = np.flatnonzero(gallery.names == "Five")[5:]
    gallery = replace(
        gallery, artists=np.where(np.isin(np.arange(2400), five), -1, gallery.artists)
    )
    gallery = plant(gallery, 9, "Ten", target=0)
    assert find_cases(gallery)["subject"].tolist()[:2] == ["Ten", "Five"]


def test_the_table_has_its_columns_even_when_empty() -> None:
    table = find_cases(replace(build_gallery(), artists=np.full(480, -1)))
    assert table.empty
    assert table.dtypes.astype(str).to_dict() == CASES.dtypes


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"years_early": 50.0}, "label arguable"),
        ({"years_early": 50.0, "novelty": 1.2}, "no frame of reference"),  # like nothing later
        ({"years_early": 50.0, "novelty": 1.2, "confidence": 0.4}, "seen elsewhere"),
        ({"years_early": 190.0, "confidence": 0.4}, "seen elsewhere"),  # a Dutch interior
        ({"years_early": 50.0, "is_ahead": False}, "likely mislabelled"),
        ({"years_early": 50.0, "is_adjacent": True, "confidence": 0.4}, "often confused"),
        ({"years_early": 50.0, "consistency": 0.2}, "label arguable"),  # later styles, not one
        ({"moves": True, "novelty": 1.2}, "mixed oeuvre"),
        ({"carries_both": 2, "confidence": 0.4}, "likely mislabelled"),
        ({"carries_both": 2, "consistency": 0.2}, "seen elsewhere"),
        ({"novelty": 1.2}, "no frame of reference"),
        ({"novelty": 1.2, "confidence": 0.4}, "seen elsewhere"),
        ({"novelty": 1.2, "elsewhere": 0.3, "consistency": 0.3}, "seen elsewhere"),
        ({"is_adjacent": True}, "likely mislabelled"),
        ({"is_adjacent": True, "confidence": 0.4}, "often confused"),
        ({"is_adjacent": True, "consistency": 0.2}, "seen elsewhere"),
        ({"confidence": np.nan, "novelty": np.nan, "years_early": np.nan}, "seen elsewhere"),
        ({}, "likely mislabelled"),
    ],
)
def test_the_most_specific_type_is_chosen(changes: dict[str, Any], kind: str) -> None:
    assert choose_type(replace(PLAIN, **changes), SETTINGS) == kind
    assert kind in CASE_TYPES


@pytest.mark.parametrize(
    ("shift", "low", "moves", "kind"),
    [
        (0.77, 0.56, False, "not proven"),  # Bastide of the demo: 26 works of 26
        (0.77, 0.56, True, "mixed oeuvre"),
        (0.1, 0.001, False, "not proven"),
        (0.09, 0.001, False, "as expected"),  # hardly more often
        (0.32, 0.0, False, "as expected"),
        (-0.2, -0.4, False, "as expected"),
    ],
)
def test_what_lies_above_the_usual_share_is_not_called_expected(
    shift: float, low: float, moves: bool, kind: str
) -> None:
    row = {"shift": shift, "shift_low": low}
    assert choose_quiet_type(row, moves, SETTINGS) == kind
    assert kind in CASE_TYPES


def test_a_painter_who_stands_out_among_few_is_not_proven_and_the_figures_are_told() -> None:
    """Two oeuvres seen elsewhere to the last work, among ten others."""
    gallery = plant(build_gallery(artists=12), 1, "Bastide", target=0)
    gallery = plant(gallery, 6, "Almquist", target=0)
    cases = find(gallery, ("Bastide", "Almquist", "Painter 3"))
    assert cases.loc["Painter 3", "type"] == "as expected"
    for name in ("Bastide", "Almquist"):
        row = cases.loc[name].to_dict()
        assert row["type"] == "not proven"
        assert row["q_value"] > SETTINGS.rate
        assert row["shift_low"] > 0
        told = str(row["sentence"]).replace("\u00a0", " ")
        assert "sees 100 % of the works as Baroque" in told
        assert f"(p = {row['p_value']:.2g})" in told
        rate = describe_rate(row["q_value"]).replace("\u00a0", " ")
        assert told.endswith(f"false-discovery rate is {rate}, where a finding may have 5 %.")


def test_an_oeuvre_beyond_the_fence_of_all_oeuvres_is_told_at_any_rate() -> None:
    few = build_gallery(artists=12)
    case = find(plant(few, 1, "Outsider", target=0, novelty=0.9)).loc["Outsider"]
    assert case["type"] == "no frame of reference"
    assert case["q_value"] > SETTINGS.rate
    told = str(case["sentence"]).replace("\u00a0", " ")
    assert f"unlike the works of others: novelty {case['novelty']:.2f}," in told
    assert "Outsider" not in find(plant(few, 1, "Outsider", target=0, novelty=0.5)).index


@pytest.mark.parametrize(
    ("q", "told"),
    [(0.004, "under 1 %"), (0.012, "1 %"), (0.05, "5 %"), (0.0504, "over 5 %"), (1.0, "100 %")],
)
def test_a_rate_above_the_limit_never_reads_as_the_limit(q: float, told: str) -> None:
    assert describe_rate(q).replace("\u00a0", " ") == told


def test_a_label_lags_behind_the_best_other_style_where_the_work_is_seen_elsewhere() -> None:
    seen = np.array([[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    labels, further = np.array([0, 0, 0, 0]), np.array([[-1], [2], [1], [-1]])
    lags = compute_lags(seen, labels)
    np.testing.assert_allclose(lags, [np.log(0.5), np.log(2.5), np.log(1000), np.nan])
    several = compute_lags(seen, labels, further)
    np.testing.assert_allclose(several, [np.log(0.5), np.log(5 / 3), -np.log(1000), np.nan])
    for told, others in ((lags, None), (several, further)):
        away = find_away(seen, labels, others)
        assert ((told > 0) == (away == 1)).all()


def test_moving_needs_dates_and_enough_works_of_both() -> None:
    labels = np.array([0] * 6 + [1] * 6)
    years = np.arange(1900.0, 1912)
    assert compare_years(labels, years, SETTINGS) < 0.01
    assert np.isnan(compare_years(labels, np.full(12, np.nan), SETTINGS))
    assert compare_years(labels, np.tile([1900.0, 1910], 6), SETTINGS) > 0.5
    assert np.isnan(compare_years(np.array([0] * 10 + [1] * 2), years, SETTINGS))


def test_of_many_artists_whose_years_are_chance_few_are_called_movers() -> None:
    rng = np.random.default_rng(0)
    labels, years = np.tile([0] * 6 + [1] * 6, 400), rng.uniform(1900, 1912, 4800)
    oeuvres = {artist: np.arange(12) + 12 * artist for artist in range(400)}
    assert len(find_movers(oeuvres, labels, years, SETTINGS)) <= 1
    years[: 12 * 100] = np.tile(np.arange(1900.0, 1912), 100)
    found = find_movers(oeuvres, labels, years, SETTINGS)
    assert set(range(100)) <= found
    assert len(found) <= 115
