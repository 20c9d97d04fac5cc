"""The actor tables hold together: codes, sectors, dates, and no name twice."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest

from tocsin.resolve.actor_lexicon import actor_lexicon, fold
from tocsin.rulefiles import table

_ISO3 = frozenset(
    """ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR
    BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP
    CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB
    GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN
    KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD
    MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN
    PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM
    SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR
    UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
    XKX SUN YUG CSK DDR""".split()  # the last line: Kosovo's user-assigned code and withdrawn codes of former states
)
_SECTORS = frozenset(
    "COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC IGO NGO MNC".split()
)
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?\Z")
_NAMED = ("groups", "organizations", "leaders", "media", "peoples")
_LEAST = {"states": 190, "groups": 250, "organizations": 60, "leaders": 250, "media": 60, "agents": 40, "peoples": 50}


@pytest.mark.parametrize(("name", "least"), _LEAST.items())
def test_tables_are_as_large_as_promised(name: str, least: int) -> None:
    assert len(table(f"actors/{name}.csv")) >= least


@pytest.mark.parametrize("name", [*_NAMED, "states", "agents"])
def test_rows_are_whole(name: str) -> None:
    for row in table(f"actors/{name}.csv"):
        assert None not in row and None not in row.values(), row
        assert row["name"] == row["name"].strip() != ""


@pytest.mark.parametrize("name", [*_NAMED, "states", "agents"])
def test_no_name_twice_at_one_time(name: str) -> None:
    seen = Counter((row["name"], row.get("valid_from", "")) for row in table(f"actors/{name}.csv"))
    assert [key for key, count in seen.items() if count > 1] == []


@pytest.mark.parametrize("name", _NAMED)
def test_countries_sectors_types_and_codes(name: str) -> None:
    for row in table(f"actors/{name}.csv"):
        assert row["country"] in _ISO3 | {""}, row
        assert row["sector"] in _SECTORS, row
        assert row["type"] in ("person", "organization"), row
        assert re.fullmatch(r"[A-Z0-9]*", row["code"]), row
        assert row["code"] or row["country"] or row["sector"], row
        if row["code"][:3] in _ISO3 and row["country"]:
            assert row["code"].startswith(row["country"]), row


@pytest.mark.parametrize("name", _NAMED)
def test_dates_are_prefixes_of_iso_dates_in_order(name: str) -> None:
    for row in table(f"actors/{name}.csv"):
        since, until = row["valid_from"], row["valid_to"]
        assert all(not one or _DATE.match(one) for one in (since, until)), row
        shared = min(len(since), len(until))
        assert not (since and until) or since[:shared] <= until[:shared], row


def test_state_codes_are_iso3() -> None:
    assert {row["code"] for row in table("actors/states.csv")} <= _ISO3


def test_agents_have_known_sectors() -> None:
    for row in table("actors/agents.csv"):
        assert row["sector"] in _SECTORS | {""} and row["type"] in ("person", "organization"), row
        assert row["defers"] in ("", "yes") and row["forms"], row


def test_no_form_has_two_sectors() -> None:
    forms = Counter(
        form
        for row in table("actors/agents.csv")
        for form in {fold(one.lstrip("=")) for one in row["forms"].split("|")}
    )
    assert [form for form, count in forms.items() if count > 1] == []


def test_periods_of_one_name_do_not_overlap() -> None:
    for name in ("groups", "leaders"):
        periods: dict[str, list[tuple[str, str]]] = {}
        for row in table(f"actors/{name}.csv"):
            periods.setdefault(row["name"], []).append((row["valid_from"] or "0000", row["valid_to"] or "9999"))
        for who, spans in periods.items():
            ordered = sorted(spans)
            for (_, end), (start, _) in pairwise(ordered):
                shared = min(len(end), len(start))
                assert end[:shared] <= start[:shared], who


def test_every_relation_is_known() -> None:
    assert {row["relation"] for row in table("actors/modifiers.csv")} <= {"between", "backed", "led", "place"}


def test_genders_are_told_once() -> None:
    words = Counter(row["word"] for row in table("actors/genders.csv"))
    assert [word for word, count in words.items() if count > 1] == []
    assert {row["gender"] for row in table("actors/genders.csv")} == {"m", "f"}


def test_lexicon_reads_every_table() -> None:
    lexicon = actor_lexicon()
    assert len(lexicon) > 6000
    assert lexicon.readings("FMLN") and lexicon.readings("Côte d'Ivoire") and lexicon.readings("prime minister")
    assert {one.sector for one in lexicon.readings("Taliban")} == {"REB", "GOV"}
