"""Incidents of a whole run, out of core: candidates through DuckDB, matches and groups by the same code as the desk.

Two files lie beside the output while the work goes on. DuckDB's holds keys and numbers: it pairs the claims of which one looks where
the other is found, brings what belongs together side by side, and spills what does not fit. SQLite's holds what the numbers stand for,
claims, versions and signatures, since it fetches one row of a million in some microseconds. In memory are a few thousand claims at a
time and one number for each claim. What comes out is what the desk would hold, had it been given the run's pages: copies of one text
are one voice here too.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from tocsin import grouping
from tocsin.archive import parts
from tocsin.archive.coding import version_of
from tocsin.claims import claims_of
from tocsin.errors import MissingError, StoreError, UsageError
from tocsin.export.tables import row_of
from tocsin.ledger import Claim, DocumentVersion, Incident, Link
from tocsin.merge.blocks import block_keys, look_up_keys
from tocsin.merge.match import match
from tocsin.merge.reprints import Signature, relation, signatures
from tocsin.store.codec import reading_id

MEMORY = "1GB"  # that DuckDB may hold before it spills
PAGES = 200  # read together
HELD = 40_000  # claims kept decoded while pairs go by
BATCH = 2_000  # incidents of a row group
ASKING = 200_000  # claims whose candidates are looked for together
_encode = msgspec.json.Encoder().encode
_claim = msgspec.json.Decoder(Claim).decode
_link = msgspec.json.Decoder(Link).decode
_version = msgspec.json.Decoder(DocumentVersion).decode
_signature = msgspec.json.Decoder(Signature).decode
TABLES = """
CREATE TABLE versions (n INTEGER, id VARCHAR, precedence VARCHAR, document VARCHAR);
CREATE TABLE bands (key BIGINT, n INTEGER);
CREATE TABLE claims (n INTEGER, version INTEGER);
CREATE TABLE blocks (key BIGINT, n INTEGER);
CREATE TABLE lookups (key BIGINT, n INTEGER);
CREATE TABLE links (one INTEGER, other INTEGER, data BLOB);
"""
KEPT = ("versions", "signatures", "claims")  # of the file of rows
Told = Callable[[str, int], None]


class Merged(msgspec.Struct, kw_only=True):
    """What a merge counted."""

    pages: int = 0
    claims: int = 0
    copies: int = 0
    pairs: int = 0
    links: int = 0
    incidents: int = 0


def merge_run(run: Path, out: Path, told: Told = lambda stage, number: None, memory: str = MEMORY) -> Merged:
    """Writes `incidents.parquet` and `merge.json` of a finished run. Raises `UsageError` where it is none or not finished."""
    sources = page_parts(run)
    if (out / "incidents.parquet").exists():
        raise UsageError(f"{out} holds incidents already; name another folder")
    out.mkdir(parents=True, exist_ok=True)
    work = out / ".work.duckdb"
    _clear(out)
    counts = Merged()
    try:
        with _work_told(out), closing(_open(work, memory)) as base, closing(Kept(out / ".work.sqlite")) as kept:
            _take_in(base, kept, sources, counts, told)
            _tell_copies(base, kept, counts, told)
            _link_all(base, kept, counts, told)
            _write(base, kept, out / "incidents.parquet", counts, told)
    finally:
        _clear(out)
    (out / "merge.json").write_bytes(msgspec.json.format(msgspec.json.encode(counts), indent=1))
    return counts


@contextmanager
def _work_told(out: Path) -> Iterator[None]:
    """What the two files of work could not do, a full disk first of all, in one line."""
    duckdb = _duckdb()
    try:
        yield
    except (sqlite3.Error, duckdb.Error, OSError) as problem:
        (out / "incidents.parquet").unlink(missing_ok=True)  # a part of it would look like the whole
        said = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        free = shutil.disk_usage(out).free // 1_000_000
        raise StoreError(
            f"merging into {out} stopped: {said}; {free:,} MB are free there; nothing is kept, start it again"
        ) from problem


def _clear(out: Path) -> None:
    for left in out.glob(".work.*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


class Kept:
    """What the numbers stand for: rows of bytes in a file of their own, thrown away in the end, so that it need survive nothing."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
        for table in KEPT:
            self._base.execute(f"CREATE TABLE {table} (n INTEGER PRIMARY KEY, data BLOB)")

    def put(self, table: str, rows: Iterable[tuple[int, bytes]]) -> None:
        self._base.execute("BEGIN")
        self._base.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
        self._base.execute("COMMIT")

    def fetching(self, table: str, decode: Callable[[bytes], Any]) -> Callable[[int], Any]:
        """A function that fetches a row by its number and remembers the last `HELD`."""

        @lru_cache(maxsize=HELD)
        def fetch(n: int) -> Any:
            return decode(self._base.execute(f"SELECT data FROM {table} WHERE n = ?", (n,)).fetchone()[0])

        return fetch

    def close(self) -> None:
        self._base.close()


