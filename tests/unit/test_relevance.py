"""Pages that are about no conflict give no events of one; pages that are lose none."""

from __future__ import annotations

import pytest

from tocsin.pipeline import Page, Reader
from tocsin.records import Record

RECIPE = """Plum jam in an afternoon

The old recipe called for four cups of sugar, but I only use two. You will need to stir it for an hour. Allow the jam to
cool before you fill the jars. I recommend that you ask a friend to help. Whip up some cream and the plums will kick
things off nicely. The jars promise a winter of breakfasts. Share the rest with the neighbours.
"""
GADGET = """The new tablet, tried for a week

The company promised ten hours of battery life. It supports two pens, and the keyboard allows the case to fold flat.
Reviewers attacked the price. The older model has been reported in three colours. It will hit shelves in May and offers
good value. Testers agreed that the screen is bright. We demand more from the speakers.
"""
SIEGE = """Army shells besieged town, eleven killed

Government forces shelled the besieged town of Talbira on Monday, killing eleven people, medics said. Rebel fighters fired
rockets at an army base near Homs and wounded four soldiers. They agreed to a truce of two hours. Talks failed in the
evening. An air strike destroyed the bakery. It called for an end to the siege.
"""


def read(reader: Reader, text: str) -> Record:
    return next(reader.read([Page(name="page", text=text, published="2024-03-12")]))


@pytest.mark.parametrize("text", [RECIPE, GADGET])
def test_a_page_of_private_life_gives_no_event(reader: Reader, text: str) -> None:
    assert [one.trigger.text for one in read(reader, text).events] == []


def test_a_page_about_a_conflict_keeps_its_words_and_deeds(reader: Reader) -> None:
    found = {one.trigger.text for one in read(reader, SIEGE).events}
    assert {"shelled", "fired", "agreed to a truce", "destroyed"} <= found


def test_a_short_text_is_taken_at_its_word(reader: Reader) -> None:
    assert [one.event_type for one in read(reader, "The committee rejected the plan.").events] == ["REJECT"]


def test_a_minister_s_own_words_count_where_they_name_nobody(reader: Reader) -> None:
    text = "The fair opened on Friday. Visitors came by train. " + (
        "The prime minister of Ruritania, Anna Kolb, said: “We demand an immediate end to this.” The weather was mild."
    )
    assert any(one.event_type == "REQUEST" for one in read(reader, text).events)


@pytest.mark.parametrize(
    "text",
    ["The city has been fighting smog for years.", "Wales punched its ticket.", "The bank slashed spending."],
)
def test_force_against_an_idea_is_none(reader: Reader, text: str) -> None:
    assert not [one for one in read(reader, text).events if one.event_type == "ASSAULT"]


def test_a_trial_with_no_court_and_no_public_party_is_private_in_a_short_text_too(reader: Reader) -> None:
    assert not read(reader, "She was convicted of theft and moved to the coast.").events
    assert [one.kind for one in read(reader, "The court in Lyon convicted the ex-minister.").events] == ["convict"]
