"""Incidents in the columns of ACLED, so that what reads its files reads ours. This is not ACLED's data, nor its coding.

The 31 columns, their order and their codes are those of the code book that ACLED's users' R package carries (acledR,
`acled_codebook`; the Python package `acled` 1.0.2 reads the same names). `docs/exports.md` says what each column holds of ours, and
what is left out because the layout has no place for it.
"""

from __future__ import annotations

import calendar
import csv
import datetime
from collections.abc import Iterator
from functools import cache
from typing import IO, Any

from tocsin import rulefiles
from tocsin.codebook import codebook
from tocsin.export import each
from tocsin.export.coded import Country, Sort, countries, deaths, pages, sort_of, state_of, stretch
from tocsin.ledger import FigureRange, Incident, IncidentFilter, Locus, Party
from tocsin.plain import cell
from tocsin.store.base import Reads

COLUMNS = (
    "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1 actor2 assoc_actor_2 "
    "inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location latitude longitude geo_precision source "
    "source_scale notes fatalities tags timestamp"
).split()  # fmt: skip
# 1 state forces, 2 rebels, 3 political militias, 5 rioters, 6 protesters, 7 civilians, 8 external or other forces, 0 none
INTER: dict[Sort, int] = {"state": 1, "rebel": 2, "militia": 3, "civilian": 7, "other": 8, "unknown": 0}
CROWD = {"Protests": 6, "Riots": 5}
GEO_PRECISION = {"exact": 1, "area": 2, "admin": 3}
LONGEST = 31  # days; what is known only to a longer stretch has no date in this layout
WITHIN_A_WEEK = 7


def events(store: Reads, wanted: IncidentFilter, stream: IO[str]) -> int:
    """Writes a row for each incident that the layout can hold. Returns how many."""
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
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


@cache
def _types() -> dict[str, dict[str, str]]:
    return {row["sub_event_type"]: row for row in rulefiles.table("codes/acled.csv")}


def row_of(store: Reads, one: Incident) -> dict[str, Any] | None:
    """An incident in ACLED's columns; None where it has no sub-event type, no day within a month, or no place finer than a country."""
    kind = codebook().kinds.get(one.kind)
    coded = _types().get((kind.codes.acled if kind else None) or "")
    days, place = stretch(one), one.place
    if coded is None or days is None or (days[1] - days[0]).days >= LONGEST:
        return None
    if place is None or place.precision not in GEO_PRECISION or place.lat is None or place.lon is None:
        return None
    country = countries().get(place.country or "", Country("", "", place.country or ""))
    return (
        {"event_id_cnty": one.id} | _when(*days) | coded | _who(one, coded, country)
        | _where(place, country) | _what(store, one)
    )  # fmt: skip


def _when(first: datetime.date, last: datetime.date) -> dict[str, Any]:
    """The day, or the middle of the stretch with the precision 2 (within a week) or 3 (within a month), as ACLED dates them."""
    long = (last - first).days
    middle = first + datetime.timedelta(days=long // 2)
    return {
        "event_date": middle.isoformat(), "year": middle.year, "time_precision": 1 if not long else 2 if long < WITHIN_A_WEEK else 3,
    }  # fmt: skip


def _who(one: Incident, coded: dict[str, str], country: Country) -> dict[str, Any]:
    """Both sides; the order does not say who did it to whom, as ACLED's does not."""
    first, second = one.actors, one.recipients
    if not first:
        first, second = second, ()
    inter1, inter2 = (_inter(rows, coded["event_type"], country) for rows in (first, second))
    target = inter2 if one.actors else inter1
    violent = coded["disorder_type"] == "Political violence"
    aimed = coded["event_type"] == "Violence against civilians" or (violent and target == INTER["civilian"])
    return {
        "actor1": first[0].name if first else "", "assoc_actor_1": "; ".join(row.name for row in first[1:]), "inter1": inter1,
        "actor2": second[0].name if second else "", "assoc_actor_2": "; ".join(row.name for row in second[1:]), "inter2": inter2,
        "interaction": _interaction(inter1, inter2, alone=not second),
        "civilian_targeting": "Civilian targeting" if aimed else "",
    }  # fmt: skip


def _inter(rows: tuple[Party, ...], event_type: str, country: Country) -> int:
    """The type of a side by its first party. Forces of another state are external; a crowd's people are protesters or rioters."""
    if not rows:
        return 0
    sort = sort_of(rows[0])
    if sort == "state" and country.iso3 and state_of(rows[0]) not in (None, country.iso3):
        return INTER["other"]
    return CROWD.get(event_type, INTER["civilian"]) if sort == "civilian" else INTER[sort]


def _interaction(inter1: int, inter2: int, *, alone: bool) -> int | str:
    """Both types, the lower first; a side alone with 0 behind it; empty where a side's type is not known."""
    if not inter1 or (not inter2 and not alone):
        return ""
    return inter1 * 10 if alone else min(inter1, inter2) * 10 + max(inter1, inter2)


def _where(place: Locus, country: Country) -> dict[str, Any]:
    return {
        "iso": country.number, "region": "", "country": country.name, "admin1": place.admin1 or "", "admin2": "", "admin3": "",
        "location": place.name, "latitude": place.lat, "longitude": place.lon, "geo_precision": GEO_PRECISION[place.precision],
    }  # fmt: skip


def _what(store: Reads, one: Incident) -> dict[str, Any]:
    _, read = pages(store, one)
    killed = deaths(one)
    return {
        "source": "; ".join(dict.fromkeys(version.outlet for version in read)), "source_scale": "", "notes": _notes(one),
        "fatalities": _fatalities(killed), "tags": "; ".join(f"{name}={value}" for name, value in _tags(one, killed)),
        "timestamp": _seconds(one.changed or one.first_known),
    }  # fmt: skip


def _fatalities(killed: FigureRange | None) -> int:
    """The lowest figure: ACLED takes the most conservative one where reports differ. 0 where nobody gave a number (see the tags)."""
    numbers = [one for one in (killed.low, killed.best, killed.high) if one is not None] if killed else []
    return min(numbers, default=0)


def _notes(one: Incident) -> str:
    told = [f"{one.title}.", f"Status: {one.status}, {one.voices} independent voice{'s' * (one.voices != 1)}."]
    for figure in one.figures:
        said = {
            f"{report.figure.text} ({report.figure.voice.speaker or report.outlet})"
            for report in figure.reports
            if report.counted
        }
        told += [f"{figure.kind.capitalize()}: {'; '.join(sorted(said))}."] if said else []
    return " ".join([*told, "Read by Tocsin; not coded by ACLED."])


def _tags(one: Incident, killed: FigureRange | None) -> Iterator[tuple[str, object]]:
    """What the layout has no column for, so that nobody takes a claim for a fact or an unknown number for none."""
    yield "status", one.status
    yield "review", one.review
    yield "voices", one.voices
    numbers = [number for number in (killed.low, killed.best, killed.high) if number is not None] if killed else []
    if not numbers:
        yield "fatalities", "number not known" if killed else "not reported"
    elif killed and killed.low != killed.high:
        yield (
            "fatalities",
            f"{killed.low if killed.low is not None else '?'}-{killed.high if killed.high is not None else '?'}",
        )
    if one.edited:
        yield "edited", ",".join(one.edited)


def _seconds(moment: str) -> int | str:
    """Seconds since 1970; empty where the moment is not known."""
    try:
        return calendar.timegm(datetime.datetime.fromisoformat(moment.replace("Z", "+00:00")).utctimetuple())
    except ValueError:
        return ""
