"""One HTTP request with everything that can go wrong: silence, redirects, size, a cut body.

Says who asks (``User-Agent: ArtExtract/<version> (+contact)``), sends no cookies, and no passwords
but a proxy's own to that. It takes httpx2's connections without its client, which costs a quarter
of the speed.
"""

from __future__ import annotations

import http
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

import httpcore2
import httpx2

from core import __version__
from core.fetch.deadline import Deadline, TimedBackend
from core.fetch.errors import FetchError, Refusal
from core.fetch.hosts import Hosts
from core.fetch.private import CheckedBackend, Origin
from core.fetch.proxies import Proxy, read_proxies
from core.fetch.waiting import AGAIN, choose_wait, read_retry_after
from core.sizes import MEGABYTE
from core.text import is_line, show_line

Result = TypeVar("Result")
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED: Final = 304
_PARTIAL: Final = 206
_PORTS: Final = {"http": 80, "https": 443}
_CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_TOO_MANY: Final = 429


@dataclass(frozen=True)
class Answer:
    """What came: a body in ``chunks`` to be read once, empty where ``is_unchanged``.

    ``length``: bytes announced, None where not. ``etag``, ``last_modified``: "" where not sent.
    ``start``: the byte of the whole that ``chunks`` begin at; ``open_end``: the one that they end
    before, where the server sends a part and does not tell how long the whole is. ``is_encoded``:
    they are not what was sent.
    """

    url: str
    status: int | None
    length: int | None
    etag: str
    last_modified: str
    chunks: Iterator[bytes]
    start: int = 0
    open_end: int | None = None
    is_encoded: bool = False

    @property
    def validator(self) -> str:
        """What ``If-Range`` names, so that the rest is of the same body; "" where nothing tells."""
        is_strong = bool(self.etag) and not self.etag.startswith("W/")
        return "" if self.is_encoded else self.etag if is_strong else self.last_modified

    @property
    def is_unchanged(self) -> bool:
        """Whether it says that the copy of before is still right."""
        return self.status == _NOT_MODIFIED


class Client:
    """Asks hosts within ``hosts.limits``; safe in threads. ``named``: hosts that the table names.

    Raises ``FetchError`` for a contact that no header can hold, and for an odd proxy.
    """

    def __init__(self, hosts: Hosts, named: Iterable[Origin], contact: str = "") -> None:
        self.hosts, self.limits = hosts, hosts.limits
        self._deadline = Deadline()
        self._headers = [("User-Agent", name_agent(contact)), ("Accept-Encoding", "identity")]
        self._checked = CheckedBackend(named)
        self._proxies = read_proxies()
        known = {None, *self._proxies.of_scheme.values()}
        self._pools = {each: self._open_pool(each) for each in known}

    def _open_pool(self, proxy: Proxy | None) -> httpcore2.ConnectionPool:
        """Connections through ``proxy``, whose own address may be private, or without one."""
        backend = self._checked if proxy is None else httpcore2.SyncBackend()
        return httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(),
            proxy=None if proxy is None else httpcore2.Proxy(proxy.address, proxy.auth),
            max_connections=None,  # hosts bound it
            keepalive_expiry=5.0,
            network_backend=TimedBackend(backend, self._deadline),
        )

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()

    def often(self, host: str, attempt: Callable[[], Result]) -> Result:
        """What ``attempt`` returns; tried again, with waits, while its ``Refusal`` says so."""
        at = self.hosts.of(host)
        for number in range(1, self.limits.tries + 1):
            try:
                result = attempt()
            except Refusal as refusal:
                is_last = number == self.limits.tries or not refusal.again
                if is_last or self.hosts.stop.is_set():
                    at.note(answered=not refusal.is_absent)
                    raise
                wait = choose_wait(number, self.limits.backoff)
                if refusal.status == _TOO_MANY:
                    at.rest(wait)  # in all lanes
                elif refusal.after is None:
                    self.hosts.stop.wait(wait)
            else:
                at.note(answered=True)
                return result
        raise AssertionError("unreachable: the last try returns or raises")

    @contextmanager
    def ask(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        most_bytes: int | None = None,
    ) -> Iterator[Answer]:
        """The answer at the end of all redirects, while one of its host's slots is held.

        Raises ``Refusal``, also while the body is read; one of more than ``most_bytes`` included.
        """
        most = self.limits.most_bytes if most_bytes is None else most_bytes
        seen: list[str] = []
        at: str | None = url
        while at is not None:
            _refuse_circle(at, seen, self.limits.redirects)
            with self._ask_once(at, method, headers or {}) as reply:
                at = _read_redirect(reply)
                if at is None:
                    part = _read_part(reply) if "Range" in (headers or {}) else None
                    yield _read_answer(reply, part, most, self.hosts.stop)

    @contextmanager
    def _ask_once(self, address: str, method: str, headers: Mapping[str, str]) -> Iterator[_Reply]:
        try:
            url = httpx2.URL(address)
        except (httpx2.InvalidURL, ValueError) as error:
            raise Refusal(f"not an address: {show_line(str(error), 80)}") from error
        if url.scheme not in ("http", "https") or not url.host:
            raise Refusal(f"leads to {show_line(address, 80)}, which is no web address")
        host, limits = self.hosts.of(url.host), self.limits
        wait = {"connect": limits.connect, "read": limits.read, "write": limits.read}
        port = url.port or _PORTS[url.scheme]
        proxy = self._proxies.find(url.scheme, url.host, port)
        with host.slot(), self._deadline.within(limits.whole), _explain(proxy):
            if proxy is not None:
                self._checked.require_public(url.host, port)
            with self._pools[proxy].stream(
                method,
                httpcore2.URL(
                    scheme=url.raw_scheme,
                    host=url.raw_host if proxy is None else _write_host(url.raw_host),
                    port=url.port,
                    target=url.raw_path,
                ),
                headers=[*self._headers, *headers.items()],
                extensions={"timeout": wait},
            ) as response:
                reply = _Reply(url, response.status, httpx2.Headers(response.headers), response)
                if response.status in AGAIN:
                    raise _refuse_for_now(reply, host.rest)
                yield reply


