"""Signing in and out, who one is, and a new password of one's own."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from tocsin.errors import UsageError
from tocsin.records import Row
from tocsin.serve.passwords import Brake, fits, hashed
from tocsin.serve.review import body_of
from tocsin.serve.seats import Seat, Viewer, check_csrf, fingerprint, inner_path, new_token
from tocsin.serve.settings import COOKIE, ROLES, Role, Settings
from tocsin.serve.wire import JSON, Pages, html_answer, json_answer, problems, schema_of, wants_json

router = APIRouter(tags=["accounts"])
page = Pages(router)


class SessionPage(Row, frozen=True, kw_only=True):
    """Who one is, and the token that writes want in `X-CSRF-Token`. `problem` is what was wrong with a new password."""

    user: str
    role: Role
    csrf: str
    local: bool
    changed: bool = False
    problem: str | None = None


class PasswordWish(Row, frozen=True, kw_only=True):
    """A new password of one's own; `again`, where it is given, must be the same as `new`."""

    old: str
    new: str
    again: str | None = None


class SignIn(Row, frozen=True, kw_only=True):
    """A name and a password. `next` is a path of this server to go to."""

    name: str
    password: str
    next: str = "/"


class LoginPage(Row, frozen=True, kw_only=True):
    """The form, with what was wrong with the last try."""

    next: str = "/"
    problem: str | None = None


FORM = "application/x-www-form-urlencoded"
CSRF_HEADER = {"name": "X-CSRF-Token", "in": "header", "required": False, "schema": {"type": "string"}}
LOGOUT_BODY = {"requestBody": {"required": False, "content": {FORM: {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}}}}  # fmt: skip
FORM_SHOWN = {"description": "The form", "content": {"text/html": {"schema": {"type": "string"}}}}
PASSWORD_BODY = {"requestBody": {"required": True, "content": {kind: {"schema": schema_of(PasswordWish)} for kind in (JSON, FORM)}}, "parameters": [CSRF_HEADER]}  # fmt: skip
LOGIN_BODY = {"requestBody": {"required": True, "content": {kind: {"schema": schema_of(SignIn)} for kind in (JSON, FORM)}}}  # fmt: skip
SIGNED = {"description": "Signed in", "content": {JSON: {"schema": schema_of(SessionPage)}}}


@page("/session", "session.html", SessionPage)
def session(seat: Viewer, changed: Annotated[bool, Query()] = False) -> object:
    """Who one is. `changed` makes the page say that the password has been."""
    return session_page(seat, changed=changed)


def session_page(seat: Seat, **more: Any) -> SessionPage:
    return SessionPage(user=seat.user, role=seat.role, csrf=seat.csrf, local=seat.local, **more)


