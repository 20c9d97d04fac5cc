"""The people who may use the desk: listed, added, given another role or password, and removed, by an admin."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from tocsin.errors import UsageError
from tocsin.records import Row
from tocsin.serve.accounts import CSRF_HEADER, FORM
from tocsin.serve.passwords import LONGEST_NAME, checked_name, hashed
from tocsin.serve.review import body_of
from tocsin.serve.seats import Admin, Ledger, Seat, check_csrf
from tocsin.serve.settings import NO_ROLE, ROLES
from tocsin.serve.wire import JSON, Pages, html_answer, json_answer, problems, schema_of, wants_json
from tocsin.store.accounts import User

router = APIRouter(tags=["accounts"])
page = Pages(router)
MOST_PEOPLE = 1_000
TeamRole = Literal["viewer", "coder", "editor", "admin", "none"]


class Person(Row, frozen=True, kw_only=True):
    """Somebody who may use the desk; with the role `none`, who may not for now."""

    name: str
    role: str
    added: str


class UsersPage(Row, frozen=True, kw_only=True):
    """The people, by name; and what was wrong with the last change."""

    users: tuple[Person, ...]
    roles: tuple[str, ...] = (*ROLES, NO_ROLE)
    problem: str | None = None


class TeamWish(msgspec.Struct, kw_only=True):
    """What is to become of the person `name`: `add` wants role and password, `role` and `password` want theirs.

    The role `none` shuts a person out and keeps their name; `remove` forgets them. What they judged stays in either case.
    """

    action: Literal["add", "role", "password", "remove"]
    name: str
    role: TeamRole | None = None
    password: str | None = None


BODY = {
    "requestBody": {"required": True, "content": {kind: {"schema": schema_of(TeamWish)} for kind in (JSON, FORM)}},
    "parameters": [CSRF_HEADER],
}
KEPT = {"description": "Done; the people as they are now", "content": {JSON: {"schema": schema_of(UsersPage)}}}


@page("/users", "users.html", UsersPage)
def users(seat: Admin, store: Ledger) -> object:
    """Who may use the desk. Wants the role admin."""
    return users_page(store)


def users_page(store: Any, problem: str | None = None) -> UsersPage:
    listed = tuple(Person(name=one.name, role=one.role, added=one.added) for one in store.users())
    return UsersPage(users=listed, problem=problem)


@router.post("/users", openapi_extra=BODY, responses={200: KEPT, 303: {"description": "Done; back to the page"}, **problems(400, 401, 403, 404, 413, 422)})  # fmt: skip
async def change(request: Request, seat: Admin) -> Response:
    """Adds a person, changes their role or password, or removes them. Wants the role admin. A new password ends their sessions."""
    given, sent_json = await body_of(request)
    check_csrf(request, seat, str(given.get("csrf") or ""))
    store, as_json = request.app.state.desk.store, sent_json or wants_json(request)
    try:
        await run_in_threadpool(carry_out, store, seat, read_wish(given))
    except HTTPException as problem:
        if as_json:
            raise
        shown = await run_in_threadpool(users_page, store, str(problem.detail))
        refused = html_answer(request, "users.html", view=shown)
        refused.status_code = problem.status_code
        return refused
    if as_json:
        return json_answer(request, await run_in_threadpool(users_page, store))
    return RedirectResponse("/users", 303)


def read_wish(given: dict[str, Any]) -> TeamWish:
    """The wish, checked; empty form fields are no values. Raises 422."""
    known = {name: given[name] for name in TeamWish.__struct_fields__ if given.get(name) not in (None, "")}
    try:
        wish = msgspec.convert(known, TeamWish)
    except msgspec.ValidationError as problem:
        raise HTTPException(422, str(problem)) from None
    if len(wish.name) > LONGEST_NAME or "\0" in wish.name:
        raise HTTPException(422, f"A name has at most {LONGEST_NAME} characters.")
    return wish


def carry_out(store: Any, seat: Seat, wish: TeamWish) -> None:
    """Raises 404 where there is no such person, 422 where the change is wrong or would leave nobody who can change people."""
    hash_ = _hash(wish) if wish.action in ("add", "password") else ""  # slow by design: not while others wait to write
    with store.writing():
        known = store.user(wish.name)
        if wish.action == "add":
            _add(store, wish, known, hash_)
        elif known is None:
            raise HTTPException(404, "There is no person of that name.")
        elif wish.action == "role":
            _give_role(store, wish)
        elif wish.action == "password":
            store.set_password(wish.name, hash_)
        else:
            store.remove_user(wish.name)
        if not seat.local and not any(one.role == "admin" for one in store.users()):
            raise HTTPException(422, "Nobody would be left who is an admin; make somebody else one first.")


def _hash(wish: TeamWish) -> str:
    try:
        return hashed(wish.password or "")
    except UsageError as problem:
        raise HTTPException(422, f"{str(problem).capitalize()}.") from None


def _add(store: Any, wish: TeamWish, known: User | None, hash_: str) -> None:
    if known is not None:
        raise HTTPException(422, "There is a person of that name; give them another role or password instead.")
    if len(store.users()) >= MOST_PEOPLE:
        raise HTTPException(422, f"There are {MOST_PEOPLE} people; remove one first.")
    try:
        name = checked_name(wish.name)
    except UsageError as problem:
        raise HTTPException(422, f"{str(problem).capitalize()}.") from None
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    store.put_user(User(name=name, role=wish.role or "viewer", password=hash_, added=at))


def _give_role(store: Any, wish: TeamWish) -> None:
    if wish.role is None:
        raise HTTPException(422, f"A role is one of {', '.join(ROLES)}, or {NO_ROLE}.")
    store.set_role(wish.name, wish.role)
