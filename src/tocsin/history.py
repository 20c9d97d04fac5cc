"""What a page tells of long ago is background, wherever its date stands: before a colon, in the clause beside, a breath before.

`extract/status` judges a word by the dates in its own clause. Here, where each event has its time, three more are read: the
date that heads a paragraph of a chronology ('January 12: …'), the time that the event was given, and what the clause or the
sentence before told ('…; 900 people fled', 'A week later he resigned').
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from tocsin.extract.circumstances import stated
from tocsin.extract.events import Draft
from tocsin.extract.statement_spans import has_own_subject
from tocsin.extract.status_time import age_of_time, reference_date
from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Event, Time, Why

_TOLD = frozenset({"happened", "reported"})
_HEADED = re.compile(r"\s?(?::|[-–—]\s)")
_UP_TO_NOW = re.compile(r"\b(?:since|until|till|from|by)\s+(?:[a-z]+\s+){0,2}$", re.IGNORECASE)
_WHEN = re.compile(r"(?:\s+\d{4})?,?\s+(?:when|in which|on which|the day)\b")
_LATER = frozenset({"later", "afterwards", "then", "subsequently"})
_DEEDS = frozenset(
    {"ASSAULT", "PROTEST", "COERCE", "RETREAT", "NONE"}
)  # words and diplomacy come back to the news sooner
_CHRONOLOGY = 2  # paragraphs that begin with a date, from which on they are its entries


def with_history(
    parsed: ParsedDocument, events: Sequence[Event], drafts: Sequence[Draft], times: Sequence[Time]
) -> list[Event]:
    """The events, those told of long ago made `background`; `drafts` are in the same order, `times` have their ids."""
    found = list(events)
    published = reference_date(parsed)
    if published is None:
        return found
    heading = _headings(parsed, times)
    known = {one.id: one for one in times}
    for n, event in enumerate(found):
        sentence = parsed.sentences[drafts[n].sentence]
        event = _headed(event, heading.get(sentence.paragraph))
        time = known.get(event.time.span or "")
        if event.status in _TOLD and not _goes_on(sentence, drafts[n]):
            if time is not None and age_of_time(time, published) == "old" and not _reaches_now(parsed.text, time):
                event = _past(event, "dated-long-ago", time.start, time.end, parsed)
            elif time is None and (before := _told_before(parsed, found, drafts, n)) is not None:
                event = _past(event, "goes-on-from-background", before.trigger.start, before.trigger.end, parsed)
        found[n] = event
    return found


def _headings(parsed: ParsedDocument, times: Sequence[Time]) -> Mapping[int, Time]:
    """The dates that head paragraphs, by the paragraph's number; none unless there are several."""
    text, found = parsed.text, {}
    starts = {one.start: number for number, one in enumerate(parsed.paragraphs)}
    for one in times:
        number = starts.get(one.start)
        if number is not None and one.type == "DATE" and one.value[:1].isdigit() and _HEADED.match(text, one.end):
            found[number] = one
    return found if len(found) >= _CHRONOLOGY else {}


def _headed(event: Event, heading: Time | None) -> Event:
    """The event with the date of its entry, where its own sentence gave none."""
    if (
        heading is None
        or event.time.basis == "stated"
        or event.status not in (*_TOLD, "background", "denied", "alleged")
    ):
        return event
    why = [one for one in event.why if one.cell != "time"]
    return replace(event, time=stated(heading), why=(*why, Why(cell="time", rule="time:of-entry", spans=())))


def _past(event: Event, rule: str, start: int, end: int, parsed: ParsedDocument) -> Event:
    why = Why(cell="status", rule=rule, spans=(parsed.span(start, end),))
    return replace(event, status="background", horizon="background", why=(*event.why, why))


def _reaches_now(text: str, time: Time) -> bool:
    """'since April': not when it was; but 'since April 3, when ...' dates what the clause tells."""
    ahead = text[max(0, time.start - 24) : time.start]
    return bool(_UP_TO_NOW.search(ahead)) and not _WHEN.match(text, time.end)


def _goes_on(sentence: Sentence, draft: Draft) -> bool:
    """Whether the trigger is a verb in the present or the perfect: those reach into the news, whatever date stands by."""
    token = draft.token
    if not token.is_verb:
        return False
    return token.tag in ("VBZ", "VBP") or any(
        one.tag in ("VBZ", "VBP") for one in sentence.children_by(token, "aux", "auxpass")
    )


def _told_before(parsed: ParsedDocument, events: Sequence[Event], drafts: Sequence[Draft], n: int) -> Event | None:
    """The background that an undated event in the plain past goes on with; None where nothing says so."""
    if n == 0 or events[n - 1].status != "background" or not _plain_past(parsed, drafts[n]):
        return None
    here, before = drafts[n].sentence, drafts[n - 1].sentence
    between = parsed.text[drafts[n - 1].end : drafts[n].start]
    if here == before:
        return events[n - 1] if ";" in between else None
    if here != before + 1 or parsed.sentences[here].paragraph != parsed.sentences[before].paragraph:
        return None
    later = any(one.lower in _LATER for one in parsed.sentences[here].tokens)
    return events[n - 1] if later or events[n].event_type in _DEEDS else None


def _plain_past(parsed: ParsedDocument, draft: Draft) -> bool:
    sentence = parsed.sentences[draft.sentence]
    token: Token = draft.token
    while token.dep == "conj" and token.head != token.i and not has_own_subject(sentence, token):
        token = sentence.tokens[token.head]
    return token.tag == "VBD" or any(one.tag == "VBD" for one in sentence.children_by(token, "aux", "auxpass"))
