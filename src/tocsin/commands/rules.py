"""The commands of the rules: zone, redline, rules."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.commands.judging import user_name
from tocsin.commands.ledger import ProjectOption

zone = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Zones in which some things must not happen.")
red = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Kinds that alert wherever they are reported.")
rules = typer.Typer(
    invoke_without_command=True, rich_markup_mode=None, help="The rules: list, add, test, enable, disable, remove."
)


def register(app: typer.Typer) -> None:
    """Adds the commands to an app."""
    _list_and_remove(zone, "zone", "Idlib de-escalation zone")
    _list_and_remove(red, "redline", "chemical-attack in Syria")
    app.add_typer(zone, name="zone")
    app.add_typer(red, name="redline")
    app.add_typer(rules, name="rules")


def _list_and_remove(app: typer.Typer, kind: str, example: str) -> None:
    """What zones and red lines have in common."""

    @app.command("list", help=f"Show them, a JSON value a line.\n\nExamples:\n\n  tocsin {kind} list")
    def show(project: ProjectOption = None) -> None:
        _show(project, kind)

    @app.command("remove", help=f'Remove one; its alerts stay.\n\nExamples:\n\n  tocsin {kind} remove "{example}"')
    def remove(name: Annotated[str, typer.Argument(help="Its name.")], project: ProjectOption = None) -> None:
        _remove(project, name, kind)


@zone.command("add")
def zone_add(
    geometry: Annotated[Path, typer.Argument(help="GeoJSON: a Polygon or MultiPolygon, or a Feature of one.")],
    name: Annotated[str, typer.Option(help="What to call it.")],
    forbid: Annotated[str, typer.Option(help="Kinds of the codebook, with commas; empty: all that do harm.")] = "",
    since: Annotated[str | None, typer.Option(help="Valid from this day.")] = None,
    until: Annotated[str | None, typer.Option(help="Valid until this day.")] = None,
    project: ProjectOption = None,
) -> None:
    """Add a zone: incidents of the kinds inside it alert; those whose place does not settle it come as 'possibly inside'.

    Examples:

      tocsin zone add deescalation.geojson --name "Idlib de-escalation zone" --forbid air-strike,shelling,armed-clash
    """
    from tocsin.alerts.polygons import extent, polygon_of
    from tocsin.alerts.rules import checked
    from tocsin.errors import InputError

    try:
        text = geometry.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(str(geometry), f"cannot be read: {problem}") from problem
    kinds = [one.strip() for one in forbid.split(",") if one.strip()]
    value = {
        "name": name,
        "kind": "zone",
        "kinds": kinds,
        "polygon": polygon_of(text, str(geometry)),
        "since": since,
        "until": until,
    }
    made = checked({key: one for key, one in value.items() if one is not None}, "the zone")
    _put(project, made)
    print(f"tocsin: it is {extent(made.polygon or {})}", file=sys.stderr)


@red.command("add")
def redline_add(
    line: Annotated[str, typer.Argument(help='A kind, and where: "chemical-attack in Syria".')],
    project: ProjectOption = None,
) -> None:
    """Add a red line.

    Examples:

      tocsin redline add "chemical-attack in Syria"

      tocsin redline add hostage-taking
    """
    from tocsin.alerts.rules import redline

    made = redline(line)
    _put(project, made)
    if made.place is not None:
        print(f"tocsin: {made.place!r} is no country that is known here: taken as a place's name", file=sys.stderr)


@rules.callback()
def rules_list(context: typer.Context, project: ProjectOption = None) -> None:
    """Show the rules; or add, test, enable, disable, remove one.

    Examples:

      tocsin rules

      tocsin rules add rules.yaml

      tocsin rules test "chemical-attack in Syria" --from 2024-03-01 --to 2024-03-31
    """
    if context.invoked_subcommand is not None:
        return
    _show(project, None)


def _show(project: Path | None, kind: str | None) -> None:
    """The rules, or those of a kind, a JSON value a line."""
    import msgspec

    from tocsin import project as projects

    with closing(projects.find(project).open()) as store:
        found = [one for one in store.rules().values() if kind in (None, one["kind"])]
    for value in found:
        print(msgspec.json.encode({key: one for key, one in value.items() if one not in (None, [], ())}).decode())
    if not found:
        print(
            "tocsin: no rule yet; `tocsin redline add`, `tocsin zone add` or `tocsin rules add FILE` adds one",
            file=sys.stderr,
        )


def _remove(project: Path | None, name: str, kind: str | None) -> None:
    from tocsin import project as projects
    from tocsin.errors import UsageError

    with closing(projects.find(project).open()) as store:
        found = store.rules().get(name)
        if kind is not None and (found is None or found["kind"] != kind):
            raise UsageError(f"no {kind} {name!r}; `tocsin {kind} list` shows them")
        store.remove_rule(name, user_name())


@rules.command("add")
def rules_add(
    file: Annotated[Path, typer.Argument(help="YAML: a rule or a list of rules.")], project: ProjectOption = None
) -> None:
    """Add the rules of a YAML file; one of a known name takes the other's place.

    Examples:

      tocsin rules add rules.yaml
    """
    for one in _of_file(file):
        _put(project, one)


@rules.command("check")
def rules_check(file: Annotated[Path, typer.Argument(help="YAML: a rule or a list of rules.")]) -> None:
    """Say whether a YAML file of rules is right, and what is wrong in which rule; keeps nothing.

    Examples:

      tocsin rules check rules.yaml
    """
    print(f"tocsin: {len(_of_file(file))} rules, all right", file=sys.stderr)


def _of_file(file: Path) -> Any:
    from tocsin.alerts.rules import read_rules
    from tocsin.errors import InputError

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(str(file), f"cannot be read: {problem}") from problem
    return read_rules(text, str(file))


@rules.command("remove")
def rules_remove(name: Annotated[str, typer.Argument(help="The rule's name.")], project: ProjectOption = None) -> None:
    """Remove a rule; its alerts stay.

    Examples:

      tocsin rules remove "chemical-attack in Syria"
    """
    _remove(project, name, None)


@rules.command("history")
def rules_history(
    name: Annotated[str | None, typer.Argument(help="The rule's name; default: all rules.")] = None,
    project: ProjectOption = None,
    format: Annotated[str, typer.Option(help="text or jsonl.")] = "text",
) -> None:
    """Who added, changed, switched or removed a rule, when, and what it was from then on. Part of the chain that `verify` checks.

    Examples:

      tocsin rules history

      tocsin rules history "Idlib de-escalation zone" --format jsonl
    """
    import msgspec

    from tocsin import project as projects
    from tocsin.errors import UsageError
    from tocsin.plain import visible as plain

    if format not in ("text", "jsonl"):
        raise UsageError(f"--format {format!r} is not known; it is text or jsonl")
    with closing(projects.find(project).open()) as store:
        found = store.rule_history(name)
    if name is not None and not found:
        raise UsageError(f"nothing is known of a rule {name!r}; `tocsin rules history` shows all changes")
    former: dict[str, Any] = {}
    for one in found:
        if format == "jsonl":
            print(msgspec.json.encode(one).decode())
        else:
            print(
                plain(
                    f"{one.at}  {one.user}  {one.action}  {one.rule}, version {one.version}{_differences(former.get(one.rule), one.value)}"
                )
            )
        former[one.rule] = one.value


def _differences(before: Any, after: Any) -> str:
    """The parts of a rule that a change changed, in words; of a new rule none."""
    if before is None:
        return ""
    names = [
        name for name in {**before, **after} if name not in ("added", "enabled") and before.get(name) != after.get(name)
    ]
    told = (f"{name}: {before.get(name, 'nothing')} -> {after.get(name, 'nothing')}" for name in names)
    return "".join(f"\n    {line[:200]}" for line in told)


@rules.command("test")
def rules_test(
    name: Annotated[str, typer.Argument(help="The rule's name, or a YAML file with one rule.")],
    since: Annotated[str, typer.Option("--from", help="The first day.")],
    until: Annotated[str | None, typer.Option("--to", help="The last day; default: today.")] = None,
    project: ProjectOption = None,
) -> None:
    """Replay a rule over the past: what it would have said, and when, by what had been published by each day's end.

    Examples:

      tocsin rules test "chemical-attack in Syria" --from 2024-03-01 --to 2024-03-31
    """
    import datetime

    from tocsin import project as projects
    from tocsin.alerts.judging import is_of_sources
    from tocsin.alerts.telling import replay, replay_sources, rules_of
    from tocsin.desk import Desk
    from tocsin.errors import UsageError
    from tocsin.plain import visible
    from tocsin.read import is_date

    until = until or datetime.datetime.now(datetime.UTC).date().isoformat()
    if not (is_date(since) and is_date(until)) or not 0 <= (_day(until) - _day(since)).days <= 400:
        raise UsageError("--from and --to are days like 2024-03-18, at most 400 days apart")
    days = [(_day(since) + datetime.timedelta(n)).isoformat() for n in range((_day(until) - _day(since)).days + 1)]
    with closing(projects.find(project).open()) as store:
        path = Path(name)
        kept = {one.name: one for one in rules_of(store)}
        if name not in kept and not path.is_file():
            raise UsageError(f"no rule {name!r}, and no file of that name; `tocsin rules` lists them")
        rule = kept[name] if name in kept else _only_rule(path)
        desk = Desk(store)
        announced = store.all_claims("announcement") if rule.kind == "overdue" else ()
        said = [(one.published or "", one) for one in announced]

        def known(day: str) -> Any:
            return desk.as_of(f"{day}T23:59:59Z"), [one for when, one in said if when[:10] <= day]

        of_sources = is_of_sources(rule)
        found = replay_sources(rule, days, store.sources(), store.news()) if of_sources else replay(rule, days, known)
    for day, what, one in found:
        state = "over" if one.state == "over" else what
        print(
            f"{day} {state:<8} {one.status:<12} {one.where or '':<16} {visible(one.title)}{visible(f' ({one.note})' if one.note else '')}"
        )
    print(
        f"tocsin: {len(found)} lines, {len({one.key for _, _, one in found})} alerts in {len(days)} days",
        file=sys.stderr,
    )


def _only_rule(file: Path) -> Any:
    from tocsin.errors import UsageError

    found = _of_file(file)
    if len(found) != 1:
        raise UsageError(f"{file} holds {len(found)} rules; a replay is of one")
    return found[0]


def _day(text: str) -> Any:
    import datetime

    return datetime.date.fromisoformat(text)


@rules.command("enable")
def rules_enable(name: Annotated[str, typer.Argument(help="The rule's name.")], project: ProjectOption = None) -> None:
    """Let a rule alert again.

    Examples:

      tocsin rules enable "chemical-attack in Syria"
    """
    _switch(project, name, on=True)


@rules.command("disable")
def rules_disable(name: Annotated[str, typer.Argument(help="The rule's name.")], project: ProjectOption = None) -> None:
    """Keep a rule but let it alert no more.

    Examples:

      tocsin rules disable "chemical-attack in Syria"
    """
    _switch(project, name, on=False)


def _switch(project: Path | None, name: str, *, on: bool) -> None:
    import msgspec

    from tocsin import project as projects
    from tocsin.alerts.telling import rules_of
    from tocsin.errors import UsageError

    with closing(projects.find(project).open()) as store:
        known = {one.name: one for one in rules_of(store)}
        if name not in known:
            raise UsageError(f"no rule {name!r}; `tocsin rules` lists them")
        store.put_rule(name, msgspec.structs.replace(known[name], enabled=on), user_name())


def _put(project: Path | None, rule: Any) -> None:
    import datetime

    import msgspec

    from tocsin import project as projects

    added = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with closing(projects.find(project).open()) as store:
        store.put_rule(rule.name, msgspec.structs.replace(rule, added=rule.added or added), user_name())
    print(f"tocsin: rule {rule.name!r} is kept; `tocsin alerts` shows what it finds", file=sys.stderr)
