"""Puts lexicon phrases that stand side by side together: "Syrian" + "government" + "forces" is one actor.

Works on the text alone, so that sentences that were not parsed are read too. What a phrase is follows from its last
word (its head), whose it is from the names before ("Iraqi police") or after ("the army of Mali").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from tocsin.records import Actor, Why
from tocsin.resolve.actor_lexicon import ActorLexicon, ActorType, Entry, Item

_NAMED = frozenset({"group", "organization", "leader", "media"})
_OWNERS = frozenset({"state", "nation", "capital"})
_BODIES = {
    "MIL": "Military", "COP": "Police", "GOV": "Government", "REB": "Rebels", "PRM": "Militia", "SPY": "Intelligence",
    "LEG": "Legislature", "JUD": "Judiciary", "OPP": "Opposition", "CVL": "Civilians", "UAF": "Armed men",
    "REF": "Refugees", "JRN": "Media", "MED": "Health workers", "EDU": "Education", "REL": "Clergy", "CRM": "Criminals",
    "LAB": "Labour", "BUS": "Business", "AGR": "Farmers", "PTY": "Party", "ELI": "Former officials", "NGO": "NGO",
    "IGO": "International", "SOC": "Civil society",
}  # fmt: skip
# Sectors that a force takes from the word before it: "rebel army", "opposition forces", "militia soldiers".
_OVERRIDES = {"REB": "REB", "OPP": "REB", "PRM": "PRM", "CRM": "CRM", "COP": "COP"}
_PLAIN_GAP = re.compile(r"(?:\s?['’ʼ´](?:\s?s)?)?[\s\-‐-–]{1,3}(?:[\"“”'‘’]{0,2})\Z")
_OF_GAP = re.compile(
    r"[\s\"”’']{1,3}(?:of|from|for|in|belonging to|loyal to|affiliated with|linked to)"
    r"[\s\-]{1,3}(?:the\s{1,2})?[\"“‘']?(?:self-proclaimed |so-called )?[\"“‘']?\Z",
    re.IGNORECASE,
)
_MEMBERSHIP = re.compile(r"\s{1,3}(?:of|from|for|belonging|loyal|affiliated|linked)\b", re.IGNORECASE)
_PART = re.compile(r"\s{1,3}of\b", re.IGNORECASE)
_FORMER = re.compile(r"\b(?:former|ex|ousted|deposed|late|onetime|one-time|exiled)\b(?![^-\s])", re.IGNORECASE)
_GAP_STARTS = frozenset(" -\n’'ʼ´‑–")
_OFFICES = frozenset({"GOV", "MIL", "LEG", "IGO", "SPY"})
_LONGEST_GAP = 34
_DEEPEST = 4  # owners of owners: "the spokesman of the army of the republic of …"


class Phrase(NamedTuple):
    """A run of lexicon phrases that makes one noun phrase. `head` is an index into `items`."""

    items: tuple[Item, ...]
    head: int
    relation: str = ""
    owner: Phrase | None = None
    of_words: bool = False
    former: bool = False

    @property
    def start(self) -> int:
        return self.items[0].start

    @property
    def end(self) -> int:
        return self.items[-1].end


def phrases(text: str, items: Sequence[Item], lexicon: ActorLexicon, starts: Sequence[int] = ()) -> list[Phrase]:
    """The noun phrases that the items make up, in the order of the text; each item is in exactly one.

    `starts` are where sentences begin, sorted: no phrase goes over one.
    """
    found: list[Phrase] = []
    index, count = 0, len(items)
    while index < count:
        first = items[index]
        if index + 1 < count and items[index + 1].start - first.end <= _LONGEST_GAP:
            stop, relation = _run(text, items, index, lexicon, starts)
        else:
            stop, relation = index + 1, _prefix(text, first)
        run = tuple(items[index:stop])
        former = run[-1].entry.type == "person" and _former(text, run)
        found.append(Phrase(run, len(run) - 1, relation, former=former))
        index = stop
    return _with_owners(text, found)


def _run(text: str, items: Sequence[Item], index: int, lexicon: ActorLexicon, starts: Sequence[int]) -> tuple[int, str]:
    """Where the run that starts at `index` ends (exclusive), and the relation of its first name to the rest."""
    relation = _prefix(text, items[index])
    stop = index + 1
    while stop < len(items):
        before, after = items[stop - 1], items[stop]
        gap = after.start - before.end
        if gap > _LONGEST_GAP:
            break
        between = text[before.end : after.start]
        if "\n" in between and bisect_right(starts, after.start) > bisect_right(starts, before.end):
            break
        tie = _tie(between, lexicon) if gap > 1 else "between"
        if tie is None or not _joins(before.entry, after.entry, tie, between):
            break
        relation = relation or (tie if tie != "between" else "")
        stop += 1
    return stop, relation


def _former(text: str, run: Sequence[Item]) -> bool:
    """ "former", "ex-", "ousted", "late": the office is no longer held."""
    start = run[0].start
    if run[-1].entry.sector not in _OFFICES:
        return False
    return bool(_FORMER.search(text[max(0, start - 12) : start] + " " + text[start : run[-1].end]))


def _prefix(text: str, item: Item) -> str:
    if item.entry.kind not in _OWNERS:
        return ""
    before = text[max(0, item.start - 5) : item.start].lower()
    return "pro" if before.endswith(("pro-", "anti-", "pro ", "anti ")) else ""


def _tie(between: str, lexicon: ActorLexicon) -> str | None:
    """How the words between two items tie them: a relation of `modifiers.csv`, or None where they do not."""
    if between in (" ", "-", "\n") or _PLAIN_GAP.match(between):
        return "between"
    if between[:1] not in _GAP_STARTS or "\n\n" in between:
        return None
    words = between.replace("-", " ").replace("’s", "").replace("'s", "").lower().split()
    if not 1 <= len(words) <= 3:
        return None
    relations = [lexicon.relations.get(one) for one in words]
    if None in relations:
        joined = lexicon.relations.get(" ".join(words[:2])) if len(words) >= 2 else None
        return joined if joined and all(lexicon.relations.get(one) for one in words[2:]) else None
    return next((one for one in relations if one != "between"), "between")


def _joins(before: Entry, after: Entry, tie: str, between: str) -> bool:
    """Whether two neighbours belong to one noun phrase, `before` modifying `after`."""
    if after.kind in ("state", "capital", "nation"):
        return (tie in ("backed", "led") or (before.kind == "nation" and between in ("-", " "))) and (
            before.kind in _OWNERS and after.kind == "nation"
        )
    if after.kind == "leader":
        return before.kind in ("agent", "nation", "state", "group", "organization") and "\n" not in between[:-1]
    if after.kind in ("group", "organization", "media"):
        return before.kind in _OWNERS and ("'" not in between and "’" not in between) and tie != "place"
    if after.kind == "people":
        return before.kind in _OWNERS or (before.kind == "people" and between == " ")
    if before.kind == "leader":
        return "'" in between or "’" in between
    return not (before.kind == "agent" and ("'s" in between or "’s" in between) and before.type == "person")


def _with_owners(text: str, found: list[Phrase]) -> list[Phrase]:
    """Ties a phrase without a country to the name that follows: "members of the Taliban", "police in Kenya"."""
    depths = [0, 0]  # how long the chain of owners behind this phrase and the next is
    for n in range(len(found) - 2, -1, -1):
        one, following = found[n], found[n + 1]
        depths[n % 2] = 0
        if following.start - one.end > _LONGEST_GAP or one.items[one.head].entry.kind != "agent":
            continue
        between = text[one.end : following.start]
        if not _OF_GAP.match(between):
            continue
        if n + 2 < len(found) and _listed(text, following, found[n + 2]):
            continue  # "the leaders of Iran, Turkey and Russia" are no one state's
        headed = one.items[one.head].entry
        whole = (
            headed.sector is None and headed.kind == "agent" and bool(_PART.match(between))
        )  # "a group of armed men"
        if whole or following.items[0].entry.kind != "agent" or following.owner is not None:
            if depths[(n + 1) % 2] >= _DEEPEST:
                continue
            depths[n % 2] = depths[(n + 1) % 2] + 1
            found[n] = one._replace(owner=following, of_words=bool(_MEMBERSHIP.match(between)))
    return found


def _listed(text: str, one: Phrase, other: Phrase) -> bool:
    kinds = {one.items[-1].entry.kind, other.items[0].entry.kind}
    return kinds == {"state"} and text[one.end : other.start] in (", ", " and ", ", and ", " or ", " & ")


def owned_by(phrase: Phrase, owner: Phrase) -> Phrase:
    """The phrase with a holder that syntax found: "the United Nations' Mideast envoy"."""
    return phrase._replace(owner=owner, of_words=True)


# ---------------------------------------------------------------------- what a phrase stands for


class Reading(NamedTuple):
    """What an actor is, without where it is written."""

    name: str | None
    code: str | None
    country: str | None
    sector: str | None
    type: ActorType | None
    rule: str
    over: tuple[str, ...] = ()


def read_phrase(phrase: Phrase, lexicon: ActorLexicon) -> Reading:
    """The actor that a phrase stands for, by its head, its modifiers, and its owner where it has none inside."""
    head = phrase.items[phrase.head]
    if head.entry.kind != "agent":
        return _named(head, phrase)
    own = [one for n, one in enumerate(phrase.items) if n != phrase.head]
    holder = next((one for one in own if one.entry.kind in _NAMED), None)
    if holder is not None:
        return _of_holder(head, holder)
    sector = _sector(head.entry, own)
    if phrase.former and sector == "GOV" and head.entry.type == "person":
        sector = "ELI"
    people = next((one for one in own if one.entry.kind == "people"), None)
    if people is not None and sector in ("MIL", "UAF"):
        sector = "PRM"
    countries = _countries(phrase)
    if not countries and phrase.owner is not None:
        outer = read_phrase(phrase.owner, lexicon)
        return _of_outer(head, sector, outer, lexicon, of_words=phrase.of_words)
    return _composed(head, sector, countries, lexicon, phrase.relation)


def _countries(phrase: Phrase) -> list[str]:
    """The countries that the phrase's own names give, best first; a backer is no owner."""
    owners = [one for n, one in enumerate(phrase.items) if n != phrase.head and one.entry.kind in _OWNERS]
    if phrase.relation in ("backed", "pro", "place"):
        owners = owners[1:]
    return list(dict.fromkeys(one.entry.country for one in reversed(owners) if one.entry.country))


