"""Adds a full GeoNames dump to the gazetteer: `allCountries.zip`, or a country's `SY.zip` or `SY.txt`.

Streams the 19 tab-separated columns of the dump (https://download.geonames.org/export/dump/readme.txt), so memory does
not grow with the file. Ids are GeoNames' own, so records made with the small gazetteer stay valid. Towns that are there
already are left as they are; which other features are taken is data (`rules/places/geonames_features.csv`).
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tocsin.errors import InputError, MissingError
from tocsin.resolve.gazetteer import ALTERNATE, BUILD, PRIMARY
from tocsin.resolve.gazetteer_build import Built, GazetteerWriter, usable
from tocsin.resolve.geo_keys import fold
from tocsin.rulefiles import table

_COLUMNS = 19
_LONGEST_LINE = 65_536  # characters; the dump's longest line is a fifth of it
_LANGUAGES = frozenset(("", "en", "ar", "ru", "uk", "fa", "he", "tr", "fr", "es", "ku", "ps", "ur", "so", "am", "sw"))
_TOWN = ("city", 3, 3.0)
_HISTORIC = ("PPLH", "PPLQ", "PPLW")  # towns that are no more: left out


def import_geonames(
    target: Path,
    source: Path,
    alternates: Path | None = None,
    countries: Collection[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Built:
    """Adds the places of `source` (zip or text) to the gazetteer at `target`; `countries` (ISO2) narrows it.

    `alternates` is GeoNames' `alternateNamesV2` (zip or text): with it, names come flagged by language, and the
    unflagged ones of the dump are not used. Raises `MissingError` where there is no gazetteer to add to, `InputError`
    where the source is no GeoNames dump. The gazetteer is replaced only when all went well.
    """
    if not target.is_file():
        raise MissingError(f"no gazetteer at {target}; make it with: {BUILD}")
    tell = progress or (lambda _: None)
    wanted = frozenset(one.upper() for one in countries) if countries else None
    writer = GazetteerWriter(target, extend=True)
    try:
        added = _add_places(writer, source, wanted, flagged=alternates is not None, tell=tell)
        if alternates is not None:
            _add_alternates(writer, alternates, tell)
        built = writer.finish({f"geonames:{source.name}": f"{_digest(source)} {added} places"})
    except BaseException:
        writer.abandon()
        raise
    tell(f"{added} places added, {built.places} in all")
    return built


def _digest(source: Path) -> str:
    with source.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _lines(source: Path) -> Iterator[Iterator[str]]:
    """The lines of a text file, or of the largest text file in a zip; overlong ones are skipped."""
    try:
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                texts = [one for one in archive.infolist() if one.filename.lower().endswith(".txt")]
                if not texts:
                    raise InputError(str(source), "no text file inside the archive")
                with archive.open(max(texts, key=lambda one: one.file_size)) as stream:
                    yield _bounded(io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="\n"))
        else:
            with source.open(encoding="utf-8", errors="replace", newline="\n") as text:
                yield _bounded(text)
    except (OSError, zipfile.BadZipFile) as problem:
        raise InputError(str(source), f"cannot be read: {problem}") from problem


def _bounded(stream: Any) -> Iterator[str]:
    whole = True
    while line := stream.readline(_LONGEST_LINE):
        ends = line.endswith("\n") or len(line) < _LONGEST_LINE
        if whole and ends:
            yield line.rstrip("\r\n")
        whole = ends


def _features() -> dict[tuple[str, str], tuple[str, int, float]]:
    return {
        (row["class"], row["code"]): (row["feature"], int(row["level"]), float(row["radius_km"]))
        for row in table("places/geonames_features.csv")
    }


def _add_places(
    writer: GazetteerWriter,
    source: Path,
    countries: frozenset[str] | None,
    *,
    flagged: bool,
    tell: Callable[[str], None],
) -> int:
    features = _features()
    writer.base.execute("CREATE TEMP TABLE known AS SELECT DISTINCT geonameid FROM places WHERE geonameid IS NOT NULL")
    writer.base.execute("CREATE UNIQUE INDEX temp.known_id ON known (geonameid)")
    seen = added = 0
    with _lines(source) as lines:
        for line in lines:
            cells = line.split("\t")
            seen += 1
            place = _place(cells, features) if len(cells) == _COLUMNS else None
            if place is None or (countries is not None and place["country"] not in countries):
                continue
            if not writer.base.execute("INSERT OR IGNORE INTO known VALUES (?)", (place["geonameid"],)).rowcount:
                continue
            writer.add(place, _names(cells, flagged=flagged))
            added += 1
            if added % 100_000 == 0:
                tell(f"{added} places")
    if seen and not added and not _is_dump(source):
        raise InputError(str(source), f"no GeoNames dump: wants {_COLUMNS} tab-separated columns")
    return added


def _is_dump(source: Path) -> bool:
    with _lines(source) as lines:
        return any(len(line.split("\t")) == _COLUMNS for _, line in zip(range(100), lines, strict=False))


def _place(cells: list[str], features: dict[tuple[str, str], tuple[str, int, float]]) -> dict[str, Any] | None:
    """One line of the dump as a row; None where its feature is not taken or its numbers are none."""
    kind = _TOWN if cells[6] == "P" and cells[7] not in _HISTORIC else features.get((cells[6], cells[7]))
    if kind is None or not cells[1]:
        return None
    try:
        number, lat, lon, people = int(cells[0]), float(cells[4]), float(cells[5]), int(cells[14] or 0)
    except ValueError:
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    feature, level, radius = kind
    return {
        "geonameid": number, "name": cells[1], "feature": feature, "level": level, "country": cells[8],
        "admin1": cells[10], "lat": lat, "lon": lon, "population": max(0, people), "radius_km": radius,
        "source": "geonames",
    }  # fmt: skip


def _names(cells: list[str], *, flagged: bool) -> Iterator[tuple[str, int]]:
    yield cells[1], PRIMARY
    if cells[2]:
        yield cells[2], PRIMARY
    if not flagged:
        yield from ((name, ALTERNATE) for name in cells[3].split(",") if usable(name))


def _add_alternates(writer: GazetteerWriter, source: Path, tell: Callable[[str], None]) -> None:
    """Names in the languages that conflicts are told in, for places that the dump just added."""
    writer.base.execute(
        "CREATE TEMP TABLE fresh AS SELECT geonameid, id FROM places WHERE source = 'geonames' AND geonameid NOT NULL"
    )
    writer.base.execute("CREATE INDEX temp.fresh_id ON fresh (geonameid)")
    tell("alternate names")
    with _lines(source) as lines:
        for line in lines:
            cells = line.split("\t")
            if len(cells) < 4 or cells[2] not in _LANGUAGES or not cells[1].isdigit() or not (key := fold(cells[3])):
                continue
            writer.base.execute(
                "INSERT INTO raw_names SELECT ?, id, ? FROM fresh WHERE geonameid = ?", (key, ALTERNATE, int(cells[1]))
            )
