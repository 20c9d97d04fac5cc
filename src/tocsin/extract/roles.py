"""Who did it and to whom: the fillers of a trigger's slots, kept where they are somebody.

A role is filled by people, bodies, states, never by a lawsuit, a weapon or a Monday. Where the slot holds a thing, the
somebody behind it is looked for: whose request was rejected, against whom the suit was filed, who wrote the report.
What was acted on but is nobody is kept apart in `objects`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tocsin import rulefiles
from tocsin.codebook import Frame, Kind
from tocsin.extract import grammar
from tocsin.extract.behind import behind, within
from tocsin.extract.cues import Candidate, Match
from tocsin.extract.parties import can_fill, is_somebody, somebody_words
from tocsin.extract.responsibility import answerable
from tocsin.extract.targets import targets_of
from tocsin.parsed import Sentence, Token

SpanOf = tuple[int, int]
_VERB_ACTOR, _VERB_RECIPIENT = ("subject",), ("object", "indirect")
_HARM_RECIPIENT = (
    *_VERB_RECIPIENT,
    *(
        f"prep:{one}"
        for one in ("at", "on", "into", "against", "upon", "onto", "inside", "through", "toward", "towards")
    ),
)
_SPEECH_RECIPIENT = (
    *_VERB_RECIPIENT,
    *(f"prep:{one}" for one in ("against", "to", "with", "on", "at", "upon", "into", "from", "over")),
    "comp-object",
)
_NOUN_ACTOR = ("by", "light", "poss", "amod", "compound")
_NOUN_RECIPIENT = (
    "object",
    "of",
    *(f"prep:{one}" for one in ("on", "against", "at", "upon", "targeting", "with", "to")),
)
_HIT = ("object", "of", "prep:on", "prep:at", "prep:against", "prep:into", "prep:upon")  # what is there is what was hit
_SUFFERED = (
    frozenset(  # 'the judge's murder' is done to the judge; only 'the rebels' killing of the judge' names a doer
        {"killing", "assassination", "execution", "abduction", "death", "wounding", "torture", "arrest", "deportation"}
    )
)
_NO_VICTIMS = frozenset(  # of harm: polities, ideas, and words for a toll, which is a figure
    {"side", "power", "peace", "order", "country", "nation", "dead", "wounded", "injured", "casualty"}
)
_STATES = frozenset({"country", "nation"})
_GIVEN = ("indirect", "prep:to")  # whoever gets comes before what is given
_SPEECH_TYPES = frozenset(
    {"ACCUSE", "SUPPORT", "REJECT", "REQUEST", "THREATEN", "AGREE", "CONSULT", "CONCEDE", "SANCTION"}
)
REPORTING = frozenset({"say", "tell", "report", "add", "state", "note", "confirm", "announce", "write", "see"})
_HELPING = frozenset({"help", "assist", "support", "aid", "back"})
_HELPFUL = frozenset({"AID", "COOPERATE", "SUPPORT", "AGREE", "MOBILIZE", "REQUEST", "CONSULT"})
_MOVED_BY = frozenset(
    {"send", "deploy", "mobilize", "mobilise", "dispatch", "withdraw", "pull", "contribute", "move", "fly"}
)
_WHERE_TO = ("prep:to", "prep:into", "prep:against", "prep:from", "prep:in", "prep:for")  # before those who are moved
_PARTS = frozenset(
    {"front", "side", "part", "outskirt", "vicinity", "entrance", "gate", "facade", "portion", "section"}
)
_MUST = frozenset({"must", "should", "ought", "shall"})
_FIGHTERS = frozenset(
    "terrorist guerrilla rebel militant fighter commando insurgent gunman extremist troop soldier element subversive member column cell squad".split()
)


@dataclass(slots=True)
class Roles:
    """The spans that fill a trigger's roles, with the slot that each role came from."""

    actors: list[SpanOf] = field(default_factory=list)
    recipients: list[SpanOf] = field(default_factory=list)
    objects: list[SpanOf] = field(default_factory=list)
    instruments: list[SpanOf] = field(default_factory=list)
    targets: list[tuple[int, int, str]] = field(default_factory=list)
    rules: dict[str, str] = field(default_factory=dict)
    pronouns: dict[str, list[SpanOf]] = field(
        default_factory=dict
    )  # by role, those that were answered by an antecedent


