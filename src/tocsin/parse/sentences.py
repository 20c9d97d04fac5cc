"""Cuts a text into paragraphs and sentences, before any parse, so that only sentences that matter are parsed.

Offsets never move: residue is blanked in a copy of the same length, and the copy is what is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tocsin.layout import blocks
from tocsin.parsed import Paragraph, ParsedDocument, Sentence

LONGEST_SENTENCE = (
    1200  # code points; a longer one is no sentence but a table or a list, and parses cost more than linearly
)
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "gen",
        "col",
        "lt",
        "maj",
        "capt",
        "sgt",
        "adm",
        "sen",
        "rep",
        "gov",
        "pres",
        "st",
        "mt",
        "ft",
        "no",
        "nos",
        "vs",
        "etc",
        "inc",
        "ltd",
        "co",
        "corp",
        "dept",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thurs",
        "fri",
        "sat",
        "sun",
        "e.g",
        "i.e",
        "u.s",
        "u.n",
        "u.k",
        "u.a.e",
        "a.m",
        "p.m",
        "d.c",
        "approx",
        "est",
        "fig",
        "op",
        "cit",
        "jr",
        "sr",
        "rev",
        "hon",
        "brig",
        "cmdr",
        "spc",
        "pvt",
        "cpl",
        "ave",
        "blvd",
        "rd",
        "bros",
        "assn",
        "univ",
        "messrs",
        "gens",
    ]
)
_END = re.compile(r"""[.!?…][.!?…]*["”’'»)\]]*(?=\s+|$)|[.!?]["”’»](?=[A-Z])|(?<=[a-z\d)]{2})[.!?](?=[A-Z“"][a-z])""")
_WORD_BEFORE = re.compile(r"([^\W\d_](?:[\w.]*\w)?)$")
_OPENERS = "\"“‘'([«"


def visible(text: str, mask: Iterable[tuple[int, int]]) -> str:
    """The text with masked stretches blanked; same length, so offsets hold."""
    parts, position = [], 0
    for start, end in mask:
        if end > position:
            start = max(start, position)
            parts += [text[position:start], " " * (end - start)]
            position = end
    return "".join([*parts, text[position:]])


def outline(
    text: str,
    *,
    published: str | None = None,
    title: str | None = None,
    mask: Sequence[tuple[int, int]] = (),
    breaks: Iterable[int] = (),
) -> ParsedDocument:
    """The document with its paragraphs and sentences, none of them parsed yet.

    `mask` is sorted residue that must not be read; `breaks` are offsets at which a sentence ends whatever the
    punctuation says (the end of a dateline, say).
    """
    seen = visible(text, mask)
    document = ParsedDocument(text=text, published=published, title=title, mask=list(mask))
    document.paragraphs = list(paragraphs(seen))
    cuts = sorted(breaks)
    for number, paragraph in enumerate(document.paragraphs):
        for start, end in _sentence_spans(seen, paragraph, cuts):
            sentence = Sentence(len(document.sentences), start, end, seen[start:end], number)
            sentence.headline = paragraph.kind == "headline" or is_title_case(sentence.text)
            document.sentences.append(sentence)
    return document


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Blocks between line breaks that mean something; see `tocsin.layout`."""
    for low, high in blocks(text):
        start, stop = _stripped(text, low, high)
        if start < stop:
            kind = "headline" if stop - start < 200 and text[stop - 1] not in ".!?…:;,\"”'’" else "body"
            yield Paragraph(start, stop, kind)


def is_title_case(text: str) -> bool:
    """Whether a sentence is written As Headlines Are: nearly all longer words with a capital."""
    longer = [word for word in re.findall(r"[^\W\d_][\w’'-]*", text[:400]) if len(word) > 3]
    return len(longer) >= 3 and sum(word[0].isupper() for word in longer) >= 0.8 * len(longer)


def is_all_caps(text: str) -> bool:
    """Whether a stretch has next to no lower-case letters."""
    letters = [char for char in text[:600] if char.isalpha()]
    return len(letters) > 12 and sum(char.isupper() for char in letters) >= 0.9 * len(letters)


def _sentence_spans(text: str, paragraph: Paragraph, cuts: list[int]) -> Iterator[tuple[int, int]]:
    start = paragraph.start
    ends = sorted({*_ends(text, paragraph), *(cut for cut in cuts if paragraph.start < cut < paragraph.end)})
    for end in [*ends, paragraph.end]:
        yield from _bounded(text, *_stripped(text, start, end))
        start = end


def _ends(text: str, paragraph: Paragraph) -> Iterator[int]:
    for match in _END.finditer(text, paragraph.start, paragraph.end):
        if not _goes_on(text, match, paragraph):
            yield match.end()


def _goes_on(text: str, match: re.Match[str], paragraph: Paragraph) -> bool:
    """Whether the stop is an abbreviation's, an initial's, or is followed by a small letter."""
    rest = text[match.end() : match.end() + 12].lstrip()
    if rest and rest[0].islower():
        return True
    if match.group()[0] != "." or len(match.group()) > 1:
        return False
    before = _WORD_BEFORE.search(text, max(paragraph.start, match.start() - 24), match.start())
    word = before.group(1) if before else ""
    if word.lower() in _ABBREVIATIONS:
        # "in the U.S. The army" ends; "Gen. Haftar" and "U.S. President" do not
        ends_too = "." in word and bool(re.match(r"(?:The|A|An|It|He|She|They|But|In|On|This|We)\b", rest))
        return not ends_too
    return len(word) == 1 and word.isupper() and word not in "I" and bool(rest) and rest[0].isupper()


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch, cut at spaces where it is too long to be a sentence."""
    while end - start > LONGEST_SENTENCE:
        cut = text.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
        cut = cut if cut > start else start + LONGEST_SENTENCE
        yield _stripped(text, start, cut)
        start, end = _stripped(text, cut, end)
    if start < end:
        yield start, end


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
