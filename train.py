"""Train on a collection of paintings and publish a run for the dashboard.

python train.py ~/wikiart --labels ~/wikiart-labels
python train.py museum.csv --style-column movement
python train.py demo
torchrun --nproc-per-node 4 train.py ~/wikiart
python train.py ~/wikiart --dry-run
"""

from __future__ import annotations

import os
import sys

from core.command_line import parse_arguments
from core.errors import UserError
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
        # torch takes seconds to import; --help needs none
        if config.dry_run:
            from core.training.dry_run import describe_dry_run

            sys.stdout.write(describe_dry_run(config))
            return 0
        from core.training.run import train_run

        folder = train_run(config)
    except UserError as error:
        sys.stderr.write(f"train.py: {error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. The same command resumes from the last finished piece.\n")
        return 130
    if folder is not None:  # the main process
        sys.stdout.write(f"Published {folder}\nBrowse it: make dashboard\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
