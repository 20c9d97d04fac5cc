"""`verify` sees every changed byte, and names where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from opened import Ledger
from pages import claim, keep, version_id
from sqlalchemy import select

from tocsin.errors import StoreError
from tocsin.ledger import Judgement
from tocsin.store import tables as t
from tocsin.store.base import Fault
from tocsin.store.ledger_store import LedgerStore

PAGES = [b"Jets struck the market of Idlib on Wednesday.", b"Shells fell on a suburb.", b"Mines went off near a road."]


@pytest.fixture
def filled(store: LedgerStore) -> LedgerStore:
    for name in ("mines", "strikes"):
        store.put_rule(name, {"name": name, "kind": "redline"}, "ana")
    for one in PAGES:
        keep(store, one, url="https://herald.example/a", title="Market struck")
        name = claim(one).id
        store.put_judgement(
            Judgement(id=f"j-{name}", at="2026-11-23T12:00:00Z", user="ana", action="note", claims=(name,), note="seen")
        )
    assert list(store.verify()) == []
    return store


def tamper(ledger: Ledger, store: LedgerStore, orders: list[str]) -> None:
    """Changes rows as somebody would who may do anything with the database."""
    with store._changing() as connection:
        for table in t.KEPT:
            if ledger.kind == "sqlite":
                for what in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_kept_{what}")
            else:
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        if ledger.kind == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for order in orders:
            connection.exec_driver_sql(order)


def cells() -> list[tuple[str, str]]:
    return [(table, column.name) for table in t.KEPT for column in t.metadata.tables[table].columns]


@pytest.mark.parametrize(("table", "column"), cells())
def test_each_changed_cell_is_seen(filled: LedgerStore, ledger: Ledger, table: str, column: str) -> None:
    here = t.metadata.tables[table]
    key = [one for one in here.columns if one.primary_key]
    with filled._asking() as connection:
        row = connection.execute(select(here).order_by(*key).limit(1).offset(1)).mappings().one()
    changed = _changed(row[column])
    where = here.c[key[0].name] == row[key[0].name]
    tamper(ledger, filled, [])
    try:
        with filled._changing() as connection:
            connection.execute(here.update().where(where).values({column: changed}))
    except StoreError as problem:  # the database itself refuses it: a key that others refer to
        assert "FOREIGN KEY" in str(problem) or "foreign key" in str(problem)
        return
    faults = list(filled.verify())
    assert faults
    named = " ".join(f"{one.where} {one.name}" for one in faults)
    assert table in named or table == "chain"
    assert str(row[key[0].name]) in named or str(changed) in named


def _changed(value: object) -> object:
    """The value with one bit of one byte turned."""
    if isinstance(value, int):
        return value + 100
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    if value is None:
        return "x"
    text = str(value)
    return text[:-1] + ("1" if text[-1:] != "1" else "2")


def test_a_missing_row_is_seen(filled: LedgerStore, ledger: Ledger) -> None:
    name = claim(PAGES[1]).id
    orders = [f"DELETE FROM judged WHERE claim = '{name}'", f"DELETE FROM judgements WHERE id = 'j-{name}'"]
    tamper(ledger, filled, orders)
    assert Fault(where="judgements", name=f"j-{name}", problem="is in the chain, but gone from its table") in list(
        filled.verify()
    )


def test_a_missing_entry_is_seen(filled: LedgerStore, ledger: Ledger) -> None:
    tamper(ledger, filled, ["DELETE FROM chain WHERE position = 6"])
    faults = list(filled.verify())
    assert any(one.where == "chain" and "entry 6 is missing" in one.problem for one in faults)
    assert any(one.where == "versions" and "place in the chain" in one.problem for one in faults)


def test_an_end_cut_off_is_seen_by_who_noted_the_head(filled: LedgerStore, ledger: Ledger) -> None:
    head, name = filled.head(), claim(PAGES[2]).id
    assert filled.holds(head)
    orders = [
        f"DELETE FROM judged WHERE claim = '{name}'",
        f"DELETE FROM judgements WHERE id = 'j-{name}'",
        "DELETE FROM chain WHERE position = 11",
    ]
    tamper(ledger, filled, orders)
    assert list(filled.verify()) == []  # nothing within the ledger can tell
    assert not filled.holds(head)


def test_every_byte_of_an_archived_page_counts(filled: LedgerStore, ledger: Ledger) -> None:
    path = filled._archive.path(version_id(PAGES[0]))
    whole = path.read_bytes()
    path.chmod(0o644)
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x20]) + whole[position + 1 :])
        faults = list(filled.verify())
        assert [(one.where, one.name) for one in faults] == [("archive", str(path))], position
    path.write_bytes(whole)
    assert list(filled.verify()) == []


@pytest.mark.parametrize("damage", ["gone", "cut", "longer", "empty", "other", "bomb"])
def test_a_broken_archive_file_is_named_when_read(filled: LedgerStore, damage: str, tmp_path: Path) -> None:
    import gzip

    path = filled._archive.path(version_id(PAGES[0]))
    whole = path.read_bytes()
    path.chmod(0o644)
    if damage == "gone":
        path.unlink()
    else:
        content = {
            "cut": whole[:-5],
            "longer": whole + b"x",
            "empty": b"",
            "other": gzip.compress(PAGES[1]),
            "bomb": gzip.compress(bytes(10_000_000)),
        }
        path.write_bytes(content[damage])
    with pytest.raises(StoreError, match=path.name[:20]):
        filled.raw(version_id(PAGES[0]))
    assert [one.where for one in filled.verify()] == ["archive"]
    assert filled.record(version_id(PAGES[0])) is not None
