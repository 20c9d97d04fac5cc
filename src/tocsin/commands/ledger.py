"""The commands of the ledger: init, add, incidents, as-of, verify, judge, regroup."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tocsin.desk import Counts, Desk, Outcome
    from tocsin.ledger import Incident, IncidentFilter
    from tocsin.project import Project
    from tocsin.store.base import Store

ProjectOption = Annotated[
    Path | None,
    typer.Option(
        "--project",
        help="The project's folder (default: $TOCSIN_PROJECT, this folder, its parents, the only one beneath).",
    ),
]
Since = Annotated[str | None, typer.Option(help="From this day on, YYYY-MM-DD.")]
Until = Annotated[str | None, typer.Option(help="Up to this day, included.")]
Place = Annotated[str | None, typer.Option(help="A place's name, first-level region, or ISO country code.")]
Status = Annotated[
    list[str] | None, typer.Option(help="happened, reported, alleged, contested ...; may be given again.")
]
Kind = Annotated[list[str] | None, typer.Option(help="A kind of the codebook, air-strike for one; may be given again.")]
Format = Annotated[str, typer.Option(help="table or jsonl. Default: table on a terminal, jsonl in a pipe.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many.")]
ACTIONS = ("same", "not-same", "accept", "reject", "edit", "note", "undo")


def register(app: typer.Typer) -> None:
    """Adds the commands to an app."""
    app.command("init")(init)
    app.command("add")(add)
    app.command("incidents")(incidents)
    app.command("as-of")(as_of)
    app.command("verify")(verify)
    app.command("judge")(judge)
    app.command("regroup")(regroup)


def init(
    name: Annotated[Path, typer.Argument(help="The project's folder, made if it is not there.")],
    db: Annotated[
        str | None, typer.Option("--db", help="postgresql://user@host/database instead of a SQLite file.")
    ] = None,
) -> None:
    """Make a project: a folder with its settings, one ledger file and an archive of raw pages.

    Examples:

      tocsin init idlib

      tocsin init idlib --db postgresql://tocsin@localhost/idlib
    """
    from tocsin.errors import UsageError
    from tocsin.project import init as make

    if db is not None and not db.startswith(("postgresql://", "postgres://")):
        raise UsageError("--db is not like postgresql://user@host/database")
    made = make(name, db)
    print(f"made the project {made.folder}; next: tocsin add --project {made.folder} PAGES", file=sys.stderr)


def add(
    inputs: Annotated[list[str], typer.Argument(help="Files, folders, URLs, .jsonl files, or - for standard input.")],
    project: ProjectOption = None,
    published: Annotated[
        str | None, typer.Option(help="Publication date, YYYY-MM-DD, of pages that do not say theirs.")
    ] = None,
    source: Annotated[
        str, typer.Option("--from", help="pages, or jsonl: one page a line; a file named .jsonl is always that.")
    ] = "pages",
    again: Annotated[
        bool, typer.Option("--again", help="Read known pages anew where the code has changed since.")
    ] = False,
    model: Annotated[
        str | None, typer.Option(help="spaCy model (default: the project's, else the smallest installed).")
    ] = None,
    gazetteer: Annotated[
        Path | None, typer.Option(help="Gazetteer file (default: the project's, else as for read).")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Read pages into the project's ledger: archived, coded, and merged with what is known.

    A page whose bytes are known adds nothing. Stopped at any moment, what was added stays, and the same call adds the rest.
    Exit status 1 where an input could not be read; the reason is kept with the sources.

    Examples:

      tocsin add page.html https://example.org/news/1 folder/

      tocsin add pages.jsonl --published 2018-09-05

      tocsin add --from jsonl - < pages.jsonl
    """
    from tocsin.project import find

    found = find(project)
    desk = _desk(found, model=model, gazetteer=gazetteer)
    arrived = _arrivals(inputs, source, published)
    counts = _added(desk, arrived, again=again, quiet=quiet, total=len(inputs) if _are_single(inputs, source) else None)
    if not quiet:
        print(summary(counts), file=sys.stderr)
    if counts.failed:
        raise typer.Exit(1)


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
    from msgspec.structs import replace

    from tocsin.errors import UsageError
    from tocsin.store.lists import ORDERS

    if order not in ORDERS:
        raise UsageError(f"--order {order!r} is not known; it is one of {', '.join(ORDERS)}")
    wanted = replace(wanted_of(since, until, place, status, kind), review=tuple(review or ()), text=text)
    store = opened(project)
    page = store.incidents(wanted, limit=limit, order=order)
    _print_incidents(page.rows, format)
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
    from tocsin.errors import UsageError
    from tocsin.store.codec import latest_moment

    if what != "incidents":
        raise UsageError(f"{what!r} is not known; it is: incidents")
    if by not in ("published", "added"):
        raise UsageError(f"--by {by!r} is not known; it is one of published, added")
    if latest_moment(moment) is None:
        raise UsageError(f"{moment!r} is no moment like 2018-09-05 or 2018-09-05T12:00:00Z")
    desk = _desk(_project(project))
    _print_incidents(desk.as_of(moment, "added" if by == "added" else "published"), format)


