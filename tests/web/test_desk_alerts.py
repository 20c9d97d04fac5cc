"""Alerts, rules, watched sources and indicators on the desk."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from desks import client_of
from fastapi.testclient import TestClient
from test_guard import signed_in, team

from tocsin.ledger import IncidentFilter


def test_alerts_with_their_words_and_deliveries(client: TestClient) -> None:
    page = client.get("/alerts").text
    for wanted in ("Strike on Binnish", "possibly inside", "Jets struck.", "#sign-reported", 'href="/incidents/i1"'):
        assert wanted in page
    assert '<span class="bad">failed: OSError' in page
    assert len(client.get("/alerts.json?rule=Strikes in the north").json()["rows"]) == 1
    assert client.get("/alerts.json?rule=another").json()["rows"] == []


def test_the_feed_of_hostile_alerts_is_well_formed(hostile_store: Any) -> None:
    answer = client_of(hostile_store).get("/alerts.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 1
    assert not feed.findall(".//script")


def change(client: TestClient, **body: Any) -> Any:
    token = client.get("/session.json").json()["csrf"]
    return client.post("/rules", data={"csrf": token, **body}, follow_redirects=False)


RING = "[[36,35],[37,35],[37,36],[36,35]]"


def test_a_rule_is_added_switched_and_removed(fresh_store: Any) -> None:
    client = client_of(fresh_store)
    zone = {"action": "add", "name": "Zone", "kind": "zone", "kinds": ["air-strike", "shelling"], "actors": "one, two"}
    kept = change(client, **zone, polygon=f'{{"type":"Polygon","coordinates":[{RING}]}}')
    assert (kept.status_code, kept.headers["location"]) == (303, "/rules")
    rule = fresh_store.rules()["Zone"]
    assert rule["kinds"] == ["air-strike", "shelling"] and rule["actors"] == ["one", "two"] and rule["added"]
    assert change(client, action="disable", name="Zone").status_code == 303
    assert fresh_store.rules()["Zone"]["enabled"] is False
    assert change(client, action="remove", name="Zone").status_code == 303
    assert "Zone" not in fresh_store.rules() and change(client, action="remove", name="Zone").status_code == 404


def test_wrong_rules_are_refused_in_words(fresh_store: Any) -> None:
    client = client_of(fresh_store)
    zone = {"action": "add", "name": "Z", "kind": "zone"}
    for body, words in (
        (zone, "a zone needs its polygon"),
        (zone | {"polygon": "{"}, "is no GeoJSON"),
        (zone | {"polygon": f'{{"type":"Polygon","coordinates":[{RING.replace("37", chr(34) + "37" + chr(34))}]}}'}, "not lists of points"),
        ({"action": "add", "name": "T", "kind": "threshold"}, "a threshold needs"),
        ({"action": "add", "name": "T", "kind": "threshold", "above": "nan"}, "is no number"),
        ({"action": "add", "name": "R", "kind": "redline", "kinds": "invented"}, "no kind of the codebook"),
        ({"action": "add", "name": "Strikes in the north", "kind": "redline"}, "There is a rule of that name"),
    ):  # fmt: skip
        answer = change(client, **body)
        assert answer.status_code == 422 and words in answer.text, (body, answer.text)
    assert list(fresh_store.rules()) == ["Northern zone", "Strikes in the north"]


def test_only_editors_change_rules_and_only_from_here(fresh_store: Any) -> None:
    team(fresh_store)
    body = {"action": "disable", "name": "Strikes in the north"}
    for role, wanted in (("viewer", 403), ("coder", 403), ("editor", 303)):
        client = signed_in(fresh_store, role)
        assert ("A new rule" in client.get("/rules").text) == (role == "editor")
        assert client.post("/rules", data={**body, "csrf": "wrong"}).status_code == 403
        assert change(client, **body).status_code == wanted


def test_watched_sources_with_what_is_wrong(client: TestClient) -> None:
    rows = {one["source"]["name"]: one for one in client.get("/sources.json").json()["watched"]}
    assert rows["Down"]["wrong"] == "failed 3 times: answered 503" and rows["Up"]["wrong"].startswith("nothing new for")
    assert '<span class="bad">failed 3 times: answered 503</span>' in client.get("/sources").text


def test_indicators_count_the_last_days(fresh_store: Any) -> None:
    from datetime import UTC, datetime

    from msgspec.structs import replace

    today = datetime.now(UTC).date().isoformat()
    one = next(row for row in fresh_store.incidents(IncidentFilter()).rows if row.status == "happened")
    with fresh_store.writing():
        fresh_store.put_incidents((one.id,), [replace(one, day_from=today, day_to=today)])
    client = client_of(fresh_store)
    rows = client.get("/indicators.json").json()["rows"]
    assert {(row["area"], row["now"], row["verdict"]) for row in rows} == {
        ("SY", 1, "usual"),
        ("all", 1, "usual"),
    }
    assert "negative binomial" in client.get("/indicators").text
