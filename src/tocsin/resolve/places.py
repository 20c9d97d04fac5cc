"""From a parsed document to its places: recognised by `toponyms`, ranked by `geo_rank`, told as `Place` values.

A place that nothing speaks for stays unresolved (`lat` is None) and one unresolved place never empties the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal

from tocsin.parsed import ParsedDocument
from tocsin.records import Place, Span, Why
from tocsin.resolve.gazetteer import ABBREVIATION, ALTERNATE, DEMONYM, PRIMARY, ROMANISED, Candidate, Gazetteer
from tocsin.resolve.geo_keys import bare, fold
from tocsin.resolve.geo_policy import DISPUTED, areas
from tocsin.resolve.geo_rank import Group, rank
from tocsin.resolve.toponym_guesses import SHORTEST
from tocsin.resolve.toponym_words import role
from tocsin.resolve.toponyms import Toponym, find_toponyms

Precision = Literal["exact", "admin", "country", "area", "unresolved"]
_WEIGHED = 4  # candidates named in `why`
_LEAST_CERTAIN = 0.3  # below this the page does not tell which place is meant, and a guess would be written as a fact
_LEAST_ALIKE = 0.7
_LEAST_COMPANY = 1.6  # what the other names must add before a mere alternate spelling of a small place is believed


def find_places(parsed: ParsedDocument, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """All place names of the document with where they are, in the order of the text, ids p1, p2, …"""
    found = find_toponyms(parsed, gazetteer, guesses=True)
    groups = _groups(parsed, found)
    rank([group for group, _ in groups.values()])
    _by_sound([group for group, _ in groups.values()], gazetteer)
    chosen: dict[int, tuple[Group, int | None]] = {}
    for group, members in groups.values():
        for member in members:
            chosen[member] = (group, _decided(group))
    kept = [number for number, one in enumerate(found) if one.rule != "spelling" or chosen[number][1] is not None]
    return tuple(
        _place(count, parsed, found[number], *chosen[number], gazetteer) for count, number in enumerate(kept, start=1)
    )


def _by_sound(groups: Sequence[Group], gazetteer: Gazetteer) -> None:
    """Gives unknown names the place of like consonants in the document's main country, where there is just one there.

    Romanised Arabic, Persian, Russian and Ukrainian names have as many spellings as outlets; across countries the
    consonants alone would match anything, so they count only where the rest of the page says which country it is.
    """
    weight: dict[str, float] = {}
    for group in groups:
        best = _decided(group)
        if best is not None and group.candidates[best].country:
            country = group.candidates[best].country
            weight[country] = weight.get(country, 0.0) + group.strength
    main = max(sorted(weight), key=lambda country: weight[country], default="")
    if main not in ROMANISED:
        return
    for group in groups:
        if not group.candidates and group.by_form is False and len(group.key) >= SHORTEST:
            found = [one for one in gazetteer.sounding_like(group.key, main) if _alike(group.key, one.name)]
            if found and all(_same_spot(found[0], other) for other in found[1:]):
                group.candidates, group.sounds = tuple(found[:1]), True
                group.scores, group.share, group.company = [0.0], [0.5], [0.0]


def _same_spot(one: Candidate, other: Candidate) -> bool:
    return abs(one.lat - other.lat) < 0.3 and abs(one.lon - other.lon) < 0.3


def _alike(key: str, name: str) -> bool:
    """Whether two romanised names are spelled nearly alike, vowels and all."""
    return SequenceMatcher(None, bare(key), bare(fold(name)), autojunk=False).ratio() >= _LEAST_ALIKE


def _groups(
    parsed: ParsedDocument, found: Sequence[Toponym]
) -> dict[tuple[str, frozenset[tuple[str, str]]], tuple[Group, list[int]]]:
    """One sense per name and document, unless commas put two mentions of a name in two places."""
    inside = [_containers(parsed, found, number) for number in range(len(found))]
    stated: dict[str, list[frozenset[tuple[str, str]]]] = {}
    for toponym, within in zip(found, inside, strict=True):
        if within and within not in stated.setdefault(toponym.key, []):
            stated[toponym.key].append(within)
    groups: dict[tuple[str, frozenset[tuple[str, str]]], tuple[Group, list[int]]] = {}
    for number, (toponym, within) in enumerate(zip(found, inside, strict=True)):
        within = within or next(iter(stated.get(toponym.key, ())), frozenset())
        group, members = groups.setdefault(
            (toponym.key, within), (Group(toponym.key, _usable(toponym, parsed.published), 0, within, strength=0.0), [])
        )
        group.mentions += 1
        group.candidates = group.candidates or _usable(toponym, parsed.published)  # a guess at the same name has none
        group.strength = max(group.strength, toponym.strength)
        group.by_form = group.by_form or toponym.rule.startswith("head-")
        group.says_admin = group.says_admin or _says_admin(parsed, toponym)
        members.append(number)
    return groups


def _usable(toponym: Toponym, published: str | None) -> tuple[Candidate, ...]:
    """The candidates of the kind that the rule speaks of, less those not there yet, or no more, when the page came."""
    if toponym.rule == "demonym":
        found = [one for one in toponym.candidates if one.kind == DEMONYM]
    elif toponym.rule == "abbreviation":
        found = [one for one in toponym.candidates if one.kind == ABBREVIATION]
    else:
        found = [one for one in toponym.candidates if one.kind not in (DEMONYM, ABBREVIATION)]
    dated = published if published and published[:4].isdigit() else None
    return tuple(one for one in found if dated is None or _there(one, dated))


def _there(one: Candidate, published: str) -> bool:
    """Whether a thing so named existed then; ISO dates compare as text, up to the length that both have."""
    since, until = one.valid_from, one.valid_to
    return since[: len(published)] <= published[: len(since)] and (not until or published[: len(until)] <= until)


def _says_admin(parsed: ParsedDocument, toponym: Toponym) -> bool:
    after = parsed.text[toponym.end : toponym.end + 14].split()
    if after and after[0].strip(".,;:").lower() in role("unit_after"):
        return True
    before = parsed.text[max(0, toponym.start - 20) : toponym.start].lower().split()[-2:]
    return len(before) == 2 and before[1] == "of" and before[0] in role("unit_after")


def _containers(parsed: ParsedDocument, found: Sequence[Toponym], number: int) -> frozenset[tuple[str, str]]:
    """The (country, admin-1) pairs that the next name puts this one in: 'Paris, Texas', 'Homs (Syria)'."""
    if number + 1 >= len(found):
        return frozenset()
    inner, outer = found[number], found[number + 1]
    if parsed.text[inner.end : outer.start] not in (", ", ",", " (", ", the ") or inner.rule == "demonym":
        return frozenset()
    own = {(one.country, one.admin1) for one in inner.candidates if one.level >= 1 and one.kind != DEMONYM}
    if any(one.level == 0 and one.kind == PRIMARY for one in inner.candidates):
        own = {(one.country, one.admin1) for one in inner.candidates if one.level == 1 and one.kind == PRIMARY}
    countries = {country for country, _ in own}
    pairs = set()
    for one in outer.candidates:
        if one.kind == DEMONYM or (one.kind == ALTERNATE and outer.rule != "abbreviation") or not one.country:
            continue
        if one.level == 0 and one.country in countries:
            pairs.add((one.country, ""))
        elif one.level == 1 and (one.country, one.admin1) in own and not _listed_beside(inner, one):
            pairs.add((one.country, one.admin1))
    return frozenset(pairs)


def _listed_beside(inner: Toponym, outer: Candidate) -> bool:
    """Whether the two are units of one rank in a list: 'Texas, Louisiana and Oklahoma'."""
    return any(
        one.level == 1 and one.country == outer.country and one.admin1 != outer.admin1 and one.kind != ALTERNATE
        for one in inner.candidates
    )


def _decided(group: Group) -> int | None:
    """The candidate to take, or None where the best is too poor to be written down."""
    if not group.candidates:
        return None
    best = group.order[0]
    if group.sounds:
        return best
    one = group.candidates[best]
    lonely = group.company[best] < _LEAST_COMPANY and not group.within
    if one.kind == ALTERNATE and group.key.isascii() and lonely and one.population < 100_000 and one.level > 1:
        return None
    return best if group.certainty(best) >= _LEAST_CERTAIN else None


def _place(
    number: int, parsed: ParsedDocument, toponym: Toponym, group: Group, best: int | None, gazetteer: Gazetteer
) -> Place:
    span = parsed.span(toponym.start, toponym.end)
    if best is None:
        over = tuple(group.candidates[i].described() for i in group.order[:_WEIGHED])
        why = Why(cell="place", rule="unresolved", spans=(span,), over=over)
        return Place(
            id=f"p{number}", start=span.start, end=span.end, text=span.text, rule=toponym.rule,
            confidence=round(toponym.strength, 2), why=(why,),
        )  # fmt: skip
    one = group.candidates[best]
    return Place(
        id=f"p{number}", start=span.start, end=span.end, text=span.text, name=one.name, lat=one.lat, lon=one.lon,
        country=one.country or None, admin1=gazetteer.admin1_names.get((one.country, one.admin1)),
        feature="city" if one.feature == "capital" else one.feature, geonameid=one.geonameid,
        precision=precision_of(one), radius_km=one.radius_km,
        confidence=round(toponym.strength * group.certainty(best), 2), rule=toponym.rule,
        why=(Why(cell="place", rule=_reason(group, best), spans=(span,), over=_over(group)), *_dispute(one, span)),
    )  # fmt: skip


def precision_of(one: Candidate) -> Precision:
    """How closely a place of the gazetteer says where something is: a region, a country, an admin unit, or a spot."""
    if one.feature in role("area_features"):
        return "area"
    if one.feature == "country":
        return "country"
    return "admin" if one.feature == "admin" else "exact"


def _reason(group: Group, best: int) -> str:
    """What spoke most for the choice, in one word of a closed list."""
    if group.sounds:
        return "romanisation"
    if len(group.candidates) == 1:
        return "only-candidate"
    if group.within:
        return "containment"
    second = group.order[1]
    return "company" if group.company[best] > group.company[second] + 0.5 else "prominence"


def _over(group: Group) -> tuple[str, ...]:
    return tuple(f"{group.candidates[i].described()} {group.share[i]:.2f}" for i in group.order[1 : _WEIGHED + 1])


def _dispute(one: Candidate, span: Span) -> tuple[Why, ...]:
    """Who claims and who holds the ground, where the policy table has the area."""
    area = areas().get(one.note.removeprefix(DISPUTED)) if one.note.startswith(DISPUTED) else None
    if area is None:
        return ()
    told = f"{area.name}: held by {area.held_by} since {area.held_since}, claimed by {area.claimed_by}; {area.note}"
    return (Why(cell="country", rule=one.note, spans=(span,), over=(told.rstrip("; "),)),)
