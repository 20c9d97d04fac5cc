"""What every store can do. Drivers live in this package alone; all else sees the protocol and the rows of `ledger`.

One page is added in one transaction: version, reading, claims, links and the incidents that it touches become visible together
or not at all. Readers never wait for a writer. Every list is in a stated order, so that the same question has the same answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

from tocsin.ledger import Action, Claim, DocumentVersion, Incident, IncidentFilter, Judgement, Link, Section
from tocsin.records import FigureKind, Record, Row


class Page(Row, frozen=True, kw_only=True):
    """A slice of a longer list: its rows, how many there are in all, and where the next slice begins (None: nowhere)."""

    rows: tuple[Any, ...]
    total: int
    next: int | None = None


class Fault(Row, frozen=True, kw_only=True):
    """What `verify` found wrong: the table or file, the row, and what it should have been."""

    where: str
    name: str
    problem: str


class Hit(Row, frozen=True, kw_only=True):
    """A document version that a search found, with the words around the finding (plain text; `marks` are spans in it)."""

    version: DocumentVersion
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()


class OutletState(Row, frozen=True, kw_only=True):
    """One outlet: its pages, copies and claims, and the inputs that failed, newest first, each with its reason."""

    outlet: str
    documents: int = 0
    versions: int = 0
    copies: int = 0
    claims: int = 0
    last: str | None = None
    failures: tuple[tuple[str, str, str], ...] = ()


class Change(Row, frozen=True, kw_only=True):
    """A run of sentences between two versions: `same` in both, `gone` from the first, or `new` in the second."""

    kind: Literal["same", "gone", "new"]
    text: str


class Reads(Protocol):
    """Questions. All are safe while another process writes."""

    def version(self, version_id: str) -> DocumentVersion | None: ...
    def versions(self, document: str) -> tuple[DocumentVersion, ...]:
        """All versions of a document, the first first."""

    def versions_of(self, version_ids: Iterable[str]) -> tuple[DocumentVersion, ...]:
        """The versions of these ids, in the order they were added; ids that are not known are left out."""

    def tellings(self, stories: Iterable[str]) -> tuple[DocumentVersion, ...]:
        """All versions that tell one of these stories, in the order they were added."""

    def diff(self, version_a: str, version_b: str) -> tuple[Change, ...]:
        """The sentences of two versions' texts as runs, in order."""

    def record(self, version_id: str) -> Record | None:
        """The newest reading of a version, whole."""

    def raw(self, version_id: str) -> bytes | None:
        """The bytes that came in. Raises `StoreError` where the archive's file does not match its name."""

    def claim(self, claim_id: str) -> Claim | None: ...
    def claims(self, claim_ids: Iterable[str]) -> tuple[Claim, ...]:
        """In the order of the ids, each once; ids that are not known are left out."""

    def claims_of(self, version_id: str) -> tuple[Claim, ...]:
        """The claims of a version's newest reading, in the record's order."""

    def all_claims(self, section: Section = "event") -> Iterator[Claim]:
        """Every claim of a section of the newest readings, ordered by id."""

    def successors(self, claim_ids: Iterable[str], among: Collection[str] | None = None) -> dict[str, str]:
        """For claims of readings that newer ones took the place of, the claim that now stands for the same words.

        With `among` the first of the later ones that is one of these, as it stood for them at some moment; none where none is.
        """

    def predecessors(self, claim_ids: Iterable[str]) -> tuple[str, ...]:
        """The claims of former readings that these now stand for, ordered."""

    def incidents_of(self, claims: Iterable[str]) -> tuple[Incident, ...]:
        """The incidents that hold any of these claims now, ordered by id."""

    def held_together(self, claims: Iterable[str]) -> set[frozenset[str]]:
        """The claims of each incident that now holds any of these."""

    def links_among(self, claims: Iterable[str]) -> tuple[Link, ...]:
        """The links whose two claims are both among these, ordered."""

    def section(
        self,
        section: Section,
        *,
        kind: str | None = None,
        speaker: str | None = None,
        target: str | None = None,
        place: str | None = None,
        since: str | None = None,
        until: str | None = None,
        text: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Page:
        """Claims of one section, newest first: the ledgers of statements, announcements, control and zones."""  # fmt: skip

    def figures(
        self,
        kind: FigureKind,
        *,
        place: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Page:
        """Claims with a figure of that kind, beside an event or alone, newest day first; `total` counts to the next page only."""

    def incident(self, any_id: str) -> Incident | None:
        """The incident of that id, or the one that now holds the claim or the former incident of that id."""

    def incidents(self, wanted: IncidentFilter, *, limit: int = 50, offset: int = 0, order: str = "-day") -> Page:
        """`order` is day, -day, changed, -changed, killed, -killed."""

    def points(self, wanted: IncidentFilter, *, limit: int = 20_000) -> tuple[dict[str, Any], ...]:
        """The same incidents for a map, small: id, title, kind, status, day_from, day_to, lat, lon, precision, radius_km, killed."""

    def counts(self, wanted: IncidentFilter) -> tuple[dict[str, Any], ...]:
        """A row a day and status: day, status, incidents, killed_low, killed_best, killed_high."""

    def inbox(self, *, after: str | None = None, limit: int = 50) -> Page:
        """Incidents that are `new` or `changed` since a person last judged them, the latest change first."""

    def judgements(self, claims: Iterable[str] = ()) -> tuple[Judgement, ...]:
        """All, or those about any of the claims, in the order they were given."""

    def judgement(self, judgement_id: str) -> Judgement | None: ...
    def judgements_by(self, *actions: Action) -> tuple[Judgement, ...]:
        """All judgements of these actions, in the order they were given."""

    def search(self, query: str, *, limit: int = 50, offset: int = 0) -> Page:
        """Full text over the newest versions: `Hit`s. A query of odd characters finds nothing; it never raises."""

    def outlets(self) -> tuple[OutletState, ...]: ...
    def documents(self, outlet: str | None = None, *, limit: int = 50, offset: int = 0) -> Page:
        """Versions, of one outlet or of all, the last added first."""

    def story(self, story: str, *, limit: int = 100) -> tuple[DocumentVersion, ...]:
        """The versions of one story, the first first."""

    def totals(self) -> dict[str, int]:
        """How many documents, versions, claims, incidents and judgements there are."""

    def known_at(self, moment: str, by: str = "published") -> Iterator[Claim]:
        """Event claims known by a moment, ordered by id: `published` (the page's date, else when it was added) or `added`.

        A page whose date is a day counts from the end of that day: whether it was out at noon nobody knows.
        """

    def verify(self) -> Iterator[Fault]:
        """Walks the chain, the claims and the archive; yields what is not as it was written."""

    def head(self) -> str:
        """The hash of the chain's last entry: noted elsewhere, it proves later that nothing before it was changed or cut off."""

    def holds(self, head: str) -> bool:
        """Whether the chain has an entry of this hash."""


class Writes(Protocol):
    """Changes. Each call is one transaction, or part of the one that `writing` opened."""

    def writing(self) -> AbstractContextManager[None]:
        """One transaction around several calls; leaves the store untouched where the block raises."""

    def put_version(self, version: DocumentVersion, raw: bytes) -> DocumentVersion:
        """Archives the bytes and keeps the version; the stored one, if those bytes are known already."""

    def put_reading(
        self, version_id: str, record: Record, claims: Sequence[Claim], blocks: Mapping[str, Sequence[str]]
    ) -> bool:
        """Keeps a reading with its claims; `blocks` are the keys under which each claim is looked for. False: known already.

        The reading's name is `tocsin.store.reading_id(record.version)`, and every claim's `reading` must be it.
        """

    def put_blocks(self, blocks: Mapping[str, Sequence[str]]) -> None: ...
    def forget_grouping(self) -> None:
        """Takes out all blocks, links and incidents, to be made again."""

    def sharing(self, keys: Iterable[str]) -> dict[str, set[str]]:
        """The claims that share a block key, of the newest reading of their version, with the keys that each shares."""

    def put_links(self, links: Iterable[Link]) -> None: ...
    def component(self, claims: Iterable[str]) -> tuple[tuple[Claim, ...], tuple[Link, ...]]:
        """All claims that links or `same` judgements join to these, and the links among them, without their reasons."""

    def put_incidents(self, gone: Iterable[str], now: Sequence[Incident]) -> dict[str, Incident]:
        """Takes the incidents of these claims out and puts the new ones in, with when they changed; returns the former, by id."""

    def put_judgement(self, judgement: Judgement) -> None: ...
    def put_failure(self, name: str, reason: str, outlet: str = "unknown") -> None: ...
    def story_candidates(self, bands: Iterable[str]) -> tuple[DocumentVersion, ...]:
        """Versions that share a band of their text's signature."""

    def put_signature(
        self, version_id: str, bands: Sequence[str], copy_of: str | None, story: str, *, anew: bool = True
    ) -> None:
        """Keeps under which bands a version's text is found, and what it copies; `anew` in place of what was kept before."""

    def put_story(self, version_id: str, copy_of: str | None, story: str) -> None: ...


class Store(Reads, Writes, Protocol):
    """A ledger, open. `close` gives back what it holds; a store that is not closed loses nothing."""

    def close(self) -> None: ...
