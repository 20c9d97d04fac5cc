"""What a rule finds in the incidents of a ledger on a day: the same incidents give the same findings, in whatever order.

A finding has a key, by which it is the same finding later on: of a zone or red line a claim of the incident, whichever was the
first when it was found, and it is the same finding while that claim is in the incident; of a threshold, a build-up or a silence
the day on which it began, and it is the same while it lasts. So later reports and reprints update an alert and never repeat it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence

from tocsin.alerts.counting import Days
from tocsin.alerts.geometry import Area
from tocsin.alerts.matching import begins, concerns, day_of, is_there, where_in
from tocsin.alerts.rules import Rule
from tocsin.ledger import Claim, FigureRange, Incident
from tocsin.merge.follow_up import follow_up
from tocsin.records import Row

BASELINE_DAYS = 90
LEAST_BASELINE = 30  # days that the ledger must reach back for a rate of its past to mean anything
SILENT_FROM = 3.0  # incidents usual in the days of a silence: Poisson gives none of them 5 times in a hundred
LONGEST = 366  # days that are looked back for the beginning of a finding
MOST_INCIDENTS = 200


class Finding(Row, frozen=True, kw_only=True):
    """What a rule found. `where` is inside, possibly inside, or None; `figures` what was counted, in words.

    `amount` is the count that a threshold, build-up or silence goes by, without the day to which it runs: what is new in it.
    """

    key: str
    title: str
    status: str
    day: str | None = None
    where: str | None = None
    incidents: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    voices: int = 0
    words: tuple[str, ...] = ()
    figures: str = ""
    amount: str = ""


def judge(rule: Rule, incidents: Iterable[Incident], today: str, announced: Sequence[Claim] = ()) -> list[Finding]:
    """The findings of a rule over all incidents that are known, as of a day (ISO). The silence of sources is not judged here."""
    if not rule.enabled or is_of_sources(rule):
        return []
    known = sorted(incidents, key=lambda one: (day_of(one), one.id))
    if rule.kind == "overdue":
        return _overdue(rule, known, today, announced)
    wanted = [one for one in known if concerns(rule, one, today)]
    area = Area(rule.polygon) if rule.polygon is not None else None
    if rule.kind in ("zone", "redline"):
        return [found for one in wanted if (found := _at(area, one)) is not None]
    held = [one for one in wanted if area is None or where_in(area, one.place) == "inside"]
    first = min((one.first_known[:10] for one in known if one.first_known), default=today)
    last = datetime.date.fromisoformat(today[:10])
    return _silence(rule, held, last, first) if rule.kind == "silence" else _gathered(rule, held, last, first)


def is_of_sources(rule: Rule) -> bool:
    """Whether a rule is about sources that stopped: a silence that names no area, kind or party."""
    return rule.kind == "silence" and not (rule.country or rule.place or rule.polygon or rule.kinds or rule.actors)


# ------------------------------------------------------------------------------------------------------- zones, red lines


def _at(area: Area | None, one: Incident) -> Finding | None:
    where = where_in(area, one.place)
    if area is not None and where is None:
        return None
    figures = "; ".join(f"{figure.kind} {_range(figure)}" for figure in one.figures[:4])
    return Finding(
        key=min(one.claims, default=one.id), title=one.title, status=one.status, day=one.day_from, where=where,
        incidents=(one.id,), claims=one.claims, voices=one.voices, figures=figures,
    )  # fmt: skip


def _range(figure: FigureRange) -> str:
    low, high = figure.low, figure.high
    if low is not None and high is not None and low != high:
        return f"{low}-{high}"
    return "?" if figure.best is None else str(figure.best)


# --------------------------------------------------------------------------------------- thresholds, build-ups, silences


def _gathered(rule: Rule, found: Sequence[Incident], last: datetime.date, first: str) -> list[Finding]:
    """The days' sum against its bound. The key is the day on which it went above and has been since."""
    days = Days(found, rule.figure)
    if not _is_above(rule, days, last, first):
        return []
    began = _began(last, lambda day: _is_above(rule, days, day, first))
    window = days.between(last, rule.days)
    total, _ = _amounts(rule, days, last)
    what = f"{total:g} {rule.figure}" if rule.kind == "threshold" else f"{total:g} incidents"
    usual = _usual(rule, days, last, first)
    told = what + (f", usually {usual:.1f}" if rule.times is not None and usual is not None else "")
    return [
        Finding(
            key=f"since {began}", title=f"{rule.name}: {what} in {rule.days} days", status="reported", day=began.isoformat(),
            figures=f"{told} in the {rule.days} days to {last}", amount=what, incidents=tuple(one.id for one in window[-MOST_INCIDENTS:]),
            voices=max((one.voices for one in window), default=0),
        )
    ]  # fmt: skip