def page_parts(run: Path) -> list[Path]:
    """The parts of pages of a finished run, each as the manifest says it was. Raises `UsageError` where it is not so."""
    try:
        manifest = json.loads((run / "manifest.json").read_bytes())
    except (OSError, ValueError):
        raise UsageError(
            f"{run} is no finished run: it has no manifest.json that can be read; `tocsin code` makes one"
        ) from None
    if manifest.get("schema") != parts.SCHEMA:
        raise UsageError(f"{run} has schema {manifest.get('schema')}, this version reads {parts.SCHEMA}: code it again")
    found = []
    for name, digest in sorted(manifest["parts"].items()):
        path = run / name
        if not path.is_file() or parts.digest_of(path) != digest:
            raise UsageError(
                f"{path} is missing or not what the manifest says: run `tocsin code` again in another folder"
            )
        if name.startswith("pages/"):
            found.append(path)
    return found


def pages(sources: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """The rows of pages of a run, one by one, in the order of its parts."""
    pa = parts.arrow()
    for path in sources:
        for batch in pa.parquet.ParquetFile(path).iter_batches(batch_size=PAGES):
            yield from batch.to_pylist()


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError as problem:
        raise MissingError("merging a run needs DuckDB: pip install 'tocsin[archive]'") from problem
    return duckdb


def _open(work: Path, memory: str) -> Any:
    base = _duckdb().connect(str(work), config={"memory_limit": memory, "threads": 2, "temp_directory": f"{work}.tmp"})
    base.execute(TABLES)
    return base


# ---------------------------------------------------------------------------------------------------------- taking in


def _take_in(base: Any, kept: Kept, sources: Sequence[Path], counts: Merged, told: Told) -> None:
    """Every page once, whichever part it stands in first, with its claims, their keys, and its signature."""
    seen: set[str] = set()
    flow = pages(sources)
    while group := [row for row, _ in zip(flow, range(PAGES), strict=False)]:
        fresh = [row for row in group if not (row["page"] in seen or seen.add(row["page"]))]  # type: ignore[func-returns-value]
        records = [parts.record_of(row) for row in fresh]
        marks = signatures([one.document.text for one in records])
        taken = Taken()
        for row, record, mark in zip(fresh, records, marks, strict=True):
            version = msgspec.structs.replace(version_of(record), media_type=row["media_type"], outlet=row["outlet"])
            claims = [one for one in claims_of(record, version, reading_id(record.version)) if one.section == "event"]
            taken.add(counts, version, claims, mark)
        taken.put(base, kept)
        told("pages", counts.pages)


class Taken:
    """The rows of some pages, to be put in together."""

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[Any, ...]]] = {
            name: [] for name in ("versions", "bands", "claims", "blocks", "lookups")
        }
        self._kept: dict[str, list[tuple[int, bytes]]] = {name: [] for name in KEPT}

    def add(self, counts: Merged, version: DocumentVersion, claims: Sequence[Claim], mark: Signature) -> None:
        n = counts.pages
        counts.pages += 1
        precedence = f"{version.published or '9999'} {version.id}"
        self._found["versions"].append((n, version.id, precedence, version.document))
        self._found["bands"] += [(_number(key), n) for key in mark.bands]
        self._kept["versions"].append((n, _encode(version)))
        self._kept["signatures"].append((n, _encode(mark)))
        for claim in claims:
            self._found["claims"].append((counts.claims, n))
            self._found["blocks"] += [(_number(key), counts.claims) for key in block_keys(claim)]
            self._found["lookups"] += [(_number(key), counts.claims) for key in look_up_keys(claim)]
            self._kept["claims"].append((counts.claims, _encode(claim)))
            counts.claims += 1

    def put(self, base: Any, kept: Kept) -> None:
        for table, rows in self._found.items():
            _insert(base, table, rows)
        for table, blobs in self._kept.items():
            kept.put(table, blobs)


