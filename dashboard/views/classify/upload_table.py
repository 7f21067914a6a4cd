"""The pictures of a batch or a session as a table that fills up as they are answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd
import streamlit as st

from core.classify import Classifier
from core.scores import SCORES
from core.tasks import TASKS
from dashboard.session.uploads import Upload, build_csv, build_upload_table
from dashboard.words import TERMS, class_name, count

REDRAWN_EVERY: Final = 4  # pictures: each redraw sends the whole table
ROW_HEIGHT, HEAD_HEIGHT, ROWS_SHOWN = 72, 40, 10  # pixels, pixels, rows before one scrolls


def render_filling_table(
    classifier: Classifier, uploads: Iterator[Upload], wanted: int
) -> list[Upload]:
    """Draws the answers as they come, with a progress bar, and removes both at the end."""
    place, taken = st.empty(), []
    bar = st.progress(0.0, text=f"0 of {count(wanted, 'picture')}")
    for upload in uploads:
        taken.append(upload)
        done = len(taken)
        bar.progress(min(1.0, done / max(1, wanted)), f"{done} of {count(wanted, 'picture')}")
        if done % REDRAWN_EVERY == 1:
            place.dataframe(
                _present(build_upload_table(taken, classifier)), **_looks(classifier, len(taken))
            )
    bar.empty()
    place.empty()
    return taken


def render_upload_table(
    classifier: Classifier, uploads: list[Upload], source: str
) -> Upload | None:
    """The finished table with its CSV; returns the upload of the row that is ticked.

    ``source`` tells tables apart: each keeps its own ticked row.
    """
    table = build_upload_table(uploads, classifier)
    answered = int((table["reason"] == "").sum())
    st.html(
        f'<p class="ae-note">{count(answered, "picture")} answered'
        + (f", {len(table) - answered} refused" if answered < len(table) else "")
        + "</p>"
    )
    chosen = st.dataframe(
        _present(table),
        on_select="rerun",
        selection_mode="single-row",
        key=f"classify.table.{source}",
        **_looks(classifier, len(table)),
    )
    st.download_button(
        "Download as CSV",
        build_csv(table, classifier.run.manifest.word),
        "classified.csv",
        "text/csv",
        on_click="ignore",
    )
    rows = [row for row in chosen.selection.rows if row < len(uploads)]
    return uploads[rows[0]] if rows else None


def _present(table: pd.DataFrame) -> pd.DataFrame:
    """The table as shown: percentages, and reasons for refusal beside the names."""
    shown = table.copy()
    for task in TASKS:
        if task in shown:
            shown[task] = [class_name(n) if isinstance(n, str) else "" for n in shown[task]]
            shown[f"{task}_probability"] *= 100
    reason = shown.pop("reason")
    if (reason != "").any():
        shown.insert(list(shown.columns).index("name") + 1, "reason", reason)
    return shown


def _looks(classifier: Classifier, rows: int) -> dict[str, Any]:
    word = classifier.run.manifest.word
    columns: dict[str, Any] = {
        "picture": st.column_config.ImageColumn("Picture", width="small"),
        "name": st.column_config.TextColumn("File"),
        "reason": st.column_config.TextColumn("Reason for refusal"),
    }
    for task in classifier.run.manifest.tasks:
        columns[task] = st.column_config.TextColumn(word.title(task))
        columns[f"{task}_probability"] = st.column_config.ProgressColumn(
            "Confidence", format="%.0f %%", min_value=0.0, max_value=100.0, color="gray"
        )
    columns["novelty"] = st.column_config.NumberColumn(
        SCORES["novelty"].label, help=word.fill(TERMS["novelty"]), format="%.2f"
    )
    return {
        "column_config": columns,
        "hide_index": True,
        "row_height": ROW_HEIGHT,
        "height": HEAD_HEIGHT + ROW_HEIGHT * min(rows, ROWS_SHOWN),
    }
