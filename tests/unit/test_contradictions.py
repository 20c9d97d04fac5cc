"""What another source contradicts without a word of denial."""

from __future__ import annotations

import pytest

from tocsin.pipeline import read_text

CONTRADICTED = [
    ("Rebels said they had shot down a cargo plane near Gela on Wednesday. The army said it had crashed.", "shot"),
    ("Rights groups accuse the police of torturing detainees. The minister called the reports lies.", "torturing"),
    ("Rights groups say that hundreds of suspects have been tortured, which the army disputes.", "tortured"),
    (
        "Radio Sel said the Kerna militia had burned the village of Doma; the militia said it had never been there.",
        "burned",
    ),
]
LEFT = [
    ("Rebels said they had shot down a cargo plane near Gela on Wednesday. The army said two pilots died.", "shot"),
    ("Radio Sel said the Kerna militia had burned the village of Doma. The militia said it would not stop.", "burned"),
    ("Villagers say that police have tortured suspects. The minister called the men heroes.", "tortured"),
]


def status_of(text: str, trigger: str) -> tuple[str, bool]:
    event = next(one for one in read_text(text, published="2024-05-20").events if trigger in one.trigger.text)
    return event.status, any(why.rule == "contradicted" for why in event.why)


@pytest.mark.parametrize(("text", "trigger"), CONTRADICTED)
def test_another_account_denies(text: str, trigger: str) -> None:
    assert status_of(text, trigger) == ("denied", True)


@pytest.mark.parametrize(("text", "trigger"), LEFT)
def test_what_contradicts_nothing_denies_nothing(text: str, trigger: str) -> None:
    status, contradicted = status_of(text, trigger)
    assert status != "denied" and not contradicted
