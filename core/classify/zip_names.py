"""Names in a zip that does not say how they are encoded, as zips of other systems do not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from zipfile import ZipInfo

_SAYS_UTF_8: Final = 0x800
_STANDARD: Final = "cp437"  # of zips, and what Python reads them by
_WESTERN: Final = "cp850"
# A text is in an encoding if what is not ASCII is of its script alone, and somewhere in a row: of
# chance, a lone accent between Latin letters makes one letter of another script, hardly ever two.
_KANA_KANJI: Final = r"\u3000-\u303f\u3040-\u30ff\u4e00-\u9fff\uff01-\uff5e"
_SCRIPTS: Final = {
    "cp932": re.compile(rf"(?=.*[{_KANA_KANJI}]{{2}})[\x00-\x7f{_KANA_KANJI}]*", re.DOTALL),
    "cp949": re.compile(r"(?=.*[\uac00-\ud7a3]{2})[\x00-\x7f\uac00-\ud7a3]*", re.DOTALL),
    "cp866": re.compile(r"(?=.*[\u0400-\u045f]{3})[\x00-\x7f\u0400-\u045f]*", re.DOTALL),
    "gbk": re.compile(r"(?=.*[\u4e00-\u9fff]{2})[\x00-\x7f\u3000-\u303f\u4e00-\u9fff]*", re.DOTALL),
}
_DRAWINGS: Final = re.compile("[\u2500-\u259f]")  # no name has them


def read_names(entries: Iterable[ZipInfo]) -> dict[ZipInfo, str]:
    """The name of each entry, in the one encoding in which all of them make sense."""
    names = {entry: entry.filename for entry in entries}
    unsaid = [entry for entry in names if not entry.flag_bits & _SAYS_UTF_8]
    raw = {entry: names[entry].encode(_STANDARD, "replace") for entry in unsaid}
    encoding = find_encoding(list(raw.values()))
    return names | {entry: name.decode(encoding, "replace") for entry, name in raw.items()}


def find_encoding(names: list[bytes]) -> str:
    """Of names of one origin: UTF-8, or the DOS code page of the script that they are in."""
    joined = b"\n".join(names)
    if _decode(joined, "utf-8") is not None:
        return "utf-8"
    for encoding, script in _SCRIPTS.items():
        text = _decode(joined, encoding)
        if text is not None and script.fullmatch(text):
            return encoding
    return _WESTERN if _DRAWINGS.search(joined.decode(_STANDARD)) else _STANDARD


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
