"""A project: a folder with `project.toml`, the ledger and the archive of raw pages. How one is made, and how it is found.

A command takes the project that `--project` names, else `$TOCSIN_PROJECT`, else the working folder or the nearest of its
parents that is one, else the only one among the working folder's own folders.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tocsin.errors import RuleError, StoreError, UsageError, nearest

if TYPE_CHECKING:
    from tocsin.store.ledger_store import LedgerStore

SETTINGS = "project.toml"
VARIABLE = "TOCSIN_PROJECT"
_FIRST = """\
# Settings of this Tocsin project. Paths are relative to this file. A key that is not known stops every command.
name = {name}
# The ledger: a SQLite file, or postgresql://user@host/database (the password in ~/.pgpass or $PGPASSWORD, not here).
database = {database}
archive = "archive"

[read]
# model = "en_core_web_sm"
# gazetteer = "/path/to/gazetteer.sqlite"

[serve]
host = "127.0.0.1"
port = 8642

[alerts]
# webhook = "https://example.org/hook"        # signed with $TOCSIN_WEBHOOK_SECRET
# smtp = "localhost:25"
# email_from = "tocsin@example.org"
# email_to = ["desk@example.org"]
# atom = "alerts.atom"
# command = ["notify-send", "Tocsin"]
# quiet = "22:00-06:00"
# timezone = "Europe/Istanbul"
# address = "https://desk.example.org"       # of the desk, for links
"""


class ReadSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """With what pages are read; empty for the defaults."""

    model: str | None = None
    gazetteer: str | None = None


class ServeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the desk is served where the command does not say."""

    host: str = "127.0.0.1"
    port: int = 8642
    hosts: tuple[str, ...] = ()
    https: bool = False


class AlertSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where alerts go. `secret_env` names the variable with the webhook's secret; `quiet` is 22:00-06:00 in `timezone`; `address` is
    the desk's own, which links of mails and feeds begin with."""

    webhook: str | None = None
    secret_env: str = "TOCSIN_WEBHOOK_SECRET"
    allow_private: tuple[str, ...] = ()
    smtp: str | None = None
    starttls: bool = False
    email_from: str | None = None
    email_to: tuple[str, ...] = ()
    atom: str | None = None
    command: tuple[str, ...] = ()
    quiet: str | None = None
    timezone: str = "UTC"
    address: str = ""


class ProjectSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `project.toml` may say."""

    name: str
    database: str = "ledger.sqlite"
    archive: str = "archive"
    read: ReadSettings = ReadSettings()
    serve: ServeSettings = ServeSettings()
    alerts: AlertSettings = AlertSettings()


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project's folder and settings."""

    folder: Path
    settings: ProjectSettings

    @property
    def database(self) -> str:
        """The ledger as `open_store` takes it."""
        named = self.settings.database
        return named if "://" in named else str(self.folder / named)

    @property
    def archive(self) -> Path:
        return self.folder / self.settings.archive

    @property
    def gazetteer(self) -> Path | None:
        named = self.settings.read.gazetteer
        return self.folder / named if named else None

    def open(self) -> LedgerStore:
        """The project's ledger. Raises `StoreError` where it is gone, damaged, or of a newer version."""
        from tocsin.store import open_store

        return open_store(self.database, self.archive, create=False)


def init(where: Path, database: str | None = None) -> Project:
    """Makes a project: its folder, an empty ledger and, last of all, its settings. Stopped at any moment, it can be called again.

    Raises `UsageError` where there is one already, `StoreError` where it cannot be made.
    """
    from tocsin.store import open_store
    from tocsin.whole import to_file

    if (where / SETTINGS).exists():
        raise UsageError(f"{where} is a project already")
    if where.exists() and not where.is_dir():
        raise UsageError(f"{where} is no folder")
    if (where / "ledger.sqlite").exists() and not _is_begun_only(where):
        raise UsageError(f"{where} holds a ledger.sqlite but no {SETTINGS}: restore that, or name another folder")
    name = where.resolve().name
    text = _FIRST.format(name=_quoted(name), database=_quoted(database or "ledger.sqlite"))
    project = Project(folder=where, settings=_settings(text, where / SETTINGS))
    try:
        where.mkdir(parents=True, exist_ok=True)
        project.archive.mkdir(exist_ok=True)
        open_store(project.database, project.archive).close()
        with to_file(where / SETTINGS) as stream:
            stream.write(text)
    except OSError as problem:
        raise StoreError(f"{where}: the project cannot be made: {problem.strerror}") from problem
    return project


def _is_begun_only(where: Path) -> bool:
    """Whether a ledger without settings is what an `init` that was stopped has left: empty, and nothing archived."""
    from tocsin.store import open_store

    if any((where / "archive").glob("*")):
        return False
    store = open_store(str(where / "ledger.sqlite"), where / "archive")
    try:
        return store.head() == ""
    finally:
        store.close()


def load(folder: Path) -> Project:
    """The project of a folder. Raises `UsageError` where it is none, `RuleError` with file and line where a setting is wrong."""
    path = folder / SETTINGS
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"{folder} is no project: it has no {SETTINGS}; `tocsin init {folder}` makes one") from None
    except OSError as problem:
        raise StoreError(f"{path}: cannot be read: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise RuleError(f"{path}: is not UTF-8: {problem.reason}") from problem
    return Project(folder=folder, settings=_settings(text, path))


def find(named: Path | None = None) -> Project:
    """The project a command is about, in the order above. Raises `UsageError` that lists them where it could be several."""
    if named is not None:
        return load(named)
    if os.environ.get(VARIABLE):
        return load(Path(os.environ[VARIABLE]))
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / SETTINGS).is_file():
            return load(folder)
    below = sorted(path.parent for path in here.glob(f"*/{SETTINGS}") if path.is_file())
    if len(below) == 1:
        return load(below[0])
    if below:
        names = ", ".join(path.name for path in below)
        raise UsageError(f"there are several projects here: {names}; name one with --project or ${VARIABLE}")
    raise UsageError("no project here; `tocsin init NAME` makes one, --project or $TOCSIN_PROJECT names one elsewhere")


def _settings(text: str, path: Path) -> ProjectSettings:
    try:
        return msgspec.convert(tomllib.loads(text), ProjectSettings)
    except tomllib.TOMLDecodeError as problem:
        raise RuleError(f"{path}: is not TOML: {problem}") from problem
    except msgspec.ValidationError as problem:
        raise RuleError(f"{path}:{_line_of(text, str(problem))}: {problem}{_meant(str(problem))}") from problem


def _meant(problem: str) -> str:
    """The setting or table that an unknown one is most like, in words."""
    unknown = re.search(r"unknown field `([^`]+)`", problem)
    kinds = (ProjectSettings, ReadSettings, ServeSettings, AlertSettings)
    known = [name for one in kinds for name in one.__struct_fields__]
    return nearest(unknown[1], known) if unknown else ""


def _line_of(text: str, problem: str) -> int:
    """The line of the key that the problem names; 1 where it names none."""
    unknown = re.search(r"unknown field `([^`]+)`", problem)
    path = re.search(r"at `\$\.?([^`]*)`", problem)
    steps = [one for one in re.split(r"[.\[]", path[1]) if one] if path else []
    key = unknown[1] if unknown else steps[-1] if steps else None
    table = steps if unknown else steps[:-1]
    here: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        header = re.match(r"\s*\[([^\]]+)\]", line)
        if header:
            here = [one.strip(" \"'") for one in header[1].split(".")]
            if [*table, key] == here:
                return number
        elif key and here == table and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return 1


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's escapes are all among TOML's."""
    return msgspec.json.encode(text).decode()