def _number(key: str) -> int:
    """A key in 64 bits: a tenth of the room. Where two keys have one number, some pairs are compared in vain."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)


def _insert(base: Any, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """By Arrow: DuckDB's own way for many rows."""
    if not rows:
        return
    names = [row[0] for row in base.execute(f"DESCRIBE {table}").fetchall()]
    made = parts.arrow().table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    base.register("arriving", made)
    base.execute(f"INSERT INTO {table} SELECT * FROM arriving")
    base.unregister("arriving")


# ------------------------------------------------------------------------------------------------------- copies, links


def _pairs(base: Any, asking: str, held: str) -> Iterator[tuple[int, int]]:
    """The pairs of which the first asks for a key that the other is held under, each once, the firsts in order.

    The firsts are taken some at a time: all pairs of a large run at once would be sorted on disk.
    """
    last = base.execute(f"SELECT max(n) FROM {asking}").fetchone()[0]
    cursor = base.cursor()
    for start in range(0, (-1 if last is None else last) + 1, ASKING):
        cursor.execute(
            f"SELECT DISTINCT a.n, b.n FROM {asking} a JOIN {held} b ON a.key = b.key AND a.n < b.n "
            f"WHERE a.n >= {start} AND a.n < {start + ASKING} ORDER BY a.n, b.n"
        )
        while rows := cursor.fetchmany(10_000):
            yield from rows


def _tell_copies(base: Any, kept: Kept, counts: Merged, told: Told) -> None:
    """Joins the versions that reprint one another; the first to be published is the story's, the others copy it."""
    fetch = kept.fetching("signatures", _signature)
    roots = Roots(counts.pages)
    for number, (one, other) in enumerate(_pairs(base, "bands", "bands"), 1):
        if roots.top(one) != roots.top(other) and relation(fetch(one), fetch(other)):
            roots.join(one, other)
        if number % 10_000 == 0:
            told("copies", number)
    rows = base.execute("SELECT n, id, precedence, document FROM versions ORDER BY n").fetchall()
    stories: dict[int, list[tuple[int, str, str, str]]] = {}
    for row in rows:
        stories.setdefault(roots.top(row[0]), []).append(row)
    copied = []
    for members in stories.values():
        first = min(members, key=lambda row: row[2])
        copied += [(row[0], first[1] if row[3] != first[3] else "", first[1]) for row in members]
    base.execute("CREATE TABLE stories (n INTEGER, copy_of VARCHAR, story VARCHAR)")
    _insert(base, "stories", copied)
    counts.copies = sum(1 for row in copied if row[1])


def _link_all(base: Any, kept: Kept, counts: Merged, told: Told) -> None:
    """Matches every pair of claims of which one is found where the other looks, which is the same either way round."""
    fetch = kept.fetching("claims", _claim)
    found: list[tuple[int, int, bytes]] = []
    for one, other in _pairs(base, "lookups", "blocks"):
        counts.pairs += 1
        link = match(fetch(one), fetch(other))
        if link is not None:
            found.append((one, other, _encode(link)))
        if len(found) >= 10_000:
            counts.links += len(found)
            _insert(base, "links", found)
            found = []
        if counts.pairs % 50_000 == 0:
            told("pairs", counts.pairs)
    counts.links += len(found)
    _insert(base, "links", found)


