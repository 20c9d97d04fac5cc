"""A run over small archives made here: forms of input, the funnel, killing and going on, the same bytes, merging, loading."""

from __future__ import annotations

import csv
import gzip
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from tocsin.archive import runs
from tocsin.archive.captures import Capture, Shard, captures, shards
from tocsin.archive.coding import Settings
from tocsin.archive.funnel import Funnel
from tocsin.archive.gate import words, worth_opening, worth_reading
from tocsin.archive.merging import merge_run
from tocsin.archive.runs import begin, plan, reader_of, run_local
from tocsin.archive.sampling import agree, draw, wilson, write_sample
from tocsin.cli import app
from tocsin.errors import InputError, UsageError
from tocsin.records import Version

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "pages"
WAR = (
    "Rebels shelled the market of Idlib on Monday, killing nine people, a doctor said. Troops fired rockets at Saraqib."
)
CALM = "The museum opens a show of paintings by local artists this weekend, and the council repairs the old bridge. "


def html(text: str, title: str = "News") -> bytes:
    body = f"<p>{text}</p>" * 3
    return f"<html><head><title>{title}</title></head><body><nav>Menu</nav><article><h1>{title}</h1>{body}</article></body></html>".encode()


def warc(path: Path, rows: list[tuple[str, str, str, bytes]]) -> None:
    """Records of (url, status line, media type, body)."""
    with path.open("wb") as raw:
        stream = GzipWriter(raw)
        for number, (url, status, media, body) in enumerate(rows):
            record = WarcRecord()
            record.init_headers(record_type=WarcRecordType.response)
            record.headers["WARC-Target-URI"] = url
            record.headers["WARC-Date"] = "2024-03-12T00:00:00Z"
            record.headers["WARC-Record-ID"] = f"<urn:uuid:00000000-0000-4000-8000-{number:012d}>"
            record.headers["Content-Type"] = "application/http; msgtype=response"
            head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            record.set_bytes_content(head + body)
            record.write(stream)
        stream.close()


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    folder = tmp_path / "crawl"
    folder.mkdir()
    for part in range(3):
        rows = [
            (f"https://a.example/{part}/war", "200 OK", "text/html", html(f"{WAR} Part {part}.")),
            (f"https://a.example/{part}/calm", "200 OK", "text/html", html(CALM * 9)),
            (f"https://a.example/{part}/gone", "404 Not Found", "text/html", html(WAR)),
            (f"https://a.example/{part}/picture", "200 OK", "image/png", b"\x89PNG" + bytes(50)),
            (f"https://a.example/{part}/spanish", "200 OK", "text/html", html("El ejército bombardeó la ciudad y mató a nueve civiles, dijo el alcalde; los rebeldes respondieron con cohetes. " * 3)),
            (f"https://b.example/{part}/copy", "200 OK", "text/html", html(f"{WAR} Part {part}.")),
        ]  # fmt: skip
        warc(folder / f"crawl-{part}.warc.gz", rows)
    return folder


def coded(source: Path, out: Path, *more: str) -> Any:
    return CliRunner().invoke(app, ["code", str(source), "--out", str(out), "-q", *more], catch_exceptions=False)


def files_of(run: Path) -> dict[str, bytes]:
    return {str(one.relative_to(run)): one.read_bytes() for one in sorted(run.rglob("*")) if one.is_file()}


# --------------------------------------------------------------------------------------------------------- captures


def test_the_shards_of_every_form(tmp_path: Path, crawl: Path) -> None:
    (crawl / "rows.jsonl").write_text("".join(json.dumps({"id": n, "text": f"Text {n}."}) + "\n" for n in range(5)))
    with gzip.open(crawl / "more.jsonl.gz", "wt") as stream:
        stream.write(json.dumps({"id": "z", "text": "Text."}) + "\n")
    (crawl / "page.html").write_bytes(html(WAR))
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.table({"id": ["p1", "p2"], "text": ["One.", "Two."], "url": ["https://c.example/1", None]})
    pyarrow.parquet.write_table(table, crawl / "rows.parquet", row_group_size=1)
    found = shards([str(crawl)])
    assert sorted(one.form for one in found) == ["folder", "jsonl", "jsonl", "parquet", "parquet", *["warc"] * 3]
    refs = [one.ref for shard in found for one in captures(shard) if isinstance(one, Capture)]
    assert {"0", "4", "z", "p1", "p2", "page.html"} <= set(refs)
    assert len(refs) == 3 * 6 + 5 + 1 + 2 + 1
    assert [one.number for one in found] == list(range(len(found)))


