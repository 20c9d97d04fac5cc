"""Events: each trigger of a sentence with its kind, who did it, to whom, with what.

Drafts hold offsets, not ids: who an actor is, where a place lies and whether it happened is decided by others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tocsin import rulefiles
from tocsin.codebook import Frame, Kind, expand
from tocsin.extract import grammar
from tocsin.extract.cues import Candidate, CueTable, Match, cue_table
from tocsin.parsed import ParsedDocument, Sentence, Token

SpanOf = tuple[int, int]
_VERB_ACTOR, _VERB_RECIPIENT = ("subject",), ("object", "indirect")
_HARM_RECIPIENT = (
    *_VERB_RECIPIENT,
    *(
        f"prep:{one}"
        for one in ("at", "on", "into", "against", "upon", "onto", "inside", "through", "toward", "towards")
    ),
)
_NOUN_ACTOR = ("by", "light", "poss", "amod", "compound")
_NOUN_RECIPIENT = ("of", "prep:on", "prep:against", "prep:at", "prep:upon", "prep:targeting", "object")
_SPEECH_RECIPIENT = (
    *_VERB_RECIPIENT,
    *(f"prep:{one}" for one in ("against", "to", "with", "on", "at", "upon", "into", "from", "over")),
    "comp-object",
)
_IDIOM_RECIPIENT = tuple(f"prep:{one}" for one in ("against", "with", "to", "at", "on", "for", "into", "of"))
_SPEECH_TYPES = frozenset(
    {"ACCUSE", "SUPPORT", "REJECT", "REQUEST", "THREATEN", "AGREE", "CONSULT", "CONCEDE", "SANCTION"}
)
_REPORTING = frozenset({"say", "tell", "report", "add", "state", "note", "confirm", "announce", "write", "see"})


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
    actors: list[SpanOf] = field(default_factory=list)
    recipients: list[SpanOf] = field(default_factory=list)
    instruments: list[SpanOf] = field(default_factory=list)
    targets: list[tuple[int, int, str]] = field(default_factory=list)
    role_rules: dict[str, str] = field(default_factory=dict)
    over: tuple[str, ...] = ()
    nominal: bool = False
    folded: list[SpanOf] = field(default_factory=list)


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
    fill_roles(sentence, candidate, best, draft)
    draft.confidence = confidence(sentence, candidate, best, draft)
    return draft


def fill_roles(sentence: Sentence, candidate: Candidate, best: Match, draft: Draft) -> None:
    """Actors, recipients, instruments and targets from the slots that the kind or frame names."""
    actor, recipient = _slot_names(best.kind, best.frame, nominal=candidate.nominal)
    used: set[int] = {candidate.token.i}
    addressed = _addressed(candidate, sentence, best)
    for role, names in (("actor", actor), ("recipient", recipient)):
        for name in names:
            slot = addressed if role == "recipient" and addressed else candidate.slots.fillers(sentence, name)
            fillers = [one for one in slot if one.i not in used and _can_fill(one, name)]
            if _fill(sentence, best.kind, role, name, fillers, draft):
                used |= {one.i for one in fillers}
                break
    if not draft.recipients and not candidate.nominal:
        _fill(sentence, best.kind, "recipient", "comp-object", candidate.slots.fillers(sentence, "comp-object"), draft)
    if not draft.actors:
        _speaker_as_actor(sentence, candidate, draft)
    _add_instruments(candidate, sentence, draft)


def _fill(sentence: Sentence, kind: Kind, role: str, slot: str, fillers: list[Token], draft: Draft) -> bool:
    """Puts the fillers in the role, weapons among the instruments; whether anybody was left to fill it."""
    taken = [one for one in fillers if not (kind.harm and _is_instrument(sentence, one))]
    draft.instruments += [grammar.phrase(sentence, one) for one in fillers if one not in taken]
    spans = [grammar.phrase(sentence, one) for one in taken]
    (draft.actors if role == "actor" else draft.recipients).extend(spans)
    if role == "recipient" and kind.harm:
        draft.targets += [(*span, target_kind(one)) for span, one in zip(spans, taken, strict=True)]
    if taken:
        draft.role_rules[role] = f"syntax:{slot}"
    return bool(taken)


def _speaker_as_actor(sentence: Sentence, candidate: Candidate, draft: Draft) -> None:
    """'X said it shot down', 'X said the detention was unacceptable': the clause's doer is who says it.

    Only where the clause has a pronoun for its subject, or is itself a verdict and so an act of the speaker.
    """
    verb = candidate.token if candidate.token.is_verb else sentence.tokens[candidate.token.head]
    above = sentence.tokens[verb.head]
    if verb.dep != "ccomp" or not above.is_verb or above.lemma not in _REPORTING:
        return
    subject = sentence.children_by(verb, "nsubj", "nsubjpass")
    pronoun = (
        not candidate.slots.passive and bool(subject) and subject[0].lower in ("it", "they", "he", "she", "we", "i")
    )
    verdict = candidate.nominal and candidate.token.tag[:2] == "JJ" and draft.kind.type in _SPEECH_TYPES
    if pronoun or verdict:
        draft.actors = [
            grammar.phrase(sentence, one) for one in grammar.own_subject(sentence, above) if _can_fill(one, "subject")
        ]
        draft.role_rules["actor"] = "syntax:subject-of-saying"


def _addressed(candidate: Candidate, sentence: Sentence, best: Match) -> list[Token]:
    """Who stands behind a cue whose object is part of the wording: 'lodged a protest with Chile over the raid'."""
    if (
        best.frame is None
        or best.kind.harm
        or candidate.nominal
        or not best.frame.object
        or best.frame.roles is not None
    ):
        return []
    words = expand(best.frame.object)
    if not any(one.lemma in words or one.lower in words for one in candidate.slots.object):
        return []
    named = (candidate.slots.fillers(sentence, name) for name in _IDIOM_RECIPIENT)
    return next((found for found in named if found and _is_somebody(found[0])), [])


def _is_somebody(token: Token) -> bool:
    return token.tag[:3] == "NNP" or any(
        token.lemma in rulefiles.words(name) for name in ("agents", "officials", "people", "governments")
    )


def _slot_names(kind: Kind, frame: Frame | None, *, nominal: bool) -> tuple[Sequence[str], Sequence[str]]:
    """The slots of actor and recipient: the frame's word, else the kind's, else the usual ones."""
    named = [
        one for one in (frame.roles if frame else None, kind.noun_roles if nominal else kind.roles) if one is not None
    ]
    actor = next((one.actor for one in named if one.actor is not None), _NOUN_ACTOR if nominal else _VERB_ACTOR)
    recipient = next((one.recipient for one in named if one.recipient is not None), None)
    usual = _NOUN_RECIPIENT if nominal else _HARM_RECIPIENT if kind.harm else _SPEECH_RECIPIENT
    return actor, recipient if recipient is not None else usual


def _can_fill(token: Token, slot: str) -> bool:
    """Expletives, quantities of time and event nouns in front of an event noun fill no role."""
    if token.tag in ("EX", "WRB", "RB", "IN", "TO", ".", ",", "PRP$") or token.lower in (
        "it",
        "there",
        "this",
        "that",
        "what",
        "percent",
        "%",
    ):
        return False
    if slot in ("amod", "compound"):
        return token.text[:1].isupper() or token.lemma in rulefiles.words("agents")
    return True


def _is_instrument(sentence: Sentence, token: Token) -> bool:
    """Whether a noun is a weapon or an attack and not somebody: 'a car bomb killed', 'dozens of rockets'."""
    if token.lemma in rulefiles.words("quantity_nouns"):
        inner = [one for prep in sentence.children_by(token, "prep") for one in sentence.children_by(prep, "pobj")]
        token = inner[0] if inner else token
    return token.lemma in rulefiles.words("instruments") and token.tag[:3] != "NNP"


def _add_instruments(candidate: Candidate, sentence: Sentence, draft: Draft) -> None:
    """'with rockets', 'using barrel bombs', 'rocket attack'."""
    weapons = rulefiles.words("instruments")
    for name in ("with", "using", "by", "in", "from", "compound"):
        for one in candidate.slots.preps.get(name, []):
            if one.lemma in weapons and one.i != candidate.token.i:
                draft.instruments.append(grammar.phrase(sentence, one))
    draft.instruments = sorted(set(draft.instruments))


def target_kind(token: Token) -> str:
    """Whether what was hit is a thing or people."""
    return "physical" if token.lemma in rulefiles.words("things") else "human"


def confidence(sentence: Sentence, candidate: Candidate, best: Match, draft: Draft) -> float:
    """How sure that this is an event of this kind and what the sentence is about: cue, position, roles.

    The steps are reasoned, not fitted: a cue that showed its company is surer than a bare word; the main clause (or what
    is reported to be said) is what a sentence is about; an event with both roles is better understood.
    """
    value = 0.35 + min(best.score, 100) / 400
    value += {0: 0.2, 1: 0.12, 2: 0.05}.get(_depth(sentence, candidate.token), 0.0)
    value += 0.08 * bool(draft.actors) + 0.08 * bool(draft.recipients or draft.instruments)
    if candidate.nominal and candidate.token.dep not in ("dobj", "nsubj", "nsubjpass", "ROOT", "conj"):
        value -= 0.1
    if best.kind.type == "NONE":
        value -= 0.15
    return round(min(max(value - 0.002 * candidate.token.i, 0.05), 0.99), 3)


def _depth(sentence: Sentence, token: Token) -> int:
    """How many clauses lie above the trigger; clauses of saying do not count."""
    depth = 0
    for above in sentence.ancestors(token):
        if above.is_verb and above.lemma not in _REPORTING:
            depth += 1
    return depth


def fold(sentence: Sentence, drafts: list[Draft]) -> list[Draft]:
    """Folds 'killed' into 'air strike' in 'the air strike killed five': one happening, the more telling word kept."""
    by_token = {draft.token.i: draft for draft in drafts}
    gone: set[int] = set()
    for draft in drafts:
        if draft.nominal or not (draft.kind.harm or draft.kind.kind == "death"):
            continue
        for source in _sources(sentence, draft, by_token):
            if source.kind.harm and source.token.i not in gone:
                _absorb(source, draft)
                gone.add(draft.token.i)
                break
    return [draft for draft in drafts if draft.token.i not in gone]


def _sources(sentence: Sentence, draft: Draft, by_token: dict[int, Draft]) -> list[Draft]:
    """The events that did what a harmful verb says: its subject, its `in`/`by` phrases, the clause that says when."""
    slots = grammar.verb_slots(sentence, draft.token)
    tokens = [*slots.subject]
    for name in ("in", "by", "during", "after", "from"):
        tokens += slots.preps.get(name, [])
    for clause in sentence.children_by(draft.token, "advcl"):
        if any(one.lower in ("when", "after", "as") for one in sentence.child_tokens(clause)):
            tokens += [clause, *sentence.subtree(clause)]
    found = [by_token[one.i] for one in tokens if one.i in by_token]
    return [one for one in found if one is not draft]


def _absorb(source: Draft, draft: Draft) -> None:
    """The folded verb's victims are the surer recipients: what the noun has from `in` or `at` is where it was."""
    source.recipients = list(dict.fromkeys([*draft.recipients, *source.recipients]))
    source.targets = list(dict.fromkeys([*draft.targets, *source.targets]))
    source.actors = source.actors or [one for one in draft.actors if not one[0] <= source.start < one[1]]
    source.instruments = sorted(
        {*source.instruments, *(one for one in draft.instruments if not one[0] <= source.start < one[1])}
    )
    source.role_rules.update({f"recipient:{k}": v for k, v in draft.role_rules.items() if k == "recipient"})
    source.folded.append((draft.start, draft.end))
    source.confidence = round(min(max(source.confidence, draft.confidence) + 0.01, 0.99), 3)
