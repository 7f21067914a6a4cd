"""Builds a synthetic run of all of WikiArt, or of a million paintings, that follows the schema.

    python -m bench.full_scale_run artifacts [--rows 81444] [--labels folder] [--pictures folder]

Keys, artists, years, styles, genres and splits are the official label files'. Answers are drawn: a
painting lies near its style and its artist in a space of 48 dimensions, the model's answer is
noisy, some labels are wrong; findings are then computed as in training. Pictures are WikiArt
thumbnails of the same style, each shown by many rows. Rows beyond the number of labels repeat them,
with the same answers and slightly shifted positions and scores.
"""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import softmax

from bench.findings_scale import view_fold
from core.artifacts import CollectionFacts, Manifest, RunDraft, Thresholds, draft_run
from core.artifacts.reasons import take_reasons
from core.collection.sources.wikiart_labels import paintings_from_lists
from core.findings.compute import Findings, compute_findings
from core.findings.evidence import Evidence, TaskEvidence
from core.findings.labels.losses import compute_predictions
from core.findings.labels.metrics import compute_metrics
from core.findings.neighbours import find_neighbours
from core.tasks import TASKS, Task, given_column
from tests.synthetic_run import EMBEDDING_WIDTH, IMAGE_SIZE, build_history, save_model

SHARED: Final = Path(__file__).resolve().parents[2] / "shared"
FOLDS, NEIGHBOURS, EPOCHS, THUMBNAIL = 5, 20, 10, 32
ARTISTS: Final = 23  # that are learned, as in the official files
TEXTURE: Final = 3  # figures of texture a painting, as the synthetic graph gives
WRONG: Final = 0.04  # share of labels that are not what the picture shows
STORE: Final = "f" * 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("artifacts", type=Path)
    parser.add_argument("--rows", type=int, default=81_444)
    parser.add_argument("--labels", type=Path, default=SHARED / "wikiart-labels")
    parser.add_argument("--pictures", type=Path, default=SHARED / "wikiart-mini")
    options = parser.parse_args()
    folder = build_full_scale(options.artifacts, options.rows, options.labels, options.pictures)
    print(f"{folder}: {options.rows:,} paintings")


def build_full_scale(root: Path, rows: int, labels: Path, pictures: Path) -> Path:
    """Publishes the run ``full-scale-<rows>`` below ``root`` and returns its folder."""
    rng = np.random.default_rng(0)
    base = list_paintings(labels, rows, rng)
    seen = simulate_answers(base, rng)
    neighbours, similarities = find_neighbours(seen.embeddings, NEIGHBOURS)
    findings = compute_findings(gather_evidence(base, seen, neighbours, rng))
    repeat = np.arange(rows) % len(base)
    with draft_run(root, f"full-scale-{rows}") as draft:
        draft.save_table("paintings.parquet", repeat_paintings(base, repeat, root, pictures))
        save_answers(draft, seen, repeat)
        save_findings(draft, findings, repeat)
        draft.save_array("embeddings.npy", seen.embeddings[repeat])
        draft.save_array("neighbours.npy", neighbours[repeat])
        draft.save_array("similarities.npy", similarities[repeat])
        draft.save_array("map.npy", shift(seen.places[repeat], len(base), rng))
        draft.save_array("dynamics.npy", rng.normal(size=(rows, EPOCHS)).astype(np.float16))
        draft.save_array("texture.npy", rng.normal(size=(rows, TEXTURE)).astype(np.float16))
        draft.save_table("history.parquet", build_history())
        draft.save_csv("quarantine.csv", pd.DataFrame(columns=["key", "image", "reason"]))
        save_model(draft, seen.classes, rng)
        draft.finish(describe_run(draft, rows, seen.classes, findings))
    return root / f"full-scale-{rows}"


