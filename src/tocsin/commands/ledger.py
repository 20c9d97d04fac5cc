"""The commands that make, fill, check and regroup the ledger: init, add, verify, regroup; and the options that others share."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tocsin.desk import Counts, Desk, Outcome, Reads
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


def register(app: typer.Typer) -> None:
    """Adds the commands to an app."""
    app.command("init")(init)
    app.command("add")(add)
    app.command("verify")(verify)
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
    from tocsin.desk import Desk
    from tocsin.project import find

    found = find(project)
    single = _are_single(inputs, source)
    with _reader(found, model, gazetteer, apart=not single or len(inputs) > 1) as reader:
        desk, arrived = Desk(found.open(), reader), _arrivals(inputs, source, published)
        counts = _added(desk, arrived, again=again, quiet=quiet, total=len(inputs) if single else None)
    if not quiet:
        print(summary(counts), file=sys.stderr)
    if counts.failed:
        raise typer.Exit(1)


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
    from tocsin.errors import UsageError

    if head is not None and not re.fullmatch("[0-9a-f]{64}", head):
        raise UsageError(
            f"--head {head!r} is no hash of 64 hexadecimal digits, as `tocsin verify` prints it after 'chain'"
        )
    store = project_of(project).open()
    faults = 0
    for one in store.verify():
        faults += 1
        print(f"{one.where}: {one.name}: {one.problem}")
    if head is not None and not store.holds(head):
        faults += 1
        print(f"chain: {head}: is not in the chain: it was cut off or written anew")
    totals = store.totals()
    found = f"{faults} fault{'s' * (faults > 1)}" if faults else "whole"
    print(
        f"{found}: {totals['versions']} pages, {totals['claims']} claims, "
        f"{totals['judgements']} judgements; chain {store.head() or 'empty'}", file=sys.stderr,
    )  # fmt: skip
    if faults:
        raise typer.Exit(1)


def regroup(project: ProjectOption = None) -> None:
    """Make all incidents again from the claims and judgements, after an update of the merging rules for one.

    Examples:

      tocsin regroup
    """
    from tocsin.desk import Desk

    desk = Desk(project_of(project).open())
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


def opened(named: Path | None) -> Store:
    """The ledger of the project that a command means."""
    return project_of(named).open()


def project_of(named: Path | None) -> Project:
    from tocsin.project import find

    return find(named)


@contextmanager
def _reader(project: Project, model: str | None, gazetteer: Path | None, *, apart: bool) -> Iterator[Reads]:
    """In a process of its own, unless for a single page, which is sooner read than another process is started."""
    model, gazetteer = model or project.settings.read.model, gazetteer or project.gazetteer
    if apart:
        from tocsin.apart import ReaderApart

        with ReaderApart(model=model, gazetteer=gazetteer) as reader:
            yield reader
    else:
        from tocsin.pipeline import Reader

        yield Reader(model=model, gazetteer=gazetteer)


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
