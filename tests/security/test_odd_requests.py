"""Addresses and messages that are right in form and unkind in content: nothing breaks or stalls."""

from __future__ import annotations

import gzip
from dataclasses import fields
from typing import Final
from urllib.parse import urlencode

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from dashboard.selection.facets import FACETS
from dashboard.selection.state import State
from dashboard.session.state import key_of
from tests.security import wire
from tests.security.museum import Museum
from tests.security.paths import FORM, PAGES, XSRF, wrap
from tests.security.pulse import Stopwatch, watch
from tests.security.sentinels import RUN
from tests.security.stream import Stream

pytestmark = pytest.mark.server

LONG: Final = "9" * 5000  # digits: more than Python makes a number of
NASTY: Final = (
    *(
        "../../etc/passwd",
        "\x00",
        "\u202egpj",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "{{7*7}}",
    ),
    *("nan", "inf", "-1e308", "1e400", LONG, "-" + LONG, "0x10", "1_000", "%", "%00", "[]", "{}"),
    *(
        "(a+)+$" * 20,
        "a" * 4000,
        "=cmd|'/c calc'!A1",
        "0:0,1:1",
        ";".join(["0.5,0.5"] * 500),
        "\ud7ff",
    ),
)
NAMES: Final = (*(each.name for each in fields(State) if each.name != "filters"), *FACETS)
FORMER: Final = ("sheet", "desk")  # read where no parameter of today stands for the same


@pytest.mark.parametrize(
    ("page", "names"),
    [*((each[1:], NAMES) for each in ("/", *PAGES[1:])), ("outliers", FORMER), ("reviews", FORMER)],
)
def test_no_address_breaks_a_page(house: Museum, page: str, names: tuple[str, ...]) -> None:
    """Each value in all parameters at once: the page is drawn, within seconds, without a trace."""
    slow, broken = {}, {}
    with watch(house):
        for value in NASTY:
            stopwatch = Stopwatch(house)
            with Stream(house.port) as visit:
                visit.run(page, urlencode(dict.fromkeys(names, value)))
                if not visit.is_open or b"Traceback" in visit.raw or "delta" not in visit.kinds:
                    broken[value[:40]] = sorted(visit.kinds)
                if visit.find("Exception"):
                    broken[value[:40]] = ["an exception is shown"]
            if (seconds := stopwatch.read()) > 5:
                slow[value[:40]] = seconds
    assert not broken
    assert not slow


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"/images/{RUN}/{LONG}/160.jpg",
            f"/points/{RUN}/{LONG}.json",
            f"/iiif/3/{RUN}:{LONG}/info.json",
        ),
        *(
            f"/iiif/3/{RUN}:0/{LONG},0,1,1/max/0/default.jpg",
            f"/iiif/3/{RUN}:0/full/{LONG},/0/default.jpg",
        ),
        *(
            f"/iiif/3/{RUN}:0/pct:1e999,0,1,1/max/0/default.jpg",
            f"/iiif/3/{RUN}:0/full/pct:nan/0/default.jpg",
        ),
        *(
            f"/iiif/3/{RUN}:0/full/max/{LONG}/default.jpg",
            f"/iiif/3/{RUN}:0/full/max/1e5/default.jpg",
        ),
        *(
            f"/iiif/3/{RUN}:0/full/^{LONG},/0/default.jpg",
            f"/iiif/3/{RUN}:0/full/^!9,{LONG}/0/default.png",
        ),
        *(f"/iiif/3/{RUN}:0/0,0,0,0/max/0/default.jpg", f"/iiif/3/{RUN}:0/full/0,0/0/default.jpg"),
        *(
            f"/iiif/3/{RUN}:0/%d9%a0,0,1,1/max/0/default.jpg",
            f"/iiif/3/{RUN}:0/full/max/%c2%b2/default.jpg",
        ),
        *(f"/points/{RUN}.bin?v={LONG}", f"/media/{LONG}", f"/api/classify/schema.json?{LONG}"),
        *(
            "/_stcore/metrics?families=" + "x&families=" * 2000,
            "/?" + "a=b&" * 9000,
            "/" + "a/" * 9000,
        ),
    ],
)
def test_no_number_or_length_breaks_a_route(house: Museum, path: str) -> None:
    answer = wire.ask(house.port, path)
    assert answer.status < 500
    assert b"Traceback" not in answer.body


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": f"bytes=0-{LONG}"},
        {"Range": f"bytes={LONG}-"},
        {"Range": "bytes=" + "0-1," * 4000},
        {"Range": "bytes=--5"},
        {"If-None-Match": ", ".join(['W/"a"'] * 4000)},
        {"If-Modified-Since": "Thu, 99 Zzz 99999 99:99:99 GMT"},
        {"Accept": "*/*;q=" + LONG},
        {"Accept-Encoding": "gzip;q=" + LONG},
        {"Cookie": "a=" + "b" * 30_000},
        {"Cookie": "; ".join(f"{each}=1" for each in range(3000))},
        {"Cookie": "_streamlit_user=" + "\xff" * 2000},
        {"Cookie": '_streamlit_user="\\777\\000"; _streamlit_xsrf="2|a|b|c"; artextract="\\"'},
        {"Content-Type": "multipart/form-data; boundary=" + "a" * 30_000},
        {"Content-Type": "application/json", "X-HTTP-Method-Override": "DELETE"},
        {"X-Forwarded-For": ", ".join(["1.2.3.4"] * 3000)},
        {"X-Forwarded-Proto": "javascript"},
        {"Forwarded": 'for="[::1"'},
        {"Connection": "close, Host"},
        {"Accept-Language": "x" * 30_000},
    ],
    ids=lambda headers: "-".join(headers),
)
@pytest.mark.parametrize("server", ["museum", "house"])
def test_no_header_breaks_an_answer(
    server: str, headers: dict[str, str], request: pytest.FixtureRequest
) -> None:
    museum: Museum = request.getfixturevalue(server)
    script = wire.ask(house_of(request).port, "/").body.decode().split('src="./')[1].split('"')[0]
    for path in ("/", f"/images/{RUN}/0/160.jpg", f"/points/{RUN}.bin", f"/{script}", "/outliers"):
        answer = wire.ask(museum.port, path, headers=headers)
        assert answer.status < 500, path
        assert "javascript:" not in answer.header("location")


