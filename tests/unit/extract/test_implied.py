"""Doers that no slot names: of the means ('police firing'), and the police whom 'arrested' implies."""

from __future__ import annotations

import pytest

from tocsin.pipeline import read_text
from tocsin.records import Actor, Record


def doers(record: Record, kind: str) -> list[tuple[Actor, str]]:
    """The doers of the events of a kind, each with the rule that the event gives for them."""
    known = {one.id: one for one in record.actors}
    return [
        (known[name], next(why.rule for why in event.why if why.cell == "actor"))
        for event in record.events
        for name in event.actor
        if event.kind == kind
    ]


@pytest.mark.parametrize(
    ("text", "kind", "doer"),
    [
        ("The governor said nine miners were killed in police firing on Sunday.", "killing", "police"),
        ("About forty have been killed in firing by the police.", "shooting", "the police"),
    ],
)
def test_the_doer_of_the_means_is_the_doer(text: str, kind: str, doer: str) -> None:
    assert [(one.text, rule) for one, rule in doers(read_text(text), kind)] == [(doer, "syntax:doer-of-means")]


def test_a_place_that_the_police_own_is_no_means() -> None:
    assert not doers(read_text("Two traders were beaten in the police station at Mori."), "beating")


def test_police_spoken_of_beside_an_arrest_made_it_and_the_row_says_that_this_is_implied() -> None:
    found = doers(read_text("Police said 300 people have been arrested in the province."), "arrest")
    assert [(one.text, rule) for one, rule in found] == [("Police", "implied:police-spoken-of")]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Forty marchers from Lodi were arrested on Monday.", "arrested"),
        ("Six men were taken into custody near the mill.", "custody"),
        ("The students have been booked for murder.", "booked"),
    ],
)
def test_an_arrest_implies_the_police_with_its_word_as_the_evidence(text: str, word: str) -> None:
    record = read_text(text)
    found = [one for kind in ("arrest", "protest-intervention") for one in doers(record, kind)]
    assert [(one.text, one.name, one.sector, rule) for one, rule in found] == [
        (word, "police", "COP", "implied:by-the-word")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Soldiers searched the village at dawn and ten farmers were arrested.",
        "Rebels entered the town on Friday. Two mayors were arrested.",
        "Two aid workers were detained in the desert.",
        "Customs men arrested a courier at the port.",
    ],
)
def test_nobody_is_implied_where_others_may_have_done_it_or_the_doer_is_named(text: str) -> None:
    assert not [one for one, rule in doers(read_text(text), "arrest") if rule.startswith("implied")]


def test_an_implied_doer_makes_no_private_matter_public() -> None:
    """Relevance is judged before: the police are not in this page, and a page of four sentences is judged."""
    page = "The baker won. He likes rye. It rained. A neighbour was booked for a show at the hotel."
    assert not [one for one in read_text(page).events if one.actor]


def test_several_arrests_are_told_even_as_the_object_of_a_preposition() -> None:
    kinds = [one.kind for one in read_text("After the arrests of the runaways, the governor flew home.").events]
    assert "arrest" in kinds


def test_a_clause_of_place_takes_no_object_from_the_place() -> None:
    record = read_text("Rioting spread to Orsk, where the police had to open fire at a violent mob.")
    assert "the police" in [one.text for one, _ in doers(record, "crowd-control")]
