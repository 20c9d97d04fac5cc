"""Who did it, to whom, what was hit: readings of whole sentences and short pages, by the record that comes out."""

from __future__ import annotations

import pytest

from tocsin.incident_parties import with_shared_recipients
from tocsin.pipeline import read_text
from tocsin.records import Actor, Codes, Event, EventTime, Record, Span
from tocsin.resolve.actor_sorts import is_nobody, sorted_out


def texts(record: Record, role: str) -> set[str]:
    known = {one.id: one.text for one in record.actors}
    return {known[name] for event in record.events for name in getattr(event, role)}


def targets(record: Record, kind: str) -> set[str]:
    return {one.text for event in record.events for one in event.targets if one.kind == kind}


@pytest.mark.parametrize(
    ("text", "doer"),
    [
        ("The Red Brigades claimed responsibility for the bombing of a barracks in Milan.", "The Red Brigades"),
        ("Prosecutors attributed the murder of the judge to the cartel.", "the cartel"),
        ("The rebels are responsible for the killing of nine farmers.", "The rebels"),
        ("Responsibility for the attack on the convoy was claimed by the separatists.", "the separatists"),
    ],
)
def test_who_claims_or_is_blamed_is_the_doer(text: str, doer: str) -> None:
    assert doer in texts(read_text(text), "actor")


def test_who_condemns_is_no_doer() -> None:
    record = read_text("The bishop condemned the murder of two teachers in Leon.")
    killing = [one for one in record.events if one.kind in ("killing", "assassination")]
    assert killing
    assert all(not one.actor for one in killing)


def test_a_possessor_of_a_murder_is_its_victim() -> None:
    record = read_text("The editor's murder shocked the city.")
    killing = next(one for one in record.events if one.kind in ("killing", "assassination"))
    known = {one.id: one.text for one in record.actors}
    assert not killing.actor
    assert [known[one] for one in killing.recipient] == ["The editor's"]


def test_a_town_that_was_hit_is_a_target_and_no_recipient() -> None:
    record = read_text("Government jets bombed Idlib on Monday.")
    assert "Idlib" in targets(record, "physical")
    assert "Idlib" not in texts(record, "recipient")


def test_the_owner_of_a_home_that_was_hit_is_a_target_too() -> None:
    record = read_text("Gunmen attacked the residence of Maria Delgado on Friday.")
    assert targets(record, "human") == {"Maria Delgado"}
    assert any("residence" in one for one in targets(record, "physical"))


def test_a_car_that_was_fired_at_is_no_weapon() -> None:
    record = read_text("Soldiers fired at the minister's car in Tunis.")
    assert not any("car" in one.text for event in record.events for one in event.instrument or ())


def test_members_bring_their_organisation() -> None:
    record = read_text("Members of the Taliban killed four policemen in Ghazni.")
    by_type = {one.text: one.type for one in record.actors}
    assert {"Members", "the Taliban"} <= texts(record, "actor")
    assert by_type["the Taliban"] == "organization"


def test_terrorism_in_talk_is_no_event() -> None:
    assert not any(one.kind == "attack" for one in read_text("The two ministers spoke about terrorism.").events)
    assert any(one.event_type == "ASSAULT" for one in read_text("Violence erupted in Kaduna on Monday.").events)


def test_where_ones_own_troops_are_sent_is_the_recipient() -> None:
    assert "Mali" in texts(read_text("France sent 500 troops to Mali."), "recipient")


def test_whom_sanctions_are_imposed_on_is_found_behind_them() -> None:
    assert "Iran" in texts(read_text("The bloc lifted the sanctions imposed on Iran."), "recipient")


def actor(name: str, text: str, **more: str) -> Actor:
    return Actor(start=0, end=len(text), text=text, id=name, **more)  # type: ignore[arg-type]


