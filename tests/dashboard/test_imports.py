"""The dashboard runs where nothing of the trainer is installed."""

import subprocess
import sys

import pytest

HEAVY = {
    *("torch", "torchvision", "timm", "umap", "scipy", "sklearn", "rich", "imagehash"),
    *("plotly.express", "accelerate", "cleanlab"),
}
# What no first page shows: workbooks, the reading of museums' tables.
LATER = {"openpyxl", "ftfy", "clevercsv", "core.collection.doctor", "core.collection.open"}
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
    assert {"dashboard.views.classify.page", "onnxruntime", "streamlit"} <= loaded
    assert loaded & HEAVY == set()


@pytest.mark.slow
def test_a_server_starts_without_what_its_first_page_does_not_need() -> None:
    code = 'import dashboard.__main__, sys; print(*sys.modules, sep="\\n")'
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    assert {"dashboard.home", "dashboard.views.overview.page", "streamlit"} <= loaded
    assert loaded & LATER == set()
