"""The commands as a user meets them: most in this process with one loaded model, pipes and signals in a process of their own."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
import typer

from tocsin import cli, reading
from tocsin.pipeline import Reader

NEWS = "Army shells market town\n\nThe army shelled the town of Saraqib on September 3, killing nine people, the mayor said.\n"


@dataclass
class Outcome:
    """What a call printed, and its exit status."""

    status: int
    out: str
    err: str


Call = Callable[..., Outcome]


@pytest.fixture
def tocsin(reader: Reader, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a command line here, with the shared reader where the call asks for the default one."""

    def chosen(**asked: object) -> Reader:
        return reader if not asked["model"] and not asked["gazetteer"] else Reader(**asked)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "Reader", chosen)

    def call(*words: str | Path, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["tocsin", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return Outcome(int(ended.value.code or 0), printed.out, printed.err)

    return call


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(NEWS, encoding="utf-8")
    return path


def test_a_pipe_gets_json_lines(tocsin: Call, page: Path) -> None:
    done = tocsin("read", page, "--published", "2018-09-05")
    (line,) = done.out.splitlines()
    record = json.loads(line)
    assert done.status == 0 and done.err == ""
    assert record["document"]["ref"] == str(page) and record["document"]["text"] == NEWS
    assert [one["time"]["value"] for one in record["events"] if one["trigger"]["text"] == "shelled"] == ["2018-09-03"]


def test_json_is_the_same_record_indented(tocsin: Call, page: Path) -> None:
    plain, indented = tocsin("read", page), tocsin("read", page, "--format", "json")
    assert json.loads(plain.out) == json.loads(indented.out) and indented.out.count("\n") > 20


def test_csv_has_a_row_an_event(tocsin: Call, page: Path) -> None:
    done = tocsin("read", page, page, "--format", "csv", "--published", "2018-09-05")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    shelled = [row for row in rows if row["words"] == "shelled"]
    assert len(shelled) == 2 and shelled[0] == shelled[1]  # one header for all pages
    assert (shelled[0]["place"], shelled[0]["killed"], shelled[0]["status"]) == ("Saraqib", "9", "reported")


def test_the_table_is_for_people(tocsin: Call, page: Path) -> None:
    done = tocsin("read", page, "--format", "table")
    assert "Saraqib" in done.out and "9 killed" in done.out and "the mayor" in done.out
    assert "XXXX-09-03" in done.out and "published-date-unknown" in done.out
    assert "\x1b" not in done.out  # colour only on a terminal


def test_standard_input_is_a_page(tocsin: Call) -> None:
    assert json.loads(tocsin("read", "-", stdin=NEWS.encode()).out)["document"]["text"] == NEWS


def test_batch_keeps_order_refs_and_probes(tocsin: Call, tmp_path: Path) -> None:
    start = NEWS.index("shelled")
    lines = [
        {"id": "b", "text": NEWS, "published": "2018-09-05", "probe": [{"start": start, "end": start + 7}]},
        {"id": 7, "html": "<html><body><p>The army shelled the town of Saraqib on Monday.</p></body></html>"},
        {"id": "a", "text": ""},
        {"id": "d", "text": NEWS, "published": "yesterday", "note": "callers carry keys of their own"},
    ]
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    done = tocsin("read", "--from", "jsonl", batch)
    records = [json.loads(line) for line in done.out.splitlines()]
    assert done.status == 0 and [one["document"]["ref"] for one in records] == ["b", "7", "a", "d"]
    assert [(one["start"], one["status"]) for one in records[0]["probes"]] == [(start, "reported")]
    assert {"published-unreadable", "published-date-unknown"} <= {one["code"] for one in records[3]["issues"]}


def test_bad_rows_are_named_and_the_rest_is_read(tocsin: Call) -> None:
    rows = b'{"id":1,"text":"a"}\nnonsense\n{"id":3}\n{"id":4,"text":"b"}\n'
    done = tocsin("read", "--from", "jsonl", "-", stdin=rows)
    assert done.status == 1 and [json.loads(line)["document"]["ref"] for line in done.out.splitlines()] == ["1", "4"]
    assert "standard input:2:" in done.err and "standard input:3:" in done.err
    assert "read 2 pages, 2 could not be read" in done.err


def test_one_broken_file_among_a_hundred(tocsin: Call, tmp_path: Path) -> None:
    for n in range(100):
        (tmp_path / f"{n:03}.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00" if n == 50 else f"Page {n}.".encode())
    done = tocsin("read", tmp_path)
    refs = [Path(json.loads(line)["document"]["ref"]).stem for line in done.out.splitlines()]
    assert refs == [f"{n:03}" for n in range(100) if n != 50]
    assert done.status == 1 and "050.txt: " in done.err and "read 99 pages, 1 could not be read" in done.err
    assert tocsin("read", tmp_path, "--quiet").err.count("\n") == 1  # failures are told all the same


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["read"], 2, "Missing argument"),
        (["frobnicate"], 2, "No such command"),
        (["read", "x", "--format", "xml"], 2, "it is one of table, json, jsonl, csv"),
        (["read", "x", "--from", "csv"], 2, "it is one of pages, jsonl"),
        (["read", "x", "--published", "soon"], 2, "not a date"),
        (["read", "x", "--published", "2018-02-30"], 2, "not a date"),
        (["read", "x", "--wrong"], 2, "--wrong"),
        (["read", "nowhere.txt"], 1, "nowhere.txt: does not exist"),
        (["explain", "nowhere.txt", "e1"], 1, "nowhere.txt: does not exist"),
        (["read", "http://127.0.0.1:1/"], 1, "not a public address"),
        (["read", "http://169.254.169.254/latest"], 1, "not a public address"),
        (["read", "http://2130706433/"], 1, "not a public address"),
        (["read", "http://0x7f000001/"], 1, "not a public address"),
        (["read", "http://[::ffff:127.0.0.1]/"], 1, "not a public address"),
        (["codebook", "air-strik"], 2, "did you mean air-strike"),
        (["codebook", "zzzzzz"], 2, "lists them"),
    ],
)
def test_failures_are_one_line_with_a_status(
    tocsin: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], status: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").write_text(NEWS)
    done = tocsin(*words)
    assert done.status == status and done.out == ""
    assert said in done.err and done.err.startswith("tocsin: ") and "Traceback" not in done.err


