"""A small run, true to the schema, over squares of plain colour: for tests of what reads runs."""

from __future__ import annotations

import atexit
import hashlib
import io
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pandas as pd
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from core.artifacts import CollectionFacts, Manifest, RunDraft, StageTiming, Thresholds, draft_run
from core.artifacts.terms import write_terms
from core.collection.account import Account
from core.collection.catalogue import CatalogueForm
from core.collection.reading.vocabulary import Concept, Vocabulary
from core.findings.evidence import TaskEvidence
from core.findings.labels.losses import compute_predictions
from core.findings.labels.metrics import compute_metrics, measure_unseen
from core.findings.neighbours import find_neighbours
from core.findings.several import front_best, widen_labels
from core.label_word import STYLE, LabelWord
from core.tasks import FURTHER, TASKS, Task, given_column
from tests.synthetic_findings import COPIES, build_cases, build_findings

CLASSES: dict[Task, tuple[str, ...]] = {
    "style": ("Baroque", "Cubism", "Minimalism", "Post_Impressionism", "Symbolism"),
    "artist": ("Hilma af Klint", "Jackson Pollock", "Rembrandt"),
    "genre": ("abstract_painting", "landscape"),
}
FORM = CatalogueForm(
    file="works.csv",
    sha256="0" * 64,
    kind="text",
    encoding="cp1252",
    separator=";",
    key_column="File",
    columns={"style": "Movement", "genre": "Subject"},
)
TERMS = Vocabulary(
    (
        Concept("Baroque", ("Barock",), uri="http://vocab.example/1"),
        Concept("Cubism", ("Kubismus",), uri="http://vocab.example/2"),
        Concept("Analytical Cubism", broader=("Cubism",), uri="http://vocab.example/3"),
        Concept("Minimalism", uri="http://vocab.example/4"),
        Concept("Post-Impressionism", uri="http://vocab.example/5"),
        Concept("Symbolism", broader=("Post-Impressionism",), uri="http://vocab.example/6"),
    )
)
OTHER_ARTISTS = ("Mary Cassatt", "Pablo Picasso", "Paul Klee", "Piet Mondrian")
IMAGE_SIZE = 32
STORE = "5" * 16  # as core.images.store names one
FEATURE_CELLS = 4
FEATURES = (3, FEATURE_CELLS, FEATURE_CELLS)
EMBEDDING_WIDTH = 3 * FEATURE_CELLS**2


def build_run(
    root: Path,
    run_id: str = "synthetic-1",
    paintings: int = 60,
    seed: int = 0,
    name: str = "synthetic",
    texts: Sequence[str] = (),
    word: LabelWord = STYLE,
    family: str | None = None,
    several: int = 0,
    vocabulary: Vocabulary | None = None,
) -> Path:
    """Publishes the run ``run_id`` below ``root`` and returns its folder.

    ``texts`` stand in turn for all titles, and for some artists whom no class is learned of.
    ``word``: what the labels that it checks are called; ``family``: of runs on others. The first
    ``several`` works have a second style; ``vocabulary``: whose terms the styles
    are. Equal arguments and ``CLASSES``, equal files: they are made once a process and
    copied from then on.
    """
    told = (name, tuple(texts), word, family, several, vocabulary)
    made = _make_run(tuple(CLASSES.items()), run_id, paintings, seed, *told)
    pictures = made / "images" / STORE
    shutil.copytree(
        pictures, root / "images" / STORE, copy_function=shutil.copy, dirs_exist_ok=True
    )
    return shutil.copytree(made / run_id, root / run_id, copy_function=shutil.copy)


