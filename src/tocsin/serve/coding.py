"""Double coding: two people answer the same questions about an incident or a page, neither seeing the other; an editor decides.

Everything is a judgement: `assign` makes the task, `code` holds one coder's answers, `adjudicate` the decision. A coder sees the
evidence and never the other's answers nor what the machine made of the claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from tocsin.codebook import codebook
from tocsin.ledger import Judgement
from tocsin.records import Row
from tocsin.serve.agreement import FieldAgreement, agreement
from tocsin.serve.fresh import clear_all
from tocsin.serve.incidents import CLAIMS_SHOWN, Evidence, evidence_of
from tocsin.serve.review import body_of, made
from tocsin.serve.seats import Coder, Editor, Ledger, Seat, check_csrf
from tocsin.serve.wanted import STATUSES, day, word
from tocsin.serve.wire import JSON, Pages, json_answer, problems, schema_of, wants_json

router = APIRouter(tags=["coding"])
page = Pages(router)
FIELDS = ("event", "kind", "status", "day", "place", "killed")
State = Literal["open", "coded", "adjudicated"]
TaskId = Annotated[str, InPath(max_length=100)]
EDITS = {"kind": "kind", "status": "status", "day": "day_from"}  # answers that an adjudication writes into the incident


class Answers(Row, frozen=True, kw_only=True):
    """One person's answers by field; an empty answer says that the pages do not tell."""

    user: str
    at: str
    answers: dict[str, str]


class Task(Row, frozen=True, kw_only=True):
    """What two people were asked to code. `answers` holds only what the reader of this may see."""

    id: str
    at: str
    editor: str
    about: str
    target: str
    coders: tuple[str, ...]
    done: int
    state: State
    answers: tuple[Answers, ...] = ()
    decision: Answers | None = None


class CodingPage(Row, frozen=True, kw_only=True):
    """Tasks, the last first, and how far coders agree over all that two have coded (to editors alone)."""

    tasks: tuple[Task, ...]
    agreement: tuple[FieldAgreement, ...]
    coders: tuple[str, ...]


class TaskPage(Row, frozen=True, kw_only=True):
    """A task with its evidence. `mine` says that the reader is to answer it."""

    task: Task
    evidence: tuple[Evidence, ...]
    fields: tuple[str, ...]
    kinds: tuple[str, ...]
    statuses: tuple[str, ...]
    mine: bool


class Assign(Row, frozen=True, kw_only=True):
    """To whom: two different coders; about what: an incident's or a document version's id."""

    coders: tuple[str, ...]
    incident: str | None = None
    document: str | None = None


class Given(Row, frozen=True, kw_only=True):
    """Answers by field."""

    event: str = ""
    kind: str = ""
    status: str = ""
    day: str = ""
    place: str = ""
    killed: str = ""


def _body(kind: type) -> dict[str, Any]:
    schema = {"schema": schema_of(kind)}
    return {"requestBody": {"required": True, "content": {JSON: schema, "application/x-www-form-urlencoded": schema}}}


KEPT: dict[int | str, dict[str, Any]] = {
    200: {"description": "Kept", "content": {JSON: {"schema": schema_of(Judgement)}}},
    303: {"description": "Kept; back to the page"},
    **problems(400, 401, 403, 404, 409, 413, 422),
}


@page("/coding", "coding.html", CodingPage)
def coding(seat: Coder, store: Ledger) -> object:
    """Tasks of double coding: one's own; to editors all, with the agreement by field."""
    tasks = _tasks(store)
    mine = [_seen(one, seat) for one in tasks if seat.may("editor") or seat.user in one.coders]
    units = [{one.user: one.answers for one in task.answers} for task in tasks]
    found = agreement(FIELDS, units) if seat.may("editor") else ()
    people = tuple(one.name for one in store.users() if one.role != "viewer")
    return CodingPage(tasks=tuple(mine), agreement=found, coders=people if seat.may("editor") else ())