def test_a_file_of_lines_is_cut_without_losing_or_doubling_a_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"id": n, "text": "x" * (n % 37)}) + "\n" for n in range(200)))
    size = path.stat().st_size
    for step in (1, 17, 64, 1000, size):
        found = [
            one.ref
            for low in range(0, size, step)
            for one in captures(Shard(number=0, form="jsonl", path=str(path), low=low, high=min(low + step, size)))
            if isinstance(one, Capture)
        ]
        assert found == [str(n) for n in range(200)], step


def test_what_is_no_input_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        shards([str(tmp_path / "none")])
    with pytest.raises(UsageError, match="nothing to code"):
        shards([str(tmp_path)])


def test_an_archive_that_breaks_off_gives_what_came_before(tmp_path: Path, crawl: Path) -> None:
    path = crawl / "crawl-0.warc.gz"
    path.write_bytes(path.read_bytes()[:-200])
    found = list(captures(shards([str(path)])[0]))
    assert len([one for one in found if isinstance(one, Capture)]) >= 3
    assert [one for one in found if isinstance(one, InputError)], "that it breaks off is told"
    broken = tmp_path / "broken.warc.gz"
    broken.write_bytes(b"\x1f\x8b\x08\x00garbage that is no archive at all" * 9)
    assert not [one for one in captures(shards([str(broken)])[0]) if isinstance(one, Capture)]


# ----------------------------------------------------------------------------------------------------- gate and funnel


def test_words_of_force_open_the_gate_and_peaceful_ones_do_not() -> None:
    strong, weak = words()
    assert {"shelled", "rebels", "killing", "rockets"} <= strong
    assert not strong & weak
    assert not {"company", "school", "fire", "driver"} & (strong | weak)
    assert worth_opening(html(WAR)) and worth_reading(WAR * 3)
    assert not worth_reading(CALM * 20)
    for width in ("any", "force"):
        assert worth_reading("Skill and grassroots shelledon. " * 9, width) is False  # parts of words are none


VISIT = "The foreign minister of Kenya visited Marzan on Monday and met traders there. "
CRASH = "Two lorries met head on near the mill and both drivers died. "


@pytest.mark.parametrize("text", [VISIT, CRASH])
def test_a_page_without_force_is_read_where_it_can_hold_an_event_unless_force_is_asked_for(text: str) -> None:
    page = CALM * 6 + text + CALM * 6
    assert worth_opening(html(page)) and worth_reading(page)
    assert not worth_reading(page, "force")
    assert not worth_opening(html(CALM * 9), "any") and not worth_reading(CALM * 9, "any")
    assert worth_opening(b"nothing", "none") and worth_reading("nothing", "none")


def test_a_cue_without_a_party_and_a_party_without_a_cue_are_no_event() -> None:
    assert not worth_reading("He met his brother at the mill and they agreed to paint it. " + CALM * 9)
    assert not worth_reading("Kenya is known for its tea. " + CALM * 9)
    assert worth_reading("They agreed to meet. ")  # a text of few sentences is taken at its word


def test_words_in_scripts_and_styles_do_not_open_a_page() -> None:
    page = html(CALM * 9)
    war = b"<script type=x>rebels shelled the army of Kenya</script><STYLE>.bomb{}</STYLE>"
    assert not worth_opening(war + page + war)
    assert worth_opening(page + b"<scripted>rebels shelled the market</scripted>")
    assert worth_opening(page + b"<script>rebels shelled the market"), "a script that is not closed hides nothing"


def test_every_stage_of_the_funnel_counts(crawl: Path) -> None:
    funnel = Funnel()
    pages = list(funnel.pages(captures(shards([str(crawl / "crawl-0.warc.gz")])[0])))
    assert [one.url for one in pages] == ["https://a.example/0/war"]
    assert funnel.counts["captures"] == sum(funnel.counts[name] for name in funnel.counts if name != "captures") == 6
    assert (funnel.counts["status"], funnel.counts["type"], funnel.counts["repeated"]) == (1, 1, 1)
    assert funnel.counts["raw-words"] + funnel.counts["words"] + funnel.counts["language"] == 2
    ungated = Funnel(gate="none")
    assert len(list(ungated.pages(captures(shards([str(crawl / "crawl-0.warc.gz")])[0])))) == 2