def verify(
    project: ProjectOption = None,
    head: Annotated[
        str | None, typer.Option(help="The chain's hash that an earlier verify printed: it must still be in the chain.")
    ] = None,
) -> None:
    """Check that the archive and the history are as they were written; name what is not, with exit status 1.

    Examples:

      tocsin verify

      tocsin verify --head 3f9a…   the chain must go on from where it was then
    """
    store = _project(project).open()
    faults = 0
    for one in store.verify():
        faults += 1
        print(f"{one.where}: {one.name}: {one.problem}")
    if head is not None and not store.holds(head):
        faults += 1
        print(f"chain: {head}: is not in the chain: it was cut off or written anew")
    totals = store.totals()
    print(
        f"{'whole' if not faults else f'{faults} faults'}: {totals['versions']} pages, {totals['claims']} claims, "
        f"{totals['judgements']} judgements; chain {store.head() or 'empty'}", file=sys.stderr,
    )  # fmt: skip
    if faults:
        raise typer.Exit(1)


def judge(
    action: Annotated[str, typer.Argument(help=f"{', '.join(ACTIONS)}.")],
    names: Annotated[list[str], typer.Argument(help="Incidents or claims by id; for undo the judgement's id.")],
    project: ProjectOption = None,
    cell: Annotated[str | None, typer.Option(help="edit: the cell to set, place for one.")] = None,
    value: Annotated[str | None, typer.Option(help="edit: its value, as JSON or plain text.")] = None,
    note: Annotated[str | None, typer.Option(help="A remark that stays with the judgement.")] = None,
    user: Annotated[str | None, typer.Option(help="Whose word it is (default: the name you are logged in by).")] = None,
) -> None:
    """Say what you judge: it is kept for ever with your name, outweighs the machine, and can be undone.

    same: all belong together. not-same: the first does not belong with the others.

    Examples:

      tocsin judge same INCIDENT INCIDENT

      tocsin judge not-same CLAIM CLAIM --note "another market"

      tocsin judge edit INCIDENT --cell kind --value shelling

      tocsin judge undo JUDGEMENT
    """
    from tocsin.errors import UsageError

    if action not in ACTIONS:
        raise UsageError(f"{action!r} is not known; it is one of {', '.join(ACTIONS)}")
    if action in ("same", "not-same") and len(names) < 2:
        raise UsageError(f"{action} needs two or more incidents or claims")
    if action == "edit" and (cell is None or value is None):
        raise UsageError("edit needs --cell and --value")
    if action == "undo" and len(names) != 1:
        raise UsageError("undo needs the id of one judgement")
    desk = _desk(_project(project))
    known = desk.store.judgements()
    about, undoes = ([], names[0]) if action == "undo" else (names, None)
    found = desk.say(user or _user(), action, about, cell=cell, value=_json(value), note=note, undoes=undoes)  # type: ignore[arg-type]
    given = desk.store.judgements()[len(known) :]
    print(given[-1].id if given else "")
    for one in found:
        print(f"{one.id}  {one.title}", file=sys.stderr)


