"""Events: each trigger of a sentence with its kind, who did it, to whom, with what.

Drafts hold offsets, not ids: who an actor is, where a place lies and whether it happened is decided by others.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tocsin.codebook import Kind, codebook
from tocsin.extract import grammar
from tocsin.extract.backoff import backed_off
from tocsin.extract.cues import Candidate, CueTable, Match, cue_table
from tocsin.extract.roles import REPORTING, Roles, fill_roles
from tocsin.parsed import ParsedDocument, Sentence, Token

SpanOf = tuple[int, int]
_WILL = frozenset({"will", "would", "'ll", "wo", "shall"})
_REFUSED = {
    "CONCEDE": "refuse-to-yield", "RETREAT": "refuse-to-yield", "AID": "refuse-aid", "CONSULT": "reject-talks",
    "AGREE": "reject", "SUPPORT": "reject", "COOPERATE": "reject",
}  # fmt: skip
_PROMISED = {"AID": "promise-aid", "SUPPORT": "agree", "COOPERATE": "agree"}
_TOLL_VERBS = frozenset({"kill", "wound", "injure", "hurt", "maim", "leave", "slay", "murder"})
LEAST_UNNAMED = 0.49  # least confidence of a noun that has neither actor nor recipient
_FORCE = frozenset(
    {"ASSAULT", "COERCE", "PROTEST", "NONE"}
)  # what happened counts however deep it stands; words do not
_SOFT = frozenset({"AID", "SUPPORT", "COOPERATE", "REQUEST", "CONSULT", "AGREE", "CONCEDE", "PROTEST"})
_DEEP = 2  # clauses above the trigger
_COMING = frozenset(
    {
        "imminent",
        "impending",
        "looming",
        "planned",
        "expected",
        "threatened",
        "feared",
        "possible",
        "potential",
        "likely",
    }
)
_AWAITING = frozenset(
    {"prepare", "plan", "brace", "plot", "ready", "fear", "expect", "avert", "prevent", "await", "foil"}
)
_CONDITIONS = frozenset(
    {"violence", "unrest", "terrorism", "terror", "bloodshed", "repression", "hostility", "hostilities"}
)
_OCCURRING = frozenset(
    {
        "erupt",
        "break",
        "flare",
        "kill",
        "leave",
        "claim",
        "rage",
        "spread",
        "escalate",
        "continue",
        "mar",
        "grip",
        "hit",
        "resume",
    }
)  # verbs by which a state of affairs is news
_FALLEN = frozenset({"dead", "wounded", "injured"})
_DETERMINERS = frozenset({"the", "its", "their", "his", "our", "her", "those", "these"})
_BACKING = frozenset({"support", "help", "assistance", "backing", "cooperation"})
_VOWING = frozenset({"promise", "vow", "pledge", "swear"})
INTENDING = frozenset({"plan", "intend", "mean", "aim", "hope", "prepare"})
_RUMOURS = frozenset({"claim", "report", "rumour", "rumor", "allegation", "suggestion"})
_HEDGES = frozenset({"allege", "suspect", "presume"})
_KILLING_VERBS = frozenset({"shoot", "leave", "gun", "kill", "strike", "hack", "stab", "beat", "find", "club", "knife"})
_BEING = frozenset({"be", "remain", "stay", "languish", "sit"})
_RESULTS = frozenset({"death", "looting"})  # what an attack did to people or things
_TOLLS = frozenset({"killing", "wounding", "death"})  # verbs that say what an attack did, not that there was another


@dataclass(slots=True)
class Draft:
    """An event as read from one sentence. Spans are offsets into the document's text."""

    sentence: int
    token: Token
    start: int
    end: int
    kind: Kind
    rule: str
    confidence: float
    roles: Roles = field(default_factory=Roles)
    over: tuple[str, ...] = ()
    nominal: bool = False
    refusal: bool = False
    folded: list[SpanOf] = field(default_factory=list)

    @property
    def actors(self) -> list[SpanOf]:
        return self.roles.actors

    @property
    def recipients(self) -> list[SpanOf]:
        return self.roles.recipients


def find_events(parsed: ParsedDocument, table: CueTable | None = None) -> list[Draft]:
    """Every event that the document's parsed sentences announce, in the order of the text."""
    table = table or cue_table()
    drafts: list[Draft] = []
    for sentence in parsed.sentences:
        if sentence.tokens:
            drafts += sentence_events(sentence, table)
    return drafts