def test_a_foreign_page_with_english_about_it_is_dropped_and_an_english_one_with_a_foreign_quotation_kept() -> None:
    german = (
        "Nach Angaben der Behörden kamen bei dem Angriff auf die Stadt drei Menschen ums Leben, zwölf weitere wurden verletzt. "
        "Die Feuerwehr war bis in die Nacht im Einsatz und löschte den Brand in zwei Häusern am Markt."
    )
    funnel = Funnel()
    foreign = Capture(ref="foreign", body=html(f"{german} {WAR}", title="Angriff auf die Stadt"))
    quoting = Capture(ref="quoting", body=html(f"{WAR} {WAR} {WAR} {german}", title="Attack on the town"))
    assert [one.name for one in funnel.pages([foreign, quoting])] == ["quoting"]
    assert funnel.counts["language"] == 1


def test_the_gate_keeps_every_example_page() -> None:
    funnel = Funnel()
    kept = [one.name for one in funnel.pages(captures(shards([str(EXAMPLES)])[0]))]
    assert len(kept) == len(list(EXAMPLES.glob("*.html"))), dict(funnel.counts)


# ---------------------------------------------------------------------------------------------------------------- runs


def test_a_run_and_its_files(tmp_path: Path, crawl: Path) -> None:
    result = coded(crawl, tmp_path / "run")
    assert result.exit_code == 0, result.output
    run = tmp_path / "run"
    funnel = json.loads((run / "funnel.json").read_bytes())
    assert funnel["captures"] == 18 and funnel["read"] == 3 and funnel["with-events"] == 3
    manifest = json.loads((run / "manifest.json").read_bytes())
    import hashlib

    assert len(manifest["parts"]) == 6
    for name, digest in manifest["parts"].items():
        assert hashlib.sha256((run / name).read_bytes()).hexdigest() == digest
    import pyarrow.parquet

    events = pyarrow.parquet.read_table(run / "events").to_pylist()
    assert {one["kind"] for one in events} >= {"shelling"}
    assert any(one["killed_best"] == 9 for one in events)
    assert all(one["sentence"] and one["trigger"] in one["sentence"] for one in events)
    before = files_of(run)
    assert coded(crawl, run).exit_code == 0
    assert files_of(run) == before
    with pytest.raises(UsageError, match="another folder"):
        coded(EXAMPLES, run)


def test_a_run_of_other_inputs_or_settings_is_refused(tmp_path: Path, crawl: Path) -> None:
    found = shards([str(crawl)])
    settings = Settings()
    version = reader_of(settings).version
    begin(tmp_path / "run", plan(found, settings, version))
    with pytest.raises(UsageError, match="another folder"):
        begin(tmp_path / "run", plan(found[:1], settings, version))
    with pytest.raises(UsageError, match="another folder"):
        begin(tmp_path / "run", plan(found, Settings(gate="none"), version))
    with pytest.raises(UsageError, match="not empty"):
        begin(crawl, plan(found, settings, version))


def test_a_page_that_the_reader_stumbles_over_is_named_and_the_rest_is_read(tmp_path: Path, crawl: Path) -> None:
    class Stumbling:
        def __init__(self) -> None:
            self._reader = reader_of(Settings())

        def read(self, pages: Any) -> Any:
            for page in pages:
                if "/1/" in (page.url or ""):
                    raise RecursionError("too deep")
                yield from self._reader.read([page])

    from tocsin.archive.coding import code_shard

    one = code_shard(shards([str(crawl / "crawl-1.warc.gz")])[0], tmp_path, Settings(), Stumbling())  # type: ignore[arg-type]
    assert one.counts["unread"] == 1 and one.counts.get("with-events", 0) == 0
    assert "too deep" in one.problems[0]


def test_killed_at_any_point_it_goes_on_and_ends_with_the_same_bytes(tmp_path: Path, crawl: Path) -> None:
    whole = tmp_path / "whole"
    assert coded(crawl, whole).exit_code == 0
    command = [sys.executable, "-m", "tocsin.cli", "code", str(crawl), "--out", str(tmp_path / "killed"), "-q"]
    for wanted in (0, 1, 2):
        child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        sidecars = tmp_path / "killed" / "shards"
        until = time.monotonic() + 60
        while time.monotonic() < until and child.poll() is None:
            if sidecars.is_dir() and len(list(sidecars.glob("*.json"))) >= wanted:
                break
            time.sleep(0.005)
        child.send_signal(signal.SIGKILL)
        child.wait()
    (tmp_path / "killed" / "events" / ".left.parquet.999").write_bytes(b"half a part")
    assert coded(crawl, tmp_path / "killed").exit_code == 0
    assert files_of(tmp_path / "killed") == files_of(whole)


