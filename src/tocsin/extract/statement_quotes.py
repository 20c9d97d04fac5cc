"""Quotations and cues brought together: which quotation is whose, which belong to one statement, which have no speaker."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tocsin.extract.quotations import Quotation, outside
from tocsin.extract.statement_frame import Frame
from tocsin.extract.statement_spans import Stretch
from tocsin.parsed import ParsedDocument

_SIGNATURE = re.compile(
    r"\s{0,3}([―—–]|--)[ \t]*([^\W\d_](?:[^\n.!?\"“]|(?<=\b[A-Z])\.){1,60}?)[^\S\n.]*\.?(?=\s*(?:\n|$))"
)
_THREE_WORDS = re.compile(r"\s*+(?:\S++\s++){2}\S")
_SECOND_HAND = frozenset({"assert", "allege", "deny", "threaten", "warn"})
_REPORTS = frozenset({"say", "tell", "claim", "deny", "confirm", "according-to", "accuse", "threaten", "warn"})
_JOINTS = " \t\r\n,;:—–-―.…"
_LONGEST_SPEAKER = 25  # tokens between a quotation and its cue that may be the speaker with titles and appositions
_NEAR = 90  # characters between a cue and the quotation that it announces, in one sentence
_INNER = 12  # statements looked at within one content
_SHORT_QUOTE = 30  # characters; a shorter quotation some words behind a cue is a name or a scare quote
_SPEAKERLESS_WORDS = 4  # words below which a quotation without a cue is a name or a scare quote, not a statement


@dataclass(slots=True)
class Linked:
    """A statement in stretches of characters, before it is trimmed and written down."""

    content: Stretch
    source: Stretch | None
    cue: Stretch | None
    stance: str
    rule: str
    direct: Literal["yes", "partly", "no"] = "no"
    addressee: Stretch | None = None
    via: Stretch | None = None
    parts: list[Stretch] = field(default_factory=list)
    confidence: float = 0.8

    @property
    def start(self) -> int:
        return min(one[0] for one in (self.content, self.source, self.cue) if one)

    @property
    def end(self) -> int:
        return max(one[1] for one in (self.content, self.source, self.cue) if one)


def link(parsed: ParsedDocument, frames: Sequence[Frame], quotations: Sequence[Quotation]) -> list[Linked]:
    """Every statement: frames with their clauses and quotations, then quotations that nobody announces."""
    starts = [one.start for one in quotations]
    claimed: set[int] = set()
    owned: list[tuple[Frame, list[int]]] = []
    for frame in frames:
        _speaker_outside(parsed, frame, quotations, starts)
        owned.append((frame, _own_quotations(parsed, frame, quotations, starts, claimed)))
    _continued(parsed, owned, quotations, starts, claimed)
    found = []
    cues = sorted(one.cue[0] for one in frames)
    for frame, numbers in owned:
        one = _linked(parsed, frame, [quotations[n] for n in sorted(numbers)], quotations, starts, cues)
        if one is not None:
            found.append(one)
    found = _without_nested(_without_repeats(found))
    _passed_on(found)
    found += _signed(parsed, quotations, claimed)
    found += _speakerless(parsed, quotations, claimed, found)
    return found


def _around(starts: list[int], quotations: Sequence[Quotation], offset: int) -> int | None:
    """The number of the quotation that holds the offset; one whose end was only guessed holds nothing."""
    n = bisect_right(starts, offset) - 1
    return n if n >= 0 and offset < quotations[n].end and quotations[n].closed else None


def _speaker_outside(parsed: ParsedDocument, frame: Frame, quotations: Sequence[Quotation], starts: list[int]) -> None:
    """Where the parser took words of the quotation for the speaker: the words between the quotation and the cue instead."""
    if frame.source is None or not frame.quotes or _around(starts, quotations, frame.cue[0]) is not None:
        return
    held = _around(starts, quotations, frame.source[0])
    if held is None or frame.source[1] > quotations[held].end + 1:
        return
    if len(parsed.text[slice(*frame.source)].split()) <= 2 and frame.source[1] >= quotations[held].end - 1:
        return  # a name in quotation marks, 'Lion' or 'the Doctor', is a name
    tokens = frame.sentence.tokens
    last = bisect_left(starts, frame.cue[0]) - 1
    low = quotations[last].end if last >= 0 else 0
    before = [one for one in tokens if low <= one.start and one.end <= frame.cue[0]]
    after = [one for one in tokens if frame.cue[1] <= one.start] if last == held else []
    stop = next(
        (n for n, one in enumerate(after) if one.text in ',.;:"“' or one.tag in ("IN", "VBD", "VBZ")), len(after)
    )
    for run in (before[:_LONGEST_SPEAKER], after[: min(stop, _LONGEST_SPEAKER)]):
        if any(one.is_noun or one.tag == "PRP" for one in run):
            frame.source = (run[0].start, run[-1].end)
            return
    frame.source = None


def _own_quotations(
    parsed: ParsedDocument, frame: Frame, quotations: Sequence[Quotation], starts: list[int], claimed: set[int]
) -> list[int]:
    """The quotations that a frame's clause touches, or that stand right before or behind its cue."""
    if _around(starts, quotations, frame.cue[0]) is not None:
        return []
    numbers: list[int] = []
    after = bisect_left(starts, frame.end)
    if frame.quotes and after < len(quotations) and parsed.text[frame.end : quotations[after].start].strip() == ":":
        frame.content = None  # 'The dam will hold, he said: "..."': what is announced stands behind the colon
        claimed.add(after)
        return [after]
    if frame.content is not None:
        low = max(bisect_right(starts, frame.content[0]) - 1, 0)
        for n in range(low, len(quotations)):
            if quotations[n].start >= frame.content[1]:
                break
            if quotations[n].end > frame.content[0]:
                numbers.append(n)
    if frame.quotes:
        numbers += [n for n in _beside(parsed, frame, quotations, starts, claimed) if n not in numbers]
    for n in numbers:
        claimed.add(n)
    return numbers


