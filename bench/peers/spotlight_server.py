"""The same pictures in Renumics Spotlight: what ``peer_latency`` compares.

    python bench/peers/spotlight_server.py pictures port

``pictures`` has a folder a style. Needs an environment of its own: renumics-spotlight 1.8.2.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from renumics import spotlight

pictures, port = sys.argv[1:]
found = sorted(Path(pictures).glob("*/*.jpg"))
table = pd.DataFrame(
    {
        "picture": [str(path) for path in found],
        "style": pd.Categorical([path.parent.name for path in found]),
    }
)
spotlight.show(
    table,
    dtype={"picture": spotlight.Image},
    host="127.0.0.1",
    port=int(port),
    no_browser=True,
    wait="forever",
)
