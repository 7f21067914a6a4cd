from core.collection.account import COLUMNS, Account


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
