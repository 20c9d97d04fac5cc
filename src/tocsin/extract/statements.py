"""Who says what: direct, mixed and indirect speech, with source, cue, content, addressee.

A quotation whose speaker the page does not name keeps `source` None: a speaker is never carried over from another
paragraph, save by the words that announce it ("he added") or by quotation marks that go on from paragraph to paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from tocsin import rulefiles
from tocsin.extract.quotations import Quotation, find_quotations
from tocsin.extract.statement_cues import cue_lexicon
from tocsin.extract.statement_frame import Frame
from tocsin.extract.statement_frames import frames
from tocsin.extract.statement_gapped import with_gapped
from tocsin.extract.statement_quotes import Linked, link
from tocsin.extract.statement_spans import Stretch, trimmed
from tocsin.parsed import ParsedDocument
from tocsin.records import Actor, Source, Span, Statement, Why

_PRONOUNS = frozenset({"itself", "himself", "herself", "themselves", "it", "him", "them", "each other", "one another"})
_NOBODY = ("no ", "nobody", "no-one", "neither ", "none ")
_SAID_SLOTS = frozenset({"clause", "quote", "inf", "headline", "signed", "free", "of", "undergone"})
_BREAK = re.compile(r"(?:;|(?<!\d):)\s")
_SHORTEST_PART = 4  # characters behind a break that can be somebody's words
_SHORTEST_MARKED = 3  # characters of a source that may hold a name and a stray mark


@cache
def speech_words() -> frozenset[str]:
    """Lemmas of all words that can announce somebody's words: what the gate lets through."""
    return cue_lexicon().words()


def vouches(statement: Statement) -> bool:
    """Whether the source says that the content is, was or will be so.

    False where it only speaks of a thing, judges it, asks after it or wants it ('condemned the raid', 'called for a
    truce'): what is only spoken of is not made so, or doubtful, by whoever speaks of it.
    """
    slot = statement.rule.rpartition("/")[2]
    stance = statement.why[0].rule if statement.why else "assert"
    counted = statement.rule.startswith(("tally/", "put-figure/"))  # 'recorded 90 explosions' vouches for each of them
    return (counted or slot in _SAID_SLOTS) and stance not in ("judge", "ask", "demand")


def find_statements(parsed: ParsedDocument, actors: Sequence[Actor] = ()) -> tuple[Statement, ...]:
    """The document's statements in the order of the text, without ids; `source.actor` is filled later.

    No core span (source, cue, content) touches a masked stretch. Never raises, whatever the marks of the text.
    """
    lexicon = cue_lexicon()
    quotations = find_quotations(parsed)
    found: list[Frame] = []
    for sentence in parsed.sentences:
        found += with_gapped(frames(sentence, lexicon))
    linked = link(parsed, found, quotations)
    media = _media(actors)
    rows = [row for one in linked if (row := _statement(parsed, one, quotations, media)) is not None]
    return tuple(sorted(rows, key=lambda one: (one.content.start, one.content.end, one.start)))


def _media(actors: Sequence[Actor]) -> frozenset[tuple[int, int]]:
    return frozenset((one.start, one.end) for one in actors if one.sector in ("MED", "JRN"))


def _statement(
    parsed: ParsedDocument, one: Linked, quotations: Sequence[Quotation], media: frozenset[tuple[int, int]]
) -> Statement | None:
    content = _span(parsed, _after_break(parsed.text, one))
    if content is None or not any(char.isalnum() for char in content.text) or content.text.lower() in _PRONOUNS:
        return None
    source = _without_stray_mark(parsed, _span(parsed, one.source))
    if source is not None and source.text.lower().startswith(_NOBODY):
        return None  # 'no group claimed it' is a statement of nobody's
    cue = parsed.span(*one.cue) if one.cue else None
    addressee, via = _span(parsed, one.addressee), _span(parsed, one.via)
    if addressee is not None and via is None and _is_medium(addressee, media):
        via = addressee
    edges = [span for span in (content, source, cue) if span is not None]
    why = [Why(cell="stance", rule=one.stance, spans=(cue,) if cue else ())]
    if len(one.parts) > 1:
        why.append(Why(cell="content", rule="split-quotation", spans=tuple(parsed.span(*part) for part in one.parts)))
    return Statement(
        start=min(span.start for span in edges),
        end=max(span.end for span in edges),
        source=Source(start=source.start, end=source.end, text=source.text) if source else None,
        cue=cue, content=content, direct=one.direct, addressee=addressee, via=via, rule=one.rule,
        confidence=one.confidence, why=tuple(why),
    )  # fmt: skip


def _after_break(text: str, one: Linked) -> Stretch | None:
    """The content, of reported speech whose cue comes behind it only the part after the last break of the sentence.

    'The militia turned the offer down: the capital is not neutral, it said': the page's own words end at the colon.
    """
    if one.content is None or one.cue is None or one.direct == "yes" or one.cue[0] <= one.content[0]:
        return one.content
    start, limit = one.content[0], min(one.content[1], one.cue[0])
    if one.direct == "partly" and any(mark in text[start:limit] for mark in "\"“”'‘’"):
        return one.content
    breaks = [match.end() for match in _BREAK.finditer(text, start, limit)]
    if not breaks or limit - breaks[-1] < _SHORTEST_PART:
        return one.content
    return breaks[-1], one.content[1]


def _without_stray_mark(parsed: ParsedDocument, source: Span | None) -> Span | None:
    """The source without the one mark of a quotation beside it."""
    if source is None or len(source.text) < _SHORTEST_MARKED:
        return source
    start, end = source.start, source.end
    if source.text[0] in '"”’' and source.text.count(source.text[0]) == 1:
        start += 1
    if source.text[-1] in '"“‘' and source.text.count(source.text[-1]) == 1:
        end -= 1
    edges = trimmed(parsed.text, start, end)
    return parsed.span(*edges) if edges else None


def _is_medium(span: Span, media: frozenset[tuple[int, int]]) -> bool:
    """Whether those addressed are a paper, a station, an agency: then the words came through them."""
    if any(span.start <= start and end <= span.end for start, end in media):
        return True
    heard = span.text.lower().removeprefix("the ")
    return heard in _outlets() or any(word in rulefiles.words("media") for word in heard.split())


@cache
def _outlets() -> frozenset[str]:
    rows = rulefiles.table("actors/media.csv")
    names = (name for row in rows for name in (row["name"], *(row.get("aliases") or "").split("|")))
    return frozenset(name.strip().lstrip("=").lower() for name in names if name.strip())


def _span(parsed: ParsedDocument, stretch: Stretch | None) -> Span | None:
    """The stretch trimmed, and cut at the first masked stretch in it."""
    if stretch is None:
        return None
    start, end = stretch
    at = max(bisect_right(parsed.mask, (start, start)) - 1, 0)  # the mask is sorted: the first that may reach in
    for low, high in parsed.mask[at:]:
        if low >= end:
            break
        if start < high:
            start, end = (high, end) if low <= start else (start, low)
    edges = trimmed(parsed.text, start, end)
    return parsed.span(*edges) if edges else None
