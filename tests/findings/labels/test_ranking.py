"""What the ranking score is worth, and what it falls back on."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import UserError
from core.findings.labels.losses import compute_losses
from core.findings.labels.ranking import (
    Ranking,
    RankingSettings,
    choose_witness,
    compute_ranking,
    doubt_oeuvres,
    pool_answers,
    read_pictures,
    weigh_oeuvres,
)
from core.findings.oeuvre.other_works import tally_oeuvre

ALONE = np.arange


def rank(
    probabilities: np.ndarray,
    labels: np.ndarray,
    artists: np.ndarray | None = None,
    years: np.ndarray | None = None,
    settings: RankingSettings = RankingSettings(),  # noqa: B008
    unseen: np.ndarray | None = None,
) -> Ranking:
    count, classes = probabilities.shape
    artists = np.full(count, -1) if artists is None else artists
    witness = choose_witness(probabilities, unseen)
    oeuvre = tally_oeuvre(labels, pool_answers(probabilities, witness), artists, ALONE(count))
    odds = np.zeros((count, classes)) if years is None else years
    return compute_ranking(
        *(probabilities, labels, artists, ALONE(count), oeuvre, odds),
        settings=settings,
        witness=witness,
    )


def draw(count: int = 300, classes: int = 5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.full(classes, 0.4), count), rng.integers(classes, size=count)


def test_without_artist_and_year_the_order_is_that_of_the_loss() -> None:
    probabilities, labels = draw()
    score = rank(probabilities, labels).score
    order = np.argsort(compute_losses(probabilities, labels), kind="stable")
    assert (np.diff(score[order]) >= -1e-12).all()


def test_the_score_is_a_share_and_missing_where_nothing_was_asked() -> None:
    probabilities, labels = draw()
    labels[:3], probabilities[3:6] = -1, 0
    artists = np.random.default_rng(1).integers(30, size=len(labels))
    score = rank(probabilities, labels, artists).score
    assert np.isnan(score[:6]).all()
    assert ((score[6:] >= 0) & (score[6:] <= 1)).all()


def test_other_works_of_the_artist_clear_or_accuse_a_label() -> None:
    probabilities = np.full((20, 2), 0.5)
    artists = np.repeat([0, 1], 10)
    labels = np.array([0, *[1] * 9, *[0] * 10])
    score = rank(probabilities, labels, artists).score
    assert score[0] > 0.8 > 0.2 > score[10]


def test_an_oeuvre_that_is_all_filed_wrongly_does_not_vouch_for_itself() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(4), 50)
    probabilities = np.full((200, 4), 0.1)
    probabilities[np.arange(200), labels] = 0.7
    artists = rng.permutation(200) // 8
    artists[:8] = 25
    labels[:8] = 2
    score = rank(probabilities, labels, artists).score
    assert np.median(score[:8]) > np.quantile(score[8:], 0.95)
    never = RankingSettings(correlation=1e6)  # no oeuvre is evidence against its own labels
    sound = rank(probabilities, labels, artists, settings=never).score
    assert np.median(sound[:8]) < np.median(score[:8])


def test_a_hand_that_was_learned_does_not_clear_its_own_labels() -> None:
    """Ordinary folds agree with an oeuvre's wrong labels; who never saw the artist does not."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(4), 50)
    unseen = np.full((200, 4), 0.1)
    unseen[np.arange(200), labels] = 0.7
    artists = rng.permutation(200) // 8
    artists[:8] = 25
    labels[:8] = 2
    learned = np.full((200, 4), 0.1)
    learned[np.arange(200), labels] = 0.7
    assert rank(learned, labels, artists, unseen=unseen).score[:8].min() > 0.5
    assert rank(learned, labels, artists).score[:8].max() < 0.5


def test_a_painting_that_the_unseen_did_not_judge_is_left_to_the_ordinary_folds() -> None:
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8]])
    unseen = np.array([[0.4, 0.6], [0.0, 0.0]])
    witness = choose_witness(probabilities, unseen)
    np.testing.assert_array_equal(witness, [[0.4, 0.6], [0.2, 0.8]])
    np.testing.assert_array_equal(choose_witness(probabilities, None), probabilities)


def test_both_models_must_find_a_style_likely() -> None:
    ordinary = np.array([[0.98, 0.01, 0.01], [0.5, 0.5, 0.0], [0.0, 0.0, 0.0]])
    witness = np.array([[0.01, 0.5, 0.49], [0.5, 0.5, 0.0], [0.2, 0.3, 0.5]])
    pooled = pool_answers(ordinary, witness)
    np.testing.assert_allclose(pooled[:2].sum(axis=1), 1)
    assert pooled[0].argmax() == 0
    assert pooled[0, 0] < 0.7
    np.testing.assert_allclose(pooled[1], [0.5, 0.5, 0.0], atol=2e-3)
    assert (pooled[2] == 0).all()


