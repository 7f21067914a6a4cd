"""Single filters: what they keep, and how a link says it."""

import numpy as np
import pandas as pd
import pytest

from dashboard.selection.facet_kinds import Choice, Flags, Range, Search
from dashboard.selection.facets import FACETS
from dashboard.selection.folding import fold_text
from dashboard.selection.preparation import prepare_facets

SHARE = Range("novelty", "Novelty", column="novelty", step=0.01, percent=True)
YEARS = Range("years", "Years", column="year", unknown="Undated, too")


@pytest.fixture
def table() -> pd.DataFrame:
    return prepare_facets(
        pd.DataFrame(
            {
                "title": ["Café à la nuit", "The Night Café", None, "Sunflowers"],
                "artist": ["Vincent van Gogh", "Kupka", "Ivan Žukov", None],
                "year": pd.array([1888, 1900, None, 1950], dtype="Int16"),
                "medium": ["painting", "drawing", None, "painting"],
                "duplicate_group": [3, -1, -1, 3],
                "duplicate_disagrees": [True, False, False, True],
                "filed_twice": [False, False, True, False],
                "novelty": np.array([0.0, 0.5, np.nan, 1.0], dtype=np.float32),
            }
        )
    )


def keep(table: pd.DataFrame, name: str, *chosen: str) -> list[int]:
    return np.flatnonzero(FACETS[name].keep(table, chosen)).tolist()


@pytest.mark.parametrize(
    ("text", "rows"),
    [("cafe", [0, 1]), ("NUIT vincent", [0]), ("zukov", [2]), ("a.*", []), ("café gogh", [0])],
)
def test_search_minds_neither_accents_nor_case_and_wants_every_word(
    table: pd.DataFrame, text: str, rows: list[int]
) -> None:
    assert keep(table, "text", text) == rows


def test_letters_that_do_not_decompose_are_folded_as_well() -> None:
    assert fold_text("Łukasz Ærø STRASSE Straße") == "lukasz aero strasse strasse"


@pytest.mark.parametrize(
    ("chosen", "rows"),
    [
        (("1890..1950",), [1, 3]),
        (("..1899",), [0]),
        (("1900..",), [1, 3]),
        (("..", "unknown"), [0, 1, 2, 3]),
        (("1888..1888", "unknown"), [0, 2]),
        (("nonsense",), [0, 1, 3]),
        (("nan..inf",), [0, 1, 3]),
    ],
)
def test_a_range_leaves_out_what_has_no_value_unless_asked(
    table: pd.DataFrame, chosen: tuple[str, ...], rows: list[int]
) -> None:
    assert keep(table, "years", *chosen) == rows


@pytest.mark.parametrize(
    ("facet", "low", "high"), [(SHARE, 0.25, 1.0), (SHARE, 0.0, 0.5), (YEARS, 1890, 1900)]
)
def test_a_range_survives_a_link(
    table: pd.DataFrame, facet: Range, low: float, high: float
) -> None:
    ends = facet.ends(table)
    chosen = facet.format(low, high, False, ends)
    left, right = facet.parse(chosen)
    assert (max(left, ends[0]), min(right, ends[1])) == (low, high)


@pytest.mark.parametrize("chosen", [("9,1",), ("..",), ("..", "unknown"), ("nan..inf",)])
def test_a_range_without_a_readable_end_is_left_out(
    table: pd.DataFrame, chosen: tuple[str, ...]
) -> None:
    assert YEARS.drop_unknown(table, chosen) == ()
    assert YEARS.drop_unknown(table, ("1888..", *chosen)) == ("1888..", *chosen)


def test_the_whole_range_is_no_filter() -> None:
    assert SHARE.format(0.0, 1.0, True, (0.0, 1.0)) == ()


def test_flags_keep_what_any_of_them_holds_of(table: pd.DataFrame) -> None:
    assert keep(table, "duplicates", "copies") == [0, 3]
    assert keep(table, "duplicates", "disagree", "twice") == [0, 2, 3]
    assert keep(table, "duplicates", "unheard of") == []
    facet = FACETS["duplicates"]
    assert isinstance(facet, Flags)
    assert facet.count(table, np.array([0, 1, 2])) == {"copies": 1, "disagree": 1, "twice": 1}


def test_values_stand_in_reading_order_and_the_missing_is_none_of_them() -> None:
    facet = Choice("given", "Given", column="given", show=str.upper, order=("z",))
    values = facet.prepare(pd.Series(["b", None, "A", "z"]))
    assert list(values.cat.categories) == ["z", "A", "b"]
    table = pd.DataFrame({"given": values})
    assert facet.keep(table, ("b", "none of ours")).tolist() == [True, False, False, False]
    assert facet.count(table, np.arange(4)) == {"z": 1, "A": 1, "b": 1}


def test_a_column_without_values_offers_nothing(table: pd.DataFrame) -> None:
    assert FACETS["years"].is_offered(table)
    nothing = table.assign(
        year=pd.array([None] * 4, dtype="Int16"),
        **dict.fromkeys(("has_copies", "duplicate_disagrees", "filed_twice"), False),
    )
    assert not FACETS["years"].is_offered(nothing)
    assert not FACETS["duplicates"].is_offered(nothing)
    assert isinstance(FACETS["text"], Search)


def test_a_painting_is_found_under_each_of_its_labels() -> None:
    few = prepare_facets(
        pd.DataFrame(
            {
                "title": ["a", "b", "c"],
                "artist": None,
                "given": ["Cubism", "Dada", None],
                "further_styles": pd.Series([("Dada", "Pop"), None, None], dtype="object"),
                "unfit_label": ["Pop", None, None],
                "missing_label": None,
            }
        )
    )
    assert keep(few, "given", "Dada") == [0, 1]
    assert keep(few, "given", "Pop", "Cubism") == [0]
    facet = FACETS["given"]
    assert isinstance(facet, Choice)
    everyone = np.ones(3, dtype=bool)
    assert facet.count(few, everyone) == {"Cubism": 1, "Dada": 2, "Pop": 1}
    assert facet.drop_unknown(few, ("Pop", "Baroque")) == ("Pop",)
    assert keep(few, "several", "unfit") == [0]
    assert keep(few, "several", "missing") == []
