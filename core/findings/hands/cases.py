"""Cases of attributions: artists whose works, taken together, are seen as other hands'.

By the test of ``core.findings.oeuvre``: hands differ by nature in how surely they are known, so
that each has a mean of its own, and how much they differ is read off the hands themselves. What is
tested are log odds of the doubt that ``judge_attributions`` has of each work, so a hand with few
works is held against its share of the collection.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import logit

from core.findings.cases.artists import SHOWN_WORKS, type_cases
from core.findings.cases.kinds import CaseSettings, is_apart
from core.findings.cases.sentences import describe_hand
from core.findings.evidence import Hands
from core.findings.hands.attribution import DOUBTED, FEWEST_WORKS
from core.findings.oeuvre.shift import compute_shifts, keep_one_of_each

LEAST: Final = 0.01  # no doubt counts as less, nor as more than 1 less this


def find_hand_cases(
    hands: Hands,
    told: pd.DataFrame,
    years: np.ndarray,
    duplicates: np.ndarray,
    settings: CaseSettings | None = None,
) -> pd.DataFrame:
    """Columns of ``schema.CASES``, one row an artist who is a discovery, by evidence.

    ``told``: ``judge_attributions``' table of the N works, ``years`` (N,) float with NaN,
    ``duplicates`` (N,) group ids: copies of a picture count once. ``observed``: the share of the
    artist's judged works whose attribution is in doubt; ``expected``: that of the other artists.
    ``predicted``: the hand that most of those are nearest to.
    """
    settings = settings or CaseSettings()
    doubt = told["attribution_doubt"].to_numpy(dtype=float)
    judged = ~np.isnan(doubt)
    artists = np.where(judged, hands.task.labels, -1)
    is_away = np.where(judged, doubt >= DOUBTED, np.nan)
    one = np.where(judged, 0, -1)  # label for all: hands are held against all other hands
    pictures = keep_one_of_each(is_away, one, artists, duplicates)
    shifts = compute_shifts(
        is_away,
        logit(doubt.clip(LEAST, 1 - LEAST)),
        one,
        artists,
        duplicates,
        FEWEST_WORKS,
    )
    nearest = told["attribution_hand"].to_numpy(dtype=object)
    by_artist: dict[Any, Any] = shifts.to_dict("index")
    rows: list[dict[str, Any]] = []
    for code, shift in by_artist.items():
        if not (is_apart(shift, settings) and shift["q_value"] <= settings.rate):
            continue
        own = pictures[artists[pictures] == code]
        doubted = own[doubt[own] >= DOUBTED]
        name = hands.task.classes[code]
        known = years[own][~np.isnan(years[own])]
        row: dict[str, Any] = {
            "case": f"hand:{name}",
            "kind": "hand",
            "task": "artist",
            "subject": name,
            "type": "attributions in doubt",
            "given": name,
            "predicted": pd.Series(nearest[doubted]).value_counts().index[0],
            **shift,
            "artists": len(shifts) - 1,
            "first_year": int(known.min()) if len(known) else None,
            "last_year": int(known.max()) if len(known) else None,
            "rows": own[np.argsort(-doubt[own], kind="stable")][:SHOWN_WORKS].tolist(),
        }
        near = int((nearest[doubted] == row["predicted"]).sum())
        rows.append(row | {"sentence": describe_hand(row, near)})
    return type_cases(rows)
