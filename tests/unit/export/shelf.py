"""A ledger that holds incidents made by hand, with hostile words in every cell."""

from __future__ import annotations

from typing import Any, cast

from tocsin.ledger import (
    Claim,
    DocumentVersion,
    FigureClaim,
    FigureRange,
    FigureReport,
    Incident,
    IncidentFilter,
    Locus,
    Party,
    Voice,
)
from tocsin.records import Span
from tocsin.store.base import Page, Reads

NASTY = '=HYPERLINK("http://evil.example")\u202e\x07<script>alert(1)</script> [x](javascript:1) **b**'
VOICE = Voice(key="name:x", speaker="@SUM(A1)", via="outlet")
PLACES = {
    "placed": Locus(name="+Town", called="-Town", lat=34.5, lon=40.25, country="SY", admin1="A", precision="exact", radius_km=3.0),
    "country": Locus(name="Syria", lat=35.0, lon=38.0, country="SY", precision="country", radius_km=300.0),
    "unplaced": None,
}  # fmt: skip


def version(name: str) -> DocumentVersion:
    return DocumentVersion(
        id=f"sha256:{name}",
        document=name,
        url=f"https://lamp.example/{name}",
        title=NASTY,
        outlet="Lamp",
        published="2021-05-04",
    )


def claim(name: str, section: str = "event", **others: Any) -> Claim:
    given: dict[str, Any] = {
        "id": f"c-{name}", "version": f"sha256:{name}", "reading": "r", "section": section, "row": "e1", "kind": "air-strike", "day_from": "2021-05-03",
        "trigger": Span(start=0, end=1, text="="), "sentence": Span(start=0, end=len(NASTY), text=NASTY), "outlet": "Lamp", "published": "2021-05-04",
        "known": "2021-05-04", "voices": (VOICE,),
    }  # fmt: skip
    return Claim(**(given | others))


def incident(name: str, place: str = "placed", status: str = "happened", **others: Any) -> Incident:
    figure = FigureClaim(id="f1", kind="killed", low=9, best=9, high=13, voice=VOICE, text="+9 people")
    report = FigureReport(figure=figure, claim=f"c-{name}", version=f"sha256:{name}", outlet="Lamp", known="2021-05-04")
    given: dict[str, Any] = {
        "id": f"i-{name}", "title": f"{NASTY} {name}", "kind": "air-strike", "event_type": "ASSAULT", "status": status, "day_from": "2021-05-03",
        "day_to": "2021-05-03", "place": PLACES[place], "actors": (Party(key="a", name="-Army", text="army", code="SYRMIL"),), "voices": 1, "documents": 1,
        "figures": (FigureRange(kind="killed", low=9, best=9, high=13, voices=1, reports=(report,)), FigureRange(kind="displaced", unit="households", low=70, best=70, high=70, voices=1)),
        "claims": (f"c-{name}",), "note": "\t=1+1", "first_known": "2021-05-04",
    }  # fmt: skip
    return Incident(**(given | others))


class Shelf:
    """Answers what exports and reports ask, from rows in memory."""

    def __init__(self, *incidents: Incident) -> None:
        self.rows = incidents

    def incidents(self, wanted: IncidentFilter, *, limit: int = 50, offset: int = 0, order: str = "-day") -> Page:
        found = [one for one in self.rows if not wanted.status or one.status in wanted.status]
        more = offset + limit < len(found)
        return Page(rows=tuple(found[offset : offset + limit]), next=offset + limit if more else None, total=len(found))

    def claims(self, names: Any) -> tuple[Claim, ...]:
        return tuple(claim(name.removeprefix("c-")) for name in names)

    def version(self, name: str) -> DocumentVersion:
        return version(name.removeprefix("sha256:"))

    def judgements(self, claims: Any = ()) -> tuple[()]:
        return ()

    def section(self, section: str, **asked: Any) -> Page:
        held = claim("held", "control", place=PLACES["placed"], actors=(Party(key="a", name="Army", text="army"),))
        return Page(rows=(held,) if section == "control" else (), next=None, total=1)

    def figures(self, kind: str, **asked: Any) -> Page:
        return Page(rows=(), next=None, total=0)

    def head(self) -> str:
        return "head"


def shelf(*incidents: Incident) -> Reads:
    return cast(Reads, Shelf(*incidents))
