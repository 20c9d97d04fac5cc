"""Pages from the web: polite (robots.txt, own user agent, bounds) and guarded (no address that is not public).

The standard library's `http.client` is used because the connection must go to the very address that was checked: a
client that resolves the name again could be led elsewhere (DNS rebinding).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol
from urllib.parse import urljoin, urlsplit, urlunsplit

from protego import Protego

from tocsin.errors import FetchError, PrivateAddressError
from tocsin.read.decode import LARGEST
from tocsin.read.files import RawDocument, raw_document

AGENT = "Tocsin/0.1 (conflict news reader, run by its user)"
REDIRECTS = 5
MOVED = (301, 302, 303, 307, 308)
MOVED_FOR_GOOD = (301, 308)  # RFC 9110, 15.4.2 and 15.4.9
ROBOTS_KEPT = 3600.0  # seconds
_KINDS = ("text/html", "text/plain", "application/xhtml+xml", "application/xml", "text/xml")
_HEADERS = {
    "User-Agent": AGENT,
    "Accept": "text/html,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # IPv6 addresses that a gateway turns into the IPv4 address at their end
Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch: seconds to wait for any one answer, seconds in all, bytes after decompression."""

    patience: float = 15.0
    total: float = 60.0
    largest: int = LARGEST
    allow_private: bool = False
    allowed: tuple[str, ...] = ()  # networks that may be read though they are not public: 127.0.0.0/8, 10.1.0.0/16


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came from an address: where redirects led, the status (200 or 304), the headers in lower case, the body unpacked.

    `moved` is where the address was said to be from now on (301, 308), before any redirect of today only; None where it was not.
    """

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    moved: str | None = None


def addresses(host: str, port: int) -> list[str]:
    """The numeric addresses of a host. Raises `OSError` where there are none."""
    return list(dict.fromkeys(str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def read_url(url: str, *, limits: Limits | None = None, resolve: Resolver = addresses) -> RawDocument:
    """The page at a URL, redirects followed and each checked. Raises `FetchError` saying what was refused or failed."""
    return page_of(fetch(url, limits=limits, resolve=resolve), url)


def fetch(
    url: str, *, limits: Limits | None = None, resolve: Resolver = addresses, etag: str | None = None,
    modified: str | None = None, robots: bool = True,
) -> Fetched:  # fmt: skip
    """What is at a URL, redirects followed and each checked; status 304 where it is as `etag` or `modified` say.

    Raises `FetchError` saying what was refused or failed, with the server's status and Retry-After where it gave them.
    """
    limits = limits or Limits()
    deadline = time.monotonic() + limits.total
    here, seen = url, {url}
    moved: str | None = None
    lasting = True  # every redirect so far was for good
    asked = {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}
    for _ in range(REDIRECTS + 1):
        if robots:
            _check_robots(here, url, limits, resolve, deadline)
        answer = _get(here, url, limits, resolve, deadline, asked)
        if answer.status in MOVED:
            here = _next(here, answer, url, seen)
            lasting = lasting and answer.status in MOVED_FOR_GOOD
            moved = here if lasting else moved
            continue
        if answer.status not in (200, 304):
            told = f"answered {answer.status} {http.client.responses.get(answer.status, '')}".rstrip()
            raise FetchError(url, told, answer.status, answer.headers.get("retry-after"))
        return Fetched(here, answer.status, answer.headers, answer.body, moved)
    raise FetchError(url, f"redirects more than {REDIRECTS} times")


def crawl_delay(url: str, *, limits: Limits | None = None, resolve: Resolver = addresses) -> float | None:
    """The seconds between two requests that a site's robots.txt asks for; None where it asks for none, or cannot be read."""
    limits, parts = limits or Limits(), urlsplit(url)
    where = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
    try:
        rules = _robots(where, url, limits, resolve, time.monotonic() + limits.total)
    except FetchError:
        return None
    delay: float | None = Protego.parse(rules).crawl_delay(AGENT)
    return delay


