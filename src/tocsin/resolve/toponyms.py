"""Finds the place names of a document: the gazetteer proposes, the words around and the model's names decide.

Recognised are also peoples and adjectives ('Syrian'), under the rule `demonym`, since they tell which part of the world
a page is about; a later stage must not take them for where something happened. Seats of power used for governments
('the Kremlin said') are not in the gazetteer and are no places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tocsin.parsed import Name, ParsedDocument, Sentence
from tocsin.resolve.gazetteer import ABBREVIATION, ALTERNATE, DEMONYM, PRIMARY, REDUCED, Candidate, Gazetteer
from tocsin.resolve.geo_keys import fold
from tocsin.resolve.toponym_scan import Atom, atoms, stretches
from tocsin.rulefiles import table

PLACE_LABELS = frozenset(("GPE", "LOC", "FAC"))
_LOCATIVE = frozenset(
    "in at near from to of outside inside around across between through throughout into toward towards via northern "
    "southern eastern western north south east west central leaving reached reach entered visited visiting downtown "
    "northeastern northwestern southeastern southwestern northeast northwest southeast southwest within beyond".split()
)
_TITLES = frozenset(
    "mr mrs ms dr miss sir lord lady president minister senator sen rep gov governor mayor judge justice general gen "
    "colonel col major maj captain capt lieutenant lt sergeant sgt sheriff prof professor king queen prince princess "
    "pope bishop father rev reverend sister brother chief secretary chancellor ambassador coach chairman officer "
    "detective deputy attorney commissioner congressman congresswoman councilman spokesman spokeswoman sheikh imam "
    "emir commander cmdr corporal cpl private pvt st".split()
)
_STREET = frozenset("street st road rd avenue ave drive dr lane boulevard blvd highway hwy court route parkway".split())
_FACILITY = frozenset(
    "airport hospital bridge university college school river lake creek mountain mountains valley bay beach "
    "park stadium island islands county parish district province governorate oblast square dam port harbor harbour "
    "prison camp base airbase airfield crossing checkpoint junction mosque church cathedral cemetery station refinery "
    "pass peninsula strait gulf sea desert forest canal coast hills heights peak village township city town "
    "neighborhood neighbourhood suburb region territory state".split()
)


@dataclass(slots=True)
class Toponym:
    """One recognised place name. `within` is the place that a comma or bracket puts it in, as a toponym's index."""

    start: int
    end: int
    text: str
    key: str
    candidates: tuple[Candidate, ...]
    rule: str
    strength: float
    label: str = ""
    within: int | None = None
    contains: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Stretch:
    first: int
    last: int
    key: str


@cache
def common_words() -> frozenset[str]:
    """English words that are also the name of some place."""
    return frozenset(row["word"] for row in table("places/common_words.csv"))


@cache
def given_names() -> frozenset[str]:
    """Given names that are also the name of some place."""
    return frozenset(row["name"] for row in table("places/given_names.csv"))


class _Reading:
    """What one document says about which words name places; made once, asked for every stretch."""

    def __init__(self, parsed: ParsedDocument, gazetteer: Gazetteer) -> None:
        self.parsed = parsed
        self.lines = [
            (sentence, atoms(parsed.text[sentence.start : sentence.end], sentence.start))
            for sentence in parsed.sentences
            if not parsed.masked(sentence.start, sentence.end)
        ]
        self.offered = [list(_offers(line)) for _, line in self.lines]
        self.known = gazetteer.lookup_keys(one.key for offers in self.offered for one in offers)
        self.small = frozenset(atom.lower for _, line in self.lines for atom in line if not atom.name)
        self.surnames = self._surnames()
        capitals = sum(atom.name for _, line in self.lines for atom in line)
        total = sum(len(line) for _, line in self.lines) or 1
        self.shouting = capitals / total > 0.7

    def _surnames(self) -> frozenset[str]:
        found = set()
        for sentence, _ in self.lines:
            for name in sentence.names:
                if name.label == "PERSON":
                    words = self.parsed.text[name.start : name.end].lower().split()
                    if len(words) > 1 and words[-1] not in ("'s", "’s"):
                        found.add(words[-1].removesuffix("'s").removesuffix("’s"))
        return frozenset(found)


