"""Finds the place names of a document: the gazetteer proposes, the words around and the model's names decide.

Recognised are also peoples and adjectives ('Syrian'), under the rule `demonym`, since they tell which part of the world
a page is about; a later stage must not take them for where something happened. Seats of power used for governments
('the Kremlin said') are not in the gazetteer and are no places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.parsed import Name, ParsedDocument, Sentence
from tocsin.resolve.gazetteer import ALTERNATE, PRIMARY, Candidate, Gazetteer
from tocsin.resolve.geo_keys import fold
from tocsin.resolve.toponym_company import at_home, facilities, listed, told_elsewhere
from tocsin.resolve.toponym_guesses import stands_as_place, unknown_names
from tocsin.resolve.toponym_judge import PLACE_LABELS, Judge, Reading, Stretch, Verdict
from tocsin.resolve.toponym_scan import ARTICLES, Atom, atoms, stretches
from tocsin.resolve.toponym_words import heads, role

_LARGE = 20_000  # inhabitants from which a town is meant by a name that only its place in the sentence vouches for
_TOWN_OF = re.compile(
    r"\b(?:town|city|village|suburb|district|enclave|port|camp)s? of $|\b(?:in|inside|near|outside) $"
)
_SURE = 0.6  # strength from which a name counts as a place of this document wherever it stands


@dataclass(slots=True, frozen=True)
class Toponym:
    """One recognised place name: its key, what the gazetteer has under it, and why it was taken (0 to 1 how surely)."""

    start: int
    end: int
    text: str
    key: str
    candidates: tuple[Candidate, ...]
    rule: str
    strength: float
    label: str = ""


def find_toponyms(parsed: ParsedDocument, gazetteer: Gazetteer, *, guesses: bool = False) -> list[Toponym]:
    """The place names in the order of the text, none overlapping; spans leave out 'the' and possessive endings.

    With `guesses`, also names that nothing knows but that stand where places stand or are built as Arabic place names
    are ('Maarat al-X'), under the rule `spelling`: whoever asks for them checks them against other spellings. Those that
    can hardly be anything but a place ('near X') come under the rule `unlisted`.

    Two passes: what is surely a place in one sentence ('in Larno') may be taken for one in the others ('Larno police').
    """
    small = parsed.text.islower()
    lines = [
        (sentence, atoms(parsed.text[sentence.start : sentence.end], sentence.start, small=small))
        for sentence in parsed.sentences
        if not parsed.masked(sentence.start, sentence.end)
    ]
    offered = [list(_offers(parsed.text, line)) for _, line in lines]
    known = gazetteer.lookup_keys(one.key for offers in offered for one in offers)
    reading = Reading.of(parsed, lines, known)
    rows = [
        (sentence, line, _by_start(offers, known, reading.caseless), {} if reading.caseless else _headed(line))
        for (sentence, line), offers in zip(lines, offered, strict=True)
    ]
    first = [_of_sentence(reading, *row) for row in rows]
    reading.sure |= {one.key for found in first for one in found if one.strength >= _SURE and one.candidates}
    found = [
        one
        for row, before in zip(rows, first, strict=True)
        for one in (_of_sentence(reading, *row) if _concerned(reading, row[1], row[2], before) else before)
    ]
    if guesses:
        found += _in_company(reading, lines, found)
        found += _guesses(reading, lines, found)
        found.sort(key=lambda one: one.start)
    return found


def _guesses(reading: Reading, lines: list[tuple[Sentence, list[Atom]]], found: list[Toponym]) -> list[Toponym]:
    """The names that no table has, and what the page says again or lists beside one of them."""
    taken = sorted((one.start, one.end) for one in found)
    guessed = list(_guessed(reading, lines, taken))
    vouched = [(start, end) for start, end, rule in guessed if rule == "unlisted"]
    beside = list(listed(reading, lines, vouched))
    again = list(told_elsewhere(lines, sorted([*vouched, *beside]), taken, reading.parsed.text))
    spans = {(start, end): rule for start, end, rule in guessed}
    spans |= dict.fromkeys((*beside, *again), "unlisted")
    return [_strange(reading, start, end, rule) for (start, end), rule in spans.items()]


def _in_company(reading: Reading, lines: list[tuple[Sentence, list[Atom]]], found: list[Toponym]) -> list[Toponym]:
    """Names beside a place, with what the gazetteer has under them or as unlisted ones; villages of the page's countries."""
    known = [(one.start, one.end) for one in found if one.rule not in ("demonym", "in-organisation")]
    taken = sorted((one.start, one.end) for one in found)
    countries = {one.country for row in found for one in row.candidates if one.level == 0 and one.country}
    spans = set(at_home(reading, lines, taken, frozenset(countries)))
    spans |= set(listed(reading, lines, sorted([*known, *spans])))
    spans |= set(facilities(reading, lines, sorted([*taken, *spans])))
    return [_strange(reading, start, end, "unlisted", frozenset(countries)) for start, end in sorted(spans)]


