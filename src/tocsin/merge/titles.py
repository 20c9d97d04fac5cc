"""What an incident is called: what, where, when, how many."""

from __future__ import annotations

import datetime

from tocsin.ledger import FigureRange, Incident

LABELS = {
    "ied-bombing": "bombing",
    "territory-government": "capture by government forces",
    "territory-non-state": "capture by a non-state group",
    "territory-transfer": "handover of territory",
    "armed-clash": "clash",
    "siege-blockade": "siege",
    "crowd-control": "force against a crowd",
    "protest-intervention": "action against a protest",
    "peaceful-protest": "protest",
    "attack-on-forces": "attack on forces",
    "raid-seizure": "raid or seizure",
    "death": "deaths",
    "wounding": "people wounded",
    "meet": "meeting",
    "plan-talks": "announced talks",
    "allow-access": "access granted",
    "change-to-group": "change within a group",
    "cut-ties": "ties cut",
    "agree": "agreement",
    "third-party-talks": "talks through a third party",
    "disrupted-weapons": "weapons intercepted",
    "arrest": "arrests",
    "accuse": "accusation",
    "condemn": "condemnation",
    "investigate": "investigation",
    "charge": "criminal charge",
    "concede": "concession",
    "ease-restrictions": "restrictions eased",
    "declare-ceasefire": "ceasefire declared",
    "apologise": "apology",
    "promise-aid": "promise of aid",
    "promise-yield": "promise to yield",
    "host": "talks hosted",
    "negotiate": "negotiations",
    "mediate": "mediation",
    "sign-agreement": "agreement signed",
    "recognise": "recognition",
    "cooperate": "cooperation",
    "extradite": "extradition",
    "attribution": "word on who was responsible",
    "reject": "refusal",
    "deny": "denial",
    "refuse-to-yield": "refusal to yield",
    "refuse-change": "refusal of change",
    "reject-talks": "refusal of talks",
    "refuse-aid": "refusal of aid",
    "request": "demand",
    "request-aid": "request for aid",
    "request-change": "demand for change",
    "request-yield": "demand to yield",
    "request-talks": "call for talks",
    "threaten": "threat",
    "threaten-violence": "threat of violence",
    "threaten-sanctions": "threat of sanctions",
    "threaten-restrict": "threat of restrictions",
    "threaten-arrest": "threat of arrests",
    "threaten-expulsion": "threat of expulsions",
    "threaten-territory": "threat to take territory",
    "expel-diplomat": "diplomats expelled",
    "convict": "conviction",
    "suspend-aid": "aid suspended",
    "base-established": "base set up",
    "deportation": "people driven out or deported",
    "ceasefire-violation": "breach of a ceasefire",
}  # what a kind is called in a title, where its name alone would be odd
_ON = frozenset(
    {"air-strike", "drone-strike", "attack", "raid-seizure", "grenade-attack", "offensive", "attack-on-forces"}
)
_OF = frozenset({"shelling", "siege-blockade", "territory-government", "territory-non-state", "invasion", "annexation"})


def title_of(one: Incident) -> str:
    """A line for people: what, where, when, how many. 'Air strike on Kafr Nabl, 4 September 2018: 9–13 killed'."""
    what = LABELS.get(one.kind, one.kind.replace("-", " "))
    where = ""
    if one.place is not None:
        wide = one.place.precision in ("area", "admin", "country")  # what was in a country was seldom on all of it
        word = "in" if wide else "on" if one.kind in _ON else "of" if one.kind in _OF else "in"
        where = f" {word} {one.place.called or one.place.name}"
    elif one.actors or one.recipients:
        pair = [rows[0].name for rows in (one.actors, one.recipients) if rows]
        where = f": {' → '.join(pair)}" if len(pair) == 2 else f": {pair[0]}"
    told = "" if one.day_basis == "stated" else "reported "
    when = f", {told}{days_in_words(one.day_from, one.day_to)}" if one.day_from else ""
    tolls = [
        _toll(row)
        for row in one.figures
        if row.kind in ("killed", "injured", "displaced", "abducted", "detained") and row.best is not None
    ]
    return f"{what[:1].upper()}{what[1:]}{where}{when}" + (f": {', '.join(tolls[:2])}" if tolls else "")


def _toll(row: FigureRange) -> str:
    number = (
        f"{row.low:,}–{row.high:,}"
        if row.low is not None and row.high is not None and row.low < row.high
        else f"{row.best:,}"
    )
    return f"{number} {'households ' if row.unit == 'households' else ''}{row.kind}"


def days_in_words(low: str | None, high: str | None) -> str:
    """'4 September 2018', '3–4 September 2018', 'September 2018', '2018'."""
    try:
        first, last = datetime.date.fromisoformat(low or ""), datetime.date.fromisoformat(high or low or "")
    except ValueError:
        return low or ""
    month = f"{first:%B} {first.year}"
    if first == last:
        return f"{first.day} {month}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return str(first.year)
    if (first.year, first.month) == (last.year, last.month):
        whole = first.day == 1 and (last + datetime.timedelta(1)).month != last.month
        return month if whole else f"{first.day}–{last.day} {month}"
    return f"{first.day} {month} – {last.day} {last:%B} {last.year}"
