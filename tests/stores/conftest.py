"""Ledgers for the tests, in SQLite and in PostgreSQL: the same tests run on both."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from newsroom import Newsroom, remember, rows, written
from opened import Ledger

try:
    import psycopg
except ImportError:  # the fixture below says so
    psycopg = None  # type: ignore[assignment]

from tocsin.pipeline import Reader
from tocsin.store.ledger_store import LedgerStore

_numbers = itertools.count(1)


def postgres_binaries() -> Path | None:
    """The folder of `initdb` of the newest PostgreSQL installed, where Debian puts it or on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: one.parts[4].zfill(4))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).parent if named else None


class Server:
    """A PostgreSQL server of this test run: in a folder of its own, on a Unix socket only, gone afterwards."""

    def __init__(self, binaries: Path) -> None:
        self.folder = Path(
            tempfile.mkdtemp(prefix="tocsin-pg-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp")
        )
        self.binaries, self.user = binaries, _unprivileged()
        if self.user:
            shutil.chown(self.folder, self.user)
        self.run(
            "initdb", "-D", self.data, "-U", "tocsin", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"
        )
        options = f"-c listen_addresses= -k {self.folder} -c fsync=off -c max_connections=100"
        self.run("pg_ctl", "-D", self.data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def run(self, program: str, *arguments: str) -> None:
        """`initdb` and `postgres` refuse to run as root."""
        command = [str(self.binaries / program), *arguments]
        if self.user:
            command = ["runuser", "-u", self.user, "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd="/", timeout=120)

    def database(self) -> str:
        """A schema of its own in the one database: much quicker to make than a database."""
        name = f"t{next(_numbers)}"
        with psycopg.connect(f"postgresql://tocsin@/postgres?host={self.folder}", autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return f"postgresql://tocsin@/postgres?host={self.folder}&options=-csearch_path%3D{name}"

    def stop(self) -> None:
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def _unprivileged() -> str | None:
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    pytest.skip("PostgreSQL does not run as root, and there is no other user to run it as")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (no initdb in /usr/lib/postgresql/*/bin or on the path)")
    if psycopg is None:
        pytest.skip("PostgreSQL's driver is not installed: pip install 'tocsin[postgres]'")
    running = Server(binaries)
    yield running
    running.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def ledgers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Ledger]]:
    """Makes new, empty ledgers of one kind, each with an archive of its own."""
    made: list[Ledger] = []

    def make() -> Ledger:
        folder = tmp_path / f"ledger-{len(made)}" if made else tmp_path
        folder.mkdir(exist_ok=True)
        postgres = request.param == "postgresql"
        url = request.getfixturevalue("server").database() if postgres else str(folder / "ledger.sqlite")
        made.append(Ledger(request.param, url, folder / "archive"))
        return made[-1]

    yield make
    for one in made:
        for store in one.opened:
            store.close()


@pytest.fixture
def ledger(ledgers: Callable[[], Ledger]) -> Ledger:
    """A new, empty ledger of each kind."""
    return ledgers()


@pytest.fixture(scope="session")
def newsroom(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Two dozen pages, read once by the real reader and remembered."""
    folder = tmp_path_factory.mktemp("newsroom")
    made = Newsroom(written(folder / "pages.jsonl", rows()), folder / "memory.jsonl")
    remember(reader, made.pages, made.memory)
    return made


@pytest.fixture(scope="session")
def few(newsroom: Newsroom) -> Newsroom:
    """The first eight of them, a reprint and a changed version among them."""
    return Newsroom(written(newsroom.pages.with_name("few.jsonl"), rows(8)), newsroom.memory)


@pytest.fixture
def store(ledger: Ledger) -> LedgerStore:
    return ledger.open()
