"""Zips that a curator sends, and zips that are sent to do harm."""

from __future__ import annotations

import io
import zipfile

import pytest

from core.classify.batch import ZipLimits, count_pictures, show_name, unpack
from core.images.loaded import ImageRefused
from core.sizes import MEGABYTE
from tests.images.painted import paint, to_bytes

PICTURE = to_bytes(paint(1))


def make_zip(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_a_plain_file_is_itself() -> None:
    (item,) = unpack("scan.zip", PICTURE)  # told by content
    assert (item.name, item.data, item.reason) == ("scan.zip", PICTURE, "")
    assert count_pictures(PICTURE) == 1


def test_a_zip_gives_its_pictures_and_passes_over_the_rest() -> None:
    data = make_zip(
        {
            "room 1/a.jpg": PICTURE,
            "b.png": b"no picture",
            "empty/": b"",
            "__MACOSX/room 1/._a.jpg": b"x",
            ".DS_Store": b"x",
        }
    )
    items = list(unpack("scans.jpg", data))
    assert [item.name for item in items] == ["a.jpg", "b.png"]
    assert items[0].data == PICTURE
    assert count_pictures(data) == 2


def test_a_bomb_is_read_no_further_than_the_limit() -> None:
    bomb = make_zip({"bomb.png": bytes(64 * MEGABYTE), "a.jpg": PICTURE})
    assert len(bomb) < 100_000
    first, second = unpack("bomb.zip", bomb, ZipLimits(entry_bytes=MEGABYTE))
    assert (first.data, first.reason) == (
        b"",
        "it unpacks to more than the limit of 1 MB a file",
    )
    assert second.data == PICTURE


def test_all_entries_together_are_bounded() -> None:
    data = make_zip({f"{i}.bin": bytes(MEGABYTE // 2) for i in range(5)})
    items = list(unpack("z", data, ZipLimits(entry_bytes=MEGABYTE, total_bytes=MEGABYTE)))
    assert [bool(item.data) for item in items] == [True, True, False, False, False]
    assert items[2].reason == "the zip unpacks to more than the limit of 1 MB"


def test_an_entry_that_crosses_the_total_is_named_for_it() -> None:
    data = make_zip({f"{i}.bin": bytes(3 * MEGABYTE // 4) for i in range(2)})
    items = list(unpack("z", data, ZipLimits(entry_bytes=MEGABYTE, total_bytes=MEGABYTE)))
    assert items[1].reason == "the zip unpacks to more than the limit of 1 MB"


def test_a_size_that_the_directory_understates_is_not_believed() -> None:
    data = bytearray(make_zip({"a.bin": bytes(4 * MEGABYTE)}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (100).to_bytes(4, "little")
    (item,) = unpack("z", bytes(data), ZipLimits(entry_bytes=MEGABYTE))
    assert len(item.data) <= MEGABYTE


def test_too_many_entries_are_refused_before_they_are_listed() -> None:
    data = make_zip({f"{i}.jpg": b"" for i in range(12)})
    with pytest.raises(ImageRefused, match="more than 10 files; the limit is 10"):
        list(unpack("z", data, ZipLimits(entries=10)))


def test_a_zip_in_a_zip_stays_closed() -> None:
    inner = make_zip({"a.jpg": PICTURE})
    (item,) = unpack("z", make_zip({"inner.zip": inner}))
    assert item.data == inner


def test_unread_methods_and_passwords_are_named() -> None:
    (item,) = unpack("z", make_zip({"a.jpg": PICTURE}, zipfile.ZIP_LZMA))
    assert "use deflate" in item.reason
    locked = bytearray(make_zip({"a.jpg": PICTURE}))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (item,) = unpack("z", bytes(locked))
    assert "encrypted" in item.reason


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_truncated_zip_is_refused(share: float) -> None:
    data = make_zip({f"{i}.jpg": PICTURE for i in range(4)})
    with pytest.raises(ImageRefused, match="damaged zip"):
        list(unpack("z", data[: int(share * len(data))]))
    assert count_pictures(data[: int(share * len(data))]) == 0


def test_a_damaged_entry_leaves_the_others() -> None:
    data = bytearray(make_zip({"a.jpg": PICTURE, "b.jpg": PICTURE}, zipfile.ZIP_STORED))
    data[200] ^= 0xFF
    first, second = unpack("z", bytes(data))
    assert "damaged in the zip" in first.reason
    assert second.data == PICTURE


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\0b.jpg", "a b.jpg"),
        ("evil\u202egpj.exe", "evil gpj.exe"),
        ("line\nbreak.jpg", "line break.jpg"),
        ("\0", "unnamed"),
        ("", "unnamed"),
        ("..", ".."),
        ("Ölberg – 1.jpg", "Ölberg – 1.jpg"),
        ("x" * 500, "x" * 119 + "…"),
    ],
)
def test_names_are_text_and_no_paths(name: str, shown: str) -> None:
    assert show_name(name) == shown
