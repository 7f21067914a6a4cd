"""Which reasons bear on a label, how much each weighs, and in which order a curator wants them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from core.artifacts.reasons import Reason, build_reasons
from core.findings.appearance import PLAIN
from core.findings.labels.anachronism import LEAST_DATED
from core.findings.labels.reasons import ANSWER, SAME_PHASE
from core.findings.novelty import UNLIKE

LEAST_WEIGHT: Final = 0.3  # nats: a witness that says less is not quoted
LEAST_FELLOWS: Final = 3  # other works with the label, before all of them are doubted
DOUBTED: Final = 0.5  # from here up the oeuvre's labels are rather wrong than sound
TELLING: Final = {"copy": 5.0, "filed twice": 3.0, "novelty": 1.0, "dynamics": 0.75, "medium": 0.5}

_IN_FRONT: Final = ("depth", "further", "missing")  # after the disagreement
# What ``weigh_reasons`` reads of each painting; weights are nats against the given label.
FACTS: Final = (
    *("given", "predicted", "confidence", "suggested", "artist", "year"),
    "guess",  # the chance of each label to somebody who knows nothing
    "further",  # its other labels: pairs of a name and the model's chance, NaN where not judged
    "missing_label",  # one that may be missing, or null
    "depth",  # of the answer, a term of the label: "broader", "narrower" or null
    *("weight_picture", "weight_labels", "weight_sights", "weight_years", "weight_neighbours"),
    *("oeuvre_works", "oeuvre_given", "oeuvre_suggested", "oeuvre_doubt"),
    *("given_from", "given_to", "suggested_from", "suggested_to"),
    *("given_dated", "suggested_dated"),  # shares of the styles' works
    *("given_begins", "given_ends", "anachronism_given", "suggested_begins", "suggested_ends"),
    *("anachronism_suggested", "neighbour_given", "neighbour_suggested", "neighbour_artists"),
    *("fellows", "fellows_away"),
    *("copy_labels", "filed_twice", "novelty", "medium", "suspected_by", "was_accepted"),
)


def weigh_reasons(facts: pd.DataFrame) -> pd.DataFrame:
    """The reasons on each painting, columns of ``schema.REASONS``.

    The disagreement first; what speaks against its label, heaviest first; what speaks for it.
    ``facts`` has the columns ``FACTS``, index 0..N-1. Neighbours, copies, novelty, training and
    medium are told for what they are; the ranking score does without them.
    """
    return build_reasons(
        _order(list(_weigh(row))) for row in facts[list(FACTS)].itertuples(index=False)
    )


def _order(weighed: list[Reason]) -> list[Reason]:
    """The disagreement; its depth and the other labels; then what is against the label, heaviest
    first; then what is for it.
    """
    further = [reason for reason in weighed if reason.kind in _IN_FRONT]
    opening, *rest = (reason for reason in weighed if reason.kind not in _IN_FRONT)
    against = sorted((r for r in rest if r.weight >= LEAST_WEIGHT), key=lambda r: -r.weight)
    favour = sorted((r for r in rest if r.weight <= -LEAST_WEIGHT), key=lambda r: r.weight)
    return [opening, *further, *against, *favour]


def _weigh(row: Any) -> Iterator[Reason]:
    """All that may be said, the disagreement first."""
    weight = row.weight_picture if isinstance(row.given, str) else 0.0
    yield Reason(ANSWER, 0.0 if np.isnan(weight) else weight, _answer(row))
    for label, share in row.further if isinstance(row.further, tuple) else ():
        chance = {} if np.isnan(share) else {"share": float(share), "guess": row.guess}
        yield Reason("further", 0.0, {"label": label, **chance})
    if isinstance(row.missing_label, str):
        values = {"label": row.missing_label, "share": float(row.confidence)}
        yield Reason("missing", 0.0, values)
    if isinstance(row.depth, str) and isinstance(row.predicted, str):
        yield Reason("depth", 0.0, {"label": row.predicted, "depth": row.depth})
    if isinstance(row.given, str) and isinstance(row.suggested, str):
        yield from _weigh_oeuvre(row)
        yield from _weigh_year(row)
        yield from _weigh_neighbours(row)
    if isinstance(row.copy_labels, str):
        yield Reason("copy", TELLING["copy"], {"label": row.copy_labels})
    elif row.filed_twice:
        yield Reason("filed twice", TELLING["filed twice"], {})
    if row.novelty >= UNLIKE:
        yield Reason("novelty", TELLING["novelty"], {"value": float(row.novelty)})
    if row.suspected_by == "both" and not row.was_accepted:
        yield Reason("dynamics", TELLING["dynamics"], {})
    if isinstance(row.medium, str) and row.medium != PLAIN:
        yield Reason("medium", TELLING["medium"], {"medium": row.medium})


def _answer(row: Any) -> dict[str, Any]:
    values = {
        name: each for name in ("given", "predicted") if isinstance(each := getattr(row, name), str)
    }
    return values | ({"confidence": float(row.confidence)} if "predicted" in values else {})


def _weigh_oeuvre(row: Any) -> Iterator[Reason]:
    if row.oeuvre_works > 0:
        values = {
            "works": int(row.oeuvre_works),
            "artist": row.artist,
            "given": row.given,
            "given_works": int(row.oeuvre_given),
        }
        if row.suggested != row.given:
            values |= {"other": row.suggested, "other_works": int(row.oeuvre_suggested)}
        yield Reason("oeuvre", row.weight_labels, values)
    is_oeuvre = row.fellows >= LEAST_FELLOWS and 2 * row.fellows_away > row.fellows
    if is_oeuvre and row.oeuvre_doubt >= DOUBTED and row.weight_sights >= LEAST_WEIGHT:
        values = {
            "given": row.given,
            "works": int(row.fellows),
            "elsewhere": int(row.fellows_away),
        }
        yield Reason("oeuvre elsewhere", row.weight_sights, values)


def _weigh_year(row: Any) -> Iterator[Reason]:
    if np.isnan(row.year):
        return
    year = int(row.year)
    if row.anachronism_given:
        values = _outside(
            *(year, row.given, row.anachronism_given),
            *(row.given_begins, row.given_ends, row.given_dated),
        )
        yield Reason("outside years", max(row.weight_years, LEAST_WEIGHT), values)
    elif row.suggested != row.given and row.anachronism_suggested:
        values = _outside(
            *(year, row.suggested, row.anachronism_suggested),
            *(row.suggested_begins, row.suggested_ends, row.suggested_dated),
        )
        yield Reason("outside years", min(row.weight_years, -LEAST_WEIGHT), values)
    elif row.suggested != row.given and row.weight_years >= LEAST_WEIGHT and _are_dated(row):
        values = {"year": year, "given": row.given, "other": row.suggested}
        values |= {"given_dated": row.given_dated, "other_dated": row.suggested_dated}
        yield Reason("period", row.weight_years, values)
    yield from _weigh_phases(row, year)


def _weigh_phases(row: Any, year: int) -> Iterator[Reason]:
    """An artist who moved on is no error: the label may fit the years in which it was painted."""
    fits = row.given_from - SAME_PHASE <= year <= row.given_to + SAME_PHASE
    fits_other = row.suggested_from - SAME_PHASE <= year <= row.suggested_to + SAME_PHASE
    if not row.given_from <= row.given_to:  # no dated works of the style
        return
    values = {"given": row.given, "first": round(row.given_from), "last": round(row.given_to)}
    if not fits:
        yield Reason("phase apart", LEAST_WEIGHT, values | {"year": year})
    elif not fits_other and row.suggested_from <= row.suggested_to:
        span = {"other_first": round(row.suggested_from), "other_last": round(row.suggested_to)}
        yield Reason("phase", -LEAST_WEIGHT, values | {"other": row.suggested} | span)


def _are_dated(row: Any) -> bool:
    """Whether years can tell the two styles apart: most works of both have one."""
    return bool(min(row.given_dated, row.suggested_dated) >= LEAST_DATED)


def _outside(
    year: int, style: str, apart: float, begins: float, ends: float, dated: float
) -> dict[str, Any]:
    edge, edge_year = ("begins", begins) if apart < 0 else ("ends", ends)
    facts = {"year": year, "style": style, "edge": edge, "edge_year": round(edge_year)}
    return facts | {"dated": float(dated)}


def _weigh_neighbours(row: Any) -> Iterator[Reason]:
    # Weighed are the works by other artists, told are all: both must point the same way.
    apart = row.neighbour_suggested - row.neighbour_given
    agree = apart * row.weight_neighbours > 0
    if row.neighbour_artists > 0 and row.suggested != row.given and agree:
        values = {
            "artists": int(row.neighbour_artists),
            "given": row.given,
            "given_share": float(row.neighbour_given),
            "other": row.suggested,
            "other_share": float(row.neighbour_suggested),
        }
        yield Reason("neighbours", row.weight_neighbours, values)
