"""What is said is so: sentences from random tables, each checked against its columns."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.sentences import Witness, check_reasons, is_so
from core.artifacts import Run, open_run
from core.artifacts.reasons import Reason
from core.findings.appearance import APPEARANCES
from core.findings.cases.artists import Gallery, find_artist_cases, find_away
from core.findings.cases.kinds import CaseSettings
from core.findings.labels.reasons import WRITERS, write_reason
from core.findings.labels.weighing import FACTS, weigh_reasons
from core.findings.novelty import UNUSUAL
from core.findings.oeuvre.other_works import count_fellows
from core.text import NBSP, percent
from tests.reading_reasons import read_reasons
from tests.synthetic_run import build_run

STYLES = ("Baroque", "Cubism", "Minimalism", "Realism")
RULES = CaseSettings()


def drop(is_missing: np.ndarray, values: np.ndarray) -> np.ndarray:
    """``values`` with None where they are missing."""
    kept = values.astype(object)
    kept[is_missing] = None
    return kept


def draw_facts(rng: np.random.Generator, count: int) -> pd.DataFrame:
    """Facts on ``count`` paintings, as contradictory as chance makes them."""
    some = rng.random((len(FACTS), count)) < 0.3
    columns = dict(zip(FACTS, some, strict=True))
    years = rng.integers(1600, 1990, (8, count)).astype(float)
    years[:, rng.random(count) < 0.2] = np.nan
    facts = pd.DataFrame(
        {
            "given": drop(columns["given"], rng.choice(STYLES, count)),
            "predicted": drop(columns["predicted"], rng.choice(STYLES, count)),
            "suggested": rng.choice(STYLES, count),
            "confidence": rng.random(count),
            "artist": "Hilma af Klint",
            "year": years[0],
            **{name: rng.normal(0, 2, count) for name in FACTS if name.startswith("weight_")},
            "oeuvre_works": rng.integers(0, 9, count),
            "oeuvre_given": rng.integers(0, 5, count),
            "oeuvre_suggested": rng.integers(0, 5, count),
            "oeuvre_doubt": rng.random(count),
            "given_from": np.minimum(years[1], years[2]),
            "given_to": np.maximum(years[1], years[2]),
            "suggested_from": np.minimum(years[3], years[4]),
            "suggested_to": np.maximum(years[3], years[4]),
            "given_dated": rng.random(count),
            "suggested_dated": rng.random(count),
            "neighbour_given": rng.random(count),
            "neighbour_suggested": rng.random(count),
            "neighbour_artists": rng.integers(0, 20, count),
            "fellows": rng.integers(0, 8, count),
            "guess": 0.25,
            "further": drop(rng.random(count) < 0.7, _pair_chances(rng, count)),
            "missing_label": drop(columns["missing_label"], rng.choice(STYLES, count)),
            "depth": drop(columns["depth"], rng.choice(["broader", "narrower"], count)),
            "copy_labels": drop(~columns["copy_labels"], rng.choice(STYLES, count)),
            "filed_twice": columns["filed_twice"],
            "novelty": rng.normal(0.5, 0.6, count),
            "medium": rng.choice(np.array([*APPEARANCES, None], dtype=object), count),
            "suspected_by": rng.choice(["both", "neither", "not known"], count),
            "was_accepted": columns["was_accepted"],
        }
    )
    for name, (begins, ends) in (("given", years[5:7]), ("suggested", years[[7, 1]])):
        facts[f"{name}_begins"] = np.minimum(begins, ends)
        facts[f"{name}_ends"] = np.maximum(begins, ends)
        outside = np.minimum(facts["year"] - facts[f"{name}_begins"], 0)
        outside += np.maximum(facts["year"] - facts[f"{name}_ends"], 0)
        facts[f"anachronism_{name}"] = np.nan_to_num(outside)
    facts["fellows_away"] = rng.integers(0, facts["fellows"].to_numpy() + 1)
    return facts


def _pair_chances(rng: np.random.Generator, count: int) -> np.ndarray:
    """(count,) object: one other label a painting, with its chance."""
    pairs = np.empty(count, dtype=object)
    for place, chance in enumerate(rng.random(count)):
        pairs[place] = ((str(rng.choice(STYLES)), float(chance)),)
    return pairs


def check_reason(reason: Reason, row: pd.Series) -> None:
    """The sentence says what stands in the painting's columns, and may be said by its rule."""
    text = write_reason(reason.kind, reason.values).replace("\u00a0", " ")
    year = None if np.isnan(row["year"]) else int(row["year"])
    match reason.kind:
        case "answer":
            is_labelled, is_answered = (isinstance(row[n], str) for n in ("given", "predicted"))
            agrees = is_labelled and row["given"] == row["predicted"]
            assert ("the model agrees" in text) == agrees
            assert (f"Labelled {row['given']}" in text) == is_labelled
            assert (f"{share(row['confidence'])} sure" in text) == is_answered
            assert (f"the model sees {row['predicted']}" in text) == (is_answered and not agrees)
        case "further":
            ((label, chance),) = row["further"]
            fits = chance >= row["guess"]
            assert text.startswith(f"Also labelled {label}, {'to which' if fits else 'which fits'}")
            assert share(chance) in text
        case "missing":
            assert text.startswith("Another style may be missing")
            assert f"{share(row['confidence'])} sure of {row['missing_label']}" in text
        case "depth":
            assert f"{row['predicted']} is a {row['depth']} term of the style given" in text
        case "oeuvre":
            check_oeuvre(text, row)
        case "oeuvre elsewhere":
            assert row["fellows"] >= 3
            assert row["fellows_away"] > row["fellows"] / 2
            assert row["oeuvre_doubt"] >= 0.5
            assert f"{row['fellows']} other works labelled {row['given']}" in text
            assert f" {row['fellows_away']} are seen in other styles" in text
        case "outside years":
            which = "given" if row["anachronism_given"] else "suggested"
            begins, ends = row[f"{which}_begins"], row[f"{which}_ends"]
            is_early = row["year"] < begins
            assert is_early or row["year"] > ends
            told = f"begins in {begins:.0f}" if is_early else f"ends in {ends:.0f}"
            assert text.startswith(
                f"Painted {year}; a few works aside, the {row[which]} here {told}"
            )
            assert f"({share(row[f'{which}_dated'])} of" in text
            assert reason.is_against == (which == "given")
        case "period":
            assert min(row["given_dated"], row["suggested_dated"]) >= 0.5
            assert text.startswith(
                f"A larger share of the {row['suggested']} works here than of the {row['given']} "
                f"works was painted around {year} ({share(row['suggested_dated'])} and "
                f"{share(row['given_dated'])} of"
            )
            assert row["weight_years"] > 0
        case "phase apart":
            span = tell_span(row["given_from"], row["given_to"])
            told = f"works here date from {span}, this from {year}."
            assert text == f"The artist's {row['given']} {told}"
            assert not row["given_from"] - 5 <= row["year"] <= row["given_to"] + 5
        case "phase":
            assert row["given_from"] - 5 <= row["year"] <= row["given_to"] + 5
            assert not row["suggested_from"] - 5 <= row["year"] <= row["suggested_to"] + 5
            span = tell_span(row["suggested_from"], row["suggested_to"])
            assert f"works from {span}." in text
        case "neighbours":
            apart = row["neighbour_suggested"] - row["neighbour_given"]
            assert reason.is_against == (apart > 0)
            assert f"by {row['neighbour_artists']} artist" in text
            assert f"{share(row['neighbour_given'])} are labelled {row['given']} and" in text
            assert f"and {share(row['neighbour_suggested'])} {row['suggested']}." in text
        case "copy":
            assert text == f"A copy of the same picture is labelled {row['copy_labels']}."
        case "filed twice":
            assert row["filed_twice"]
        case "novelty":
            assert row["novelty"] >= 1
            assert f"novelty {row['novelty']:.2f}" in text
        case "dynamics":
            assert row["suspected_by"] == "both"
            assert not row["was_accepted"]
        case "medium":
            assert row["medium"] not in (None, "in colour")
            assert str(row["medium"]) in text.casefold()
        case unknown:
            pytest.fail(f"no check of {unknown}")


