"""One round: the feeds that are due, the pages that they name, into the ledger; what became of each is kept as it becomes.

Sources are fetched side by side, each host by one hand at a time and with a pause between. Whatever was kept when a round is
stopped stays kept: a page is one transaction, and what was not fetched is still due.
"""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec

from tocsin.arrivals import Arrival
from tocsin.desk import Counts, Desk, Outcome
from tocsin.errors import FetchError, InputError, PrivateAddressError
from tocsin.pipeline import Page
from tocsin.read.web import Fetched, Limits, Resolver, addresses, crawl_delay, fetch, page_of
from tocsin.store.ledger_store import LedgerStore
from tocsin.store.watching import Item, Source
from tocsin.watch.feeds import Feed, Named, read_feed
from tocsin.watch.silences import gap_after

WORKERS = 32  # fetches under way
PAUSE = 1.0  # seconds between two requests to one host, where its robots.txt asks for no other
LONGEST_PAUSE = 30.0
TRIES = 5  # of a page before it is given up
FIRST_RETRY, LONGEST_RETRY = 300, 86_400  # seconds
GONE, GONE_RETRY = 410, 7 * 86_400.0  # what a server answers of what it took away for good (RFC 9110, 15.5.11); seconds
CHECKS = (
    3_600,
    6 * 3_600,
    24 * 3_600,
)  # after these a page is looked at again: stories are corrected in their first day
NEW_EACH = 200  # pages of one source in one round; the rest wait for the next


class Round(msgspec.Struct, kw_only=True):
    """What a round did."""

    sources: int = 0
    failed: int = 0
    named: int = 0
    new: int = 0
    fetched: int = 0
    unchanged: int = 0
    pages_failed: int = 0
    desk: Counts = msgspec.field(default_factory=Counts)

    def line(self) -> str:
        """The round in one line, for people and logs."""
        return (
            f"{self.sources} sources ({self.failed} failed), {self.new} new pages, {self.fetched} fetched, {self.unchanged} unchanged, "
            f"{self.pages_failed} failed; {self.desk.added} kept ({self.desk.copies} copies, {self.desk.new_versions} changed), "
            f"{self.desk.incidents_new} incidents new, {self.desk.incidents_changed} changed"
        )