def sentence_events(sentence: Sentence, table: CueTable) -> list[Draft]:
    """The events of one sentence, those that are two words for one happening folded into one."""
    candidates = table.candidates(sentence)
    candidates += backed_off(sentence, {one.token.i for one in candidates})
    drafts = [draft for one in candidates if (draft := _draft(sentence, one)) is not None]
    return fold(sentence, drafts)


def _draft(sentence: Sentence, candidate: Candidate) -> Draft | None:
    best = candidate.matches[0]
    if best.kind.type == "NONE" and best.kind.kind == "not-an-event":
        return None
    draft = Draft(
        sentence.index, candidate.token, best.start, best.end, best.kind, best.rule, 0.0,
        over=tuple(f"{one.kind.kind} ({one.rule})" for one in candidate.matches[1:4]), nominal=candidate.nominal,
    )  # fmt: skip
    draft.roles = fill_roles(sentence, candidate, best)
    if draft.kind.mode == "arrest" and draft.token.dep == "prep" and not draft.recipients:
        draft.roles.recipients = _held(sentence, draft.token)
    if (
        candidate.nominal
        and not best.kind.harm
        and not (draft.roles.actors or draft.roles.recipients)
        and not _told(draft)
    ):
        return None  # 'the conference', 'a long session': a noun alone says that such things exist, not that one took place
    if _is_the_fallen(sentence, draft) or _is_backing(sentence, draft):
        return None
    if _is_bout(sentence, draft) or _is_plea_to_readers(sentence, draft) or _only_tells(sentence, draft):
        return None
    _turned(sentence, candidate, draft)
    draft.confidence = confidence(sentence, candidate, best, draft)
    draft.folded += _what_is_planned(sentence, draft)
    return None if _in_passing(sentence, draft) else draft


def _held(sentence: Sentence, state: Token) -> list[SpanOf]:
    """Who is 'in custody' or 'behind bars': the noun that it describes, or the subject of being so.

    After other verbs ('was remanded in custody') the state is the verb's own event.
    """
    head = sentence.tokens[state.head]
    holders = (
        [head]
        if head.is_noun or head.dep == "attr"
        else grammar.own_subject(sentence, head)
        if head.lemma in _BEING
        else []
    )
    return [grammar.phrase(sentence, one) for one in holders if one.dep != "pobj" and one.tag != "EX"]


def _what_is_planned(sentence: Sentence, draft: Draft) -> list[SpanOf]:
    """The verb of the act itself: 'host' of 'plans to host talks' tells of the plan too."""
    if draft.nominal or not draft.kind.kind.startswith(("plan-", "promise-")):
        return []
    inner = [one for one in sentence.children_by(draft.token, "xcomp") if one.is_verb and one.start >= draft.end]
    return [(one.start, one.end) for one in inner[:1]]


def _is_the_fallen(sentence: Sentence, draft: Draft) -> bool:
    """'The dead', 'the wounded' are people, named by what befell them: 'the president visited the wounded'."""
    if draft.token.lower not in _FALLEN or draft.token.i == 0:
        return False
    before, after = sentence.tokens[draft.token.i - 1], sentence.tokens[draft.token.i + 1 : draft.token.i + 2]
    return before.lower in _DETERMINERS and not (after and (after[0].is_noun or after[0].tag[:2] == "JJ"))


def _is_backing(sentence: Sentence, draft: Draft) -> bool:
    """'With the support of the air force' says who took part in what the verb tells."""
    return (
        draft.nominal
        and draft.token.lemma in _BACKING
        and draft.token.dep == "pobj"
        and sentence.tokens[draft.token.head].lower in ("with", "without")
    )


def _is_bout(sentence: Sentence, draft: Draft) -> bool:
    """Whether two people who are only named fight each other: boxers, or candidates; commanders come with a rank or men."""
    if draft.nominal or draft.kind.kind != "armed-clash" or not (draft.roles.actors and draft.roles.recipients):
        return False
    people = [(one.start, one.end) for one in sentence.names if one.label == "PERSON"]
    return all(
        any(low <= start + 1 and end <= high + 1 for low, high in people)
        for start, end in (*draft.roles.actors, *draft.roles.recipients)
    )


def _only_tells(sentence: Sentence, draft: Draft) -> bool:
    """'He told reporters that it was over' asks for nothing; 'told residents to leave' does, and 'must' in what is told."""
    if draft.kind.type != "REQUEST" or draft.token.lemma != "tell" or draft.nominal:
        return False
    clauses = sentence.children_by(draft.token, "xcomp", "ccomp", "advcl")
    ordered = any(one.lower == "to" for clause in clauses for one in sentence.children_by(clause, "aux"))
    return not ordered and not any(one.lower in ("must", "should") for one in sentence.tokens)


