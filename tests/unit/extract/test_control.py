"""Who holds what: holder, loser and time from the constructions that say so, and from no others."""

from __future__ import annotations

import pytest

from tocsin.extract.control import ControlDraft, find_control
from tocsin.extract.zones import find_zones
from tocsin.parse import parse_text
from tocsin.parse.times import find_times
from tocsin.records import Place


def held(text: str, *names: str) -> tuple[str, list[ControlDraft]]:
    parsed = parse_text(text, published="2024-05-08")
    parsed.times = find_times(text, "2024-05-08")
    places = [
        Place(start=text.index(name), end=text.index(name) + len(name), text=name, name=name, rule="name")
        for name in names
    ]
    return text, find_control(parsed, places, parsed.times)


@pytest.mark.parametrize(
    ("text", "place", "holder", "loser", "since"),
    [
        ("Rebel-held Karvan was shelled overnight.", "Karvan", "Rebel", None, None),
        ("Kurdish-held Manbij was quiet.", "Manbij", "Kurdish", None, None),
        ("The Taliban now control Kunduz.", "Kunduz", "The Taliban", None, None),
        ("The army recaptured the town of Saraqib from militants in 2020.", "Saraqib", "The army", "militants", "2020"),
        (
            "Seized from government forces in 2015, Karvan and nearby areas are still in rebel hands.",
            "Karvan",
            "rebel",
            "government forces",
            "2015",
        ),
        ("Goma is under the control of M23 fighters.", "Goma", "M23 fighters", None, None),
        ("Karvan has become the rebels' last bastion.", "Karvan", "the rebels'", None, None),
        ("Karvan was captured by the army last week.", "Karvan", "the army", None, None),
    ],
)
def test_a_holding_is_read(text: str, place: str, holder: str, loser: str | None, since: str | None) -> None:
    text, found = held(text, place)
    assert [one.place.text for one in found] == [place]
    assert [text[start:end] for start, end in found[0].holders] == [holder]
    assert [text[start:end] for start, end in found[0].losers] == ([loser] if loser else [])
    if since:
        assert found[0].since == since


@pytest.mark.parametrize(
    "text",
    [
        "The suspect is being held at Karvan jail.",
        "Talks were held in Karvan on Monday.",
        "The pilot lost control of the jet over Karvan.",
        "Karvan took second place in the league.",
        "The mayor holds a doctorate from Karvan.",
    ],
)
def test_other_uses_state_no_control(text: str) -> None:
    assert held(text, "Karvan")[1] == []


def test_a_zone_has_its_place_and_terms() -> None:
    text = "Under the Vienna memorandum Karvan is a demilitarised zone, where heavy weapons are banned."
    parsed = parse_text(text)
    place = Place(start=text.index("Karvan"), end=text.index("Karvan") + 6, text="Karvan", name="Karvan", rule="name")
    (zone,) = find_zones(parsed, [place])
    assert (zone.kind, zone.under, zone.forbids, zone.place) == (
        "demilitarised zone",
        "Vienna memorandum",
        "heavy weapons",
        place,
    )


def test_a_zone_of_industry_is_none() -> None:
    assert find_zones(parse_text("The free trade zone near the port reopened."), []) == []
