"""The dashboard runs where nothing of the trainer is installed."""

import subprocess
import sys

import pytest

HEAVY = {
    *("torch", "torchvision", "timm", "umap", "scipy", "sklearn", "rich", "imagehash"),
    *("plotly.express", "accelerate", "cleanlab"),
}
# What no first page shows: workbooks, the reading of museums' tables, the model.
LATER = {"openpyxl", "ftfy", "clevercsv", "core.collection.doctor", "core.collection.open"}
LATER |= {"onnxruntime"}
OF_RUNS = {"pandas", "numpy", "pyarrow", "sqlalchemy", "alembic", "core.artifacts", "core.reviews"}
CODE = """
import pkgutil, sys
import core.classify, core.classify.__main__, dashboard, dashboard.app, dashboard.home
for module in pkgutil.walk_packages(dashboard.__path__, "dashboard."):
    __import__(module.name)
print(*sys.modules, sep="\\n")
"""


@pytest.mark.slow
def test_no_page_imports_what_only_training_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=600
    )
    loaded = set(done.stdout.split())
    assert {"dashboard.views.classify.page", "core.classify.session", "streamlit"} <= loaded
    assert loaded & HEAVY == set()


def list_imported(module: str) -> set[str]:
    """Modules of a process that has imported ``module``."""
    code = f'import {module}, sys; print(*sys.modules, sep="\\n")'
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


@pytest.mark.slow
def test_a_server_answers_before_it_has_imported_what_reads_runs() -> None:
    loaded = list_imported("dashboard.__main__")
    assert {"dashboard.app", "dashboard.server.routes", "streamlit"} <= loaded
    assert loaded & OF_RUNS == set()


@pytest.mark.slow
def test_runs_are_read_before_the_database_of_verdicts_is_imported() -> None:
    loaded = list_imported("dashboard.runs.warm_up")
    assert {"dashboard.runs.cache", "dashboard.runs.table", "pandas"} <= loaded
    assert loaded & {"sqlalchemy", "alembic", "core.reviews"} == set()


@pytest.mark.slow
def test_the_first_page_needs_no_more_than_it_shows() -> None:
    loaded = list_imported("dashboard.home")
    assert {"dashboard.views.overview.page", "pandas", "sqlalchemy"} <= loaded
    assert loaded & LATER == set()
