"""Tests lie where their modules lie: tests/ mirrors core/, tests/dashboard/ the dashboard."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
# Tests of no one module, with what they test.
WHOLE = {
    "dashboard/browser": "pages in a real browser",
    "security": "attacks on a real server",
    "dashboard/test_queries.py": "how often a page asks the database",
    "findings/labels/test_hostile_reasons.py": "reasons of a foreign run",
    "findings/test_sentences.py": "sentences on tables drawn at random, whoever writes them",
    "training/test_backbones.py": "trainings on one of each family of backbones",
    "training/test_gpu_check.py": "bench/gpu_check.py",
    "training/test_machines.py": "processes that share only a folder",
    "training/test_precision.py": "heads under a lower precision",
    "dashboard/test_any_field.py": "a run whose labels are called otherwise, on every page",
    "dashboard/test_imports.py": "every module of the dashboard",
    "dashboard/test_lacking_scores.py": "a run without a score, from its reader to the pages",
    "dashboard/test_worked_day.py": "docs/worked-day.md: a day with a museum's table",
    "dashboard/test_server_kill.py": "a server that is killed",
    "fetch/test_kill.py": "fetches that are killed",
    "reviews/test_imports.py": "what a file may add to the log, whichever module refuses it",
    "reviews/test_kill.py": "processes that are killed while they record",
    "reviews/test_replicas.py": "two servers on one database",
    "studio/test_plan.py": "what all parts of the studio plan together",
    "training/test_kill.py": "trainings that are killed",
    "training/test_verdicts.py": "curators' verdicts in a training, from the log to the run",
    "test_arrows.py": "imports between packages",
    "test_bench_log.py": "bench/LOG.md",
    "test_bench_server.py": "bench/server.py",
    "test_full_scale_run.py": "bench/full_scale_run.py",
    "test_environment.py": "the Makefile and .ci/",
    "test_lint.py": "what `make lint` runs",
    "test_markers.py": "what `make test` leaves out",
    "test_notebook.py": "notebooks/kaggle.ipynb",
    "test_serve_environment.py": "an environment without torch",
    "test_tree.py": "this tree",
}


def is_named(path: Path) -> bool:
    return any(str(each) in WHOLE for each in (path, *path.parents))


def find_subject(path: Path) -> list[Path]:
    """What the test file ``path`` (below tests/) may be of: modules of its name, packages."""
    name = path.stem.removeprefix("test_")
    place = path.parent / name
    files = (place.with_suffix(".py"), place.with_suffix(".js"), path.parent / f"__{name}__.py")
    tops = (ROOT / "core", ROOT)
    found = [top / file for top in tops for file in files if (top / file).is_file()]
    return found + [top / place for top in tops if (top / place).is_dir()]


def test_every_test_file_lies_where_its_module_lies() -> None:
    tests = ROOT / "tests"
    paths = [path.relative_to(tests) for path in tests.rglob("test_*.py")]
    assert len(paths) > 100
    assert (
        sorted(str(path) for path in paths if not is_named(path) and not find_subject(path)) == []
    )


def test_what_is_excepted_is_there_and_needs_it() -> None:
    for name in WHOLE:
        assert (ROOT / "tests" / name).exists(), name
        assert not find_subject(Path(name)), f"{name} has a module: it needs no exception"
