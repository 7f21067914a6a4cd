"""From what was learned to the findings: the trainer's side of ``core.findings``."""

from __future__ import annotations

import numpy as np

from core.findings.compute import Findings, compute_findings
from core.findings.evidence import Evidence, Hands, TaskEvidence
from core.images.thumbnails import save_thumbnails
from core.progress import stage
from core.tasks import Task, given_column
from core.training.config import TrainConfig
from core.training.disk import explain_full_disk
from core.training.folds import Answers, Scores
from core.training.plain import PlainAnswers
from core.training.subject import Subject
from core.training.work import WorkFolder


def find_all(
    config: TrainConfig,
    subject: Subject,
    answers: Answers,
    unseen: PlainAnswers | None,
    plain: PlainAnswers,
    neighbours: np.ndarray,
    frozen: WorkFolder,
) -> Findings:
    """Every finding of the run; ``neighbours`` (N, k) of the run.

    ``unseen``: the witness that never saw the artist, where there is one; ``plain``: plain models
    in the same folds as the network.
    """
    evidence = Evidence(
        paintings=subject.paintings[["key", "year"]].assign(artist=subject.artists),
        tasks={
            task: gather_task(subject, answers, task)
            for task in subject.labels.classes
            if task != "artist"
        },
        duplicates=subject.duplicates,
        folds=answers.views,
        embeddings=answers.embeddings,
        neighbours=neighbours,
        thumbnails=look_at_thumbnails(config, subject, frozen),
        dynamics=answers.dynamics,
        unseen=None if unseen is None else unseen.probabilities,
        plain=plain.probabilities,
        texture=answers.texture,
        content=answers.content,
        watched=() if subject.collection.of_artists else config.watch,
        word=subject.collection.word,
        hash_groups=subject.hash_groups,
        by_sight=subject.by_sight,
        hands=gather_hands(subject, answers),
    )
    with stage("Findings", int((subject.fold >= 0).sum())) as progress:
        return compute_findings(evidence, on_rows=progress.advance)


def gather_hands(subject: Subject, answers: Scores) -> Hands | None:
    """What the folds say of the artists, if those were learned: beside the styles, or as them."""
    task: Task = "style" if subject.collection.of_artists else "artist"
    if task not in subject.labels.classes or subject.labels.further.get(task) is not None:
        return None
    printed, answered = name_artists(subject, task), gather_task(subject, answers, task)
    return Hands(printed, answered, are_labels=subject.collection.of_artists)


def name_artists(subject: Subject, task: Task) -> np.ndarray:
    """(N,) object: the artist of each work as the collection prints it, or as verdicts named it.

    None where verdicts changed the label of a run on artists, whose works show the printed name.
    """
    artists = subject.paintings["artist"].to_numpy(dtype=object, copy=True)
    if subject.corrections is not None:
        rows = subject.corrections.find_relabelled(task)
        named = subject.paintings["given_artist"].to_numpy(dtype=object)
        artists[rows] = named[rows] if task == "artist" else None
    return artists


def look_at_thumbnails(config: TrainConfig, subject: Subject, frozen: WorkFolder) -> np.ndarray:
    """(N, 64, 64, 3) uint8 of all paintings, a file of ``frozen``: pictures are decoded once."""
    path = frozen.path / "thumbnails.npy"
    if not path.exists():
        images = subject.paintings["image"].tolist()
        with (
            explain_full_disk("the thumbnails", frozen.path),
            stage("Thumbnails", len(images)) as progress,
        ):
            save_thumbnails(path, subject.store, images, config.workers, progress.advance)
    thumbnails: np.ndarray = np.load(path, mmap_mode="r")
    return thumbnails


def gather_task(subject: Subject, answers: Scores, task: Task) -> TaskEvidence:
    """The folds' answers to ``task``, those on labels that no fold can judge left out: they would
    all rank as errors.
    """
    given = subject.labels.indices[task]
    unjudged = (given >= 0) & (answers.judged[task] < 0)
    return TaskEvidence(
        classes=subject.labels.classes[task],
        labels=given,
        probabilities=np.where(unjudged[:, None], 0, answers.probabilities[task]),
        given=subject.paintings[given_column(task)].to_numpy(dtype=object),
        further=subject.labels.further.get(task),
        broader=subject.find_broader(task),
    )
