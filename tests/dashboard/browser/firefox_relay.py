"""Firefox as Playwright starts it, over WebDriver BiDi, with an answer to what it does not know.

python firefox_relay.py /usr/bin/firefox-esr --remote-debugging-port=0 --profile FOLDER ...
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any, Final

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

# Playwright sends these to every Firefox; without them a page has the browser's own settings.
UNKNOWN: Final = frozenset(("emulation.setMediaFeaturesOverride",))
SAYS: Final = "WebDriver BiDi listening on "


async def main(command: list[str]) -> int:
    """Runs ``command`` until it ends; returns its exit status."""
    browser = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert browser.stderr is not None
    async for line in browser.stderr:
        text = line.decode(errors="replace").rstrip()
        if text.startswith(SAYS):
            address = text.removeprefix(SAYS)
            break
        sys.stderr.write(f"{text}\n")
    else:
        return await browser.wait()

    async def answer(down: ServerConnection) -> None:
        assert down.request is not None
        async with connect(address + down.request.path, max_size=None) as up:
            both = (pass_down(up, down), pass_up(down, up))
            tasks = [asyncio.create_task(each) for each in both]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()

    async with serve(answer, "127.0.0.1", 0, max_size=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        sys.stderr.write(f"{SAYS}ws://127.0.0.1:{port}\n")
        sys.stderr.flush()
        await asyncio.gather(browser.wait(), drain(browser.stderr))
    return browser.returncode or 0


async def drain(stream: asyncio.StreamReader) -> None:
    """Reads on: a full pipe would stop the browser."""
    while await stream.read(65536):
        pass


async def pass_down(up: Any, down: ServerConnection) -> None:
    async for message in up:
        await down.send(message)


async def pass_up(down: ServerConnection, up: Any) -> None:
    async for message in down:
        asked = json.loads(message)
        if asked.get("method") in UNKNOWN:
            await down.send(json.dumps({"type": "success", "id": asked["id"], "result": {}}))
        else:
            await up.send(message)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
