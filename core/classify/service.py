"""Classifies uploaded pictures one at a time: decodes them under guard, or asks to wait."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from PIL import Image

from core.classify.classifier import Classification, Classifier
from core.errors import UserError
from core.images.guard import DecodingGuard, GuardBusy
from core.turns import hold

MODEL_SECONDS: Final = 30.0  # that a picture waits for the model, which takes 0.1 s for each
PLACES: Final = 24  # pictures that are answered or wait: about two seconds' worth


class Busy(UserError):
    """More pictures are waiting than will be answered soon."""

    def __init__(self, places: int) -> None:
        super().__init__(
            "The model is busy",
            found=f"{places} pictures waiting",
            remedy="Try again in a few seconds.",
        )


@dataclass(frozen=True)
class Answered:
    """``image``: the picture as decoded, RGB, upright. ``width``, ``height``: of the upload.

    ``note``: what was guessed or left out as it was decoded, mostly "".
    """

    image: Image.Image
    width: int
    height: int
    classification: Classification
    note: str = ""


class ClassifyService:
    """One guard for all callers, and a bound on how many may wait. Safe to share."""

    def __init__(self, guard: DecodingGuard, places: int = PLACES) -> None:
        self.guard, self._places = guard, places
        self._free = threading.BoundedSemaphore(places)
        # The model uses all cores for one picture; two at once would be slower.
        self._model = threading.Lock()

    def classify(self, classifier: Classifier, data: bytes, patience: float = 0.0) -> Answered:
        """Answers for the file ``data``.

        Raises ``ImageRefused`` for anything that is not a picture or is too large, ``Busy`` when no
        place is free within ``patience`` seconds, or no decoder or model soon after,
        ``GuardBroken`` where nothing can be decoded.
        """
        busy = Busy(self._places)
        with hold(self._free, patience, busy):
            try:
                decoded = self.guard.decode(data, short_side=classifier.stored_side)
            except GuardBusy as error:
                raise busy from error
            with hold(self._model, MODEL_SECONDS, busy):
                answer = classifier.classify(decoded.image)
        return Answered(decoded.image, decoded.width, decoded.height, answer, decoded.note)

    def close(self) -> None:
        """Ends the decoders; callers that wait for one get an error."""
        self.guard.close()
