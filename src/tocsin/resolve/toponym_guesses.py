"""Names that no table has but that stand where places stand, or are built as Arabic place names are ('Maarat al-X').

They are questions, not answers: `places` asks the gazetteer for a like-sounding place of the page's main country, and
drops those without one, save the few that `stands_as_place` vouches for by their place in the sentence alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

from tocsin import rulefiles
from tocsin.parsed import Sentence
from tocsin.resolve.toponym_judge import Reading
from tocsin.resolve.toponym_scan import ARTICLES, Atom, stretches
from tocsin.resolve.toponym_words import common_words, given_names, role

SHORTEST = 5  # letters: shorter names have too few consonants to tell places apart by sound
_LEAST_LETTERS = 3


def unknown_names(
    reading: Reading, lines: Sequence[tuple[Sentence, list[Atom]]], taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Spans of such names, in the order of the text; `taken` are the sorted spans already known for places."""
    starts = [start for start, _ in taken]
    for _, line in lines:
        reached = 0
        for first, atom in enumerate(line):
            if (
                first < reached
                or not atom.name
                or not _placelike(reading, line, first)
                or _known_word(reading, line, first)
            ):
                continue
            reached = _end(line, first)
            start, end = atom.start, line[reached - 1].end
            at = bisect_right(starts, end - 1) - 1
            if end - start >= _LEAST_LETTERS and (at < 0 or taken[at][1] <= start):
                yield start, end


def _end(line: list[Atom], first: int) -> int:
    """The atom after the longest name that begins at `first`, cut before any small word that is no hyphened article."""
    longest = max(stretches(line, first), default=first + 1)
    small = (
        at
        for at in range(first + 1, longest)
        if not line[at].name and "-" not in (line[at].joined, line[at - 1].joined)
    )
    return next(small, longest)


def _placelike(reading: Reading, line: list[Atom], first: int) -> bool:
    """Whether a word of place, or of what is done to places, stands before, or the page says after it what place it is."""
    before = line[first - 1].lower if first else ""
    if before in role("locative") or before in role("taken") or before in _DONE_TO_PLACES or before in _BURNING:
        return True
    if before == "on" and first > 1 and line[first - 2].lower in _AGAINST:
        return True
    if _explained(reading, line[_end(line, first) - 1].end):
        return True
    if _is_hit(line, first):
        return True
    after = line[first + 1] if first + 1 < len(line) else None
    if after is not None and after.lower in ARTICLES and after.joined == "-":
        return True
    last = _end(line, first)
    return last < len(line) and line[last - 1].joined == " " and line[last].lower in _kinds_of_town()


def _is_hit(line: list[Atom], first: int) -> bool:
    """'Shells hit X', 'a drone struck X': what weapons that fly hit is a place more often than a person."""
    if not first or line[first - 1].lower not in ("hit", "hits", "struck", "strikes", "hitting", "striking"):
        return False
    return any(atom.lower in _FLYING for atom in line[max(0, first - 4) : first - 1])


def _known_word(reading: Reading, line: list[Atom], first: int) -> bool:
    word = line[first].lower
    if word in reading.small or word in common_words() or word in role("titles"):
        return True
    located = first > 0 and line[first - 1].lower in ("in", "near")  # nobody is in Ahmed, nor a raid near him
    return word in given_names() and not located


def stands_as_place(reading: Reading, sentence: Sentence, line: list[Atom], start: int, end: int) -> bool:
    """Whether a name that nothing knows can hardly be anything but a place: 'near X', 'the village of X', 'X island'.

    Villages of a war are in no table, and without them an event has no place or, worse, the next large town's. What
    the model calls a strange name tells little: a single word after 'in' or 'near' is a place whatever its label.
    """
    inside = [n for n, atom in enumerate(line) if start <= atom.start and atom.end <= end]
    if not inside or reading.caseless or line[inside[-1]].joined == "s":
        return False
    names = [line[n] for n in inside if line[n].name]
    label = next((one.label for one in sentence.names if one.start < end and start < one.end), "")
    before = [line[n].lower for n in range(max(0, inside[0] - 5), inside[0])]
    if before[-1:] == ["of"] and before[-2:-1] and before[-2] in _TOWNS and names[0].text[1:].islower():
        return label not in _NEVER_PLACES
    whole = len(inside) > 1 and any((one.start, one.end) == (start, end) for one in sentence.names)
    lone = whole and before[-1:] in (["in"], ["near"], ["outside"])  # 'in Jabal X': no surname, whatever the model says
    if any(_not_a_place(reading, atom) for atom in names if not lone) or not names[0].text[1:].islower():
        return False
    after = line[inside[-1] + 1] if inside[-1] + 1 < len(line) else None
    if after is not None and line[inside[-1]].joined == " ":
        if after.name:
            return False
        if after.lower in _kinds_of_town():
            works = after.lower in ("port", "airport", "airbase", "island", "prison", "bridge")
            return label not in _NOT_PLACES or (works and label == "NORP")  # the model takes strange towns for peoples
    if _explained(reading, end):
        return label not in _NEVER_PLACES
    if before and (before[-1] in _DONE_TO_PLACES | _BURNING or _is_hit(line, inside[0])):
        return label not in _NOT_PLACES | {"PERSON", "ORG"}
    return bool(before) and _said_where(before, label, single=" " not in reading.parsed.text[start:end])