class Watch:
    """Rounds over a desk's sources. `now` and `sleep` are the clock's, and the tests'."""

    def __init__(
        self, desk: Desk, *, limits: Limits | None = None, resolve: Resolver = addresses, workers: int = WORKERS,
        pause: float = PAUSE, now: Callable[[], datetime] = lambda: datetime.now(UTC), told: Callable[[str], None] | None = None,
    ) -> None:  # fmt: skip
        self._store = cast(LedgerStore, desk.store)
        self.desk, self._limits, self._resolve, self._workers = desk, limits or Limits(), resolve, workers
        self._now, self._told = now, told or (lambda line: None)
        self._hosts = Hosts(pause, self._limits, resolve)
        self._stop = threading.Event()

    def stop(self) -> None:
        """Lets the fetches under way end and starts no other. Safe to call from a signal's handler."""
        self._stop.set()

    def hasten(self) -> None:
        """Makes every source due now that is watched at all."""
        now = stamp(self._now())
        with self._store.writing():
            for one in self._store.sources():
                if one.enabled:
                    self._store.put_source(one, now)

    def round(self) -> Round:
        """Fetches what is due and adds it to the ledger."""
        done = Round()
        moment = stamp(self._now())
        with ThreadPoolExecutor(self._workers, thread_name_prefix="fetch") as pool:
            for source, feed in self._side_by_side(pool, self._store.sources(moment), self._feed):
                self._take_feed(source, feed, done)
            self._read(self._side_by_side(pool, self._due(moment), self._page), done)
        return done

    # ------------------------------------------------------------------------------------------------------ fetching

    def _side_by_side(
        self, pool: ThreadPoolExecutor, wanted: Sequence[Any], work: Callable[[Any], Any]
    ) -> Iterator[tuple[Any, Any]]:
        """The results as they come. Hosts take turns, so that one with much to fetch starves no other."""
        queues: defaultdict[str, list[Any]] = defaultdict(list)
        for one in reversed(wanted):
            queues[host_of(_asked(one))].append(one)
        busy: set[str] = set()
        under_way: dict[Future[Any], tuple[str, Any]] = {}
        while (queues or under_way) and not (self._stop.is_set() and not under_way):
            for host in [] if self._stop.is_set() else [name for name in queues if name not in busy]:
                if len(under_way) >= self._workers:
                    break
                one = queues[host].pop()
                if not queues[host]:
                    del queues[host]
                busy.add(host)
                under_way[pool.submit(self._guarded, work, one, host)] = (host, one)
            ended, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in ended:
                host, one = under_way.pop(future)
                busy.discard(host)
                if host in queues:  # to the end of the line
                    queues[host] = queues.pop(host)
                yield one, future.result()

    def _guarded(self, work: Callable[[Any], Any], one: Any, host: str) -> Any:
        try:
            self._hosts.wait(_asked(one), self._stop)
            return work(one)
        except InputError as problem:
            return problem
        finally:
            self._hosts.done(host)

    def _feed(self, source: Source) -> tuple[Fetched, Feed | None]:
        answer = fetch(
            _asked(source),
            limits=self._limits,
            resolve=self._resolve,
            etag=source.etag,
            modified=source.modified,
        )
        if answer.status == 304:
            return answer, None
        if source.kind == "page":
            return answer, Feed(kind="page", items=(Named(url=source.url),))
        feed = read_feed(answer.body, answer.url)
        found = list(feed.items)
        for url in feed.nested[:5]:
            inner = fetch(url, limits=self._limits, resolve=self._resolve)
            found += read_feed(inner.body, inner.url).items
        return answer, msgspec.structs.replace(feed, items=tuple(found[:5_000]))

    def _page(self, item: Item) -> RawPage | None:
        answer = fetch(item.url, limits=self._limits, resolve=self._resolve, etag=item.etag, modified=item.modified)
        return None if answer.status == 304 else RawPage(answer, page_of(answer, item.url))

    # -------------------------------------------------------------------------------------------------- what came of it

    def _take_feed(self, source: Source, got: Any, done: Round) -> None:
        """Keeps the source's state and the items that are new. One transaction a source."""
        now = self._now()
        done.sources += 1
        if isinstance(got, InputError):
            done.failed += 1
            failed, wait = _went_wrong(source, got, now)
            self._told(f"{source.name}: {failed.problem}")
            self._store.put_source(failed, after(now, wait))
            return
        answer, feed = got
        if answer.moved is not None:
            self._told(f"{source.name}: moved for good to {answer.moved}, and is fetched from there")
        fresh = self._fresh(source, feed) if feed is not None else []
        done.named += len(feed.items) if feed is not None else 0
        done.new += len(fresh)
        with self._store.writing():
            for one in fresh:
                item = Item(
                    url=one.url, source=source.url, title=one.title, published=one.published, first_seen=stamp(now)
                )
                self._store.put_item(item, stamp(now))
            self._store.put_source(
                _went_well(source, answer, feed, len(fresh), now), after(now, _jittered(source.every))
            )

    def _fresh(self, source: Source, feed: Feed) -> list[Named]:
        if source.kind == "page":  # a page that is itself watched is due each time
            return list(feed.items)
        known = self._store.known_items(one.url for one in feed.items)
        return [one for one in feed.items if one.url not in known][:NEW_EACH]

    def _due(self, moment: str) -> tuple[Item, ...]:
        return self._store.items(max(moment, stamp(self._now())), 5_000)

    def _take_page(self, item: Item, got: Any, done: Round) -> RawPage | None:
        """The page, where there is one that is new; what became of the item where there is none."""
        if isinstance(got, RawPage):
            done.fetched += 1
            return got
        if got is None:
            done.unchanged += 1
            self._checked(item, self._now())
        else:
            done.pages_failed += 1
            self._failed(item, got, self._now())
        return None

    def _failed(self, item: Item, problem: InputError, now: datetime) -> None:
        tries = item.tries + 1
        final = (
            tries >= TRIES
            or getattr(problem, "status", None) in (401, 403, 404, 410, 451)
            or isinstance(problem, FetchError) is False
        )
        failed = msgspec.structs.replace(
            item,
            tries=tries,
            problem=problem.problem,
            state="given-up" if final and item.version is None else item.state,
        )
        self._store.put_item(failed, None if final else after(now, back_off(FIRST_RETRY, tries, _retry_after(problem))))
        self._store.put_failure(item.url, problem.problem, host_of(item.url))

    def _checked(self, item: Item, now: datetime) -> None:
        """The page is looked at again after an hour, six, and a day; then no more."""
        later = CHECKS[item.checks] if item.checks < len(CHECKS) else None
        self._store.put_item(
            msgspec.structs.replace(item, checks=item.checks + 1, tries=0, problem=None),
            after(now, later) if later else None,
        )

    def _read(self, fetched: Iterable[tuple[Item, Any]], done: Round) -> None:
        """Adds the pages to the ledger as they come, so that some are fetched and read while others are merged.

        Each page's item is kept after the page, so that a page that was lost is fetched again.
        """
        under_way: dict[str, tuple[Item, RawPage]] = {}

        def arrivals() -> Iterator[Arrival]:
            for item, got in fetched:
                if page := self._take_page(item, got, done):
                    under_way[item.url] = item, page
                    yield arrival_of(item, page)

        def told(one: Outcome) -> None:
            done.desk.count(one)
            item, page = under_way.pop(one.name)
            headers = page.answer.headers
            problem = one.reason if one.what == "failed" else None
            kept = msgspec.structs.replace(
                item, state="kept" if problem is None else "given-up", problem=problem, version=one.version,
                etag=headers.get("etag"), modified=headers.get("last-modified"),
            )  # fmt: skip
            self._checked(kept, self._now())

        self.desk.add(arrivals(), told=told)


