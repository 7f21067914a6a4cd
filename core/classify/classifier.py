"""The published model of one run, asked about one picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from core.artifacts import Run
from core.classify.explanation import Explanation, explain_picture
from core.classify.neighbour_index import NeighbourIndex
from core.classify.novelty import Novelty
from core.classify.placement import Placement, place_picture
from core.classify.session import ModelSession
from core.findings.novelty import NoveltyReference
from core.findings.oeuvre.other_works import code_artists
from core.images.pixels import compute_square
from core.tasks import Task

NEIGHBOURS: Final = 12


@dataclass(frozen=True)
class Classification:
    """The published model's answer for one picture.

    ``probabilities``: per task (K,) float32, calibrated, summing to 1, in the run's class order.
    ``embedding`` (D,) L2-normalised. ``pixels`` (S, S, 3) uint8: the model's input, for the
    explanation. ``novelty``: None where the run was published without.
    """

    probabilities: dict[Task, np.ndarray]
    embedding: np.ndarray
    placement: Placement
    novelty: Novelty | None
    pixels: np.ndarray


class Classifier:
    """Classifies pictures and explains the answers. Safe to share between threads."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._session = ModelSession(run)
        layers = list(self._session.layers.values())
        hands = code_artists(run.paintings["artist"])
        self._novelty = NoveltyReference(layers, hands) if layers else None
        self._index = NeighbourIndex(run.embeddings)

    @property
    def stored_side(self) -> int:
        """Short side to shrink a picture to first, as for the run's own paintings."""
        return int(self.run.manifest.config["short_side"])

    def classify(self, image: Image.Image) -> Classification:
        """Answers for an upright RGB picture, decoded to ``stored_side``."""
        pixels = compute_square(image, self.run.manifest.image_size)
        features, layers = self._session.extract(pixels[None])
        answer = self._session.answer(features)
        embedding = answer.embedding[0]
        return Classification(
            probabilities={task: row[0] for task, row in answer.probabilities.items()},
            embedding=embedding,
            placement=place_picture(embedding, self._index, self.run.map, NEIGHBOURS),
            novelty=self._judge(layers),
            pixels=pixels,
        )

    def find_nearest(self, embedding: np.ndarray, count: int) -> np.ndarray:
        """(n,) rows of the ``count`` paintings nearest to ``embedding`` (D,), nearest first; all
        where there are fewer. ``embedding`` is L2-normalised.
        """
        return self._index.search(embedding, count)[0]

    def _judge(self, layers: list[np.ndarray]) -> Novelty | None:
        """``layers``: (1, C) each. None, too, where all works are by one artist."""
        value = np.nan if self._novelty is None else float(self._novelty.measure(layers)[0])
        return None if np.isnan(value) else Novelty(value)

    def explain(self, pixels: np.ndarray) -> Explanation:
        """Where in the picture ``pixels`` (S, S, 3) uint8 the answers come from."""
        return explain_picture(self._session, pixels)
