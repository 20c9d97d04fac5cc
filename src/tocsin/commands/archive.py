"""The commands of the archive: code, merge, load, sample, agree."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

import typer

from tocsin.commands.ledger import ProjectOption

if TYPE_CHECKING:
    from tocsin.archive.coding import Coded
    from tocsin.archive.runs import Plan

Run = Annotated[Path, typer.Argument(help="A folder that `tocsin code` made.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to an app."""
    app.command("code")(code)
    app.command("merge")(merge)
    app.command("load")(load)
    app.command("sample")(sample)
    app.command("agree")(agree)


def code(
    inputs: Annotated[list[str], typer.Argument(help="WARC, JSON Lines, Parquet files, pages, or folders of them.")],
    out: Annotated[Path, typer.Option(help="The run's folder; named again, the run goes on.")],
    source: Annotated[
        str | None, typer.Option("--from", help="warc, jsonl, parquet or folder; default: by the files' names.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Processes of this machine (0: one a core), or actors of the cluster.")
    ] = 1,
    gate: Annotated[
        str,
        typer.Option(
            help="Which pages are read by their words: any, that can hold an event; force, that tell of violence or protest; none, all."
        ),
    ] = "any",
    engine: Annotated[str, typer.Option(help="local, or ray for a cluster.")] = "local",
    address: Annotated[str, typer.Option(help="The Ray cluster's address.")] = "auto",
    model: Annotated[
        str | None, typer.Option(help="spaCy model (default: the smallest en_core_web_* installed).")
    ] = None,
    gazetteer: Annotated[Path | None, typer.Option(help="Gazetteer file.")] = None,
    quiet: Quiet = False,
) -> None:
    """Code an archive of the web into Parquet: a row a page and a row an event, the same bytes however often it is run.

    A run that was stopped, by Ctrl-C or worse, goes on where it was when the same command is given again.

    Examples:

      tocsin code crawl/*.warc.gz --out run1 --workers 2

      tocsin code pages.parquet --out run2 --gate force

      tocsin code /shared/crawl --out /shared/run3 --engine ray --address auto
    """
    import os

    from tocsin.archive import runs
    from tocsin.archive.captures import FORMS, shards
    from tocsin.archive.coding import Settings
    from tocsin.archive.gate import Width
    from tocsin.archive.parts import arrow
    from tocsin.errors import UsageError

    if source is not None and source not in FORMS:
        raise UsageError(f"--from {source!r} is not known; it is one of {', '.join(FORMS)}")
    if engine not in ("local", "ray"):
        raise UsageError(f"--engine {engine!r} is not known; it is local or ray")
    if gate not in get_args(Width):
        raise UsageError(f"--gate {gate!r} is not known; it is {', '.join(get_args(Width))}")
    arrow()
    settings = Settings(gate=cast("Width", gate), model=model, gazetteer=str(gazetteer) if gazetteer else None)
    wanted = runs.plan(shards(inputs, source), settings, runs.reader_of(settings).version)
    known = runs.begin(out, wanted, lambda line: print(f"tocsin: {line}", file=sys.stderr))
    left = [one for one in wanted.shards if one.number not in known]
    counts: Counter[str] = Counter()
    if known and not quiet:
        print(f"tocsin: {len(known)} of {len(wanted.shards)} shards are done already", file=sys.stderr)
    try:
        _run(engine, address, out, wanted, left, workers or os.cpu_count() or 1, _Progress(len(left), counts, quiet))
    except KeyboardInterrupt:
        print(f"tocsin: stopped; give the same command again to go on ({out} keeps what is done)", file=sys.stderr)
        raise typer.Exit(130) from None
    total = runs.finish(out, wanted)
    if not quiet:
        _say_funnel(total, out)
    if total["broken"] or total["unread"]:
        raise typer.Exit(1)


def _run(engine: str, address: str, out: Path, wanted: Plan, left: list[Any], workers: int, told: Any) -> None:
    from tocsin.archive import rays, runs

    if not left:
        return
    if engine == "ray":
        rays.run_ray(out, wanted, left, workers, told, address)
    else:
        runs.run_local(out, wanted, left, workers, told)


class _Progress:
    """A line on standard error for each shard that is done; on a terminal one line that changes."""

    def __init__(self, total: int, counts: Counter[str], quiet: bool) -> None:
        from tocsin.archive.runs import Clock

        self._clock, self._counts, self._quiet = Clock(total), counts, quiet

    def __call__(self, one: Coded, number: int, total: int) -> None:
        self._counts.update(one.counts)
        if not self._quiet:
            end = "\r" if sys.stderr.isatty() and number < total else "\n"
            print(f"tocsin: {self._clock.line(number, self._counts)}", end=end, file=sys.stderr, flush=True)
            for problem in one.problems[:3]:
                print(f"tocsin: {problem}", file=sys.stderr)


