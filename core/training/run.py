"""A training run from a collection to a published run: the stages, in order."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from core.collection.table import require_labels
from core.collection.wording import count_of
from core.errors import UserError
from core.fetch.collection import open_fetched
from core.findings.copies.duplicates import find_by_sight
from core.findings.neighbours import even_out, find_neighbours
from core.images.loaded import PixelLimits
from core.images.store import build_store
from core.label_word import LabelWord
from core.progress import say, stage
from core.projection import compute_map
from core.training.accounting import account_of, write_account
from core.training.config import TrainConfig
from core.training.disk import explain_full_disk
from core.training.evidence import find_all, look_at_thumbnails
from core.training.folds import Answers, Trainer
from core.training.frozen import compute_frozen
from core.training.labels import Labels
from core.training.model import ModelSpec, PaintingModel, build_model
from core.training.opinions import Adviser, hear
from core.training.plain import PlainAnswers, ask_plain
from core.training.processes import Processes
from core.training.profiles import QUICK_LOOK, go_on
from core.training.publish import (
    PUBLISHED_PIECE,
    Lesson,
    Looks,
    find_published,
    publish_run,
)
from core.training.seeds import derive_seed
from core.training.several import front_names
from core.training.subject import Subject, build_subject, describe_copies, join_copies
from core.training.texture import compute_layer
from core.training.timer import Timer
from core.training.trust import trust_labels
from core.training.unseen import ask_unseen
from core.training.work import WorkFolder


@dataclass(frozen=True)
class Learned:
    """``subject`` with its folds as they were learned, the published ``model``, what the folds'
    models say, the witness that knows no artist, and plain models beside the folds'. ``layout``
    (N, C): the features that --map-features names; None for the published model's embeddings.
    """

    subject: Subject
    model: PaintingModel
    answers: Answers
    unseen: PlainAnswers | None
    plain: PlainAnswers
    layout: np.ndarray | None


def train_run(
    config: TrainConfig, family: WorkFolder | None = None, processes: Processes | None = None
) -> Path | None:
    """Trains on the collection that ``config`` names and returns the published run's folder.

    ``family``: the folder of runs on the same pictures, which keeps what the frozen layers say.
    ``processes``: those that train all of the family; they are not ended here.

    A killed run goes on when called again. None in processes beside the main one. Raises
    ``UserError`` for anything a user can mend.
    """
    timer, processes = Timer(), processes or Processes(config.device)
    with explain_full_disk("what is being written", config.artifacts):
        config, subject = processes.on_main(lambda: _prepare(config, processes, timer))
        identity = config.identity() | {"paintings": subject.fingerprint}
        work = WorkFolder(config.artifacts, identity)
        try:
            _take(work, processes, family)
            frozen = work if family is None else family.part({"pictures": subject.pictures})
            return _finish(config, subject, work, frozen, processes, timer, family is None)
        finally:
            work.let_go()


def _finish(
    config: TrainConfig,
    subject: Subject,
    work: WorkFolder,
    frozen: WorkFolder,
    processes: Processes,
    timer: Timer,
    is_last: bool,
) -> Path | None:
    """Everything that ``work`` does not hold yet, up to the published run.

    ``frozen`` holds the activations of the frozen layers. ``is_last``: no other field follows.
    """
    folder = processes.on_main(lambda: find_published(config.artifacts, work))
    if folder is None:
        learned = _learn(config, subject, work, frozen, processes, timer)
    hardware = processes.describe_hardware()  # before the map's library changes the threads
    if is_last:
        processes.end()
    if not processes.is_main:
        return None
    if folder is None:
        answers, unseen = learned.answers, learned.unseen
        for note in answers.notes:
            say(note)
        names = front_names(subject.paintings, answers.labels)
        subject = replace(learned.subject, paintings=names, labels=answers.labels)
        layout = answers.embeddings if learned.layout is None else even_out(learned.layout)
        looks = _look(config, layout, work, timer, subject.collection.word)
        with timer.measure("findings"):
            findings = find_all(
                config, subject, answers, unseen, learned.plain, looks.neighbours, frozen
            )
        settled = replace(config, maps=learned.model.spec.maps)
        lesson = Lesson(settled, subject, answers, unseen, looks, findings, hardware)
        folder = publish_run(lesson, learned.model, timer.timings, work)
        if config.profile == "quick" and not config.tuning_epochs:
            command = shlex.join(["python", "train.py", *go_on(sys.argv[1:])])
            say(f"{QUICK_LOOK} From the pictures stored now:\n    {command}")
    work.remove(last=PUBLISHED_PIECE)
    return folder


def _prepare(
    config: TrainConfig, processes: Processes, timer: Timer
) -> tuple[TrainConfig, Subject]:
    """The settings with nothing left open, and what they are to be trained on."""
    Adviser.list_from(config.second_opinion)  # names nobody knows are said before all else
    with timer.measure("collection and image store"):
        collection = open_fetched(config.collection)
        require_labels(collection.paintings, where=collection.name, word=collection.word)
        store = build_store(
            collection,
            config.artifacts / "images",
            short_side=config.short_side,
            workers=config.workers,
            limits=PixelLimits.of(config.max_megapixels),
        )
    if config.account is not None:
        write_account(account_of(collection, store), config.account)
    asked, has_gpu = config, processes.device.type == "cuda"
    config = config.resolve(
        has_gpu=has_gpu,
        paintings=len(collection.paintings),
        is_demo=collection.source == "demo",
    )
    if note := config.describe_size(asked):
        say(note)
    with timer.measure("folds"):
        subject = build_subject(config, collection, store)
    _announce(config, subject, processes)
    return config, subject


def _take(work: WorkFolder, processes: Processes, family: WorkFolder | None) -> None:
    """The main process holds the work folder, and all see it."""

    def take() -> None:
        work.take()
        if note := work.describe_others(family):
            say(note)

    processes.on_main(take)
    if not all(processes.gather(work.is_taken)):
        raise UserError(
            f"{work.path.parent} is not the same folder for all processes",
            remedy="Name a folder that all machines share with --artifacts.",
        )


def _learn(
    config: TrainConfig,
    subject: Subject,
    work: WorkFolder,
    frozen: WorkFolder,
    processes: Processes,
    timer: Timer,
) -> Learned:
    """Everything that the network and its frozen layers say."""
    spec = describe_model(config, subject.labels)
    model = build_model(
        spec,
        pretrained=config.pretrained,
        weights=config.weights,
        drop_path=config.drop_path or 0.0,
    )
    if config.compile:
        model.stem.compile()
    with timer.measure("frozen activations"):
        images = subject.paintings["image"].tolist()
        seen = compute_frozen(config, model, subject.store, images, frozen, processes)
    with timer.measure("copies by sight"):
        pooled = compute_layer(nn.Identity(), seen.features, processes)
        kinds = [pooled[:, : model.tail.heads.of_last], seen.moments]
        subject = processes.on_main(lambda: _join_copies(config, subject, kinds[0], frozen))
    advisers = Adviser.list_from(config.second_opinion)
    opinions = []
    if advisers:
        with timer.measure("second opinions"):
            for each in advisers:
                opinions.append(each.compute_features(subject.store, images, frozen, processes))
    with timer.measure("artists unseen"):
        unseen = processes.on_main(lambda: _ask_unseen(config, subject, [*kinds, *opinions], work))
        plain = processes.on_main(lambda: _ask_plain(subject, kinds[1:], work, "plain"))
        said = processes.on_main(
            lambda: [
                _ask_plain(subject, [features], work, f"opinion-{adviser.backbone}")
                for adviser, features in zip(advisers, opinions, strict=True)
            ]
        )
    with timer.measure("training"):
        trainer = Trainer(config, model, subject.labels, subject.groups, seen, work, processes)
        scores = trainer.score_folds(subject.fold)
        if advisers:
            scores = hear(scores, advisers, said, subject.fold)
        trust = processes.on_main(lambda: trust_labels(subject, scores, unseen, plain))
        answers = trainer.publish(scores, trust)
    heard = dict(zip((each.backbone for each in advisers), opinions, strict=True))
    return Learned(subject, model, answers, unseen, plain, heard.get(str(config.map_features)))


def _join_copies(
    config: TrainConfig, subject: Subject, features: np.ndarray, frozen: WorkFolder
) -> Subject:
    """``subject`` with the copies that its pictures' frozen ``features`` (N, C) tell, joined."""
    if (piece := frozen.load("copies")) is None:
        thumbnails = look_at_thumbnails(config, subject, frozen)
        with stage("Copies by sight", len(features)) as progress:
            pairs = find_by_sight(features, thumbnails, subject.hash_groups, progress.advance)
        piece = {"pairs": torch.from_numpy(pairs)}
        frozen.save("copies", piece)
    pairs = piece["pairs"].numpy()
    if len(pairs):
        say(f"Copies by sight alone, cropped or framed: {count_of(len(pairs), 'pair')}.")
    return join_copies(config, subject, pairs)


