"""What captures do to a worker costs those captures: they are left out, named, and everything else is as it was."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tocsin.archive import workers
from tocsin.archive.captures import Shard, shards
from tocsin.archive.coding import Coded, Settings
from tocsin.archive.runs import begin, finish_shard, plan, run_local
from tocsin.archive.workers import LeftOut, Worker
from tocsin.errors import MissingError, TocsinError
from tocsin.pipeline import Page, Reader
from tocsin.records import Record, Version

WAR = "Gunmen killed {n} soldiers in an attack on a checkpoint near Marzan on Monday, the army said."


def misbehave(word: str) -> None:
    if word == "dies":
        os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(600)


class Fragile(Reader):
    """Does what a page's text says."""

    def read(self, pages: Iterable[Page]) -> Iterator[Record]:
        wanted = list(pages)
        for page in wanted:
            for word in ("dies", "hangs"):
                if f"reader {word}" in (page.text or ""):
                    misbehave(word)
        yield from super().read(wanted)


def fragile(pipe: Any, place: Any, settings: Settings) -> None:
    """A worker whose funnel and whose reader do what the pages say."""
    from tocsin.archive.funnel import Funnel

    opened = Funnel._page

    def page(self: Funnel, one: Any) -> Any:
        for word in ("dies", "hangs"):
            if f"funnel {word}" in (one.text or ""):
                misbehave(word)
        return opened(self, one)

    Funnel._page = page  # type: ignore[method-assign]
    workers.ReaderApart = partial(workers.ReaderApart, make=Fragile, patience=4.0)  # type: ignore[misc, assignment]
    workers.serve_shards(pipe, place, settings)


def ends_at_once(pipe: Any, place: Any, settings: Settings) -> None:
    os._exit(9)


def lines(path: Path, *said: str) -> Shard:
    rows = [{"id": f"p{n}", "text": f"{WAR.format(n=n + 2)} {more}"} for n, more in enumerate(said)]
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return shards([str(path)])[0]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    for name in ("shards", "pages", "events"):
        (tmp_path / "run" / name).mkdir(parents=True)
    return tmp_path / "run"


def coded(shard: Shard, out: Path, patience: float = 60.0) -> Coded:
    worker = Worker(Settings(), serve=fragile, patience=patience)
    try:
        return worker.code(shard, out)
    finally:
        worker.close()


def refs(out: Path, one: Coded) -> list[str]:
    import pyarrow.parquet

    name = next(name for name in one.parts if name.startswith("pages/"))
    return [row["ref"] for row in pyarrow.parquet.read_table(out / name).to_pylist()]


@pytest.mark.parametrize(("fault", "said"), [("funnel dies", "SIGSEGV"), ("funnel hangs", "nothing came of it in 3")])
def test_a_capture_that_ends_the_worker_is_left_out_and_named(tmp_path: Path, out: Path, fault: str, said: str) -> None:
    one = coded(lines(tmp_path / "pages.jsonl", "", fault, ""), out, 3.0 if "hangs" in fault else 60.0)
    assert refs(out, one) == ["p0", "p2"]
    assert one.counts["captures"] == 3
    assert one.counts["broken"] == 1
    assert [said in problem and "p1" in problem for problem in one.problems] == [True]
    assert not list((out / "shards").glob("*.left-out"))


@pytest.mark.parametrize(("fault", "said"), [("reader dies", "SIGSEGV"), ("reader hangs", "stopped")])
def test_a_page_that_ends_its_reader_is_left_out_and_named(tmp_path: Path, out: Path, fault: str, said: str) -> None:
    one = coded(lines(tmp_path / "pages.jsonl", "", fault, ""), out)
    assert refs(out, one) == ["p0", "p2"]
    assert one.counts["unread"] == 1
    assert [said in problem and "p1" in problem for problem in one.problems] == [True]


def test_what_was_found_out_is_known_when_the_run_goes_on(tmp_path: Path, out: Path) -> None:
    shard = lines(tmp_path / "pages.jsonl", "", "funnel hangs", "")
    kept = out / "shards" / f"{shard.name}.left-out"
    kept.write_bytes(msgspec.json.encode(LeftOut(why={1: "told before"})))
    one = coded(shard, out)  # would not come to an end within its patience
    assert refs(out, one) == ["p0", "p2"]
    assert ["told before" in problem for problem in one.problems] == [True]
    assert not kept.exists()


def test_a_capture_that_ends_the_worker_though_left_out_ends_the_shard(tmp_path: Path, out: Path) -> None:
    left_out = LeftOut()
    left_out.add(1, "once")
    assert left_out.stop is None
    left_out.add(1, "twice")
    assert left_out.stop == 1
    shard = lines(tmp_path / "pages.jsonl", "", "", "")
    (out / "shards" / f"{shard.name}.left-out").write_bytes(msgspec.json.encode(left_out))
    one = coded(shard, out)
    assert refs(out, one) == ["p0"]
    assert ["breaks off at capture 1: twice" in problem for problem in one.problems] == [True]


def test_a_worker_that_cannot_begin_blames_no_capture(tmp_path: Path, out: Path) -> None:
    worker = Worker(Settings(), serve=ends_at_once)
    with pytest.raises(TocsinError, match=r"could not begin: the process ended \(exit code 9\)"):
        worker.code(lines(tmp_path / "pages.jsonl", ""), out)
    assert not list((out / "shards").iterdir())


def test_a_missing_model_concerns_all_pages(tmp_path: Path, out: Path) -> None:
    worker = Worker(Settings(model="en_core_web_none"))
    with pytest.raises(MissingError, match="en_core_web_none"):
        worker.code(lines(tmp_path / "pages.jsonl", ""), out)
    worker.close()


def test_a_part_that_is_not_as_it_was_written_is_told_of_and_made_again(tmp_path: Path) -> None:
    lines(tmp_path / "pages.jsonl", "", "")
    wanted = plan(shards([str(tmp_path / "pages.jsonl")]), Settings(), Version(tocsin="0", codebook="0", model="m"))
    run = tmp_path / "run"
    assert begin(run, wanted) == {}
    run_local(run, wanted, wanted.shards, 2, lambda one, number, total: None)
    part = next((run / "pages").iterdir())
    whole = part.read_bytes()
    assert list(begin(run, wanted)) == [0]
    part.write_bytes(whole[:-9] + b"#" + whole[-8:])
    told: list[str] = []
    assert begin(run, wanted, told.append) == {}
    assert [part.name in line and "is not what was written" in line for line in told] == [True]
    run_local(run, wanted, wanted.shards, 1, lambda one, number, total: finish_shard(run, one))
    assert part.read_bytes() == whole
