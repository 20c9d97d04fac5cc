"""Who speaks: keys that are equal for words that are not independent of each other."""

from __future__ import annotations

import pytest

from tocsin.records import Actor, Document, Record, Residue, Source, Span, Statement
from tocsin.voices import Voices

WORDS = "Words that somebody said."


def key(text: str, outlet: str = "Lamp", others: tuple[str, ...] = (), credit: str = "", **actor: object) -> str:
    """The key of a speaker of these words, on a page where the others speak too."""
    speakers = [Actor(id="a0", start=0, end=len(text), text=text, **({"rule": "agent"} | actor))] if actor else []
    statements = tuple(
        Statement(id=f"s{n}", start=0, end=0, source=Source(start=0, end=len(one), text=one, actor=None if n else "a0"), content=Span(start=0, end=0, text=""))
        for n, one in enumerate((text, *others))
    )  # fmt: skip
    residue = (Residue(start=0, end=len(credit), kind="credit"),) if credit else ()
    page = Document(id="sha256:aa", text=credit + WORDS)
    record = Record(document=page, actors=tuple(speakers), statements=statements, residue=residue)
    return Voices(record, outlet).speaker(statements[0]).key


GENERIC = {"type": "person", "rule": "agent", "sector": "GOV"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Officials", None),
        ("A nurse", None),
        ("a doctor at the Wau clinic", None),
        ("two experts who studied the film for the Evening Lamp", None),
        ("Earlier the regional hospital", None),
        ("Croatian radio", None),
        ("a State Department spokeswoman", "state department"),
        ("Brigadier Sani Usman", "sani usman"),
        ("Rear Admiral Ana Costa in Praia", "ana costa"),
        ("U.N. spokesman Lt-Col Piet Maas", "piet maas"),
        ("the mayor, Awa Diallo, a former judge", "awa diallo"),
        ("A commander, who gave his name as Abu Layth", "abu layth"),
        ("Mustafa al-Amin", "mustafa al-amin"),
    ],
)
def test_a_proper_name_is_the_speakers_own_and_not_one_of_his_company(text: str, name: str | None) -> None:
    found = key(text, **GENERIC)
    assert found == f"name:{name}" if name else found.startswith("words:") and found.endswith("@lamp")


def test_a_speaker_with_and_without_his_title_or_first_name_is_one() -> None:
    person = {"type": "person", "rule": "ner"}
    assert key("General Sani Usman", **GENERIC) == key("Sani Usman", **person) == "name:sani usman"
    assert key("Usman", others=("Sani Usman",), **person) == "name:sani usman"
    assert key("Usman", others=("Sani Usman", "Halima Usman"), **person) == "name:usman", "either could be meant"


def test_a_state_and_its_government_are_one_voice() -> None:
    state = key("Chad", name="Chad", code="TCD", country="TCD", type="organization", rule="state-name")
    capital = key(
        "N'Djamena", name="Chad", code="TCDGOV", country="TCD", sector="GOV", type="organization", rule="capital"
    )
    ministry = key(
        "Chad's foreign ministry",
        name="Government (Chad)",
        code="TCDGOV",
        country="TCD",
        type="organization",
        rule="nation+agent",
    )
    assert state == capital == ministry == "code:TCDGOV"
    army = key(
        "the Chadian army",
        name="Military (Chad)",
        code="TCDMIL",
        country="TCD",
        sector="MIL",
        type="organization",
        rule="nation+agent",
    )
    assert army == "code:TCDMIL"


def test_a_states_minister_speaks_in_his_own_name_where_it_is_given() -> None:
    minister = {
        "name": "Government (Chad)",
        "code": "TCDGOV",
        "country": "TCD",
        "type": "person",
        "rule": "nation+agent",
    }
    assert key("Chad's interior minister, Idris Saleh", **minister) == "name:idris saleh"
    assert key("Chad's interior minister", **minister) == "code:TCDGOV"


def test_a_pronoun_is_whom_it_stands_for_and_else_the_page() -> None:
    known = {"name": "Sani Usman", "refers_to": "Sani Usman", "type": "person", "rule": "coreference+ner"}
    assert key("he", **known) == "name:sani usman"
    nurse = {"name": "A nurse", "refers_to": "A nurse", "type": "person", "rule": "coreference+agent"}
    assert key("she", **nurse) == key("a nurse", **GENERIC) == "words:nurse@lamp"
    assert key("It", rule="unknown") == key("We", rule="unknown") == "outlet:lamp"


def test_who_prints_an_agencys_copy_quotes_the_agencys_witness() -> None:
    assert key("a witness", outlet="Lamp", credit="(Reuters) ", **GENERIC) == key(
        "a witness", outlet="Star", credit="(Reuters) ", **GENERIC
    )
    assert key("a witness", outlet="Lamp", **GENERIC) != key("a witness", outlet="Star", **GENERIC)
