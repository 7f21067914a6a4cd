"""Bytes of a table as text: in which encoding they are, and which few do not fit it.

A mark at the start decides. Without one, UTF-16 shows by its NULs, UTF-8 by being valid but for a
few bytes, which are then read alone. What remains is one of the encodings of old office programs;
names are too few and too short for a detector of languages, so the one is taken whose reading has
the fewest letters where no name has them, and of those of East Asia the one whose reading has the
fewest seldom signs (``bench/table_readers.py`` measures it).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from itertools import islice
from typing import Final

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.wording import list_some

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED: Final = {  # the codec that reads what follows a mark
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# The first of equals is taken: the commonest first.
_OLD: Final = {
    "cp1252": "Windows-1252 (Western Europe)",
    "iso8859_15": "ISO 8859-15 (Western Europe)",
    "mac_roman": "Mac Roman",
    "cp1250": "Windows-1250 (Central Europe)",
    "iso8859_2": "ISO 8859-2 (Central Europe)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8_r": "KOI8-R (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp850": "DOS 850 (Western Europe)",
    "cp866": "DOS 866 (Cyrillic)",
}
_EAST: Final = {
    "cp949": "CP949 (Korean)",
    "euc_jp": "EUC-JP (Japanese)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "cp932": "Shift JIS (Japanese)",
}
# First bytes of the common signs: syllables, kana, the characters of the first level.
_COMMON: Final[dict[str, frozenset[int]]] = {
    "cp949": frozenset(range(0xB0, 0xC9)),
    "euc_jp": frozenset((0xA4, 0xA5, *range(0xB0, 0xD0))),
    "gb18030": frozenset(range(0xB0, 0xD8)),
    "big5": frozenset(range(0xA4, 0xC7)),
    "cp932": frozenset((0x82, 0x83, *range(0x88, 0x98))),
}
_NAMES: Final = _OLD | _EAST
_MOST_SELDOM: Final = 0.2  # of the signs of a text in an encoding of East Asia
_ODD: Final = re.compile("[\udc80-\udcff]")  # a byte that "surrogateescape" could not decode
_BEYOND_ASCII: Final = re.compile("[^\x00-\x7f]")
_LINE: Final = re.compile(rb"[\r\n]+")
_LOOKED_AT: Final = 4000  # characters beyond ASCII: enough to tell encodings apart
_SELDOM: Final = frozenset("šžŠŽŸƒªºµþÞðÐﬁﬂ")
_IN_WORDS: Final = frozenset("’‘‐–·")


def decode_table(
    data: bytes, where: str, account: Account, encoding: str | None = None
) -> tuple[str, list[str]]:
    """Text of ``data`` without NULs or mark, and notes for the user.

    Lines with bytes of another encoding are counted in ``account`` as changed. ``encoding`` is used
    where it is given. Raises ``CollectionError`` when it is no encoding, or does not fit.
    """
    text, notes = _decode(data, where, account, encoding)
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        _add_lines(account, "NUL characters were taken out", _lines_with(text, ["\x00"]))
        text = text.replace("\x00", "")
    if "\ufffd" in text:
        lines = _lines_with(text, ["\ufffd"])
        _add_lines(account, "characters that cannot be read", lines)
        notes.append(
            f"{where} holds characters that an earlier program could not read, shown as "
            f"\ufffd, in {_name_lines(lines)}: correct them in the table."
        )
    return text, notes


def _decode(
    data: bytes, where: str, account: Account, encoding: str | None
) -> tuple[str, list[str]]:
    if encoding is not None:
        return _decode_as(data, where, encoding), []
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), []
    if wide := sniff_wide(data):
        return data.decode(wide, "replace"), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        return _decode_narrow(data, where, account)


def _decode_as(data: bytes, where: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise CollectionError(
            f"'{encoding}' is no encoding",
            expected="one such as utf-8, cp1252, mac_roman, cp1250, utf-16-le",
            remedy="Correct --encoding, or leave it out.",
        ) from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CollectionError(
            f"{where} is not in {encoding}",
            found=f"byte {data[error.start]:02x} in line {line:,}",
            remedy="Name another with --encoding, or leave it out.",
        ) from error


def find_encoding(data: bytes, encoding: str | None = None) -> tuple[str, bytes]:
    """The codec in which ``decode_table`` reads ``data``, and the mark before the text.

    Of a text that is UTF-8 but for a few bytes it is UTF-8.
    """
    marked = next(((m, c) for m, c in _UNMARKED.items() if data.startswith(m)), None)
    if marked is not None and (encoding is None or _is_alike(encoding, marked[1])):
        return marked[1], marked[0]
    if encoding is not None:
        return encoding, b""
    if wide := sniff_wide(data):
        return wide, b""
    text = data.decode("utf-8", "surrogateescape")
    return _find_old(data, text) or "utf-8", b""


def _is_alike(encoding: str, codec: str) -> bool:
    """Whether ``encoding`` is ``codec``, with or without a mark or the order of its bytes."""
    plain = encoding.lower().replace("_", "-").removesuffix("-sig")
    return codec.startswith(plain.replace("utf8", "utf-8").replace("utf16", "utf-16"))


def sniff_wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 by its NULs: they stand at the same places of every two or four bytes."""
    start = data[:65536]
    nuls = start.count(0)
    if nuls * 20 < len(start) or len(start) < 8:
        return None
    if nuls * 20 > len(start) * 12:
        return "utf-32-le" if start[3::4].count(0) * 4 > len(start) * 0.9 else "utf-32-be"
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if even * 20 < odd:
        return "utf-16-le"
    return "utf-16-be" if odd * 20 < even else None


