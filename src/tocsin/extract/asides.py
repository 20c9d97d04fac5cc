"""Words of events that tell of none beside the one they stand with: charges, occasions, purposes, statistics.

"Convicted of murder" tells of a conviction, "signed it at a meeting of their ministers" of a signature, "two men accused
of spying were arrested" of an arrest, "attacks fell by a third" of a count. Each is left out only where it adds no party,
or nothing but a purpose, to the event beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tocsin.extract.events import Draft
from tocsin.parsed import ParsedDocument, Sentence

_LEGAL_KINDS = frozenset({"charge", "convict", "imprisonment", "arrest", "accuse", "investigate", "pardon"})
_TALKS = frozenset({"CONSULT"})
_HOPED = frozenset({"COOPERATE"})
_OCCASIONS = frozenset({"at", "during", "in", "before", "after", "on", "following"})
_CHANGING = frozenset(
    "fall rise drop decline increase decrease climb double triple halve grow shrink soar plummet jump surge dwindle".split()
)


def without_asides(parsed: ParsedDocument, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts that are events of their own, each judged beside those of its sentence."""
    tests = (_is_crime_charged, _describes_the_accused, _is_occasion, _is_purpose, _is_count)
    found: list[Draft] = []
    for index, together in groupby(drafts, key=lambda one: one.sentence):
        beside, sentence = list(together), parsed.sentences[index]
        left_out = [one for one in beside if any(test(sentence, one, beside) for test in tests)]
        accused_of = {one.token.i for one in left_out if one.kind.kind == "accuse"}
        found += [one for one in beside if one not in left_out and not _is_below(sentence, one, accused_of)]
    return found


def _is_below(sentence: Sentence, draft: Draft, verbs: set[int]) -> bool:
    """'a man accused of stabbing a boy was arrested': of what he is accused is no event beside the arrest."""
    return bool(verbs) and any(one.i in verbs for one in sentence.ancestors(draft.token))


def _is_crime_charged(sentence: Sentence, draft: Draft, drafts: Sequence[Draft]) -> bool:
    """'convicted of murder', 'charged with manslaughter': the crime's name alone, under a step of the law."""
    if not draft.nominal or draft.kind.type != "ASSAULT" or draft.recipients or draft.roles.targets:
        return False
    steps = [one for one in drafts if one.kind.kind in _LEGAL_KINDS]
    defendants = {span for one in steps for span in one.recipients}
    if draft.roles.rules.get("actor") != "syntax:by" and not defendants.issuperset(draft.actors):
        return False  # ('convicted of murder by a court' names the court)
    prep = sentence.tokens[draft.token.head]
    above = sentence.tokens[prep.head]
    charged = prep.dep == "prep" and prep.lower in ("of", "for", "with", "on")
    verbs = (above, sentence.tokens[above.head]) if above.dep == "conj" else (above,)  # 'convicted and acquitted of'
    return charged and any(one.token in verbs for one in steps)


def _describes_the_accused(sentence: Sentence, draft: Draft, drafts: Sequence[Draft]) -> bool:
    """'a priest who was accused of theft was arrested': what somebody was accused of, told of the one who is arrested."""
    if draft.kind.kind != "accuse" or draft.nominal or draft.actors or draft.token.dep not in ("acl", "relcl"):
        return False
    head = sentence.tokens[draft.token.head]
    return any(
        one is not draft
        and one.kind.kind in _LEGAL_KINDS
        and any(start <= head.start < end for start, end in one.recipients)
        for one in drafts
    )


def _is_occasion(sentence: Sentence, draft: Draft, drafts: Sequence[Draft]) -> bool:
    """'signed a pact at a meeting of their ministers': where another event took place, with no two parties of its own."""
    if not draft.nominal or draft.kind.type not in _TALKS or (draft.actors and draft.recipients):
        return False
    prep = sentence.tokens[draft.token.head]
    verb = sentence.tokens[prep.head]
    if prep.dep != "prep" or prep.lower not in _OCCASIONS:
        return False
    return any(one is not draft and one.token is verb and one.kind.type != "NONE" and not one.nominal for one in drafts)


def _is_purpose(sentence: Sentence, draft: Draft, drafts: Sequence[Draft]) -> bool:
    """'signed a pact to strengthen ties': closer ties that words are hoped to bring are no event."""
    if draft.nominal or draft.kind.type not in _HOPED or draft.token.tag != "VB":
        return False
    aim = draft.token.dep in ("advcl", "acl") and any(
        one.lower == "to" for one in sentence.children_by(draft.token, "aux")
    )
    above = {one.i for one in sentence.ancestors(draft.token)}
    return aim and any(one.token.i in above and one.kind.type != "NONE" for one in drafts)


def _is_count(sentence: Sentence, draft: Draft, _: Sequence[Draft]) -> bool:
    """'executions fell by a third': several events as the subject of a verb of more and less are a statistic."""
    verb = sentence.tokens[draft.token.head]
    counted = draft.nominal and draft.token.tag == "NNS" and draft.token.dep == "nsubj" and verb.lemma in _CHANGING
    return counted and not (draft.actors or draft.recipients)
