"""The codebook: which kinds of event Tocsin knows, as data under `rules/events/*.yaml`.

One file holds one kind or several of a family. A kind says what it is, which words and constructions announce it, which
grammatical slots hold the actor and the recipient, its codes in other lists, and sentences that are and are not of it.
A kind without enough examples does not load; a typo fails at start with file, line and key.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import Literal

import msgspec

from tocsin import rulefiles
from tocsin.errors import RuleError

LEAST_EXAMPLES, LEAST_COUNTER_EXAMPLES = 8, 4
PLOVER_TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule value: an unknown key is an error, never ignored."""


class CodesOf(Strict, frozen=True):
    """The kind's code in other lists. CAMEO codes as in the 2012 manual; ACLED sub-event names; UCDP type 1-3."""

    cameo: str | None = None
    acled: str | None = None
    ucdp: str | None = None
    muc4: str | None = None


class Slots(Strict, frozen=True):
    """Which grammatical slots hold a role, first found wins.

    For verbs: `subject` (the doer of an active, the `by` phrase of a passive), `object` (what is acted on, the subject
    of a passive), `indirect` (the dative), `prep:X` (the object of preposition X), `comp` (subject of the complement).
    For nouns: `by`, `of`, `prep:X`, `poss` (X's raid), `amod` (Turkish raid), `compound` (rebel raid),
    `light` (the subject of the light verb: X carried out a raid).
    """

    actor: tuple[str, ...] | None = None
    recipient: tuple[str, ...] | None = None


class Frame(Strict, frozen=True):
    """A verb (or noun) that announces the kind only with certain company.

    Every given test must hold. `subject`, `object`, `prep` (a map of preposition to words) and `comp` (lemma of the
    clausal complement, `to flee`) test the lemmas of head nouns; `any` tests whether one of the words or word sequences
    is anywhere in the sentence; `near` tests within the same clause, that is below the trigger. `not_any` must not
    occur; `not_object` is what the object must not be, and `object_named` wants an object that is a proper name.
    `aux` tests the verb's auxiliaries as written ('been': has been giving). `comp_aux` tests those of the clausal
    complement ('could': warned that it could fail) and `comp_not_subject` what its subject must not be; both want a
    complement with a subject of its own. A word `@NAME` stands for the list `rules/words/NAME.txt`. `lift` is added to
    the kind's priority.
    """

    verb: tuple[str, ...] = ()
    noun: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    object: tuple[str, ...] = ()
    prep: dict[str, tuple[str, ...]] = {}
    comp: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    not_any: tuple[str, ...] = ()
    not_object: tuple[str, ...] = ()
    object_named: bool = False
    aux: tuple[str, ...] = ()
    comp_aux: tuple[str, ...] = ()
    comp_not_subject: tuple[str, ...] = ()
    passive: bool | None = None
    roles: Slots | None = None
    lift: int = 0


class Cues(Strict, frozen=True):
    """What announces the kind.

    `verbs`: lemmas, with a particle where it needs one ('blow up', 'carry out').
    `nouns`: head-noun lemmas; a multiword entry ('air strike') needs the words before the head as written.
    `phrases`: fixed word sequences in small letters, matched on surface words ('came under fire').
    `adjectives`: predicative ('was dead') or attributive lemmas.
    `frames`: words that need company.
    """

    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    frames: tuple[Frame, ...] = ()


class Example(Strict, frozen=True):
    """A sentence of the kind, its trigger in [square brackets]; `actor` and `recipient` as parts of the sentence."""

    text: str
    actor: str | None = None
    recipient: str | None = None
    status: str | None = None


class KindFile(Strict, frozen=True):
    """One kind as a codebook file writes it."""

    kind: str
    name: str
    definition: str
    type: str
    examples: tuple[Example | str, ...]
    counter_examples: tuple[str, ...]
    cues: Cues = Cues()
    mode: str | None = None
    context: tuple[str, ...] = ()
    codes: CodesOf = CodesOf()
    parent: str | None = None
    priority: int = 50
    roles: Slots | None = None
    noun_roles: Slots | None = None
    harm: bool = False
    physical: bool = False
    implies_police: tuple[str, ...] = ()  # lemmas that by their meaning are acts of the police: see extract/implied.py
    may_imply_police: tuple[str, ...] = ()  # lemmas that soldiers or gunmen may be behind as well: weaker evidence
    expand: dict[str, str] = {}


class Kind(KindFile, frozen=True):
    """A kind, with the file it came from."""

    source: str = ""

    @property
    def forceful(self) -> bool:
        """Whether it hurts people or is an act of force."""
        return self.harm or self.type == "ASSAULT"

    def sentences(self) -> tuple[Example, ...]:
        return tuple(one if isinstance(one, Example) else Example(text=one) for one in self.examples)


class Codebook:
    """All kinds by name. `digest` changes with any rule file's content."""

    def __init__(self, kinds: list[Kind], digest: str) -> None:
        self.kinds = {kind.kind: kind for kind in kinds}
        self.digest = digest

    def __getitem__(self, name: str) -> Kind:
        return self.kinds[name]

    def of_type(self, plover: str) -> list[Kind]:
        return [kind for kind in self.kinds.values() if kind.type == plover]


@cache
def codebook() -> Codebook:
    """The codebook of the package. Raises `RuleError` where a file is wrong."""
    kinds: list[Kind] = []
    digest = hashlib.sha256()
    for source in rulefiles.rule_files("events", ".yaml"):
        digest.update(source.name.encode() + source.read_bytes())
        for one in rulefiles.read_yaml(source, list[KindFile]):
            kinds.append(_checked(one, source.name, kinds))
    return Codebook(kinds, digest.hexdigest())


def _checked(one: KindFile, source: str, before: list[Kind]) -> Kind:
    where = f"{source}: kind {one.kind!r}"
    if any(kind.kind == one.kind for kind in before):
        raise RuleError(f"{where} stands twice in the codebook")
    if one.type not in PLOVER_TYPES and one.type != "NONE":
        raise RuleError(f"{where}: type {one.type!r} is not one of PLOVER's: {', '.join(PLOVER_TYPES)}")
    if len(one.examples) < LEAST_EXAMPLES or len(one.counter_examples) < LEAST_COUNTER_EXAMPLES:
        raise RuleError(
            f"{where} has {len(one.examples)} examples and {len(one.counter_examples)} counter-examples; "
            f"it needs {LEAST_EXAMPLES} and {LEAST_COUNTER_EXAMPLES}"
        )
    fields = {name: getattr(one, name) for name in KindFile.__struct_fields__}
    kind = Kind(**fields, source=source)
    for example in kind.sentences():
        _check_example(example, where)
    return kind


def _check_example(example: Example, where: str) -> None:
    plain = unmarked(example.text)
    if len(re.findall(r"\[[^\[\]]+\]", example.text)) != 1:
        raise RuleError(f"{where}: mark exactly one trigger in [brackets]: {example.text!r}")
    for role in (example.actor, example.recipient):
        if role and any(part not in plain for part in role.split(" | ")):
            raise RuleError(f"{where}: {role!r} is not in {plain!r}")


def unmarked(text: str) -> str:
    """An example without the brackets around its trigger."""
    return text.replace("[", "").replace("]", "")


@cache
def expand(entries: tuple[str, ...]) -> frozenset[str]:
    """The entries with each `@NAME` replaced by that word list."""
    found: set[str] = set()
    for entry in entries:
        found |= rulefiles.words(entry[1:]) if entry.startswith("@") else {entry}
    return frozenset(found)


Role = Literal["actor", "recipient"]
