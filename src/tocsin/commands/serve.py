"""The commands of the web desk: serve, and user add, list, remove."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import socket

    from tocsin.project import Project
    from tocsin.serve.settings import Settings

ProjectOption = Annotated[
    Path | None,
    typer.Option("--project", help="The project's folder (default: as for the other commands of the ledger)."),
]
user = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="People who may use a desk that others can reach.")


def register(app: typer.Typer) -> None:
    """Adds the commands to an app."""
    app.command("serve")(serve)
    app.add_typer(user, name="user")


def serve(
    project: ProjectOption = None,
    host: Annotated[
        str | None,
        typer.Option(help="Address to listen on (default: the project's, 127.0.0.1). Others than loopback want users."),
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port (default: the project's, 8642).")] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", help="A name under which the desk answers; may be given again.")
    ] = None,
    https: Annotated[bool, typer.Option("--https", help="A proxy before the desk speaks TLS: secure cookies.")] = False,
    open_: Annotated[
        bool | None, typer.Option("--open/--no-open", help="Open a browser (default: where there is a screen).")
    ] = None,
) -> None:
    """Serve the project's ledger as a web desk: map, timeline, inbox, incidents with their evidence, ledgers, search.

    On 127.0.0.1 there is one local user and no login. On any other address the desk refuses to start before `tocsin user add`
    has made a user. Ctrl-C stops it; nothing is lost.

    Examples:

      tocsin serve

      tocsin serve --host 0.0.0.0 --allow-host desk.example.org --https
    """
    from tocsin.project import find

    found = find(project)
    settings = _settings(found, host, port, allow_host or [], https)
    run(found, settings, open_browser=open_)


def run(project: Project, settings: Settings, *, open_browser: bool | None) -> None:
    """Serves until it is stopped. Raises `UsageError` where the port is taken or nobody may sign in."""
    import uvicorn

    from tocsin.desk import Desk
    from tocsin.serve.app import create_app

    store = project.open()
    listening = None
    try:
        app = create_app(Desk(store), settings)
        listening = _listen(settings)
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{shown}:{listening.getsockname()[1]}/"
        print(f"{project.settings.name}: {address}", file=sys.stderr, flush=True)
        if open_browser if open_browser is not None else _has_screen():
            _browse(address)
        sys.setswitchinterval(0.001)  # a short answer does not wait for the map's points to be written
        config = uvicorn.Config(app, log_level="warning", server_header=False, limit_concurrency=500, timeout_keep_alive=15)  # fmt: skip
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        if listening is not None:
            listening.close()
        store.close()


def _settings(project: Project, host: str | None, port: int | None, hosts: list[str], https: bool) -> Settings:
    from tocsin.serve.settings import Settings

    given = project.settings.serve
    return Settings(
        host=host or given.host, port=given.port if port is None else port, hosts=(*given.hosts, *(one.lower() for one in hosts)),
        https=https or given.https, title=f"Tocsin: {project.settings.name}", user=_name(),
    )  # fmt: skip


def _name() -> str:
    """The name that is written on judgements made on loopback: the one that the person is logged in by."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "local"


def _listen(settings: Settings) -> socket.socket:
    """The socket, bound here and not by uvicorn, so that a taken port is one clear line."""
    import errno
    import socket

    from tocsin.errors import UsageError

    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # the protocol is named, else asyncio does not know that it is TCP and lets the kernel hold each body back for some 40 ms
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((settings.host.strip("[]"), settings.port))
    except OSError as problem:
        made.close()
        if problem.errno == errno.EADDRINUSE:
            raise UsageError(f"port {settings.port} is taken; another one: tocsin serve --port {settings.port + 1}") from None  # fmt: skip
        if problem.errno == errno.EACCES:
            raise UsageError(f"port {settings.port} wants more rights than yours; take one above 1023") from None
        raise UsageError(f"{settings.host}:{settings.port} cannot be listened on: {problem.strerror or problem}") from None  # fmt: skip
    return made


def _has_screen() -> bool:
    import os

    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _browse(address: str) -> None:
    """Opens a browser beside the server: it may take seconds, and may fail; the address was printed."""
    import threading
    import webbrowser

    threading.Timer(0.6, webbrowser.open, [address]).start()


@user.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The person's name, by which they sign in.")],
    role: Annotated[str, typer.Option(help="viewer, coder, editor or admin.")] = "viewer",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input, one line.")
    ] = False,
    project: ProjectOption = None,
) -> None:
    """Add a person, or give a known one a new role and password; their open sessions end.

    viewer: reads. coder: answers coding tasks. editor: judges, assigns and decides. admin: also says who may use the desk.

    Examples:

      tocsin user add amal --role editor
    """
    from tocsin.errors import UsageError
    from tocsin.serve.passwords import checked_name, hashed
    from tocsin.serve.settings import ROLES
    from tocsin.store.accounts import User

    if role not in ROLES:
        raise UsageError(f"{role!r} is no role; it is one of {', '.join(ROLES)}")
    checked_name(name)
    known = hashed(_password(password_stdin))
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with _store(project) as store:
        store.put_user(User(name=name, role=role, password=known, added=at))
    print(f"{name} may sign in as {role}", file=sys.stderr)


@user.command("list")
def list_(project: ProjectOption = None) -> None:
    """Print who may use the desk: name, role and since when, tab-separated.

    Examples:

      tocsin user list
    """
    with _store(project) as store:
        for one in store.users():
            print(f"{one.name}\t{one.role}\t{one.added}")


@user.command("remove")
def remove(name: Annotated[str, typer.Argument(help="The person's name.")], project: ProjectOption = None) -> None:
    """Take a person's access away. What they judged stays.

    Examples:

      tocsin user remove amal
    """
    with _store(project) as store:
        store.remove_user(name)
    print(f"{name} may no longer sign in", file=sys.stderr)


def _password(from_stdin: bool) -> str:
    from tocsin.errors import UsageError

    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask for the password on: use --password-stdin")
    import getpass

    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise UsageError("the two passwords are not the same")
    return first


def _store(project: Path | None) -> Any:
    from contextlib import closing

    from tocsin.project import find

    return closing(find(project).open())
