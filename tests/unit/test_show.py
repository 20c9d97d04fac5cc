"""Records for people: nothing of a page reaches the terminal or the spreadsheet as anything but words."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tocsin.errors import UsageError
from tocsin.pipeline import Page, Reader
from tocsin.records import Figure, Record
from tocsin.show import CSV_COLUMNS, Names, amount, csv_rows, csv_text, explain, safe, table

NEWS = "The army shelled the town of Saraqib on Monday, killing nine people, the mayor said. The army could bomb the port of Tartus next week.\n"
HOSTILE = "The \x1b[31marmy\x1b[0m shelled [bold]Saraqib[/bold] on Monday\x07, killing nine [link=http://x.example]people[/link], the mayor \u202esaid\u202c.\x1b]0;title\x07\n"


@pytest.fixture(scope="module")
def record(reader: Reader) -> Record:
    return next(reader.read([Page(name="x", text=NEWS, published="2018-09-05")]))


def printed(show: object, *args: object) -> str:
    stream = io.StringIO()
    show(*args, Console(file=stream, width=200, highlight=False, force_terminal=False))  # type: ignore[operator]
    return stream.getvalue()


def test_what_did_not_happen_stands_apart(record: Record) -> None:
    shown = printed(table, record)
    happened, _, rest = shown.partition("threatened, planned or possible")
    assert "Saraqib" in happened and "“shelled”" in happened and "9 killed" in happened
    assert "possible" in rest and "“bomb”" in rest and "“bomb”" not in happened


def test_every_row_of_a_record_is_explained(record: Record) -> None:
    names = Names(record).ids()
    assert {name[0] for name in names} >= {"e", "f", "p", "t", "a", "s"}
    for name in names:
        assert printed(explain, record, name).startswith(name)


def test_explain_names_the_rows_that_there_are(record: Record) -> None:
    with pytest.raises(UsageError, match=r"no row 'e99'.*e1"):
        printed(explain, record, "e99")


def test_a_hostile_page_prints_only_words(reader: Reader) -> None:
    record = next(reader.read([Page(name="x", text=HOSTILE, title="\x1b[2J[red]title[/red]", published="2018-09-05")]))
    shown = printed(table, record) + "".join(printed(explain, record, name) for name in Names(record).ids())
    shown += csv_text(csv_rows(record), header=True)
    assert not [sign for sign in shown if sign != "\n" and (ord(sign) < 32 or sign in "\x7f\x9b\u202e\u202c")]
    assert "[red]title[/red]" in shown  # markup of the page is text, not ours


@given(st.text())
def test_safe_is_one_line_without_control_or_format_characters(text: str) -> None:
    shown = safe(text)
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert shown.split() == shown.split(" ") or not shown
    shown.encode("utf-8")


@given(st.text())
def test_no_csv_cell_starts_a_formula(text: str) -> None:
    written = csv_text([{"words": safe(text)}], header=False)
    (row,) = csv.reader(io.StringIO(written, newline=""))
    assert len(row) == len(CSV_COLUMNS) and not row[CSV_COLUMNS.index("words")].startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("low", "best", "high", "shown"),
    [(9, 9, 9, "9"), (9, 11, 13, "9–13"), (24, 24, None, "24+"), (24, None, None, "24+"), (None, None, 30, "up to 30"), (None, None, None, "some"), (1200, 1200, 1200, "1,200")],
)  # fmt: skip
def test_amounts_in_words(low: int | None, best: int | None, high: int | None, shown: str) -> None:
    assert amount(Figure(start=0, end=1, text="x", kind="killed", low=low, best=best, high=high)) == shown


def test_an_amount_that_lost_its_digits_is_unreadable() -> None:
    assert amount(Figure(start=0, end=2, text="0M", kind="displaced", damaged=True)) == "unreadable"
