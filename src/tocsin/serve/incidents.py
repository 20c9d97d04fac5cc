"""One incident with all that it rests on, and lists of incidents."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from fastapi import Path as InPath
from msgspec.structs import replace

from tocsin.ledger import Claim, DocumentVersion, Incident, IncidentFilter, Judgement
from tocsin.records import Row
from tocsin.serve.marks import Mark
from tocsin.serve.seats import Ledger, Seat, Viewer
from tocsin.serve.wanted import Limit, Offset, Order, Wanted
from tocsin.serve.wire import Pages, html_answer

router = APIRouter(tags=["incidents"])
page = Pages(router)
Id = Annotated[str, InPath(max_length=200)]
CLAIMS_SHOWN = 40
CONTEXT = 500


class IncidentList(Row, frozen=True, kw_only=True):
    """Incidents that fit a filter, in order; `next` is the offset of the following page."""

    filter: IncidentFilter
    order: str
    rows: tuple[Incident, ...]
    total: int
    offset: int
    limit: int
    next: int | None = None


class Evidence(Row, frozen=True, kw_only=True):
    """A claim with the page that it was read from. `marks` are offsets into `claim.sentence.text`."""

    claim: Claim
    version: DocumentVersion | None
    marks: tuple[Mark, ...]


class HistoryLine(Row, frozen=True, kw_only=True):
    """A judgement, and the one that took it back, if any."""

    judgement: Judgement
    undone_by: str | None = None


class IncidentPage(Row, frozen=True, kw_only=True):
    """An incident, the claims from `claims_from` on, the judgements about it, and the reprints of its pages."""

    incident: Incident
    evidence: tuple[Evidence, ...]
    claims_from: int
    claims_next: int | None
    history: tuple[HistoryLine, ...]
    copies: tuple[DocumentVersion, ...]


class ContextPage(Row, frozen=True, kw_only=True):
    """The archived text around a claim. `marks` are offsets into `text`, which begins at `start` of the document."""

    claim: str
    version: str
    start: int
    text: str
    marks: tuple[Mark, ...]


class NearbyPage(Row, frozen=True, kw_only=True):
    """Incidents that a person may take for the same as one."""

    incident: str
    rows: tuple[Incident, ...]


@page("/incidents", "incidents.html", IncidentList)
def incident_list(seat: Viewer, store: Ledger, wanted: Wanted, order: Order = "-day", limit: Limit = 50, offset: Offset = 0) -> object:  # fmt: skip
    """Incidents as a table."""
    found = store.incidents(wanted, limit=limit, offset=offset, order=order)
    return IncidentList(filter=wanted, order=order, rows=found.rows, total=found.total, offset=offset, limit=limit, next=found.next)  # fmt: skip


@page("/incidents/{any_id}", "incident.html", IncidentPage)
def incident(seat: Viewer, store: Ledger, any_id: Id, claims_from: Offset = 0) -> object:
    """One incident, by its id, a former id, or the id of one of its claims."""
    return incident_page(store, any_id, claims_from, seat)


@router.get("/incidents/{any_id}/panel", include_in_schema=False)
def panel(request: Request, seat: Viewer, store: Ledger, any_id: Id) -> Any:
    """The same as a fragment, for the inbox."""
    return html_answer(request, "_panel.html", view=incident_page(store, any_id, 0, seat), inbox=True)


@page("/incidents/{any_id}/nearby", "_nearby.html", NearbyPage)
def nearby(seat: Viewer, store: Ledger, any_id: Id) -> object:
    """What an incident may be the same as: of the same days or a day beside them, those of its place and family first."""
    found = _incident(store, any_id)
    wanted = IncidentFilter(since=beside(found.day_from, -1), until=beside(found.day_to, 1))
    if wanted.since is None or wanted.until is None:
        return NearbyPage(incident=found.id, rows=())
    here = found.place.name if found.place else None
    close = store.incidents(replace(wanted, place=here), limit=40).rows if here else ()
    rows = {one.id: one for one in (*close, *store.incidents(wanted, limit=40).rows) if one.id != found.id}
    ordered = sorted(
        rows.values(), key=lambda one: ((one.place.name if one.place else "") != here, one.family != found.family)
    )
    return NearbyPage(incident=found.id, rows=tuple(ordered[:40]))


@page("/claims/{claim_id}/context", "_context.html", ContextPage)
def context(seat: Viewer, store: Ledger, claim_id: Id) -> object:
    """The archived text around a claim, so that it can be judged without leaving the incident."""
    claim = store.claim(claim_id)
    record = store.record(claim.version) if claim else None
    if claim is None or record is None:
        raise HTTPException(404, "There is no such claim.")
    start = max(0, claim.sentence.start - CONTEXT)
    text = record.document.text[start : claim.sentence.end + CONTEXT]
    return ContextPage(claim=claim.id, version=claim.version, start=start, text=text, marks=claim_marks(claim, start))


def incident_page(store: Any, any_id: str, claims_from: int, seat: Seat) -> IncidentPage:
    found = _incident(store, any_id)
    shown = found.claims[claims_from : claims_from + CLAIMS_SHOWN]
    following = claims_from + len(shown)
    evidence = evidence_of(store, store.claims(shown))
    return IncidentPage(
        incident=found, evidence=evidence, claims_from=claims_from,
        claims_next=following if shown and following < len(found.claims) else None,
        history=history(store.judgements(found.claims), seat), copies=copies(store, evidence) if found.copies else (),
    )  # fmt: skip


def _incident(store: Any, any_id: str) -> Incident:
    found: Incident | None = store.incident(any_id)
    if found is None:
        raise HTTPException(404, "There is no such incident.")
    return found


def beside(day: str | None, by: int) -> str | None:
    """The day so many days later; None where there is none in the calendar."""
    try:
        return (datetime.date.fromisoformat(day) + datetime.timedelta(days=by)).isoformat() if day else None
    except (ValueError, OverflowError):
        return None


def evidence_of(store: Any, claims: Sequence[Claim]) -> tuple[Evidence, ...]:
    versions = {one.id: one for one in store.versions_of(claim.version for claim in claims)}
    return tuple(
        Evidence(claim=one, version=versions.get(one.version), marks=claim_marks(one, one.sentence.start))
        for one in claims
    )


def claim_marks(claim: Claim, start: int) -> tuple[Mark, ...]:
    """What the claim was read from, as offsets from `start`: its trigger, parties and figures."""
    found = [Mark(start=claim.trigger.start, end=claim.trigger.end, kind=f"event s-{claim.status}", says=f"{claim.kind}, {claim.status}")]  # fmt: skip
    found += [Mark(start=one.start, end=one.end, kind="figure", says=f"figure: {one.kind}, {one.status}") for one in claim.figures]  # fmt: skip
    found += [Mark(start=one.start, end=one.end, kind="actor", says=f"actor {one.name}") for one in claim.actors]
    found += [Mark(start=one.start, end=one.end, kind="recipient", says=f"recipient {one.name}") for one in claim.recipients]  # fmt: skip
    return tuple(
        Mark(start=one.start - start, end=one.end - start, kind=one.kind, says=one.says)
        for one in found
        if one.start >= start and one.end > one.start
    )


def history(judgements: Iterable[Judgement], seat: Seat) -> tuple[HistoryLine, ...]:
    """Judgements, the last first. What others coded is left out until it is adjudicated: double coding is blind."""
    given = list(judgements)
    decided = {one.value.get("task") for one in given if one.action == "adjudicate" and isinstance(one.value, dict)}
    undone = {one.undoes: one.id for one in given if one.action == "undo" and one.undoes}
    seen = [one for one in given if one.action != "code" or one.user == seat.user or _task_of(one) in decided]
    return tuple(HistoryLine(judgement=one, undone_by=undone.get(one.id)) for one in reversed(seen))


def _task_of(judgement: Judgement) -> object:
    return judgement.value.get("task") if isinstance(judgement.value, dict) else None


def copies(store: Any, evidence: Iterable[Evidence]) -> tuple[DocumentVersion, ...]:
    """The reprints among the pages of these stories; at most a hundred."""
    stories = dict.fromkeys(one.version.story for one in evidence if one.version and one.version.story)
    return tuple(one for story in list(stories)[:10] for one in store.story(story) if one.copy_of)[:100]
