"""A ledger made by hand for the web tests: every status, every precision, figures that contradict, copies, judgements, failures.

`words` is put through every text field, so that the same ledger can be made of hostile text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tocsin.alerts.telling import Alert
from tocsin.ledger import (
    Claim,
    DocumentVersion,
    Edit,
    FigureClaim,
    FigureRange,
    FigureReport,
    Incident,
    Link,
    Locus,
    Party,
    Reason,
    Voice,
)  # fmt: skip
from tocsin.records import (
    Actor,
    Codes,
    Document,
    Event,
    Figure,
    Issue,
    Place,
    Record,
    Residue,
    Source,
    Span,
    Statement,
    Time,
    Version,
)  # fmt: skip
from tocsin.serve.wanted import STATUSES
from tocsin.store import open_store, reading_id
from tocsin.store.watching import Delivery
from tocsin.store.watching import Source as Watched

BY = Version(tocsin="0.1.0", codebook="c" * 64, model="en_core_web_sm 3.8.0", gazetteer="g" * 64)
TOWNS = (
    ("Binnish", 35.96, 36.71, "exact", 2.0), ("Jisr", 35.81, 36.32, "exact", 2.0), ("Idlib province", 35.9, 36.6, "admin", 40.0),
    ("Syria", 35.0, 38.5, "country", 300.0), ("The plain", 35.4, 36.4, "area", 25.0),
)  # fmt: skip
Words = Callable[[str], str]


def same(text: str) -> str:
    return text


def version_id(raw: bytes) -> str:
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def page(words: Words, number: int, status: str) -> tuple[DocumentVersion, Record, bytes]:
    """A version with its record; every row's span is the words it says."""
    town = TOWNS[number % len(TOWNS)][0]
    said = words(f"Jets struck the market of {town}, killing nine people, a medic said.")
    text = said + "\n\n" + words("Read also: the weather.") + "\n" + words(f"They will meet on page {number}.")
    raw = text.encode("utf-8", "replace")
    key = version_id(raw)
    cut = len(said) // 3
    names = {"url": f"https://news.example/{number}", "title": words(f"Strike on {town}, {number}"), "publisher": words("Northern Post")}  # fmt: skip
    day = f"2024-05-{1 + number % 28:02d}"
    record = Record(
        document=Document(id=key, language="en", published=day, published_basis="given", text=text, **names),
        residue=(Residue(start=len(said) + 2, end=min(len(text), len(said) + 20), kind="link", rule="r"),),
        times=(Time(id="t1", start=0, end=1, text=text[:1], type="DATE", value=day),),
        places=(Place(id="p1", start=cut, end=cut + 3, text=text[cut : cut + 3], name=words(town), lat=35.0, lon=36.0, precision="exact"),),
        actors=(Actor(id="a1", start=0, end=4, text=text[:4], name=words("Air force"), code="SYRMIL"),),
        statements=(Statement(id="s1", start=0, end=len(said), source=Source(start=cut, end=cut + 5, text=text[cut : cut + 5]), content=Span(start=0, end=len(said), text=said)),),
        events=(Event(id="e1", trigger=Span(start=5, end=11, text=text[5:11]), event_type="ASSAULT", kind="air-strike", codes=Codes(), status="denied" if status == "contested" else status),),
        figures=(Figure(id="f1", start=12, end=16, text=text[12:16], kind="killed", low=9, best=9, high=9),),
        issues=(Issue(code="published-date-unknown", message=words("no date")),), version=BY,
    )  # fmt: skip
    made = DocumentVersion(
        id=key, document=f"https://news.example/{number}", language="en", published=day, published_basis="given", added="2024-06-01T10:00:00Z",
        retrieved="2024-06-01T09:00:00Z", outlet=words(f"outlet{number % 3}.example"), size=len(raw), author=words("A. Writer"), ref=words("ref"), **names,
    )  # fmt: skip
    return made, record, raw


def claims(words: Words, number: int, version: DocumentVersion, record: Record, status: str) -> list[Claim]:
    """An event, a statement, an announcement, control, a zone and a figure, as read from the page."""
    name, lat, lon, precision, radius = TOWNS[number % len(TOWNS)]
    text = record.document.text
    said = record.statements[0].content
    place = Locus(
        name=words(name), lat=lat, lon=lon, country="SY", admin1=words("Idlib"), precision=precision, radius_km=radius
    )  # type: ignore[arg-type]
    party = (Party(key="SYRMIL", name=words("Air force"), text=words("jets"), code="SYRMIL", start=0, end=4),)
    them = (Party(key="civ", name=words("civilians"), text=words("people"), start=12, end=16),)
    voice = Voice(key=f"medic{number % 2}", speaker=words("a medic"), via=words("outlet"))
    figure = FigureClaim(id="f1", kind="killed", low=9 + number % 4, best=9 + number % 4, high=9 + number % 4, voice=voice, text=words("nine people"), start=12, end=16)  # fmt: skip
    common: dict[str, Any] = {
        "version": version.id, "reading": reading_id(BY), "place": place, "places": (place,), "voices": (voice,), "outlet": version.outlet,
        "published": version.published, "known": version.added, "trigger": Span(start=5, end=11, text=text[5:11]), "sentence": said,
        "day_from": version.published, "day_to": version.published, "day_basis": "stated",
    }  # fmt: skip
    digest = version.id[7:19]
    moved = figure.__class__(**{**{n: getattr(figure, n) for n in figure.__struct_fields__}, "kind": "displaced"})
    event_status = "denied" if status == "contested" else status
    return [
        Claim(id=f"{digest}-e1", section="event", row="e1", kind="air-strike", family="strike", event_type="ASSAULT", status=event_status, actors=party, recipients=them, figures=(figure,), **common),
        Claim(id=f"{digest}-s1", section="statement", row="s1", kind="statement", actors=party, recipients=them, detail={"content": {"text": words("The jets struck.")}}, **common),
        Claim(id=f"{digest}-n1", section="announcement", row="n1", kind="meet", event_type="CONSULT", status="planned", actors=party, detail={"what": words("a meeting")}, **common),
        Claim(id=f"{digest}-c1", section="control", row="c1", kind="control", actors=party, recipients=them, **common),
        Claim(id=f"{digest}-z1", section="zone", row="z1", kind=words("no-fly zone"), detail={"under": words("the accord"), "forbids": words("flights")}, **common),
        Claim(id=f"{digest}-f9", section="figure", row="f9", kind="displaced", figures=(moved,), **common),
    ]  # fmt: skip