def event(name: str, incident: str | None, *recipients: str) -> Event:
    return Event(
        id=name, trigger=Span(start=0, end=1, text="x"), event_type="ASSAULT", event_mode=None, context=(), kind="killing",
        codes=Codes(), actor=(), recipient=recipients, place=(), time=EventTime(value=None, precision=None, span=None, basis="unknown"),
        status="happened", certainty=1.0, polarity="positive", horizon="current", incident=incident,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "later", "same"),
    [
        ("six priests", "the priests", True),
        ("six priests", "The 6 priests", True),
        ("six priests", "two priests", False),
        ("a soldier", "another soldier", False),
        ("two farmers", "the teachers", False),
    ],
)
def test_people_told_again(first: str, later: str, same: bool) -> None:
    people = {"a1": actor("a1", first), "a2": actor("a2", later)}
    found = with_shared_recipients([event("e1", "i1", "a1"), event("e2", "i1", "a2")], people)
    assert found[1].recipient == (("a1",) if same else ("a2",))
    apart = with_shared_recipients([event("e1", "i1", "a1"), event("e2", "i2", "a2")], people)
    assert apart[1].recipient == ("a2",)


def test_small_unnamed_parties_are_people() -> None:
    assert sorted_out(actor("a", "an armed group", type="organization", rule="agent")).type == "person"
    assert sorted_out(actor("a", "the Wagner Group", type="organization", rule="ner")).type == "organization"
    assert sorted_out(actor("a", "the army", type="organization", rule="agent")).type == "organization"


def test_things_and_stray_modifiers_are_nobody() -> None:
    assert is_nobody(actor("a", "two helicopters"), "syntax:subject")
    assert is_nobody(actor("a", "heavy"), "syntax:compound")
    assert not is_nobody(actor("a", "partisans"), "syntax:subject")
    assert not is_nobody(actor("a", "rebel", type="person", sector="REB"), "syntax:compound")


def test_who_was_subjected_to_it_is_the_recipient() -> None:
    record = read_text("Two monks described the torture to which the prisoners were subjected.")
    torture = next(one for one in record.events if one.kind == "torture")
    known = {one.id: one.text for one in record.actors}
    assert [known[one] for one in torture.recipient] == ["the prisoners"]


@pytest.mark.parametrize(
    ("text", "kind", "recipients"),
    [
        ("A court in Nairobi freed two ex-generals on bail.", "release", {"two ex-generals"}),
        ("The ministry rejected charges by the rebels that it had bombed the camp.", "deny", {"the rebels"}),
        ("Kenya gave 3 million dollars to promote health and trade in Somalia.", "aid", {"Somalia"}),
    ],
)
def test_the_recipient_is_whoever_stands_behind_the_object(text: str, kind: str, recipients: set[str]) -> None:
    record = read_text(text)
    known = {one.id: one.text for one in record.actors}
    assert {known[name] for one in record.events if one.kind == kind for name in one.recipient} == recipients


@pytest.mark.parametrize(
    "text, kind, doer",
    [
        ("Boko Haram attacked Baga on Monday. It beheaded two men in the market.", "execution", "Boko Haram"),
        (
            "The BLA bombed the station in November. In August it stopped buses and shot 12 captives.",
            "shooting",
            "The BLA",
        ),
        ("The BLA bombed the station in November.", "ied-bombing", "The BLA"),
        ("The army said a bomb exploded in the square. It killed 12 people.", "killing", None),
        ("It is feared that the town could be shelled.", "shelling", None),
    ],
)
def test_who_it_is_that_did_it(text: str, kind: str, doer: str | None) -> None:
    record = read_text(text, published="2024-05-20")
    names = {one.id: one.text for one in record.actors}
    found = [[names[n] for n in one.actor] for one in record.events if one.kind == kind]
    assert found and all(one == ([doer] if doer else []) for one in found), found


def test_the_pronoun_is_told_in_why() -> None:
    record = read_text("Boko Haram attacked Baga on Monday. It beheaded two men in the market.", published="2024-05-20")
    why = [w for one in record.events for w in one.why if w.rule == "coreference:pronoun"]
    assert [(w.cell, [s.text for s in w.spans]) for w in why] == [("actor", ["It"])]
