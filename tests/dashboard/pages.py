"""Opens pages as links do, without a browser, and reads what stands on them."""

from __future__ import annotations

import base64
import json
import re
import zlib
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import numpy as np
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import home
from dashboard.navigation import PAGES
from dashboard.session import visitor

AT_ONCE = 1e-6  # seconds before the files of a run are looked at again
HOME = str(Path(home.__file__).resolve())
NAMES = tuple(PAGES)
PATHS = ("", *NAMES[1:])  # the first page is at the root


def open_page(path: str = "", **params: str | list[str]) -> AppTest:
    """The page at ``path``, opened by a link with ``params``."""
    app = AppTest.from_file(HOME, default_timeout=600)
    if path:
        # AppTest can only switch to pages that are files of their own.
        app._page_hash = calc_hash(path)
    for name, value in params.items():
        app.query_params[name] = value
    return rerun(app)


def open_as(name: str, path: str, **params: str | list[str]) -> AppTest:
    """As ``open_page``, by somebody who signs as ``name``."""
    app = AppTest.from_file(HOME, default_timeout=600)
    app._page_hash = calc_hash(path)
    app.session_state[visitor.NAME] = name
    for each, value in params.items():
        app.query_params[each] = value
    return rerun(app)


def rerun(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def open_menu(app: AppTest, key: str) -> AppTest:
    """After the menu ``key`` was opened, whose content is drawn only then."""
    app.session_state[key] = True
    return rerun(app)


def press(app: AppTest, label: str) -> AppTest:
    """After a click on the button called ``label``."""
    next(button for button in app.button if button.label == label).click()
    return rerun(app)


def panel_of(app: AppTest) -> dict[str, Any]:
    """What the verdict panel was given to draw."""
    proto = _find_panel(app)
    data: dict[str, Any] = json.loads(proto.mixed.json or proto.json)
    return data


def html_of_panel(app: AppTest) -> str:
    return str(_find_panel(app).html_content)


def has_panel(app: AppTest) -> bool:
    return any(each.proto.component_name == "artextract_verdicts" for each in _components(app))


def judge(app: AppTest, verdict: str, **more: object) -> AppTest:
    """After a press on a verdict, of what the panel shows; ``more`` is what it says besides."""
    card = panel_of(app)["card"]
    proposed = card["proposed"] if verdict == "wrong" else None
    said = {"kind": "verdict", "painting": card["painting"], "task": card["task"]}
    return send(app, said | {"verdict": verdict, "proposed": proposed, "note": ""} | more)


def send(app: AppTest, *presses: dict[str, Any]) -> AppTest:
    """After the panel has sent ``presses``, as the browser does; each gets an id if it has none."""
    value = [{"id": uuid4().hex} | press for press in presses]
    return _trigger(app, _find_panel(app), "pressed", value)


def search(app: AppTest, text: str) -> AppTest:
    """After ``text`` was typed into the search box, and Enter."""
    return _trigger(app, _find_component(app, "artextract_search"), "searched", text)


def search_box_of(app: AppTest) -> dict[str, Any]:
    """What the search box was given to draw."""
    proto = _find_component(app, "artextract_search")
    data: dict[str, Any] = json.loads(proto.mixed.json or proto.json)
    return data


def _trigger(app: AppTest, proto: Any, event: str, value: object) -> AppTest:
    states = app._tree.get_widget_states()
    trigger = states.widgets.add()
    trigger.id = _make_trigger_id(proto.id, "events")
    trigger.json_trigger_value = json.dumps([{"event": event, "value": value}])
    app._run(states)
    assert not app.exception
    return app


def _find_panel(app: AppTest) -> Any:
    return _find_component(app, "artextract_verdicts")


def _find_component(app: AppTest, name: str) -> Any:
    (found,) = (each for each in _components(app) if each.proto.component_name == name)
    return found.proto


def _components(app: AppTest) -> list[Any]:
    return list(app.get("bidi_component"))


def text_of(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html")).replace("\u00a0", " ")


def cards_of(app: AppTest) -> int:
    return text_of(app).count('<article class="ae-card"')


def key_of_first_card(app: AppTest) -> str:
    address = re.search(r'<a href="painting\?([^"]+)" data-inside>', text_of(app))
    assert address
    return parse_qs(unescape(address[1]))["painting"][0]


def decode_rows(text: str, count: int) -> np.ndarray:
    """(count,) bool: the rows of a scene, as the browser reads what ``encode_rows`` wrote."""
    bits = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=np.uint8)
    return np.unpackbits(bits, count=count).astype(bool)
