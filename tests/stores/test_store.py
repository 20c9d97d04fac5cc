"""What is put in comes out, in order, and stays; on SQLite and PostgreSQL alike."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pages import CODE, IDLIB, LATER, claim, incident, keep, record, version, version_id

from tocsin.errors import StoreError, UsageError
from tocsin.ledger import Judgement, Link, Party, Reason
from tocsin.records import Span
from tocsin.store import reading_id
from tocsin.store.ledger_store import LedgerStore

PAGE = b"Jets struck the market of Idlib on Wednesday, medics said."
OTHER = b"Shells fell on a suburb of Idlib on Wednesday, residents said."


def judgement(name: str, action: str, *claims: str, **others: object) -> Judgement:
    return Judgement(id=name, at="2026-11-23T12:00:00Z", user="ana", action=action, claims=claims, **others)  # type: ignore[arg-type]


def test_a_page_comes_back_as_it_went_in(store: LedgerStore) -> None:
    kept = keep(store, PAGE, url="https://herald.example/a", title="Market struck")
    assert kept.number == 1
    assert kept.size == len(PAGE)
    assert store.version(kept.id) == kept
    assert store.raw(kept.id) == PAGE
    assert store.record(kept.id) == record(PAGE)
    assert store.claims_of(kept.id) == (claim(PAGE),)
    assert store.claim(claim(PAGE).id) == claim(PAGE)


def test_what_is_not_there_is_none(store: LedgerStore) -> None:
    assert store.version("sha256:0") is store.record("sha256:0") is store.raw("sha256:0") is None
    assert store.claim("x") is store.incident("x") is None
    assert store.claims(["x"]) == store.claims_of("x") == store.judgements(["x"]) == ()
    assert store.sharing(["x"]) == {}
    assert store.totals()["versions"] == 0


def test_the_same_page_twice_adds_nothing(store: LedgerStore) -> None:
    first = keep(store, PAGE, document="d")
    before = (store.totals(), store.head())
    assert store.put_version(version(PAGE, "elsewhere"), PAGE) == first
    assert store.put_reading(first.id, record(PAGE), [claim(PAGE)], {}) is False
    assert (store.totals(), store.head()) == before


def test_a_changed_page_is_a_new_version_with_a_diff(store: LedgerStore) -> None:
    old = b"Jets struck the market. Two people were killed."
    new = b"Jets struck the market. Five people were killed. The army denies it."
    keep(store, old, document="d")
    second = keep(store, new, document="d")
    assert second.number == 2
    assert [one.id for one in store.versions("d")] == [version_id(old), version_id(new)]
    found = [(one.kind, one.text) for one in store.diff(version_id(old), version_id(new))]
    assert found == [
        ("same", "Jets struck the market."),
        ("gone", "Two people were killed."),
        ("new", "Five people were killed. The army denies it."),
    ]
    assert store.totals()["documents"] == 1
    assert [hit.version.id for hit in store.search("killed").rows] == [second.id]


def test_a_block_that_raises_leaves_nothing(store: LedgerStore) -> None:
    with pytest.raises(RuntimeError), store.writing():
        keep(store, PAGE)
        raise RuntimeError
    assert store.totals()["versions"] == 0
    assert store.head() == ""
    keep(store, PAGE)
    assert list(store.verify()) == []


def test_bytes_that_are_not_the_ids_are_refused(store: LedgerStore) -> None:
    with pytest.raises(StoreError, match="sha256"):
        store.put_version(version(PAGE), OTHER)


def test_claims_of_another_reading_are_refused(store: LedgerStore) -> None:
    store.put_version(version(PAGE), PAGE)
    with pytest.raises(UsageError):
        store.put_reading(version_id(PAGE), record(PAGE), [claim(OTHER)], {})
    with pytest.raises(StoreError, match="no version"):
        store.put_reading(version_id(OTHER), record(OTHER), [], {})


def test_what_is_kept_cannot_be_changed(store: LedgerStore) -> None:
    keep(store, PAGE)
    store.put_judgement(judgement("j1", "note", claim(PAGE).id, note="seen"))
    for table in ("versions", "readings", "claims", "judgements", "judged", "chain"):
        column = {"judged": "judgement", "chain": "name"}.get(
            table, "version" if table in ("readings", "claims") else "id"
        )
        for order in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(StoreError, match="never changed"), store._changing() as connection:
                connection.exec_driver_sql(order)
    assert list(store.verify()) == []


def test_candidates_and_components_follow_blocks_links_and_judgements(store: LedgerStore) -> None:
    pages = [b"Page number %d tells of a strike." % number for number in range(5)]
    names = [claim(one).id for one in pages]
    for one in pages:
        keep(store, one)
    assert store.sharing(["day:2018-09-05"]) == {name: {"day:2018-09-05"} for name in names}
    link = Link(one=names[1], other=names[0], score=0.75, reasons=(Reason(part="day", words="same day", weight=0.75),))
    store.put_links([link])
    store.put_links([replace(link, score=0.8)])
    store.put_judgement(judgement("j1", "same", names[1], names[2]))
    found, links = store.component([names[0]])
    assert [one.id for one in found] == sorted(names[:3])
    assert [(one.one, one.other, one.score) for one in links] == [(*sorted(names[:2]), 0.8)]
    assert store.links_among(names[:2]) == (replace(links[0], reasons=link.reasons),)
    assert store.links_among(names[1:]) == ()


def test_every_claim_and_former_incident_leads_to_the_present_one(store: LedgerStore) -> None:
    keep(store, PAGE)
    keep(store, OTHER)
    one, other = claim(PAGE), claim(OTHER)
    former = [store.incident(one.id), store.incident(other.id)]
    assert None not in former
    store.put_incidents([one.id, other.id], [incident(one, other)])
    joined = incident(one, other).id
    for name in (one.id, other.id, *(x.id for x in former if x)):
        found = store.incident(name)
        assert found is not None
        assert found.id == joined
    assert store.totals()["incidents"] == 1
    store.put_incidents([one.id], [incident(one), incident(other)])
    assert store.totals()["incidents"] == 2


def test_an_incident_that_stays_the_same_keeps_its_moment(store: LedgerStore) -> None:
    store.put_version(version(PAGE), PAGE)
    one = claim(PAGE)
    store.put_reading(version_id(PAGE), record(PAGE), [one], {})
    store.put_incidents([one.id], [incident(one, changed="2020-01-01T00:00:00Z")])
    store.put_incidents([one.id], [incident(one)])
    found = store.incident(one.id)
    assert found is not None
    assert found.changed == "2020-01-01T00:00:00Z"
    store.put_incidents([one.id], [incident(one, voices=2)])
    found = store.incident(one.id)
    assert found is not None
    assert found.changed > "2026"


def test_judgements_come_in_order_and_only_about_what_is_there(store: LedgerStore) -> None:
    keep(store, PAGE)
    name = claim(PAGE).id
    given_ = [
        judgement("b", "accept", name),
        judgement("a", "note", name, note="x\x00y"),
        judgement("c", "undo", name, undoes="b"),
    ]
    for one in given_:
        store.put_judgement(one)
    assert list(store.judgements()) == list(store.judgements([name])) == given_
    for wrong in (
        judgement("a", "accept", name),
        judgement("d", "accept", "nobody"),
        judgement("e", "undo", undoes="nothing"),
    ):
        with pytest.raises(UsageError):
            store.put_judgement(wrong)
    assert store.totals()["judgements"] == 3


def test_a_later_code_reads_anew_and_judgements_follow(store: LedgerStore) -> None:
    keep(store, PAGE)
    keep(store, OTHER)
    old, new = claim(PAGE), claim(PAGE, "e7", LATER, trigger=Span(start=2, end=9, text="ts stru"))
    store.put_links([Link(one=old.id, other=claim(OTHER).id, score=1.0)])
    store.put_judgement(judgement("j", "same", old.id, claim(OTHER).id))
    assert store.put_reading(version_id(PAGE), record(PAGE, LATER), [new], {new.id: ["day:2018-09-05"]})
    assert store.claims_of(version_id(PAGE)) == (new,)
    assert store.claim(old.id) == old
    assert store.successors([old.id, "x"]) == {old.id: new.id}
    assert store.sharing(["day:2018-09-05"]).keys() == {new.id, claim(OTHER).id}
    found, links = store.component([claim(OTHER).id])
    assert {one.id for one in found} == {new.id, claim(OTHER).id}
    assert links == ()
    store.put_incidents([old.id], [incident(new)])
    led = store.incident(old.id)
    assert led is not None
    assert led.claims == (new.id,)
    assert list(store.verify()) == []


def test_stories_are_found_by_their_bands(store: LedgerStore) -> None:
    one, other = keep(store, PAGE), keep(store, OTHER)
    store.put_signature(one.id, ["b1", "b2"], None, one.id)
    store.put_signature(other.id, ["b2", "b3"], one.id, one.id)
    assert [x.id for x in store.story_candidates(["b2"])] == [one.id, other.id]
    assert [x.id for x in store.story_candidates(["b3", "b9"])] == [other.id]
    assert store.story_candidates(["b3"])[0].copy_of == one.id
    assert store.outlets()[0].copies == 1


def test_failures_are_kept_beside_their_outlet(store: LedgerStore) -> None:
    keep(store, PAGE)
    store.put_failure("https://herald.example/1", "answered 404", "herald")
    store.put_failure("https://herald.example/2", "is empty\x00", "herald")
    store.put_failure("x", "gone")
    by_name = {one.outlet: one for one in store.outlets()}
    assert [row[1:] for row in by_name["herald"].failures] == [
        ("https://herald.example/2", "is empty\ufffd"),
        ("https://herald.example/1", "answered 404"),
    ]
    assert by_name["herald"].documents == 1
    assert by_name["unknown"].documents == 0


def test_what_was_known_at_a_moment(store: LedgerStore) -> None:
    keep(store, PAGE, claim(PAGE, published="2018-09-05"), added="2026-01-01T00:00:00Z")
    keep(store, OTHER, claim(OTHER, published="2018-09-06T08:00:00+02:00"), added="2026-02-01T00:00:00Z")
    third = b"A page without a date says that mines went off."
    keep(store, third, claim(third, published=None), published=None, added="2026-03-01T00:00:00Z")

    def known(moment: str, by: str = "published") -> int:
        return len(list(store.known_at(moment, by)))

    assert known("2018-09-04") == known("2018-09-05T12:00:00Z") == 0
    assert known("2018-09-05") == known("2018-09-06T05:59:59Z") == 1
    assert known("2018-09-06T06:00:00Z") == known("2018") == 2
    assert known("2026-03-01") == 3
    assert known("2019-01-01", "added") == 0
    assert known("9999", "added") == 3
    with pytest.raises(StoreError, match="moment"):
        known("yesterday")


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60), name=st.text(max_size=30))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_survives(store: LedgerStore, text: str, name: str) -> None:
    raw = f"{text}|{name}".encode()
    party = Party(key=name, name=name, text=text)
    one = claim(raw, actors=(party,), kind=name, detail={"cell": text})
    kept = keep(store, raw, one)
    assert store.raw(kept.id) == raw
    assert store.claims_of(kept.id) == (one,)
    found = store.incident(one.id)
    assert found is not None
    assert found.actors == (party,)


def test_a_reading_has_one_name_for_one_code() -> None:
    assert reading_id(CODE) == reading_id(replace(CODE)) != reading_id(LATER)
    assert reading_id(None) != reading_id(CODE)
    assert IDLIB.precision == "exact"
