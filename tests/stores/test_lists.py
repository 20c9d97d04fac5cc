"""The lists that people look at: filters, orders, totals, search."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import claim, incident, keep, record, version, version_id

from tocsin.ledger import FigureRange, IncidentFilter, Locus, Party, Voice
from tocsin.records import Span
from tocsin.store.ledger_store import LedgerStore
from tocsin.store.query import read_query, snippet

ARMY = Party(key="SYRGOV", name="Syrian army", text="the army", code="SYRMIL")
ALEPPO = Locus(name="Aleppo", lat=36.2, lon=37.16, country="SY", admin1="Aleppo", precision="exact")
FIJI = Locus(name="Suva", lat=-18.14, lon=178.44, country="FJ", precision="exact")
TONGA = Locus(name="Nukuʻalofa", lat=-21.13, lon=-175.2, country="TO", precision="exact")
NOWHERE = Locus(name="Sáyyida Zainab", precision="unresolved")


def put(store: LedgerStore, number: int, words: str = "", **others: Any) -> str:
    """An incident of one page; returns its id."""
    raw = f"Page {number}. {words or 'Something happened.'}".encode()
    one = claim(raw)
    store.put_version(version(raw), raw)
    store.put_reading(version_id(raw), record(raw), [one], {})
    made = incident(one, **({"title": f"n{number}"} | others))
    store.put_incidents([], [made])
    return made.id


def titles(store: LedgerStore, order: str = "-day", **wanted: Any) -> list[str]:
    return [one.title for one in store.incidents(IncidentFilter(**wanted), order=order).rows]


@pytest.fixture
def filled(store: LedgerStore) -> LedgerStore:
    killed = (FigureRange(kind="killed", low=2, best=3, high=5), FigureRange(kind="injured", best=50))
    households = (
        FigureRange(kind="killed", unit="households", best=900),
        FigureRange(kind="killed", best=1, low=1, high=1),
    )
    put(store, 1, day_from="2018-09-01", day_to="2018-09-01", figures=killed, changed="2026-01-01T00:00:00Z")
    put(
        store,
        2,
        day_from="2018-09-03",
        day_to="2018-09-05",
        place=ALEPPO,
        actors=(ARMY,),
        changed="2026-01-02T00:00:00Z",
    )
    put(store, 3, "Café burned in 100% of cases_", day_from="2018-09-03", day_to="2018-09-03", place=ALEPPO, status="alleged",
        figures=households, kind="shelling", event_type="ASSAULT", voices=3, changed="2026-01-03T00:00:00Z")  # fmt: skip
    put(store, 4, day_from=None, day_to=None, place=NOWHERE, review="accepted", changed="2026-01-04T00:00:00Z")
    put(
        store,
        5,
        day_from="2018-09-03",
        day_to="2018-09-03",
        place=FIJI,
        review="changed",
        figures=killed,
        changed="2026-01-05T00:00:00Z",
    )
    put(
        store,
        6,
        day_from="2018-09-10",
        day_to="2018-09-10",
        place=TONGA,
        review="rejected",
        changed="2026-01-05T00:00:00Z",
    )
    return store


def test_orders_are_stated_and_whole(filled: LedgerStore) -> None:
    by_day = titles(filled, "day")
    assert by_day[0] == "n1"
    assert set(by_day[1:4]) == {"n2", "n3", "n5"}
    assert by_day[4:] == ["n6", "n4"]
    assert titles(filled)[0] == "n6"
    assert titles(filled)[-1] == "n4"
    assert titles(filled, "changed")[:4] == ["n1", "n2", "n3", "n4"]
    assert set(titles(filled, "-killed")[:2]) == {"n1", "n5"}
    assert titles(filled, "-killed")[2] == "n3"
    assert titles(filled, "killed")[0] == "n3"
    assert titles(filled, "by magic") == titles(filled)


def test_filters(filled: LedgerStore) -> None:
    assert set(titles(filled, since="2018-09-05")) == {"n2", "n6"}
    assert set(titles(filled, since="2018-09-02", until="2018-09-04")) == {"n2", "n3", "n5"}
    assert set(titles(filled, place="aleppo")) == {"n2", "n3"}
    assert titles(filled, place="idlib") == ["n1"]
    assert set(titles(filled, place="sy")) == set(titles(filled, country="SY")) == {"n1", "n2", "n3"}
    assert titles(filled, place="sayyida  zainab") == ["n4"]
    assert set(titles(filled, bbox=(36.0, 35.0, 38.0, 37.0))) == {"n1", "n2", "n3"}
    assert set(titles(filled, bbox=(170.0, -30.0, -170.0, 0.0))) == {"n5", "n6"}
    assert titles(filled, kind=("shelling", "x")) == titles(filled, event_type=("ASSAULT",)) == ["n3"]
    assert titles(filled, status=("alleged",)) == titles(filled, minimum_voices=2) == ["n3"]
    assert set(titles(filled, review=("accepted", "rejected"))) == {"n4", "n6"}
    assert titles(filled, actor="ARMY") == titles(filled, actor="syrmil") == ["n2"]
    assert titles(filled, actor="%") == []
    assert titles(filled, text="cafe") == titles(filled, text="CAFÉ burn*") == ["n3"]
    assert titles(filled, text="cafe idlib") == titles(filled, text="???") == []


def test_slices_meet_without_gap_or_overlap(filled: LedgerStore) -> None:
    for size in (1, 2, 4):
        seen, offset = [], 0
        while True:
            page = filled.incidents(IncidentFilter(), limit=size, offset=offset)
            seen += [one.title for one in page.rows]
            assert page.total == 6
            if page.next is None:
                break
            offset = page.next
        assert seen == titles(filled)


def test_points_are_the_placed_incidents(filled: LedgerStore) -> None:
    found = filled.points(IncidentFilter())
    assert {one["title"] for one in found} == {"n1", "n2", "n3", "n5", "n6"}
    one = next(one for one in found if one["title"] == "n1")
    assert (one["lat"], one["lon"], one["killed"], one["precision"], one["radius_km"]) == (
        35.93,
        36.63,
        3,
        "exact",
        5.0,
    )
    assert len(filled.points(IncidentFilter(), limit=2)) == 2


def test_counts_by_day_and_status(filled: LedgerStore) -> None:
    found = filled.counts(IncidentFilter())
    rows = [
        (one["day"], one["status"], one["incidents"], one["killed_low"], one["killed_best"], one["killed_high"])
        for one in found
    ]
    assert rows == [
        ("2018-09-01", "happened", 1, 2, 3, 5),
        ("2018-09-03", "alleged", 1, 1, 1, 1),
        ("2018-09-03", "happened", 1, 2, 3, 5),  # the incident of three days is on none of them
        ("2018-09-10", "happened", 1, 0, 0, 0),
    ]


def test_the_inbox_goes_on_after_an_incident(filled: LedgerStore) -> None:
    page = filled.inbox()
    assert [one.title for one in page.rows] == ["n5", "n3", "n2", "n1"]
    assert page.total == 4
    after = filled.inbox(after=page.rows[1].id, limit=1)
    assert [one.title for one in after.rows] == ["n2"]
    assert (after.total, after.next) == (4, 3)
    assert filled.inbox(after=page.rows[3].id).rows == ()


def test_paging_through_the_inbox_shows_each_incident_once(filled: LedgerStore) -> None:
    """Pages that came together changed at one moment: the next page begins after the last row, whatever the moments."""
    whole = [one.id for one in filled.inbox(limit=1000).rows]
    shown: list[str] = []
    while page := filled.inbox(after=shown[-1] if shown else None, limit=1).rows:
        shown.append(page[0].id)
    assert shown == whole
    assert len(set(shown)) == len(shown) > 2


def test_the_ledger_of_statements(store: LedgerStore) -> None:
    minister = Party(key="TURGOV Minister", name="Foreign Minister", text="the minister", code="TURGOV")
    said = b"The truce must hold, the minister told the army in Ankara."
    one = claim(
        said,
        "s1",
        section="statement",
        kind="say",
        actors=(minister,),
        recipients=(ARMY,),
        voices=(Voice(key="m", speaker="Foreign Minister"),),
    )
    later = claim(
        said,
        "s2",
        section="statement",
        kind="say",
        day_from="2018-09-07",
        day_to="2018-09-07",
        place=ALEPPO,
        trigger=Span(start=4, end=9, text="truce"),
    )
    keep(store, said, one, later, claim(said, "e1"))

    def rows(**wanted: Any) -> list[str]:
        return [found.row for found in store.section("statement", **wanted).rows]

    assert rows() == ["s2", "s1"]
    assert rows(speaker="minister") == rows(speaker="turgov") == rows(target="syrian army") == ["s1"]
    assert rows(place="aleppo") == rows(since="2018-09-06") == ["s2"]
    assert rows(until="2018-09-06") == ["s1"]
    assert rows(text="truce must") == ["s2", "s1"]
    assert rows(text="no such words") == rows(place="alep") == []
    assert store.section("statement", limit=1).next == 1
    assert store.section("control").total == 0


def test_statements_of_older_versions_are_not_listed_twice(store: LedgerStore) -> None:
    for raw in (b"The minister warned once.", b"The minister warned twice."):
        keep(store, raw, claim(raw, "s1", section="statement"), document="d")
    found = store.section("statement")
    assert found.total == 1
    assert found.rows[0].sentence.text == "The minister warned twice."


def test_search_finds_words_phrases_beginnings_and_leaves_out(store: LedgerStore) -> None:
    pages = {
        "a": "The Élysée said that shelling near Sarmada went on.",
        "b": "Shelling stopped near the border, residents of Sarmada said.",
        "c": "Nothing new; it's quiet in Sarmada's market.",
    }
    names = {}
    for key, words in pages.items():
        names[keep(store, words.encode()).id] = key

    def found(query: str) -> str:
        return "".join(sorted(names[hit.version.id] for hit in store.search(query).rows))

    assert found("sarmada") == "abc"
    assert found("SHELLING sarmada") == "ab"
    assert found('"near sarmada"') == "a"
    assert found("elysee") == found("Élysée") == "a"
    assert found("shell*") == "ab"
    assert found("sarmada -shelling") == "c"
    assert found("shell") == found("-sarmada") == found("") == found('""') == found("*") == ""
    hit = store.search("residents").rows[0]
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["residents"]


@pytest.mark.parametrize(
    "query",
    [
        "'",
        '"',
        "a AND",
        "NEAR(",
        "a:b",
        "x' OR 1=1 --",
        "(((",
        "NOT",
        "a & | ! <->",
        "\\",
        "%",
        "\x00",
        "^a",
        "{a b}: c",
        "'a':*",
        "é'́",
    ],
)
def test_no_query_raises(store: LedgerStore, query: str) -> None:
    keep(store, b"a b c")
    store.search(query)
    store.incidents(IncidentFilter(text=query, place=query, actor=query, country=query, since=query))
    store.section("event", text=query, speaker=query, target=query, place=query)


@given(query=st.text(max_size=80))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_can_be_asked(store: LedgerStore, query: str) -> None:
    assert store.search(query).total == 0
    store.incidents(IncidentFilter(text=query, place=query, actor=query))


def test_long_pages_with_odd_words_can_be_searched(store: LedgerStore) -> None:
    words = " ".join(f"w{number}" for number in itertools.islice(itertools.count(), 80_000))
    keep(store, f"{'x' * 200_000} needle {words}".encode())
    assert store.search("needle").total == store.search("x" * 70).total == 1


def test_snippets_mark_the_words(store: LedgerStore) -> None:
    shown, marks = snippet("one two\nthree " * 50 + "needle and thread", read_query("need* thread"))
    assert [shown[start:end] for start, end in marks] == ["needle", "thread"]
    assert len(shown) <= 240
    assert "\n" not in shown
