"""Opens pages as links do, without a browser, and reads what stands on them."""

from __future__ import annotations

import base64
import re
import zlib
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import home

AT_ONCE = 1e-6  # seconds before the files of a run are looked at again
HOME = str(Path(home.__file__).resolve())


def open_page(path: str = "", **params: str | list[str]) -> AppTest:
    """The page at ``path``, opened by a link with ``params``."""
    app = AppTest.from_file(HOME, default_timeout=60)
    if path:
        # AppTest can only switch to pages that are files of their own.
        app._page_hash = calc_hash(path)
    for name, value in params.items():
        app.query_params[name] = value
    return rerun(app)


def rerun(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    """After a click on the button called ``label``."""
    next(button for button in app.button if button.label == label).click()
    return rerun(app)


def text_of(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html")).replace("\u00a0", " ")


def cards_of(app: AppTest) -> int:
    return text_of(app).count('<article class="ae-card">')


def key_of_first_card(app: AppTest) -> str:
    address = re.search(r'<a href="painting\?([^"]+)" data-inside>', text_of(app))
    assert address
    return parse_qs(unescape(address[1]))["painting"][0]


def decode_rows(text: str, count: int) -> np.ndarray:
    """(count,) bool: the rows of a scene, as the browser reads what ``encode_rows`` wrote."""
    bits = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=np.uint8)
    return np.unpackbits(bits, count=count).astype(bool)
