"""The situation report: sections, citations, nothing hostile, no other host, the same bytes."""

from __future__ import annotations

import re
import sys
from itertools import count
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "export"))

from shelf import incident, shelf

from tocsin.ledger import Edit, IncidentFilter
from tocsin.report import Report, situation
from tocsin.report.markdown import markdown, plain
from tocsin.report.page import html, pdf

STORE = shelf(
    incident("took"), incident("told", status="alleged"), incident("both", status="contested"), incident("soon", "unplaced", "planned"),
    incident("past", status="background"),
)  # fmt: skip


@pytest.fixture
def made() -> Report:
    return situation(STORE, IncidentFilter(since="2021-05-01", until="2021-05-07"))


def ids(report: Report, heading: str) -> list[str | None]:
    return [
        one.incident
        for row in report.sections
        if row.heading == heading
        for _, entries in row.groups
        for one in entries
    ]


def test_each_status_has_its_section_and_the_past_none(made: Report) -> None:
    assert ids(made, "What happened") == ["i-took"]
    assert ids(made, "Reported or alleged") == ["i-told"]
    assert ids(made, "Contested or denied") == ["i-both"]
    assert ids(made, "Announced, threatened, feared") == ["i-soon"]
    assert "i-past" not in [one for row in made.sections for one in ids(made, row.heading)]
    assert made.period == "1–7 May 2021"


def test_what_a_person_set_says_who_and_when() -> None:
    edits = (Edit(cell="figure:killed", user="<b>amal", at="2021-05-06T10:00:00Z", judgement="j1", was="9–13"),)
    report = situation(shelf(incident("took", edits=edits)), IncidentFilter())
    assert "Set by a person: killed, by &lt;b&gt;amal on 2021-05-06; the pages were read as 9–13." in html(report)
    assert "Set by a person: killed" in markdown(report) and "<b>" not in markdown(report).replace("\\<b\\>", "")


def test_every_citation_leads_to_a_source(made: Report) -> None:
    entries = [one for row in made.sections for _, held in row.groups for one in held]
    assert entries and all(one.citations for one in entries)
    assert {cite.number for one in entries for cite in one.citations} == set(range(1, len(made.sources) + 1))
    text = html(made)
    assert set(re.findall(r'href="#(source-\d+)"', text)) <= set(re.findall(r'id="(source-\d+)"', text))


def test_html_escapes_what_is_hostile_and_asks_no_other_host(made: Report) -> None:
    text = html(made)
    assert "<script" not in text and "&lt;script&gt;" in text
    assert "\u202e" not in text and "\x07" not in text
    assert (
        re.findall(r'(?:src|srcset|action|data)\s*=\s*"http', text) == []
        and "@import" not in text
        and "url(" not in text
    )
    assert "<link" not in text and "default-src 'none'" in text
    assert "<svg" in text


def test_markdown_escapes_what_is_hostile(made: Report) -> None:
    text = markdown(made)
    assert re.findall(r"(?<!\\)<script|(?<!\\)\]\(javascript|(?<!\\)\*\*b", text) == []
    assert "\u202e" not in text and "\x07" not in text
    assert plain("# a\n[b](c) <d>") == r"\# a \[b\]\(c\) \<d\>"


def test_the_same_ledger_gives_the_same_bytes(made: Report) -> None:
    again = situation(STORE, IncidentFilter(since="2021-05-01", until="2021-05-07"))
    assert html(made) == html(again) and markdown(made) == markdown(again)


def test_a_pdf_made_twice_is_the_same_bytes(made: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("weasyprint", reason="the extra `pdf` is not installed", exc_type=ImportError)
    clock = count(1_700_000_000, 3600)
    monkeypatch.setattr("fontTools.misc.timeTools.time.time", lambda: next(clock))  # an hour goes by at every look
    first = pdf(made)
    assert first.startswith(b"%PDF") and first == pdf(made)


def test_an_empty_ledger_says_so() -> None:
    made = situation(shelf(), IncidentFilter())
    assert made.period == "the whole ledger"
    assert "Nothing in the pages read." in html(made)
