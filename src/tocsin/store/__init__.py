"""The ledger: what was read, claimed and judged, kept for ever; what is derived from it, ready to be asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.errors import StoreError, UsageError
from tocsin.store.codec import reading_id

if TYPE_CHECKING:
    from tocsin.store.ledger_store import LedgerStore

__all__ = ["open_store", "reading_id"]


def open_store(where: str | Path, archive: Path | None = None, *, create: bool = True) -> LedgerStore:
    """The ledger of a SQLite file or of a PostgreSQL database (`postgresql://user@host/name`), its tables brought up to date.

    `archive` is the folder of raw pages: for a file `archive` beside it unless named, for PostgreSQL it must be named. Without
    `create` a file that is not there is an error. Raises `StoreError` where it cannot be opened or is of a newer version,
    `MissingError` where the driver of PostgreSQL is not installed.
    """
    from tocsin.store.archive import Archive
    from tocsin.store.ledger_store import LedgerStore

    if isinstance(where, str) and where.startswith(("postgresql:", "postgres:", "postgresql+psycopg:")):
        if archive is None:
            raise UsageError("a PostgreSQL ledger needs a folder for its archived pages")
        return LedgerStore.postgresql(where, Archive(archive))
    path = Path(str(where).removeprefix("sqlite:///"))
    if "://" in str(where) and not str(where).startswith("sqlite:///"):
        raise UsageError(f"{where}: is neither a SQLite file nor a postgresql:// address")
    if not create and not path.is_file():
        raise StoreError(f"{path}: there is no ledger; `tocsin init NAME` makes one")
    if not path.parent.is_dir():
        raise StoreError(f"{path}: the folder {path.parent} does not exist")
    return LedgerStore.sqlite(path, Archive(archive or path.parent / "archive"))
