"""Verdicts on each painting and the sets it is in, as columns of a run's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.reviews import NamedSet
from core.reviews.majority import find_disagreements
from dashboard.selection.verdicts import (
    DISPUTED,
    KINDS,
    MINE,
    OPEN,
    REVIEWED,
    SET_NAMES,
    SETS,
    SUMMARY,
    describe_verdict,
)


def add_verdicts(
    table: pd.DataFrame, standing: pd.DataFrame, seen: pd.DataFrame, reviewer: str
) -> pd.DataFrame:
    """``table`` with ``verdict_summary`` (empty without a verdict), three flags, ``mine``, and
    ``verdict_kinds``, categorical: the kinds of verdict on a painting, with line breaks between.

    ``standing``: all verdicts in force. They decide whether a painting counts as judged, by
    anybody, so that no two reviewers repeat the work. ``seen``: those that the visitor may see:
    only they are put into words. ``mine``: id of the latest verdict of ``reviewer`` on a style
    label, empty for none.
    """
    reviewed = _find(table, standing["key"].unique().tolist()) >= 0
    columns: dict[str, pd.Series | np.ndarray] = {REVIEWED: reviewed, OPEN: ~reviewed}
    columns[DISPUTED] = _find(table, find_disagreements(seen)["key"].unique().tolist()) >= 0
    by_key = seen.groupby("key")
    said = {str(key): _describe(verdicts) for key, verdicts in by_key}
    columns[SUMMARY] = _spread(table, said)
    kinds = {str(key): "\n".join(sorted(set(each))) for key, each in by_key["verdict"]}
    columns[KINDS] = _spread_categories(table, kinds, [*dict.fromkeys(kinds.values())])
    own = seen[(seen["reviewer"] == reviewer) & (seen["task"] == "style")]
    ids = dict(zip(own["key"], own["id"], strict=True))
    columns[MINE] = _spread(table, ids)
    return table.assign(**columns)


def _find(table: pd.DataFrame, keys: Sequence[str]) -> np.ndarray:
    """(N,) the place of each painting's key among the unique ``keys``, -1 where it is none of them.

    By Arrow, which makes no object of each of a million keys.
    """
    known = pa.array(table["key"])
    places = pc.index_in(known, value_set=pa.array(keys, type=known.type))
    found: np.ndarray = places.fill_null(-1).to_numpy()
    return found


def _spread(table: pd.DataFrame, texts: Mapping[str, str]) -> pd.Series:
    """(N,) str: the text of each painting's key, empty for none."""
    last = pa.array([*texts.values(), ""], type=pa.large_string())
    taken = last.take(pa.array(_find(table, list(texts)) % len(last)))  # -1 is the last
    return pd.Series(pd.array(taken, dtype="str"), index=table.index)


def _spread_categories(
    table: pd.DataFrame, texts: Mapping[str, str], categories: list[str]
) -> pd.Series:
    """(N,) categorical: as ``_spread``, missing for none."""
    place = {category: code for code, category in enumerate(categories)}
    codes = np.array([*(place[text] for text in texts.values()), -1])
    values = pd.Categorical.from_codes(codes[_find(table, list(texts))], pd.Index(categories))
    return pd.Series(values, index=table.index)


def add_sets(table: pd.DataFrame, sets: Iterable[NamedSet]) -> pd.DataFrame:
    """``table`` with ``sets``, categorical: the ids of a painting's sets, with spaces between, and
    ``set_names``, likewise, with line breaks between.

    Each set has its own category, even if none of its paintings is here.
    """
    ids: dict[str, str] = {}
    names: dict[str, str] = {}
    for each in sets:
        names[each.id] = each.name
        for key in each.keys:
            ids[key] = f"{ids[key]} {each.id}" if key in ids else each.id
    listed = _spread_categories(table, ids, list(dict.fromkeys([*names, *ids.values()])))
    categories = listed.cat.categories
    called = ["\n".join(names[each] for each in ids_of.split()) for ids_of in categories]
    return table.assign(**{SETS: listed, SET_NAMES: listed.cat.rename_categories(called)})


def _describe(verdicts: pd.DataFrame) -> str:
    said = [
        describe_verdict(*each)
        for each in zip(
            *(verdicts[name] for name in ("verdict", "proposed", "task", "of_several")), strict=True
        )
    ]
    reviewers = verdicts["reviewer"].to_numpy()
    return " · ".join(
        f"{text} ({', '.join(dict.fromkeys(reviewers[[s == text for s in said]]))})"
        for text in dict.fromkeys(said)
    )