def fill_roles(sentence: Sentence, candidate: Candidate, best: Match) -> Roles:
    """The roles of a trigger, from the slots that the frame or kind names, else from the usual ones."""
    roles = Roles()
    actor, recipient = _slot_names(best.kind, best.frame, nominal=candidate.nominal)
    if candidate.token.lemma in rulefiles.words("giving_verbs") and not candidate.nominal:
        recipient = (*_GIVEN, *(one for one in recipient if one not in _GIVEN))
    if candidate.nominal and best.kind.kind in _SUFFERED and not candidate.slots.fillers(sentence, "of"):
        actor, recipient = tuple(one for one in actor if one != "poss"), ("poss", *recipient)
    if not candidate.nominal and _moves_people(sentence, candidate.token, candidate.slots.object):
        recipient = (*_WHERE_TO, *(one for one in recipient if one not in _WHERE_TO))
    used: set[int] = {candidate.token.i}
    for role, names in (("actor", actor), ("recipient", recipient)):
        _fill_role(sentence, candidate, best.kind, role, names, used, roles)
    if not roles.recipients and not candidate.nominal and best.kind.type in _HELPFUL:
        _add_helped(sentence, candidate, roles)
    if not roles.actors or best.kind.type == "REQUEST" or _is_pronoun(sentence, roles.actors):
        _speaker_as_actor(sentence, candidate, best.kind, roles)
    if candidate.nominal and best.kind.harm:
        _add_answerable(sentence, candidate.token, roles)
    _add_instruments(candidate, sentence, roles)
    return roles


def _fill_role(
    sentence: Sentence, candidate: Candidate, kind: Kind, role: str, names: Sequence[str], used: set[int], roles: Roles
) -> None:
    """The first slot with somebody in it; a thing in an earlier slot lends whoever stands behind it."""
    for name in names:
        fillers = [_whole(sentence, one) for one in _sent_to(sentence, candidate, name)]
        fillers = [one for one in fillers if one.i not in used and can_fill(one, name)]
        if kind.harm:
            fillers = _not_towns(sentence, fillers, role, name, roles)
        weapons = [one for one in fillers if kind.harm and _is_instrument(sentence, one, role)]
        attacks = rulefiles.words("attacks")
        roles.instruments += [
            grammar.phrase(sentence, one) for one in weapons if _counted(sentence, one).lemma not in attacks
        ]
        rest = [one for one in fillers if one not in weapons]
        taken = [one for one in rest if is_somebody(_counted(sentence, one))]
        if not taken and rest:
            roles.objects += [grammar.phrase(sentence, one) for one in rest]
            taken = behind(sentence, rest[0], role, used, within=within(kind)) or (
                [one for one in rest[:1] if _is_named(sentence, one)] if role == "recipient" else []
            )
        if taken:
            used |= {one.i for one in taken}
            spans = _joined(sentence, taken) or [span for one in taken for span in _mentions(sentence, one)]
            (roles.actors if role == "actor" else roles.recipients).extend(spans)
            roles.rules[role] = f"syntax:{name}" if taken[0] in rest else f"syntax:behind-{name}"
            if role == "recipient" and (kind.harm or kind.physical or kind.codes.muc4):
                roles.targets += [found for one in taken for found in targets_of(sentence, one)]
            return


def _moves_people(sentence: Sentence, verb: Token, moved: list[Token]) -> bool:
    """Whether the object is people whom the actor moves about: 'sent troops to X', 'withdrew its police from X'."""
    if verb.lemma not in _MOVED_BY:
        return False
    lists = ("soldiers", "police", "agents", "officials")
    people = frozenset().union(*(rulefiles.words(name) for name in lists))
    heads = [_counted(sentence, one) for one in moved]
    return any(one.lemma in people or one.lower in people for one in heads)


def _sent_to(sentence: Sentence, candidate: Candidate, name: str) -> list[Token]:
    """The fillers of a slot; of 'offered to send troops to X', whose inner object is moved about, X."""
    for verb in candidate.slots.comp if name == "comp-object" else ():
        inner = grammar.verb_slots(sentence, verb)
        if verb.dep == "xcomp" and _moves_people(sentence, verb, inner.object):
            found = [one for where in _WHERE_TO for one in inner.fillers(sentence, where)]
            if found:
                return found[:1]
    return candidate.slots.fillers(sentence, name)


def _add_helped(sentence: Sentence, candidate: Candidate, roles: Roles) -> None:
    """'sent a shipment to help X': whom a purpose clause of helping names, where no slot names a recipient."""
    below = [candidate.token, *candidate.slots.object]
    clauses = [one for token in below for one in sentence.children_by(token, "xcomp", "advcl", "acl", "relcl")]
    for clause in clauses:
        if clause.lemma not in _HELPING:
            continue
        slots = grammar.verb_slots(sentence, clause)
        named = slots.object or [one for verb in slots.comp for one in grammar.own_subject(sentence, verb)]
        helped = [one for one in named if is_somebody(one) and can_fill(one, "object")]
        if helped:
            roles.recipients = [span for one in helped for span in _mentions(sentence, one)]
            roles.rules["recipient"] = "syntax:helped"
            return
    _add_helped_state(sentence, clauses, roles)


