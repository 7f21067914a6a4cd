"""The verdicts in force on the paintings of a run."""

from __future__ import annotations

import pandas as pd

from core.artifacts import Run
from core.reviews.exchange import select_standing
from core.reviews.fields import take_own
from core.reviews.places import place_on_labels
from core.reviews.renamed import follow_renamed
from core.reviews.terms import read_terms


def take_standing(standing: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Those of ``standing``, verdicts in force in a log, that are on labels that ``run`` has.

    By its own tasks; a variant by the term that its vocabulary has for it; on a painting that was
    renamed, under the name that it has in ``run``; of one reviewer the latest on each label,
    whether or not the work had others beside it when it was judged. Verdicts on paintings that it
    does not have stay.
    """
    own = take_own(standing, run.manifest.word)
    followed = follow_renamed(own, run.paintings).verdicts
    named = read_terms(followed, run.vocabulary, run.paintings)
    return select_standing(place_on_labels(named, run.paintings))
