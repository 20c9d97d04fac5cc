"""Marks what is not the article's own text: teasers, hover-cards, footers, captions, credits, datelines, adverts, links.

Nothing is cut: spans are marked, so offsets hold and a reader can see what was left out and by which rule. Lines are
judged by wording (`rules/residue/patterns.yaml`), then by shape and company (`shape`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from tocsin import rulefiles
from tocsin.clean.lines import LONGEST_LINE, Line, line_of
from tocsin.clean.shape import by_shape
from tocsin.errors import RuleError
from tocsin.layout import blocks
from tocsin.records import Residue, ResidueKind

LINK_WORDS = 5  # a shorter line that is a link may be a name in a list, or a piece of a sentence cut by markup
_DATELINE = re.compile(
    r"^\s*(?:[A-Z][A-Za-zÀ-ÿ.'’-]*(?:[ /,]+[A-Z][A-Za-zÀ-ÿ.'’-]*){0,5},?\s*)?(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:,? \d{4})?\s*)?"
    r"\((?:Reuters|AP|AFP|UPI|EFE|DPA|dpa|ANSA|TASS|Xinhua|IRNA|SANA|Anadolu|AA|Interfax|RIA|ITAR-TASS|Bloomberg|CNN|BBC|Thomson Reuters Foundation|[A-Z]{2,6}|[A-Z][\w ]{2,24})\)\s*[-–—]{1,2}\s*"
)
_CAPS_DATELINE = re.compile(
    r"^\s*[A-Z][A-Z.'’ -]{2,30}(?:, [A-Z][A-Za-z. ]{2,24})?(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?\s+[-–—]{1,2}\s+(?=[A-Z“\"])"
)
# the wires' older form, and the monitoring services': 'SAN MARTIN, 3 JAN 90 (AGENCY) -- [TEXT] ...'
_WIRE_DATELINE = re.compile(
    r"^\s*[A-ZÀ-Ý][A-Za-zÀ-ÿ .'’/-]{2,40}(?:\([^()\n]{2,40}\))?,\s*\d{1,2} [A-Z][A-Za-z]{2,8}\.? \d{2,4}\s*(?:\([^()\n]{2,40}\)\s*)?[-–—]{1,2}\s*(?:(?:\[[^\]]{1,120}\]|\([^()]{1,80}\))\s*){0,4}",
    re.S,
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


def find_residue(
    text: str, title: str | None = None, *, english: bool = True, links: frozenset[int] = frozenset()
) -> tuple[Residue, ...]:
    """The residue of a text: sorted spans that do not overlap. What a line's shape tells holds for English pages only.

    `links` holds where lines begin that are one link from end to end in the page's markup.
    """
    lines = [line_of(start, text[start:end]) for start, end in blocks(text) if text[start:end].strip()]
    found = [
        *_by_wording(lines),
        *_links(lines, links),
        *(by_shape(lines, title) if english else ()),
        *_datelines(text, lines),
        *_hovercards(text),
    ]
    return tuple(_apart(found))


def _by_wording(lines: Sequence[Line]) -> Iterator[Residue]:
    for line in lines:
        if len(line.bare) > LONGEST_LINE:
            continue
        lower = line.bare.lower().replace("’", "'")
        for one, pattern in patterns():
            if len(line.bare) <= one.longest and pattern.match(lower):
                line.named = True
                yield Residue(start=line.start, end=line.end, kind=one.kind, rule=f"residue:{one.rule}", confidence=0.9)
                break


def _links(lines: Sequence[Line], links: frozenset[int]) -> Iterator[Residue]:
    """Lines that are nothing but a link: below the first paragraph of a news page they lead to other stories."""
    first = next((n for n, line in enumerate(lines) if line.paragraph), len(lines))
    for line in lines[first:]:
        if (
            line.start in links
            and not (line.named or line.stopped)
            and line.words >= LINK_WORDS
            and line.bare[:1].isupper()
        ):
            line.named = True
            yield Residue(start=line.start, end=line.end, kind="link", rule="residue:one-link", confidence=0.85)


def _datelines(text: str, lines: Sequence[Line]) -> Iterator[Residue]:
    """'KYIV (Reuters) - ' at the head of a paragraph: who reports, from where. Marked, and still read as attribution."""
    wire = _WIRE_DATELINE.match(text[:400])
    if wire is not None:
        yield Residue(
            start=0, end=len(wire.group().rstrip()), kind="dateline", rule="residue:wire-dateline", confidence=0.9
        )
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
