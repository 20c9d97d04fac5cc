"""The commands of the watch and the alerts as a user gives them, over a site on loopback."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

pytest.importorskip("fastfeedparser")
pytest.importorskip("shapely")

from tocsin.cli import app
from tocsin.errors import RuleError, UsageError

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "pages"
ZONE = {"type": "Polygon", "coordinates": [[[40, 34], [41.5, 34], [41.5, 35], [40, 35], [40, 34]]]}


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    links = ""
    for path in sorted(EXAMPLES.glob("*.html"))[:6]:
        (folder / path.name).write_bytes(path.read_bytes())
        links += f"<item><title>x</title><link>/{path.name}</link></item>"
    (folder / "rss.xml").write_text(f"<rss version='2.0'><channel><title>W</title>{links}</channel></rss>")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    from tocsin.read import web

    web._robots_known.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_from_a_feed_to_an_alert(tmp_path: Path, site: str) -> None:
    project = str(tmp_path / "p")
    assert run("init", project).exit_code == 0
    assert (
        run("source", "add", f"{site}/rss.xml", "--name", "Wire", "--country", "sy", "--project", project).exit_code
        == 0
    )
    geometry = tmp_path / "zone.geojson"
    geometry.write_text(json.dumps({"type": "Feature", "geometry": ZONE, "properties": {}}))
    zone = [
        "zone",
        "add",
        str(geometry),
        "--name",
        "Abu Kamal",
        "--forbid",
        "air-strike,shelling",
        "--since",
        "2024-01-01",
    ]
    assert run(*zone, "--project", project).exit_code == 0
    assert run("redline", "add", "chemical-attack in Syria", "--project", project).exit_code == 0
    watched = run("watch", "--once", "--allow-private", "127.0.0.0/8", "--project", project)
    assert watched.exit_code == 0, watched.output
    assert "6 new pages, 6 fetched" in watched.output and "1 sources (0 failed)" in watched.output
    shown = [json.loads(line) for line in run("alerts", "--project", project, "--format", "jsonl").output.splitlines()]
    strike = next(one for one in shown if one["title"].startswith("Air strike on Abu Kamal"))
    assert (strike["where"], strike["state"], strike["number"]) == ("inside", "open", 0)
    assert strike["voices"] >= 2 and strike["words"]
    again = run("alerts", "--project", project, "--format", "jsonl").output
    assert again == "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in shown), (
        "nothing is told twice"
    )
    listed = run("source", "list", "--project", project, "--format", "jsonl")
    source = json.loads(listed.output)
    assert listed.exit_code == 0 and (source["name"], source["country"], source["items"], source["wrong"]) == (
        "Wire",
        "SY",
        6,
        None,
    )
    replayed = run("rules", "test", "Abu Kamal", "--from", "2024-03-10", "--to", "2024-03-17", "--project", project)
    lines = [line for line in replayed.output.splitlines() if "Air strike" in line]
    assert lines and " new " in lines[0] and all(" updated " in line for line in lines[1:]), replayed.output
    again = run("watch", "--once", "--allow-private", "127.0.0.0/8", "--project", project)
    assert "0 sources" in again.output and "--now fetches all" in again.output
    again = run("watch", "--once", "--now", "--allow-private", "127.0.0.0/8", "--project", project)
    assert "1 sources (0 failed), 0 new pages" in again.output, again.output
    assert run("indicators", "--today", "2024-03-17", "--project", project).exit_code == 0
    assert run("rules", "disable", "Abu Kamal", "--project", project).exit_code == 0
    assert '"enabled":false' in run("rules", "--project", project).output
    assert run("rules", "remove", "Abu Kamal", "--project", project).exit_code == 0
    assert run("source", "remove", f"{site}/rss.xml", "--project", project).exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["source", "add", "ftp://x.example/feed"], "no address"),
        (["source", "add", "https://x.example/f", "--every", "soon"], "no time like"),
        (["source", "add", "https://x.example/f", "--country", "Syria"], "two letters"),
        (["source", "remove", "https://x.example/none"], "no source"),
        (["watch", "--once"], "no source yet"),
        (["redline", "add", "jamboree in Syria"], "no kind"),
        (["rules", "remove", "none"], "no rule"),
        (["rules", "test", "none", "--from", "2024-01-01", "--to", "2024-01-02"], "no rule"),
        (["rules", "test", "none", "--from", "2024-01-09", "--to", "2024-01-02"], "days like"),
        (["indicators", "--today", "soon"], "not a day"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, words: list[str], told: str) -> None:
    project = str(tmp_path / "p")
    assert run("init", project).exit_code == 0
    with pytest.raises(UsageError, match=told):
        run(*words, "--project", project)


def test_a_wrong_rule_is_named_with_its_file(tmp_path: Path) -> None:
    project = str(tmp_path / "p")
    assert run("init", project).exit_code == 0
    file = tmp_path / "rules.yaml"
    for text, told in (
        ("name: a\nkind: redline\nkinds: [jamboree]\n", "no kind"), ("name: a\nkind: zone\n", "polygon"), ("name: a\nkind: zone\ncolour: red", "colour"),
        ("- 7", "no map"), ("name: a\nkind: threshold\n", "above"), ("name: a\nkind: redline\nsince: soon\n", "days like"), ("{", "no YAML"),
    ):  # fmt: skip
        file.write_text(text)
        with pytest.raises(RuleError, match=told) as raised:
            run("rules", "add", str(file), "--project", project)
        assert "rules.yaml" in str(raised.value)
