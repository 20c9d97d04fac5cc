"""The desk: reads pages into the ledger, groups their claims into incidents, takes people's judgements. Joins store and merge.

A few pages that were read together are one transaction: archive, version, reading, claims, links and incidents appear together or
not at all, so that a run that is stopped at any moment has kept whole pages only, and running it again adds the rest.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Literal, Protocol

import msgspec
from msgspec.structs import replace

from tocsin import grouping
from tocsin.apart import ReaderLost
from tocsin.arrivals import Arrival, document_of
from tocsin.claims import claims_of, outlet_of
from tocsin.errors import InputError, StoreError, TocsinError
from tocsin.ledger import Action, Claim, DocumentVersion, Incident, Judgement
from tocsin.merge.blocks import block_keys
from tocsin.merge.reprints import Signature, relation, signature
from tocsin.pipeline import Page, Reader
from tocsin.records import Record, Row
from tocsin.store import reading_id
from tocsin.store.base import Store
from tocsin.store.codec import latest_moment, now

REMEMBERED = 4096  # signatures of texts, some 8 kB each
GROUP, LONGEST_WAIT = (
    100_000,
    5.0,
)  # code points of text read together, and seconds that a page waits for the rest of its group
MARKUP = 8  # code points of a web page for each one of its text
TOGETHER, SOON = 32, 1.0  # pages in one transaction, and seconds that a page which was read waits for the others


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


class _Entered(Row, frozen=True, kw_only=True):
    """A reading that was kept and is still to be merged: its claims, and those whose incidents it may change."""

    copy_of: str | None
    claims: Sequence[Claim]
    touched: Sequence[str]


class Reads(Protocol):
    """What the desk asks of a reader."""

    def read(self, pages: Iterable[Page]) -> Iterator[Record]: ...


class Desk:
    """A ledger with a reader, by default one within this process that is made when a page is first added."""

    def __init__(self, store: Store, reader: Reads | None = None) -> None:
        self.store, self._reader = store, reader
        self._signatures: dict[str, Signature] = {}

    @property
    def reader(self) -> Reads:
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
        """Pages are parsed in groups, which is faster and changes no result. The next is begun before one is kept."""
        begun: tuple[list[Arrival], Iterator[Record]] = ([], iter(()))
        for group in self._groups(inputs, again):
            if isinstance(group, Outcome):
                yield group
                continue
            following = group, _guarded(self.reader, [one.page for one in group])
            yield from self._group(*begun)
            begun = following
        yield from self._group(*begun)

    def _groups(self, inputs: Iterable[Arrival | InputError], again: bool) -> Iterator[Outcome | list[Arrival]]:
        """What is to be read, some pages at a time, and between them what became of the inputs that are not."""
        group: list[Arrival] = []
        size, begun = 0, time.monotonic()
        for one in inputs:
            if isinstance(one, InputError):
                yield self._failed(one)
            elif not again and self.store.version(_id_of(one)) is not None:
                yield Outcome(name=one.page.name, what="known", version=_id_of(one))
            else:
                group.append(one)
                size += len(one.page.text or "") or len(one.page.html or "") // MARKUP
            if size >= GROUP or (group and time.monotonic() - begun > LONGEST_WAIT):
                yield group
                group, size, begun = [], 0, time.monotonic()
        if group:
            yield group

    def _group(self, group: list[Arrival], records: Iterator[Record]) -> Iterator[Outcome]:
        done = 0
        with suppress(_ReadFault):
            for batch in _together(zip(group, records, strict=True)):
                yield from self._kept(batch)
                done += len(batch)
        for arrival in group[done:]:  # a page that the reader stumbles over must not take the others with it
            try:
                record = next(_guarded(self.reader, [arrival.page]))
            except _ReadFault as problem:
                yield self._failed(InputError(arrival.page.name, f"the reader failed: {problem}"))
            else:
                yield from self._kept([(arrival, record)])

    def _failed(self, problem: InputError) -> Outcome:
        self.store.put_failure(
            problem.name, problem.problem, outlet_of(problem.name if "://" in problem.name else None, None, None)
        )
        return Outcome(name=problem.name, what="failed", reason=problem.problem)

    def keep(self, read: Iterable[tuple[Arrival, Record]]) -> Iterator[Outcome]:
        """Adds pages that were read already, as a run of the archive holds them; some at a time in one transaction.

        Those whose bytes are known are left alone, whatever read them.
        """
        for batch in _together(read):
            known = {name for arrival, _ in batch if self.store.version(name := _id_of(arrival)) is not None}
            kept = iter(self._kept(new) if (new := [one for one in batch if _id_of(one[0]) not in known]) else ())
            for arrival, _ in batch:
                name = _id_of(arrival)
                yield Outcome(name=arrival.page.name, what="known", version=name) if name in known else next(kept)

    def _kept(self, batch: Sequence[tuple[Arrival, Record]]) -> list[Outcome]:
        """Some pages in one transaction; where it fails, each in its own, so that those before the fault are kept."""
        try:
            return self._kept_as_one(batch)
        except StoreError:
            if len(batch) == 1:
                raise
        return [found for one in batch for found in self._kept_as_one([one])]

    def _kept_as_one(self, batch: Sequence[tuple[Arrival, Record]]) -> list[Outcome]:
        versions, entered = [], []
        with self.store.writing():
            for arrival, record in batch:
                version = self.store.put_version(_version(arrival, record), arrival.raw)
                claims = claims_of(record, version, reading_id(record.version))
                versions.append(version)
                entered.append(self._entered(version, record, claims))
            merged = iter(self._merged([one for one in entered if one is not None]))
        return [
            _outcome(arrival, version, one, next(merged) if one else None)
            for (arrival, _), version, one in zip(batch, versions, entered, strict=True)
        ]

    def enter(self, version: DocumentVersion, record: Record, claims: Sequence[Claim]) -> Merged | None:
        """Keeps a reading of a version that is there, and merges its claims with all others, as one transaction or part of one.

        `version` is as the store gave it: without a story it has never been read. None where that reading was known.
        """
        with self.store.writing():
            entered = self._entered(version, record, claims)
            return self._merged([entered])[0] if entered is not None else None

    def _entered(self, version: DocumentVersion, record: Record, claims: Sequence[Claim]) -> _Entered | None:
        former = self.store.claims_of(version.id) if version.story else ()
        blocks = {one.id: block_keys(one) for one in claims}
        if not self.store.put_reading(version.id, record, claims, blocks):
            return None
        copied, retold = self._tell_copies(version, record)
        touched = [*(one.id for one in former), *(one.id for one in claims if one.section == "event"), *retold]
        return _Entered(copy_of=copied, claims=claims, touched=touched)

    def _merged(self, entered: Sequence[_Entered]) -> list[Merged]:
        """Links and groups the claims of all at once; each incident counts for the first page that touches it."""
        grouping.link(self.store, [claim for one in entered for claim in one.claims])
        new, changed = grouping.regroup(self.store, [name for one in entered for name in one.touched])
        first = {name: number for number in reversed(range(len(entered))) for name in entered[number].touched}
        counts = [[0, 0] for _ in entered]
        for kind, found in enumerate((new, changed)):
            for one in found:
                counts[min((first[name] for name in one.claims if name in first), default=-1)][kind] += 1
        return [
            Merged(copy_of=one.copy_of, new=made, changed=moved)
            for one, (made, moved) in zip(entered, counts, strict=True)
        ]

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


def _together(read: Iterable[tuple[Arrival, Record]]) -> Iterator[list[tuple[Arrival, Record]]]:
    """What was read, some pages at a time: few enough, and soon enough, that little is lost when the run is killed.

    Where the next page cannot be read, those before it come first and then the fault.
    """
    batch: list[tuple[Arrival, Record]] = []
    begun = time.monotonic()
    try:
        for one in read:
            batch.append(one)
            if len(batch) >= TOGETHER or time.monotonic() - begun > SOON:
                yield batch
                batch, begun = [], time.monotonic()
    except _ReadFault:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _outcome(arrival: Arrival, version: DocumentVersion, entered: _Entered | None, merged: Merged | None) -> Outcome:
    if entered is None or merged is None:
        return Outcome(name=arrival.page.name, what="known", version=version.id)
    return Outcome(
        name=arrival.page.name, what="added", version=version.id, number=0 if version.story else version.number,
        copy_of=merged.copy_of, claims=len(entered.claims), incidents_new=merged.new, incidents_changed=merged.changed,
    )  # fmt: skip


class _ReadFault(TocsinError):
    """The reader raised what it never should."""


def _guarded(reader: Reads, pages: list[Page]) -> Iterator[Record]:
    """The records of the pages, begun at once where the reader can; whatever goes wrong within it is a `_ReadFault`, so that it
    is told from the store's.
    """
    return _with_faults(reader.read(pages))


def _with_faults(records: Iterator[Record]) -> Iterator[Record]:
    try:
        yield from records
    except ReaderLost as problem:
        raise _ReadFault(str(problem)) from problem
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
