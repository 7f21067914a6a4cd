"""The names of the image store's folders and files; none can lead outside it."""

from __future__ import annotations

from typing import Final

STORE_ID: Final = r"[0-9a-f]{16}"  # see store.compute_store_id
IMAGE_NAME: Final = r"[0-9a-f]{2}/[0-9a-f]{64}\.jpg"  # below the store's folder
