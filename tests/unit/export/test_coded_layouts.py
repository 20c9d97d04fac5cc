"""ACLED's and UCDP's columns: what goes where, what is left out, what stays empty."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from msgspec.structs import replace
from shelf import incident, shelf

from tocsin import rulefiles
from tocsin.codebook import codebook
from tocsin.export import acled, counted, formats, ucdp
from tocsin.export.coded import countries, sort_of, state_of
from tocsin.ledger import FigureRange, Incident, IncidentFilter, Locus, Party

ARMY = Party(key="a", name="Army", text="army", code="SYRMIL")
REBELS = Party(key="r", name="The Front", text="front", code="SYRREB")
GUNMEN = Party(key="g", name="gunmen", text="gunmen", code="UAF")
VILLAGERS = Party(key="v", name="villagers", text="villagers", code="CVL")
FOREIGN = Party(key="f", name="Foreign air force", text="jets", code="RUSMIL")
PROVINCE = Locus(name="Homs", lat=34.3, lon=38.3, country="SY", admin1="Homs", precision="admin", radius_km=100.0)
DISTRICT = replace(PROVINCE, name="Tadmur District")


def one(name: str = "a", **others: Any) -> Incident:
    where = others.pop("place", "placed")
    named = where if isinstance(where, str) else "placed"
    made = incident(name, named, **({"actors": (ARMY,), "recipients": (VILLAGERS,)} | others))
    return made if isinstance(where, str) else replace(made, place=where)


def rows(layout: str, *incidents: Incident, wanted: IncidentFilter | None = None) -> list[dict[str, str]]:
    stream = io.StringIO()
    number = formats()[layout][0](shelf(*incidents), wanted or IncidentFilter(), stream)
    found = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert len(found) == number
    return found


def row(layout: str, **others: Any) -> dict[str, str]:
    (found,) = rows(layout, one(**others))
    return found


def killed(low: int | None, best: int | None, high: int | None) -> tuple[FigureRange, ...]:
    return (FigureRange(kind="killed", low=low, best=best, high=high, voices=2),)


def test_the_columns_are_those_of_the_code_books() -> None:
    assert (len(acled.COLUMNS), acled.COLUMNS[0], acled.COLUMNS[30]) == (31, "event_id_cnty", "timestamp")
    assert (len(ucdp.COLUMNS), ucdp.COLUMNS[0], ucdp.COLUMNS[48]) == (49, "id", "gwnob")
    assert ucdp.COLUMNS[44:47] == ["best", "high", "low"]
    assert list(rows("acled", one())[0]) == acled.COLUMNS and list(rows("ucdp", one())[0]) == ucdp.COLUMNS


def test_every_code_of_the_codebook_has_its_row_of_acleds_table() -> None:
    known = {each["sub_event_type"]: each["event_type"] for each in rulefiles.table("codes/acled.csv")}
    coded = {kind.codes.acled for kind in codebook().kinds.values() if kind.codes.acled}
    assert len(known) == 25 and coded <= set(known)


def test_a_strike_in_acleds_columns() -> None:
    found = row("acled")
    wanted = {
        "event_id_cnty": "i-a", "event_date": "2021-05-03", "year": "2021", "time_precision": "1", "disorder_type": "Political violence",
        "event_type": "Explosions/Remote violence", "sub_event_type": "Air/drone strike", "actor1": "Army", "inter1": "1", "actor2": "villagers",
        "inter2": "7", "interaction": "17", "civilian_targeting": "Civilian targeting", "iso": "760", "country": "Syria", "admin1": "A",
        "location": "'+Town", "latitude": "34.5", "longitude": "40.25", "geo_precision": "1", "source": "Lamp", "fatalities": "9", "region": "",
        "timestamp": "1620086400",
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted
    assert "status=happened; review=new; voices=1; fatalities=9-13" in found["tags"]
    assert "not coded by ACLED" in found["notes"]


@pytest.mark.parametrize(
    ("low", "best", "high", "fatalities", "tag"),
    [(9, 11, 13, "9", "fatalities=9-13"), (5, 5, 5, "5", ""), (None, None, 20, "20", "fatalities=?-20"), (None, None, None, "0", "fatalities=number not known")],
)  # fmt: skip
def test_acled_takes_the_lowest_figure_and_says_what_is_not_known(
    low: int | None, best: int | None, high: int | None, fatalities: str, tag: str
) -> None:
    found = row("acled", figures=killed(low, best, high))
    assert found["fatalities"] == fatalities
    assert tag in found["tags"] and (tag or "fatalities" not in found["tags"])


def test_no_figure_at_all_is_nought_for_acled_and_the_tags_say_so() -> None:
    found = row("acled", figures=())
    assert found["fatalities"] == "0" and "fatalities=not reported" in found["tags"]


@pytest.mark.parametrize(
    ("first", "last", "day", "precision"),
    [("2021-05-03", "2021-05-06", "2021-05-04", "2"), ("2021-05-01", "2021-05-31", "2021-05-16", "3")],
)
def test_acled_dates_a_stretch_by_its_middle_with_its_precision(
    first: str, last: str, day: str, precision: str
) -> None:
    found = row("acled", day_from=first, day_to=last)
    assert (found["event_date"], found["time_precision"]) == (day, precision)


def test_what_acleds_columns_cannot_hold_is_left_out() -> None:
    left = (
        one(day_from=None, day_to=None), one(day_from="2021-01-01", day_to="2021-12-31"), one("b", place="country"), one("c", place="unplaced"), one(kind="accuse"),
    )  # fmt: skip
    assert rows("acled", *left) == []
    assert row("acled", place=PROVINCE)["geo_precision"] == "3"


@pytest.mark.parametrize(
    ("actors", "recipients", "codes"),
    [
        ((ARMY,), (REBELS,), ("1", "2", "12", "")), ((REBELS,), (ARMY,), ("2", "1", "12", "")), ((GUNMEN,), (VILLAGERS,), ("3", "7", "37", "Civilian targeting")),
        ((FOREIGN,), (REBELS,), ("8", "2", "28", "")), ((), (VILLAGERS,), ("7", "0", "70", "Civilian targeting")), ((ARMY,), (), ("1", "0", "10", "")),
        ((Party(key="x", name="they", text="they"),), (ARMY,), ("0", "1", "", "")), ((), (), ("0", "0", "", "")),
    ],
)  # fmt: skip
def test_sides_are_typed_by_their_sector(actors: Any, recipients: Any, codes: tuple[str, ...]) -> None:
    found = row("acled", actors=actors, recipients=recipients)
    assert (found["inter1"], found["inter2"], found["interaction"], found["civilian_targeting"]) == codes


def test_a_crowd_is_of_protesters_or_rioters() -> None:
    assert row("acled", kind="peaceful-protest", actors=(VILLAGERS,), recipients=())["interaction"] == "60"
    assert row("acled", kind="mob-violence", actors=(VILLAGERS,), recipients=(VILLAGERS,))["interaction"] == "55"


def test_codes_of_parties() -> None:
    sorts = {
        code: sort_of(Party(key=code, name=code, text=code, code=code))
        for code in ("SYR", "IGOUNO", "SYRMIL", "IMGREB", "XXQ")
    }
    assert sorts == {"SYR": "state", "IGOUNO": "other", "SYRMIL": "state", "IMGREB": "rebel", "XXQ": "unknown"}
    assert state_of(ARMY) == "SYR" and state_of(GUNMEN) is None
    assert countries()["SY"] == ("SYR", "760", "Syria")


def test_a_strike_in_ucdps_columns() -> None:
    found = row("ucdp", recipients=(REBELS,))
    wanted = {
        "id": "i-a", "year": "2021", "code_status": "happened", "type_of_violence": "1", "side_a": "Army", "side_b": "The Front", "dyad_name": "Army - The Front",
        "number_of_sources": "1", "source_office": "Lamp", "source_date": "2021-05-04", "source_original": "'@SUM(A1)", "where_prec": "1", "adm_1": "A",
        "geom_wkt": "POINT (40.25 34.5)", "priogrid_gid": "179721", "country": "Syria", "event_clarity": "1", "date_prec": "1", "date_start": "2021-05-03",
        "date_end": "2021-05-03", "deaths_a": "", "deaths_civilians": "", "deaths_unknown": "9", "best": "9", "high": "13", "low": "9", "conflict_new_id": "",
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("lat", "lon", "cell"), [(22.488976, 90.062732, 161821), (-90.0, -180.0, 1), (90.0, 180.0, 259200)]
)
def test_cells_of_priogrid(lat: float, lon: float, cell: int) -> None:
    assert ucdp.priogrid(lat, lon) == cell


@pytest.mark.parametrize(
    ("place", "prec"),
    [
        (PROVINCE, "4"), (DISTRICT, "3"), (replace(PROVINCE, precision="country"), "6"), (replace(PROVINCE, precision="area", radius_km=20.0), "2"),
        (replace(PROVINCE, precision="area", radius_km=200.0), "5"), (replace(PROVINCE, precision="area", feature="strait"), "7"),
    ],
)  # fmt: skip
def test_places_of_ucdp(place: Locus, prec: str) -> None:
    found = row("ucdp", place=place)
    assert found["where_prec"] == prec and bool(found["priogrid_gid"]) == (prec != "6")


def test_sides_of_ucdp() -> None:
    swapped = row("ucdp", actors=(REBELS,), recipients=(ARMY,))
    assert (swapped["side_a"], swapped["side_b"], swapped["type_of_violence"]) == ("Army", "The Front", "1")
    assert row("ucdp", actors=(GUNMEN,), recipients=(REBELS,))["type_of_violence"] == "2"
    assert row("ucdp", actors=(GUNMEN,), recipients=())["type_of_violence"] == ""
    massacre = row("ucdp", kind="execution", actors=(GUNMEN,))
    assert (massacre["type_of_violence"], massacre["side_b"]) == ("3", "Civilians")


@pytest.mark.parametrize(("last", "code"), [("2021-05-08", 2), ("2021-05-09", 3), ("2021-05-31", 4), ("2022-04-30", 5)])
def test_days_of_ucdp(last: str, code: int) -> None:
    found = row("ucdp", day_to=last)
    assert (found["date_prec"], found["date_end"], found["event_clarity"]) == (str(code), last, "2")


def test_what_ucdps_columns_cannot_hold_is_left_out() -> None:
    left = (one(figures=()), one(figures=killed(0, 0, 0)), one(kind="accuse"), one(day_from=None, day_to=None), one("c", place="unplaced"), one(day_to="2023-01-01"))  # fmt: skip
    assert rows("ucdp", *left) == []


@pytest.mark.parametrize("layout", ["acled", "ucdp"])
def test_only_the_statuses_asked_for(layout: str) -> None:
    held = (one("a"), one("b", status="alleged"), one("c", status="denied"))
    name = "event_id_cnty" if layout == "acled" else "id"
    assert [each[name] for each in rows(layout, *held, wanted=counted(IncidentFilter()))] == ["i-a"]
    assert [each[name] for each in rows(layout, *held, wanted=IncidentFilter(status=("alleged",)))] == ["i-b"]


@pytest.mark.parametrize("layout", ["acled", "ucdp"])
def test_hostile_words_stay_harmless(layout: str) -> None:
    (found,) = rows(layout, one(actors=(Party(key="x", name='=HYPERLINK("x")\u202e', text="x", code="SYRMIL"),)))
    cells = list(found.values())
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    assert "\u202e" not in "".join(cells)
