"""The actor lexicon: states, armed groups, organisations, leaders and media, and the words for sorts of people.

Read once from `rules/actors/*.csv` into one Aho-Corasick automaton over folded text. Folding keeps every offset: it
lower-cases, strips accents and turns hyphens, quotes and line breaks into spaces, so that `AL-QAEDA`, `al-Qaeda` and
`al Qaeda` are one pattern. Sector codes are PLOVER's (manual 2.0) with CAMEO's IGO, NGO and MNC beside them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
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
_TITLES = frozenset({"president", "prime", "king", "secretary", "vice", "general", "defense", "chancellor", "crown"})
_AROUND = 24  # code points on each side that show whether a line is all in capitals


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
    """A lexicon phrase in a text. `entry` is the reading that holds on the day, `others` the readings not taken.

    `outdated`: none holds on the day; `early`: because the day lies before.
    """

    start: int
    end: int
    entry: Entry
    others: tuple[Entry, ...] = ()
    outdated: bool = False
    early: bool = False


class _Row(NamedTuple):
    """A pattern's readings and how it must be written. `exact`: only so, or in a line all in capitals."""

    named: tuple[Entry, ...]
    agents: tuple[Entry, ...]
    exact: frozenset[str]
    common: bool
    single: bool
    dotted: bool
    titled: bool = False


