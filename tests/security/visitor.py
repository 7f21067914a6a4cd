"""Serves a folder of runs on loopback and runs one page's script, in a network of its own.

    ARTEXTRACT_ARTIFACTS=artifacts python -m tests.security.visitor

Run inside ``unshare -n``, where loopback is down until somebody takes it up.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import subprocess
import sys
import time
from typing import Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

SET_FLAGS: Final = 0x8914  # SIOCSIFFLAGS
UP: Final = 1
START_SECONDS: Final = 300
PORT: Final = 8599  # nobody else is in this network


def main() -> int:
    """0 once the page's script has ended without an error."""
    take_up_loopback()
    command = ["uvicorn", "--factory", "dashboard.app:build_app", "--port", str(PORT)]
    server = subprocess.Popen([sys.executable, "-m", *command])
    try:
        wait_for_server()
        run_page()
    finally:
        server.terminate()
        server.wait(timeout=300)
    return 0


def take_up_loopback() -> None:
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", b"lo", UP))


def wait_for_server() -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", PORT)).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def run_page() -> None:
    """Asks for the first page and reads until its script has ended."""
    with connect(
        f"ws://127.0.0.1:{PORT}/_stcore/stream",
        origin=Origin(f"http://127.0.0.1:{PORT}"),
        subprotocols=[Subprotocol("streamlit")],
    ) as stream:
        stream.send(BackMsg(rerun_script=ClientState()).SerializeToString())
        while True:
            message = ForwardMsg.FromString(stream.recv(timeout=START_SECONDS))
            if message.WhichOneof("type") == "script_finished":
                return


if __name__ == "__main__":
    sys.exit(main())
