"""Classify: drop in pictures and see the model's answers. Nothing is kept on disk."""

from __future__ import annotations

from itertools import islice

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.classify import Classifier
from core.classify.batch import count_pictures, is_zip
from core.picture_formats import READ_FORMATS, SUFFIXES
from core.sizes import MEGABYTE
from dashboard.components.page import render_head, render_section
from dashboard.runs.model_cache import load_classifier, load_service
from dashboard.runs.open_run import OpenRun
from dashboard.server.middleware.upload_gate import LIMITS
from dashboard.session import state
from dashboard.session.uploads import (
    BATCH,
    Upload,
    find_upload,
    list_uploads,
    load_preview,
    take_file,
)
from dashboard.settings import UPLOAD_MEGABYTES
from dashboard.views.classify.answer import render_painting_answer, render_upload
from dashboard.views.classify.cut import Cut, render_cut
from dashboard.views.classify.examples import (
    PAGE_NAME,
    PRINTED_PAGE,
    draw_page,
    render_examples,
)
from dashboard.views.classify.incoming import render_incoming
from dashboard.views.classify.upload_table import render_filling_table, render_upload_table
from dashboard.words import count

LEAD = (  # for ``LabelWord.fill``
    "Drop in photographs or scans of paintings. The model says which {style} it sees, how sure it "
    "is, and which paintings of the collection look most like them. Pictures stay in memory and "
    "are forgotten when you leave."
)
FORMATS = [*SUFFIXES, ".zip"]
SOURCES = ("Files", "Camera", "This session")


def render(opened: OpenRun) -> None:
    """The page."""
    render_head("Classify", "What would the model call this?", opened.word.fill(LEAD))
    if state.current().subject == PRINTED_PAGE:
        _render_printed_page(opened)
        return
    row = _find_subject(opened)
    if row is not None:
        render_painting_answer(opened, row)
        return
    source = st.segmented_control(
        "Source", SOURCES, default=SOURCES[0], label_visibility="collapsed", key="classify.from"
    )
    if source == "Camera":
        photograph = st.camera_input("Photograph a painting")
        if photograph is not None:
            _render_one(opened, photograph)
    elif source == "This session":
        _render_history(opened)
    else:
        _render_files(opened)


def _render_printed_page(opened: OpenRun) -> None:
    st.button("Classify another picture", on_click=state.reset, args=("subject",))
    _render_picture(opened, PRINTED_PAGE, PAGE_NAME, draw_page())


def _find_subject(opened: OpenRun) -> int | None:
    """Row of the collection's painting that the link asks about."""
    key = state.current().subject
    if not key:
        return None
    row = opened.find_row(key)
    if row >= 0:
        return row
    st.toast("The painting in this link is not in this run.")
    state.update(subject="")
    return None


def _render_files(opened: OpenRun) -> None:
    files = st.file_uploader(
        "Pictures, or a zip of pictures",
        type=FORMATS,
        accept_multiple_files=True,
        max_upload_size=UPLOAD_MEGABYTES,
        label_visibility="collapsed",
    )
    render_incoming()
    if not files:
        classes, names = opened.run.classes("style"), (opened.word.singular, opened.word.plural)
        st.caption(
            f"{READ_FORMATS}, up to {UPLOAD_MEGABYTES} MB each and "
            f"{LIMITS.session_bytes // MEGABYTE} MB in all. Send several at once, paste "
            f"one, or send a zip of up to {BATCH}. This run's model knows "
            f"{count(len(classes), *names)} and always names one of them, whatever the picture "
            "shows."
        )
        render_examples(opened)
    elif len(files) == 1 and not is_zip(files[0].getvalue()[:4]):
        _render_one(opened, files[0])
    else:
        _render_several(opened, files)


def _render_one(opened: OpenRun, file: UploadedFile) -> None:
    _render_picture(opened, file.file_id, file.name, file.getvalue())


def _render_picture(opened: OpenRun, subject: str, name: str, data: bytes) -> None:
    upload, preview = _take_picture(opened, subject, name, data)
    if upload.answer is not None:
        cut = render_cut(subject)
        if cut != Cut():
            kept = cut.apply(preview)
            upload, preview = _take_picture(opened, f"{subject}.{cut.name}", f"{name}, cut", kept)
    render_upload(opened, load_classifier(opened.run), upload, preview)


def _take_picture(opened: OpenRun, subject: str, name: str, data: bytes) -> tuple[Upload, str]:
    """The picture, answered, and the address of what is shown of it."""
    with st.spinner("Classifying the picture"):
        classifier, service = load_classifier(opened.run), load_service()
        upload = next(take_file(classifier, service, subject, name, data))
        refused = upload.answer is None
        return upload, upload.preview if refused else load_preview(service, upload, data)


def _render_several(opened: OpenRun, files: list[UploadedFile]) -> None:
    classifier = load_classifier(opened.run)
    wanted = min(BATCH, sum(max(1, count_pictures(file.getvalue())) for file in files))
    every = (
        upload
        for file in files
        for upload in take_file(
            classifier, load_service(), file.file_id, file.name, file.getvalue()
        )
    )
    uploads = render_filling_table(classifier, islice(every, BATCH), wanted)
    if next(every, None) is not None:
        st.warning(f"Only the first {BATCH} pictures were taken, the limit at one time.")
    _render_chosen(opened, classifier, uploads, "files")


def _render_history(opened: OpenRun) -> None:
    uploads = list_uploads(opened.run.run_id)
    if not uploads:
        st.caption(
            "Nothing yet. Pictures that you drop in or photograph are listed here until you leave."
        )
        return
    _render_chosen(opened, load_classifier(opened.run), uploads, "session")


def _render_chosen(
    opened: OpenRun, classifier: Classifier, uploads: list[Upload], source: str
) -> None:
    chosen = render_upload_table(classifier, uploads, source)
    if chosen is None:
        st.caption("Tick a row to see the full answer.")
        return
    render_section(chosen.name)
    known = find_upload(opened.run.run_id, chosen.subject) or chosen
    render_upload(opened, classifier, known, known.preview)