def _is_plea_to_readers(sentence: Sentence, draft: Draft) -> bool:
    """'Donate to support our work', 'Support us': the page speaks to its readers, and of no event."""
    root = next(iter(sentence.roots()), None)
    if root is None or draft.kind.type not in _SOFT or root.tag not in ("VB", "VBP") or root.i > 1:
        return False
    alone = not sentence.children_by(root, "nsubj", "nsubjpass", "expl", "aux")
    return alone and any(one.lower in ("us", "our", "your") for one in sentence.tokens)


def _told(draft: Draft) -> bool:
    """Whether a clause is about an arrest or the like, whose doer goes without saying: 'more arrests were made'.

    Several are always some that were made: 'after the arrests', 'the number of arrests'.
    """
    told = draft.token.dep in ("nsubj", "nsubjpass", "dobj") or draft.token.tag == "NNS"
    return draft.kind.mode == "arrest" and told


def _in_passing(sentence: Sentence, draft: Draft) -> bool:
    """Whether the event is only alluded to: 'after the violence' with nobody named, or a word of politics two clauses down."""
    if (
        draft.nominal
        and draft.kind.kind != "sexual-violence"
        and draft.token.lemma in _CONDITIONS
        and _is_talk(sentence, draft)
    ):
        return True
    if draft.nominal and draft.kind.type != "NONE" and not (draft.roles.actors or draft.roles.recipients):
        several = draft.token.tag == "NNS" and _told(draft)
        return draft.confidence < LEAST_UNNAMED and not (several or _foreseen(sentence, draft.token))
    if draft.kind.type in _FORCE:
        return False
    described = (
        draft.token.dep == "amod" and not draft.nominal
    )  # 'suspected militants' says nothing of who suspected them
    return described or _depth(sentence, draft.token) >= _DEEP


def _is_talk(sentence: Sentence, draft: Draft) -> bool:
    """Whether a word for a state of affairs tells of nothing that took place: 'condemned terrorism', 'a fall in violence'.

    It does tell of something where it breaks out, does harm, or has a party or a victim.
    """
    if draft.roles.actors or draft.roles.recipients or draft.roles.targets:
        return False
    verb = sentence.tokens[draft.token.head]
    happens = draft.token.dep in ("nsubj", "nsubjpass") and verb.lemma in _OCCURRING
    return not happens and draft.token.dep != "ROOT" and not _foreseen(sentence, draft.token)


def _foreseen(sentence: Sentence, noun: Token) -> bool:
    """Whether the noun is of something to come, which matters though nobody is named: 'braced for an attack'."""
    if any(one.lower in _COMING for one in sentence.children_by(noun, "amod")):
        return True
    head = sentence.tokens[noun.head]
    above = sentence.tokens[head.head] if noun.dep == "pobj" else head
    return above.is_verb and above.lemma in _AWAITING


def _turned(sentence: Sentence, candidate: Candidate, draft: Draft) -> None:
    """What the mood of the verb makes of a kind, as PLOVER's manual has it.

    'will not lift the ban', 'will not meet' is a refusal, and that is what happened; 'will provide aid' is a promise.
    """
    if candidate.nominal:
        return
    if draft.kind.type == "THREATEN" and candidate.token.lemma in _VOWING and _not_to(sentence, candidate.token):
        _turn(draft, "promise-yield", "not-to")
        return
    helpers = sentence.children_by(candidate.token, "aux", "neg")
    lowers = {one.lower for one in helpers}
    willing = bool(lowers & _WILL)
    if willing and any(one.dep == "neg" for one in helpers) and draft.kind.type in _REFUSED:
        _turn(draft, _REFUSED[draft.kind.type], "refusal")
        draft.refusal = draft.rule.endswith("refusal")
    elif willing and draft.kind.type in _PROMISED and not sentence.children_by(candidate.token, "mark"):
        _turn(draft, _PROMISED[draft.kind.type], "promise")


def _not_to(sentence: Sentence, verb: Token) -> bool:
    """'Promised not to fire on the road': what is vowed is to hold back."""
    return any(
        sentence.children_by(one, "neg") and not sentence.children_by(one, "nsubj")
        for one in sentence.children_by(verb, "xcomp", "ccomp")
    )


