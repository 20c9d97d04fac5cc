"""Who is the subject of a verb, what is its object, how far a noun phrase goes: syntax read for roles.

All slots are logical ones: the subject of a passive is an object, its `by` phrase a subject, and a participle's head noun
is whichever of the two its form makes it. Works on `parsed` types alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tocsin import rulefiles
from tocsin.parsed import Sentence, Token

_SUBJECTS = ("nsubj", "csubj")
_PASSIVE_SUBJECTS = ("nsubjpass", "csubjpass")
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_CONTROL_BY_SUBJECT = frozenset({"promise", "threaten", "vow", "pledge", "agree", "offer", "refuse", "decide", "plan"})
_BLAMING = frozenset(
    {"accuse", "suspect", "convict", "blame", "acquit", "charge", "arrest", "jail", "try", "implicate", "sentence"}
)
_NP_PARTS = frozenset({"det", "amod", "compound", "nummod", "nmod", "poss", "quantmod", "predet", "case", "nounmod"})
_HYPHENS = frozenset("-–—/'’`")
_MOVING = frozenset({"plough", "plow", "crash", "slam", "veer", "careen"})  # no passives: 'a truck ploughed into'
_DEEPEST = 12  # clauses climbed in search of a subject; deeper is a list or broken text


@dataclass(slots=True)
class Slots:
    """The fillers of a verb's or noun's grammatical slots, each a head token, in the order of the text."""

    subject: list[Token] = field(default_factory=list)
    object: list[Token] = field(default_factory=list)
    indirect: list[Token] = field(default_factory=list)
    comp: list[Token] = field(default_factory=list)
    preps: dict[str, list[Token]] = field(default_factory=dict)
    passive: bool = False

    def fillers(self, sentence: Sentence, name: str) -> list[Token]:
        """The fillers of a slot as codebook files name it; none for a name that this trigger has not."""
        if name.startswith("prep:"):
            return self.preps.get(name[5:], [])
        if name == "comp":
            return [one for verb in self.comp for one in clause_subject(sentence, verb)]
        if name == "comp-object":
            return [one for verb in self.comp if verb.dep == "xcomp" for one in _objects(sentence, verb)]
        if name in ("subject", "object", "indirect"):
            found: list[Token] = getattr(self, name)
            return found
        return self.preps.get(name, [])


def verb_slots(sentence: Sentence, verb: Token) -> Slots:
    """The slots of a verb, logical subject and object with all their conjuncts."""
    slots = Slots(passive=is_passive(sentence, verb))
    subject = own_subject(sentence, verb)
    if slots.passive:
        slots.object = subject
        slots.subject = _agents(sentence, verb)
        later = _objects(sentence, verb)
        slots.indirect = later if slots.object else []
    else:
        slots.subject = subject or _agents(sentence, verb)
        slots.object = _objects(sentence, verb) or _shared_object(sentence, verb)
        slots.indirect = [one for child in sentence.children_by(verb, "dative") for one in _dative(sentence, child)]
    _fill_phrases(sentence, verb, slots)
    return slots


def is_passive(sentence: Sentence, verb: Token) -> bool:
    """Whether the verb's grammatical subject is what is acted on."""
    if any(sentence.tokens[i].dep in ("nsubjpass", "auxpass", "csubjpass") for i in verb.children):
        return True
    if verb.lemma in _MOVING:
        return False
    if verb.tag == "VBN" and verb.dep in ("acl", "advcl", "amod", "relcl", "ROOT", "oprd", "ccomp", "conj"):
        has_aux = any(sentence.tokens[i].dep == "aux" for i in verb.children)
        if verb.dep == "conj":
            head = sentence.tokens[verb.head]
            own = any(sentence.tokens[i].dep in ("nsubj", "dobj") for i in verb.children)
            return not has_aux and not own and head.is_verb and is_passive(sentence, head)
        own_object = any(sentence.tokens[i].dep == "dobj" for i in verb.children)
        return not has_aux and not own_object and not any(sentence.tokens[i].dep == "nsubj" for i in verb.children)
    return False


