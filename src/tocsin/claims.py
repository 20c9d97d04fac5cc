"""A page's record as claims: one asserted thing each, with what merging and showing need of it."""

from __future__ import annotations

import calendar
import datetime
import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

import msgspec

from tocsin.families import family_of
from tocsin.ledger import Claim, DocumentVersion, FigureClaim, Locus, Party
from tocsin.records import Actor, Figure, Place, Record, Row, Span
from tocsin.voices import Voices, outlet_of, source_of

__all__ = ["claims_of", "days_of", "outlet_of"]

LONGEST_SENTENCE = 800  # code points shown about a trigger on either side, where a page has no full stops
SHORTEST_HEADLINE = 12  # code points of a sentence that is taken for the headline where the title holds it
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})(?![\dX])")
_YEAR = re.compile(r"(\d{4})(?![\dX])")
_WORDS = re.compile(r"\w+")
_PRECISIONS = ("exact", "area", "admin", "country", "unresolved")
_STOP = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])|\n+")
_NOBODY = frozenset(
    "he she it they him her them we us i you who which this that these those someone somebody everyone".split()
)
_ARTICLE = re.compile(
    r"^(?:the|a|an|some|several|many|its|his|her|their|at least|more than|about|around|\d[\d,.]*)\s+", re.I
)


def claims_of(record: Record, version: DocumentVersion, reading: str) -> tuple[Claim, ...]:
    """All claims of a page's record, in the record's order: events, lone figures, statements, control, announcements, zones.

    The same record, version and reading give the same claims with the same ids.
    """
    page = _Page(record, version, reading)
    return (
        *page.events(), *page.figures(), *page.statements(), *page.control(), *page.announcements(), *page.zones(),
    )  # fmt: skip


def days_of(value: str | None) -> tuple[str | None, str | None]:
    """The closed interval of days that a TIMEX3 value stands for; (None, None) where it names none.

    '2018-09-05T21' is its day, '2018-W36' Monday to Sunday (ISO 8601), '2018-09' the month, '2018' the year.
    """
    if not value:
        return None, None
    try:
        if found := _DAY.match(value):
            day = datetime.date(*map(int, found.groups())).isoformat()
            return day, day
        if found := _WEEK.match(value):
            year, week = map(int, found.groups())
            first = datetime.date.fromisocalendar(year, week, 1)
            return first.isoformat(), (first + datetime.timedelta(days=6)).isoformat()
        if found := _MONTH.match(value):
            year, month = map(int, found.groups())
            first = datetime.date(year, month, 1)
            return first.isoformat(), first.replace(day=calendar.monthrange(year, month)[1]).isoformat()
        if found := _YEAR.match(value):
            first = datetime.date(int(found.group(1)), 1, 1)
            return first.isoformat(), first.replace(month=12, day=31).isoformat()
    except (ValueError, OverflowError):  # the 31st of June, the year 0, the week after the last of all
        return None, None
    return None, None


