"""``train.py NEW_TABLE --since RUN``: an update, published in minutes and without training."""

from __future__ import annotations

import hashlib
import shlex
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from core.artifacts import CollectionFacts, Run, RunDraft, draft_run, open_run
from core.artifacts.schema import PAINTINGS
from core.artifacts.since import Since
from core.artifacts.terms import write_terms
from core.artifacts.writer import probabilities_name
from core.collection.catalogue import build_cells
from core.collection.open import meet_vocabulary
from core.collection.reading.terms import Terms
from core.collection.reading.variants import list_labels
from core.collection.table import Collection
from core.errors import UserError
from core.fetch.collection import open_fetched
from core.findings.novelty import UNLIKE
from core.fold_codes import LEFT_OUT
from core.images.loaded import PixelLimits
from core.images.store import ImageStore, build_store
from core.progress import say
from core.reviews.exchange import load_standing
from core.reviews.fields import take_own
from core.tasks import FURTHER, Task, given_column
from core.training.accounting import account_of, write_account
from core.training.config import TrainConfig
from core.training.profiles import QUICK_LOOK
from core.training.timer import Timer
from core.update.answers import ask_model
from core.update.carry import Carried
from core.update.comparison import Comparison, compare, count_arrived, find_relabelled
from core.update.pictures import compute_fingerprints, group_pictures

_TAKEN: tuple[str, ...] = ("model.json", "model.safetensors", "backbone.onnx", "head.onnx")


def update_run(config: TrainConfig, since: Path) -> Path:
    """Publishes, beside the run ``since``, an update of it by the collection of ``config``.

    Raises ``UserError`` for another kind of labels, and where nothing of the run is left.
    """
    run, timer = open_run(since), Timer()
    with timer.measure("collection and image store"):
        collection = open_fetched(config.collection)
        _require_same_word(run, collection)
        if run.vocabulary is not None:
            former = [*run.classes("style"), *sorted(list_labels(run.paintings))]
            collection = meet_vocabulary(collection, Terms(run.vocabulary), former)
        store = build_store(
            collection,
            since.parent / "images",
            short_side=int(run.manifest.config["short_side"]),
            workers=config.workers,
            limits=PixelLimits.of(config.max_megapixels),
        )
    if config.account is not None:
        write_account(account_of(collection, store), config.account)
    return publish_update(config, run, collection, store, timer)


def publish_update(
    config: TrainConfig, run: Run, collection: Collection, store: ImageStore, timer: Timer
) -> Path:
    """The update of ``run`` by a ``collection`` whose pictures are in ``store``; its folder.

    Raises ``UserError`` where nothing of the run is left.
    """
    paintings = collection.paintings.drop(columns="image").merge(
        store.table, on="key", how="inner", validate="one_to_one"
    )
    with timer.measure("comparison"):
        found = compare(run, paintings)
        if not len(found.known):
            raise UserError(
                f"{collection.name} has no painting of {run.run_id} left",
                found=f"{len(paintings):,} others",
                remedy="Name a run on this collection with --since, or train without it.",
            )
        learned = _find_learned(run, found.before)
        copies = (found.before < 0) & _find_copies(run, paintings, found, learned)
    with timer.measure("new works"):
        fresh = ask_model(run, store, paintings["image"].iloc[found.fresh].tolist())
    scored = (found.before < 0) & ~copies
    carried = Carried(run, _take_fronts(run, paintings, found.before), found, fresh, scored)
    with timer.measure("update"):
        changed = {
            task: find_relabelled(run, paintings, found, task) for task in run.manifest.tasks
        }
        carried = carried.front_likeliest(changed["style"])
        told = _count(config, carried, copies, changed["style"])
        return _publish(config, carried, collection, store, told, changed, timer)


def _require_same_word(run: Run, collection: Collection) -> None:
    own, other = run.manifest.word.singular, collection.word.singular
    if own != other:
        raise UserError(
            f"{run.run_id} is on the {run.manifest.word.plural} of its collection",
            found=f"labels called {other}",
            expected=f"labels called {own}",
            remedy=f"Name their column as before: --label-column, with --label-word {own}.",
        )


