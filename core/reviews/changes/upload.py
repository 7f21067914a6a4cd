"""Corrections held against a table that somebody sent, in a process with limits."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from core.reviews.changes.at_hand import Asked, Met
from core.reviews.changes.at_hand_child import FORM_ANSWER, FORM_ASKED
from core.reviews.errors import ReviewsError
from core.row_files.capped import Cap, ReaderFailed, run_capped
from core.sizes import MEGABYTE

CAP: Final = Cap(seconds=60.0, memory_bytes=3072 * MEGABYTE, answer_bytes=400 * MEGABYTE)


def meet_upload(content: bytes, name: str, asked: Asked, cap: Cap = CAP) -> Met:
    """``meet_table`` of a table sent under ``name``; ``asked.file`` is not looked at.

    Raises ``ReviewsError`` where it cannot be read, or is another table.
    """
    plain = "".join(each if each.isalnum() or each in "._-" else "_" for each in name)[-60:]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, plain.lstrip(".") or "table")
        file.write_bytes(content)
        question = FORM_ASKED.dump_json(replace(asked, file=str(file)))
        try:
            told = run_capped("core.reviews.changes.at_hand_child", question, cap)
            answer = FORM_ANSWER.validate_json(told)
        except ReaderFailed as error:
            raise ReviewsError(f"{plain} cannot be read", found=error.what) from error
        except ValidationError as error:
            raise ReviewsError(f"{plain} cannot be read", found="no answer") from error
    if answer.met is None:
        raise ReviewsError(answer.refusal)
    return answer.met