def _decode_narrow(data: bytes, where: str, account: Account) -> tuple[str, list[str]]:
    text = data.decode("utf-8", "surrogateescape")
    if encoding := _find_old(data, text):
        return _decode_old(data, encoding), [
            f"{where} is not UTF-8 and was read as {_NAMES[encoding]}: if names look wrong, name "
            "the encoding with --encoding."
        ]
    lines = _lines_with(text, _ODD.findall(text))
    likely = ("cp1252", "mac_roman")
    name = likely[_choose([text.translate(_odd_bytes(each)) for each in likely])]
    _add_lines(account, f"bytes that are not UTF-8, read as {_OLD[name]}", lines)
    note = (
        f"{where} is UTF-8 but for {_name_lines(lines)}, where bytes were read as {_OLD[name]}: "
        "check the names there."
    )
    return text.translate(_odd_bytes(name)), [note]


def _find_old(data: bytes, text: str) -> str | None:
    """The old encoding that ``data`` is in; None where it is UTF-8 but for a few bytes.

    ``text`` is the data decoded with its odd bytes escaped.
    """
    odd = len(_ODD.findall(text))
    sound = len(_BEYOND_ASCII.findall(text)) - odd
    # Signs of two bytes may look like UTF-8 by chance.
    east = choose_east_asian(data) if odd else None
    if sound * 3 < odd or east is not None:
        return east or choose_old_encoding(data)
    return None


def choose_old_encoding(data: bytes) -> str:
    """Which of ``_OLD`` reads ``data`` with the fewest unlikely letters."""
    beyond = (line for line in _LINE.split(data) if not line.isascii())
    sample = b"\n".join(islice(beyond, _LOOKED_AT))[: 20 * _LOOKED_AT]
    names = list(_OLD)
    return names[_choose([_decode_old(sample, name) for name in names])]


def choose_east_asian(data: bytes) -> str | None:
    """Which of ``_EAST`` reads all of ``data`` with few seldom signs; None for another text."""
    shares = {name: share for name in _EAST if (share := _count_seldom(data, name)) is not None}
    likeliest = min(shares, key=shares.__getitem__, default=None)
    return likeliest if likeliest is not None and shares[likeliest] <= _MOST_SELDOM else None


def _count_seldom(data: bytes, encoding: str) -> float | None:
    """Share of seldom signs and of those beside Latin letters; None where ``data`` does not fit."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    padded = f" {text} "
    places = [found.start() for found in islice(_BEYOND_ASCII.finditer(padded), _LOOKED_AT)]
    seldom = sum(
        padded[place].encode(encoding)[0] not in _COMMON[encoding]
        or any(near.isascii() and near.isalpha() for near in padded[place - 1 : place + 2 : 2])
        for place in places
        if padded[place].isalpha()
    )
    return seldom / len(places) if places else None


def _decode_old(data: bytes, encoding: str) -> str:
    if encoding in _EAST:
        return data.decode(encoding, "replace")
    # The few bytes that Windows' encodings leave undefined are read as Latin-1.
    text = data.decode(encoding, "surrogateescape")
    return text.translate({code: code - 0xDC00 for code in range(0xDC80, 0xDD00)})


def _odd_bytes(encoding: str) -> dict[int, str]:
    return {0xDC00 + byte: _decode_old(bytes([byte]), encoding) for byte in range(0x80, 0x100)}


def _choose(readings: list[str]) -> int:
    doubts = [_doubt(text) for text in readings]
    return doubts.index(min(doubts))


def _doubt(text: str) -> float:
    """How many characters stand where names have none of their kind."""
    padded = f"  {text}  "
    places = [found.start() for found in _BEYOND_ASCII.finditer(padded)][:_LOOKED_AT]
    return sum(_doubt_at(padded[place - 2 : place + 2]) for place in places)


def _doubt_at(near: str) -> float:
    """Doubt of the third of four characters, 0 to 1."""
    before, last, this, following = (near[place] for place in range(4))
    kind = unicodedata.category(this)
    if kind in ("Cc", "Co", "Cn") or this == "\ufffd":
        return 1
    if kind == "No" and not last.isalpha() and not following.isalpha():
        return 0  # 2½
    if kind[0] == "L" and last.isdigit():
        return 0.5
    if kind not in ("Lu", "Ll", "Lo"):
        inside = last.isalpha() and following.isalpha()
        return float(kind[0] in "SLN" or inside) if this not in _IN_WORDS else 0
    if this.isupper() and last.isupper() and following.islower():
        return 0.5
    is_lone_small = this.islower() and last.isupper() and before.isupper()
    if is_lone_small or (this.isupper() and last.islower()):
        return 1
    if _script(this) != "LATIN":
        return float(any(each.isascii() and each.isalpha() for each in (last, following)))
    if not last.isascii() and last.isalpha() and not before.isascii() and before.isalpha():
        return 1
    return 0.25 if this in _SELDOM else 0


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _lines_with(text: str, marks: Iterable[str]) -> list[int]:
    """Numbers of the lines of ``text`` that hold one of ``marks``, the first is 1."""
    pattern = re.compile("[" + "".join(map(re.escape, sorted(set(marks)))) + "]")
    breaks = "\n" if "\n" in text else "\r"
    return [n for n, line in enumerate(text.split(breaks), 1) if pattern.search(line)]


def _name_lines(lines: list[int]) -> str:
    word = "line" if len(lines) == 1 else "lines"
    return f"{word} {list_some([f'{line:,}' for line in lines])}"


def _add_lines(account: Account, reason: str, lines: list[int]) -> None:
    account.add("row", "changed", reason, [f"line {line}" for line in lines])
