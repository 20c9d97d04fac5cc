"""Places under a special regime: de-escalation zones, no-fly zones, buffer zones, humanitarian corridors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Place
from tocsin.stretches import ByStart

_ZONE = re.compile(
    r"\b((?:de-?escalation|no-?fly|buffer|demilitari[sz]ed|safe|security|exclusion|neutral|free-fire|no-?go|disengagement|"
    r"deconfliction|de-?confliction|ceasefire|cease-fire|weapons-free|exclusive military|military exclusion|separation)"
    r"[ -](?:zone|area|line)s?|humanitarian corridors?|safe corridors?|grain corridor|safe havens?)\b",
    re.I,
)
_UNDER = re.compile(
    r"\b(?i:under|as part of|part of|in line with|agreed (?:at|in|under)|set up by|established by|brokered (?:in|under)|created by)\s+"
    r"(?:the |an? )?(?:ongoing |so-called |[0-9]{4} )?((?:[A-Z][\w’'-]*\s){1,4}(?:process|agreement|accord|accords|deal|memorandum|talks|treaty|protocol|pact|mandate|resolution))"
)
_FORBIDS = re.compile(
    r"\b(?:where|in which|within which)\s+([^,.;:]{3,80}?)\s+(?:is|are|were|was)\s+(?:\w+ly\s+)?(?:forbidden|banned|prohibited|outlawed|not allowed|barred)\b|"
    r"\b(?:forbid|forbids|forbidding|ban|bans|banning|bar|bars|barring|prohibit|prohibits|prohibiting)\s+([^,.;:]{3,80})",
)


@dataclass(slots=True)
class ZoneDraft:
    """A zone as read from one sentence."""

    sentence: int
    start: int
    end: int
    token: Token | None
    place: Place | None
    kind: str
    under: str | None
    forbids: str | None


def find_zones(parsed: ParsedDocument, places: Sequence[Place]) -> list[ZoneDraft]:
    """Each zone that a sentence names, once a kind and place."""
    found: dict[tuple[str, str | None], ZoneDraft] = {}
    where = ByStart(one for one in places if one.rule != "demonym")
    for sentence in parsed.sentences:
        for draft in _of_sentence(sentence, where):
            found.setdefault((draft.kind, draft.place.name if draft.place else None), draft)
    return list(found.values())


def _of_sentence(sentence: Sentence, where: ByStart[Place]) -> Iterator[ZoneDraft]:
    for match in _ZONE.finditer(sentence.text):
        places = where.starting_in(sentence.start, sentence.end)
        start, end = match.start() + sentence.start, match.end() + sentence.start
        kind = re.sub(r"s$", "", match.group(1).lower())
        under, forbids = _UNDER.search(sentence.text), _FORBIDS.search(sentence.text)
        yield ZoneDraft(
            sentence.index, start, end, sentence.token_at(start, end), _place_near(sentence, start, end, places), kind,
            under.group(1).strip() if under else None,
            next((one.strip() for one in forbids.groups() if one), None) if forbids else None,
        )  # fmt: skip


def _place_near(sentence: Sentence, start: int, end: int, places: list[Place]) -> Place | None:
    """What is the zone: the subject of 'designated as a zone', else the place after 'in'/'over', else the nearest one."""
    if not places:
        return None
    subject = _subject_above(sentence, start, end)
    for token in subject:
        for one in places:
            if one.start <= token.start < one.end:
                return one
    following = [one for one in places if 0 <= one.start - end <= 60]
    return following[0] if following else min(places, key=lambda one: (abs(one.start - start), one.start))


def _subject_above(sentence: Sentence, start: int, end: int) -> list[Token]:
    token = sentence.token_at(start, end)
    if token is None:
        return []
    verb = next((one for one in sentence.ancestors(token) if one.is_verb), None)
    return sentence.children_by(verb, "nsubj", "nsubjpass") if verb is not None else []