def _strange(reading: Reading, start: int, end: int, rule: str, countries: frozenset[str] = frozenset()) -> Toponym:
    """The name with the towns of these countries that bear it, else with the only large one that does; without one it stays unlisted.

    Its place in the sentence vouches for it, so that the model's label, which speaks against it, is not asked again.
    """
    text = reading.parsed.text[start:end]
    known = [one for one in reading.known.get(fold(text), ()) if one.kind in (PRIMARY, ALTERNATE) and one.level]
    towns = tuple(one for one in known if one.kind == PRIMARY and one.country in countries)
    if not towns and rule == "unlisted" and _TOWN_OF.search(reading.parsed.text[max(0, start - 30) : start]):
        large = [one for one in known if one.population >= _LARGE]
        towns = tuple(known) if len(large) == 1 and large[0].feature == "city" else ()
    return Toponym(start, end, text, fold(text), towns, "listed" if towns else rule, 0.3)


def _guessed(
    reading: Reading, lines: list[tuple[Sentence, list[Atom]]], taken: list[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """The names that no table has, each with its rule: `unlisted` where its place in the sentence vouches for it."""
    by_start = {atom.start: (sentence, line) for sentence, line in lines for atom in line}
    for start, end in unknown_names(reading, lines, taken):
        vouched = stands_as_place(reading, *by_start[start], start, end)
        yield start, end, "unlisted" if vouched else "spelling"


def _concerned(reading: Reading, line: list[Atom], known: dict[int, list[Stretch]], before: list[Toponym]) -> bool:
    """Whether a name that turned out to be a place stands in the sentence without having been taken for one."""
    had = {(one.start, one.key) for one in before}
    return any(
        one.key in reading.sure and (line[first].start, one.key) not in had
        for first, row in known.items()
        for one in row
    )


def _offers(text: str, line: list[Atom]) -> Iterator[Stretch]:
    for first, atom in enumerate(line):
        if not atom.name and atom.lower not in ARTICLES:
            continue
        for last in stretches(line, first):
            yield Stretch(first, last, fold(text[line[first].start : line[last - 1].end]))


def _by_start(
    offers: list[Stretch], known: dict[str, tuple[Candidate, ...]], caseless: bool
) -> dict[int, list[Stretch]]:
    """The stretches that the gazetteer knows, by first atom, longest first; 'the' is left out where it can be."""
    found: dict[int, list[Stretch]] = {}
    for one in offers:
        if one.key in known and not _needless_article(one.key, known, caseless):
            found.setdefault(one.first, []).insert(0, one)
    return found


def _needless_article(key: str, known: dict[str, tuple[Candidate, ...]], caseless: bool) -> bool:
    return key.startswith("the ") and key != "the hague" and (caseless or key[4:] in known)


def _headed(line: list[Atom]) -> dict[int, tuple[int, str]]:
    """Names that end in a word for a street, a landform, a unit or a work: first atom to (end, kind of head)."""
    found: dict[int, tuple[int, str]] = {}
    for last, atom in enumerate(line):
        kind = heads().get(atom.lower) if atom.name else None
        if kind is None:
            continue
        first = last
        while first and last - first < 4 and line[first - 1].name and line[first - 1].joined in (" ", "."):
            first -= 1
        while first < last and (line[first].lower in ("the", "a", "an") or line[first].lower in role("titles")):
            first += 1
        if first < last and not all(one.lower in role("directions") for one in line[first:last]):
            found[first] = (last + 1, kind)
    return found


def _of_sentence(
    reading: Reading,
    sentence: Sentence,
    line: list[Atom],
    known: dict[int, list[Stretch]],
    headed: dict[int, tuple[int, str]],
) -> list[Toponym]:
    taken: list[Toponym] = []
    reached = 0
    for first in sorted(known.keys() | headed.keys()):
        if first < reached:
            continue
        reached, found = _at(reading, sentence, line, known.get(first, []), headed.get(first), first)
        if found is not None:
            taken.append(found)
    taken += list(_only_the_model(reading, sentence, line, taken))
    taken.sort(key=lambda one: one.start)
    return taken


def _at(
    reading: Reading,
    sentence: Sentence,
    line: list[Atom],
    known: list[Stretch],
    head: tuple[int, str] | None,
    first: int,
) -> tuple[int, Toponym | None]:
    """The name that begins at one atom, with the atom after it; the whole of a headed name goes before its parts."""
    for one in known:
        if head is not None and one.last < head[0]:
            break
        judge = Judge(reading, sentence, line, one)
        verdict = judge.verdict()
        if verdict is not None:
            return one.last, _made(reading, judge, verdict)
    if head is not None:
        return head[0], _with_head(reading, sentence, line, first, *head)
    for one in known:
        judge = Judge(reading, sentence, line, one)
        verdict = judge.verdict()
        if verdict is not None:
            return one.last, _made(reading, judge, verdict)
    return max([first + 1, *(one.last for one in known if _own_name(reading, one))]), None


def _own_name(reading: Reading, one: Stretch) -> bool:
    """Whether some place is called just so: where 'Great Bend' was refused, its 'Bend' is no better."""
    return any(candidate.kind == PRIMARY for candidate in reading.known[one.key])


def _made(reading: Reading, judge: Judge, verdict: Verdict) -> Toponym:
    start, end = judge.widened()
    text = reading.parsed.text[start:end]
    return Toponym(start, end, text, judge.one.key, judge.candidates, verdict.rule, verdict.strength, judge.label)


def _with_head(
    reading: Reading, sentence: Sentence, line: list[Atom], first: int, last: int, kind: str
) -> Toponym | None:
    """'Marlow Street', 'Sarun Valley': a name by its form, which the gazetteer need not know and seldom does."""
    start, end = line[first].start, line[last - 1].end
    text = reading.parsed.text[start:end]
    return Toponym(start, end, text, fold(text), (), f"head-{kind}", 0.5)


def _only_the_model(reading: Reading, sentence: Sentence, line: list[Atom], taken: list[Toponym]) -> Iterator[Toponym]:
    """Names that only the model takes for places: kept without candidates, so that they count as unresolved."""
    for name in sentence.names:
        if name.label not in PLACE_LABELS or any(one.start < name.end and name.start < one.end for one in taken):
            continue
        inside = _trimmed(line, name)
        if not inside or not _credible(reading, line, inside, name):
            continue
        start, end = inside[0].start, inside[-1].end
        text = reading.parsed.text[start:end]
        yield Toponym(start, end, text, fold(text), (), "model", 0.4, name.label)


def _trimmed(line: list[Atom], name: Name) -> list[Atom]:
    inside = [atom for atom in line if name.start <= atom.start and atom.end <= name.end]
    while inside and (not inside[0].name or inside[0].lower == "the"):
        inside.pop(0)
    while inside and not inside[-1].name:
        inside.pop()
    return inside


def _credible(reading: Reading, line: list[Atom], inside: list[Atom], name: Name) -> bool:
    """Whether a preposition of place speaks for a name that no gazetteer has; the model alone is right one time in five."""
    first = line.index(inside[0])
    before = line[first - 1].lower if first else ""
    if before == "the" and first > 1:
        before = line[first - 2].lower
    if inside[-1].lower in reading.surnames or len(inside) > 4:
        return False
    return before in role("in") and name.label in ("GPE", "LOC")
