"""Tables that anybody may send: read in a process with limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.reviews.changes.at_hand import Asked, Wanted
from core.reviews.changes.upload import CAP, meet_upload
from core.reviews.errors import ReviewsError

ASKED = Asked("", "id", (Wanted("1", "style", "Cubism", "Café"),), "csv")


def test_an_upload_is_met_as_a_file_is() -> None:
    met = meet_upload("id;style\n1;Cubism\n2;Dada\n".encode("cp1252"), "../ö.csv", ASKED)
    assert met.states == ("open",)
    assert met.changed == "id;style\n1;Café\n".encode()
    assert met.undo == b"id;style\n1;Cubism\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"key,style\n1,Cubism\n", r"^m\.csv has no column 'id'"),
        (b"\0\1\2\3", r"^m\.csv is not a table"),
        (b"", r"^m\.csv is not a table"),
    ],
)
def test_what_is_no_such_table_is_refused_without_a_path(content: bytes, said: str) -> None:
    with pytest.raises(ReviewsError, match=said):
        meet_upload(content, "m.csv", ASKED)


def test_a_reader_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(ReviewsError, match="took too long"):
        meet_upload(b"id,style\n1,Cubism\n", "m.csv", ASKED, replace(CAP, seconds=0.05))
