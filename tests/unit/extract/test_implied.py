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
        "Two aid workers were detained in the desert. It rained. The militia had left the wells.",
        "The release of those detained by us was agreed.",
        "Ten miners were hurt in the firing.",
        "Gunmen fled and ten miners were hurt in the firing, police said.",
        "The baker detained the guests with a long story.",
        "Customs men arrested a courier at the port.",
    ],
)
def test_nobody_is_implied_where_others_may_have_done_it_or_the_doer_is_named(text: str) -> None:
    assert not [one for one, rule in doers(read_text(text), "arrest") if rule.startswith("implied")]


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("They were detained and later released.", "detained", "arrest"),
        ("In raids across the city, 50 persons were held and rifles were seized.", "held", "arrest"),
        ("He was picked up from his flat in Orsk under the security act.", "picked", "arrest"),
        ("Police did not produce Karim Said, who was also detained for a march.", "detained", "arrest"),
        ("Ten miners were injured in the firing, police said.", "firing", "shooting"),
    ],
)
def test_weaker_words_make_the_police_likely_and_the_event_less_sure(text: str, word: str, kind: str) -> None:
    found = [(one.text, one.sector, rule) for one, rule in doers(read_text(text), kind)]
    assert found == [(word, "COP", "implied:police-are-likely")]


def test_a_likely_doer_costs_confidence() -> None:
    likely = read_text("Forty farmers were detained near Lodi.").events[0]
    known = read_text("Forty farmers were arrested near Lodi.").events[0]
    assert likely.confidence < known.confidence


@pytest.mark.parametrize(
    ("text", "kind", "doer"),
    [
        ("One dead in police-miners clash", "killing", "police"),
        ("One man died after strikers and the Orsk police clashed over a shrine.", "killing", "the Orsk police"),
        ("One man died in the clash and four were hurt, as were 25 policemen.", "armed-clash", "25 policemen"),
    ],
)
def test_deaths_in_a_clash_with_police_name_them_as_a_party(text: str, kind: str, doer: str) -> None:
    assert [(one.text, rule) for one, rule in doers(read_text(text), kind)] == [(doer, "implied:party-of-clash")]


def test_deaths_in_a_clash_of_others_name_no_police() -> None:
    assert not [one for one, _ in doers(read_text("Two died after farmers and herders clashed at a well."), "killing")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The mayor was remanded in police custody by the magistrate of Orsk.", ["the magistrate of Orsk", "police"]),
        ("The leader remains in police custody.", ["police"]),
        ("Two boys were handed over to the Lodi police.", ["the Lodi police"]),
    ],
)
def test_who_holds_somebody_is_a_doer(text: str, found: list[str]) -> None:
    assert [one.text for one, _ in doers(read_text(text), "arrest")] == found


def test_a_state_of_custody_says_who_is_held() -> None:
    record = read_text("The smuggler is still in custody.")
    known = {one.id: one.text for one in record.actors}
    assert [[known[name] for name in one.recipient] for one in record.events] == [["The smuggler"]]


def test_tear_gas_is_the_means_of_the_police_and_no_shelling() -> None:
    record = read_text("They opened fire and lobbed tear-gas shells to disperse the crowd.")
    assert "shelling" not in [one.kind for one in record.events]
    assert [rule for _, rule in doers(record, "crowd-control")] == ["implied:by-the-word"]


def test_firing_cut_off_from_its_force_by_the_parser_has_its_doer() -> None:
    record = read_text("Three days of frenzy ended except for stray arson, looting and police firing.")
    assert "police" in [one.text for one, _ in doers(record, "shooting")]


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
