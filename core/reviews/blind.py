"""Which verdicts a reviewer may see: others' on a label stay hidden until the reviewer's own. A
reviewer who knows another's verdict agrees more readily, which makes kappa meaningless.
"""

from __future__ import annotations

import pandas as pd

from core.reviews.places import find_places


def find_seen(rows: pd.DataFrame, standing: pd.DataFrame, reviewer: str) -> pd.Series:
    """(n,) bool: which of ``rows`` of the log ``reviewer`` may see.

    Their own, and others' on each label on which a verdict of theirs is among
    ``standing``, the verdicts in force. An empty name has no verdicts.
    """
    own = standing[standing["reviewer"] == reviewer]
    judged = pd.MultiIndex.from_frame(find_places(own))
    is_judged = pd.MultiIndex.from_frame(find_places(rows)).isin(judged)
    return pd.Series(is_judged, index=rows.index) | (rows["reviewer"] == reviewer)
