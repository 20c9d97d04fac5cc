"""Figures of people: how many were killed, injured, displaced …, as the page counts them, in the order of the text.

Each figure is a count (`tocsin.quantities`) linked to a word that says what became of the counted (`figure_links`).
Words without a number ('killed civilians') give no figure. Whether a figure happened, and who says so, is judged
elsewhere, at the trigger that `FoundFigure` names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import msgspec

from tocsin.extract.figure_captives import captive_links, shot_captives
from tocsin.extract.figure_counts import Counted, counted_in, who
from tocsin.extract.figure_crowds import crowd_links
from tocsin.extract.figure_links import Link, adjacent_links, either_way
from tocsin.extract.figure_losses import loss_links
from tocsin.extract.figure_nouns import died_of_wounds, modifier_links, noun_links, number_links, toll_links
from tocsin.extract.figure_parts import is_part, part_links, part_of_before
from tocsin.extract.figure_reckonings import reckoned_links
from tocsin.extract.figure_shares import with_shares
from tocsin.extract.figure_singles import single_victims
from tocsin.extract.figure_sums import with_sums
from tocsin.extract.figure_syntax import syntactic_links
from tocsin.extract.figure_triggers import (
    figure_words,
    find_triggers,
    rules,
    strong_figure_words,
    weak_figure_words,
)
from tocsin.parsed import ParsedDocument, Sentence
from tocsin.quantities import Quantity, find_quantities
from tocsin.records import Figure, FigureKind, Span, Why

__all__ = ["FoundFigure", "figure_words", "find_figures", "strong_figure_words", "weak_figure_words"]

_REMEMBERED = 4  # sentences that a total stays the one that 'including two children' can be part of


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A figure and the word to judge it by: `trigger_start`..`trigger_end` are offsets into the document's text."""

    figure: Figure
    trigger_start: int
    trigger_end: int


def find_figures(parsed: ParsedDocument, quantities: Sequence[Quantity] | None = None) -> tuple[FoundFigure, ...]:
    """The figures of a parsed document, ids `f1`, `f2` … in the order of the text; `of_which` names a total's id.

    `quantities` may be given where they are known already. Residue is not read, but for amounts damaged in it.
    """
    known = find_quantities(parsed.text) if quantities is None else quantities
    drafts = [*_damaged_amounts(parsed, known)]
    last: _Draft | None = None
    for sentence, inside in _by_sentence(parsed, known):
        made = _sentence_figures(
            parsed, sentence, inside, last if last and last.sentence == sentence.index - 1 else None
        )
        last = next((one for one in reversed(made) if not one.part), None)
        drafts += made
    drafts.sort(key=lambda one: (one.start, -one.end))
    return tuple(_numbered(drafts))


@dataclass(slots=True)
class _Draft:
    """A figure before it has its number, with what is needed to find the total of a part."""

    figure: Figure
    trigger: tuple[int, int]
    sentence: int
    part: bool = False

    @property
    def start(self) -> int:
        return self.figure.start

    @property
    def end(self) -> int:
        return self.figure.end


def _by_sentence(parsed: ParsedDocument, quantities: Sequence[Quantity]) -> Iterator[tuple[Sentence, list[Quantity]]]:
    """Parsed sentences with the counts that lie in them and outside residue."""
    position = 0
    quantities = [one for one in _unmasked(parsed, quantities) if not one.damaged]
    for sentence in parsed.sentences:
        while position < len(quantities) and quantities[position].start < sentence.start:
            position += 1
        inside = []
        while position < len(quantities) and quantities[position].end <= sentence.end:
            inside.append(quantities[position])
            position += 1
        if sentence.tokens:
            yield sentence, inside


def _unmasked(parsed: ParsedDocument, quantities: Sequence[Quantity]) -> Iterator[Quantity]:
    """The counts that touch no residue; both lists are sorted, so one walk along them is enough."""
    position = 0
    for one in quantities:
        while position < len(parsed.mask) and parsed.mask[position][1] <= one.start:
            position += 1
        if position == len(parsed.mask) or parsed.mask[position][0] >= one.end:
            yield one


