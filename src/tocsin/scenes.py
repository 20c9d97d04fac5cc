"""Where an event was when its own sentence does not say: the scene that the page has set.

A scene is the place of the last event told, and it holds until another place is named, another day or another time is
spoken of, or the paragraph ends. A dateline sets none: it is where the report was sent from. Each place given here says
in its rule that it is inferred. A sentence that tells of long ago, or of what is only feared or planned, neither takes the
scene of the news nor sets it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from tocsin.extract.events import Draft
from tocsin.parsed import ParsedDocument, Sentence
from tocsin.records import Event, Place, Why
from tocsin.stretches import ByStart

_TOLD = frozenset({"happened", "reported", "alleged", "denied", "background"})
_PLACED = frozenset({"ASSAULT", "PROTEST", "COERCE", "RETREAT"})
_SETTING = frozenset(
    {"ASSAULT", "PROTEST", "COERCE", "RETREAT", "MOBILIZE", "NONE"}
)  # what sets a scene: deeds, not words
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_NOT_WHERE = frozenset({"demonym", "in-organisation"})
_Inferred = tuple[tuple[str, ...], str]
_BACK = 200  # events back among which 'the attack' is looked for


def with_scenes(
    parsed: ParsedDocument, events: Sequence[Event], drafts: Sequence[Draft], places: Sequence[Place]
) -> list[Event]:
    """The events, those without a place that the page's scene gives one; `drafts` are in the same order."""
    known = {one.id: one for one in places}
    named = ByStart(one for one in places if one.rule not in _NOT_WHERE)
    found = list(events)
    for n, event in enumerate(found):
        if event.place or event.status not in _TOLD:
            continue
        if not (drafts[n].kind.harm or event.event_type in _PLACED or _has_there(parsed, drafts[n])):
            continue
        before = found[max(n - _BACK, 0) : n]
        where, rule = _scene(parsed, before, event, drafts[n], _Names(known, named))
        if where:
            spans = tuple(parsed.span(known[one].start, known[one].end) for one in where)
            found[n] = replace(event, place=where, why=(*event.why, Why(cell="place", rule=rule, spans=spans)))
    return found


@dataclass(slots=True, frozen=True)
class _Names:
    """The places of a page: all by their ids, and those that say where something is in the order of the text."""

    known: Mapping[str, Place]
    where: ByStart[Place]


def _scene(parsed: ParsedDocument, before: Sequence[Event], event: Event, draft: Draft, names: _Names) -> _Inferred:
    sentence = parsed.sentences[draft.sentence]
    if _has_there(parsed, draft):
        low = parsed.sentences[max(sentence.index - 1, 0)].start
        return _there(names.where.starting_in(low, event.trigger.start))
    if draft.nominal and any(one.lower in _DEFINITE for one in sentence.children_by(draft.token, "det")):
        for one in reversed(before):
            if one.incident is not None and one.incident == event.incident and one.place and _same_time(one, event):
                return one.place[:1], "place:inferred-from-incident"
    return _of_paragraph(parsed, sentence, before, event, draft, names)


def _has_there(parsed: ParsedDocument, draft: Draft) -> bool:
    """'arrested there': the word hangs on the trigger."""
    sentence = parsed.sentences[draft.sentence]
    return any(one.lower == "there" and one.dep == "advmod" for one in sentence.child_tokens(draft.token))


def _there(near: Sequence[Place]) -> _Inferred:
    """The place last named, in this sentence or the one before: 'a riot there'."""
    return ((near[-1].id,), "place:inferred-from-there") if near else ((), "")


def _of_paragraph(
    parsed: ParsedDocument, sentence: Sentence, before: Sequence[Event], event: Event, draft: Draft, names: _Names
) -> _Inferred:
    """The place of the last event of the paragraph that had one, while nothing has moved the scene.

    A paragraph that goes on with those whom the page knows ('The raiders set fire …') keeps the scene of the one before.
    """
    known = _of_the_known(sentence, draft)
    for one in reversed(before):
        at = parsed.sentence_at(one.trigger.start)
        if at is None or at.paragraph < sentence.paragraph - known:
            break
        if one.place and one.status in _TOLD and one.event_type in _SETTING:
            moved = _moved(event.trigger.start, at, names, one.place)
            kept = one.place if at is sentence else one.place[:1]
            return ((), "") if moved or not _same_time(one, event) else (kept, "place:inferred-from-paragraph")
    return (), ""


def _of_the_known(sentence: Sentence, draft: Draft) -> bool:
    """Whether who did it, or to whom, is a definite noun: 'the raiders', 'the base'; a name or 'they' may be anybody."""
    parties = sentence.children_by(draft.token, "nsubj", "nsubjpass", "dobj")
    return any(
        one.lower == "the" for party in parties if party.tag != "NNP" for one in sentence.children_by(party, "det")
    )


def _moved(until: int, at: Sentence, names: _Names, scene: Sequence[str]) -> bool:
    """Whether another place is named between the sentence that set the scene and this event's word."""
    told = {names.known[one].text for one in scene}
    return any(one.text not in told for one in names.where.starting_in(at.end, until))


def _same_time(one: Event, other: Event) -> bool:
    """Whether two events are of one horizon, and of one day where both days are known."""
    if one.horizon != other.horizon:
        return False
    days = one.time.value, other.time.value
    return (
        "stated" not in (one.time.basis, other.time.basis)
        or None in days
        or days[0] == days[1]
        or ("published" in (one.time.basis, other.time.basis))
    )