def _turn(draft: Draft, kind: str, how: str) -> None:
    known = codebook().kinds.get(kind)
    if known is not None:
        draft.over = (f"{draft.kind.kind} ({draft.rule})", *draft.over)
        draft.kind, draft.rule = known, f"{draft.rule}+{how}"


def confidence(sentence: Sentence, candidate: Candidate, best: Match, draft: Draft) -> float:
    """How sure that this is an event of this kind and what the sentence is about: cue, position, roles.

    The steps are reasoned, not fitted: a cue that showed its company is surer than a bare word; the main clause (or what
    is reported to be said) is what a sentence is about; an event with both roles is better understood.
    """
    value = 0.35 + min(best.score, 100) / 400
    value += {0: 0.2, 1: 0.12, 2: 0.05}.get(_depth(sentence, candidate.token), 0.0)
    means = [one for one in draft.roles.instruments if not one[0] <= draft.start < one[1]]
    value += 0.08 * bool(draft.roles.actors) + 0.08 * bool(draft.roles.recipients or means)
    if candidate.nominal and candidate.token.dep not in ("dobj", "nsubj", "nsubjpass", "ROOT", "conj"):
        value -= 0.1
    if best.kind.type == "NONE":
        value -= 0.15
    return round(min(max(value - 0.002 * candidate.token.i, 0.05), 0.99), 3)


def _depth(sentence: Sentence, token: Token) -> int:
    """How many clauses lie above the trigger; clauses of saying do not count."""
    depth = 0
    for above in sentence.ancestors(token):
        if above.is_verb and above.lemma not in REPORTING:
            depth += 1
    return depth


def fold(sentence: Sentence, drafts: list[Draft]) -> list[Draft]:
    """Folds 'killed' into 'air strike' in 'the air strike killed five': one happening, the more telling word kept."""
    by_token = {draft.token.i: draft for draft in drafts}
    gone: set[int] = set()
    for draft in drafts:
        _fold_dead(sentence, draft, by_token, gone)
        _drop_hedge(sentence, draft, by_token, gone)
        _fold_plan(sentence, draft, by_token, gone)
        if not draft.nominal:
            _fold_object(sentence, draft, by_token, gone)
            _fold_means(sentence, draft, by_token, gone)
    for draft in drafts:
        if draft.nominal or draft.token.i in gone or not (draft.kind.harm or draft.kind.kind in _RESULTS):
            continue
        cause = _cause(sentence, draft, by_token)
        if cause is not None and cause.token.i not in gone:
            _absorb(cause, draft)
            gone.add(draft.token.i)
            continue
        for source in _sources(sentence, draft, by_token):
            if source.kind.harm and source.token.i not in gone:
                _absorb(source, draft)
                gone.add(draft.token.i)
                break
    return [draft for draft in drafts if draft.token.i not in gone]


def _fold_dead(sentence: Sentence, draft: Draft, by_token: dict[int, Draft], gone: set[int]) -> None:
    """'Shot dead nine people', 'left 119 inmates dead': the dead are told by the verb."""
    if draft.token.lower != "dead":
        return
    verb = sentence.tokens[draft.token.head]
    if verb.is_noun:
        verb = sentence.tokens[verb.head]
    cause = by_token.get(verb.i)
    if verb.lemma in _KILLING_VERBS and cause is not None and cause is not draft:
        _absorb(cause, draft)
        gone.add(draft.token.i)


def _fold_plan(sentence: Sentence, draft: Draft, by_token: dict[int, Draft], gone: set[int]) -> None:
    """'Plans to send rice' is one event, and what is planned no second promise."""
    if draft.nominal or draft.token.lemma not in INTENDING or draft.kind.type not in _SOFT:
        return
    for verb in sentence.children_by(draft.token, "xcomp"):
        inner = by_token.get(verb.i)
        if inner is not None and inner.kind.type == draft.kind.type:
            _absorb(draft, inner)
            gone.add(verb.i)


def _drop_hedge(sentence: Sentence, draft: Draft, by_token: dict[int, Draft], gone: set[int]) -> None:
    """'Was alleged to have hit a car', by nobody who is named: the deed's status says so, nobody accuses."""
    if draft.nominal or draft.token.lemma not in _HEDGES or draft.kind.type != "ACCUSE" or draft.roles.actors:
        return
    inner = any(one.i in by_token for one in sentence.subtree(draft.token) if one is not draft.token)
    if inner and grammar.is_passive(sentence, draft.token):
        gone.add(draft.token.i)


