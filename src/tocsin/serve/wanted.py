"""A filter as it stands in an address: bounded, checked, and back into an address again."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Query

from tocsin.ledger import IncidentFilter, IncidentStatus, Review

STATUSES: tuple[str, ...] = get_args(IncidentStatus)
FIGURES = ("killed", "injured", "missing", "abducted", "detained", "displaced", "at-risk", "population")
REVIEWS: tuple[str, ...] = get_args(Review)
Order = Literal["day", "-day", "changed", "-changed", "killed", "-killed"]
Day = Annotated[str | None, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="ISO day, YYYY-MM-DD")]
Word = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Several = Annotated[list[str] | None, Query(max_length=40)]


async def wanted(
    since: Day = None,
    until: Day = None,
    place: Word = None,
    country: Annotated[str | None, Query(pattern=r"^([A-Za-z]{2})?$", description="ISO 3166 alpha-2")] = None,
    bbox: Annotated[str | None, Query(max_length=120, description="west,south,east,north in degrees")] = None,
    kind: Several = None,
    event_type: Several = None,
    status: Annotated[list[Literal[IncidentStatus, ""]] | None, Query(max_length=20)] = None,
    review: Annotated[list[Literal[Review, ""]] | None, Query(max_length=10)] = None,
    actor: Word = None,
    text: Annotated[str | None, Query(max_length=400, description="full-text query")] = None,
    minimum_voices: Annotated[int, Query(ge=0, le=1000)] = 0,
) -> IncidentFilter:
    """The filter of a list, a map or an export. Empty values ask for everything, as an empty form field means."""
    return IncidentFilter(
        since=day(since), until=day(until), place=word(place), country=(country or "").upper() or None, bbox=box(bbox),
        kind=several(kind), event_type=several(event_type), status=several(status), review=several(review), actor=word(actor),
        text=word(text), minimum_voices=minimum_voices,
    )  # fmt: skip


Wanted = Annotated[IncidentFilter, Depends(wanted)]


def day(value: str | None) -> str | None:
    """A day of the calendar. Raises 422 where it is none."""
    if not value:
        return None
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise HTTPException(422, "That is no day of the calendar.") from None


def box(value: str | None) -> tuple[float, float, float, float] | None:
    if not value:
        return None
    try:
        west, south, east, north = (float(part) for part in value.split(","))
    except ValueError:
        raise HTTPException(422, "bbox wants four numbers: west,south,east,north") from None
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise HTTPException(422, "bbox is not within the world")
    return west, south, east, north


def word(value: str | None) -> str | None:
    """Null characters are in no page's words, and PostgreSQL refuses them."""
    return (value or "").replace("\0", "").strip() or None


def several(values: list[Any] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for value in values or () if (one := word(str(value)[:100]))))


def query(filter_: IncidentFilter, **more: Any) -> str:
    """The filter as a query string, its empty fields left out: what the page's own links carry."""
    pairs: list[tuple[str, str]] = []
    for name in filter_.__struct_fields__:
        value = getattr(filter_, name)
        if not value:
            continue
        if name == "bbox":
            pairs.append((name, ",".join(f"{one:g}" for one in value)))
        elif isinstance(value, tuple):
            pairs.extend((name, one) for one in value)
        else:
            pairs.append((name, str(value)))
    pairs.extend((name, str(value)) for name, value in more.items() if value not in (None, "", 0))
    return urlencode(pairs)