def test_no_oeuvre_counts_against_its_labels_as_more_than_five_works() -> None:
    """Eighty works, all a little unlike their label, say no more than a handful would."""
    labels = np.repeat([0, 1, 2, 1], [20, 60, 100, 80])
    artists = np.concatenate([np.arange(180) // 5, np.full(80, 36)])
    probabilities = np.where(np.eye(3)[labels] > 0, 0.6, 0.2)
    probabilities[-80:] = [0.42, 0.38, 0.2]
    judged = np.ones(260, dtype=bool)
    asked = (probabilities, labels, judged, artists, ALONE(260))
    assert weigh_oeuvres(*asked)[-1] < 1
    assert weigh_oeuvres(*asked, RankingSettings(correlation=0))[-1] > 4


def test_a_style_of_twenty_other_works_is_no_rarer_than_the_one_of_two_hundred() -> None:
    """A phase of a long career is no error; a single work beside it still stands alone."""
    labels = np.repeat([0, 1, 2, 0, 1, 2], [100, 279, 299, 200, 21, 1])  # 300 of each style
    artists = np.concatenate([np.arange(678) // 9, np.full(222, 100)])
    probabilities = np.full((len(labels), 3), 1 / 3)
    ranking = rank(probabilities, labels, artists)
    phase, alone = ranking.oeuvre_labels[-2], ranking.oeuvre_labels[-1]
    assert phase[1] == pytest.approx(phase[0], abs=0.2)
    assert alone[2] < alone[0] - 2
    unbounded = rank(probabilities, labels, artists, settings=RankingSettings(established=np.inf))
    assert unbounded.oeuvre_labels[-2][1] < unbounded.oeuvre_labels[-2][0] - 1


def test_a_style_that_is_always_mistaken_does_not_accuse_its_painters() -> None:
    """All works of style 1 are seen as 0: then this is usual, and no oeuvre stands out."""
    labels = np.repeat([0, 1], 100)
    probabilities = np.tile([0.8, 0.2], (200, 1))
    artists = np.concatenate([np.arange(100) // 10, 10 + np.arange(100) // 10])
    judged = np.ones(200, dtype=bool)
    evidence = weigh_oeuvres(probabilities, labels, judged, artists, ALONE(200))
    assert doubt_oeuvres(evidence, artists)[labels == 1].max() < 0.25


def test_copies_of_one_picture_do_not_make_an_oeuvre() -> None:
    probabilities = np.tile([0.9, 0.1], (40, 1))
    labels = np.zeros(40, dtype=int)
    labels[:4] = 1
    artists = np.repeat(np.arange(10), 4)
    judged = np.ones(40, dtype=bool)
    one_picture = np.array([0, 0, 0, 0, *range(4, 40)])
    evidence = weigh_oeuvres(probabilities, labels, judged, artists, ALONE(40))
    assert doubt_oeuvres(evidence, artists)[0] > 0.5
    evidence = weigh_oeuvres(probabilities, labels, judged, artists, one_picture)
    assert np.isnan(evidence[:4]).all()
    assert (doubt_oeuvres(evidence, artists)[:4] == 0).all()


def test_one_wrong_label_among_right_ones_does_not_doubt_the_others_away() -> None:
    """Of two works one is filed wrongly: its own oeuvre still speaks against it."""
    labels = np.repeat([0, 1], 40)
    probabilities = np.where(np.eye(2)[labels] > 0, 0.9, 0.1)
    artists = np.arange(80) // 2
    labels[0] = 1
    judged = np.ones(80, dtype=bool)
    evidence = weigh_oeuvres(probabilities, labels, judged, artists, ALONE(80))
    assert evidence[0] <= 0  # the other work is labelled as it is seen
    assert evidence[1] > 1
    assert doubt_oeuvres(evidence, artists)[0] == 0


def test_copies_of_a_painting_are_not_its_artists_other_works() -> None:
    labels = np.repeat([0, 1], 40)
    probabilities = np.where(np.eye(2)[labels] > 0, 0.99, 0.01)
    artists, pictures = np.arange(80) // 4, ALONE(80)
    labels[:3] = 1
    pictures[1:3] = pictures[0]
    judged = np.ones(80, dtype=bool)
    evidence = weigh_oeuvres(probabilities, labels, judged, artists, pictures)
    assert np.ptp(evidence[:3]) == 0
    assert evidence[0] <= 0
    assert evidence[3] > 1


def test_a_lone_work_has_no_oeuvre_to_doubt() -> None:
    probabilities, labels = draw(10)
    assert (rank(probabilities, labels, np.arange(10)).oeuvre_doubt == 0).all()


def test_the_year_moves_the_score() -> None:
    probabilities, labels = np.full((2, 2), 0.5), np.array([0, 0])
    odds = np.array([[0.0, 0.0], [-2.0, 2.0]])
    score = rank(probabilities, labels, years=odds).score
    assert score[1] > score[0] == pytest.approx(0.5)


def test_shares_of_all_witnesses_sum_to_one() -> None:
    probabilities, labels = draw()
    ranking = rank(probabilities, labels, np.random.default_rng(1).integers(30, size=len(labels)))
    np.testing.assert_allclose(ranking.combined.sum(axis=1), 1)
    own = ranking.combined[np.arange(len(labels)), labels]
    np.testing.assert_allclose(ranking.score, 1 - own, atol=1e-12)


def test_a_setting_below_zero_is_refused() -> None:
    with pytest.raises(UserError, match="correlation"):
        RankingSettings(correlation=-1)


def test_the_picture_is_read_by_both_models_where_both_judge() -> None:
    shown, plain = draw(seed=1)[0], draw(seed=2)[0]
    shown[0], plain[1] = 0, 0
    read = read_pictures(shown, plain)
    assert (read[0] == 0).all()
    np.testing.assert_allclose(read[1], shown[1])
    np.testing.assert_allclose(read[2:], (shown[2:] + plain[2:]) / 2)
    np.testing.assert_allclose(read[1:].sum(axis=1), 1)
    assert read_pictures(shown, None) is shown
