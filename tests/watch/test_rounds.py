"""Rounds against a real server of faults on loopback, with a reader that makes empty records where events do not matter."""

from __future__ import annotations

import gzip
import http.server
import itertools
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastfeedparser")

from tocsin.desk import Desk
from tocsin.errors import FetchError
from tocsin.ledger import IncidentFilter
from tocsin.read.web import Limits, fetch
from tocsin.store import open_store
from tocsin.store.watching import Source
from tocsin.watch.rounds import Watch, back_off, stamp
from tocsin.watch.silences import failing, silence

PAGE = "<html><head><title>{t}</title></head><body><article><h1>{t}</h1><p>Rebels shelled the market of Idlib on Monday, killing nine people, a doctor said.</p>"
PAGE += "<p>Version {v}.</p></article></body></html>"
LOCAL = Limits(patience=2.0, total=3.0, allowed=("127.0.0.0/8",))


class Faults(http.server.BaseHTTPRequestHandler):
    """Answers by path; keeps what was asked in the server's `asked`."""

    protocol_version = "HTTP/1.1"
    server: Any

    def log_message(self, *args: Any) -> None:
        pass

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        path = self.path
        with self.server.lock:
            self.server.asked.append((time.monotonic(), path, dict(self.headers)))
        if path == "/robots.txt":
            self._answer(200, b"User-agent: *\nDisallow: /private")
        elif path == "/feed":
            names = "".join(
                f"<item><link>/page/{n}</link><pubDate>Tue, 12 Mar 2024 08:00:00 GMT</pubDate></item>"
                for n in range(self.server.pages)
            )
            body = f"<rss version='2.0'><channel><title>W</title>{names}</channel></rss>".encode()
            if self.headers.get("If-None-Match") == f'"{self.server.pages}"':
                self._answer(304, b"")
            else:
                self._answer(200, body, {"Content-Type": "application/rss+xml", "ETag": f'"{self.server.pages}"'})
        elif path.startswith("/page/"):
            body = PAGE.format(t=f"Nine killed {path[6:]}", v=self.server.version).encode()
            self._answer(200, body, {"Content-Type": "text/html"})
        elif path == "/bad":
            links = "".join(
                f"<item><link>/{name}</link></item>"
                for name in ("private/x", "slow", "long", "loop", "bomb", "403", "429", "500", "pdf", "page/fine")
            )
            self._answer(200, f"<rss version='2.0'><channel><title>B</title>{links}</channel></rss>".encode())
        elif path == "/slow":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _ in range(60):
                if self.server.over:
                    break
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        elif path == "/long":
            self._answer(200, b"short", {"Content-Length": "5000"})
        elif path == "/old":
            self._answer(self.server.moved, b"", {"Location": "/feed"})
        elif path == "/loop":
            self._answer(302, b"", {"Location": "/loop"})
        elif path == "/bomb":
            self._answer(
                200, gzip.compress(bytes(60_000_000)), {"Content-Type": "text/html", "Content-Encoding": "gzip"}
            )
        elif path == "/pdf":
            self._answer(200, b"%PDF-1.4", {"Content-Type": "application/pdf"})
        elif path[1:].isdigit():
            self._answer(int(path[1:]), b"no", {"Retry-After": "7200"} if path == "/429" else {})
        else:
            self._answer(404, b"")


@pytest.fixture
def server() -> Iterator[Any]:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Faults)
    made.daemon_threads = True
    made.asked, made.lock, made.pages, made.version, made.over = [], threading.Lock(), 3, 1, False  # type: ignore[attr-defined]
    made.moved = 301  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    made.address = f"http://127.0.0.1:{made.server_port}"  # type: ignore[attr-defined]
    from tocsin.read import web

    web._robots_known.clear()
    yield made
    made.over = True  # type: ignore[attr-defined]
    made.shutdown()
    made.server_close()


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2024, 3, 12, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = open_store(str(tmp_path / "ledger.sqlite"), tmp_path / "archive")
    yield Desk(store)
    store.close()


def watched(desk: Desk, clock: Clock, *urls: str, **more: Any) -> Watch:
    for url in urls:
        desk.store.put_source(
            Source(url=url, name=url.rpartition("/")[2], added=stamp(clock()), **more), stamp(clock())
        )  # type: ignore[attr-defined]
    return Watch(desk, limits=LOCAL, pause=0.0, now=clock)


