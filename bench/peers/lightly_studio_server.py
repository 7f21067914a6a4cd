"""The same pictures in LightlyStudio, tagged by style: what ``peer_latency`` compares.

    python bench/peers/lightly_studio_server.py pictures database port

``pictures`` has a folder a style. They are read once, into ``database``, where that is missing.
Needs an environment of its own: lightly-studio 1.2.0.
"""

from __future__ import annotations

import sys
from pathlib import Path

import lightly_studio
from lightly_studio import db_manager

pictures, database, port = sys.argv[1:]
is_new = not Path(database).exists()
db_manager.connect(cleanup_existing=is_new, db_file=database)
if is_new:
    paintings = lightly_studio.ImageDataset.create(name="paintings")
    paintings.add_images_from_path(pictures, embed=False, tag_depth=1)
lightly_studio.start_gui(host="127.0.0.1", port=int(port), open_browser=False)