def _beside(
    parsed: ParsedDocument, frame: Frame, quotations: Sequence[Quotation], starts: list[int], claimed: set[int]
) -> list[int]:
    text = parsed.text
    before = bisect_left(starts, frame.start) - 1
    if before >= 0 and before not in claimed:
        gap = text[quotations[before].end : frame.start]
        spoken = frame.content is None or _last_sign(text, quotations[before]) in (",", "?", "!", "—")
        if spoken and len(gap) <= 4 and not gap.strip(_JOINTS) and "\n\n" not in gap:
            return [before]
    after = bisect_left(starts, frame.end)
    if after < len(quotations) and frame.content is None:
        gap = text[frame.end : quotations[after].start]
        if len(gap) <= _NEAR and _announces(frame, quotations[after], gap):
            return [after]
    return []


def _announces(frame: Frame, quotation: Quotation, gap: str) -> bool:
    """Whether nothing between the cue and a quotation ends the sentence; a colon may end the paragraph too."""
    if gap.rstrip().endswith(":"):
        return gap.count("\n\n") <= 1
    if "\n" in gap or quotation.start > frame.sentence.end:
        return False
    words = quotation.end - quotation.start >= _SHORT_QUOTE
    return len(gap.split()) <= 2 or gap.rstrip()[-1:] == "," or (words and frame.rule.name in ("say", "tell"))


def _continued(
    parsed: ParsedDocument,
    owned: Sequence[tuple[Frame, list[int]]],
    quotations: Sequence[Quotation],
    starts: list[int],
    claimed: set[int],
) -> None:
    """'"...," he said. "..."': the next quotation of the paragraph, where it begins the next sentence and is nobody's."""
    for frame, numbers in owned:
        if not numbers or not _sentence_like(parsed.text, quotations[max(numbers)]):
            continue
        last = quotations[max(numbers)]
        end = frame.sentence.end
        n = bisect_left(starts, max(last.end, frame.end))
        if n < len(quotations) and quotations[n].start < end and last.end <= frame.cue[0]:
            gap = parsed.text[frame.end : quotations[n].start]
            if n not in claimed and "\n" not in gap and gap.rstrip()[-1:] in (",", "—", ":") and len(gap) <= _NEAR:
                numbers.append(n)
                claimed.add(n)
                last = quotations[n]
        if last.end <= frame.cue[0] or last.end >= end - 1:
            _next_sentence(parsed, frame, numbers, max(end, last.end), quotations, starts, claimed)


