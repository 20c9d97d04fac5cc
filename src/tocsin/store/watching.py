"""What the watch knows: sources and their state, the items that feeds named, rules, alerts, and what was delivered.

Of this only the changes of rules are part of the chain: all else is how pages came here and who was told, not what they say. Rows are
kept as JSON beside the columns that are asked by.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal, TypeVar

import msgspec
from sqlalchemy import Column, Connection, Integer, Table, case, delete, func, insert, select, update

from tocsin.errors import UsageError
from tocsin.records import Row
from tocsin.store.chain import append
from tocsin.store.codec import clean, now
from tocsin.store.session import Session
from tocsin.store.tables import String, metadata, rule_changes

sources = Table(
    "sources", metadata, Column("url", String, primary_key=True), Column("due", String, nullable=False, index=True),
    Column("data", String, nullable=False), sqlite_strict=True,
)  # fmt: skip
items = Table(
    "items", metadata, Column("url", String, primary_key=True), Column("source", String, nullable=False, index=True),
    Column("due", String, nullable=False, index=True), Column("data", String, nullable=False), sqlite_strict=True,
)  # fmt: skip
rules = Table(
    "rules",
    metadata,
    Column("name", String, primary_key=True),
    Column("data", String, nullable=False),
    sqlite_strict=True,
)
alerts = Table(
    "alerts", metadata, Column("id", String, primary_key=True), Column("rule", String, nullable=False, index=True),
    Column("changed", String, nullable=False, index=True), Column("data", String, nullable=False), sqlite_strict=True,
)  # fmt: skip
deliveries = Table(
    "deliveries", metadata, Column("number", Integer, primary_key=True, autoincrement=True),
    Column("alert", String, nullable=False, index=True), Column("channel", String, nullable=False),
    Column("digest", String, nullable=False), Column("at", String, nullable=False), Column("problem", String), sqlite_strict=True,
)  # fmt: skip
T = TypeVar("T")
NEVER = "9999"  # due: not by itself


class Source(Row, frozen=True, kw_only=True):
    """A feed, sitemap or page that is watched, and how it went.

    Moments are UTC. `problem` is why the last fetch failed, None where it went well; `failures` how often in a row. `newest` is
    when it last named something new; `gap` its usual seconds between new items; `moved` where its server said that it is from
    now on, and from where it is fetched.
    """

    url: str
    name: str
    country: str | None = None
    kind: str | None = None
    every: int = 900
    added: str = ""
    enabled: bool = True
    tried: str | None = None
    succeeded: str | None = None
    status: int | None = None
    problem: str | None = None
    failures: int = 0
    etag: str | None = None
    modified: str | None = None
    seen: int = 0
    newest: str | None = None
    gap: float | None = None
    moved: str | None = None


class Item(Row, frozen=True, kw_only=True):
    """A page that a source named. `state`: waiting to be fetched, kept in the ledger, or given up after `tries`."""

    url: str
    source: str
    title: str | None = None
    published: str | None = None
    first_seen: str = ""
    state: Literal["waiting", "kept", "given-up"] = "waiting"
    tries: int = 0
    checks: int = 0
    problem: str | None = None
    etag: str | None = None
    modified: str | None = None
    version: str | None = None


class Delivery(Row, frozen=True, kw_only=True):
    """An attempt to tell somebody of an alert; `digest` is that of what was told, so that an update is told again and once."""

    alert: str
    channel: str
    digest: str
    at: str
    problem: str | None = None


class RuleChange(Row, frozen=True, kw_only=True):
    """One change of a rule: when, by whom, what (added, changed, enabled, disabled, removed), and the rule from then on.

    Of a rule that was removed `value` is what it was. `version` counts the changes of this rule, from 1.
    """

    at: str
    user: str
    rule: str
    action: str
    value: Any
    version: int = 0


class Watching(Session):
    """Sources, items, rules, alerts, deliveries."""

    # ---------------------------------------------------------------------------------------------- sources, items

    def sources(self, due: str | None = None) -> tuple[Source, ...]:
        """All sources by name, or those that are enabled and due at a moment, the longest due first."""
        wanted = select(sources.c.data).order_by(sources.c.due, sources.c.url)
        if due is not None:
            wanted = wanted.where(sources.c.due <= due)
        found = self._decoded(wanted, Source)
        return tuple(found) if due is not None else tuple(sorted(found, key=lambda one: (one.name.lower(), one.url)))

    def source(self, url: str) -> Source | None:
        return next(iter(self._decoded(select(sources.c.data).where(sources.c.url == url), Source)), None)

    def put_source(self, one: Source, due: str) -> None:
        """Adds a source or replaces what is known of it; `due` is when it is to be fetched next."""
        self._put_row(
            sources, sources.c.url, {"url": one.url, "due": due if one.enabled else NEVER, "data": _json(one)}
        )

    def remove_source(self, url: str) -> None:
        """Takes a source away; its pages stay. Raises `UsageError` where there is none."""
        with self._changing() as connection:
            connection.execute(delete(items).where(items.c.source == url, items.c.due != NEVER))
            if not connection.execute(delete(sources).where(sources.c.url == url)).rowcount:
                raise UsageError(f"no source {url!r}; `tocsin source list` shows them")

    def items(self, due: str, limit: int = 1000) -> tuple[Item, ...]:
        """The items that are to be fetched at a moment, the longest due first."""
        return tuple(self._decoded(select(items.c.data).where(items.c.due <= due).order_by(items.c.due, items.c.url).limit(limit), Item))  # fmt: skip

    def known_items(self, urls: Iterable[str]) -> set[str]:
        with self._asking() as connection:
            found = self._run(
                connection, "known items", urls, lambda: select(items.c.url).where(self._among(items.c.url))
            )
            return set(found.scalars())

    def put_item(self, one: Item, due: str | None) -> None:
        """Keeps an item; `due` None: it is not fetched again."""
        self._put_row(
            items, items.c.url, {"url": one.url, "source": one.source, "due": due or NEVER, "data": _json(one)}
        )

    def item_counts(self) -> dict[str, dict[str, int]]:
        """By source: how many items, and how many of them wait."""
        waiting = func.sum(case((items.c.due != NEVER, 1), else_=0))
        wanted = select(items.c.source, func.count(), waiting).group_by(items.c.source)
        with self._asking() as connection:
            return {row[0]: {"items": int(row[1]), "waiting": int(row[2] or 0)} for row in connection.execute(wanted)}

    def news(self) -> dict[str, tuple[str, ...]]:
        """By source: the moments at which it named something new, the first first."""
        found: dict[str, set[str]] = {}
        with self._asking() as connection:
            for row in connection.execute(select(items.c.source, items.c.data)):
                found.setdefault(row.source, set()).add(msgspec.json.decode(row.data, type=Item).first_seen)
        return {source: tuple(sorted(moments)) for source, moments in found.items()}

    # -------------------------------------------------------------------------------- rules, alerts, deliveries

    def rules(self) -> dict[str, Any]:
        """The rules as JSON values, by name."""
        with self._asking() as connection:
            rows = connection.execute(select(rules).order_by(rules.c.name))
            return {row.name: msgspec.json.decode(row.data) for row in rows}

    def put_rule(self, name: str, value: Any, by: str = "unknown") -> None:
        """Adds a rule or puts it in place of the one of its name, and keeps who did; one that is what it was is no change."""
        data = _json(value)
        with self._changing() as connection:
            before = connection.execute(select(rules.c.data).where(rules.c.name == name)).scalar()
            if before == data:
                return
            self._put_row(rules, rules.c.name, {"name": name, "data": data})
            self._put_change(connection, name, _what_changed(before, data), data, by)

    def remove_rule(self, name: str, by: str = "unknown") -> None:
        """Takes a rule away; its history and its alerts stay. Raises `UsageError` where there is none."""
        with self._changing() as connection:
            before = connection.execute(select(rules.c.data).where(rules.c.name == name)).scalar()
            if before is None:
                raise UsageError(f"no rule {name!r}; `tocsin rules` lists them")
            connection.execute(delete(rules).where(rules.c.name == name))
            self._put_change(connection, name, "removed", before, by)

    def rule_history(self, name: str | None = None) -> tuple[RuleChange, ...]:
        """What became of one rule, or of all, the first first."""
        c = rule_changes.c
        wanted = select(c.at, c.user, c.rule, c.action, c.body).order_by(c.position)
        if name is not None:
            wanted = wanted.where(c.rule == name)
        counts: Counter[str] = Counter()
        found = []
        with self._asking() as connection:
            for row in connection.execute(wanted):
                counts[row.rule] += 1
                value, number = msgspec.json.decode(row.body), counts[row.rule]
                found.append(RuleChange(at=row.at, user=row.user, rule=row.rule, action=row.action, value=value, version=number))  # fmt: skip
        return tuple(found)

    def rule_version(self, name: str) -> int:
        """How often a rule has changed: 1 as it was added; 0 of one that was there before changes were kept."""
        c = rule_changes.c
        with self._asking() as connection:
            return int(
                connection.execute(select(func.count()).select_from(rule_changes).where(c.rule == name)).scalar_one()
            )

    def _put_change(self, connection: Connection, name: str, action: str, data: str, by: str) -> None:
        append(
            connection, "rule",
            {"id": f"r-{uuid.uuid4().hex[:16]}", "at": now(), "user": clean(by), "rule": clean(name), "action": action, "body": data},
        )  # fmt: skip

    def alerts(self, rule: str | None = None, limit: int = 500) -> tuple[Any, ...]:
        """Alerts as JSON values, the last changed first."""
        wanted = select(alerts.c.data).order_by(alerts.c.changed.desc(), alerts.c.id).limit(limit)
        if rule is not None:
            wanted = wanted.where(alerts.c.rule == rule)
        with self._asking() as connection:
            return tuple(msgspec.json.decode(row.data) for row in connection.execute(wanted))

    def alert(self, name: str) -> Any:
        with self._asking() as connection:
            row = connection.execute(select(alerts.c.data).where(alerts.c.id == name)).first()
            return msgspec.json.decode(row.data) if row else None

    def put_alert(self, name: str, rule: str, changed: str, value: Any) -> None:
        self._put_row(alerts, alerts.c.id, {"id": name, "rule": rule, "changed": changed, "data": _json(value)})

    def put_delivery(self, one: Delivery) -> None:
        with self._changing() as connection:
            connection.execute(insert(deliveries).values(**msgspec.to_builtins(one)))

    def deliveries(self, alert: str | None = None, limit: int = 200) -> tuple[Delivery, ...]:
        """What was delivered or failed to be, the last first."""
        wanted = select(deliveries).order_by(deliveries.c.number.desc()).limit(limit)
        if alert is not None:
            wanted = wanted.where(deliveries.c.alert == alert)
        names = ("alert", "channel", "digest", "at", "problem")
        with self._asking() as connection:
            return tuple(Delivery(**{name: row._mapping[name] for name in names}) for row in connection.execute(wanted))

    def delivered(self, channel: str) -> tuple[set[tuple[str, str]], dict[tuple[str, str], int]]:
        """What a channel was told, as (alert, digest), and how often each that it was not told has failed."""
        d = deliveries.c
        went = func.sum(case((d.problem.is_(None), 1), else_=0))
        wanted = select(d.alert, d.digest, went, func.count()).where(d.channel == channel).group_by(d.alert, d.digest)
        with self._asking() as connection:
            rows = [tuple(row) for row in connection.execute(wanted)]
        return {(a, digest) for a, digest, good, _ in rows if good}, {(a, digest): n for a, digest, good, n in rows if not good}  # fmt: skip

    def failures_of(self, channel: str) -> tuple[int, str]:
        """How many attempts of a channel have failed since one went well, by moment, and the moment of the last; (0, "") for none."""
        d = deliveries.c
        last = select(func.max(d.number)).where(d.channel == channel, d.problem.is_(None)).scalar_subquery()
        since = select(func.count(func.distinct(d.at)), func.max(d.at)).where(d.channel == channel, d.number > func.coalesce(last, 0))  # fmt: skip
        with self._asking() as connection:
            times, at = connection.execute(since).one()
        return int(times), at or ""

    def _put_row(self, table: Table, key: Column[str], values: dict[str, str]) -> None:
        with self._changing() as connection:
            changed = connection.execute(update(table).where(key == values[key.name]).values(**values))
            if not changed.rowcount:
                connection.execute(insert(table).values(**values))

    def _decoded(self, wanted: Any, kind: type[T]) -> list[T]:
        with self._asking() as connection:
            return [msgspec.json.decode(row.data, type=kind) for row in connection.execute(wanted)]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _what_changed(before: str | None, after: str) -> str:
    if before is None:
        return "added"
    old, new = msgspec.json.decode(before), msgspec.json.decode(after)
    if {**old, "enabled": None} == {**new, "enabled": None}:
        return "enabled" if new.get("enabled", True) else "disabled"
    return "changed"
