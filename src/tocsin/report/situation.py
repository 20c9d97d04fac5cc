"""What a situation report says, as rows: sections of entries, entries with citations. How it looks is the writers' work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

import msgspec

from tocsin import rulefiles
from tocsin.export import each
from tocsin.ledger import Claim, DocumentVersion, Edit, FigureRange, Incident, IncidentFilter
from tocsin.merge.titles import days_in_words
from tocsin.store.base import Reads

MOST_CITED = 4  # documents cited for one entry; more say nothing more
MOST_WORDS = 220  # code points quoted
OF_DEEDS = frozenset({"ASSAULT", "COERCE", "PROTEST", "MOBILIZE", "RETREAT", "AID", "NONE", "SANCTION"})
FIGURES = ("killed", "injured", "missing", "abducted", "detained")
SAID = {
    "reported": "reported, the pages take no stand", "alleged": "alleged", "contested": "contested: said by some, denied by others",
    "denied": "denied", "not-happened": "said not to have happened", "threatened": "threatened", "planned": "announced",
    "possible": "feared or thought possible",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an entry stands: the number of the source, and the words of it."""

    number: int
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what is said, details beneath it, and what it rests on."""

    text: str
    details: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    incident: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with entries under sub-headings ('' for none), or what to say where there are none."""

    heading: str
    groups: tuple[tuple[str, tuple[Entry, ...]], ...]
    empty: str = "Nothing in the pages read."


@dataclass(slots=True)
class Report:
    """The whole report. `sources` are the cited document versions in the order of their numbers, from 1."""

    title: str
    period: str
    summary: list[str]
    sections: list[Section]
    method: list[str]
    sources: list[DocumentVersion] = field(default_factory=list)
    points: list[Incident] = field(default_factory=list)
    head: str = ""


def situation(store: Reads, wanted: IncidentFilter, *, title: str | None = None) -> Report:
    """The report of what a filter asks for; its statuses are not used, since every status has its section."""
    everything = list(each(store, msgspec.structs.replace(wanted, status=())))
    deeds = [one for one in everything if one.event_type in OF_DEEDS and one.status != "background"]
    cited = _Cited(store)
    period = days_in_words(wanted.since, wanted.until) if wanted.since else "the whole ledger"
    took = [one for one in deeds if one.status == "happened"]
    sections = [
        _section("What happened", took, cited, by_place),
        _section("Reported or alleged", [one for one in deeds if one.status in ("reported", "alleged")], cited, by_place),
        _section("Contested or denied", [one for one in deeds if one.status in ("contested", "denied", "not-happened")], cited),
        _section("Announced, threatened, feared", [one for one in everything if one.status in ("planned", "threatened", "possible")], cited, by_day),
        _displaced(deeds, cited),
        _control(store, wanted, cited),
    ]  # fmt: skip
    report = Report(
        title=title or f"Situation report{f': {wanted.place}' if wanted.place else ''}", period=period,
        summary=_summary(deeds), sections=sections, method=_method(everything), head=store.head(),
    )  # fmt: skip
    report.sources = cited.sources
    report.points = [one for one in deeds if one.status in ("happened", "reported", "contested")]
    return report


class _Cited:
    """Numbers the sources in the order in which they are first cited."""

    def __init__(self, store: Reads) -> None:
        self._store = store
        self._numbers: dict[str, int] = {}
        self.sources: list[DocumentVersion] = []

    def of(self, claims: Sequence[Claim]) -> tuple[Citation, ...]:
        """Citations of the claims' documents, copies last, each document once."""
        found: dict[int, Citation] = {}
        for claim in claims:
            number = self._number(claim.version)
            if number is not None and number not in found and len(found) < MOST_CITED:
                words = claim.sentence
                found[number] = Citation(number, " ".join(words.text.split())[:MOST_WORDS], words.start, words.end)
        return tuple(found[number] for number in sorted(found))

    def incident(self, one: Incident) -> tuple[Citation, ...]:
        return self.of(self._store.claims(one.claims))

    def _number(self, version_id: str) -> int | None:
        if version_id not in self._numbers:
            version = self._store.version(version_id)
            if version is None:
                return None
            self.sources.append(version)
            self._numbers[version_id] = len(self.sources)
        return self._numbers[version_id]


def by_place(one: Incident) -> str:
    """The sub-heading of an incident's region: first-level region and country, else the country, else that there is none."""
    place = one.place
    if place is None:
        return "Place not known"
    return ", ".join(part for part in (place.admin1, country_name(place.country)) if part) or place.name


@cache
def _countries() -> dict[str, str]:
    return {row["iso2"]: row["name"] for row in rulefiles.table("places/countries.csv")}


def country_name(code: str | None) -> str | None:
    """The country's name by its ISO code; the code itself where the table has none."""
    return _countries().get(code, code) if code else None


def by_day(one: Incident) -> str:
    """The sub-heading of an incident's day."""
    return days_in_words(one.day_from, one.day_to) if one.day_from else "No date"


def _section(
    heading: str, rows: Iterable[Incident], cited: _Cited, group: Callable[[Incident], str] | None = None
) -> Section:
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    ordered = sorted(rows, key=lambda one: (one.day_from or "9999", one.id))
    for one in ordered:
        groups[group(one) if group else ""].append(_entry(one, cited))
    names = (
        sorted(groups, key=lambda name: (name in ("Place not known", "No date"), name))
        if group is by_place
        else list(groups)
    )
    return Section(heading, tuple((name, tuple(groups[name])) for name in names))


