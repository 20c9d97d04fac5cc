"""`tocsin user` and `tocsin serve` as they are called."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tocsin.commands import serve
from tocsin.errors import UsageError
from tocsin.project import init
from tocsin.serve.settings import Settings

app = typer.Typer()
serve.register(app)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return init(tmp_path / "idlib").folder


def test_users_are_added_listed_and_removed(project: Path) -> None:
    run, where = CliRunner(), ["--project", str(project)]
    added = run.invoke(
        app, ["user", "add", "amal", "--role", "editor", "--password-stdin", *where], input="a long password\n"
    )
    assert added.exit_code == 0, added.output
    listed = run.invoke(app, ["user", "list", *where]).output
    assert listed.split("\t")[:2] == ["amal", "editor"] and "password" not in listed
    assert run.invoke(app, ["user", "remove", "amal", *where]).exit_code == 0
    assert run.invoke(app, ["user", "list", *where]).output == ""
    assert isinstance(run.invoke(app, ["user", "remove", "amal", *where]).exception, UsageError)


@pytest.mark.parametrize("arguments", [["amal", "--role", "king"], [" amal"], [""], ["a\x1bb"]])
def test_users_that_cannot_be(project: Path, arguments: list[str]) -> None:
    command = ["user", "add", *arguments, "--password-stdin", "--project", str(project)]
    assert isinstance(CliRunner().invoke(app, command, input="a long password\n").exception, UsageError)


def test_a_short_password_is_refused(project: Path) -> None:
    command = ["user", "add", "amal", "--password-stdin", "--project", str(project)]
    assert isinstance(CliRunner().invoke(app, command, input="short\n").exception, UsageError)


def test_a_taken_port_is_one_clear_line(project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = CliRunner().invoke(app, ["serve", "--no-open", "--port", str(port), "--project", str(project)])
    assert isinstance(answer.exception, UsageError)
    assert f"port {port} is taken" in str(answer.exception)


def test_an_open_address_without_users_is_refused(project: Path) -> None:
    answer = CliRunner().invoke(
        app, ["serve", "--no-open", "--host", "0.0.0.0", "--port", "0", "--project", str(project)]
    )
    assert isinstance(answer.exception, UsageError)
    assert "tocsin user add" in str(answer.exception)


def test_the_server_says_where_it_is_and_stops(project: Path) -> None:
    code = f"from tocsin.commands import serve; import typer; a = typer.Typer(); serve.register(a); a(['serve', '--port', '0', '--no-open', '--project', {str(project)!r}])"  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        address = running.stderr.readline().rsplit(" ", 1)[1].strip()
        until = time.monotonic() + 20
        answer = 0
        while not answer and time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{address}session.json", timeout=5) as page:
                    answer = page.status
            except OSError:
                time.sleep(0.1)
        running.terminate()
        assert answer == 200
        assert running.wait(15) in (0, -15)


def test_loopback_settings() -> None:
    assert Settings().loopback and "localhost" in Settings().allowed_hosts
    assert not Settings(host="0.0.0.0").loopback and Settings(host="0.0.0.0").allowed_hosts == ()
