"""Looks names up in the gazetteer: one SQLite file, read only, made by `gazetteer_build`.

A gazetteer answers with candidates and never with a choice: choosing is `places`' work. Answers are kept in memory up
to a bound, since a news stream asks for the same few thousand names again and again.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from tocsin.errors import MissingError
from tocsin.resolve.geo_keys import fold, skeleton

SCHEMA = 3
MOST = 60  # candidates a name: beyond the sixty largest places of one name, context cannot tell them apart either
KEPT = 60_000  # answers held in memory
BUILD = "tocsin geo build   (needs: pip install 'tocsin[build]')"

PRIMARY, ALTERNATE, DEMONYM, ABBREVIATION, REDUCED = range(5)  # how a name stands to its place

# Countries whose place names come through a romanisation that every outlet does differently.
ROMANISED = frozenset(
    (
        "AE", "AF", "AM", "AZ", "BH", "BY", "DJ", "DZ", "EG", "EH", "ER", "ET", "GE", "IL", "IQ", "IR", "JO", "KG",
        "KW", "KZ", "LB", "LY", "MA", "MM", "MR", "OM", "PK", "PS", "QA", "RU", "SA", "SD", "SO", "SS", "SY", "TD",
        "TJ", "TM", "TN", "UA", "UZ", "YE",
    )
)  # fmt: skip


class Candidate(NamedTuple):
    """One place that a name may mean. `level`: 0 country or larger, 1 first-order unit, 2 second-order, 3 the rest."""

    id: int
    name: str
    feature: str
    level: int
    country: str
    admin1: str
    lat: float
    lon: float
    population: int
    geonameid: int | None
    radius_km: float
    source: str
    valid_from: str
    valid_to: str
    note: str
    kind: int

    def described(self) -> str:
        """Short readable text: name, where, what."""
        where = ".".join(part for part in (self.country, self.admin1) if part)
        size = f", {self.population:,} people" if self.population else ""
        return f"{self.name} ({where or 'no country'}, {self.feature}{size}; {self.lat:.2f}, {self.lon:.2f})"


def default_path() -> Path:
    """Where the gazetteer is: $TOCSIN_GAZETTEER, else the one of this environment, else the user's data folder (XDG).

    One is built into the environment where there is one (a virtual environment), so that it goes with it.
    """
    named = os.environ.get("TOCSIN_GAZETTEER")
    if named:
        return Path(named)
    own = Path(sys.prefix) / "share" / "tocsin" / "gazetteer.sqlite"
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    users = Path(data) / "tocsin" / "gazetteer.sqlite"
    if own.exists() or (sys.prefix != sys.base_prefix and not users.exists()):
        return own
    return users


_FIELDS = ", ".join(f"p.{one}" for one in Candidate._fields[:-1])
_ORDER = "ORDER BY n.kind, p.level, p.population DESC, p.id"
_MANY = (
    f"SELECT n.key, {_FIELDS}, n.kind FROM json_each(?) AS j "
    f"CROSS JOIN names AS n ON n.key = j.value CROSS JOIN places AS p ON p.id = n.place {_ORDER}"
)
_SKELETON = (
    f"SELECT {_FIELDS}, {ALTERNATE} FROM skeletons AS s CROSS JOIN places AS p ON p.id = s.place "
    "WHERE s.key = ? AND s.country = ? ORDER BY p.level, p.population DESC, p.id LIMIT 5"
)


class Gazetteer:
    """An open gazetteer. Raises `MissingError` with the command that makes one where there is none."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_path()
        if not self.path.is_file():
            raise MissingError(f"no gazetteer at {self.path}; make it with: {BUILD}")
        uri = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
        self._base = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._answers: dict[str, tuple[Candidate, ...]] = {}
        self._check()

    def _check(self) -> None:
        try:
            schema = self.meta.get("schema")
        except sqlite3.DatabaseError as problem:
            raise MissingError(f"{self.path} is no gazetteer ({problem}); make it with: {BUILD}") from problem
        if schema != str(SCHEMA):
            raise MissingError(f"{self.path} was made by another version (schema {schema}); make it with: {BUILD}")

    @cached_property
    def meta(self) -> dict[str, str]:
        """Schema, sources with their versions, counts, digest of the content."""
        return dict(self._base.execute("SELECT key, value FROM meta"))

    @property
    def version(self) -> str:
        """Digest of what the gazetteer holds: two runs with one version saw the same places."""
        return self.meta.get("digest", "")

    def close(self) -> None:
        self._base.close()

    def __enter__(self) -> Gazetteer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def lookup(self, name: str) -> list[Candidate]:
        """All places that the name may mean, own names first, larger first; empty where it is unknown."""
        key = fold(name)
        return list(self.lookup_keys((key,)).get(key, ()))

    def lookup_keys(self, keys: Iterable[str]) -> dict[str, tuple[Candidate, ...]]:
        """The candidates of many folded names with one query; unknown keys are left out."""
        wanted = {key for key in keys if key}
        known = {key: self._answers[key] for key in sorted(wanted) if key in self._answers}
        missing = sorted(wanted - known.keys())
        if missing:  # making room for them may drop what is known, so that is taken first
            self._fetch(missing)
            known |= {key: self._answers[key] for key in missing}
        return {key: found for key, found in known.items() if found}

    def _fetch(self, keys: list[str]) -> None:
        if len(self._answers) + len(keys) > KEPT:
            self._answers = {key: self._answers[key] for key in list(self._answers)[-KEPT // 2 :]}
        rows: dict[str, list[Candidate]] = {key: [] for key in keys}
        for key, *fields in self._base.execute(_MANY, (json.dumps(keys),)):
            if len(rows[key]) < MOST:
                rows[key].append(Candidate(*fields))
        for key, found in rows.items():
            self._answers[key] = tuple(found)

    def sounding_like(self, name: str, country: str) -> list[Candidate]:
        """Places of one country whose romanised name has the same consonants; at most five, larger first."""
        key = skeleton(name)
        if not key or not country:
            return []
        return [Candidate(*row) for row in self._base.execute(_SKELETON, (key, country))]

    @cached_property
    def admin1_names(self) -> dict[tuple[str, str], str]:
        """(country, code) to the name of the first-order unit."""
        return {(country, code): name for country, code, name in self._base.execute("SELECT * FROM admin1")}
