"""The rules that people write, as values: read from YAML, checked, kept in the ledger by name.

name: deescalation
kind: zone                     # zone, redline, threshold, build-up, overdue, silence
kinds: [air-strike, shelling]  # kinds of the codebook; empty: all that do harm
statuses: [happened, reported, alleged, contested]
country: SY                    # and place, actors: only incidents of these
polygon: {type: Polygon, coordinates: [[[36.1, 35.5], ...]]}   # of a zone, WGS 84, longitude first
since: 2024-01-01              # valid from and until these days
figure: killed                 # of a threshold: above so many in so many days, or above so many times the usual of 90 days
above: 50
times: 3
days: 7                        # also of a build-up, and of a silence: no news from an area; one that names no area is of sources
least: 3                       # of a build-up: incidents of its kinds within its days
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal, get_args

import msgspec
import yaml

from tocsin.alerts.polygons import LARGEST, wrong_polygon
from tocsin.codebook import codebook
from tocsin.errors import RuleError, UsageError, nearest
from tocsin.ledger import IncidentStatus
from tocsin.records import FigureKind, Row

RuleKind = Literal["zone", "redline", "threshold", "build-up", "overdue", "silence"]
STATUSES = ("happened", "reported", "alleged", "contested")
BUILD_UP = (
    "troop-deployment", "weapons-deployment", "police-deployment", "militia-mobilisation", "evacuation", "threaten-violence", "threaten-territory",
)  # fmt: skip
ONLY_OF = {
    "above": ("threshold",), "times": ("threshold",), "least": ("build-up",), "figure": ("threshold",),
    "days": ("threshold", "build-up", "silence"),
}  # fmt: skip
_NAME = re.compile(r"\w[\w .,'/()-]{0,79}")


class Rule(Row, frozen=True, kw_only=True):
    """One rule. `polygon` is a GeoJSON Polygon or MultiPolygon; days are ISO, both included."""

    name: str
    kind: RuleKind
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = STATUSES
    country: str | None = None
    place: str | None = None
    actors: tuple[str, ...] = ()
    polygon: dict[str, Any] | None = None
    since: str | None = None
    until: str | None = None
    figure: str = "killed"
    above: float | None = None
    times: float | None = None
    days: int = 7
    least: int = 3
    added: str = ""
    enabled: bool = True


def read_rules(text: str, source: str) -> tuple[Rule, ...]:
    """The rules of a YAML file: one, or a list. Raises `RuleError` naming the file and what is wrong in which rule."""
    if len(text) > LARGEST:
        raise RuleError(f"{source}: is larger than {LARGEST:,} characters")
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as problem:
        raise RuleError(f"{source}: is no YAML: {problem}") from problem
    rows = found if isinstance(found, list) else [found]
    return tuple(checked(row, f"{source}, rule {number}") for number, row in enumerate(rows, 1))


def checked(value: Any, where: str) -> Rule:
    """The rule in a value. Raises `RuleError` saying where and what is wrong."""
    if not isinstance(value, dict):
        raise RuleError(f"{where}: is no map of names to values")
    for name in value:
        if name not in Rule.__struct_fields__:
            raise RuleError(
                f"{where}: {str(name)[:80]!r} is no part of a rule{nearest(str(name), Rule.__struct_fields__)}"
            )
    plain = {key: str(one) if key in ("since", "until") and one is not None else one for key, one in value.items()}
    try:
        rule = msgspec.convert(plain, Rule)
    except msgspec.ValidationError as problem:
        raise RuleError(f"{where}: {problem}{_hint(plain)}") from problem
    for wrong in (*_wrong(rule), *_idle(value, rule)):
        raise RuleError(f"{where}: {wrong}")
    return rule


def _hint(value: dict[Any, Any]) -> str:
    """What else is known of a value of the wrong type: the commonest of them have a cause in YAML or in haste."""
    if value.get("country") is False:
        return "; YAML takes NO for 'false': write country: 'NO'"
    if isinstance(value.get("kind"), str) and value["kind"] not in get_args(RuleKind):
        near = nearest(value["kind"], get_args(RuleKind))
        return f"; `kind` is one of {', '.join(get_args(RuleKind))}{near}"
    several = [one for one in ("kinds", "statuses", "actors") if isinstance(value.get(one), str)]
    return f"; `{several[0]}` is a list: [{value[several[0]][:80]}]" if several else ""


def _idle(value: dict[Any, Any], rule: Rule) -> list[str]:
    """What was given and would do nothing: a rule that is kept must be the rule that was meant."""
    usual = {one.name: one.default for one in msgspec.structs.fields(Rule)}
    given = [
        name for name, kinds in ONLY_OF.items() if rule.kind not in kinds and value.get(name) not in (None, usual[name])
    ]
    return [f"`{name}` is no part of a {rule.kind} rule, only of {' and '.join(ONLY_OF[name])}" for name in given]


def _wrong(rule: Rule) -> list[str]:
    from tocsin.read import is_date

    known = codebook().kinds
    statuses = get_args(IncidentStatus)
    found = [
        f"{one!r} is no kind of the codebook; `tocsin codebook` lists them{nearest(one, known)}"
        for one in rule.kinds
        if one not in known
    ]
    found += [
        f"{one!r} is no status of an incident: {', '.join(statuses)}{nearest(one, statuses)}"
        for one in rule.statuses
        if one not in statuses
    ]
    if not rule.statuses:
        found.append("`statuses` names none, so the rule would never alert; leave it out for the usual ones")
    if rule.figure not in get_args(FigureKind):
        found.append(f"{rule.figure!r} is no kind of figure: {', '.join(get_args(FigureKind))}")
    if rule.country is not None and not re.fullmatch("[A-Z]{2}", rule.country):
        found.append("`country` is a code of two capital letters like SY")
    elif rule.country is not None and rule.country not in _codes():
        found.append(
            f"{rule.country!r} is the code of no country that is known here{' (the United Kingdom is GB)' if rule.country == 'UK' else ''}"
        )
    if not _NAME.fullmatch(rule.name):
        found.append("a name is up to 80 letters, digits and spaces")
    if len(rule.actors) > 50 or any(len(one) > 200 for one in (*rule.actors, rule.place or "")):
        found.append("`place` and each of at most 50 `actors` have at most 200 characters")
    if rule.kind == "zone" and rule.polygon is None:
        found.append("a zone needs its polygon")
    if rule.polygon is not None:
        found += [wrong] if (wrong := wrong_polygon(rule.polygon)) is not None else []
    if rule.kind == "threshold" and rule.above is None and rule.times is None:
        found.append("a threshold needs `above` or `times`")
    if not (1 <= rule.days <= 366 and 1 <= rule.least <= 10_000):
        found.append("`days` is from 1 to 366, `least` from 1")
    if any(one is not None and not is_date(one) for one in (rule.since, rule.until)):
        found.append("`since` and `until` are days like 2024-03-18")
    elif rule.since and rule.until and rule.until < rule.since:
        found.append(f"`until` {rule.until} is before `since` {rule.since}")
    return found


def redline(text: str) -> Rule:
    """A red line in words: a kind of the codebook, and after `in` a country's code or name or a place. Raises `UsageError`."""
    words, _, where = text.partition(" in ")
    kind = words.strip().lower().replace(" ", "-")
    if kind not in codebook().kinds:
        raise UsageError(
            f"{kind!r} is no kind of the codebook; `tocsin codebook` lists them{nearest(kind, codebook().kinds)}"
        )
    where = where.strip()
    code = _country(where)
    if code is not None and code not in _codes():
        raise UsageError(f"{code!r} is the code of no country that is known here")
    return Rule(
        name=text.strip(), kind="redline", kinds=(kind,), country=code, place=where if where and code is None else None
    )


@cache
def _codes() -> frozenset[str]:
    from tocsin import rulefiles

    return frozenset(row["iso2"] for row in rulefiles.table("places/countries.csv") if row.get("iso2"))


def _country(name: str) -> str | None:
    """The code of a country by its code or English name."""
    if len(name) == 2 and name.isupper():
        return name
    from tocsin import rulefiles

    for row in rulefiles.table("places/countries.csv"):
        if name.lower() and name.lower() in (row.get("name", "").lower(), row.get("iso2", "").lower()):
            return row.get("iso2") or row.get("code")
    return None