def test_a_round_fetches_reads_and_does_not_fetch_again(desk: Desk, server: Any) -> None:
    clock = Clock()
    watch = watched(desk, clock, f"{server.address}/feed")
    first = watch.round()
    assert (first.sources, first.failed, first.new, first.fetched, first.desk.added) == (1, 0, 3, 3, 3), first.line()
    found = desk.store.incidents(IncidentFilter()).rows
    assert any(figure.kind == "killed" and figure.high == 9 for one in found for figure in one.figures)
    assert watch.round().fetched == 0, "nothing is due"
    clock.at += timedelta(minutes=20)
    second = watch.round()
    assert (second.sources, second.new, second.fetched) == (1, 0, 0)
    asked = [headers.get("If-None-Match") for _, path, headers in server.asked if path == "/feed"]
    assert asked == [None, '"3"']
    server.pages = 4
    clock.at += timedelta(minutes=20)
    third = watch.round()
    assert (third.new, third.fetched, third.desk.added) == (1, 1, 1)


def test_a_changed_page_becomes_a_version_and_the_old_stays(desk: Desk, server: Any) -> None:
    clock = Clock()
    watch = watched(desk, clock, f"{server.address}/feed")
    watch.round()
    server.version = 2
    clock.at += timedelta(hours=2)
    again = watch.round()
    assert again.desk.new_versions == 3, again.line()
    assert desk.store.totals()["versions"] == 6 and desk.store.totals()["documents"] == 3
    clock.at += timedelta(days=9)
    for _ in range(6):
        watch.round()
        clock.at += timedelta(days=2)
    asked = [path for _, path, _ in server.asked if path == "/page/0"]
    assert len(asked) == 4, "once, and three times again"


def test_every_fault_is_told_and_the_rest_is_read(desk: Desk, server: Any) -> None:
    clock = Clock()
    told: list[str] = []
    watch = watched(desk, clock, f"{server.address}/bad", f"{server.address}/none")
    watch._told = told.append
    start = time.monotonic()
    done = watch.round()
    assert time.monotonic() - start < 40
    assert (done.sources, done.failed, done.desk.added, done.pages_failed) == (2, 1, 1, 9), done.line()
    assert told == ["none: answered 404 Not Found"]
    reasons = {
        name.rpartition("/")[2]: reason for outlet in desk.store.outlets() for _, name, reason in outlet.failures
    }
    for name, words in (
        ("x", "robots.txt"), ("slow", "took longer"), ("long", "cut short"), ("loop", "circle"), ("bomb", "larger than"),
        ("403", "403"), ("429", "429"), ("500", "500"), ("pdf", "not a page"),
    ):  # fmt: skip
        assert words in reasons[name], (name, reasons[name])
    late = desk.store.items("2024-03-12T13:55:00Z")  # type: ignore[attr-defined]
    assert not [one for one in late if one.url.endswith("/429")], "Retry-After is two hours"


@pytest.mark.parametrize("status", [301, 308, 302, 307])
def test_a_feed_that_moved_for_good_is_asked_where_it_went_and_one_that_moved_today_is_not(
    desk: Desk, server: Any, status: int
) -> None:
    clock, told, server.moved = Clock(), list[str](), status
    watch = watched(desk, clock, f"{server.address}/old")
    watch._told = told.append
    assert watch.round().failed == 0
    (source,) = desk.store.sources()
    good = status in (301, 308)
    assert source.moved == (f"{server.address}/feed" if good else None)
    assert told == ([f"old: moved for good to {server.address}/feed, and is fetched from there"] if good else [])
    clock.at += timedelta(minutes=20)
    assert watch.round().failed == 0
    asked = [path for _, path, _ in server.asked if path in ("/old", "/feed")]
    assert asked == (["/old", "/feed", "/feed"] if good else ["/old", "/feed", "/old", "/feed"])
    assert len(told) == int(good), "told once"


def test_a_feed_that_fails_where_it_moved_is_asked_at_its_own_address_again(desk: Desk, server: Any) -> None:
    clock = Clock()
    watch = watched(desk, clock, f"{server.address}/feed")
    (source,) = desk.store.sources()
    import msgspec

    desk.store.put_source(msgspec.structs.replace(source, moved=f"{server.address}/none"), stamp(clock()))  # type: ignore[attr-defined]
    assert watch.round().failed == 1
    (source,) = desk.store.sources()
    assert source.moved is None and "where it had moved" in (source.problem or "")
    clock.at += timedelta(minutes=20)
    assert watch.round().failed == 0


