"""Our own tables of places, row by row: ids, codes, points, and that every row can be found under its names."""

from __future__ import annotations

import re

import pytest

from tocsin.resolve.gazetteer import Gazetteer
from tocsin.resolve.geo_policy import areas, recorded
from tocsin.resolve.toponym_words import common_words, context, given_names, role
from tocsin.rulefiles import table

COUNTRIES = {row["iso2"]: row for row in table("places/countries.csv")}
SUPPLEMENT = table("places/supplement.csv")
DISPUTED = table("places/disputed.csv")
FEATURES = frozenset(
    "base airport camp strait sea gulf ocean river lake region plant dam corridor island islands crossing line checkpoint "
    "mountains desert neighbourhood continent canal valley peninsula forest zone pass bridge square building hospital "
    "prison port pipeline road town city".split()
)


def _on_earth(row: dict[str, str]) -> bool:
    return -90 <= float(row["lat"]) <= 90 and -180 <= float(row["lon"]) <= 180


@pytest.mark.parametrize("row", COUNTRIES.values(), ids=lambda row: row["iso2"])
def test_country(row: dict[str, str]) -> None:
    assert re.fullmatch(r"[A-Z]{2}", row["iso2"]) and re.fullmatch(r"[A-Z]{3}", row["iso3"])
    assert _on_earth(row) and row["name"]
    for names in (row["aliases"], row["demonyms"]):
        parts = [part for part in names.split("|") if names]
        assert len(parts) == len(set(parts)) and all(part.strip() == part and part for part in parts)


def test_countries_are_complete_and_unique() -> None:
    rows = table("places/countries.csv")
    assert len(rows) == len(COUNTRIES) == len({row["iso3"] for row in rows}) == len({row["name"] for row in rows})
    assert len(rows) == 250
    assert all(row["demonyms"] for row in rows if row["iso2"] in ("SY", "UA", "RU", "US", "SD", "MM", "PS", "IL", "YE"))


def test_supplement_has_unique_ids_and_is_long_enough() -> None:
    assert len(SUPPLEMENT) >= 400
    assert len({row["id"] for row in SUPPLEMENT}) == len(SUPPLEMENT)


@pytest.mark.parametrize("row", SUPPLEMENT, ids=lambda row: row["id"])
def test_supplement_row(row: dict[str, str], gazetteer: Gazetteer) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"])
    assert _on_earth(row) and row["feature"] in FEATURES
    assert row["country"] == "" or row["country"] in COUNTRIES
    assert 0 < float(row["radius_km"]) <= 9000
    for date in (row["valid_from"], row["valid_to"]):
        assert re.fullmatch(r"(\d{4}(-\d{2})?)?", date)
    for name in (row["name"], *(part for part in row["aliases"].split("|") if part)):
        source = f"supplement:{row['id']}"
        assert source in {one.source for one in gazetteer.lookup(name)}, name


@pytest.mark.parametrize("row", DISPUTED, ids=lambda row: row["id"])
def test_disputed_row(row: dict[str, str]) -> None:
    assert _on_earth(row) and row["name"] and row["claimed_by"] and row["held_by"]
    assert row["country"] == "" or row["country"] in COUNTRIES
    assert all(part in COUNTRIES for part in row["source_country"].split("|") if part)
    assert re.fullmatch(r"(\d{4}-\d{2})?", row["held_since"])
    box = areas()[row["id"]].box
    assert not box or (box[0] < box[2] and box[1] < box[3])
    if box:
        assert box[0] <= float(row["lat"]) <= box[2] and box[1] <= float(row["lon"]) <= box[3]


def test_policy_speaks_only_of_its_areas() -> None:
    assert len(areas()) == len(DISPUTED)
    assert recorded({"country": "RU", "admin1": "11", "lat": 45.3, "lon": 34.3}) == ("UA", "disputed:crimea")
    assert recorded({"country": "RU", "admin1": "48", "lat": 55.7, "lon": 37.6, "note": "own"}) == ("RU", "own")
    assert recorded({"country": "", "lat": 45.3, "lon": 34.3}) == ("", "")


@pytest.mark.parametrize("name", ["admin1", "admin2"])
def test_units(name: str) -> None:
    rows = table(f"places/{name}.csv")
    assert len(rows) > 4_000
    assert all(_on_earth(row) and row["name"] and row["country"] in COUNTRIES for row in rows)


def test_abbreviations_lead_to_units(gazetteer: Gazetteer) -> None:
    units = {(row["country"], row["code"]) for row in table("places/admin1.csv") if row["feature"] == "admin1"}
    for row in table("places/abbreviations.csv"):
        assert (row["country"], row["admin1"]) in units
        assert any(one.admin1 == row["admin1"] and one.level == 1 for one in gazetteer.lookup(row["abbreviation"]))


def test_demonyms_lead_to_places(gazetteer: Gazetteer) -> None:
    for row in table("places/demonyms.csv"):
        for word in row["demonyms"].split("|"):
            assert row["name"] in {one.name for one in gazetteer.lookup(word)}, word


def test_word_lists_are_lower_case_and_do_not_ban_states() -> None:
    for words in (common_words(), given_names(), *context().values()):
        assert words and all(word == word.lower().strip() and word for word in words)
    assert not common_words() & {row["name"].lower() for row in COUNTRIES.values()}


def test_an_unknown_role_is_an_error() -> None:
    with pytest.raises(KeyError):
        role("nonsense")