@page("/coding/{task_id}", "task.html", TaskPage)
def task(seat: Coder, store: Ledger, task_id: TaskId) -> object:
    """One task, with the words that it is about."""
    found = _task(store, task_id, seat)
    claims = store.judgement(task_id).claims
    evidence = tuple(evidence_of(store, store.claims(claims[:CLAIMS_SHOWN])))
    mine = (
        seat.user in found.coders and not any(one.user == seat.user for one in found.answers) and found.state == "open"
    )
    return TaskPage(
        task=_seen(found, seat), evidence=evidence, fields=FIELDS, kinds=tuple(sorted(codebook().kinds)), statuses=STATUSES, mine=mine
    )  # fmt: skip


@router.post("/coding", openapi_extra=_body(Assign), responses=KEPT)
async def assign(request: Request, seat: Editor, store: Ledger) -> Response:
    """Assigns an incident or a document to two coders."""
    given, sent_json = await body_of(request)
    check_csrf(request, seat, str(given.get("csrf") or ""))
    return await run_in_threadpool(_kept, request, lambda: _assignment(store, seat, given), sent_json)


@router.post("/coding/{task_id}/answers", openapi_extra=_body(Given), responses=KEPT)
async def answer(request: Request, seat: Coder, store: Ledger, task_id: TaskId) -> Response:
    """Gives one's own answers, once."""
    given, sent_json = await body_of(request)
    check_csrf(request, seat, str(given.get("csrf") or ""))
    return await run_in_threadpool(_kept, request, lambda: [_answered(store, seat, task_id, given)], sent_json)


@router.post("/coding/{task_id}/decision", openapi_extra=_body(Given), responses=KEPT)
async def adjudicate(request: Request, seat: Editor, store: Ledger, task_id: TaskId) -> Response:
    """Decides, once both have answered; kind, status and day go into the incident as edits."""
    given, sent_json = await body_of(request)
    check_csrf(request, seat, str(given.get("csrf") or ""))
    return await run_in_threadpool(_kept, request, lambda: _decided(store, seat, task_id, given), sent_json)


def _kept(request: Request, make: Any, sent_json: bool) -> Response:
    judgements: Sequence[Judgement] = make()
    for one in judgements:
        request.app.state.desk.judge(one)
    clear_all()
    if sent_json or wants_json(request):
        return json_answer(request, judgements[0])
    return RedirectResponse("/coding", 303)


def _assignment(store: Any, seat: Seat, given: dict[str, Any]) -> list[Judgement]:
    named = given.get("coders") if isinstance(given.get("coders"), list) else [given.get("first"), given.get("second")]
    coders = [one for one in named or () if isinstance(one, str) and one]
    if len(coders) != 2 or len(set(coders)) != 2:
        raise HTTPException(422, "Double coding wants two different coders.")
    for name in coders:
        known = store.user(name) if len(name) <= 100 and "\0" not in name else None
        if known is None or known.role == "viewer":
            raise HTTPException(422, "A coder is a user with the role coder, editor or admin.")
    about, target, claims = _target(store, given)
    return [made(seat.user, "assign", claims, value={"about": about, "target": target, "coders": sorted(coders)})]


