"""A day with a museum's table, as docs/worked-day.md tells it: export, verdicts, change file, and
the next export, in which the corrections have arrived.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from core.artifacts import open_run
from core.reviews import Entry, open_log
from tests.dashboard.conftest import reading
from tests.dashboard.pages import open_page, text_of
from tests.training.conftest import PATTERNS, paint_patterns

ROOT = Path(__file__).parents[2]
HEAD = ["Inv.-Nr.", "Datei", "Künstler", "Movement", "Ort"]
PLANTED = 6
VERDICTS = 20
COLUMNS = "--key-column Inv.-Nr. --file-column Datei --label-column Movement"
SMALL = (
    "--profile quick --image-size 64 --batch-size 12 --folds 2 --frozen-epochs 4 --workers 1 "
    "--neighbours 5 --min-artist-works 5"
)


def run_command(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def find_published(told: str) -> Path:
    """The folder that the last line on it names."""
    return Path([line for line in told.splitlines() if line.startswith("Published ")][-1][10:])


def export(scans: Path, wrong: set[int]) -> list[list[str]]:
    """The museum's rows; those of the numbers ``wrong`` under another movement."""
    files = sorted(path.relative_to(scans).as_posix() for path in scans.rglob("*.jpg"))
    rows = []
    for number, file in enumerate(files):
        style = file.partition("/")[0].lower()
        if number in wrong:
            style = PATTERNS[(PATTERNS.index(style) + 1) % len(PATTERNS)]
        artist = f"Müller {number % 5}"
        rows.append([f"{number:04d}", file, artist, style.title(), 'Halle 3, "Ost"'])
    return rows


def write(file: Path, rows: list[list[str]]) -> Path:
    with file.open("w", encoding="cp1252", newline="") as opened:
        csv.writer(opened, delimiter=";", lineterminator="\r\n").writerows([HEAD, *rows])
    return file


def apply_changes(table: Path, changes: Path, result: Path) -> None:
    """What a museum does with the change file: ten lines of its own."""
    with changes.open(encoding="cp1252", newline="") as opened:
        wanted = {
            (row["Inv.-Nr."], row["field"]): row for row in csv.DictReader(opened, delimiter=";")
        }
    with table.open(encoding="cp1252", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter=";"))
    for row in rows:
        for field in row:
            change = wanted.get((row["Inv.-Nr."], field))
            if change is not None and row[field] == change["old"]:
                row[field] = change["new"]
    write(result, [list(row.values()) for row in rows])


def judge(run_folder: Path, truth: dict[str, str]) -> dict[str, str]:
    """A curator's verdicts on the most doubted works; what they correct, by key."""
    run = open_run(run_folder)
    order = run.findings["score"].sort_values(ascending=False).index[:VERDICTS]
    entries, corrected = [], {}
    for row in order:
        key, given = str(run.paintings.at[row, "key"]), str(run.paintings.at[row, "given_style"])
        is_wrong = truth[key] != given
        if is_wrong:
            corrected[key] = truth[key]
        entries.append(
            Entry(
                key=key,
                content_hash=str(run.paintings.at[row, "content_hash"]),
                task="movement",
                given=given,
                verdict="wrong" if is_wrong else "right",
                proposed=truth[key] if is_wrong else None,
                reviewer="Ada",
                run_id=run.run_id,
                model_hash=run.manifest.files["model.safetensors"].sha256,
            )
        )
    with closing(open_log(run_folder.parent / "reviews.sqlite")) as log:
        log.record(entries)
    return corrected


@pytest.mark.slow
@pytest.mark.long
def test_a_day_from_one_export_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scans = paint_patterns(tmp_path / "scans")
    wrong = {int(n) for n in np.random.default_rng(3).choice(42, PLANTED, replace=False)}
    truth = {row[0]: row[3] for row in export(scans, set())}
    before = write(tmp_path / "works-april.csv", export(scans, wrong))
    artifacts = tmp_path / "artifacts"
    pictures, mapping = ["--images", str(scans)], str(tmp_path / "works.toml")
    run_command(
        *("train.py", str(before), *pictures, "--dry-run", "--save-mapping", mapping),
        *COLUMNS.split(),
    )
    common = [*pictures, "--mapping", mapping, "--artifacts", str(artifacts)]
    told = run_command("train.py", str(before), *common, *SMALL.split())
    first = find_published(told)

    corrected = judge(ROOT / first, truth)
    assert len(corrected) >= PLANTED // 2  # the queue begins with what is wrong
    reviews, folder = str(artifacts / "reviews.sqlite"), tmp_path / "corrections"
    run_command(
        *("-m", "core.reviews", "--reviews", reviews, "changes", str(first), str(folder)),
        *("--against", str(before)),
    )
    after = tmp_path / "works-corrected.csv"
    apply_changes(before, folder / "changes.csv", after)
    changed = [
        (old, new)
        for old, new in zip(
            before.read_bytes().splitlines(), after.read_bytes().splitlines(), strict=True
        )
        if old != new
    ]
    assert len(changed) == len(corrected)
    apply_changes(after, folder / "undo.csv", tmp_path / "undone.csv")
    assert (tmp_path / "undone.csv").read_bytes() == before.read_bytes()

    paint_patterns(tmp_path / "new", works=1, seed=9)
    for style in PATTERNS:
        (picture,) = (tmp_path / "new" / style.title()).iterdir()
        picture.rename(scans / f"new-{style}.jpg")
    kept = [line.split(";") for line in after.read_text("cp1252").splitlines()[1:]]
    fresh = [[f"9{n}", f"new-{s}.jpg", "Neu", s.title(), "Depot"] for n, s in enumerate(PATTERNS)]
    rows = [[*row[:4], 'Halle 3, "Ost"'] for row in kept]
    may = write(tmp_path / "works-may.csv", [*rows, *fresh])
    told = run_command(
        *("train.py", str(may), *common, "--since", str(first), "--verdicts", reviews)
    )
    second = find_published(told)
    since = open_run(ROOT / second).manifest.since
    assert since is not None
    assert (since.known, since.fresh, since.relabelled) == (42, 3, len(corrected))
    assert (since.arrived, since.waiting) == (len(corrected), 0)

    with reading(artifacts, monkeypatch):
        text = text_of(open_page("compare", run=second.name, other=first.name))
    assert f"Corrections that arrived in the collection: {len(corrected)}" in text
