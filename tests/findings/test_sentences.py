"""What is said is so: sentences from random tables, each checked against its columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from core.artifacts.reasons import read_reasons
from core.findings.cases.artists import Gallery, find_artist_cases, find_away
from core.findings.cases.kinds import CaseSettings
from core.findings.labels.reasons import write_reason
from core.findings.labels.weighing import FACTS, weigh_reasons
from core.findings.oeuvre.other_works import count_fellows, iterate_others

STYLES = ("Baroque", "Cubism", "Minimalism", "Realism")
RULES = CaseSettings()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_is_said_of_an_oeuvre_stands_in_its_columns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = 40
    facts = pd.DataFrame({name: np.full(count, np.nan) for name in FACTS})
    facts = facts.assign(
        given=rng.choice(STYLES, count),
        predicted=rng.choice(STYLES, count),
        suggested=rng.choice(STYLES, count),
        confidence=rng.random(count),
        artist="Hilma af Klint",
        weight_picture=rng.normal(size=count),
        weight_sights=rng.normal(1, 1, count),
        oeuvre_works=rng.integers(0, 9, count),
        oeuvre_given=rng.integers(0, 5, count),
        oeuvre_suggested=rng.integers(0, 5, count),
        weight_labels=rng.normal(0, 2, count),
        oeuvre_doubt=rng.random(count),
        fellows=rng.integers(0, 8, count),
        neighbour_artists=0,
        filed_twice=False,
        anachronism_given=0.0,
        anachronism_suggested=0.0,
        copy_labels=None,
        medium=None,
        suspected_by=None,
    )
    facts["fellows_away"] = rng.integers(0, facts["fellows"].to_numpy() + 1)
    for (_, row), told in zip(
        facts.iterrows(), read_reasons(weigh_reasons(facts), np.arange(count)), strict=True
    ):
        for reason in told:
            text = write_reason(reason.kind, reason.values)
            if "filed wrongly" in text:
                assert row["fellows"] >= 3
                assert row["fellows_away"] > row["fellows"] / 2
                assert f"{row['fellows']} other works labelled {row['given']}" in text
                assert f" {row['fellows_away']} are seen in other styles" in text
            if reason.kind == "oeuvre":
                assert text.startswith(f"Of {row['oeuvre_works']} other work")
            if reason.kind == "answer":
                assert ("the model agrees" in text) == (row["given"] == row["predicted"])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_fellows_are_counted_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels, artists = rng.integers(-1, 3, 40), rng.integers(-1, 5, 40)
    duplicates = rng.integers(0, 30, 40)
    away = find_away(rng.dirichlet(np.ones(3), 40) * (rng.random((40, 1)) < 0.8), labels)
    counts = count_fellows(away, labels, artists, duplicates)
    expected = np.zeros_like(counts)
    for block, rows, others in iterate_others(artists, duplicates):
        for place, row in enumerate(block):
            for other in rows[others[place]]:
                if labels[row] == labels[other] >= 0 and not np.isnan(away[other]):
                    expected[row] += 1, away[other] == 1
    np.testing.assert_array_equal(counts, expected)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_is_said_of_an_artist_stands_in_the_row(seed: int) -> None:
    rng = np.random.default_rng(seed)
    artists = np.repeat(np.arange(60), rng.integers(2, 14, 60))
    count = len(artists)
    labels = np.where(rng.random(count) < 0.8, artists % 4, rng.integers(0, 4, count))
    turned = artists < 12  # seen in one other style, more or less surely
    centre = np.where(turned, (labels + 1 + artists % 3) % 4, labels)
    sure = rng.choice([1.0, 3.0, 12.0], 60)[artists]
    seen = rng.standard_gamma(0.4 + sure[:, None] * np.eye(4)[centre])
    seen /= seen.sum(axis=1, keepdims=True)
    gallery = Gallery(
        STYLES,
        np.array([f"Painter {code}" for code in artists], dtype=object),
        artists,
        labels,
        seen,
        rng.choice([0.4, 1.3], 60)[artists],
        rng.uniform(1600, 1990, 60)[artists] + rng.integers(0, 9, count),
        np.arange(count),
    )
    years = pd.DataFrame({"begins": [1600.0, 1907, 1959, 1850]})
    for row in find_artist_cases(gallery, years).to_dict("records"):
        check_case(row, gallery, years)


def check_case(row: dict, gallery: Gallery, years: pd.DataFrame) -> None:
    own = gallery.names == row["subject"]
    tops = gallery.seen.argmax(axis=1)
    away = own & (tops != gallery.labels)
    target = STYLES.index(row["predicted"])
    there = (away & (tops == target)).sum() / own.sum()
    assert row["works"] == own.sum()
    assert np.isclose(row["observed"], away.sum() / own.sum())
    assert row["q_value"] <= RULES.rate
    assert row["observed"] > row["expected"]
    assert f"{row['artists']} other artist" in row["sentence"]
    sure = gallery.seen[away].max(axis=1).mean()
    early = years["begins"][target] - np.median(gallery.years[away & (tops == target)])
    kind = row["type"]
    if kind == "label arguable":
        assert RULES.years_before <= early <= RULES.years_most
        assert there >= RULES.consistent
    if kind == "no frame of reference":
        assert gallery.novelty[own].mean() >= 1
        assert sure >= RULES.sure
    if kind == "likely mislabelled":
        assert there >= RULES.consistent
        assert sure >= RULES.sure or (gallery.labels[own] == target).any()
    assert ("cause is unknown" in row["sentence"]) == (kind == "seen elsewhere")