def _target(store: Any, given: dict[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    incident_id, version_id = _name(given.get("incident")), _name(given.get("document"))
    found = store.incident(incident_id) if incident_id else None
    if found is not None:
        return "incident", found.id, found.claims
    version = store.version(version_id) if version_id else None
    claims = tuple(one.id for one in store.claims_of(version.id) if one.section == "event") if version else ()
    if version is None or not claims:
        raise HTTPException(404, "There is no such incident, nor a document of that id with an event in it.")
    return "document", version.id, claims


def _name(value: object) -> str:
    return (word(value) or "")[:200] if isinstance(value, str) else ""


def _answered(store: Any, seat: Seat, task_id: str, given: dict[str, Any]) -> Judgement:
    found = _task(store, task_id, seat)
    if seat.user not in found.coders:
        raise HTTPException(403, "This was given to other coders.")
    if found.state != "open" or any(one.user == seat.user for one in found.answers):
        raise HTTPException(409, "This was answered already.")
    return made(seat.user, "code", store.judgement(task_id).claims, value={"task": task_id, "answers": checked(given)})


def _decided(store: Any, seat: Seat, task_id: str, given: dict[str, Any]) -> list[Judgement]:
    found = _task(store, task_id, seat)
    if found.state != "coded":
        raise HTTPException(409, "There is nothing to decide: not both have answered, or it was decided.")
    answers = checked(given)
    claims = store.judgement(task_id).claims
    decision = made(seat.user, "adjudicate", claims, value={"task": task_id, "answers": answers})
    if found.about != "incident":
        return [decision]
    edits = [made(seat.user, "edit", claims, cell=cell, value=answers[field]) for field, cell in EDITS.items() if answers[field]]  # fmt: skip
    return [decision, *edits]


def checked(given: dict[str, Any]) -> dict[str, str]:
    """The answers, each as its field allows. Raises 422."""
    answers = {field: str(given.get(field) or "").replace("\0", "").strip() for field in FIELDS}
    if any(len(one) > 200 for one in answers.values()):
        raise HTTPException(422, "An answer has at most 200 characters.")
    if answers["event"] not in ("", "yes", "no"):
        raise HTTPException(422, "event: yes or no.")
    if answers["kind"] and answers["kind"] not in codebook().kinds:
        raise HTTPException(422, "kind: not in the codebook.")
    if answers["status"] and answers["status"] not in STATUSES:
        raise HTTPException(422, f"status: one of {', '.join(STATUSES)}.")
    if answers["killed"] and not (answers["killed"].isascii() and answers["killed"].isdigit() and len(answers["killed"]) < 9):  # fmt: skip
        raise HTTPException(422, "killed: a whole number, or empty where the pages do not tell.")
    day(answers["day"])
    return answers


def _task(store: Any, task_id: str, seat: Seat) -> Task:
    """The task, whole. Raises 404 where it is none of this person's business, as where there is none."""
    found = next((one for one in _tasks(store) if one.id == task_id), None)
    if found is None or not (seat.may("editor") or seat.user in found.coders):
        raise HTTPException(404, "There is no such task.")
    return found


def _tasks(store: Any) -> list[Task]:
    """All tasks that were not taken back, the last first."""
    given = store.judgements_by("assign", "code", "adjudicate", "undo")
    undone = {one.undoes for one in given if one.action == "undo"}
    left = [one for one in given if one.id not in undone and isinstance(one.value, dict)]
    answers = _by_task(one for one in left if one.action == "code")
    decisions = _by_task(one for one in left if one.action == "adjudicate")
    made_tasks = [
        _made(one, answers.get(one.id, []), decisions.get(one.id, [])) for one in left if one.action == "assign"
    ]
    return made_tasks[::-1]


def _by_task(judgements: Iterable[Judgement]) -> dict[str, list[Answers]]:
    found: dict[str, list[Answers]] = {}
    for one in judgements:
        answers = {field: str(one.value.get("answers", {}).get(field, "")) for field in FIELDS}
        found.setdefault(str(one.value.get("task")), []).append(Answers(user=one.user, at=one.at, answers=answers))
    return found


def _made(one: Judgement, answers: list[Answers], decisions: list[Answers]) -> Task:
    coders = tuple(str(name) for name in one.value.get("coders", ()))
    theirs = tuple({given.user: given for given in answers if given.user in coders}.values())
    state: State = "adjudicated" if decisions else "coded" if len(theirs) == len(coders) else "open"
    return Task(
        id=one.id, at=one.at, editor=one.user, about=str(one.value.get("about")), target=str(one.value.get("target")), coders=coders,
        done=len(theirs), state=state, answers=theirs, decision=decisions[-1] if decisions else None,
    )  # fmt: skip


def _seen(task: Task, seat: Seat) -> Task:
    """The task as this person may see it: until it is decided, coders see their own answers; editors wait until both are in."""
    if task.state == "adjudicated" or (task.state == "coded" and seat.may("editor")):
        return task
    own = tuple(one for one in task.answers if one.user == seat.user)
    fields = {name: getattr(task, name) for name in task.__struct_fields__}
    return Task(**(fields | {"answers": own}))
