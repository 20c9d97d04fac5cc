"""Where events are put, whose denial reaches which event, and what is carried from sentence to sentence."""

from __future__ import annotations

import pytest

from tocsin.pipeline import Page, Reader
from tocsin.records import Event, Record

PUBLISHED = "2023-06-20"


def read(reader: Reader, text: str) -> Record:
    return next(reader.read([Page(name="page", text=text, published=PUBLISHED)]))


def event(record: Record, words: str) -> Event:
    return next(one for one in record.events if words in one.trigger.text)


def placed(record: Record, words: str) -> tuple[list[str], str]:
    """The words of the event's places, and the rule that gave them."""
    one = event(record, words)
    known = {place.id: place.text for place in record.places}
    rule = next((why.rule for why in one.why if why.cell == "place"), "")
    return [known[name] for name in one.place], rule


@pytest.mark.parametrize(
    ("text", "trigger", "places", "rule"),
    [
        ("Jets bombed a market in Aleppo on Monday, and nine people died there.", "bombed", ["Aleppo"], "place:under-trigger"),
        ("Shells fell on a mill in Raqqa, north of Damascus, on Monday.", "fell", ["Raqqa"], "place:below-trigger"),
        ("Rebels attacked a convoy in Syria's Aleppo province on Monday.", "attacked", ["Aleppo"], "place:under-trigger"),
        ("The Qamishli attack wounded four people on Monday, doctors said.", "attack", ["Qamishli"], "place:under-trigger"),
        ("Troops invaded eastern Ukraine in the night, and the war began.", "invaded", ["Ukraine"], "place:only-one-in-sentence"),
        ("Raqqa's market was shelled on Monday, and the shops were closed.", "shelled", ["Raqqa"], "place:of-target"),
        ("The convoy was hit by a mine, the minister said in Geneva on Monday.", "hit", [], ""),
        ("Russia denied that it had sent any men to Aleppo, the paper said.", "denied", [], ""),
        ("In Syria a man blew himself up in a market at Aleppo on Monday.", "blew himself up", ["Aleppo"], "place:under-trigger"),
        ("Ten men died in Aleppo and nine in Raqqa, in Syria, on Monday.", "died", ["Aleppo", "Raqqa"], "place:under-trigger"),
        ("The raid came two days after gunmen ambushed a patrol near Aleppo.", "raid", [], ""),
    ],
)  # fmt: skip
def test_an_event_is_where_its_clause_says(
    reader: Reader, text: str, trigger: str, places: list[str], rule: str
) -> None:
    assert placed(read(reader, text), trigger) == (places, rule)


@pytest.mark.parametrize(
    ("text", "trigger", "places", "rule"),
    [
        (
            "Rebels attacked a convoy near Aleppo on Monday. Ten soldiers were killed.",
            "killed",
            ["Aleppo"],
            "paragraph",
        ),
        ("Rebels attacked a convoy near Aleppo on Monday.\n\nThe attack wounded ten men.", "attack wounded", [], ""),
        ("They met in Aleppo. A riot there left nine inmates dead on Monday.", "riot", ["Aleppo"], "there"),
        ("A bus was burned in Aleppo on Monday. Two men were arrested there.", "arrested", ["Aleppo"], "there"),
        ("Rebels shelled Aleppo on Monday. Police arrested two men.", "arrested", ["Aleppo"], "paragraph"),
        ("Rebels raided Aleppo on Monday.\n\nThe raiders burned nine shops.", "burned", ["Aleppo"], "paragraph"),
        ("Rebels raided Aleppo on Monday.\n\nRaiders burned nine shops.", "burned", [], ""),
    ],
)
def test_an_inferred_place_says_so(reader: Reader, text: str, trigger: str, places: list[str], rule: str) -> None:
    record = read(reader, text)
    if not places:
        trigger = trigger.split()[0]
        found = [one for one in record.events if one.trigger.text == trigger]
        assert all(any("inferred" in why.rule for why in one.why if why.cell == "place") for one in found if one.place)
        return
    assert placed(record, trigger) == (places, f"place:inferred-from-{rule}")


