"""The cue words of `rules/statements/*.yaml`: which words announce somebody's words, and where those words then stand.

A rule names its cues, the slots in which the content may stand, and the stance that the source takes to it. A cue of two
words (`point out`, `call for`) is found through its first; the longer cue goes before the shorter.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal

import msgspec

from tocsin.errors import RuleError
from tocsin.rulefiles import read_yaml, rule_files

Stance = Literal[
    "assert", "deny", "allege", "threaten", "promise", "warn", "demand", "ask", "believe", "fear", "plan", "judge"
]
WordClass = Literal["verb", "noun", "adjective", "phrase"]
SLOTS = frozenset({"quote", "clause", "inf", "object-inf", "object", "small", "of", "as", "that-clause"})


class CueRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of cue. In `for` sentences `[...]` is the content and `{...}` the source; none of it in `against`.

    `slots` are names of `SLOTS` or `prep:WORD`. `addressed` says that a plain object is whom it is said to.
    """

    name: str
    means: str
    stance: Stance
    cues: dict[WordClass, list[str]]
    slots: list[str]
    for_: list[str] = msgspec.field(name="for")
    against: list[str]
    addressed: bool = False


class Cue(msgspec.Struct, frozen=True):
    """A cue made ready for look-up: the words after the first, and its rule with the slots as sets."""

    rest: tuple[str, ...]
    rule: CueRule
    slots: frozenset[str]
    preps: frozenset[str]


class CueLexicon:
    """All cues by word class and first lemma; for one word, longer cues first, then the order of the files."""

    def __init__(self, rules: Iterable[CueRule]) -> None:
        self.rules = tuple(rules)
        self.named = {one.name: one for one in self.rules}
        self.verbs: dict[str, list[Cue]] = {}
        self.nouns: dict[str, list[Cue]] = {}
        self.adjectives: dict[str, list[Cue]] = {}
        self.phrases: dict[str, list[Cue]] = {}
        for rule in self.rules:
            self._add(rule)
        for index in (self.verbs, self.nouns, self.adjectives, self.phrases):
            for cues in index.values():
                cues.sort(key=lambda one: -len(one.rest))

    def _add(self, rule: CueRule) -> None:
        slots = frozenset(one for one in rule.slots if not one.startswith("prep:"))
        preps = frozenset(one[5:] for one in rule.slots if one.startswith("prep:"))
        indexes = {"verb": self.verbs, "noun": self.nouns, "adjective": self.adjectives, "phrase": self.phrases}
        for kind, words in rule.cues.items():
            for word in words:
                first, *rest = word.split()
                indexes[kind].setdefault(first, []).append(Cue(tuple(rest), rule, slots, preps))

    def words(self) -> frozenset[str]:
        """Every word that can begin a cue."""
        return frozenset((*self.verbs, *self.nouns, *self.adjectives, *self.phrases))


@cache
def cue_lexicon() -> CueLexicon:
    """The cues as shipped. Raises `RuleError` where a rule has no examples or an unknown slot."""
    rules: list[CueRule] = []
    for source in rule_files("statements", ".yaml"):
        for rule in read_yaml(source, list[CueRule]):
            _check(rule, source.name)
            rules.append(rule)
    return CueLexicon(rules)


def _check(rule: CueRule, where: str) -> None:
    if not rule.for_ or not rule.against:
        raise RuleError(f"{where}: {rule.name}: a rule needs sentences for and against it")
    for slot in rule.slots:
        if slot not in SLOTS and not slot.startswith("prep:"):
            raise RuleError(f"{where}: {rule.name}: unknown slot {slot!r}")