@cache
def _make_run(
    _classes: tuple[tuple[Task, tuple[str, ...]], ...],  # a test may change them: another run
    run_id: str,
    paintings: int,
    seed: int,
    name: str,
    texts: Sequence[str],
    word: LabelWord,
    family: str | None,
    several: int,
    vocabulary: Vocabulary | None,
) -> Path:
    """The folder below which the run and its pictures lie until this process ends."""
    root = Path(tempfile.mkdtemp(prefix="synthetic-run-"))
    atexit.register(shutil.rmtree, root)
    rng = np.random.default_rng(seed)
    table, colours = _paint(root / "images" / STORE, paintings, rng)
    if texts:
        table["title"] = np.resize(texts, paintings)
        some = np.flatnonzero(table["given_artist"].isna())[1::3]
        table.loc[some, "artist"] = np.resize(texts, len(some))
    if several:
        seconds = [_name_second(style) for style in table["given_style"][:several]]
        table[FURTHER] = pd.Series([*seconds, *[None] * (paintings - several)], dtype="object")
    with draft_run(root, run_id) as draft:
        embeddings, rows, similarities = _embed(colours, rng)
        probabilities = _draw_answers(table, rng)
        draft.save_table("paintings.parquet", table)
        broader = None if vocabulary is None else vocabulary.map_broader(CLASSES["style"])
        temperatures = _save_answers(draft, table, probabilities, broader)
        thresholds = _save_findings(
            draft, table, probabilities, embeddings, rows, colours, word, broader
        )
        if vocabulary is not None:
            draft.save_table("vocabulary.parquet", write_terms(vocabulary))
        draft.save_array("embeddings.npy", embeddings)
        draft.save_array("neighbours.npy", rows)
        draft.save_array("similarities.npy", similarities)
        draft.save_array("map.npy", rng.normal(size=(paintings, 2)))
        draft.save_array("dynamics.npy", rng.normal(size=(paintings, 5)))
        draft.save_array("texture.npy", colours)
        draft.save_array("content.npy", colours)
        draft.save_table("history.parquet", build_history())
        refused = {"key": ["x/bad.jpg"], "image": ["x/bad.jpg"], "reason": ["truncated file"]}
        draft.save_csv("quarantine.csv", pd.DataFrame(refused))
        draft.save_table("account.parquet", _account(table["key"]).table())
        draft.save_table("catalogue.parquet", build_catalogue(table))
        save_model(draft, CLASSES, rng)
        manifest = _describe(run_id, name, paintings, seed, thresholds, temperatures, draft)
        draft.finish(manifest.model_copy(update={"word": word, "family": family}))
    return root


def build_catalogue(table: pd.DataFrame) -> pd.DataFrame:
    """What a museum's table said of the paintings: terms with blanks, no artist."""
    cells = pd.DataFrame({"key_cell": table["key"]})
    for task in TASKS:
        cells[f"{task}_label"] = table[given_column(task)]
        spelled = table[given_column(task)].str.replace("_", " ") if task != "artist" else None
        cells[f"{task}_cell"] = cells[f"{task}_read"] = spelled
    return cells


def _account(keys: pd.Series) -> Account:
    account = Account()
    account.add("row", "read", "", [f"row {number + 2}" for number in range(len(keys) + 1)])
    account.add("row", "refused", "more cells than the header names", ["row 1"])
    account.add("picture", "read", "", keys)
    account.add("picture", "refused", "truncated file", ["x/bad.jpg"])
    return account