def _next_sentence(
    parsed: ParsedDocument,
    frame: Frame,
    numbers: list[int],
    end: int,
    quotations: Sequence[Quotation],
    starts: list[int],
    claimed: set[int],
) -> None:
    """Adds the quotation with which the sentence behind the frame's begins, in the same paragraph."""
    n = bisect_left(starts, end)
    if n >= len(quotations) or n in claimed:
        return
    gap = parsed.text[end : quotations[n].start]
    if not gap.strip() and "\n" not in gap and _sentence_like(parsed.text, quotations[n]):
        numbers.append(n)
        claimed.add(n)


def _last_sign(text: str, quotation: Quotation, marks: str = "\"”'’»") -> str:
    """The last sign inside a quotation's marks."""
    end = quotation.end
    while end > quotation.start and text[end - 1] in marks:
        end -= 1
    return text[end - 1 : end] if end > quotation.start else ""


def _sentence_like(text: str, quotation: Quotation) -> bool:
    """Whether a quotation has three words or ends as a sentence does; a long one is not read to its end for that."""
    if _THREE_WORDS.match(text, quotation.start, quotation.end):
        return True
    return _last_sign(text, quotation, "\"”'’") in (",", ".", "!", "?")


def _linked(
    parsed: ParsedDocument,
    frame: Frame,
    own: list[Quotation],
    quotations: Sequence[Quotation],
    starts: list[int],
    cues: Sequence[int],
) -> Linked | None:
    stretches = [(one.start, one.end) for one in own]
    content = frame.content
    if _around(starts, quotations, frame.cue[0]) is not None:
        return None  # what a quoted speaker says of others' words is the quoted speaker's
    if content is None and not stretches:
        return None
    if content is not None and stretches:
        stretches = _joined(parsed.text, content, stretches, frame)
    elif content is not None:
        stretches = [content]
    stretches += _resumed(frame, stretches, cues)
    whole = (min(low for low, _ in stretches), max(high for _, high in stretches))
    direct = _directness(parsed.text, stretches, own)
    if frame.source is None and not own and not (frame.passive or frame.slot == "clause"):
        return None
    return Linked(
        whole,
        frame.source,
        frame.cue,
        frame.rule.stance,
        f"{frame.rule.name}/{frame.slot}",
        direct,
        frame.addressee,
        frame.via,
        parts=stretches,
    )


def _resumed(frame: Frame, stretches: list[Stretch], cues: Sequence[int]) -> list[Stretch]:
    """'The road, he said on Monday, is mined': the content that goes on behind the cue, where a finite verb or `and` begins it."""
    if (
        frame.rule.name not in ("say", "tell", "according-to", "claim")
        or max(high for _, high in stretches) > frame.start
    ):
        return []
    end = frame.end
    tokens = [one for one in frame.sentence.tokens if one.start >= end]
    for n, one in enumerate(tokens[:-3]):
        if one.text != ",":
            continue
        follow = tokens[n + 1]
        last_cue = cues[bisect_right(cues, frame.sentence.end) - 1]
        goes_on = follow.lower in ("and", "but") and last_cue < follow.start  # else the rest has a source of its own
        if goes_on or follow.tag in ("MD", "VBZ", "VBD", "VBP"):
            last = tokens[-1] if tokens[-1].text not in ".!?" else tokens[-2]
            return [(follow.start, last.end)]
        return []
    return []


def _joined(text: str, content: Stretch, quotes: list[Stretch], frame: Frame) -> list[Stretch]:
    """A clause and the quotations that it touches: the clause grows over quotations that begin or end in it."""
    low, high = content
    rest = []
    for start, end in quotes:
        if start < high and end > low:
            if start <= frame.cue[0] < end:
                continue
            low = start if start < low and not (start <= frame.start < low) else low
            high = max(high, end) if not (high <= frame.start < end) else high
        else:
            rest.append((start, end))
    return sorted([(low, high), *rest])