def list_paintings(labels: Path, rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """The listed paintings, at most ``rows``, with what a run knows of each except its picture."""
    listed = paintings_from_lists(labels).iloc[:rows].reset_index(drop=True)
    common = listed["given_artist"].value_counts().index[:ARTISTS]
    return listed.assign(
        given_artist=listed["given_artist"].where(listed["given_artist"].isin(common)),
        further_styles=None,
        width=1000,
        height=800,
        fold=rng.integers(FOLDS, size=len(listed)),
        group=np.arange(len(listed)),
    )


@dataclass(frozen=True)
class Seen:
    """A model's simulated answers: ``probabilities`` (N, K) and ``labels`` (N,)
    by task, ``embeddings`` (N, D), ``places`` (N, 2) on the map.
    """

    classes: dict[Task, tuple[str, ...]]
    labels: dict[Task, np.ndarray]
    probabilities: dict[Task, np.ndarray]
    embeddings: np.ndarray
    places: np.ndarray


def simulate_answers(base: pd.DataFrame, rng: np.random.Generator) -> Seen:
    """Places the paintings around their styles and artists, and answers from where they lie."""
    classes = {task: tuple(sorted(base[given_column(task)].dropna().unique())) for task in TASKS}
    labels = {
        task: pd.Categorical(base[given_column(task)], categories=classes[task]).codes.astype(int)
        for task in TASKS
    }
    style = labels["style"].copy()
    wrong = rng.random(len(base)) < WRONG
    style[wrong] = rng.integers(len(classes["style"]), size=int(wrong.sum()))
    centres = rng.normal(size=(len(classes["style"]), EMBEDDING_WIDTH))
    artists, _ = pd.factorize(base["artist"])
    artist_centres = 0.7 * rng.normal(size=(artists.max() + 2, EMBEDDING_WIDTH))
    embeddings = centres[style] + artist_centres[artists]
    embeddings += 0.8 * rng.normal(size=embeddings.shape)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    answers = {
        task: answer(embeddings, style if task == "style" else labels[task], classes[task], rng)
        for task in TASKS
    }
    return Seen(
        classes, labels, answers, embeddings.astype(np.float32), draw_map(style, artists, rng)
    )


def answer(
    embeddings: np.ndarray, shown: np.ndarray, classes: tuple[str, ...], rng: np.random.Generator
) -> np.ndarray:
    """(N, K) float32 probabilities: by likeness to the mean of each class, not quite certain."""
    means = np.array([embeddings[shown == place].mean(axis=0) for place in range(len(classes))])
    logits = 9 * embeddings @ means.T + 0.9 * rng.gumbel(size=(len(embeddings), len(classes)))
    return softmax(logits, axis=1).astype(np.float32)


def draw_map(style: np.ndarray, artists: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(N, 2): clusters of artists within their styles, as in a projection."""
    turn = np.arange(style.max() + 1) * np.pi * (3 - np.sqrt(5))
    reach = np.sqrt(np.arange(style.max() + 1) + 0.5) * 2.2
    seas = np.column_stack([reach * np.cos(turn), reach * np.sin(turn)])
    islands = 1.5 * rng.normal(size=(artists.max() + 2, 2))
    return seas[style] + islands[artists] + 0.45 * rng.standard_t(4, size=(len(style), 2))


def gather_evidence(
    base: pd.DataFrame, seen: Seen, neighbours: np.ndarray, rng: np.random.Generator
) -> Evidence:
    """All that findings are computed from; every hundredth painting is a copy of the next one."""
    tasks = {
        task: TaskEvidence(seen.classes[task], seen.labels[task], seen.probabilities[task])
        for task in TASKS
    }
    duplicates = np.arange(len(base))
    duplicates[:-1:100] += 1
    held_out = ((base["fold"] == fold).to_numpy() for fold in range(FOLDS))
    return Evidence(
        base[["key", "artist", "year"]],
        tasks,
        duplicates,
        tuple(view_fold(seen.embeddings, rows) for rows in held_out),
        seen.embeddings,
        neighbours,
        rng.integers(0, 256, (len(base), THUMBNAIL, THUMBNAIL, 3), dtype=np.uint8),
        rng.normal(size=(len(base), EPOCHS)),
    )


def repeat_paintings(
    base: pd.DataFrame, repeat: np.ndarray, root: Path, pictures: Path
) -> pd.DataFrame:
    """The run's paintings, each with a key of its own and a picture of its style."""
    table = base.iloc[repeat].reset_index(drop=True)
    lap = np.arange(len(table)) // len(base)
    table["key"] = table["key"].where(lap == 0, table["key"] + "#" + pd.Series(lap).astype("str"))
    table["group"] = np.arange(len(table))
    stored = store_pictures(root / "images" / STORE, pictures)
    hashes = np.empty(len(table), dtype=object)
    for style, rows in table.groupby("given_style").indices.items():
        hashes[rows] = np.resize(stored.get(str(style), stored[""]), len(rows))
    table["content_hash"] = hashes
    table["image"] = table["content_hash"].str[:2] + "/" + table["content_hash"] + ".jpg"
    return table


def store_pictures(store: Path, pictures: Path) -> dict[str, list[str]]:
    """Hashes of the stored pictures by style, and of all under ``""``."""
    by_style: dict[str, list[str]] = {"": []}
    for path in sorted(pictures.glob("*/*.jpg")):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        target = store / digest[:2] / f"{digest}.jpg"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        by_style.setdefault(path.parent.name, []).append(digest)
        by_style[""].append(digest)
    if not by_style[""]:
        raise SystemExit(f"No pictures Style/*.jpg in {pictures}: name others with --pictures")
    return by_style


def save_answers(draft: RunDraft, seen: Seen, repeat: np.ndarray) -> None:
    predictions: list[pd.DataFrame] = []
    metrics: dict[str, Any] = {}
    for task in TASKS:
        answers, labels = seen.probabilities[task], seen.labels[task]
        draft.save_array(f"probabilities_{task}.npy", answers[repeat])
        scores = compute_predictions(answers, answers, labels, seen.classes[task])
        repeated = scores.iloc[repeat].reset_index(drop=True)
        predictions.append(repeated.assign(row=np.arange(len(repeat)), task=task))
        known = labels >= 0
        metrics[task] = compute_metrics(
            answers[known], answers[known], labels[known], seen.classes[task]
        )
    draft.save_table("predictions.parquet", pd.concat(predictions, ignore_index=True))
    draft.save_json("metrics.json", metrics | {"artist_majority_accuracy": 0.81})


def save_findings(draft: RunDraft, findings: Findings, repeat: np.ndarray) -> None:
    draft.save_table("findings.parquet", findings.table.iloc[repeat].reset_index(drop=True))
    draft.save_table("reasons.parquet", take_reasons(findings.reasons, repeat))
    draft.save_table("cases.parquet", findings.cases)
    draft.save_table("pairs.parquet", findings.pairs)
    draft.save_table("style_years.parquet", findings.style_years)


def shift(places: np.ndarray, base: int, rng: np.random.Generator) -> np.ndarray:
    """(N, 2) float32: repeated paintings lie beside the first, not on it."""
    repeated = (np.arange(len(places)) >= base)[:, None]
    return (places + repeated * 0.25 * rng.normal(size=places.shape)).astype(np.float32)


def describe_run(
    draft: RunDraft, rows: int, classes: dict[Task, tuple[str, ...]], findings: Findings
) -> Manifest:
    return Manifest(
        run_id=f"full-scale-{rows}",
        created=datetime.now(UTC),
        collection=CollectionFacts(
            name=f"WikiArt at {rows:,}",
            source="drawn",
            paintings=rows,
            fingerprint="0" * 64,
            image_store=STORE,
            quarantined=0,
            notes=("Labels are WikiArt's; answers and places are drawn, not learned.",),
        ),
        classes=classes,
        thresholds=Thresholds(loss=findings.loss_line, confidence=findings.confidence_line),
        temperatures=dict.fromkeys(TASKS, (1.0,) * FOLDS),
        seed=0,
        config={"backbone": "none", "folds": FOLDS},
        command=f"python -m bench.full_scale_run artifacts --rows {rows}",
        image_size=IMAGE_SIZE,
        packages={"numpy": np.__version__},
        hardware={"device": "none"},
        stages=(),
        files=draft.files,
    )


if __name__ == "__main__":
    main()
