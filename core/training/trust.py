"""How much each style label is to count for the published model, by the folds' answers.

Map, neighbours and answers to uploads come from that model. Where it learns a wrong label, the
painting lies among works of the wrong style, and seems to prove what is in doubt.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.findings.labels.judging import judge_labels
from core.findings.oeuvre.other_works import code_artists
from core.training.evidence import gather_task
from core.training.folds import Scores
from core.training.plain import PlainAnswers
from core.training.subject import Subject


def trust_labels(
    subject: Subject, scores: Scores, unseen: PlainAnswers | None, plain: PlainAnswers | None
) -> np.ndarray:
    """(N,) float32, 0 to 1: 1 less the ranking score of the style label, of several of all.

    1 where no fold judged the label, and where a curator did.
    """
    style = gather_task(replace(subject, labels=scores.labels), scores, "style")
    years = subject.paintings["year"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    _, ranking = judge_labels(
        style.probabilities,
        style.labels,
        code_artists(subject.artists),
        years,
        subject.duplicates,
        None if unseen is None else unseen.probabilities,
        None if plain is None else plain.probabilities,
        further=style.further,
        accepted=style.accepted,
    )
    trust: np.ndarray = 1 - np.nan_to_num(ranking.score)
    if subject.corrections is not None:
        trust[subject.corrections.find_settled("style")] = 1
    return np.asarray(trust, dtype=np.float32)
