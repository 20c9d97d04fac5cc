"""Incidents in the columns of UCDP's Georeferenced Event Dataset, so that what reads its files reads ours. It is not UCDP's coding.

The 49 columns, in their order of release 21 and later, and the precision codes are those of the GED code book (as UCDP's interface
and public readers of its files have them). The cell of PRIO-GRID is computed by Tollefsen, Strand and Buhaug (2012): half a degree,
numbered row by row from the south-west corner. `docs/exports.md` says what each column holds of ours, and what is left out.
"""

from __future__ import annotations

import csv
import datetime
import math
from collections.abc import Iterator
from typing import IO, Any

from tocsin.codebook import codebook
from tocsin.export import each
from tocsin.export.coded import countries, deaths, pages, sort_of, speakers, stretch
from tocsin.ledger import Incident, IncidentFilter, Locus, Party
from tocsin.plain import cell
from tocsin.store.base import Reads

COLUMNS = (
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id dyad_new_id "
    "dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources source_article source_office "
    "source_date source_headline source_original where_prec where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt "
    "priogrid_gid country country_id region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians "
    "deaths_unknown best high low gwnoa gwnob"
).split()  # fmt: skip
WATER = frozenset({"sea", "strait", "gulf", "ocean"})  # features of the gazetteer
NEAR_KM = 50  # a wider area than this is more than 'near a place'
ARMED = frozenset({"state", "rebel", "militia"})
DATE_PREC = ((1, 1), (6, 2), (7, 3), (31, 4), (366, 5))  # days at most, and the code


def events(store: Reads, wanted: IncidentFilter, stream: IO[str]) -> int:
    """Writes a row for each incident that the layout can hold. Returns how many."""
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    number = 0
    for row in _rows(store, wanted):
        writer.writerow({name: cell(value) for name, value in row.items()})
        number += 1
    return number


def _rows(store: Reads, wanted: IncidentFilter) -> Iterator[dict[str, Any]]:
    for one in each(store, wanted):
        row = row_of(store, one)
        if row is not None:
            yield row


def row_of(store: Reads, one: Incident) -> dict[str, Any] | None:
    """An incident in UCDP's columns; None where it is no organised violence, killed nobody that is told of, or has no year or country."""
    kind = codebook().kinds.get(one.kind)
    coded = kind.codes.ucdp if kind else None
    killed, days, place = deaths(one), stretch(one), one.place
    if coded is None or killed is None or not killed.best or days is None:
        return None
    precision = date_prec(*days)
    if precision is None or place is None or place.precision == "unresolved":
        return None
    return (
        {"id": one.id, "relid": one.id, "year": days[0].year, "code_status": one.status} | _sides(one, coded) | _sources(store, one)
        | _where(place)
        | {"event_clarity": 1 if precision == 1 else 2, "date_prec": precision, "date_start": days[0].isoformat(), "date_end": days[1].isoformat()}
        | {"deaths_unknown": killed.best, "best": killed.best, "high": killed.high, "low": killed.low}
    )  # fmt: skip


def date_prec(first: datetime.date, last: datetime.date) -> int | None:
    """1 the day, 2 two to six days, 3 a week, 4 a month, 5 a year; None for a longer stretch."""
    long = (last - first).days + 1
    return next((code for most, code in DATE_PREC if long <= most), None)


def _sides(one: Incident, coded: str) -> dict[str, Any]:
    """The type of violence and the sides. In violence of states the government is side A; in one-sided violence B are civilians."""
    actors, others = one.actors, one.recipients
    if coded == "1" and _sort(others) == "state" and _sort(actors) != "state":
        actors, others = others, actors
    names = (_name(actors), "Civilians" if coded == "3" and _sort(others) == "civilian" else _name(others))
    return {
        "type_of_violence": type_of_violence(one, coded), "side_a": names[0], "side_b": names[1],
        "dyad_name": " - ".join(names) if all(names) else "",
    }  # fmt: skip


def type_of_violence(one: Incident, coded: str) -> str:
    """3 as the codebook has it; 1 where a side is a state's; 2 where both are armed and neither is; empty where that is not told."""
    sorts = (_sort(one.actors), _sort(one.recipients))
    if coded == "3" or "state" in sorts:
        return coded
    return "2" if all(sort in ARMED for sort in sorts) else ""


def _sort(rows: tuple[Party, ...]) -> str:
    return sort_of(rows[0]) if rows else "unknown"


def _name(rows: tuple[Party, ...]) -> str:
    return rows[0].name if rows else ""


def _sources(store: Reads, one: Incident) -> dict[str, Any]:
    """The pages, reprints left out: `"outlet,day,headline"` each, joined by `;`; and who is quoted."""
    claims, read = pages(store, one)
    articles = (
        f'"{version.outlet},{version.published or ""},{(version.title or "").replace(chr(34), chr(39))}"'
        for version in read
    )
    return {
        "number_of_sources": len(read) or -1, "source_article": ";".join(articles),
        "source_office": ";".join(version.outlet for version in read), "source_date": ";".join(version.published or "" for version in read),
        "source_headline": ";".join(version.title or "" for version in read), "source_original": "; ".join(speakers(claims)),
    }  # fmt: skip


def _where(place: Locus) -> dict[str, Any]:
    located = place.lat is not None and place.lon is not None
    country = countries().get(place.country or "")
    prec = where_prec(place)
    return {
        "where_prec": prec, "where_coordinates": place.name, "where_description": place.called or place.name, "adm_1": place.admin1,
        "latitude": place.lat, "longitude": place.lon, "geom_wkt": f"POINT ({place.lon} {place.lat})" if located else "",
        "priogrid_gid": priogrid(place.lat, place.lon) if located and prec != 6 else "", "country": country.name if country else place.country,
    }  # fmt: skip


def where_prec(place: Locus) -> int:
    """1 the place, 2 near it, 3 a district, 4 a province, 5 a larger area, 6 a country, 7 on water."""
    if place.feature in WATER:
        return 7
    if place.precision == "admin":
        return 4 if place.admin1 in (None, place.name) else 3  # a district names the province that it lies in
    if place.precision == "area":
        return 2 if (place.radius_km or 0) <= NEAR_KM else 5
    return 6 if place.precision == "country" else 1


def priogrid(lat: float | None, lon: float | None) -> int:
    """The number of the half-degree cell, from 1 at the south-west corner of the world, 720 to a row."""
    row = min(359, math.floor(((lat or 0.0) + 90) * 2))
    column = min(719, math.floor(((lon or 0.0) + 180) * 2))
    return row * 720 + column + 1
