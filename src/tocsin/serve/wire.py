"""How an answer leaves: the same value as a page for people or as JSON for programs, with an ETag.

A page is a function that returns one value (a `Row`). `Pages` registers it twice: at its path, where `Accept` chooses HTML or
JSON, and at `path.json`. The JSON is the value as msgspec writes it, so that the schema in OpenAPI is made from the same type.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import re
from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tocsin.records import Row
from tocsin.serve.settings import LOCAL_COOKIE

JSON = "application/json"
REF = "#/components/schemas/{name}"
_encoder = msgspec.json.Encoder()


class Problem(Row, frozen=True, kw_only=True):
    """Why a request was not answered as asked."""

    status: int
    detail: str


_NOTHING = re.compile(r"q\s*=\s*0(\.0*)?\s*$")
ANSWERS: set[type] = {Problem}


def wants_json(request: Request) -> bool:
    """True for `….json` and where Accept names JSON and no HTML."""
    if request.url.path.endswith(".json"):
        return True
    accepted = request.headers.get("accept", "")
    return JSON in accepted and "text/html" not in accepted


def encode(value: Any) -> bytes:
    """JSON in UTF-8. Lone surrogates, which no page should hold, become U+FFFD."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(value)
        return _encoder.encode(_without_surrogates(plain))


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(one) for key, one in value.items()}
    return [_without_surrogates(one) for one in value] if isinstance(value, list | tuple) else value


def tag_of(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def tagged(
    request: Request, body: bytes, media_type: str, *, cache: str = "no-cache", tag: str = "", packed: bytes = b""
) -> Response:
    """The body with its ETag; 304 without a body where the reader has it already. `packed` is the same, as gzip, for who takes it."""
    tag = tag or tag_of(body)
    headers = {"etag": tag, "cache-control": f"private, {cache}", "vary": "Accept, Cookie"}
    if packed:
        headers["vary"] += ", Accept-Encoding"
        if takes_gzip(request):
            tag = headers["etag"] = f'"{tag.strip(chr(34))}-gzip"'
            headers["content-encoding"], body = "gzip", packed
    known = request.headers.get("if-none-match") == tag
    answer = (
        Response(status_code=304, headers=headers) if known else Response(body, media_type=media_type, headers=headers)
    )
    token = getattr(request.state, "new_local_token", None)
    if token:  # the first visit on loopback: what the CSRF token is made of
        answer.set_cookie(LOCAL_COOKIE, token, httponly=True, samesite="lax", path="/")
    return answer


def takes_gzip(request: Request) -> bool:
    """Whether the reader says that it reads gzip, and not with a weight of nothing."""
    parts = (one.strip().lower().partition(";") for one in request.headers.get("accept-encoding", "").split(","))
    return any(name.strip() == "gzip" and not _NOTHING.search(weight) for name, _, weight in parts)


def json_answer(request: Request, value: Any) -> Response:
    return tagged(request, encode(value), JSON)


def html_answer(request: Request, template: str, **given: Any) -> Response:
    """A rendered template. Hostile lone surrogates cannot break the encoding."""
    page = request.app.state.templates.get_template(template)
    body = page.render(request=request, seat=getattr(request.state, "seat", None), **given)
    return tagged(request, body.encode("utf-8", "replace"), "text/html; charset=utf-8")


def either(request: Request, template: str, value: Any) -> Response:
    """The value as JSON or as the page, whichever was asked for."""
    return json_answer(request, value) if wants_json(request) else html_answer(request, template, view=value)


def schema_of(answer: type) -> dict[str, Any]:
    """What OpenAPI says of an answer; the components are added when the document is made."""
    ANSWERS.add(answer)
    return {"$ref": REF.format(name=answer.__name__)}


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's entries for answers that say why not; HTML to people."""
    content = {JSON: {"schema": schema_of(Problem)}, "text/html": {"schema": {"type": "string"}}}
    words = {
        400: "Not a request that can be read", 401: "Not signed in", 403: "Not allowed", 404: "Not there", 409: "Overtaken", 413: "Too large",
        422: "A value is wrong", 429: "Too often", 503: "Cannot be done here",
    }  # fmt: skip
    return {code: {"description": words[code], "content": content} for code in codes}


class Pages:
    """Registers pages on a router, each with its twin."""

    def __init__(self, router: APIRouter) -> None:
        self.router = router

    def __call__(self, path: str, template: str, answer: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """For a function that returns `answer`, or a `Response` of its own (a redirection)."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            self._add(path, template, answer, function)
            return function

        return register

    def _add(self, path: str, template: str, answer: type, function: Callable[..., Any]) -> None:
        endpoint = answering(function, template)
        value = {JSON: {"schema": schema_of(answer)}}
        json_only = {"description": "The value of the page", "content": value}
        both = {"description": "The page", "content": {"text/html": {"schema": {"type": "string"}}, **value}}
        wrong = problems(400, 401, 403, 404, 413, 422)
        name = function.__name__
        self.router.add_api_route(f"{path}.json", endpoint, responses={200: json_only, **wrong}, response_class=Response, name=f"{name}.json", operation_id=f"{name}_json")  # fmt: skip
        self.router.add_api_route(path, endpoint, responses={200: both, **wrong}, response_class=HTMLResponse, name=name, operation_id=name)  # fmt: skip


def answering(function: Callable[..., Any], template: str) -> Callable[..., Response]:
    """The function with its value turned into an answer. FastAPI reads the signature, so it is kept, with the request added."""
    signature = inspect.signature(function, eval_str=True)
    takes_request = "request" in signature.parameters

    @functools.wraps(function)
    def endpoint(**given: Any) -> Response:
        request = given["request"] if takes_request else given.pop("request")
        value = function(**given)
        return value if isinstance(value, Response) else either(request, template, value)

    parameters = list(signature.parameters.values())
    if not takes_request:
        parameters.append(inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request))
    del endpoint.__wrapped__  # else FastAPI looks up names in the wrong module
    keyword = inspect.Parameter.KEYWORD_ONLY
    endpoint.__signature__ = inspect.Signature([one.replace(kind=keyword) for one in parameters])  # type: ignore[attr-defined]
    return endpoint


def openapi_components() -> dict[str, Any]:
    """The schemas of all answers, from the types that are encoded."""
    _, components = msgspec.json.schema_components(sorted(ANSWERS, key=lambda one: one.__name__), ref_template=REF)
    return components