def _offers(line: list[Atom]) -> Iterator[_Stretch]:
    for first in range(len(line)):
        for last in stretches(line, first):
            yield _Stretch(first, last, fold(" ".join(atom.text for atom in line[first:last])))


def find_toponyms(parsed: ParsedDocument, gazetteer: Gazetteer) -> list[Toponym]:
    """The place names in the order of the text, none overlapping; spans leave out 'the' and possessive endings."""
    reading = _Reading(parsed, gazetteer)
    found: list[Toponym] = []
    for (sentence, line), offers in zip(reading.lines, reading.offered, strict=True):
        found += _of_sentence(reading, sentence, line, offers)
    return found


def _of_sentence(reading: _Reading, sentence: Sentence, line: list[Atom], offers: list[_Stretch]) -> list[Toponym]:
    longest: dict[int, list[_Stretch]] = {}
    for one in offers:
        if one.key in reading.known:
            longest.setdefault(one.first, []).insert(0, one)
    taken, first = [], 0
    while first < len(line):
        chosen = None
        for one in longest.get(first, ()):
            chosen = _Judge(reading, sentence, line, one).toponym()
            if chosen is not None:
                taken.append(chosen)
                first = one.last
                break
        first += chosen is None
    taken += _only_the_model(reading, sentence, line, taken)
    taken.sort(key=lambda one: one.start)
    return taken


