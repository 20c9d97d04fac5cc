"""Recognition of place names: spans, hostile text, two passes, the judgement of single rules."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.parsed import Name, Paragraph, ParsedDocument, Sentence
from tocsin.records import Place
from tocsin.resolve.gazetteer import Gazetteer
from tocsin.resolve.places import find_places
from tocsin.resolve.toponym_scan import atoms, stretches
from tocsin.resolve.toponyms import find_toponyms


def parsed(text: str, *names: tuple[str, str], mask: list[tuple[int, int]] | None = None) -> ParsedDocument:
    """One sentence with the model's names given, so that no model is needed."""
    found = [Name(text.index(name), text.index(name) + len(name), label) for name, label in names]
    sentence = Sentence(0, 0, len(text), text, 0, names=found)
    return ParsedDocument(text, paragraphs=[Paragraph(0, len(text))], sentences=[sentence], mask=mask or [])


def rules(gazetteer: Gazetteer, text: str, *names: tuple[str, str]) -> dict[str, str]:
    return {one.text: one.rule for one in find_toponyms(parsed(text, *names), gazetteer)}


def test_atoms_keep_initialisms_and_leave_possessives_out() -> None:
    words = [atom.text for atom in atoms("The U.S. said Sana'a’s airport and N'Djamena fell")]
    assert words == ["The", "U.S.", "said", "Sana'a", "airport", "and", "N'Djamena", "fell"]


def test_atoms_know_how_they_hang_together() -> None:
    line = atoms("St. Louis, Deir ez-Zor; Syria's Homs")
    assert [atom.joined for atom in line] == [".", "", " ", "-", "", "s", ""]


def test_stretches_start_and_end_like_names() -> None:
    text = "shelling of Deir ez-Zor and of al-Bab"
    line = atoms(text)
    found = {
        text[line[first].start : line[last - 1].end] for first in range(len(line)) for last in stretches(line, first)
    }
    assert {"Deir ez-Zor", "al-Bab", "Deir", "Bab", "Zor"} <= found
    assert "shelling of Deir" not in found


def test_spans_are_slices_and_do_not_overlap(gazetteer: Gazetteer) -> None:
    text = "Syria's army left Deir ez-Zor, near the Euphrates, for the United Arab Emirates."
    found = find_toponyms(parsed(text), gazetteer)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert {"Syria", "Deir ez-Zor", "Euphrates", "United Arab Emirates"} <= {one.text for one in found}


def test_a_masked_sentence_is_not_read(gazetteer: Gazetteer) -> None:
    text = "Explosions near Damascus"
    assert find_toponyms(parsed(text, mask=[(0, 5)]), gazetteer) == []
    assert find_toponyms(parsed(text), gazetteer) != []


def test_demonyms_have_their_own_rule(gazetteer: Gazetteer) -> None:
    assert rules(gazetteer, "The Syrian army and Kurdish fighters met") == {"Syrian": "demonym", "Kurdish": "demonym"}


def test_a_small_town_needs_more_than_a_capital(gazetteer: Gazetteer) -> None:
    assert "Hudson" not in rules(gazetteer, "Later Hudson denied it")
    assert rules(gazetteer, "It burned in Hudson, New York")["Hudson"] == "contained"


def test_the_model_alone_needs_a_word_of_place(gazetteer: Gazetteer) -> None:
    assert "Zorvaq" not in rules(gazetteer, "Zorvaq denied it", ("Zorvaq", "GPE"))
    assert rules(gazetteer, "It burned in Zorvaq", ("Zorvaq", "GPE"))["Zorvaq"] == "model"


def test_a_person_of_the_model_is_none_but_a_country_is(gazetteer: Gazetteer) -> None:
    assert "Medford" not in rules(gazetteer, "It was Medford who spoke", ("Medford", "PERSON"))
    assert rules(gazetteer, "They blamed Azerbaijan", ("Azerbaijan", "PERSON"))["Azerbaijan"] == "country"


