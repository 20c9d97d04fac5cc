"""The reader of URLs against a server of our own that behaves as badly as servers do."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tocsin.errors import FetchError
from tocsin.read import read_url, web
from tocsin.read.web import Limits, is_public

PAGE = b"<html><body><p>Shells fell on the port of Varna Bay on Monday.</p></body></html>"
HERE = Limits(patience=2.0, total=3.0, largest=200_000, allow_private=True)


class Site(BaseHTTPRequestHandler):
    """Each path is one kind of behaviour."""

    protocol_version = "HTTP/1.1"
    robots = b""
    robots_status = 200

    def log_message(self, *args: object) -> None:
        pass

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["User-Agent"], self.headers["Host"]))  # type: ignore[attr-defined]
        name = self.path.strip("/").split("/")[0].replace("-", "_").replace(".", "_")
        getattr(self, f"page_{name}", self.page_missing)()

    def page_robots_txt(self) -> None:
        self.answer(self.robots_status, self.robots, Content_Type="text/plain")

    def page_good(self) -> None:
        self.answer(200, PAGE)

    def page_missing(self) -> None:
        self.answer(404, b"no")

    def page_forbidden(self) -> None:
        self.answer(403, b"no")

    def page_broken(self) -> None:
        self.answer(500, b"no")

    def page_zipped(self) -> None:
        self.answer(200, gzip.compress(PAGE), Content_Encoding="gzip")

    def page_bare_deflate(self) -> None:
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        self.answer(200, packer.compress(PAGE) + packer.flush(), Content_Encoding="deflate")

    def page_bomb(self) -> None:
        self.answer(200, gzip.compress(b"0" * 30_000_000), Content_Encoding="gzip")

    def page_half_zipped(self) -> None:
        self.answer(200, gzip.compress(PAGE * 50)[:60], Content_Encoding="gzip")

    def page_short(self) -> None:
        self.answer(200, PAGE, Content_Length=str(len(PAGE) + 500))
        self.close_connection = True

    def page_circle(self) -> None:
        self.answer(302, b"", Location="/circle-back")

    def page_circle_back(self) -> None:
        self.answer(302, b"", Location="/circle")

    def page_far(self) -> None:
        self.answer(301, b"", Location=f"{self.path}/on")

    def page_moved(self) -> None:
        self.answer(301, b"", Location="/good")

    def page_nowhere(self) -> None:
        self.answer(302, b"")

    def page_to_file(self) -> None:
        self.answer(302, b"", Location="file:///etc/passwd")

    def page_to_inside(self) -> None:
        self.answer(302, b"", Location="http://10.1.2.3/secret")

    def page_picture(self) -> None:
        self.answer(200, b"\x89PNG", Content_Type="image/png")

    def page_latin(self) -> None:
        self.answer(200, "<p>Über die Brücke</p>".encode("latin-1"), Content_Type="text/html; charset=iso-8859-1")

    def page_endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"more " * 2000)
        except OSError:
            self.close_connection = True

    def page_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self._drip(b"x")

    def page_drip_headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self._drip(b"X-A: b\r\n")

    def _drip(self, piece: bytes) -> None:
        try:
            for _ in range(60):
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(0.2)
        except OSError:
            pass
        self.close_connection = True


@pytest.fixture
def site() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OwnSite", (Site,), {}))
    server.daemon_threads = True
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    web._robots_known.clear()
    yield server
    server.shutdown()
    server.server_close()


def url(site: ThreadingHTTPServer, path: str) -> str:
    return f"http://127.0.0.1:{site.server_port}/{path}"


def paths(site: ThreadingHTTPServer) -> list[str]:
    return [path for path, _, _ in site.asked]  # type: ignore[attr-defined]


def test_a_page_comes_with_its_address_and_time(site: ThreadingHTTPServer) -> None:
    page = read_url(url(site, "good"), limits=HERE)
    assert page.text == PAGE.decode() and page.is_html and page.url == url(site, "good")
    assert page.retrieved is not None and page.retrieved.endswith("Z") and len(page.sha256) == 64


def test_it_says_who_it_is_and_asks_robots_first(site: ThreadingHTTPServer) -> None:
    read_url(url(site, "good"), limits=HERE)
    assert paths(site) == ["/robots.txt", "/good"]
    assert all(agent.startswith("Tocsin/") for _, agent, _ in site.asked)  # type: ignore[attr-defined]


def test_robots_are_asked_once_for_a_site(site: ThreadingHTTPServer) -> None:
    read_url(url(site, "good"), limits=HERE)
    read_url(url(site, "zipped"), limits=HERE)
    assert paths(site).count("/robots.txt") == 1


def test_robots_txt_is_obeyed(site: ThreadingHTTPServer) -> None:
    site.RequestHandlerClass.robots = b"User-agent: *\nDisallow: /good"  # type: ignore[attr-defined]
    with pytest.raises(FetchError, match=r"robots\.txt"):
        read_url(url(site, "good"), limits=HERE)
    assert "/good" not in paths(site)
    assert read_url(url(site, "zipped"), limits=HERE).text == PAGE.decode()


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)])
def test_a_site_without_robots_allows_and_one_in_trouble_does_not(
    site: ThreadingHTTPServer, status: int, allowed: bool
) -> None:
    site.RequestHandlerClass.robots_status = status  # type: ignore[attr-defined]
    if allowed:
        assert read_url(url(site, "good"), limits=HERE).text == PAGE.decode()
    else:
        with pytest.raises(FetchError, match=r"robots\.txt"):
            read_url(url(site, "good"), limits=HERE)


@pytest.mark.parametrize("path", ["zipped", "bare-deflate", "moved"])
def test_packed_and_moved_pages_are_read(site: ThreadingHTTPServer, path: str) -> None:
    assert read_url(url(site, path), limits=HERE).text == PAGE.decode()


def test_the_declared_encoding_is_used(site: ThreadingHTTPServer) -> None:
    assert read_url(url(site, "latin"), limits=HERE).text == "<p>Über die Brücke</p>"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("missing", "404"), ("forbidden", "403"), ("broken", "500"), ("bomb", "200,000 bytes"), ("endless", "200,000 bytes"), ("short", "cut short"),
        ("half-zipped", "cut short"), ("circle", "circle"), ("far", "more than 5"), ("nowhere", "without saying where"), ("to-file", "only http"), ("picture", "image/png"),
    ],
)  # fmt: skip
def test_what_is_no_page_is_refused_with_its_reason(site: ThreadingHTTPServer, path: str, said: str) -> None:
    with pytest.raises(FetchError, match=said) as caught:
        read_url(url(site, path), limits=HERE)
    assert caught.value.name == url(site, path)


@pytest.mark.parametrize("path", ["drip", "drip-headers"])
def test_a_server_that_drips_is_given_up_at_the_total_time(site: ThreadingHTTPServer, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(FetchError, match="took longer than 1 s"):
        read_url(url(site, path), limits=Limits(patience=5.0, total=1.0, allow_private=True))
    assert time.monotonic() - began < 4


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(FetchError, match=r"did not answer|took longer"):
            read_url(where, limits=Limits(patience=0.3, total=1.0, allow_private=True))


def test_loopback_is_refused_before_connecting(site: ThreadingHTTPServer) -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1.*not a public address"):
        read_url(url(site, "good"))
    assert paths(site) == []


def test_a_host_with_one_private_address_is_refused() -> None:
    with pytest.raises(FetchError, match=r"192\.168\.0\.7"):
        read_url("http://news.example/", resolve=lambda host, port: ["93.184.216.34", "192.168.0.7"])


def test_a_redirect_to_a_private_address_is_refused(site: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "is_public", lambda address: address == "127.0.0.1")  # our site plays the public one
    with pytest.raises(FetchError, match=r"10\.1\.2\.3.*not a public address"):
        read_url(url(site, "to-inside"), limits=Limits(total=3.0))


def test_the_address_checked_is_the_address_connected_to(
    site: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that resolves to another address the second time (DNS rebinding) gains nothing: no second look-up is made."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    connected: list[tuple[str, int]] = []
    real = socket.create_connection

    def create(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address)
        return real(address, timeout=timeout)

    monkeypatch.setattr(socket, "create_connection", create)
    page = read_url(f"http://rebound.example:{site.server_port}/good", limits=HERE, resolve=resolve)
    assert page.text == PAGE.decode()
    assert connected == [("127.0.0.1", site.server_port)] * 2 and asked == ["rebound.example"] * 2
    assert {host for _, _, host in site.asked} == {f"rebound.example:{site.server_port}"}  # type: ignore[attr-defined]


def test_a_name_that_turns_private_after_robots_were_read_is_refused() -> None:
    web._robots_known[("http://turning.example/robots.txt", False)] = (time.monotonic(), "")
    with pytest.raises(FetchError, match="not a public address"):
        read_url("http://turning.example/", resolve=lambda host, port: ["127.0.0.1"])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "nonsense",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "bad", ["ftp://news.example/x", "http://", "http:///x", "https://news.example:99999/", "http://user@127.0.0.1/"]
)
def test_bad_addresses_are_refused_with_a_reason(bad: str) -> None:
    with pytest.raises(FetchError, match=r"only http|no valid port|not a public address"):
        read_url(bad)


def test_an_unknown_host_is_told() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match=r"nowhere\.invalid.*not known"):
        read_url("http://nowhere.invalid/", resolve=unknown)
