"""What the desk keeps and shows: documents, claims, judgements, and the incidents that are derived from them.

A `Claim` is stored for ever as it was read. A `Judgement` is a person's word about claims, appended and never changed. An
`Incident` is derived from both and can always be made again: the same claims and judgements, in any order, give the same
incidents. Rows are frozen values without behaviour; `store` keeps them, `merge` derives, `serve`, `export` and `report` show.

Days are ISO dates `YYYY-MM-DD`, closed intervals. Moments are ISO 8601 in UTC with seconds, `2026-11-23T10:00:00Z`. Offsets
are Unicode code points into the text of the document version, half-open.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from tocsin.records import FigureKind, Horizon, Row, Span, Status

Section = Literal["event", "figure", "statement", "control", "announcement", "zone"]
Unit = Literal["persons", "households"]
Precision = Literal["exact", "admin", "country", "area", "unresolved"]
IncidentStatus = Literal[
    "happened", "reported", "alleged", "contested", "denied", "not-happened", "threatened", "planned", "possible", "background"
]  # fmt: skip
Review = Literal["new", "changed", "accepted", "rejected"]
Action = Literal["same", "not-same", "accept", "reject", "edit", "note", "assign", "code", "adjudicate", "undo"]


class DocumentVersion(Row, frozen=True, kw_only=True):
    """One fetch of a page, as its raw bytes were. A page fetched again and found changed is a new version of its document.

    `id` is `sha256:` and the digest of the raw bytes, under which the archive keeps them; `document` names the page over its
    versions (its address without fragment and tracking parameters, else the id of the first version); `number` counts from 1.
    `copy_of` is the id of the version that this one reprints, `story` the id of the story's first version.
    """

    id: str
    document: str
    number: int = 1
    url: str | None = None
    ref: str | None = None
    title: str | None = None
    publisher: str | None = None
    outlet: str = "unknown"
    author: str | None = None
    language: str | None = None
    published: str | None = None
    published_basis: str = "unknown"
    retrieved: str | None = None
    added: str = ""
    media_type: str = "text/plain"
    size: int = 0
    copy_of: str | None = None
    story: str | None = None


class Party(Row, frozen=True, kw_only=True):
    """An actor or recipient of a claim. `key` is what two mentions of one party share: its code and name, or its words."""

    key: str
    name: str
    text: str
    code: str | None = None
    country: str | None = None
    sector: str | None = None
    start: int = 0
    end: int = 0


class Locus(Row, frozen=True, kw_only=True):
    """Where: a resolved place with its precision, and the radius in kilometres within which it lies.

    `name` is the gazetteer's, `called` the name as the page writes it, which is what readers know.
    """

    name: str
    called: str | None = None
    lat: float | None = None
    lon: float | None = None
    country: str | None = None
    admin1: str | None = None
    precision: Precision = "unresolved"
    radius_km: float | None = None
    feature: str | None = None
    geonameid: int | None = None


class Voice(Row, frozen=True, kw_only=True):
    """Who stands behind a claim. `key` is equal for two claims that are not independent of each other.

    `speaker` is the name as shown, None where the page itself asserts it; `via` the outlet or agency that carries it.
    """

    key: str
    speaker: str | None = None
    code: str | None = None
    via: str | None = None


class FigureClaim(Row, frozen=True, kw_only=True):
    """One number that somebody gave: never a sum, never a merge."""

    id: str
    kind: FigureKind
    unit: Unit = "persons"
    low: int | None = None
    best: int | None = None
    high: int | None = None
    status: Status = "happened"
    who: str | None = None
    of_which: str | None = None
    voice: Voice
    text: str = ""
    start: int = 0
    end: int = 0
    cumulative: bool = False
    damaged: bool = False


class Claim(Row, frozen=True, kw_only=True):
    """One asserted thing, as one page was read by one version of the code.

    `id` is made of the version's digest, the reading's and the row's id, so that reading the same page again with the same
    code gives the same claims. `row` is the id in the record (`e3`, `s1` …). `family` is the group of kinds within which reports
    can be about one happening. `day_from` … `day_to` is what is known of when (None: nothing), `day_basis` as in the record.
    `headline` is true where its sentence is the page's headline, which tells again what the page tells below. `detail` holds the
    record's own row as plain JSON, with the spans that explain each cell.
    """

    id: str
    version: str
    reading: str
    section: Section
    row: str
    kind: str
    family: str = ""
    event_type: str | None = None
    status: Status = "happened"
    certainty: float = 1.0
    horizon: Horizon = "current"
    day_from: str | None = None
    day_to: str | None = None
    day_basis: str = "unknown"
    place: Locus | None = None
    places: tuple[Locus, ...] = ()
    actors: tuple[Party, ...] = ()
    recipients: tuple[Party, ...] = ()
    figures: tuple[FigureClaim, ...] = ()
    voices: tuple[Voice, ...] = ()
    outlet: str = "unknown"
    published: str | None = None
    known: str = ""
    trigger: Span
    sentence: Span
    group: str | None = None
    headline: bool = False
    confidence: float = 0.5
    detail: dict[str, Any] = msgspec.field(default_factory=dict)


class Judgement(Row, frozen=True, kw_only=True):
    """A person's word, appended and never changed; `undo` names in `undoes` the judgement that it takes back.

    `claims` are the claims that it is about: for `same` all belong together, for `not-same` the first does not belong with
    the others. For `edit`, `cell` and `value` (JSON) say what the incident of the first claim shall show.
    """

    id: str
    at: str
    user: str
    action: Action
    claims: tuple[str, ...] = ()
    cell: str | None = None
    value: Any = None
    note: str | None = None
    undoes: str | None = None


class Reason(Row, frozen=True, kw_only=True):
    """One part of why two claims were taken for one happening, in words for people, and what it added to the score."""

    part: str
    words: str
    weight: float


class Link(Row, frozen=True, kw_only=True):
    """Two claims that match: their ids in order, the score in 0 … 1, and its parts."""

    one: str
    other: str
    score: float
    reasons: tuple[Reason, ...] = ()


class FigureRange(Row, frozen=True, kw_only=True):
    """What is said of one kind of figure: the range over independent voices, and each report beside its speaker.

    `best` is the median of the latest figure of each independent voice, `low` and `high` the range of those figures. Persons and
    households, killed and injured are never mixed. `contradicted` is true where two voices' ranges do not meet.
    """

    kind: FigureKind
    unit: Unit = "persons"
    low: int | None = None
    best: int | None = None
    high: int | None = None
    voices: int = 0
    contradicted: bool = False
    reports: tuple[FigureReport, ...] = ()


class FigureReport(Row, frozen=True, kw_only=True):
    """A figure, the claim and version that carry it, who gave it and when. `counted` is false for an older or copied one."""

    figure: FigureClaim
    claim: str
    version: str
    outlet: str
    known: str
    counted: bool = True


class Edit(Row, frozen=True, kw_only=True):
    """A cell of an incident that a person set: which, who, when (UTC), by which judgement, and in words what the pages were read as."""

    cell: str
    user: str
    at: str
    judgement: str = ""
    was: str | None = None

    def in_words(self) -> str:
        """`status by amal, 2024-06-01`."""
        return f"{self.cell} by {self.user}, {self.at[:10]}"


class Incident(Row, frozen=True, kw_only=True):
    """One happening, as all claims about it and people's judgements give it.

    `id` is made of its smallest claim id; every claim id leads to the incident that holds it now, so that links last.
    `status` is the strongest that the evidence carries; a denial by a party makes it `contested`. `voices` counts independent
    voices; `copies` the reprints left out of that count. `day_basis` is `stated` where a report or a person says the day; else the
    day is that of the news, as `published` says. `edited` names the cells that a person set, and `edits` tells who set them and when.
    """

    id: str
    title: str
    kind: str
    event_type: str | None = None
    kinds: tuple[str, ...] = ()
    family: str = ""
    status: IncidentStatus = "happened"
    day_from: str | None = None
    day_to: str | None = None
    day_basis: str = "stated"
    place: Locus | None = None
    actors: tuple[Party, ...] = ()
    recipients: tuple[Party, ...] = ()
    figures: tuple[FigureRange, ...] = ()
    voices: int = 0
    documents: int = 0
    copies: int = 0
    claims: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    review: Review = "new"
    edited: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    note: str | None = None
    first_known: str = ""
    changed: str = ""


class IncidentFilter(Row, frozen=True, kw_only=True):
    """What a list, a map, a report or an export asks for. Empty fields ask for everything.

    `since` and `until` are days, both included; an incident is in where its days meet them. `bbox` is west, south, east, north
    in degrees. `place` matches a place's name, admin-1 or ISO country. `text` is a full-text query over the documents.
    """

    since: str | None = None
    until: str | None = None
    place: str | None = None
    country: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    kind: tuple[str, ...] = ()
    event_type: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    actor: str | None = None
    text: str | None = None
    minimum_voices: int = 0
