"""CSV that is safe in a spreadsheet: text that would run as a formula stays text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # a process that only reads texts does without
    import pandas as pd

# What a spreadsheet reads as a formula, full-width characters and leading blanks included; and
# semicolons, which separate cells in some locales and would start a new cell.
_START: Final = r"[\s\u200b\ufeff]*[-=+@;＝＋－＠\t\r\n]"
_FORMULA: Final = re.compile(f"'*{_START}")
_ESCAPED: Final = re.compile(f"''*{_START}")


def encode_csv(table: pd.DataFrame, float_format: str | None = None) -> bytes:
    """``table`` with its formulas escaped, in UTF-8 with the byte order mark that Excel needs."""
    # RFC 4180's line ends; with others, a carriage return in a text would not be quoted.
    text = escape_formulas(table).to_csv(
        index=False, float_format=float_format, lineterminator="\r\n"
    )
    return text.encode("utf-8-sig")


def escape_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """An apostrophe before each text that begins like a formula, or like one escaped already."""
    return _map_texts(table, escape_formula)


def escape_formula(text: str) -> str:
    """``text``, after an apostrophe where a spreadsheet would run it."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescape_formula(text: str) -> str:
    """Reverts ``escape_formulas``; other texts stay unchanged."""
    return text[1:] if _ESCAPED.match(text) else text


def _map_texts(table: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    texts = table.select_dtypes(["object", "str"])

    def change_text(value: object) -> object:
        return change(value) if isinstance(value, str) else value

    changed = {str(n): texts[n].map(change_text).astype(texts[n].dtype) for n in texts}
    return table.assign(**changed)
