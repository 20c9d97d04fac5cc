"""SIGKILL at any moment: a run that is begun again ends as one that was never stopped; nothing is lost, nothing doubled.

`TOCSIN_KILLS=40 pytest tests/stores/test_killed.py` kills at forty moments and on more pages; it takes some minutes.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import dying
import pytest
from newsroom import Newsroom, arrived, rows, written
from opened import Ledger, files_of, rows_of

from tocsin.project import init, load
from tocsin.store import open_store
from tocsin.store.ledger_store import LedgerStore

DRIVER = Path(dying.__file__)
KILLS = int(os.environ.get("TOCSIN_KILLS", "4"))
Ledgers = Callable[[], Ledger]


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still here as it does in the process that dies."""
    for module in ("tocsin.desk", "tocsin.store.changes"):
        monkeypatch.setattr(f"{module}.now", lambda: dying.NOW)


def run(task: str, ledger: Ledger, newsroom: Newsroom, line: int | None = None) -> dict[str, Any]:
    """The driver's report; with `line` it must have died there, and has none."""
    command = [sys.executable, str(DRIVER), task, ledger.url, str(ledger.archive), str(newsroom.pages), str(newsroom.memory)]  # fmt: skip
    given = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join([str(DRIVER.parent), *sys.path])}
    done = subprocess.run(
        command + ([str(line)] if line else []), capture_output=True, text=True, timeout=300, env=given
    )
    assert done.returncode == (-signal.SIGKILL if line else 0), done.stderr
    return {} if line else dict(json.loads(done.stdout))


def is_whole(store: LedgerStore) -> None:
    """Each page that is there has its reading, its story and its claims' incidents; verify finds no fault."""
    assert list(store.verify()) == []
    found = rows_of(store)
    assert len(found["versions"]) == len(found["readings"]) == len(found["newest"]) == len(found["stories"])
    assert {one.id for one in store.all_claims()} == {row[0] for row in found["members"]}


def same_as(store: LedgerStore, archive: Path, wanted: LedgerStore, wanted_archive: Path) -> None:
    found, expected = rows_of(store), rows_of(wanted)
    for name, lines in expected.items():
        assert found[name] == lines, name
    assert files_of(archive) == files_of(wanted_archive)
    for words in ("hospital", "courthouse", "quiet lantern"):
        assert [hit.version.id for hit in store.search(words).rows] == [hit.version.id for hit in wanted.search(words).rows]  # fmt: skip


