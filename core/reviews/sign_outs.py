"""Sessions that were signed out, kept with the verdicts so that every server refuses them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Engine, delete, insert, inspect, select

from core.reviews.database import reading, writing
from core.reviews.errors import ReviewsReadOnly
from core.reviews.tables import SIGN_OUTS
from core.reviews.turn import Turn

KEPT: Final = timedelta(days=32)  # longer than any session is good for


class SignOuts:
    """Ids of sessions, of at most 64 characters. Safe to share between threads.

    All methods raise ``ReviewsError`` where the database cannot be used.
    """

    def __init__(self, engine: Engine, turn: Turn, trouble: ReviewsReadOnly | None) -> None:
        self._engine, self._turn, self._trouble = engine, turn, trouble
        self._is_there = trouble is None or inspect(engine).has_table(SIGN_OUTS.name)

    def add(self, session: str) -> None:
        """Ends ``session``; one that has ended already stays so."""
        if self._trouble:
            raise self._trouble
        now = datetime.now(UTC)
        with self._turn(), writing(self._engine) as connection:
            connection.execute(delete(SIGN_OUTS).where(SIGN_OUTS.c.time < now - KEPT))
            query = select(SIGN_OUTS.c.session).where(SIGN_OUTS.c.session == session)
            if connection.scalar(query) is None:
                connection.execute(insert(SIGN_OUTS), {"session": session, "time": now})

    def load(self) -> frozenset[str]:
        """All that are kept."""
        if not self._is_there:
            return frozenset()
        with reading(self._engine) as connection:
            return frozenset(connection.scalars(select(SIGN_OUTS.c.session)))