def _said_where(before: Sequence[str], label: str, *, single: bool) -> bool:
    """Whether the words before a name make it a place: 'near', 'in', 'withdrew from', 'marched on', 'captured'."""
    word = before[-1]
    if word in ("near", "outside"):
        return single or label not in _NOT_PLACES
    if word == "in":
        if not _TRUSTING.isdisjoint(before[-2:-1]):
            return False
        return label not in _NEVER_PLACES if single else label in ("", "PERSON", *_LABELS)
    if word == "to":
        return label in ("", "PERSON", *_LABELS) and single and not _FLEEING.isdisjoint(before)
    if word == "at" or (word == "from" and _LEAVING.intersection(before)):
        return label in ("", *_LABELS) or (label in ("PERSON", "ORG") and single)
    if word == "of":
        return (
            before[-2:-1] == ["out"] and bool(_LEAVING.intersection(before)) and label not in _NEVER_PLACES | {"PERSON"}
        )
    if word == "on":
        return label in _LABELS or (label == "" and single and before[-2] in ("march", "marched", "marching"))
    return label in _LABELS and (word in role("taken") or word in _BURNING)


def _explained(reading: Reading, end: int) -> bool:
    """'X, a town of 9,000': the page itself says what the name before `end` is."""
    return bool(_EXPLAINED.match(reading.parsed.text, end))


_EXPLAINED = re.compile(
    r",\s(?:an?|the|another|his|her|its|their)\s(?:[\w’'-]+\s){0,3}"
    r"(?:town|village|city|suburb|hamlet|commune|settlement|neighbou?rhood|island|oasis|outpost)\b"
)
_LABELS = ("GPE", "LOC", "FAC")
_NEVER_PLACES = frozenset({"DATE", "TIME", "EVENT", "LAW", "LANGUAGE"})
_NOT_PLACES = frozenset({"NORP", "DATE", "TIME", "EVENT", "LAW", "WORK_OF_ART", "PRODUCT", "LANGUAGE"})
_DONE_TO_PLACES = frozenset(
    """shelled shelling bombed bombing bombarded bombarding pounded pounding besieged besieging encircled encircling retook
    retake recaptured recapture liberated overran razed evacuated""".split()
)
_BURNING = frozenset("burn burned burning burnt torched torching looted looting ransacked".split())
_AGAINST = frozenset(
    """march marched marching advance advanced advancing raid raids attack attacks assault assaults strike strikes offensive
    airstrike airstrikes bombardment""".split()
)
_LEAVING = frozenset(
    """withdrew withdraw withdrawn withdrawing withdrawal fled flee fleeing pull pulled pulling retreat retreated retreating
    evacuate evacuated evacuating driven expelled escape escaped""".split()
)
_FLEEING = frozenset(
    "fled flee fleeing flees evacuated displaced marched marching moved withdrew retreated returned".split()
)
_TRUSTING = frozenset("trust confidence faith interest believe believed belief loss".split())
_FLYING = frozenset(
    "shell shells rocket rockets missile missiles bomb bombs drone drones mortar mortars jets warplanes strikes raids".split()
)
_TOWNS = frozenset(
    """village town villages towns city market camp district area neighbourhood neighborhood suburb outskirts island port
    hamlet commune regency settlement locality municipality governorate oasis centre center post bridge road suburbs crossing
    base airport garrison residents people inhabitants villagers mayor heights valley mountains enclave""".split()
)


@cache
def _kinds_of_town() -> frozenset[str]:
    """Common nouns that make a name before them a place's: 'X village', 'X island'."""
    return (role("town_after") | {"island", "sector", "prison", "neighbourhood"}) - {
        "resident",
        "residents",
        "border",
        "front",
    }


def _not_a_place(reading: Reading, atom: Atom) -> bool:
    word = atom.lower
    return word in reading.surnames or word in role("company") or word in rulefiles.words("calendar")
