"""The commands of the alerts: alerts, indicators."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import Annotated

import typer

from tocsin.commands.ledger import ProjectOption


def register(app: typer.Typer) -> None:
    """Adds the commands to an app."""
    app.command("alerts")(alerts)
    app.command("indicators")(indicators)


def alerts(
    project: ProjectOption = None,
    rule: Annotated[str | None, typer.Option(help="Only of this rule.")] = None,
    judge: Annotated[bool, typer.Option("--judge/--no-judge", help="Judge the rules anew before showing.")] = True,
    send: Annotated[
        bool, typer.Option("--send", help="Also tell the channels of project.toml what they were not told yet.")
    ] = False,
    output: Annotated[str, typer.Option("--format", help="table or jsonl.")] = "table",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
) -> None:
    """Show alerts, the last changed first. Exit status 1 where one could not be delivered.

    Examples:

      tocsin alerts

      tocsin alerts --send --format jsonl
    """
    import datetime

    import msgspec

    from tocsin import project as projects
    from tocsin.alerts.channels import channels, told
    from tocsin.alerts.delivery import deliver
    from tocsin.alerts.telling import run_alerts
    from tocsin.errors import UsageError
    from tocsin.plain import visible

    if output not in ("table", "jsonl"):
        raise UsageError(f"--format {output!r} is not known; it is table or jsonl")
    found = projects.find(project)
    settings = found.settings.alerts
    with closing(found.open()) as store:
        if judge:
            run_alerts(store)
        sent = None
        if send:
            ways = channels(settings, found.folder, lambda: [told(one) for one in store.alerts()])
            sent = deliver(store, ways, datetime.datetime.now(datetime.UTC), settings.quiet, settings.timezone)
        shown = [told(one) for one in store.alerts(rule, limit)]
    for one in shown:
        if output == "jsonl":
            print(msgspec.json.encode(one).decode())
        else:
            words = f'\n    "{visible(one.words[0])[:160]}"' if one.words else ""
            print(
                f"{one.changed} {one.state:<4} {one.status:<10} {one.where or '':<16} [{visible(one.rule)}] {visible(one.title)}{words}"
            )
    if sent is not None:
        print(f"tocsin: {sent.delivered} delivered, {sent.failed} failed", file=sys.stderr)
        if sent.failed:
            raise typer.Exit(1)


def indicators(
    project: ProjectOption = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days of a window.")] = 7,
    windows: Annotated[int, typer.Option(min=8, max=200, help="Windows of the past.")] = 12,
    today: Annotated[str | None, typer.Option(help="The last day; default: today.")] = None,
    provinces: Annotated[bool, typer.Option("--provinces", help="By province, not by country.")] = False,
    output: Annotated[str, typer.Option("--format", help="table or jsonl.")] = "table",
) -> None:
    """Show the rates of each area and kind against their own past, with the interval in which a new window usually lies.

    Examples:

      tocsin indicators --days 7
    """
    import datetime

    import msgspec

    from tocsin import project as projects
    from tocsin.alerts.indicators import by_chance
    from tocsin.alerts.indicators import indicators as rates
    from tocsin.alerts.telling import all_incidents
    from tocsin.errors import UsageError
    from tocsin.plain import visible
    from tocsin.read import is_date

    if today is not None and not is_date(today):
        raise UsageError(f"--today {today!r} is not a day like 2024-03-18")
    with closing(projects.find(project).open()) as store:
        last = today or datetime.datetime.now(datetime.UTC).date().isoformat()
        found = rates(all_incidents(store), last, days, windows, provinces=provinces)
    for one in found:
        if output == "jsonl":
            print(msgspec.json.encode(one).decode())
        else:
            usual = f"{one.low}-{one.high}" if one.high is not None else "?"
            print(
                f"{visible(one.area):<20} {one.kind:<24} {one.now:>4}  mean {one.mean:>6.2f}  usual {usual:<8} {one.verdict}"
            )
    above = sum(one.verdict == "above" for one in found)
    print(f"tocsin: {above} of {len(found)} above; by chance alone {by_chance(found):.1f} would be", file=sys.stderr)
