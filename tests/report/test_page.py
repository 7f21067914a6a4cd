"""The report says what the run says, and no more; nothing in it runs or loads."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.artifacts import ArtifactBroken, Run, open_run
from core.findings.labels.reasons import tell_rows
from core.label_word import name_labels
from core.report.page import build_report
from core.report.paintings import MOST, find_telling
from core.reviews.log import build_table
from core.reviews.progress import ENOUGH
from core.reviews.remaining import estimate_left
from core.text import class_name, percent_exact
from core.version import NAME
from tests.report.reading import Report, read_report
from tests.reviews.conftest import say
from tests.synthetic_run import build_run

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></article><h1>Mine</h1>",
    "javascript:alert(1)",
    "{style} & {a_style}",
)
TAGS = frozenset(
    (
        *("html", "head", "meta", "title", "style", "body", "section", "article", "div"),
        *("h1", "h2", "h3", "p", "b", "ul", "li", "a", "img"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    )
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(build_run(tmp_path_factory.mktemp("artifacts")))


def judge(run: Run, wrong: int, right: int) -> pd.DataFrame:
    """Verdicts on the most suspicious labels of ``run``: first the wrong ones."""
    rows = run.findings["score"].dropna().sort_values(ascending=False).index[: wrong + right]
    keys = run.paintings["key"][rows]
    said = ["wrong"] * wrong + ["right"] * right
    return build_table(say(key, verdict) for key, verdict in zip(keys, said, strict=True))


def read(run: Run, standing: pd.DataFrame | None = None) -> Report:
    return read_report(build_report(run, build_table(()) if standing is None else standing))


def test_the_collection_is_counted_as_it_is(run: Run) -> None:
    report = read(run)
    assert "60 paintings by 8 artists in 5 styles" in report.text
    counts = run.paintings["given_style"].value_counts()
    for style, number in counts.items():
        assert [class_name(str(style)), f"{number:,}"] in report.rows
    assert ["1 row", "refused", "more cells than the header names", "row 1"] in report.rows
    assert ["1 picture", "refused", "truncated file", "x/bad.jpg"] in report.rows
    assert not any("read" in row for row in report.rows)  # it was not left out
    assert run.run_id in report.text
    assert NAME in report.text
    assert f"{run.manifest.created:%B %Y, %H:%M}" in report.text


def test_the_models_figures_are_those_of_the_run(run: Run) -> None:
    report = read(run)
    shares = {row[0]: row[1] for row in report.rows if len(row) == 3}
    metrics = run.metrics
    told = {
        "Artist only, no picture": metrics["artist_majority_accuracy"],
        "The model, ordinary folds": metrics["style"]["accuracy"],
        "A plain model, unseen artists": metrics["artists_unseen"]["accuracy"],
    }
    for name, share in told.items():
        assert shares[name] == percent_exact(share).replace("\N{NO-BREAK SPACE}", " ")
    assert "The model, unseen artists" not in shares  # this run did not hold artists out
    error = percent_exact(metrics["style"]["calibration"]["after"]["calibration_error"])
    assert f"Calibration error: {error}".replace("\N{NO-BREAK SPACE}", " ") in report.text
    assert f"Macro F1: {metrics['genre']['macro_f1']:.2f}" in report.text


def test_doubts_are_counted_and_cases_keep_their_sentences(run: Run) -> None:
    report = read(run)
    for name, number in run.findings["quadrant"].value_counts().items():
        assert [class_name(str(name)), f"{number:,}"] in [row[:2] for row in report.rows]
    told = run.cases[~run.cases["type"].isin(["as expected", "too few to say", "no works"])]
    assert "not proven" in set(told["type"])
    for sentence in told["sentence"]:
        assert " ".join(sentence.replace("\N{NO-BREAK SPACE}", " ").split()) in report.text
    assert "no works in this collection" not in report.text


def test_the_most_telling_paintings_stand_with_picture_and_reasons(run: Run) -> None:
    rows, report = find_telling(run), read(run)
    assert 0 < len(rows) <= MOST
    suggested = run.findings["suggested"].iloc[rows]
    assert (suggested.to_numpy() != run.paintings["given_style"].iloc[rows].to_numpy()).all()
    pictures = report.collect("img", "src")
    assert len(pictures) == len(rows)
    for row, picture, told in zip(rows, pictures, tell_rows(run, rows), strict=True):
        data = base64.b64decode(picture.removeprefix("data:image/jpeg;base64,"), validate=True)
        shown = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).mean(axis=(0, 1))
        stored = np.asarray(run.load_image(int(row))).mean(axis=(0, 1))
        assert np.abs(shown - stored).max() < 3
        for line in (run.paintings["title"][row], *told.against, *told.favour):
            assert " ".join(line.replace("\N{NO-BREAK SPACE}", " ").split()) in report.text
    proposed = [f"Proposed by all evidence: {class_name(name)}" for name in suggested]
    assert sorted(report.text.count(each) for each in set(proposed)) == sorted(
        proposed.count(each) for each in set(proposed)
    )


def test_a_run_without_verdicts_says_so(run: Run) -> None:
    report = read(run)
    assert "No verdicts yet." in report.text
    assert "may be left" not in report.text
    elsewhere = build_table([say("gone/nowhere.jpg", "wrong")])
    assert "No verdicts yet." in read(run, elsewhere).text  # of no painting here


def test_few_verdicts_make_no_share(run: Run) -> None:
    text = read(run, judge(run, 2, ENOUGH - 3)).text
    assert f"{ENOUGH - 1} paintings judged by 1 reviewer" in text
    assert f"{ENOUGH - 1} were judged right or wrong, and it takes {ENOUGH}." in text
    assert "judged were wrong" not in text
    assert "may be left" not in text


def test_enough_verdicts_tell_how_many_were_wrong_and_may_be_left(run: Run) -> None:
    standing = judge(run, 10, 20)
    text = read(run, standing).text
    assert "10 of 30 labels judged were wrong (33 %; 95 % interval 19 % to 51 %)" in text
    paintings = run.paintings[["key"]].assign(
        given=run.paintings["given_style"],
        predicted=run.predictions("style")["predicted"],
        score=run.findings["score"],
    )
    left = estimate_left(paintings, standing)
    told = f"{left.expected:,.0f} ({left.low:,.0f} to {left.high:,.0f})"
    assert f"may be left among those not judged: {told}." in text
    assert "No label has been judged by two reviewers yet." in text


def test_two_reviewers_are_compared_and_nobody_is_named(run: Run) -> None:
    keys = run.paintings["key"][:4]
    both = [say(key, "right", who) for key in keys[:3] for who in ("Ada", "Bo")]
    both += [say(keys[3], "right", "Ada"), say(keys[3], "wrong", "Bo")]
    text = read(run, build_table(both)).text
    assert "4 paintings judged by 2 reviewers" in text
    assert "Agreement beyond chance (Krippendorff's alpha): 0.00." in text
    assert "Ada" not in text


def test_hostile_texts_are_text(tmp_path: Path) -> None:
    odd = open_run(build_run(tmp_path, name="</title><script>x</script>", texts=HOSTILE))
    report = read(odd)
    assert {tag for tag, _ in report.tags} <= TAGS
    assert not any(name.startswith("on") for _, given in report.tags for name in given)
    assert len(report.collect("img", "src")) == len(find_telling(odd))
    for title in odd.paintings["title"].iloc[find_telling(odd)]:
        assert title in report.text
    assert "alert" not in report.style


def test_nothing_is_loaded_and_links_lead_to_the_web(run: Run) -> None:
    report = read(run)
    assert all(each.startswith("data:image/jpeg;base64,") for each in report.collect("img", "src"))
    links = report.collect("a", "href")
    assert links
    assert all(each.startswith("https://museum.example/") for each in links)
    assert not {"script", "link", "iframe", "form"} & {tag for tag, _ in report.tags}
    assert "url(" not in report.style
    assert any("default-src 'none'" in each for each in report.collect("meta", "content"))


def test_no_painting_is_cut_by_a_page_break(run: Run) -> None:
    report = read(run)
    assert sum(tag == "article" for tag, _ in report.tags) == len(find_telling(run))
    assert "article { break-inside: avoid" in report.style


def test_equal_runs_and_verdicts_make_equal_bytes(run: Run) -> None:
    standing = judge(run, 10, 20)
    again = Run(run.folder, run.manifest)
    assert build_report(run, standing) == build_report(again, standing)


def test_a_run_on_schools_does_not_say_style(tmp_path: Path) -> None:
    schools = open_run(build_run(tmp_path, word=name_labels("school")))
    for standing in (build_table(()), judge(schools, 10, 20)):
        report = read(schools, standing)
        assert "60 paintings by 8 artists in 5 schools" in report.text
        assert "style" not in report.text.lower()


def test_what_the_run_lacks_is_not_said(run: Run) -> None:
    files = {name: facts for name, facts in run.manifest.files.items() if name != "account.parquet"}
    old = Run(run.folder, run.manifest.model_copy(update={"files": files}))
    metrics = {name: of for name, of in run.metrics.items() if name != "artists_unseen"}
    vars(old)["metrics"] = metrics
    report = read(old)
    assert "plain model" not in report.text
    assert "1 picture refused." in report.text


def test_a_picture_that_is_gone_is_named(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path))
    path = run.picture(int(find_telling(run)[0])).path
    path.unlink()
    with pytest.raises(ArtifactBroken, match=path.name):
        build_report(run, build_table(()))


def test_attributions_are_counted_by_what_is_said_of_them(run: Run) -> None:
    text = build_report(run, build_table(())).decode()
    told = run.findings["attribution"].value_counts()
    assert "<h3>Attributions</h3>" in text
    assert len(told)
    for state, number in told.items():
        assert f'<td>{str(state).capitalize()}</td><td class="number">{number}</td>' in text
    assert text.count("Attribution in doubt, ") == min(told.get("in doubt", 0), 5)
    assert "No paintings are assigned to anybody." in text
