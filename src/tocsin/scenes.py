"""Where an event was when its own sentence does not say: the scene that the page has set.

A scene is the place of the last event told, and it holds until another place is named, another day or another time is
spoken of, or the paragraph ends. A dateline sets none: it is where the report was sent from. Each place given here says
in its rule that it is inferred. A sentence that tells of long ago, or of what is only feared or planned, neither takes the
scene of the news nor sets it.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tocsin.extract.events import Draft
from tocsin.parsed import ParsedDocument, Sentence
from tocsin.records import Event, Place, Why

_TOLD = frozenset({"happened", "reported", "alleged", "denied", "background"})
_PLACED = frozenset({"ASSAULT", "PROTEST"})
_SETTING = frozenset(
    {"ASSAULT", "PROTEST", "COERCE", "RETREAT", "MOBILIZE", "NONE"}
)  # what sets a scene: deeds, not words
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_NOT_WHERE = frozenset({"demonym", "in-organisation"})
_Inferred = tuple[tuple[str, ...], str]


def with_scenes(
    parsed: ParsedDocument, events: Sequence[Event], drafts: Sequence[Draft], places: Sequence[Place]
) -> list[Event]:
    """The events, those without a place that the page's scene gives one; `drafts` are in the same order."""
    known = {one.id: one for one in places}
    found = list(events)
    for n, event in enumerate(found):
        if event.place or not (drafts[n].kind.harm or event.event_type in _PLACED) or event.status not in _TOLD:
            continue
        where, rule = _scene(parsed, found[:n], event, drafts[n], known)
        if where:
            spans = tuple(parsed.span(known[one].start, known[one].end) for one in where)
            found[n] = replace(event, place=where, why=(*event.why, Why(cell="place", rule=rule, spans=spans)))
    return found


def _scene(
    parsed: ParsedDocument, before: Sequence[Event], event: Event, draft: Draft, known: dict[str, Place]
) -> _Inferred:
    sentence = parsed.sentences[draft.sentence]
    named = [one for one in known.values() if one.rule not in _NOT_WHERE and one.start < event.trigger.start]
    if any(one.lower == "there" and one.dep == "advmod" for one in sentence.child_tokens(draft.token)):
        return _there(parsed, sentence, named)
    if draft.nominal and any(one.lower in _DEFINITE for one in sentence.children_by(draft.token, "det")):
        for one in reversed(before):
            if one.incident is not None and one.incident == event.incident and one.place and _same_time(one, event):
                return one.place[:1], "place:inferred-from-incident"
    return _of_paragraph(parsed, sentence, before, event, known)


def _there(parsed: ParsedDocument, sentence: Sentence, named: Sequence[Place]) -> _Inferred:
    """The place last named, in this sentence or the one before: 'a riot there'."""
    last = max(named, key=lambda one: one.start, default=None)
    at = parsed.sentence_at(last.start) if last is not None else None
    if last is None or at is None or sentence.index - at.index > 1:
        return (), ""
    return (last.id,), "place:inferred-from-there"


def _of_paragraph(
    parsed: ParsedDocument, sentence: Sentence, before: Sequence[Event], event: Event, known: dict[str, Place]
) -> _Inferred:
    """The place of the last event of the paragraph that had one, while nothing has moved the scene."""
    for one in reversed(before):
        at = parsed.sentence_at(one.trigger.start)
        if at is None or at.paragraph != sentence.paragraph:
            break
        if one.place and one.status in _TOLD and one.event_type in _SETTING:
            moved = _moved(sentence, at, event, known, one.place)
            return ((), "") if moved or not _same_time(one, event) else (one.place[:1], "place:inferred-from-paragraph")
    return (), ""


def _moved(sentence: Sentence, at: Sentence, event: Event, known: dict[str, Place], scene: Sequence[str]) -> bool:
    """Whether another place is named between the event that set the scene and the end of this event's sentence."""
    names = {known[one].text for one in scene}
    return any(
        at.end <= one.start < sentence.end and one.text not in names and one.rule not in _NOT_WHERE
        for one in known.values()
    )


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
