"""The uploads of one session and the model's answers. Never on disk.

Memory is bounded: a full session forgets its oldest upload. When all sessions together are full,
no more is taken, because a forgotten upload would be classified again at every rerun.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from weakref import WeakSet

import pandas as pd
import streamlit as st
from PIL import Image

from core.classify import Answered, Busy, Classification, Classifier, ClassifyService
from core.classify.batch import BatchItem, read_form_name, unpack
from core.export.spreadsheets import encode_csv
from core.images.guard import GuardBroken
from core.images.loaded import ImageRefused
from core.label_word import STYLE, LabelWord
from core.sizes import MEGABYTE
from core.tasks import TASKS

BATCH: Final = 200  # pictures at a time, as ``ZipLimits.entries``
KEPT: Final = BATCH + 40  # of one session; older ones are forgotten
KEPT_BYTES: Final = 128 * MEGABYTE  # likewise
ALL_BYTES: Final = 1024 * MEGABYTE  # of all sessions
PREVIEW_PIXELS: Final = 720
THUMBNAIL_PIXELS: Final = 96
PATIENCE: Final = 30.0  # seconds to wait for a place while others send many pictures
BUSY: Final = "the model is busy with other visitors' pictures; try again in a few seconds"
FULL: Final = (
    f"the answers of all visitors fill the {ALL_BYTES // MEGABYTE:,} MB available; try again when "
    "others have left"
)
_HISTORY: Final = "artextract.uploads"
_PREVIEW: Final = "artextract.preview"  # the last one: a rerun decodes nothing


@dataclass(frozen=True)
class Upload:
    """One picture: its ``answer``, or the ``reason`` why there is none. Pictures are data URIs.

    ``subject`` is unique in the session.
    """

    subject: str
    name: str
    reason: str = ""
    answer: Classification | None = None
    width: int = 0
    height: int = 0
    note: str = ""
    thumbnail: str = ""
    preview: str = ""

    @property
    def weight(self) -> int:
        """Bytes that it keeps, about."""
        own = 2_000 + len(self.name) + len(self.reason) + len(self.thumbnail) + len(self.preview)
        if self.answer is None:
            return own
        arrays = self.answer.pixels, self.answer.embedding, *self.answer.probabilities.values()
        return own + sum(array.nbytes for array in arrays)


class History:
    """What one session keeps, by run and subject, the oldest first."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Upload] = {}
        self.weight = 0
        _histories.add(self)

    def answered(self, run_id: str) -> list[Upload]:
        """Uploads that the run answered, newest first."""
        return [each for (run, _), each in reversed(self._kept.items()) if run == run_id]

    def find(self, run_id: str, subject: str) -> Upload | None:
        """The upload ``subject`` as the run answered it."""
        return self._kept.get((run_id, subject))

    def add(self, run_id: str, upload: Upload) -> None:
        """Keeps ``upload``, and forgets the oldest above ``KEPT`` and ``KEPT_BYTES``."""
        self._forget((run_id, upload.subject))
        self._kept[run_id, upload.subject] = upload
        self.weight += upload.weight
        while len(self._kept) > 1 and (len(self._kept) > KEPT or self.weight > KEPT_BYTES):
            self._forget(next(iter(self._kept)))

    def _forget(self, place: tuple[str, str]) -> None:
        gone = self._kept.pop(place, None)
        self.weight -= 0 if gone is None else gone.weight


_histories: WeakSet[History] = WeakSet()  # of sessions that live


def weigh_all() -> int:
    """Bytes that the uploads of all sessions keep, about."""
    return sum(history.weight for history in _histories.copy())


def list_uploads(run_id: str) -> list[Upload]:
    """The session's uploads that the run answered, newest first."""
    return _history().answered(run_id)


def find_upload(run_id: str, subject: str) -> Upload | None:
    return _history().find(run_id, subject)


