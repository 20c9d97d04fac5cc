"""Which kinds of event can be two words for one happening: `rules/merge/families.yaml`, read once."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from tocsin import rulefiles
from tocsin.errors import RuleError

_WORD = re.compile(r"\w+")


class Loose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that name a kind, and may as well name one of other forms unless the sentence says more ('the bombing of the port')."""

    words: tuple[str, ...]
    forms: tuple[str, ...]
    unless: tuple[str, ...]


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Kinds that may name one happening. `general` ones go with every form, two forms exclude each other; `effects` are no deeds."""

    forms: dict[str, tuple[str, ...]]
    general: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    loose: dict[str, Loose] = {}


class Place(msgspec.Struct, frozen=True):
    """Where a kind stands: its family and form; the form of a general kind is None."""

    family: str
    form: str | None


@cache
def _families() -> dict[str, Family]:
    return rulefiles.read_yaml(rulefiles.rules_root() / "merge" / "families.yaml", dict[str, Family])


@cache
def places() -> dict[str, Place]:
    """Every kind's family and form. Raises `RuleError` where a kind is in two."""
    found: dict[str, Place] = {}
    for name, family in _families().items():
        rows = [(kind, Place(name, None)) for kind in family.general]
        rows += [(kind, Place(name, form)) for form, kinds in family.forms.items() for kind in kinds]
        for kind, place in rows:
            if kind in found:
                raise RuleError(f"families.yaml: {kind} is in two families or forms")
            found[kind] = place
    return found


def family_of(kind: str) -> str:
    """The family of a kind; a kind that the file does not know, such as a user's own, is a family of its own."""
    found = places().get(kind)
    return found.family if found else kind


def is_general(kind: str) -> bool:
    """Whether a kind goes with every form of its family, and so does not say how a thing was done."""
    found = places().get(kind)
    return found is not None and found.form is None


def is_effect(kind: str) -> bool:
    """Whether a kind tells what a deed did, and not that it was done."""
    found = places().get(kind)
    return found is not None and kind in _families()[found.family].effects


def kinds_agree(one: str, other: str) -> float:
    """How well two kinds name one happening: 1 the same, .8 of one form, .6 where one is general, 0 of two forms or families."""
    if one == other:
        return 1.0
    first, second = places().get(one), places().get(other)
    if first is None or second is None or first.family != second.family:
        return 0.0
    if first.form is None or second.form is None:
        return 0.6
    return 0.8 if first.form == second.form else 0.0


def may_be(kind: str, trigger: str, sentence: str, other: str) -> bool:
    """Whether words that were read as one kind may as well stand for another: 'the bombing' without a device for an air strike."""
    first, second = places().get(kind), places().get(other)
    if first is None or second is None or first.family != second.family:
        return False
    loose = _families()[first.family].loose.get(kind)
    if loose is None or second.form not in loose.forms or trigger.lower() not in loose.words:
        return False
    return set(loose.unless).isdisjoint(_WORD.findall(sentence.lower()))
