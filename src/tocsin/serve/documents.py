"""A page as it was archived: its whole text with all that was read out of it, its versions, and what changed between them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi import Path as InPath
from fastapi.responses import Response

from tocsin.ledger import DocumentVersion, IncidentStatus
from tocsin.records import Issue, Row, Version
from tocsin.serve.marks import Mark, of_record
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wanted import Limit, Offset, Word
from tocsin.serve.wire import Pages, problems

router = APIRouter(tags=["documents"])
page = Pages(router)
Id = Annotated[str, InPath(max_length=200)]
BYTES = {"description": "The bytes that came in", "content": {"application/octet-stream": {}}}
PART = 200_000  # characters of text on one page


class HeldRow(Row, frozen=True, kw_only=True):
    """A row of the record, and the incident that holds its claim now."""

    row: str
    incident: str
    title: str
    status: IncidentStatus


class DocumentPage(Row, frozen=True, kw_only=True):
    """A version of a document. `text` is the part that begins at `start`; `marks` are offsets into the whole text."""

    version: DocumentVersion
    versions: tuple[DocumentVersion, ...]
    start: int
    text: str
    length: int
    next: int | None
    marks: tuple[Mark, ...]
    incidents: tuple[HeldRow, ...]
    issues: tuple[Issue, ...]
    read_by: Version | None


class DocumentList(Row, frozen=True, kw_only=True):
    """Versions of documents, the last added first."""

    outlet: str | None
    rows: tuple[DocumentVersion, ...]
    total: int
    offset: int
    limit: int
    next: int | None = None


class DiffRun(Row, frozen=True, kw_only=True):
    """A run of sentences: `same` in both versions, `gone` from the first, or `new` in the second."""

    kind: str
    text: str


class DiffPage(Row, frozen=True, kw_only=True):
    """What changed from one version to another."""

    old: DocumentVersion
    new: DocumentVersion
    runs: tuple[DiffRun, ...]


@page("/documents", "documents.html", DocumentList)
def document_list(seat: Viewer, store: Ledger, outlet: Word = None, limit: Limit = 50, offset: Offset = 0) -> object:
    """The pages in the archive, of one outlet or of all."""
    found = store.documents(outlet or None, limit=limit, offset=offset)
    return DocumentList(outlet=outlet or None, rows=found.rows, total=found.total, offset=offset, limit=limit, next=found.next)  # fmt: skip


@page("/documents/{version_id}", "document.html", DocumentPage)
def document(seat: Viewer, store: Ledger, version_id: Id, start: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0) -> object:  # fmt: skip
    """One version of a page, with its marks."""
    version = _version(store, version_id)
    record = store.record(version.id)
    text = record.document.text if record else ""
    part = text[start : start + PART]
    marks = [one for one in of_record(record) if one.start < start + PART and one.end > start] if record else []
    return DocumentPage(
        version=version, versions=store.versions(version.document), start=start, text=part, length=len(text),
        next=start + PART if start + PART < len(text) else None, marks=tuple(marks), incidents=_incidents(store, version.id),
        issues=record.issues if record else (), read_by=record.version if record else None,
    )  # fmt: skip


@page("/documents/{version_id}/changes/{other_id}", "diff.html", DiffPage)
def changes(seat: Viewer, store: Ledger, version_id: Id, other_id: Id) -> object:
    """What is gone and what is new in `other_id`, sentence by sentence."""
    old, new = _version(store, version_id), _version(store, other_id)
    if old.document != new.document:
        raise HTTPException(422, "These are not versions of one document.")
    runs = tuple(DiffRun(kind=one.kind, text=one.text) for one in store.diff(old.id, new.id))
    return DiffPage(old=old, new=new, runs=runs)


@router.get("/documents/{version_id}/raw", response_class=Response, responses={200: BYTES, **problems(400, 401, 404, 422)})  # fmt: skip
def raw(seat: Viewer, store: Ledger, version_id: Id) -> Response:
    """The archived bytes, to be saved and never shown: a page from elsewhere must not run as one of ours."""
    version = _version(store, version_id)
    body = store.raw(version.id)
    if body is None:
        raise HTTPException(404, "The archive does not hold these bytes.")
    name = "".join(char for char in version.id if char.isalnum())[-64:] + ".bin"
    headers = {"content-disposition": f'attachment; filename="{name}"', "content-security-policy": "sandbox; default-src 'none'"}  # fmt: skip
    return Response(body, media_type="application/octet-stream", headers=headers)


def _version(store: Ledger, version_id: str) -> DocumentVersion:
    found = store.version(version_id)
    if found is None:
        raise HTTPException(404, "There is no such document.")
    return found  # type: ignore[no-any-return]


def _incidents(store: Ledger, version_id: str) -> tuple[HeldRow, ...]:
    """The version's event claims, each with the incident that holds it now; at most 300."""
    claims = [one for one in store.claims_of(version_id) if one.section == "event"][:300]
    held = {name: one for one in store.incidents_of(claim.id for claim in claims) for name in one.claims}
    return tuple(
        HeldRow(row=claim.row, incident=found.id, title=found.title, status=found.status)
        for claim in claims
        if (found := held.get(claim.id)) is not None
    )
