"""The record of one page: what `docs/record.md` describes, as frozen typed values.

Offsets are Unicode code points into `Document.text`, half-open. For every value that has `start`, `end` and `text`,
`document.text[start:end] == text` holds. Field names are public and fixed; fields may be added, meanings never change.

The types are `msgspec.Struct`s and not dataclasses: they are frozen and typed the same way, and are made and encoded
several times faster, which shows at a thousand values a page.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Status = Literal[
    "happened", "reported", "alleged", "denied", "not-happened", "threatened", "planned", "possible", "background"
]
Horizon = Literal["background", "current", "future"]
Polarity = Literal["positive", "negative"]
ResidueKind = Literal["teaser", "hovercard", "footer", "caption", "credit", "dateline", "advert", "link", "other"]
TimeType = Literal["DATE", "TIME", "DURATION", "SET"]
FigureKind = Literal[
    "killed", "injured", "missing", "detained", "abducted", "displaced", "at-risk", "population", "other"
]
Basis = Literal["given", "metadata", "text", "unknown"]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What every value of a record is: immutable, made by keyword."""


class Span(Row, frozen=True, kw_only=True):
    """A stretch of the document's text."""

    start: int
    end: int
    text: str


class Why(Row, frozen=True, kw_only=True):
    """Why one cell of a row holds what it holds.

    `rule` names the rule or model that decided; `spans` are the words that it rests on; `over` lists the
    candidates that were weighed and not taken, best first, each as short readable text.
    """

    cell: str
    rule: str
    spans: tuple[Span, ...] = ()
    over: tuple[str, ...] = ()


class Document(Row, frozen=True, kw_only=True):
    """The page as read. `id` is the sha256 of the bytes that came in."""

    id: str
    ref: str | None = None
    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    language: str | None = None
    published: str | None = None
    published_basis: Basis = "unknown"
    retrieved: str | None = None
    text: str = ""
    raw_map: tuple[tuple[int, int, int], ...] = ()


class Residue(Row, frozen=True, kw_only=True):
    """Text on the page that is not the article's own. Masked for extraction, never cut from `Document.text`."""

    start: int
    end: int
    kind: ResidueKind
    rule: str = ""
    confidence: float = 1.0


class Time(Row, frozen=True, kw_only=True):
    """A time expression with its TIMEX3 type and value; an unknown part of a value stays `X`."""

    id: str = ""
    start: int
    end: int
    text: str
    type: TimeType
    value: str
    mod: str | None = None
    earliest: str | None = None
    latest: str | None = None
    reference: str | None = None
    rule: str = ""


class Place(Row, frozen=True, kw_only=True):
    """A toponym as written and where it is; `lat` is None where it could not be resolved."""

    id: str = ""
    start: int
    end: int
    text: str
    name: str | None = None
    lat: float | None = None
    lon: float | None = None
    country: str | None = None
    admin1: str | None = None
    feature: str | None = None
    geonameid: int | None = None
    precision: Literal["exact", "admin", "country", "area", "unresolved"] = "unresolved"
    radius_km: float | None = None
    confidence: float = 1.0
    rule: str = ""
    why: tuple[Why, ...] = ()


class Actor(Row, frozen=True, kw_only=True):
    """A mention of somebody who acts or is acted upon, with a CAMEO-style code where one is known."""

    id: str = ""
    start: int
    end: int
    text: str
    name: str | None = None
    code: str | None = None
    country: str | None = None
    sector: str | None = None
    type: Literal["person", "organization"] | None = None
    refers_to: str | None = None
    rule: str = ""
    why: tuple[Why, ...] = ()


class Source(Row, frozen=True, kw_only=True):
    """Whose words: the mention, and the actor that it names where one is known."""

    start: int
    end: int
    text: str
    actor: str | None = None


class Statement(Row, frozen=True, kw_only=True):
    """Somebody's words. `source` is None where the page does not say whose."""

    id: str = ""
    start: int
    end: int
    source: Source | None = None
    cue: Span | None = None
    content: Span
    direct: Literal["yes", "partly", "no"] = "no"
    addressee: Span | None = None
    via: Span | None = None
    rule: str = ""
    confidence: float = 1.0
    why: tuple[Why, ...] = ()


class Target(Row, frozen=True, kw_only=True):
    """What an attack was aimed at or hit."""

    start: int
    end: int
    text: str
    kind: Literal["physical", "human"]