def _next(here: str, answer: _Answer, url: str, seen: set[str]) -> str:
    target = answer.headers.get("location")
    if not target:
        raise FetchError(url, f"answered {answer.status} without saying where to")
    following = urljoin(here, target)
    if following in seen:
        raise FetchError(url, f"redirects in a circle, back to {following}")
    seen.add(following)
    return following


def page_of(answer: Fetched, url: str) -> RawDocument:
    """The page that was fetched. Raises `FetchError` where it is no HTML or text."""
    kind, _, rest = answer.headers.get("content-type", "text/html").partition(";")
    if kind.strip().lower() not in _KINDS:
        raise FetchError(url, f"is {kind.strip()!r}, not a page of HTML or text")
    declared = rest.partition("charset=")[2].split(";")[0].strip(" \"'") or None
    retrieved = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return raw_document(
        url, answer.body, declared=declared, url=answer.url, retrieved=retrieved, html="text/plain" not in kind.lower()
    )


def _check_robots(here: str, url: str, limits: Limits, resolve: Resolver, deadline: float) -> None:
    """Refuses what the site's robots.txt forbids. No robots.txt (4xx) forbids nothing; a site in trouble (5xx) all."""
    parts = urlsplit(here)
    rules = _robots(urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", "")), url, limits, resolve, deadline)
    if not Protego.parse(rules).can_fetch(here, AGENT):
        raise FetchError(url, "its robots.txt asks not to be read by programs like this")


_robots_known: dict[tuple[str, bool], tuple[float, str]] = {}


def _robots(where: str, url: str, limits: Limits, resolve: Resolver, deadline: float) -> str:
    """The text of a site's robots.txt, kept for `ROBOTS_KEPT` seconds; its redirects are checked like a page's."""
    key = (where, limits.allow_private or bool(limits.allowed))
    known = _robots_known.get(key)
    if known is None or time.monotonic() - known[0] > ROBOTS_KEPT:
        if len(_robots_known) >= 1000:
            _robots_known.clear()
        known = _robots_known[key] = (time.monotonic(), _fetch_robots(where, url, limits, resolve, deadline))
    return known[1]


def _fetch_robots(where: str, url: str, limits: Limits, resolve: Resolver, deadline: float) -> str:
    answer = _get(where, url, limits, resolve, deadline)
    for _ in range(REDIRECTS):
        if answer.status not in MOVED or not answer.headers.get("location"):
            break
        where = urljoin(where, answer.headers["location"])
        answer = _get(where, url, limits, resolve, deadline)
    if answer.status >= 500:
        return "User-agent: *\nDisallow: /"
    return answer.body[:500_000].decode("utf-8", "replace") if answer.status == 200 else ""


def _get(
    here: str, url: str, limits: Limits, resolve: Resolver, deadline: float, asked: dict[str, str] | None = None
) -> _Answer:
    """One request to a checked address; the body unpacked and bounded."""
    parts = urlsplit(here)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError(url, f"leads to {here!r}: only http and https addresses are read")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as problem:
        raise FetchError(url, f"has no valid port: {problem}") from problem
    address = checked_address(parts.hostname, port, url, limits, resolve)
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchError(url, f"took longer than {limits.total:g} s")
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    host = parts.hostname
    try:
        with connected(parts.scheme, host, address, port, limits.patience, deadline) as connection:
            connection.request("GET", _quoted(path), headers={**_HEADERS, **_clean(asked)})
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return _Answer(response.status, headers, _body(response, headers, url, limits, deadline))
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as problem:
        if time.monotonic() >= deadline:
            raise FetchError(url, f"took longer than {limits.total:g} s") from problem
        if isinstance(problem, ssl.SSLCertVerificationError):
            raise FetchError(url, f"its certificate is not accepted: {problem.verify_message}") from problem
        if isinstance(problem, ssl.SSLError):
            raise FetchError(url, f"speaks no TLS that is understood: {problem.reason or problem}") from problem
        raise FetchError(url, f"did not answer as a web server: {problem or type(problem).__name__}") from problem


def _clean(asked: dict[str, str] | None) -> dict[str, str]:
    """Validators as a server gave them, without what could end a header line."""
    return {
        name: "".join(char for char in value if 32 <= ord(char) < 127)[:500] for name, value in (asked or {}).items()
    }


def _quoted(path: str) -> str:
    """The path with what may not stand in a request line percent-encoded."""
    return "".join(
        char if 32 < ord(char) < 127 else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))
        for char in path
    )


