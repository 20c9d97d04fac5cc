"""Batch input: a bad line is named and the next is read."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.read import PageRow, lines, read_jsonl


def rows(*given_: object) -> list[PageRow | InputError]:
    content = b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in given_)
    return list(read_jsonl(io.BytesIO(content), "batch"))


def test_a_row_carries_what_record_md_names() -> None:
    (row,) = rows(
        {"id": 7, "text": "A raid.", "published": "2018-09-05", "title": "Raid", "url": "http://a.example/", "probe": [{"start": 2, "end": 6}], "mine": 1}
    )  # fmt: skip
    assert isinstance(row, PageRow)
    assert (row.id, row.text, row.published, row.title, row.url) == (7, "A raid.", "2018-09-05", "Raid", "http://a.example/")  # fmt: skip
    assert [(one.start, one.end) for one in row.probe] == [(2, 6)]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"{", "no page row"), (b"\xff\xfe", "no page row"), ([1], "no page row"), ({}, "either 'text' or 'html'"), ({"text": "a", "html": "b"}, "either 'text' or 'html'"),
        ({"text": 5}, "no page row"), ({"text": "a", "probe": [{"start": 0, "end": 9}]}, "not within"),
        ({"text": "abc", "probe": [{"start": 2, "end": 2}]}, "not within"), (b"[" * 100_000, "no page row"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_the_next_is_read(bad: object, said: str) -> None:
    first, problem, last = rows({"id": "a", "text": "One."}, bad, {"id": "b", "html": "<p>Two."})
    assert isinstance(first, PageRow) and first.id == "a"
    assert isinstance(problem, InputError) and problem.name == "batch:2" and said in problem.problem
    assert isinstance(last, PageRow) and last.id == "b"


def test_empty_lines_are_passed_over_but_counted() -> None:
    first, problem = rows({"text": "One."}, b"", b"  ", b"no")
    assert isinstance(first, PageRow)
    assert isinstance(problem, InputError) and problem.name == "batch:4"


def test_an_overlong_line_is_skipped_without_being_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 100)
    problem, row = rows({"text": "x" * 1000}, {"text": "short"})
    assert isinstance(problem, InputError) and "100 bytes" in problem.problem
    assert isinstance(row, PageRow) and row.text == "short"


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_any_lines_never_raise(content: list[bytes]) -> None:
    for one in read_jsonl(io.BytesIO(b"\n".join(content)), "batch"):
        assert isinstance(one, PageRow | InputError)