def _ask_unseen(
    config: TrainConfig, subject: Subject, kinds: list[np.ndarray], work: WorkFolder
) -> PlainAnswers | None:
    """What frozen features ``kinds`` say of each painting, its artist's works left out.

    Nothing where the artists are what is checked.
    """
    if subject.collection.of_artists:
        return None
    if (kept := _load_kept(work, "unseen")) is not None:
        return kept
    with stage("Artists unseen", len(subject.paintings)) as progress:
        unseen = ask_unseen(
            kinds,
            subject.labels.indices["style"],
            subject.hands,
            len(subject.labels.classes["style"]),
            derive_seed(config.seed, "unseen") % 2**32,
            subject.labels.weights.get("style"),
            subject.labels.further.get("style"),
        )
        progress.advance(len(subject.paintings))
    if unseen is not None:
        _keep(work, "unseen", unseen)
    return unseen


def _ask_plain(
    subject: Subject, kinds: list[np.ndarray], work: WorkFolder, name: str
) -> PlainAnswers:
    """What frozen features ``kinds`` say of each painting, in the folds of the network."""
    if (kept := _load_kept(work, name)) is not None:
        return kept
    with stage("Plain models", len(subject.paintings)) as progress:
        plain = ask_plain(
            kinds,
            subject.labels.indices["style"],
            subject.fold,
            len(subject.labels.classes["style"]),
            subject.labels.weights.get("style"),
            subject.labels.further.get("style"),
        )
        progress.advance(len(subject.paintings))
    _keep(work, name, plain)
    return plain


