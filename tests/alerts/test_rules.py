"""Rules over incidents made by hand; alerts in a real ledger; what goes out, over servers on loopback."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import http.server
import json
import random
import sys
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

pytest.importorskip("shapely")

from tocsin.alerts import channels as ways
from tocsin.alerts.judging import inside, judge
from tocsin.alerts.rules import Rule, checked
from tocsin.alerts.telling import Alert, deliver, is_quiet, replay, run_alerts
from tocsin.errors import InputError, RuleError
from tocsin.ledger import Claim, DocumentVersion, FigureRange, Incident, Locus, Voice
from tocsin.project import AlertSettings
from tocsin.records import Document, Record, Span, Version
from tocsin.store import open_store, reading_id
from tocsin.store.ledger_store import LedgerStore
from tocsin.store.watching import Source

NOW = datetime.datetime(2024, 3, 20, 12, tzinfo=datetime.UTC)
BOX = {"type": "Polygon", "coordinates": [[[36, 35], [37, 35], [37, 36], [36, 36], [36, 35]]]}
HOLED = {**BOX, "coordinates": [*BOX["coordinates"], [[36.4, 35.4], [36.6, 35.4], [36.6, 35.6], [36.4, 35.6], [36.4, 35.4]]]}  # type: ignore[misc]  # fmt: skip
DATE_LINE = {
    "type": "MultiPolygon",
    "coordinates": [
        [[[178, -2], [180, -2], [180, 2], [178, 2], [178, -2]]],
        [[[-180, -2], [-178, -2], [-178, 2], [-180, 2], [-180, -2]]],
    ],
}
HOSTILE = 'Shelling</title><script>alert("x")</script>\r\nBcc: victim@example.org\x00\u202e'


def place(lat: float = 35.5, lon: float = 36.5, **others: Any) -> Locus:
    return Locus(**({"name": "Harim", "lat": lat, "lon": lon, "country": "SY", "precision": "exact", "radius_km": 3.0} | others))  # fmt: skip


def incident(claim: str = "c5", **others: Any) -> Incident:
    given: dict[str, Any] = {"title": "Shelling of Harim", "kind": "shelling", "status": "reported",
        "day_from": "2024-03-18", "day_to": "2024-03-18", "place": place(), "claims": (claim,), "voices": 1}  # fmt: skip
    made = given | others
    return Incident(id=f"i-{min(made['claims'])}", **made)


def killed(claim: str, day: str, number: int) -> Incident:
    figure = FigureRange(kind="killed", low=number, best=number, high=number)
    return incident(claim, day_from=day, day_to=day, figures=(figure,))


def found(rule: Rule, *incidents: Incident, today: str = "2024-03-20") -> list[Any]:
    return judge(rule, incidents, today)


ZONE = Rule(name="zone", kind="zone", kinds=("shelling",), polygon=BOX, since="2024-03-01", until="2024-03-31")
LINE = Rule(name="line", kind="redline", kinds=("shelling",), country="SY")
MANY = Rule(name="many", kind="threshold", above=10)


@pytest.mark.parametrize("rule", [ZONE, LINE], ids=["zone", "redline"])
def test_a_zone_and_a_red_line_for_and_against(rule: Rule) -> None:
    (one,) = found(rule, incident())
    assert (one.key, one.where) == ("c5", "inside" if rule is ZONE else None)
    against = [
        incident(kind="protest"), incident(status="planned"), incident(review="rejected"), incident(day_from=None, day_to=None),
        incident(day_from="2024-03-21", day_to="2024-03-21"), incident(place=place(50, 10, country="DE")), incident(place=None),
    ]  # fmt: skip
    assert [one for one in against if found(rule, one)] == []
    assert found(msgspec.structs.replace(rule, enabled=False), incident()) == []
    assert found(ZONE, incident(day_from="2024-02-01", day_to="2024-02-02")) == []


@pytest.mark.parametrize(
    ("polygon", "lat", "lon", "radius", "exact", "where"),
    [
        (BOX, 35.5, 36.5, 3, True, "inside"), (BOX, 34.0, 36.5, 3, True, None), (BOX, 35.99999, 36.99999, 3, True, "inside"),
        (BOX, 35.5, 36.5, 20, False, "inside"), (BOX, 35.5, 36.5, 90, False, "possibly inside"), (BOX, 34.9, 36.5, 20, False, "possibly inside"),
        (BOX, 34.0, 36.5, 20, False, None), (HOLED, 35.5, 36.5, 3, True, None), (HOLED, 35.2, 36.2, 3, True, "inside"),
        (HOLED, 35.5, 36.5, 2, False, None), (DATE_LINE, 0, 179, 3, True, "inside"), (DATE_LINE, 0, -179, 3, True, "inside"),
        (DATE_LINE, 0, 0, 3, True, None), (DATE_LINE, 0, -177.9, 30, False, "possibly inside"),
    ],
)  # fmt: skip
def test_where_a_place_lies(
    polygon: Any, lat: float, lon: float, radius: float, exact: bool, where: str | None
) -> None:
    assert inside(msgspec.json.encode(polygon), lat, lon, radius, exact=exact) == where


def test_thresholds_and_build_up() -> None:
    rows = [killed("c1", "2024-03-15", 6), killed("c2", "2024-03-18", 5)]
    (one,) = found(MANY, *rows)
    assert one.key == "since 2024-03-18" and "11 killed" in one.figures
    assert found(MANY, rows[0]) == [] and found(MANY, *rows, today="2024-03-25") == []
    times = Rule(name="t", kind="threshold", times=3)
    past = [killed(f"p{n:03}", (datetime.date(2024, 3, 10) - datetime.timedelta(n)).isoformat(), 1) for n in range(90)]
    assert found(times, *past, killed("c1", "2024-03-18", 30)) and not found(
        times, *past, killed("c1", "2024-03-18", 12)
    )
    gather = Rule(name="g", kind="build-up", least=3)
    moved = [incident(f"m{n}", kind="troop-deployment") for n in range(3)]
    assert (
        found(gather, *moved)
        and not found(gather, *moved[:2])
        and not found(gather, *[incident(f"s{n}") for n in range(5)])
    )


def test_findings_do_not_depend_on_the_order() -> None:
    rows = [killed(f"c{n}", f"2024-03-{10 + n % 10}", n) for n in range(12)]
    shuffled = random.Random(3).sample(rows, len(rows))
    for rule in (ZONE, LINE, MANY):
        assert found(rule, *rows) == found(rule, *shuffled) != []


def test_a_replay_tells_new_and_updated_once() -> None:
    known = {"2024-03-18": [], "2024-03-19": [incident()], "2024-03-20": [incident(voices=2)], "2024-03-21": [incident(claims=("c1", "c5"), voices=2)]}  # fmt: skip
    said = replay(LINE, sorted(known), lambda day: known[day])
    assert [(day, what) for day, what, _ in said] == [("2024-03-19", "new"), ("2024-03-20", "updated")]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}}, "close"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": [[[0, 0], [999, 1], [2, 2], [0, 0]]]}}, "degrees"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": 7}}, "no GeoJSON"),
        ({"name": "x\ny", "kind": "redline"}, "name is up to"), ({"name": "x", "kind": "coup"}, "Invalid enum"), ({"name": "x", "kind": "redline", "days": 0}, "days"),
    ],
)  # fmt: skip
def test_wrong_rules_are_refused_in_words(value: Any, told: str) -> None:
    with pytest.raises(RuleError, match=f"here: .*{told}"):
        checked(value, "here")


# -------------------------------------------------------------------------------------------------------- in a ledger


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LedgerStore]:
    made = open_store(str(tmp_path / "ledger.sqlite"), tmp_path / "archive")
    raw = b"Rebels shelled Harim."
    name = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    code = Version(tocsin="1.0", codebook="a", model="m", gazetteer="g")
    span = Span(start=0, end=len(raw), text=raw.decode())
    claims = [
        Claim(id=f"c{n}", version=name, reading=reading_id(code), row=f"e{n}", section="event", kind="shelling", family="attack", outlet="herald",
            voices=(Voice(key="herald"),), trigger=span, sentence=span)
        for n in range(1, 6)
    ]  # fmt: skip
    with made.writing():
        made.put_version(DocumentVersion(id=name, document=name, outlet="herald", added="2024-03-19T00:00:00Z"), raw)
        made.put_reading(name, Record(document=Document(id=name, text=raw.decode()), version=code), claims, {one.id: ["x"] for one in claims})  # fmt: skip
    yield made
    made.close()


def held(store: LedgerStore, gone: tuple[str, ...], *now: Incident) -> list[Alert]:
    with store.writing():
        store.put_incidents(gone, now)
    run_alerts(store, NOW)
    return [ways.told(one) for one in store.alerts()]


def test_updates_and_no_repeats(store: LedgerStore) -> None:
    store.put_rule("line", LINE)
    (first,) = held(store, (), incident())
    assert held(store, (), *()) == [first]
    (more,) = held(store, ("c5",), incident(claims=("c1", "c5"), voices=2))
    assert (more.id, more.number, more.voices, more.key) == (first.id, 1, 2, "c5"), "a smaller claim has joined"
    assert held(store, ("c1", "c5"), incident(claims=("c1", "c5"), voices=2)) == [more]


def test_two_incidents_that_become_one(store: LedgerStore) -> None:
    store.put_rule("line", LINE)
    assert len(held(store, (), incident("c5"), incident("c2"))) == 2
    after = held(store, ("c2", "c5"), incident(claims=("c2", "c5"), voices=2))
    assert sorted(one.state for one in after) == ["open", "over"]
    assert held(store, (), *()) == after


def test_a_late_report_moves_a_threshold_and_repeats_nothing(store: LedgerStore) -> None:
    store.put_rule("many", MANY)
    (first,) = held(store, (), killed("c1", "2024-03-18", 12))
    (moved,) = held(store, (), killed("c2", "2024-03-16", 20))
    assert (moved.id, moved.number, moved.state) == (first.id, 1, "open")


def test_silence_for_and_against_and_disabled(store: LedgerStore) -> None:
    rule = Rule(name="quiet", kind="silence")
    store.put_rule("quiet", rule)
    good = Source(url="https://a.example/f", name="A", succeeded="2024-03-20T11:00:00Z", newest="2024-03-20T10:00:00Z", added="2024-01-01T00:00:00Z")  # fmt: skip
    store.put_source(good, "2024-03-20T12:00:00Z")
    assert held(store, ()) == []
    store.put_source(msgspec.structs.replace(good, newest="2024-03-10T10:00:00Z"), "2024-03-20T12:00:00Z")
    (one,) = held(store, ())
    assert "nothing new for 10.1 days" in one.title and one.state == "open"
    store.put_rule("quiet", msgspec.structs.replace(rule, enabled=False))
    assert [one.state for one in held(store, ())] == ["over"]


def test_a_failure_is_logged_and_delivered_later(store: LedgerStore) -> None:
    store.put_rule("line", LINE)
    (alert,) = held(store, (), incident())
    got: list[Alert] = []

    def broken(one: Alert) -> None:
        raise OSError("no route")

    assert deliver(store, {"x": got.append}, NOW, "11:00-13:00").delivered == 0, "quiet"
    assert deliver(store, {"x": broken}, NOW).failed == 1
    assert "no route" in str(store.deliveries(alert.id)[0].problem)
    assert deliver(store, {"x": got.append}, NOW).delivered == 1
    assert deliver(store, {"x": got.append}, NOW).delivered == 0 and got == [alert]


# ----------------------------------------------------------------------------------------------------------- ways out

ALERT = Alert(id="a-1", rule="r", kind="redline", key="c", title=HOSTILE, status="reported", words=(HOSTILE,), first="2024-03-20T00:00:00Z", changed="2024-03-20T00:00:00Z")  # fmt: skip


def test_hostile_text_in_atom_is_text() -> None:
    root = ET.fromstring(ways.atom([ALERT]))
    names = {one.tag.partition("}")[2] for one in root.iter()}
    assert "script" not in names
    assert "\u202e" not in "".join(root.itertext()) and "<script>" in "".join(root.itertext())


def test_a_subject_adds_no_header() -> None:
    controller = pytest.importorskip("aiosmtpd.controller")
    got: list[Any] = []

    class Keeps:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            got.append(envelope)
            return "250 OK"

    server = controller.Controller(Keeps(), hostname="127.0.0.1", port=0)
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server.port = free.getsockname()[1]
    server.start()
    try:
        ways.send_mail(ALERT, AlertSettings(smtp=f"127.0.0.1:{server.port}", email_from="t@example.org", email_to=("d@example.org",)))  # fmt: skip
    finally:
        server.stop()
    import email

    made = email.message_from_bytes(got[0].content)
    assert got[0].rcpt_tos == ["d@example.org"] and made["Bcc"] is None and made["X-Tocsin-Alert"] == "a-1"


def test_a_webhook_is_signed_and_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[dict[str, str], bytes]] = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            asked.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204 if len(asked) == 2 else 500)
            self.end_headers()

    monkeypatch.setattr(ways.time, "sleep", lambda seconds: None)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        ways.webhook(ALERT, url, "secret", ("127.0.0.0/8",))
        assert len(asked) == 2
        headers, body = asked[1]
        moment, _, given = headers["X-Tocsin-Signature"].removeprefix("t=").partition(",v1=")
        assert given == hmac.new(b"secret", f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        assert json.loads(body)["alert"]["title"] == HOSTILE
        with pytest.raises(OSError, match="answered 500"):
            ways.webhook(ALERT, url, "secret", ("127.0.0.0/8",))
        with pytest.raises(InputError, match=r"public|private|allowed"):
            ways.webhook(ALERT, url, "secret")
        assert len(asked) == 5
    finally:
        server.shutdown()
        server.server_close()


def test_a_command_has_no_shell(tmp_path: Path) -> None:
    target = tmp_path / "got"
    code = "import sys; open(sys.argv[1], 'w').write(sys.argv[2] + sys.stdin.read())"
    ways.run_command(ALERT, [sys.executable, "-c", code, str(target), "$(id);`id`"])
    told = target.read_text()
    assert told.startswith("$(id);`id`{") and json.loads(told[10:])["id"] == "a-1"
    with pytest.raises(OSError, match="ended with 3"):
        ways.run_command(ALERT, [sys.executable, "-c", "raise SystemExit(3)"])


def test_quiet_hours_over_midnight() -> None:
    hours = "22:00-06:00"
    at = {hour: is_quiet(NOW.replace(hour=hour), hours, "UTC") for hour in (5, 6, 12, 21, 22, 23, 0)}
    assert at == {5: True, 6: False, 12: False, 21: False, 22: True, 23: True, 0: True}
    assert is_quiet(NOW.replace(hour=20), hours, "Asia/Damascus") and not is_quiet(NOW, None, "UTC")