def test_a_feed_that_is_gone_for_good_says_so_and_is_asked_once_a_week(desk: Desk, server: Any) -> None:
    clock, told = Clock(), list[str]()
    watch = watched(desk, clock, f"{server.address}/410")
    watch._told = told.append
    assert watch.round().failed == 1
    assert "410 Gone: taken away for good" in told[0]
    for days, sources in ((6, 0), (7.1, 1)):
        clock.at = Clock().at + timedelta(days=days)
        assert watch.round().sources == sources


def test_an_address_that_is_not_public_says_how_it_is_allowed(desk: Desk, server: Any) -> None:
    told: list[str] = []
    clock = Clock()
    watched(desk, clock, f"{server.address}/feed")
    assert Watch(desk, pause=0.0, now=clock, told=told.append).round().failed == 1
    assert "--allow-private 127.0.0.1" in told[0]


def test_a_host_is_asked_by_one_hand_with_a_pause(desk: Desk, server: Any) -> None:
    clock = Clock()
    watched(desk, clock, f"{server.address}/feed")
    Watch(desk, limits=LOCAL, pause=0.3, now=clock).round()
    moments = [moment for moment, path, _ in server.asked if path.startswith("/page")]
    assert len(moments) == 3
    assert all(later - earlier >= 0.29 for earlier, later in itertools.pairwise(moments))


def test_private_addresses_are_refused_unless_allowed(server: Any) -> None:
    with pytest.raises(FetchError, match="not a public address"):
        fetch(f"{server.address}/feed", limits=Limits(patience=2, total=3))
    with pytest.raises(FetchError, match="not a public address"):  # another network is allowed, not this
        fetch(f"{server.address}/feed", limits=Limits(patience=2, total=3, allowed=("10.0.0.0/8",)))
    with pytest.raises(FetchError, match="not a public address"):
        fetch(
            "http://metadata.example/",
            limits=Limits(allowed=("0.0.0.0/0",)),
            resolve=lambda host, port: ["169.254.169.254"],
        )


def test_a_name_that_is_resolved_anew_is_not_asked_again() -> None:
    """DNS rebinding: the address that was checked is the one that is connected to; each request resolves and checks once."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    with pytest.raises(FetchError, match=r"not a public address|did not answer|took longer"):
        fetch("http://rebind.example/", limits=Limits(patience=0.5, total=1.0), resolve=resolve)
    assert len(asked) <= 2


def test_back_off_and_silence() -> None:
    for failures in range(1, 30):
        seconds = back_off(900, failures)
        assert 600 < seconds <= 86_400
    assert back_off(900, 1, retry_after=7200) >= 7200
    now = datetime(2024, 3, 20, tzinfo=UTC)
    well = Source(url="https://a.example", name="A", added="2024-03-01T00:00:00Z", succeeded="2024-03-20T00:00:00Z")
    assert silence(well, now) == "nothing new for 19.0 days"
    import msgspec

    fresh = msgspec.structs.replace(well, newest="2024-03-19T00:00:00Z")
    assert silence(fresh, now) is None
    hourly = msgspec.structs.replace(well, newest="2024-03-18T00:00:00Z", gap=3600.0)
    assert "usually every 1.0 hours" in (silence(hourly, now) or "")
    broken = msgspec.structs.replace(well, problem="answered 500", failures=3)
    assert failing([broken, fresh], now) == [(broken, "failed 3 times: answered 500")]


def test_a_source_that_fails_where_it_moved_waits_as_long_as_it_was_asked_to() -> None:
    from tocsin.watch.rounds import _went_wrong

    now = datetime(2024, 3, 20, tzinfo=UTC)
    source = Source(url="https://a.example/old", name="A", moved="https://a.example/new")
    failed, wait = _went_wrong(source, FetchError(source.url, "answered 429", 429, "7200"), now)
    assert wait >= 7200 and failed.moved is None
    gone, wait = _went_wrong(source, FetchError(source.url, "answered 410 Gone", 410), now)
    assert wait <= 86_400 and "source remove" not in (gone.problem or ""), "its own address was not asked yet"
