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

import math
import re
from typing import Any, Literal, get_args

import msgspec
import yaml

from tocsin.codebook import codebook
from tocsin.errors import RuleError, UsageError
from tocsin.ledger import IncidentStatus
from tocsin.records import FigureKind, Row

RuleKind = Literal["zone", "redline", "threshold", "build-up", "overdue", "silence"]
STATUSES = ("happened", "reported", "alleged", "contested")
BUILD_UP = (
    "troop-deployment", "weapons-deployment", "police-deployment", "militia-mobilisation", "evacuation", "threaten-violence", "threaten-territory",
)  # fmt: skip
MOST_POINTS, LARGEST = 5_000, 500_000
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
    unknown = value.keys() - set(Rule.__struct_fields__)
    if unknown:
        raise RuleError(f"{where}: {sorted(map(str, unknown))[0]!r} is no part of a rule")
    plain = {key: str(one) if key in ("since", "until") and one is not None else one for key, one in value.items()}
    try:
        rule = msgspec.convert(plain, Rule)
    except msgspec.ValidationError as problem:
        raise RuleError(f"{where}: {problem}") from problem
    for wrong in _wrong(rule):
        raise RuleError(f"{where}: {wrong}")
    return rule


def _wrong(rule: Rule) -> list[str]:
    from tocsin.read import is_date

    known = codebook().kinds
    found = [
        f"{one!r} is no kind of the codebook; `tocsin codebook` lists them" for one in rule.kinds if one not in known
    ]
    found += [f"{one!r} is no status of an incident" for one in rule.statuses if one not in get_args(IncidentStatus)]
    if rule.figure not in get_args(FigureKind):
        found.append(f"{rule.figure!r} is no kind of figure: {', '.join(get_args(FigureKind))}")
    if rule.country is not None and not re.fullmatch("[A-Z]{2}", rule.country):
        found.append("`country` is a code of two capital letters like SY")
    if not _NAME.fullmatch(rule.name):
        found.append("a name is up to 80 letters, digits and spaces")
    if len(rule.actors) > 50 or any(len(one) > 200 for one in (*rule.actors, rule.place or "")):
        found.append("`place` and each of at most 50 `actors` have at most 200 characters")
    if rule.kind == "zone" and rule.polygon is None:
        found.append("a zone needs its polygon")
    if rule.polygon is not None:
        found += _wrong_polygon(rule.polygon)
    if rule.kind == "threshold" and rule.above is None and rule.times is None:
        found.append("a threshold needs `above` or `times`")
    if not (1 <= rule.days <= 366 and 1 <= rule.least <= 10_000):
        found.append("`days` is from 1 to 366, `least` from 1")
    if any(one is not None and not is_date(one) for one in (rule.since, rule.until)):
        found.append("`since` and `until` are days like 2024-03-18")
    return found


def _wrong_polygon(polygon: dict[str, Any]) -> list[str]:
    """What is wrong with a geometry; the ring must close, numbers be finite degrees."""
    if polygon.get("type") not in ("Polygon", "MultiPolygon") or not isinstance(polygon.get("coordinates"), list):
        return ["the polygon is no GeoJSON Polygon or MultiPolygon"]
    parts = [polygon["coordinates"]] if polygon["type"] == "Polygon" else polygon["coordinates"]
    number = 0
    try:
        if not parts or not all(parts):
            return ["the polygon has no ring"]
        for part in parts:
            for ring in part:
                if len(ring) < 4 or ring[0] != ring[-1]:
                    return ["a ring of the polygon has fewer than four points, or does not close"]
                for point in ring:
                    if not all(isinstance(one, int | float) for one in point[:2]):
                        raise TypeError
                    lon, lat = float(point[0]), float(point[1])
                    number += 1
                    if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
                        return ["a point of the polygon is not longitude and latitude in degrees"]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        return ["the polygon's coordinates are not lists of points"]
    return ["the polygon has too many points"] if number > MOST_POINTS else []


def polygon_of(text: str, source: str) -> dict[str, Any]:
    """The geometry in a GeoJSON file: of a Feature, of the first of a collection, or itself. Raises `RuleError`."""
    try:
        found = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, RecursionError) as problem:
        raise RuleError(f"{source}: is no GeoJSON: {problem}") from problem
    for _ in range(3):
        if isinstance(found, dict) and isinstance(found.get("features"), list) and found["features"]:
            found = found["features"][0]
        if isinstance(found, dict) and isinstance(found.get("geometry"), dict):
            found = found["geometry"]
    if not isinstance(found, dict) or _wrong_polygon(found):
        raise RuleError(
            f"{source}: {_wrong_polygon(found)[0] if isinstance(found, dict) else 'is no GeoJSON geometry'}"
        )
    return found


def redline(text: str) -> Rule:
    """A red line in words: a kind of the codebook, and after `in` a country's code or name or a place. Raises `UsageError`."""
    words, _, where = text.partition(" in ")
    kind = words.strip().lower().replace(" ", "-")
    if kind not in codebook().kinds:
        raise UsageError(f"{kind!r} is no kind of the codebook; `tocsin codebook` lists them")
    where = where.strip()
    code = _country(where)
    return Rule(
        name=text.strip(), kind="redline", kinds=(kind,), country=code, place=where if where and code is None else None
    )


def _country(name: str) -> str | None:
    """The code of a country by its code or English name."""
    if len(name) == 2 and name.isupper():
        return name
    from tocsin import rulefiles

    for row in rulefiles.table("places/countries.csv"):
        if name.lower() and name.lower() in (row.get("name", "").lower(), row.get("iso2", "").lower()):
            return row.get("iso2") or row.get("code")
    return None