def _find_learned(run: Run, before: np.ndarray) -> np.ndarray:
    """(N,) bool: paintings that the model learned from."""
    folds = run.paintings["fold"].to_numpy()
    return np.asarray((before >= 0) & (folds[before] != LEFT_OUT))


def _find_copies(
    run: Run, paintings: pd.DataFrame, found: Comparison, learned: np.ndarray
) -> np.ndarray:
    """(N,) bool: a picture that is, to the eye, one that was ``learned`` (N,), or one that the
    model learned from and that is no longer there.
    """
    if not len(found.fresh):
        return np.zeros(len(paintings), dtype=bool)
    were_learned = np.flatnonzero(run.paintings["fold"] != LEFT_OUT)
    lost = compute_fingerprints(run, np.setdiff1d(were_learned, found.before))
    groups = group_pictures(paintings, lost)
    now, former = groups[: len(paintings)], groups[len(paintings) :]
    return np.isin(now, np.append(now[learned], former))


def _take_fronts(run: Run, paintings: pd.DataFrame, before: np.ndarray) -> pd.DataFrame:
    """``paintings``, of several labels the one in front that the run judged, where it is there."""
    if FURTHER not in paintings:
        return paintings.assign(**{FURTHER: pd.Series(None, paintings.index, dtype="object")})
    fronts, others = paintings["given_style"].tolist(), paintings[FURTHER].tolist()
    judged = run.paintings["given_style"]
    for row in np.flatnonzero(before >= 0):
        more, front = others[row], judged.iat[before[row]]
        if isinstance(more, tuple) and front in more:
            others[row] = tuple(e for e in (fronts[row], *more) if e != front)
            fronts[row] = front
    labels = pd.Series(fronts, paintings.index, dtype="str")
    return paintings.assign(given_style=labels, **{FURTHER: pd.Series(others, paintings.index)})


def _count(
    config: TrainConfig, carried: Carried, copies: np.ndarray, relabelled: np.ndarray
) -> Since:
    run, found, paintings = carried.run, carried.found, carried.paintings
    arrived = waiting = 0
    if config.verdicts is not None:
        own = take_own(load_standing(config.verdicts).verdicts, run.manifest.word)
        arrived, waiting = count_arrived(run, paintings, found, own)
    known = paintings["given_style"].isin(run.classes("style"))
    labelled = paintings["given_style"].notna()
    earlier = int((~_find_learned(run, found.before)[found.known]).sum())
    novelty = carried.fresh.novelty[carried.scored[found.fresh]]
    return Since(
        run=run.run_id,
        known=len(found.known),
        fresh=int(carried.scored.sum()),
        rephotographed=int((found.rephotographed & carried.scored).sum()),
        copies=int(copies.sum()),
        gone=len(found.gone),
        relabelled=int(relabelled.sum()),
        arrived=arrived,
        waiting=waiting,
        unlearned=int((labelled & ~known).sum()),
        unseen=int(carried.scored.sum()) + earlier,
        unlike=int((novelty >= UNLIKE).sum()),
        advised=bool(run.manifest.config.get("second_opinion")),
    )


