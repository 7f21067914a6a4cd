"""A vocabulary as a table of a run."""

from __future__ import annotations

import pandas as pd

from core.artifacts.schema import VOCABULARY
from core.collection.reading.vocabulary import Concept, Vocabulary


def write_terms(vocabulary: Vocabulary) -> pd.DataFrame:
    """One row a concept, columns of ``schema.VOCABULARY``."""
    return VOCABULARY.cast(
        pd.DataFrame(
            {
                "term": [each.term for each in vocabulary.concepts],
                "variants": [each.variants or None for each in vocabulary.concepts],
                "broader": [each.broader or None for each in vocabulary.concepts],
                "uri": [each.uri for each in vocabulary.concepts],
            }
        )
    )


def read_terms(table: pd.DataFrame) -> Vocabulary:
    """The vocabulary of ``table``; raises ``CollectionError`` for what is none."""
    return Vocabulary(
        tuple(
            Concept(
                str(term),
                variants if isinstance(variants, tuple) else (),
                broader if isinstance(broader, tuple) else (),
                uri if isinstance(uri, str) else None,
            )
            for term, variants, broader, uri in table[list(VOCABULARY.columns)].itertuples(
                index=False
            )
        )
    )
