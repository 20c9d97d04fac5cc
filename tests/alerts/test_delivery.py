"""Alerts to people, over real servers on loopback: signed, escaped, once, again after a failure, held in quiet hours."""

from __future__ import annotations

import datetime
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree

from tocsin.alerts.channels import atom, channels, run_command, send_mail, webhook, words_of
from tocsin.alerts.delivery import DIGEST_FROM, FIRST_WAIT, deliver, is_quiet
from tocsin.alerts.telling import Alert
from tocsin.errors import TocsinError, UsageError
from tocsin.project import AlertSettings
from tocsin.store import open_store

NOON = datetime.datetime(2024, 3, 10, 12, tzinfo=datetime.UTC)
HOSTILE = "Strike\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script> ]]> &amp; \"' \u202edlrow \x00\x07\x1b[31m \ufffe\uffff \U000e0041 {{7*7}} $(id) `id`"
LOCAL = ("127.0.0.0/8",)


def alert(name: str = "a-1", **others: Any) -> Alert:
    given: dict[str, Any] = {
        "rule": "zone", "kind": "zone", "key": name, "title": "Air strike on Mayadin", "status": "reported", "incidents": ("i-1",),
        "words": ("Jets hit the mill.",), "speakers": ("a medic (gazette)",), "links": ("https://gazette.example/1",), "voices": 2,
        "first": "2024-03-10T11:00:00Z", "changed": "2024-03-10T11:00:00Z", "figures": "killed 9",
    }  # fmt: skip
    return Alert(id=name, **(given | others))


class Taking(http.server.BaseHTTPRequestHandler):
    server: Any

    def log_message(self, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), body))
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def hook() -> Iterator[Any]:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    made.taken, made.answers = [], []  # type: ignore[attr-defined]
    made.address = f"http://127.0.0.1:{made.server_port}/in?a=1"  # type: ignore[attr-defined]
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def settings(**others: Any) -> AlertSettings:
    return AlertSettings(**({"allow_private": LOCAL} | others))


def test_a_webhook_is_signed(hook: Any) -> None:
    webhook([alert(title=HOSTILE)], settings(webhook=hook.address), "s3cret")
    ((path, headers, body),) = hook.taken
    parts = dict(one.split("=", 1) for one in headers["X-Tocsin-Signature"].split(","))
    expected = hmac.new(b"s3cret", f"{parts['t']}.".encode() + body, hashlib.sha256).hexdigest()
    assert path == "/in?a=1" and parts["v1"] == expected and abs(int(parts["t"]) - time.time()) < 60
    assert json.loads(body)["alerts"][0]["title"] == HOSTILE
    assert headers["Content-Type"] == "application/json"


