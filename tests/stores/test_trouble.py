"""Trouble: full disks, two writers, readers beside a writer, threads."""

from __future__ import annotations

import errno
import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from opened import Ledger
from pages import claim, incident, keep, record, version, version_id

from tocsin.errors import StoreError
from tocsin.ledger import IncidentFilter
from tocsin.store.ledger_store import LedgerStore

PAGE = b"Jets struck the market of Idlib on Wednesday."


def pages(count: int) -> list[bytes]:
    return [b"Page %d tells of a strike in Idlib." % number for number in range(count)]


@pytest.mark.parametrize("where", ["write", "fsync", "replace"])
def test_a_full_disk_under_the_archive_loses_nothing(
    store: LedgerStore, ledger: Ledger, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, b"An earlier page.")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        if where == "write":
            patch.setattr("tocsin.store.archive.tempfile.mkstemp", full)
        elif where == "fsync":
            patch.setattr("tocsin.store.archive.os.fsync", full)
        else:
            patch.setattr(Path, "replace", full)
        with pytest.raises(StoreError, match="No space left on device"):
            keep(store, PAGE)
    assert store.totals()["versions"] == 1
    assert list(store.verify()) == []
    assert not list(ledger.archive.rglob("*.part"))
    keep(store, PAGE)
    assert store.totals()["versions"] == 2


def test_a_full_disk_under_the_database_loses_nothing(ledger: Ledger) -> None:
    if ledger.kind != "sqlite":
        pytest.skip("PostgreSQL's disk is its own; SQLite can be told how large its file may become")
    store = ledger.open()
    keep(store, PAGE)
    with store._asking() as connection:
        size = connection.exec_driver_sql("PRAGMA page_count").scalar()
    with store._changing() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={size + 4}")
    with pytest.raises(StoreError, match=r"the disk refuses.*nothing of this change was kept"):
        for one in pages(200):
            keep(store, one)
    kept = store.totals()
    store.close()
    again = ledger.open()
    assert again.totals() == kept
    assert kept["incidents"] == kept["versions"] == kept["claims"]
    assert list(again.verify()) == []
    keep(again, b"One more page, with room again.")


def test_two_writers_take_turns(ledger: Ledger) -> None:
    both = [ledger.open(), ledger.open()]
    work = pages(24)

    def write(number: int) -> None:
        for one in work[number::2] + work[:4]:  # the first four are added by both
            keep(both[number], one)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(2)))
    store = ledger.open()
    assert store.totals() | {"failures": 0} == store.totals()
    assert (store.totals()["versions"], store.totals()["incidents"]) == (24, 24)
    assert list(store.verify()) == []


def test_readers_never_wait_and_see_whole_pages(ledger: Ledger) -> None:
    writer, reader = ledger.open(), ledger.open()
    keep(writer, PAGE)
    with writer.writing():
        kept = writer.put_version(version(b"A second page."), b"A second page.")
        writer.put_reading(kept.id, record(b"A second page."), [claim(b"A second page.")], {})
        begun = time.monotonic()
        assert reader.totals()["versions"] == 1
        assert reader.version(kept.id) is None
        assert reader.incidents(IncidentFilter()).total == 1
        assert time.monotonic() - begun < 5
        assert writer.version(kept.id) == kept
    assert reader.version(kept.id) == kept


def test_lists_hold_together_while_pages_are_added(ledger: Ledger) -> None:
    """Every page here is one version, one claim, one incident: a reader may never see one without the others."""
    writer, reader = ledger.open(), ledger.open()
    done, wrong = threading.Event(), []

    def look() -> None:
        while not done.is_set():
            seen = reader.totals()
            if not seen["versions"] == seen["claims"] == seen["incidents"]:
                wrong.append(seen)
            page = reader.incidents(IncidentFilter(), limit=1000)
            if page.total != len(page.rows):
                wrong.append({"total": page.total, "rows": len(page.rows)})

    with ThreadPoolExecutor(2) as pool:
        looking = [pool.submit(look) for _ in range(2)]
        for one in pages(40):
            keep(writer, one)
        done.set()
        for future in looking:
            future.result()
    assert wrong == []
    assert reader.totals()["versions"] == 40


def test_threads_share_a_store(store: LedgerStore) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda one: keep(store, one), pages(30)))
    assert store.totals()["versions"] == 30
    assert list(store.verify()) == []


def test_a_page_archived_by_a_run_that_was_stopped_is_taken_over(store: LedgerStore) -> None:
    store._archive.put(version_id(PAGE), PAGE)
    keep(store, PAGE)
    assert store.raw(version_id(PAGE)) == PAGE
    assert list(store.verify()) == []


def test_a_broken_file_of_a_run_that_was_stopped_is_written_anew(store: LedgerStore) -> None:
    path = store._archive.path(version_id(PAGE))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half a fi")
    keep(store, PAGE)
    assert store.raw(version_id(PAGE)) == PAGE


def test_a_damaged_database_is_told_in_one_line(ledger: Ledger, tmp_path: Path) -> None:
    if ledger.kind != "sqlite":
        pytest.skip("a file of ours is damaged here")
    store = ledger.open()
    for one in pages(50):
        keep(store, one)
    store.close()
    path = Path(ledger.url)
    content = bytearray(path.read_bytes())
    content[20_000:-20_000] = random.Random(7).randbytes(len(content) - 40_000)
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        list(ledger.open().verify())
    assert "\n" not in str(caught.value)


def test_an_incident_is_one_of_a_transaction(store: LedgerStore) -> None:
    keep(store, PAGE)
    name = claim(PAGE).id
    with pytest.raises(RuntimeError), store.writing():
        store.put_incidents([name], [incident(claim(PAGE), title="other")])
        assert store.incident(name).title == "other"  # type: ignore[union-attr]
        raise RuntimeError
    assert store.incident(name).title != "other"  # type: ignore[union-attr]
