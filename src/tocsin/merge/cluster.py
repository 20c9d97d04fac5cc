"""Claims that links join, parted into happenings: no chains across days or places, and people's word first.

Links are taken from the strongest down; two groups become one only where no claim of the one conflicts with any of the other, so
that A like B and B like C does not make C one with A against what both say. `same` joins whatever else is said, `not-same` parts
whatever else is said, and of two words about one pair the later holds. Everything is in a fixed order: the same claims, links
and judgements give the same groups, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.families import is_general
from tocsin.ledger import Claim, Judgement, Link
from tocsin.merge.conflicts import Case, conflict_of
from tocsin.merge.match import told_as_one
from tocsin.merge.tolls import same_toll

Pair = tuple[str, str]


def clusters(
    claims: Sequence[Claim], links: Sequence[Link], judgements: Sequence[Judgement]
) -> tuple[tuple[str, ...], ...]:
    """The ids of the claims in groups, each group and the list of groups in order of id."""
    by_id = {one.id: one for one in claims}
    joined, parted = said(judgements, by_id)
    groups = _Groups(by_id, parted)
    for low, high in sorted(joined):
        groups.join(low, high, by_word=True)
    for low, high in _told_together(claims):
        groups.join(low, high)
    for link in sorted(links, key=lambda one: (-one.score, one.one, one.other)):
        if link.one in by_id and link.other in by_id:
            groups.join(link.one, link.other)
    return tuple(sorted(tuple(sorted(one)) for one in groups.all()))


def valid(judgements: Sequence[Judgement]) -> tuple[Judgement, ...]:
    """The judgements that nobody took back, in their order; an undo that is undone itself no longer counts."""
    undone: set[str] = set()
    for one in reversed(judgements):
        if one.action == "undo" and one.undoes and one.id not in undone:
            undone.add(one.undoes)
    return tuple(one for one in judgements if one.id not in undone and one.action != "undo")


def said(judgements: Sequence[Judgement], known: dict[str, Claim]) -> tuple[set[Pair], set[Pair]]:
    """The pairs that people joined and parted; for a pair with both, the later word."""
    word: dict[Pair, bool] = {}
    for one in valid(judgements):
        if one.action in ("same", "not-same") and one.claims:
            for name in one.claims[1:]:
                if name != one.claims[0] and name in known and one.claims[0] in known:
                    word[min(one.claims[0], name), max(one.claims[0], name)] = one.action == "same"
    return {pair for pair, same in word.items() if same}, {pair for pair, same in word.items() if not same}


def _told_together(claims: Sequence[Claim]) -> list[Pair]:
    """Claims of one page that it speaks of as one incident, the surest pairs first, for conflicts still part them."""
    groups: dict[str, list[Claim]] = {}
    for one in claims:
        if one.group is not None:
            groups.setdefault(one.group, []).append(one)
    pairs: list[tuple[int, int, str, str]] = []
    for told in groups.values():
        ordered = sorted(told, key=lambda one: (one.trigger.start, one.id))
        for n, later in enumerate(ordered):
            deed = next((one for one in reversed(ordered[:n]) if not is_general(one.kind)), None)
            pairs += [
                (_unsure(one, later, deed), later.trigger.start - one.trigger.start, one.id, later.id)
                for one in ordered[:n]
                if told_as_one(one, later)
            ]
    return [(one, later) for _, _, one, later in sorted(pairs)]


def _unsure(one: Claim, later: Claim, deed: Claim | None) -> int:
    """0 where two claims have one toll, 1 where general words ('the attack', 'five were wounded') follow their deed, else 2."""
    if same_toll(one, later):
        return 0
    return 1 if one is deed and is_general(later.kind) else 2


class _Groups:
    """Groups of claim ids that only ever grow together.

    Two claims that conflict keep apart whatever groups they come to be in, so that each conflict is looked for once: a group
    remembers the claims of other groups that one of its own conflicts with. Many links join the same two groups.
    """

    def __init__(self, claims: dict[str, Claim], parted: set[Pair]) -> None:
        self._cases, self._parted = {name: Case(one) for name, one in claims.items()}, parted
        self._of: dict[str, list[str]] = {name: [name] for name in claims}
        self._against: dict[int, set[str]] = {id(group): set() for group in self._of.values()}

    def join(self, one: str, other: str, *, by_word: bool = False) -> None:
        """Makes the groups of two claims one, unless they conflict; by a person's word even then, but never against another."""
        mine, theirs = self._of[one], self._of[other]
        if mine is theirs or self._kept_apart(mine, theirs):
            return
        if not by_word and self._conflict(mine, theirs):
            return
        if len(mine) < len(theirs):
            mine, theirs = theirs, mine
        mine.extend(theirs)
        for name in theirs:
            self._of[name] = mine
        self._against[id(mine)] |= self._against.pop(id(theirs))

    def _conflict(self, mine: list[str], theirs: list[str]) -> bool:
        if not self._against[id(mine)].isdisjoint(theirs) or not self._against[id(theirs)].isdisjoint(mine):
            return True
        for a in mine:
            for b in theirs:
                if conflict_of(self._cases[a], self._cases[b]) is not None:
                    self._against[id(mine)].add(b)
                    self._against[id(theirs)].add(a)
                    return True
        return False

    def _kept_apart(self, mine: list[str], theirs: list[str]) -> bool:
        return bool(self._parted) and any((min(a, b), max(a, b)) in self._parted for a in mine for b in theirs)

    def all(self) -> list[list[str]]:
        return list({id(one): one for one in self._of.values()}.values())