def own_subject(sentence: Sentence, verb: Token, depth: int = 0) -> list[Token]:
    """The grammatical subject: the verb's own, or the one it shares with the clause it hangs on."""
    own = sentence.children_by(verb, *_SUBJECTS, *_PASSIVE_SUBJECTS)
    if own:
        return [one for token in own for one in _antecedent(sentence, verb, token)]
    if depth > _DEEPEST or verb.head == verb.i:
        return []
    head = sentence.tokens[verb.head]
    if verb.dep in ("acl", "relcl", "amod") and head.is_noun:
        return [] if _to_infinitive(sentence, verb) and verb.dep == "acl" else [head]
    if verb.dep == "conj" and head.is_verb:
        return own_subject(sentence, head, depth + 1)
    if verb.dep in ("xcomp", "ccomp", "oprd") and head.is_verb:
        controllers = _objects(sentence, head) if head.lemma not in _CONTROL_BY_SUBJECT else []
        if is_passive(sentence, head):
            return own_subject(sentence, head, depth + 1)
        return controllers or (own_subject(sentence, head, depth + 1) if verb.dep != "ccomp" else [])
    if verb.dep == "advcl" and head.is_verb:
        return own_subject(sentence, head, depth + 1)
    if verb.dep == "pcomp":
        above = sentence.tokens[head.head]
        if above.lemma in _BLAMING and head.lower in ("of", "for", "with"):
            return _blamed(sentence, above)
        return own_subject(sentence, above, depth + 1) if above.is_verb and above is not verb else []
    return []


def _blamed(sentence: Sentence, verb: Token) -> list[Token]:
    """Whom 'accused X of bombing' says did it."""
    return own_subject(sentence, verb) if is_passive(sentence, verb) else _objects(sentence, verb)


def clause_subject(sentence: Sentence, verb: Token) -> list[Token]:
    """The logical subject of a verb, or the object of a passive: whom a demand that X do something is aimed at."""
    return own_subject(sentence, verb)


def conjuncts(sentence: Sentence, token: Token) -> list[Token]:
    """The token and all that are coordinated with it."""
    found, stack = [token], [token]
    while stack:
        here = stack.pop()
        for child in sentence.children_by(here, "conj"):
            if child.tag[:2] in ("NN", "PR", "CD", "JJ", "DT", "VB") and (not child.is_verb or not here.is_noun):
                found.append(child)
                stack.append(child)
    return sorted(found, key=lambda one: one.i)


_RESULTS = frozenset({"dead", "alive", "hostage", "captive", "prisoner"})


def phrase(sentence: Sentence, head: Token) -> tuple[int, int]:
    """The offsets of the noun phrase around a head noun: its modifiers and `of` phrases, no clauses, no conjuncts."""
    inside = [head, *_phrase_parts(sentence, head, 0)]
    start, end = min(one.start for one in inside), max(one.end for one in inside)
    start = _unbroken(sentence, _behind_result(sentence, start, end))
    if head.dep == "compound":
        start = min(start, _name_start(sentence, head))
    return start, end


def _behind_result(sentence: Sentence, start: int, end: int) -> int:
    """The start behind what became of the people: 'shot dead two farmers' has two farmers, 'dead' belongs to the verb."""
    first = sentence.token_at(start, start + 1)
    if first is None or first.lower not in _RESULTS or first.i + 1 >= len(sentence.tokens):
        return start
    following = sentence.tokens[first.i + 1]
    return following.start if following.tag in ("CD", "DT", "PRP$") and following.start < end else start


def _unbroken(sentence: Sentence, start: int) -> int:
    """The start of the hyphenated word that a phrase would begin inside of, with its number or article: 'two ex-ministers'."""
    first = sentence.token_at(start, start + 1)
    if first is None or first.i < 2:
        return start
    joint, prefix = sentence.tokens[first.i - 1], sentence.tokens[first.i - 2]
    if joint.text not in _HYPHENS or joint.end != first.start or prefix.end != joint.start:
        return start
    before = [one for one in sentence.child_tokens(prefix) if one.i < prefix.i and one.dep in _NP_PARTS]
    return min(one.start for one in (prefix, *before))


def _name_start(sentence: Sentence, part: Token) -> int:
    """Where a name of several words starts that modifies a noun: all of 'Lebanese Forces' in 'the Lebanese Forces attack'."""
    first = part
    while first.i > 0:
        before = sentence.tokens[first.i - 1]
        if before.dep != "compound" or before.head != part.head or before.tag[:3] != "NNP" or first.tag[:3] != "NNP":
            break
        first = before
    return first.start


def _phrase_parts(sentence: Sentence, head: Token, depth: int) -> Iterator[Token]:
    if depth > _DEEPEST:
        return
    for child in sentence.child_tokens(head):
        if (
            (
                child.dep in _NP_PARTS
                or (child.dep == "punct" and child.text in _HYPHENS)
                or (child.dep in ("advmod", "npadvmod") and child.i < head.i)
            )
            or (depth > 0 and child.dep in ("conj", "cc", "punct") and child.i < head.i)
            or (child.dep in ("conj", "cc") and head.dep in ("amod", "compound", "nmod", "poss"))
        ) or (child.dep == "appos" and child.tag[:3] == "NNP" and _adjacent(sentence, head, child)):
            yield child
            yield from _phrase_parts(sentence, child, depth + 1)
        elif child.dep == "prep" and child.lower == "of" and child.i > head.i:
            objects = sentence.children_by(child, "pobj")
            if objects:
                yield child
                for one in objects:
                    yield one
                    yield from _phrase_parts(sentence, one, depth + 1)