def _sentence_figures(
    parsed: ParsedDocument, sentence: Sentence, quantities: list[Quantity], before: _Draft | None
) -> list[_Draft]:
    """The figures of one sentence; `before` is the last whole of the sentence before it."""
    triggers = find_triggers(sentence)
    if (not triggers and not quantities) or _takes_back().search(sentence.text):
        return []
    counted = counted_in(sentence, quantities, triggers)
    links = [*toll_links(sentence, counted, triggers), *died_of_wounds(sentence, counted, triggers)]
    links += number_links(sentence, counted, triggers, before.figure.kind if before is not None else None)
    taken = {link.counted.first for link in links}
    links += [
        link
        for link in reckoned_links(sentence, counted, triggers, before.figure.kind if before is not None else None)
        if link.counted.first not in taken
    ]
    taken = {link.counted.first for link in links}
    links += [link for link in adjacent_links(sentence, counted, triggers) if link.counted.first not in taken]
    taken = {link.counted.first for link in links}
    links += syntactic_links(sentence, counted, triggers, taken)
    links += part_links(sentence, counted, links, triggers)
    links += single_victims(sentence, triggers, links, parsed.text)
    if before is not None:
        links += part_of_before(sentence, counted, links, before.figure.kind)
    links += shot_captives(sentence, counted, {link.counted.first for link in links})
    links += modifier_links(counted, {link.counted.first for link in links}, triggers)
    links += noun_links(counted, {link.counted.first for link in links}, sentence)
    links += captive_links(sentence, counted, {link.counted.first for link in links})
    links += loss_links(sentence, counted, {link.counted.first for link in links})
    links += crowd_links(sentence, counted, {link.counted.first for link in links})
    parts = part_links(sentence, counted, links, triggers)
    links += [one for one in parts if one.kind == "displaced"]  # '8,000 reached the town, 700 of whom found room'
    links = [either_way(sentence, link, triggers) for link in links]
    links = with_shares(sentence, links, parsed.text)
    links, members = with_sums(sentence, links, parsed.text)
    over_time = [match.span() for match in _over_time().finditer(sentence.text.lower())] if links else []
    drafts = [_draft(parsed, sentence, link, over_time) for link in links]
    for draft, link in zip(drafts, links, strict=True):
        draft.part = draft.part or any(link is member for member in members)
    return drafts


def _draft(parsed: ParsedDocument, sentence: Sentence, link: Link, over_time: list[tuple[int, int]]) -> _Draft:
    one, quantity = link.counted, link.counted.quantity
    end = (
        max(quantity.end, sentence.tokens[one.head].end)
        if one.head is not None and _is_clear(sentence, one)
        else quantity.end
    )
    trigger = (sentence.tokens[link.trigger.first].start, sentence.tokens[link.trigger.last].end)
    reach = (min(quantity.start, trigger[0]) - sentence.start - 60, max(end, trigger[1]) - sentence.start + 90)
    figure = Figure(
        start=quantity.start,
        end=end,
        text=parsed.text[quantity.start : end],
        kind=link.kind,
        low=quantity.low,
        best=quantity.best,
        high=quantity.high,
        unit=quantity.unit or "persons",
        who=_who(parsed, sentence, link, end),
        cumulative=any(reach[0] <= stop and start <= reach[1] for start, stop in over_time),
        rule=f"figure-{link.rule}",
    )
    return _Draft(figure, trigger, sentence.index, one.listed or is_part(sentence, one))


def _damaged_amounts(parsed: ParsedDocument, quantities: Sequence[Quantity]) -> Iterator[_Draft]:
    """Amounts that lost their digits on the page, also in residue: reported as damaged, never as a number."""
    for one in quantities:
        if one.damaged:
            figure = Figure(
                start=one.start,
                end=one.end,
                text=one.text,
                kind=_damaged_kind(parsed.text, one),
                damaged=True,
                rule="figure-damaged",
            )
            sentence = parsed.sentence_at(one.start)
            yield _Draft(figure, (one.start, one.end), sentence.index if sentence else -1)


def _damaged_kind(text: str, one: Quantity) -> FigureKind:
    """Killed where the next words say so; an amount of money is `other`."""
    dead = re.search(r"kill|dead|died", text[one.start : one.end + 40].lower())
    return "killed" if dead and one.text[:1] not in "0$€£" else "other"


