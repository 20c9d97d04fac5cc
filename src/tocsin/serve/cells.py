"""What a person may write into a cell of an incident: the value checked, as the ledger keeps it.

A place is a name that the gazetteer knows, with its number where several have it (`Idlib [2411]`, as the list of proposals
writes it), or a name with coordinates (`Harran bridge @ 36.86, 39.03 ±2 km`). A figure is one number, a range, or low, best
and high (`9`, `9-13`, `9-11-13`).
"""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException, Query

from tocsin.codebook import codebook
from tocsin.errors import MissingError
from tocsin.ledger import Locus, Precision
from tocsin.records import Row
from tocsin.resolve.gazetteer import Candidate, Gazetteer
from tocsin.resolve.places import precision_of
from tocsin.serve.seats import Viewer
from tocsin.serve.wanted import FIGURES, STATUSES, day, word
from tocsin.serve.wire import Pages

router = APIRouter(tags=["review"])
page = Pages(router)
CELLS = ("title", "kind", "status", "day_from", "day_to", "place", *(f"figure:{one}" for one in FIGURES))
MOST_PROPOSED, LARGEST, WIDEST_KM = 12, 10**9, 3_000
_NUMBERED = re.compile(r"^(?P<name>.+?)\s*\[(?P<id>\d{1,12})\]$")
_NUMBER = r"[-+]?\d{1,3}(?:\.\d{1,8})?"
_AT = re.compile(rf"^(?P<name>.+?)\s*@\s*(?P<lat>{_NUMBER})\s*,\s*(?P<lon>{_NUMBER})(?:\s*(?:±|\+-|\+/-)\s*(?P<km>\d{{1,4}}(?:\.\d{{1,3}})?)\s*(?:km)?)?$")  # fmt: skip
_FIGURE = re.compile(r"^\s*(\d{1,10})(?:\s*[-–—]\s*(\d{1,10}))?(?:\s*[-–—]\s*(\d{1,10}))?\s*$")


class Proposal(Row, frozen=True, kw_only=True):
    """A place that a name may mean: `value` is what to write into the cell, `words` what tells it from the others."""

    value: str
    words: str
    lat: float
    lon: float
    radius_km: float


class Proposals(Row, frozen=True, kw_only=True):
    """The gazetteer's places of a name, its own names first, the larger first; none where there is no gazetteer."""

    name: str
    places: tuple[Proposal, ...]


@page("/places", "_places.html", Proposals)
def places(seat: Viewer, name: Annotated[str, Query(max_length=200)] = "", value: Annotated[str, Query(max_length=200)] = "") -> object:  # fmt: skip
    """Places that a name may mean, as the cell `place` takes them. `value` is what stands in the form's field so far."""
    asked = (word(name) or word(value) or "").partition("[")[0].partition("@")[0].partition(",")[0].strip()
    try:
        found = _known(asked)
    except MissingError:
        found = []
    return Proposals(name=asked, places=tuple(_proposal(one) for one in found[:MOST_PROPOSED]))


def cell_value(cell: str | None, given: str | None) -> Any:
    """The new value of a cell, as the ledger keeps it. Raises 422 where the cell cannot hold it."""
    value = (given or "").strip() or None
    if cell not in CELLS:
        raise HTTPException(422, f"These cells can be edited: {', '.join(CELLS)}.")
    if cell in ("day_from", "day_to"):
        return day(value)
    if cell == "status" and value not in STATUSES:
        raise HTTPException(422, f"A status is one of {', '.join(STATUSES)}.")
    if cell == "kind" and value not in codebook().kinds:
        raise HTTPException(422, "That kind is not in the codebook.")
    if cell == "title" and not value:
        raise HTTPException(422, "A title wants words.")
    if cell == "place":
        return msgspec.to_builtins(_locus(value or ""))
    return _figure(value or "") if cell.startswith("figure:") else value


def _figure(value: str) -> dict[str, int]:
    """Low, best, high of `9`, `9-13` (best is then its middle, rounded down) or `9-11-13`. Raises 422."""
    found = _FIGURE.match(value)
    if found is None:
        raise HTTPException(422, "A figure is a number (9), a range (9-13), or low, best and high (9-11-13).")
    numbers = [int(one) for one in found.groups() if one is not None]
    low, high = numbers[0], numbers[-1]
    best = numbers[1] if len(numbers) == 3 else (low + high) // 2
    if not low <= best <= high <= LARGEST:
        raise HTTPException(422, "A figure's low is not above its best, nor its best above its high.")
    return {"low": low, "best": best, "high": high}


def _locus(value: str) -> Locus:
    """The place that somebody wrote. Raises 422 where no place or more than one is meant."""
    at = _AT.match(value)
    if at is not None:
        return _measured(at)
    numbered = _NUMBERED.match(value)
    name = numbered["name"] if numbered else value
    try:
        found = _known(name.partition(",")[0])
    except MissingError as problem:
        raise HTTPException(422, f"{problem}. Or give coordinates: {name or 'Name'} @ 35.9, 36.6 ±5 km") from None
    if numbered is not None:
        found = [one for one in found if one.id == int(numbered["id"])]
    if not found:
        raise HTTPException(422, f"The gazetteer knows no place of that name. Give coordinates: {name or 'Name'} @ 35.9, 36.6 ±5 km")  # fmt: skip
    if len(found) > 1:
        several = "; ".join(_proposal(one).value for one in found[:MOST_PROPOSED])
        raise HTTPException(422, f"Several places have that name. Write one of: {several}")
    one = found[0]
    return Locus(
        name=one.name, called=name.partition(",")[0].strip(), lat=one.lat, lon=one.lon, country=one.country or None,
        admin1=one.admin1 or None, precision=precision_of(one), radius_km=one.radius_km, feature=one.feature, geonameid=one.geonameid,
    )  # fmt: skip


def _measured(at: re.Match[str]) -> Locus:
    lat, lon, km = float(at["lat"]), float(at["lon"]), float(at["km"] or 1)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and 0 < km <= WIDEST_KM):
        raise HTTPException(422, f"Latitudes are -90 to 90, longitudes -180 to 180, radii to {WIDEST_KM} km.")
    precision: Precision = "exact" if km <= 5 else "area"
    return Locus(name=at["name"], called=at["name"], lat=lat, lon=lon, precision=precision, radius_km=km)


def _known(name: str) -> list[Candidate]:
    """The gazetteer's places of a name, each once, `admin1` by its name. Raises `MissingError` without a gazetteer."""
    if not name:
        return []
    with Gazetteer() as gazetteer:
        once = {one.id: one for one in gazetteer.lookup(name)}.values()
        names = gazetteer.admin1_names
        return [one._replace(admin1=names.get((one.country, one.admin1), one.admin1)) for one in once]


def _proposal(one: Candidate) -> Proposal:
    where = ", ".join(part for part in (one.name, one.admin1, one.country) if part)
    return Proposal(
        value=f"{where} [{one.id}]", words=one.described(), lat=one.lat, lon=one.lon, radius_km=one.radius_km
    )