def _embed(
    colours: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Embeddings around each painting's colour, and its nearest with their similarities."""
    embeddings = rng.normal(size=(len(colours), EMBEDDING_WIDTH)) * 0.1
    embeddings += np.repeat(colours / 255, FEATURE_CELLS**2, axis=1)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    return embeddings, *find_neighbours(embeddings, k=8)


def _describe(
    run_id: str,
    name: str,
    paintings: int,
    seed: int,
    thresholds: Thresholds,
    temperatures: dict[Task, tuple[float, ...]],
    draft: RunDraft,
) -> Manifest:
    return Manifest(
        run_id=run_id,
        created=datetime.now(UTC),
        collection=CollectionFacts(
            name=name,
            source="table",
            paintings=paintings,
            fingerprint="0" * 64,
            image_store=STORE,
            quarantined=1,
            notes=("One file was left out.",),
        ),
        classes=CLASSES,
        thresholds=thresholds,
        temperatures=temperatures,
        seed=seed,
        config={"backbone": "average colour", "folds": 2, "short_side": 384},
        command="python train.py synthetic",
        image_size=IMAGE_SIZE,
        packages={"numpy": np.__version__},
        hardware={"device": "cpu"},
        stages=(StageTiming(name="fold 1", seconds=1.5),),
        files=draft.files,
        catalogue=FORM,
    )


def _paint(store: Path, count: int, rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    store.mkdir(parents=True, exist_ok=True)
    colours = rng.integers(0, 256, size=(count, 3))
    colours[COPIES[1]] = colours[COPIES[0]]
    images, hashes = [], []
    for colour in colours:
        buffer = io.BytesIO()
        width = int(rng.integers(64, 128))
        Image.new("RGB", (width, 64), tuple(int(c) for c in colour)).save(buffer, "JPEG")
        digest = hashlib.sha256(buffer.getvalue()).hexdigest()
        path = store / digest[:2] / f"{digest}.jpg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(buffer.getvalue())
        images.append(f"{digest[:2]}/{digest}.jpg")
        hashes.append(digest)
    styles = rng.choice(CLASSES["style"], count)
    artists = rng.choice(CLASSES["artist"], count).astype(object)
    artists[2::3] = np.resize(OTHER_ARTISTS, len(artists[2::3]))
    artists[0] = "Giotto"
    given_artists = artists.copy()
    given_artists[np.isin(artists, CLASSES["artist"], invert=True)] = None
    table = pd.DataFrame(
        {
            "key": [f"{style}/painting-{i}.jpg" for i, style in enumerate(styles)],
            "title": [f"Painting {i}" for i in range(count)],
            "artist": artists,
            "year": pd.array(
                [None if i % 7 == 0 else 1800 + i for i in range(count)], dtype="Int16"
            ),
            "given_style": styles,
            "further_styles": None,
            "given_artist": given_artists,
            "given_genre": [None if i % 3 == 0 else CLASSES["genre"][i % 2] for i in range(count)],
            "width": 640,
            "height": 480,
            "fold": np.arange(count) % 2,
            "group": np.where(np.isin(np.arange(count), COPIES), COPIES[0], np.arange(count)),
            "split": None,
            "image": images,
            "content_hash": hashes,
            "source_url": [f"https://museum.example/{i}?a=1&b=2" for i in range(count)],
            "rights": [None if i % 2 else "CC0 <public domain>" for i in range(count)],
        }
    )
    return table, colours


def _draw_answers(table: pd.DataFrame, rng: np.random.Generator) -> dict[Task, np.ndarray]:
    """Probabilities a task, about 7 in 10 right; the likeliest style goes to the front."""
    answers: dict[Task, np.ndarray] = {}
    for task in TASKS:
        labels = code_labels(table, task)
        logits = rng.normal(size=(len(table), len(CLASSES[task])))
        helped = (labels >= 0) & (rng.random(len(table)) < 0.7)
        logits[helped, labels[helped]] += 3
        answers[task] = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    if (further := code_further(table)) is not None:
        names = np.array(CLASSES["style"])
        fronts, further = front_best(answers["style"], code_labels(table, "style"), further)
        table["given_style"] = names[fronts]
        seconds = [tuple(names[row[row >= 0]]) or None for row in further]
        table[FURTHER] = pd.Series(seconds, dtype="object")
    return answers


def _save_answers(
    draft: RunDraft,
    table: pd.DataFrame,
    answers: dict[Task, np.ndarray],
    broader: np.ndarray | None,
) -> dict[Task, tuple[float, ...]]:
    """Saves probabilities, predictions and metrics; temperatures."""
    predictions: list[pd.DataFrame] = []
    metrics: dict[str, Any] = {}
    for task in TASKS:
        classes, labels = CLASSES[task], code_labels(table, task)
        draft.save_array(f"probabilities_{task}.npy", answers[task])
        further = code_further(table) if task == "style" else None
        if task == "style":
            further = widen_labels(labels, further, broader)
        scores = compute_predictions(answers[task], answers[task], labels, classes, further)
        predictions.append(scores.assign(row=np.arange(len(table)), task=task))
        known = labels >= 0
        shown = answers[task][known]
        metrics[task] = compute_metrics(shown, shown, labels[known], classes)
    labels, count = code_labels(table, "style"), len(CLASSES["style"])
    unseen = np.random.default_rng(7).dirichlet(np.ones(count), len(table))
    unseen[::2] += 2 * (labels[::2, None] == np.arange(count))
    unseen /= unseen.sum(axis=1, keepdims=True)
    draft.save_array("probabilities_style_unseen.npy", unseen)
    metrics["artists_unseen"] = measure_unseen(unseen, unseen, labels)
    draft.save_table("predictions.parquet", pd.concat(predictions, ignore_index=True))
    draft.save_json("metrics.json", metrics | {"artist_majority_accuracy": 0.5})
    return dict.fromkeys(TASKS, (1.0, 1.0, 1.0))


def code_labels(table: pd.DataFrame, task: Task) -> np.ndarray:
    """(N,) class indices, -1 for none."""
    return pd.Categorical(table[given_column(task)], categories=list(CLASSES[task])).codes.astype(
        int
    )


def code_further(table: pd.DataFrame) -> np.ndarray | None:
    """(N, 1) class indices of the second styles, -1 for none; None where no work has two."""
    if not table[FURTHER].notna().any():
        return None
    seconds = [each[0] if isinstance(each, tuple) else None for each in table[FURTHER]]
    codes = pd.Categorical(seconds, categories=list(CLASSES["style"])).codes
    return codes.astype(int)[:, None]


def _name_second(style: str) -> tuple[str]:
    """The class after ``style``."""
    classes = CLASSES["style"]
    return (classes[(classes.index(style) + 1) % len(classes)],)


def _save_findings(
    draft: RunDraft,
    table: pd.DataFrame,
    probabilities: dict[Task, np.ndarray],
    embeddings: np.ndarray,
    neighbours: np.ndarray,
    colours: np.ndarray,
    word: LabelWord,
    broader: np.ndarray | None,
) -> Thresholds:
    tasks = {
        task: TaskEvidence(
            CLASSES[task],
            code_labels(table, task),
            probabilities[task],
            further=code_further(table) if task == "style" else None,
            broader=broader if task == "style" else None,
        )
        for task in TASKS
    }
    findings = build_findings(table, tasks, embeddings, neighbours, colours)
    draft.save_table("findings.parquet", findings.table)
    draft.save_table("reasons.parquet", findings.reasons)
    draft.save_table("cases.parquet", build_cases(table, word))
    draft.save_table("pairs.parquet", findings.pairs)
    draft.save_table("style_years.parquet", findings.style_years)
    draft.save_array("counted_neighbours.npy", findings.counted)
    return Thresholds(loss=findings.loss_line, confidence=findings.confidence_line)


def build_history() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "fold": [0, 0, 1, 1, -1],
            "phase": "frozen",
            "epoch": [1, 2, 1, 2, 1],
            "train_loss": [2.0, 1.5, 2.1, 1.6, 1.4],
            "validation_loss": [2.1, 1.7, 2.2, 1.8, None],
            "validation_accuracy": [0.4, 0.6, 0.4, 0.5, None],
            "learning_rate": 0.001,
            "seconds": 1.0,
        }
    )


