"""Where an event took place: which of the places that the page names are this event's own.

A place belongs to the trigger whose clause it stands in, by a locative phrase, as what was hit, or as the modifier of the
noun. Where somebody spoke, came from or belongs to says nothing of it. Of 'X, near Y in Z' the place is X: the others
tell a reader where X is, and the place's own row holds that. What is only inferred says so in its rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from tocsin import rulefiles
from tocsin.extract.events import Draft
from tocsin.extract.roles import REPORTING
from tocsin.parsed import Sentence, Token
from tocsin.records import Place, Time

DOERS = ("nsubj", "nsubjpass", "agent")
_NOT_WHERE = ("demonym", "in-organisation")  # words of a place's name that say whose, not where
_PRECISION = {"exact": 0, "unresolved": 0, "area": 1, "admin": 2, "country": 3}
_WIDER = ("admin", "country")
_MOST = 5
_SPEECH = frozenset({"REQUEST", "REJECT", "ACCUSE", "AGREE", "THREATEN", "SUPPORT"})
_LEAVING = frozenset({"RETREAT", "SANCTION"})  # 'fled from', 'withdrew from', 'expelled from' tell where
_GOING = frozenset({"MOBILIZE", "AID", "COOPERATE", "CONSULT", "SANCTION", "RETREAT"})  # 'sent to', 'flew to'
_NEVER = frozenset({"with", "for", "about", "as", "like", "than", "by", "of", "without", "including", "under"})
_WIDE = frozenset(
    {"in", "inside", "across", "throughout", "within", "into", "over", "off", "on", "near", "around", "at"}
)
_STANDING = frozenset({"in", "at", "near", "outside", "inside", "on"})
_TAKEN = frozenset(
    "capture seize retake recapture take storm enter occupy attack shell bomb hit raid besiege liberate overrun pound".split()
)  # what is done to a place sets the scene of the clauses beside it
_ORDER = frozenset({"after", "before", "since", "because", "although", "if", "until"})
_NO_SETTING = frozenset(
    """process accord agreement deal pact treaty government regime administration official resident court spokesman talks
    police team club side delegation group embassy office bureau correspondent native""".split()
)  # nouns that a place modifies to say whose or which, not where
_WITNESSES = frozenset(
    {
        "resident",
        "villager",
        "inhabitant",
        "mayor",
        "townspeople",
        "local",
        "hospital",
        "neighbour",
        "neighbor",
        "medic",
    }
)
# who speak of other towns too
_VISITORS = frozenset({"doctor", "nurse", "surgeon", "paramedic", "activist", "rescuer"})
_THE_TOWN = frozenset({"town", "city", "village", "suburb", "district", "camp", "neighbourhood", "neighborhood"})
_MODIFIERS = ("compound", "nmod", "poss", "amod")
_CLAUSES = ("ROOT", "ccomp", "conj", "advcl", "relcl", "acl", "pcomp")
_BESIDE = frozenset(
    """, ( in of the on a at near outside close to from north south east west northern southern eastern western northeast
    northwest southeast southwest north-east north-west south-east south-west central km kilometers kilometres miles mile
    kilometre kilometer another main nearby away just about some around few several border coast edge outskirts suburb suburbs
    also last big large small largest biggest second third key strategic remote highland coastal mountainous desert rural
    ancient historic regency commune mostly mainly its poor crowded busy""".split()
)
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
Found = tuple[list[Place], str]


def event_places(sentence: Sentence, draft: Draft, places: Sequence[Place], roles: Sequence[tuple[int, int]]) -> Found:
    """The places of an event, the narrowest first, and the rule that chose them.

    `places` are those of the sentence; `roles` the spans of actors, whose state names say who and not where.
    """
    named = [
        one for one in places
        if (one.rule not in _NOT_WHERE or _is_of(sentence, draft, one)) and not _is_dateline(sentence, one)
    ]  # fmt: skip
    heads = innermost(sentence, named)
    free = [one for one in heads if not _inside(one, roles) or modifies(sentence, draft, one)]
    of_target = [
        one for one in heads
        if _inside(one, draft.recipients) and _is_hit(draft, one) and not _of_office(sentence, one)
    ]  # fmt: skip
    near = {one.start: at for one in free if (at := _near(sentence, draft, one)) is not None}
    for found, rule in (
        ([one for one in free if near.get(one.start) == 0], "place:under-trigger"),
        (of_target, "place:target"),
        ([one for one in heads if draft.kind.harm and _owns_target(sentence, draft, one)], "place:of-target"),
        ([one for one in free if near.get(one.start) == 1], "place:below-trigger"),
        ([one for one in free if one.start in near], "place:same-clause"),
        (_settings(sentence, draft, heads) if len(heads) == 1 else [], "place:only-one-in-sentence"),
        ([one for one in free if draft.kind.harm and _beside_doer(sentence, draft, one)], "place:beside-doer"),
        ([one for one in heads if draft.kind.forceful and _of_witness(sentence, draft, one)], "place:of-witness"),
    ):
        if found:
            within = [one for one in free if one.start in near and any(_holds(wide, one) for wide in found)]
            return _narrowest([*found, *(one for one in within if one not in found)]), rule
    return _by_its_other_words(sentence, draft, places, roles)


def _by_its_other_words(
    sentence: Sentence, draft: Draft, places: Sequence[Place], roles: Sequence[tuple[int, int]]
) -> Found:
    """The places of the words folded into the event: 'the bomb that killed a guard in X' was in X."""
    for start, end in draft.folded:
        token = sentence.token_at(start, end)
        if token is not None and token is not draft.token:
            found = event_places(
                sentence, replace(draft, token=token, nominal=not token.is_verb, folded=[]), places, roles
            )
            if found[0]:
                return found
    return [], ""


def _narrowest(found: Sequence[Place]) -> list[Place]:
    """At most `_MOST`, the narrowest first; a province or country in which one of the others lies says nothing more."""
    ordered = sorted(found, key=lambda one: (_PRECISION[one.precision], one.start))
    towns = [one for one in ordered if one.precision == "exact"]
    wide = [one for one in ordered if any(_holds(one, town) for town in towns)]
    return [one for one in ordered if one not in wide][:_MOST]


def _holds(wide: Place, town: Place) -> bool:
    """Whether the town lies in that country or province, as far as the gazetteer tells."""
    if wide.precision not in _WIDER or wide.country is None or wide.country != town.country:
        return False
    return wide.precision == "country" or (wide.admin1 is not None and wide.admin1 == town.admin1)


def _is_of(sentence: Sentence, draft: Draft, place: Place) -> bool:
    """'the siege of X', 'clashes in X', where the model took X for an organisation: the trigger's own phrase says where."""
    token = sentence.token_at(place.start, place.end) if place.rule == "in-organisation" else None
    prep = sentence.tokens[token.head] if token is not None and token.dep == "pobj" else None
    return prep is not None and prep.head == draft.token.i and prep.lower in _STANDING | {"of"} and draft.nominal


def _owns_target(sentence: Sentence, draft: Draft, place: Place) -> bool:
    """'X's market was shelled', 'fired on X port': the thing that was hit is in the town that it is named by."""
    token = sentence.token_at(place.start, place.end)
    things = [one for one in draft.roles.targets if one[2] == "physical"]
    if token is None or not things or place.feature == "country" or token.dep not in ("poss", "compound", "nmod"):
        return False
    head = sentence.tokens[token.head]
    return any(start <= head.start < end for start, end, _ in things)


def _is_dateline(sentence: Sentence, place: Place) -> bool:
    """A name in capitals in front of a sentence that has small letters: where the report was sent from."""
    if not (place.text.isupper() and len(place.text) > 3) or sentence.text.isupper():
        return False
    before = [token for token in sentence.tokens if token.end <= place.start]
    return not before or before[-1].tag not in ("IN", "TO", "DT", "JJ")


def _beside_doer(sentence: Sentence, draft: Draft, place: Place) -> bool:
    """'Raids by warplanes in X killed nine': the phrase hangs on whoever did it, and mostly tells where they did it."""
    token = sentence.token_at(place.start, place.end)
    if (
        token is None
        or _link(sentence, token) not in ("in", "at", "near", "outside")
        or not _tells_where(sentence, draft, place, token)
    ):
        return False
    below = token
    for above in sentence.ancestors(token):
        if above.i == draft.token.i:
            return below.dep in DOERS
        if above.is_verb and above.dep not in ("acl", "amod"):
            return False
        below = above
    return False


def _of_witness(sentence: Sentence, draft: Draft, place: Place) -> bool:
    """'Residents of X said soldiers burned houses', 'the mayor of X': those who live in a town tell what happened there."""
    token = sentence.token_at(place.start, place.end)
    if token is None or place.precision in _WIDER:
        return False
    chain = [token, *sentence.ancestors(token)]
    witness = next((one for one in chain if one.lemma in _WITNESSES | _VISITORS and one.dep == "nsubj"), None)
    if witness is None or sentence.tokens[witness.head].lemma not in REPORTING:
        return False
    if witness.lemma in _VISITORS and not _speaks_of_the_town(sentence, draft):
        return False
    return any(one.i == witness.head for one in sentence.ancestors(draft.token))


def _speaks_of_the_town(sentence: Sentence, draft: Draft) -> bool:
    """Whether it befell 'the town', which is that of whoever speaks."""
    here = (one for one in sentence.subtree(draft.token) if one.lemma in _THE_TOWN)
    return any(the.lower in ("the", "their") for one in here for the in sentence.children_by(one, "det", "poss"))


def innermost(sentence: Sentence, places: Sequence[Place]) -> list[Place]:
    """The places without those that only tell where another one of them is: X of 'X, a town near Y in Z'."""
    ordered = sorted(places, key=lambda one: (one.start, -one.end))
    groups: list[list[Place]] = []
    for n, one in enumerate(ordered):
        last = groups[-1][-1] if groups else None
        if last is not None and one.start < last.end:
            continue  # a name within a name
        if last is not None and (_owns(sentence, last, one) or _beside(sentence, last, one, ordered[n + 1 : n + 2])):
            groups[-1].append(one)
        else:
            groups.append([one])
    return [_head(sentence, group) for group in groups]


def _head(sentence: Sentence, group: Sequence[Place]) -> Place:
    """The first of a chain, possessors skipped: 'Z's X' is in Z."""
    for one, after in pairwise(group):
        if not _owns(sentence, one, after):
            return one
    return group[-1]


def _between(sentence: Sentence, one: Place, other: Place) -> list[str]:
    return [token.lower for token in sentence.tokens if one.end <= token.start and token.end <= other.start]


def _owns(sentence: Sentence, one: Place, other: Place) -> bool:
    """'Ethiopia's Tigray', 'Syria's northern Idlib'; also 'northern Syria's'."""
    words = _between(sentence, one, other)
    return bool(words) and words[0] in _POSSESSIVE and set(words[1:]) <= _BESIDE - {","} and len(words) <= 3


def _beside(sentence: Sentence, one: Place, other: Place, following: Sequence[Place]) -> bool:
    """Whether the second place only tells where the first one is."""
    words = _between(sentence, one, other)
    known = rulefiles.words("places")
    if not words or len(words) > 9 or not all(word in _BESIDE or word in known or word[:1].isdigit() for word in words):
        return False
    if words != [","]:
        return not (words[0] in ("in", "to", "from", "on", "at") and _narrower(other, one)) and words[0] != "to"
    listed = following and {"and", "or"} & set(_between(sentence, other, following[0])) and len(following) == 1
    return _narrower(one, other) and not listed


def _narrower(one: Place, other: Place) -> bool:
    return _PRECISION[one.precision] < _PRECISION[other.precision]


def _inside(place: Place, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place.start and place.end <= end for start, end in spans)


def modifies(sentence: Sentence, draft: Draft, place: Place) -> bool:
    """Whether the place modifies an event noun: 'the Qamishli attack' is where, and nobody's. States are doers."""
    token = sentence.token_at(place.start, place.end)
    if token is None or not draft.nominal or place.feature == "country" or place.rule in _NOT_WHERE:
        return False
    return token.head == draft.token.i and token.dep in _MODIFIERS


def _is_hit(draft: Draft, place: Place) -> bool:
    """Whether a place among those acted on is where it was; a country is one that acts too, save where all of it is hit."""
    if draft.kind.type in _SPEECH or draft.kind.type == "CONSULT":
        return draft.kind.mode == "visit" or draft.kind.kind == "visit"
    whole = any((place.start, place.end) == span for span in draft.recipients)
    return place.feature != "country" or (draft.kind.harm and whole)


def _of_office(sentence: Sentence, place: Place) -> bool:
    """'The governor of X': whose office it is, wherever he is."""
    token = sentence.token_at(place.start, place.end)
    prep = sentence.tokens[token.head] if token is not None and token.dep == "pobj" else None
    return prep is not None and prep.lower == "of" and sentence.tokens[prep.head].lemma in rulefiles.words("officials")


def _near(sentence: Sentence, draft: Draft, place: Place) -> int | None:
    """As `distance`, None too where the phrase does not tell where the event was."""
    token = sentence.token_at(place.start, place.end)
    at = distance(sentence, draft.token, place)
    if at is None or token is None or not _tells_where(sentence, draft, place, token):
        return None
    if draft.kind.type in _SPEECH and (at != 0 or _link(sentence, token) not in _STANDING):
        return None  # 'denied sending troops to X', 'condemned the strike on X': another event's place
    above = sentence.tokens[draft.token.head]
    if at >= 2 and above.lemma in REPORTING and draft.token.dep not in ("dobj", "nsubj", "nsubjpass", "pobj"):
        return None  # 'he said in X': where somebody spoke
    return at


def _tells_where(sentence: Sentence, draft: Draft, place: Place, token: Token) -> bool:
    """Whether the preposition or the slot says where, for this kind of event."""
    kind, link = draft.kind, _link(sentence, token)
    if link == "":
        direct = token.dep in ("dobj", "nsubjpass") and (kind.type in _SPEECH or kind.type == "CONSULT")
        return not direct or kind.kind == "visit"  # 'discussed X': what about
    if link == "from":
        return kind.type in _LEAVING
    if link in ("to", "toward", "towards"):
        return kind.type in _GOING or kind.kind == "abduction"
    if link == "of":
        if _of_office(sentence, place):
            return False
        return draft.nominal or place.feature != "country"
    if place.feature == "country":
        return link in _WIDE
    return link not in _NEVER


def _link(sentence: Sentence, token: Token) -> str:
    """The preposition that a place hangs on, 'of' within a name climbed: 'in the town of X' is 'in'."""
    here = token
    for _ in range(6):
        head = sentence.tokens[here.head]
        if here.dep in ("pobj", "pcomp"):
            if head.lower == "of" and within_name(sentence, here):
                here = sentence.tokens[head.head]
                continue
            return head.lower
        if here.dep in ("compound", "nmod", "appos", "poss", "conj", "amod") and head.is_noun:
            if head.lemma in _NO_SETTING:
                return "under"
            here = head
            continue
        return ""
    return ""


def _settings(sentence: Sentence, draft: Draft, places: Sequence[Place]) -> list[Place]:
    """The places that say where and not whence or whose: not 'a woman visiting from X', not 'the town's mayor'."""
    if draft.kind.type in _SPEECH:
        return []
    found = []
    for one in places:
        token = sentence.token_at(one.start, one.end)
        if token is None or token.dep in ("poss", *DOERS) or not _tells_where(sentence, draft, one, token):
            continue
        if token.dep in _MODIFIERS and not _link(sentence, token) and _names_a_party(sentence, token):
            continue  # 'X rebels claim', 'a Y politician'
        clauses = [above.dep for above in sentence.ancestors(token)]
        if "acl" not in clauses and "relcl" not in clauses and _shares_scene(sentence, draft.token, token):
            found.append(one)
    return found


def _names_a_party(sentence: Sentence, token: Token) -> bool:
    """Whether the name modifies whoever acts in its clause: whose, not where."""
    while token.dep in _MODIFIERS and token.head != token.i:
        token = sentence.tokens[token.head]
    return token.dep in (*DOERS, "appos")


def _shares_scene(sentence: Sentence, trigger: Token, token: Token) -> bool:
    """Whether the clause that the place stands in is about the trigger's happening: its own, one above, below or beside.

    Not the clause of saying ('the mayor said in X'), nor what another verb was done to ('crossed X and destroyed').
    """
    verb = next((above for above in sentence.ancestors(token) if above.is_verb), None)
    if verb is None or verb.i == trigger.i:
        return True
    if verb.lemma in REPORTING or (token.dep == "dobj" and verb.lemma not in _TAKEN):
        return False
    if verb.dep == "advcl" and any(one.lower in _ORDER for one in sentence.child_tokens(verb)):
        return False  # 'the raid came after gunmen ambushed a convoy near X'
    above, below = list(sentence.ancestors(trigger)), list(sentence.ancestors(verb))
    related = any(one.i == verb.i for one in above) or any(one.i == trigger.i for one in below)
    return related or verb.head == trigger.head or any(one.i == trigger.head for one in below)


def distance(sentence: Sentence, trigger: Token, place: Place | Time) -> int | None:
    """0 where the stretch hangs on the trigger itself, 1 where deeper below it, 2 below the verb above; None elsewhere.

    'attacked in Idlib' is 0; 'talks with the leaders of Iran' is 1 for Iran; another clause's places are None.
    """
    token = sentence.token_at(place.start, place.end)
    if token is None:
        return None
    above = sentence.tokens[trigger.head]
    hops, climb, below = 0, token, token
    for _ in range(16):
        if climb is not token and climb.i in (trigger.i, above.i) and climb.is_verb and below.dep in DOERS:
            return None  # 'Kigali denies that ...': who says so, not where
        below = climb
        if climb.i == trigger.i:
            return 0 if hops <= 1 else 1
        if climb.i == above.i and above is not trigger:
            return 2 if hops <= 1 else 3
        if climb.is_verb and climb.dep in _CLAUSES and climb.i != token.i:
            return None
        if climb.head == climb.i:
            return None
        hops += climb.dep == "pobj" and not within_name(sentence, climb)
        climb = sentence.tokens[climb.head]
    return None


def within_name(sentence: Sentence, token: Token) -> bool:
    """'the town of Saraqeb', 'the province of Idlib in the north': one place said at length."""
    prep = sentence.tokens[token.head]
    return sentence.tokens[prep.head].lemma in rulefiles.words("places") and prep.lower in ("of", "in")
