"""Verdicts from before a vocabulary, or from before another one: in its terms."""

from __future__ import annotations

from typing import Final

import pandas as pd

from core.collection.reading.variants import list_labels, name_terms
from core.collection.reading.vocabulary import Vocabulary

_LABELS: Final = ["given", "proposed", "of_several"]  # the columns of the log that name one


def read_terms(
    rows: pd.DataFrame, vocabulary: Vocabulary | None, paintings: pd.DataFrame
) -> pd.DataFrame:
    """``rows`` of the log, whose styles are named as those of ``paintings`` are now.

    A variant of a term of ``vocabulary`` is that term, as ``paintings`` spell it; labels that they
    have stay as they are, and so does what is no term. Without a vocabulary nothing changes.
    """
    if vocabulary is None:
        return rows
    labels, is_style = list_labels(paintings), rows["task"] == "style"
    said = set(rows.loc[is_style, _LABELS].stack().dropna()) - labels
    terms = name_terms(said, vocabulary, sorted(labels))
    read = {name: rows[name].mask(is_style, rows[name].replace(terms)) for name in _LABELS}
    return rows.assign(**read)