def _adjacent(sentence: Sentence, head: Token, name: Token) -> bool:
    """Whether a name follows its description with no comma: 'the envoy Lakhdar Brahimi'."""
    return head.i < name.i and not any(one.text in ",(-–—:" for one in sentence.tokens[head.i + 1 : name.i])


def _antecedent(sentence: Sentence, verb: Token, subject: Token) -> list[Token]:
    """The noun that a relative pronoun stands for; any other subject with its conjuncts."""
    if subject.lower in _RELATIVE and subject.tag in ("WP", "WDT", "WP$", "IN", "DT"):
        clause = verb
        while clause.dep in ("conj", "xcomp", "ccomp") and clause.head != clause.i:
            clause = sentence.tokens[clause.head]
        if clause.dep == "relcl":
            return conjuncts(sentence, sentence.tokens[clause.head])[:1]
    return conjuncts(sentence, subject)


def _agents(sentence: Sentence, verb: Token) -> list[Token]:
    found = []
    for child in sentence.children_by(verb, "agent"):
        found += [one for token in sentence.children_by(child, "pobj") for one in conjuncts(sentence, token)]
    if not found and verb.tag == "VBN":
        for child in sentence.children_by(verb, "prep"):
            if child.lower == "by":
                found += [one for token in sentence.children_by(child, "pobj") for one in conjuncts(sentence, token)]
    return found


def _objects(sentence: Sentence, verb: Token) -> list[Token]:
    found = []
    for token in sentence.children_by(verb, "dobj", "oprd"):
        if token.lower in _RELATIVE and verb.dep == "relcl":
            found.append(sentence.tokens[verb.head])
        else:
            found += conjuncts(sentence, token)
    if not found and verb.dep == "relcl" and not is_passive(sentence, verb):
        subjects = sentence.children_by(verb, "nsubj")
        adverbial = any(one.lower in ("where", "when", "why") for one in sentence.children_by(verb, "advmod"))
        if subjects and subjects[0].lower not in _RELATIVE and not adverbial:
            found.append(sentence.tokens[verb.head])
    return found


def _shared_object(sentence: Sentence, verb: Token) -> list[Token]:
    """'attacked and destroyed the base': the first verb's object stands behind the second."""
    for child in sentence.children_by(verb, "conj"):
        if child.is_verb and not sentence.children_by(child, *_SUBJECTS) and child.i - verb.i <= 3:
            return _objects(sentence, child)
    return []


def _dative(sentence: Sentence, child: Token) -> list[Token]:
    if child.tag == "IN" or child.lower in ("to", "for"):
        return [one for token in sentence.children_by(child, "pobj") for one in conjuncts(sentence, token)]
    return conjuncts(sentence, child)


def _fill_phrases(sentence: Sentence, head: Token, slots: Slots) -> None:
    """Prepositional objects by preposition, and complement clauses."""
    for child in sentence.child_tokens(head):
        if child.dep in ("prep", "dative", "agent") and not child.is_noun:
            _fill_prep(sentence, child, slots, 0)
        elif child.dep in ("xcomp", "ccomp", "advcl", "acl") and child.is_verb:
            slots.comp.append(child)
        elif child.dep == "prt":
            for inner in sentence.children_by(child, "prep"):
                _fill_prep(sentence, inner, slots, 0)
    for one in slots.object[:2]:  # 'launched an attack on X': the parser often hangs the phrase on the object
        for child in sentence.children_by(one, "prep"):
            if child.lower not in ("of",) and child.i > head.i:
                _fill_prep(sentence, child, slots, 0)


def _fill_prep(sentence: Sentence, prep: Token, slots: Slots, depth: int) -> None:
    if depth > 2 or prep.lower in ("according", "including"):
        return
    for child in sentence.child_tokens(prep):
        if child.dep == "pobj":
            slots.preps.setdefault(prep.lower, []).extend(conjuncts(sentence, child))
        elif child.dep == "pcomp" and child.is_verb:
            slots.comp.append(child)
        elif child.dep == "prep":
            _fill_prep(sentence, child, slots, depth + 1)
            if inner := sentence.children_by(child, "pobj"):  # 'out of the valley': both words say so
                slots.preps.setdefault(prep.lower, []).extend(inner)


def _to_infinitive(sentence: Sentence, verb: Token) -> bool:
    return verb.tag == "VB" and any(sentence.tokens[i].lower == "to" for i in verb.children)


