"""Alerts to people: each channel is told what it was not told yet, once; what could not be told is tried again, ever less often.

Every attempt is logged. A channel that fails is left alone for this run and then for a time that doubles, so that a dead server
costs a round some seconds and not hours. In quiet hours alerts wait, and come together afterwards. Delivery is at least once: a
server that takes an alert and loses its answer is told again.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from tocsin.alerts.telling import Alert, Told, stamp_of
from tocsin.errors import UsageError
from tocsin.store.watching import Delivery

Channel = Callable[[Sequence[Alert]], None]
DIGEST_FROM = 6  # so many at once come as one message; fewer come singly
MOST_AT_ONCE = 100  # alerts of a message
MOST_ALERTS = 1_000
FIRST_WAIT, LONGEST_WAIT = 60, 6 * 3600  # seconds until a channel that failed is tried again


def deliver(
    store: Any, channels: dict[str, Channel], now: datetime.datetime, quiet: str | None = None, zone: str = "UTC"
) -> Told:
    """Tells every channel what is new to it. Nothing in quiet hours."""
    told = Told()
    if not channels or is_quiet(now, quiet, zone):
        return told
    alerts = [msgspec.convert(one, Alert) for one in reversed(store.alerts(limit=MOST_ALERTS))]
    for name, channel in channels.items():
        if not _waits(store, name, now):
            _tell(store, name, channel, _messages(_pending(store, name, alerts), quiet, zone), now, told)
    return told


def _tell(
    store: Any, name: str, channel: Channel, messages: Sequence[Sequence[Alert]], now: datetime.datetime, told: Told
) -> None:
    for message in messages:
        problem = None
        try:
            channel(message)
        except Exception as raised:  # whatever a server does: it is told, and tried again
            problem = f"{type(raised).__name__}: {raised}"[:500]
        told.delivered += len(message) * (problem is None)
        told.failed += len(message) * (problem is not None)
        for one in message:
            store.put_delivery(Delivery(alert=one.id, channel=name, digest=one.digest, at=stamp_of(now), problem=problem))  # fmt: skip
        if problem is not None:
            return


def _pending(store: Any, name: str, alerts: Sequence[Alert]) -> list[Alert]:
    """What the channel was not told, the longest changed first; those that failed before come last, so that one alert that a server
    always refuses holds up no other. What was over before it could be told is no news."""
    done, failed = store.delivered(name)
    known = {alert for alert, _ in done}
    new = [one for one in alerts if (one.id, one.digest) not in done and (one.state == "open" or one.id in known)]
    return sorted(new, key=lambda one: (failed.get((one.id, one.digest), 0), one.changed, one.id))


def _messages(new: Sequence[Alert], quiet: str | None, zone: str) -> list[Sequence[Alert]]:
    """Single alerts; or all together, where they are many or quiet hours have held some back."""
    held = any(is_quiet(moment_of(one.changed), quiet, zone) for one in new)
    if len(new) >= DIGEST_FROM or (held and len(new) > 1):
        return [new[at : at + MOST_AT_ONCE] for at in range(0, len(new), MOST_AT_ONCE)]
    return [[one] for one in new]


def _waits(store: Any, name: str, now: datetime.datetime) -> bool:
    """Whether a channel has failed too lately to be tried again."""
    times, last = store.failures_of(name)
    return bool(times) and (now - moment_of(last)).total_seconds() < min(
        FIRST_WAIT * 2 ** min(times - 1, 12), LONGEST_WAIT
    )


def moment_of(stamp: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00"))


def is_quiet(now: datetime.datetime, hours: str | None, zone: str) -> bool:
    """Whether a moment lies in quiet hours, `22:00-06:00` by the clocks of a time zone; an end before the start is the next day's.

    The clock on the wall counts: an hour that it shows twice in autumn is quiet twice, one that it skips in spring never. Raises
    `UsageError` where the hours are not of that form or the zone is not known.
    """
    where = zone_of(zone)
    if not hours:
        return False
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", hours)
    if match is None:
        raise UsageError(f"quiet hours {hours!r} are not like 22:00-06:00, from 00:00 to 23:59")
    low, _, high = hours.partition("-")
    if low == high:
        raise UsageError(f"quiet hours {hours!r} end when they begin: leave `quiet` out to be told at all hours")
    here = now.astimezone(where).strftime("%H:%M")
    return low <= here < high if low <= high else here >= low or here < high


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name. Raises `UsageError` naming one that is like it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as problem:
        known = available_timezones()
        towns = {one.rpartition("/")[2].lower(): one for one in sorted(known)}
        near = difflib.get_close_matches(name[:60], known, 1)
        near = near or [towns[one] for one in difflib.get_close_matches(name[:60].lower().replace(" ", "_"), towns, 1)]
        told = f"; is {near[0]} meant?" if near else "; it is one like Europe/Istanbul"
        raise UsageError(f"timezone {name!r} is not known{told}") from problem
