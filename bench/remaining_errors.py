"""Whether the number of wrong labels left, as the Reviews page tells it, holds the truth.

    python -m bench.remaining_errors [folder in WikiArt's form] [--sessions 100]

5 % of the labels of real paintings are moved, four ways, as ``bench.label_errors`` does, and the
ranking score is computed of five folds on frozen features. A session is four fifths of the
paintings, drawn at random, of which 50, 100 or 200 are judged in the order of the queue, which
hears of the verdicts every 25. Reviewers see the truth, miss up to 15 % of the wrong labels and
call up to 8 % of the right ones wrong. In half of the sessions one painting in ten is one whose
label nothing doubts. Beside ours the estimate as it was before, which takes verdicts for the truth
and the score's slope for right, and the share of wrong labels so far carried over to all.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from bench.planted_errors import (
    KINDS,
    PAINTINGS,
    Bench,
    compute_answers,
    count_confusions,
    gather_ranking_inputs,
    load_bench,
    plant,
)
from core.intervals import CONFIDENCE, NORMAL_REACH
from core.reviews.progress import compute_precision
from core.reviews.queue import build_queue
from core.reviews.remaining import Remaining, estimate_left, find_undoubted

RATE: Final = 0.05
KEPT: Final = 0.8  # of the paintings, in a session
BATCH: Final = 25
CHECKS: Final = (0.0, 0.1)
VERDICTS: Final = (50, 100, 200)
MOST_MISSES, MOST_ALARMS = 0.15, 0.08


@dataclass(frozen=True)
class Reviewer:
    """Shares of wrong labels that are missed, and of right ones that are called wrong."""

    misses: float
    alarms: float


@dataclass(frozen=True)
class Held:
    """A session: wrong labels left, the width of our interval, and which intervals hold them."""

    left: int
    width: float
    ours: bool
    before: bool
    share: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=PAINTINGS)
    parser.add_argument("--sessions", type=int, default=100)
    options = parser.parse_args()
    bench = load_bench(options.folder, None)
    confusion = count_confusions(bench, compute_answers(bench, bench.truth, 0))
    print("| planted | verdicts | sessions | left | width | ours holds | before | share |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for kind in KINDS:
        table = prepare(bench, kind, confusion)
        held = [run_session(table, seed) for seed in range(options.sessions)]
        for verdicts in VERDICTS:
            tell(kind, f"{verdicts}", [each for n, each in held if n == verdicts])
        tell(kind, "**all**", [each for _, each in held])


def tell(kind: str, verdicts: str, held: list[Held]) -> None:
    left, width = (np.median([getattr(each, name) for each in held]) for name in ("left", "width"))
    shares = [
        np.mean([getattr(each, name) for each in held]) for name in ("ours", "before", "share")
    ]
    told = " | ".join(f"{share:.0%}" for share in shares)
    print(f"| {kind} | {verdicts} | {len(held)} | {left:.0f} | {width:.0f} | {told} |", flush=True)


def run_session(table: pd.DataFrame, seed: int) -> tuple[int, Held]:
    """How many verdicts it held, and what came of it."""
    rng = np.random.default_rng(seed)
    reviewer = Reviewer(rng.uniform(0, MOST_MISSES), rng.uniform(0, MOST_ALARMS))
    verdicts, check = VERDICTS[seed % len(VERDICTS)], CHECKS[seed // len(VERDICTS) % len(CHECKS)]
    return verdicts, hold(table, reviewer, check, verdicts, seed)


def prepare(bench: Bench, kind: str, confusion: np.ndarray) -> pd.DataFrame:
    """The paintings with labels moved, as the queue reads them, and which are wrong."""
    labels = plant(bench, kind, RATE, confusion, np.random.default_rng(1))
    answers = compute_answers(bench, labels, 0)
    shown = answers.probabilities
    others = shown.copy()
    others[np.arange(len(labels)), labels] = -1
    names = np.array(bench.classes)
    return pd.DataFrame(
        {
            "key": bench.paintings["key"].to_numpy(),
            "artist": bench.paintings["artist"].to_numpy(),
            "given": names[labels],
            "predicted": names[shown.argmax(axis=1)],
            "suggested": names[others.argmax(axis=1)],
            "score": gather_ranking_inputs(bench, answers).rank(),
            "duplicate_group": -1,
            "medium": None,
            "wrong": labels != bench.truth,
        }
    )


def hold(
    paintings: pd.DataFrame, reviewer: Reviewer, check: float, verdicts: int, seed: int
) -> Held:
    """One session of ``verdicts``, ``check`` of them on labels that nothing doubts."""
    rng = np.random.default_rng(seed)
    table = paintings.sample(frac=KEPT, random_state=seed).reset_index(drop=True)
    said = pd.DataFrame({"key": [], "verdict": []}, dtype="str")
    while len(said) < verdicts:
        rows = choose(table, said, min(BATCH, verdicts - len(said)), check, rng)
        wrong = table.loc[rows, "wrong"].to_numpy()
        chance = np.where(wrong, 1 - reviewer.misses, reviewer.alarms)
        told = np.where(rng.random(len(rows)) < chance, "wrong", "right")
        said = pd.concat(
            [said, pd.DataFrame({"key": table.loc[rows, "key"].to_numpy(), "verdict": told})]
        )
    left = table[~table["key"].isin(said["key"])]
    truth = int(left["wrong"].sum())
    ours = estimate_left(table, said)
    before = estimate_before(table, said)
    precision = compute_precision(said)
    share = Remaining(0, precision.low * len(left), precision.high * len(left))
    holds = [each.low <= truth <= each.high for each in (ours, before, share)]
    return Held(truth, ours.high - ours.low, *holds)


def choose(
    table: pd.DataFrame, said: pd.DataFrame, size: int, check: float, rng: np.random.Generator
) -> np.ndarray:
    """Rows of the next paintings to judge, ``check`` of them such that nothing doubts."""
    calm = np.flatnonzero(find_undoubted(table) & ~table["key"].isin(said["key"]).to_numpy())
    checks = rng.choice(calm, min(round(check * size), len(calm)), replace=False)
    queue = build_queue(table.drop(index=pd.Index(checks)), said, size - len(checks)).to_numpy()
    return np.concatenate([queue, checks])


def estimate_before(table: pd.DataFrame, said: pd.DataFrame) -> Remaining:
    """The estimate by a shift of the log odds alone, with verdicts for the truth."""
    shifts = np.linspace(-8, 8, 1601)
    odds = np.log(
        np.clip(table["score"], 1e-4, 1 - 1e-4) / (1 - np.clip(table["score"], 1e-4, 1 - 1e-4))
    )
    judged = table["key"].map(said.set_index("key")["verdict"])
    chance = 1 / (1 + np.exp(-(odds.to_numpy()[:, None] + shifts)))
    wrong, right = (judged == "wrong").to_numpy(), (judged == "right").to_numpy()
    logs = np.log(chance[wrong]).sum(axis=0) + np.log1p(-chance[right]).sum(axis=0)
    logs -= 0.5 * (shifts / 2) ** 2
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    rest = chance[judged.isna().to_numpy()]
    expected, spread = rest.sum(axis=0), (rest * (1 - rest)).sum(axis=0)
    low, high = np.interp(
        [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2], np.cumsum(weights), expected
    )
    noise = NORMAL_REACH * np.sqrt(weights @ spread)
    return Remaining(float(weights @ expected), low - noise, high + noise)


if __name__ == "__main__":
    main()
