"""Contact sheets of a run: its top outliers, its cases, or any list of paintings.

python -m core.export.sheets artifacts/<run> sheets    # a PNG a page and a PDF of each
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import tyro
from PIL import Image

from core.artifacts import Run, open_run
from core.command_line import parse_arguments
from core.errors import UserError
from core.export.contact_sheets import Plate, build_pages, encode_pdf, encode_png
from core.findings.cases.sentences import name_case
from core.findings.labels.reasons import tell_rows
from core.text import painting_byline, painting_title
from core.version import answer_version

OUTLIERS: Final = 30
PICTURE_SIDE: Final = 320  # pixels: slightly more than a plate shows of a picture


def draw_paintings(
    run: Run, rows: Iterable[int], heading: str, lead: str = "", filters: str = ""
) -> list[Image.Image]:
    """Pages with the paintings ``rows`` in that order: picture, artist, year, given and seen label.

    At the foot of each stand the run, the ``filters`` in words, if any, and today's date.

    Raises ``ArtifactBroken`` when a picture of the store is missing or damaged.
    """
    listed = [int(row) for row in rows]
    told = [each.against[0] for each in tell_rows(run, listed)]
    plates = [_make_plate(run, row, text) for row, text in zip(listed, told, strict=True)]
    today = datetime.now(UTC).date().isoformat()
    foot = " · ".join(filter(None, (f"Run {run.run_id}", filters, today)))
    return build_pages(heading, plates, lead, foot=foot)


def draw_outliers(run: Run, count: int = OUTLIERS) -> list[Image.Image]:
    """Pages with the ``count`` most suspicious paintings, the most suspicious first."""
    rows = run.findings["score"].dropna().sort_values(ascending=False, kind="stable").index[:count]
    name = run.manifest.collection.name
    return draw_paintings(run, rows, f"{name}: the {len(rows)} labels most in doubt")


def draw_case(run: Run, case: str) -> list[Image.Image]:
    """Pages with the most telling works of ``case`` (``cases.case``), its sentence above them."""
    facts = run.cases.set_index("case").loc[case].to_dict()
    heading = f"{name_case(facts)}: {facts['type']}"
    return draw_paintings(run, run.case_rows(case), heading, str(facts["sentence"]))


def save_sheets(run: Run, folder: Path) -> list[Path]:
    """Writes the outliers and every case that has works below ``folder``; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    saved: list[Path] = []
    for name, pages in _draw_all(run):
        saved.append(folder / f"{name}.pdf")
        saved[-1].write_bytes(encode_pdf(pages, name))
        for number, page in enumerate(pages, start=1):
            saved.append(folder / f"{name}-{number}.png")
            saved[-1].write_bytes(encode_png(page))
    return saved


def _draw_all(run: Run) -> Iterator[tuple[str, list[Image.Image]]]:
    yield "outliers", draw_outliers(run)
    for case in run.cases.loc[run.cases["rows"].map(len) > 0, "case"]:
        yield name_file(case), draw_case(run, case)


def _make_plate(run: Run, row: int, reason: str) -> Plate:
    painting = run.paintings.loc[row].to_dict()
    return Plate(
        run.load_image(row, PICTURE_SIDE),
        painting_byline(painting),
        painting_title(painting),
        reason,
    )


def name_file(text: str) -> str:
    """``"artist:Jackson Pollock"`` -> ``"artist-jackson-pollock"``."""
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


@dataclass(frozen=True)
class Options:
    """The run, and the folder of its contact sheets."""

    run: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="RUN")]
    """Folder of the run."""
    folder: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="FOLDER")]
    """Folder to write the contact sheets to; created if missing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 on success, 2 for an error that the user can fix."""
    answer_version(arguments)
    options = parse_arguments(Options, __doc__, "python -m core.export.sheets", arguments)
    try:
        saved = save_sheets(open_run(options.run), options.folder)
    except UserError as error:
        sys.stderr.write(f"sheets: {error}\n")
        return 2
    sys.stdout.write(f"{len(saved)} files in {options.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
