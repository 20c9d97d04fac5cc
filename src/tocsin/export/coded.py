"""What the layouts of ACLED and UCDP share: the sort of a party, whole days, countries, and the pages behind an incident."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Literal, NamedTuple

from tocsin import rulefiles
from tocsin.ledger import Claim, DocumentVersion, FigureRange, Incident, Party
from tocsin.store.base import Reads

Sort = Literal["state", "rebel", "militia", "civilian", "other", "unknown"]
# PLOVER's sectors. Gunmen of no named group (UAF), gangs and pro-government militias are what ACLED calls political militias.
SORTS: dict[str, Sort] = {
    **dict.fromkeys(("MIL", "GOV", "COP", "SPY", "LEG", "JUD"), "state"), **dict.fromkeys(("REB", "SEP", "INS"), "rebel"),
    **dict.fromkeys(("UAF", "CRM", "PRM"), "militia"), **dict.fromkeys(("IGO", "NGO", "MNC"), "other"),
    **dict.fromkeys(("CVL", "LAB", "MED", "EDU", "JRN", "REF", "AGR", "BUS", "REL", "OPP", "PTY", "ELI", "HLH"), "civilian"),
}  # fmt: skip


class Country(NamedTuple):
    """A country's ISO alpha-3 code and number ('' where it has none), and its English name."""

    iso3: str
    number: str
    name: str


@cache
def countries() -> dict[str, Country]:
    """By ISO alpha-2 code."""
    numbers = {row["iso2"]: row["number"] for row in rulefiles.table("codes/countries.csv")}
    rows = rulefiles.table("places/countries.csv")
    return {row["iso2"]: Country(row["iso3"], numbers.get(row["iso2"], ""), row["name"]) for row in rows}


def sort_of(party: Party) -> Sort:
    """What sort of party it is, by the sector at the end of its code (SYRMIL) or, for bodies, at its beginning (IGOUNO)."""
    code = party.code or ""
    for sector in (party.sector or "", code[-3:], code[:3]):
        if sector in SORTS:
            return SORTS[sector]
    return "state" if code in _states() else "unknown"


@cache
def _states() -> frozenset[str]:
    return frozenset(one.iso3 for one in countries().values())


def state_of(party: Party) -> str | None:
    """The ISO alpha-3 code of the country that a party's code names."""
    begin = (party.code or "")[:3]
    return begin if begin in _states() else None


def stretch(one: Incident) -> tuple[datetime.date, datetime.date] | None:
    """The first and last day on which it may have been; None where they are not known."""
    try:
        first = datetime.date.fromisoformat(one.day_from or "")
        last = datetime.date.fromisoformat(one.day_to or one.day_from or "")
    except ValueError:
        return None
    return (first, last) if first <= last else None


def deaths(one: Incident) -> FigureRange | None:
    """Its range of killed persons."""
    return next((figure for figure in one.figures if figure.kind == "killed" and figure.unit == "persons"), None)


def pages(store: Reads, one: Incident) -> tuple[tuple[Claim, ...], tuple[DocumentVersion, ...]]:
    """Its claims, and the pages that they were read from, each once, reprints left out, by day and id."""
    claims = store.claims(one.claims)
    found = (store.version(name) for name in dict.fromkeys(claim.version for claim in claims))
    kept = [version for version in found if version is not None and not version.copy_of]
    return claims, tuple(sorted(kept, key=lambda version: (version.published or "9999", version.id)))


def speakers(claims: tuple[Claim, ...]) -> tuple[str, ...]:
    """Who says so, each once; a page that asserts it itself is not named here."""
    return tuple(dict.fromkeys(voice.speaker for claim in claims for voice in claim.voices if voice.speaker))