@dataclass(frozen=True)
class _Reply:
    """The head of a response, and the response whose body is still to come."""

    url: httpx2.URL
    status: int
    headers: httpx2.Headers
    response: httpcore2.Response

    def read(self) -> Iterator[bytes]:
        """The body, decoded where a server encodes it although it was not asked to."""
        chunks = self.response.iter_stream()
        if "content-encoding" not in self.headers:
            return chunks
        return httpx2.Response(self.status, headers=self.headers, stream=_Body(chunks)).iter_bytes()


class _Body(httpx2.SyncByteStream):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks


def _write_host(host: bytes) -> bytes:
    """As an address for a proxy has it: ``b"[::1]"``."""
    return b"[%b]" % host if b":" in host else host


def name_agent(contact: str) -> str:
    """``"ArtExtract/1.0 (+mail@museum.org)"``; raises ``FetchError`` for what no header holds."""
    if not (is_line(contact) and contact.isascii()):
        raise FetchError(
            "--contact cannot be sent",
            found=repr(contact),
            expected="a mail or web address in ASCII",
        )
    return f"ArtExtract/{__version__}" + (f" (+{contact})" if contact else "")


def describe_status(status: int) -> str:
    """``404`` -> ``"answered 404 Not Found"``."""
    try:
        return f"answered {status} {http.HTTPStatus(status).phrase}"
    except ValueError:
        return f"answered {status}"


@contextmanager
def _explain(proxy: Proxy | None) -> Iterator[None]:
    """Turns what the network raises into a ``Refusal``."""
    through = "" if proxy is None else f" to the proxy {proxy.address}"
    try:
        yield
    except httpcore2.ProxyError as error:
        reason = f"the proxy {proxy.address if proxy else ''} answered {show_line(str(error), 80)}"
        raise Refusal(reason, again=str(error)[:3] in map(str, AGAIN)) from error
    except httpcore2.ConnectTimeout as error:
        raise Refusal(f"no connection{through} in time", again=True, is_absent=True) from error
    except httpcore2.TimeoutException as error:
        raise Refusal("silent for too long", again=True, is_absent=True) from error
    except httpcore2.ConnectError as error:
        reason = f"no connection{through}: {show_line(str(error), 80)}"
        raise Refusal(reason, again=True, is_absent=True) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        raise Refusal(f"cut off or garbled: {show_line(str(error), 80)}", again=True) from error
    except httpx2.DecodingError as error:
        raise Refusal("not in the encoding that it names") from error


def _refuse_circle(url: str, seen: list[str], most: int) -> None:
    if url in seen:
        raise Refusal("a circle of redirects")
    if len(seen) > most:
        raise Refusal(f"more than {most} redirects")
    seen.append(url)


def _read_redirect(reply: _Reply) -> str | None:
    if reply.status not in _REDIRECTS:
        return None
    place = reply.headers.get("location", "")
    if not place:
        raise Refusal(f"{describe_status(reply.status)}, and not where")
    try:
        return str(reply.url.join(place))
    except (httpx2.InvalidURL, ValueError) as error:
        raise Refusal(f"redirects to {show_line(place, 80)}, which is no address") from error


def _refuse_for_now(reply: _Reply, rest: Callable[[float], None]) -> Refusal:
    after = read_retry_after(reply.headers.get("retry-after"))
    if after is not None:
        rest(after)
    return Refusal(describe_status(reply.status), again=True, after=after, status=reply.status)


def _read_answer(
    reply: _Reply, part: tuple[int, int | None] | None, most: int, stop: threading.Event
) -> Answer:
    status, length = reply.status, reply.headers.get("content-length", "")
    if status not in (200, _NOT_MODIFIED) and part is None:
        raise Refusal(describe_status(status), status=status)
    start, open_end = part or (0, None)
    announced = start + int(length) if length.isdecimal() else None
    if announced is not None and announced > most:
        raise Refusal(f"larger than {most / MEGABYTE:,.3g} MB: {announced / MEGABYTE:,.1f} MB")
    return Answer(
        url=str(reply.url),
        status=status,
        length=announced,
        etag=reply.headers.get("etag", ""),
        last_modified=reply.headers.get("last-modified", ""),
        chunks=_bound(reply.read(), most - start, most, stop),
        start=start,
        open_end=open_end,
        is_encoded="content-encoding" in reply.headers,
    )


def _read_part(reply: _Reply) -> tuple[int, int | None] | None:
    """Where the rest of a body begins that a server sends up to its end, and where it ends, if the
    server does not tell that this is the end; None for all else.
    """
    told = _CONTENT_RANGE.fullmatch(reply.headers.get("content-range", ""))
    if reply.status != _PARTIAL or told is None:
        return None
    start, last, total = told.groups()
    end = int(last) + 1
    if int(start) == 0 or total not in ("*", str(end)):
        return None
    return int(start), end if total == "*" else None


def _bound(chunks: Iterable[bytes], left: int, most: int, stop: threading.Event) -> Iterator[bytes]:
    """``chunks`` as long as they have ``left`` bytes, of ``most`` in all."""
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise Refusal(f"larger than {most / MEGABYTE:,.3g} MB")
        if stop.is_set():
            raise Refusal("stopped")
        yield chunk
