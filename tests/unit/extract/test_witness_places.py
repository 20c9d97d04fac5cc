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