def _directness(text: str, stretches: Sequence[Stretch], own: list[Quotation]) -> Literal["yes", "partly", "no"]:
    """'yes' where all words of the content stand between marks, 'partly' where some do."""
    if not own:
        return "no"
    for low, high in stretches:
        if any(char.isalnum() for start, end in outside(own, low, high) for char in text[start:end]):
            return "partly"
    return "yes"


def _without_repeats(found: list[Linked]) -> list[Linked]:
    """One statement for each cue; of two cues with one content and one source, the first."""
    seen: set[tuple[Stretch, Stretch | None]] = set()
    kept = []
    for one in found:
        key = (one.content, one.source)
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return kept


def _without_nested(found: list[Linked]) -> list[Linked]:
    """Without the wishes, plans and judgements that are only part of what somebody else is reported to say.

    A report within a report ("the agency said that the army denied ...") stays: it is a second source.
    """
    ordered = sorted(found, key=lambda one: (one.content[0], -one.content[1]))
    kept: list[Linked] = []
    open_contents: list[Stretch] = []
    for one in ordered:
        cue = one.cue or one.content
        open_contents = [span for span in open_contents if span[1] > one.content[0]][-_INNER:]
        inside = any(
            low <= cue[0] < high and high - low > one.content[1] - one.content[0] for low, high in open_contents
        )
        if not inside or (one.stance in _SECOND_HAND and one.rule.split("/")[0] in _REPORTS and one.source is not None):
            kept.append(one)
        open_contents += one.parts or [one.content]
    return kept


def _passed_on(found: list[Linked]) -> None:
    """'..., he told the envoy, according to a book': the book is the way (`via`) by which the inner words came."""
    ordered = sorted((one for one in found if one.cue is not None), key=lambda one: one.start)
    starts = [one.start for one in ordered]
    for outer in found:
        if not outer.rule.startswith("according-to"):
            continue
        for one in ordered[bisect_left(starts, outer.content[0]) :][:_INNER]:
            if one.start >= outer.content[1]:
                break
            if one is not outer and one.via is None and one.end <= outer.content[1]:
                one.via = outer.source


def _signed(parsed: ParsedDocument, quotations: Sequence[Quotation], claimed: set[int]) -> list[Linked]:
    """Quotations with their speaker behind a dash at the end of the line, as in collections of voices."""
    found = []
    for n, one in enumerate(quotations):
        match = _SIGNATURE.match(parsed.text, one.end) if n not in claimed else None
        if match is None:
            continue
        claimed.add(n)
        found.append(
            Linked(
                (one.start, one.end),
                match.span(2),
                match.span(1),
                "assert",
                "quotation/signed",
                "yes",
                parts=list(one.parts),
            )
        )
    return found


def _speakerless(
    parsed: ParsedDocument, quotations: Sequence[Quotation], claimed: set[int], found: Sequence[Linked]
) -> list[Linked]:
    """Quotations that are whole sentences and that nobody announces."""
    covered = sorted((one.content for one in found), key=lambda one: one[0])
    lows = [one[0] for one in covered]
    free = []
    for n, one in enumerate(quotations):
        if n in claimed or not _stands_alone(parsed, one):
            continue
        at = bisect_right(lows, one.start)
        if any(low <= one.start and one.end <= high for low, high in covered[max(0, at - 8) : at]):
            continue
        free.append(
            Linked(
                (one.start, one.end),
                None,
                None,
                "assert",
                "quotation/free",
                "yes",
                parts=list(one.parts),
                confidence=0.6,
            )
        )
    return free


def _stands_alone(parsed: ParsedDocument, quotation: Quotation) -> bool:
    text = parsed.text
    inner = text[quotation.start : quotation.end].strip("\"“”'‘’` ")
    if len(inner.split()) < _SPEAKERLESS_WORDS or quotation.single:
        return False
    sentence = parsed.sentence_at(quotation.start)
    begins = sentence is not None and not text[sentence.start : quotation.start].strip(_JOINTS)
    after = text[quotation.end : quotation.end + 2]
    ends = inner[-1:] in ".!?…," or after[:1] in (".", "", "\n")
    return begins and ends
