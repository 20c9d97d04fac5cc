"""The desk: reads pages into the ledger, groups their claims into incidents, takes people's judgements. Joins store and merge.

Each page is one transaction: archive, version, reading, claims, links and incidents appear together or not at all, so that a
run that is stopped at any moment has kept whole pages only, and running it again adds the rest.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from tocsin import grouping
from tocsin.arrivals import Arrival, document_of
from tocsin.claims import claims_of, outlet_of
from tocsin.errors import InputError, StoreError, TocsinError
from tocsin.ledger import Action, Claim, DocumentVersion, Incident, Judgement
from tocsin.merge.blocks import block_keys
from tocsin.merge.reprints import Signature, relation, signature
from tocsin.pipeline import CHUNK_CHARACTERS, Page, Reader
from tocsin.records import Record, Row
from tocsin.store import reading_id
from tocsin.store.base import Store
from tocsin.store.codec import latest_moment, now

REMEMBERED = 4096  # signatures of texts, some 8 kB each


class Outcome(Row, frozen=True, kw_only=True):
    """What became of one input. `number` is that of the version: more than 1 where a known page has changed."""

    name: str
    what: Literal["added", "known", "failed"]
    version: str | None = None
    number: int = 0
    copy_of: str | None = None
    claims: int = 0
    incidents_new: int = 0
    incidents_changed: int = 0
    reason: str | None = None


class Counts(msgspec.Struct, kw_only=True):
    """What became of all inputs of one call."""

    added: int = 0
    known: int = 0
    new_versions: int = 0
    copies: int = 0
    claims: int = 0
    incidents_new: int = 0
    incidents_changed: int = 0
    failed: int = 0

    def count(self, one: Outcome) -> None:
        self.added += one.what == "added"
        self.known += one.what == "known"
        self.failed += one.what == "failed"
        self.new_versions += one.number > 1 and one.what == "added"
        self.copies += one.copy_of is not None and one.what == "added"
        self.claims += one.claims
        self.incidents_new += one.incidents_new
        self.incidents_changed += one.incidents_changed


class Merged(Row, frozen=True, kw_only=True):
    """What entering one reading did: the version that its page copies, how many incidents are new, and how many have changed."""

    copy_of: str | None
    new: int
    changed: int


class Desk:
    """A ledger with a reader. Without a reader nothing can be added, all else can be done."""

    def __init__(self, store: Store, reader: Reader | None = None) -> None:
        self.store, self._reader = store, reader
        self._signatures: dict[str, Signature] = {}

    @property
    def reader(self) -> Reader:
        if self._reader is None:
            self._reader = Reader()
        return self._reader

    def add(
        self,
        inputs: Iterable[Arrival | InputError],
        *,
        again: bool = False,
        told: Callable[[Outcome], None] | None = None,
    ) -> Counts:
        """Adds pages, each in a transaction of its own, and tells of each as soon as it is kept.

        Pages whose bytes are known are left alone; `again` reads them anew where the code has changed since. Inputs that could not
        be read are kept as failures. Raises `StoreError` where the ledger cannot be written: what was told of before is kept.
        """
        counts = Counts()
        for one in self._outcomes(inputs, again):
            counts.count(one)
            if told is not None:
                told(one)
        return counts

    def _outcomes(self, inputs: Iterable[Arrival | InputError], again: bool) -> Iterator[Outcome]:
        """Pages are parsed in groups, which is faster and changes no result."""
        group: list[Arrival] = []
        size = 0
        for one in inputs:
            if isinstance(one, InputError):
                yield self._failed(one)
            elif not again and self.store.version(_id_of(one)) is not None:
                yield Outcome(name=one.page.name, what="known", version=_id_of(one))
            else:
                group.append(one)
                size += len(one.page.text or one.page.html or "")
            if size >= CHUNK_CHARACTERS:
                yield from self._group(group)
                group, size = [], 0
        yield from self._group(group)

    def _group(self, group: list[Arrival]) -> Iterator[Outcome]:
        done = 0
        with suppress(_ReadFault):
            for arrival, record in zip(group, _guarded(self.reader, [one.page for one in group]), strict=True):
                yield self._kept(arrival, record)
                done += 1
        for arrival in group[done:]:  # a page that the reader stumbles over must not take the others with it
            try:
                record = next(_guarded(self.reader, [arrival.page]))
            except _ReadFault as problem:
                yield self._failed(InputError(arrival.page.name, f"the reader failed: {problem}"))
            else:
                yield self._kept(arrival, record)

    def _failed(self, problem: InputError) -> Outcome:
        self.store.put_failure(
            problem.name, problem.problem, outlet_of(problem.name if "://" in problem.name else None, None, None)
        )
        return Outcome(name=problem.name, what="failed", reason=problem.problem)

    def keep(self, arrival: Arrival, record: Record) -> Outcome:
        """Adds a page that was read already, as a run of the archive holds it. One transaction."""
        if self.store.version(_id_of(arrival)) is not None:
            return Outcome(name=arrival.page.name, what="known", version=_id_of(arrival))
        return self._kept(arrival, record)

    def _kept(self, arrival: Arrival, record: Record) -> Outcome:
        """One page in one transaction."""
        name = arrival.page.name
        with self.store.writing():
            version = self.store.put_version(_version(arrival, record), arrival.raw)
            claims = claims_of(record, version, reading_id(record.version))
            merged = self.enter(version, record, claims)
        if merged is None:
            return Outcome(name=name, what="known", version=version.id)
        return Outcome(
            name=name, what="added", version=version.id, number=0 if version.story else version.number, copy_of=merged.copy_of,
            claims=len(claims), incidents_new=merged.new, incidents_changed=merged.changed,
        )  # fmt: skip

    def enter(self, version: DocumentVersion, record: Record, claims: Sequence[Claim]) -> Merged | None:
        """Keeps a reading of a version that is there, and merges its claims with all others, as one transaction or part of one.

        `version` is as the store gave it: without a story it has never been read. None where that reading was known.
        """
        with self.store.writing():
            former = self.store.claims_of(version.id) if version.story else ()
            blocks = {one.id: block_keys(one) for one in claims}
            if not self.store.put_reading(version.id, record, claims, blocks):
                return None
            copied, retold = self._tell_copies(version, record)
            grouping.link(self.store, claims)
            touched = [*(one.id for one in former), *(one.id for one in claims if one.section == "event"), *retold]
            new, changed = grouping.regroup(self.store, touched)
            return Merged(copy_of=copied, new=new, changed=changed)

    def _tell_copies(self, version: DocumentVersion, record: Record) -> tuple[str | None, list[str]]:
        """Finds what the page has in common with others; returns which version it copies, and the claims of those whose story changes.

        All that are copies of one another, directly or by others between, tell one story; its first version is the one that was
        published first, or of the smaller id, whichever came in first. So the order of adding changes nothing.
        """
        new = signature(record.document.text)
        self._signatures.pop(version.id, None)  # of a former reading
        stories = self._stories(new, version)
        told = {version.id: version} | {one.id: one for one in (self.store.tellings(stories) if stories else ())}
        first = min(told.values(), key=_precedence)
        copied = first.id if version.document != first.document else None
        self.store.put_signature(version.id, new.bands, copied, first.id, anew=version.story is not None)
        moved = [one for one in told.values() if one.id != version.id and one.story != first.id]
        for one in moved:
            self.store.put_story(one.id, first.id if one.document != first.document else None, first.id)
        return copied, [claim.id for one in moved for claim in self.store.claims_of(one.id)]

    def _stories(self, new: Signature, version: DocumentVersion) -> set[str]:
        """The stories that a text tells: its own former one, and each of which it copies some telling."""
        found = {version.story} if version.story else set()
        for one in self.store.story_candidates(new.bands):
            story = one.story or one.id
            if one.id != version.id and story not in found and self._is_copy(new, one):  # one telling is enough
                found.add(story)
        return found

    def _is_copy(self, new: Signature, other: DocumentVersion) -> bool:
        if other.id not in self._signatures:  # pages of one outlet share sentences, and are compared again and again
            record = self.store.record(other.id)
            while len(self._signatures) >= REMEMBERED:
                self._signatures.pop(next(iter(self._signatures)))
            self._signatures[other.id] = signature(record.document.text if record else "")
        return bool(relation(new, self._signatures[other.id]))

    def judge(self, judgement: Judgement) -> tuple[Incident, ...]:
        """Appends a person's word and groups what it touches anew; returns the incidents that hold its claims now."""
        with self.store.writing():
            self.store.put_judgement(judgement)
            about = judgement.claims
            if judgement.undoes is not None:
                undone = self.store.judgement(judgement.undoes)
                about = (*about, *(undone.claims if undone else ()))
            grouping.regroup(self.store, about)
            later = self.store.successors(about)
            return self.store.incidents_of(later.get(one, one) for one in about)

    def say(
        self, user: str, action: Action, claims: Sequence[str], *, cell: str | None = None, value: Any = None,
        note: str | None = None, undoes: str | None = None,
    ) -> tuple[Incident, ...]:  # fmt: skip
        """`judge` with a judgement made now."""
        return self.judge(self.word(user, action, claims, cell=cell, value=value, note=note, undoes=undoes))

    def word(
        self, user: str, action: Action, claims: Sequence[str], *, cell: str | None = None, value: Any = None,
        note: str | None = None, undoes: str | None = None,
    ) -> Judgement:  # fmt: skip
        """A judgement of this moment, not kept yet. `claims` may name incidents: they stand for all their claims."""
        about: list[str] = []
        for name in claims:
            held = None if self.store.claim(name) else self.store.incident(name)
            about += held.claims if held else [name]
        return Judgement(
            id=f"j-{uuid.uuid4().hex[:16]}", at=now(), user=user, action=action, claims=tuple(dict.fromkeys(about)),
            cell=cell, value=value, note=note, undoes=undoes,
        )  # fmt: skip

    def as_of(self, moment: str, by: Literal["published", "added"] = "published") -> tuple[Incident, ...]:
        """The incidents as they would have been with what was known at a moment, ordered by day and id.

        By `published` all judgements of today hold: they say what is the same, not what was known. By `added` only those that
        had been given count, and each page is taken as it had been read by then.
        """
        claims = list(self.store.known_at(moment, by))
        keys = {one.id: block_keys(one) for one in claims}
        links = tuple(grouping.all_links(claims, keys))
        judged = (
            grouping.present_judgements(self.store, [one.id for one in claims])
            if by == "published"
            else self._given(moment, keys)
        )
        versions = {one.id: one for one in self.store.versions_of(one.version for one in claims)}
        found = grouping.incidents(claims, links, judged, versions)
        return tuple(sorted(found, key=lambda one: (one.day_from or "9999", one.id)))

    def _given(self, moment: str, known: Collection[str]) -> tuple[Judgement, ...]:
        """The judgements of that time, about the claims that then stood for those that they name."""
        until = latest_moment(moment) or ""
        said = [one for one in self.store.judgements() if one.at <= until]
        then = self.store.successors({name for one in said for name in one.claims if name not in known}, among=known)
        return tuple(
            replace(one, claims=tuple(dict.fromkeys(then.get(name, name) for name in one.claims))) for one in said
        )

    def regroup(self) -> None:
        """Makes all blocks, links and incidents again from the claims and judgements. One transaction."""
        grouping.whole(self.store)


