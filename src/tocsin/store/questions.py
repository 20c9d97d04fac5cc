"""Questions about single rows, and those that merging asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from tocsin.errors import StoreError
from tocsin.ledger import Claim, DocumentVersion, Incident, Judgement, Link, Section
from tocsin.records import Record
from tocsin.store import tables as t
from tocsin.store.codec import claim_of, incident_of, judgement_of, latest_moment, link_of, unpack
from tocsin.store.session import Session, in_batches

_FIELDS = DocumentVersion.__struct_fields__
_LARGEST_COMPONENT = (
    20_000  # claims; a block that joins more is a fault of the blocks, and is cut rather than never done
)


_VERSIONS: Select[Any] = select(
    *(t.stories.c[name] if name in ("copy_of", "story") else t.versions.c[name] for name in _FIELDS)
).select_from(t.versions.outerjoin(t.stories, t.stories.c.version == t.versions.c.id))


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
            row = connection.execute(version_select().where(t.versions.c.id == version_id)).first()
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
        found = []
        with self._asking() as connection:
            for batch in in_batches(version_ids):
                found += list(
                    connection.execute(
                        version_select().add_columns(t.versions.c.position).where(t.versions.c.id.in_(batch))
                    )
                )
        return tuple(version_of(row) for row in sorted(found, key=lambda row: int(row.position)))

    def tellings(self, stories: Iterable[str]) -> tuple[DocumentVersion, ...]:
        """All versions that tell one of these stories, in the order they were added."""
        found: list[str] = []
        with self._asking() as connection:
            for batch in in_batches(stories):
                found += connection.execute(select(t.stories.c.version).where(t.stories.c.story.in_(batch))).scalars()
        return self.versions_of(found)

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
        found: dict[str, Claim] = {}
        with self._asking() as connection:
            for batch in in_batches(wanted := list(claim_ids)):
                rows = connection.execute(select(t.claims.c.id, t.claims.c.body).where(t.claims.c.id.in_(batch)))
                found |= {name: claim_of(body) for name, body in rows}
        return tuple(found[name] for name in dict.fromkeys(wanted) if name in found)

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
        with self._asking() as connection:
            asked = wanted = list(dict.fromkeys(claim_ids))
            while wanted:
                step: dict[str, str] = {}
                for batch in in_batches(wanted):
                    rows = connection.execute(select(t.successors).where(t.successors.c.claim.in_(batch)))
                    step |= {row.claim: row.successor for row in rows}
                found |= {old: new for old, new in step.items() if old not in found}
                wanted = [new for new in step.values() if new not in found]
        if among is None:
            return {old: _last(old, found) for old in found}
        chains = ((old, _steps(old, found)) for old in asked)
        return {old: then for old, steps in chains if (then := next((one for one in steps if one in among), None))}

    def predecessors(self, claim_ids: Iterable[str]) -> tuple[str, ...]:
        """The claims of former readings that these now stand for, over as many readings as there were, ordered."""
        found: set[str] = set()
        wanted = list(claim_ids)
        with self._asking() as connection:
            while wanted:
                step: set[str] = set()
                for batch in in_batches(wanted):
                    step |= set(
                        connection.execute(
                            select(t.successors.c.claim).where(t.successors.c.successor.in_(batch))
                        ).scalars()
                    )
                wanted = sorted(step - found)
                found |= step
        return tuple(sorted(found))

    def incidents_of(self, claims: Iterable[str]) -> tuple[Incident, ...]:
        """The incidents that hold any of these claims now, ordered by id."""
        with self._asking() as connection:
            found = self._held(connection, claims)
        return tuple(found[name] for name in sorted(found))

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
            found: dict[int, str] = {}
            for batch in in_batches(wanted):
                about = select(t.judged.c.judgement).where(t.judged.c.claim.in_(batch))
                c = t.judgements.c
                found |= {
                    row.position: row.body
                    for row in connection.execute(select(c.position, c.body).where(c.id.in_(about)))
                }
        return tuple(judgement_of(found[position]) for position in sorted(found))

    def sharing(self, keys: Iterable[str]) -> dict[str, set[str]]:
        """The claims that share a block key, of the newest reading of their version, with the keys that each shares."""
        found: dict[str, set[str]] = {}
        with self._asking() as connection:
            for batch in in_batches(keys):
                rows = connection.execute(select(t.blocks.c.claim, t.blocks.c.block).where(t.blocks.c.block.in_(batch)))
                for claim, block in rows.all():
                    found.setdefault(claim, set()).add(block)
        return found

    def component(self, claims: Iterable[str]) -> tuple[tuple[Claim, ...], tuple[Link, ...]]:
        """All claims that links or `same` judgements join to these, and the links among them, both ordered by id.

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
                step: set[str] = set()
                for batch in in_batches(edge):
                    for row in connection.execute(
                        select(t.links).where(or_(t.links.c.one.in_(batch), t.links.c.other.in_(batch)))
                    ):
                        links[row.one, row.other] = link_of(row.one, row.other, row.score, row.reasons)
                        step |= {row.one, row.other}
                    step |= self._judged_same(connection, batch)
                edge = dict.fromkeys(sorted(step - reached))
            found = self._newest_claims(connection, sorted(reached))
        kept = {one.id for one in found}
        inside = (links[pair] for pair in sorted(links) if pair[0] in kept and pair[1] in kept)
        return found, tuple(inside)

    def _newest_claims(self, connection: Connection, claim_ids: list[str]) -> tuple[Claim, ...]:
        """In order of the ids, those of newest readings only."""
        found: list[Claim] = []
        for batch in in_batches(claim_ids):
            wanted = select(t.claims.c.body).where(t.claims.c.id.in_(batch), is_newest()).order_by(t.claims.c.id)
            found += [claim_of(body) for body in connection.execute(wanted).scalars()]
        return tuple(found)

    def _judged_same(self, connection: Connection, claims: list[str]) -> set[str]:
        """The newest readings' claims that a `same` names together with any of these."""
        former = select(t.successors.c.claim).where(t.successors.c.successor.in_(claims))
        mine = or_(t.judged.c.claim.in_(claims), t.judged.c.claim.in_(former))
        about = select(t.judged.c.judgement).where(mine)
        wanted = select(t.judged.c.claim).join(t.judgements, t.judgements.c.id == t.judged.c.judgement)
        named = (
            connection.execute(wanted.where(t.judged.c.judgement.in_(about), t.judgements.c.action == "same"))
            .scalars()
            .all()
        )
        later = self.successors(named) if named else {}
        return {later.get(one, one) for one in named}

    def links_among(self, claims: Iterable[str]) -> tuple[Link, ...]:
        """The links whose two claims are both among these, ordered."""
        wanted = set(claims)
        found = {}
        with self._asking() as connection:
            for batch in in_batches(sorted(wanted)):
                for row in connection.execute(select(t.links).where(t.links.c.one.in_(batch))):
                    if row.other in wanted:
                        found[row.one, row.other] = link_of(row.one, row.other, row.score, row.reasons)
        return tuple(found[pair] for pair in sorted(found))

    def story_candidates(self, bands: Iterable[str]) -> tuple[DocumentVersion, ...]:
        """Versions that share a band of their text's signature, in the order they were added."""
        found: dict[str, DocumentVersion] = {}
        with self._asking() as connection:
            for batch in in_batches(bands):
                inside = select(t.bands.c.version).where(t.bands.c.band.in_(batch))
                for row in connection.execute(
                    version_select().where(t.versions.c.id.in_(inside)).order_by(t.versions.c.position)
                ):
                    found[row.id] = version_of(row)
        return tuple(found.values())

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
        found: dict[str, Incident] = {}
        for batch in in_batches(claims):
            inside = select(t.members.c.incident).where(t.members.c.claim.in_(batch))
            found |= {one.id: one for one in self._incidents(connection, t.incidents.c.id.in_(inside))}
        return found

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
