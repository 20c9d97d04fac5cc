"""Every format over incidents made by hand: types, nulls, harmless cells, the same bytes twice."""

from __future__ import annotations

import csv
import io
import json
import struct
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from shelf import incident, shelf
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.commands.publish import export, report
from tocsin.errors import UsageError
from tocsin.export import BINARY, COUNTED, counted, each, formats
from tocsin.ledger import Edit, IncidentFilter

STORE = shelf(incident("a"), incident("b", "country"), incident("c", "unplaced"))


def written(name: str, store: Any = STORE) -> Any:
    stream: Any = io.BytesIO() if name in BINARY else io.StringIO()
    formats()[name][0](store, IncidentFilter(), stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", list(formats()))
def test_the_same_ledger_gives_the_same_bytes(name: str) -> None:
    assert written(name) == written(name) != written(name, shelf(incident("d")))


@pytest.mark.parametrize("name", ["csv", "claims", "hxl"])
def test_no_cell_is_a_formula_or_steers_a_terminal(name: str) -> None:
    text = written(name)
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    assert "\u202e" not in text and "\x07" not in text


def test_csv_keeps_households_apart_and_leaves_unknowns_empty() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv"))))
    assert [(row["id"], row["lat"]) for row in rows] == [("i-a", "34.5"), ("i-b", "35.0"), ("i-c", "")]
    first = rows[0]
    assert (first["killed_low"], first["killed_best"], first["killed_high"]) == ("9", "9", "13")
    assert (first["displaced_best"], first["displaced_households_best"], first["injured_best"]) == ("", "70", "")


def test_an_edited_row_says_by_whom_and_when() -> None:
    edits = tuple(
        Edit(cell=cell, user=user, at="2021-05-06T10:00:00Z") for cell, user in (("place", "=amal"), ("status", "ben"))
    )
    store = shelf(incident("a", edited=("place", "status"), edits=edits))
    (row,) = csv.DictReader(io.StringIO(written("csv", store)))
    assert (row["edited"], row["edited_by"]) == ("place; status", "'=amal; ben")
    assert row["edited_at"] == "2021-05-06T10:00:00Z; 2021-05-06T10:00:00Z"
    (feature,) = json.loads(written("geojson", store))["features"]
    assert feature["properties"]["edited_by"] == "=amal; ben"
    assert json.loads(written("evidence", store))["incident"]["edits"][1]["user"] == "ben"


def test_claims_has_a_row_for_each_figure_with_its_speaker() -> None:
    rows = list(csv.DictReader(io.StringIO(written("claims"))))
    assert [(row["incident"], row["figure"], row["low"], row["high"], row["counted"]) for row in rows] == [
        (f"i-{name}", "killed", "9", "13", "true") for name in "abc"
    ]
    assert (rows[0]["speaker"], rows[0]["words"], rows[0]["document"]) == ("'@SUM(A1)", "'+9 people", "sha256:a")


def test_hxl_has_tags_beneath_the_headings() -> None:
    rows = list(csv.reader(io.StringIO(written("hxl"))))
    assert len(rows) == 5 and all(tag.startswith("#") for tag in rows[1])


def test_geojson_has_no_point_where_none_is_known() -> None:
    text = written("geojson")
    found = json.loads(text)
    assert [row["geometry"] for row in found["features"]] == [
        {"type": "Point", "coordinates": [40.25, 34.5]},
        None,
        None,
    ]
    assert (found["features"][1]["properties"]["precision"], found["features"][0]["properties"]["radius_km"]) == (
        "country",
        3.0,
    )
    assert "\u202e" not in text and "\x07" not in text
    assert json.loads(written("geojson", shelf())) == {"type": "FeatureCollection", "features": []}


def test_evidence_is_ascii_lines_with_claims_words_and_documents() -> None:
    text = written("evidence")
    assert text.isascii()
    rows = [json.loads(line) for line in text.splitlines()]
    assert [row["incident"]["id"] for row in rows] == ["i-a", "i-b", "i-c"]
    one = rows[0]["claims"][0]
    assert (one["id"], one["document"]["sha256"], one["document"]["url"]) == ("c-a", "a", "https://lamp.example/a")


@pytest.mark.parametrize("name", sorted(BINARY))
def test_parquet_opens_with_types(name: str) -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(written(name)))
    types = {field.name: str(field.type) for field in table.schema}
    assert (types["killed_best"], types["voices"], types["lat"], types["title"]) == (
        "int64",
        "int64",
        "double",
        "string",
    )
    assert table.column("killed_high").to_pylist() == [13, 13, 13]
    assert table.column("lat").to_pylist() == [34.5, 35.0, None]
    assert pyarrow.parquet.read_table(io.BytesIO(written(name, shelf()))).num_rows == 0


def test_geoparquet_tells_its_geometry() -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(written("geoparquet")))
    meta = json.loads(table.schema.metadata[b"geo"])
    assert (meta["version"], meta["primary_column"], meta["columns"]["geometry"]["encoding"]) == (
        "1.1.0",
        "geometry",
        "WKB",
    )
    points = table.column("geometry").to_pylist()
    assert struct.unpack("<BIdd", points[0]) == (1, 1, 40.25, 34.5) and points[1:] == [None, None]


def test_only_what_counts_is_written_unless_asked_and_rejects_never() -> None:
    store = shelf(incident("a"), incident("b", status="denied"), incident("c", review="rejected"))
    assert [one.id for one in each(store, counted(IncidentFilter()))] == ["i-a"]
    assert [one.id for one in each(store, counted(IncidentFilter(), everything=True))] == ["i-a", "i-b"]
    assert (
        counted(IncidentFilter(status=("denied",))).status == ("denied",)
        and counted(IncidentFilter()).status == COUNTED
    )


def test_more_incidents_than_a_slice() -> None:
    store = shelf(*(incident(f"{n:04}") for n in range(1203)))
    assert len(list(each(store, IncidentFilter()))) == 1203


@pytest.mark.parametrize("command", ["export", "report"])
def test_the_commands_explain_themselves(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0 and "Examples" in done.output


def test_a_wrong_format_and_a_wrong_ending_are_refused() -> None:
    with pytest.raises(UsageError, match="'xls' is not known; it is one of csv"):
        export(format="xls")
    with pytest.raises(UsageError, match=r"a report is .html, .md or .pdf"):
        report(out=Path("sitrep.doc"))
