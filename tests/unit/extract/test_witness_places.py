"""The town of who saw it as the place of what they tell."""

import pytest

from tocsin.pipeline import read_text


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Residents of Douma said soldiers shot two men.", ["Douma"]),
        ("Doctors in Douma said helicopters dropped barrels of chlorine on the town.", ["Douma"]),
        ("Doctors in Douma said soldiers shot two men.", []),
    ],
)
def test_the_town_of_who_tells_it(text: str, places: list[str]) -> None:
    record = read_text(text, published="2018-09-26")
    names = {one.id: one.text for one in record.places}
    assert [[names[one] for one in event.place] for event in record.events] == [places]


@pytest.mark.parametrize(
    "text, kind, names",
    [
        (
            "An assault on El Obeid, the last big town of Kordofan that it holds, could begin any day.",
            "attack",
            ["El Obeid"],
        ),
        ("The car bomb that killed a guard and injured 20 people in Fortul was claimed.", "ied-bombing", ["Fortul"]),
        ("In June fighters killed the governor of West Darfur.", "assassination", []),
        ("Gunmen carried off the women to Mosul on Friday.", "abduction", ["Mosul"]),
    ],
)
def test_where_it_was(text: str, kind: str, names: list[str]) -> None:
    record = read_text(text, published="2024-05-20")
    place = {one.id: one.name for one in record.places}
    assert [[place[n] for n in one.place] for one in record.events if one.kind == kind] == [names]
