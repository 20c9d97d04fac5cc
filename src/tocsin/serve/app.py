"""The web desk as an ASGI application."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRouter
from starlette.exceptions import HTTPException as StarletteHTTPException

from tocsin import __version__
from tocsin.errors import TocsinError, UsageError
from tocsin.serve import (
    about,
    accounts,
    alerts,
    calendar,
    cells,
    coding,
    control,
    documents,
    export,
    files,
    inbox,
    incidents,
    indicators,
    map,
    people,
    review,
    rules,
    search,
    sources,
    statements,
    team,
    timeline,
)  # fmt: skip
from tocsin.serve.guard import Guard
from tocsin.serve.passwords import Brake
from tocsin.serve.rendering import environment
from tocsin.serve.seats import NotSignedIn, inner_path
from tocsin.serve.settings import Settings
from tocsin.serve.wire import Problem, html_answer, json_answer, openapi_components, wants_json

THREADS = 3
PARTS = (
    accounts, team, map, timeline, inbox, incidents, export, review, cells, documents, statements, calendar, control, people, search, sources, alerts, rules, indicators, coding, about, files,
)  # fmt: skip


def create_app(desk: Any, settings: Settings | None = None) -> FastAPI:
    """The desk's pages over a `Desk` (or a bare store, which is then read and judged without a reader).

    Raises `UsageError` where the server is not on loopback and nobody may sign in: an open desk is never served by accident.
    """
    settings = settings or Settings()
    app = FastAPI(
        lifespan=_few_threads,
        title=settings.title,
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.desk = desk if hasattr(desk, "judge") else _desk(desk)
    if not settings.loopback and not app.state.desk.store.users():
        raise UsageError(f"{settings.host} is not loopback and there is no user: tocsin user add NAME --role admin")
    app.state.settings = settings
    app.state.secret = secrets.token_bytes(32)
    app.state.brake, app.state.address_brake = Brake(most=5), Brake(most=20)
    app.state.templates = environment()
    for part in PARTS:
        router: APIRouter = part.router
        app.include_router(router)
    _say_problems(app)
    app.add_middleware(Guard, settings=settings)
    app.openapi = _openapi(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _few_threads(app: FastAPI) -> AsyncIterator[None]:
    """Pages are made by threads that share one interpreter, and each holds a connection with a cache of its own: more of them than
    this wait longer for each other than for the database."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield


def _desk(store: Any) -> Any:
    from tocsin.desk import Desk

    return Desk(store, None)


def _say_problems(app: FastAPI) -> None:
    """Every problem is one page or one JSON value, never a traceback."""

    @app.exception_handler(NotSignedIn)
    def not_signed_in(request: Request, problem: Exception) -> Response:
        if wants_json(request) or request.method != "GET":
            return problem_answer(request, 401, "Sign in first.")
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={inner_path(target).replace('&', '%26')}", 303)

    @app.exception_handler(StarletteHTTPException)
    def refused(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, StarletteHTTPException)
        return problem_answer(request, problem.status_code, str(problem.detail), problem.headers)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, RequestValidationError)
        said = "; ".join(
            f"{'.'.join(str(part) for part in one['loc'][1:])}: {one['msg']}" for one in problem.errors()[:5]
        )
        return problem_answer(request, 422, said)

    @app.exception_handler(TocsinError)
    def ours(request: Request, problem: Exception) -> Response:
        return problem_answer(request, 400 if isinstance(problem, UsageError) else 503, str(problem))


def problem_answer(request: Request, status: int, detail: str, headers: Any = None) -> Response:
    value = Problem(status=status, detail=detail[:2000])
    plain = wants_json(request) or request.headers.get("hx-request")
    answer = json_answer(request, value) if plain else html_answer(request, "problem.html", view=value)
    answer.status_code = status
    answer.headers.update(headers or {})
    answer.headers["cache-control"] = "no-store"
    return answer


def _openapi(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """FastAPI's document with the schemas of our answers added; made once."""

    def made() -> dict[str, Any]:
        if not app.openapi_schema:
            document = get_openapi(title=app.title, version=app.version, routes=app.routes, description=DESCRIPTION)
            document.setdefault("components", {}).setdefault("schemas", {}).update(openapi_components())
            app.openapi_schema = document
        return app.openapi_schema

    return made


DESCRIPTION = """Every page has a JSON twin: the same path with `.json`, or the same path with `Accept: application/json`.
Offsets are Unicode code points; days are ISO days, closed intervals; moments are UTC. Writes want the token of
`/session.json` in the header `X-CSRF-Token`, and the cookie that came with it."""

__all__ = ["HTTPException", "create_app"]
