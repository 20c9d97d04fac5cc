"""Marks what is not the article's own text: teasers, hover-cards, footers, captions, credits, datelines, adverts, links.

Nothing is cut: spans are marked, so offsets hold and a reader can see what was left out and by which rule. Lines are
judged by wording (`rules/residue/patterns.yaml`), then by shape and company: a line without a full stop among others
like it, before the first or after the last paragraph, is seldom the article's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import msgspec

from tocsin import rulefiles
from tocsin.errors import RuleError
from tocsin.records import Residue, ResidueKind

THRESHOLD = 1.0  # score from which a line's shape alone marks it
LONGEST_LINE = 600  # code points of a line that patterns look at; longer lines are paragraphs
_LINE = re.compile(r"[^\n]+")
_STOP = re.compile(r"[.!?…][\"”’')\]»]*$|[.,][\"”’']$")
_BULLET = re.compile(r"^(?:[-•*▪●·>»|]+\s*)+|\s*[|]+\s*$")
_CONTACT = re.compile(r"https?://|www\.|\S@\S+\.\w|(?<!\w)@\w{3,}|\(\d{3}\)\s?\d{3}|pic\.twitter")
_DATELINE = re.compile(
    r"^\s*(?:[A-Z][A-Za-zÀ-ÿ.'’-]*(?:[ /,]+[A-Z][A-Za-zÀ-ÿ.'’-]*){0,5},?\s*)?(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:,? \d{4})?\s*)?"
    r"\((?:Reuters|AP|AFP|UPI|EFE|DPA|dpa|ANSA|TASS|Xinhua|IRNA|SANA|Anadolu|AA|Interfax|RIA|ITAR-TASS|Bloomberg|CNN|BBC|Thomson Reuters Foundation|[A-Z]{2,6}|[A-Z][\w ]{2,24})\)\s*[-–—]{1,2}\s*"
)
_CAPS_DATELINE = re.compile(
    r"^\s*[A-Z][A-Z.'’ -]{2,30}(?:, [A-Z][A-Za-z. ]{2,24})?(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?\s+[-–—]{1,2}\s+(?=[A-Z“\"])"
)
# a person's name run together with a card of it: 'MattisJames Norman MattisHeadline headline ... MORE'
_HOVERCARD = re.compile(
    r"\b([A-Z][a-zà-ÿ’'-]{2,20})((?:[A-Z][\w.’'-]{1,20}\s+){1,4}\1(?=[A-Z(\s])[^\n]{0,700}?\bMORE\b)"
)


class Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule of `patterns.yaml`."""

    kind: ResidueKind
    rule: str
    patterns: tuple[str, ...]
    are: tuple[str, ...]
    are_not: tuple[str, ...]
    start: bool = False
    longest: int = 90


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    text: str
    bare: str
    words: int
    stopped: bool
    pattern: tuple[ResidueKind, str] | None = None


@cache
def patterns() -> list[tuple[Pattern, re.Pattern[str]]]:
    """The rules, each with its patterns as one expression. Raises `RuleError` where a pattern is wrong."""
    compiled = []
    for source in rulefiles.rule_files("residue", ".yaml"):
        for one in rulefiles.read_yaml(source, list[Pattern]):
            try:
                joined = "|".join(f"(?:{part})" for part in one.patterns)
                compiled.append((one, re.compile(rf"(?:{joined})" + ("" if one.start else r"\s*[:|]?\s*$"))))
            except re.error as problem:
                raise RuleError(f"{source.name}: rule {one.rule!r}: {problem}") from problem
    return compiled


def find_residue(text: str, title: str | None = None, *, english: bool = True) -> tuple[Residue, ...]:
    """The residue of a text: sorted spans that do not overlap. What a line's shape tells holds for English pages only."""
    lines = [_line(match.start(), match.group()) for match in _LINE.finditer(text) if match.group().strip()]
    found = [
        *_by_wording(lines),
        *(_by_shape(lines, title) if english else ()),
        *_datelines(text, lines),
        *_hovercards(text),
    ]
    return tuple(_apart(found))


def _line(start: int, raw: str) -> _Line:
    text = raw.strip()
    start += len(raw) - len(raw.lstrip())
    bare = _BULLET.sub("", text).strip() if len(text) <= LONGEST_LINE else text
    return _Line(start, start + len(text), text, bare, len(bare.split()), bool(_STOP.search(text[-4:])))


