"""Tables of schema 2 as schema 3 has them, so that runs that took hours to train still open.

Schema 2 kept reasons as sentences, one a line, those for the label after *But*; the rows of a case
as numbers with spaces between; and a pair of labels as ``A | B``, besides in its two columns.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from core.artifacts.reasons import SENTENCE, Reason, build_reasons

_BUT: Final = "But "


def upgrade_reasons(findings: pd.DataFrame) -> pd.DataFrame:
    """The reasons that ``findings`` of schema 2 tells, each a sentence that was written before."""
    return build_reasons(
        [[_read(line) for line in told.split("\n")] for told in findings["reasons"]]
    )


def upgrade_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """``cases`` of schema 2 with lists of rows, and no name for a pair but its two labels."""
    return cases.assign(
        rows=cases["rows"].map(lambda text: [int(row) for row in text.split()]).astype("object"),
        subject=cases["subject"].where(cases["kind"] == "artist"),
    )


def _read(line: str) -> Reason:
    if line.startswith(_BUT):
        start = len(_BUT)
        return Reason(SENTENCE, -1.0, {"text": line[start : start + 1].upper() + line[start + 1 :]})
    return Reason(SENTENCE, 1.0, {"text": line})
