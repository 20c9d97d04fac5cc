"""Names that no table has: where an event was, by the words around them and the names beside them."""

from __future__ import annotations

import pytest

from tocsin.pipeline import read_text

PLACES = [
    ("Gunmen killed four traders in Dulgur and Sirnem on Sunday.", "killed", {"Dulgur", "Sirnem"}),
    ("Rebels captured Konvar, a town of 20,000 on the river, on Tuesday.", "captured", {"Konvar"}),
    ("Three shells killed a woman in the centre of Ardovo on Sunday.", "killed", {"Ardovo"}),
    ("Gunmen killed two people at the Lesmar bridge on Sunday.", "killed", {"Lesmar bridge"}),
    ("Residents of Bilo said soldiers burned 14 houses on Friday.", "burned", {"Bilo"}),
]
NONE = [
    ("Gunmen killed the singer, who had lost faith in Dulgur, on Sunday.", "killed"),
    ("Police shot two men outside the Catholic church on Sunday.", "shot"),
    ("Sulani rebels claim that two soldiers were killed on Sunday.", "killed"),
]


def places_of(text: str, trigger: str) -> set[str]:
    record = read_text(text, published="2024-05-20")
    named = {one.id: one.text for one in record.places}
    event = next(one for one in record.events if trigger in one.trigger.text)
    return {named[one] for one in event.place}


@pytest.mark.parametrize(("text", "trigger", "where"), PLACES)
def test_strange_names_are_where_it_was(text: str, trigger: str, where: set[str]) -> None:
    assert places_of(text, trigger) == where


@pytest.mark.parametrize(("text", "trigger"), NONE)
def test_people_and_faiths_are_no_places(text: str, trigger: str) -> None:
    assert places_of(text, trigger) == set()


@pytest.mark.parametrize(
    "text", ["Doctors in Douma said a shell hit the hospital.", "People in the town of Douma fled."]
)
def test_the_only_large_town_of_a_name_that_its_sentence_vouches_for(text: str) -> None:
    (place,) = read_text(text, published="2018-09-26").places
    assert (place.text, place.country, place.rule) == ("Douma", "SY", "listed")
