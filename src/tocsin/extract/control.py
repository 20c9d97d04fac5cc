"""Who holds which place: 'rebel-held Idlib', 'still in rebel hands', 'seized from government forces in 2015'.

A row needs a place and a holder. Rows of one sentence about one place are one row: the clause that says who lost it and
the clause that says who has it are read together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tocsin import rulefiles
from tocsin.extract import grammar
from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Place, Time
from tocsin.stretches import ByStart

SpanOf = tuple[int, int]
_HELD = re.compile(
    r"(?:\b(?:forces?|army|group|state|government|opposition|regime)[ -])?\b([\w’'-]+)[- ](held|controlled|occupied|run|ruled|dominated)\b",
    re.I,
)
_HOLDS = frozenset({"control", "hold", "occupy", "govern", "rule", "administer", "dominate"})
_TAKES = frozenset(
    {
        "seize",
        "capture",
        "recapture",
        "retake",
        "take",
        "overrun",
        "liberate",
        "conquer",
        "reclaim",
        "regain",
        "occupy",
        "wrest",
    }
)
_TAKES_ALONE = _TAKES - {"take", "regain"}  # these need 'control of' or a place as their object
_HANDS = frozenset({"hand", "control", "rule", "occupation", "grip"})
_SEATS = frozenset({"bastion", "stronghold", "enclave", "redoubt", "foothold", "heartland"})
CONTROL_WORDS = _HOLDS | _TAKES | _HANDS | _SEATS | {"held", "controlled", "occupied", "took", "taken"}
_BESIDES = (["east"], ["west"], ["north"], ["south"])
_GROUND = frozenset(
    {
        "territory",
        "part",
        "area",
        "swathe",
        "swath",
        "city",
        "town",
        "village",
        "province",
        "district",
        "region",
        "land",
        "chunk",
        "half",
        "most",
    }
)


@dataclass(slots=True)
class ControlDraft:
    """A holding as read: spans of holder and loser, the place, the word to judge."""

    sentence: int
    token: Token
    place: Place
    rule: str
    holders: list[SpanOf] = field(default_factory=list)
    losers: list[SpanOf] = field(default_factory=list)
    since: str | None = None


def find_control(parsed: ParsedDocument, places: Sequence[Place], times: Sequence[Time]) -> list[ControlDraft]:
    """Every holding that the parsed sentences state of a place that is named in them."""
    found: list[ControlDraft] = []
    where = ByStart(one for one in places if one.rule != "demonym")
    when = ByStart(times)
    for sentence in parsed.sentences:
        inside = where.starting_in(sentence.start, sentence.end) if sentence.tokens else []
        if inside:
            found += _joined(_of_sentence(sentence, inside, when.starting_in(sentence.start, sentence.end)))
    return found


def _of_sentence(sentence: Sentence, places: list[Place], times: list[Time]) -> Iterator[ControlDraft]:
    yield from _held_places(sentence, places)
    for token in sentence.tokens:
        if token.is_verb and token.lemma in _HOLDS and token.dep not in ("amod", "aux"):
            yield from _holding(sentence, token, places, times)
        if token.is_verb and token.lemma in _TAKES:
            yield from _taking(sentence, token, places, times)
        if token.is_noun and token.lemma in _HANDS:
            yield from _in_hands(sentence, token, places)
        if token.is_noun and token.lemma in _SEATS:
            yield from _seat(sentence, token, places)


def _held_places(sentence: Sentence, places: list[Place]) -> Iterator[ControlDraft]:
    """'rebel-held Idlib', 'government-controlled parts of Aleppo'."""
    for match in _HELD.finditer(sentence.text):
        start, end = match.start(1) + sentence.start, match.end() + sentence.start
        after = [one for one in places if 0 <= one.start - end <= 40]
        token = sentence.token_at(end - len(match.group(2)), end)
        holder = sentence.token_at(start, match.end(1) + sentence.start)
        if (
            not after
            or token is None
            or holder is None
            or not (holder.tag[:2] in ("NN", "JJ") or holder.text[:1].isupper())
            or "." in sentence.text[match.end() : after[0].start - sentence.start]
            or _is_whole(sentence, after[0], end)
        ):
            continue
        yield ControlDraft(
            sentence.index,
            token,
            after[0],
            f"control:X-{match.group(2).lower()}",
            [(start, match.end(1) + sentence.start)],
        )


def _is_whole(sentence: Sentence, place: Place, start: int) -> bool:
    """'rebel-held areas in Syria', 'a bastion east of Homs': some of the country, or a place beside, and not it."""
    words = sentence.text[start - sentence.start : place.start - sentence.start].lower().split()
    return (place.feature == "country" and len(words) > 0) or words[-2:-1] in _BESIDES or "outside" in words


def _holding(sentence: Sentence, verb: Token, places: list[Place], times: list[Time]) -> Iterator[ControlDraft]:
    """'X holds Y', 'Y has been held by X since 2021'."""
    since = next((one.value for one in times if _is_since(sentence, one) and _hangs_on(sentence, one, verb)), None)
    slots = grammar.verb_slots(sentence, verb)
    for one in slots.object:
        place = _place_of(sentence, one, places)
        if place is not None and slots.subject and (place.start <= one.start < place.end or one.lemma in _GROUND):
            holders = _spans(sentence, slots.subject)
            yield ControlDraft(sentence.index, verb, place, f"control:{verb.lemma}", holders, since=since)


def _taking(sentence: Sentence, verb: Token, places: list[Place], times: list[Time]) -> Iterator[ControlDraft]:
    """'captured Y from Z', 'took control of Y', 'Seized from Z in 2015, Y ...'."""
    slots = grammar.verb_slots(sentence, verb)
    objects = list(slots.object)
    for one in slots.object:
        if one.lemma == "control":
            objects = slots.preps.get("of", []) + [
                t for p in sentence.children_by(one, "prep") for t in sentence.children_by(p, "pobj")
            ]
    if verb.lemma not in _TAKES_ALONE and objects is slots.object:
        return
    for one in objects:
        place = _place_of(sentence, one, places)
        if place is None or not (place.start <= one.start < place.end or one.lemma in _GROUND):
            continue
        since = next((time.value for time in times if _hangs_on(sentence, time, verb)), None)
        yield ControlDraft(
            sentence.index,
            verb,
            place,
            f"control:{verb.lemma}",
            _spans(sentence, slots.subject),
            _spans(sentence, slots.preps.get("from", [])),
            since,
        )


def _in_hands(sentence: Sentence, noun: Token, places: list[Place]) -> Iterator[ControlDraft]:
    """'in rebel hands', 'under the control of the army', 'returned to government control'."""
    prep = sentence.tokens[noun.head]
    if prep.dep != "prep" or prep.lower not in ("in", "under", "to", "into"):
        return
    holders = [
        one
        for one in sentence.children_by(noun, "compound", "poss", "amod", "nmod")
        if one.is_noun or one.text[:1].isupper() or one.lemma in rulefiles.words("agents")
    ]
    holders += [
        one
        for child in sentence.children_by(noun, "prep")
        if child.lower == "of"
        for one in sentence.children_by(child, "pobj")
    ]
    clause = next((one for one in sentence.ancestors(noun) if one.is_verb), None)
    subjects = grammar.own_subject(sentence, clause) if clause is not None else []
    place = next((found for one in subjects if (found := _place_of(sentence, one, places))), None)
    if place is None:
        earlier = [one for one in places if one.end <= noun.start]
        place = earlier[0] if len({one.name or one.text for one in earlier}) == 1 else None
    if holders and place is not None:
        yield ControlDraft(sentence.index, noun, place, "control:in-hands", _spans(sentence, holders))


def _seat(sentence: Sentence, noun: Token, places: list[Place]) -> Iterator[ControlDraft]:
    """'Idlib has become the rebels' final bastion', 'the rebel stronghold of Idlib'."""
    holders = [one for one in sentence.children_by(noun, "poss", "compound", "nmod") if one.is_noun]
    holders += [
        one
        for child in sentence.children_by(noun, "prep")
        if child.lower == "of"
        for one in sentence.children_by(child, "pobj")
        if not _place_of(sentence, one, places)
    ]
    head = sentence.tokens[noun.head]
    near = [
        *sentence.subtree(noun),
        *(sentence.children_by(head, "nsubj") if noun.dep in ("attr", "oprd", "dobj") else []),
    ]
    place = next((found for one in near if (found := _place_of(sentence, one, places))), None)
    if place is not None and noun.end <= place.start and _is_whole(sentence, place, noun.end):
        return
    holders = [one for one in holders if place is None or not place.start <= one.start < place.end]
    if holders and place is not None:
        yield ControlDraft(sentence.index, noun, place, f"control:{noun.lemma}", _spans(sentence, holders))


