"""Parquet and GeoParquet, for pandas, polars, DuckDB and GIS. Needs the extra `parquet`."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import IO, Any

from tocsin.errors import MissingError
from tocsin.export import each
from tocsin.export.geojson import geometry
from tocsin.export.tables import row_of
from tocsin.ledger import IncidentFilter
from tocsin.store.base import Reads

BATCH = 5_000  # incidents of one row group
_INTEGERS = ("_low", "_best", "_high")
_COUNTS = frozenset({"voices", "documents", "copies"})
_DECIMALS = frozenset({"lat", "lon", "radius_km"})
# GeoParquet 1.1.0: WKB points in longitude and latitude of WGS 84 (the default CRS of the specification)
GEO = {
    "version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
}  # fmt: skip


def parquet(store: Reads, wanted: IncidentFilter, stream: IO[bytes]) -> int:
    """Writes the columns of the CSV with their types. Returns how many rows."""
    return _write(store, wanted, stream, geo=False)


def geoparquet(store: Reads, wanted: IncidentFilter, stream: IO[bytes]) -> int:
    """The same, with a geometry column; it is null where the place is not known."""
    return _write(store, wanted, stream, geo=True)


def _write(store: Reads, wanted: IncidentFilter, stream: IO[bytes], *, geo: bool) -> int:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as problem:
        raise MissingError("Parquet needs pyarrow: pip install 'tocsin[parquet]'") from problem
    schema = _schema(pyarrow, geo)
    number = 0
    with pyarrow.parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for rows in _batches(store, wanted, geo):
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))
            number += len(rows)
        if not number:
            writer.write_table(pyarrow.Table.from_pylist([], schema=schema))
    return number


def _schema(pyarrow: Any, geo: bool) -> Any:
    columns = fields(pyarrow)
    if geo:
        columns.append(pyarrow.field("geometry", pyarrow.binary()))
    return pyarrow.schema(columns, metadata={"geo": json.dumps(GEO, sort_keys=True)} if geo else None)


def fields(pyarrow: Any) -> list[Any]:
    """The columns of the CSV as Arrow fields, each with its type."""
    from tocsin.export.tables import EMPTY

    def type_of(name: str) -> Any:
        if name.endswith(_INTEGERS) or name in _COUNTS:
            return pyarrow.int64()
        return pyarrow.float64() if name in _DECIMALS else pyarrow.string()

    return [pyarrow.field(name, type_of(name)) for name in row_of(EMPTY)]


def _batches(store: Reads, wanted: IncidentFilter, geo: bool) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    for one in each(store, wanted):
        row = row_of(one)
        if geo:
            point = geometry(one)
            row["geometry"] = struct.pack("<BIdd", 1, 1, *point["coordinates"]) if point else None
        rows.append(row)
        if len(rows) == BATCH:
            yield rows
            rows = []
    if rows:
        yield rows
