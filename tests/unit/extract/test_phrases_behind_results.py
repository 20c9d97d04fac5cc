"""What became of somebody is no part of whom it befell; an event told again has the targets of the first telling."""

from __future__ import annotations

import pytest

from tocsin import read_text


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("Troops shot dead two farmers in Harim on Monday.", "two farmers"),
        ("Gunmen shot dead a teacher in Harim on Monday.", "a teacher"),
    ],
)
def test_dead_belongs_to_the_verb(text: str, whom: str) -> None:
    record = read_text(text)
    actors = {one.id: one.text for one in record.actors}
    found = [actors[one] for event in record.events for one in event.recipient]
    assert whom in found, found


def test_an_effect_has_the_targets_of_the_attack_that_did_it() -> None:
    record = read_text("A car bomb destroyed the post office of Marzan on Monday. The attack wounded four people.")
    targets = [[one.text for one in event.targets] for event in record.events]
    assert len(targets) >= 2
    assert targets[0] and all(one == targets[0] for one in targets), targets