def tell_span(first: float, last: float) -> str:
    return f"{first:.0f} to {last:.0f}" if first < last else f"{first:.0f}"


def share(value: float) -> str:
    """As sentences write it, with ordinary spaces."""
    return percent(value).replace(NBSP, " ")


def check_oeuvre(text: str, row: pd.Series) -> None:
    """How many of the artist's other works carry the label, and how many the suggested one."""
    works, given, suggested = (row[f"oeuvre_{name}"] for name in ("works", "given", "suggested"))
    other = suggested if row["suggested"] != row["given"] else 0
    if works == 1:
        carried = row["given"] if given else row["suggested"] if other else None
        assert text.endswith(f"is labelled {carried}." if carried else "."), text
        assert carried or "labelled neither " in text or "labelled otherwise" in text
        return
    counts = {0: "None of the", works: "All"}
    assert text.startswith(f"{counts.get(given, f'{given} of the')} {works} other works by ")
    assert f"labelled {row['given']}" in text
    if row["suggested"] != row["given"]:
        told = {0: "none is", 1: "1 is", works: f"all {works} are"}.get(
            suggested, f"{suggested} are"
        )
        assert text.endswith(f"; {told} {row['suggested']}.")


def test_every_kind_of_reason_is_checked_and_drawn() -> None:
    facts = draw_facts(np.random.default_rng(0), 4_000)
    told = read_reasons(weigh_reasons(facts), np.arange(len(facts)))
    assert {reason.kind for reasons in told for reason in reasons} == set(WRITERS)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_is_said_of_a_painting_stands_in_its_columns(seed: int) -> None:
    facts = draw_facts(np.random.default_rng(seed), 60)
    told = read_reasons(weigh_reasons(facts), np.arange(len(facts)))
    for (_, row), reasons in zip(facts.iterrows(), told, strict=True):
        assert reasons[0].kind == "answer"
        for reason in reasons:
            check_reason(reason, row)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_fellows_are_counted_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels, artists = rng.integers(-1, 3, 40), rng.integers(-1, 5, 40)
    duplicates = rng.integers(0, 30, 40)
    away = find_away(rng.dirichlet(np.ones(3), 40) * (rng.random((40, 1)) < 0.8), labels)
    counts = count_fellows(away, labels, artists, duplicates)
    expected = np.zeros_like(counts)
    for row, other in itertools.permutations(range(40), 2):
        by_one = artists[row] == artists[other] >= 0 and duplicates[row] != duplicates[other]
        if by_one and labels[row] == labels[other] >= 0 and not np.isnan(away[other]):
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
        rng.normal(0.1, 0.05, count) + np.where(rng.random(60) < 0.2, 1.2, 0)[artists],
        rng.uniform(1600, 1990, 60)[artists] + rng.integers(0, 9, count),
        np.arange(count),
    )
    years = pd.DataFrame({"begins": [1600.0, 1907, 1959, 1850]})
    watched = tuple(f"Painter {code}" for code in range(60))
    is_tested = np.bincount(artists)[artists] >= RULES.min_works
    known = np.where(is_tested, gallery.novelty, np.nan)
    for row in find_artist_cases(gallery, years, watched).to_dict("records"):
        if not np.isnan(row["observed"]):
            check_case(row, gallery, years)
            check_novelty(row, known, artists, gallery.names == row["subject"])


