"""Where the page's script is told to look for the server."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.file_util import get_static_dir

from dashboard.server.page_head import build_head


def test_the_page_says_where_the_server_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert b'new URL("/",location.href)' in build_head()
    monkeypatch.setenv("ARTEXTRACT_BASE_PATH", "/curator")
    assert b'new URL("/curator/",location.href)' in build_head()


def test_streamlits_script_reads_it() -> None:
    scripts = (Path(get_static_dir()) / "static" / "js").glob("index.*.js")
    assert any(
        "window.__streamlit" in (text := each.read_text()) and "BACKEND_BASE_URL" in text
        for each in scripts
    )