def house_of(request: pytest.FixtureRequest) -> Museum:
    house: Museum = request.getfixturevalue("house")
    return house


def test_what_was_packed_is_not_unpacked_by_a_route(house: Museum) -> None:
    """100 MB of zeros in 100 KB: no picture, whatever the header says."""
    bomb = gzip.compress(bytes(100 << 20), 9)
    with watch(house):
        for headers in ({"Content-Encoding": "gzip"}, {"Content-Type": "application/zip"}):
            answer = wire.ask(
                house.port, "/api/classify", method="POST", headers=headers, body=bomb
            )
            assert answer.status in {400, 413, 415, 422}


@pytest.mark.parametrize(
    "name", ["../../evil.jpg", "a\\..\\b", "\x1b[31m", "x" * 5000, '"; drop="']
)
def test_the_name_of_an_upload_is_only_a_name(house: Museum, picture: bytes, name: str) -> None:
    body = wrap(picture, name).replace(b'name="file"', b'name="image"')
    answer = wire.ask(house.port, "/api/classify", method="POST", headers=FORM, body=body)
    assert answer.status in {200, 400}
    assert b"\x1b" not in answer.body
    assert b"../" not in answer.body


def test_nothing_that_a_client_makes_up_becomes_a_series(house: Museum) -> None:
    def count() -> int:
        return wire.ask(house.port, "/metrics").body.count(b"\n")

    for number in range(30):
        wire.ask(house.port, f"/warm/{number}", method="BREW")
        wire.ask(house.port, f"/images/{number}/0/160.jpg")
    before = count()
    for number in range(200):
        wire.ask(house.port, f"/new-{number}/x?y={number}", method=f"M{number}")
        wire.ask(house.port, f"/images/r{number}/{number}/160.jpg", f"h{number}.example")
    assert count() <= before + 40


def test_what_a_client_sends_is_not_what_the_log_says(house: Museum) -> None:
    """No line of its own, no name of a painting or a file."""
    wire.ask(house.port, "/outliers?painting=wombat-key%0a{fake}", headers={"User-Agent": "wombat"})
    wire.ask(house.port, "/auth/login?provider=wombat%0d%0aforged")
    wire.ask(house.port, "/oauth2callback?error=wombat%0aforged&error_description=a%0aforged")
    wire.ask(house.port, "/_stcore/upload_file/wombat/wombat.jpg", method="DELETE", headers=XSRF)
    assert b"\nforged" not in house.output
    assert b"wombat.jpg" not in house.output
    assert b"wombat-key" not in house.output


def test_widgets_that_are_not_there_do_nothing(house: Museum) -> None:
    """States of made-up widgets, of every kind, some of them of another page's names."""
    before = house.count_rows()
    states = [
        WidgetState(id=f"$$ID-{number:032x}-verdict.task.{number}", trigger_value=True)
        for number in range(500)
    ]
    states += [WidgetState(id="x" * 1000, json_value="[" * 20_000), WidgetState(id="y")]
    states += [
        WidgetState(id=f"$$ID-{'0' * 32}-{key_of(name)}", string_value="9" * 9999) for name in NAMES
    ]
    with watch(house), Stream(house.port) as visit:
        for page in ("reviews", "outliers", "map"):
            visit.run(page, states=states)
            assert b"Traceback" not in visit.raw
    assert house.count_rows() == before
