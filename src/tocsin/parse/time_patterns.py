"""Finds where time expressions stand, by the rules of `rules/times/patterns.yaml` over token classes."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

from tocsin.errors import RuleError
from tocsin.parse.time_words import OTHER, Tokens, symbols
from tocsin.rulefiles import read_yaml, rules_root

_LONGEST_RUN = 200  # tokens in one matching run; a longer run of time words is no prose and is cut there


class RuleRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename={"reading": "as"}):
    """One rule: its name, the classes it matches, and the reading of what it matched."""

    id: str
    like: str
    reading: str


class PatternFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    macros: dict[str, str]
    rules: list[RuleRow]


class Found(NamedTuple):
    """Tokens `first` to `last` (exclusive) matched a rule."""

    first: int
    last: int
    rule: str
    reading: str


class _Rule(NamedTuple):
    id: str
    reading: str
    matches: re.Pattern[str]


@cache
def _rules() -> tuple[_Rule, ...]:
    file = read_yaml(rules_root() / "times" / "patterns.yaml", PatternFile)
    return tuple(_Rule(row.id, row.reading, re.compile(_compiled(row, file.macros))) for row in file.rules)


def _compiled(row: RuleRow, macros: dict[str, str]) -> str:
    """The rule with macros put in and every class name replaced by its character."""
    pattern = row.like
    for _ in range(4):  # macros may use macros; deeper nesting than this would be unreadable
        pattern = re.sub(r"[a-z]+", lambda m: macros.get(m.group(), m.group()), pattern)
    if left := re.findall(r"[a-z]+", pattern):
        raise RuleError(f"times/patterns.yaml: rule {row.id}: no macro {left[0]!r}")
    known = symbols()
    unknown = [name for name in re.findall(r"[A-Z][A-Z0-9]*", pattern) if name not in known]
    if unknown:
        raise RuleError(f"times/patterns.yaml: rule {row.id}: no class {unknown[0]!r}")
    return re.sub(r"[A-Z][A-Z0-9]*", lambda m: known[m.group()], pattern).replace(" ", "")


_RUN = re.compile(rf"[^{re.escape(OTHER)}]{{1,{_LONGEST_RUN}}}")


def find(tokens: Tokens) -> list[Found]:
    """Non-overlapping matches from left to right, each the longest at its place."""
    found: list[Found] = []
    for run in _RUN.finditer(tokens.classes):
        offset = run.start()
        found.extend(Found(offset + a, offset + b, rule, reading) for a, b, rule, reading in _in_run(run.group()))
    return found


@lru_cache(maxsize=20_000)
def _in_run(classes: str) -> tuple[Found, ...]:
    """The matches inside one run of time-word classes. Runs repeat (`on WEEKDAY`), so the answers are kept."""
    found: list[Found] = []
    at = 0
    while at < len(classes):
        best: Found | None = None
        for rule in _rules():
            match = rule.matches.match(classes, at)
            if match is not None and match.end() > (best.last if best else at):
                best = Found(at, match.end(), rule.id, rule.reading)
        if best is not None:
            found.append(best)
        at = best.last if best is not None else at + 1
    return tuple(found)
