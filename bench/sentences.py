"""Every sentence of published runs, held against the columns that it speaks of.

python -m bench.sentences artifacts/<run> [artifacts/<run> ...]

Nothing is trained. Each reason on each painting, and each case of an artist, is counted anew from
the run's other files: labels, years, answers, kept neighbours, copies, training margins. What does
not agree is listed, and the exit status is 1. Near-duplicates that a run does not keep leave a
range for counts of an artist's other works.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from core.artifacts import Run, open_run
from core.artifacts.reasons import Reason
from core.findings.cases.artists import compute_lags, find_away, find_later
from core.findings.cases.kinds import ARGUABLE, CaseSettings, choose_quiet_type, is_proven
from core.findings.labels.anachronism import LEAST_DATED
from core.findings.labels.periods import SPREAD_YEARS
from core.findings.labels.reasons import ANSWER, SAME_PHASE
from core.findings.labels.weighing import LEAST_FELLOWS
from core.findings.novelty import UNLIKE
from core.findings.oeuvre.other_works import code_artists
from core.findings.several import widen_labels

NEAR: Final = 1e-3  # of a share, and of a novelty: what float16 and float32 take off
SHOWN: Final = 20  # untrue sentences that are printed

Values = Mapping[str, Any]


class Witness:
    """What a run's files, its reasons aside, say of its paintings."""

    def __init__(self, run: Run) -> None:
        self.run = run
        table = run.paintings
        self.given = table["given_style"].to_numpy(dtype=object)
        others = table.get("further_styles", pd.Series(None, index=table.index, dtype="object"))
        self.every = [
            (front, *(several if isinstance(several, tuple) else ()))
            for front, several in zip(self.given, others, strict=True)
        ]
        self.years = table["year"].to_numpy(dtype=float, na_value=np.nan)
        self.artists = code_artists(table["artist"])
        self.groups = table["group"].to_numpy()
        answers = run.predictions("style").reindex(range(len(run)))
        self.predicted = answers["predicted"].to_numpy(dtype=object)
        self.confidence = answers["confidence"].to_numpy(dtype=float)
        self.losses = answers["loss"].to_numpy(dtype=float)

    @cached_property
    def labels(self) -> np.ndarray:
        """(N,) place of the given style among the classes, -1 for none."""
        return pd.Categorical(self.given, categories=list(self.run.classes("style"))).codes

    @cached_property
    def seen(self) -> np.ndarray:
        """(N, K) style probabilities by the unseen witness."""
        unseen = self.run.unseen
        return self.run.probabilities("style") if unseen is None else unseen

    @cached_property
    def right(self) -> np.ndarray | None:
        """(N, m) what is right of each work beside its label; None where nothing is."""
        learned = list(self.run.classes("style"))
        longest = max(len(each) for each in self.every)
        codes = np.full((len(self.every), longest), -1)
        for row, names in enumerate(self.every):
            codes[row, : len(names)] = [learned.index(n) if n in learned else -1 for n in names]
        vocabulary = self.run.vocabulary
        broader = None if vocabulary is None else vocabulary.map_broader(learned)
        return widen_labels(self.labels, codes[:, 1:], broader)

    @cached_property
    def away(self) -> np.ndarray:
        """(N,) 1 where the unseen witness sees another style, 0 where not; NaN: not judged."""
        return find_away(self.seen, self.labels, self.right)

    @cached_property
    def ahead(self) -> np.ndarray:
        """(N,) 1 where a style that began later is likelier than the label, 0 where not; or NaN."""
        begins = self.run.style_years.set_index("style")["begins"]
        known = begins.reindex(list(self.run.classes("style"))).to_frame()
        later = find_later(self.years, known, CaseSettings())
        lags = compute_lags(self.seen, self.labels, self.right, later)
        return np.where(np.isnan(lags), np.nan, lags > 0)

    @cached_property
    def style_years(self) -> dict[str, dict[str, Any]]:
        records = self.run.style_years.to_dict("records")
        return {str(each["style"]): {str(k): v for k, v in each.items()} for each in records}

    @cached_property
    def copies(self) -> pd.DataFrame:
        pairs = self.run.pairs
        return pairs[pairs["verified"] & pairs["labels_disagree"]]

    @cached_property
    def files(self) -> pd.Series:
        """How often each file name occurs."""
        return (
            self.run.paintings["key"]
            .map(lambda key: PurePosixPath(key).name)
            .pipe(lambda names: names.map(names.value_counts()))
        )

    def has(self, style: str) -> np.ndarray:
        """(N,) bool: the painting is labelled ``style``, of several or alone."""
        return np.array([style in labels for labels in self.every])

    def count_others(self, row: int, holds: np.ndarray) -> range:
        """Between the artist's other works that hold, copies left out, and with them."""
        mine = (self.artists == self.artists[row]) & holds
        mine[row] = False
        apart = mine & (self.groups != self.groups[row])
        return range(int(apart.sum()), int(mine.sum()) + 1)

    def weigh_years(self, row: int) -> np.ndarray:
        """(N,) how near in years other artists' works are, 0 to 1; 0 where undated."""
        near = 1 / (1 + ((self.years - self.years[row]) / SPREAD_YEARS) ** 2)
        by_others = (self.artists != self.artists[row]) | (self.artists < 0)
        return np.where(by_others & ~np.isnan(near), near, 0)

    def span(self, row: int, style: str) -> set[tuple[int, int]]:
        """First and last year of the artist's other works of ``style``, copies out or in."""
        mine = (self.artists == self.artists[row]) & self.has(style) & ~np.isnan(self.years)
        mine[row] = False
        spans = set()
        for rows in (mine, mine & (self.groups != self.groups[row])):
            if rows.any():
                spans.add((int(self.years[rows].min()), int(self.years[rows].max())))
        return spans


