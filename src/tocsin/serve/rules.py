"""The rules of the alerts: shown to all, made and changed by editors; a polygon is drawn on the map or typed."""

from __future__ import annotations

import datetime
from typing import Any, Literal

import msgspec
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from tocsin.alerts.rules import Rule, checked, redline
from tocsin.alerts.telling import rules_of
from tocsin.errors import RuleError, UsageError
from tocsin.records import Row
from tocsin.serve.seats import Editor, Ledger, Viewer, check_csrf
from tocsin.serve.wire import JSON, Pages, json_answer, problems, schema_of, wants_json

router = APIRouter(tags=["alerts"])
page = Pages(router)
MOST_RULES = 1_000
SEVERAL = ("kinds", "statuses")
NUMBERS = {"above": float, "times": float, "days": int, "least": int}


class RulesPage(Row, frozen=True, kw_only=True):
    """All rules by name; `zone` is the one whose polygon is shown first."""

    rules: tuple[Rule, ...]


class RuleWish(msgspec.Struct, kw_only=True):
    """What to do: `add` a rule (as in YAML, `rule` holds it; one of a known name takes the other's place), or by `name` to enable,
    disable or remove one; `line` is a red line in words."""

    action: Literal["add", "enable", "disable", "remove"]
    name: str | None = None
    line: str | None = None
    rule: dict[str, Any] | None = None


BODY = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": schema_of(RuleWish)},
            "application/x-www-form-urlencoded": {"schema": schema_of(RuleWish)},
        },
    },
    "parameters": [{"name": "X-CSRF-Token", "in": "header", "required": False, "schema": {"type": "string"}}],
}
KEPT = {"description": "Kept: the rules as they are now", "content": {JSON: {"schema": schema_of(RulesPage)}}}


@page("/rules", "rules.html", RulesPage)
def rules(seat: Viewer, store: Ledger) -> object:
    """The rules that alert."""
    return RulesPage(rules=tuple(rules_of(store)))


@router.post("/rules", openapi_extra=BODY, responses={200: KEPT, 303: {"description": "Kept; back to the page"}, **problems(400, 401, 403, 404, 413, 422)})  # fmt: skip
async def change_rules(request: Request, seat: Editor) -> Response:
    """Adds, enables, disables or removes a rule. Wants the role editor."""
    given, sent_json = await _body(request)
    check_csrf(request, seat, str(given.get("csrf") or ""))
    return await run_in_threadpool(_changed, request, given, sent_json)


async def _body(request: Request) -> tuple[dict[str, Any], bool]:
    """The body as a map, several values of a name as a list. Raises 400 where it is neither JSON nor a form, 413 where it is too much."""
    sent_json = request.headers.get("content-type", "").partition(";")[0].strip().lower() == JSON
    try:
        if sent_json:
            given = msgspec.json.decode(await request.body())
        else:
            form = await request.form(max_files=0, max_fields=500, max_part_size=600_000)
            given = {key: str(value) for key, value in form.items()}
            given |= {
                name: [str(one) for one in form.getlist(name) if str(one)] for name in SEVERAL if form.getlist(name)
            }
    except ClientDisconnect:  # `guard` cut the body off
        raise HTTPException(413, "The body is too large.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as problem:
        raise HTTPException(400, f"The body cannot be read: {problem}") from None
    if not isinstance(given, dict):
        raise HTTPException(422, "The body is not a map of names to values.")
    return given, sent_json


def _changed(request: Request, given: dict[str, Any], sent_json: bool) -> Response:
    store = request.app.state.desk.store
    wish = _wish(given, sent_json)
    known = {one.name: one for one in rules_of(store)}
    if wish.action == "add":
        _add(store, wish, known)
    elif wish.name not in known:
        raise HTTPException(404, "There is no rule of that name.")
    elif wish.action == "remove":
        store.remove_rule(wish.name)
    else:
        store.put_rule(wish.name, msgspec.structs.replace(known[str(wish.name)], enabled=wish.action == "enable"))
    if sent_json or wants_json(request):
        return json_answer(request, RulesPage(rules=tuple(rules_of(store))))
    return RedirectResponse("/rules", 303)


def _wish(given: dict[str, Any], sent_json: bool) -> RuleWish:
    fields = {name: given[name] for name in RuleWish.__struct_fields__ if given.get(name) not in (None, "")}
    if not sent_json and fields.get("action") == "add" and "line" not in fields:
        fields["rule"] = _of_form(given)
    try:
        return msgspec.convert(fields, RuleWish)
    except msgspec.ValidationError as problem:
        raise HTTPException(422, str(problem)) from None


def _add(store: Any, wish: RuleWish, known: dict[str, Rule]) -> None:
    """Raises 422 with what is wrong in the rule."""
    try:
        rule = redline(wish.line) if wish.line else checked(wish.rule, "the rule")
        rule = checked(msgspec.to_builtins(rule), "the rule")
    except (RuleError, UsageError) as problem:
        raise HTTPException(422, str(problem)) from None
    if rule.name not in known and len(known) >= MOST_RULES:
        raise HTTPException(422, f"There are {MOST_RULES} rules already.")
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    store.put_rule(rule.name, msgspec.structs.replace(rule, added=stamp))


def _of_form(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of a form as a rule's: empty ones left out, numbers and the polygon read. Raises 422."""
    names = ("name", "kind", "country", "place", "since", "until", "figure")
    found: dict[str, Any] = {name: str(given[name]).strip() for name in names if str(given.get(name) or "").strip()}
    found |= {
        name: given[name] if isinstance(given[name], list) else [given[name]] for name in SEVERAL if given.get(name)
    }
    if str(given.get("actors") or "").strip():
        found["actors"] = [one.strip() for one in str(given["actors"]).split(",") if one.strip()]
    try:
        found |= {name: read(str(given[name])) for name, read in NUMBERS.items() if str(given.get(name) or "").strip()}
        if str(given.get("polygon") or "").strip():
            found["polygon"] = msgspec.json.decode(str(given["polygon"]))
    except (ValueError, OverflowError, msgspec.DecodeError, RecursionError) as problem:
        raise HTTPException(422, f"A number or the polygon cannot be read: {problem}") from None
    if "country" in found:
        found["country"] = found["country"].upper()
    return found