def _load_kept(work: WorkFolder, name: str) -> PlainAnswers | None:
    if (piece := work.load(name)) is None:
        return None
    return PlainAnswers(**{field: tensor.numpy() for field, tensor in piece.items()})


def _keep(work: WorkFolder, name: str, answers: PlainAnswers) -> None:
    work.save(name, {key: torch.from_numpy(each) for key, each in vars(answers).items()})


def _announce(config: TrainConfig, subject: Subject, processes: Processes) -> None:
    word = subject.collection.word
    classes = ", ".join(word.count(len(c), task) for task, c in subject.labels.classes.items())
    hardware = processes.describe_hardware()
    lines = [
        *subject.collection.notes,
        *(subject.corrections.describe() if subject.corrections else ()),
        *(each.describe() for each in subject.store.account.entries if each.fate != "read"),
        f"{len(subject.paintings):,} paintings, {len(subject.store.quarantine):,} refused; "
        f"{classes}.",
        *describe_copies(subject.duplicates),
        f"The {config.profile} profile on {hardware['device']}: {config.backbone} at "
        f"{config.image_size} px, {config.folds} folds.",
    ]
    say("\n".join(lines))


def describe_model(config: TrainConfig, labels: Labels) -> ModelSpec:
    """The model that ``config``, resolved, wants for ``labels``."""
    reads_columns = config.style_head == "sequence"
    return ModelSpec(
        backbone=str(config.backbone),
        image_size=int(config.image_size or 0),
        trainable_blocks=config.trainable_blocks or 0,
        columns=config.columns,
        style_head=config.style_head,
        dropout=config.dropout,
        classes=labels.classes,
        maps=config.maps if reads_columns else "last",
    )


def _look(
    config: TrainConfig, layout: np.ndarray, work: WorkFolder, timer: Timer, word: LabelWord
) -> Looks:
    """Neighbours and map, by unit rows ``layout`` (N, D) of one network."""
    if (piece := work.load("looks")) is not None:
        return Looks(**{name: tensor.numpy() for name, tensor in piece.items()})
    count = len(layout)
    with timer.measure("neighbours"), stage("Neighbours", count) as progress:
        neighbours, similarities = find_neighbours(layout, config.neighbours, progress.advance)
    named = f"{word.singular} map"
    with timer.measure(named), stage(f"{word.capital} map", count) as progress:
        seed = derive_seed(config.seed, "map") % 2**31
        positions = compute_map(layout, neighbours, similarities, seed)
        progress.advance(count)
    looks = Looks(neighbours, similarities, positions)
    work.save("looks", {name: torch.from_numpy(array) for name, array in vars(looks).items()})
    return looks
