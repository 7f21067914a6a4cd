"""The process that holds corrections against a table that may come from anybody.

    python -m core.reviews.changes.at_hand_child MEMORY_BYTES

Started by ``core.reviews.changes.upload``. The input is a JSON object (``Asked``), the answer
another: ``Met``, or why the table was refused.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from pydantic import ConfigDict, TypeAdapter

from core.errors import UserError
from core.images.resources import limit_resources
from core.reviews.changes.at_hand import Asked, Met, meet_table


@dataclass(frozen=True)
class Answer:
    """``met``, or the ``refusal``."""

    met: Met | None = None
    refusal: str = ""
    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


FORM_ASKED: Final = TypeAdapter(Asked)
FORM_ANSWER: Final = TypeAdapter(Answer)


def main() -> None:
    """Answers once."""
    asked = FORM_ASKED.validate_json(sys.stdin.buffer.read())
    for library in ("pyarrow.parquet", "core.collection.reading.sheets", "openpyxl"):
        import_module(library)  # before the limits apply
    limit_resources(int(sys.argv[1]))
    sys.stdout.buffer.write(FORM_ANSWER.dump_json(_answer(asked)))
    sys.stdout.buffer.flush()
    os._exit(0)  # libraries' threads may abort while they end


def _answer(asked: Asked) -> Answer:
    try:
        return Answer(meet_table(asked))
    except UserError as error:
        return Answer(refusal=str(error).replace(f"{Path(asked.file).parent}{os.sep}", ""))


if __name__ == "__main__":
    main()