def _began(last: datetime.date, holds: Callable[[datetime.date], bool]) -> datetime.date:
    began = last
    for back in range(1, LONGEST):
        day = last - datetime.timedelta(back)
        if not holds(day):
            break
        began = day
    return began


def _amounts(rule: Rule, days: Days, day: datetime.date) -> tuple[float, int]:
    """What is held against the bound in the window that ends on a day: people or incidents; and the incidents."""
    people, number = days.total(day, rule.days)
    return (people if rule.kind == "threshold" else float(number)), number


def _is_above(rule: Rule, days: Days, day: datetime.date, first: str) -> bool:
    total, number = _amounts(rule, days, day)
    if rule.kind == "build-up":
        return number >= rule.least
    if rule.above is not None and total > rule.above:
        return True
    usual = _usual(rule, days, day, first) if rule.times is not None else None
    return rule.times is not None and usual is not None and total > rule.times * max(usual, 1.0)


def _usual(rule: Rule, days: Days, day: datetime.date, first: str) -> float | None:
    """What as many days usually have, over the days before this window that the ledger knows of; None where they are too few."""
    before = day - datetime.timedelta(rule.days)
    known = min(BASELINE_DAYS, (before - datetime.date.fromisoformat(first)).days + 1)
    if known < LEAST_BASELINE:
        return None
    people, number = days.total(before, known)
    return (people if rule.kind == "threshold" else float(number)) * rule.days / known


def _silence(rule: Rule, found: Sequence[Incident], last: datetime.date, first: str) -> list[Finding]:
    """An area of which there is usually news, and for some days none: that is no sign of peace."""
    days = Days(found, rule.figure)
    heard = days.last(last)
    if heard is None or (last - heard).days < rule.days:
        return []
    _, number = days.total(heard, BASELINE_DAYS)
    known = min(BASELINE_DAYS, (heard - datetime.date.fromisoformat(min(first, heard.isoformat()))).days + 1)
    usual = number * rule.days / known if known >= LEAST_BASELINE else 0.0
    if usual < SILENT_FROM:
        return []
    told = f"nothing since {heard}, usually {usual:.1f} incidents in {rule.days} days"
    return [
        Finding(
            key=f"since {heard}", title=f"{rule.name}: {told}", status="reported", day=heard.isoformat(), figures=told, amount=told
        )
    ]  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- overdue


def _overdue(rule: Rule, incidents: Sequence[Incident], today: str, announced: Sequence[Claim]) -> list[Finding]:
    """What was announced for a day that is over, and of which nothing was heard."""
    found = []
    for one in sorted(announced, key=lambda claim: claim.id):
        if one.day_from is None or (rule.kinds and one.kind not in rule.kinds) or not _is_due(rule, one, today):
            continue
        told = follow_up(one, incidents, today)
        if told.outcome == "overdue":
            found.append(
                Finding(
                    key=one.id, title=f"Overdue: {one.trigger.text}, announced for {one.day_from}", status="planned", day=one.day_from,
                    claims=(one.id,), words=(one.sentence.text,), figures=told.reason,
                )
            )  # fmt: skip
    return found


def _is_due(rule: Rule, one: Claim, today: str) -> bool:
    day = one.day_from or ""
    return begins(rule) <= day <= today and (not rule.until or day <= rule.until) and is_there(rule, one.place)