def _sector(head: Entry, own: Sequence[Item]) -> str | None:
    """The head's sector, or what the word before makes of it."""
    before = [one.entry.sector for one in own if one.entry.kind == "agent" and one.entry.sector]
    if not before:
        return head.sector if not head.defers or head.sector else None
    if head.defers or head.sector is None:
        return before[-1]
    if head.sector in ("MIL", "UAF"):
        return next((_OVERRIDES[one] for one in before if one in _OVERRIDES), head.sector)
    return head.sector


def _named(head: Item, phrase: Phrase) -> Reading:
    entry = head.entry
    over = tuple(f"{one.name} ({one.code})" for one in head.others)
    if entry.kind == "leader" and (head.outdated or phrase.former):
        return _out_of_office(head, phrase, over)
    rule = {"state": "state-name", "capital": "capital", "nation": "demonym", "people": "people"}.get(
        entry.kind, f"lexicon:{entry.kind}"
    )
    if entry.kind == "people":
        countries = _countries(phrase)
        if countries:
            return Reading(entry.name, f"{countries[0]}CVL", countries[0], "CVL", "person", rule, over)
    if entry.kind == "nation":
        return Reading(entry.name, entry.country, entry.country, None, "person", rule, over)
    return Reading(entry.name, entry.code, entry.country, entry.sector, entry.type, rule, over)


