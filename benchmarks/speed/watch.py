"""How long one round of the watch takes: many feeds on a local server, each on an address of its own.

    python benchmarks/speed/watch.py [--feeds 500] [--pages 1] [--later 20] [--silent 10]

The server listens on 127.0.0.0/8, of which each feed has an address of its own (Linux), so that politeness (one request at a time
and a second's pause for a host) is met as in life: robots.txt, feed, pause, page. `--silent` of the feeds take connections and never
answer. Three rounds are timed: the first, in which every feed names `--pages` new pages that are fetched, read and merged; one in
which nothing has changed (304 from each feed); and one in which `--later` of the feeds name one new page. Wanted: a round of 500
feeds in under 60 s on 2 cores, and each feed asked once.

'Waited' is how long after its start of the round a feed was asked for: the last feed's tells whether any is starved.
"""

from __future__ import annotations

import argparse
import collections
import http.server
import random
import socketserver
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawl import GROUPS
from crawl import page as news_page

from tocsin.apart import ReaderApart
from tocsin.desk import Desk
from tocsin.read.web import Limits
from tocsin.store import open_store
from tocsin.store.watching import Source
from tocsin.watch.rounds import Round, Watch

MODIFIED = "Mon, 05 May 2025 10:00:00 GMT"


class Outlets:
    """What the server holds: for each address how many pages it names, and when it was asked for its feed."""

    def __init__(self, feeds: int, pages: int, silent: int) -> None:
        self.hosts = [f"127.{1 + n // 60_000}.{n // 250 % 240}.{1 + n % 250}" for n in range(feeds)]
        self.named = dict.fromkeys(self.hosts, pages)
        self.silent = set(self.hosts[:: max(1, feeds // silent)][:silent]) if silent else set()
        self.asked: collections.defaultdict[str, list[float]] = collections.defaultdict(list)
        self.port = 0

    def feed(self, host: str) -> bytes:
        items = "".join(
            f"<item><title>Report {n}</title><link>http://{host}:{self.port}/page-{n}</link><pubDate>{MODIFIED}</pubDate></item>"
            for n in range(self.named[host])
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'.encode()


def report(rows: random.Random) -> bytes:
    """A page in an outlet's dress about one happening in one of some thousand towns, with other matters beside it."""
    town = "".join(rows.choice(("ka", "dor", "mi", "zer", "lun", "tes", "ba", "hor")) for _ in range(3)).title()
    group, dead, hurt = rows.choice(GROUPS), rows.randint(2, 30), rows.randint(3, 60)
    told = (
        f"{group[:1].upper()}{group[1:]} shelled a market in {town} on Monday, killing {dead} people, a doctor said. "
        f"At least {hurt} others were wounded, the mayor of {town} told reporters. The defence ministry denied the attack."
    )
    page = news_page(rows, "peace", 0).decode()
    return page.replace("<p>Page 0.</p>", f"<p>{told}</p>").replace("<h1>", f"<h1>{dead} killed in {town}: ").encode()


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that no longer waits for a silent feed is what is measured, not an error."""


def handler(outlets: Outlets) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            host = str(self.connection.getsockname()[0])
            if self.path == "/robots.txt":
                self._answer(404, b"")
            elif self.path == "/feed":
                outlets.asked[host].append(time.monotonic())
                if host in outlets.silent:
                    time.sleep(120)
                tag = f'"{outlets.named[host]}"'
                known = self.headers.get("If-None-Match") == tag
                self._answer(304 if known else 200, b"" if known else outlets.feed(host), "application/rss+xml", tag)
            else:
                self._answer(200, report(random.Random(f"{host}{self.path}")), "text/html; charset=utf-8")

        def _answer(self, status: int, body: bytes, kind: str = "text/plain", tag: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if tag:
                self.send_header("ETag", tag)
            self.end_headers()
            self.wfile.write(body)

    return Handler


def main() -> None:
    chosen = arguments()
    outlets = Outlets(chosen.feeds, chosen.pages, chosen.silent)
    server = Server(("0.0.0.0", 0), handler(outlets))  # all loopback addresses, for the minutes of a measurement
    outlets.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("| round | s | feeds asked | failed | asked twice | longest waited s | pages read | not changed |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder, ReaderApart() as reader:
        store = open_store(Path(folder) / "ledger.sqlite")
        clock = Clock()
        for host in outlets.hosts:
            store.put_source(Source(url=f"http://{host}:{outlets.port}/feed", name=host, every=600), clock.stamp())
        limits = Limits(patience=5.0, total=10.0, allowed=("127.0.0.0/8",))
        watch = Watch(Desk(store, reader), limits=limits, now=clock)
        print(row("first", watch, outlets), flush=True)
        clock.add(minutes=15)
        print(row("nothing new", watch, outlets), flush=True)
        clock.add(minutes=15)
        for host in [one for one in outlets.hosts if one not in outlets.silent][: chosen.later]:
            outlets.named[host] += 1
        print(row(f"{chosen.later} new", watch, outlets), flush=True)
        store.close()
    server.shutdown()


def row(name: str, watch: Watch, outlets: Outlets) -> str:
    outlets.asked.clear()
    start = time.monotonic()
    done: Round = watch.round()
    took = time.monotonic() - start
    waited = max((times[0] - start for times in outlets.asked.values()), default=0.0)
    twice = sum(len(times) > 1 for times in outlets.asked.values())
    return (
        f"| {name} | {took:.1f} | {len(outlets.asked)} | {done.failed} | {twice} | {waited:.1f} | {done.desk.added} | "
        f"{done.unchanged} pages |"
    )


class Clock:
    """A clock that is set on between rounds, so that the feeds are due again."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def add(self, *, minutes: int) -> None:
        self._ahead += timedelta(minutes=minutes)

    def stamp(self) -> str:
        return self().strftime("%Y-%m-%dT%H:%M:%SZ")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--pages", type=int, default=1, help="new pages that each feed names in the first round")
    parser.add_argument("--later", type=int, default=20, help="feeds with one new page in the third round")
    parser.add_argument("--silent", type=int, default=10, help="feeds that take a connection and never answer")
    return parser.parse_args()


if __name__ == "__main__":
    main()