class _Judge:
    """Weighs one stretch of one sentence."""

    def __init__(self, reading: _Reading, sentence: Sentence, line: list[Atom], one: _Stretch) -> None:
        self.reading, self.sentence, self.line, self.one = reading, sentence, line, one
        self.start, self.end = line[one.first].start, line[one.last - 1].end
        self.text = reading.parsed.text[self.start : self.end]
        self.single = one.last - one.first == 1
        self.candidates = reading.known[one.key]
        self.name = self._model_name()
        self.label = self.name.label if self.name else ""
        self.before = line[one.first - 1] if one.first else None
        self.after = line[one.last] if one.last < len(line) else None

    def _model_name(self) -> Name | None:
        for name in self.sentence.names:
            if name.start <= self.start and self.end <= name.end:
                return name
        return None

    def toponym(self) -> Toponym | None:
        rule, strength = self._verdict()
        if not rule:
            return None
        return Toponym(self.start, self.end, self.text, self.one.key, self.candidates, rule, strength, self.label)

    def _verdict(self) -> tuple[str, float]:
        kinds = {one.kind for one in self.candidates}
        if self._shape_forbids(kinds):
            return "", 0.0
        if kinds == {ABBREVIATION} or (self.single and len(self.text.rstrip(".")) <= 4 and ABBREVIATION in kinds):
            if self._after_comma():
                return "abbreviation", 0.9
            if kinds == {ABBREVIATION}:
                return "", 0.0
        if (
            DEMONYM in kinds
            and self.label != "PERSON"
            and self._whole(("NORP", "GPE", "LOC", "LANGUAGE", "", "ORG", "EVENT"))
        ):
            if next(iter(self.candidates)).kind == DEMONYM or kinds == {DEMONYM}:
                return "demonym", 0.9
            best = self.candidates[0]
            if best.level > 0 and best.population < 500_000:
                return "demonym", 0.8
        best = self._best()
        if best is None:
            return "", 0.0
        if self._person():
            return "", 0.0
        return self._weigh(best)

    def _shape_forbids(self, kinds: set[int]) -> bool:
        key = self.one.key
        if len(key) < 2 and key.isascii():
            return True
        if self.text.isupper() and len(key) <= 3 and self.single and not self.reading.shouting:
            return all(one.level > 0 for one in self.candidates) and ABBREVIATION not in kinds
        if key in ("us", "it", "in", "me", "or") and not self.text.replace(".", "").isupper():
            return True
        return False

    def _after_comma(self) -> bool:
        """Whether the stretch follows a capitalised name and a comma: 'Springfield, Ill.'"""
        before = self.before
        if before is None or not before.name:
            return False
        gap = self.reading.parsed.text[before.end : self.start]
        return gap in (", ", ",", " (")

    def _whole(self, labels: tuple[str, ...]) -> bool:
        return self.label in labels

    def _best(self) -> Candidate | None:
        usable = [one for one in self.candidates if one.kind in (PRIMARY, ALTERNATE, REDUCED)]
        return min(usable, key=lambda one: (one.kind, one.level, -one.population), default=None)

    def _person(self) -> bool:
        """Whether the stretch is, or is a part of, somebody's name."""
        located = self.before is not None and self.before.lower in _LOCATIVE and self.before.joined == " "
        lower = self.line[self.one.first].lower
        if self.label == "PERSON":
            covers = self.name is not None and self.name.end - self.name.start <= self.end - self.start + 2
            return not (
                covers and (located or self._contained()) and self.single and lower not in self.reading.surnames
            )
        if self.label in PLACE_LABELS and not (self.single and lower in self.reading.surnames and not located):
            return False
        if self.before is not None and self.before.joined in (" ", "."):
            if self.before.lower in _TITLES and self.before.name:
                return True
            if self.single and self.before.name and self.before.lower in given_names() and not located:
                return True
        if self.single and lower in self.reading.surnames and not located:
            return True
        if (
            self.single
            and lower in given_names()
            and self.after is not None
            and self.line[self.one.last - 1].joined == " "
        ):
            return self.after.name and self.after.lower not in _FACILITY
        return False

    def _contained(self) -> bool:
        """Whether a comma and a larger place follow: 'Paris, Texas'."""
        after = self.after
        if after is None or not after.name:
            return False
        gap = self.reading.parsed.text[self.end : after.start]
        if gap not in (", ", ",", " (", " - "):
            return False
        known = self.reading.known.get(fold(after.text), ())
        two = self.line[self.one.last : self.one.last + 2]
        if len(two) == 2 and two[1].name:
            known = known + self.reading.known.get(fold(f"{two[0].text} {two[1].text}"), ())
        return any(
            one.level <= 1
            and one.kind != DEMONYM
            and any(c.country == one.country and c.id != one.id for c in self.candidates)
            for one in known
        )

    def _weigh(self, best: Candidate) -> tuple[str, float]:
        located = self.before is not None and self.before.lower in _LOCATIVE
        lower = self.one.key
        weak = best.kind == ALTERNATE and best.population < 100_000 and best.source == "cities500"
        reduced = best.kind == REDUCED
        common = self.single and (lower in common_words() or lower in self.reading.small)
        if self._contained():
            return "contained", 0.9
        if best.level == 0 and best.kind == PRIMARY and not common:
            return "country", 0.95
        if self.label in PLACE_LABELS:
            if common and not located and self.name is not None and self._beyond():
                return "", 0.0
            return "name", 0.9 if not weak else 0.6
        if self.label == "PERSON":
            return "preposition", 0.5
        if common or (reduced and not located):
            return "", 0.0
        if self.label == "ORG":
            if best.level == 1 or best.population >= 50_000:
                return "in-organisation", 0.6
            return "", 0.0
        if self.label in ("NORP",):
            return "people", 0.6
        if best.kind == PRIMARY and (
            best.level <= 1 or best.population >= 50_000 or best.source.startswith("supplement")
        ):
            return "gazetteer", 0.7
        if best.kind == PRIMARY and (located or not self.single):
            return "gazetteer", 0.5
        if best.kind == ALTERNATE and located and best.population >= 20_000:
            return "alternate", 0.5
        return "", 0.0

    def _beyond(self) -> bool:
        """Whether the model's name goes beyond the stretch."""
        return self.name is not None and (self.name.start < self.start or self.name.end > self.end)


def _only_the_model(reading: _Reading, sentence: Sentence, line: list[Atom], taken: list[Toponym]) -> Iterator[Toponym]:
    """Names that only the model takes for places: kept without candidates, so that they count as unresolved."""
    for name in sentence.names:
        if name.label not in PLACE_LABELS or any(one.start < name.end and name.start < one.end for one in taken):
            continue
        inside = [atom for atom in line if name.start <= atom.start and atom.end <= name.end]
        while inside and not inside[0].name:
            inside.pop(0)
        if inside and inside[0].lower == "the":
            inside.pop(0)
        while inside and not inside[-1].name:
            inside.pop()
        if not inside:
            continue
        start, end = inside[0].start, inside[-1].end
        text = reading.parsed.text[start:end]
        yield Toponym(start, end, text, fold(text), (), "model", 0.5, name.label)
