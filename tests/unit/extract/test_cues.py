"""What announces an event, on sentences made up for the purpose."""

from __future__ import annotations

import pytest

from tocsin.extract.events import Draft, find_events
from tocsin.parse import outline, shared_parser
from tocsin.pipeline import read_text


def drafts_of(text: str) -> list[Draft]:
    document = outline(text, published="2024-05-01")
    shared_parser().parse([document])
    return find_events(document)


def types_of(text: str) -> set[str]:
    return {draft.kind.type for draft in drafts_of(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Aid agencies warned that an assault on the port could displace half a million people.",
        "The Red Cross has warned that the siege may cause famine.",
        "Diplomats warned that the collapse of the talks would trigger new fighting.",
    ],
)
def test_a_warning_of_what_others_do_is_no_threat(text: str) -> None:
    assert "THREATEN" not in types_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sudan warned that it would close the crossing.",
        "The general warned the rebels of retaliation.",
        "Ankara warned that it could strike the militia again.",
    ],
)
def test_a_warning_of_ones_own_act_is_a_threat(text: str) -> None:
    assert "THREATEN" in types_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Rwanda has been providing medical assistance to the island.",
        "Norway has been supplying equipment to the coast guard.",
    ],
)
def test_aid_in_the_progressive_perfect_is_given(text: str) -> None:
    assert "AID" in types_of(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Taken from government forces in 2012, the valley is poor.", "territory-non-state"),
        ("Captured from the rebels last spring, the village lies in ruins.", "territory-government"),
    ],
)
def test_a_place_taken_from_a_side(text: str, kind: str) -> None:
    assert kind in {draft.kind.kind for draft in drafts_of(text)}


def test_a_bare_war_is_no_event_but_its_outbreak_is() -> None:
    assert drafts_of("War has scarred the valley, and the conflict has no end in sight.") == []
    assert types_of("War broke out in the north in 1983.") == {"ASSAULT"}


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Two men died in police firing near the mill.", "police"),
        ("Four students were picked up by police.", "police"),
        ("Police fired at dawn in Jhansi.", "Police"),
    ],
)
def test_what_police_do(text: str, actor: str) -> None:
    drafts = [one for one in drafts_of(text) if one.kind.type in ("ASSAULT", "COERCE")]
    assert actor in {text[start:end] for one in drafts for start, end in one.actors}


def test_arrests_need_no_doer_but_their_mention_in_passing_does() -> None:
    assert types_of("More arrests have been made.") == {"COERCE"}
    assert types_of("He spoke of the violence.") == set()


@pytest.mark.parametrize("text", ["The town is bracing for an attack.", "There was talk of an imminent attack."])
def test_what_is_to_come_counts_though_nobody_is_named(text: str) -> None:
    assert "ASSAULT" in types_of(text)


def test_a_phrase_is_one_candidate() -> None:
    (draft,) = drafts_of("The patrol came under fire.")
    assert draft.rule.endswith("phrase:came under fire")
    assert (draft.start, draft.end) == (11, 26)


@pytest.mark.parametrize(
    "text, kind",
    [
        ("The ministry said its troops took Tsilkany and Ostryvka overnight.", "territory-government"),
        ("Fighters entered Dabat, seized its police station and left again.", "territory-non-state"),
        ("The army retook Maychew, with its church and its airstrip, on August 9.", "territory-government"),
        ("In 1996 the FARC took a hill post at Tumaco.", "territory-non-state"),
        ("Rebels took most of Um Rawaba on Sunday.", "territory-non-state"),
        ("Puntland loses a base near Qardho, officials said.", "territory-non-state"),
        ("A child died when soldiers took the town.", "territory-government"),
    ],
)
def test_places_are_taken_and_lost(text: str, kind: str) -> None:
    assert kind in {one.kind for one in read_text(text, published="2024-05-20").events}


@pytest.mark.parametrize(
    "text",
    [
        "The party took Ohio and lost Texas in the vote.",
        "Soldiers took an oath in Accra.",
        "The rebels took hostages in Lamu.",
        "Our team lost the base runner in the match.",
    ],
)
def test_other_things_are_taken_and_lost(text: str) -> None:
    kinds = {one.kind for one in read_text(text, published="2024-05-20").events}
    assert not kinds & {"territory-government", "territory-non-state"}


def test_the_dead_of_a_clash_are_one_clash() -> None:
    found = read_text("Two soldiers may have been killed in clashes near Bor.", published="2024-05-20").events
    assert [(one.kind, one.status) for one in found] == [("armed-clash", "possible")]


@pytest.mark.parametrize(
    "text, kind",
    [
        ("About 8,000 persons reached Adre in the first week of the month.", "displacement"),
        ("Some 140,000 villagers were driven into camps in 2012.", "displacement"),
        ("More than 5,700 people have been moved out of the border villages.", "evacuation"),
        ("Armed men led 66 of them away in three lorries.", "abduction"),
        ("Militiamen carried off the women to Raqqa.", "abduction"),
        ("Gunmen set buses on fire in Tepic.", "arson"),
        ("By the evening the army had brought up tanks.", "troop-deployment"),
        ("It could strike the port of Chabahar next.", "attack"),
        ("Divers recovered the bodies of four fishermen.", "death"),
    ],
)
def test_people_are_moved_taken_and_found(text: str, kind: str) -> None:
    assert kind in {one.kind for one in read_text(text, published="2024-05-20").events}


@pytest.mark.parametrize(
    "text, kinds",
    [
        ("The president visited the wounded in the hospital on Sunday.", {"visit"}),
        ("The ministry put its dead at 17.", set()),
        ("About 30 gunmen shot dead nine people in Manta.", {"shooting"}),
        ("The rebels took a mountain post at Tumaco, killing 10 soldiers.", {"territory-non-state"}),
        ("A drone was alleged to have hit a car near Kirkuk.", {"drone-strike"}),
        ("Troops, with the support of the air force, bombed the camp.", {"air-strike"}),
    ],
)
def test_what_is_told_by_another_word_is_no_event_of_its_own(text: str, kinds: set[str]) -> None:
    assert {one.kind for one in read_text(text, published="2024-05-20").events} == kinds


def test_words_folded_into_an_event_are_its_mentions() -> None:
    events = read_text("Militiamen killed 14 policemen in an ambush near Gondar on Monday.").events
    assert [(one.trigger.text, [m.text for m in one.mentions]) for one in events] == [("ambush", ["killed"])]
    plan = read_text("China plans to host talks between the army and three rebel groups.").events
    assert [m.text for one in plan for m in one.mentions if one.kind == "plan-talks"] == ["host"]
