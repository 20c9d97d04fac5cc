"""Several processes and a full disk, as they meet a ledger: a clear word, nothing lost, nothing doubled."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dying
import pytest
from newsroom import Newsroom, arrived, rows, written
from opened import Ledger, rows_of

from tocsin.errors import StoreError
from tocsin.project import init, load

ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(dying.__file__).parent), *sys.path])}


def driver(ledger: Ledger, pages: Path, memory: Path) -> subprocess.Popen[str]:
    command = [sys.executable, dying.__file__, "add", ledger.url, str(ledger.archive), str(pages), str(memory)]
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_add_at_once(ledgers: Callable[[], Ledger], newsroom: Newsroom, tmp_path: Path) -> None:
    """Each two thirds of the pages, a third of them the same; both open a ledger that is not there yet."""
    ledger, alone = ledgers(), ledgers()
    halves = [written(tmp_path / f"{name}.jsonl", part) for name, part in (("a", rows()[:16]), ("b", rows()[8:]))]
    both = [driver(ledger, one, newsroom.memory) for one in halves]
    for one in both:
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0, said
    assert driver(alone, newsroom.pages, newsroom.memory).wait(120) == 0
    store, wanted = ledger.open(), alone.open()
    assert list(store.verify()) == []
    assert store.totals() == wanted.totals()
    for name in ("claims", "blocks", "links", "incidents", "members", "stories"):
        assert rows_of(store)[name] == rows_of(wanted)[name], name


def command(project: Path, *arguments: str, largest: int | None = None) -> subprocess.CompletedProcess[str]:
    """A command that may write no file of more than so many bytes."""

    def limited() -> None:
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    return subprocess.run(
        [sys.executable, "-m", "tocsin.cli", *arguments, "--project", str(project)],
        env=ENVIRONMENT, capture_output=True, text=True, timeout=300, preexec_fn=limited, check=False,
    )  # fmt: skip


def test_a_disk_that_fills_up_while_adding(tmp_path: Path) -> None:
    """Pages until the disk is full are kept; with room again the same call adds the rest."""
    project = init(tmp_path / "river").folder
    pages = written(tmp_path / "pages.jsonl", rows())
    size = (project / "ledger.sqlite").stat().st_size
    full = command(project, "add", str(pages), largest=size + 250_000)
    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    last = full.stderr.strip().splitlines()[-1]
    assert last.startswith(f"tocsin: {project / 'ledger.sqlite'}: ")
    assert "the disk refuses to be written" in last
    store = load(project).open()
    kept = store.totals()["versions"]
    assert 0 < kept < len(rows())
    assert list(store.verify()) == []
    store.close()
    again = command(project, "add", str(pages))
    assert again.returncode == 0, again.stderr
    assert again.stderr.startswith(f"{len(rows()) - kept} pages added; {kept} known already; ")
    assert command(project, "verify").returncode == 0


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    project = init(tmp_path / "river").folder
    with sqlite3.connect(project / "ledger.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = (project / "ledger.sqlite").read_bytes()
    for arguments in (("incidents",), ("add", "page.html"), ("regroup",)):
        refused = command(project, *arguments)
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"tocsin: {project / 'ledger.sqlite'}: was written by a newer Tocsin ")
        assert refused.stderr.count("\n") == 1
    assert (project / "ledger.sqlite").read_bytes() == before


@pytest.mark.parametrize("harm", ["gone", "cut", "other", "empty"])
def test_a_broken_file_of_the_archive_is_named_and_written_anew_by_nobody(
    ledger: Ledger, few: Newsroom, harm: str
) -> None:
    """What is evidence is never mended in silence: all else goes on, and `verify` names the file."""
    store = ledger.open()
    desk = few.desk(store)
    desk.add(arrived(few.pages)[:4])
    one, other, *_ = sorted(ledger.archive.rglob("*.gz"))
    one.chmod(0o644)
    if harm == "gone":
        one.unlink()
    else:
        one.write_bytes({"cut": one.read_bytes()[:-5], "other": other.read_bytes(), "empty": b""}[harm])
    broken = f"sha256:{one.parent.name}{one.stem}"
    with pytest.raises(StoreError) as caught:
        store.raw(broken)
    assert str(one) in str(caught.value)
    assert [(fault.where, fault.name) for fault in store.verify()] == [("archive", str(one))]
    counts = desk.add(arrived(few.pages))
    assert (counts.known, counts.added) == (4, 4)
    assert [(fault.where, fault.name) for fault in store.verify()] == [("archive", str(one))]
    assert store.record(broken) is not None
