"""What a run that was not trained owes to the run before it, and when a training is due."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from core.artifacts.texts import Line
from core.collection.wording import count_of
from core.label_word import LabelWord
from core.text import percent

DUE_UNSEEN: Final = 0.1  # of the works, that the model never saw
DUE_UNLIKE: Final = 0.1  # of the new works, that are unlike anything the model saw
LEAST_NEW: Final = 20  # works, from which the second share says something

Works = Annotated[int, Field(ge=0, le=10_000_000)]


class Since(BaseModel):
    """Counts of works. ``run``: whose model and findings these are.

    ``known``: taken over; ``fresh``: scored by the model, which never saw them, ``rephotographed``
    of them under another picture before; ``copies``: of pictures that it saw, and so not scored;
    ``gone``: no longer in the collection; ``relabelled``: known ones under another label than the
    run judged; ``arrived`` and ``waiting``: corrections that the collection has, or has not;
    ``unlearned``: works under labels that the model does not know; ``unseen``: all that it never
    saw, of earlier months too; ``unlike``: fresh ones that are unlike anything it saw. ``advised``:
    the run heard second opinions, which the fresh ones were not shown to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: Line
    known: Works
    fresh: Works
    rephotographed: Works
    copies: Works
    gone: Works
    relabelled: Works
    arrived: Works
    waiting: Works
    unlearned: Works
    unseen: Works
    unlike: Works
    advised: bool = False

    @property
    def reasons_to_train(self) -> list[str]:
        """Why a full training is due; empty where it is not."""
        works, reasons = self.known + self.fresh + self.copies, []
        if works and self.unseen >= DUE_UNSEEN * works:
            reasons.append(f"the model never saw {percent(self.unseen / works)} of the works")
        if self.fresh >= LEAST_NEW and self.unlike >= DUE_UNLIKE * self.fresh:
            reasons.append(
                f"{percent(self.unlike / self.fresh)} of the new works are unlike anything it saw"
            )
        return reasons

    def describe(self, word: LabelWord) -> list[str]:
        """Sentences for the user; ``word``: what the labels are called."""
        again = (
            f" ({self.rephotographed:,} of them it knows by a former picture)"
            if self.rephotographed
            else ""
        )
        lines = [
            f"Not trained: an update of {self.run}. {count_of(self.known, 'work')} taken over with "
            f"the findings on them, {count_of(self.fresh, 'work')} scored by its published model, "
            f"which never saw these pictures{again}; their score rests on the picture alone.",
        ]
        if self.advised and self.fresh:
            lines.append(
                "The second opinions that the known works were shown to were not asked about new "
                "ones: the network alone scores these."
            )
        if self.copies:
            lines.append(
                f"{count_of(self.copies, 'new picture')} that the model saw as another work's: not "
                "scored, since it knows them."
            )
        if self.gone:
            lines.append(
                f"{count_of(self.gone, 'work')} of {self.run} left out, which the collection no "
                "longer has; what is said of the others still counts them."
            )
        if self.relabelled:
            lines.append(
                f"{count_of(self.relabelled, 'known work')} under another {word.singular} than "
                f"{self.run} judged, which the answers that the model gave are held against."
            )
        if self.arrived or self.waiting:
            lines.append(
                f"Corrections that arrived in the collection: {self.arrived:,}; that did not yet: "
                f"{self.waiting:,}."
            )
        if self.unlearned:
            lines.append(
                f"{count_of(self.unlearned, 'work')} under {word.plural} that the model does not "
                "know, and so not judged."
            )
        reasons = self.reasons_to_train
        due = f"due: {' and '.join(reasons)}" if reasons else "not due yet"
        return [*lines, f"A full training is {due}."]