def _answer(told: Values, row: int, is_: Witness) -> bool:
    if "predicted" not in told:
        return True
    sure = abs(told["confidence"] - is_.confidence[row]) <= NEAR
    return bool(told["predicted"] == is_.predicted[row] and sure)


def _oeuvre(told: Values, row: int, is_: Witness) -> bool:
    counts = {"works": is_.labels >= 0, "given_works": is_.has(told["given"])}
    if "other" in told:
        counts["other_works"] = is_.has(told["other"])
    artist = is_.run.paintings["artist"].iloc[row]
    return told["artist"] == artist and all(
        told[name] in is_.count_others(row, holds) for name, holds in counts.items()
    )


def _oeuvre_elsewhere(told: Values, row: int, is_: Witness) -> bool:
    same = (is_.has(told["given"])) & ~np.isnan(is_.away)
    works, elsewhere = told["works"], told["elsewhere"]
    return (
        works in is_.count_others(row, same)
        and elsewhere in is_.count_others(row, same & (is_.away == 1))
        and works >= LEAST_FELLOWS
        and 2 * elsewhere > works
    )


def _outside_years(told: Values, row: int, is_: Witness) -> bool:
    if told["edge"] not in ("begins", "ends") or told["style"] not in is_.style_years:
        return False
    style, year = is_.style_years[told["style"]], told["year"]
    edge = style[told["edge"]]
    if pd.isna(edge):
        return False
    beyond = year < edge if told["edge"] == "begins" else year > edge
    beyond &= style["begins"] <= style["ends"]
    return (
        year == is_.years[row]
        and told["edge_year"] == round(edge)
        and bool(beyond)
        and _is_dated(told["dated"], style)
    )


def _period(told: Values, row: int, is_: Witness) -> bool:
    dated = (
        _is_dated(told[f"{which}_dated"], is_.style_years[told[which]])
        for which in ("given", "other")
    )
    near = is_.weigh_years(row)
    mine, other = (
        near[is_.has(told[which])].sum() / is_.has(told[which]).sum()
        for which in ("given", "other")
    )
    return told["year"] == is_.years[row] and bool(other > mine) and all(dated)


def _is_dated(share: float, style: Values) -> bool:
    real = style["dated"] / max(style["works"], 1)
    return abs(share - real) <= NEAR and real >= LEAST_DATED


def _phase_apart(told: Values, row: int, is_: Witness) -> bool:
    first, last, year = told["first"], told["last"], told["year"]
    apart = year < first - SAME_PHASE or year > last + SAME_PHASE
    return year == is_.years[row] and apart and (first, last) in is_.span(row, told["given"])


def _phase(told: Values, row: int, is_: Witness) -> bool:
    first, last = told["first"], told["last"]
    other = told["other_first"], told["other_last"]
    fits = first - SAME_PHASE <= is_.years[row] <= last + SAME_PHASE
    spans = (first, last) in is_.span(row, told["given"]) and other in is_.span(row, told["other"])
    return bool(fits and spans)


def _neighbours(told: Values, row: int, is_: Witness) -> bool:
    kept = is_.run.counted_neighbours
    if kept is None:
        return True
    near = kept[row][kept[row] >= 0]
    hands = np.where(is_.artists[near] >= 0, is_.artists[near], -1 - near)
    shares = (
        abs(told[f"{which}_share"] - np.mean(is_.has(told[which])[near])) <= NEAR
        for which in ("given", "other")
    )
    agrees = told["other_share"] != told["given_share"]
    return agrees and told["artists"] == len(set(hands.tolist())) and all(shares)


def _copy(told: Values, row: int, is_: Witness) -> bool:
    pairs = is_.copies
    others = [*pairs.loc[pairs["left"] == row, "right"], *pairs.loc[pairs["right"] == row, "left"]]
    has = is_.has(told["label"])
    return bool(has[others].any() and not has[row])


def _filed_twice(told: Values, row: int, is_: Witness) -> bool:
    return not told and is_.files.iloc[row] > 1


def _novelty(told: Values, row: int, is_: Witness) -> bool:
    value = is_.run.findings["novelty"].iloc[row]
    return abs(told["value"] - value) <= NEAR and value >= UNLIKE


