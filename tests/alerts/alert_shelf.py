"""Incidents made by hand, for tests of rules that need no ledger."""

from __future__ import annotations

from typing import Any

from tocsin.ledger import FigureRange, Incident, Locus, Party

SQUARE = {"type": "Polygon", "coordinates": [[[40.0, 34.0], [42.0, 34.0], [42.0, 36.0], [40.0, 36.0], [40.0, 34.0]]]}
ARMY = Party(key="SYRMIL:army", name="Syrian army", text="the army", code="SYRMIL", country="SYR")


def place(lat: float = 35.0, lon: float = 41.0, **others: Any) -> Locus:
    given: dict[str, Any] = {"name": "Mayadin", "country": "SY", "admin1": "Deir ez-Zor", "precision": "exact", "radius_km": 3.0}  # fmt: skip
    return Locus(lat=lat, lon=lon, **(given | others))


def incident(name: str, day: str | None = "2024-03-10", kind: str = "air-strike", **others: Any) -> Incident:
    given: dict[str, Any] = {
        "title": f"{kind} {name}", "status": "reported", "day_from": day, "day_to": day, "place": place(), "voices": 1,
        "claims": (name,), "first_known": f"{day or '2024-03-10'}T10:00:00Z", "actors": (ARMY,),
    }  # fmt: skip
    if killed := others.pop("killed", None):
        given["figures"] = (FigureRange(kind="killed", low=killed, best=killed, high=killed, voices=1),)
    return Incident(id=f"i-{name}", kind=kind, **(given | others))
