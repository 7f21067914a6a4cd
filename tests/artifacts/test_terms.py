"""A vocabulary in a run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from core.artifacts import open_run
from core.artifacts.schema import VOCABULARY
from core.artifacts.terms import read_terms, write_terms
from core.collection.errors import CollectionError
from tests.synthetic_run import TERMS, build_run


def test_a_run_keeps_its_vocabulary_whole(tmp_path: Path) -> None:
    assert open_run(build_run(tmp_path, vocabulary=TERMS)).vocabulary == TERMS
    assert open_run(build_run(tmp_path, "other")).vocabulary is None


def test_a_table_that_is_no_vocabulary_is_refused() -> None:
    table = write_terms(TERMS)
    assert list(table) == list(VOCABULARY.columns)
    with pytest.raises(CollectionError, match="stands for two terms"):
        read_terms(pd.concat([table, table.head(1).assign(uri="http://vocab.example/9")]))
