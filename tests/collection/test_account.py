from core.collection.account import COLUMNS, Account, summarise


def test_one_entry_for_each_kind_fate_and_reason() -> None:
    account = Account()
    account.add("row", "read", "", ["a", "b"])
    account.add("row", "refused", "no file name", ["row 5"])
    account.add("row", "refused", "no file name", ["row 9"])
    account.add("file", "left out", "a thumbnail", [])
    account.add("label", "changed", "merged with Cubism", ["cubism "])
    assert account.describe() == [
        "2 rows read",
        "2 rows refused, no file name: row 5, row 9",
        "1 label changed, merged with Cubism: cubism ",
    ]
    assert account.count("row", "read", "refused") == 4
    assert account.count("row", "left out") == 0


def test_the_table_has_one_line_a_thing() -> None:
    account = Account()
    account.add("file", "refused", "an empty file", ["a\nb.jpg", "c.jpg"])
    table = account.table()
    assert tuple(table.columns) == COLUMNS
    assert table["name"].tolist() == ["a b.jpg", "c.jpg"]
    assert set(table["fate"]) == {"refused"}


def test_a_summary_has_one_line_for_each_reason() -> None:
    account = Account()
    account.add("row", "read", "", ["row 1", "row 2"])
    account.add("row", "refused", "no file name", [f"row {n}" for n in range(3, 9)])
    account.add("joined row", "left out", "of no work here", ["t.csv row 1"])
    assert summarise(account.table()) == [
        ("2 rows", "read", "", ""),
        (
            "6 rows",
            "refused",
            "no file name",
            "row 3, row 4, row 5, row 6, row 7, ...",
        ),
        ("1 joined row", "left out", "of no work here", "t.csv row 1"),
    ]
