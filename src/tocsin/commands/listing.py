"""The commands that list incidents, as they are or as they were known at a moment; and the filters that others share."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.commands.ledger import Format, Kind, Limit, Place, ProjectOption, Since, Status, Until, opened, project_of

if TYPE_CHECKING:
    from tocsin.ledger import Incident, IncidentFilter


def register(app: typer.Typer) -> None:
    """Adds the commands to an app."""
    app.command("incidents")(incidents)
    app.command("as-of")(as_of)


def incidents(
    project: ProjectOption = None, since: Since = None, until: Until = None, place: Place = None, status: Status = None,
    kind: Kind = None, review: Annotated[list[str] | None, typer.Option(help="new, changed, accepted, rejected.")] = None,
    text: Annotated[str | None, typer.Option(help="Words that a page about it must have.")] = None,
    order: Annotated[str, typer.Option(help="day, -day, changed, -changed, killed, -killed.")] = "-day",
    limit: Limit = 50, format: Format = "",
) -> None:  # fmt: skip
    """The incidents of the ledger, newest first.

    Examples:

      tocsin incidents --since 2018-09-01 --place Idlib --status happened

      tocsin incidents --kind air-strike --order -killed --limit 10

      tocsin incidents --format jsonl > incidents.jsonl
    """
    from tocsin.errors import UsageError
    from tocsin.store.lists import ORDERS

    if order not in ORDERS:
        raise UsageError(f"--order {order!r} is not known; it is one of {', '.join(ORDERS)}")
    wanted, shown = wanted_of(since, until, place, status, kind, review, text), _format(format)
    page = opened(project).incidents(wanted, limit=limit, order=order)
    _print_incidents(page.rows, shown)
    if page.total > len(page.rows):
        print(f"{len(page.rows)} of {page.total} incidents; --limit shows more", file=sys.stderr)


def as_of(
    moment: Annotated[str, typer.Argument(help="A day or moment, 2018-09-05 or 2018-09-05T12:00:00Z.")],
    what: Annotated[str, typer.Argument(help="incidents.")] = "incidents",
    project: ProjectOption = None,
    by: Annotated[
        str, typer.Option(help="published: what was public by then. added: what this ledger had by then.")
    ] = "published",
    format: Format = "",
) -> None:
    """What was known at a moment: the incidents as pages of that time give them.

    Examples:

      tocsin as-of 2018-09-05 incidents

      tocsin as-of 2026-11-23T12:00:00Z incidents --by added
    """
    from tocsin.desk import Desk
    from tocsin.errors import UsageError
    from tocsin.store.codec import latest_moment

    if what != "incidents":
        raise UsageError(f"{what!r} is not known; it is: incidents")
    if by not in ("published", "added"):
        raise UsageError(f"--by {by!r} is not known; it is one of published, added")
    if latest_moment(moment) is None:
        raise UsageError(f"{moment!r} is no moment like 2018-09-05 or 2018-09-05T12:00:00Z")
    shown, desk = _format(format), Desk(project_of(project).open())
    _print_incidents(desk.as_of(moment, "added" if by == "added" else "published"), shown)


def wanted_of(
    since: str | None, until: str | None, place: str | None, status: list[str] | None, kind: list[str] | None,
    review: list[str] | None = None, text: str | None = None, *, days: tuple[str, str] = ("--since", "--until"),
) -> IncidentFilter:  # fmt: skip
    """The filter that the options name; `days` are what the first two are called.

    Raises `UsageError` where a day is none, the last before the first, or a status, kind or state of review is not known.
    """
    from typing import get_args

    from tocsin.errors import UsageError
    from tocsin.ledger import IncidentFilter, IncidentStatus, Review

    first, last = _day(since, days[0]), _day(until, days[1])
    if first and last and last < first:
        raise UsageError(f"{days[1]} {last} is before {days[0]} {first}")
    return IncidentFilter(
        since=first, until=last, place=place, text=text, kind=tuple(kind or ()) and _known("--kind", kind or (), _kinds(), "`tocsin codebook` lists the kinds"),
        status=_known("--status", status or (), get_args(IncidentStatus)), review=_known("--review", review or (), get_args(Review)),
    )  # fmt: skip


def _known(option: str, given: Collection[str], known: Collection[str], where: str | None = None) -> tuple[str, ...]:
    """The values, of which each must be known; a typo would find nothing, which looks like peace."""
    from tocsin.errors import UsageError

    for one in given:
        if one not in known:
            near = difflib.get_close_matches(one, known, 3)
            meant = f"did you mean {' or '.join(near)}? " if near else ""
            raise UsageError(f"{option} {one!r} is not known; {meant}{where or 'it is one of ' + ', '.join(known)}")
    return tuple(given)


def _kinds() -> Collection[str]:
    from tocsin.codebook import codebook

    return codebook().kinds


def _day(text: str | None, option: str) -> str | None:
    from tocsin.errors import UsageError
    from tocsin.read import is_date

    if text is not None and not (is_date(text) and len(text) == 10):
        raise UsageError(f"{option} {text!r} is not a day like 2018-09-05")
    return text


def _format(wanted: str) -> str:
    from tocsin.errors import UsageError

    shown = wanted or ("table" if sys.stdout.isatty() else "jsonl")
    if shown not in ("table", "jsonl"):
        raise UsageError(f"--format {shown!r} is not known; it is one of table, jsonl")
    return shown


def _print_incidents(rows: tuple[Incident, ...], shown: str) -> None:
    if not rows:
        print("no incidents", file=sys.stderr)
    elif shown == "jsonl":
        import msgspec

        for one in rows:
            sys.stdout.write(msgspec.json.encode(one).decode() + "\n")
    else:
        _table(rows)


def _table(rows: tuple[Incident, ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("day", "kind", "status", "place", "killed", "voices", "what", "id"):
        table.add_column(
            name,
            justify="right" if name in ("killed", "voices") else "left",
            overflow="fold" if name == "what" else "ellipsis",
        )
    for one in rows:
        day = one.day_from if one.day_from == one.day_to else f"{one.day_from} … {one.day_to}"
        cells = (
            day or "unknown",
            one.kind,
            one.status,
            one.place.name if one.place else "",
            _killed(one),
            str(one.voices),
            one.title,
            one.id,
        )
        table.add_row(*(_shown(cell) for cell in cells))
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160).print(table)


def _killed(one: Incident) -> str:
    found = next((x for x in one.figures if x.kind == "killed" and x.unit == "persons"), None)
    if found is None or found.best is None:
        return ""
    spread = f" ({found.low}–{found.high})" if found.low != found.high else ""
    return f"{found.best}{spread}"


def _shown(text: str) -> str:
    """Text that cannot steer a terminal: control and direction characters of a page are shown as U+FFFD."""
    return "".join(char if char.isprintable() or char == " " else "\ufffd" for char in text)
