"""The commands that hand on what the ledger holds: export, report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tocsin.commands.ledger import Kind, Place, ProjectOption, Since, Status, Until

Out = Annotated[
    Path | None, typer.Option(help="Write here instead of standard output; the file appears only when it is whole.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("export")(export)
    app.command("report")(report)


def export(
    format: Annotated[str, typer.Option(help="csv, claims, geojson, evidence, hxl, acled, ucdp, parquet or geoparquet.")] = "csv",
    out: Out = None, project: ProjectOption = None, since: Since = None, until: Until = None, place: Place = None,
    status: Status = None, kind: Kind = None,
    everything: Annotated[bool, typer.Option("--all", help="Every status. Default: what happened, is reported or contested.")] = False,
) -> None:  # fmt: skip
    """Write incidents in a format of the field: `docs/exports.md` says what each column holds.

    Examples:

      tocsin export --format csv > incidents.csv

      tocsin export --format geojson --since 2018-09-01 --place Idlib --out idlib.geojson

      tocsin export --format claims --all          every figure beside who gave it

      tocsin export --format geoparquet --out incidents.parquet

      tocsin export --format acled --until 2018-09-30    in ACLED's columns; what they cannot hold is left out and counted
    """
    from tocsin.commands.ledger import opened
    from tocsin.commands.listing import wanted_of
    from tocsin.errors import UsageError
    from tocsin.export import BINARY, PARTIAL, counted, each, formats
    from tocsin.whole import to_file

    known = formats()
    if format not in known:
        raise UsageError(f"--format {format!r} is not known; it is one of {', '.join(known)}")
    if format in BINARY and out is None and sys.stdout.isatty():
        raise UsageError(f"{format} is no text for a terminal: give --out FILE{known[format][1]}")
    wanted = counted(wanted_of(since, until, place, status, kind), everything=everything)
    store = opened(project)
    write = known[format][0]
    if out is None:
        number = write(store, wanted, sys.stdout.buffer if format in BINARY else sys.stdout)
    else:
        with to_file(out, binary=format in BINARY) as stream:
            number = write(store, wanted, stream)
    left = f"; {sum(1 for _ in each(store, wanted)) - number} left out" if format in PARTIAL else ""
    print(f"{number} incidents{left}" if format != "claims" else f"{number} figures", file=sys.stderr)


def report(
    since: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day, included.")] = None,
    out: Annotated[Path | None, typer.Option(help="sitrep.html, sitrep.md or sitrep.pdf. Default: Markdown on standard output.")] = None,
    project: ProjectOption = None, place: Place = None, kind: Kind = None,
    title: Annotated[str | None, typer.Option(help="The heading.")] = None,
) -> None:  # fmt: skip
    """Write a situation report: what happened, what is only said, what is to come; every line with its sources.

    Examples:

      tocsin report --from 2018-09-01 --to 2018-09-07 --out sitrep.html

      tocsin report --from 2018-09-01 --place Idlib --out idlib.pdf

      tocsin report --from 2018-09-01 > sitrep.md
    """
    from tocsin.commands.ledger import opened
    from tocsin.commands.listing import wanted_of
    from tocsin.errors import UsageError
    from tocsin.report import situation
    from tocsin.report.markdown import markdown
    from tocsin.report.page import html, pdf
    from tocsin.whole import to_file

    suffix = out.suffix.lower() if out else ".md"
    if suffix not in (".html", ".htm", ".md", ".pdf"):
        raise UsageError(f"--out {out}: a report is .html, .md or .pdf")
    wanted = wanted_of(since, until, place, None, kind, days=("--from", "--to"))
    made = situation(opened(project), wanted, title=title)
    if out is None:
        sys.stdout.write(markdown(made))
        return
    content = pdf(made) if suffix == ".pdf" else (markdown(made) if suffix == ".md" else html(made)).encode()
    with to_file(out, binary=True) as stream:
        stream.write(content)
    print(f"wrote {out}: {len(made.sources)} sources", file=sys.stderr)