def test_killed_before_its_plan_was_kept_a_run_begins_anew(tmp_path: Path, crawl: Path, monkeypatch: Any) -> None:
    out = tmp_path / "run"

    def killed(path: Path, content: bytes) -> None:
        (out / f".{path.name}.4321").write_bytes(content[:9])
        raise SystemExit(9)

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(runs, "_keep", killed)
        begin(out, plan(shards([str(crawl)]), Settings(), Version(tocsin="0", codebook="0", model="m")))
    assert [one.name for one in out.iterdir()] == [".plan.json.4321"]
    assert coded(crawl, out).exit_code == 0
    assert not list(out.glob("**/.*"))


@pytest.mark.slow
def test_two_workers_give_the_bytes_of_one(tmp_path: Path, crawl: Path) -> None:
    assert coded(crawl, tmp_path / "one").exit_code == 0
    assert coded(crawl, tmp_path / "two", "--workers", "2").exit_code == 0
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


@pytest.mark.slow
def test_a_ray_cluster_that_loses_a_node_gives_the_same_bytes(tmp_path: Path, crawl: Path) -> None:
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    from tocsin.archive.rays import pool_size, run_ray
    from tocsin.archive.runs import finish

    assert coded(crawl, tmp_path / "one").exit_code == 0
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 2})
    lost = cluster.add_node(num_cpus=2)
    try:
        ray.init(address=cluster.address, log_to_driver=False)
        assert pool_size(0, 4) == 3 and pool_size(9, 4) == 3 and pool_size(1, 4) == 1
        settings = Settings()
        wanted = plan(shards([str(crawl)]), settings, reader_of(settings).version)
        begin(tmp_path / "ray", wanted)
        told: list[int] = []

        def kill_once(one: Any, number: int, total: int) -> None:
            if not told:
                cluster.remove_node(lost)
            told.append(one.shard.number)

        run_ray(tmp_path / "ray", wanted, wanted.shards, 3, kill_once, cluster.address)
        finish(tmp_path / "ray", wanted)
        assert sorted(told) == [0, 1, 2]
    finally:
        ray.shutdown()
        cluster.shutdown()
    assert files_of(tmp_path / "ray") == files_of(tmp_path / "one")


def test_a_small_cluster_is_refused() -> None:
    from tocsin.archive.rays import pool_size

    with pytest.raises(UsageError, match="at least 2"):
        pool_size(1, 1)


# --------------------------------------------------------------------------------------------------- merging, loading


@pytest.fixture(scope="module")
def examples_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("archive") / "run"
    found = shards([str(EXAMPLES)])
    settings = Settings(gate="none")
    wanted = plan(found, settings, reader_of(settings).version)
    begin(run, wanted)
    run_local(run, wanted, found, 1, lambda one, number, total: None)
    from tocsin.archive.runs import finish

    finish(run, wanted)
    return run


def _told(one: Any) -> tuple[Any, ...]:
    figures = tuple(
        (figure.kind, figure.unit, figure.low, figure.best, figure.high, figure.voices) for figure in one.figures
    )
    return (one.title, one.kind, one.status, one.day_from, one.day_to, str(one.place), figures, one.voices, one.documents, one.copies, len(one.claims))  # fmt: skip


def test_merging_out_of_core_gives_the_incidents_of_the_desk(tmp_path: Path, examples_run: Path) -> None:
    import pyarrow.parquet

    from tocsin.arrivals import arrivals
    from tocsin.desk import Desk
    from tocsin.ledger import Incident, IncidentFilter
    from tocsin.store import open_store

    counts = merge_run(examples_run, tmp_path / "merged", memory="200MB")
    table = pyarrow.parquet.read_table(tmp_path / "merged" / "incidents.parquet")
    ours = [msgspec.json.decode(one, type=Incident) for one in table["record"].to_pylist()]
    store = open_store(str(tmp_path / "ledger.sqlite"), tmp_path / "archive")
    Desk(store).add(arrivals([str(EXAMPLES)]))
    theirs = store.incidents(IncidentFilter(), limit=10_000).rows
    store.close()
    assert counts.incidents == len(theirs) > 40
    assert counts.copies == 2
    assert sorted(map(_told, ours), key=str) == sorted(map(_told, theirs), key=str)
    with pytest.raises(UsageError, match="incidents already"):
        merge_run(examples_run, tmp_path / "merged")


def test_merging_what_is_no_run_is_refused(tmp_path: Path, examples_run: Path) -> None:
    with pytest.raises(UsageError, match=r"no manifest\.json"):
        merge_run(tmp_path, tmp_path / "out")


