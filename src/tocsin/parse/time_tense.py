"""Which way a date without a year points: to the past or the future, by the verb forms near it."""

from __future__ import annotations

from tocsin.parse.time_ambiguity import context
from tocsin.parse.time_words import Tokens
from tocsin.rulefiles import words

_STOPS = frozenset(".!?;\n")
_GENITIVES = ("'s", "’s")
_BACK, _AHEAD = 25, 12  # tokens that a verb may stand away


def tense_at(tokens: Tokens, index: int) -> int:
    """-2, -1, 0 or 1: the time that the nearest verb form before (else after) the expression in its sentence speaks of.

    -2: a date that begins its sentence, with a verb of the past after it; the verb before a date is weaker evidence,
    since it may be the verb of saying or planning (`extended the deadline to 3 May`).
    """
    before = [token.text.lower() for token in tokens.tokens[max(0, index - 3) : index]]
    if before and (before[-1] in context("until") or before in (["as", "soon", "as"], ["as", "early", "as"])):
        return -1 if len(before) > 1 and before[-2][0] in _STOPS and _had_follows(tokens, index) else 1
    if _text(tokens, index + 1).lower() in _GENITIVES and _text(tokens, index + 2).lower() not in context("scheduled"):
        return -1  # 'ways around Wednesday's ruling': what has a day of its own has been, whatever the verb
    for step, limit in ((-1, _BACK), (1, _AHEAD)):
        at = index + step
        while 0 <= at < len(tokens.tokens) and abs(at - index) <= limit:
            word = tokens.tokens[at].text
            if word[0] in _STOPS:
                break
            cue = _cue(word, _text(tokens, at - 1), _text(tokens, at + 1))
            if cue:
                leads = not before or before[-1] in context("leading") or before[-1][0] in _STOPS
                return -2 if cue < 0 < step and leads else cue
            at += step
    return 0


def _had_follows(tokens: Tokens, index: int) -> bool:
    """'Until Thursday, they had not ...' looks back."""
    return any(_text(tokens, at).lower() == "had" for at in range(index + 1, index + 6))


def _text(tokens: Tokens, index: int) -> str:
    return tokens.tokens[index].text if 0 <= index < len(tokens.tokens) else ""


def _cue(word: str, before: str, after: str) -> int:
    """The time that one word speaks of; `expected` and the like look ahead after a form of `be` or before `to`."""
    if word in context("future"):
        return 1
    if word in context("appointing") and before not in context("be"):
        return 1
    if word in context("expected"):
        return 1 if before in context("be") or after in ("to", "for") else -1
    if word == "to" and before in context("be"):
        return 1
    past = word in words("time_past_verbs") or (
        word.endswith("ed") and len(word) > 4 and word[0].islower() and word not in context("not_past")
    )
    return (1 if before == "be" else -1) if past else 0  # 'would be held', 'is to be opened'
