"""Second speakers of one verb: 'the army put the toll at 12, and the ministry at 15' is two statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tocsin.extract.statement_frame import Frame
from tocsin.parsed import Token

_JOINTS = frozenset({",", ";", "and", "while", "but"})
_LONGEST_NAME = 6  # tokens
_BOUNDS = frozenset({"least", "most", "around", "about", "nearly", "over", "more", "than", "some", "up", "to"})


def with_gapped(found: Iterable[Frame]) -> Iterator[Frame]:
    """The frames, each giving of a count followed by those that leave its verb out; the first one's content ends before them."""
    for frame in found:
        second = _gapped(frame) if frame.rule.name == "put-figure" and frame.content is not None else []
        if second and frame.content is not None:
            yield replace(frame, content=(frame.content[0], min(frame.content[1], second[0][0])))
        else:
            yield frame
        for _, source, content in second:
            yield replace(frame, source=source, content=content)


def _gapped(frame: Frame) -> list[tuple[int, tuple[int, int], tuple[int, int]]]:
    """For each further 'X at N': where the clause begins, the stretch of X, the stretch of 'at N'."""
    tokens = [token for token in frame.sentence.tokens if token.start >= frame.cue[1]]
    found: list[tuple[int, tuple[int, int], tuple[int, int]]] = []
    at = _next_number(tokens, 0)
    while at is not None:
        begin = at + 1
        start = begin
        while start < len(tokens) and tokens[start].lower in _JOINTS:
            start += 1
        end = next(
            (i for i in range(start, min(len(tokens), start + _LONGEST_NAME + 1)) if tokens[i].lower == "at"), None
        )
        if start == begin or end is None or end == start or any(one.is_verb for one in tokens[start:end]):
            break
        number = _next_number(tokens, end)
        if number is None:
            break
        source = (tokens[start].start, tokens[end - 1 if tokens[end - 1].text != "," else end - 2].end)
        found.append((tokens[begin].start, source, (tokens[end].start, tokens[number].end)))
        at = number
    return found


def _next_number(tokens: list[Token], first: int) -> int | None:
    """The number right behind the next 'at', words of its bounds between."""
    for i in range(first, len(tokens)):
        if tokens[i].lower == "at":
            i += 1
            while i < len(tokens) and tokens[i].lower in _BOUNDS:
                i += 1
            return i if i < len(tokens) and tokens[i].tag == "CD" else None
    return None
