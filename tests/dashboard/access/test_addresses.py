"""Hosts and Origins, ours and others', over HTTP and websockets."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.errors import UserError
from dashboard.access.addresses import Addresses, parse_public
from dashboard.server.middleware.address_gate import AddressGate
from dashboard.server.middleware.iiif_sharing import ShareIiif, parse_sharing

LOOPBACK = ("127.0.0.1", 8501)
MUSEUM = Addresses(parse_public("https://curator.museum.org", "--public-address"))
INSIDE = ("10.0.0.7", 8501)
GARBAGE = [
    *("", " ", "localhost:8501 ", "user@localhost:8501", "localhost:8501/x", "localhost:8501#x"),
    *("localhost:", "localhost:port", "localhost:85010000", "localhost:0", "[::1", "::1:8501"),
    *("[127.0.0.1]:8501", "localhost,evil.example:8501", "lócalhost:8501", "localhost\t:8501"),
    *("localhost.:8501", "localhost..:8501", ".localhost:8501", "[::1%25lo]:8501", "*:8501"),
]


@pytest.mark.parametrize(
    "host",
    [
        *("localhost:8501", "LocalHost:8501", "127.0.0.1:8501", "127.8.8.8:8501", "[::1]:8501"),
        "[0:0:0:0:0:0:0:1]:8501",
    ],
)
def test_loopback_has_these_names(host: str) -> None:
    assert Addresses().accepts_host(host, LOOPBACK)
    assert Addresses().accepts_origin(f"http://{host}", LOOPBACK)
    assert not Addresses().accepts_origin(f"https://{host}", LOOPBACK)
    assert MUSEUM.accepts_host(host, LOOPBACK)  # a proxy on this machine, a health check
    assert not MUSEUM.accepts_host(host, INSIDE)


@pytest.mark.parametrize(
    "host",
    [
        *GARBAGE,
        *(
            "evil.example:8501",
            "localhost",
            "localhost:3000",
            "127.0.0.1",
            "localhost.evil.example",
        ),
        *("127.0.0.1.nip.io:8501", "foo.localhost:8501", "2130706433:8501", "127.1:8501"),
        *("0.0.0.0:8501", "10.0.0.7:8501", "[::]:8501", "curator.museum.org"),
    ],
)
def test_no_other_name_is_loopback(host: str) -> None:
    assert not Addresses().accepts_host(host, LOOPBACK)
    assert not Addresses().accepts_origin(f"http://{host}", LOOPBACK)


def test_a_server_on_the_default_port_needs_no_port_in_its_name() -> None:
    assert Addresses().accepts_host("localhost", ("127.0.0.1", 80))
    assert Addresses().accepts_origin("http://localhost", ("127.0.0.1", 80))
    assert not Addresses().accepts_origin("https://localhost:80", ("127.0.0.1", 80))


@pytest.mark.parametrize("host", ["curator.museum.org", "Curator.Museum.ORG:443"])
def test_the_public_address_holds_wherever_the_server_listens(host: str) -> None:
    for server in (LOOPBACK, INSIDE, ("/run/curator.sock", None)):
        assert MUSEUM.accepts_host(host, server)
        assert MUSEUM.accepts_origin("https://curator.museum.org", server)


@pytest.mark.parametrize(
    "host",
    [
        *("curator.museum.org.", "curator.museum.org:80", "curator.museum.org:8501", "museum.org"),
        *("x.curator.museum.org", "curator.museum.org.evil.example", "10.0.0.7:8501", *GARBAGE),
    ],
)
def test_no_other_name_is_public(host: str) -> None:
    assert not MUSEUM.accepts_host(host, INSIDE)
    assert not MUSEUM.accepts_origin(f"https://{host}", INSIDE)


@pytest.mark.parametrize(
    "origin", ["null", "", "http://curator.museum.org", "https://curator.museum.org/", "file://"]
)
def test_an_origin_is_the_whole_of_it(origin: str) -> None:
    assert not MUSEUM.accepts_origin(origin, INSIDE)


def test_without_a_public_address_numbers_alone_are_answered() -> None:
    """A name could be rebound; what a connection came in on cannot."""
    assert Addresses().accepts_host("10.0.0.7:8501", INSIDE)
    assert Addresses().accepts_origin("http://10.0.0.7:8501", INSIDE)
    for host in ("10.0.0.8:8501", "10.0.0.7", "localhost:8501", "curator:8501"):
        assert not Addresses().accepts_host(host, INSIDE)


@pytest.mark.parametrize(
    "text",
    ["curator.museum.org", "https://", "https://a/b", "ftp://a", "https://u@a", "https://a:x"],
)
def test_a_public_address_that_is_none_is_said(text: str) -> None:
    with pytest.raises(UserError, match="--public-address"):
        parse_public(text, "--public-address")


def build_client(
    addresses: Addresses, base: str, iiif: str = "", *, has_sign_in: bool = False
) -> TestClient:
    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse("here")

    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_json(dict(socket.headers))
        await socket.close()

    sharing = parse_sharing(iiif, has_sign_in=has_sign_in)
    gate = Middleware(
        AddressGate, addresses=addresses, visitable=["/", "/outliers"], sharing=sharing
    )
    routes = [
        WebSocketRoute("/_stcore/stream", talk),
        Route("/{rest:path}", answer, methods=["GET", "POST", "PUT", "DELETE"]),
    ]
    middleware = [gate, Middleware(ShareIiif, sharing=sharing)]
    return TestClient(Starlette(routes=routes, middleware=middleware), base_url=base)


@pytest.fixture
def client() -> TestClient:
    return build_client(Addresses(), "http://127.0.0.1:8501")


PATHS = ("/", "/images/run/0/160.jpg", "/api/classify", "/_stcore/upload_file/a/b", "/healthz")


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_host_is_misdirected(client: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        answer = client.request(method, path, headers={"Host": "evil.example"})
        assert answer.status_code == 421
        assert "'evil.example'" in answer.text
        assert "http://localhost:8501" in answer.text
        assert "ARTEXTRACT_PUBLIC_ADDRESS" in answer.text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", ["http://localhost:3000", "null", "https://127.0.0.1:8501"])
def test_a_foreign_origin_is_forbidden(client: TestClient, path: str, origin: str) -> None:
    for method in ("GET", "POST"):
        assert client.request(method, path, headers={"Origin": origin}).status_code == 403
    own = {"Origin": "http://127.0.0.1:8501"}
    assert client.post(path, headers=own).status_code == 200


def test_two_hosts_or_none_are_refused(client: TestClient) -> None:
    two = [("Host", "127.0.0.1:8501"), ("Host", "127.0.0.1:8501")]
    assert client.get("/", headers=two).status_code == 421
    two = [("Origin", "http://127.0.0.1:8501"), ("Origin", "http://127.0.0.1:8501")]
    assert client.get("/", headers=two).status_code == 403


def test_what_a_proxy_forwards_is_no_host(client: TestClient) -> None:
    forged = {"X-Forwarded-Host": "127.0.0.1:8501", "X-Forwarded-Proto": "https"}
    forged |= {"X-Forwarded-For": "127.0.0.1", "Forwarded": "host=127.0.0.1:8501"}
    assert client.get("/", headers=forged | {"Host": "evil.example"}).status_code == 421
    behind = build_client(MUSEUM, "http://127.0.0.1:8501")
    assert behind.get("/", headers=forged | {"Host": "evil.example"}).status_code == 421
    assert behind.get("/", headers={"Host": "curator.museum.org"}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "what is this"])
def test_other_sites_may_link_to_pages_and_no_more(client: TestClient, site: str) -> None:
    fetch = {"Sec-Fetch-Site": site}
    link = fetch | {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for path in PATHS:
        assert client.get(path, headers=fetch).status_code == 403
        assert client.post(path, headers=link).status_code == 403
    assert client.get("/outliers?given=Cubism", headers=link).status_code == 200
    assert client.get("/auth/logout", headers=link).status_code == 403
    assert client.get("/images/run/0/160.jpg", headers=link).status_code == 403
    for own in ("same-origin", "none"):
        assert client.post("/api/classify", headers={"Sec-Fetch-Site": own}).status_code == 200


def test_programs_pass_as_before(client: TestClient) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        assert client.request(method, "/api/classify").status_code == 200


def test_watchers_may_ask_directly() -> None:
    museum = build_client(MUSEUM, "http://10.0.0.7:8501")
    assert museum.get("/healthz").status_code == 200
    assert museum.get("/readyz").status_code == 200
    assert museum.get("/").status_code == 421
    assert museum.get("/healthz", headers={"Host": "evil.example"}).status_code == 421


def test_iiif_is_anyones_without_sign_in() -> None:
    house = build_client(Addresses(), "http://127.0.0.1:8501")
    shown = house.get("/iiif/3/run:0/info.json", headers={"Origin": "https://viewer.org"})
    assert shown.headers["Access-Control-Allow-Origin"] == "*"
    assert shown.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Origin" not in house.get("/images/run/0/160.jpg").headers
    rebound = house.get("/iiif/3/run:0/info.json", headers={"Host": "evil.example"})
    assert rebound.status_code == 421


def test_iiif_is_for_named_origins_with_sign_in() -> None:
    info, viewer = "/iiif/3/run:0/info.json", {"Origin": "https://viewer.org"}
    closed = build_client(MUSEUM, "https://curator.museum.org", has_sign_in=True)
    assert closed.get(info, headers=viewer).status_code == 403
    assert "Access-Control-Allow-Origin" not in closed.get(info).headers
    named = build_client(
        MUSEUM, "https://curator.museum.org", "https://viewer.org", has_sign_in=True
    )
    shown = named.get(info, headers=viewer)
    assert shown.headers["Access-Control-Allow-Origin"] == "https://viewer.org"
    assert shown.headers["Access-Control-Allow-Credentials"] == "true"
    assert named.get(info, headers={"Origin": "https://other.org"}).status_code == 403
    assert named.post(info, headers=viewer).status_code == 403


@pytest.mark.parametrize(
    ("text", "has_sign_in"), [("*", True), ("viewer.org", False), ("x:", True)]
)
def test_iiif_origins_that_are_none_are_said(text: str, has_sign_in: bool) -> None:
    with pytest.raises(UserError, match="--iiif-origins"):
        parse_sharing(text, has_sign_in=has_sign_in)


def test_websockets_are_held_to_the_same(client: TestClient) -> None:
    for headers in (
        {"Origin": "http://localhost:3000"},
        {"Host": "evil.example"},
        {"Origin": "http://127.0.0.1:8501", "Sec-Fetch-Site": "cross-site"},
    ):
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("ws://127.0.0.1:8501/_stcore/stream", headers=headers),
        ):
            pass


def test_streamlit_sees_one_address_where_two_are_ours() -> None:
    """Or it would ask the internet for this machine's."""
    museum = build_client(MUSEUM, "http://127.0.0.1:8501")
    origin = {"Origin": "https://curator.museum.org", "Host": "127.0.0.1:8501"}
    with museum.websocket_connect("ws://127.0.0.1:8501/_stcore/stream", headers=origin) as talk:
        seen = talk.receive_json()
    assert seen["host"] == "curator.museum.org"
