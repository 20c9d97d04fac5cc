"""Which count belongs to which trigger: by what stands next to what, and where that is silent by syntax.

Headlines and capitals are where parsers swap subject and object ('2 killed 10 injured'), and neighbourhood is where
they are plain; so neighbourhood goes first. It is read from right to left, since a count takes the trigger behind it
before the one in front: '2 killed 5 injured' is 2 killed, 'killed 2 injured 5' is 2 killed as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin import rulefiles
from tocsin.extract.figure_counts import Counted
from tocsin.extract.figure_triggers import Trigger, not_displaced
from tocsin.parsed import Sentence
from tocsin.records import FigureKind


@dataclass(slots=True)
class Link:
    """A count, what became of the counted, and the trigger that says so."""

    counted: Counted
    kind: FigureKind
    trigger: Trigger
    rule: str


_LIGHT = rulefiles.words("figure_between")
_LIGHT_LEFT = rulefiles.words("figure_before_count")
_JOINTS = rulefiles.words("figure_joints")
SMALLEST_PLACE = 100  # people; fewer who live somewhere are no population
_CROWD = 50  # so many without a noun are people where they flee or are trapped
_FARTHEST = 7  # tokens between a count's phrase and the trigger behind it


def adjacent_links(sentence: Sentence, counted: Sequence[Counted], triggers: Sequence[Trigger]) -> list[Link]:
    """Links by neighbourhood, each trigger used once on each side at most."""
    starts = {trigger.first: trigger for trigger in triggers}
    ends = {trigger.last: trigger for trigger in triggers}
    used: set[int] = set()
    made: dict[int, Link] = {}
    for number in range(len(counted) - 1, -1, -1):
        one = counted[number]
        limit = counted[number + 1].first if number + 1 < len(counted) else len(sentence.tokens)
        behind, front = _behind(sentence, one, starts, limit, used), _in_front(sentence, one, ends, used)
        link = behind or front
        if behind and front and _in_relative_clause(sentence, one, behind.trigger):
            link = front  # 'the bodies of three of the pilots who were captured'
        if (
            link is None
            and number + 1 in made
            and _joined(sentence, one, counted[number + 1])
            and made[number + 1].rule == "before"
        ):
            link = Link(one, made[number + 1].kind, made[number + 1].trigger, "before")
        if link is not None:
            used.add(link.trigger.first)
            made[number] = link
    _inherit(sentence, counted, made)
    _wholes_of_parts(sentence, counted, made)
    links = [made[number] for number in sorted(made)]
    return links + [more for link in links for more in _further_fates(sentence, link, counted, starts, ends)]


def _wholes_of_parts(sentence: Sentence, counted: Sequence[Counted], made: dict[int, Link]) -> None:
    """'left 61 people - including two scouts - dead': the trigger next to the part is the whole's too."""
    for number in range(len(counted) - 2, -1, -1):
        one, part, link = counted[number], counted[number + 1], made.get(number + 1)
        if number in made or link is None or link.rule != "before" or not fits(sentence, one, link.trigger):
            continue
        gap = [token.lower for token in sentence.tokens[one.last + 1 : part.first]]
        listed = not gap and sentence.headline and one.person and part.person  # '8 Teachers 2 Drivers Killed'
        if listed or (len(gap) <= 8 and ("including" in gap or gap[-2:] == ["among", "them"])):
            made[number] = Link(one, link.kind, link.trigger, "before")


def either_way(sentence: Sentence, link: Link, triggers: Sequence[Trigger]) -> Link:
    """'Killed or maimed 1,200 people' says neither how many were killed nor how many maimed: kind `other`."""
    tokens, here = sentence.tokens, link.trigger
    for other in triggers:
        first, second = (other, here) if other.first < here.first else (here, other)
        between = [token.lower for token in tokens[first.last + 1 : second.first]]
        kind = other.sense.after or other.sense.before
        if (
            between == ["or"]
            and other is not here
            and kind
            and kind != link.kind
            and link.rule in ("before", "after", "syntax")
        ):
            return Link(link.counted, "other", here, link.rule)
    return link


_LINKS_VERBS = frozenset({"and", "then", "later", "subsequently", ",", "before", "being", "or", "also", "were", "was"})


def _further_fates(
    sentence: Sentence, link: Link, counted: Sequence[Counted], starts: dict[int, Trigger], ends: dict[int, Trigger]
) -> list[Link]:
    """'19 men were rounded up and beheaded', 'kidnapped and beheaded 19 men': one count, two fates."""
    step, near, edge = (1, starts, link.trigger.last) if link.rule == "before" else (-1, ends, link.trigger.first)
    if link.rule not in ("before", "after"):
        return []
    i, seen = edge + step, set()
    while 0 <= i < len(sentence.tokens) and abs(i - edge) <= 4:
        other = near.get(i)
        if other is not None:
            kind = other.sense.before if step > 0 else other.sense.after
            free = not any(one.first == other.last + 1 or (step < 0 and one.last == other.first - 1) for one in counted)
            if (
                kind
                and kind != link.kind
                and "and" in seen
                and other.sense.verb
                and free
                and fits(sentence, link.counted, other)
            ):
                return [Link(link.counted, kind, other, "and")]
            return []
        if sentence.tokens[i].lower not in _LINKS_VERBS:
            return []
        seen.add(sentence.tokens[i].lower)
        i += step
    return []


