"""What goes wrong when pictures are fetched."""

from __future__ import annotations

from core.errors import UserError


class FetchError(UserError):
    """Nothing can be fetched as asked: the address, the folder or a setting is at fault."""


class Refusal(Exception):
    """One thing was not fetched. ``reason``: a phrase such as "answered 404 Not Found".

    ``again``: another try may go better. ``after``: seconds that the host asks to wait before.
    ``is_absent``: nobody answered, so the host may be down. ``status``: of HTTP, where one came.
    """

    def __init__(
        self,
        reason: str,
        *,
        again: bool = False,
        after: float | None = None,
        is_absent: bool = False,
        status: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason, self.again, self.after = reason, again, after
        self.is_absent, self.status = is_absent, status
