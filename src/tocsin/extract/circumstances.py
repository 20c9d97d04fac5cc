"""When an event took place: which of the times that the page names is this event's own.

A time belongs to the trigger whose clause it stands in. What is only inferred says so; what the page does not
say stays unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.extract.event_places import distance
from tocsin.extract.events import Draft
from tocsin.extract.statement_spans import has_own_subject
from tocsin.parsed import Sentence, Token
from tocsin.records import EventTime, Horizon, Time

_GRAIN = {4: "year", 7: "month", 10: "day"}


def event_time(
    sentence: Sentence, draft: Draft, times: Sequence[Time], horizon: Horizon, published: str | None
) -> tuple[EventTime, str]:
    """When the event took or takes place, with how that is known, and the rule."""
    dated = [
        one
        for one in times
        if (one.type in ("DATE", "TIME") and one.value[:1].isdigit()) or one.value.startswith("XXXX")
    ]
    for wanted, rule in (((0, 1), "time:under-trigger"), ((2,), "time:clause-above")):
        found = [one for one in dated if distance(sentence, draft.token, one) in wanted]
        if found:
            nearest = min(found, key=lambda one: abs(one.start - draft.start))
            return stated(nearest), rule
    free = [one for one in dated if not _owned_by_other_verb(sentence, draft.token, one)]
    if len(free) == 1:
        return stated(free[0]), "time:only-one-in-sentence"
    if horizon == "current" and published:
        return EventTime(
            value=published[:10], precision=_GRAIN.get(len(published[:10]), "day"), basis="published"
        ), "time:published"
    return EventTime(), "time:unknown"


def stated(time: Time) -> EventTime:
    """The time of an event that the page dates with these words."""
    value = time.value.split("T")[0] if time.type == "TIME" else time.value
    return EventTime(value=value, precision=_grain(value), span=time.id or f"{time.start}", basis="stated")


def _grain(value: str) -> str | None:
    if "-W" in value:
        return "week"
    if value[5:6] == "Q" or value[5:7] in ("SP", "SU", "FA", "WI"):
        return "season"
    return _GRAIN.get(len(value), "decade" if len(value) == 3 else None)


def _owned_by_other_verb(sentence: Sentence, trigger: Token, time: Time) -> bool:
    """Whether the time hangs on a verb that is neither the trigger nor above it: 'said on Monday that ... killed'."""
    token = sentence.token_at(time.start, time.end)
    if token is None:
        return True
    for above in sentence.ancestors(token):
        if above is trigger:
            return False
        if above.is_verb and not _continues(sentence, above, trigger):
            return not any(one is above for one in sentence.ancestors(trigger)) or above.lemma in (
                "say",
                "tell",
                "announce",
                "report",
                "add",
            )
    return False


def _continues(sentence: Sentence, verb: Token, trigger: Token) -> bool:
    """'killed nine and wounded four at X on 3 May': the last of the verbs of one doer holds the date of all."""
    here = verb
    while here.dep == "conj" and here.head != here.i and not has_own_subject(sentence, here):
        here = sentence.tokens[here.head]
        if here is trigger:
            return True
    return False
