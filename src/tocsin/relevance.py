"""Which events are a war monitor's: words between public parties, and force that has a victim, a doer or a place.

Newspaper English is full of attacks on goals, promises of cars and calls for three cups of sugar. PLOVER codes what is done by
and to political actors (states, their bodies, armed and political groups, international organisations, populations), and so
does this: talk, help and agreement count where a public party is in the sentence, in the roles or behind the words; force
counts also where people were harmed, or where and with what is told. What has none of these is left out, whatever its cue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tocsin.extract.events import Draft
from tocsin.parsed import ParsedDocument
from tocsin.records import Actor, Place, Statement

SpanOf = tuple[int, int]
BODILY = frozenset(
    {
        "beating",
        "torture",
        "killing",
        "wounding",
        "stabbing",
        "sexual-violence",
        "execution",
        "assassination",
        "ambush",
        "shooting",
    }
)
LEAST_FORCEFUL, LEAST_SHARE = 2, 0.12  # sentences of force, and their share, from which a page is about a conflict
LEAST_SENTENCES = 4  # a text of fewer was picked out by somebody already: what it says is taken at its word
SUFFERED = frozenset(
    {"displacement", "evacuation", "rescue", "asylum"}
)  # what befalls people, though PLOVER files it with acts of policy
FORCE = frozenset({"ASSAULT", "COERCE", "PROTEST", "NONE"})
TRIALS = frozenset({"charge", "convict"})
PRIVATE = frozenset(
    {"BUS", "MED", "JRN", "REL", "EDU", "HLH", "SOC", "AGR", "ATH", "ENV", "UNK", "CVL"}
)  # public only as a country's


class Party(Protocol):
    """What says whether somebody is public: an actor of a record, or an entry of the lexicon."""

    @property
    def country(self) -> str | None: ...

    @property
    def sector(self) -> str | None: ...


def is_public(actor: Party) -> bool:
    """Whether a party is one that political event data are about: a country's, an authority, an armed or political group."""
    return actor.country is not None or (actor.sector is not None and actor.sector not in PRIVATE)


def is_person(actor: Actor) -> bool:
    """Whether a party is people at all, and no thing."""
    return actor.type == "person" or actor.sector is not None or actor.country is not None


@dataclass(slots=True)
class Relevance:
    """Judges the drafts of one document. `public` and `harmed` are the sentences that hold such a thing."""

    parsed: ParsedDocument
    actors: Mapping[SpanOf, Actor]
    statements: Sequence[Statement]
    public: set[int] = field(default_factory=set)
    located: set[int] = field(default_factory=set)
    counted: set[int] = field(default_factory=set)

    def read(self, places: Iterable[Place], figures: Iterable[int]) -> None:
        """Notes which sentences name a public party, a resolved place, or count people harmed (`figures`: offsets)."""
        self.public = {
            at for span, one in self.actors.items() if is_public(one) and (at := self._sentence(span[0])) is not None
        }
        self.located = {at for one in places if one.lat is not None and (at := self._sentence(one.start)) is not None}
        self.counted = {at for offset in figures if (at := self._sentence(offset)) is not None}

    def _sentence(self, offset: int) -> int | None:
        found = self.parsed.sentence_at(offset)
        return found.index if found is not None else None

    def kept(self, drafts: Sequence[Draft]) -> list[Draft]:
        """The drafts that are events of public life or of harm.

        A page that tells of force several times is about a conflict, and its words are taken more readily than another's.
        """
        forced = {one.sentence for one in drafts if one.kind.type in FORCE and one.kind.type != "NONE"}
        drafts = [one for one in drafts if not self._is_private(one, one.sentence in forced)]
        if len(self.parsed.sentences) < LEAST_SENTENCES:
            return list(drafts)
        forceful = {
            one.sentence for one in drafts if one.kind.type in FORCE and one.kind.type != "NONE" and self._evident(one)
        }
        conflict = len(forceful) >= max(LEAST_FORCEFUL, LEAST_SHARE * len(self.parsed.sentences))
        return [one for one in drafts if self.keeps(one, conflict)]

    def _evident(self, draft: Draft) -> bool:
        """Whether force has a public doer or victim, and with it a place or people counted as harmed."""
        return (draft.sentence in self.public) and (
            draft.sentence in self.counted or draft.sentence in self.located or draft.kind.harm
        )

    def keeps(self, draft: Draft, conflict: bool) -> bool:
        """Whether one draft counts, on a page that is about a conflict or not."""
        parties = [self.actors[one] for one in (*draft.actors, *draft.recipients) if one in self.actors]
        if draft.rule.startswith(
            "backoff"
        ):  # fitted on sentences that are events: on others its guesses are worth little
            return conflict and bool(draft.actors and draft.recipients) and any(map(is_public, parties))
        if self._strikes_a_thing(draft):
            return False
        if any(map(is_public, parties)):
            return True
        if draft.kind.type not in FORCE and draft.kind.kind not in SUFFERED:
            return conflict or self._said_publicly(draft)
        return (
            conflict
            or draft.sentence in self.public
            or draft.sentence in self.counted
            or draft.sentence in self.located
            or bool(draft.roles.instruments)
            or any(map(is_person, parties))
        )

    def _is_private(self, draft: Draft, forced: bool) -> bool:
        """Whether even a text that somebody picked out tells of something private: a guess without a public party, or an
        ordinary defendant's trial with no prosecutor or court named and no force told beside it."""
        parties = [self.actors[one] for one in (*draft.actors, *draft.recipients) if one in self.actors]
        if any(map(is_public, parties)):
            return False
        return draft.rule.startswith("backoff") or (draft.kind.kind in TRIALS and not draft.actors and not forced)

    def _strikes_a_thing(self, draft: Draft) -> bool:
        """Whether harm that only people can suffer is said to befall a thing: 'punched their ticket', 'kick things off'."""
        if draft.kind.kind not in BODILY or draft.nominal or not draft.recipients:
            return False
        struck = [self.actors[one] for one in draft.recipients if one in self.actors]
        return not any(is_person(one) or one.text[:1].isupper() or one.text[:1].isdigit() for one in struck)

    def _said_publicly(self, draft: Draft) -> bool:
        """Whether a public party's own words tell it: 'we demand', said by a minister a sentence before."""
        for one in self.statements:
            if one.source is not None and one.content.start <= draft.start < one.content.end:
                speaker = self.actors.get((one.source.start, one.source.end))
                if speaker is not None and is_public(speaker):
                    return True
        return False
