"""CSV: incidents, figures by speaker, and incidents under HXL hashtags."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO, Any

from tocsin.export import each
from tocsin.ledger import FigureRange, Incident, IncidentFilter, Party
from tocsin.plain import cell
from tocsin.store.base import Reads

FIGURES = ("killed", "injured", "missing", "abducted", "detained", "displaced")
Row = dict[str, Any]
# HXL 1.1 standard tags (hxlstandard.org); attributes in its form
TAGS = {
    "id": "#event+id", "title": "#event+title", "kind": "#event+type", "status": "#status", "day_from": "#date+start", "day_to": "#date+end",
    "place": "#loc+name", "country": "#country+code+v_iso2", "admin1": "#adm1+name", "lat": "#geo+lat", "lon": "#geo+lon",
    "precision": "#geo+precision", "radius_km": "#geo+radius+km", "actors": "#org+actor", "recipients": "#org+recipient",
    "killed_low": "#affected+killed+min", "killed_best": "#affected+killed", "killed_high": "#affected+killed+max",
    "injured_best": "#affected+injured", "displaced_best": "#affected+displaced", "voices": "#meta+voices", "documents": "#meta+sources",
    "edited": "#meta+edited", "edited_by": "#meta+edited+user", "edited_at": "#meta+edited+date",
}  # fmt: skip


def incidents(store: Reads, wanted: IncidentFilter, stream: IO[str]) -> int:
    """A row an incident. Returns how many were written."""
    return _write(stream, (row_of(one) for one in each(store, wanted)), list(row_of(EMPTY)))


def claims(store: Reads, wanted: IncidentFilter, stream: IO[str]) -> int:
    """A row for each figure that somebody gave, with who gave it: the numbers behind the ranges."""
    columns = (
        "incident incident_title status figure unit low best high counted speaker speaker_code voice via outlet published known_as words "
        "start end claim document"
    ).split()
    return _write(stream, _reports(store, wanted), columns)


def hxl(store: Reads, wanted: IncidentFilter, stream: IO[str]) -> int:
    """Incidents with a row of HXL hashtags beneath the headings."""
    writer = csv.DictWriter(stream, list(TAGS), lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerow(TAGS)
    return _rows(writer, (row_of(one) for one in each(store, wanted)))


def row_of(one: Incident) -> Row:
    """An incident flat: `killed_low` … of persons; households stand in columns of their own."""
    place = one.place
    row: Row = {
        "id": one.id, "title": one.title, "kind": one.kind, "event_type": one.event_type, "status": one.status, "review": one.review,
        "day_from": one.day_from, "day_to": one.day_to, "place": place.name if place else None, "country": place.country if place else None,
        "admin1": place.admin1 if place else None, "lat": place.lat if place else None, "lon": place.lon if place else None,
        "precision": place.precision if place else None, "radius_km": place.radius_km if place else None,
        "actors": _names(one.actors), "actor_codes": _codes(one.actors), "recipients": _names(one.recipients), "recipient_codes": _codes(one.recipients),
        "voices": one.voices, "documents": one.documents, "copies": one.copies,
    }  # fmt: skip
    ranges: dict[tuple[str, str], FigureRange] = {(figure.kind, figure.unit): figure for figure in one.figures}
    for kind in FIGURES:
        row |= _range(kind, ranges.get((kind, "persons")))
    row |= _range("displaced_households", ranges.get(("displaced", "households")))
    return row | _edited(one) | {"first_known": one.first_known, "note": one.note}


def _edited(one: Incident) -> Row:
    """The cells that people set, and in the same order who set each and when (UTC)."""
    return {
        "edited": "; ".join(one.edited), "edited_by": "; ".join(edit.user for edit in one.edits),
        "edited_at": "; ".join(edit.at for edit in one.edits),
    }  # fmt: skip


def _range(name: str, figure: FigureRange | None) -> Row:
    values = (figure.low, figure.best, figure.high) if figure else (None, None, None)
    return dict(zip((f"{name}_low", f"{name}_best", f"{name}_high"), values, strict=True))


def _names(parties: tuple[Party, ...]) -> str:
    return "; ".join(one.name for one in parties)


def _codes(parties: tuple[Party, ...]) -> str:
    return "; ".join(one.code or "" for one in parties)


def _reports(store: Reads, wanted: IncidentFilter) -> Iterator[Row]:
    for one in each(store, wanted):
        for figures in one.figures:
            for report in figures.reports:
                figure = report.figure
                yield {
                    "incident": one.id, "incident_title": one.title, "status": figure.status, "figure": figure.kind, "unit": figure.unit,
                    "low": figure.low, "best": figure.best, "high": figure.high, "counted": str(report.counted).lower(),
                    "speaker": figure.voice.speaker, "speaker_code": figure.voice.code, "voice": figure.voice.key, "via": figure.voice.via,
                    "outlet": report.outlet, "published": report.known[:10], "known_as": figure.who, "words": figure.text, "start": figure.start,
                    "end": figure.end, "claim": report.claim, "document": report.version,
                }  # fmt: skip


def _write(stream: IO[str], rows: Iterator[Row], columns: list[str]) -> int:
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    return _rows(writer, rows)


def _rows(writer: csv.DictWriter[str], rows: Iterator[Row]) -> int:
    number = 0
    for row in rows:
        writer.writerow({name: cell(value) for name, value in row.items()})
        number += 1
    return number


EMPTY = Incident(id="", title="", kind="")
