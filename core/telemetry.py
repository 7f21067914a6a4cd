"""Switches off the telemetry of libraries before any of them is imported.

``core`` does this on its first import, whoever imports it: pages, workers, the trainer, the command
line, the benchmarks. These values override the environment's.
"""

from __future__ import annotations

import os
import sys
from typing import Final

SWITCHES: Final = {
    # Writes a device id under the user's cache and sends the names and hashes of models.
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",  # a request that only counts uses
    "DO_NOT_TRACK": "1",  # any other library of an installation
    "WANDB_MODE": "disabled",  # accelerate uses it where it is installed
}


def switch_off() -> None:
    """Sets ``SWITCHES`` in this process's environment, which its children inherit.

    OpenVINO has no switch: it reports each import, unless the package that does it is missing.
    Streamlit's own is in ``.streamlit/config.toml``.
    """
    os.environ |= SWITCHES
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