def _add_helped_state(sentence: Sentence, clauses: Sequence[Token], roles: Roles) -> None:
    """'gave money to promote health in X': the state in which the purpose lies; a town is only the place."""
    for clause in clauses:
        if not any(one.lower == "to" for one in sentence.children_by(clause, "aux")):
            continue
        slots = grammar.verb_slots(sentence, clause)
        nouns = [*slots.object, *(one for found in slots.preps.values() for one in found)]
        inner = [*slots.preps.get("in", []), *(one for noun in nouns for one in _named_in(sentence, noun))]
        states = [one for one in inner if one.tag == "NNP" and not one.place and is_somebody(one)]
        if states:
            roles.recipients = [grammar.phrase(sentence, one) for one in states]
            roles.rules["recipient"] = "syntax:helped-state"
            return


def _named_in(sentence: Sentence, noun: Token) -> list[Token]:
    preps = [one for one in sentence.children_by(noun, "prep") if one.lower in ("in", "of", "for")]
    return [one for prep in preps for one in sentence.children_by(prep, "pobj")]


def _add_answerable(sentence: Sentence, noun: Token, roles: Roles) -> None:
    """Those who claim the deed or are blamed for it are its doers as far as the page tells, where it names no others."""
    named = [one for one in answerable(sentence, noun) if can_fill(one, "subject") and is_somebody(one)]
    if named and not roles.actors:
        spans = [span for one in named for span in _mentions(sentence, one)]
        roles.actors = [span for span in spans if span not in roles.recipients]
        roles.rules["actor"] = "syntax:answerable"


def _joined(sentence: Sentence, taken: list[Token]) -> list[SpanOf]:
    """'another 40 politicians and activists': common nouns that share their first words are one mention; else none."""
    if len(taken) != 2 or taken[1].dep != "conj" or taken[1].head != taken[0].i:
        return []
    first, last = taken
    between = sentence.tokens[first.i + 1 : last.i]
    plain = all(one.tag in ("NN", "NNS") for one in taken) and len(between) == 1 and between[0].lower == "and"
    shared = sentence.children_by(first, "det", "nummod", "amod", "poss")
    if not plain or not shared:
        return []
    return [(grammar.phrase(sentence, first)[0], grammar.phrase(sentence, last)[1])]


def _mentions(sentence: Sentence, token: Token) -> list[SpanOf]:
    """The phrase of a filler; 'rebels of the X Front' are two mentions, the rebels and the Front."""
    if token.lemma in _FIGHTERS:
        for prep in sentence.children_by(token, "prep"):
            bodies = [one for one in sentence.children_by(prep, "pobj") if one.tag[:3] == "NNP" and prep.lower == "of"]
            if bodies:
                start, _ = grammar.phrase(sentence, token)
                return [(start, token.end), *(grammar.phrase(sentence, one) for one in bodies)]
    return [grammar.phrase(sentence, token)]


def _is_named(sentence: Sentence, token: Token) -> bool:
    """Whether a thing is somebody's by name: 'Chinese goods', 'the UN plan'; what is done to it is done to them."""
    if token.lemma in rulefiles.words("agreements") or token.lemma in rulefiles.words("talks"):
        return False
    owners = sentence.children_by(token, "compound", "amod", "nmod")
    return any(one.tag[:3] == "NNP" or one.lower in rulefiles.words("proper") for one in owners)


def _is_pronoun(sentence: Sentence, spans: list[SpanOf]) -> bool:
    return len(spans) == 1 and any(
        one.start == spans[0][0] and one.end == spans[0][1] and one.tag == "PRP" for one in sentence.tokens
    )


def _speaker_as_actor(sentence: Sentence, candidate: Candidate, kind: Kind, roles: Roles) -> None:
    """'X said it shot down', 'X said the detention was unacceptable': the clause's doer is who says it.

    Only where the clause has a pronoun for its subject, or is itself a verdict and so an act of the speaker. Who is quoted calls
    himself 'I' or 'we': 'he' and 'they' of his own words are others.
    """
    verb = candidate.token if candidate.token.is_verb else sentence.tokens[candidate.token.head]
    above = sentence.tokens[verb.head]
    if verb.dep != "ccomp" or not above.is_verb or above.lemma not in REPORTING:
        return
    subject = sentence.children_by(verb, "nsubj", "nsubjpass")
    own = ("we", "i") if sentence.is_quoted(verb) else ("it", "they", "he", "she", "we", "i")
    pronoun = not candidate.slots.passive and bool(subject) and subject[0].lower in own
    verdict = candidate.nominal and candidate.token.tag[:2] == "JJ" and kind.type in _SPEECH_TYPES
    demand = kind.type == "REQUEST" and any(one.lower in _MUST for one in sentence.children_by(verb, "aux"))
    if demand and not roles.recipients:
        roles.recipients, roles.actors = roles.actors, []
    if pronoun or verdict or demand:
        speakers = [one for one in grammar.own_subject(sentence, above) if can_fill(one, "subject")]
        if not speakers:
            return
        roles.actors = [grammar.phrase(sentence, one) for one in speakers]
        roles.rules["actor"] = "syntax:subject-of-saying"


