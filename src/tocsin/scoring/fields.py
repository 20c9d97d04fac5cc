"""What counts as right, field by field. Rows are paired one to one; cells are compared within paired events.

A section that a gold record lacks is not scored for that page, and a cell that a gold event lacks is not scored for that
event. A section named in the gold record's `partial` list holds only some of the page's rows: misses count, extra
answers do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from tocsin.scoring.gold import Row, Span, rows, span, spans, text_of, words
from tocsin.scoring.tally import Confusion, Tally

FIELDS = (
    "events", "event type", "kind", "actor", "recipient", "place of event", "time", "who says so", "figures",
    "figures within range", "statements", "statement content", "places", "times", "residue",
)  # fmt: skip
SECTIONS = ("events", "figures", "statements", "places", "times", "residue")
ALIKE = 0.5  # shared words, as F1, from which two mentions are taken for one
NEAR = 80  # characters of the page shown on each side of an error
_FILLERS = frozenset("the a an of and in on for to s".split())
_WORD = re.compile(r"\w+")
Pair = tuple[Row, Row]


class Page:
    """One gold record beside the predicted one, ready to be compared."""

    def __init__(self, name: str, gold: Row, predicted: Row | None) -> None:
        self.name, self.gold, self.predicted = name, gold, predicted or {}
        self.text = text_of(self.predicted) or text_of(gold)
        partial = gold.get("partial")
        self.partial = {one for one in partial if isinstance(one, str)} if isinstance(partial, list) else set()
        self._known = {id(side): _by_id(side) for side in (self.gold, self.predicted)}

    def has(self, section: str) -> bool:
        return isinstance(self.gold.get(section), list)

    def spans(self, row: Any) -> tuple[Span, ...]:
        return spans(row, self.text)

    def mentions(self, side: Row, cell: Any) -> list[Row]:
        """The rows that a cell names: by id, as rows of their own, or in plain words."""
        known, found = self._known[id(side)], []
        for one in cell if isinstance(cell, list) else [cell]:
            if isinstance(one, str) and one:
                found.append(known.get(one, {"text": one}))
            elif isinstance(one, dict):
                found.append(one)
        return found

    def same(self, gold: Row, given: Row) -> bool:
        """Whether two mentions are one: their spans overlap, or their words or names are mostly the same."""
        there = span(given)
        if there and (span(gold) and any(overlap(one, there) for one in self.spans(gold))):
            return True
        return any(alike(one, other) for one in _names(gold) for other in _names(given))

    def speakers(self, side: Row, cell: Any) -> list[Row]:
        """The sources of the statements that a cell names; a lost speaker is a row that says so."""
        found: list[Row] = []
        for one in self.mentions(side, cell):
            if "content" not in one and "source" not in one:
                found.append(one)
                continue
            source = one.get("source")
            named = self.mentions(side, source)
            found += named or [{"text": "", "lost": True}]
        return found

    def same_speaker(self, gold: Row, given: Row) -> bool:
        lost = bool(gold.get("lost")), bool(given.get("lost"))
        return all(lost) if any(lost) else self.same(gold, given)


def overlap(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def alike(one: str, other: str) -> bool:
    """Token F1 of one half or more, articles and prepositions aside."""
    first, second = (set(_WORD.findall(text.casefold())) - _FILLERS for text in (one, other))
    shared = len(first & second)
    return bool(shared) and 2 * shared / (len(first) + len(second)) >= ALIKE


def paired(gold: list[Row], given: list[Row], fit: Callable[[Row, Row], float]) -> list[Pair]:
    """Pairs of rows that fit (more than 0), best fit first, each row used once; ties go to the earlier rows."""
    ranked = sorted(
        (-value, place, other)
        for place, one in enumerate(gold)
        for other, two in enumerate(given)
        if (value := fit(one, two)) > 0
    )
    used_gold: set[int] = set()
    used_given: set[int] = set()
    pairs = []
    for _, place, other in ranked:
        if place not in used_gold and other not in used_given:
            used_gold.add(place)
            used_given.add(other)
            pairs.append((gold[place], given[other]))
    return pairs


class Comparison:
    """Counts and errors of all fields, filled page by page."""

    def __init__(self) -> None:
        self.tallies = {name: Tally() for name in FIELDS}
        self.status = Confusion()
        self.forbidden: list[Row] = []
        self.errors: list[Row] = []
        self._page = Page("", {}, None)

    def page(self, page: Page) -> None:
        self._page = page
        for tally in self.tallies.values():
            tally.document()
        self.status.document()
        for section, compare in (
            ("events", self._events), ("figures", self._figures), ("statements", self._statements),
            ("places", self._places), ("times", self._times), ("residue", self._residue),
        ):  # fmt: skip
            if page.has(section):
                compare(rows(page.gold[section]), rows(page.predicted.get(section)))
        self._forbidden()

    def _events(self, gold: list[Row], given: list[Row]) -> None:
        """Paired where a trigger, or another mention of the event, overlaps; the same type and kind are preferred."""
        pairs = paired(gold, given, self._event_fit)
        self._count("events", "events", gold, given, pairs)
        for name, cell in (("event type", "event_type"), ("kind", "kind")):
            asked = [one for one in gold if cell in one]
            if asked:  # an answer to an event whose cell the gold leaves open is neither right nor wrong
                idle = {id(b) for a, b in pairs if cell not in a}
                offered = [one for one in given if id(one) not in idle]
                right = [(a, b) for a, b in pairs if cell in a and a[cell] == b.get(cell)]
                self._count(name, "events", asked, offered, right, cell)
        for one, other in pairs:
            self._cells(one, other)

    def _event_fit(self, gold: Row, given: Row) -> float:
        asked = self._page.spans(gold.get("trigger"))
        there = [at for one in (given.get("trigger"), *rows(given.get("mentions"))) if (at := span(one))]
        shared = max((overlap(one, other) / (one[1] - one[0]) for one in asked for other in there), default=0.0)
        extra = (gold.get("event_type") == given.get("event_type")) + 2 * (gold.get("kind") == given.get("kind"))
        return min(shared, 1.0) + extra if shared else 0.0

    def _cells(self, gold: Row, given: Row) -> None:
        """The cells of an event that was found: those of missed events show under `events` alone."""
        page = self._page
        if isinstance(gold.get("status"), str):
            got = given.get("status") if isinstance(given.get("status"), str) else "none"
            self.status.add(gold["status"], str(got))
            if got != gold["status"]:
                self._error("status", "wrong", gold, given, gold["status"], got)
        for name, cell in (("actor", "actor"), ("recipient", "recipient"), ("place of event", "place")):
            if cell in gold:
                pair = page.mentions(page.gold, gold[cell]), page.mentions(page.predicted, given.get(cell))
                self._cell(name, gold, given, *pair, self._same_or_pronoun(given, cell))
        if "said_by" in gold:
            speakers = page.speakers(page.gold, gold["said_by"]), page.speakers(page.predicted, given.get("said_by"))
            self._cell("who says so", gold, given, *speakers, page.same_speaker)
        if "time" in gold:
            asked, got = _time(gold["time"]), _time(given.get("time"))
            self._cell("time", gold, given, asked, got, lambda a, b: a["text"] == b["text"])

    def _same_or_pronoun(self, given: Row, cell: str) -> Callable[[Row, Row], bool]:
        """The test of two mentions; a pronoun that the gold quotes is met by whom the record says that it stands for."""
        stood = [
            at
            for one in rows(given.get("why"))
            if one.get("cell") == cell and str(one.get("rule", "")).startswith("coreference")
            for each in rows(one.get("spans"))
            if (at := span(each)) is not None
        ]
        page = self._page

        def same(one: Row, other: Row) -> bool:
            quoted = any(overlap(here, there) for here in page.spans(one) for there in stood) if stood else False
            return quoted or page.same(one, other)

        return same

    def _cell(
        self, name: str, gold: Row, given: Row, asked: list[Row], got: list[Row], same: Callable[[Row, Row], bool]
    ) -> None:
        got = _distinct(got)
        right = len(paired(_distinct(asked), got, lambda a, b: float(same(a, b))))
        asked = _distinct(asked)
        self.tallies[name].add(right, len(asked), right, len(got))
        if right < max(len(asked), len(got)):
            kind = "miss" if not got else "false alarm" if not asked else "wrong"
            self._error(name, kind, gold, given, [_label(one) for one in asked], [_label(one) for one in got])

    def _figures(self, gold: list[Row], given: list[Row]) -> None:
        """Right where the words overlap, the kind is the same and the number is: `best` exactly, or in low to high.

        Of several answers over the same words (a sum and its parts) the one with the gold's kind and number is paired.
        """
        asked, damaged = [one for one in gold if not one.get("damaged")], [one for one in gold if one.get("damaged")]
        offered = [one for one in given if not one.get("damaged")]
        pairs = paired(asked, offered, self._figure_fit)
        kept = [(a, b) for a, b in pairs if a.get("kind") == b.get("kind")]
        self._count("figures", "figures", asked, offered, [(a, b) for a, b in kept if _same_number(a, b)])
        self._count(
            "figures within range", "figures", asked, offered, [(a, b) for a, b in kept if _within(a, b)], log=False
        )
        for one in damaged:
            for other in offered:
                if self._shared(one, other) and _best(other) is not None:
                    self._forbid("number read from damaged digits", other, one)

    def _figure_fit(self, gold: Row, given: Row) -> float:
        return self._shared(gold, given) * (1 + 2 * (gold.get("kind") == given.get("kind")) + _same_number(gold, given))

    def _statements(self, gold: list[Row], given: list[Row]) -> None:
        """A pair is right where contents overlap by half of the shorter and the source is the same (or rightly lost)."""
        pairs = paired(gold, given, self._content_fit)
        self._count("statement content", "statements", gold, given, pairs, log=False)
        page = self._page
        right = []
        for one, other in pairs:
            sources = page.mentions(page.gold, one.get("source")), page.mentions(page.predicted, other.get("source"))
            if (not any(sources)) or any(page.same(a, b) for a in sources[0] for b in sources[1]):
                right.append((one, other))
            if not sources[0] and sources[1]:
                self._forbid("speaker given where the page lost it", other, one)
        self._count("statements", "statements", gold, given, right)

    def _content_fit(self, gold: Row, given: Row) -> float:
        there = span(given.get("content"))
        asked = self._page.spans(gold.get("content"))
        if there is None:
            return 0.0
        shares = (overlap(one, there) / min(one[1] - one[0], there[1] - there[0]) for one in asked)
        return max((share for share in shares if share >= 0.5), default=0.0)

    def _places(self, gold: list[Row], given: list[Row]) -> None:
        """Right where the span is the same to the character."""
        pairs = paired(gold, given, lambda a, b: float(span(b) in self._page.spans(a)))
        self._count("places", "places", gold, given, pairs)

    def _times(self, gold: list[Row], given: list[Row]) -> None:
        """Right where spans overlap and the TIMEX3 value is the same."""
        pairs = paired(gold, given, lambda a, b: self._shared(a, b) * (a.get("value") == b.get("value")))
        self._count("times", "times", gold, given, pairs)

    def _residue(self, gold: list[Row], given: list[Row]) -> None:
        """A gold stretch is found where half of it is marked; a marked stretch is right where half of it is residue."""
        asked = [place for one in gold for place in self._page.spans(one)[:1]]
        marked = [place for one in given if (place := span(one))]
        found = sum(_covered(one, marked) for one in asked)
        right = sum(_covered(one, asked) for one in marked)
        extra = "residue" not in self._page.partial
        answers = len(marked) if extra else right
        self.tallies["residue"].add(found, len(gold), right, answers)
        for one in gold:
            if not any(_covered(place, marked) for place in self._page.spans(one)[:1]):
                self._error("residue", "miss", one, {}, one.get("kind"), None)
        for one in given if extra else []:
            place = span(one)
            if place and not _covered(place, asked):
                self._error("residue", "false alarm", {}, one, None, one.get("kind"))

    def _shared(self, gold: Row, given: Row) -> float:
        there = span(given)
        return float(bool(there) and any(overlap(one, there) for one in self._page.spans(gold) if there))

    def _count(
        self,
        name: str,
        section: str,
        gold: list[Row],
        given: list[Row],
        right: list[Pair],
        cell: str = "",
        log: bool = True,
    ) -> None:
        """Adds a section's rows to a field's tally and logs what was missed and what was too much."""
        hit, used = {id(a) for a, _ in right}, {id(b) for _, b in right}
        extra = [one for one in given if id(one) not in used] if section not in self._page.partial else []
        self.tallies[name].add(len(right), len(gold), len(right), len(right) + len(extra))
        if not log:
            return
        for one in gold:
            if id(one) not in hit:
                self._error(name, "miss", one, {}, one.get(cell) if cell else _label(one), None)
        for one in extra:
            self._error(name, "false alarm", {}, one, None, one.get(cell) if cell else _label(one))

    def _forbidden(self) -> None:
        """Answers that the gold forbids: rows of its `forbidden` list, and spans that are not the text they quote."""
        page = self._page
        for ban in rows(page.gold.get("forbidden")):
            section = ban.get("section")
            cells = {name: value for name, value in ban.items() if name not in _BAN_KEYS}
            for one in rows(page.predicted.get(section)) if isinstance(section, str) else []:
                there = span(one.get("trigger")) or span(one.get("content")) or span(one)
                meets = there is not None and any(overlap(at, there) for at in page.spans(ban))
                if (meets or not (words(ban) or span(ban))) and all(one.get(n) == v for n, v in cells.items()):
                    self._forbid(str(ban.get("why") or f"forbidden {section}"), one, ban)
        text = text_of(page.predicted)
        for section in ("times", "places", "actors", "figures"):
            for one in rows(page.predicted.get(section)):
                at = span(one)
                if text and at and isinstance(one.get("text"), str) and text[slice(*at)] != one["text"]:
                    self._forbid("a span that is not the text it quotes", one, {})

    def _forbid(self, what: str, given: Row, gold: Row) -> None:
        self.forbidden.append({"document": self._page.name, "what": what, "got": _label(given)})
        self._error("forbidden", what, gold, given, None, _label(given))

    def _error(self, name: str, kind: str, gold: Row, given: Row, want: Any, got: Any) -> None:
        place = _place(given) or next(iter(self._page.spans(gold.get("trigger") or gold.get("content") or gold)), None)
        near = self._page.text[max(0, place[0] - NEAR) : place[1] + NEAR] if place else ""
        self.errors.append({
            "document": self._page.name, "field": name, "error": kind, "start": place[0] if place else None,
            "end": place[1] if place else None, "words": self._page.text[slice(*place)] if place else _label(gold),
            "gold": want, "got": got, "rule": given.get("rule"), "text": near,
        })  # fmt: skip


_BAN_KEYS = frozenset(("section", "start", "end", "text", "words", "why"))


def _by_id(record: Row) -> dict[str, Row]:
    sections: Iterable[Any] = (record.get(name) for name in ("actors", "places", "statements"))
    return {one["id"]: one for section in sections for one in rows(section) if isinstance(one.get("id"), str)}


def _names(row: Row) -> list[str]:
    name = row.get("name")
    return [one for one in (words(row), name if isinstance(name, str) else "") if one]


def _place(row: Row) -> Span | None:
    return span(row.get("trigger")) or span(row.get("content")) or span(row)


def _label(row: Row) -> Any:
    """A row in a few words."""
    for key in ("trigger", "content"):
        if isinstance(row.get(key), (dict, str)):
            inner = row[key]
            return inner if isinstance(inner, str) else words(inner)
    number = f" = {row.get('kind')} {_best(row)}" if "best" in row or "value" in row else ""
    return (words(row) or row.get("name") or ("(speaker lost)" if row.get("lost") else "")) + number


def _best(row: Row) -> Any:
    return row.get("best", row.get("value"))


def _same_number(gold: Row, given: Row) -> bool:
    """The same `best`; where the gold names none ('between 40 and 60'), none either, or the same two ends."""
    wanted = _best(gold)
    if wanted is None and gold.get("low") is not None and gold.get("high") is not None:
        return _best(given) is None or (gold["low"], gold["high"]) == (given.get("low"), given.get("high"))
    return bool(wanted == _best(given))


def _within(gold: Row, given: Row) -> bool:
    wanted, low, high = _best(gold), given.get("low"), given.get("high")
    if not all(isinstance(one, (int, float)) for one in (wanted, low, high)):
        return _same_number(gold, given)
    return bool(low <= wanted <= high)


def _time(cell: Any) -> list[Row]:
    value = cell.get("value") if isinstance(cell, dict) else cell
    return [{"text": value}] if isinstance(value, str) and value else []


def _distinct(mentions: list[Row]) -> list[Row]:
    """The same place or speaker named twice in one cell is one answer."""
    seen: dict[str, Row] = {}
    for one in mentions:
        seen.setdefault(str(one.get("name") or words(one)).casefold(), one)
    return list(seen.values())


def _covered(one: Span, others: list[Span]) -> bool:
    return 2 * max((overlap(one, other) for other in others), default=0) >= one[1] - one[0]
