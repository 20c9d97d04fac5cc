"""The actor lexicon: names of states, armed groups, organisations, leaders and media, and the words for sorts of people.

Read once from `rules/actors/*.csv` into one Aho-Corasick automaton over folded text. Folding keeps every offset: it
lower-cases, strips accents and turns hyphens, quotes and line breaks into spaces, so that `AL-QAEDA`, `al-Qaeda` and
`al Qaeda` are one pattern. Sector codes are PLOVER's (manual 2.0) with CAMEO's IGO, NGO and MNC beside them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeVar, cast

import ahocorasick_rs

from tocsin.errors import RuleError
from tocsin.rulefiles import table

Kind = Literal["state", "nation", "capital", "group", "organization", "leader", "media", "people", "agent"]
ActorType = Literal["person", "organization"]
T = TypeVar("T")

_NAMED_TABLES: tuple[tuple[str, Kind], ...] = (
    ("groups.csv", "group"),
    ("organizations.csv", "organization"),
    ("leaders.csv", "leader"),
    ("media.csv", "media"),
    ("peoples.csv", "people"),
)
_SPACED = '-‐‑‒–—―−"“”„«»()[]{}*_<>/|\n\r\t\xa0\u202f\u200b\u200e\u200f\ufeff'
_APOSTROPHES = "‘’ʼʻ`´"


class Entry(NamedTuple):
    """One thing that a phrase may stand for. `since` and `until` are dates cut to what is known, inclusive.

    `defers` marks heads that take their sector from the word before ("police *spokesman*").
    """

    name: str
    kind: Kind
    code: str | None
    country: str | None
    sector: str | None
    type: ActorType | None
    since: str = ""
    until: str = ""
    defers: bool = False

    def holds_on(self, day: str | None) -> bool:
        """Whether the entry holds on an ISO date; without a date only what has no end holds."""
        if not day:
            return not self.until
        return (not self.since or self.since <= day[: len(self.since)]) and (
            not self.until or day[: len(self.until)] <= self.until
        )


class Item(NamedTuple):
    """A lexicon phrase in a text. `entry` is the reading that holds on the day, `others` the readings not taken."""

    start: int
    end: int
    entry: Entry
    others: tuple[Entry, ...] = ()
    outdated: bool = False


def _folding_table() -> dict[int, str]:
    marks: dict[int, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        if base.isascii():
            marks[code] = base
    marks.update({ord("ı"): "i", ord("ø"): "o", ord("Ø"): "o", ord("ł"): "l", ord("Ł"): "l", ord("đ"): "d"})
    marks.update(dict.fromkeys(map(ord, _SPACED), " "))
    marks.update(dict.fromkeys(map(ord, _APOSTROPHES), "'"))
    return marks


_FOLD = _folding_table()
_FOLD_ASCII = {code: value for code, value in _FOLD.items() if code < 128}


def fold(text: str) -> str:
    """The text in the form that patterns have; character for character, so that offsets stay."""
    low = text.translate(_FOLD_ASCII if text.isascii() else _FOLD).lower()
    if len(low) != len(text):  # a few letters grow when lower-cased
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text.translate(_FOLD))
    return low.replace(" '", "  ").replace("' ", "  ") if "'" in low else low


def _split(cell: str | None) -> list[str]:
    return [one.strip() for one in (cell or "").split("|") if one.strip()]


class ActorLexicon:
    """Every pattern with its readings. Load once and share: it never changes after construction."""

    def __init__(self) -> None:
        self._readings: dict[str, list[Entry]] = {}
        self._exact: dict[str, set[str]] = {}
        self.states: dict[str, str] = {}
        self._load_states()
        for name, kind in _NAMED_TABLES:
            self._load_named(name, kind)
        self._load_agents()
        self.relations = {row["word"]: row["relation"] for row in table("actors/modifiers.csv")}
        self._patterns = sorted(self._readings)
        self._entries = [tuple(self._readings[one]) for one in self._patterns]
        self._automaton = ahocorasick_rs.AhoCorasick(
            [f" {one}" for one in self._patterns], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
        )
        self._last: tuple[str, str | None, Any] = ("", None, [])

    # ------------------------------------------------------------------ reading

    def _load_states(self) -> None:
        for row in table("actors/states.csv"):
            name, code = row["name"], row["code"]
            self.states.setdefault(code, name)
            self._add([name, *_split(row["aliases"])], Entry(name, "state", code, code, None, "organization"))
            self._add(_split(row["demonyms"]), Entry(name, "nation", code, code, None, None))
            seat = Entry(name, "capital", f"{code}GOV", code, "GOV", "organization")
            self._add(_split(row["capitals"]), seat)

    def _load_named(self, file: str, kind: Kind) -> None:
        for row in table(f"actors/{file}"):
            country, sector = row["country"] or None, row["sector"] or None
            code = row["code"] or f"{country or ''}{sector or ''}" or None
            of_type: ActorType = "person" if row["type"] == "person" else "organization"
            entry = Entry(
                row["name"], kind, code, country, sector, of_type, row["valid_from"] or "", row["valid_to"] or ""
            )
            self._add([row["name"], *_split(row["aliases"])], entry)

    def _load_agents(self) -> None:
        for row in table("actors/agents.csv"):
            sector = row["sector"] or None
            of_type: ActorType = "person" if row["type"] == "person" else "organization"
            entry = Entry(row["name"], "agent", sector, None, sector, of_type, defers=row["defers"] == "yes")
            self._add(_split(row["forms"]), entry)

    def _add(self, forms: Iterable[str], entry: Entry) -> None:
        for form in forms:
            written = form.lstrip("=")
            pattern = " ".join(fold(written).split()).rstrip(".")
            if not pattern:
                raise RuleError(f"actors: empty form in the row of {entry.name!r}")
            readings = self._readings.setdefault(pattern, [])
            if form.startswith("="):
                self._exact.setdefault(pattern, set()).add(written)
            if entry not in readings:
                readings.append(entry)

    # ------------------------------------------------------------------ looking up

    def scan(self, text: str, published: str | None = None) -> list[Item]:
        """Every phrase of the lexicon in the text, longest first at each place, without overlap, in order."""
        folded = f" {fold(text)} "
        items: list[Item] = []
        for index, start, stop in self._automaton.find_matches_as_indexes(folded):
            following = folded[stop]
            if following.isalnum():
                continue
            start, end = start, stop - 1
            pattern = self._patterns[index]
            if following == "." and "." in pattern:  # the last dot of "U.S." belongs to it
                end += 1
            if pattern in self._exact and text[start:end] not in self._exact[pattern]:
                continue
            items.append(_item(start, end, self._entries[index], published))
        return items

    def phrases_of(self, text: str, published: str | None, read: Callable[[str, list[Item], ActorLexicon], T]) -> T:
        """What `read` makes of the scan. The last text's answer is kept: every role of every event asks for it."""
        last_text, last_day, answer = self._last
        if last_text is not text or last_day != published:
            answer = read(text, self.scan(text, published), self)
            self._last = (text, published, answer)
        return cast("T", answer)

    def readings(self, phrase: str) -> tuple[Entry, ...]:
        """What a phrase may stand for, in the order of the rule files; empty where it is unknown."""
        return tuple(self._readings.get(" ".join(fold(phrase).split()).rstrip("."), ()))

    def __len__(self) -> int:
        return len(self._patterns)


def _item(start: int, end: int, readings: tuple[Entry, ...], day: str | None) -> Item:
    """The reading that holds on the day; where none does, the nearest one, marked outdated."""
    if len(readings) == 1:
        only = readings[0]
        return Item(start, end, only, (), bool(day and (only.since or only.until)) and not only.holds_on(day))
    holding = [one for one in readings if one.holds_on(day)]
    chosen = holding[0] if holding else _nearest(readings, day)
    return Item(start, end, chosen, tuple(one for one in readings if one is not chosen), not holding)


def _nearest(readings: tuple[Entry, ...], day: str | None) -> Entry:
    before = [one for one in readings if day and one.until and one.until < day[: len(one.until)]]
    if before:
        return max(before, key=lambda one: one.until)
    return max(readings, key=lambda one: one.until or one.since) if not day else readings[0]


@lru_cache(maxsize=1)
def actor_lexicon() -> ActorLexicon:
    """The one lexicon of the process."""
    return ActorLexicon()
