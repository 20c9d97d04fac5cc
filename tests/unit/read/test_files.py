"""Files, folders, standard input and their encodings; what is no page is refused by name."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.read import RawDocument, read_files, read_stdin
from tocsin.read.decode import LARGEST, decode
from tocsin.read.files import raw_document

TEXT = "Two soldiers were wounded near Düren bridge.\n"


def only(path: Path) -> RawDocument | InputError:
    found = list(read_files([str(path)]))
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252"])
def test_a_text_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(TEXT.encode(encoding))
    page = only(path)
    assert isinstance(page, RawDocument) and page.text == TEXT and not page.is_html
    assert page.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_html_declares_its_encoding() -> None:
    source = '<html><head><meta charset="windows-1251"></head><p>Обстрел Харькова</p></html>'
    assert decode(source.encode("cp1251"), name="page") == source


def test_utf8_wins_over_a_wrong_declaration() -> None:
    source = '<meta charset="iso-8859-1"><p>Łódź – “calm”</p>'
    assert decode(source.encode(), name="page") == source


def test_an_encoding_that_is_none_is_passed_over() -> None:
    assert decode(b"caf\xe9 was hit by a shell", "zip", name="page").startswith("caf")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"), (b" \n\t ", "is empty"), (b"%PDF-1.7 x", "PDF"), (b"\x89PNG\r\n\x1a\n", "image"), (b"PK\x03\x04rest", "zip"),
        (gzip.compress(b"text", mtime=0), "gzip"), (b"\x7fELF\x02", "program"), (b"ab\x00\x01\x00\x02" * 90, "binary"), (b"x" * (LARGEST + 1), "20,000,000"),
    ],
)  # fmt: skip
def test_what_is_no_page_is_refused_by_name(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "odd.txt"
    path.write_bytes(content)
    problem = only(path)
    assert isinstance(problem, InputError) and said in problem.problem and problem.name == str(path)


@pytest.mark.parametrize(("content", "text"), [(b"a\r\nb\n", "a\r\nb\n"), (b"a\rb", "a\nb"), (b"a\r\r\nb", "a\n\r\nb")])
def test_line_ends_keep_their_length(content: bytes, text: str) -> None:
    assert decode(content, name="page") == text


def test_a_stray_nul_becomes_a_space() -> None:
    assert decode(b"Shells\x00fell on the town.", name="page").startswith("Shells fell")


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    problem = only(tmp_path / "gone.txt")
    assert isinstance(problem, InputError) and "does not exist" in problem.problem


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    problem = only(tmp_path / "pipe.txt")
    assert isinstance(problem, InputError) and "no regular file" in problem.problem


def test_json_lines_are_sent_to_their_own_reader(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_text('{"text": "x"}\n')
    problem = only(tmp_path / "pages.jsonl")
    assert isinstance(problem, InputError) and "--from jsonl" in problem.problem


def test_one_broken_file_among_a_hundred_stops_none(tmp_path: Path) -> None:
    for number in range(99):
        folder = tmp_path / f"day{number % 3}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number:03}.txt").write_text(TEXT)
    (tmp_path / "day1" / "broken.html").write_bytes(b"\x00\x01\x02" * 400)
    (tmp_path / "day1" / "notes.csv").write_text("a,b")
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "old.txt").write_text(TEXT)
    found = list(read_files([str(tmp_path)]))
    names = [one.name for one in found]
    assert len(found) == 100 and names == sorted(names, key=Path)
    assert [one.name for one in found if isinstance(one, InputError)] == [str(tmp_path / "day1" / "broken.html")]


def test_a_folder_without_pages_says_so(tmp_path: Path) -> None:
    problem = only(tmp_path)
    assert isinstance(problem, InputError) and "no page files" in problem.problem


def test_names_that_are_none_are_refused() -> None:
    problems = list(read_files(["a\x00b.txt"]))
    assert len(problems) == 1 and isinstance(problems[0], InputError)


@pytest.mark.parametrize(
    ("name", "text", "html"),
    [
        ("a.html", "plain words", True), ("a.txt", "<p>tags</p>", False), ("standard input", "<!DOCTYPE html><p>x", True),
        ("standard input", "Fighting went on.", False), ("page", "  <div>Shelling</div>", True), ("page", "5 < 7 and 7 > 5", False),
    ],
)  # fmt: skip
def test_html_is_told_from_text(name: str, text: str, html: bool) -> None:
    assert raw_document(name, text.encode()).is_html is html


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert read_stdin().text == TEXT


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=12)))
def test_any_bytes_are_a_text_or_a_named_refusal(content: bytes, declared: str | None) -> None:
    try:
        text = decode(content, declared, name="here")
    except InputError as problem:
        assert problem.name == "here"
    else:
        assert "\x00" not in text and content.strip()