class EventTime(Row, frozen=True, kw_only=True):
    """When: a TIMEX3 date value cut to what is known, and how it is known."""

    value: str | None = None
    precision: str | None = None
    span: str | None = None
    basis: Literal["stated", "published", "inferred", "unknown"] = "unknown"


class Codes(Row, frozen=True, kw_only=True):
    """The kind in other code lists; None where a list has no such kind."""

    cameo: str | None = None
    acled: str | None = None
    ucdp: str | None = None
    muc4: str | None = None


class Event(Row, frozen=True, kw_only=True):
    """One thing that the page says was done, with the judgement whether it happened."""

    id: str = ""
    trigger: Span
    event_type: str
    event_mode: str | None = None
    context: tuple[str, ...] = ()
    kind: str
    codes: Codes = Codes()
    actor: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    time: EventTime = EventTime()
    status: Status = "happened"
    certainty: float = 1.0
    polarity: Polarity = "positive"
    horizon: Horizon = "current"
    said_by: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    instrument: tuple[Span, ...] = ()
    targets: tuple[Target, ...] = ()
    incident: str | None = None
    mentions: tuple[Span, ...] = ()
    confidence: float = 0.5
    rule: str = ""
    why: tuple[Why, ...] = ()


class Figure(Row, frozen=True, kw_only=True):
    """A number of people (or households), as a range. `damaged` figures carry no number."""

    id: str = ""
    start: int
    end: int
    text: str
    kind: FigureKind
    low: int | None = None
    best: int | None = None
    high: int | None = None
    unit: Literal["persons", "households"] = "persons"
    who: str | None = None
    of_which: str | None = None
    status: Status = "happened"
    certainty: float = 1.0
    said_by: tuple[str, ...] = ()
    damaged: bool = False
    cumulative: bool = False
    rule: str = ""
    why: tuple[Why, ...] = ()


class Announcement(Row, frozen=True, kw_only=True):
    """Something said to come at a date: talks, a deadline, a visit."""

    id: str = ""
    what: str
    event: str | None = None
    date: str | None = None
    place: tuple[str, ...] = ()
    announced_by: tuple[str, ...] = ()
    start: int
    end: int
    rule: str = ""


class Control(Row, frozen=True, kw_only=True):
    """Who holds a place, since when, taken from whom."""

    id: str = ""
    place: str | None = None
    holder: tuple[str, ...] = ()
    since: str | None = None
    taken_from: tuple[str, ...] = ()
    status: Status = "happened"
    start: int
    end: int
    rule: str = ""
    why: tuple[Why, ...] = ()


class Zone(Row, frozen=True, kw_only=True):
    """A place under a special regime: de-escalation zone, no-fly zone, buffer zone."""

    id: str = ""
    place: str | None = None
    kind: str
    under: str | None = None
    forbids: str | None = None
    start: int
    end: int
    rule: str = ""


class Issue(Row, frozen=True, kw_only=True):
    """Something a reader of the record should know is missing, damaged or doubtful."""

    code: str
    message: str
    start: int | None = None
    end: int | None = None


class Probe(Row, frozen=True, kw_only=True):
    """A stretch the caller points at, to have its status judged as an event's would be."""

    start: int
    end: int
    status: Status | None = None
    certainty: float | None = None
    polarity: Polarity | None = None
    horizon: Horizon | None = None
    said_by: tuple[str, ...] = ()
    rule: str = ""


class Version(Row, frozen=True, kw_only=True):
    """What read the page: enough to read it again the same way."""

    tocsin: str
    codebook: str
    model: str
    gazetteer: str | None = None


class Record(Row, frozen=True, kw_only=True):
    """Everything Tocsin writes down for one document."""

    document: Document
    residue: tuple[Residue, ...] = ()
    times: tuple[Time, ...] = ()
    places: tuple[Place, ...] = ()
    actors: tuple[Actor, ...] = ()
    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()
    figures: tuple[Figure, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    control: tuple[Control, ...] = ()
    zones: tuple[Zone, ...] = ()
    probes: tuple[Probe, ...] = ()
    issues: tuple[Issue, ...] = ()
    version: Version | None = None


_encoder = msgspec.json.Encoder()


def to_json(record: Record) -> bytes:
    """One line of UTF-8 JSON without the line break; the same record gives the same bytes."""
    return _encoder.encode(record)


def from_json(line: bytes | str) -> Record:
    """The record that `to_json` wrote. Raises `msgspec.ValidationError` where the line is no record."""
    return msgspec.json.decode(line, type=Record)
