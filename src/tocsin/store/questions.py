"""Questions about single rows, and those that merging asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    select,
    union,
    union_all,
)

from tocsin.errors import StoreError
from tocsin.ledger import Claim, DocumentVersion, Incident, Judgement, Link, Section
from tocsin.records import Record
from tocsin.store import tables as t
from tocsin.store.codec import claim_of, incident_of, judgement_of, latest_moment, link_of, unpack
from tocsin.store.session import Session

_FIELDS = DocumentVersion.__struct_fields__
_LARGEST_COMPONENT = (
    20_000  # claims; a block that joins more is a fault of the blocks, and is cut rather than never done
)


_VERSIONS: Select[Any] = select(
    *(t.stories.c[name] if name in ("copy_of", "story") else t.versions.c[name] for name in _FIELDS)
).select_from(t.versions.outerjoin(t.stories, t.stories.c.version == t.versions.c.id))


_VERSION = _VERSIONS.where(t.versions.c.id == bindparam("version"))


def version_select() -> Select[Any]:
    """Whole versions: what is kept of them with what is derived."""
    return _VERSIONS


def version_of(row: Any) -> DocumentVersion:
    return DocumentVersion(**dict(zip(_FIELDS, row, strict=False)))


def is_newest() -> ColumnElement[bool]:
    """That a claim is of the newest reading of its version; wants `newest` joined."""
    return and_(t.newest.c.version == t.claims.c.version, t.newest.c.reading == t.claims.c.reading)


class Questions(Session):
    """Implements the part of `base.Reads` that asks for what is known by its id, and what merging asks of `base.Writes`."""

    def version(self, version_id: str) -> DocumentVersion | None:
        with self._asking() as connection:
            row = connection.execute(_VERSION, {"version": version_id}).first()
        return version_of(row) if row else None

    def versions(self, document: str) -> tuple[DocumentVersion, ...]:
        """All versions of a document, the first first."""
        with self._asking() as connection:
            rows = connection.execute(
                version_select().where(t.versions.c.document == document).order_by(t.versions.c.number)
            )
            return tuple(version_of(row) for row in rows)

    def versions_of(self, version_ids: Iterable[str]) -> tuple[DocumentVersion, ...]:
        """The versions of these ids, in the order they were added; ids that are not known are left out."""
        v = t.versions.c
        with self._asking() as connection:
            rows = self._run(
                connection, "versions", version_ids,
                lambda: version_select().where(self._among(v.id)).order_by(v.position),
            )  # fmt: skip
            return tuple(version_of(row) for row in rows)

    def tellings(self, stories: Iterable[str]) -> tuple[DocumentVersion, ...]:
        """All versions that tell one of these stories, in the order they were added."""
        told = t.stories.c
        with self._asking() as connection:
            rows = self._run(
                connection, "tellings", stories,
                lambda: version_select().where(self._among(told.story)).order_by(t.versions.c.position),
            )  # fmt: skip
            return tuple(version_of(row) for row in rows)

    def record(self, version_id: str) -> Record | None:
        """The newest reading of a version, whole."""
        wanted = select(t.readings.c.record).where(
            t.newest.c.version == version_id,
            t.readings.c.version == version_id,
            t.readings.c.reading == t.newest.c.reading,
        )
        with self._asking() as connection:
            packed = connection.execute(wanted).scalar()
        return unpack(packed) if packed is not None else None

    def raw(self, version_id: str) -> bytes | None:
        """The bytes that came in. Raises `StoreError` where the archive's file does not match its name."""
        version = self.version(version_id)
        return self._archive.get(version_id, version.size) if version else None

    def claim(self, claim_id: str) -> Claim | None:
        return next(iter(self.claims([claim_id])), None)

    def claims(self, claim_ids: Iterable[str]) -> tuple[Claim, ...]:
        """In the order of the ids, each once; ids that are not known are left out."""
        wanted, c = list(dict.fromkeys(claim_ids)), t.claims.c
        with self._asking() as connection:
            rows = self._run(connection, "claims", wanted, lambda: select(c.id, c.body).where(self._among(c.id)))
            found = {row.id: claim_of(row.body) for row in rows}
        return tuple(found[name] for name in wanted if name in found)

    def claims_of(self, version_id: str) -> tuple[Claim, ...]:
        """The claims of a version's newest reading, in the record's order."""
        wanted = (
            select(t.claims.c.body).where(t.newest.c.version == version_id, is_newest()).order_by(t.claims.c.number)
        )
        with self._asking() as connection:
            return tuple(claim_of(body) for body in connection.execute(wanted).scalars())

    def all_claims(self, section: Section = "event") -> Iterator[Claim]:
        """Every claim of a section of the newest readings, ordered by id. Holds its transaction until it is read to its end."""
        wanted = select(t.claims.c.body).where(t.claims.c.section == section, is_newest()).order_by(t.claims.c.id)
        with self._asking() as connection:
            for body in connection.execute(wanted.execution_options(yield_per=1000)).scalars():
                yield claim_of(body)

    def successors(self, claim_ids: Iterable[str], among: Collection[str] | None = None) -> dict[str, str]:
        """For claims of readings that others have taken the place of, the claim that now stands for the same words.

        With `among` the first of the later ones that is one of these, as it stood for them at some moment; none where none is.
        """
        found: dict[str, str] = {}
        s = t.successors.c
        with self._asking() as connection:
            asked = wanted = list(dict.fromkeys(claim_ids))
            while wanted:
                rows = self._run(
                    connection, "successors", wanted, lambda: select(s.claim, s.successor).where(self._among(s.claim))
                )
                step: dict[str, str] = {row.claim: row.successor for row in rows}
                found |= {old: new for old, new in step.items() if old not in found}
                wanted = [new for new in step.values() if new not in found]
        if among is None:
            return {old: _last(old, found) for old in found}
        chains = ((old, _steps(old, found)) for old in asked)
        return {old: then for old, steps in chains if (then := next((one for one in steps if one in among), None))}

    def predecessors(self, claim_ids: Iterable[str]) -> tuple[str, ...]:
        """The claims of former readings that these now stand for, over as many readings as there were, ordered."""
        found: set[str] = set()
        wanted, s = list(claim_ids), t.successors.c
        with self._asking() as connection:
            while wanted:
                rows = self._run(
                    connection, "predecessors", wanted, lambda: select(s.claim).where(self._among(s.successor))
                )
                step = set(rows.scalars())
                wanted = sorted(step - found)
                found |= step
        return tuple(sorted(found))

    def incidents_of(self, claims: Iterable[str]) -> tuple[Incident, ...]:
        """The incidents that hold any of these claims now, ordered by id."""
        with self._asking() as connection:
            found = self._held(connection, claims)
        return tuple(found[name] for name in sorted(found))

    def held_together(self, claims: Iterable[str]) -> set[frozenset[str]]:
        """The claims of each incident that now holds any of these."""
        found: dict[str, set[str]] = {}
        with self._asking() as connection:
            for row in self._run(connection, "held together", claims, self._held_with):
                found.setdefault(row.incident, set()).add(row.claim)
        return {frozenset(names) for names in found.values()}

    def _held_with(self) -> Select[Any]:
        m = t.members.c
        return select(m.incident, m.claim).where(m.incident.in_(select(m.incident).where(self._among(m.claim))))

    def incident(self, any_id: str) -> Incident | None:
        """The incident of that id, or the one that now holds the claim or the former incident of that id."""
        with self._asking() as connection:
            found = self._incidents(connection, t.incidents.c.id == any_id)
            if not found:
                anchor = (
                    connection.execute(select(t.anchors.c.claim).where(t.anchors.c.incident == any_id)).scalar()
                    or any_id
                )
                claim = self.successors([anchor]).get(anchor, anchor)
                held = select(t.members.c.incident).where(t.members.c.claim == claim)
                found = self._incidents(connection, t.incidents.c.id.in_(held))
        return found[0] if found else None

    def judgements(self, claims: Iterable[str] = ()) -> tuple[Judgement, ...]:
        """All, or those about any of the claims, in the order they were given; with them, whatever undoes them."""
        wanted = list(claims)
        with self._asking() as connection:
            if not wanted:
                bodies = connection.execute(select(t.judgements.c.body).order_by(t.judgements.c.position)).scalars()
                return tuple(judgement_of(body) for body in bodies)
            return tuple(
                judgement_of(body) for body in self._run(connection, "judgements", wanted, self._judged).scalars()
            )

    def _judged(self) -> Select[Any]:
        about = select(t.judged.c.judgement).where(self._among(t.judged.c.claim))
        return select(t.judgements.c.body).where(t.judgements.c.id.in_(about)).order_by(t.judgements.c.position)

    def sharing(self, keys: Iterable[str]) -> dict[str, set[str]]:
        """The claims that share a block key, of the newest reading of their version, with the keys that each shares."""
        found: dict[str, set[str]] = {}
        b = t.blocks.c
        with self._asking() as connection:
            rows = self._run(connection, "sharing", keys, lambda: select(b.claim, b.block).where(self._among(b.block)))
            for row in rows:
                found.setdefault(row.claim, set()).add(row.block)
        return found

    def component(self, claims: Iterable[str]) -> tuple[tuple[Claim, ...], tuple[Link, ...]]:
        """All claims that links or `same` judgements join to these, and the links among them, both ordered by id.

        The links come without their reasons, of which grouping needs none: `links_among` has them.

        A `same` that was undone still joins here: who groups anew must see both sides of what falls apart. Claims of readings
        that newer ones took the place of stand for their successors.
        """
        links: dict[tuple[str, str], Link] = {}
        reached: set[str] = set()
        wanted = list(claims)
        later = self.successors(wanted)
        edge = dict.fromkeys(later.get(one, one) for one in wanted)
        with self._asking() as connection:
            while edge and len(reached) < _LARGEST_COMPONENT:
                reached |= edge.keys()
                step = self._judged_same(connection, edge)
                for row in self._run(connection, "links of", edge, self._links_of):
                    links[row.one, row.other] = Link(one=row.one, other=row.other, score=row.score)
                    step |= {row.one, row.other}
                edge = dict.fromkeys(sorted(step - reached))
            found = self._newest_claims(connection, sorted(reached))
        kept = {one.id for one in found}
        inside = (links[pair] for pair in sorted(links) if pair[0] in kept and pair[1] in kept)
        return found, tuple(inside)

    def _newest_claims(self, connection: Connection, claim_ids: list[str]) -> tuple[Claim, ...]:
        """In order of the ids, those of newest readings only."""
        c = t.claims.c
        bodies = self._run(
            connection, "newest claims", claim_ids, lambda: select(c.body).where(self._among(c.id), is_newest()).order_by(c.id)
        )  # fmt: skip
        return tuple(claim_of(body) for body in bodies.scalars())

    def _links_of(self) -> CompoundSelect[Any]:
        """Two questions and not one with OR, each of which an index answers."""
        links = select(t.links.c.one, t.links.c.other, t.links.c.score)
        return union_all(*(links.where(self._among(column)) for column in (t.links.c.one, t.links.c.other)))

    def _judged_same(self, connection: Connection, claims: Iterable[str]) -> set[str]:
        """The newest readings' claims that a `same` names together with any of these."""
        named = self._run(connection, "judged same", claims, self._named_together).scalars().all()
        later = self.successors(named) if named else {}
        return {later.get(one, one) for one in named}

    def _named_together(self) -> Select[Any]:
        j, s = t.judged.c, t.successors.c
        former = select(j.judgement).join(t.successors, s.claim == j.claim).where(self._among(s.successor))
        about = union(select(j.judgement).where(self._among(j.claim)), former)
        wanted = select(j.claim).join(t.judgements, t.judgements.c.id == j.judgement)
        return wanted.where(j.judgement.in_(about), t.judgements.c.action == "same")

    def links_among(self, claims: Iterable[str]) -> tuple[Link, ...]:
        """The links whose two claims are both among these, ordered."""
        wanted, c = set(claims), t.links.c
        with self._asking() as connection:
            rows = self._run(
                connection, "links from", wanted,
                lambda: select(c.one, c.other, c.score, c.reasons).where(self._among(c.one)).order_by(c.one, c.other),
            )  # fmt: skip
            return tuple(link_of(row.one, row.other, row.score, row.reasons) for row in rows if row.other in wanted)

    def story_candidates(self, bands: Iterable[str]) -> tuple[DocumentVersion, ...]:
        """Versions that share a band of their text's signature, in the order they were added."""
        with self._asking() as connection:
            rows = self._run(connection, "story candidates", bands, self._sharing_bands)
            return tuple(version_of(row) for row in rows)

    def _sharing_bands(self) -> Select[Any]:
        inside = select(t.bands.c.version).where(self._among(t.bands.c.band))
        return version_select().where(t.versions.c.id.in_(inside)).order_by(t.versions.c.position)

    def known_at(self, moment: str, by: str = "published") -> Iterator[Claim]:
        """Event claims known by a moment, ordered by id: `published` (the page's date, else when it was added) or `added`.

        A page whose date is a day counts from the end of that day: whether it was out at noon nobody knows. By `added`, each
        page is taken as the code of that time had read it. Raises `StoreError` where the moment is no date.
        """
        until = latest_moment(moment)
        if until is None:
            raise StoreError(f"{moment!r} is no moment like 2018-09-05 or 2018-09-05T12:00:00Z")
        published = select(t.claims.c.body).where(is_newest(), t.claims.c.known_by <= until)
        wanted = (
            (self._added_by(until) if by == "added" else published)
            .where(t.claims.c.section == "event")
            .order_by(t.claims.c.id)
        )
        with self._asking() as connection:
            bodies = connection.execute(wanted).scalars().all()
        return (claim_of(body) for body in bodies)

    def _added_by(self, until: str) -> Select[Any]:
        r = t.readings.c
        last = select(func.max(r.position)).where(r.at <= until).group_by(r.version)
        return (
            select(t.claims.c.body)
            .join(t.readings, and_(r.version == t.claims.c.version, r.reading == t.claims.c.reading))
            .where(r.position.in_(last))
        )

    def _incidents(self, connection: Connection, condition: ColumnElement[bool]) -> list[Incident]:
        return [incident_of(body) for body in connection.execute(select(t.incidents.c.body).where(condition)).scalars()]

    def _held(self, connection: Connection, claims: Iterable[str]) -> dict[str, Incident]:
        bodies = self._run(connection, "held", claims, self._holding).scalars()
        return {one.id: one for one in map(incident_of, bodies)}

    def _holding(self) -> Select[Any]:
        inside = select(t.members.c.incident).where(self._among(t.members.c.claim))
        return select(t.incidents.c.body).where(t.incidents.c.id.in_(inside))

    def _judgement(self, connection: Connection, judgement_id: str) -> Judgement | None:
        body = connection.execute(select(t.judgements.c.body).where(t.judgements.c.id == judgement_id)).scalar()
        return judgement_of(body) if body is not None else None


def _last(name: str, steps: dict[str, str]) -> str:
    return next(iter([*_steps(name, steps)][-1:]), name)


def _steps(name: str, steps: dict[str, str]) -> Iterator[str]:
    """What took the place of a claim, the first first."""
    seen = {name}
    while (following := steps.get(name)) is not None and following not in seen:
        seen.add(name := following)
        yield name
