"""What the browser's own components say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st


def read_event(component: str, event: str) -> Any:
    """What the component under the key ``component`` has said by ``event``; None for nothing.

    It is heard before the component is drawn on a new page as well. There Streamlit has dropped
    the component's state, under which it looks for what was said: an empty one brings that back.
    """
    st.session_state.setdefault(component, {})
    return getattr(st.session_state[component], event)


def event_taker(component: str, event: str, take: Callable[[Any], None]) -> Callable[[], None]:
    """Callback of the component under the key ``component``: ``take`` with what it has said."""

    def run() -> None:
        said = read_event(component, event)
        if said is not None:
            take(said)

    return run