def test_a_webhook_is_tried_again_and_then_given_up(hook: Any) -> None:
    hook.answers = [500, 503]
    webhook([alert()], settings(webhook=hook.address), "s")
    assert len(hook.taken) == 3
    hook.answers = [500] * 9
    with pytest.raises(OSError, match="answered 500"):
        webhook([alert()], settings(webhook=hook.address), "s")
    hook.answers = [302] * 9
    with pytest.raises(OSError, match="answered 302"):
        webhook([alert()], settings(webhook=hook.address), "s")
    assert all(path.startswith("/in") for path, _, _ in hook.taken), "a redirection is not followed"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "http://169.254.169.254/latest", "http://10.0.0.1/", "http://[::1]/"]
)
def test_a_webhook_is_not_posted_to_a_private_address(url: str) -> None:
    with pytest.raises(TocsinError, match="not a public address"):
        webhook([alert()], AlertSettings(webhook=url), "s")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"webhook": "https://x.example/"}, "not set"),
        ({"webhook": "ftp://x.example/", "secret_env": "PATH"}, "no address"),
        ({"webhook": "https://x.example/a b\r\nX: y", "secret_env": "PATH"}, "no address"),
        ({"webhook": "https://x.example:port/", "secret_env": "PATH"}, "no address"),
        ({"email_to": ("a@x.example",)}, "email_from"),
        ({"quiet": "22-6"}, "quiet hours"),
        ({"quiet": "22:00-26:00"}, "quiet hours"),
        ({"quiet": "22:00-06:00", "timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"timezone": "Europe/Istambul"}, "is Europe/Istanbul meant"),
        ({"timezone": "Damascus"}, "is Asia/Damascus meant"),
        ({"timezone": "new york"}, "is America/New_York meant"),
        ({"quiet": "06:00-06:00"}, "end when they begin"),
        ({"quiet": "22:00-24:00"}, "from 00:00 to 23:59"),
    ],
)
def test_wrong_settings_are_told_at_the_start(
    given: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOCSIN_WEBHOOK_SECRET", raising=False)
    with pytest.raises(UsageError, match=told):
        channels(AlertSettings(**given), Path(), list)


class Post:
    """What a mail server got."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def post() -> Iterator[Any]:
    smtp = pytest.importorskip("aiosmtpd.controller")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = smtp.Controller(Post(), hostname="127.0.0.1", port=port)
    controller.start()
    controller.handler.smtp = f"127.0.0.1:{port}"
    yield controller.handler
    controller.stop()


def mail(post: Any, told: Sequence[Alert]) -> Any:
    send_mail(told, AlertSettings(smtp=post.smtp, email_from="tocsin@example.org", email_to=("desk@example.org",), address="https://desk.example.org/"))  # fmt: skip
    envelope = post.taken[-1]
    assert envelope.rcpt_tos == ["desk@example.org"]
    return email.message_from_bytes(envelope.content, policy=email.policy.default)


def test_a_mail(post: Any) -> None:
    made = mail(post, [alert()])
    assert made["Subject"] == "[Tocsin] Air strike on Mayadin" and made["To"] == "desk@example.org"
    body = made.get_content()
    wanted = (
        "Status: reported", "Independent voices: 2 (a medic (gazette))", '"Jets hit the mill."', "https://gazette.example/1", "killed 9",
        "https://desk.example.org/incidents/i-1",
    )  # fmt: skip
    for words in wanted:
        assert words in body


def test_a_title_cannot_add_headers(post: Any) -> None:
    made = mail(post, [alert(title=HOSTILE, rule=HOSTILE, words=(HOSTILE,), links=(HOSTILE,), speakers=(HOSTILE,))])
    assert made["Bcc"] is None and made.get_content_type() == "text/plain"
    assert not set("\u202e\x00\x07\x1b") & set(made["Subject"] + made.get_content())
    assert "Bcc: all@example.org" not in made.get_content().splitlines()


def test_many_alerts_are_one_mail(post: Any) -> None:
    made = mail(post, [alert(f"a-{n}", title=f"Strike {n}") for n in range(7)])
    assert made["Subject"] == "[Tocsin] 7 alerts"
    assert all(f"Strike {n}" in made.get_content() for n in range(7))


def test_the_atom_feed_is_xml_whatever_an_alert_says() -> None:
    feed = etree.fromstring(atom([alert('a"<1', title=HOSTILE, rule=HOSTILE, words=(HOSTILE,), status='"<')], 'https://desk.example.org/"').encode())  # fmt: skip
    names = {"a": "http://www.w3.org/2005/Atom"}
    assert len(feed.findall("a:entry", names)) == 1
    assert feed.find("a:entry/a:title", names).text.startswith("Strike Bcc: all@example.org")
    assert {etree.QName(one).localname for one in feed.iter()} == {"feed", "id", "title", "author", "name", "updated", "entry", "published", "category", "link", "content"}  # fmt: skip
    for path in ("a:id", "a:title", "a:updated", "a:entry/a:id", "a:entry/a:title", "a:entry/a:updated"):
        assert feed.find(path, names).text, f"RFC 4287 wants {path}"


def test_a_command_gets_json_and_no_shell(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    code = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())"
    run_command([alert(title=HOSTILE)], [sys.executable, "-c", code, str(out)])
    assert json.loads(out.read_bytes())["alerts"][0]["title"] == HOSTILE
    with pytest.raises(OSError, match="ended with 3: no room"):
        run_command([alert()], [sys.executable, "-c", "import sys; sys.stderr.write('no room'); sys.exit(3)"])
    with pytest.raises(OSError):
        run_command([alert()], ["/no/such/program"])


def test_what_is_over_is_said_with_its_reason() -> None:
    assert "over: its status is now denied" in words_of(
        alert(state="over", status="denied", note="its status is now denied")
    )


# ------------------------------------------------------------------------------------------------------- what is told when


class Ear:
    """A channel that notes what it was told, and fails when it is told to."""

    def __init__(self) -> None:
        self.heard: list[list[str]] = []
        self.refused: set[str] = set()
        self.down = False

    def __call__(self, told: Sequence[Alert]) -> None:
        if self.down or any(one.id in self.refused for one in told):
            raise OSError("no answer")
        self.heard.append([one.id for one in told])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Any]:
    made = open_store(tmp_path / "ledger.sqlite")
    yield made
    made.close()


def put(store: Any, *alerts: Alert) -> None:
    for one in alerts:
        store.put_alert(one.id, one.rule, one.changed, one)


def later(minutes: float) -> datetime.datetime:
    return NOON + datetime.timedelta(minutes=minutes)


def test_each_is_told_once_and_again_when_it_changes(store: Any) -> None:
    ear = Ear()
    put(store, alert())
    assert deliver(store, {"ear": ear}, NOON).delivered == 1
    assert deliver(store, {"ear": ear}, later(1)).delivered == 0
    put(store, alert(changed="2024-03-10T12:01:00Z"))  # nothing that is told has changed
    assert deliver(store, {"ear": ear}, later(2)).delivered == 0
    put(store, alert(status="contested", changed="2024-03-10T12:02:00Z"))
    assert deliver(store, {"ear": ear}, later(3)).delivered == 1
    assert ear.heard == [["a-1"], ["a-1"]]


def test_what_was_over_before_it_was_told_is_no_news(store: Any) -> None:
    ear = Ear()
    put(store, alert(state="over"), alert("a-2"))
    deliver(store, {"ear": ear}, NOON)
    put(store, alert("a-2", state="over", changed="2024-03-10T12:02:00Z"))
    deliver(store, {"ear": ear}, later(3))
    assert ear.heard == [["a-2"], ["a-2"]]


def test_a_dead_channel_is_tried_ever_less_often_and_costs_the_others_nothing(store: Any) -> None:
    dead, well = Ear(), Ear()
    dead.down = True
    put(store, *(alert(f"a-{n}") for n in range(3)))
    tries = []
    for minute in range(600):
        before = len(store.deliveries(limit=10_000))
        deliver(store, {"dead": dead, "well": well}, later(minute))
        tries += [minute] * (len(store.deliveries(limit=10_000)) > before)
    assert tries[:6] == [0, 1, 3, 7, 15, 31], "a minute, then twice as long each time"
    assert len(tries) < 12
    assert sorted(well.heard) == [["a-0"], ["a-1"], ["a-2"]], "told once each, however long the other has failed"
    dead.down = False
    deliver(store, {"dead": dead, "well": well}, later(2000))
    assert sorted(dead.heard) == [["a-0"], ["a-1"], ["a-2"]], "nothing is lost"
    failed = [one for one in store.deliveries(limit=10_000) if one.problem]
    assert failed and all("no answer" in str(one.problem) for one in failed), "each failure is logged"


def test_an_alert_that_a_server_refuses_holds_up_no_other(store: Any) -> None:
    ear = Ear()
    ear.refused = {"a-0"}
    put(store, *(alert(f"a-{n}") for n in range(3)))
    deliver(store, {"ear": ear}, NOON)
    assert ear.heard == []
    deliver(store, {"ear": ear}, NOON + datetime.timedelta(seconds=FIRST_WAIT))
    assert sorted(ear.heard) == [["a-1"], ["a-2"]]


def test_many_at_once_come_together(store: Any) -> None:
    ear = Ear()
    put(store, *(alert(f"a-{n:03d}", changed=f"2024-03-10T11:{n % 60:02d}:00Z") for n in range(DIGEST_FROM + 144)))
    assert deliver(store, {"ear": ear}, NOON).delivered == DIGEST_FROM + 144
    assert [len(one) for one in ear.heard] == [100, DIGEST_FROM + 44]


def test_quiet_hours_hold_back_and_then_tell_together(store: Any) -> None:
    ear = Ear()
    night = datetime.datetime(2024, 3, 10, 22, 30, tzinfo=datetime.UTC)  # half past midnight in Istanbul
    quiet = {"quiet": "23:00-06:00", "zone": "Europe/Istanbul"}
    put(store, alert("a-1", changed="2024-03-10T21:00:00Z"), alert("a-2", changed="2024-03-10T22:00:00Z"))
    assert deliver(store, {"ear": ear}, night, **quiet).delivered == 0
    morning = datetime.datetime(2024, 3, 11, 3, 1, tzinfo=datetime.UTC)
    assert deliver(store, {"ear": ear}, morning, **quiet).delivered == 2
    assert ear.heard == [["a-1", "a-2"]], "one digest, the older first"


@pytest.mark.parametrize(
    ("moment", "hours", "zone", "is_it"),
    [
        ("2024-03-10T22:00", "22:00-06:00", "UTC", True), ("2024-03-10T05:59", "22:00-06:00", "UTC", True), ("2024-03-10T06:00", "22:00-06:00", "UTC", False),
        ("2024-03-10T12:00", "22:00-06:00", "UTC", False), ("2024-03-10T12:00", "09:00-17:00", "UTC", True), ("2024-03-10T17:00", "09:00-17:00", "UTC", False),
        ("2024-03-10T21:00", "00:00-06:00", "Europe/Istanbul", True), ("2024-07-01T21:30", "23:00-06:00", "Europe/Paris", True),
        ("2024-01-01T21:30", "23:00-06:00", "Europe/Paris", False), ("2024-03-10T12:00", None, "UTC", False), ("2024-03-10T12:00", "00:00-23:59", "UTC", True),
        # in Paris the clocks go from 02:00 to 03:00 on 31 March 2024, and show 02:00 to 03:00 twice on 27 October
        ("2024-03-31T00:59", "02:00-03:00", "Europe/Paris", False), ("2024-03-31T01:00", "02:00-03:00", "Europe/Paris", False),
        ("2024-03-31T03:59", "22:00-06:00", "Europe/Paris", True), ("2024-03-31T04:00", "22:00-06:00", "Europe/Paris", False),
        ("2024-10-27T00:30", "02:00-03:00", "Europe/Paris", True), ("2024-10-27T01:30", "02:00-03:00", "Europe/Paris", True),
        ("2024-10-27T04:59", "22:00-06:00", "Europe/Paris", True), ("2024-10-27T05:00", "22:00-06:00", "Europe/Paris", False),
        ("2024-03-10T20:30", "02:00-05:00", "Asia/Kathmandu", True), ("2024-03-10T20:00", "02:00-05:00", "Asia/Kathmandu", False),
    ],
)  # fmt: skip
def test_quiet_hours(moment: str, hours: str | None, zone: str, is_it: bool) -> None:
    assert is_quiet(datetime.datetime.fromisoformat(moment + "+00:00"), hours, zone) is is_it


def test_all_channels_of_the_settings(
    store: Any, hook: Any, post: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_WEBHOOK_SECRET", "s")
    code = "import sys; open(sys.argv[1], 'ab').write(sys.stdin.buffer.read() + b'\\n')"
    given = settings(
        webhook=hook.address, smtp=post.smtp, email_from="t@example.org", email_to=("d@example.org",), atom="alerts.atom",
        command=(sys.executable, "-c", code, str(tmp_path / "command.jsonl")),
    )  # fmt: skip
    put(store, alert())
    ways = channels(given, tmp_path, lambda: [msgspec.convert(one, Alert) for one in store.alerts()])
    told = deliver(store, ways, NOON)
    assert (told.delivered, told.failed) == (4, 0), store.deliveries()
    assert len(hook.taken) == 1 and len(post.taken) == 1
    assert b"Air strike on Mayadin" in (tmp_path / "alerts.atom").read_bytes()
    assert json.loads((tmp_path / "command.jsonl").read_text())["alerts"][0]["id"] == "a-1"
    assert deliver(store, ways, later(1)).delivered == 0
