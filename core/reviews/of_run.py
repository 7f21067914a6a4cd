"""The verdicts in force on the paintings of a run."""

from __future__ import annotations

import pandas as pd

from core.artifacts import Run
from core.reviews.exchange import select_standing
from core.reviews.fields import take_own
from core.reviews.renamed import follow_renamed


def take_standing(standing: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Those of ``standing``, verdicts in force in a log, that are on labels that ``run`` has.

    By its own tasks; on a painting that was renamed, under the name that it has in ``run``.
    Verdicts on paintings that it does not have stay.
    """
    own = take_own(standing, run.manifest.word)
    return select_standing(follow_renamed(own, run.paintings).verdicts)
