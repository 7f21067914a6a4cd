"""Export of verdicts, cleaned label files, and import with a preview."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Final, cast

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.errors import UserError
from core.reviews import Entry, ReviewLog
from core.reviews.exchange import (
    FORMATS,
    SUFFIXES,
    Import,
    apply_import,
    export,
    plan_import,
    read_export,
)
from core.reviews.label_files import build_label_files, pack
from core.reviews.majority import decide
from core.reviews.origins import describe_origin
from core.tasks import FURTHER
from core.text import show_line
from dashboard.access import sign_in
from dashboard.components.file_button import render_file_button
from dashboard.components.page import render_note, render_section
from dashboard.components.signature import render_signature, take_signature
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.session import messages, visitor
from dashboard.views.reviews.catalogue import render_catalogue
from dashboard.words import count, plain

KINDS: Final = {  # name and media type
    "csv": ("CSV", "text/csv"),
    "jsonl": ("JSON Lines", "application/jsonl"),
    "parquet": ("Parquet", "application/vnd.apache.parquet"),
}
CONFLICTS_SHOWN: Final = 200
ABSENT_SHOWN: Final = 5
_READ: Final = "artextract.import-read"
_SIGNATURE: Final = "import.reviewer"


def render_files(opened: OpenRun, log: ReviewLog) -> None:
    """Export, cleaned labels, import."""
    render_section(
        "Export",
        "The whole log, one row per verdict: title, artist, given and proposed label, reviewer, "
        "time and model. "
        "A backup is complete: it includes other reviewers' verdicts on labels that you have not "
        "judged yet, and so do the cleaned labels. To train on it: <code>python "
        "train.py &lt;collection&gt; --verdicts verdicts.csv</code>.",
    )
    paintings = opened.run.paintings
    with st.container(horizontal=True):
        for form in FORMATS:
            name, media_type = KINDS[form]
            render_file_button(
                name, partial(export, log, form, paintings), f"verdicts.{form}", media_type
            )
    render_catalogue(opened, log)
    _render_labels(opened, log)
    if sign_in.may_review():
        _render_import(opened, log)


def _render_labels(opened: OpenRun, log: ReviewLog) -> None:
    decisions = decide(review_cache.load_standing(opened, log), opened.run.paintings)
    here = decisions[opened.keys.get_indexer(pd.Index(decisions["key"])) >= 0]
    changed = int((here["outcome"] == "relabel").sum())
    gone = int(here["outcome"].isin(("mislabelled", "not a painting")).sum())
    open_ = int((here["outcome"] == "undecided").sum())
    column = escape(opened.word.column)
    render_section(
        "Cleaned label files",
        f"In WikiArt's own form (<code>{column}_train.csv</code>, <code>{column}_class.txt</code>, "
        "...), "
        f"by majority of the reviewers: {count(changed, 'label')} corrected, {gone:,} left out "
        f"(wrong without an agreed correction, or not a painting), {open_:,} undecided, unchanged."
        f"{_describe_several(opened)}",
    )
    render_file_button(
        "Label files (zip)",
        lambda: pack(build_label_files(opened.run.paintings, decisions, opened.word)),
        "cleaned-labels.zip",
        "application/zip",
    )


def _describe_several(opened: OpenRun) -> str:
    """What the files leave out: they hold one label a work."""
    if FURTHER not in opened.table or not (works := int(opened.table[FURTHER].notna().sum())):
        return ""
    one = escape(opened.word.singular)
    return f" Of {count(works, 'work')} with several the {one} that fits best is in them."


def _render_import(opened: OpenRun, log: ReviewLog) -> None:
    render_section(
        "Import",
        "An earlier export, from here or from another installation. You see a preview first.",
    )
    upload = st.file_uploader("Export of verdicts", list(SUFFIXES), label_visibility="collapsed")
    if upload is None:
        st.session_state.pop(_READ, None)
        return
    try:
        read = _read_once(log, upload)
    except UserError as error:  # the database's
        read = error
    if isinstance(read, UserError):
        st.warning(plain(str(read)))
        return
    _render_plan(read)
    _render_absent(find_absent(opened, read.fresh))
    if log.trouble is None and read.fresh:
        render_signature(_SIGNATURE)
        st.button(
            f"Add {count(len(read.fresh), 'row')}",
            type="primary",
            on_click=_apply,
            args=(log, read, upload),
        )


def _read_once(log: ReviewLog, upload: UploadedFile) -> Import | UserError:
    """What the upload would do; read again only if the log has changed."""
    stamp = (upload.file_id, review_cache.look(log)[0])
    kept, read = st.session_state.get(_READ, (None, None))
    if kept != stamp or read is None:
        try:
            read = plan_import(log, read_export(upload.getvalue(), upload.name))
        except UserError as error:
            read = error
        st.session_state[_READ] = stamp, read
    return cast("Import | UserError", read)


def _render_plan(planned: Import) -> None:
    refused = sum(conflict.is_refused for conflict in planned.conflicts)
    render_note(
        f"{count(len(planned.fresh), 'row')} to add, {planned.known:,} already here, "
        f"{refused:,} refused."
    )
    for note in planned.notes:
        render_note(note)
    if not planned.conflicts:
        return
    shown = planned.conflicts[:CONFLICTS_SHOWN]
    st.dataframe(
        pd.DataFrame(
            {
                "Painting": [conflict.key for conflict in shown],
                "Problem": [conflict.reason for conflict in shown],
                "Result": [
                    "left out" if c.is_refused else "added, as a disagreement" for c in shown
                ],
            }
        ),
        hide_index=True,
    )


def find_absent(opened: OpenRun, rows: Sequence[Entry]) -> list[Entry]:
    """Those of ``rows`` whose painting the run has neither under its key nor under another name."""
    paintings = opened.run.paintings
    keys, contents = set(paintings["key"]), set(paintings["content_hash"])
    return [row for row in rows if row.key not in keys and row.content_hash not in contents]


def _render_absent(rows: Sequence[Entry]) -> None:
    """What would be added for paintings that are not here, before it is."""
    keys = list(dict.fromkeys(row.key for row in rows))
    if not keys:
        return
    named = ", ".join(f"<code>{escape(show_line(key))}</code>" for key in keys[:ABSENT_SHOWN])
    more = f" and {len(keys) - ABSENT_SHOWN:,} more" if len(keys) > ABSENT_SHOWN else ""
    render_note(
        f"{count(len(rows), 'row')} to add {'is' if len(rows) == 1 else 'are'} on "
        f"{count(len(keys), 'painting')} that this run does not have: {named}{more}. Added, they "
        "are kept in the log and count in a run that has the painting."
    )


def _apply(log: ReviewLog, planned: Import, upload: UploadedFile) -> None:
    try:
        sign_in.require_reviewer()
        take_signature(_SIGNATURE)
        origin = describe_origin(visitor.reviewer(), upload.name, upload.getvalue())
        added = apply_import(log, planned, origin)
        review_cache.look_again()
    except UserError as error:
        messages.say(str(error))
        return
    messages.say(f"{count(added, 'row')} added.")
