"""Paint the demo collection: plan it, paint it in parallel, write the catalogue and the truth.

    from core.studio import paint_collection
    paint_collection(Path("artifacts/studio"))

The folder holds images/<Style>/<painter>_<title>-<year>.jpg, paintings.csv, truth.csv and, written
last, studio.json. Everything is made in a sibling folder and renamed: a crash leaves nothing half
made.
"""

import csv
import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from core.errors import UserError
from core.studio.easel import save_work
from core.studio.painters import PAINTERS
from core.studio.planted import compute_amounts, plant
from core.studio.works import Work, plan_oeuvre, share_out

VERSION = 1  # raise when the same seed no longer paints the same bytes
SMALLEST = 30  # works: room for one of everything that is planted
_COLUMNS = ("key", "file", "title", "artist", "year", "style", "genre")
_TRUTH_COLUMNS = ("key", "kind", "true_style", "given_style", "partner")


class StudioError(UserError):
    """The collection cannot be painted as asked."""


def paint_collection(
    root: Path,
    works: int = 1280,
    seed: int = 7,
    workers: int | None = None,
    on_painted: Callable[[int, int], None] | None = None,
) -> Path:
    """Paint a collection of `works` works into `root`, unless it is there already; return `root`.

    The same seed gives the same bytes whatever `workers` is (default: one a CPU).
    `on_painted(done, total)` is called after each work.

    Raises:
        StudioError: fewer than 30 works, a negative seed, or `root` holds something else.
    """
    root = Path(root)
    _check(root, works, seed)
    marker = {"seed": seed, "works": works, "version": VERSION}
    if _load_marker(root) == marker:
        return root
    plan = plan_collection(works, seed)
    root.parent.mkdir(parents=True, exist_ok=True)
    unfinished = root.parent / f".{root.name}.{os.getpid()}.unfinished"
    try:
        _make_folders(unfinished, plan)
        for done, _ in enumerate(_paint_all(unfinished, plan, seed, workers), 1):
            if on_painted is not None:
                on_painted(done, len(plan))
        _save_catalogue(unfinished, plan)
        (unfinished / "studio.json").write_text(json.dumps(marker) + "\n", encoding="utf-8")
        _put_in_place(unfinished, root)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return root


def plan_collection(works: int, seed: int) -> list[Work]:
    """Every work of the collection, planted ones included, before anything is painted."""
    rng = np.random.default_rng([seed, works])
    amounts = compute_amounts(works)
    counts = share_out(works - amounts.duplicates, amounts.cases, rng)
    originals = [
        work for painter in PAINTERS for work in plan_oeuvre(painter, counts[painter.name], seed)
    ]
    return plant(rng, originals, amounts)


def _check(root: Path, works: int, seed: int) -> None:
    if works < SMALLEST:
        raise StudioError("works is too small", found=str(works), expected=f"{SMALLEST} or more")
    if seed < 0:
        raise StudioError("seed is negative", found=str(seed), expected="0 or more")
    if root.exists() and _load_marker(root) is None and (root.is_file() or any(root.iterdir())):
        raise StudioError(
            f"{root} holds something other than a painted collection",
            expected="an empty or missing folder",
            remedy="Name another folder, or move what is there.",
        )


def _load_marker(root: Path) -> dict[str, int] | None:
    """The marker of a finished collection, or None where there is none."""
    try:
        marker = json.loads((root / "studio.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return marker if isinstance(marker, dict) else None


def _make_folders(folder: Path, plan: list[Work]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for style in {work.given_style for work in plan}:
        (folder / "images" / style).mkdir(parents=True)


def _paint_all(folder: Path, plan: list[Work], seed: int, workers: int | None) -> Iterator[None]:
    """Paint every work, here or in worker processes, in the plan's order."""
    paint = partial(save_work, folder=folder, seed=seed)
    count = workers or os.cpu_count() or 1
    if count == 1:
        yield from map(paint, plan)
        return
    # Spawned, so that painting from a threaded server is safe.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context) as pool:
        try:
            yield from pool.map(paint, plan, chunksize=8)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _save_catalogue(folder: Path, plan: list[Work]) -> None:
    """paintings.csv for everyone, truth.csv for those who check findings against it."""
    rows = [(w.key, w.file, w.title, w.painter, w.year, w.given_style, w.genre) for w in plan]
    _save_csv(folder / "paintings.csv", _COLUMNS, sorted(rows))
    truth = [(w.key, w.kind, w.made_style, w.given_style, w.partner) for w in plan if w.kind]
    _save_csv(folder / "truth.csv", _TRUTH_COLUMNS, sorted(truth))


def _save_csv(path: Path, columns: Iterable[str], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _put_in_place(finished: Path, root: Path) -> None:
    """Rename the finished folder to `root`; an older collection there steps aside first."""
    old = finished.with_suffix(".old")
    if root.exists():
        root.rename(old)
    finished.rename(root)
    shutil.rmtree(old, ignore_errors=True)
