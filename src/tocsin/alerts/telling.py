"""From findings to alerts that are kept: each is told once, and again when it has changed. Live and replayed by the same rule.

What an alert is told by is its `digest`: two states of one digest tell the same, so nobody is told twice.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from tocsin.alerts.judging import BASELINE_DAYS, LONGEST, Finding, is_of_sources, judge
from tocsin.alerts.matching import begins
from tocsin.alerts.rules import Rule
from tocsin.ledger import Claim, Incident, IncidentFilter
from tocsin.records import Row
from tocsin.store.watching import Source
from tocsin.watch.silences import as_it_was, failing

MOST_WORDS, MOST_LINKS = 3, 5  # sentences that an alert quotes, pages that it names
SLICE = 2_000
LASTING = ("threshold", "build-up", "silence")  # at most one at a time: while it lasts it is the same one


class Alert(Row, frozen=True, kw_only=True):
    """What a rule found, as it stands: `first` and `changed` are moments in UTC, `number` how often it has changed since.

    `voices` counts independent voices, `speakers` names some; `links` are addresses of pages that tell of it. `note` says why an
    alert is over. `version` is the rule's, of its history, by which the alert came to stand as it does; 0 where that is not kept.
    """

    id: str
    rule: str
    version: int = 0
    kind: str
    key: str
    title: str
    status: str
    state: Literal["open", "over"] = "open"
    day: str | None = None
    where: str | None = None
    incidents: tuple[str, ...] = ()
    voices: int = 0
    speakers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    figures: str = ""
    amount: str = ""
    note: str = ""
    first: str = ""
    changed: str = ""
    number: int = 0

    @property
    def digest(self) -> str:
        """Of what is told of it. Of a count over days the day to which it runs is left out: it is no news."""
        told = (self.title, self.status, self.state, self.where, self.voices, self.amount or self.figures, self.note)
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]


class Told(msgspec.Struct, kw_only=True):
    """What a run over the rules did."""

    new: int = 0
    updated: int = 0
    delivered: int = 0
    failed: int = 0


class Evidence(Row, frozen=True, kw_only=True):
    """What an alert quotes and names: sentences, speakers, pages."""

    words: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


Change = tuple[Literal["new", "updated"], Alert]


def changes(
    rule: Rule, found: Sequence[Finding], kept: Sequence[Alert], stamp: str, *, former: Callable[[Finding], Iterable[str]] = lambda one: (),
    evidence: Callable[[Finding], Evidence] = lambda one: Evidence(), ended: Callable[[Alert], tuple[str, str]] = lambda one: (one.status, ""),
) -> Iterator[Change]:  # fmt: skip
    """What is new or has changed since: of the alerts of a rule that were kept, and what it finds now.

    `former` gives the claims of earlier readings that stand for a finding's. An alert that is no longer found is over, and stays to
    be read; `ended` says its status now and why. One that is found again is open again.
    """
    by_key, seen = {one.key: one for one in kept}, set()
    for one in found:
        before = same_finding(rule, one, by_key) or same_finding(rule, replace(one, claims=tuple(former(one))), by_key)
        key = before.key if before is not None else one.key
        if key in seen:  # two incidents that were one alert once: the first of them keeps it
            before, key = None, one.key
        seen.add(key)
        fresh = _alert(rule, replace(one, key=key), evidence(one))
        if before is None and key not in by_key:
            yield "new", replace(fresh, first=stamp, changed=stamp)
            continue
        before = by_key[key]
        if before.digest != fresh.digest:
            yield "updated", replace(fresh, first=before.first, changed=stamp, number=before.number + 1)
    for key, before in by_key.items():
        if key not in seen and before.state == "open":
            status, note = ended(before)
            yield (
                "updated",
                replace(before, state="over", status=status, note=note, changed=stamp, number=before.number + 1),
            )


def same_finding(rule: Rule, one: Finding, before: Mapping[str, Alert]) -> Alert | None:
    """What was kept of a finding: by whichever of its claims, the first kept where two incidents have since become one; and of
    what lasts, the one that is open, whatever a late report has made its first day."""
    kept = [before[key] for key in (one.key, *one.claims) if key in before]
    if rule.kind in LASTING and not is_of_sources(rule):
        kept += [alert for alert in before.values() if alert.state == "open"]
    return min(kept, key=lambda alert: (alert.first, alert.id)) if kept else None


def id_of(rule: str, key: str) -> str:
    return "a-" + hashlib.sha256(f"{rule}\0{key}".encode()).hexdigest()[:16]


def _alert(rule: Rule, one: Finding, seen: Evidence) -> Alert:
    return Alert(
        id=id_of(rule.name, one.key), rule=rule.name, kind=rule.kind, key=one.key, title=one.title, status=one.status, day=one.day,
        where=one.where, incidents=one.incidents, voices=one.voices, speakers=seen.speakers, words=one.words or seen.words,
        links=seen.links, figures=one.figures, amount=one.amount,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ the ledger


def state_of(store: Any, now: datetime.datetime) -> tuple[Any, ...]:
    """What findings depend on: pages, readings and judgements by the head of their chain, the rules, the day. While it is the same,
    no rule finds anything else, save the silence of sources, which goes by the hour."""
    return store.head(), store.rules(), now.date()


def run_alerts(store: Any, now: datetime.datetime | None = None, *, only_sources: bool = False) -> Told:
    """Judges every rule and keeps what is new or has changed, one transaction a rule. Delivers nothing: see `delivery`.

    With `only_sources` only the rules that are about sources: enough where `state_of` has not changed.
    """
    now = now or datetime.datetime.now(datetime.UTC)
    told, today = Told(), now.date().isoformat()
    rules = [one for one in rules_of(store) if one.enabled and (is_of_sources(one) or not only_sources)]
    incidents = (
        list(all_incidents(store, _earliest(rules, today))) if any(not is_of_sources(one) for one in rules) else []
    )
    announced = tuple(store.all_claims("announcement")) if any(one.kind == "overdue" for one in rules) else ()
    for rule in rules:
        found = (
            _silent_sources(store.sources(), now) if is_of_sources(rule) else judge(rule, incidents, today, announced)
        )
        for what, _ in _keep(store, rule, found, stamp_of(now)):
            told.new += what == "new"
            told.updated += what == "updated"
    return told


def _keep(store: Any, rule: Rule, found: Sequence[Finding], stamp: str) -> list[Change]:
    with store.writing():
        kept = [msgspec.convert(one, Alert) for one in store.alerts(rule.name, limit=100_000)]
        seen = changes(
            rule, found, kept, stamp, former=lambda one: store.predecessors(one.claims), evidence=lambda one: _evidence(store, one),
            ended=lambda one: _ended(rule, one, store.incident),
        )  # fmt: skip
        by = store.rule_version(rule.name)
        new = [(what, replace(alert, version=by)) for what, alert in seen]
        for _, alert in new:
            store.put_alert(alert.id, rule.name, alert.changed, alert)
    return new


def stamp_of(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rules_of(store: Any) -> list[Rule]:
    return [msgspec.convert(value, Rule) for value in store.rules().values()]


def all_incidents(store: Any, since: str | None = None) -> Iterator[Incident]:
    """The incidents of the ledger from a day on, and those of no known day, a slice at a time."""
    if since is None:
        yield from _slices(store, IncidentFilter(), 0)
        return
    seen = set()
    for one in _slices(store, IncidentFilter(since=since), 0):
        seen.add(one.id)
        yield one
    dated: int = store.incidents(IncidentFilter(since="0000"), limit=1, order="day").total
    for one in _slices(store, IncidentFilter(), dated):  # in the order of days those without one come last
        if one.id not in seen and one.day_from is None:
            yield one


def _slices(store: Any, asked: IncidentFilter, offset: int | None) -> Iterator[Incident]:
    while offset is not None:
        page = store.incidents(asked, limit=SLICE, offset=offset, order="day")
        yield from page.rows
        offset = page.next


def _earliest(rules: Sequence[Rule], today: str) -> str | None:
    """The first day that any rule looks at; None where one looks at all."""
    back = datetime.date.fromisoformat(today) - datetime.timedelta(LONGEST + BASELINE_DAYS)
    found = []
    for one in rules:
        lasting = (back - datetime.timedelta(2 * one.days)).isoformat()
        found.append(lasting if one.kind in LASTING else begins(one))
    return min(found, default="") or None


def _silent_sources(sources: Iterable[Source], now: datetime.datetime) -> list[Finding]:
    """Sources that fail or have named nothing new for long. The key is the source and the day of its last news."""
    return [
        Finding(
            key=f"{one.url} {(one.newest or one.added)[:10]}", title=f"{one.name} {'fails' if one.problem else 'is silent'}"[:300],
            status="reported", words=(reason[:500],), amount=f"since {(one.newest or one.added)[:10]}",
        )
        for one, reason in failing(sources, now)
    ]  # fmt: skip


def _evidence(store: Any, one: Finding) -> Evidence:
    """From the first claims: their sentences as the pages have them, who says so, and where."""
    claims = store.claims(one.claims[:8])
    pages = sorted(
        store.versions_of({claim.version for claim in claims}), key=lambda page: (page.published or "", page.id)
    )
    speakers = (f"{voice.speaker} ({voice.via})" if voice.speaker and voice.via else voice.speaker or voice.via for claim in claims for voice in claim.voices)  # fmt: skip
    return Evidence(
        words=_some((claim.sentence.text[:500] for claim in claims), MOST_WORDS),
        speakers=_some((name[:200] for name in speakers if name), MOST_LINKS),
        links=_some((page.url or page.outlet for page in pages), MOST_LINKS),
    )


def _some(values: Iterable[str], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))[:most]


def _ended(rule: Rule, alert: Alert, holding: Callable[[str], Incident | None]) -> tuple[str, str]:
    """The status now, and why an alert is over: a person, a denial, or what else has changed."""
    if rule.kind not in ("zone", "redline"):
        return alert.status, "no longer so"
    one = holding(alert.key)
    if one is None:
        return alert.status, "the incident is no longer in the ledger"
    if one.review == "rejected":
        return one.status, "a person rejected the incident"
    if one.status not in rule.statuses:
        return one.status, f"its status is now {one.status}"
    return one.status, "it is now told of another place, day or kind, or within another incident"


# ---------------------------------------------------------------------------------------------------------------- replay

Known = Callable[[str], tuple[Sequence[Incident], Sequence[Claim]]]


def replay(rule: Rule, days: Sequence[str], known: Known) -> list[tuple[str, str, Alert]]:
    """What a rule would have said had it been made on the first day: (day, `new` or `updated`, alert), day by day.

    `known` gives the incidents and the announcements that were known at a day's end.
    """
    rule = replace(rule, added=days[0], enabled=True) if days else rule

    def found(day: str) -> tuple[list[Finding], Callable[[Alert], tuple[str, str]]]:
        incidents, announced = known(day)
        holding = {claim: one for one in incidents for claim in one.claims}
        return judge(rule, incidents, day, announced), partial(_ended, rule, holding=holding.get)

    return _said(rule, days, found)


def replay_sources(
    rule: Rule, days: Sequence[str], sources: Sequence[Source], news: Mapping[str, Sequence[str]]
) -> list[tuple[str, str, Alert]]:
    """What a rule about sources would have said of their silence at each day's end. When one failed is not kept, and not said."""

    def found(day: str) -> tuple[list[Finding], Callable[[Alert], tuple[str, str]]]:
        end = datetime.datetime.fromisoformat(f"{day}T23:59:59+00:00")
        then = (as_it_was(one, news.get(one.url, ()), end) for one in sources)
        return _silent_sources([one for one in then if one is not None], end), lambda one: (one.status, "no longer so")

    return _said(rule, days, found)


def _said(
    rule: Rule, days: Sequence[str], found: Callable[[str], tuple[list[Finding], Callable[[Alert], tuple[str, str]]]]
) -> list[tuple[str, str, Alert]]:
    kept: dict[str, Alert] = {}
    said: list[tuple[str, str, Alert]] = []
    for day in days:
        findings, ended = found(day)
        for what, alert in list(changes(rule, findings, list(kept.values()), day, ended=ended)):
            kept[alert.key] = alert
            said.append((day, what, alert))
    return said