def incident(words: Words, number: int, events: list[Claim], status: str) -> Incident:
    reports = tuple(
        FigureReport(
            figure=one.figures[0], claim=one.id, version=one.version, outlet=one.outlet, known=one.known, counted=n < 2
        )
        for n, one in enumerate(events)
    )
    ids = tuple(sorted(one.id for one in events))
    links = (Link(one=ids[0], other=ids[-1], score=0.91, reasons=(  # two reasons, for and against
        Reason(part="place", words=words("same place ±2 km"), weight=0.4), Reason(part="toll", words=words("tolls differ"), weight=-0.1))),)  # fmt: skip
    first = events[0]
    return Incident(
        id=f"i{ids[0]}", title=words(f"Air strike on {TOWNS[number % len(TOWNS)][0]}, {number}"), kind="air-strike", event_type="ASSAULT",
        family="strike", status=status, day_from=first.day_from, day_to=first.day_to, place=first.place, actors=first.actors,  # type: ignore[arg-type]
        recipients=first.recipients, figures=(FigureRange(kind="killed", low=9, best=10, high=12, voices=2, contradicted=number % 2 == 0, reports=reports),),
        voices=2, documents=len(events), copies=1 if number == 0 else 0, claims=ids, links=links if len(ids) > 1 else (), **(edited(words) if number == 1 else {}),
        note=words("seen") if number == 1 else None, first_known="2024-06-01T10:00:00Z", changed=f"2024-06-01T10:{number % 60:02d}:00Z",
    )  # fmt: skip


def edited(words: Words) -> dict[str, Any]:
    """A kind and a place that people set."""
    cells = (Edit(cell="kind", user=words("ana"), at="2024-06-02T08:30:00Z", judgement="j1", was="shelling"),
             Edit(cell="place", user="ben", at="2024-06-02T09:00:00Z", judgement="j2", was=words("Jisr")))  # fmt: skip
    return {"edited": ("kind", "place"), "edits": cells}


def watched(store: Any, words: Words) -> None:
    """A rule, an alert of it that could not be told, and sources that work, fail and were never fetched."""
    name = "Strikes in the north"
    store.put_rule(
        name,
        {
            "name": name,
            "kind": "redline",
            "kinds": ["air-strike"],
            "place": words("Binnish"),
            "actors": [words("Air force")],
        },
    )
    ring = [[36.0, 35.0], [37.0, 35.0], [37.0, 36.0], [36.0, 35.0]]
    store.put_rule("Northern zone", {"name": "Northern zone", "kind": "zone", "place": words("north"), "polygon": {"type": "Polygon", "coordinates": [ring]}})  # fmt: skip
    kept = Alert(
        id="a-0123456789abcdef", rule=name, kind="redline", key="k", title=words("Strike on Binnish"), status="reported", day="2024-05-01",
        where="possibly inside", incidents=("i1",), voices=2, words=(words("Jets struck."),), figures=words("9 killed"),
        first="2024-06-01T10:00:00Z", changed="2024-06-01T10:00:00Z",
    )  # fmt: skip
    store.put_alert(kept.id, name, kept.changed, kept)
    for problem in (None, words("OSError: the webhook answered 500")):
        store.put_delivery(
            Delivery(alert=kept.id, channel="webhook", digest=kept.digest, at=kept.changed, problem=problem)
        )
    fetched = "2024-06-01T10:00:00Z"
    store.put_source(Watched(url="https://up.example/rss", name=words("Up"), added=fetched, tried=fetched, succeeded=fetched, newest=fetched, status=200), "9999")  # fmt: skip
    store.put_source(Watched(url="https://down.example/rss", name=words("Down"), added=fetched, tried=fetched, failures=3, status=503, problem=words("answered 503")), "9999")  # fmt: skip


def filled(folder: Path, words: Words = same, incidents: int = 30) -> Any:
    """A store with that many incidents of two pages each."""
    folder.mkdir(parents=True, exist_ok=True)
    store = open_store(str(folder / "ledger.sqlite"))
    with store.writing():
        first = None
        for number in range(incidents):
            status = STATUSES[number % len(STATUSES)]
            events = []
            for copy in (0, 1):
                version, record, raw = page(words, number + 1000 * copy, status)
                store.put_version(version, raw)
                first = first or version.id
                made = claims(words, number, version, record, status)
                store.put_reading(version.id, record, made, {})
                store.put_signature(version.id, [], first if copy and number == 0 else None, first if number == 0 else version.id)  # fmt: skip
                events.append(made[0])
            store.put_links(incident(words, number, events, status).links)
            store.put_incidents((), [incident(words, number, events, status)])
        watched(store, words)
        store.put_failure(words("https://down.example/page"), words("answered 503"), words("down.example"))
    return store