def _in_relative_clause(sentence: Sentence, one: Counted, trigger: Trigger) -> bool:
    return any(
        token.lower in ("who", "whom", "that", "which") for token in sentence.tokens[one.last + 1 : trigger.first]
    )


def fits(sentence: Sentence, one: Counted, trigger: Trigger) -> bool:
    """Whether the counted can be what the trigger is said of."""
    head = sentence.tokens[one.head].lower if one.head is not None else ""
    if "population" in (trigger.sense.before, trigger.sense.after) and (one.quantity.best or 1000) < SMALLEST_PLACE:
        return False
    if "displaced" in (trigger.sense.before, trigger.sense.after) and head in not_displaced():
        return False
    crowd = one.bare and (one.quantity.best or one.quantity.low or 0) >= _CROWD  # 'thousands have fled'
    if crowd and {"displaced", "at-risk"} & {trigger.sense.before, trigger.sense.after}:
        return True
    place = one.bare and trigger.sense.after == "population"  # 'a town of 20,000'
    return not one.thing and (
        one.person
        or not trigger.sense.people
        or (one.bare and (one.among_people or place or trigger.sense.before == "at-risk"))
    )


def _behind(sentence: Sentence, one: Counted, starts: dict[int, Trigger], limit: int, used: set[int]) -> Link | None:
    """'12 people were killed', '12 dead', '12 deaths'."""
    i, steps = one.last + 1, 0
    if one.bare and i < limit and sentence.tokens[i].lower == "of":
        i += 1  # 'scores of bodies', 'dozens of wounded'
        i += i < limit and sentence.tokens[i].lower in ("them", "whom", "those")  # 'two of them wounded'
    past = _past_aside(sentence, i)
    if past > i:
        i, limit = past, max(limit, past + _FARTHEST)
        limit = min(limit, len(sentence.tokens))
    while i < limit and steps < _FARTHEST:
        trigger = starts.get(i)
        if trigger is not None:
            sense = trigger.sense
            if (
                sense.before
                and trigger.first not in used
                and fits(sentence, one, trigger)
                and not _is_active(sentence, trigger, limit, one)
                and not _is_modifier_noun(sentence, trigger)
            ):
                return Link(one, sense.before, trigger, "before")
            return None
        token = sentence.tokens[i]
        if token.lower not in _LIGHT and not (
            token.tag.startswith("RB") and token.lower not in ("not", "never", "n't")
        ):
            return None
        i, steps = i + 1, steps + 1
    return None


_CLOSES = {",": ",", "(": ")", "-LRB-": "-RRB-", "–": "–", "—": "—", "-": "-"}
_LONGEST_ASIDE = 16
_AUXILIARIES = frozenset("was were is are has have had may might could would will be been".split())


def _past_aside(sentence: Sentence, i: int) -> int:
    """Where the clause goes on behind an aside that begins at `i`, if an auxiliary follows it; else `i`.

    '38 people, mostly girls who had gone for wood, are missing', '50,000 people, the envoy said, may be stuck'.
    """
    tokens = sentence.tokens
    close = _CLOSES.get(tokens[i].text) if i < len(tokens) else None
    if close is None:
        return i
    for k in range(i + 2, min(i + _LONGEST_ASIDE, len(tokens) - 1)):
        if tokens[k].text == close and tokens[k + 1].lower in _AUXILIARIES:
            return k + 1
    return i


def _is_active(sentence: Sentence, trigger: Trigger, limit: int, one: Counted) -> bool:
    """'10 soldiers killed the commander': an object follows, and no form of 'be' stands before."""
    sense, following = trigger.sense, trigger.last + 1
    dual = sense.before is not None and sense.after is not None
    if not dual or sense.falls or (trigger.first == one.last + 1 and one.bare) or _auxiliary(sentence, trigger):
        return False
    if following >= min(len(sentence.tokens), limit):
        return False
    token = sentence.tokens[following]
    objects = (
        ("DT", "PRP", "PRP$") if trigger.first == trigger.last else ("DT", "PRP", "PRP$", "NN", "NNS", "NNP", "NNPS")
    )
    return token.tag in objects and token.lower not in ("this", "that")


def _is_modifier_noun(sentence: Sentence, trigger: Trigger) -> bool:
    """'75 death certificates', 'six body bags': the trigger only modifies what is counted."""
    following = sentence.tokens[trigger.last + 1] if trigger.last + 1 < len(sentence.tokens) else None
    return sentence.tokens[trigger.last].tag == "NN" and following is not None and following.tag in ("NN", "NNS")


