"""Who sits before the desk: the local user on loopback, a signed-in person elsewhere; what they may do; their CSRF token.

The token is a keyed hash of the session cookie. On loopback there is no login, but there is a cookie all the same: any page
that the browser shows could send a form to 127.0.0.1, and must not be able to judge.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.concurrency import run_in_threadpool

from tocsin.records import Row
from tocsin.serve.settings import COOKIE, LOCAL_COOKIE, ROLES, Role, Settings


class Seat(Row, frozen=True, kw_only=True):
    """The person of a request. `csrf` goes into every form of theirs, `token` never leaves the cookie."""

    user: str
    role: Role
    csrf: str
    token: str = ""
    local: bool = True

    def may(self, role: Role) -> bool:
        """Whether the person's role is that one or a higher one: viewer < coder < editor < admin."""
        return ROLES.index(self.role) >= ROLES.index(role)


class NotSignedIn(Exception):
    """Nobody is known by the request's cookie."""


def fingerprint(token: str) -> str:
    """What the ledger keeps of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def csrf_of(request: Request, token: str) -> str:
    secret: bytes = request.app.state.secret
    return hmac.new(secret, token.encode(), hashlib.sha256).hexdigest()


async def seat(request: Request) -> Seat:
    """The person of this request. Raises `NotSignedIn` where a login is wanted and there is none.

    What asks no database is done where the request came in: a function without `async` is handed to a thread and back.
    """
    settings: Settings = request.app.state.settings
    taken = _local(request, settings) if settings.loopback else await run_in_threadpool(_signed_in, request)
    request.state.seat = taken
    return taken


def _local(request: Request, settings: Settings) -> Seat:
    token = request.cookies.get(LOCAL_COOKIE, "")[:100]
    if len(token) < 40:
        token = new_token()
        request.state.new_local_token = token  # `app` sets the cookie on the answer
    return Seat(user=settings.user, role="admin", csrf=csrf_of(request, token), token=token, local=True)


def _signed_in(request: Request) -> Seat:
    token = request.cookies.get(COOKIE, "")[:100]
    known = request.app.state.desk.store.session_user(fingerprint(token), int(time.time())) if token else None
    if known is None or known.role not in ROLES:
        raise NotSignedIn
    return Seat(user=known.name, role=known.role, csrf=csrf_of(request, token), token=token, local=False)


def needs(role: Role) -> Callable[[Seat], Awaitable[Seat]]:
    """A dependency: the person, who must have at least that role. 403 where not."""

    async def checked(taken: Annotated[Seat, Depends(seat)]) -> Seat:
        if not taken.may(role):
            raise HTTPException(403, f"This wants the role {role}; yours is {taken.role}.")
        return taken

    return checked


def check_csrf(request: Request, taken: Seat, given: str) -> None:
    """Raises 403 where a write does not come from a page of this desk: a wrong token, or another site's Origin."""
    sent = request.headers.get("x-csrf-token") or given
    if not hmac.compare_digest(sent.encode(), taken.csrf.encode()):
        raise HTTPException(403, "The form is too old or not from this desk; load the page again and repeat.")
    origin = request.headers.get("origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "The form was sent from another site.")
    if origin == "null" or request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise HTTPException(403, "The form was sent from another site.")


def inner_path(target: str | None, otherwise: str = "/") -> str:
    """The target where it is a path on this server, else `otherwise`: never a way to another host."""
    target = target or ""
    odd = "\\" in target or any(ord(char) < 0x21 or ord(char) == 0x7F for char in target)
    if not target.startswith("/") or target.startswith("//") or odd or len(target) > 2000:
        return otherwise
    return quote(target, safe="/?&=%:,+#-._~")


async def store_of(request: Request) -> Any:
    return request.app.state.desk.store


async def desk_of(request: Request) -> Any:
    return request.app.state.desk


Viewer = Annotated[Seat, Depends(needs("viewer"))]
Coder = Annotated[Seat, Depends(needs("coder"))]
Editor = Annotated[Seat, Depends(needs("editor"))]
Admin = Annotated[Seat, Depends(needs("admin"))]
Ledger = Annotated[Any, Depends(store_of)]
TheDesk = Annotated[Any, Depends(desk_of)]