def _say_funnel(total: Counter[str], out: Path) -> None:
    from tocsin.archive.funnel import STAGES

    stages = [name for name in STAGES[1:-1] if total[name]] + ["unread"] * bool(total["unread"])
    dropped = ", ".join(f"{name} {total[name]:,}" for name in stages)
    print(
        f"tocsin: {total['captures']:,} captures, {total['read']:,} read, {total['with-events']:,} with events, "
        f"{total['events']:,} events in {out}; left out: {dropped or 'none'}",
        file=sys.stderr,
    )


def merge(
    run: Run,
    out: Annotated[Path, typer.Option(help="The folder for incidents.parquet and merge.json.")],
    memory: Annotated[str, typer.Option(help="What DuckDB may hold before it spills to disk.")] = "1GB",
    quiet: Quiet = False,
) -> None:
    """Make the incidents of a whole run, out of core, as the desk would.

    Examples:

      tocsin merge run1 --out run1-incidents
    """
    from tocsin.archive.merging import merge_run

    def told(stage: str, number: int) -> None:
        if not quiet:
            print(f"tocsin: {stage} {number:,}", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)

    done = merge_run(run, out, told, memory)
    if not quiet:
        print(
            f"tocsin: {done.pages:,} pages ({done.copies:,} copies), {done.claims:,} claims, {done.pairs:,} pairs compared, "
            f"{done.links:,} links, {done.incidents:,} incidents in {out}",
            file=sys.stderr,
        )


def load(run: Run, project: ProjectOption = None, quiet: Quiet = False) -> None:
    """Put a run's pages and claims into a project's ledger without reading them again.

    Examples:

      tocsin load run1 --project idlib
    """
    from tocsin import project as projects
    from tocsin.archive.loading import loads
    from tocsin.desk import Counts, Desk

    counts = Counts()
    with closing(projects.find(project).open()) as store:
        desk = Desk(store)
        for number, one in enumerate(desk.keep(loads(run)), 1):
            counts.count(one)
            if not quiet and number % 500 == 0:
                print(f"tocsin: {number:,} pages", file=sys.stderr)
    if not quiet:
        print(
            f"tocsin: {counts.added} added, {counts.known} known before, {counts.copies} copies, {counts.claims} claims, "
            f"{counts.incidents_new} incidents new, {counts.incidents_changed} changed",
            file=sys.stderr,
        )


def sample(
    run: Run,
    number: Annotated[int, typer.Argument(min=1, help="How many events.")],
    stratify: Annotated[
        str, typer.Option(help="Draw evenly over: kind, event_type, status, country, outlet, published.")
    ] = "none",
    seed: Annotated[int, typer.Option(help="Another seed, another sample.")] = 0,
    out: Annotated[Path | None, typer.Option(help="A CSV file; default: standard output.")] = None,
) -> None:
    """Draw events for hand coding, as a CSV with what the run says and empty columns for the coder.

    Examples:

      tocsin sample run1 300 --stratify kind > to-code.csv
    """
    from tocsin.archive.sampling import draw, write_sample

    found = draw(run, number, stratify, seed)
    if out is None:
        write_sample(found, sys.stdout)
        return
    with out.open("w", encoding="utf-8", newline="") as stream:
        write_sample(found, stream)


def agree(
    run: Run,
    gold: Annotated[Path, typer.Argument(help="The CSV of `tocsin sample`, its columns filled in by a person.")],
    output: Annotated[str, typer.Option("--format", help="table or json.")] = "table",
) -> None:
    """Tell how far a run agrees with a coded sample: by field, with intervals, and a paragraph for a paper's appendix.

    Examples:

      tocsin agree run1 coded.csv
    """
    import msgspec

    from tocsin import __version__
    from tocsin.archive.sampling import agree as compare
    from tocsin.archive.sampling import paragraph

    found, missing = compare(run, gold)
    told = paragraph(found, missing, __version__)
    if output == "json":
        print(msgspec.json.encode({"fields": found, "missing": missing, "paragraph": told}).decode())
        return
    print(f"{'field':<12} {'coded':>6} {'equal':>6} {'share':>6}  95 %")
    for one in found:
        print(f"{one.field:<12} {one.coded:>6} {one.equal:>6} {one.share:>6.3f}  {one.low:.2f}-{one.high:.2f}")
        for ours, theirs, times in one.confused:
            print(f"  {times:>3} x  {ours} where the coder has {theirs}")
    print(f"\n{told}")
