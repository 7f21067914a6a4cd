from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.joins import Join, join_tables, pair_joins

WORKS = pd.DataFrame({"id": ["1", "2", "3"], "title": ["Dawn", "Noon", "Dusk"]})
Write = Callable[..., Path]


@pytest.fixture
def terms(tmp_path: Path) -> Write:
    def write(*rows: str, name: str = "terms.csv", header: str = "work,kind,term") -> Path:
        file = tmp_path / name
        file.write_text("\n".join([header, *rows]) + "\n")
        return file

    return write


def test_the_first_term_leads_and_the_others_are_said(terms: Write) -> None:
    file = terms(
        "2,Style,Rococo", "1,Place,Paris", "1,Style,Cubism", "1,Style,Orphism", "9,Style,x"
    )
    account = Account()
    table, notes = join_tables(
        WORKS, [Join(file, "id=work")], ["kind=style"], account, name="m.csv"
    )
    assert table["term"].tolist() == ["Cubism", "Rococo", ""]
    assert table["title"].tolist() == WORKS["title"].tolist()
    assert account.describe() == [
        "2 joined rows read",
        "1 joined row left out, not kind=style: terms.csv line 3",
        "1 joined row left out, not the first of its work: terms.csv line 5",
        "1 joined row left out, of no work here: terms.csv line 6",
    ]
    assert notes == [
        "Several rows of one work in terms.csv, the first leads: 1.",
        "1 row of m.csv without one in terms.csv.",
    ]


def test_of_the_label_all_terms_of_a_work_are_read_and_of_other_columns_the_first(
    terms: Write,
) -> None:
    file = terms(
        *(
            "1,Style,Cubism,a",
            "1,Style,Orphism,b",
            "1,Style,Cubism,c",
            "1,Style,,d",
            "2,Style,Dada,e",
        ),
        header="work,kind,term,by",
    )
    account = Account()
    table, notes = join_tables(WORKS, [Join(file, "id=work")], [], account, name="m", label="Term")
    assert table["term"].tolist() == ["Cubism\nOrphism", "Dada", ""]
    assert table["by"].tolist() == ["a", "e", ""]
    assert account.describe() == ["5 joined rows read"]
    assert notes[0] == "Several rows of one work in terms.csv, every term is read: 1."


def test_a_label_of_the_first_table_is_its_own(terms: Write) -> None:
    file = terms("1,Other", "1,Third", header="id,title")
    table, _ = join_tables(WORKS, [Join(file, "id")], [], Account(), name="m.csv", label="title")
    assert list(table.loc[0, ["title", "title (terms)"]]) == ["Dawn", "Other"]


def test_a_test_holds_for_the_tables_that_have_its_column(terms: Write) -> None:
    views = terms("1,b.jpg,back", "1,f.jpg,front", name="views.csv", header="work,file,view")
    labels = terms("1,Style,Cubism")
    joins = pair_joins([labels, views], ["id=work"])
    table, _ = join_tables(WORKS, joins, ["view=front"], Account(), name="m.csv")
    assert list(table.loc[0, ["term", "file"]]) == ["Cubism", "f.jpg"]


def test_columns_of_a_taken_name_are_named_after_their_file(terms: Write) -> None:
    file = terms("1,Other", header="id,title")
    table, _ = join_tables(WORKS, [Join(file, "id")], [], Account(), name="m.csv")
    assert table.columns.tolist() == ["id", "title", "title (terms)"]


@pytest.mark.parametrize(
    ("on", "where", "said"),
    [
        ("id", "", r"terms\.csv has no column 'id' for --on; found the columns work.*objectid=tms"),
        ("tms=work", "", r"m\.csv has no column 'tms'"),
        ("id=work", "type=x", r"terms\.csv has no column 'type' for --join-where"),
        ("id=work", "kind", r"'kind' is not a test"),
        ("id=work", "kind=Place", r"where kind=Place belongs.*found 1, 2, 3 in 'id', 1 in 'work'"),
        ("title=work", "", r"No row of terms\.csv belongs.*Dawn, Noon, Dusk in 'title'"),
    ],
)
def test_what_does_not_fit_together_is_said(terms: Write, on: str, where: str, said: str) -> None:
    joins, tests = [Join(terms("1,Style,Cubism"), on)], [where] if where else []
    with pytest.raises(CollectionError, match=said):
        join_tables(WORKS, joins, tests, Account(), name="m.csv")


@pytest.mark.parametrize(("files", "on"), [(2, 0), (1, 2), (3, 2), (0, 1)])
def test_every_table_needs_its_column(files: int, on: int) -> None:
    with pytest.raises(CollectionError, match=r"--join names .* --on"):
        pair_joins([Path("t.csv")] * files, ["id"] * on)


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.sampled_from("12345"), st.sampled_from(["Style", "Place"])), min_size=1)
)
def test_every_joined_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    file = tmp_path_factory.mktemp("join") / "terms.csv"
    lines = [f"{work},{kind},t{n}" for n, (work, kind) in enumerate(rows)]
    file.write_text("\n".join(["work,kind,term", *lines]) + "\n")
    account = Account()
    wanted = [n for n, (work, kind) in enumerate(rows) if work in "123" and kind == "Style"]
    try:
        table, _ = join_tables(WORKS, [Join(file, "id=work")], ["kind=Style"], account, name="m")
    except CollectionError:
        assert wanted == []
        return
    assert account.count("joined row", "read", "left out") == len(rows)
    assert len(table) == len(WORKS)
    for work, term in zip(table["id"], table["term"], strict=True):
        first = [n for n in wanted if rows[n][0] == work][:1]
        assert term == "".join(f"t{n}" for n in first)
