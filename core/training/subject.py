"""The subject of a run: the readable paintings, their labels, and their folds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.collection.reading.attribution import find_makers
from core.collection.reading.vocabulary import Vocabulary
from core.collection.table import COLUMNS, Collection
from core.collection.wording import count_of, list_some
from core.errors import UserError
from core.findings.copies.duplicates import find_twins
from core.fold_codes import NOT_SCORED
from core.images.fingerprints import group_near_duplicates
from core.images.store import ImageStore
from core.label_word import STYLE, LabelWord
from core.reviews.corrections import Corrections, plan_corrections
from core.reviews.exchange import load_standing
from core.reviews.fields import note_other_fields, take_own
from core.splits import assign_official, build_groups, join_groups
from core.tasks import FURTHER, Task
from core.training.config import TrainConfig
from core.training.labels import Labels, build_labels
from core.training.parting import Parts, split_into_folds


@dataclass(frozen=True)
class Subject:
    """``paintings`` joins the collection's table and the store's, one row a readable painting.

    ``duplicates`` and ``groups`` (N,) int64: copies of one picture; paintings that must share a
    fold. ``hands`` (N,) int64: groups that hold an artist's works together, too.
    ``fold`` (N,) int8: the fold that scores a painting, -1 for none. ``hash_groups`` (N,) int64:
    the copies that the perceptual hash finds; ``by_sight`` (P, 2) int64: rows of others, which
    ``join_copies`` joins. ``corrections``: what curators' verdicts changed; the labels of
    ``paintings`` are the corrected ones.
    """

    collection: Collection
    store: ImageStore
    paintings: pd.DataFrame
    labels: Labels
    duplicates: np.ndarray
    groups: np.ndarray
    hands: np.ndarray
    fold: np.ndarray
    hash_groups: np.ndarray
    by_sight: np.ndarray
    corrections: Corrections | None = None

    @property
    def artists(self) -> pd.Series:
        """(N,) who painted each work, as evidence on its label: nobody where that is the artist."""
        artists = self.paintings["artist"]
        if self.collection.of_artists:
            return pd.Series(None, index=artists.index, dtype="str")
        return artists

    def find_broader(self, task: Task) -> np.ndarray | None:
        """(K, K) bool, which classes of ``task`` are broader terms; None without a vocabulary."""
        vocabulary = self.collection.vocabulary
        if task != "style" or vocabulary is None:
            return None
        return vocabulary.map_broader(self.labels.classes[task])

    @property
    def pictures(self) -> str:
        """sha256 over the pictures, in the order of ``paintings``."""
        hashes = "\n".join(self.paintings["content_hash"])
        return hashlib.sha256(hashes.encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        """sha256 over keys, pictures, labels and their vocabulary: with the config, all that a run
        depends on.
        """
        beside = {"image", "source_url", "rights"}  # of which nothing is learned
        columns = ["content_hash", *(column for column in COLUMNS if column not in beside)]
        table = self.paintings[columns]
        if FURTHER in self.paintings:  # in any order
            first, others = self.paintings["given_style"], self.paintings[FURTHER]
            every = [
                str(sorted([one, *several])) if isinstance(several, tuple) else one
                for one, several in zip(first, others, strict=True)
            ]
            table = table.assign(given_style=every)
        digest = hashlib.sha256(table.to_csv().encode())
        if self.corrections is not None:
            digest.update(self.corrections.digest.encode())
        if self.collection.vocabulary is not None:
            digest.update(self.collection.vocabulary.digest.encode())
        return digest.hexdigest()


def build_subject(config: TrainConfig, collection: Collection, store: ImageStore) -> Subject:
    """Splits the collection into folds; ``config`` is resolved."""
    paintings = collection.paintings.drop(columns="image").merge(
        store.table, on="key", how="inner", validate="one_to_one"
    )
    corrections = plan_verdicts(config, paintings, collection.word, collection.vocabulary)
    if corrections is not None:
        paintings = corrections.relabel(paintings)
    labels = learn_labels(config, paintings, corrections, collection.word)
    if "style" not in labels.classes:
        several = collection.word.plural
        raise UserError(
            f"{collection.name} has no two {several} with two readable paintings each",
            found=f"{len(paintings)} readable paintings, {len(store.quarantine)} refused",
            remedy=f"See {store.path / 'quarantine.csv'} for what was refused and why.",
        )
    hash_groups = _find_duplicates(paintings)
    parts = build_parts(paintings, labels, hash_groups, collection.of_artists)
    return Subject(
        collection,
        store,
        paintings,
        labels,
        duplicates=hash_groups,
        groups=parts.groups(config.group_by),
        hands=parts.hands,
        fold=assign_scoring_folds(config, paintings, parts),
        hash_groups=hash_groups,
        by_sight=np.empty((0, 2), dtype=np.int64),
        corrections=corrections,
    )


def describe_copies(duplicates: np.ndarray) -> list[str]:
    """A line where most paintings are copies, whose folds say little; ``duplicates`` (N,) ids."""
    pictures = len(np.unique(duplicates))
    copies = len(duplicates) - pictures
    if copies * 2 <= len(duplicates):
        return []
    return [f"They show {count_of(pictures, 'picture')}: {copies:,} are copies of another."]


def join_copies(config: TrainConfig, subject: Subject, pairs: np.ndarray) -> Subject:
    """``subject`` with the folds cut anew: rows of ``pairs`` (P, 2) are copies of one picture, too.

    Raises ``UserError`` where what is left apart fills no folds.
    """
    if len(pairs) == 0:
        return subject
    duplicates = join_groups(subject.hash_groups, pairs)
    of_artists = subject.collection.of_artists
    parts = build_parts(subject.paintings, subject.labels, duplicates, of_artists)
    return replace(
        subject,
        duplicates=duplicates,
        groups=parts.groups(config.group_by),
        hands=parts.hands,
        fold=assign_scoring_folds(config, subject.paintings, parts),
        by_sight=pairs,
    )


def plan_verdicts(
    config: TrainConfig, paintings: pd.DataFrame, word: LabelWord, vocabulary: Vocabulary | None
) -> Corrections | None:
    """What curators' verdicts on labels called ``word`` change in those of ``paintings``, which are
    terms of ``vocabulary`` where there is one.

    None without --verdicts. Raises ``UserError`` where no painting that was judged is among them.
    """
    if config.verdicts is None:
        return None
    standing = load_standing(config.verdicts)
    planned = plan_corrections(
        paintings,
        take_own(standing.verdicts, word),
        config.verdict_policy,
        keep_validation=config.split == "official",
        vocabulary=vocabulary,
    )
    if planned.is_on_others:
        raise UserError(
            f"{config.verdicts} holds no verdict on a painting of this collection",
            found=f"verdicts on {list_some(sorted(set(standing.verdicts['key'])), 3)}",
            expected=f"paintings such as {list_some(paintings['key'].head(3).tolist())}, or "
            "each file under one other name",
            remedy="Name the verdicts that were given on this collection, or leave --verdicts out.",
        )
    notes = [*standing.notes, *note_other_fields(standing.verdicts, word)]
    return replace(planned, notes=tuple(notes))


def learn_labels(
    config: TrainConfig,
    paintings: pd.DataFrame,
    corrections: Corrections | None,
    word: LabelWord = STYLE,
) -> Labels:
    """The labels that are learned: those of ``paintings`` that no verdict rules out."""
    works = config.min_artist_works or 1
    if corrections is None:
        return replace(build_labels(paintings, works), word=word)
    labels = replace(build_labels(corrections.mask(paintings), works), word=word)
    weights = {task: corrections.weigh(task, len(paintings)) for task in labels.classes}
    return replace(labels, weights=weights)


def build_parts(
    paintings: pd.DataFrame, labels: Labels, duplicates: np.ndarray, of_artists: bool = False
) -> Parts:
    """What may be separated; ``duplicates`` (N,): copies of one picture share an id.

    Where the labels are the artists, ``of_artists``, their works can be.
    """
    memberships = [duplicates, find_twins(paintings["key"])]
    makers = [] if of_artists else [find_makers(paintings["artist"]).to_numpy()]
    return Parts(
        labels.indices["style"],
        pictures=build_groups(*memberships),
        hands=build_groups(*memberships, *makers),
        word=labels.word,
    )


def assign_scoring_folds(config: TrainConfig, paintings: pd.DataFrame, parts: Parts) -> np.ndarray:
    """Fold (N,) int8 that scores each painting, as ``core.splits`` has it.

    Raises ``UserError`` where the paintings cannot be parted so.
    """
    if config.split == "folds":
        return split_into_folds(config, parts)
    fold = assign_official(paintings["split"], parts.groups(config.group_by))
    if not ((fold == 0).any() and (fold == NOT_SCORED).any()):
        raise UserError(
            "--split official needs an official train and validation list",
            found=f"{int((fold == 0).sum())} of {len(fold)} paintings in the validation list, "
            f"{int((fold == NOT_SCORED).sum())} in the train list",
            remedy="For a table name the column that says train or val with --split-column; for "
            "folders the label files with --labels, or put the styles into folders train and val. "
            "Or use --split folds.",
        )
    return fold


def _find_duplicates(paintings: pd.DataFrame) -> np.ndarray:
    signatures = [np.frombuffer(signature, dtype=np.uint8) for signature in paintings["signature"]]
    return group_near_duplicates(
        paintings["perceptual_hash"].to_numpy(),
        np.stack(signatures),
        paintings["mirror_hash"].to_numpy(),
    )