def _cause(sentence: Sentence, draft: Draft, by_token: dict[int, Draft]) -> Draft | None:
    """The event whose toll a verb tells: 'ambushed a patrol, killing four and wounding two' is one ambush.

    So is 'eight were killed and 16 wounded' one killing: the second toll of one clause is no second event.
    """
    if draft.kind.kind not in _TOLLS and draft.token.lemma not in _TOLL_VERBS:
        return None
    verb = draft.token
    while verb.dep == "conj" and sentence.tokens[verb.head].is_verb and sentence.tokens[verb.head].lemma in _TOLL_VERBS:
        verb = sentence.tokens[verb.head]
    if verb is not draft.token and verb.i in by_token and not (verb.dep == "advcl" and verb.tag == "VBG"):
        cause = by_token[verb.i]
        return cause if cause.kind.harm and draft.kind.kind in _TOLLS else None
    if verb.dep != "advcl" or verb.tag != "VBG":
        return None
    found = by_token.get(verb.head)
    return found if found is not None and found.kind.forceful and found is not draft else None


def _fold_object(sentence: Sentence, draft: Draft, by_token: dict[int, Draft], gone: set[int]) -> None:
    """'launched air strikes', 'held talks': verb and object are one event, of the kind that the noun says."""
    if draft.token.lemma not in cue_table().light:
        return
    for token in grammar.verb_slots(sentence, draft.token).object:
        noun = by_token.get(token.i)
        if noun is None or not noun.nominal or token.i in gone:
            continue
        if (noun.kind.type == draft.kind.type and noun.kind.priority >= draft.kind.priority) or (
            draft.kind.harm and noun.kind.type != draft.kind.type
        ):
            draft.kind, draft.rule = noun.kind, f"{noun.rule}+{draft.token.lemma}"
        _absorb(draft, noun)
        gone.add(token.i)


def _fold_means(sentence: Sentence, draft: Draft, by_token: dict[int, Draft], gone: set[int]) -> None:
    """'destroyed a truck with a roadside bomb': the means is no second bombing."""
    for token in grammar.verb_slots(sentence, draft.token).preps.get("with", []):
        noun = by_token.get(token.i)
        if noun is not None and noun.nominal and noun.kind.kind == draft.kind.kind and token.i not in gone:
            _absorb(draft, noun)
            gone.add(token.i)


def _sources(sentence: Sentence, draft: Draft, by_token: dict[int, Draft]) -> list[Draft]:
    """The events that did what a harmful verb says: its subject, its `in`/`by` phrases, the clause that says when."""
    slots = grammar.verb_slots(sentence, draft.token)
    tokens = [*slots.subject]
    told = draft.kind.kind in _TOLLS or draft.token.lemma in _TOLL_VERBS | {
        "die"
    }  # 'killed in clashes' is no second clash
    for name in ("in", "by", "during", "after", "from") if told else ("by",):
        tokens += slots.preps.get(name, [])
    if draft.token.dep in ("acl", "ccomp") and sentence.tokens[draft.token.head].lemma in _RUMOURS:
        return []  # 'claims that he was killed in the clashes': that there were clashes nobody doubts
    for clause in sentence.children_by(draft.token, "advcl") if draft.kind.kind in _TOLLS else ():
        if any(one.lower in ("when", "after", "as") for one in sentence.child_tokens(clause)):
            tokens += [clause, *sentence.subtree(clause)]
    found = [by_token[one.i] for one in tokens if one.i in by_token]
    return [one for one in found if one is not draft]


def _absorb(source: Draft, draft: Draft) -> None:
    """The folded verb's victims come first among the recipients: what the noun has from `in` or `at` is where it was."""
    into, gone = source.roles, draft.roles
    if not (into.recipients and draft.token.tag == "VBG"):  # whom 'ambushed a patrol, killing four' hit is the patrol
        into.recipients = list(dict.fromkeys([*gone.recipients, *into.recipients]))
    into.targets = list(dict.fromkeys([*gone.targets, *into.targets]))
    into.actors = into.actors or [one for one in gone.actors if not one[0] <= source.start < one[1]]
    into.instruments = sorted(
        {*into.instruments, *(one for one in gone.instruments if not one[0] <= source.start < one[1])}
    )
    source.folded.append((draft.start, draft.end))
    source.confidence = round(min(max(source.confidence, draft.confidence) + 0.01, 0.99), 3)
