"""The commands of the watch: source add, list, remove, and watch itself."""

from __future__ import annotations

import signal
import sys
import time
from contextlib import closing
from typing import Annotated, Any

import typer

from tocsin.commands.ledger import ProjectOption

AllowPrivate = Annotated[
    list[str] | None, typer.Option("--allow-private", help="A network that may be fetched from though it is not public, 10.1.0.0/16; may be given again.")
]  # fmt: skip
source = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Feeds, sitemaps and pages that are watched.")


def register(app: typer.Typer) -> None:
    """Adds the commands to an app."""
    app.add_typer(source, name="source")
    app.command("watch")(watch)


@source.command("add")
def add(
    url: Annotated[str, typer.Argument(help="A feed (RSS, Atom, JSON Feed), a sitemap, or a page with --kind page.")],
    name: Annotated[str | None, typer.Option(help="What to call it; default: its host.")] = None,
    country: Annotated[str | None, typer.Option(help="Its country, two letters.")] = None,
    kind: Annotated[str | None, typer.Option(help="page: the address is itself the page to watch.")] = None,
    every: Annotated[str, typer.Option(help="How often: 90s, 15m, 2h, 1d.")] = "15m",
    project: ProjectOption = None,
) -> None:
    """Add a source; the next round fetches it. Added again, its settings are replaced and it is due at once.

    Examples:

      tocsin source add https://example.org/rss --name "Example Wire" --country SY

      tocsin source add https://example.org/news-sitemap.xml --every 5m
    """
    from datetime import UTC, datetime

    from tocsin import project as projects
    from tocsin.errors import UsageError
    from tocsin.store.watching import Source
    from tocsin.watch.rounds import host_of, stamp

    if not url.startswith(("http://", "https://")) or host_of(url) == url or len(url) > 2000 or not url.isprintable():
        raise UsageError(f"{url!r} is no address like https://example.org/rss")
    if kind not in (None, "page"):
        raise UsageError(f"--kind {kind!r} is not known; leave it out, or say page")
    if country is not None and not (len(country) == 2 and country.isalpha()):
        raise UsageError(f"--country {country!r} is not two letters, SY for one")
    now = stamp(datetime.now(UTC))
    made = Source(url=url, name=name or host_of(url), country=country.upper() if country else None, kind=kind, every=seconds_of(every), added=now)  # fmt: skip
    with closing(projects.find(project).open()) as store:
        store.put_source(made, now)
    print(f"tocsin: {made.name} is watched every {every}", file=sys.stderr)


@source.command("list")
def show(
    project: ProjectOption = None, output: Annotated[str, typer.Option("--format", help="table or jsonl.")] = "table"
) -> None:
    """Show the sources, what they gave, and which do not work and why. Exit status 1 where one does not.

    Examples:

      tocsin source list
    """
    from datetime import UTC, datetime

    import msgspec

    from tocsin import project as projects
    from tocsin.errors import UsageError
    from tocsin.plain import visible as plain
    from tocsin.watch.silences import failing

    if output not in ("table", "jsonl"):
        raise UsageError(f"--format {output!r} is not known; it is table or jsonl")
    with closing(projects.find(project).open()) as store:
        found, counts = store.sources(), store.item_counts()
    wrong = {one.url: told for one, told in failing(found, datetime.now(UTC))}
    red, plain_again = ("\x1b[31m", "\x1b[0m") if sys.stdout.isatty() else ("", "")
    for one in found:
        held = counts.get(one.url, {"items": 0, "waiting": 0})
        if output == "jsonl":
            print(msgspec.json.encode({**msgspec.to_builtins(one), **held, "wrong": wrong.get(one.url)}).decode())
            continue
        state = (
            f"{red}{plain(wrong[one.url])}{plain_again}"
            if one.url in wrong
            else "well"
            if one.succeeded
            else "not fetched yet"
        )
        if one.moved is not None:
            state += f"; moved for good to {plain(one.moved)}"
        print(
            f"{plain(one.name)}  {plain(one.url)}\n  {held['items']} items, {held['waiting']} waiting, last fetched {one.succeeded or 'never'}: {state}"
        )
    if not found:
        print("tocsin: no source yet; `tocsin source add URL` adds one", file=sys.stderr)
    if wrong:
        raise typer.Exit(1)


@source.command("remove")
def remove(url: Annotated[str, typer.Argument(help="The source's address.")], project: ProjectOption = None) -> None:
    """Stop watching a source; its pages stay in the ledger.

    Examples:

      tocsin source remove https://example.org/rss
    """
    from tocsin import project as projects

    with closing(projects.find(project).open()) as store:
        store.remove_source(url)