def _auxiliary(sentence: Sentence, trigger: Trigger) -> bool:
    """Whether a form of 'be' or 'get' makes the trigger a passive."""
    i = trigger.first - 1
    while i >= 0 and trigger.first - i <= 3:
        token = sentence.tokens[i]
        if token.lower in ("be", "been", "being", "is", "are", "was", "were", "get", "got", "gets", "getting"):
            return True
        if not token.tag.startswith("RB"):
            return False
        i -= 1
    return False


def _in_front(sentence: Sentence, one: Counted, ends: dict[int, Trigger], used: set[int]) -> Link | None:
    """'killed 12 people', 'the deaths of 12', 'population of 3,000'."""
    i, steps, by_of = one.first - 1, 0, False
    passive = ends.get(i - _accompaniment(sentence, i))  # '11 sentries were killed along with two cooks'
    if passive is not None and passive.last < i and passive.sense.before and fits(sentence, one, passive):
        return Link(one, passive.sense.before, passive, "with")
    while i >= 0 and steps < 4:
        trigger = ends.get(i)
        if trigger is not None:
            sense = trigger.sense
            kind = sense.of if by_of else sense.after
            if (
                kind is None
                or trigger.first in used
                or not fits(sentence, one, trigger)
                or (sense.verb and not by_of and _auxiliary(sentence, trigger))
            ):
                return None
            return Link(one, kind, trigger, "of" if by_of else "after")
        lower = sentence.tokens[i].lower
        if lower not in _LIGHT_LEFT:
            return None
        by_of = by_of or lower == "of"
        i, steps = i - 1, steps + 1
    return None


def _accompaniment(sentence: Sentence, i: int) -> int:
    """How many words up to `i` say that more are counted: 'along with', 'as well as'; 0 for none."""
    words = [token.lower for token in sentence.tokens[max(0, i - 2) : i + 1]]
    if words == ["as", "well", "as"] or words == ["in", "addition", "to"]:
        return 3
    return 2 if words[-2:] in (["along", "with"], ["together", "with"]) else 0


def _joined(sentence: Sentence, first: Counted, second: Counted) -> bool:
    gap = [token.lower for token in sentence.tokens[first.last + 1 : second.first]]
    if not gap:
        return sentence.headline and first.person and second.person  # 'Landmines kill 9 soldiers 2 shepherds'
    if gap == ["in", "addition", "to"]:
        return True
    others = {"another", "a", "further", "the"}
    return (
        len(gap) <= 4
        and any(word in _JOINTS for word in gap)
        and all(word in _JOINTS or word in others for word in gap)
    )


def _inherit(sentence: Sentence, counted: Sequence[Counted], made: dict[int, Link]) -> None:
    """'killed 32 sailors and four porters': the second count shares the first one's trigger."""
    for number in range(1, len(counted)):
        before = made.get(number - 1)
        one = counted[number]
        if number in made or before is None or one.thing or before.rule not in ("after", "of", "shared", "before"):
            continue
        if before.rule == "before":
            if _died_elsewhere(sentence, before, one) and fits(sentence, one, before.trigger):
                made[number] = Link(one, before.kind, before.trigger, "before")
            continue
        whole = one.head is not None or one.number == len(sentence.tokens) - 1
        joined = _joined(sentence, counted[number - 1], one) and whole
        if (joined or _elsewhere(sentence, counted[number - 1], one)) and fits(sentence, one, before.trigger):
            made[number] = Link(one, before.kind, before.trigger, "shared")


def _died_elsewhere(sentence: Sentence, before: Link, one: Counted) -> bool:
    """'14 of their men died in Uribe and eleven civilians in Dabeiba': the verb is not said again."""
    gap = sentence.tokens[before.trigger.last + 1 : one.first]
    following = sentence.tokens[one.last + 1 : one.last + 2]
    return (
        2 <= len(gap) <= 9
        and gap[0].lower in ("in", "at", "near")
        and gap[-1].lower in ("and", ",")
        and not any(token.is_verb for token in gap)
        and (one.person or one.bare)
        and bool(following)
        and following[0].lower in ("in", "at", "near")
    )


def _elsewhere(sentence: Sentence, first: Counted, second: Counted) -> bool:
    """'killed 27 people in Kassala and 10 in Gedaref', 'killed 16 men of the frigate as well as three divers'."""
    gap = sentence.tokens[first.last + 1 : second.first]
    joint = next((i for i in range(len(gap), 0, -1) if gap[i - 1].lower not in _JOINTS), 0)
    adds = any(token.lower in ("and", "as", "plus", "addition") for token in gap[joint:])
    if not 2 <= joint < len(gap) <= 9 or gap[0].tag != "IN" or not adds:
        return False
    names = all(
        token.tag in ("NNP", "NNPS", "DT", "NN", "NNS", "JJ", ",", "HYPH", "-LRB-", "-RRB-") for token in gap[1:joint]
    )
    following = sentence.tokens[second.number + 1] if second.number + 1 < len(sentence.tokens) else None
    elsewhere = second.head is None and following is not None and following.tag == "IN"
    return names and (elsewhere or second.person)
