"""Migrations: they make the tables that the code knows, once, whoever comes first; a newer ledger is left alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from opened import Ledger
from pages import keep
from sqlalchemy import text

from tocsin.errors import StoreError, UsageError
from tocsin.store import accounts, open_store, schema
from tocsin.store import tables as t

OPEN = "import sys; from tocsin.store import open_store; from pathlib import Path; open_store(sys.argv[1], Path(sys.argv[2])).close()"


def test_the_migrations_make_the_tables_that_the_code_knows(ledger: Ledger) -> None:
    assert accounts.metadata is t.metadata
    store = ledger.open()
    options = {
        "include_name": lambda name, kind, _: kind != "table" or not str(name).startswith("texts")
    }  # the full text is no table of ours
    with store._asking() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, **options})
        found = compare_metadata(context, t.metadata)
        assert found == []
        assert schema.revision(connection) == schema.HEAD


def test_the_tables_are_strict_and_the_triggers_there(ledger: Ledger) -> None:
    if ledger.kind != "sqlite":
        pytest.skip("STRICT is SQLite's; PostgreSQL's tables are never anything else")
    with ledger.open()._asking() as connection:
        loose = (
            connection.execute(
                text("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND NOT strict")
            )
            .scalars()
            .all()
        )
        assert {name for name in loose if not name.startswith("sqlite_")} <= {"alembic_version"}
        triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        assert len(triggers) == 2 * len(t.KEPT)
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        ]
        assert modes == ["wal", 1, 2]


def test_the_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


def test_a_newer_ledger_is_refused_and_left_alone(ledger: Ledger) -> None:
    store = ledger.open()
    keep(store, b"A page.")
    with store._changing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer Tocsin .*9999.*nothing was changed"):
        ledger.open()
    with store._asking() as connection:
        assert schema.revision(connection) == "9999"
    assert store.totals()["versions"] == 1


@pytest.mark.slow
def test_many_processes_may_open_a_new_ledger_at_once(ledger: Ledger) -> None:
    command = [sys.executable, "-c", OPEN, ledger.url, str(ledger.archive)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [(one.communicate(timeout=60)[1], one.returncode) for one in running] == [("", 0)] * 4
    keep(store := ledger.open(), b"A page.")
    assert list(store.verify()) == []


def test_what_is_no_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("These are notes and no database at all. " * 100)
    with pytest.raises(StoreError, match=r"notes\.txt"):
        open_store(tmp_path / "notes.txt")
    with pytest.raises(StoreError, match="no ledger"):
        open_store(tmp_path / "none.sqlite", create=False)
    with pytest.raises(StoreError, match="does not exist"):
        open_store(tmp_path / "no" / "none.sqlite")
    with pytest.raises(UsageError, match="folder"):
        open_store("postgresql://x@localhost/y")
    with pytest.raises(UsageError, match="neither"):
        open_store("mysql://x@localhost/y")


def test_a_database_that_does_not_answer_is_told_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError) as caught:
        open_store(f"postgresql://ana:secret@/x?host={tmp_path}", tmp_path)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
