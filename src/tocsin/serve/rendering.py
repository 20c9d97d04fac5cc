"""The templates' environment: escaping always on, and the words in which days, figures and places are said."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tocsin import __version__
from tocsin.codebook import codebook
from tocsin.ledger import Claim, FigureClaim, FigureRange, Incident, Judgement, Link, Locus, Party
from tocsin.records import Row
from tocsin.serve import marks
from tocsin.serve.marks import Mark
from tocsin.serve.plain import finalize, shortened
from tocsin.serve.wanted import FIGURES, STATUSES, query
from tocsin.store.base import Hit

STATIC = Path(__file__).parent / "static"
NAVIGATION = (
    ("/map", "Map"),
    ("/timeline", "Timeline"),
    ("/inbox", "Inbox"),
    ("/alerts", "Alerts"),
    ("/rules", "Rules"),
    ("/incidents", "Incidents"),
    ("/statements", "Statements"),
    ("/calendar", "Calendar"),
    ("/control", "Control"),
    ("/people", "People"),
    ("/sources", "Sources"),
    ("/indicators", "Indicators"),
    ("/coding", "Coding"),
    ("/about", "About"),
)


def environment() -> Environment:
    """Fails on an unknown name instead of printing nothing: a page that hides a figure by a typo would be worse than none."""
    made = Environment(
        loader=PackageLoader("tocsin.serve", "templates"), autoescape=True, finalize=finalize, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined, auto_reload=False, extensions=["jinja2.ext.do"],
    )  # fmt: skip
    made.filters |= {
        "short": shortened, "days": days, "amount": amount, "range": range_words, "parties": parties, "place": place, "moment": moment,
        "edits": edits, "said": said, "day_spans": day_spans,
        "path": lambda value: quote(str(value), safe=":"), "digest": digest,
    }  # fmt: skip
    made.globals |= {
        "navigation": NAVIGATION, "statuses": STATUSES, "figure_kinds": FIGURES, "query": query, "static": static, "marked": marks.html, "release": __version__,
        "killed": killed, "address": address, "snippet": snippet, "marked_part": marked_part, "strongest": strongest,
        "number_of": number_of, "kind_choices": kind_choices, "content_of": content_of, "provinces": provinces, "more": None,
    }  # fmt: skip
    return made


@cache
def static(name: str) -> str:
    """The address of one of our files, with its digest, so that browsers may keep it for ever."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def days(row: Any) -> str:
    """When, of anything with `day_from` and `day_to`: a day, a stretch of days, or that it is not known."""
    first, last = row.day_from, row.day_to
    if not first and not last:
        return "day unknown"
    return first if first == last else f"{first or '…'} – {last or '…'}"


def day_spans(row: Any) -> Markup:
    """The same, so that a line may break between two days and never within one."""
    return Markup(" – ").join(Markup("<span>{}</span>").format(one) for one in days(row).split(" – "))


def said(judgement: Judgement) -> str:
    """What a person put into a cell, in words: a figure as `9–11–13`, a place by name and coordinates."""
    value = judgement.value
    if isinstance(value, dict) and (judgement.cell or "").startswith("figure:"):
        return "–".join(dict.fromkeys(str(value.get(name, "?")) for name in ("low", "best", "high")))
    if isinstance(value, dict) and judgement.cell == "place":
        lat, lon, radius = (value.get(name) for name in ("lat", "lon", "radius_km"))
        measured = f" @ {lat}, {lon}" if lat is not None else ""
        return shortened(str(value.get("name")), 120) + measured + (f" ±{radius} km" if measured and radius else "")
    return shortened(str(value), 120)


def numbers(low: int | None, best: int | None, high: int | None) -> str:
    """`9`, `9–13`, `9+`, `up to 13`; no number where none is known."""
    if low is not None and high is not None:
        return f"{low:,}" if low == high else f"{low:,}–{high:,}"
    if low is not None:
        return f"{low:,}+"
    if high is not None:
        return f"up to {high:,}"
    return f"{best:,}" if best is not None else "?"


def amount(figure: FigureClaim) -> str:
    return "unreadable" if figure.damaged else numbers(figure.low, figure.best, figure.high)


def range_words(figure: FigureRange) -> str:
    """The best figure with its range, where the voices differ: `11 (9–13)`."""
    span = numbers(figure.low, figure.best, figure.high)
    if figure.best is None or span == f"{figure.best:,}":
        return span
    return f"{figure.best:,} ({span})"


def edits(incident: Incident) -> str:
    """What people set, with who and when: `status by amal, 2024-06-01`; the cells alone where the ledger was not regrouped since."""
    return shortened("; ".join(one.in_words() for one in incident.edits) or ", ".join(incident.edited), 300)


def killed(incident: Incident) -> FigureRange | None:
    return next((one for one in incident.figures if one.kind == "killed" and one.unit == "persons"), None)


def address(asked: Row | None = None, **more: Any) -> str:
    """A query string of what is set."""
    given = {name: getattr(asked, name) for name in asked.__struct_fields__} if asked else {}
    return urlencode({name: value for name, value in (given | more).items() if value})


def snippet(hit: Hit) -> Markup:
    return marks.html(hit.snippet, [Mark(start=start, end=end, kind="hit") for start, end in hit.marks])


def marked_part(view: Any) -> Markup:
    """The shown part of a document; its marks are offsets into the whole text."""
    moved = [
        Mark(start=one.start - view.start, end=one.end - view.start, kind=one.kind, id=one.id, says=one.says) for one in view.marks
    ]  # fmt: skip
    return marks.html(view.text, moved, anchors=True)


def strongest(incident: Incident) -> list[Link]:
    return sorted(incident.links, key=lambda one: -one.score)[:60]


def number_of(incident: Incident, claim: str) -> str:
    """A claim's place in its incident's list, from 1."""
    return str(incident.claims.index(claim) + 1) if claim in incident.claims else "–"


@cache
def kind_choices() -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, kind.name) for name, kind in codebook().kinds.items()))


@cache
def provinces() -> str:
    """The basemap's file of lines between first-order units, if there is one."""
    folder = Path(str(files("tocsin.basemap")))
    return next((path.name for path in sorted(folder.glob("*admin*1*.json"))), "")


def content_of(claim: Claim) -> str:
    """What was said: the statement's own words where the record has them, else the sentence."""
    content = claim.detail.get("content")
    text = content.get("text") if isinstance(content, dict) else None
    return text if isinstance(text, str) and text else claim.sentence.text


def parties(found: tuple[Party, ...], most: int = 3) -> str:
    names = list(dict.fromkeys(one.name or one.text for one in found))
    more = f" +{len(names) - most}" if len(names) > most else ""
    return ", ".join(shortened(one, 80) for one in names[:most]) + more


def place(where: Locus | None) -> str:
    """The place with how exactly it is known: never a town that is only a province."""
    if where is None:
        return "place unknown"
    about = {"exact": "", "admin": " (province)", "country": " (country)", "area": " (area)", "unresolved": " (not located)"}  # fmt: skip
    return shortened(where.name, 120) + about[where.precision]


def moment(value: str | None) -> str:
    """`2026-11-23 10:00` of `2026-11-23T10:00:00Z`; all moments are UTC."""
    return (value or "").replace("T", " ")[:16]


def digest(value: str | None) -> str:
    return (value or "")[:19]
