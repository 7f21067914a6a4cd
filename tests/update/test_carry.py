"""Works of several labels in an update."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.artifacts import Run, open_run
from core.tasks import FURTHER
from core.update.answers import FreshAnswers
from core.update.carry import Carried
from core.update.comparison import Comparison
from tests.synthetic_run import TERMS, build_run


def relabel(run: Run, row: int, *labels: str) -> tuple[Carried, np.ndarray]:
    """The collection of ``run`` a month later, with other ``labels`` of the work ``row``."""
    count, tasks = len(run), run.manifest.tasks
    paintings = run.paintings.copy()
    paintings.loc[row, "given_style"] = labels[0]
    further = [labels[1:] if each == row else None for each in range(count)]
    paintings[FURTHER] = pd.Series(further, dtype="object")
    found = Comparison(np.arange(count), np.zeros(count, dtype=bool), np.array([], dtype=int))
    none = {task: np.zeros((0, len(run.classes(task)))) for task in tasks}
    fresh = FreshAnswers(none, none, run.embeddings[:0], {}, np.zeros(0))
    carried = Carried(run, paintings, found, fresh, np.zeros(count, dtype=bool))
    relabelled = np.arange(count) == row
    return carried.front_likeliest(relabelled), relabelled


def test_another_label_that_the_model_gives_is_no_disagreement(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path))
    answers, probabilities = run.predictions("style"), run.probabilities("style")
    row = int(answers.index[answers["given"] != answers["predicted"]][0])
    given, seen = str(answers.at[row, "given"]), str(answers.at[row, "predicted"])
    carried, relabelled = relabel(run, row, given, "Unheard of", seen)
    assert carried.paintings["given_style"][row] == seen
    assert carried.paintings[FURTHER][row] == (given, "Unheard of")
    told = carried.predict("style", relabelled).set_index("row").loc[row]
    both = [run.classes("style").index(each) for each in (given, seen)]
    assert told["p_given"] == pytest.approx(probabilities[row, both].sum(), abs=1e-3)
    findings = carried.find(carried.predict("style", relabelled), relabelled)
    assert findings["quadrant"][row] in ("typical", "uncertain but right")


def test_an_answer_at_another_depth_of_any_label_is_no_error(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path, vocabulary=TERMS))
    answers = run.predictions("style")
    seen = answers.index[answers["predicted"] == "Post_Impressionism"]
    row = next(int(each) for each in seen if answers.at[each, "given"] == "Minimalism")
    carried, relabelled = relabel(run, row, "Minimalism", "Symbolism")
    findings = carried.find(carried.predict("style", relabelled), relabelled)
    assert (findings["quadrant"][row], findings["depth"][row]) == ("other depth", "broader")
    carried, relabelled = relabel(run, row, "Symbolism", "Post_Impressionism")
    findings = carried.find(carried.predict("style", relabelled), relabelled)
    assert pd.isna(findings["depth"][row])