def _dynamics(told: Values, row: int, is_: Witness) -> bool:
    margins = is_.run.dynamics[row]
    return not told and bool(margins.any()) and not (margins > 0).any()


def _medium(told: Values, row: int, is_: Witness) -> bool:
    return bool(told["medium"] == is_.run.findings["medium"].iloc[row])


def _further(told: Values, row: int, is_: Witness) -> bool:
    classes = is_.run.classes("style")
    if told["label"] not in is_.every[row][1:]:
        return False
    chance = is_.run.probabilities("style")[row, classes.index(told["label"])]
    guess = told.get("guess", 1 / len(classes))
    return abs(told.get("share", chance) - chance) <= NEAR and guess == 1 / len(classes)


def _missing(told: Values, row: int, is_: Witness) -> bool:
    findings = is_.run.findings.loc[row]
    chance = is_.run.probabilities("style")[row].max()
    is_sure = chance >= is_.run.manifest.thresholds.confidence - NEAR
    fits = is_.losses[row] < is_.run.manifest.thresholds.loss
    is_named = (
        told["label"]
        == findings["missing_label"]
        == is_.run.predictions("style").at[row, "predicted"]
    )
    return bool(
        is_named
        and told["label"] not in is_.every[row]
        and abs(told["share"] - chance) <= NEAR
        and is_sure
        and fits
    )


def _depth(told: Values, row: int, is_: Witness) -> bool:
    vocabulary, answer = is_.run.vocabulary, is_.predicted[row]
    if vocabulary is None or answer != told["label"] or answer in is_.every[row]:
        return False
    found = {vocabulary.compare(str(each), answer) for each in is_.every[row]}
    return told["depth"] == is_.run.findings["depth"].iloc[row] and told["depth"] in found


CHECKS: Final[dict[str, Callable[[Values, int, Witness], bool]]] = {
    ANSWER: _answer,
    "further": _further,
    "missing": _missing,
    "depth": _depth,
    "oeuvre": _oeuvre,
    "oeuvre elsewhere": _oeuvre_elsewhere,
    "outside years": _outside_years,
    "period": _period,
    "phase apart": _phase_apart,
    "phase": _phase,
    "neighbours": _neighbours,
    "copy": _copy,
    "filed twice": _filed_twice,
    "novelty": _novelty,
    "dynamics": _dynamics,
    "medium": _medium,
}


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    console, is_true = Console(width=150), True
    for folder in sys.argv[1:]:
        run = open_run(Path(folder))
        counts, untrue = check_reasons(run)
        untrue += list(find_untrue_cases(run))
        table = Table("kind", "sentences", title=run.run_id)
        for kind in CHECKS:
            table.add_row(kind, f"{counts[kind]:,}")
        console.print(table)
        console.print(f"{len(run.cases)} cases; {len(untrue)} sentences are not so")
        console.print(*untrue[:SHOWN], sep="\n")
        is_true &= not untrue
    raise SystemExit(not is_true)


def is_so(reason: Reason, row: int, witness: Witness) -> bool:
    """Whether the run's files bear out what ``reason`` says of the painting ``row``."""
    told = reason.values
    if "given" in told and told["given"] != witness.given[row]:
        return False
    if not {told[name] for name in ("other", "style") if name in told} <= set(witness.style_years):
        return False
    return CHECKS[reason.kind](told, row, witness)


def check_reasons(run: Run) -> tuple[Counter[str], list[str]]:
    """How many reasons of each kind ``run`` gives, and those that its files do not bear out."""
    witness, counts, untrue = Witness(run), Counter[str](), []
    for row, reasons in enumerate(run.read_reasons(np.arange(len(run)))):
        for reason in reasons:
            counts[reason.kind] += 1
            if not is_so(reason, row, witness):
                untrue.append(f"{run.paintings['key'].iloc[row]}: {reason.kind} {reason.values}")
    return counts, untrue


def find_untrue_cases(run: Run) -> Iterator[str]:
    """Cases of artists whose figures are not those of their works."""
    witness, settings = Witness(run), CaseSettings()
    group = run.findings["duplicate_group"].to_numpy()
    names = run.paintings["artist"].to_numpy(dtype=object)
    for case in run.cases[run.cases["kind"] == "artist"].to_dict("records"):
        if pd.isna(case["observed"]):
            continue
        is_ahead = case["type"] == ARGUABLE
        away = witness.ahead if is_ahead else witness.away
        rows = np.flatnonzero((names == case["subject"]) & ~np.isnan(away))
        works = pd.DataFrame({"label": witness.labels[rows], "group": group[rows]})
        rows = rows[~(works.duplicated() & (works["group"] >= 0)).to_numpy()]
        fits = len(rows) == case["works"]
        fits &= abs(away[rows].mean() - case["observed"]) <= NEAR
        proven = is_proven(case["type"], case, settings)
        moves = case["type"] == "mixed oeuvre"
        quiet = choose_quiet_type(case, moves, settings)
        fits &= (case["type"] != quiet or moves) if proven else case["type"] == quiet
        if not fits:
            yield case["sentence"]


if __name__ == "__main__":
    main()