def _publish(
    config: TrainConfig,
    carried: Carried,
    collection: Collection,
    store: ImageStore,
    told: Since,
    changed: dict[Task, np.ndarray],
    timer: Timer,
) -> Path:
    run, created = carried.run, datetime.now(UTC)
    say("\n".join((*collection.notes, *told.describe(run.manifest.word))))
    name = config.name or run.manifest.collection.name
    slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split()) or "run"
    while (run.folder.parent / (run_id := f"{slug}-{created:%Y%m%d-%H%M%S}")).exists():
        created += timedelta(seconds=1)  # a small update takes less than one
    with draft_run(run.folder.parent, run_id) as draft:
        paintings = _save_tables(draft, carried, changed)
        _save_arrays(draft, carried)
        _take_over(draft, run)
        draft.save_csv("quarantine.csv", store.quarantine)
        draft.save_table("account.parquet", account_of(collection, store).table())
        cells = build_cells(collection.paintings, collection.catalogue, paintings["key"])
        draft.save_table("catalogue.parquet", cells)
        if run.vocabulary is not None:
            draft.save_table("vocabulary.parquet", write_terms(run.vocabulary))
        own = ["key", "content_hash", *(given_column(task) for task in run.manifest.tasks)]
        digest = hashlib.sha256(paintings[own].to_csv().encode())
        catalogue = collection.catalogue
        facts = CollectionFacts(
            name=name,
            source=collection.source,
            paintings=len(paintings),
            fingerprint=digest.hexdigest(),
            image_store=store.path.name,
            quarantined=len(store.quarantine),
            notes=(*_keep_notes(run), *collection.notes),
        )
        manifest = run.manifest.model_copy(
            update={
                "run_id": run_id,
                "created": created,
                "collection": facts,
                "command": shlex.join(["python", "train.py", *sys.argv[1:]]),
                "stages": tuple(timer.timings),
                "files": draft.files,
                "catalogue": catalogue.form if catalogue is not None else None,
                "verdicts": None,
                "family": None,
                "since": told,
            }
        )
        draft.finish(manifest)
    return run.folder.parent / run_id


def _keep_notes(run: Run) -> list[str]:
    """What is still true of the model."""
    return [note for note in run.manifest.collection.notes if note == QUICK_LOOK]


def _save_tables(
    draft: RunDraft, carried: Carried, changed: dict[Task, np.ndarray]
) -> pd.DataFrame:
    run, found = carried.run, carried.found
    fold = np.full(len(carried.paintings), LEFT_OUT)
    fold[found.known] = run.paintings["fold"].to_numpy()[found.before[found.known]]
    group = np.arange(len(carried.paintings)) + len(run)
    group[found.known] = run.paintings["group"].to_numpy()[found.before[found.known]]
    paintings = carried.paintings.assign(fold=fold, group=group)[list(PAINTINGS.columns)]
    draft.save_table("paintings.parquet", paintings)
    predictions = {task: carried.predict(task, changed[task]) for task in run.manifest.tasks}
    answers = pd.concat(predictions.values(), ignore_index=True)
    draft.save_table("predictions.parquet", answers, as_before=True)
    findings = carried.find(predictions["style"], changed["style"])
    draft.save_table("findings.parquet", findings, as_before=True)
    draft.save_table("reasons.parquet", carried.tell(predictions["style"], changed["style"]))
    draft.save_table("cases.parquet", carried.list_cases(), as_before=True)
    draft.save_table("pairs.parquet", carried.list_pairs(changed["style"]))
    return paintings


def _save_arrays(draft: RunDraft, carried: Carried) -> None:
    run, fresh = carried.run, carried.fresh
    for task in run.manifest.tasks:
        draft.save_array(probabilities_name(task), carried.spread_answers(task))
    if run.unseen is not None:
        draft.save_array("probabilities_style_unseen.npy", carried.spread(run.unseen))
    draft.save_array("embeddings.npy", carried.embed())
    draft.save_array("dynamics.npy", carried.spread(run.dynamics))
    for name, old in (("texture", run.texture), ("content", run.content)):
        if old is not None:
            draft.save_array(f"{name}.npy", carried.spread(old, fresh.layers.get(name)))
    rows, similarities = carried.find_neighbours()
    draft.save_array("neighbours.npy", rows)
    draft.save_array("similarities.npy", similarities)
    draft.save_array("map.npy", carried.place())
    if (counted := carried.count_neighbours()) is not None:
        draft.save_array("counted_neighbours.npy", counted)


def _take_over(draft: RunDraft, run: Run) -> None:
    """The model and what was measured of it."""
    for name in _TAKEN:
        shutil.copyfile(run.folder / name, draft.path_for(name))
        draft.record(name)
    draft.save_json("metrics.json", run.metrics)
    draft.save_table("style_years.parquet", run.style_years)
    draft.save_table("history.parquet", run.history)