class _Page:
    """The rows of one record on their way to claims."""

    def __init__(self, record: Record, version: DocumentVersion, reading: str) -> None:
        self._record, self._version, self._reading = record, version, reading
        self._text = record.document.text
        self._stops = [one.span() for one in _STOP.finditer(self._text)]
        self._actors = {one.id: one for one in record.actors}
        self._places = {one.id: one for one in record.places}
        self._figures = {one.id: one for one in record.figures}
        key, self._outlet = source_of(version)
        self._voices = Voices(record, self._outlet, key)
        self._known = version.published or version.retrieved or version.added
        self._title = _in_words(record.document.title or "")

    def events(self) -> Iterator[Claim]:
        for one in self._record.events:
            low, high = days_of(one.time.value)
            loci = self._loci(one.place)
            yield self._claim(
                one, "event", one.id, one.kind, trigger=one.trigger, family=family_of(one.kind), event_type=one.event_type,
                status=one.status, certainty=one.certainty, horizon=one.horizon, day_from=low, day_to=high, day_basis=one.time.basis,
                place=_most_precise(loci), places=loci, actors=self._parties(one.actor), recipients=self._parties(one.recipient),
                figures=tuple(self._figure(self._figures[name]) for name in one.figures if name in self._figures),
                voices=self._voices.of(one.said_by), group=f"{self._version.id}:{one.incident}" if one.incident else None,
                confidence=one.confidence,
            )  # fmt: skip

    def figures(self) -> Iterator[Claim]:
        """Figures that belong to no event: the displaced of a camp, a toll since the war began.

        Mere counts of people ('a garrison of 400') stay in the record: nobody merges or corroborates them.
        """
        owned = {name for one in self._record.events for name in one.figures}
        owned |= {one.id for one in self._record.figures if one.rule == "figure-count" and one.kind == "other"}
        for one in self._record.figures:
            if one.id not in owned:
                yield self._claim(
                    one, "figure", one.id, one.kind, trigger=Span(start=one.start, end=one.end, text=one.text), status=one.status,
                    certainty=one.certainty, figures=(self._figure(one),), voices=self._voices.of(one.said_by),
                    day_from=self._version.published, day_to=self._version.published, day_basis="published",
                )  # fmt: skip

    def statements(self) -> Iterator[Claim]:
        for one in self._record.statements:
            trigger = one.cue or Span(start=one.content.start, end=one.content.start, text="")
            speaker = self._parties((one.source.actor,)) if one.source and one.source.actor else ()
            yield self._claim(
                one, "statement", one.id, "statement", trigger=trigger, actors=speaker, recipients=self._spoken_of(one.addressee, one.content),
                voices=(self._voices.speaker(one),), day_from=self._version.published, day_to=self._version.published,
                day_basis="published", confidence=one.confidence, sentence=self._span(one.start, one.end),
            )  # fmt: skip

    def _spoken_of(self, addressee: Span | None, content: Span) -> tuple[Party, ...]:
        """To whom and about whom: the addressee, then the known parties that the words name."""
        inside = [one for one in self._record.actors if content.start <= one.start < content.end and one.code]
        spans = [
            one for one in self._record.actors if addressee and one.start < addressee.end and addressee.start < one.end
        ]
        return _once(_party(one) for one in (*spans, *inside))

    def control(self) -> Iterator[Claim]:
        for one in self._record.control:
            low, _ = days_of(one.since)
            loci = self._loci((one.place,) if one.place else ())
            yield self._claim(
                one, "control", one.id, "control", trigger=self._span(one.start, one.end), status=one.status, day_from=low or self._version.published,
                day_to=self._version.published, place=_most_precise(loci), places=loci, actors=self._parties(one.holder),
                recipients=self._parties(one.taken_from), voices=(self._voices.own,),
            )  # fmt: skip

    def announcements(self) -> Iterator[Claim]:
        kinds = {one.id: one for one in self._record.events}
        for one in self._record.announcements:
            low, high = days_of(one.date)
            event = kinds.get(one.event or "")
            loci = self._loci(one.place)
            yield self._claim(
                one, "announcement", one.id, event.kind if event else "announcement", trigger=self._span(one.start, one.end),
                family=family_of(event.kind) if event else "", status=event.status if event else "planned", horizon="future",
                day_from=low, day_to=high, day_basis="stated", place=_most_precise(loci), places=loci,
                actors=self._parties(event.actor) if event else (), recipients=self._parties(event.recipient) if event else (),
                voices=self._voices.of(one.announced_by),
            )  # fmt: skip

    def zones(self) -> Iterator[Claim]:
        for one in self._record.zones:
            loci = self._loci((one.place,) if one.place else ())
            yield self._claim(
                one, "zone", one.id, one.kind, trigger=self._span(one.start, one.end), place=_most_precise(loci), places=loci,
                voices=(self._voices.own,), day_from=self._version.published, day_to=self._version.published,
            )  # fmt: skip

    def _claim(self, row: Row, section: str, name: str, kind: str, *, trigger: Span, **cells: object) -> Claim:
        """The claim of one row; its sentence is the one about the trigger."""
        whole = f"{self._version.id}|{self._reading}|{name}"
        sentence = self._sentence(trigger.start, trigger.end)
        told = _in_words(sentence.text)
        values = {
            "id": f"c-{hashlib.sha256(whole.encode()).hexdigest()[:20]}", "version": self._version.id, "reading": self._reading,
            "section": section, "row": name, "kind": kind, "trigger": trigger, "sentence": sentence,
            "headline": len(told) >= SHORTEST_HEADLINE and f" {told} " in f" {self._title} ",
            "outlet": self._outlet, "published": self._version.published, "known": self._known,
            "detail": msgspec.to_builtins(row),
        }  # fmt: skip
        return Claim(**values | cells)

    def _figure(self, one: Figure) -> FigureClaim:
        return FigureClaim(
            id=one.id, kind=one.kind, unit=one.unit, low=one.low, best=one.best, high=one.high, status=one.status, who=one.who,
            of_which=one.of_which, voice=self._voices.of(one.said_by)[0], text=one.text, start=one.start, end=one.end,
            cumulative=one.cumulative, damaged=one.damaged,
        )  # fmt: skip

    def _parties(self, names: Iterable[str]) -> tuple[Party, ...]:
        return _once(_party(self._actors[name]) for name in names if name in self._actors)

    def _loci(self, names: Iterable[str]) -> tuple[Locus, ...]:
        found = (_locus(self._places[name]) for name in names if name in self._places)
        return tuple({(one.name, one.lat, one.lon): one for one in found}.values())

    def _span(self, start: int, end: int) -> Span:
        return Span(start=start, end=end, text=self._text[start:end])

    def _sentence(self, start: int, end: int) -> Span:
        """The words about a stretch, up to full stops or line breaks, at most `LONGEST_SENTENCE` on either side."""
        low, high = max(0, start - LONGEST_SENTENCE), min(len(self._text), end + LONGEST_SENTENCE)
        before = bisect_right(self._stops, start, key=lambda one: one[1]) - 1
        after = bisect_left(self._stops, end, key=lambda one: one[0])
        first = self._stops[before][1] if before >= 0 else low
        last = self._stops[after][0] if after < len(self._stops) else high
        return self._span(max(low, first), min(high, last))


