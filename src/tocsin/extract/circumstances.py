"""Where and when of an event: which of the places and times that the page names are this event's own.

A place or time belongs to the trigger whose clause it stands in. What is only inferred says so; what the page does not
say stays unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin import rulefiles
from tocsin.extract.events import Draft
from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import EventTime, Horizon, Place, Time

_LOCATIVE = frozenset(
    [
        "in",
        "at",
        "near",
        "on",
        "outside",
        "around",
        "across",
        "inside",
        "within",
        "through",
        "over",
        "off",
        "along",
        "between",
        "from",
        "into",
        "toward",
        "towards",
        "to",
        "north",
        "south",
        "east",
        "west",
        "throughout",
        "by",
        "against",
        "of",
    ]
)
_DOERS = ("nsubj", "nsubjpass", "agent")
_NOT_WHERE = ("demonym", "in-organisation")  # words of a place's name that say whose, not where
_PRECISION = {"exact": 0, "area": 1, "admin": 2, "country": 3, "unresolved": 2}
_GRAIN = {4: "year", 7: "month", 10: "day"}


def event_places(
    sentence: Sentence, draft: Draft, places: Sequence[Place], roles: Sequence[tuple[int, int]]
) -> tuple[list[Place], str]:
    """The places of an event, the narrowest first, and the rule that chose them.

    `places` are those of the sentence; `roles` the spans of actors, whose state names say who and not where.
    """
    places = [one for one in places if one.rule not in _NOT_WHERE]
    free = [one for one in places if not _inside(one, roles)]
    of_target = [one for one in places if _inside(one, [*draft.recipients]) and one.feature != "country"]
    below = [one for one in free if _distance(sentence, draft.token, one) is not None]
    for found, rule in (
        ([one for one in below if _distance(sentence, draft.token, one) == 0], "place:under-trigger"),
        (of_target, "place:target"),
        ([one for one in below if _distance(sentence, draft.token, one) == 1], "place:below-trigger"),
        (below, "place:same-clause"),
        (_settings(sentence, free) if len(free) == 1 else [], "place:only-one-in-sentence"),
    ):
        if found:
            return sorted(found, key=lambda one: (_PRECISION[one.precision], one.start))[:3], rule
    return [], ""


def _settings(sentence: Sentence, places: Sequence[Place]) -> list[Place]:
    """The places that say where and not whence or whose: not 'a woman visiting from X', not 'the town's mayor'."""
    found = []
    for one in places:
        token = sentence.token_at(one.start, one.end)
        clauses = [above.dep for above in sentence.ancestors(token)] if token is not None else ["acl"]
        said = token is None or token.dep in ("poss", *_DOERS) or sentence.tokens[token.head].lower == "from"
        if not said and "acl" not in clauses and "relcl" not in clauses:
            found.append(one)
    return found


def _inside(place: Place, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place.start and place.end <= end for start, end in spans)


def _distance(sentence: Sentence, trigger: Token, place: Place | Time) -> int | None:
    """0 where the stretch hangs on the trigger itself, 1 where deeper below it, 2 below the verb above; None elsewhere.

    'attacked in Idlib' is 0; 'talks with the leaders of Iran' is 1 for Iran; another clause's places are None.
    """
    token = sentence.token_at(place.start, place.end)
    if token is None:
        return None
    above = sentence.tokens[trigger.head]
    hops, climb, below = 0, token, token
    for _ in range(16):
        if climb is not token and climb.i in (trigger.i, above.i) and climb.is_verb and below.dep in _DOERS:
            return None  # 'Kigali denies that ...': who says so, not where
        below = climb
        if climb.i == trigger.i:
            return 0 if hops <= 1 else 1
        if climb.i == above.i and above is not trigger:
            return 2 if hops <= 1 else 3
        if (
            climb.is_verb
            and climb.dep in ("ROOT", "ccomp", "conj", "advcl", "relcl", "acl", "pcomp")
            and climb.i != token.i
        ):
            return None
        if climb.head == climb.i:
            return None
        hops += climb.dep == "pobj" and not _within_name(sentence, climb)
        climb = sentence.tokens[climb.head]
    return None


def _within_name(sentence: Sentence, token: Token) -> bool:
    """'the town of Saraqeb', 'the province of Idlib in the north': one place said at length."""
    prep = sentence.tokens[token.head]
    return sentence.tokens[prep.head].lemma in rulefiles.words("places") and prep.lower in ("of", "in")


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
        found = [one for one in dated if _distance(sentence, draft.token, one) in wanted]
        if found:
            nearest = min(found, key=lambda one: abs(one.start - draft.start))
            return _stated(nearest), rule
    free = [one for one in dated if not _owned_by_other_verb(sentence, draft.token, one)]
    if len(free) == 1:
        return _stated(free[0]), "time:only-one-in-sentence"
    if horizon == "current" and published:
        return EventTime(
            value=published[:10], precision=_GRAIN.get(len(published[:10]), "day"), basis="published"
        ), "time:published"
    return EventTime(), "time:unknown"


def _stated(time: Time) -> EventTime:
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
        if above.is_verb:
            return not any(one is above for one in sentence.ancestors(trigger)) or above.lemma in (
                "say",
                "tell",
                "announce",
                "report",
                "add",
            )
    return False


def inferred_place(parsed: ParsedDocument, draft: Draft, placed: dict[int, list[Place]]) -> tuple[list[Place], str]:
    """Where the sentence names no place: that of the event sentence before it in the same paragraph."""
    here = parsed.sentences[draft.sentence]
    before = parsed.sentences[here.index - 1] if here.index else None
    if before is not None and before.paragraph == here.paragraph and placed.get(before.index):
        return placed[before.index][:1], "place:inferred-from-sentence-before"
    return [], ""