def _folding_table() -> dict[int, str]:
    marks: dict[int, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        if base.isascii():
            marks[code] = base
    marks.update({ord("ı"): "i", ord("ø"): "o", ord("Ø"): "o", ord("ł"): "l", ord("Ł"): "l", ord("đ"): "d"})
    marks.update(dict.fromkeys((*map(ord, _SPACED), *range(0xD800, 0xE000)), " "))  # lone surrogates cannot be encoded
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
        self._forms: dict[str, set[str]] = {}
        self._titles: set[str] = set()
        self.states: dict[str, str] = {}
        self._load_states()
        for name, kind in _NAMED_TABLES:
            self._load_named(name, kind)
        self._load_agents()
        self.relations = {row["word"]: row["relation"] for row in table("actors/modifiers.csv")}
        self._common = frozenset(row["word"] for row in table("actors/common_words.csv"))
        self._openers = frozenset(row["word"] for row in table("actors/before_surnames.csv"))
        self._patterns = sorted(self._readings)
        self._rows = [self._row(one) for one in self._patterns]
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
            if entry.kind != "agent" or form.startswith("="):
                exact = form.startswith("=") or _is_acronym(written)
                forms = self._forms.setdefault(pattern, set())
                forms.add(written if exact else "")
                if exact and len(written) > 3 and written.isalpha() and written.isupper():
                    forms.add(written.capitalize())  # some papers write "Nato", "Farc"
                if entry.kind == "agent":
                    self._titles.add(pattern)
            if entry not in readings:
                readings.append(entry)

    def _row(self, pattern: str) -> _Row:
        readings, forms = self._readings[pattern], self._forms.get(pattern, {""})
        titles = pattern in self._titles
        return _Row(
            named=tuple(one for one in readings if titles or one.kind != "agent"),
            agents=tuple(one for one in readings if not titles and one.kind == "agent"),
            exact=frozenset() if "" in forms else frozenset(forms),
            common=pattern in self._common,
            single=" " not in pattern,
            dotted="." in pattern,
            titled=pattern.split(" ", 1)[0] in _TITLES,
        )

    # ------------------------------------------------------------------ looking up

    def scan(self, text: str, published: str | None = None) -> list[Item]:
        """Every phrase of the lexicon in the text, longest first at each place, without overlap, in order."""
        folded = f" {fold(text)} "
        small = text.islower()
        items: list[Item] = []
        for index, start, stop in self._whole_words(folded):
            row, end = self._rows[index], stop - 1
            if row.dotted and folded[stop] == ".":  # the last dot of "U.S." belongs to it
                end += 1
            readings = row.named if row.named and _written_as_name(text, start, end, row, small=small) else row.agents
            if readings:
                item = _item(start, end, readings, published)
                if row.titled and item.outdated:  # the text itself gives the office
                    item = item._replace(outdated=False)
                if item.entry.kind != "leader" or not row.single or _stands_alone(text, item, row, self._openers):
                    items.append(item)
        return items

    def _whole_words(self, folded: str) -> Iterator[tuple[int, int, int]]:
        """The automaton's matches that end where a word ends.

        A long pattern that ends inside a word ("new ira|nian") may have swallowed a short one: what lies behind its
        first word is looked at again.
        """
        reached = 0
        for index, start, stop in self._automaton.find_matches_as_indexes(folded):
            if not folded[stop].isalnum():
                if start >= reached:
                    reached = stop
                    yield index, start, stop
            elif not self._rows[index].single:
                again = folded.index(" ", start + 1)
                for inner, low, high in self._automaton.find_matches_as_indexes(folded[again : stop + _AROUND]):
                    if again + low >= stop:
                        break
                    if again + high < len(folded) and not folded[again + high].isalnum():
                        reached = again + high
                        yield inner, again + low, reached

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

    def patterns(self, keep: Callable[[Entry], bool]) -> list[str]:
        """The folded phrases that are nothing else in small letters and have a reading that `keep` wants, in order."""
        return [row for row, how in self._kept(keep) if not how.exact and not how.common]

    def exact_forms(self, keep: Callable[[Entry], bool]) -> list[str]:
        """The phrases that are written in one way only and have a reading that `keep` wants."""
        return sorted({form for _, how in self._kept(keep) for form in how.exact})

    def _kept(self, keep: Callable[[Entry], bool]) -> Iterator[tuple[str, _Row]]:
        for pattern, row in zip(self._patterns, self._rows, strict=True):
            if any(keep(entry) for entry in self._readings[pattern]):
                yield pattern, row

    def __len__(self) -> int:
        return len(self._patterns)


def _is_acronym(form: str) -> bool:
    """`FMLN`, `LeT`, `M-19`: to be written just so, since in small letters they are other words."""
    if " " in form or not 2 <= len(form) <= 7:
        return False
    capitals = sum(one.isupper() for one in form)
    return capitals >= 2 and 2 * capitals >= sum(one.isalpha() for one in form)


def _written_as_name(text: str, start: int, end: int, row: _Row, *, small: bool) -> bool:
    """Whether the stretch is written as its name is; `small` texts have no capitals at all to go by."""
    written = text[start:end]
    if small:
        return not row.common
    if row.common and written.isupper() and _all_capitals(text, start, end):
        return False
    if row.exact:
        return written in row.exact or (written.isupper() and _all_capitals(text, start, end))
    return not written.islower()


def _all_capitals(text: str, start: int, end: int) -> bool:
    """Whether the words around are in capitals too, so that capitals say nothing."""
    return text[max(0, start - _AROUND) : end + _AROUND].isupper()


def _stands_alone(text: str, item: Item, row: _Row, openers: frozenset[str]) -> bool:
    """Whether a bare surname may be the leader's: not after another given name ("Mohammed Saleh")."""
    if item.outdated and row.common:
        return False
    before = text[max(0, item.start - _AROUND) : item.start]
    if not before or before[-1] not in " \n":
        return before[-1:] != "-" and before[-1:] != "."
    word = before.split()[-1] if before.strip() else ""
    return not word[:1].isupper() or not word[-1].isalpha() or word.lower() in openers


def _item(start: int, end: int, readings: tuple[Entry, ...], day: str | None) -> Item:
    """The reading that holds on the day; where none does, the nearest one, marked outdated."""
    chosen = next((one for one in readings if one.holds_on(day)), None)
    outdated = chosen is None and day is not None
    if chosen is None:
        chosen = _nearest(readings, day)
    others = tuple(one for one in readings if one is not chosen) if len(readings) > 1 else ()
    early = outdated and bool(day and chosen.since) and (day or "")[: len(chosen.since)] < chosen.since
    return Item(start, end, chosen, others, outdated, early)


def _nearest(readings: tuple[Entry, ...], day: str | None) -> Entry:
    before = [one for one in readings if day and one.until and one.until < day[: len(one.until)]]
    if before:
        return max(before, key=lambda one: one.until)
    return max(readings, key=lambda one: one.until or one.since) if not day else readings[0]


@lru_cache(maxsize=1)
def actor_lexicon() -> ActorLexicon:
    """The one lexicon of the process."""
    return ActorLexicon()
