"""For your catalogue: the corrections in the form of the museum's own table."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Final, cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.collection.reading.tables import TABLE_SUFFIXES
from core.errors import UserError
from core.reviews import ReviewLog
from core.reviews.changes.at_hand import Form
from core.reviews.changes.folder import Files, build_files, choose_form, describe
from core.reviews.changes.plan import Changes, plan_changes
from core.reviews.changes.upload import meet_upload
from dashboard.components.file_button import render_file_button
from dashboard.components.page import render_note, render_section
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.settings import UPLOAD_MEGABYTES
from dashboard.words import plain

FORMS: Final[tuple[Form, ...]] = ("csv", "xlsx")
MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "jsonld": "application/ld+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NAMES: Final = {
    "changes": "Changes",
    "undo": "Undo",
    "rows": "Whole rows",
    "rows-undo": "Undo of whole rows",
    "decisions": "Who decided",
}
_MADE: Final = "artextract.catalogue-files"


def render_catalogue(opened: OpenRun, log: ReviewLog) -> None:
    """The change file, what undoes it, whole rows of a table at hand, and who decided."""
    form = opened.run.manifest.catalogue
    render_section(
        "For your catalogue",
        "Only labels that the reviewers corrected, by majority"
        + (
            f", under the keys and columns of <b>{escape(form.file)}</b> and in its spelling. "
            if form is not None
            else ". "
        )
        + "<b>Undo</b> is a file that restores the old labels. <b>Who decided</b> names the model "
        "and the reviewers behind each correction; like the export, it includes verdicts on labels "
        "that you have not judged yet.",
    )
    try:
        changes = plan_changes(opened.run, review_cache.load_standing(opened, log))
    except UserError as error:
        st.warning(plain(str(error)))
        return
    if changes.table.empty:
        render_note(" ".join(map(escape, describe(changes, None))))
        return
    to = st.segmented_control(
        "Form of the files",
        FORMS,
        default=choose_form(form),
        format_func=str.upper,
        required=True,
        key="catalogue.form",
        label_visibility="collapsed",
    )
    table = st.file_uploader(
        "Your table as it is now, to get whole rows of it and to see what has changed since",
        [suffix[1:] for suffix in TABLE_SUFFIXES],
        max_upload_size=UPLOAD_MEGABYTES,
        key="catalogue.table",
    )
    try:
        made = _make_once(opened, changes, review_cache.look(log)[0], to or "csv", table)
    except UserError as error:
        st.warning(plain(str(error)))
        return
    for note in made.notes:
        render_note(escape(note))
    with st.container(horizontal=True):
        for file, content in made.files.items():
            name, _, suffix = file.rpartition(".")
            label = f"{NAMES[name]} (Linked Art)" if suffix == "jsonld" else NAMES[name]
            render_file_button(label, partial(bytes, content), file, MEDIA_TYPES[suffix])


def _make_once(
    opened: OpenRun, changes: Changes, seen: object, to: Form, table: UploadedFile | None
) -> Files:
    """The files; made again only for another run, other verdicts (``seen``), form or table."""
    stamp = (opened.run.run_id, seen, to, table.file_id if table else None)
    kept, made = st.session_state.get(_MADE, (None, None))
    if kept != stamp or made is None:
        meet = partial(meet_upload, table.getvalue(), table.name) if table is not None else None
        made = build_files(changes, opened.run, to, meet)
        st.session_state[_MADE] = stamp, made
    return cast("Files", made)
