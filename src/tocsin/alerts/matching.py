"""Which incidents a rule is about: kinds, statuses, days, country, place, parties, and the polygon."""

from __future__ import annotations

import datetime

from tocsin.alerts.geometry import Area
from tocsin.alerts.rules import BUILD_UP, Rule
from tocsin.codebook import codebook
from tocsin.ledger import Incident, Locus, Party
from tocsin.store.codec import folded_words

LOOK_BACK = 30  # days before a rule was made from which its incidents count, where it names no day
TO_COME = frozenset({"threatened", "planned", "possible"})  # what may lie on a day that is still ahead


def concerns(rule: Rule, one: Incident, today: str) -> bool:
    """Whether an incident is of a rule's kinds, statuses, days, country, place and parties, and nobody rejected it."""
    if one.review == "rejected" or not _is_wanted(rule, one):
        return False
    day = day_of(one)
    if not day or (day > today and one.status not in TO_COME):
        return False
    if (one.day_to or day) < begins(rule) or (rule.until and day > rule.until):
        return False
    return is_there(rule, one.place) and (not rule.actors or _is_party(rule.actors, (*one.actors, *one.recipients)))


def day_of(one: Incident) -> str:
    """The first day on which it can have been; where none is known, the day on which it was known."""
    return one.day_from or one.first_known[:10]


def begins(rule: Rule) -> str:
    """The first day that counts. Thresholds, build-ups and silences look at their own days only."""
    if rule.since:
        return rule.since
    if rule.kind not in ("zone", "redline", "overdue") or not rule.added:
        return ""
    return (datetime.date.fromisoformat(rule.added[:10]) - datetime.timedelta(LOOK_BACK)).isoformat()


def _is_wanted(rule: Rule, one: Incident) -> bool:
    """Of a status and a kind that count. A threat to attack is a sign of a build-up whatever the attack would be."""
    if rule.kind == "build-up" and not rule.kinds and one.status == "threatened" and _is_harm(one):
        return True
    counts = one.status in rule.statuses or (one.status == "denied" and "contested" in rule.statuses)
    return counts and is_kind(rule, one)


def is_kind(rule: Rule, one: Incident) -> bool:
    wanted = rule.kinds or (BUILD_UP if rule.kind == "build-up" else ())
    if wanted:
        return one.kind in wanted or not set(one.kinds).isdisjoint(wanted)
    return _is_harm(one)


def _is_harm(one: Incident) -> bool:
    known = codebook().kinds.get(one.kind)
    return known is not None and (known.forceful)


def is_there(rule: Rule, place: Locus | None) -> bool:
    """Whether a place is of the rule's country, and the rule's place or in a province of that name.

    `Aleppo` is Aleppo and the Aleppo Governorate; `Sudan` is not South Sudan, nor `Man` Oman.
    """
    if rule.country and (place is None or place.country != rule.country):
        return False
    if not rule.place:
        return True
    wanted = folded_words(rule.place)
    names = (place.name, place.called, place.admin1) if place is not None else ()
    return bool(wanted) and any(folded_words(name)[: len(wanted)] == wanted for name in names if name)


def _is_party(names: tuple[str, ...], parties: tuple[Party, ...]) -> bool:
    """Whether a party has one of the names: as words of its own name, or as the beginning of its code (`SYR`, `SYRMIL`)."""
    return any(_has_name(name, who) for name in names for who in parties)


def _has_name(name: str, who: Party) -> bool:
    if who.code and len(name) >= 3 and len(name) % 3 == 0 and name.isupper() and who.code.startswith(name):
        return True
    wanted = folded_words(name)
    return bool(wanted) and any(_within(wanted, folded_words(text)) for text in (who.name, who.text))


def _within(wanted: list[str], words: list[str]) -> bool:
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def where_in(area: Area | None, place: Locus | None) -> str | None:
    """inside, possibly inside, or None: no place is nowhere."""
    if area is None or place is None or place.lat is None or place.lon is None:
        return None
    return area.holds(place.lat, place.lon, place.radius_km, exact=place.precision == "exact")