def regroup(project: ProjectOption = None) -> None:
    """Make all incidents again from the claims and judgements, after an update of the merging rules for one.

    Examples:

      tocsin regroup
    """
    desk = _desk(_project(project))
    desk.regroup()
    print(f"{desk.store.totals()['incidents']} incidents", file=sys.stderr)


def summary(counts: Counts) -> str:
    """One line of what `add` has done."""
    parts = [
        f"{counts.added} page{'s' * (counts.added != 1)} added", f"{counts.known} known already",
        f"{counts.new_versions} new versions", f"{counts.copies} copies", f"{counts.claims} claims",
        f"{counts.incidents_new} incidents new, {counts.incidents_changed} changed", f"{counts.failed} failed",
    ]  # fmt: skip
    return "; ".join(parts)


def wanted_of(
    since: str | None, until: str | None, place: str | None, status: list[str] | None, kind: list[str] | None
) -> IncidentFilter:
    """The filter that the options name. Raises `UsageError` where a day is none."""
    from tocsin.ledger import IncidentFilter

    return IncidentFilter(
        since=_day(since, "--since"), until=_day(until, "--until"), place=place, status=tuple(status or ()), kind=tuple(kind or ()),
    )  # fmt: skip


def opened(named: Path | None) -> Store:
    """The ledger of the project that a command means."""
    return _project(named).open()


def _project(named: Path | None) -> Project:
    from tocsin.project import find

    return find(named)


def _desk(project: Project, *, model: str | None = None, gazetteer: Path | None = None) -> Desk:
    from tocsin.desk import Desk
    from tocsin.pipeline import Reader

    reader = Reader(model=model or project.settings.read.model, gazetteer=gazetteer or project.gazetteer)
    return Desk(project.open(), reader)


def _arrivals(inputs: list[str], source: str, published: str | None) -> Any:
    """The inputs in their order; a file of JSON Lines is taken as one whatever `--from` says."""
    from tocsin.arrivals import arrivals, check

    check(source, published)
    for name in inputs:
        lines = source == "jsonl" or name.lower().endswith((".jsonl", ".ndjson"))
        yield from arrivals([name], source="jsonl" if lines and "://" not in name else "pages", published=published)


def _are_single(inputs: list[str], source: str) -> bool:
    """Whether each input is one page, so that their number is known beforehand."""
    lines = source == "jsonl" or any(name.lower().endswith((".jsonl", ".ndjson")) for name in inputs)
    return not lines and not any("://" not in name and Path(name).is_dir() for name in inputs)


def _added(desk: Desk, arrived: Any, *, again: bool, quiet: bool, total: int | None) -> Counts:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("adding"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[page]}"),
    )
    shown = not quiet and sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True, markup=False), transient=True, disable=not shown) as progress:
        task = progress.add_task("add", total=total, page="")

        def told(one: Outcome) -> None:
            progress.update(task, advance=1, page=Path(one.name).name[:40])
            if one.what == "failed":
                print(f"tocsin: {one.name}: {one.reason}", file=sys.stderr)

        return desk.add(arrived, again=again, told=told)


def _print_incidents(rows: tuple[Incident, ...], wanted: str) -> None:
    from tocsin.errors import UsageError

    format_ = wanted or ("table" if sys.stdout.isatty() else "jsonl")
    if format_ not in ("table", "jsonl"):
        raise UsageError(f"--format {format_!r} is not known; it is one of table, jsonl")
    if format_ == "jsonl":
        import msgspec

        for one in rows:
            sys.stdout.write(msgspec.json.encode(one).decode() + "\n")
        return
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


def _day(text: str | None, option: str) -> str | None:
    from tocsin.errors import UsageError
    from tocsin.read import is_date

    if text is not None and not (is_date(text) and len(text) == 10):
        raise UsageError(f"{option} {text!r} is not a day like 2018-09-05")
    return text


def _json(text: str | None) -> Any:
    import msgspec

    if text is None:
        return None
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
