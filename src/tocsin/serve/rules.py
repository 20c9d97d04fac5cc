"""The rules of the alerts: listed for everybody; added, switched and removed by editors."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import msgspec
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from tocsin.alerts.polygons import LARGEST, polygon_of
from tocsin.alerts.rules import ONLY_OF, Rule, RuleKind, checked
from tocsin.alerts.rules import STATUSES as USUAL
from tocsin.alerts.telling import rules_of
from tocsin.errors import RuleError
from tocsin.records import Row
from tocsin.serve.review import body_of
from tocsin.serve.seats import Editor, Ledger, Viewer, check_csrf
from tocsin.serve.wanted import STATUSES
from tocsin.serve.wire import JSON, Pages, json_answer, problems, schema_of, wants_json

router = APIRouter(tags=["alerts"])
page = Pages(router)
KINDS: tuple[str, ...] = get_args(RuleKind)
MOST_RULES, MOST_WORDS = 500, 2_000
MOST_SHOWN = 50  # changes of rules, the last first
TEXTS = ("kind", "country", "place", "since", "until", "figure")
NUMBERS = ("above", "times", "days", "least")
WHOLE = ("days", "least")


class Changed(Row, frozen=True, kw_only=True):
    """Who did what to a rule; `tocsin rules history` says what it was from then on."""

    at: str
    user: str
    rule: str
    action: str
    version: int = 0


class RulesPage(Row, frozen=True, kw_only=True):
    """The rules by name, and what a form for a new one offers: plans and threats count only where they are asked for."""

    rules: tuple[Rule, ...]
    kinds: tuple[str, ...] = KINDS
    statuses: tuple[str, ...] = STATUSES
    counted: tuple[str, ...] = USUAL
    history: tuple[Changed, ...] = ()


class RuleWish(msgspec.Struct, kw_only=True):
    """What is to be done with the rule `name`; all else is of a rule that is added. `polygon` is GeoJSON, or its text."""

    action: Literal["add", "enable", "disable", "remove"]
    name: str
    kind: str | None = None
    kinds: list[str] = []
    statuses: list[str] = []
    country: str | None = None
    place: str | None = None
    actors: list[str] | str = []
    polygon: dict[str, Any] | str | None = None
    since: str | None = None
    until: str | None = None
    figure: str | None = None
    above: float | str | None = None
    times: float | str | None = None
    days: int | str | None = None
    least: int | str | None = None


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
KEPT = {"description": "Done; the rules as they are now", "content": {JSON: {"schema": schema_of(RulesPage)}}}


@page("/rules", "rules.html", RulesPage)
def rules(seat: Viewer, store: Ledger) -> object:
    """What is watched for."""
    latest = list(reversed(store.rule_history()))[:MOST_SHOWN]
    told = tuple(
        Changed(at=one.at, user=one.user, rule=one.rule, action=one.action, version=one.version) for one in latest
    )
    return RulesPage(rules=tuple(rules_of(store)), history=told)


@router.post("/rules", openapi_extra=BODY, responses={200: KEPT, 303: {"description": "Done; back to the page"}, **problems(400, 401, 403, 404, 413, 422)})  # fmt: skip
async def change(request: Request, seat: Editor) -> Response:
    """Adds, enables, disables or removes a rule. Wants the role editor."""
    given, sent_json = await body_of(request)
    if not sent_json:
        form = await request.form()
        given |= {name: [str(one) for one in form.getlist(name)] for name in ("kinds", "statuses")}
        given |= dict.fromkeys(
            name for name, kinds in ONLY_OF.items() if given.get("kind") not in kinds
        )  # hidden fields
    check_csrf(request, seat, str(given.get("csrf") or ""))
    await run_in_threadpool(carry_out, request.app.state.desk.store, read_wish(given), seat.user)
    if sent_json or wants_json(request):
        return json_answer(request, await run_in_threadpool(rules, seat, request.app.state.desk.store))
    return RedirectResponse("/rules", 303)


def read_wish(given: dict[str, Any]) -> RuleWish:
    """The wish, checked; empty form fields are no values. Raises 422."""
    known = {name: given[name] for name in RuleWish.__struct_fields__ if given.get(name) not in (None, "")}
    try:
        return msgspec.convert(known, RuleWish)
    except msgspec.ValidationError as problem:
        raise HTTPException(422, str(problem)) from None


def carry_out(store: Any, wish: RuleWish, by: str) -> None:
    """Does what is wished, in somebody's name. Raises 404 where there is no such rule, 422 where a new one is wrong."""
    known = store.rules()
    if wish.action == "add":
        _add(store, wish, known, by)
    elif wish.name not in known:
        raise HTTPException(404, "There is no such rule.")
    elif wish.action == "remove":
        store.remove_rule(wish.name, by)
    else:
        store.put_rule(wish.name, known[wish.name] | {"enabled": wish.action == "enable"}, by)


def _add(store: Any, wish: RuleWish, known: dict[str, Any], by: str) -> None:
    try:
        rule = checked(value_of(wish), "the rule")
    except RuleError as problem:
        raise HTTPException(422, str(problem)) from None
    if rule.name in known:
        raise HTTPException(422, "There is a rule of that name; remove it first, or choose another name.")
    if len(known) >= MOST_RULES:
        raise HTTPException(422, f"There are {MOST_RULES} rules; remove one first.")
    store.put_rule(rule.name, rule, by)


def value_of(wish: RuleWish) -> dict[str, Any]:
    """The rule as a value for `checked`. Raises `RuleError`."""
    value: dict[str, Any] = {"name": wish.name, "added": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    value |= {name: text for name in TEXTS if (text := _text(name, getattr(wish, name)))}
    value |= {name: _number(name, given) for name in NUMBERS if (given := getattr(wish, name)) is not None}
    actors = wish.actors.split(",") if isinstance(wish.actors, str) else wish.actors
    value |= {"kinds": wish.kinds, "actors": [one for part in actors[:100] if (one := _text("actors", part))]}
    if wish.statuses:
        value["statuses"] = [_status(one) for one in wish.statuses]
    if wish.polygon is not None:
        text = wish.polygon if isinstance(wish.polygon, str) else msgspec.json.encode(wish.polygon).decode()
        if len(text) > LARGEST:
            raise RuleError(f"the polygon: is larger than {LARGEST:,} characters")
        value["polygon"] = polygon_of(text, "the polygon")
    return value


def _status(given: str) -> str:
    if given not in STATUSES:
        raise RuleError(f"the rule: statuses are of {', '.join(STATUSES)}")
    return given


def _text(name: str, given: str | None) -> str | None:
    if given and (len(given) > MOST_WORDS or "\0" in given):
        raise RuleError(f"the rule: `{name}` is longer than {MOST_WORDS} characters, or holds a null")
    return (given or "").strip() or None


def _number(name: str, given: float | str) -> float | int:
    try:
        number = int(given) if name in WHOLE else float(given)
        if math.isfinite(number):
            return number
    except (ValueError, OverflowError):
        pass
    raise RuleError(f"the rule: `{name}` is no number")
