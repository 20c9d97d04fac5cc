"""Brings a ledger to the tables that this code knows: by migrations, under a lock, all or nothing."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from tocsin.errors import StoreError
from tocsin.store.dialect import Dialect

HEAD = "0006"  # the newest revision; a test compares it with the migrations themselves
FOLDER = Path(__file__).parent / "migrations"


def prepare(engine: Engine, dialect: Dialect, name: str) -> None:
    """Makes the tables, or brings them up to date. Safe where two processes open at once: the second waits, and finds it done.

    Raises `StoreError` where the ledger is of a newer version than this code.
    """
    with engine.connect() as connection, connection.begin():
        present = revision(connection)
    if present == HEAD:  # the usual case, without loading the migrations
        return
    with engine.connect() as connection:
        dialect.lock_for_migration(connection)
        present = revision(connection)
        if present != HEAD:
            _refuse_newer(present, name)
            _upgrade(connection)
        connection.commit()


def revision(connection: Connection) -> str | None:
    """The ledger's revision; None where it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _refuse_newer(present: str | None, name: str) -> None:
    known = {path.name.split("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")}
    if present is not None and present not in known:
        raise StoreError(
            f"{name}: was written by a newer Tocsin (its tables are of revision {present}, this one knows up to {HEAD}); "
            "nothing was changed: install that version, or open another ledger"
        )


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