class RawPage:
    """A page as it was fetched, and decoded."""

    __slots__ = ("answer", "document")

    def __init__(self, answer: Fetched, document: Any) -> None:
        self.answer, self.document = answer, document


def arrival_of(item: Item, page: RawPage) -> Arrival:
    """The page for the desk; its feed's date stands where the page does not say its own."""
    raw = page.document
    text, html = (None, raw.text) if raw.is_html else (raw.text, None)
    made = Page(
        name=item.url, text=text, html=html, ref=item.url, url=raw.url or item.url, title=None,
        feed_date=item.published[:10] if item.published else None, retrieved=raw.retrieved, digest=raw.sha256,
    )  # fmt: skip
    return Arrival(made, raw.content, "text/html" if raw.is_html else "text/plain")


class Hosts:
    """When each host may be asked again: one request at a time, a pause after each, as long as its robots.txt asks for."""

    def __init__(self, pause: float, limits: Limits, resolve: Resolver) -> None:
        self._pause, self._limits, self._resolve = pause, limits, resolve
        self._free: dict[str, float] = {}
        self._delays: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, url: str, stop: threading.Event) -> None:
        """Waits until the host may be asked. Raises `FetchError` where the watch is stopping."""
        host = host_of(url)
        if host not in self._delays:
            asked = crawl_delay(url, limits=self._limits, resolve=self._resolve)
            with self._lock:
                self._delays[host] = min(LONGEST_PAUSE, max(self._pause, asked or 0.0))
        with self._lock:
            left = self._free.get(host, 0.0) - time.monotonic()
        if left > 0 and stop.wait(left):
            raise FetchError(url, "was not fetched: the watch was stopped")

    def done(self, host: str) -> None:
        with self._lock:
            self._free[host] = time.monotonic() + self._delays.get(host, self._pause)


def _asked(one: Source | Item) -> str:
    """The address from which a source or an item is fetched: a source that moved for good is asked where it went."""
    return (one.moved if isinstance(one, Source) else None) or one.url


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or url).lower()
    except ValueError:
        return url


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def after(moment: datetime, seconds: float) -> str:
    return stamp(moment + timedelta(seconds=seconds))


def _jittered(seconds: float) -> float:
    """A little more or less, so that sources that were added together are not fetched together for ever."""
    return seconds * random.uniform(0.95, 1.05)


def back_off(base: float, failures: int, retry_after: float | None = None) -> float:
    """Seconds until the next try: twice as long each time, with jitter, never sooner than the server asks, at most a day."""
    grown: float = min(LONGEST_RETRY, base * 2.0 ** min(failures - 1, 12)) * random.uniform(0.75, 1.25)
    return min(LONGEST_RETRY, max(grown, retry_after or 0.0))


def _retry_after(problem: InputError) -> float | None:
    """The server's Retry-After in seconds, given in seconds or as a date."""
    text = getattr(problem, "retry_after", None)
    if not text:
        return None
    if text.strip().isdigit():
        return float(text.strip()[:6])
    from email.utils import parsedate_to_datetime

    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return max(0.0, (when.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _went_wrong(source: Source, problem: InputError, now: datetime) -> tuple[Source, float]:
    """The source with what went wrong, and the seconds until the next try.

    One that is gone for good is asked once a week, lest the word was wrong; one that moved is asked at its own address again.
    """
    status = getattr(problem, "status", None)
    told, wait = problem.problem, back_off(source.every, source.failures + 1, _retry_after(problem))
    if status == GONE and source.moved is None:
        told, wait = f"{told}: taken away for good; `tocsin source remove` ends the watch", GONE_RETRY
    if isinstance(problem, PrivateAddressError):
        told = f"{told}; `tocsin watch --allow-private {problem.address}` reads from it"
    if source.moved is not None:
        told = f"{told} (at {source.moved}, where it had moved)"
    failed = msgspec.structs.replace(
        source, tried=stamp(now), status=status, problem=told, failures=source.failures + 1, moved=None
    )
    return failed, wait


def _went_well(source: Source, answer: Fetched, feed: Feed | None, fresh: int, now: datetime) -> Source:
    gap = gap_after(source.gap, source.newest, now) if fresh else source.gap
    kept = (
        {}
        if answer.status == 304
        else {"etag": answer.headers.get("etag"), "modified": answer.headers.get("last-modified")}
    )
    return msgspec.structs.replace(
        source, tried=stamp(now), succeeded=stamp(now), status=answer.status, problem=None, failures=0, seen=source.seen + fresh,
        newest=stamp(now) if fresh else source.newest, gap=gap, kind=source.kind or (feed.kind if feed else None),
        moved=answer.moved or source.moved, **kept,
    )  # fmt: skip
