"""What the browser's own components say."""

from __future__ import annotations

from typing import Any

import streamlit as st


def read_event(component: str, event: str) -> Any:
    """What the component under the key ``component`` has said by ``event``; None for nothing.

    It is heard before the component is drawn on a new page as well. There Streamlit has dropped
    the component's state, under which it looks for what was said: an empty one brings that back.
    """
    st.session_state.setdefault(component, {})
    return getattr(st.session_state[component], event)
