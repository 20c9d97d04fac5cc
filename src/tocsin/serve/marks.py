"""The words of a page with what was read out of them: marks over text, as pieces that nest in nothing.

Marks may overlap; the text is cut at every border, and each piece knows all marks over it. Pieces are built from offsets on the
plain text and escaped one by one, so no text of a page can become markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from tocsin.records import Record, Row
from tocsin.serve.plain import visible

MOST_MARKS = 20_000


class Mark(Row, frozen=True, kw_only=True):
    """A marked stretch: offsets are code points into the document's text, half-open."""

    start: int
    end: int
    kind: str
    id: str = ""
    says: str = ""


class Piece(Row, frozen=True, kw_only=True):
    """A stretch without a border in it, and the marks that lie over all of it."""

    start: int
    end: int
    marks: tuple[Mark, ...]


def pieces(marks: Iterable[Mark], start: int, end: int) -> list[Piece]:
    """Cuts `[start, end)` at the borders of the marks; pieces come in order and leave nothing out."""
    inside = [one for one in marks if one.start < end and one.end > start and one.end > one.start][:MOST_MARKS]
    inside.sort(key=lambda one: (one.start, -one.end, one.kind, one.id))
    borders = sorted({start, end, *(max(start, one.start) for one in inside), *(min(end, one.end) for one in inside)})
    found: list[Piece] = []
    open_: list[Mark] = []
    coming = iter(inside)
    following = next(coming, None)
    for left, right in pairwise(borders):
        open_ = [one for one in open_ if one.end > left]
        while following is not None and following.start <= left:
            open_.append(following)
            following = next(coming, None)
        found.append(Piece(start=left, end=right, marks=tuple(open_)))
    return found


def html(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None, *, anchors: bool = False) -> Markup:
    """The text between the offsets as HTML, marks as `<mark>`; with `anchors` the first piece of each mark gets its id."""
    end = len(text) if end is None else min(end, len(text))
    seen: set[str] = set()
    out: list[str] = []
    for piece in pieces(marks, max(0, start), end):
        words = escape(visible(text[piece.start : piece.end]))
        out.append(str(words) if not piece.marks else _marked(words, piece.marks, seen if anchors else None))
    return Markup("".join(out))  # every part is escaped above


def _marked(words: Markup, over: Sequence[Mark], seen: set[str] | None) -> str:
    classes = " ".join(dict.fromkeys(f"m-{one.kind}" for one in over))
    title = visible(" · ".join(dict.fromkeys(one.says for one in over if one.says)))[:300]
    fresh = [one.id for one in over if one.id and seen is not None and one.id not in seen]
    if seen is not None:
        seen.update(fresh)
    targets = "".join(f'<a class="anchor" id="{escape(one)}"></a>' for one in fresh)
    said = f' title="{escape(title)}"' if title else ""
    return f'{targets}<mark class="{escape(classes)}"{said}>{words}</mark>'


def of_record(record: Record) -> list[Mark]:
    """Everything that a record marks in its document, residue first so that it lies beneath."""
    found = [Mark(start=one.start, end=one.end, kind="residue", says=f"not the article's own: {one.kind}") for one in record.residue]  # fmt: skip
    found += [Mark(start=one.start, end=one.end, kind="time", id=one.id, says=f"time {one.value}") for one in record.times]  # fmt: skip
    found += [Mark(start=one.start, end=one.end, kind="place", id=one.id, says=_place(one)) for one in record.places]
    found += [Mark(start=one.start, end=one.end, kind="actor", id=one.id, says=f"actor {one.name or one.text} {one.code or ''}".strip()) for one in record.actors]  # fmt: skip
    for said in record.statements:
        speaker = said.source.text if said.source else "speaker unknown"
        found.append(Mark(start=said.content.start, end=said.content.end, kind="statement", id=said.id, says=f"said by: {speaker}"))  # fmt: skip
        if said.source:
            found.append(Mark(start=said.source.start, end=said.source.end, kind="speaker", says="who says so"))
    found += [Mark(start=one.trigger.start, end=one.trigger.end, kind=f"event s-{one.status}", id=one.id, says=f"event {one.id}: {one.kind}, {one.status}") for one in record.events]  # fmt: skip
    found += [Mark(start=one.start, end=one.end, kind="figure", id=one.id, says=f"figure: {one.kind}, {one.status}") for one in record.figures]  # fmt: skip
    found += [Mark(start=one.start, end=one.end, kind="announcement", id=one.id, says=f"announced for {one.date}") for one in record.announcements]  # fmt: skip
    found += [Mark(start=one.start, end=one.end, kind="control", id=one.id, says="control of a place") for one in record.control]  # fmt: skip
    found += [Mark(start=one.start, end=one.end, kind="zone", id=one.id, says=f"zone: {one.kind}") for one in record.zones]  # fmt: skip
    return found


def _place(one: object) -> str:
    name = getattr(one, "name", None) or getattr(one, "text", "")
    return f"place {name} ({getattr(one, 'precision', 'unresolved')})"
