"""From a page's record to claims: days, voices, outlets, ids."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.claims import claims_of, days_of, outlet_of
from tocsin.ledger import Claim, DocumentVersion
from tocsin.records import (
    Actor,
    Announcement,
    Document,
    Event,
    EventTime,
    Figure,
    Place,
    Record,
    Residue,
    Source,
    Span,
    Statement,
)
from tocsin.voices import agency_of

TEXT = "KADUNA (Reuters) - Gunmen killed nine people near Zaria on Monday, said Musa Bello. A resident said twelve. Two camps hold 400."


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words), text=words)


def at(words: str) -> dict[str, Any]:
    found = span(words)
    return {"start": found.start, "end": found.end, "text": words}


def record(**others: Any) -> Record:
    given: dict[str, Any] = {
        "document": Document(id="sha256:aa", text=TEXT, published="2022-02-08"),
        "places": (
            Place(id="p1", **at("Zaria"), name="Zaria", lat=11.1, lon=7.7, country="NG", precision="exact", radius_km=5.0),
            Place(id="p2", **at("KADUNA"), name="Kaduna State", lat=10.3, lon=7.7, country="NG", precision="admin", radius_km=120.0),
        ),
        "actors": (Actor(id="a1", **at("Gunmen"), code="UNA"), Actor(id="a2", **at("Musa Bello"), name="Musa Bello", type="person")),
        "statements": (
            Statement(id="s1", start=0, end=83, source=Source(**at("Musa Bello"), actor="a2"), content=span("Gunmen killed nine people")),
            Statement(id="s2", start=84, end=107, source=Source(**at("A resident")), content=span("twelve")),
        ),
        "figures": (
            Figure(id="f1", **at("nine people"), kind="killed", low=9, best=9, high=9, said_by=("s1",)),
            Figure(id="f2", **at("twelve"), kind="killed", low=12, best=12, high=12, said_by=("s2",)),
            Figure(id="f3", **at("400"), kind="population", low=400, best=400, high=400),
        ),
        "events": (
            Event(
                id="e1", trigger=span("killed"), event_type="ASSAULT", kind="shooting", actor=("a1",), place=("p2", "p1"), said_by=("s1",),
                time=EventTime(value="2022-02-07", basis="stated"), figures=("f1", "f2"), incident="i1",
            ),
        ),
        "announcements": (Announcement(id="n1", what="a curfew", event="e1", date="2022-02", start=0, end=6, announced_by=("s2",)),),
    }  # fmt: skip
    return Record(**(given | others))


VERSION = DocumentVersion(id="sha256:aa", document="sha256:aa", outlet="Daily Lamp", published="2022-02-08")


def claims(**others: Any) -> dict[str, Claim]:
    return {one.row: one for one in claims_of(record(**others), VERSION, "r1")}


def test_an_event_becomes_a_claim_with_day_place_parties_and_figures() -> None:
    one = claims()["e1"]
    assert (one.day_from, one.day_to, one.day_basis) == ("2022-02-07", "2022-02-07", "stated")
    assert one.place is not None and one.place.name == "Zaria", "the finest place, not the first"
    assert [row.key for row in one.actors] == ["words:gunmen"]
    assert [(row.best, row.voice.key) for row in one.figures] == [
        (9, "name:musa bello"),
        (12, "words:resident@daily lamp"),
    ]
    assert one.sentence.text == TEXT[: TEXT.index(" A resident")]
    assert one.family == "violence" and one.group == "sha256:aa:i1" and one.known == "2022-02-08"


def test_a_figure_without_an_event_is_a_claim_and_one_with_an_event_is_not_twice() -> None:
    assert {name: one.section for name, one in claims().items() if name.startswith("f")} == {"f3": "figure"}


def test_an_announcement_is_in_the_future_on_its_whole_month() -> None:
    one = claims()["n1"]
    assert (one.horizon, one.day_from, one.day_to, one.kind) == ("future", "2022-02-01", "2022-02-28", "shooting")


def test_the_same_reading_gives_the_same_ids_and_another_reading_others() -> None:
    first, again = claims_of(record(), VERSION, "r1"), claims_of(record(), VERSION, "r1")
    other = claims_of(record(), VERSION, "r2")
    assert first == again
    assert {one.id for one in first}.isdisjoint(one.id for one in other)
    assert len({one.id for one in first}) == len(first)


def test_spans_are_of_the_text() -> None:
    for one in claims().values():
        for words in (one.trigger, one.sentence):
            assert TEXT[words.start : words.end] == words.text


# ---------------------------------------------------------------- voices


def test_a_named_speaker_is_one_voice_wherever_he_is_quoted() -> None:
    here = claims()["e1"].voices
    there = claims_of(record(residue=()), DocumentVersion(id="sha256:bb", document="b", outlet="Evening Star"), "r1")
    assert here[0].key == next(one for one in there if one.row == "e1").voices[0].key == "name:musa bello"


def test_an_unnamed_source_is_a_voice_of_the_outlet_that_spoke_to_him() -> None:
    plain = Document(id="sha256:aa", text=TEXT)
    ours = {one.row: one for one in claims_of(record(document=plain, residue=()), VERSION, "r")}
    theirs = {
        one.row: one
        for one in claims_of(
            record(document=plain), DocumentVersion(id="sha256:bb", document="b", outlet="Evening Star"), "r"
        )
    }
    assert ours["s2"].voices[0].key == "words:resident@daily lamp"
    assert theirs["s2"].voices[0].key == "words:resident@evening star"


def test_what_nobody_is_named_for_is_the_pages_own_word_or_its_agencys() -> None:
    assert claims()["f3"].voices[0].key == "outlet:daily lamp"
    dateline = Residue(start=0, end=TEXT.index("Gunmen"), kind="dateline")
    credited = claims(residue=(dateline,))
    assert credited["f3"].voices[0].key == "agency:reuters"
    assert credited["s2"].voices[0].key == "words:resident@reuters", "two who print one wire quote one resident"


@pytest.mark.parametrize("author", ["By Jane Doe", None])
def test_a_byline_that_names_a_person_credits_no_agency(author: str | None) -> None:
    assert agency_of(Record(document=Document(id="d", text="Text.", author=author))) is None


@pytest.mark.parametrize(
    ("url", "publisher", "name"),
    [
        ("https://www.lamp.example/a", " Daily\n Lamp ", "Daily Lamp"),
        ("https://m.lamp.example:8080/a?b", None, "lamp.example"),
        ("https://news.lamp.co.uk/a", None, "lamp.co.uk"),
        ("https://WWW.Lamp.com./a", " ", "lamp.com"),
        ("https://ana.blogspot.com/a", None, "ana.blogspot.com"),
        ("https://ben.blogspot.com/a", None, "ben.blogspot.com"),
        ("http://192.0.2.7/a", None, "192.0.2.7"),
        ("http://[2001:db8::1]/a", None, "2001:db8::1"),
        ("http://intranet/a", None, "intranet"),
        ("http://com/a", None, "com"),
        ("http://[bad", None, "unknown"),
        (None, "", "unknown"),
    ],
)
def test_outlets(url: str | None, publisher: str | None, name: str) -> None:
    assert outlet_of(url, publisher, None) == name


# ---------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("2018-09-05", "2018-09-05", "2018-09-05"),
        ("2018-09-05T21:30", "2018-09-05", "2018-09-05"),
        ("2018-W36", "2018-09-03", "2018-09-09"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2018", "2018-01-01", "2018-12-31"),
        ("2018-06-31", None, None),
        ("2018-W54", None, None),
        ("201X", None, None),
        ("0000", None, None),
        ("0000-01", None, None),
        ("9999-W52", None, None),
        ("2018-XX", "2018-01-01", "2018-12-31"),
        ("P3D", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_days_of(value: str | None, low: str | None, high: str | None) -> None:
    assert days_of(value) == (low, high)


@given(st.text(alphabet="0123456789-WXT:", max_size=14))
def test_days_of_gives_an_ordered_interval_of_real_days_or_nothing(value: str) -> None:
    low, high = days_of(value)
    assert (low is None) == (high is None)
    if low is not None and high is not None:
        assert datetime.date.fromisoformat(low) <= datetime.date.fromisoformat(high)


def test_what_the_title_says_is_marked_as_the_headline() -> None:
    page = Document(id="sha256:aa", text=TEXT, published="2022-02-08", title="Two camps hold 400 – Daily Lamp")
    assert [one.row for one in claims(document=page).values() if one.headline] == ["f3"]
    assert not any(one.headline for one in claims().values())
