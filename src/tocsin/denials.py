"""What is denied in the next breath: 'Rebels said the army shelled the camp. The army denied it.'

A denial whose object points back ('this', 'the claim', 'any raid') is about the event told before it, which then stands
as `denied`, said by both. An event that the page itself asserts is left alone unless the object is a pronoun: a page
that tells what happened has made up its mind, but 'the army denied it' was printed to be weighed.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tocsin.extract.events import Draft
from tocsin.incidents import GENERAL
from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Event, Statement, Why

_DENY = frozenset({"deny", "reject", "dismiss", "refute", "dispute", "contest", "rebut", "disown"})
_PARTIAL = frozenset({"use", "lose", "fire", "drop", "send", "suffer", "employ", "deploy"})
_LOST = frozenset({"man", "soldier", "fighter", "loss", "casualty", "anybody", "anyone", "troop"})
_DEADLY = frozenset({"kill", "die", "slay", "perish"})
_POINTING = frozenset({"it", "this", "that", "them", "these", "those", "so"})
_TOLD_AS = frozenset({"claim", "report", "allegation", "accusation", "charge", "account", "version", "suggestion"})
_DETERMINERS = frozenset({"the", "this", "that", "these", "those", "any", "such", "both"})
_REACH = 3  # sentences back
_OPEN = frozenset({"reported", "alleged"})


def with_denials(
    parsed: ParsedDocument, events: Sequence[Event], drafts: Sequence[Draft], statements: Sequence[Statement]
) -> list[Event]:
    """The events, those that a later denial points back to made `denied`; `drafts` are in the same order."""
    found = list(events)
    for n, event in enumerate(events):
        sentence = parsed.sentences[drafts[n].sentence]
        pronoun = _points_back(sentence, drafts[n].token)
        general = event.status == "denied" and drafts[n].nominal and _is_general(sentence, drafts[n])
        again = event.status == "denied" and not drafts[n].nominal
        part = _denied_part(sentence, drafts[n].token)
        if pronoun is None and not general and not again and part is None:
            continue
        denier = _denier(statements, event if general or again else None, sentence, drafts[n].token)
        if part is not None:
            meant = _told_with(parsed, found, drafts, n, part)
        elif again:
            meant = _repeated(found, drafts, n)
        else:
            meant = _meant(parsed, found, drafts, n, bool(pronoun))
        for m in meant:
            if not denier or not set(denier) <= set(found[m].said_by):
                found[m] = _denied(parsed, found[m], event, denier)
    return found


def _points_back(sentence: Sentence, verb: Token) -> bool | None:
    """True where a verb of denial has a pronoun as its object, False where it has 'the claim'; None elsewhere."""
    if verb.lemma not in _DENY or not verb.is_verb or _is_open(sentence, verb):
        return None
    for one in sentence.children_by(verb, "dobj"):
        if one.lower in _POINTING and verb.lemma != "reject":
            return True
        if one.lower == "which" and verb.dep == "relcl":  # 'said that he was beaten, which the police denied'
            return True
        if one.lemma in _TOLD_AS and any(two.lower in _DETERMINERS for two in sentence.children_by(one, "det")):
            below = sentence.children_by(one, "prep", "acl", "relcl", "ccomp")
            return None if below else False  # 'the claim that ...' says itself what is denied
    bare = not sentence.children_by(verb, "dobj", "ccomp", "xcomp", "prep", "advcl", "nsubjpass")
    last = next((one for one in reversed(sentence.tokens) if one.dep != "punct"), verb)
    return (
        True if bare and last is verb and sentence.headline else None
    )  # 'Capital says struck camps, neighbour denies'


def _is_open(sentence: Sentence, verb: Token) -> bool:
    """'would neither confirm nor deny it', 'did not deny it': no denial."""
    before = sentence.tokens[verb.i - 1].lower if verb.i else ""
    return before in ("nor", "not", "n't", "n’t", "never") or bool(sentence.children_by(verb, "neg"))


def _denied_part(sentence: Sentence, verb: Token) -> Token | None:
    """The thing in 'denied using helicopters', 'denied losing any men': what of the earlier report is denied."""
    if verb.lemma not in _DENY or not verb.is_verb:
        return None
    for clause in sentence.children_by(verb, "xcomp"):
        if clause.tag == "VBG" and clause.lemma in _PARTIAL:
            return next(iter(sentence.children_by(clause, "dobj")), None)
    return None


def _told_with(
    parsed: ParsedDocument, events: Sequence[Event], drafts: Sequence[Draft], at: int, part: Token
) -> list[int]:
    """The harm told in the sentence before with that thing in it; for 'men' and 'losses' the deaths told there."""
    found = []
    for m in _within_reach(drafts, at):
        sentence = parsed.sentences[drafts[m].sentence]
        if (
            drafts[m].sentence != drafts[at].sentence - 1
            or events[m].status not in _OPEN
            or not drafts[m].kind.forceful
        ):
            continue
        named = any(one.lemma == part.lemma for one in sentence.tokens)
        if named or (part.lemma in _LOST and drafts[m].token.lemma in _DEADLY):
            found.append(m)
    return found


def _is_general(sentence: Sentence, draft: Draft) -> bool:
    """'denied any raid had taken place': a general word for what was told before, of which nothing new is said."""
    bare = not (draft.actors or draft.recipients or draft.roles.targets)
    return (
        draft.kind.kind in GENERAL
        and bare
        and any(one.lower in _DETERMINERS for one in sentence.children_by(draft.token, "det"))
    )


def _denier(statements: Sequence[Statement], event: Event | None, sentence: Sentence, verb: Token) -> tuple[str, ...]:
    """The statements that the denial is: those of the denied event, or those that the verb is the cue of."""
    if event is not None:
        return event.said_by
    return tuple(
        one.id for one in statements if one.cue is not None and one.cue.start < verb.end and verb.start < one.cue.end
    )


def _repeated(events: Sequence[Event], drafts: Sequence[Draft], at: int) -> list[int]:
    """'Residents said the army shelled the town. A commander denied shelling anything': the earlier events of that verb or kind."""
    told = [
        m for m in _within_reach(drafts, at)
        if drafts[m].sentence < drafts[at].sentence and events[m].status in _OPEN and drafts[m].kind.forceful
    ]  # fmt: skip
    same = [
        m for m in told
        if drafts[m].token.lemma == drafts[at].token.lemma
        or (events[m].kind == events[at].kind and not _other_place(events[m], events[at]))
    ]  # fmt: skip
    return sorted({*same, *(m for m in told for n in same if _one_act(drafts[m], drafts[n]))})


def _other_place(event: Event, denial: Event) -> bool:
    """Whether the two are said of different places: 'fighters entered Wereta. The army denied that it had lost Gondar'."""
    return bool(event.place) and not set(event.place) & set(denial.place) and event.kind.startswith("territory")


def _one_act(draft: Draft, other: Draft) -> bool:
    """'shelled the town and hit the hospital': what hangs on the denied verb as its second part is denied with it."""
    beside = draft.token.dep == "conj" and draft.token.head == other.token.i
    return draft.sentence == other.sentence and beside and not draft.nominal


def _meant(
    parsed: ParsedDocument, events: Sequence[Event], drafts: Sequence[Draft], at: int, pronoun: bool
) -> list[int]:
    """The harmful events of the nearest earlier sentence (or clause) that tells of some that can be denied."""
    here = drafts[at].sentence
    for back in range(_REACH + 1):
        found = [
            m for m in _within_reach(drafts, at)
            if drafts[m].sentence == here - back and drafts[m].kind.forceful
            and (events[m].status in _OPEN or (pronoun and back <= 1 and events[m].status in ("happened", "background")))
        ]  # fmt: skip
        if found:
            return found
    return []


def _within_reach(drafts: Sequence[Draft], at: int) -> list[int]:
    """The drafts before one, in the order of the text, that are at most `_REACH` sentences back."""
    first = at
    while first and drafts[first - 1].sentence >= drafts[at].sentence - _REACH:
        first -= 1
    return list(range(first, at))


def _denied(parsed: ParsedDocument, event: Event, denial: Event, denier: tuple[str, ...]) -> Event:
    why = Why(cell="status", rule="denied-afterwards", spans=(denial.trigger,))
    said_by = tuple(dict.fromkeys((*event.said_by, *denier)))
    return replace(event, status="denied", said_by=said_by, certainty=0.0, why=(*event.why, why))
