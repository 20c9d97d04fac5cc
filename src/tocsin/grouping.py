"""Keeps the incidents true to the claims and judgements: after each change only what it touches is grouped anew.

Why arrival order cannot matter: links are a symmetric function of two claims, and whoever comes later finds whoever came before
through a shared block; a connected component of links and `same` judgements is grouped as a whole, by its claims alone. The same
claims and judgements therefore always give the same incidents, whether they came one by one or all at once (`whole`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

from msgspec.structs import replace

from tocsin.ledger import Claim, DocumentVersion, Incident, IncidentFilter, Judgement, Link
from tocsin.merge.blocks import block_keys, look_up_keys
from tocsin.merge.cluster import clusters
from tocsin.merge.corroborate import incident
from tocsin.merge.match import match
from tocsin.store.base import Store


def link(store: Store, claims: Sequence[Claim]) -> None:
    """Finds what the claims, which are in the store already, have to do with the others, and keeps the links."""
    keys = {one.id: look_up_keys(one) for one in claims}
    near = store.sharing(key for found in keys.values() for key in found)
    store.put_links(_links(claims, keys, near, {one.id: one for one in store.claims(sorted(near))}))


def _links(
    claims: Sequence[Claim], keys: Mapping[str, Sequence[str]], near: Mapping[str, Set[str]], others: Mapping[str, Claim]
) -> Iterator[Link]:  # fmt: skip
    """Each pair once, the pairs among the claims themselves too; in order of id, for reasons tell of 'here' and 'there'."""
    asking: defaultdict[str, list[Claim]] = defaultdict(list)
    for one in claims:
        for key in keys[one.id]:
            asking[key].append(one)
    for name, shared in near.items():
        other = others[name]
        partners = {one.id: one for key in shared for one in asking[key]}
        for one in partners.values():
            if one.id == name or (name in keys and name < one.id):
                continue
            found = match(one, other) if one.id < name else match(other, one)
            if found is not None:
                yield found


def regroup(store: Store, touched: Iterable[str]) -> tuple[list[Incident], list[Incident]]:
    """Groups the components of these claims anew; returns the incidents that are new and those that have changed.

    Claims of readings that others took the place of may be among the touched: their incidents go. What is found as it was,
    without any claim that was touched, is left as it is: of a large component little changes with a page.
    """
    ids = list(dict.fromkeys(touched))
    around = sorted(set().union(*store.held_together(ids)))
    claims, links = store.component([*ids, *around])
    events = {one.id: one for one in claims if one.section == "event"}
    judged = present_judgements(store, list(events))
    moved = _moved(store, events, groups(events, links, judged), {*ids, *around})
    inside = [name for names in moved for name in names]
    versions = {one.id: one for one in store.versions_of(events[name].version for name in inside)}
    now = tuple(_made(events, moved, store.links_among(inside), judged, versions))
    before = store.put_incidents([*ids, *around, *inside], now)
    new = [one for one in now if one.id not in before]
    changed = [
        one for one in now if one.id in before and replace(one, changed="") != replace(before[one.id], changed="")
    ]
    return new, changed


def _moved(
    store: Store, events: Mapping[str, Claim], found: Iterable[tuple[str, ...]], touched: Set[str]
) -> list[tuple[str, ...]]:
    """The groups that hold a claim that was touched, or that no incident holds just so."""
    held = store.held_together(events)
    return [names for names in found if not touched.isdisjoint(names) or frozenset(names) not in held]


def incidents(
    claims: Sequence[Claim],
    links: Sequence[Link],
    judgements: Sequence[Judgement],
    versions: Mapping[str, DocumentVersion],
) -> Iterator[Incident]:
    """The incidents of some claims, by nothing but these: component after component."""
    by_id = {one.id: one for one in claims}
    return _made(by_id, groups(by_id, links, judgements), links, judgements, versions)


def groups(
    claims: Mapping[str, Claim], links: Sequence[Link], judgements: Sequence[Judgement]
) -> Iterator[tuple[str, ...]]:
    """The ids of the claims that are one incident each: component after component."""
    linked, about = _by_claim(links), _about(judgements)
    for names in components(claims, links, judgements):
        inside = [claims[name] for name in names]
        yield from clusters(inside, [one for name in names for one in linked.get(name, ())], about(names))


def _made(
    claims: Mapping[str, Claim],
    found: Iterable[tuple[str, ...]],
    links: Sequence[Link],
    judgements: Sequence[Judgement],
    versions: Mapping[str, DocumentVersion],
) -> Iterator[Incident]:
    linked, about = _by_claim(links), _about(judgements)
    for ids in found:
        chosen = set(ids)
        yield incident(
            [claims[name] for name in ids],
            [one for name in ids for one in linked.get(name, ()) if one.other in chosen],
            about(ids),
            {name: versions[name] for name in {claims[one].version for one in ids} if name in versions},
        )


def _by_claim(links: Sequence[Link]) -> Mapping[str, list[Link]]:
    """Each link under its first claim."""
    linked: defaultdict[str, list[Link]] = defaultdict(list)
    for one in links:
        linked[one.one].append(one)
    return linked


def _about(judgements: Sequence[Judgement]) -> Callable[[Iterable[str]], list[Judgement]]:
    """What was said about any of some claims, in the order in which it was said."""
    about: defaultdict[str, set[int]] = defaultdict(set)
    for number, word in enumerate(judgements):
        for name in word.claims:
            about[name].add(number)
    return lambda names: [judgements[number] for number in sorted({n for name in names for n in about.get(name, ())})]


def components(names: Iterable[str], links: Sequence[Link], judgements: Sequence[Judgement]) -> list[list[str]]:
    """The names in groups that links or judgements join, each in order, the groups by their first."""
    root = {name: name for name in names}

    def top(name: str) -> str:
        while root[name] != name:
            root[name] = name = root[root[name]]
        return name

    pairs = [(one.one, one.other) for one in links]
    pairs += [(word.claims[0], name) for word in judgements if word.claims for name in word.claims[1:]]
    for one, other in pairs:
        if one in root and other in root:
            low, high = sorted((top(one), top(other)))
            root[high] = low
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(root):
        found[top(name)].append(name)
    return [found[name] for name in sorted(found)]


def present_judgements(store: Store, claims: Sequence[str]) -> tuple[Judgement, ...]:
    """The judgements about these claims, in order; claims of former readings are named by those that now stand for them."""
    former = store.predecessors(claims)
    said = store.judgements([*claims, *former])
    later = store.successors(name for one in said for name in one.claims)
    return tuple(
        replace(one, claims=tuple(dict.fromkeys(later.get(name, name) for name in one.claims))) for one in said
    )


def whole(store: Store) -> None:
    """Makes everything derived again from the claims and judgements: blocks, links, incidents. One transaction."""
    with store.writing():
        before = {one.id: one for one in store.incidents(IncidentFilter(), limit=2**31 - 1).rows}
        store.forget_grouping()
        claims = list(store.all_claims("event"))
        keys = {one.id: block_keys(one) for one in claims}
        store.put_blocks(keys)
        links = tuple(all_links(claims, keys))
        store.put_links(links)
        versions = {one.id: one for one in store.versions_of(one.version for one in claims)}
        judged = present_judgements(store, [one.id for one in claims])
        now = (_undated(one, before.get(one.id)) for one in incidents(claims, links, judged, versions))
        store.put_incidents([], tuple(now))


def _undated(one: Incident, before: Incident | None) -> Incident:
    """An incident that is what it was keeps the moment of its last change."""
    same = before is not None and replace(before, changed="") == replace(one, changed="")
    return before if before is not None and same else one


def all_links(claims: Sequence[Claim], keys: Mapping[str, Sequence[str]]) -> Iterator[Link]:
    """The links among some claims, as `link` finds them one page at a time."""
    by_id = {one.id: one for one in claims}
    held: defaultdict[str, list[str]] = defaultdict(list)
    for one in claims:
        for key in keys[one.id]:
            held[key].append(one.id)
    pairs = {
        (min(one.id, other), max(one.id, other))
        for one in claims
        for key in look_up_keys(one)
        for other in held.get(key, ())
        if other != one.id
    }
    for low, high in sorted(pairs):
        found = match(by_id[low], by_id[high])
        if found is not None:
            yield found
