"""Headlines that name their source beside a colon or dash: 'Blasts kill two: monitor', 'Governor: dam will hold'."""

from __future__ import annotations

from tocsin import rulefiles
from tocsin.extract.statement_cues import CueRule
from tocsin.extract.statement_frame import Frame
from tocsin.parsed import Sentence, Token

_CREDITS = frozenset({"source", "sources", "report", "reports", "media", "video", "study", "poll"})  # 'Source: AP'
_DASHES = frozenset({"-", "–", "—"})
_LONGEST_NAME = 4  # tokens of a source beside a colon
_SHORTEST_CONTENT = 3


def headline_frame(sentence: Sentence, rule: CueRule) -> Frame | None:
    """The one frame of a headline with one colon, or one dash; None where what stands beside it is a place or a theme."""
    tokens = sentence.tokens
    colons = [one.i for one in tokens if one.text == ":"] or [one.i for one in tokens if _parts(tokens, one)]
    if not sentence.headline or len(colons) != 1:
        return None
    left, right = tokens[: colons[0]], tokens[colons[0] + 1 :]
    while right and right[-1].text in ".!?":
        right.pop()
    if _speaker(sentence, right) and len(left) >= _SHORTEST_CONTENT:
        return _frame(sentence, rule, right, left, tokens[colons[0]])
    credit = all(one.lower in _CREDITS or not one.text.isalpha() for one in left)
    if not credit and _speaker(sentence, left) and len(right) >= _SHORTEST_CONTENT:
        return _frame(sentence, rule, left, right, tokens[colons[0]])
    return None


def _parts(tokens: list[Token], dash: Token) -> bool:
    """Whether it is a dash that stands between two parts, and none inside a word ('Jisr al-Shughur')."""
    if dash.text not in _DASHES or not 0 < dash.i < len(tokens) - 1:
        return False
    return dash.text == "—" or (tokens[dash.i - 1].end < dash.start and dash.end < tokens[dash.i + 1].start)


def _frame(sentence: Sentence, rule: CueRule, source: list[Token], content: list[Token], colon: Token) -> Frame:
    return Frame(
        sentence, colon, rule, "headline", (colon.start, colon.end), (source[0].start, source[-1].end),
        (content[0].start, content[-1].end),
    )  # fmt: skip


def _speaker(sentence: Sentence, tokens: list[Token]) -> bool:
    """Whether a few words name somebody who speaks: a word for a speaker, or a person's name."""
    if not 0 < len(tokens) <= _LONGEST_NAME or any(one.is_verb for one in tokens):
        return False
    if any(one.lower in rulefiles.words("report_speakers") for one in tokens):
        return True
    low, high = tokens[0].start, tokens[-1].end
    return any(one.label == "PERSON" and one.start <= low and high <= one.end for one in sentence.names)
