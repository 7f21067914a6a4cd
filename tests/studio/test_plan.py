"""What is planned for the full collection; planning paints nothing, so these are quick."""

from collections import Counter

import pytest

from core.studio import plan_collection
from core.studio.painters import PAINTERS, WATCHED
from core.studio.planted import CORRUPT, DUPLICATE, SWAPPED
from core.studio.scenes import GENRES
from core.studio.styles import STYLES
from core.studio.works import Work

CASES = {"no_frame_of_reference", "ahead_of_their_time", "oeuvre_mislabelled"}


@pytest.fixture(scope="module")
def plan() -> list[Work]:
    return plan_collection(1280, 7)


@pytest.mark.parametrize("works", [30, 60, 61, 200, 1280, 1500])
def test_a_collection_holds_as_many_works_as_asked_in_every_style(works: int) -> None:
    plan = plan_collection(works, 3)
    assert len(plan) == works
    assert {work.given_style for work in plan} == set(STYLES)
    assert {work.kind for work in plan} >= CASES | {DUPLICATE, CORRUPT, SWAPPED}


def test_every_key_is_its_own(plan: list[Work]) -> None:
    assert len({work.key for work in plan}) == len(plan)


def test_a_style_has_six_painters_or_more_each_with_several_works(plan: list[Work]) -> None:
    for style in STYLES:
        works = Counter(w.painter for w in plan if w.given_style == style and not w.kind)
        assert len(works) >= 6
        assert min(works.values()) >= 4


def test_painters_of_one_style_differ_in_palette_or_habits() -> None:
    ways = [(p.style, p.palettes, p.subjects, tuple(sorted(p.habits.items()))) for p in PAINTERS]
    assert len(set(ways)) == len(ways)


def test_the_collection_spans_five_genres_and_more(plan: list[Work]) -> None:
    genres = Counter(work.genre for work in plan)
    assert len(genres) >= 5
    assert set(genres) <= set(GENRES.values())
    assert min(genres.values()) >= 20


def test_works_are_dated_within_their_painter_s_and_style_s_years(plan: list[Work]) -> None:
    roster = {painter.name: painter for painter in PAINTERS}
    for work in plan:
        painter = roster[work.painter]
        assert painter.first <= work.year <= painter.last
        if not painter.case:
            assert STYLES[painter.style].first <= work.year <= STYLES[painter.style].last


def test_four_percent_of_labels_are_swapped_for_another_style(plan: list[Work]) -> None:
    swapped = [work for work in plan if work.kind == SWAPPED]
    assert len(swapped) == round(0.04 * 1280)
    assert all(work.given_style != work.made_style for work in swapped)
    assert len({work.given_style for work in swapped}) >= 8


def test_nothing_else_has_a_label_it_was_not_made_under(plan: list[Work]) -> None:
    for work in plan:
        if work.given_style != work.made_style:
            assert work.kind in CASES | {SWAPPED, DUPLICATE}


def test_the_three_painters_are_planted_with_all_their_works(plan: list[Work]) -> None:
    for case in CASES:
        painters = {work.painter for work in plan if work.kind == case}
        assert len(painters) == 1
        name = painters.pop()
        assert all(work.kind == case for work in plan if work.painter == name)
        assert len({work.given_style for work in plan if work.painter == name}) == 1


def test_the_one_ahead_of_their_time_paints_decades_before_the_style_they_look_like(
    plan: list[Work],
) -> None:
    works = [work for work in plan if work.kind == "ahead_of_their_time"]
    assert len(works) >= 8
    for work in works:
        assert STYLES[work.made_style].first - work.year >= 30
        given = STYLES[work.given_style]
        assert given.first <= work.year <= given.last


def test_the_mislabelled_oeuvre_is_large_and_near_in_time(plan: list[Work]) -> None:
    works = [work for work in plan if work.kind == "oeuvre_mislabelled"]
    assert len(works) >= 20
    assert all(work.given_style != work.made_style for work in works)
    given, made = STYLES[works[0].given_style], STYLES[works[0].made_style]
    assert given.first <= made.last
    assert made.first <= given.last


def test_a_near_duplicate_names_an_unharmed_work_and_some_carry_another_label(
    plan: list[Work],
) -> None:
    by_key = {work.key: work for work in plan}
    copies = [work for work in plan if work.kind == DUPLICATE]
    assert len(copies) == 15
    assert len({copy.copying for copy in copies}) == 5
    for copy in copies:
        partner = by_key[copy.partner]
        assert (partner.painter, partner.index, partner.kind) == (copy.painter, copy.index, "")
    relabelled = [c for c in copies if c.given_style != by_key[c.partner].given_style]
    assert 3 <= len(relabelled) < len(copies)


def test_the_seed_decides_what_is_planted() -> None:
    assert plan_collection(100, 1) == plan_collection(100, 1)
    assert plan_collection(100, 1) != plan_collection(100, 2)


def test_the_watched_painters_are_those_of_the_planted_cases() -> None:
    plan = plan_collection(200, 7)
    for case in ("no_frame_of_reference", "ahead_of_their_time", "oeuvre_mislabelled"):
        assert {work.painter for work in plan if work.kind == case} <= set(WATCHED)
    assert len(WATCHED) == 3
