"""Parts of a page that rerun alone: opening a menu there draws what it holds, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec

import streamlit as st

_WHOLE: Final = "artextract.whole-page"

P = ParamSpec("P")


def apart(draw: Callable[P, None]) -> Callable[P, None]:
    """``draw`` as a part of its own: what is opened, closed or chosen there reruns it alone.

    It runs with the arguments of the page's last run and writes nothing to the address. A callback
    that changes more than this part calls ``draw_whole``.
    """

    @st.fragment
    @wraps(draw)
    def part(*args: P.args, **kwargs: P.kwargs) -> None:
        if st.session_state.pop(_WHOLE, False):
            st.rerun()
        draw(*args, **kwargs)

    @wraps(draw)
    def draw_with_page(*args: P.args, **kwargs: P.kwargs) -> None:
        st.session_state.pop(_WHOLE, None)  # the whole page is being drawn
        part(*args, **kwargs)

    return draw_with_page


def draw_whole() -> None:
    """Has the whole page drawn anew after this callback of a part."""
    st.session_state[_WHOLE] = True
