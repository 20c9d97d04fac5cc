"""What is told of long ago, what is denied a sentence later, and what only may come: judged on whole pages."""

from __future__ import annotations

import pytest

from tocsin.pipeline import Page, Reader
from tocsin.records import Event, Record

PUBLISHED = "2023-11-20"


def read(reader: Reader, text: str) -> Record:
    return next(reader.read([Page(name="page", text=text, published=PUBLISHED)]))


def event(record: Record, words: str) -> Event:
    return next(one for one in record.events if words in one.trigger.text)


CHRONOLOGY = (
    "The main attacks on the port of Oruma so far.\n\nMarch 3: Rebels shelled the customs house.\n\n"
    "May 12: A drone hit a tanker. Four sailors were killed.\n\nGuards arrested a diver on Sunday."
)


@pytest.mark.parametrize(
    ("text", "words", "status"),
    [
        (CHRONOLOGY, "shelled", "background"),
        (CHRONOLOGY, "killed", "background"),
        (CHRONOLOGY, "arrested", "happened"),
        ("It was the first raid since May 27, when the clan stormed the fort. Nine guards died.", "stormed", "background"),
        ("It was the first raid since May 27, when the clan stormed the fort. Nine guards died.", "died", "background"),
        ("In June 2019 the army seized the town and burned the mill, and families fled.", "seized", "background"),
        ("Bandits killed six herders and wounded two at Teshi on 19 June, police said.", "killed", "background"),
        ("Ninety years ago this March a duke was shot dead by a clerk.", "shot", "background"),
        ("In August 2009 the army seized the fort; 900 people fled to the hills.", "fled", "background"),
        ("Rebels shelled the mill on Sunday; nine people fled to the hills.", "fled", "happened"),
        ("Since June 2019 rebels have shelled the town every week.", "shelled", "happened"),
        ("In June 2019 the army took the fort. On Sunday rebels shelled it.", "shelled", "happened"),
        ("In June 2019 the army took the fort. The mayor denied the report.", "denied", "happened"),
    ],
)  # fmt: skip
def test_long_ago_is_background_wherever_the_date_stands(reader: Reader, text: str, words: str, status: str) -> None:
    assert event(read(reader, text), words).status == status


def test_an_entry_of_a_chronology_gives_its_date(reader: Reader) -> None:
    record = read(reader, CHRONOLOGY)
    assert [event(record, words).time.value for words in ("shelled", "killed")] == ["2023-03-03", "2023-05-12"]


def test_without_a_date_of_publication_nothing_is_taken_for_old(reader: Reader) -> None:
    record = next(
        reader.read([Page(name="page", text="March 3: Rebels shelled the fort.\n\nMay 12: A drone hit a mill.")])
    )
    assert event(record, "shelled").status == "happened"


@pytest.mark.parametrize(
    ("text", "words", "status"),
    [
        ("The army said 44 rebels had been killed on Sunday. The rebels denied losing any men.", "killed", "denied"),
        ("A priest said helicopters had fired at gardens. The army denied using helicopters.", "fired", "denied"),
        ("On Sunday the army shelled Oruma, residents said, and hit a clinic. A colonel denied shelling it.", "hit", "denied"),
        ("A priest said helicopters had fired at gardens. The army would neither confirm nor deny it.", "fired", "reported"),
        ("A priest said helicopters had fired at gardens. The army denied using gas.", "fired", "reported"),
        ("Militia ambush kills 14 on Teshi road, army denies losing the town.", "ambush", "happened"),
    ],
)  # fmt: skip
def test_a_denial_reaches_what_it_is_about(reader: Reader, text: str, words: str, status: str) -> None:
    assert event(read(reader, text), words).status == status


@pytest.mark.parametrize(
    ("text", "words", "status"),
    [
        ("The two presidents are to meet in Bamako on Friday.", "meet", "planned"),
        ("The clan has offered to release the two drivers.", "release", "possible"),
        ("Which towns have fallen to the rebels?", "fallen", "happened"),
        ("Will the towns fall to the rebels?", "fall", "possible"),
        ("Two drivers were arrested; a lawyer said that they had been tortured.", "arrested", "happened"),
        ("Two drivers were arrested; a lawyer said that they had been tortured.", "tortured", "reported"),
        ("A cook was shot in Kota; no one else was hurt, said a general.", "shot", "happened"),
    ],
)
def test_what_may_come_and_whose_words_end_at_a_break(reader: Reader, text: str, words: str, status: str) -> None:
    assert event(read(reader, text), words).status == status
