"""A server in its own process, and the measurements made inside the browser."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.server import find_port, run, serve

CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS: Final = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
WEBGL: Final = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
# Put into every page before its own scripts. All times are the browser's own, in milliseconds.
PROBE: Final = """
window.bench = { sent: [], got: [] }
const size = (data) => data.byteLength ?? data.size ?? data.length
window.WebSocket = class extends WebSocket {
  constructor(...values) {
    super(...values)
    this.addEventListener("message", () => bench.got.push(performance.now()))
  }
  send(data) {
    bench.sent.push([performance.now(), size(data)])
    super.send(data)
  }
}
bench.find = (css) => {
  const hosts = document.querySelectorAll("[data-testid=stBidiComponentIsolated]")
  return [...hosts].map((host) => host.shadowRoot?.querySelector(css)).find(Boolean)
}
bench.stage = () => bench.find(".stage")
bench.plot = () => document.querySelector(".js-plotly-plot")
bench.isIdle = () =>
  document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
bench.heading = () => document.querySelector("[data-testid=stMain] h2")?.textContent ?? ""
bench.until = (holds, limit = 40000) => new Promise((resolve, reject) => {
  const begun = performance.now()
  const look = () => {
    if (holds()) resolve(performance.now())
    else if (performance.now() - begun > limit) reject(new Error(`not within ${limit} ms`))
    else requestAnimationFrame(look)
  }
  look()
})
// Notes when Plotly has drawn its points: its frame is there long before them. It keeps what
// listens to a plot in `_ev`, set before it draws: who asks for the plot later may miss the event.
Object.defineProperty(HTMLElement.prototype, "_ev", {
  configurable: true,
  get() { return this.benchEvents },
  set(events) {
    this.benchEvents = events
    events.on("plotly_afterplot", () => { this.dataset.drawn = performance.now() })
  },
})
// Idle, with a heading; with its cloud or the peer's points drawn where it has any.
bench.isUseful = () => {
  const path = location.pathname
  const needs = path.endsWith("/map") || path.endsWith("/outliers")
  const peers = location.search === "?points" ? bench.plot()?.dataset.drawn : true
  const drawn = peers && (needs ? bench.stage()?.dataset.drawn : true)
  const plots = [...document.querySelectorAll("[data-testid=stPlotlyChart]")]
  const plotted = plots.every((each) => each.querySelector(".main-svg"))
  return bench.isIdle() && document.querySelector("h1, h2") && drawn && plotted
}
bench.useful = () => bench.until(bench.isUseful)
// From the next event `kind`, a click or a key: [until all that it changes is drawn, from its
// message to the last answer before that].
bench.onAct = async (kind) => {
  const heading = location.pathname + bench.heading()
  const first = bench.sent.length
  const begun = await bench.event(kind)
  const isNew = () => location.pathname + bench.heading() !== heading
  const isDrawn = () => {
    const drawn = bench.stage() ?? bench.plot()
    return !drawn || Number(drawn.dataset.drawn) > begun
  }
  const ended = await bench.until(() => isNew() && bench.isUseful() && isDrawn())
  const asked = bench.sent[first]?.[0] ?? begun
  const answers = bench.got.filter((time) => time > asked && time < ended)
  return [ended - begun, (answers.at(-1) ?? asked) - asked]
}
// From the end of a lasso: [until it is shown, bytes sent].
bench.onRelease = async () => {
  const first = bench.sent.length
  const heading = bench.heading()
  const begun = await bench.event("pointerup")
  const isNew = () => bench.heading() !== heading && bench.sent.length > first
  const ended = await bench.until(() => isNew() && bench.isIdle())
  return [ended - begun, bench.sent.slice(first).reduce((sum, [, bytes]) => sum + bytes, 0)]
}
bench.event = (name) => new Promise((resolve) => {
  addEventListener(name, () => resolve(performance.now()), { once: true, capture: true })
})
bench.watchFrames = () => {
  bench.times = []
  const stage = bench.stage()
  const note = () => bench.times.push(performance.now())
  if (stage) new MutationObserver(note).observe(stage, { attributeFilter: ["data-drawn"] })
  else bench.plot().on("plotly_relayouting", note)
}
bench.frames = () => bench.times.slice(1).map((time, at) => time - bench.times[at])
bench.pictures = async ([run, from]) => {
  const begun = performance.now()
  await Promise.all(Array.from({ length: 60 }, async (_, at) => {
    const picture = new Image()
    picture.src = `/images/${run}/${from + at}/160.jpg`
    document.body.append(picture)
    await picture.decode()
  }))
  return performance.now() - begun
}
"""


@dataclass(frozen=True)
class Server:
    """A process that answers at ``address``; ``started`` is of ``time.monotonic``."""

    address: str
    process: subprocess.Popen[bytes]
    started: float

    def seconds_since_start(self) -> float:
        return time.monotonic() - self.started

    def megabytes(self) -> float:
        """Resident memory of the process itself."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024


@contextmanager
def serve_dashboard(artifacts: Path, reviews: Path) -> Iterator[Server]:
    """The dashboard over ``artifacts``, with verdicts of its own."""
    started = time.monotonic()
    with serve(artifacts, str(reviews)) as (address, process):
        yield Server(address, process, started)


@contextmanager
def serve_streamlit(script: Path, *arguments: str) -> Iterator[Server]:
    """``script`` as Streamlit serves it by itself."""
    port = str(find_port())
    command = ["-m", "streamlit", "run", str(script), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", port, "--", *arguments]
    started, address = time.monotonic(), f"http://127.0.0.1:{port}"
    with run(command, f"{address}/_stcore/health") as process:
        yield Server(address, process, started)