def _out_of_office(head: Item, phrase: Phrase, over: tuple[str, ...]) -> Reading:
    """The text's own title counts for more than our dates; without one, only the country is sure before the term."""
    entry = head.entry
    titled = any(one.entry.sector == entry.sector for n, one in enumerate(phrase.items) if n != phrase.head)
    if titled and not phrase.former:
        return Reading(entry.name, entry.code, entry.country, entry.sector, "person", "lexicon:leader:titled", over)
    if entry.sector not in ("GOV", "LEG", "IGO", "MIL", "SPY"):
        return Reading(entry.name, entry.code, entry.country, entry.sector, "person", "lexicon:leader", over)
    if head.early and not phrase.former:
        return Reading(entry.name, entry.country, entry.country, None, "person", "leader-before-office", over)
    return Reading(
        entry.name, f"{entry.country or ''}ELI", entry.country, "ELI", "person", "leader-out-of-office", over
    )


def _of_holder(head: Item, holder: Item) -> Reading:
    """ "Taliban fighters", "UN peacekeepers": the name's code; a body of an IGO keeps its own sector."""
    entry, kind = holder.entry, head.entry.type
    code = entry.code
    if entry.sector in ("IGO", "NGO") and head.entry.sector in ("MIL", "COP", "JUD") and code and len(code) > 3:
        code = code if code.endswith(head.entry.sector) else f"{code}{head.entry.sector}"
    over = tuple(f"{one.name} ({one.code})" for one in holder.others)
    if entry.kind == "leader":
        return Reading(None, entry.code, entry.country, head.entry.sector or entry.sector, kind, "leader's+agent", over)
    return Reading(entry.name, code, entry.country, entry.sector, kind, f"{entry.kind}+agent", over)


