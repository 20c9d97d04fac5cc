"""Which sources do not work: those that fail, and those that are fetched well and have named nothing new for long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from tocsin.store.watching import Source

SILENT_DAYS = 3.0  # without anything new, from which a source is told as silent; or ten times its usual gap


def gap_after(gap: float | None, newest: str | None, now: datetime) -> float | None:
    """The usual seconds between a source's news, once there is more of it: the last gaps weigh most."""
    if newest is None:
        return gap
    passed = (now - datetime.fromisoformat(newest)).total_seconds()
    return passed if gap is None else 0.7 * gap + 0.3 * passed


def as_it_was(source: Source, news: Sequence[str], now: datetime) -> Source | None:
    """A source by what it had named until a moment; None before it was added. `news` are moments, the first first.

    That it failed, or was off, is kept of now only: it counts as fetched well.
    """
    moment = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    known = min((one for one in (source.added, *news[:1]) if one), default="")
    if not known or known > moment:
        return None
    told = [one for one in news if one <= moment]
    gap: float | None = None
    newest: str | None = None
    for one in told:
        gap, newest = gap_after(gap, newest, datetime.fromisoformat(one)), one
    return msgspec.structs.replace(
        source, added=known, succeeded=moment, problem=None, failures=0, newest=newest, gap=gap
    )


def silence(source: Source, now: datetime) -> str | None:
    """In words, that a source that is fetched well has named nothing new for long; None where it has. Zero is not peace."""
    if not source.enabled or source.succeeded is None or source.problem is not None:
        return None
    since = source.newest or source.added
    if not since:
        return None
    passed = (now - datetime.fromisoformat(since)).total_seconds()
    allowed = max(10 * source.gap, 86_400.0) if source.gap else SILENT_DAYS * 86_400
    if passed <= min(allowed, SILENT_DAYS * 86_400 * 10):
        return None
    return f"nothing new for {passed / 86_400:.1f} days" + (
        f", usually every {source.gap / 3600:.1f} hours" if source.gap else ""
    )


def failing(sources: Iterable[Source], now: datetime) -> list[tuple[Source, str]]:
    """The sources that do not work, with the reason in words: failed, silent, or never fetched."""
    found = []
    for one in sources:
        told = f"failed {one.failures} times: {one.problem}" if one.problem else silence(one, now)
        if told:
            found.append((one, told))
    return found