def watch(
    project: ProjectOption = None,
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
    every: Annotated[str, typer.Option(help="Pause between two looks at what is due.")] = "30s",
    at_once: Annotated[bool, typer.Option("--now", help="Begin with every source, whether it is due or not.")] = False,
    allow_private: AllowPrivate = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what went wrong.")] = False,
) -> None:
    """Fetch what the sources name, read it into the ledger, and alert; runs until it is stopped. One line a round.

    Pages are kept one by one: stop it whenever you like. Exit status 1 with --once where a source failed.

    Examples:

      tocsin watch

      tocsin watch --once --now --project idlib
    """
    import ipaddress

    from tocsin import project as projects
    from tocsin.desk import Desk
    from tocsin.errors import UsageError
    from tocsin.read.web import Limits
    from tocsin.watch.rounds import Watch

    pause = seconds_of(every)
    try:
        allowed = tuple(str(ipaddress.ip_network(one, strict=False)) for one in allow_private or ())
    except ValueError as problem:
        raise UsageError(f"--allow-private: {problem}") from problem
    found = projects.find(project)
    with closing(found.open()) as store:
        if not store.sources():
            raise UsageError("no source yet; `tocsin source add URL` adds one")
        from tocsin.apart import ReaderApart

        with ReaderApart(model=found.settings.read.model, gazetteer=found.gazetteer) as reader:
            watching = Watch(Desk(store, reader), limits=Limits(allowed=allowed, total=60.0), told=_wrong)
            if at_once:
                watching.hasten()
            stopped = _until_stopped(watching)
            failed = _rounds(watching, store, found, stopped, once=once, pause=pause, quiet=quiet)
    if stopped:
        print("tocsin: stopped; what was fetched is kept, `tocsin watch` goes on", file=sys.stderr)
    if once and failed:
        raise typer.Exit(1)


def _rounds(
    watching: Any, store: Any, project: Any, stopped: list[int], *, once: bool, pause: float, quiet: bool
) -> bool:
    """Rounds until the watch is stopped; whether a source failed in the last."""
    import datetime

    from tocsin.alerts.channels import channels
    from tocsin.alerts.channels import told as alert_of
    from tocsin.alerts.delivery import deliver
    from tocsin.alerts.telling import run_alerts, state_of

    state: Any = None
    settings = project.settings.alerts
    ways = channels(settings, project.folder, lambda: [alert_of(one) for one in store.alerts()])
    while True:
        start = time.monotonic()
        done = watching.round()
        now = datetime.datetime.now(datetime.UTC)
        state, before = state_of(store, now), state
        told = run_alerts(store, now, only_sources=state == before)
        sent = deliver(store, ways, now, settings.quiet, settings.timezone)
        if sent.failed:
            _wrong(f"{sent.failed} deliveries failed, they are tried again; `tocsin alerts --send` shows why")
        if not quiet and (done.sources or done.fetched or told.new or told.updated or once):
            moment = time.strftime("%H:%M:%S", time.gmtime())
            print(
                f"{moment} {done.line()}; {told.new} alerts new, {told.updated} updated; {time.monotonic() - start:.1f} s",
                flush=True,
            )
        if not done.sources and once and not quiet:
            print("tocsin: no source was due; --now fetches all", file=sys.stderr)
        if once or stopped:
            return bool(done.failed)
        until = time.monotonic() + pause
        while time.monotonic() < until and not stopped:
            time.sleep(0.2)
        if stopped:
            return bool(done.failed)


def _until_stopped(watching: Any) -> list[int]:
    """Ctrl-C and TERM let the fetches under way end; a second one ends at once. The list is no longer empty once it came."""
    came: list[int] = []

    def stop(number: int, frame: Any) -> None:
        came.append(number)
        watching.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    return came


def _wrong(line: str) -> None:
    from tocsin.plain import visible as plain

    print(f"tocsin: {plain(line)}", file=sys.stderr, flush=True)


def seconds_of(text: str) -> int:
    """Seconds of 90s, 15m, 2h, 1d. Raises `UsageError`."""
    from tocsin.errors import UsageError

    units = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
    number, unit = text.strip()[:-1], text.strip()[-1:]
    if unit in units and number.isdigit() and 0 < int(number) < 10_000:
        return int(number) * units[unit]
    raise UsageError(f"{text!r} is no time like 90s, 15m, 2h or 1d")