def test_loading_a_run_gives_the_ledger_of_adding_its_pages(tmp_path: Path, examples_run: Path) -> None:
    runner = CliRunner()
    project = tmp_path / "project"
    assert runner.invoke(app, ["init", str(project)]).exit_code == 0
    loaded = runner.invoke(app, ["load", str(examples_run), "--project", str(project), "-q"], catch_exceptions=False)
    assert loaded.exit_code == 0, loaded.output
    shown = runner.invoke(app, ["incidents", "--project", str(project), "--format", "jsonl", "--limit", "500"])
    titles = {json.loads(line)["title"] for line in shown.output.splitlines() if line.startswith("{")}
    assert any("Abu Kamal" in title and "9–13 killed" in title for title in titles), titles
    assert runner.invoke(app, ["verify", "--project", str(project)]).exit_code == 0
    again = runner.invoke(app, ["load", str(examples_run), "--project", str(project)])
    assert again.exit_code == 0 and "0 added" in again.output


def test_a_sample_is_drawn_evenly_and_again_the_same(examples_run: Path) -> None:
    one = draw(examples_run, 20, "kind", seed=3)
    assert one == draw(examples_run, 20, "kind", seed=3)
    assert [row["event"] for row in one] != [row["event"] for row in draw(examples_run, 20, "kind", seed=4)]
    assert len(one) == 20 and len({row["kind"] for row in one}) == 20
    assert len(draw(examples_run, 10_000)) == len({row["event"] for row in draw(examples_run, 10_000)})
    with pytest.raises(UsageError, match="--stratify"):
        draw(examples_run, 5, "colour")


def test_agreement_with_a_coder(tmp_path: Path, examples_run: Path) -> None:
    stream = io.StringIO()
    rows = draw(examples_run, 10, "kind")
    assert write_sample(rows, stream) == 10
    coded_rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    for number, row in enumerate(coded_rows):
        row["kind"] = row["run_kind"] if number else "jamboree"
        row["correct"] = "yes" if number > 1 else "no"
        row["country"] = row["run_country"] or "-"
    gold = tmp_path / "gold.csv"
    with gold.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(coded_rows[0]))
        writer.writeheader()
        writer.writerows([*coded_rows, {**coded_rows[0], "event": "nowhere-e1"}])
    found, missing = agree(examples_run, gold)
    told = {one.field: one for one in found}
    assert missing == 1
    assert (told["kind"].coded, told["kind"].equal) == (10, 9)
    assert told["kind"].confused[0][1] == "jamboree"
    assert told["correct"].equal == 8
    assert told["country"].share == 1.0
    result = CliRunner().invoke(app, ["agree", str(examples_run), str(gold)], catch_exceptions=False)
    assert "95 % Wilson" in result.output and "0.900" in result.output
    with pytest.raises(InputError, match="no coded sample"):
        agree(examples_run, _file(tmp_path / "none.csv", "a,b\n1,2\n"))


def _file(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_wilson() -> None:
    """Against the worked value in Newcombe (1998): 81 of 263 gives 0.2553 to 0.3662."""
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_run_opens_in_pandas_polars_and_duckdb(examples_run: Path) -> None:
    pattern = str(examples_run / "events" / "*.parquet")
    counts = set()
    duckdb = pytest.importorskip("duckdb")
    counts.add(duckdb.sql(f"SELECT count(*) FROM read_parquet('{pattern}')").fetchall()[0][0])
    import pyarrow.parquet

    counts.add(pyarrow.parquet.read_table(examples_run / "events").num_rows)
    for name in ("pandas", "polars"):
        library = pytest.importorskip(name)
        source = pattern if name == "polars" else str(examples_run / "events")
        counts.add(len(library.read_parquet(source)))
    assert len(counts) == 1 and counts.pop() > 50


def test_a_full_disk_under_a_merge_is_told_in_one_line_and_nothing_is_left(
    tmp_path: Path, crawl: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    from tocsin.archive import merging
    from tocsin.errors import StoreError

    coded(crawl, tmp_path / "run")

    def full(*_: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(merging.Kept, "put", full)
        with pytest.raises(StoreError, match=r"disk is full; [\d,]+ MB are free there; nothing is kept") as told:
            merging.merge_run(tmp_path / "run", tmp_path / "incidents")
    assert "\n" not in str(told.value)
    assert not list((tmp_path / "incidents").iterdir())
    assert merging.merge_run(tmp_path / "run", tmp_path / "incidents").claims > 0
