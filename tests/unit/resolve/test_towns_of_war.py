"""A town named as the bare object of a verb of war is a place; a person there is none."""

from __future__ import annotations

import pytest

from tocsin.parse import parse_text
from tocsin.resolve.gazetteer import Gazetteer
from tocsin.resolve.places import find_places


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("Rebels captured Saraqib on Tuesday.", "Saraqib"),
        ("M23 rebels seized Goma.", "Goma"),
        ("The army shelled Saraqib.", "Saraqib"),
        ("Militants raided Kidal, killing four.", "Kidal"),
        ("Fighters took Manbij from the army.", "Manbij"),
    ],
)
def test_the_object_of_war_is_a_place(text: str, town: str, gazetteer: Gazetteer) -> None:
    assert town in [one.text for one in find_places(parse_text(text, published="2024-05-08"), gazetteer)]


@pytest.mark.parametrize("text", ["Police captured Johnson on Monday.", "He attacked Clinton over the tax plan."])
def test_a_person_there_is_no_place(text: str, gazetteer: Gazetteer) -> None:
    assert find_places(parse_text(text, published="2024-05-08"), gazetteer) == ()
