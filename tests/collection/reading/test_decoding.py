"""Bytes of a table become the text that was meant, and what was doubtful is said."""

import time

import pytest

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.decoding import (
    choose_east_asian,
    choose_old_encoding,
    decode_table,
)

WESTERN = "file,artist\n1.jpg,Dürer\n2.jpg,Gérôme\n3.jpg,Étude n° 1 – ‘Soirée’\n4.jpg,Muñoz\n"
TEXTS = {
    "cp1252": WESTERN,
    "mac_roman": WESTERN,
    "cp850": "file,artist\n1.jpg,Dürer\n2.jpg,Gérôme\n3.jpg,Bäckström\n",
    "cp1250": "file,artist\n1.jpg,Władysław Ślewiński\n2.jpg,Józef Chełmoński\n3.jpg,Aleš\n",
    "cp1251": "file,artist\n1.jpg,Иван Айвазовский\n2.jpg,Казимир Малевич\n",
    "koi8_r": "file,artist\n1.jpg,Иван Айвазовский\n2.jpg,Казимир Малевич\n",
    "iso8859_15": "file,artist,cost\n1.jpg,Gérôme,5 €\n2.jpg,Œuvre de Crépin,6 €\n3.jpg,Sœur,",
    "iso8859_2": "file,artist\n1.jpg,František Škréta\n2.jpg,Jiří Šlitr\n3.jpg,Mikoláš Aleš\n",
    "cp866": "file,artist\n1.jpg,Иван Айвазовский\n2.jpg,Казимир Малевич\n",
    "cp932": "file,artist\n1.jpg,葛飾北斎\n2.jpg,歌川広重\n",
    "euc_jp": "file,artist\n1.jpg,葛飾北斎\n2.jpg,歌川広重\n3.jpg,狩野永徳の梅\n",
    "cp949": "file,artist\n1.jpg,김홍도\n2.jpg,신윤복\n3.jpg,장승업\n",
    "gb18030": "file,artist\n1.jpg,齐白石\n2.jpg,张大千\n3.jpg,徐悲鸿\n4.jpg,八大山人\n",
    "big5": "file,artist\n1.jpg,齊白石\n2.jpg,張大千\n3.jpg,徐悲鴻\n4.jpg,八大山人\n",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_old_encodings_are_told_apart(encoding: str) -> None:
    data = TEXTS[encoding].encode(encoding)
    assert (choose_east_asian(data) or choose_old_encoding(data)) == encoding


def test_lines_of_two_encodings_are_read_each_in_its_own() -> None:
    lines = [f"{n}.jpg,Gérôme\n".encode("cp1252" if n % 3 else "utf-8") for n in range(30)]
    text, _ = decode_table(b"".join(lines), "m.csv", Account())
    assert text.count("Gérôme") == 30


def test_signs_of_two_bytes_that_look_like_utf_8_are_told_by_their_lines() -> None:
    text = TEXTS["gb18030"]
    decoded, (note,) = decode_table(text.encode("gb18030"), "m.csv", Account())
    assert decoded == text
    assert "was read as GB 18030 (Chinese)" in note


def test_a_long_line_before_the_odd_bytes_is_read_once() -> None:
    """Not once from each of its characters, which takes longer than the bound here."""
    data, began = b"a," * 500_000 + b"\n" + TEXTS["cp1251"].encode("cp1251"), time.process_time()
    assert choose_old_encoding(data) == "cp1251"
    assert time.process_time() - began < 30


def test_half_inches_do_not_change_the_encoding() -> None:
    text = "".join(f"{n}.jpg,Gérôme,{n}½ in.\n" for n in range(9))
    assert choose_old_encoding(text.encode("cp1252")) == "cp1252"
    assert choose_east_asian(text.encode("cp1252")) is None


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_unicode_is_read_with_or_without_a_mark(encoding: str) -> None:
    account = Account()
    assert decode_table(WESTERN.encode(encoding), "m.csv", account) == (WESTERN, [])
    assert account.entries == []


def test_an_odd_byte_harms_its_own_cell_alone() -> None:
    rows = [row.encode() for row in WESTERN.splitlines(keepends=True)]
    rows[2] = "2.jpg,Gérôme\n".encode("latin-1")
    account = Account()
    text, notes = decode_table(b"".join(rows), "m.csv", account)
    assert text == WESTERN
    assert "but for line 3" in notes[0]
    assert account.describe() == [
        "1 row changed, bytes that are not UTF-8, read as Windows-1252 (Western Europe): line 3"
    ]


def test_an_odd_byte_of_a_mac_is_told_by_its_word() -> None:
    text, _ = decode_table(
        WESTERN.encode() + "5.jpg,Gérôme\n".encode("mac_roman"), "m.csv", Account()
    )
    assert text.endswith("5.jpg,Gérôme\n")


def test_nuls_are_taken_out_and_named() -> None:
    account = Account()
    text, _ = decode_table(b"file,style\na\x00.jpg,Cub\x00ism\n" + b"b.jpg,x\n" * 9, "m", account)
    assert text.startswith("file,style\na.jpg,Cubism\n")
    assert account.describe() == ["1 row changed, NUL characters were taken out: line 2"]


def test_what_was_lost_before_is_named() -> None:
    _, notes = decode_table("file\nD\ufffdrer\n".encode(), "m.csv", Account())
    assert "line 2" in notes[0]


def test_a_named_encoding_is_used_or_refused() -> None:
    data = "Władysław".encode("iso8859_2")
    assert decode_table(data, "m.csv", Account(), "iso8859_2")[0] == "Władysław"
    with pytest.raises(CollectionError, match=r"'klingon' is no encoding.*--encoding"):
        decode_table(data, "m.csv", Account(), "klingon")
    with pytest.raises(CollectionError, match=r"not in utf-8; found byte b3 in line 1"):
        decode_table(data, "m.csv", Account(), "utf-8")
