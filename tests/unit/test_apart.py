"""A reader in a process of its own: the same records, and a page that kills it costs that page only."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tocsin.apart import ReaderApart, ReaderLost
from tocsin.arrivals import Arrival
from tocsin.desk import Desk, Outcome
from tocsin.errors import MissingError, TocsinError
from tocsin.pipeline import Page, Reader
from tocsin.records import Document, Record
from tocsin.store import open_store


class Scripted(Reader):
    """Does what a page's text says; else a record of nothing but the text."""

    def read(self, pages: Iterable[Page]) -> Iterator[Record]:
        for page in list(pages):
            text = page.text or ""
            if text.startswith("dies"):
                os.kill(os.getpid(), signal.SIGSEGV)
            if text.startswith("hangs"):
                time.sleep(600)
            if text.startswith("swells"):
                len(bytearray(16 << 30))
            if text.startswith("lacks"):
                raise MissingError("no model")
            if text.startswith("fails"):
                raise ValueError("an odd page")
            yield Record(document=Document(id=f"sha256:{page.digest or text}", text=text, url=page.url))


class Unstartable(Reader):
    def __init__(self) -> None:
        os._exit(7)


@pytest.fixture
def reader() -> Iterator[ReaderApart]:
    with ReaderApart(make=Scripted, patience=3.0) as made:
        yield made


def page(text: str) -> Page:
    return Page(name=text, text=text)


def texts(records: Iterator[Record]) -> list[str]:
    return [one.document.text for one in records]


def test_records_come_in_the_order_of_the_pages_and_of_the_calls(reader: ReaderApart) -> None:
    first, second = reader.read([page("a"), page("b")]), reader.read([page("c")])
    assert texts(first) == ["a", "b"]
    assert texts(second) == ["c"]


def test_what_is_asked_for_ahead_and_left_does_not_mix_with_the_next(reader: ReaderApart) -> None:
    ahead = reader.read([page("a"), page("b")])
    assert next(ahead).document.text == "a"
    ahead.close()  # type: ignore[attr-defined]
    assert texts(reader.read([page("c")])) == ["c"]


@pytest.mark.parametrize(("text", "said"), [("dies", "SIGSEGV"), ("hangs", "stopped")])
def test_a_lost_reader_is_told_and_replaced(reader: ReaderApart, text: str, said: str) -> None:
    records = reader.read([page("a"), page(text), page("b")])
    assert next(records).document.text == "a"
    with pytest.raises(ReaderLost, match=said):
        next(records)
    assert texts(reader.read([page("c")])) == ["c"]


def test_the_readers_own_faults_come_through_as_what_they_are(reader: ReaderApart) -> None:
    with pytest.raises(MissingError, match="no model"):
        list(reader.read([page("lacks")]))
    with pytest.raises(RuntimeError, match="ValueError: an odd page"):
        list(reader.read([page("fails")]))
    assert texts(reader.read([page("c")])) == ["c"]  # the process is still the first


def test_memory_is_bounded(reader: ReaderApart) -> None:
    with pytest.raises(RuntimeError, match="MemoryError"):
        list(reader.read([page("swells")]))
    assert texts(reader.read([page("c")])) == ["c"]


def test_a_process_that_cannot_start_is_no_pages_fault() -> None:
    with ReaderApart(make=Unstartable, patience=3.0) as made:
        with pytest.raises(TocsinError, match=r"could not be started \(exit code 7\)") as found:
            list(made.read([page("a")]))
        assert not isinstance(found.value, ReaderLost)


def test_the_desk_keeps_all_pages_but_those_that_kill_the_reader(reader: ReaderApart, tmp_path: Path) -> None:
    names = ["a", "dies", "b", "fails", "c", "hangs", "d"]
    store = open_store(tmp_path / "ledger.sqlite")
    told: list[Outcome] = []
    counts = Desk(store, reader).add([arrival(name) for name in names], told=told.append)
    store.close()
    assert counts.added == 4
    assert counts.failed == 3
    assert {one.name: one.what for one in told} == {name: "added" if len(name) == 1 else "failed" for name in names}
    assert "SIGSEGV" in next(one.reason or "" for one in told if one.name == "dies")


def test_another_process_reads_what_this_one_would() -> None:
    text = "Gunmen killed four farmers near Dori on 3 May 2021, the mayor of Dori said."
    with ReaderApart() as apart:
        assert list(apart.read([page(text)])) == list(Reader().read([page(text)]))


def arrival(name: str) -> Arrival:
    import hashlib

    raw = name.encode()
    digest = hashlib.sha256(raw).hexdigest()
    return Arrival(Page(name=name, text=name, digest=digest), raw, "text/plain")