def take_file(
    classifier: Classifier, service: ClassifyService, subject: str, name: str, data: bytes
) -> Iterator[Upload]:
    """Each picture of a file or zip, answered and remembered as it comes; known ones as they are.

    ``name`` is as the browser sent it. A zip that cannot be opened at all is one upload with a
    reason.
    """
    try:
        for number, item in enumerate(unpack(read_form_name(name), data)):
            each = f"{subject}.{number}"
            known = find_upload(classifier.run.run_id, each)
            yield known or _take(classifier, service, each, item)
    except ImageRefused as refusal:
        yield _remember(classifier, Upload(subject, name, refusal.reason))


def load_preview(service: ClassifyService, upload: Upload, data: bytes) -> str:
    """A larger picture than ``upload`` keeps, for viewing; the smaller one if that fails."""
    kept: tuple[str, str] | None = st.session_state.get(_PREVIEW)
    if kept is None or kept[0] != upload.subject:
        try:
            image = service.guard.decode(data, short_side=PREVIEW_PIXELS).image
        except (ImageRefused, GuardBroken):
            return upload.preview
        kept = upload.subject, _encode(image, PREVIEW_PIXELS * 2)
        st.session_state[_PREVIEW] = kept
    return kept[1]


def build_upload_table(uploads: list[Upload], classifier: Classifier) -> pd.DataFrame:
    """One row an upload: picture, name, first answer and its probability a task, reason."""
    run = classifier.run
    rows = []
    for upload in uploads:
        row: dict[str, object] = {"picture": upload.thumbnail, "name": upload.name}
        for task in run.manifest.tasks:
            answer = upload.answer
            best = None if answer is None else int(answer.probabilities[task].argmax())
            row[task] = None if best is None else run.classes(task)[best]
            row[f"{task}_probability"] = (
                None if answer is None or best is None else float(answer.probabilities[task][best])
            )
        novelty = None if upload.answer is None else upload.answer.novelty
        row["novelty"] = None if novelty is None else novelty.value
        rows.append(row | {"reason": upload.reason})
    columns = [name for task in TASKS if task in run.manifest.tasks for name in _columns(task)]
    return pd.DataFrame(rows, columns=["picture", "name", *columns, "novelty", "reason"])


def build_csv(table: pd.DataFrame, word: LabelWord = STYLE) -> bytes:
    """The table without its pictures, for a spreadsheet; ``word`` heads the columns of labels."""
    names = dict(zip(_columns("style"), _columns(word.column), strict=True))
    return encode_csv(table.drop(columns="picture").rename(columns=names), "%.4f")


def _columns(task: str) -> tuple[str, str]:
    return task, f"{task}_probability"


def _take(
    classifier: Classifier, service: ClassifyService, subject: str, item: BatchItem
) -> Upload:
    if item.reason:
        return _remember(classifier, Upload(subject, item.name, item.reason))
    if weigh_all() > ALL_BYTES:  # not remembered either
        return Upload(subject, item.name, FULL)
    try:
        answered = service.classify(classifier, item.data, PATIENCE)
    except ImageRefused as error:
        return _remember(classifier, Upload(subject, item.name, error.reason))
    except GuardBroken as error:
        return Upload(subject, item.name, str(error))
    except Busy:  # not remembered: the next rerun tries again
        return Upload(subject, item.name, BUSY)
    return _remember(classifier, _describe(subject, item.name, answered))


def _describe(subject: str, name: str, answered: Answered) -> Upload:
    return Upload(
        subject=subject,
        name=name,
        answer=answered.classification,
        width=answered.width,
        height=answered.height,
        note=answered.note,
        thumbnail=_encode(answered.image, THUMBNAIL_PIXELS),
        preview=_encode(answered.image, PREVIEW_PIXELS * 2),
    )


def _remember(classifier: Classifier, upload: Upload) -> Upload:
    _history().add(classifier.run.run_id, upload)
    return upload


def _history() -> History:
    if _HISTORY not in st.session_state:
        st.session_state[_HISTORY] = History()
    history: History = st.session_state[_HISTORY]
    return history


def _encode(image: Image.Image, longest: int) -> str:
    shown = image.copy()
    shown.thumbnail((longest, longest))
    buffer = io.BytesIO()
    shown.save(buffer, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
