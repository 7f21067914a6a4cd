"""A visit of the dashboard without a browser: Streamlit's own messages over its websocket.

Does enough of a browser's work to load a server: it opens pages, presses buttons, fills a text, and
fetches the pictures that a page shows. What only a browser does (drawing, scripts) is not measured.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

PATIENCE = 120.0  # seconds for one run of the script
_PICTURE = re.compile(r'src="(/images/[^"]+)"')
_TITLE = re.compile(r"<h1>([^<]*)</h1>")


class VisitFailed(Exception):
    """The server went away, took too long, or showed an error."""


class Visitor:
    """One session. ``elements`` are those of the latest run of the script."""

    def __init__(self, address: str) -> None:
        self.elements: list[Any] = []
        self._page, self._query, self._hash = "", "", ""
        self._opened = ExitStack()
        try:
            self._socket = self._opened.enter_context(
                connect(
                    f"ws{address.removeprefix('http')}/_stcore/stream",
                    subprotocols=["streamlit"],  # type: ignore[list-item]
                    max_size=None,
                    open_timeout=PATIENCE,
                )
            )
        except (OSError, TimeoutError) as error:
            raise VisitFailed(str(error)) from error

    def open(self, page: str = "", query: str = "") -> None:
        """The page at the path ``page``."""
        self._page, self._query, self._hash = page, query, ""
        self._run([])

    def press(self, label: str, **texts: str) -> None:
        """Presses the button ``label``, after typing ``texts`` into the inputs of these keys."""
        states = [
            WidgetState(id=widget.id, string_value=texts[name])
            for name in texts
            for widget in self._find("text_input")
            if name.lower() in widget.label.lower()
        ]
        button = next((each for each in self._find("button") if each.label == label), None)
        if button is None:
            raise VisitFailed(f"no button {label!r} on /{self._page}")
        self._run([*states, WidgetState(id=button.id, trigger_value=True)])

    def judge(self, verdict: str) -> None:
        """Presses ``verdict`` on the painting that the verdict panel shows, as its script does."""
        card = self.card
        if card is None:
            raise VisitFailed("nothing is left to judge")
        press = {"kind": "verdict", "id": uuid4().hex, "verdict": verdict, "note": ""}
        press |= {name: card[name] for name in ("painting", "task")}
        value = json.dumps([{"event": "pressed", "value": [press]}])
        trigger = _make_trigger_id(self._panel().id, "events")
        self._run([WidgetState(id=trigger, json_trigger_value=value)])

    @property
    def card(self) -> dict[str, Any] | None:
        """The painting that the verdict panel shows; None where none is left to judge."""
        panel = self._panel()
        found: dict[str, Any] | None = json.loads(panel.mixed.json or panel.json)["card"]
        return found

    def _panel(self) -> Any:
        for each in self._find("bidi_component"):
            if each.component_name == "artextract_verdicts":
                return each
        raise VisitFailed(f"no verdicts can be given on /{self._page}")

    @property
    def html(self) -> str:
        """What the page says, as HTML."""
        return "\n".join(each.body for each in self._find("html"))

    @property
    def warnings(self) -> list[str]:
        """What the page says went wrong."""
        return [each.body for each in self._find("alert")]

    @property
    def title(self) -> str:
        found = _TITLE.search(self.html)
        return found[1] if found else ""

    @property
    def pictures(self) -> list[str]:
        """Addresses of the pictures on the page."""
        return _PICTURE.findall(self.html)

    def close(self) -> None:
        self._opened.close()

    def _find(self, kind: str) -> Iterator[Any]:
        return (getattr(each, kind) for each in self.elements if each.WhichOneof("type") == kind)

    def _run(self, states: list[WidgetState]) -> None:
        message = BackMsg()
        client = message.rerun_script
        client.query_string, client.page_script_hash = self._query, self._hash
        client.page_name = "" if self._hash else self._page
        client.widget_states.widgets.extend(states)
        try:
            self._socket.send(message.SerializeToString())
            self._listen()
        except (OSError, EOFError, TimeoutError, ConnectionError) as error:
            raise VisitFailed(str(error)) from error

    def _listen(self) -> None:
        """Receives the server's messages until the script has finished."""
        while True:
            message = ForwardMsg.FromString(self._receive())
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.elements = []
            elif kind == "navigation":
                self._hash = message.navigation.page_script_hash
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self.elements.append(message.delta.new_element)
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif (
                kind == "script_finished"
                and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            ):
                break
        if any(each.WhichOneof("type") == "exception" for each in self.elements):
            raise VisitFailed(f"/{self._page} shows an error")

    def _receive(self) -> bytes:
        try:
            received = self._socket.recv(timeout=PATIENCE)
        except ConnectionClosed as error:
            raise VisitFailed("the server closed the connection") from error
        return received if isinstance(received, bytes) else received.encode()
