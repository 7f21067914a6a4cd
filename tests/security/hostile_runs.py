"""Opens hostile runs in a process of its own, in which every file that is opened is looked at.

    python -m tests.security.hostile_runs ARTIFACTS OUTSIDE

``ARTIFACTS`` holds the run ``synthetic-1``; ``OUTSIDE`` is a folder beside it that hostile values
point to. Prints a line of JSON a case.
"""

from __future__ import annotations

import copy
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from core.artifacts import RunError, open_run
from core.artifacts.manifest import MANIFEST_NAME
from core.classify import Classifier
from dashboard.runs.table import build_table

CASES = 500
SEED = 13
SECONDS = 5  # of processor for one case
LONGEST = 60  # seconds until one hangs
RUN = "synthetic-1"
Place = tuple[str | int, ...]


def list_values(outside: Path) -> list[Any]:
    """What stands in place of a field."""
    deep: Any = 1
    for _ in range(300):
        deep = [deep]
    paths = [
        "/",
        "..",
        "../..",
        f"../../{outside.name}",
        str(outside),
        str(outside / "secret.toml"),
    ]
    texts = ["", "a\nb", "a\0b", "\u202egnp.exe", "x" * 100_000, "<script>", "\ud800", "../" * 30]
    numbers = [-1, 0, 2**40, 2**70, 10**400, 1e308, -0.5, float("nan"), float("inf"), True]
    others = [None, [], {}, deep, ["x"] * 30_000, {"a": {"b": [1]}}, {"../x": 1}, [None], [[[]]]]
    return [*paths, *texts, *numbers, *others]


def list_places(value: Any, here: Place = ()) -> Iterator[Place]:
    """Every field below ``value``, the containers too."""
    inner: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    for name, each in inner:
        yield (*here, name)
        yield from list_places(each, (*here, name))


def put(manifest: Any, place: Place, value: Any) -> Any:
    """A copy of ``manifest`` with ``value`` at ``place``."""
    changed = copy.deepcopy(manifest)
    around = changed
    for name in place[:-1]:
        around = around[name]
    around[place[-1]] = value
    return changed


def rename(manifest: Any, place: Place, name: str) -> Any:
    """A copy of ``manifest`` in which the field at ``place`` is called ``name``."""
    changed = copy.deepcopy(manifest)
    around = changed
    for each in place[:-1]:
        around = around[each]
    around[name] = around.pop(place[-1])
    return changed


def draw_cases(manifest: Any, outside: Path) -> Iterator[tuple[str, Any]]:
    """``CASES`` manifests with one field of each replaced or renamed, every field at least once."""
    rng, values = random.Random(SEED), list_values(outside)
    names = [value for value in values if isinstance(value, str)]
    places = list(list_places(manifest))
    rng.shuffle(places)
    for number in range(CASES):
        place = places[number % len(places)]
        if rng.random() < 0.15 and isinstance(place[-1], str):
            name = rng.choice(names)
            yield f"{place} called {name[:40]!r}", rename(manifest, place, name)
        else:
            value = rng.choice(values)
            yield f"{place} = {value!r:.60}", put(manifest, place, value)


def use(folder: Path) -> None:
    """Reads all that the dashboard reads of a run; raises ``RunError``."""
    run = open_run(folder)
    run.verify_hashes()
    build_table(run)
    for row in (0, len(run) - 1):
        run.load_image(row, 64)
    _ = run.metrics, run.quarantine, run.neighbours, run.similarities, run.dynamics, run.pairs
    _ = run.style_years, run.history, [run.case_rows(case) for case in run.cases["case"]]
    Classifier(run)


class Watch:
    """Notes every file that Python opens and that is not the run's or the store's."""

    def __init__(self, root: Path) -> None:
        self._roots, self.is_armed = {str(root), str(root / "images")}, False
        self.leaks: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not self.is_armed or isinstance(arguments[0], int):
            return
        path, flags = os.fsdecode(arguments[0]), int(arguments[2] or 0)
        is_plain = "/" not in path and path != ".." and flags & os.O_NOFOLLOW
        is_code = path.startswith((sys.prefix, sys.base_prefix)) and path.endswith((".py", ".pyc"))
        if path not in self._roots and not is_plain and not is_code:
            self.leaks.append(path)


def attempt(call: Callable[[], None]) -> tuple[str, str]:
    """How ``call`` ended, and the message of its error."""
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST)
    try:
        call()
    except RunError as error:
        return "refused", str(error)
    except BaseException as error:  # noqa: BLE001  any other end is what the test looks for
        return "crashed", f"{type(error).__name__}: {error}"[:500]
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    return "opened", ""


def give_up(*_: object) -> None:
    raise RuntimeError("hangs")  # an OSError, as a timeout is, would be taken for the file's


def main(root: Path, outside: Path) -> None:
    """Opens each case and says how it ended."""
    path = root / RUN / MANIFEST_NAME
    manifest = json.loads(path.read_text())
    use(root / RUN)  # whatever is imported late is imported now
    watch = Watch(root)
    for what, changed in draw_cases(manifest, outside):
        path.write_text(json.dumps(changed))
        watch.is_armed, begun = True, time.process_time()
        end, message = attempt(lambda: use(root / RUN))
        watch.is_armed = False
        seconds = time.process_time() - begun
        told = {"case": what, "end": end, "message": message, "seconds": seconds}
        sys.stdout.write(json.dumps(told | {"leaks": watch.leaks}) + "\n")
        watch.leaks = []


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