@pytest.mark.parametrize(
    "text",
    [
        "Rebels attacked a convoy near Aleppo on Monday. In Damascus, crowds cheered. Ten soldiers were killed.",
        "Rebels attacked a convoy near Aleppo on Monday.\n\nTen soldiers were killed.",
        "In 2016 rebels attacked a convoy near Aleppo. Ten soldiers have been killed this week.",
    ],
)
def test_a_scene_ends_with_another_place_paragraph_or_time(reader: Reader, text: str) -> None:
    assert placed(read(reader, text), "killed") == ([], "")


@pytest.mark.parametrize(
    ("text", "trigger", "status", "speakers"),
    [
        ("Rebels said on Monday that the army had shelled the camp. The army denied it.", "shelled", "denied", 1),
        ("Commandos destroyed several camps, India said. Pakistan denied any raid had taken place.", "destroyed", "denied", 2),
        ("Villagers say soldiers burned the mill. The ministry rejected the claim.", "burned", "denied", 2),
        ("Rebels said the army had shelled the camp. The army denied that it lacked food.", "shelled", "reported", 1),
        ("Russia has repeatedly denied sending troops to the border this year.", "sending", "denied", 1),
        ("The junta said it had nothing to do with the deaths in the camp.", "had nothing", "happened", 0),
        ("Nobody died, the mayor of the town said on Monday to the press.", "died", "not-happened", 1),
        ("In 1999 the rebels surrounded the port. Some 200 people died.", "died", "background", 0),
        ("In 1999 the rebels surrounded the port.\n\nSome 200 people died.", "died", "happened", 0),
    ],
)  # fmt: skip
def test_what_the_next_sentence_does_to_a_status(
    reader: Reader, text: str, trigger: str, status: str, speakers: int
) -> None:
    found = event(read(reader, text), trigger)
    assert (found.status, len(found.said_by)) == (status, speakers)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("The army put the toll at 12, the ministry at 15.", [("killed", 12, "The army"), ("killed", 15, "the ministry")]),
        ("The general did not say how many men died; one channel put the number at 38.", [("killed", 38, "one channel")]),
        ("The clinic said four of the wounded had died.", [("killed", 4, "The clinic")]),
        ("Gunmen came by boat and shot dead nine people.", [("killed", 9, None)]),
        ("About 20 inmates escaped from the jail on Monday.", [("other", 20, None)]),
        ("A riot in the jail left 119 inmates dead.", [("killed", 119, None)]),
        ("Monitors recorded 31 people killed on both banks.", [("killed", 31, "Monitors")]),
        ("The army said 44 rebels and two soldiers had been killed.", [("killed", 44, "The army"), ("killed", 2, "The army")]),
    ],
)  # fmt: skip
def test_each_count_has_its_own_speaker(reader: Reader, text: str, figures: list[tuple[str, int, str | None]]) -> None:
    record = read(reader, text)
    names = {one.id: one.source.text if one.source else None for one in record.statements}
    found = [(one.kind, one.best, names[one.said_by[0]] if one.said_by else None) for one in record.figures]
    assert found == figures


@pytest.mark.parametrize(
    "text",
    ["Donate to support our work", "The director told the newspaper by telephone that it was over on Monday.",
     "Milos Tarn fought Petr Havel in Las Vegas on Saturday and lost.", "Polls give no winner in next year's battle for the presidency."],
)  # fmt: skip
def test_pleas_bouts_and_prizes_are_no_events(reader: Reader, text: str) -> None:
    assert [one.trigger.text for one in read(reader, text).events if one.event_type != "NONE"] == []


def test_what_is_only_threatened_is_not_the_incident_that_is_told(reader: Reader) -> None:
    record = read(
        reader, "Rebels shelled the port on Monday. The army said it would bomb their camp if they did it again."
    )
    told, threatened = event(record, "shelled"), event(record, "bomb")
    assert (told.incident is not None, threatened.incident) == (True, None) and threatened.status == "threatened"


def test_a_holding_has_its_date_and_a_stronghold_in_a_country_is_not_the_country(reader: Reader) -> None:
    held = read(reader, "Aleppo, in the north of Syria, has been held by the rebels since 2021.")
    assert [one.since for one in held.control] == ["2021"]
    assert read(reader, "The raid hit a rebel stronghold in Syria, the army said on Monday.").control == ()