def test_what_is_not_installed_ends_with_status_3(tocsin: Call, page: Path, tmp_path: Path) -> None:
    done = tocsin("read", page, "--gazetteer", tmp_path / "none.sqlite")
    assert done.status == 3 and done.out == "" and "tocsin geo build" in done.err
    done = tocsin("read", page, "--model", "en_core_web_none")
    assert done.status == 3 and done.out == "" and "pip install" in done.err


def test_an_output_file_appears_whole_or_not_at_all(tocsin: Call, page: Path, tmp_path: Path) -> None:
    out = tmp_path / "records.jsonl"
    assert tocsin("read", page, "--out", out).status == 0
    before = out.read_text(encoding="utf-8")
    assert json.loads(before)["document"]["text"] == NEWS
    assert tocsin("read", page, "--out", out, "--gazetteer", tmp_path / "none.sqlite").status == 3
    assert out.read_text(encoding="utf-8") == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["page.txt", "records.jsonl"]  # nothing half is left


def test_a_folder_that_is_not_there_or_is_one_is_no_output_file(tocsin: Call, page: Path, tmp_path: Path) -> None:
    for out, said in ((tmp_path, "is a folder"), (tmp_path / "none" / "x.json", "cannot be written")):
        done = tocsin("read", page, "--out", out)
        assert done.status == 2 and said in done.err


def test_explain_answers_for_every_row_of_a_record(tocsin: Call, page: Path) -> None:
    record = json.loads(tocsin("read", page, "--published", "2018-09-05").out)
    names = [row["id"] for section in record.values() if isinstance(section, list) for row in section if "id" in row]
    assert "e1" in names and "f1" in names
    for name in names:
        done = tocsin("explain", page, name, "--published", "2018-09-05")
        assert done.status == 0 and done.out.startswith(name)
    done = tocsin("explain", page, "e99")
    assert done.status == 2 and "e1" in done.err


def test_the_codebook_is_json_in_a_pipe(tocsin: Call) -> None:
    kinds = json.loads(tocsin("codebook").out)
    assert len(kinds) >= 45 and all(one["definition"] for one in kinds)
    assert json.loads(tocsin("codebook", "air-strike").out)["kind"] == "air-strike"


def test_doctor_says_what_is_here_and_what_is_missing(tocsin: Call, tmp_path: Path) -> None:
    well = tocsin("doctor")
    assert well.status == 0 and "ready to read" in well.out and "✗" not in well.out and "sha256" in well.out
    ill = tocsin("doctor", "--gazetteer", tmp_path / "none.sqlite")
    assert ill.status == 3 and "tocsin geo build" in ill.out and "not ready" in ill.out


def _commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    parts = getattr(command, "commands", None)
    for name, one in (parts or {}).items():
        yield from _commands(one, (*words, name))
    if not parts:
        yield words


@pytest.mark.parametrize("words", list(_commands(typer.main.get_command(cli.app))), ids=" ".join)  # type: ignore[arg-type]
def test_the_help_of_every_command_has_examples(tocsin: Call, words: tuple[str, ...]) -> None:
    done = tocsin(*words, "--help")
    assert done.status == 0 and "Examples:" in done.out and f"tocsin {' '.join(words)}" in done.out


def _shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    tocsin = f"{sys.executable} -m tocsin.cli"
    return subprocess.run(
        ["bash", "-c", command.replace("tocsin ", f"{tocsin} ")],
        cwd=folder, capture_output=True, text=True, timeout=60, env=os.environ | {"PYTHONUNBUFFERED": ""}, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "command",
    ["tocsin codebook | true", "tocsin read page.txt page.txt --format json -q | head -1", "tocsin read page.txt --format table | true"],
)  # fmt: skip
def test_a_closed_pipe_is_quiet(page: Path, command: str) -> None:
    done = _shell(f"{command}; exit ${{PIPESTATUS[0]}}", page.parent)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("format_", ["jsonl", "table"])
def test_a_full_disk_is_told_in_a_line(page: Path, format_: str) -> None:
    done = _shell(f"tocsin read page.txt --format {format_} > /dev/full", page.parent)
    assert (
        done.returncode == 1 and done.stderr.strip() == "tocsin: the output cannot be written: No space left on device"
    )
