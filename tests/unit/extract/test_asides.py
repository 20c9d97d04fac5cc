"""Words of events that are no events beside the one they stand with."""

from __future__ import annotations

import pytest

from tocsin.pipeline import read_text


def kinds(text: str) -> list[str]:
    return [one.kind for one in read_text(text).events]


@pytest.mark.parametrize(
    ("text", "own", "aside"),
    [
        ("The colonel was convicted of murder by a court in Bern.", "convict", "killing"),
        ("The colonel was convicted and later acquitted of murder by a court in Bern.", "convict", "killing"),
        ("Two Danes accused of fraud were arrested by police in Goa.", "arrest", "accuse"),
        ("A Danish priest who was accused of stabbing a boy was arrested by police.", "arrest", "stabbing"),
        ("Belgium condemned Chad at a meeting in Namur.", "condemn", "meet"),
        ("Belgium and Chad met in Namur to deepen cooperation in trade.", "meet", "cooperate"),
    ],
)
def test_an_aside_is_left_out_and_the_event_beside_it_stays(text: str, own: str, aside: str) -> None:
    assert own in kinds(text)
    assert aside not in kinds(text)


def test_a_statistic_is_no_event() -> None:
    assert kinds("Kidnappings fell by a third in Karvel last year.") == []


@pytest.mark.parametrize(
    ("text", "kind", "other"),
    [
        ("The Danish candidate was dismissed by critics as a dreamer.", None, "reject"),
        ("Denmark dismissed the proposal as a dream.", "reject", None),
        ("Anna Holm resigned from the party to write poems.", None, "resignation"),
        ("Anna Holm resigned from the government of Denmark.", "resignation", None),
        ("A Danish driver was arrested for speeding.", None, "arrest"),
        ("A guard of the Danish army aimed his rifle at marchers.", "weapons-deployment", None),
        ("The Danish minister vowed to deal firmly with Togo.", "threaten", None),
        ("A judge in Goa sentenced the Dane to two years in prison.", "imprisonment", "convict"),
    ],
)
def test_private_senses_are_no_events_and_public_ones_are(text: str, kind: str | None, other: str | None) -> None:
    found = kinds(text)
    assert (kind is None or kind in found) and other not in found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The colonel was convicted of the murder of nine monks by a court in Bern.", "convict"),
        ("The colonel was convicted of the murder of nine monks by a court in Bern.", "assassination|killing"),
        ("Ghana accused Togo of theft.", "accuse"),
        ("The ministers of Ghana and Togo met in Lome.", "meet"),
        ("Kidnappings by the rebels rose again in May.", "abduction"),
    ],
)
def test_what_has_parties_of_its_own_is_kept(text: str, kind: str) -> None:
    assert set(kind.split("|")) & set(kinds(text))
