"""Judgements: a person's word about incidents, taken from a form or as JSON, appended to the ledger, and undone the same way."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from tocsin.ledger import Action, Incident, Judgement
from tocsin.records import Row
from tocsin.serve.cells import cell_value
from tocsin.serve.fresh import clear_all
from tocsin.serve.incidents import incident_page
from tocsin.serve.seats import Editor, Seat, check_csrf, inner_path
from tocsin.serve.wire import JSON, html_answer, json_answer, problems, schema_of, wants_json

router = APIRouter(tags=["review"])
MOST_WORDS, MOST_CLAIMS = 2_000, 2_000
Wished = Literal["same", "not-same", "accept", "reject", "edit", "note", "undo"]


class Wish(msgspec.Struct, kw_only=True):
    """What a person asks for.

    `incident` is an incident's id; `other` the one that it is the same as; `claims` those of its claims that do not belong with
    the rest; `cell` one of title, kind, status, day_from, day_to, place, figure:killed and so on, with its new `value` (see `cells`); `undoes` a judgement's id.
    """

    action: Wished
    incident: str | None = None
    other: str | None = None
    claims: list[str] = []
    cell: str | None = None
    value: str | None = None
    note: str | None = None
    undoes: str | None = None


class Taken(Row, frozen=True, kw_only=True):
    """The judgements as they were kept, and the incidents that hold their claims now."""

    judgements: tuple[Judgement, ...]
    incidents: tuple[Incident, ...]


BODY = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": schema_of(Wish)},
            "application/x-www-form-urlencoded": {"schema": schema_of(Wish)},
        },
    },
    "parameters": [{"name": "X-CSRF-Token", "in": "header", "required": False, "schema": {"type": "string"}}],
}
KEPT = {
    "description": "Kept",
    "content": {JSON: {"schema": schema_of(Taken)}, "text/html": {"schema": {"type": "string"}}},
}


@router.post("/judgements", openapi_extra=BODY, responses={200: KEPT, 303: {"description": "Kept; back to the page"}, **problems(400, 401, 403, 404, 413, 422)})  # fmt: skip
async def judge(request: Request, seat: Editor) -> Response:
    """Keeps a judgement and shows what has become of its incidents. Wants the role editor."""
    given, sent_json = await body_of(request)
    check_csrf(request, seat, str(given.get("csrf") or ""))
    wish = read_wish(given)
    return await run_in_threadpool(_judged, request, seat, wish, given, sent_json)


def _judged(request: Request, seat: Seat, wish: Wish, given: dict[str, Any], sent_json: bool) -> Response:
    desk = request.app.state.desk
    judgements = judgements_of(wish, desk.store, seat.user)
    for one in judgements:
        desk.judge(one)
    clear_all()
    taken = Taken(judgements=judgements, incidents=tuple(holding(desk.store, judgements)))
    if sent_json or wants_json(request):
        return json_answer(request, taken)
    if request.headers.get("hx-request"):
        return _fragment(request, seat, wish, taken, given)
    return RedirectResponse(inner_path(str(given.get("back") or ""), "/inbox"), 303)


def _fragment(request: Request, seat: Seat, wish: Wish, taken: Taken, given: dict[str, Any]) -> Response:
    """For the inbox: the row that says what was done, or the panel anew."""
    if given.get("view") == "panel" and taken.incidents:
        view = incident_page(request.app.state.desk.store, taken.incidents[0].id, 0, seat)
        return html_answer(request, "_panel.html", view=view, inbox=True)
    return html_answer(request, "_done.html", taken=taken, wish=wish)


async def body_of(request: Request) -> tuple[dict[str, Any], bool]:
    """The body as a map, and whether it was JSON. Raises 400 where it is neither JSON nor a form, 413 where it is too much."""
    sent_json = request.headers.get("content-type", "").partition(";")[0].strip().lower() == JSON
    try:
        if sent_json:
            given = msgspec.json.decode(await request.body())
        else:
            form = await request.form(max_files=0, max_fields=MOST_CLAIMS + 20, max_part_size=200_000)
            several = [str(one) for one in form.getlist("claims")]
            given = {key: str(value) for key, value in form.items()} | ({"claims": several} if several else {})
    except ClientDisconnect:  # `guard` cut the body off
        raise HTTPException(413, "The body is too large.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as problem:
        raise HTTPException(400, f"The body cannot be read: {problem}") from None
    if not isinstance(given, dict):
        raise HTTPException(422, "The body is not a map of names to values.")
    return given, sent_json


def read_wish(given: dict[str, Any]) -> Wish:
    """The wish, checked. Empty form fields are no values. Raises 422."""
    known = {name: given[name] for name in Wish.__struct_fields__ if given.get(name) not in (None, "")}
    try:
        wish = msgspec.convert(known, Wish)
    except msgspec.ValidationError as problem:
        raise HTTPException(422, str(problem)) from None
    texts = [wish.incident, wish.other, wish.cell, wish.value, wish.note, wish.undoes, *wish.claims]
    if any(one and (len(one) > MOST_WORDS or "\0" in one) for one in texts) or len(wish.claims) > MOST_CLAIMS:
        raise HTTPException(
            422, f"A value is longer than {MOST_WORDS} characters, holds a null, or there are too many."
        )
    return wish


def judgements_of(wish: Wish, store: Any, user: str) -> tuple[Judgement, ...]:
    """What is to be kept for a wish. Raises 404 or 422 where it is about nothing that there is."""
    if wish.action == "undo":
        return (made(user, "undo", _undone(wish, store).claims, note=wish.note, undoes=wish.undoes),)
    found = _incident(store, wish.incident)
    if wish.action == "same":
        other = _incident(store, wish.other)
        if other.id == found.id:
            raise HTTPException(422, "These are one incident already.")
        return (made(user, "same", (*found.claims, *other.claims)[:MOST_CLAIMS], note=wish.note),)
    if wish.action == "not-same":
        return tuple(_split(wish, found, user))
    if wish.action == "edit":
        return (
            made(user, "edit", found.claims, cell=wish.cell, value=cell_value(wish.cell, wish.value), note=wish.note),
        )
    if wish.action == "note" and not wish.note:
        raise HTTPException(422, "A note wants words.")
    return (made(user, wish.action, found.claims, note=wish.note),)


def _split(wish: Wish, found: Incident, user: str) -> Iterable[Judgement]:
    """The ticked claims leave the others; among themselves they stay together."""
    ticked = tuple(one for one in found.claims if one in set(wish.claims))
    rest = tuple(one for one in found.claims if one not in set(ticked))
    if not ticked or not rest:
        raise HTTPException(422, "Tick some of the claims, not none and not all: those that do not belong here.")
    for one in ticked:
        yield made(user, "not-same", (one, *rest), note=wish.note)
    if len(ticked) > 1:
        yield made(user, "same", ticked, note=wish.note)


def _undone(wish: Wish, store: Any) -> Judgement:
    found = store.judgement(wish.undoes) if wish.undoes else None
    if found is None or found.action == "undo":
        raise HTTPException(404, "There is no such judgement to take back.")
    return found  # type: ignore[no-any-return]


def made(user: str, action: Action, claims: Iterable[str], **more: Any) -> Judgement:
    """A judgement of this moment, with an id that nobody can guess or repeat."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Judgement(id=f"j-{secrets.token_hex(10)}", at=at, user=user, action=action, claims=tuple(claims), **more)


def holding(store: Any, judgements: Iterable[Judgement]) -> Iterable[Incident]:
    """The incidents that hold the judged claims now; at most twenty."""
    seen: set[str] = set()
    for claim in dict.fromkeys(claim for one in judgements for claim in one.claims[:20]):
        found = store.incident(claim)
        if found is not None and found.id not in seen and len(seen) < 20:
            seen.add(found.id)
            yield found


def _incident(store: Any, any_id: str | None) -> Incident:
    found = store.incident(any_id) if any_id else None
    if found is None:
        raise HTTPException(404, "There is no such incident.")
    return found  # type: ignore[no-any-return]