def checked_address(host: str, port: int, url: str, limits: Limits, resolve: Resolver) -> str:
    """An address of the host that may be read. Refuses the host if any of its addresses is not public."""
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError) as problem:
        raise FetchError(
            url, f"host {host!r} is not known: {getattr(problem, 'strerror', None) or problem}"
        ) from problem
    if not found:
        raise FetchError(url, f"host {host!r} has no address")
    for address in found:
        if not limits.allow_private and not is_public(address) and not _is_allowed(address, limits.allowed):
            raise PrivateAddressError(url, address)
    return found[0]


def _is_allowed(address: str, networks: tuple[str, ...]) -> bool:
    """Whether settings name a network that holds the address. Link-local ones, where clouds keep their keys, are never in."""
    found = ipaddress.ip_address(address.split("%")[0])
    return not found.is_link_local and any(found in ipaddress.ip_network(one, strict=False) for one in networks)


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the public internet: not private, loopback, link-local, multicast, reserved."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if found in _NAT64:
        inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.is_global and not found.is_multicast and (inner is None or is_public(str(inner)))


@lru_cache(1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@contextmanager
def connected(
    scheme: str, host: str, address: str, port: int, patience: float, deadline: float
) -> Iterator[http.client.HTTPConnection]:
    """A connection to the checked address that speaks to it under the host's own name, hung up at the deadline.

    A server that sends a byte now and then never runs into the socket's own timeout; the timer ends it all the same.
    """
    left = max(deadline - time.monotonic(), 0.001)
    sock = socket.create_connection((address, port), timeout=min(patience, left))
    if scheme == "https":
        sock = _tls().wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    timer = threading.Timer(max(deadline - time.monotonic(), 0.001), _hang_up, (sock,))
    timer.daemon = True
    timer.start()
    try:
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        connection = http.client.HTTPConnection(host, port)
        connection.sock = sock
        yield connection
    finally:
        timer.cancel()
        sock.close()


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _body(
    response: http.client.HTTPResponse, headers: dict[str, str], url: str, limits: Limits, deadline: float
) -> bytes:
    """The body, unpacked as it comes, given up at the bounds of size and time. Raises where it is cut short."""
    stated = headers.get("content-length", "")
    wanted = int(stated) if stated.isascii() and stated.isdigit() and not response.chunked else None
    unpack: _Unpacker | None = None
    parts: list[bytes] = []
    received = size = 0
    while wanted is None or received < wanted:
        chunk = response.read1(65_536)
        if time.monotonic() >= deadline:
            raise FetchError(url, f"took longer than {limits.total:g} s")
        if not chunk:
            break
        received += len(chunk)
        if received == len(chunk):
            unpack = _unpacker(headers.get("content-encoding", ""), chunk)
        if unpack is not None:
            chunk = unpack.decompress(chunk, limits.largest - size + 1)
        size += len(chunk)
        parts.append(chunk)
        if size > limits.largest:
            raise FetchError(url, f"is larger than the {limits.largest:,} bytes that one page may have")
    if (wanted is not None and received < wanted) or (unpack is not None and not unpack.eof):
        raise FetchError(url, "was cut short: the connection ended before the page did")
    return b"".join(parts)


class _Unpacker(Protocol):
    """What `zlib.decompressobj` gives."""

    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


def _unpacker(encoding: str, first: bytes) -> _Unpacker | None:
    """The decompressor for a body that begins with `first`. Some servers send 'deflate' without its header."""
    name = encoding.strip().lower()
    if name not in ("gzip", "x-gzip", "deflate"):
        return None
    bare = name == "deflate" and first[0] & 0x0F != 8
    return zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
