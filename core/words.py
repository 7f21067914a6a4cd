"""How classes and findings read: the names and sentences that a curator sees."""

from __future__ import annotations

from typing import Final

_SPECIAL_NAMES: Final = {
    "Art_Nouveau_Modern": "Art Nouveau (Modern)",
    "Mannerism_Late_Renaissance": "Mannerism (Late Renaissance)",
    "Naive_Art_Primitivism": "Naïve Art (Primitivism)",
    "Post_Impressionism": "Post-Impressionism",
    "Ukiyo_e": "Ukiyo-e",
}


def class_name(name: str) -> str:
    """``"Post_Impressionism"`` -> ``"Post-Impressionism"``; for styles, artists and genres."""
    if name in _SPECIAL_NAMES:
        return _SPECIAL_NAMES[name]
    spaced = " ".join(name.replace("_", " ").split())
    return spaced[:1].upper() + spaced[1:]
