"""The command that takes a person's word."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.commands.ledger import ProjectOption, project_of

if TYPE_CHECKING:
    from tocsin.store.base import Store

ACTIONS = ("same", "not-same", "accept", "reject", "edit", "note", "undo")


def register(app: typer.Typer) -> None:
    """Adds the command to an app."""
    app.command("judge")(judge)


def judge(
    action: Annotated[str, typer.Argument(help=f"{', '.join(ACTIONS)}.")],
    names: Annotated[list[str], typer.Argument(help="Incidents or claims by id; for undo the judgement's id.")],
    project: ProjectOption = None,
    cell: Annotated[
        str | None, typer.Option(help="edit: title, kind, status, day_from, day_to, place, figure:killed ...")
    ] = None,
    value: Annotated[
        str | None, typer.Option(help="edit: its value: a kind, a status, 2018-09-05, 9-11-13, a place's name.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="A remark that stays with the judgement.")] = None,
    user: Annotated[str | None, typer.Option(help="Whose word it is (default: the name you are logged in by).")] = None,
) -> None:
    """Say what you judge: it is kept for ever with your name, outweighs the machine, and can be undone.

    same: all belong together. not-same: the first does not belong with the others. Prints the judgement's id, for undo.

    Examples:

      tocsin judge same INCIDENT INCIDENT

      tocsin judge not-same CLAIM CLAIM --note "another market"

      tocsin judge edit INCIDENT --cell kind --value shelling

      tocsin judge edit INCIDENT --cell figure:killed --value 9-11-13

      tocsin judge undo JUDGEMENT
    """
    from tocsin.desk import Desk

    _check(action, names, cell, value, note)
    desk = Desk(project_of(project).open())
    _check_names(desk.store, action, names)
    about, undoes = ([], names[0]) if action == "undo" else (names, None)
    set_to = _cell_value(cell, value) if action == "edit" else None
    said = desk.word(user or user_name(), action, about, cell=cell, value=set_to, note=note, undoes=undoes)  # type: ignore[arg-type]
    found = desk.judge(said)
    print(said.id)
    for one in found:
        print(f"{one.id}  {one.title}", file=sys.stderr)


def _check(action: str, names: Sequence[str], cell: str | None, value: str | None, note: str | None) -> None:
    """Raises `UsageError` where the action lacks something, or is given what it has no use for."""
    from tocsin.errors import UsageError

    if action not in ACTIONS:
        raise UsageError(f"{action!r} is not known; it is one of {', '.join(ACTIONS)}")
    if action in ("same", "not-same") and len(set(names)) < 2:
        raise UsageError(f"{action} needs two or more incidents or claims")
    if action == "edit" and (cell is None or value is None):
        raise UsageError("edit needs --cell and --value")
    if action != "edit" and (cell is not None or value is not None):
        raise UsageError(f"--cell and --value are for edit, not for {action}")
    if action == "note" and not (note or "").strip():
        raise UsageError("note needs --note and its words")
    if action == "undo" and len(names) != 1:
        raise UsageError("undo needs the id of one judgement")


def _check_names(store: Store, action: str, names: Sequence[str]) -> None:
    """Raises `UsageError` for the first name that is nothing of the ledger's, and says where such names are found."""
    from tocsin.errors import UsageError

    if action == "undo":
        if store.judgement(names[0]) is None:
            raise UsageError(
                f"no judgement {names[0]!r} to undo; `tocsin judge` prints its id, and so does the incident's history"
            )
        return
    for one in names:
        if store.claim(one) is None and store.incident(one) is None:
            raise UsageError(f"no incident or claim {one!r}; `tocsin incidents` lists the incidents with their ids")


def _cell_value(cell: str | None, value: str | None) -> Any:
    """The value as the ledger keeps it, by the same rules as in the browser. Raises `UsageError` where the cell cannot hold it."""
    from starlette.exceptions import HTTPException

    from tocsin.errors import UsageError
    from tocsin.serve.cells import cell_value

    try:
        return cell_value(cell, value)
    except HTTPException as problem:
        raise UsageError(f"--cell {cell} --value {value!r}: {problem.detail}") from problem


def user_name() -> str:
    """The name that one is logged in by."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