def _slot_names(kind: Kind, frame: Frame | None, *, nominal: bool) -> tuple[Sequence[str], Sequence[str]]:
    """The slots of actor and recipient: the frame's word, else the kind's, else the usual ones."""
    of_kind = kind.noun_roles if nominal else kind.roles
    named = [one for one in (frame.roles if frame else None, of_kind) if one is not None]
    actor = next((one.actor for one in named if one.actor is not None), _NOUN_ACTOR if nominal else _VERB_ACTOR)
    recipient = next((one.recipient for one in named if one.recipient is not None), None)
    usual = _NOUN_RECIPIENT if nominal else _HARM_RECIPIENT if kind.harm else _SPEECH_RECIPIENT
    if recipient is None:
        return actor, usual
    # a named slot that stays empty is backed by the usual ones, unless the codebook closes the role with an empty list
    return actor, (
        *recipient,
        *(one for one in usual if one not in recipient and one not in actor),
    ) if recipient else ()


def _counted(sentence: Sentence, token: Token) -> Token:
    """What a counting noun counts: 'dozens of villagers' are villagers; a bare number counts people."""
    if token.lemma in rulefiles.words("quantity_nouns"):
        inner = [one for prep in sentence.children_by(token, "prep") for one in sentence.children_by(prep, "pobj")]
        return inner[0] if inner else token
    return token


def _not_towns(sentence: Sentence, fillers: list[Token], role: str, slot: str, roles: Roles) -> list[Token]:
    """The fillers without names of towns: where harm was done is the place, and no party to it.

    A town that was itself hit ('shelled Idlib', 'the attack on Idlib') is kept as a target. After 'in' only people
    and things are parties: 'the bombing in Lebanon'. Polities and ideas are nobody's victims: 'attacks on the country'.
    """
    towns = [one for one in fillers if one.place and one.tag[:3] == "NNP" and one.lemma not in somebody_words()]
    if role == "recipient" and slot in _HIT:
        roles.targets += [(*grammar.phrase(sentence, one), "physical") for one in towns]
    if slot == "prep:in":
        known = rulefiles.words("things") | rulefiles.words("people") | rulefiles.words("civilians")
        towns += [one for one in fillers if one.lemma not in known]
    if role == "recipient":
        states = _STATES if slot == "object" else frozenset()  # a country can be invaded; an attack on it is talk
        towns += [one for one in fillers if one.lemma in _NO_VICTIMS - states]
    return [one for one in fillers if one not in towns]


def _whole(sentence: Sentence, token: Token) -> Token:
    """What a word for a part of something stands for: 'in front of a bank', 'the gates of the base' are bank and base."""
    if token.lemma not in _PARTS:
        return token
    inner = [
        one
        for prep in sentence.children_by(token, "prep")
        for one in sentence.children_by(prep, "pobj")
        if prep.lower == "of"
    ]
    return inner[0] if inner else token


def _is_instrument(sentence: Sentence, token: Token, role: str = "actor") -> bool:
    """Whether a noun is a weapon or an attack and not somebody: 'a car bomb killed', 'dozens of rockets'.

    A vehicle is a weapon as what does the harm, never as what it is done to: 'fired at the car'.
    """
    token = _counted(sentence, token)
    if role == "recipient" and token.lemma in rulefiles.words("vehicles"):
        return False
    return token.lemma in rulefiles.words("instruments") and (token.tag[:3] != "NNP" or token.text.isupper())


def _add_instruments(candidate: Candidate, sentence: Sentence, roles: Roles) -> None:
    """'with rockets', 'using barrel bombs', 'rocket attack'; a bomb that is itself the event's word."""
    weapons = rulefiles.words("instruments") - rulefiles.words("attacks")
    if candidate.nominal and candidate.token.lemma in weapons and not roles.instruments:
        roles.instruments.append(grammar.phrase(sentence, candidate.token))
    for name in ("with", "using", "by", "in", "from", "compound"):
        for one in candidate.slots.preps.get(name, []):
            carried = name in ("in", "from", "compound") and one.lemma in rulefiles.words("vehicles")
            if one.lemma in weapons and one.i != candidate.token.i and not carried:
                roles.instruments.append(grammar.phrase(sentence, one))
    roles.instruments = sorted(set(roles.instruments))