def check_novelty(row: dict, known: np.ndarray, artists: np.ndarray, own: np.ndarray) -> None:
    """Beyond three quartile ranges of the artists' means where the row says so."""
    means = pd.Series(known).groupby(artists).mean().dropna()
    first, third = means.quantile([0.25, 0.75])
    fence = max(third + 3 * (third - first), UNUSUAL)
    assert (row["novelty"] >= 1) == (known[own].mean() >= fence)
    is_told = row["type"] == "no frame of reference"
    assert ("unlike the works of others" in row["sentence"]) == is_told
    assert not is_told or row["novelty"] >= 1


def check_case(row: dict, gallery: Gallery, years: pd.DataFrame) -> None:
    own = gallery.names == row["subject"]
    tops = gallery.seen.argmax(axis=1)
    away = own & (tops != gallery.labels)
    target = STYLES.index(row["predicted"])
    there = (away & (tops == target)).sum() / own.sum()
    if row["type"] == "label arguable":
        check_ahead(row, gallery, years)
    else:
        assert row["works"] == own.sum()
        assert np.isclose(row["observed"], away.sum() / own.sum())
    others = f"{row['artists']} other artist" if row["artists"] else "no other artist"
    assert others in row["sentence"]
    is_apart = row["shift_low"] > 0 and row["shift"] >= RULES.min_shift
    is_finding = row["q_value"] <= RULES.rate and is_apart
    if row["type"] == "no frame of reference":
        is_finding = is_apart
    if row["type"] != "mixed oeuvre":
        assert (row["type"] == "not proven") == (is_apart and not is_finding)
        assert (row["type"] == "as expected") == (not is_apart and not is_finding)
    assert ("Not proven" in row["sentence"]) == (row["type"] == "not proven")
    if not is_finding:
        return
    sure = gallery.seen[away].max(axis=1).mean()
    early = years["begins"][target] - np.median(gallery.years[away & (tops == target)])
    kind = row["type"]
    if kind == "label arguable":
        assert RULES.years_before <= early <= RULES.years_most
        assert row["observed"] >= RULES.consistent
    if kind == "no frame of reference":
        assert sure >= RULES.sure
    if kind == "likely mislabelled":
        assert there >= RULES.consistent
        assert sure >= RULES.sure or (gallery.labels[own] == target).any()
    assert ("cause is unknown" in row["sentence"]) == (kind == "seen elsewhere")


