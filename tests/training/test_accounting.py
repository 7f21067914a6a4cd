from types import SimpleNamespace
from typing import Any

import pandas as pd

from core.collection.account import Account
from core.training.accounting import account_of


def test_pictures_that_were_refused_are_in_the_account_with_their_reason() -> None:
    account = Account()
    account.add("row", "read", "", ["row 1", "row 2", "row 3"])
    refused = {"key": ["b", "c"], "image": ["b", "c"], "reason": ["truncated", "not a picture"]}
    collection: Any = SimpleNamespace(
        account=account, paintings=pd.DataFrame({"key": ["a", "b", "c"]})
    )
    store: Any = SimpleNamespace(quarantine=pd.DataFrame(refused))
    whole = account_of(collection, store)
    assert whole.describe() == [
        "3 rows read",
        "1 picture read",
        "1 picture refused, truncated: b",
        "1 picture refused, not a picture: c",
    ]
    assert account.count("picture", "read", "refused") == 0