def _of_outer(head: Item, sector: str | None, outer: Reading, lexicon: ActorLexicon, *, of_words: bool) -> Reading:
    """ "members of the Taliban" are the Taliban's; "rebels in Mali" and "the army of Mali" only share the country."""
    generic = head.entry.defers or sector in (None, "UAF")
    if of_words and sector is None and outer.rule.startswith(("agent", "nation+agent")) and outer.type == "person":
        return outer._replace(rule=f"part-of+{outer.rule}")  # "a group of armed men" are men
    named = outer.rule.startswith(("lexicon:group", "lexicon:organization", "group+", "organization+"))
    if of_words and (named or (generic and outer.rule not in ("state-name", "demonym"))):
        return Reading(outer.name, outer.code, outer.country, outer.sector, head.entry.type, f"agent-of+{outer.rule}")
    if of_words and sector in ("REB", "MIL", "PRM", "COP", "CRM") and outer.sector in ("REB", "MIL", "PRM", "CRM"):
        return Reading(outer.name, outer.code, outer.country, outer.sector, head.entry.type, f"agent-of+{outer.rule}")
    if outer.country is None or outer.sector in ("IGO", "NGO") or outer.rule.startswith(("leader", "lexicon:leader")):
        return _composed(head, sector, [], lexicon, "")
    return _composed(head, sector, [outer.country], lexicon, "of")


def _composed(
    head: Item, sector: str | None, countries: Sequence[str], lexicon: ActorLexicon, relation: str
) -> Reading:
    """A country and a sort: `SYRMIL`, named "Military (Syria)" as one body whatever words stand for it."""
    country = countries[0] if countries else None
    code = f"{country or ''}{sector or ''}" or None
    state = lexicon.states.get(country or "")
    name = f"{_BODIES[sector]} ({state})" if state and sector in _BODIES else state
    rule = "nation+agent" if country else ("agent" if sector else "generic")
    return Reading(
        name, code, country, sector, head.entry.type, f"{rule}:{relation}" if relation else rule, tuple(countries[1:])
    )


def to_actor(text: str, start: int, end: int, reading: Reading) -> Actor:
    """The reading as a row of the record."""
    why = (Why(cell="code", rule=reading.rule, over=reading.over),) if reading.over else ()
    return Actor(
        start=start, end=end, text=text[start:end], name=reading.name, code=reading.code, country=reading.country,
        sector=reading.sector, type=reading.type, rule=reading.rule, why=why,
    )  # fmt: skip
