from types import SimpleNamespace
from typing import Any

from core.collection.account import Account
from core.training.accounting import account_of


def test_the_pictures_are_in_the_account_of_a_training() -> None:
    collection: Any = SimpleNamespace(account=Account())
    collection.account.add("row", "read", "", ["row 1", "row 2", "row 3"])
    store: Any = SimpleNamespace(account=Account())
    store.account.add("picture", "read", "", ["a"])
    store.account.add("picture", "refused", "truncated", ["b", "c"])
    store.account.add("picture", "changed", "the largest of 2 pages", ["a"])
    assert account_of(collection, store).describe() == [
        "3 rows read",
        "1 picture read",
        "2 pictures refused, truncated: b, c",
        "1 picture changed, the largest of 2 pages: a",
    ]
    assert collection.account.count("picture", "read", "refused") == 0
