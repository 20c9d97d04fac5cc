"""Disputed areas: which country the record writes for them, by the reviewable table `rules/places/disputed.csv`.

Applied when the gazetteer is built, so that no reader of the gazetteer can forget it; the place's note names the area,
and `places` tells who claims and who holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from tocsin.errors import RuleError
from tocsin.rulefiles import table

DISPUTED = "disputed:"


class Area(NamedTuple):
    """One row of the policy table. `box` is south, west, north, east in degrees; empty where none is drawn."""

    id: str
    name: str
    country: str
    claimed_by: str
    held_by: str
    held_since: str
    source_country: frozenset[str]
    source_admin1: frozenset[str]
    box: tuple[float, ...]
    note: str

    def holds(self, country: str, admin1: str, lat: float, lon: float) -> bool:
        """Whether a place as its source codes it lies in the area."""
        if country not in self.source_country:
            return False
        if not self.source_admin1 and not self.box:
            return True
        if admin1 and admin1 in self.source_admin1:
            return True
        return bool(self.box) and self.box[0] <= lat <= self.box[2] and self.box[1] <= lon <= self.box[3]


@cache
def areas() -> dict[str, Area]:
    """The policy table by id. Raises `RuleError` where a box is not four numbers."""
    found = {}
    for row in table("places/disputed.csv"):
        box = tuple(float(part) for part in row["box"].split())
        if len(box) not in (0, 4):
            raise RuleError(f"disputed.csv: {row['id']}: box wants south west north east")
        found[row["id"]] = Area(
            row["id"], row["name"], row["country"], row["claimed_by"], row["held_by"], row["held_since"],
            _listed(row["source_country"]), _listed(row["source_admin1"]), box, row["note"],
        )  # fmt: skip
    return found


def _listed(cell: str) -> frozenset[str]:
    return frozenset(part for part in cell.split("|") if part)


def recorded(place: Mapping[str, Any]) -> tuple[str, str]:
    """The country to record for a place as its source has it, and its note: the area that decided, else its own."""
    country, admin1 = str(place.get("country") or ""), str(place.get("admin1") or "")
    note = str(place.get("note") or "")
    for area in areas().values():
        if country and area.holds(country, admin1, float(place["lat"]), float(place["lon"])):
            return area.country or country, f"{DISPUTED}{area.id}"
    return country, note
