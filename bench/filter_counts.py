"""Server time of filters, counts, order, one page of the gallery, and searches, at WikiArt's size.

    python -m bench.filter_counts [--rows 81444]

The table is synthetic, with WikiArt's number of values in each column. Medians of 20, in processor
time, which other work on the machine does not affect.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from core.findings.labels.reasons import Told
from core.label_word import STYLE
from dashboard.components.gallery import build_gallery
from dashboard.selection.facet_kinds import Range
from dashboard.selection.faceted_table import Counting, FacetedTable
from dashboard.selection.facets import list_offered
from dashboard.selection.filters import Filters, place_quadrants
from dashboard.selection.order import keep_order, order_paintings, take_gallery_page
from dashboard.selection.preparation import prepare_facets
from dashboard.selection.suggestions import suggest

REPEATS = 20
FILTERS: dict[str, Filters] = {
    "none": {},
    "one style": {"given": ("style 3",)},
    "six": {
        "given": ("style 3", "style 4"),
        "quadrant": ("genuine outlier", "hard example"),
        "years": ("1850..1920", "unknown"),
        "novelty": ("0.1..",),
        "duplicates": ("copies",),
        "text": ("painting artist",),
    },
}

SEARCHES = (
    "painting",
    "artist 7 1850",
    '"painting no 12" -given:"style 1"',
    'artist:"artist 7" 1850..1900',
    'given:"style 3"',
    "title:no",
)

TOLD = Told(("Labelled so; the model sees otherwise.", "Of 12 other works none is."), ())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=81_444)
    table = make_table(parser.parse_args().rows)
    print(f"{len(table):,} rows; milliseconds of processor time, medians of {REPEATS}\n")
    print("| filters | quadrants | counts | filter | order | cards of the page | all |")
    print("|---|---|---|---|---|---|---|")
    for name, filters in FILTERS.items():
        times = measure(table, filters)
        cells = " | ".join(f"{1000 * t:.1f}" for t in [*times, sum(times)])
        print(f"| {name} | {cells} |")
    print("\n| search | found | finding them | suggesting |\n|---|---|---|---|")
    for text in SEARCHES:
        found = FacetedTable(table).find_rows({"text": (text,)})
        times = measure_search(table, text)
        cells = " | ".join(f"{1000 * t:.1f}" for t in times)
        print(f"| `{text}` | {len(found):,} | {cells} |")


def measure_search(table: pd.DataFrame, text: str) -> list[float]:
    """Seconds of processor time to find what ``text`` asks for, and to complete its last term."""
    return [
        median(lambda: FacetedTable(table).find_rows({"text": (text,)})),
        median(lambda: suggest(table, text, STYLE)),
    ]


def measure(table: pd.DataFrame, filters: Filters) -> list[float]:
    """Seconds of processor time of each step, in the order of the page."""
    placed = place_quadrants(table, 3.3, 0.6)
    rows = FacetedTable(placed).find_rows(filters)
    offered = list_counted(placed)
    order = order_paintings(placed, "score")
    ordered = keep_order(order, rows)
    shown = take_gallery_page(ordered, 2, 24)
    opened = iter([open_page(placed, offered) for _ in range(REPEATS)])

    def count_all() -> None:
        page = next(opened)
        for facet in offered:
            page.count(facet, filters)

    return [
        median(lambda: place_quadrants(table, 3.3, 0.6)),
        median(count_all),
        median(lambda: FacetedTable(placed).find_rows(filters)),
        median(lambda: keep_order(order, rows)),
        median(lambda: build_gallery(placed, shown, [TOLD] * len(shown), "run", str)),
    ]


def list_counted(table: pd.DataFrame) -> list[Counting]:
    """What is offered and counted, ranges from end to end, as ``OpenRun.facets``."""
    return [
        replace(each, bounds=each.ends(table)) if isinstance(each, Range) else each
        for each in list_offered(table)
        if isinstance(each, Counting)
    ]


def open_page(table: pd.DataFrame, offered: list[Counting]) -> FacetedTable:
    """As it is before something is chosen, everything counted."""
    page = FacetedTable(table)
    for facet in offered:
        page.count(facet, {})
    return page


def median(step: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.thread_time()
        step()
        times.append(time.thread_time() - start)
    return statistics.median(times)


def make_table(rows: int) -> pd.DataFrame:
    """Rows with the columns that the pages read, and 20 more of numbers."""
    rng = np.random.default_rng(0)
    confidence = rng.random(rows).astype(np.float32)
    years = pd.array(rng.integers(1400, 2000, rows), dtype="Int16")
    years[rng.random(rows) < 0.4] = pd.NA
    return prepare_facets(
        pd.DataFrame(
            {
                "key": [f"style/artist_title-{i}.jpg" for i in range(rows)],
                "title": [f"Painting no {i}" for i in range(rows)],
                "artist": _names("Artist", 1119, rows, rng),
                "year": years,
                "given": _names("style", 27, rows, rng),
                "predicted": _names("style", 27, rows, rng),
                "given_genre": _names("genre", 10, rows, rng),
                "medium": _names("medium", 6, rows, rng),
                "quadrant": "typical",
                "confidence": confidence,
                "loss": -np.log(rng.random(rows) * confidence + 1e-6).astype(np.float32),
                "score": rng.random(rows).astype(np.float32),
                "novelty": rng.random(rows).astype(np.float32),
                "duplicate_group": np.where(rng.random(rows) < 0.1, 1, -1).astype(np.int32),
                "duplicate_disagrees": rng.random(rows) < 0.01,
                "filed_twice": rng.random(rows) < 0.02,
                **{f"number_{i}": rng.random(rows).astype(np.float32) for i in range(20)},
            }
        )
    )


def _names(stem: str, count: int, rows: int, rng: np.random.Generator) -> list[str]:
    return [f"{stem} {i}" for i in rng.zipf(1.3, rows) % count]


if __name__ == "__main__":
    main()
