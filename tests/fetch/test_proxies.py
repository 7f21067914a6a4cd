"""Requests go through the proxy that the environment names, and no further inside than without."""

from __future__ import annotations

import datetime
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.fetch.errors import FetchError
from core.fetch.proxies import Proxy, read_proxies
from tests.fetch.conftest import QUICK, Fetch
from tests.fetch.loopback import Handler, Loopback, make_picture, send, serving

NAME = "http://museum.invalid"  # no machine knows it: a proxy has to


@pytest.mark.server
def test_a_proxy_answers_for_a_name_that_it_alone_knows(
    server: Loopback, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://ada:s%20t@127.0.0.1:{server.port}")
    server.pages[f"{NAME}/1.jpg"] = lambda handler: send(handler, make_picture(1))
    (record,) = fetch(f"{NAME}/1.jpg")
    assert record.file
    (told,) = server.seen.headers[f"{NAME}/1.jpg"]
    assert told["Host"] == "museum.invalid"
    assert told["Proxy-Authorization"] == "Basic YWRhOnMgdA=="


@pytest.mark.server
def test_hosts_of_no_proxy_are_asked_without_it_and_get_no_password(
    server: Loopback, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as proxy:
        monkeypatch.setenv("http_proxy", f"ada:secret@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "museum.org,127.0.0.1")
        (record,) = fetch(f"{server.url}/1.jpg")
        assert record.file
        assert not proxy.seen.paths
    assert all("Proxy-Authorization" not in told for told in server.seen.headers["/1.jpg"])


@pytest.mark.server
@pytest.mark.parametrize("inside", ["http://127.0.0.1:9/1.jpg", "http://[::1]:9/1.jpg"])
def test_a_redirect_to_a_private_address_is_not_followed_through_a_proxy_either(
    server: Loopback, fetch: Fetch, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    def page(handler: Handler) -> None:
        send(handler, b"", 302, headers={"Location": inside})

    monkeypatch.setenv("HTTP_PROXY", server.url)
    server.pages[f"{NAME}/1.jpg"] = page
    server.pages[inside] = lambda handler: send(handler, make_picture(1))
    (record,) = fetch(f"{NAME}/1.jpg")
    assert record.file == ""
    assert "a private address that the table does not name" in record.reason
    assert not server.seen.paths[inside]
    (named,) = fetch(inside)
    assert named.file  # the table names it


@pytest.mark.server
def test_a_proxy_that_refuses_a_tunnel_or_is_not_there_is_named(
    server: Loopback, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:secret@127.0.0.1:{server.port}")
    (record,) = fetch("https://museum.invalid/1.jpg")
    assert record.reason.startswith(f"the proxy {server.url} answered 501")  # CONNECT is unknown
    with serving() as gone:
        port = gone.port
    monkeypatch.setenv("ALL_PROXY", f"http://ada:secret@127.0.0.1:{port}")
    (record,) = fetch(f"{NAME}/2.jpg", limits=QUICK)
    assert record.reason.startswith(f"no connection to the proxy http://127.0.0.1:{port}")
    assert "secret" not in record.reason


class Tunnel(socketserver.ThreadingTCPServer):
    """A proxy that answers CONNECT by a connection to ``port`` here, whatever host was named."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Connect)
        self.port, self.heads = port, list[str]()


class _Connect(socketserver.StreamRequestHandler):
    server: Tunnel

    def handle(self) -> None:
        head = b"".join(iter(self.rfile.readline, b"\r\n"))
        self.server.heads.append(head.decode())
        with socket.create_connection(("127.0.0.1", self.server.port)) as beyond:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pass_on, args=(beyond, self.connection), daemon=True)
            back.start()
            _pass_on(self.connection, beyond)
            back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:  # whichever side hangs up first
        pass


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """The museum's own certificate, signed by itself, and its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "museum.invalid")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.DNSName("museum.invalid")])
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    path = tmp_path / "museum.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tunnel(server: Loopback, certificate: Path) -> Iterator[Tunnel]:
    """A proxy before ``server``, which speaks TLS with ``certificate``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with Tunnel(server.port) as proxy:
        threading.Thread(target=proxy.serve_forever, args=(0.02,), daemon=True).start()
        yield proxy
        proxy.shutdown()


@pytest.mark.server
def test_https_goes_through_a_tunnel_and_the_proxy_sees_the_host_alone(
    server: Loopback,
    tunnel: Tunnel,
    fetch: Fetch,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:secret@127.0.0.1:{tunnel.server_address[1]}")
    (refused,) = fetch("https://museum.invalid/1.jpg")
    assert "certificate" in refused.reason
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    first, second = fetch(*(f"https://museum.invalid/{number}.jpg" for number in (1, 2)))
    assert first.file
    assert second.file
    for head in tunnel.heads:
        assert head.startswith("CONNECT museum.invalid:443 ")
        assert "Proxy-Authorization: Basic YWRhOnNlY3JldA==" in head
    (told,) = server.seen.headers["/1.jpg"]
    assert told["Host"] == "museum.invalid"
    assert "Proxy-Authorization" not in told


@pytest.mark.parametrize("address", ["socks5://ada:secret@a.org:1080", "http://", "http://a:b:c"])
def test_a_proxy_that_is_not_spoken_to_is_an_error_without_its_password(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    with pytest.raises(FetchError, match="HTTPS_PROXY") as caught:
        read_proxies()
    assert "secret" not in str(caught.value)


def test_what_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "https://[fd00::1]")
    monkeypatch.setenv("NO_PROXY", ".museum.org")
    proxies = read_proxies()
    assert proxies.find("https", "a.org", 443) == Proxy("https://[fd00::1]:443")
    assert proxies.find("https", "iiif.museum.org", 443) is None
    assert proxies.find("http", "a.org", 80) is None
    assert "secret" not in repr(Proxy("http://a:1", ("ada", "secret")))