def _numbered(drafts: Sequence[_Draft]) -> Iterator[FoundFigure]:
    """Ids in the order of the text, and for each part the total that it belongs to."""
    wholes = {number: _total_of(drafts, number) for number, draft in enumerate(drafts) if draft.part}
    folded = {number for number, whole in wholes.items() if whole is not None and _leads(drafts[number], whole)}
    for number in sorted(folded):
        _fold(drafts[number], wholes[number])
    rows = [(number, draft) for number, draft in enumerate(drafts) if number not in folded]
    ids = {id(draft): f"f{place}" for place, (_, draft) in enumerate(rows, 1)}
    for number, draft in rows:
        total = wholes.get(number)
        figure = msgspec.structs.replace(draft.figure, id=ids[id(draft)], of_which=ids[id(total)] if total else None)
        yield FoundFigure(figure, *draft.trigger)


def _leads(part: _Draft, whole: _Draft) -> bool:
    """'Three monks were among the 54 dead': the part stands before the whole of its own sentence."""
    return part.sentence == whole.sentence and part.end <= whole.start


def _fold(part: _Draft, whole: _Draft | None) -> None:
    """Keeps a leading part with its whole and not as a row before it: a page's first count is read as its total."""
    if whole is not None:
        span = Span(start=part.start, end=part.end, text=part.figure.text)
        why = Why(cell="of_which", rule=part.figure.rule, spans=(span,))
        whole.figure = msgspec.structs.replace(whole.figure, why=(*whole.figure.why, why))


def _total_of(drafts: Sequence[_Draft], number: int) -> _Draft | None:
    """The whole of the part's kind: the nearest before it, else the next in its own sentence."""
    part = drafts[number]

    def could_hold(other: _Draft) -> bool:
        fits = not other.part and other.figure.kind == part.figure.kind and not other.figure.damaged
        known = other.figure.best or other.figure.low or other.figure.high
        mine = part.figure.best or part.figure.low or part.figure.high
        return fits and known is not None and mine is not None and known >= mine

    before = [
        one
        for one in drafts[max(0, number - 12) : number]
        if could_hold(one) and part.sentence - one.sentence <= _REMEMBERED
    ]
    after = [one for one in drafts[number + 1 : number + 6] if could_hold(one) and one.sentence == part.sentence]
    same = [one for one in before if one.sentence == part.sentence]
    around = [
        one
        for one in (*before, *after)
        if one.figure.rule == "figure-sum" and one.start <= part.start and part.end <= one.end
    ]
    return next(iter((*around[:1], *same[-1:], *after[:1], *before[-1:])), None)


@cache
def _takes_back() -> re.Pattern[str]:
    """A correction that says what was printed before: 'an earlier version of this story said that two had died'."""
    version = r"(?:earlier|previous|original) version of (?:this|the|our) \w+"
    report = r"(?:this|the|our) (?:article|story|report|page|item|dispatch|piece)"
    wrongly = r"(?:first|originally|initially|earlier|wrongly|mistakenly|incorrectly)"
    said = r"(?:said|stated|gave|put|reported|misstated|wrote)"
    return re.compile(rf"(?i)\b(?:{version}|{report} (?:had )?{wrongly} {said}|{report} (?:had )?misstated)\b")


@cache
def _over_time() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in rules().cumulative)
    months = "january|february|march|april|may|june|july|august|september|october|november|december"
    wars = "war|conflict|uprising|revolt|revolution|crisis|insurgency"
    patterns = (
        phrases,
        rf"since (?:(?:early|mid|late|{months})[ -]){{0,2}}(?:(?:19|20)\d\d|last \w+|{months})",
        r"since\b[^.;]{0,60}?\b(?:began|begun|erupted|started|broke out|the start|the outbreak)",
        rf"(?:{wars})\b[^.;]{{0,80}}?\b(?:has|have)(?: since| already| so far)? (?:killed|claimed|left|cost|displaced)",
        r"(?:in|over|during|within) the (?:past|last|previous) (?:few |\w+ )?(?:days|weeks?|months?|years?|decades?)",
        r"in (?:two|three|four|five|six|seven|eight|nine|ten|\d+) years",
    )
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


def _who(parsed: ParsedDocument, sentence: Sentence, link: Link, end: int) -> str | None:
    if link.rule == "sum":
        return parsed.text[link.counted.quantity.start : end]
    return who(sentence, link.counted, parsed.text) if _is_clear(sentence, link.counted) else None


def _is_clear(sentence: Sentence, one: Counted) -> bool:
    """Whether the noun is people's for certain or a plain plural; a capitalised stranger may be the agency's name."""
    return one.head is not None and (one.person or sentence.tokens[one.head].tag in ("NNS", "NNPS"))
