"""Classify pictures from the command line.

python -m core.classify painting.jpg
python -m core.classify *.jpg scans.zip --json
python -m core.classify painting.jpg --run artifacts/wikiart-20260101-120000
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from core.artifacts import Run, RunMissing, list_runs, open_run
from core.classify.batch import BatchItem, show_name, unpack
from core.classify.classifier import Classifier
from core.classify.report import Refusal, Report, build_report
from core.classify.service import ClassifyService
from core.command_line import parse_arguments
from core.errors import UserError
from core.images.guard import DecodingGuard, GuardLimits
from core.images.loaded import ImageRefused
from core.sizes import UPLOAD_MEGAPIXELS, require_megapixels
from core.text import class_name, percent
from core.version import answer_version

SHOWN_NEIGHBOURS = 3


@dataclass(frozen=True)
class Options:
    """The pictures to classify, and the run to use."""

    images: Annotated[tyro.conf.Positional[tuple[Path, ...]], tyro.conf.arg(metavar="IMAGE ...")]
    """Picture files, or zip files of pictures."""
    run: str | None = None
    """Id or folder of a run; the newest by default."""
    artifacts: Path = Path("artifacts")
    """Folder of the runs."""
    max_megapixels: float = UPLOAD_MEGAPIXELS
    """Largest picture that may be held in memory whole; one stored in parts may have 1,000."""
    json: bool = False
    """Print one line of JSON per picture."""

    def __post_init__(self) -> None:
        if not self.images:
            raise UserError("No picture is named", remedy="python -m core.classify painting.jpg")
        require_megapixels(self.max_megapixels)


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 if every picture was classified, 1 if some were refused, 2 without a run."""
    answer_version(arguments)
    try:
        options = parse_arguments(Options, __doc__, "python -m core.classify", arguments)
        run = find_run(options.artifacts, options.run)
        classifier = Classifier(run)
        refused = 0
        limits = GuardLimits.of(options.max_megapixels)
        with closing(DecodingGuard(limits, children=1)) as guard:
            for entry in _answer_all(options.images, classifier, ClassifyService(guard)):
                refused += isinstance(entry, Refusal)
                text = entry.model_dump_json() if options.json else describe(entry)
                sys.stdout.write(f"{text}\n")
                sys.stdout.flush()
    except UserError as error:
        sys.stderr.write(f"core.classify: {error}\n")
        return 2
    return 1 if refused else 0


def find_run(artifacts: Path, name: str | None) -> Run:
    """The run at the path or with the id ``name``; the newest that opens for None."""
    if name is not None:
        beside = artifacts / name
        return open_run(beside if beside.is_dir() else Path(name))
    for entry in list_runs(artifacts):
        if entry.error is None:
            return open_run(artifacts / entry.run_id)
    raise RunMissing(
        f"{artifacts} holds no run that opens",
        remedy="Train one: make train DATA=<folder of paintings>; or name one with --run.",
    )


def describe(entry: Report | Refusal) -> str:
    """A few lines for a person."""
    if isinstance(entry, Refusal):
        return f"{entry.name}: refused, {entry.reason}"
    lines = [f"{entry.name}: {entry.note}" if entry.note else entry.name]
    for task, answers in entry.answers.items():
        named = (f"{class_name(each.label)} {percent(each.probability)}" for each in answers)
        title = entry.word if task == "style" else task
        lines.append(f"  {title.capitalize():<9} {', '.join(named)}")
    if entry.novelty is not None and entry.novelty.unlike:
        lines.append(
            f"  Unlike anything here: novelty {entry.novelty.value:.2f}, and the collection's own "
            "ends at 1. The answer is unreliable."
        )
    near = (
        f"{each.title or 'Untitled'} ({each.artist or 'unknown artist'})"
        for each in entry.neighbours[:SHOWN_NEIGHBOURS]
    )
    lines.append(f"  {'Nearest':<9}{'; '.join(near)}")
    return "\n".join(lines)


def _answer_all(
    paths: Iterable[Path], classifier: Classifier, service: ClassifyService
) -> Iterator[Report | Refusal]:
    for path in paths:
        try:
            for item in unpack(path.name, path.read_bytes()):
                yield _answer(item, classifier, service)
        except ImageRefused as refusal:
            yield Refusal(name=show_name(path.name), reason=refusal.reason)
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}"
            yield Refusal(name=show_name(path.name), reason=reason)


def _answer(item: BatchItem, classifier: Classifier, service: ClassifyService) -> Report | Refusal:
    if item.reason:
        return Refusal(name=item.name, reason=item.reason)
    try:
        return build_report(classifier.run, item.name, service.classify(classifier, item.data))
    except ImageRefused as refusal:
        return Refusal(name=item.name, reason=refusal.reason)


if __name__ == "__main__":
    sys.exit(main())