class Roots:
    """Which numbers are joined: one number each, whoever they are joined with by others between."""

    def __init__(self, size: int) -> None:
        self._root = array("l", range(size))

    def top(self, n: int) -> int:
        root = self._root
        while root[n] != n:
            root[n] = n = root[root[n]]
        return n

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.top(one), self.top(other)))
        self._root[high] = low

    def all(self) -> list[int]:
        return [self.top(n) for n in range(len(self._root))]


# ------------------------------------------------------------------------------------------------------------- incidents


def _write(base: Any, kept: Kept, target: Path, counts: Merged, told: Told) -> None:
    """Groups component after component and writes the incidents, in the order of their first claim."""
    pa = parts.arrow()
    schema = incident_schema()
    aside = target.with_name(f".{target.name}")
    with pa.parquet.ParquetWriter(aside, schema, compression="zstd") as writer:
        rows: list[dict[str, Any]] = []
        for one in _incidents(base, kept, counts):
            rows.append({**row_of(one), "claims": list(one.claims), "record": _encode(one)})
            counts.incidents += 1
            if len(rows) == BATCH:
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
                told("incidents", counts.incidents)
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, schema=schema))
    aside.replace(target)


def incident_schema() -> Any:
    """The columns of incidents.parquet: those of `tocsin export --format parquet`, the ids of the claims, the whole incident."""
    from tocsin.export.columnar import fields

    pa = parts.arrow()
    more = [pa.field("claims", pa.list_(pa.string())), pa.field("record", pa.binary())]
    return pa.schema([*fields(pa), *more], metadata={"tocsin.schema": parts.SCHEMA, "tocsin.table": "incidents"})


def _incidents(base: Any, kept: Kept, counts: Merged) -> Iterator[Incident]:
    roots = Roots(counts.claims)
    cursor = base.cursor()
    cursor.execute("SELECT one, other FROM links")
    while pairs := cursor.fetchmany(50_000):
        for one, other in pairs:
            roots.join(one, other)
    base.execute("CREATE TABLE components (n INTEGER, root INTEGER)")
    tops = roots.all()
    for start in range(0, len(tops), 200_000):
        _insert(base, "components", list(enumerate(tops[start : start + 200_000], start)))
    links = _by_root(
        base, "SELECT c.root, l.data FROM links l JOIN components c ON c.n = l.one ORDER BY c.root, l.one, l.other"
    )
    waiting = next(links, None)
    versions, claims = kept.fetching("versions", _version), kept.fetching("claims", _claim)
    found = _by_root(
        base,
        "SELECT c.root, k.n, k.version, s.copy_of, s.story FROM claims k JOIN components c ON c.n = k.n "
        "JOIN stories s ON s.n = k.version ORDER BY c.root, k.n",
    )
    for root, rows in found:
        joined: list[Link] = []
        if waiting is not None and waiting[0] == root:
            joined = [_link(row[1]) for row in waiting[1]]
            waiting = next(links, None)
        told = {one.id: one for one in (_told(versions(row[2]), row[3], row[4]) for row in rows)}
        yield from grouping.incidents([claims(row[1]) for row in rows], joined, (), told)


def _by_root(base: Any, query: str) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    cursor = base.cursor()
    cursor.execute(query)
    flow = iter(lambda: cursor.fetchmany(5_000), [])
    for root, rows in groupby((row for some in flow for row in some), key=lambda row: row[0]):
        yield root, list(rows)


def _told(version: DocumentVersion, copied: str, story: str) -> DocumentVersion:
    return msgspec.structs.replace(version, copy_of=copied or None, story=story)
