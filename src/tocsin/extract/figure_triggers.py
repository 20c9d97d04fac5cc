"""The words that say what became of counted people, read from `rules/figures/triggers.yaml` and found in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import msgspec

from tocsin import rulefiles
from tocsin.parsed import Sentence
from tocsin.quantities import person_nouns
from tocsin.records import FigureKind


class TriggerRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the file: words of one kind, by where the count stands."""

    kind: FigureKind
    verbs: tuple[str, ...] = ()
    falls: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    people: bool = False


class TriggerFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    triggers: tuple[TriggerRule, ...]
    tolls: dict[FigureKind, tuple[str, ...]]
    not_displaced: tuple[str, ...]
    nouns: dict[FigureKind, tuple[str, ...]]
    cumulative: tuple[str, ...]


@dataclass(slots=True)
class Sense:
    """What a word or phrase means for a count before it, behind it, or in its `of` phrase."""

    before: FigureKind | None = None
    after: FigureKind | None = None
    of: FigureKind | None = None
    toll: FigureKind | None = None
    verb: bool = False  # a form whose victims are its object
    falls: bool = False  # a form whose victims are its subject
    people: bool = False  # the count must be of persons by its noun


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger in a sentence: tokens `first` to `last`, both included."""

    first: int
    last: int
    sense: Sense


_IRREGULAR = {
    "slay": ("slays", "slew", "slain", "slaying"),
    "hang": ("hangs", "hanged", "hanged", "hanging"),
    "gas": ("gasses", "gassed", "gassed", "gassing"),
    "die": ("dies", "died", "died", "dying"),
    "flee": ("flees", "fled", "fled", "fleeing"),
    "hurt": ("hurts", "hurt", "hurt", "hurting"),
    "kidnap": ("kidnaps", "kidnapped", "kidnapped", "kidnapping"),
}


def inflected(base: str) -> tuple[str, str, str, str]:
    """Third person, past, past participle, -ing."""
    if base in _IRREGULAR:
        return _IRREGULAR[base]
    stem = base[:-1] if base.endswith("e") else base
    third = base + ("es" if base.endswith(("s", "sh", "ch", "x")) else "s")
    return third, f"{stem}ed", f"{stem}ed", f"{stem}ing"


@cache
def rules() -> TriggerFile:
    """The file as read. Raises `RuleError` with its line where it is wrong."""
    return rulefiles.read_yaml(rulefiles.rules_root() / "figures" / "triggers.yaml", TriggerFile)


@cache
def senses() -> dict[tuple[str, ...], Sense]:
    """Every trigger phrase as a tuple of small-letter words."""
    found: dict[tuple[str, ...], Sense] = {}
    for rule in rules().triggers:
        for base in rule.verbs:
            _add_verb(found, rule, base)
        for base in rule.falls:
            for form in (base, *inflected(base)):
                sense = _sense(found, form, rule)
                sense.before, sense.falls = rule.kind, True
        for field in ("before", "after", "of"):
            for phrase in getattr(rule, field):
                setattr(_sense(found, phrase, rule), field, rule.kind)
    for kind, phrases in rules().tolls.items():
        for phrase in phrases:
            _sense(found, phrase, None).toll = kind
    return found


def _sense(found: dict[tuple[str, ...], Sense], phrase: str, rule: TriggerRule | None) -> Sense:
    sense = found.setdefault(tuple(phrase.split()), Sense())
    if rule is not None:
        sense.people = sense.people or rule.people
    return sense


def _add_verb(found: dict[tuple[str, ...], Sense], rule: TriggerRule, base: str) -> None:
    third, past, participle, ing = inflected(base)
    for form in (base, third, past, participle, ing):
        sense = _sense(found, form, rule)
        sense.after, sense.verb = rule.kind, True
        if form == participle:
            sense.before = rule.kind


@cache
def _by_first() -> dict[str, tuple[tuple[tuple[str, ...], Sense], ...]]:
    index: dict[str, list[tuple[tuple[str, ...], Sense]]] = {}
    for phrase, sense in senses().items():
        index.setdefault(phrase[0], []).append((phrase, sense))
    return {first: tuple(sorted(rest, key=lambda one: (-len(one[0]), one[0]))) for first, rest in index.items()}


def find_triggers(sentence: Sentence) -> list[Trigger]:
    """The triggers of a parsed sentence, longest first at each place, without overlaps."""
    index, words = _by_first(), [token.lower for token in sentence.tokens]
    found, i = [], 0
    while i < len(words):
        step = 1
        for phrase, sense in index.get(words[i], ()):
            if len(phrase) == 1 and words[i] == "lives" and sentence.tokens[i].tag.startswith("VB"):
                continue  # 'a man who lives nearby'
            if len(phrase) == 1 or tuple(words[i : i + len(phrase)]) == phrase:
                found.append(Trigger(i, i + len(phrase) - 1, sense))
                step = len(phrase)
                break
        i += step
    return found


@cache
def noun_kinds() -> dict[str, FigureKind]:
    """Nouns that say by themselves what became of the counted: 'refugees' are displaced."""
    return {noun: kind for kind, nouns in rules().nouns.items() for noun in nouns}


@cache
def not_displaced() -> frozenset[str]:
    """People whose flight is no displacement: attackers, troops, prisoners."""
    return frozenset(rules().not_displaced)


_ALONE = frozenset({"killed", "injured", "missing", "detained", "abducted"})


def figure_words() -> frozenset[str]:
    """Small-letter words of which a sentence with a figure holds at least one: the gate before the parse."""
    return strong_figure_words() | weak_figure_words()


@cache
def strong_figure_words() -> frozenset[str]:
    """Words that can give a figure without a number in the sentence ('gunmen killed a nurse')."""
    return frozenset(words[0] for words, sense in senses().items() if len(words) == 1 and _kinds(sense) & _ALONE)


@cache
def weak_figure_words() -> frozenset[str]:
    """Words that give a figure only beside a number ('3,000 people', 'city of 40,000'): a gate may ask for one."""
    common = rulefiles.words("figure_common")
    cues = {max((word for word in words if word not in common), key=len, default=words[0]) for words in senses()}
    households = {word for entry in rulefiles.words("figure_households") for word in entry.split()}
    counted = households | rulefiles.words("figure_bodies") | person_nouns()[1]
    return frozenset(cues | noun_kinds().keys() | counted) - strong_figure_words()


def _kinds(sense: Sense) -> set[FigureKind | None]:
    return {sense.before, sense.after, sense.of}
