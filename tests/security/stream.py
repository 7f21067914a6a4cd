"""Streamlit's websocket, spoken by somebody who does not keep to what the page would send."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.security import wire

PATIENCE: Final = 60.0
TOKEN: Final = "2|00000000|0123456789abcdef0123456789abcdef|1700000000"  # any that is sent twice


class Stream:
    """A connection to ``/_stcore/stream``; ``is_open`` is False where the handshake was refused.

    ``heard`` are the messages of the latest run of the script, ``raw`` every byte that ever came.
    """

    def __init__(
        self,
        port: int,
        cookies: Mapping[str, str] | None = None,
        *,
        host: str = "",
        origin: str | None = "",
        headers: Mapping[str, str] | None = None,
        session: str = "",
    ) -> None:
        host = host or f"127.0.0.1:{port}"
        self.heard: list[ForwardMsg] = []
        self.raw = b""
        self.session_id = ""  # until the script has run
        self._opened = ExitStack()
        self._socket: ClientConnection | None = None
        line = wire.connect(port)
        try:
            request = connect(
                f"ws://{host}/_stcore/stream",
                sock=line,
                origin=f"http://{host}" if origin == "" else origin,  # type: ignore[arg-type]
                additional_headers=_write_cookies(cookies or {}) | dict(headers or {}),
                subprotocols=["streamlit", TOKEN, *([session] if session else [])],  # type: ignore[list-item]
                compression=None,
                proxy=None,
                ping_interval=None,
                max_size=None,
                open_timeout=PATIENCE,
                close_timeout=1,
            )
            self._socket = self._opened.enter_context(request)
        except (InvalidHandshake, EOFError, OSError):
            line.close()

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    def __enter__(self) -> Stream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._opened.close()

    def run(
        self,
        page: str = "",
        query: str = "",
        fragment: str = "",
        states: list[WidgetState] | None = None,
        seconds: float = PATIENCE,
    ) -> Stream:
        """Asks for a run of the script and listens until it has ended."""
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = page, query
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(states or [])
        self.send(message)
        self.listen(seconds, "script_finished")
        return self

    def run_open(self, menu: str, page: str, query: str = "") -> Stream:
        """``run``, and again with the menu of that name open: only then it draws what it holds."""
        self.run(page, query)
        blocks = [each.delta.add_block for each in self.heard if each.HasField("delta")]
        menus = [each.popover for each in blocks if each.HasField("popover")]
        opened = [WidgetState(id=each.id, bool_value=True) for each in menus if each.label == menu]
        return self.run(page, query, states=opened)

    def send(self, message: BackMsg | bytes | str) -> None:
        """Sends one message; nothing where the server has hung up."""
        data = message.SerializeToString() if isinstance(message, BackMsg) else message
        try:
            if self._socket is not None:
                self._socket.send(data)
        except (WebSocketException, OSError):
            self._socket = None

    def listen(self, seconds: float, until: str = "") -> None:
        """Takes in what comes in ``seconds``, or up to the first message of the kind ``until``."""
        ends, self.heard = time.monotonic() + seconds, []
        while self._socket is not None and (left := ends - time.monotonic()) > 0:
            try:
                part = self._socket.recv(timeout=left)
            except TimeoutError:
                return
            except (WebSocketException, OSError):
                self._socket = None
                return
            self.raw += part if isinstance(part, bytes) else part.encode()
            message = ForwardMsg.FromString(part)
            self.heard.append(message)
            if message.HasField("new_session"):
                self.session_id = message.new_session.initialize.session_id
            if message.WhichOneof("type") == until and not _is_early(message):
                return

    @property
    def elements(self) -> Iterator[Any]:
        """What the latest run drew."""
        for message in self.heard:
            if message.WhichOneof("type") == "delta" and message.delta.HasField("new_element"):
                element = message.delta.new_element
                yield getattr(element, str(element.WhichOneof("type")))

    def find(self, kind: str) -> list[Any]:
        """Elements of the latest run by the name of their message, as ``"Button"``."""
        return [each for each in self.elements if type(each).__name__ == kind]

    @property
    def kinds(self) -> set[str]:
        """Kinds of the messages of the latest run."""
        return {str(message.WhichOneof("type")) for message in self.heard}

    @property
    def fragments(self) -> list[str]:
        """Ids of the page's parts that can be run by themselves."""
        return sorted({each.delta.fragment_id for each in self.heard} - {""})

    @property
    def deferred(self) -> list[str]:
        """Ids of the files that the page would make at a click."""
        named = (getattr(each, "deferred_file_id", "") for each in self.elements)
        return [each for each in named if each]


def _is_early(message: ForwardMsg) -> bool:
    is_finish = message.WhichOneof("type") == "script_finished"
    return is_finish and message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN


def _write_cookies(cookies: Mapping[str, str]) -> dict[str, str]:
    pairs = {"_streamlit_xsrf": TOKEN, **cookies}
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in pairs.items())}
