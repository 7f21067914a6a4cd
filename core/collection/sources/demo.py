"""The demo: a collection painted on this machine, with known planted errors."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.collection.sources.museum import open_museum
from core.collection.table import Collection

if TYPE_CHECKING:
    from core.progress import Stage

WORKS: Final = 1280


def open_demo(root: Path, works: int = WORKS) -> Collection:
    """Opens the demo of ``works`` paintings at ``root``, painting it first unless it is there.

    Raises ``UserError`` when ``root`` holds something else or ``works`` is too small.
    """
    # Only the demo needs these; whoever looks at another collection may lack them.
    from core.progress import stage
    from core.studio import paint_collection

    with ExitStack() as display:
        shown: list[Stage] = []

        def on_painted(done: int, total: int) -> None:
            if not shown:  # no progress to show where the demo exists already
                shown.append(display.enter_context(stage("Painting the demo", total)))
            shown[0].advance(done - shown[0].done)

        paint_collection(root, works=works, on_painted=on_painted)
    return replace(open_museum(root / "paintings.csv", name="demo"), source="demo")