def _in_words(text: str) -> str:
    """Small letters, without punctuation."""
    return " ".join(_WORDS.findall(text.lower()))


def _party(one: Actor) -> Party | None:
    """An actor as a party; None for a pronoun that stands for nobody known."""
    words = " ".join(one.text.split())
    if one.name is None and words.lower() in _NOBODY:
        return None
    plain = _ARTICLE.sub("", words).lower()
    unnamed = one.code if one.code and one.country else f"words:{plain}"
    key = f"{one.code or ''}:{one.name.lower()}" if one.name else unnamed
    return Party(
        key=key, name=one.name or words, text=words, code=one.code, country=one.country, sector=one.sector, start=one.start, end=one.end,
    )  # fmt: skip


def _once(parties: Iterable[Party | None]) -> tuple[Party, ...]:
    return tuple({one.key: one for one in parties if one is not None}.values())


def _locus(one: Place) -> Locus:
    return Locus(
        name=one.name or one.text,
        called=" ".join(one.text.split()), lat=one.lat, lon=one.lon, country=one.country, admin1=one.admin1, precision=one.precision,
        radius_km=one.radius_km, feature=one.feature, geonameid=one.geonameid,
    )  # fmt: skip


def _most_precise(loci: tuple[Locus, ...]) -> Locus | None:
    """The place that says most: the first of the finest precision; an unlocated name only where there is no other."""
    return min(loci, key=lambda one: _PRECISIONS.index(one.precision), default=None)