def test_sure_in_one_sentence_helps_in_the_next(gazetteer: Gazetteer) -> None:
    first, second = "Shots were heard in Tartus.", "A Tartus shopkeeper hid."
    text = f"{first} {second}"
    document = ParsedDocument(
        text,
        paragraphs=[Paragraph(0, len(text))],
        sentences=[
            Sentence(0, 0, len(first), first, 0, names=[Name(20, 26, "GPE")]),
            Sentence(1, len(first) + 1, len(text), second, 0, names=[Name(len(first) + 3, len(first) + 9, "PERSON")]),
        ],
    )
    assert [one.text for one in find_toponyms(document, gazetteer)] == ["Tartus", "Tartus"]


def test_guesses_are_given_only_when_asked_for(gazetteer: Gazetteer) -> None:
    text = "Troops left Zorvat al-Numbaq today"
    assert find_toponyms(parsed(text), gazetteer) == []
    assert [one.rule for one in find_toponyms(parsed(text), gazetteer, guesses=True)] == ["spelling"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Shells hit Zorvat al-Numbaq today", "Zorvat al-Numbaq"),
        ("A convoy was ambushed near Brelkin today", "Brelkin"),
        ("Nine died in the village of Ospa Trel on Monday", "Ospa Trel"),
        ("They landed on Quorra island at night", "Quorra"),
        ("The army shelled Tesmet again", "Tesmet"),
    ],
)
def test_a_name_in_no_table_is_vouched_for_by_the_words_around(gazetteer: Gazetteer, text: str, name: str) -> None:
    assert [(one.text, one.rule) for one in find_toponyms(parsed(text), gazetteer, guesses=True)] == [
        (name, "unlisted")
    ]


@pytest.mark.parametrize(
    "text", ["He believes in Brelkin", "They spoke of Brelkin", "Wadi talks to Quorrans near noon"]
)
def test_other_unknown_names_are_not(gazetteer: Gazetteer, text: str) -> None:
    found = find_toponyms(parsed(text), gazetteer, guesses=True)
    assert "unlisted" not in [one.rule for one in found if one.text != "Brelkin" or " in " not in text]


def test_the_head_of_an_arabic_name_is_not_the_whole(gazetteer: Gazetteer) -> None:
    text = "A drone hit a mill in Wadi al-Zorveh today"
    assert "Wadi" not in [one.text for one in find_toponyms(parsed(text), gazetteer, guesses=True)]


_WORDS = st.sampled_from(
    "Syria Idlib in the of al-Bab U.S. , . - 's ( ) Paris Texas \n \x00 \ud800 \u202e حلب Київ Street Lake ’s St. Of".split(
        " "
    )
)


@given(st.one_of(st.text(max_size=300), st.lists(_WORDS, max_size=40).map(" ".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_places_that_are_its_slices(gazetteer: Gazetteer, text: str) -> None:
    document = ParsedDocument(
        text, paragraphs=[Paragraph(0, len(text))], sentences=[Sentence(0, 0, len(text), text, 0)]
    )
    found = find_places(document, gazetteer)
    assert found == find_places(document, gazetteer)
    assert [one.id for one in found] == [f"p{number}" for number in range(1, len(found) + 1)]
    for one in found:
        assert text[one.start : one.end] == one.text and one.text
        _whole(one)


def _whole(place: Place) -> None:
    """A place has its point, name and precision together, or none of them."""
    resolved = place.precision != "unresolved"
    assert (place.lat is not None) == (place.lon is not None) == (place.name is not None) == resolved
    assert 0.0 <= place.confidence <= 1.0 and place.why


@pytest.mark.parametrize(
    "text", ["", "\x00", " " * 5000, "A" * 200_000, "Al-" * 20_000, "(" * 50_000, "Syria, " * 3_000]
)
def test_hostile_text_is_read_in_time(gazetteer: Gazetteer, text: str) -> None:
    document = ParsedDocument(text, sentences=[Sentence(0, 0, len(text), text, 0)] if text else [])
    for one in find_places(document, gazetteer):
        assert text[one.start : one.end] == one.text


@pytest.mark.parametrize(
    ("published", "known"), [(None, True), ("2019-01-05", True), ("2018", True), ("2016-05-01", False)]
)
def test_a_thing_is_not_found_before_it_was_built(gazetteer: Gazetteer, published: str | None, known: bool) -> None:
    document = parsed("Traffic stopped on the Kerch Bridge in Crimea")
    document.published = published
    bridge = next(one for one in find_places(document, gazetteer) if one.text == "Kerch Bridge")
    assert (bridge.feature == "bridge") is known