def _entry(one: Incident, cited: _Cited) -> Entry:
    details = [line for figures in one.figures if figures.kind in FIGURES and (line := figure_line(figures))]
    parties = [", ".join(row.name for row in rows) for rows in (one.actors, one.recipients) if rows]
    if parties:
        details.insert(0, " → ".join(parties))
    voices = f"{one.voices} independent voice{'s' * (one.voices != 1)}" + (
        f", {one.copies} reprints not counted" if one.copies else ""
    )
    details.append(f"{SAID[one.status]}; {voices}" if one.status in SAID else voices)
    details += [edit_line(edit) for edit in one.edits]
    if one.note:
        details.append(f"Note: {one.note}")
    return Entry(f"{one.title}.", tuple(details), cited.incident(one), one.id)


def edit_line(edit: Edit) -> str:
    """'Set by a person: status, by amal on 2024-06-01; the pages were read as reported.'"""
    was = f"; the pages were read as {edit.was}" if edit.was else ""
    return f"Set by a person: {edit.cell.removeprefix('figure:')}, by {edit.user} on {edit.at[:10]}{was}."


def figure_line(figures: FigureRange) -> str:
    """'Killed: 9–13 (best 11). 9: hospital director; 13: Frontline Monitor. The figures differ.'; '' where no number counts."""
    if figures.best is None:
        return ""
    span = (
        f"{figures.low:,}–{figures.high:,} (best {figures.best:,})"
        if figures.low != figures.high and figures.low is not None and figures.high is not None
        else f"{figures.best:,}"
    )
    unit = " households" if figures.unit == "households" else ""
    said = [
        f"{_number(one.figure.low, one.figure.best, one.figure.high)}: {one.figure.voice.speaker or one.outlet}"
        for one in figures.reports
        if one.counted
    ]
    who = f" ({said[0].split(': ', 1)[1]})" if len(said) == 1 else ""
    told = f" {'; '.join(dict.fromkeys(said))}." if len(said) > 1 else ""
    return (
        f"{figures.kind.capitalize()}: {span}{unit}{who}.{told}{' The figures differ.' if figures.contradicted else ''}"
    )


def _number(low: int | None, best: int | None, high: int | None) -> str:
    if best is not None and low == best and high is None:
        return f"{best:,} or more"
    return f"{best if best is not None else low if low is not None else high:,}"


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _summary(deeds: Sequence[Incident]) -> list[str]:
    counted = [one for one in deeds if one.status in ("happened", "reported", "contested")]
    lines = [
        f"{_many(len([one for one in deeds if one.status == 'happened']), 'incident')} that the pages assert, "
        f"{len([one for one in deeds if one.status in ('reported', 'alleged')])} only reported or alleged, "
        f"{len([one for one in deeds if one.status in ('contested', 'denied')])} contested or denied."
    ]
    for kind in ("killed", "injured"):
        ranges = [
            row
            for one in counted
            for row in one.figures
            if row.kind == kind and row.unit == "persons" and row.best is not None
        ]
        if ranges:
            low, best, high = (sum(getattr(row, name) or 0 for row in ranges) for name in ("low", "best", "high"))
            span = f"{low:,}–{high:,} (best {best:,})" if low < high else f"{best:,}"
            lines.append(
                f"{kind.capitalize()} in the incidents counted here: {span}, the sum over {_many(len(ranges), 'incident')}."
            )
    return lines


def _displaced(deeds: Sequence[Incident], cited: _Cited) -> Section:
    """People driven out and people at risk, apart: a fear is no displacement, households are no persons."""
    groups: dict[str, list[Entry]] = {}
    for one in sorted(deeds, key=lambda one: (one.day_from or "9999", one.id)):
        for figures in one.figures:
            if figures.kind in ("displaced", "at-risk") and figures.best is not None:
                feared = one.status in ("possible", "planned", "threatened") or figures.kind == "at-risk"
                name = "At risk, or feared to be displaced" if feared else "Displaced"
                groups.setdefault(name, []).append(
                    Entry(f"{one.title}.", (figure_line(figures),), cited.incident(one), one.id)
                )
    return Section("Displacement", tuple((name, tuple(groups[name])) for name in sorted(groups)))


def _control(store: Reads, wanted: IncidentFilter, cited: _Cited) -> Section:
    page = store.section("control", since=wanted.since, until=wanted.until, place=wanted.place, limit=200)
    entries = []
    for claim in sorted(page.rows, key=lambda one: (one.day_from or "", one.id)):
        holder = ", ".join(one.name for one in claim.actors) or "somebody the page does not name"
        taken = f", taken from {', '.join(one.name for one in claim.recipients)}" if claim.recipients else ""
        where = claim.place.called or claim.place.name if claim.place else "a place that could not be told"
        entries.append(Entry(f"{where}: held by {holder}{taken} ({claim.status}).", (), cited.of([claim])))
    return Section("Control of places", (("", tuple(entries)),) if entries else ())


def _method(rows: Sequence[Incident]) -> list[str]:
    background = sum(one.status == "background" for one in rows)
    return [
        "Read from the pages listed below by Tocsin, by rules that can be looked up; every line leads to the words it rests on. "
        "Reprints of one text are one voice.",
        "A range is that of the latest figure of each independent voice; 'best' is their lower median. Totals add the ranges of incidents "
        "that happened, are reported, or are contested, not what is only alleged, denied, feared or announced.",
        f"Left out: {background} incidents recalled from before the news of their pages, and everything that people rejected in review. "
        "What no page told is not here: few reports are no proof of quiet.",
    ]  # fmt: skip