def _place_of(sentence: Sentence, token: Token, places: list[Place]) -> Place | None:
    """The place that the token names, or that its noun phrase holds ('parts of the province of X')."""
    start, end = token.start, token.end
    for one in places:
        if one.start <= start < one.end:
            return one
    start, end = grammar.phrase(sentence, token)
    return next((one for one in places if start <= one.start < end), None)


def _is_since(sentence: Sentence, time: Time) -> bool:
    before = [token.lower for token in sentence.tokens if token.start < time.start][-1:]
    return before == ["since"] or sentence.text[time.start - sentence.start :].lower().startswith("since")


def _hangs_on(sentence: Sentence, time: Time, verb: Token) -> bool:
    token = sentence.token_at(time.start, time.end)
    if token is None or not time.value[:1].isdigit():
        return False
    above = next((one for one in sentence.ancestors(token) if one.is_verb), None)
    return above is verb


def _spans(sentence: Sentence, tokens: Sequence[Token]) -> list[SpanOf]:
    return [grammar.phrase(sentence, one) for one in tokens]


def _joined(drafts: Iterator[ControlDraft]) -> list[ControlDraft]:
    """One row a place; a row that still has no holder after that states no control and is dropped."""
    by_place: dict[str, ControlDraft] = {}
    for draft in drafts:
        name = draft.place.name or draft.place.text
        known = by_place.setdefault(name, draft)
        if known is not draft:
            known.holders = known.holders or draft.holders
            known.losers = known.losers or draft.losers
            known.since = known.since or draft.since
            known.rule = f"{known.rule}+{draft.rule}"
    return [one for one in by_place.values() if one.holders]
