from core.collection.account import Account
from dashboard.views.overview.account import summarise


def test_one_line_for_each_reason() -> None:
    account = Account()
    account.add("row", "read", "", ["row 1", "row 2"])
    account.add("row", "refused", "no file name", [f"row {n}" for n in range(3, 9)])
    account.add("joined row", "left out", "of no work here", ["t.csv row 1"])
    assert summarise(account.table()) == [
        ("2\N{NO-BREAK SPACE}rows", "read", "", ""),
        (
            "6\N{NO-BREAK SPACE}rows",
            "refused",
            "no file name",
            "row 3, row 4, row 5, row 6, row 7, ...",
        ),
        ("1\N{NO-BREAK SPACE}joined row", "left out", "of no work here", "t.csv row 1"),
    ]
