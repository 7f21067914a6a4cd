"""Downloads of a list of paintings: as a table and as a contact sheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
import streamlit as st

from core.artifacts import Run
from core.export.lists import FORMS, Form, add_missing, build_list, encode_list
from core.export.sheets import name_file
from dashboard.components.contact_sheet_download import render_contact_sheet_download
from dashboard.components.file_button import render_file_button
from dashboard.components.verdicts import describe_hidden
from dashboard.runs.open_run import OpenRun
from dashboard.runs.review_cache import Seen
from dashboard.session import visitor
from dashboard.words import count

NAMES: Final[dict[Form, str]] = {"csv": "Table (CSV)", "parquet": "Table (Parquet)"}


def render_downloads(
    opened: OpenRun,
    rows: np.ndarray,
    heading: str,
    key: str,
    lead: str = "",
    missing: Sequence[str] = (),
    thresholds: tuple[float, float] | None = None,
    filters: str = "",
) -> None:
    """A menu of files of the paintings ``rows``, in their order; none is made before a click.

    It is drawn in a part of its own (``components.apart``).

    ``key`` tells it from others on the page. ``missing``: keys that belong to the list and that
    this run does not have. ``thresholds``: (loss, confidence) between the quadrants, where not the
    run's own. ``filters``: what the list was narrowed to, in words.
    """
    menu = st.popover(
        "Download", icon=":material/download:", key=f"download-{key}", on_change="rerun"
    )
    if not menu.open:
        return
    name, log = name_file(heading), visitor.find_log()
    with menu:
        st.caption(
            f"{count(len(rows) + len(missing), 'painting')}: labels, scores, findings, verdicts."
        )
        seen = None if log is None else visitor.load_seen(opened, log)
        if seen is not None and seen.hidden:
            st.caption(describe_hidden(seen.hidden))
        for form, media_type in FORMS.items():
            make = partial(draw_up_list, opened.run, rows, missing, thresholds, seen, form)
            render_file_button(NAMES[form], make, f"{name}.{form}", media_type)
        if len(rows):
            render_contact_sheet_download(opened.run, rows, heading, lead, filters)


def draw_up_list(
    run: Run,
    rows: np.ndarray,
    missing: Sequence[str],
    thresholds: tuple[float, float] | None,
    seen: Seen | None,
    form: Form,
) -> bytes:
    """The file of ``rows`` and ``missing``, with the verdicts ``seen``, if any can be read."""
    listed = build_list(run, rows, None if seen is None else seen.rows, thresholds)
    return encode_list(add_missing(listed, missing) if missing else listed, form)
