"""Streamlit's settings come from this program: ``.streamlit/config.toml`` of the checkout.

Streamlit looks for that file in the folder where it was started and in the user's home, and finds
another or none when an ASGI server is started elsewhere: then it would show tracebacks, take larger
uploads and write an id into the user's home.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from streamlit import config, delta_generator

FILE: Final = Path(__file__).parents[1] / ".streamlit" / "config.toml"


def apply_settings(base_path: str) -> None:
    """Makes Streamlit obey ``FILE`` before any other file and its own environment variables.

    ``base_path``: below which its pages lie, "" for none.
    """
    settings = dict(_flatten(tomllib.loads(FILE.read_text(encoding="utf-8"))))
    settings["server.baseUrlPath"] = base_path.strip("/")
    config.get_config_options(force_reparse=True, options_from_flags=settings)
    # It would look for a Python prompt above the first script, in the source of every module.
    delta_generator._use_warning_has_been_displayed = True


def _flatten(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """``{"theme": {"light": {"a": 1}}}`` -> ``("theme.light.a", 1)``."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