def _by_wording(lines: Sequence[_Line]) -> Iterator[Residue]:
    for line in lines:
        if len(line.bare) > LONGEST_LINE:
            continue
        lower = line.bare.lower().replace("’", "'")
        for one, pattern in patterns():
            if len(line.bare) <= one.longest and pattern.match(lower):
                line.pattern = (one.kind, one.rule)
                yield Residue(start=line.start, end=line.end, kind=one.kind, rule=f"residue:{one.rule}", confidence=0.9)
                break


def _by_shape(lines: Sequence[_Line], title: str | None) -> Iterator[Residue]:
    """Lines that no pattern names, by their score; the article's own headline is never marked."""
    body = [n for n, line in enumerate(lines) if line.stopped and line.words >= 12 and line.pattern is None]
    if not body:
        return
    own = _own_headline(lines, body[0], title)
    for n, line in enumerate(lines):
        if n == own or line.pattern is not None:
            continue
        score = _score(lines, n, body[0], body[-1])
        if score >= THRESHOLD:
            yield Residue(
                start=line.start,
                end=line.end,
                kind=_kind(line, n, body),
                rule="residue:shape",
                confidence=round(min(score / 1.5, 0.95), 2),
            )


def _own_headline(lines: Sequence[_Line], first_body: int, title: str | None) -> int:
    """The line before the body that says what the title says; without a title the first that is long enough."""
    above = [n for n in range(first_body) if lines[n].words >= 3 and lines[n].pattern is None]
    if not above:
        return -1
    if not title:
        return above[0]
    wanted = set(title.lower().split())
    return max(above, key=lambda n: (len(wanted & set(lines[n].bare.lower().split())), -n))


def _score(lines: Sequence[_Line], n: int, first: int, last: int) -> float:
    """How much a line looks like furniture; each step's size is a reasoned weight, not a fitted one."""
    line = lines[n]
    score = 0.0 if line.stopped else 0.45
    score += 0.5 if "|" in line.text[:2] or line.text.endswith("|") else 0.0
    score += 0.25 if line.words <= 3 else 0.1 if line.words <= 8 else 0.0
    listed = line.bare != line.text
    score += 0.35 if n < first or n > last else -0.35 if listed else 0.0  # a list among paragraphs is the article's own
    score += 0.2 if listed else 0.0
    score -= 0.5 if listed and _is_tabular(line.bare) else 0.0
    score += 0.3 if _CONTACT.search(line.text[:LONGEST_LINE]) else 0.0
    score -= 0.5 if line.words > 25 else 0.2 if line.words > 16 else 0.0
    score -= 0.35 if line.text.endswith((":", ",", ";")) else 0.0
    score -= 0.4 if line.text[:1] in '“"‘' else 0.0
    for other in (n - 1, n + 1):
        if 0 <= other < len(lines):
            score += (
                0.3
                if lines[other].pattern is not None
                else 0.25
                if not lines[other].stopped and lines[other].words <= 20
                else 0.0
            )
    return score


def _is_tabular(text: str) -> bool:
    """Whether a listed line holds data (scores, amounts, quantities) and not a menu entry."""
    return sum(char.isdigit() for char in text) >= 0.12 * len(text.replace(" ", "")) or text.count("|") >= 3


def _kind(line: _Line, n: int, body: Sequence[int]) -> ResidueKind:
    if 4 <= line.words <= 20 and line.bare[:1].isupper() and line.bare == line.text:
        return "teaser"
    if line.bare != line.text or _CONTACT.search(line.text[:LONGEST_LINE]):
        return "link"
    return "footer" if n > body[-1] else "other"


def _datelines(text: str, lines: Sequence[_Line]) -> Iterator[Residue]:
    """'KYIV (Reuters) - ' at the head of a paragraph: who reports, from where. Marked, and still read as attribution."""
    for line in lines[:40]:
        match = _DATELINE.match(text[line.start : line.start + 160]) or _CAPS_DATELINE.match(
            text[line.start : line.start + 120]
        )
        if match is not None and match.end() >= 6 and not line.text.isupper():
            yield Residue(
                start=line.start,
                end=line.start + len(match.group().rstrip()),
                kind="dateline",
                rule="residue:dateline",
                confidence=0.9,
            )


def _hovercards(text: str) -> Iterator[Residue]:
    """A card glued into a sentence: it starts where a formal name follows the surname without a space, and ends at MORE."""
    for match in _HOVERCARD.finditer(text):
        yield Residue(
            start=match.start(2), end=match.end(2), kind="hovercard", rule="residue:hovercard", confidence=0.9
        )


def _apart(found: list[Residue]) -> Iterator[Residue]:
    """The spans in order, the first and longest kept where two overlap."""
    position = 0
    for one in sorted(found, key=lambda one: (one.start, -one.end, one.kind)):
        if one.start >= position and one.start < one.end:
            yield one
            position = one.end
