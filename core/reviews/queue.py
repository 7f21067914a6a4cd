"""The review queue: the paintings whose labels are most worth a curator's time."""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np
import pandas as pd

from core.findings.oeuvre.other_works import code_artists
from core.reviews.asked import OF_SEVERAL, ask_several
from core.reviews.progress import WRONG

CANDIDATES: Final = 3000  # the most suspicious paintings, among which variety is sought
SAME_ARTIST: Final = 0.8  # what one more work of an artist already in the queue is worth
SAME_CONFUSION: Final = 0.97  # likewise of a pair (given style, other style)
PRIOR_VERDICTS: Final = 8.0  # verdicts on a pair needed to half trust its own yield
COLUMNS: Final = ["key", "artist", "given", "suggested", "score", "duplicate_group", "medium"]
_KEPT: Final = frozenset(("in colour", "one hue"))


def build_queue(
    table: pd.DataFrame,
    standing: pd.DataFrame,
    size: int,
    *,
    only_paintings: bool = True,
    copies: bool = False,
) -> pd.Index:
    """Up to ``size`` rows of ``table``, in the order to look at them.

    ``table`` has ``COLUMNS``: ``suggested`` is the style that speaks against the given one, score 0
    to 1, high is suspicious, duplicate_group -1 for none, medium null where unknown; for works of
    several labels also ``asked.OF_SEVERAL``. ``standing``: style verdicts in force. The rows are
    those of ``choose_pool``. Equal input, equal queue.
    """
    table = take_columns(table)
    asked = ask_several(table, standing)
    rows = _choose_rows(asked, only_paintings, copies)
    worth = (asked["score"].to_numpy(float) * _compute_yield(asked, table, standing))[rows]
    order = np.argsort(-worth, kind="stable")[: max(CANDIDATES, size)]
    pool, worth = asked.iloc[rows[order]], worth[order]
    artists = code_artists(pool["artist"])
    confusions = pd.factorize(_name_confusions(pool))[0]
    picked: list[int] = []
    for _ in range(min(size, len(pool))):
        best = int(worth.argmax())
        picked.append(best)
        worth[confusions == confusions[best]] *= SAME_CONFUSION
        if artists[best] >= 0:
            worth[artists == artists[best]] *= SAME_ARTIST
        worth[best] = -1.0
    return pool.index[picked]


def take_columns(table: pd.DataFrame) -> pd.DataFrame:
    """What the queue reads: a run has many more columns, which each choice of rows would copy."""
    return table[[*COLUMNS, *(name for name in OF_SEVERAL if name in table)]]


def mix_in(queue: np.ndarray, others: np.ndarray, rate: float, first: int, name: str) -> np.ndarray:
    """``queue`` (n,) of rows with some of ``others`` in between, each row once, at about ``rate``.

    Whether a place holds one depends on ``name``, of a reviewer, and on its number alone: that of
    the first place is ``first``. Their order depends on ``name`` alone. So a queue that is built
    anew after each verdict agrees with itself, and nobody can tell by the place.
    """
    seed = zlib.crc32(name.encode())
    turns = np.random.default_rng(seed).random(int(others.max(initial=-1)) + 1)[others]
    left = others[np.argsort(-turns)].tolist()
    mixed: dict[int, None] = {}  # in order
    for row in queue:
        while left and zlib.crc32(f"{seed} {first + len(mixed)}".encode()) < rate * 2**32:
            mixed.setdefault(int(left.pop()))
        mixed.setdefault(int(row))
    return np.array(list(mixed), dtype=int)


def choose_pool(
    table: pd.DataFrame, standing: pd.DataFrame, only_paintings: bool, copies: bool
) -> pd.DataFrame:
    """The rows of ``table`` that wait for a verdict, the most suspicious first.

    Each with the label to ask about, as ``ask_several`` has it. Paintings of ``standing`` are left
    out once all their labels are judged; what may be no painting by its looks is, too, if
    ``only_paintings``, and all but the most suspicious of each group of copies unless ``copies``.
    """
    table = ask_several(table, standing)
    return table.iloc[_choose_rows(table, only_paintings, copies)]


def _choose_rows(table: pd.DataFrame, only_paintings: bool, copies: bool) -> np.ndarray:
    """(n,) places in ``table``, of ``ask_several``, of the rows of ``choose_pool``."""
    judged = table["judged"].to_numpy()
    waits = (table["score"].notna() & table["given"].notna()).to_numpy() & ~judged
    if only_paintings:
        waits &= (table["medium"].isna() | table["medium"].isin(_KEPT)).to_numpy()
    rows = np.flatnonzero(waits)
    rows = rows[np.argsort(-table["score"].to_numpy(float)[rows], kind="stable")]
    if not copies:
        groups = table["duplicate_group"].to_numpy()
        group = pd.Series(groups[rows])
        is_first = ~group.duplicated() & ~group.isin(groups[judged])
        rows = rows[(is_first | (group == -1)).to_numpy()]
    return rows


def _compute_yield(asked: pd.DataFrame, table: pd.DataFrame, standing: pd.DataFrame) -> np.ndarray:
    """(N,) error rate of the confusion of each row of ``asked`` in verdicts so far, against the
    average: 1 is average. ``table``: the same before it was asked about.

    The share of wrong labels among the verdicts on its (given, suggested) pair, shrunk to that of
    all verdicts, over that of all.
    """
    told = standing[standing["verdict"].isin(("right", "outlier", *WRONG))]
    last = told.drop_duplicates("key", keep="last").set_index("key")["verdict"]
    judged = table[table["key"].isin(last.index)]
    if judged.empty:
        return np.ones(len(asked))
    wrong = last.loc[judged["key"]].isin(WRONG).to_numpy(dtype=float)
    overall = (wrong.sum() + 1) / (len(wrong) + 2)
    tally = pd.Series(wrong).groupby(_name_confusions(judged).to_numpy()).agg(["sum", "count"])
    share = (tally["sum"] + PRIOR_VERDICTS * overall) / (tally["count"] + PRIOR_VERDICTS)
    pairs, place = _list_confusions(asked)
    worth = _name_confusions(pairs).map(share / overall).fillna(1.0)
    found: np.ndarray = worth.to_numpy(float)[place]
    return found


def _list_confusions(table: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """A row of each confusion, and (n,) the place of each row's among them."""
    given, suggested = (pd.factorize(table[name])[0] for name in ("given", "suggested"))
    code = pd.Series(given.astype(np.int64) * (len(table) + 1) + suggested)
    return table[~code.duplicated().to_numpy()], pd.factorize(code)[0]


def _name_confusions(table: pd.DataFrame) -> pd.Series:
    return table["given"].astype("str") + " > " + table["suggested"].astype("str")