class _ReadFault(TocsinError):
    """The reader raised what it never should."""


def _guarded(reader: Reader, pages: list[Page]) -> Iterator[Record]:
    """The records of the pages; whatever goes wrong within the reader is a `_ReadFault`, so that it is told from the store's."""
    try:
        yield from reader.read(pages)
    except TocsinError:
        raise  # a model or gazetteer that is missing concerns every page
    except Exception as problem:
        raise _ReadFault(f"{type(problem).__name__}: {problem}") from problem


def _id_of(arrival: Arrival) -> str:
    return f"sha256:{hashlib.sha256(arrival.raw).hexdigest()}"


def _precedence(version: DocumentVersion) -> tuple[str, str]:
    return (version.published or "9999", version.id)


def _version(arrival: Arrival, record: Record) -> DocumentVersion:
    """The version of a page, from what came with it and what its reading found."""
    read, name = record.document, _id_of(arrival)
    if read.id != name:
        raise StoreError(f"{arrival.page.name}: was read from other bytes than those that came in")
    return DocumentVersion(
        id=name, document=document_of(read.url) if read.url else name, url=read.url, ref=read.ref, title=read.title,
        publisher=read.publisher, outlet=outlet_of(read.url, read.publisher, read.ref), author=read.author,
        language=read.language, published=read.published, published_basis=read.published_basis, retrieved=read.retrieved,
        added=now(), media_type=arrival.media_type, size=len(arrival.raw),
    )  # fmt: skip