def check_ahead(row: dict, gallery: Gallery, years: pd.DataFrame) -> None:
    """Of the works that have a later style, how many it is likelier for than the label."""
    ahead = years["begins"].to_numpy() - gallery.years[:, None]
    later = (RULES.years_before <= ahead) & (ahead <= RULES.years_most) & ~gallery.marked
    is_own, can_ask = gallery.names == row["subject"], later.any(axis=1)
    asked = is_own & can_ask
    same = can_ask & ~is_own & np.isin(gallery.labels, gallery.labels[asked])
    assert row["artists"] == len(np.unique(gallery.artists[same]))
    label = np.take_along_axis(gallery.seen, gallery.labels[:, None], axis=1)[:, 0]
    found = np.where(later, gallery.seen, 0).max(axis=1)[asked] > label[asked]
    assert row["works"] == asked.sum()
    assert np.isclose(row["observed"], found.mean())
    assert f"likelier than the label for {percent(found.mean())};" in row["sentence"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(build_run(tmp_path_factory.mktemp("artifacts"), paintings=120))


def test_the_sentences_of_a_run_are_borne_out_by_its_files(run: Run) -> None:
    counts, untrue = check_reasons(run)
    assert not untrue
    assert set(counts) >= {"answer", "oeuvre", "period", "phase", "phase apart", "neighbours"}


def test_a_sentence_with_another_value_is_not_borne_out(run: Run) -> None:
    """Whichever value of whichever sentence is another."""
    witness = Witness(run)
    for row, reasons in enumerate(run.read_reasons(np.arange(len(run)))):
        for reason in reasons:
            for name, value in reason.values.items():
                other = "Nobody" if isinstance(value, str) else value + 100
                changed = reason._replace(values=reason.values | {name: other})
                assert not is_so(changed, row, witness), changed
