"""Train on a collection of paintings and publish a run for the dashboard.

python train.py ~/wikiart --labels ~/wikiart-labels
python train.py museum.csv --label-column movement
python train.py demo
torchrun --nproc-per-node 4 train.py ~/wikiart
python train.py ~/wikiart --dry-run
python train.py museum-may.csv --since artifacts/museum-20260401-120000
"""

from __future__ import annotations

import os
import sys

from core.collection.doctor.examine import examine
from core.collection.doctor.report import describe_examination
from core.collection.mapping import save_mapping
from core.command_line import parse_arguments
from core.errors import UserError
from core.fetch.collection import describe_unfetched, refuse_elsewhere
from core.training.accounting import write_account
from core.training.config import TrainConfig
from core.version import answer_version

# OpenMP threads that spin while waiting make training many times slower on a machine with other
# work; passive waiting costs nothing measurable. Read when torch is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def main() -> int:
    """Exit status: 0 on success, 2 for an error that the user can fix, 130 if stopped."""
    answer_version()
    try:
        config = parse_arguments(TrainConfig, __doc__)
        if config.dry_run:
            for each in config.list_fields():
                _dry_run(each)
            return 0
        if config.since is not None:
            from core.update.run import update_run

            sys.stdout.write(f"Published {update_run(config, config.since)}\n")
            return 0
        # torch takes seconds to import; --help needs none
        from core.training.fields import train_fields

        folders = train_fields(config)
    except UserError as error:
        sys.stderr.write(f"train.py: {error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. The same command resumes from the last finished piece.\n")
        return 130
    for folder in folders:  # of the main process
        sys.stdout.write(f"Published {folder}\n")
    if folders:
        sys.stdout.write("Browse it: make dashboard\n")
    return 0


def _dry_run(config: TrainConfig) -> None:
    """Prints what the collection is, which takes a moment, then what training it would need.

    Raises ``UserError`` in between for questions that are open.
    """
    refuse_elsewhere(config.collection)
    examination = examine(config.collection)
    unfetched = describe_unfetched(config.collection)
    if int(os.environ.get("RANK", "0")) == 0:  # of the processes that torchrun starts
        sys.stdout.write(describe_examination(examination))
        sys.stdout.flush()
        if config.account is not None:
            write_account(examination.account, config.account)
        if config.save_mapping is not None:
            save_mapping(config.save_mapping, examination.require_table().as_mapping())
        if unfetched:
            sys.stdout.write(f"\n{unfetched}\n")
            sys.stdout.flush()
    if unfetched and examination.hindrance is not None and not examination.questions:
        sys.stdout.write("What it needs besides is known once they are there.\n")
        return
    paintings = examination.require_paintings()
    from core.training.dry_run import describe_dry_run

    needs = describe_dry_run(
        config, examination.name, paintings, examination.reader, examination.word
    )
    sys.stdout.write(f"\n{needs}" if needs else "")


if __name__ == "__main__":
    sys.exit(main())
