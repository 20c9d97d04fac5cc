"""`tocsin watch` ended by SIGKILL at moments of the clock: nothing lost, nothing doubled, every alert told."""

from __future__ import annotations

import http.server
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastfeedparser")
pytest.importorskip("shapely")

from tocsin.ledger import IncidentFilter
from tocsin.project import find

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "pages"
HEAR = "import sys; open({told!r}, 'a').write(sys.stdin.read().replace(chr(10), ' ') + chr(10))"


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    links = ""
    for path in sorted(EXAMPLES.glob("*.html"))[:6]:
        (folder / path.name).write_bytes(path.read_bytes())
        links += f"<item><title>x</title><link>/{path.name}</link></item>"
    (folder / "rss.xml").write_text(f"<rss version='2.0'><channel><title>W</title>{links}</channel></rss>")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/rss.xml"
    server.shutdown()
    server.server_close()


def tocsin(project: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "tocsin.cli", *words, "--project", str(project)]


def watch(project: Path) -> list[str]:
    return tocsin(project, "watch", "--once", "--allow-private", "127.0.0.0/8")


def made(project: Path, feed: str) -> Path:
    subprocess.run([sys.executable, "-m", "tocsin.cli", "init", str(project)], check=True)
    hear = json.dumps([sys.executable, "-c", HEAR.format(told=str(project / "told"))])
    settings = project / "project.toml"
    settings.write_text(settings.read_text().replace("[alerts]\n", f"[alerts]\ncommand = {hear}\n"))
    subprocess.run(tocsin(project, "source", "add", feed, "--name", "Wire"), check=True)
    rules = project / "rules.yaml"
    rules.write_text("- {name: harm, kind: redline, kinds: [air-strike, shelling, armed-clash], since: 2000-01-01}\n")
    subprocess.run(tocsin(project, "rules", "add", str(rules)), check=True)
    return project


def held(project: Path) -> tuple[Any, ...]:
    """What a ledger holds, without the moments at which it came to."""
    store = find(project).open()
    try:
        assert list(store.verify()) == []
        versions = sorted(one.id for one in store.documents(limit=1000).rows)
        incidents = sorted(one.claims for one in store.incidents(IncidentFilter(), limit=1000).rows)
        alerts = sorted((one["rule"], one["title"], tuple(one["incidents"])) for one in store.alerts())
        return versions, incidents, alerts
    finally:
        store.close()


@pytest.mark.slow
def test_killed_at_any_moment_the_watch_loses_and_doubles_nothing(tmp_path: Path, feed: str) -> None:
    whole = made(tmp_path / "whole", feed)
    assert subprocess.run(watch(whole)).returncode == 0
    versions, incidents, alerts = held(whole)
    assert len(versions) == 6
    assert incidents
    assert alerts
    killed = made(tmp_path / "killed", feed)
    for seconds in (1.2, 3.0, 5.0, 7.0, 8.5, 9.5, 10.5):
        child = subprocess.Popen(watch(killed), stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        child.kill()
        child.wait()
    assert subprocess.run(watch(killed)).returncode == 0
    assert held(killed) == (versions, incidents, alerts)
    times = Counter((killed / "told").read_text().splitlines())
    assert all(any(title in line for line in times) for _, title, _ in alerts)
    assert max(times.values()) <= 2  # at least once: a kill between telling and noting it tells again
