"""From findings to alerts that are kept, and from alerts to people: each told once, and again when it has changed.

Whoever is told is told in their channel's own retries; what could not be told is kept as such and tried again with the next round,
so that no alert is lost. In quiet hours alerts are kept and wait.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from tocsin.alerts.judging import Finding, judge
from tocsin.alerts.rules import Rule
from tocsin.ledger import Claim, Incident, IncidentFilter
from tocsin.records import Row
from tocsin.store.watching import Delivery

MOST_WORDS = 3  # sentences that an alert quotes
SLICE = 2_000


class Alert(Row, frozen=True, kw_only=True):
    """What a rule found, as it stands: `first` and `changed` are moments in UTC, `number` how often it has changed since."""

    id: str
    rule: str
    kind: str
    key: str
    title: str
    status: str
    state: Literal["open", "over"] = "open"
    day: str | None = None
    where: str | None = None
    incidents: tuple[str, ...] = ()
    voices: int = 0
    words: tuple[str, ...] = ()
    figures: str = ""
    first: str = ""
    changed: str = ""
    number: int = 0

    @property
    def digest(self) -> str:
        """Of what is told of it: two alerts of one digest tell the same."""
        told = (self.title, self.status, self.state, self.where, self.voices, self.figures)
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]


class Told(msgspec.Struct, kw_only=True):
    """What a run over the rules did."""

    new: int = 0
    updated: int = 0
    delivered: int = 0
    failed: int = 0


def run_alerts(store: Any, now: datetime.datetime | None = None) -> Told:
    """Judges every rule and keeps what is new or has changed; delivers nothing: see `deliver`."""
    now = now or datetime.datetime.now(datetime.UTC)
    rules = rules_of(store)
    told = Told()
    if not rules:
        return told
    incidents = list(all_incidents(store))
    announced = _announced(store) if any(one.kind == "overdue" for one in rules) else ()
    for rule in rules:
        found = (
            (_silences(store, now) if rule.enabled else [])
            if rule.kind == "silence"
            else judge(rule, incidents, now.date().isoformat(), announced)
        )
        _keep(store, rule, found, now, told)
    return told


def rules_of(store: Any) -> list[Rule]:
    return [msgspec.convert(value, Rule) for value in store.rules().values()]


def all_incidents(store: Any) -> Iterable[Incident]:
    """Every incident of the ledger, a slice at a time."""
    offset: int | None = 0
    while offset is not None:
        page = store.incidents(IncidentFilter(), limit=SLICE, offset=offset, order="day")
        yield from page.rows
        offset = page.next


def _announced(store: Any) -> tuple[Claim, ...]:
    return tuple(store.all_claims("announcement"))


def _silences(store: Any, now: datetime.datetime) -> list[Finding]:
    """Sources that fail or have named nothing new for long. The key is the source and the day of its last news."""
    from tocsin.watch.rounds import failing

    return [
        Finding(
            key=f"{one.url} {(one.newest or one.added)[:10]}",
            title=f"{one.name}: {reason}"[:300],
            status="reported",
            figures="silent",
        )
        for one, reason in failing(store.sources(), now)
    ]


def _keep(store: Any, rule: Rule, found: Sequence[Finding], now: datetime.datetime, told: Told) -> None:
    """One transaction a rule. An alert of the rule that is no longer found is over, and stays to be read."""
    stamp = now.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    open_before = {one["id"]: msgspec.convert(one, Alert) for one in store.alerts(rule.name, limit=100_000)}
    by_key = {one.key: one for one in open_before.values()}
    seen: set[str] = set()
    with store.writing():
        for one in found:
            before = same_finding(one, by_key) or _going_on(rule, open_before.values())
            key = before.key if before is not None else one.key
            name = id_of(rule.name, key)
            seen.add(name)
            fresh = _alert(name, rule, msgspec.structs.replace(one, key=key), _words(store, one))
            if before is None:
                told.new += 1
                store.put_alert(name, rule.name, stamp, msgspec.structs.replace(fresh, first=stamp, changed=stamp))
            elif before.digest != fresh.digest:
                told.updated += 1
                changed = msgspec.structs.replace(fresh, first=before.first, changed=stamp, number=before.number + 1)
                store.put_alert(name, rule.name, stamp, changed)
        for name, before in open_before.items():
            if name not in seen and before.state == "open":
                told.updated += 1
                over = msgspec.structs.replace(before, state="over", changed=stamp, number=before.number + 1)
                store.put_alert(name, rule.name, stamp, over)


def same_finding(one: Finding, before: Mapping[str, Alert]) -> Alert | None:
    """What was kept of a finding, by whichever of its claims; the first kept where two incidents have since become one."""
    kept = [before[key] for key in (one.key, *one.claims) if key in before]
    return min(kept, key=lambda alert: (alert.first, alert.id)) if kept else None


def _going_on(rule: Rule, kept: Iterable[Alert]) -> Alert | None:
    """The open alert of a threshold or build-up: a late report may move the day on which it began, and it is the same alert."""
    if rule.kind not in ("threshold", "build-up"):
        return None
    return min((one for one in kept if one.state == "open"), key=lambda one: (one.first, one.id), default=None)


def id_of(rule: str, key: str) -> str:
    return "a-" + hashlib.sha256(f"{rule}\0{key}".encode()).hexdigest()[:16]


def _alert(name: str, rule: Rule, one: Finding, words: tuple[str, ...]) -> Alert:
    return Alert(
        id=name, rule=rule.name, kind=rule.kind, key=one.key, title=one.title, status=one.status, day=one.day, where=one.where,
        incidents=one.incidents, voices=one.voices, words=one.words or words, figures=one.figures,
    )  # fmt: skip


def _words(store: Any, one: Finding) -> tuple[str, ...]:
    """The sentences of the first claims, as the pages have them."""
    if len(one.incidents) != 1 or one.words:
        return ()
    incident = store.incident(one.incidents[0])
    claims = store.claims(incident.claims[:8]) if incident is not None else ()
    return tuple(dict.fromkeys(claim.sentence.text[:500] for claim in claims))[:MOST_WORDS]


# -------------------------------------------------------------------------------------------------------------- delivery

Channel = Callable[[Alert], None]


def deliver(
    store: Any, channels: dict[str, Channel], now: datetime.datetime, quiet: str | None = None, zone: str = "UTC"
) -> Told:
    """Tells each channel what it has not been told; a failure is logged and tried again next time. Nothing in quiet hours."""
    told = Told()
    if is_quiet(now, quiet, zone):
        return told
    stamp = now.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for value in reversed(store.alerts(limit=1_000)):
        alert = msgspec.convert(value, Alert)
        done = {(one.channel, one.digest) for one in store.deliveries(alert.id) if one.problem is None}
        for name, channel in channels.items():
            if (name, alert.digest) in done:
                continue
            problem = None
            try:
                channel(alert)
            except Exception as raised:  # whatever a server does: it is told, and tried again
                problem = f"{type(raised).__name__}: {raised}"[:500]
            told.delivered += problem is None
            told.failed += problem is not None
            store.put_delivery(Delivery(alert=alert.id, channel=name, digest=alert.digest, at=stamp, problem=problem))
    return told


def is_quiet(now: datetime.datetime, hours: str | None, zone: str) -> bool:
    """Whether a moment lies in quiet hours, `22:00-06:00` in a time zone; an end before the start is the next day's."""
    if not hours:
        return False
    low, _, high = hours.partition("-")
    here = now.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    return low <= here < high if low <= high else here >= low or here < high


def replay(
    rule: Rule, days: Sequence[str], known: Callable[[str], Iterable[Incident]]
) -> list[tuple[str, str, Finding]]:
    """What a rule would have said, day by day: (day, `new` or `updated`, finding). `known` gives what was known at a day's end."""
    said: dict[str, str] = {}
    found = []
    for day in days:
        for one in judge(rule, known(day), day):
            mark = _alert("", rule, one, ()).digest
            key = next((name for name in (one.key, *one.claims) if name in said), one.key)
            if said.get(key) != mark:
                found.append((day, "updated" if key in said else "new", msgspec.structs.replace(one, key=key)))
            said[key] = mark
    return found