def noun_slots(sentence: Sentence, noun: Token, light: frozenset[str]) -> Slots:
    """The slots of an event noun: phrases under it, its possessor and modifiers, and its light verb's subject.

    `poss`, `amod`, `compound` and `light` go in `preps` under those names, as codebook files call them.
    """
    slots = Slots()
    _fill_phrases(sentence, noun, slots)
    for name in ("poss", "amod", "compound"):
        fillers = [
            one
            for child in sentence.children_by(noun, name, *(["nmod"] if name == "compound" else []))
            for one in conjuncts(sentence, child)
        ]
        if name == "compound":
            fillers = _last_of_names(sentence, fillers)
        if fillers:
            slots.preps[name] = fillers
    _fill_from_neighbour(sentence, noun, slots)
    _fill_from_verb(sentence, noun, slots, light)
    slots.object = slots.object or event_object(sentence, noun)
    _fill_from_participle(sentence, noun, slots)
    return slots


def _last_of_names(sentence: Sentence, parts: list[Token]) -> list[Token]:
    """Of modifiers that are words of one name the last, which stands for the name."""
    names = {one.i for one in parts if one.tag[:3] == "NNP"}
    return [
        one
        for one in parts
        if one.i not in names or one.i + 1 not in names or sentence.tokens[one.i + 1].head != one.head
    ]


def _fill_from_neighbour(sentence: Sentence, noun: Token, slots: Slots) -> None:
    """'police firing' where the parser took the noun for a participle and cut it off: the force just before it."""
    before = sentence.tokens[noun.i - 1] if noun.i else noun
    apart = (
        noun.tag == "VBG" and noun.dep in ("acl", "conj") and before.tag[:2] == "NN" and before.dep in ("pobj", "conj")
    )
    if apart and before.lemma in rulefiles.words("police") | rulefiles.words("soldiers"):
        slots.preps.setdefault("compound", [before])


def _fill_from_participle(sentence: Sentence, noun: Token, slots: Slots) -> None:
    """'an ambush laid by X', 'the attack claimed by X', 'accused of the killing of Y'."""
    for clause in sentence.children_by(noun, "acl"):
        agents = _agents(sentence, clause) if clause.tag == "VBN" else []
        if agents:
            slots.preps.setdefault("by", agents)
    for clause in sentence.children_by(
        noun, "relcl"
    ):  # 'the torture to which X was subjected', 'the attack that X survived'
        if (clause.lemma == "subject" and is_passive(sentence, clause)) or clause.lemma in undergoing():
            slots.object = slots.object or [one for one in own_subject(sentence, clause) if one is not noun]
    prep = sentence.tokens[noun.head]
    above = sentence.tokens[prep.head]
    if noun.dep == "pobj" and prep.lower in ("of", "for", "in", "with") and above.lemma in _BLAMING and above.is_verb:
        slots.preps.setdefault("light", _blamed(sentence, above))


def _fill_from_verb(sentence: Sentence, noun: Token, slots: Slots, light: frozenset[str]) -> None:
    """What the verb that the noun depends on adds: 'rebels launched an attack on X', 'an attack by X killed Y'."""
    top = noun
    while top.dep == "conj" and top.head != top.i:
        top = sentence.tokens[top.head]
    verb = sentence.tokens[top.head]
    if not verb.is_verb or verb is top:
        return
    around = verb_slots(sentence, verb)
    if top.dep in ("dobj", "nsubjpass") and verb.lemma in undergoing():
        slots.object = slots.object or [one for one in around.subject if one is not top]
        slots.preps.setdefault("by", around.preps.get("from", []) or slots.preps.get("from", []))
    elif top.dep in ("dobj", "nsubjpass") and verb.lemma in light:
        slots.preps["light"] = [one for one in around.subject if one is not top]
        for name, fillers in around.preps.items():
            slots.preps.setdefault(name, fillers)
    elif top.dep == "nsubj":
        slots.object = [one for one in around.object if one is not top]


def undergoing() -> frozenset[str]:
    """Verbs whose subject undergoes the event noun: 'drew criticism from X', 'faces charges', 'suffered an attack'."""
    return rulefiles.words("undergoing_verbs")


def event_object(sentence: Sentence, noun: Token) -> list[Token]:
    """What an event noun did something to as the `by` phrase of a passive: 'the hotel was hit by a blast'."""
    prep = sentence.tokens[noun.head]
    if noun.dep != "pobj" or prep.lower not in ("by", "in"):
        return []
    verb = sentence.tokens[prep.head]
    return verb_slots(sentence, verb).object if verb.is_verb and is_passive(sentence, verb) else []
