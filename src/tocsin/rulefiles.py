"""Reads the rule files under `rules/`: YAML into typed values, word lists, CSV tables.

A typo stops the start with file, line and key, since a rule that is silently skipped is a wrong record later.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from tocsin.errors import RuleError

T = TypeVar("T")
try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML built without libyaml: slower, the same values
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]


class _Loader(_SafeLoader):
    """YAML with the booleans of the 1.2 core schema: `on`, `off`, `yes` and `no` are words, as prepositions must be."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own attribute, typed there
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def rules_root() -> Traversable:
    """The folder of rule files inside the package."""
    return resources.files("tocsin") / "rules"


def rule_files(folder: str, suffix: str) -> list[Traversable]:
    """The files of one folder under `rules/`, sorted by name so that every run sees one order."""
    here = rules_root() / folder
    return sorted((one for one in here.iterdir() if one.name.endswith(suffix)), key=lambda one: one.name)


def read_yaml(source: Traversable | Path, kind: type[T]) -> T:
    """The file's value as `kind`. Raises `RuleError` with file, line and key where it does not fit."""
    text = source.read_text(encoding="utf-8")
    try:
        return msgspec.convert(yaml.load(text, Loader=_Loader), kind)
    except yaml.YAMLError as problem:
        raise RuleError(f"{source.name}: not YAML: {' '.join(str(problem).split())}") from problem
    except msgspec.ValidationError as problem:
        raise RuleError(f"{source.name}:{_line_of(text, str(problem))}: {problem}") from problem


def _line_of(text: str, problem: str) -> int:
    """The line that msgspec's path (`$.cues[3].verb`) or quoted field leads to; 1 where it leads nowhere."""
    node: Any = yaml.compose(text, Loader=_Loader)
    line = 1
    path = problem.rsplit("`$", 1)[-1].rstrip("`") if "`$" in problem else ""
    field = problem.split("`")[1] if "unknown field" in problem else None
    for step in path.replace("[", ".[").split("."):
        if not step or node is None:
            continue
        node = _child(node, step)
        line = node.start_mark.line + 1 if node is not None else line
    where: Any = node or yaml.compose(text, Loader=_Loader)
    if field and isinstance(where, yaml.MappingNode):
        line = next((key.start_mark.line + 1 for key, _ in where.value if key.value == field), line)
    return line


def _child(node: Any, step: str) -> Any:
    if step.startswith("[") and isinstance(node, yaml.SequenceNode):
        index = step.strip("[]")
        return node.value[int(index)] if index.isdigit() and int(index) < len(node.value) else node
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), node)
    return node


@cache
def words(name: str) -> frozenset[str]:
    """A word list `rules/words/NAME.txt`: one entry a line, lower case; `#` starts a comment."""
    return frozenset(_entries(rules_root() / "words" / f"{name}.txt"))


def _entries(source: Traversable) -> Iterator[str]:
    try:
        lines = source.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as problem:
        raise RuleError(f"no word list {source.name} in rules/words") from problem
    for line in lines:
        entry = line.split("#", 1)[0].strip().lower()
        if entry:
            yield entry


def table(path: str) -> list[dict[str, str]]:
    """The rows of `rules/PATH`, a CSV with a header; lines that start with `#` are comments."""
    source = rules_root()
    for part in path.split("/"):
        source = source / part
    lines = [line for line in source.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines))


@cache
def rules_digest() -> str:
    """sha256 over every rule file: two runs with one digest used the same rules."""
    digest = hashlib.sha256()
    for source in sorted(_all_files(rules_root()), key=lambda pair: pair[0]):
        digest.update(source[0].encode() + b"\0" + source[1].read_bytes() + b"\0")
    return digest.hexdigest()


def _all_files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for one in folder.iterdir():
        name = f"{prefix}{one.name}"
        if one.is_dir():
            yield from _all_files(one, f"{name}/")
        elif one.name.endswith((".yaml", ".csv", ".txt")):
            yield name, one
