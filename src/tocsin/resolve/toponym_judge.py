"""Decides whether one stretch that the gazetteer knows is meant as a place where it stands.

For: the model's label, a preposition of place, a comma and a larger place, the size of what the gazetteer has. Against:
a person's name, a title, an English word, a company. Rules are ordered, the first that applies decides and is named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from tocsin.parsed import Name, ParsedDocument, Sentence
from tocsin.resolve.gazetteer import ABBREVIATION, ALTERNATE, DEMONYM, PRIMARY, REDUCED, ROMANISED, Candidate
from tocsin.resolve.geo_keys import fold
from tocsin.resolve.toponym_scan import ARTICLES, Atom
from tocsin.resolve.toponym_words import abbreviations, common_words, given_names, role

PLACE_LABELS = frozenset(("GPE", "LOC", "FAC"))
_GREAT = 300_000
_LARGE = 50_000  # people: a town that a page may name without saying 'in'
_KNOWN_ALTERNATE = 20_000
_SPELLED = 5_000
_SMALL_WORDS = frozenset(("on", "at", "by", "hi", "oh", "ok", "mo", "pa", "la"))
_PRONOUNS = frozenset(("us", "it", "in", "me", "or", "as", "is", "to", "no", "so", "he", "my", "be", "am"))


class Stretch(NamedTuple):
    """Atoms [first, last) of a sentence and the key that they fold to."""

    first: int
    last: int
    key: str


class Verdict(NamedTuple):
    """The rule that took a stretch for a place, and how surely."""

    rule: str
    strength: float


@dataclass(slots=True)
class Reading:
    """What one document says about which words name places."""

    parsed: ParsedDocument
    known: dict[str, tuple[Candidate, ...]]
    small: frozenset[str]  # words that the document also writes in small letters
    surnames: frozenset[str]
    caseless: bool  # all in capitals, or none at all, so that capitals mean nothing
    sure: set[str] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        parsed: ParsedDocument,
        lines: list[tuple[Sentence, list[Atom]]],
        known: dict[str, tuple[Candidate, ...]],
    ) -> Reading:
        """The reading of one document, made once before its stretches are judged."""
        small = frozenset(atom.lower for _, line in lines for atom in line if not atom.name)
        capitals = sum(atom.name for _, line in lines for atom in line)
        total = sum(len(line) for _, line in lines)
        caseless = total > 0 and not 0.01 < capitals / total < 0.7
        return cls(parsed, known, frozenset() if caseless else small, _surnames(parsed, lines), caseless)


def _surnames(parsed: ParsedDocument, lines: list[tuple[Sentence, list[Atom]]]) -> frozenset[str]:
    """Last words of the full names that the model found."""
    found = set()
    for sentence, _ in lines:
        for name in sentence.names:
            if name.label == "PERSON":
                words = parsed.text[name.start : name.end].lower().split()
                if len(words) > 1:
                    found.add(words[-1].removesuffix("'s").removesuffix("’s").strip(".,'’"))
    return frozenset(found)


class Judge:
    """Weighs one stretch of one sentence."""

    def __init__(self, reading: Reading, sentence: Sentence, line: list[Atom], one: Stretch) -> None:
        self.reading, self.line, self.one = reading, line, one
        self.start, self.end = line[one.first].start, line[one.last - 1].end
        self.text = reading.parsed.text[self.start : self.end]
        self.single = one.last - one.first == 1
        self.candidates = reading.known[one.key]
        self.kinds = {candidate.kind for candidate in self.candidates}
        self.name = _covering(sentence, self.start, self.end)
        self.label = self.name.label if self.name else ""
        self.before = line[one.first - 1] if one.first else None
        self.after = line[one.last] if one.last < len(line) else None

    def verdict(self) -> Verdict | None:
        """The rule that takes the stretch for a place; None where none does."""
        if self._forbidden():
            return None
        if self._abbreviated():
            return Verdict("abbreviation", 0.9)
        if self._demonym():
            return Verdict("demonym", 0.9)
        best = self._best()
        if best is None:
            return None
        if self._contained():
            return Verdict("contained", 0.9)
        if self._person(best):
            return None
        return self._weighed(best)

    def widened(self) -> tuple[int, int]:
        """The span with the dot of an abbreviation, and with a direction or 'Lake' written before the name."""
        text, start, end = self.reading.parsed.text, self.start, self.end
        if ABBREVIATION in self.kinds and text[end : end + 1] == "." and not self.text.isupper():
            end += 1
        return self.before.start if self.before is not None and self._part_of_name(self.before) else start, end

    def _part_of_name(self, before: Atom) -> bool:
        """Whether the word before belongs to the name: 'East Oxford', 'Lake Manassas'."""
        if not before.name or before.joined not in (" ", ".") or self._demonym():
            return False
        return before.lower in role("before_name") or (before.lower in role("directions") and not self.text.isupper())

    def _forbidden(self) -> bool:
        """Forms that are no names here: bare letters, pronouns, a word for a direction or a kind of place alone."""
        key = self.one.key
        if (len(key) < 2 and key.isascii()) or self._goes_on():
            return True
        if key in role("metonyms") or (self.single and key in role("titles")):
            return True
        if self.label == "ORG" and self.single and self.text.isupper() and self.text.isalpha() and self._acronym():
            return True
        if key in _PRONOUNS and not (self.text.replace(".", "").isupper() and not self.reading.caseless):
            return True
        if self.single and key in ("downtown", "uptown"):
            return True
        if self.single and any(key in role(kind) for kind in ("directions", "streets", "natural", "units", "works")):
            return True
        if self.single and self.text.isupper() and len(key) <= 3 and not self.reading.caseless:
            listed = any(one.level == 0 or one.source.startswith("supplement") for one in self.candidates)
            return not listed and ABBREVIATION not in self.kinds
        return False

    def _goes_on(self) -> bool:
        """Whether the name is the beginning of a longer Arabic one: 'Wadi' of 'Wadi al-Rabie'."""
        after = self.line[self.one.last : self.one.last + 2]
        joined = self.line[self.one.last - 1].joined == " "
        return joined and len(after) == 2 and after[0].lower in ARTICLES and after[0].joined == "-" and after[1].name

    def _acronym(self) -> bool:
        """Whether capitals in mixed text are an organisation's letters: no country has them, and no dateline follows."""
        known = any(one.level == 0 or one.source.startswith("supplement") for one in self.candidates)
        return not (self.reading.caseless or known or self._dateline() or len(self.text) > 6)

    def _abbreviated(self) -> bool:
        """'Springfield, Ill.': an abbreviation counts after a comma or bracket, a dotted one anywhere."""
        if ABBREVIATION not in self.kinds or not self.single or len(self.text) > 5:
            return False
        if self.reading.caseless and self.one.key in _PRONOUNS | _SMALL_WORDS:
            return False
        before = self.before
        if before is not None and before.name and self._gap_before() in (", ", ",", " ("):
            return True
        if self.text.count(".") > 1 and self.text.isupper() and self.text not in abbreviations():
            return False  # 'M.D.' is no Md.
        dotted = self.text.count(".") > 1 or self.reading.parsed.text[self.end : self.end + 1] == "."
        return dotted and self.label in PLACE_LABELS

    def _gap_before(self) -> str:
        return self.reading.parsed.text[self.before.end : self.start] if self.before is not None else ""

    def _demonym(self) -> bool:
        if DEMONYM not in self.kinds or self.label == "PERSON":
            return False
        if self.candidates[0].kind == DEMONYM or self.kinds <= {DEMONYM, ALTERNATE}:
            return True
        best = self._best()
        return best is None or (best.level > 0 and best.population < 500_000)

    def _best(self) -> Candidate | None:
        usable = [one for one in self.candidates if one.kind in (PRIMARY, ALTERNATE, REDUCED)]
        return min(usable, key=lambda one: (one.kind, one.level, -one.population), default=None)

    def _located(self, words: str = "in") -> bool:
        """Whether a word of place stands right before, 'the' left out of account."""
        before = self.before
        if before is None:
            return False
        if before.lower == "the" and self.one.first > 1:
            before = self.line[self.one.first - 2]
        if words == "in" and before.lower in ("and", "or", "between") and before.joined == " " and self._in_pair():
            return True
        if before.lower in ("d", "r") and before.joined == "-" and before.text.isupper():
            return True  # 'D-Springfield': an American legislator's seat
        if words == "in" and before.lower in role("taken") and self._notable():
            return before.joined == " "
        return before.lower in role(words) and before.joined == " "

    def _in_pair(self) -> bool:
        """'in X and Y', 'between X and Y': the second of two where the first is a place, and both after 'between'."""
        first = self.one.first
        if self.line[first - 1].lower == "between":
            return self._notable() and self.label != "ORG"
        other = self.line[first - 2] if first > 1 else None
        if other is None or not other.name or not self._notable():
            return False
        started = first > 2 and self.line[first - 3].lower in (*role("in"), "between")
        return started and fold(other.text) in self.reading.known and self.label != "ORG"

    def _notable(self) -> bool:
        """Whether a town is large enough for war news to name it as the object of a verb without saying 'in'."""
        return any(one.kind == PRIMARY and (one.level <= 1 or one.population >= _SPELLED) for one in self.candidates)

    def _person(self, best: Candidate) -> bool:
        """Whether the stretch is, or is a part of, somebody's name."""
        located, lower = self._located(), self.line[self.one.first].lower
        known = self.one.key in self.reading.sure
        if self.label == "PERSON":
            whole = self.name is not None and self.name.end - self.name.start <= self.end - self.start + 2
            if not whole:
                return True
            if self._unmistakable(best) and lower not in given_names() and lower not in self.reading.surnames:
                return False
            return not ((located or known) and lower not in self.reading.surnames)
        if self.single and lower in self.reading.surnames and not located and best.level > 0:
            return not (known and self.label in PLACE_LABELS)
        if self.label in PLACE_LABELS:
            return False
        before, after = self.before, self.after
        if before is not None and before.name and before.joined in (" ", "."):
            if before.lower in role("titles"):
                return best.level > 0
            if self.single and before.lower in given_names() and not known:
                return True
        if self.label or not self.single or lower not in given_names() or after is None:
            return False
        return self.line[self.one.last - 1].joined == " " and after.name and not self._head_follows()

    def _unmistakable(self, best: Candidate) -> bool:
        """A country, a place of the conflict supplement or a city of a million: what the model most mislabels."""
        listed = best.source.startswith("supplement") or best.level == 0
        return best.kind == PRIMARY and (listed or best.population >= _GREAT)

    def _head_follows(self) -> bool:
        after = self.after
        return after is not None and any(after.lower in role(kind) for kind in ("unit_after", "town_after", "company"))

    def _contained(self) -> bool:
        """Whether a comma and a larger place that has such a place follow: 'Paris, Texas'."""
        after = self.after
        if after is None or not after.name or DEMONYM in self.kinds:
            return False
        if self.reading.parsed.text[self.end : after.start] not in (", ", ",", " ("):
            return False
        known = self.reading.known.get(fold(after.text), ())
        two = self.line[self.one.last : self.one.last + 2]
        if len(two) == 2 and two[1].name and two[0].joined:
            known = known + self.reading.known.get(fold(f"{two[0].text} {two[1].text}"), ())
        return any(self._has_one_in(one) for one in known if one.level <= 1 and one.kind in (PRIMARY, ABBREVIATION))

    def _has_one_in(self, larger: Candidate) -> bool:
        return any(
            one.country == larger.country
            and one.level > larger.level
            and one.kind != DEMONYM
            and (larger.level == 0 or one.admin1 == larger.admin1)
            for one in self.candidates
        )

    def _weighed(self, best: Candidate) -> Verdict | None:
        key, located = self.one.key, self._located()
        initials = self.text.replace(".", "").isupper() and len(key) <= 4 and not self.reading.caseless
        common = self.single and not initials and (key in common_words() or key in self.reading.small)
        if best.level == 0 and best.kind == PRIMARY and not common:
            return Verdict("country", 0.95)
        if common and not self._outweighs_word(best):
            return None
        if self.label in PLACE_LABELS:
            return self._labelled(best)
        if self.label == "PERSON" and (located or self._unmistakable(best)):
            return Verdict("preposition", 0.5) if located else Verdict("well-known", 0.6)
        if key in self.reading.sure:
            return Verdict("named-elsewhere", 0.5)
        if self.reading.caseless:
            return self._without_case(best, located)
        if self.label == "ORG":
            return self._in_organisation(best)
        if self.label == "NORP" and best.kind == PRIMARY and best.population >= _GREAT and DEMONYM not in self.kinds:
            return Verdict("mislabelled", 0.5)  # a city that the model takes for a people
        if self.label in ("NORP", "WORK_OF_ART", "PRODUCT") and not located:
            return None
        return self._unlabelled(best, located)

    def _outweighs_word(self, best: Candidate) -> bool:
        """Whether an English word with a capital is a place: the model says so and a word of place stands before."""
        if self.label in PLACE_LABELS and self.name is not None:
            return self._located() and self.name.end <= self.end + 2
        return False

    def _labelled(self, best: Candidate) -> Verdict | None:
        beyond = self.name is not None and (self.name.start < self.start - 4 or self.name.end > self.end + 2)
        if beyond and self.label == "FAC" and best.level > 1 and best.population < _LARGE:
            return None
        if best.kind == ALTERNATE and best.population < _KNOWN_ALTERNATE and best.level > 1:
            return Verdict("name-alternate", 0.5)
        return Verdict("name", 0.9 if not beyond else 0.6)

    def _in_organisation(self, best: Candidate) -> Verdict | None:
        """'Alexandria Police Department': a town at the head of, or after 'of' in, an organisation's name."""
        assert self.name is not None
        whole = self.name.end <= self.end + 2 and self.name.start >= self.start - 4
        if best.kind in (ALTERNATE, REDUCED) or (self.single and self.one.key in role("causes")):
            return None
        large = best.population >= _LARGE or (best.population >= 5_000 and not (whole and self.single))
        if whole and self.single and (best.level <= 1 or large or self._located()):
            return Verdict("mislabelled", 0.5)  # the model takes the town itself for an organisation
        if best.level <= 1 or large:
            return Verdict("in-organisation", 0.5)
        return Verdict("in-organisation", 0.4) if self._located("locative") else None

    def _unlabelled(self, best: Candidate, located: bool) -> Verdict | None:
        unit = self.after is not None and self.after.lower in role("unit_after") and not self.after.name
        if best.kind == REDUCED:
            return Verdict("unit", 0.6) if unit else None
        if best.kind == PRIMARY and (best.level <= 1 or best.population >= _LARGE or best.source[:10] == "supplement"):
            return Verdict("gazetteer", 0.7)
        if best.kind == PRIMARY and (located or unit or not self.single or self._dateline()):
            return Verdict("gazetteer", 0.5)
        if best.kind == ALTERNATE and self._usual_spelling(best, located or unit):
            return Verdict("alternate", 0.5)
        return None

    def _usual_spelling(self, best: Candidate, located: bool) -> bool:
        """Whether an alternate name may stand alone: of a large place, or where no spelling is the settled one."""
        if located and best.population >= _KNOWN_ALTERNATE:
            return True
        if best.population >= _LARGE and len(self.text) > (4 if self.text[0] < "\u0250" else 2):
            return True
        foreign = not self.text.isascii() and not self.text[:1].islower()
        return (best.country in ROMANISED or foreign) and best.population >= _SPELLED and len(self.text) > 4

    def _without_case(self, best: Candidate, located: bool) -> Verdict | None:
        """Text all in capitals or all in small letters: a word must be a large place, or stand after a word of place."""
        if best.kind == REDUCED or (best.kind == ALTERNATE and not self._usual_spelling(best, located)):
            return None
        great = best.level == 0 or best.source.startswith("supplement") or best.feature == "capital"
        enough = 2 * _LARGE if self.label or self.text.islower() else _GREAT  # in capitals surnames are the danger
        great = great or (best.level > 1 and best.population >= enough) or (best.level == 1 and not self.single)
        if great or (located and best.population >= _SPELLED) or (not self.single and best.population >= _SPELLED):
            return Verdict("caseless", 0.5)
        return None

    def _dateline(self) -> bool:
        """'HARVO (Agency) -' or 'HARVO -- ' at the head of a sentence."""
        if self.one.first or not self.text.isupper() or len(self.text) < 4:
            return False
        return self.reading.parsed.text[self.end : self.end + 3].lstrip()[:1] in ("-", "–", "—", "(")


def _covering(sentence: Sentence, start: int, end: int) -> Name | None:
    """The model's name that covers the stretch."""
    for name in sentence.names:
        if name.start <= start and end <= name.end:
            return name
    return None
