"""Whose deed it is where a pronoun tells it, inside marks of quotation and outside."""

import pytest

from tocsin.pipeline import Page, Reader


@pytest.mark.parametrize(
    ("text", "doers"),
    [
        ("“They killed three people,” a rebel commander said.", []),
        ('"They killed three people," a rebel commander said.', []),
        ("“We killed three people,” a rebel commander said.", ["a rebel commander"]),
        ("A rebel commander said they had killed three people.", ["A rebel commander"]),
    ],
)
def test_who_is_quoted_is_not_they(reader: Reader, text: str, doers: list[str]) -> None:
    found = next(reader.read([Page(name="page", text=text, published="2018-09-26")]))
    names = {one.id: one.text for one in found.actors}
    (killing,) = (one for one in found.events if one.kind == "killing")
    assert [names[one] for one in killing.actor] == doers


@pytest.mark.parametrize(
    "text",
    [
        "Turkey bombed the rebel-held town of Saraqib on Monday.",
        "Government forces bombed Saraqib after militants fired rockets.",
        "The town was bombed for hours, fighters said.",
    ],
)
def test_what_is_bombed_where_armed_groups_are_named(reader: Reader, text: str) -> None:
    found = next(reader.read([Page(name="page", text=text, published="2018-09-26")]))
    assert [one.kind for one in found.events if "bomb" in one.trigger.text] == ["air-strike"]
