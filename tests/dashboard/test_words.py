"""How things read."""

import pandas as pd
import pytest

from core.tasks import Task
from dashboard import words


def plain(text: str) -> str:
    return text.replace(words.NBSP, " ")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Post_Impressionism", "Post-Impressionism"),
        ("Naive_Art_Primitivism", "Naïve Art (Primitivism)"),
        ("abstract_painting", "Abstract painting"),
        ("Abstract_Expressionism", "Abstract Expressionism"),
        ("Ukiyo_e", "Ukiyo-e"),
        ("Hilma af Klint", "Hilma af Klint"),
    ],
)
def test_class_names_read_as_a_museum_writes_them(name: str, shown: str) -> None:
    assert words.class_name(name) == shown


def test_a_disagreement_is_one_sentence() -> None:
    painting = {"given": "Symbolism", "predicted": "Minimalism", "confidence": 0.973}
    sentence = plain(words.verdict_sentence(painting))
    assert sentence == "Labelled Symbolism; the model sees Minimalism, 97 % sure"


def test_agreement_missing_label_and_missing_score_are_said() -> None:
    agrees = {"given": "Cubism", "predicted": "Cubism", "confidence": 0.5}
    assert plain(words.verdict_sentence(agrees)) == "Labelled Cubism; the model agrees, 50 % sure"
    unlabelled = {"given": None, "predicted": "Cubism", "confidence": 0.5}
    assert plain(words.verdict_sentence(unlabelled)).startswith("No style label; the model sees")
    unscored = {"given": "Cubism", "predicted": float("nan"), "confidence": float("nan")}
    assert words.model_clause(unscored) == "not judged in this run"
    assert words.verdict_sentence(unscored) == "Labelled Cubism; not judged in this run"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "0 %"), (0.001, "under 1 %"), (0.5, "50 %"), (0.9999, "over 99 %"), (1, "100 %")],
)
def test_almost_all_is_not_all(share: float, shown: str) -> None:
    assert plain(words.percent(share)) == shown


def test_missing_title_artist_and_year_have_words() -> None:
    painting = {"title": None, "artist": float("nan"), "year": pd.NA}
    assert words.picture_text(painting) == "Untitled, Unknown artist"


def test_a_term_carries_its_meaning_escaped() -> None:
    html = words.term_html("loss", "<loss>")
    assert html.startswith('<abbr title="How badly')
    assert html.endswith("&lt;loss&gt;</abbr>")


@pytest.mark.parametrize(
    ("seconds", "shown"), [(1.54, "1.5 s"), (95, "1 min 35 s"), (7265, "2 h 1 min")]
)
def test_durations(seconds: float, shown: str) -> None:
    assert plain(words.duration(seconds)) == shown


def test_counts_agree_in_number() -> None:
    assert plain(words.count(1, "painting")) == "1 painting"
    assert plain(words.count(3066, "painting")) == "3,066 paintings"


def test_a_title_is_no_markdown() -> None:
    assert words.plain("![x](https://t/p.png) *A*") == (r"\!\[x\]\(https\://t/p\.png\) \*A\*")


def test_each_task_is_answered_in_its_own_words() -> None:
    asked: dict[Task, str] = {"style": "Pop_Art", "artist": "Paul Klee", "genre": "portrait"}
    said = [words.answer_sentence(task, name, 0.5) for task, name in asked.items()]
    assert [plain(sentence) for sentence in said] == [
        "The model sees Pop Art: 50 %",
        "The closest artist it knows is Paul Klee: 50 %",
        "The genre it sees is Portrait: 50 %",
    ]


def test_years_before_christ_are_said() -> None:
    painting = {"title": None, "artist": None, "year": -300}
    assert words.painting_byline(painting) == "Unknown artist, 300\u00a0BCE"


@pytest.mark.parametrize(
    ("cosine", "text"),
    [(0.823, "similarity .82"), (1.0, "similarity 1.00"), (0.996, "similarity 1.00")],
)
def test_a_similarity_is_no_percentage(cosine: float, text: str) -> None:
    assert words.similarity_text(cosine) == text
