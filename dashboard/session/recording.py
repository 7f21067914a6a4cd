"""What a verdict on a painting records, and recording it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from core.errors import UserError
from core.reviews import Entry, Verdict
from core.reviews.entry import SETTLES
from core.tasks import Task, given_column
from dashboard.access import sign_in
from dashboard.event_log import tell
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.server.middleware.request_log import VERDICTS
from dashboard.session import messages, state, visitor

DOUBTED: Final = "doubted_label"  # of a work of several, in a run that tells


def find_label(opened: OpenRun, row: int) -> str | None:
    """Which label of the painting ``row`` is judged: of several the one that the filter asks for,
    else the most doubtful one; None where it has none.
    """
    labels = opened.list_labels(row)
    asked = state.current().filters.get("given", ())
    if len(labels) > 1 and DOUBTED in opened.table and not set(asked) & set(labels):
        asked = (opened.table[DOUBTED].iloc[row],)
    return next((label for label in labels if label in asked), labels[0] if labels else None)


def record(
    opened: OpenRun,
    judged: Mapping[str, tuple[int, str | None]],
    task: Task,
    verdict: Verdict,
    proposed: str | None,
    note: str = "",
) -> bool:
    """Records one verdict on each of ``judged``; False if that fails, and the reason is shown.

    By the id of each: its painting's row, and which of several labels is judged (``build_entry``).
    Ids already in the log are skipped.
    """
    try:
        record_entries(opened, judged, task, verdict, proposed, note)
    except UserError as error:
        messages.warn(str(error))
        return False
    return True


def record_entries(
    opened: OpenRun,
    judged: Mapping[str, tuple[int, str | None]],
    task: Task,
    verdict: Verdict,
    proposed: str | None,
    note: str,
    *,
    settles: bool = False,
) -> int:
    """As ``record``; returns how many were added, and raises ``UserError``."""
    sign_in.require_reviewer()
    entries = [
        replace(
            build_entry(opened, row, task, verdict, proposed, note, label),
            id=name,
            settles=SETTLES if settles else None,
        )
        for name, (row, label) in judged.items()
    ]
    added = len(review_cache.open_reviews().record(entries))
    review_cache.look_again()
    VERDICTS.labels(verdict).inc(added)
    tell("verdicts", verdict=verdict, count=added)
    return added


def build_entry(
    opened: OpenRun,
    row: int,
    task: Task,
    verdict: Verdict,
    proposed: str | None,
    note: str,
    label: str | None = None,
) -> Entry:
    """The row of the log for one painting; raises ``VerdictRefused``.

    ``label``: which of its several style labels is judged, by default the one in front.
    """
    painting = opened.table.loc[row]
    given, labels = painting[given_column(task)], opened.list_labels(row)
    is_several = task == "style" and len(labels) > 1
    if is_several and label in labels:
        given = label
    return Entry(
        key=str(painting["key"]),
        content_hash=str(painting["content_hash"]),
        task=opened.word.name(task),
        given=given if isinstance(given, str) else None,
        verdict=verdict,
        proposed=proposed if verdict == "wrong" else None,
        note=note.strip(),
        reviewer=visitor.reviewer(),
        run_id=opened.run.run_id,
        model_hash=opened.run.manifest.files["model.safetensors"].sha256,
        of_several=str(given) if is_several else None,
    )
