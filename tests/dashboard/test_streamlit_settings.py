"""Streamlit obeys this program's settings wherever its server is started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.slow
def test_streamlits_settings_hold_against_those_of_another_folder(tmp_path: Path) -> None:
    """Of the home and of where the server is started."""
    (tmp_path / ".streamlit").mkdir()
    config = "[browser]\ngatherUsageStats = true\n[client]\nshowErrorDetails = 'full'\n"
    (tmp_path / ".streamlit" / "config.toml").write_text(config)
    code = """
from dashboard.app import build_app
from streamlit import config
build_app()
for name in ("browser.gatherUsageStats", "client.showErrorDetails", "server.maxUploadSize"):
    print(config.get_option(name))
"""
    home = {"HOME": str(tmp_path), "PYTHONPATH": str(CHECKOUT)}
    environment = os.environ | home | {"STREAMLIT_BROWSER_GATHER_USAGE_STATS": "true"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "none", "40"]
