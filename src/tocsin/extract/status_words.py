"""Which word of an event tells whether it came about: mostly its trigger, but of a plan what is planned."""

from __future__ import annotations

from tocsin.extract.events import INTENDING, Draft
from tocsin.extract.roles import REPORTING
from tocsin.parsed import Sentence, Token

_PROMISES = frozenset({"AGREE", "AID", "CONSULT"})
_WORDS = frozenset({"ACCUSE", "REQUEST", "REJECT", "THREATEN"})


def told_by(sentence: Sentence, draft: Draft) -> Token:
    """The word that tells whether it came about: of a plan to meet ('are to meet', 'willing to talk') the meeting's.

    Of 'plans to send rice' it is what is planned; 'said it would wait, accusing the army' accuses as surely as it says.
    """
    if draft.token.lemma in INTENDING and not draft.nominal and draft.kind.type in _PROMISES:
        return next((one for one in sentence.children_by(draft.token, "xcomp") if one.is_verb), draft.token)
    if draft.token.tag == "VBG" and draft.token.dep == "advcl" and draft.kind.type in _WORDS:
        return _spoken_with(sentence, draft.token)
    if not draft.kind.kind.startswith("plan-"):
        return draft.token
    inside = [one for one in sentence.tokens if draft.start <= one.start and one.end <= draft.end and one.tag == "VB"]
    return inside[-1] if inside else draft.token


def _spoken_with(sentence: Sentence, token: Token) -> Token:
    """The verb of saying above a participle that is another act of speech; the participle where there is none."""
    verb = sentence.tokens[token.head]
    while verb.dep == "ccomp" and sentence.tokens[verb.head].is_verb:
        verb = sentence.tokens[verb.head]
        if verb.lemma in REPORTING:
            return verb
    return token
