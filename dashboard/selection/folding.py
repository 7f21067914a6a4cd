"""Texts as the search compares them: without case, accents and quotation marks."""

from __future__ import annotations

import unicodedata
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe"}
    | {"’": "'", "‘": "'"}
    | dict.fromkeys('"“”„«»', "")
)


def fold_text(text: str) -> str:
    """``"Café “à la Nuit”"`` -> ``"cafe a la nuit"``."""
    folded = text.casefold()
    if not folded.isascii():
        # A letter of mathematics is a capital only once it is decomposed.
        decomposed = unicodedata.normalize("NFKD", folded)
        decomposed = unicodedata.normalize("NFKD", decomposed.casefold())
        folded = "".join(c for c in decomposed if not unicodedata.combining(c))
    return folded.translate(_LETTERS)


def fold_texts(column: pd.Series) -> pd.Series:
    """(N,) str: each text folded, the missing empty."""
    texts = pa.array(column.fillna("").astype("str"), type=pa.large_string())
    # Most are ASCII, which Arrow folds at once.
    folded = pc.replace_substring(pc.ascii_lower(texts), '"', "")
    others = pc.invert(pc.string_is_ascii(texts))
    rest = [fold_text(text) for text in texts.filter(others).to_pylist()]
    whole = pc.replace_with_mask(folded, others, pa.array(rest, type=pa.large_string()))
    return pd.Series(pd.array(whole, dtype="str"), index=column.index)


def fold_categories(column: pd.Series) -> pd.Series:
    """(N,) categorical ``column`` with folded categories; those that fold alike become one."""
    folded = [fold_text(str(category)) for category in column.cat.categories]
    known = {text: code for code, text in enumerate(dict.fromkeys(folded))}
    codes = np.array([*(known[text] for text in folded), -1])  # code -1, no value, is the last
    values = pd.Categorical.from_codes(codes[column.cat.codes], pd.Index(list(known), dtype=object))
    return pd.Series(values, index=column.index)