def moments(report: dict[str, Any], count: int, seed: int) -> list[int]:
    """Half of them anywhere, half in the functions where files are written and transactions end."""
    pick = random.Random(seed)
    anywhere = [pick.randrange(1, report["lines"]) for _ in range(count // 2)]
    return sorted([*anywhere, *pick.sample(report["keen"], count - count // 2)])


def die_and_go_on(ledgers: Ledgers, newsroom: Newsroom, count: int, seed: int) -> None:
    """Each moment in a ledger of its own: killed there, looked at, begun again, compared."""
    whole = ledgers()
    report = run("add", whole, newsroom)
    wanted = whole.open()
    assert wanted.totals()["versions"] == len(arrived(newsroom.pages))
    for line in moments(report, count, seed):
        ledger = ledgers()
        run("add", ledger, newsroom, line)
        store = ledger.open()
        is_whole(store)
        newsroom.desk(store).add(arrived(newsroom.pages))
        is_whole(store)
        same_as(store, ledger.archive, wanted, whole.archive)
        store.close()


@pytest.mark.slow
def test_killed_while_adding(ledgers: Ledgers, few: Newsroom, newsroom: Newsroom, still: None) -> None:
    die_and_go_on(ledgers, newsroom if KILLS > 10 else few, KILLS, seed=2)


@pytest.mark.slow
def test_killed_again_and_again(ledgers: Ledgers, newsroom: Newsroom, still: None) -> None:
    """The same command, killed a little later each time, until it is through."""
    whole, ledger = ledgers(), ledgers()
    report = run("add", whole, newsroom)
    step = report["lines"] // 4
    for n in range(3):
        run("add", ledger, newsroom, step + 17 * n)
        is_whole(ledger.open())
    run("add", ledger, newsroom)
    is_whole(ledger.open())
    same_as(ledger.open(), ledger.archive, whole.open(), whole.archive)


@pytest.mark.parametrize("task", ["regroup", "judge"])
def test_killed_while_grouping_anew_and_judging(ledgers: Ledgers, few: Newsroom, still: None, task: str) -> None:
    ledger, report_of, newsroom = ledgers(), ledgers(), few
    store = ledger.open()
    newsroom.desk(store).add(arrived(newsroom.pages))
    before = rows_of(store)
    store.close()
    newsroom.desk(report_of.open()).add(arrived(newsroom.pages))
    report = run(task, report_of, newsroom)
    for line in moments(report, 3, seed=3):
        run(task, ledger, newsroom, line)
        store = ledger.open()
        is_whole(store)
        assert rows_of(store) == before or task == "judge"
        store.close()
    run(task, ledger, newsroom)
    store, other = ledger.open(), report_of.open()
    is_whole(store)
    assert rows_of(store) == rows_of(other)
    assert len(store.judgements()) == (1 if task == "judge" else 0)


def command(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    given = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-m", "tocsin.cli", *arguments], env=given, text=True, stderr=subprocess.PIPE, **options
    )


def kept(store: LedgerStore) -> int:
    return int(store.totals()["versions"])


def killed_after(store: LedgerStore, process: subprocess.Popen[str], pages: int, delay: float) -> None:
    """Waits until the process has kept so many pages and a little longer, and kills it."""
    until = time.monotonic() + 120
    while kept(store) < pages and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(delay)
    process.kill()
    process.communicate()


def commands_killed(folder: Path, kills: Sequence[tuple[int, float]]) -> None:
    """`tocsin add` itself, killed from outside once it has kept so many pages, begun again, and compared but for the times."""
    pages = written(folder / "pages.jsonl", rows())
    projects = [init(folder / name) for name in ("whole", "killed")]
    for project, stops in zip(projects, ([], kills), strict=True):
        store = project.open()
        for wanted, delay in stops:
            killed_after(store, command("add", "--project", str(project.folder), str(pages)), wanted, delay)
            is_whole(store)
        done = command("add", "--project", str(project.folder), str(pages))
        assert done.wait(120) == 0, done.communicate()[1]
        is_whole(store)
        store.close()
    stores = [project.open() for project in projects]
    clocks = ("added", "at", "changed", "hash", "previous", "digest", "body")
    whole, again = (rows_of(store, clocks) for store in stores)
    for rows_kept, store in (
        (whole, stores[0]),
        (again, stores[1]),
    ):  # which former ids there were depends on what was kept together
        former = {name for name, _ in rows_kept.pop("anchors")}
        assert former >= {row[0] for row in rows_kept["incidents"]}
        assert all(store.incident(name) is not None for name in former)
    assert again == whole
    assert files_of(projects[1].archive) == files_of(projects[0].archive)
    found = [list(store.all_claims()) for store in stores]
    assert found[0] == found[1]


@pytest.mark.slow
def test_the_command_is_killed(tmp_path: Path) -> None:
    pick = random.Random(5)
    pages = pick.sample(range(1, 24), min(KILLS // 4, 20))
    commands_killed(tmp_path, [(n, pick.random() / 30) for n in sorted(pages)])


@pytest.mark.parametrize("delay", [0.3, 0.5, 0.6])
def test_a_project_whose_making_was_killed_can_be_made_again(tmp_path: Path, delay: float) -> None:
    begun = command("init", str(tmp_path / "idlib"))
    time.sleep(delay)
    begun.kill()
    begun.communicate()
    if not (tmp_path / "idlib" / "project.toml").exists():
        assert command("init", str(tmp_path / "idlib")).wait(60) == 0
    store = load(tmp_path / "idlib").open()
    assert store.totals()["versions"] == 0
    store.close()


def test_what_a_killed_run_left_in_the_archive_goes_with_the_next_page(ledger: Ledger, newsroom: Newsroom) -> None:
    first, *rest = arrived(newsroom.pages)
    newsroom.desk(ledger.open()).add([first])
    left = ledger.archive / ".incoming" / "half-a-page"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"half")
    store = open_store(ledger.url, ledger.archive)
    newsroom.desk(store).add([first])
    newsroom.desk(store).add(rest)
    assert not left.exists()
    assert list(store.verify()) == []
    store.close()