def save_model(
    draft: RunDraft, classes: dict[Task, tuple[str, ...]], rng: np.random.Generator
) -> None:
    """Graphs that really answer: features are the picture's colours in a coarse grid."""
    graphs = {"backbone.onnx": _build_backbone(), "head.onnx": _build_head(classes, rng)}
    for name, graph in graphs.items():
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
        onnx.save(model, draft.path_for(name))
        draft.record(name)
    draft.save_json("model.json", {"backbone": "average colour"})
    draft.path_for("model.safetensors").write_bytes(b"\0" * 8)
    draft.record("model.safetensors")


def _build_backbone() -> onnx.GraphProto:
    cell = [IMAGE_SIZE // FEATURE_CELLS] * 2
    nodes = [
        helper.make_node("Cast", ["image"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["float"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("AveragePool", ["planes"], ["features"], kernel_shape=cell, strides=cell),
        helper.make_node("GlobalAveragePool", ["planes"], ["means"]),
        helper.make_node("Flatten", ["means"], ["texture"]),
        helper.make_node("GlobalMaxPool", ["planes"], ["highest"]),
        helper.make_node("Flatten", ["highest"], ["content"]),
    ]
    size: list[str | int | None] = ["B", IMAGE_SIZE, IMAGE_SIZE, 3]
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, size)
    outputs = [_floats("features", *FEATURES), _floats("texture", 3), _floats("content", 3)]
    return helper.make_graph(nodes, "backbone", [image], outputs)


def _build_head(classes: dict[Task, tuple[str, ...]], rng: np.random.Generator) -> onnx.GraphProto:
    weights, nodes, outputs = [], [helper.make_node("Flatten", ["features"], ["flat"])], []
    for task in TASKS:
        width = len(classes[task])
        matrix = rng.normal(size=(EMBEDDING_WIDTH, width)).astype(np.float32) / 1000
        weights.append(numpy_helper.from_array(matrix, f"w_{task}"))
        nodes.append(helper.make_node("MatMul", ["flat", f"w_{task}"], [f"logits_{task}"]))
        outputs.append(_floats(f"logits_{task}", width))
    nodes.append(helper.make_node("LpNormalization", ["flat"], ["embedding"], axis=1, p=2))
    outputs.append(_floats("embedding", EMBEDDING_WIDTH))
    return helper.make_graph(nodes, "head", [_floats("features", *FEATURES)], outputs, weights)


def _floats(name: str, *shape: int) -> onnx.ValueInfoProto:
    """An input or output of a graph, (B, ...) float32."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["B", *shape])
