"""A bare noun of an incident already told is a mention; whatever says something new stays an event."""

from __future__ import annotations

from tocsin.mentions import fold_mentions
from tocsin.records import Event, Span, Status


def event(
    n: int, word: str, incident: str | None = "i1", actor: tuple[str, ...] = (), status: Status = "happened"
) -> Event:
    return Event(
        id=f"e{n}",
        trigger=Span(start=n, end=n + 1, text=word),
        event_type="ASSAULT",
        kind="attack",
        incident=incident,
        actor=actor,
        status=status,
    )


def test_the_attack_said_again_is_a_mention() -> None:
    events = fold_mentions(
        [event(1, "bombed", actor=("a1",)), event(2, "attack"), event(3, "fled", incident=None)], [False, True, False]
    )
    assert [one.trigger.text for one in events] == ["bombed", "fled"]
    assert [one.id for one in events] == ["e1", "e2"]
    assert [one.text for one in events[0].mentions] == ["attack"]


def test_a_noun_with_somebody_in_it_is_an_event() -> None:
    assert len(fold_mentions([event(1, "bombed"), event(2, "attack", actor=("a2",))], [False, True])) == 2


def test_a_possible_attack_is_no_mention_of_one_that_took_place() -> None:
    assert len(fold_mentions([event(1, "bombed"), event(2, "attack", status="possible")], [False, True])) == 2


def test_the_first_mention_of_an_incident_stays() -> None:
    assert len(fold_mentions([event(1, "attack"), event(2, "raid", incident="i2")], [True, True])) == 2
