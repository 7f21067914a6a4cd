"""What became of everything that a collection holds, its pictures included, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.collection.account import Account
from core.collection.table import Collection
from core.errors import UserError
from core.export.spreadsheets import encode_csv

if TYPE_CHECKING:  # a dry run reads no picture
    from core.images.store import ImageStore


def account_of(collection: Collection, store: ImageStore) -> Account:
    """The account of ``collection`` and of its pictures, some of which the store refused."""
    return Account([*collection.account.entries, *store.account.entries])


def write_account(account: Account, file: Path) -> None:
    """Writes a CSV with a line a thing; raises ``UserError`` where it cannot be written."""
    try:
        file.write_bytes(encode_csv(account.table()))
    except OSError as error:
        raise UserError(
            f"The account {file} cannot be written",
            found=error.strerror or str(error),
            remedy="Name a file in a folder that exists with --account.",
        ) from error