@router.get("/login", responses={200: FORM_SHOWN, 307: {"description": "On loopback there is no login"}, **problems(422)})  # fmt: skip
def login_form(request: Request, next: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """The form for signing in."""
    settings: Settings = request.app.state.settings
    if settings.loopback:
        return RedirectResponse("/map", 307)
    return html_answer(request, "login.html", view=LoginPage(next=inner_path(next)))


@router.post("/login", openapi_extra=LOGIN_BODY, responses={200: SIGNED, 303: {"description": "Signed in; on to the page"}, **problems(400, 401, 403, 413, 422, 429)})  # fmt: skip
async def login(request: Request) -> Response:
    """Signs in: a cookie for the session. After five failures of a name, or twenty of an address, one has to wait."""
    settings: Settings = request.app.state.settings
    if settings.loopback:
        raise HTTPException(403, "On loopback there is no login.")
    _from_here(request)
    given, sent_json = await body_of(request)
    name, password = str(given.get("name") or "")[:200], str(given.get("password") or "")[:1000]
    target = inner_path(str(given.get("next") or "/"))
    token = await run_in_threadpool(_signed_in, request, name, password)
    if token is None:
        return _again(request, target, sent_json)
    request.state.seat = None
    answer: Response = RedirectResponse(target, 303)
    if sent_json or wants_json(request):
        answer = json_answer(request, {"signed_in": True})
    return _with_session(request, answer, token)


@router.post("/session/password", openapi_extra=PASSWORD_BODY, responses={200: SIGNED, 303: {"description": "Changed; back to the page"}, **problems(400, 401, 403, 413, 422, 429)})  # fmt: skip
async def change_password(request: Request, seat: Viewer) -> Response:
    """Gives oneself a new password. The old one is asked for; all other sessions end, and this one goes on under a new cookie."""
    if seat.local:
        raise HTTPException(403, "On loopback there is no login, and so no password.")
    given, sent_json = await body_of(request)
    check_csrf(request, seat, str(given.get("csrf") or ""))
    as_json = sent_json or wants_json(request)
    try:
        token = await run_in_threadpool(_changed, request, seat, given)
    except HTTPException as problem:
        if as_json:
            raise
        refused = html_answer(request, "session.html", view=session_page(seat, problem=str(problem.detail)))
        refused.status_code = problem.status_code
        return refused
    answer = json_answer(request, {"changed": True}) if as_json else RedirectResponse("/session?changed=true", 303)
    return _with_session(request, answer, token)


@router.post("/logout", responses={303: {"description": "Signed out"}, **problems(400, 401, 403, 413, 422)}, openapi_extra=LOGOUT_BODY)  # fmt: skip
async def logout(request: Request, seat: Viewer) -> Response:
    """Ends the session, here and in the ledger."""
    given, _ = await body_of(request)
    check_csrf(request, seat, str(given.get("csrf") or ""))
    if not seat.local:
        await run_in_threadpool(request.app.state.desk.store.end_session, fingerprint(seat.token))
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


def _signed_in(request: Request, name: str, password: str) -> str | None:
    """A new session's token; None where name and password do not fit. Raises 429 after too many failures."""
    brake: Brake = request.app.state.brake
    addresses: Brake = request.app.state.address_brake
    store = request.app.state.desk.store
    address = request.client.host if request.client else "?"
    key = f"{name}\n{address}"
    _wait(brake, key)
    _wait(addresses, address)
    known = store.user(name) if name and "\0" not in name else None
    if not fits(password, known.password if known else None) or known is None or known.role not in ROLES:
        brake.failed(key)
        addresses.failed(address)
        return None
    brake.clear(key)
    return _started(request, known.name)


def _changed(request: Request, seat: Seat, given: dict[str, Any]) -> str:
    """Keeps the new password; returns the token of a new session. Raises 403, 422 or 429; wrong guesses count as those at the login."""
    old, new = str(given.get("old") or "")[:1000], str(given.get("new") or "")
    brake, addresses, store = request.app.state.brake, request.app.state.address_brake, request.app.state.desk.store
    address = request.client.host if request.client else "?"
    key = f"{seat.user}\n{address}"
    _wait(brake, key)
    _wait(addresses, address)
    known = store.user(seat.user)
    if not fits(old, known.password if known else None):
        brake.failed(key)
        addresses.failed(address)
        raise HTTPException(403, "The old password is another one.")
    brake.clear(key)
    if given.get("again") not in (None, new):
        raise HTTPException(422, "The two new passwords are not the same.")
    if new == old:
        raise HTTPException(422, "The new password is the old one.")
    try:
        hash_ = hashed(new)
    except UsageError as problem:
        raise HTTPException(422, f"{str(problem).capitalize()}.") from None
    with store.writing():
        store.set_password(seat.user, hash_)
        return _started(request, seat.user)


def _started(request: Request, name: str) -> str:
    """A new session of a person: its token."""
    token, now = new_token(), int(time.time())
    ends = now + request.app.state.settings.session_hours * 3600
    request.app.state.desk.store.start_session(fingerprint(token), name, ends, now)
    return token


def _with_session(request: Request, answer: Response, token: str) -> Response:
    """The answer with the session's cookie."""
    seconds = request.app.state.settings.session_hours * 3600
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=_https(request), max_age=seconds, path="/")
    answer.headers["cache-control"] = "no-store"
    return answer


def _wait(brake: Brake, key: str) -> None:
    wait = brake.wait(key)
    if wait:
        raise HTTPException(429, f"Too many failures; try again in {wait} seconds.", {"retry-after": str(wait)})


def _again(request: Request, target: str, sent_json: bool) -> Response:
    if sent_json or wants_json(request):
        raise HTTPException(401, "Name and password do not fit.")
    answer = html_answer(request, "login.html", view=LoginPage(next=target, problem="Name and password do not fit."))
    answer.status_code = 401
    return answer


def _from_here(request: Request) -> None:
    """A login form of another site could sign its own user in, and collect what is then written."""
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise HTTPException(403, "The form was sent from another site.")


def _https(request: Request) -> bool:
    settings: Any = request.app.state.settings
    return bool(settings.https or request.url.scheme == "https")
