"""The rules of `rules/status/*.yaml`: cue words, the slots that they govern, what they do to the author's commitment.

A rule is a signature in the sense of Karttunen and of De Facto (Saurí 2008): `affirmed` is the commitment to what
stands in a slot where the cue holds, `negated` where the cue is itself denied. Commitments are named grades, so that
a rule file holds no numbers and the scale is set in one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal

import msgspec

from tocsin.errors import RuleError
from tocsin.parsed import Sentence, Token
from tocsin.records import Horizon, Status
from tocsin.rulefiles import read_yaml, rule_files

Grade = Literal["certain", "probable", "likely", "possible", "doubtful", "unlikely", "improbable", "excluded"]
Mode = Literal[
    "negated",
    "not",
    "denied",
    "possible",
    "future",
    "plan",
    "pledge",
    "warning",
    "threat",
    "attempt",
    "wish",
    "demand",
    "alleged",
    "hearsay",
]
WordClass = Literal["verb", "noun", "adjective", "adverb", "auxiliary", "link", "construction"]

# The author's commitment on the FactBank / UW scale divided by 3. `probable` is what a plain future gets there (about
# 2.5 of 3), `possible` what 'may' gets (about 1.2). Readers hold a denial for less firm than an assertion, so
# `excluded` stops short of -1.
GRADES: dict[Grade, float] = {
    "certain": 1.0,
    "probable": 0.85,
    "likely": 0.65,
    "possible": 0.4,
    "doubtful": 0.0,
    "unlikely": -0.3,
    "improbable": -0.6,
    "excluded": -0.8,
}
_FULL_DENIAL = -GRADES["excluded"]
_FUTURE_MODES = frozenset({"future", "plan", "pledge", "threat", "wish", "demand", "attempt"})


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of cue. `gives` is the status of the `[word]` in sentences of `for_`, save where `=> status` follows.

    `unless` lists lemmas that may stand in a slot without the rule meaning them; in the slots `known` a definite noun
    ('the coup') is taken as known already, and the rule leaves it alone.
    """

    name: str
    means: str
    cues: dict[WordClass, list[str]]
    slots: list[str]
    affirmed: Grade
    gives: Status
    for_: list[str] = msgspec.field(name="for")
    against: list[str]
    negated: Grade | None = None
    mode: Mode | None = None
    horizon: Horizon | None = None
    reports: bool = False
    unless: list[str] = []
    known: list[str] = []


class Effect(msgspec.Struct, frozen=True):
    """A rule made ready for use: numbers for grades, what it presupposes, the time that it points to."""

    rule: str
    yes: float
    no: float
    mode: Mode | None
    horizon: Horizon | None
    reports: bool
    unless: frozenset[str]
    known: frozenset[str]
    gap: float  # commitment where it is open whether the cue holds: half-way, save that factives keep theirs

    def under(self, value: float) -> float:
        """The commitment to the slot, given the commitment to the cue."""
        if value >= 0:
            return self.gap + (self.yes - self.gap) * value
        return self.gap - (self.no - self.gap) * max(value / _FULL_DENIAL, -1.0)


Entry = tuple[tuple[str, ...], Effect]  # further words of a phrase, and the effect


class Lexicon:
    """All rules, indexed by word class, lemma and slot; earlier files and rules go first."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._index: dict[tuple[str, str, str], list[Entry]] = {}
        self._reports: set[tuple[str, str]] = set()
        self.constructions: dict[str, Effect] = {}
        self.governors: set[tuple[str, str]] = set()
        for rule in self.rules:
            self._add(rule)
        for entries in self._index.values():
            entries.sort(key=lambda entry: -len(entry[0]))  # the longer phrase is the surer one; the sort is stable

    def _add(self, rule: Rule) -> None:
        effect = effect_of(rule)
        for kind, cues in rule.cues.items():
            for cue in cues:
                if kind == "construction":
                    self.constructions[cue] = effect
                    continue
                first, *rest = cue.split() if kind in ("verb", "noun", "adjective", "adverb") else [cue]
                self.governors.add((kind, first))
                for slot in rule.slots:
                    entry = (tuple(rest), effect)
                    self._index.setdefault((kind, first, slot), []).append(entry)
                if rule.reports:
                    self._reports.add((kind, first))

    def find(
        self, kind: str, lemma: str, slots: Iterable[str], sentence: Sentence, cue: Token, filler: str = ""
    ) -> Effect | None:
        """The first rule for the word in one of the slots, the slots in order of preference."""
        if (kind, lemma) not in self.governors:
            return None
        for slot in slots:
            for rest, effect in self._index.get((kind, lemma, slot), ()):
                if filler not in effect.unless and (not rest or _has_words(sentence, cue, rest)):
                    return effect
        return None

    def reports(self, kind: str, lemma: str) -> bool:
        """Whether the word makes its subject the source of its `that` clause."""
        return (kind, lemma) in self._reports

    def word(self, kind: str, lemma: str, slot: str = "self") -> Effect | None:
        """The rule for a word that acts on its own: an adverb, an auxiliary, a link."""
        entries = self._index.get((kind, lemma, slot))
        return entries[0][1] if entries else None


def effect_of(rule: Rule) -> Effect:
    """The rule with numbers; a rule without `negated` keeps its own grade when its cue is denied."""
    yes = GRADES[rule.affirmed]
    no = yes if rule.negated is None else GRADES[rule.negated]
    horizon = rule.horizon or ("future" if rule.mode in _FUTURE_MODES else None)
    unless, known = frozenset(rule.unless), frozenset(rule.known)
    return Effect(rule.name, yes, no, rule.mode, horizon, rule.reports, unless, known, (yes + no) / 2)


def _has_words(sentence: Sentence, cue: Token, rest: tuple[str, ...]) -> bool:
    """Whether the further words of a phrase follow at once, or hang on the cue as particle or object."""
    following = tuple(token.lower for token in sentence.tokens[cue.i + 1 : cue.i + 1 + len(rest)])
    return following == rest or (len(rest) == 1 and any(sentence.tokens[i].lower == rest[0] for i in cue.children))


@cache
def lexicon() -> Lexicon:
    """The rules that come with Tocsin. Raises `RuleError` where one is malformed, nameless twice or lacks examples."""
    rules: list[Rule] = []
    names: set[str] = set()
    for source in rule_files("status", ".yaml"):
        for rule in read_yaml(source, list[Rule]):
            _check(source.name, rule, names)
            rules.append(rule)
    return Lexicon(rules)


def _check(file: str, rule: Rule, names: set[str]) -> None:
    if rule.name in names:
        raise RuleError(f"{file}: two rules are named {rule.name!r}")
    names.add(rule.name)
    if len(rule.for_) < 3 or not rule.against:
        raise RuleError(f"{file}: rule {rule.name!r} needs three sentences in `for` and one in `against`")
    for example in (*rule.for_, *rule.against):
        if example.count("[") != 1 or example.count("]") != 1:
            raise RuleError(f"{file}: rule {rule.name!r}: mark one [word] in: {example}")
