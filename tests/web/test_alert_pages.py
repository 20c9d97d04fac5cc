"""What alerts, rules and indicators say on the desk beyond their rows: what is not settled, why one is over, what counts, chance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rows
from desks import client_of, hostile
from fastapi.testclient import TestClient
from lxml import etree
from test_guard import team
from test_pages import check_harmless

from tocsin.alerts.telling import Alert

NAMES = {"a": "http://www.w3.org/2005/Atom"}


def alert(number: int, **others: Any) -> Alert:
    given: dict[str, Any] = {
        "rule": "Zone", "kind": "zone", "key": f"k{number}", "title": f"Strike {number}", "status": "reported", "where": "inside", "incidents": ("i1",),
        "voices": 2, "speakers": ("a medic (gazette)",), "words": ("Jets struck.",), "links": ("https://news.example/1",),
        "first": "2024-06-01T10:00:00Z", "changed": f"2024-06-01T10:00:0{number}Z",
    }  # fmt: skip
    return Alert(id=f"a-{number}", **(given | others))


def token(client: TestClient) -> str:
    return str(client.get("/session.json").json()["csrf"])


def test_what_is_not_settled_stands_apart_and_what_is_over_says_why(fresh_store: Any) -> None:
    for one in (alert(1), alert(2, where="possibly inside"), alert(3, state="over", note="its status is now denied")):
        store_alert(fresh_store, one)
    page = client_of(fresh_store).get("/alerts?rule=Zone").text
    apart = page.index("Possibly inside: known too roughly to tell")
    assert page.index('id="a-1"') < apart < page.index('id="a-2"') and page.index('id="a-3"') < apart
    for words in ("Over: its status is now denied.", "a medic (gazette)", "https://news.example/1"):
        assert words in page


def store_alert(store: Any, one: Alert) -> None:
    store.put_alert(one.id, one.rule, one.changed, one)


def test_links_of_the_feed_lead_to_this_desk(client: TestClient) -> None:
    answer = client.get("/alerts.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    link = etree.fromstring(answer.content).find("a:entry/a:link", NAMES)
    assert link.get("href").startswith("http://127.0.0.1:8642/alerts#a-")
    assert client.get("/alerts.atom", headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def test_hostile_words_harm_nothing(tmp_path: Path) -> None:
    hostile_store = rows.filled(tmp_path / "hostile", words=hostile, incidents=6)
    store_alert(
        hostile_store,
        alert(
            4,
            speakers=("<img src=x>\u202e",),
            links=("javascript:alert(1)",),
            note="</td><script>x</script>",
            state="over",
        ),
    )
    client = client_of(hostile_store)
    for address in ("/alerts", "/rules", "/indicators?day=2024-05-28&provinces=true"):
        page = client.get(address)
        assert page.status_code == 200, address
        check_harmless(page.text)


def test_plans_count_where_they_are_asked_for(fresh_store: Any) -> None:
    client = client_of(fresh_store)
    given = {
        "csrf": token(client),
        "action": "add",
        "name": "Plans",
        "kind": "redline",
        "statuses": ["planned", "threatened"],
    }
    assert client.post("/rules", data=given, follow_redirects=False).status_code == 303
    assert fresh_store.rules()["Plans"]["statuses"] == ["planned", "threatened"]
    page = client.get("/rules").text
    assert 'value="happened" checked' in page and 'value="planned" checked' not in page and 'value="planned"' in page


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"statuses": ["rumoured"]}, "statuses are of"),
        ({"country": "Syria"}, "two capital letters"),
        ({"since": "soon"}, "days like"),
        ({"kind": "threshold", "above": 1, "figure": "hats"}, "no kind of figure"),
        ({"days": 9999}, "from 1 to 366"),
        ({"name": "<b>"}, "a name is"),
        ({"place": "x" * 300}, "at most 200 characters"),
        ({"polygon": {"type": "Point", "coordinates": [1, 2]}}, "holds a Point"),
        ({"polygon": {"type": "Polygon", "coordinates": []}}, "no ring"),
        ({"polygon": {"type": "MultiPolygon", "coordinates": [[]]}}, "no ring"),
        ({"polygon": {"type": "Polygon", "coordinates": [[[n % 90, 0] for n in range(5001)] + [[0, 0]]]}}, "too many points"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_refused_with_the_reason(fresh_store: Any, given: dict[str, Any], told: str) -> None:
    client, before = client_of(fresh_store), fresh_store.rules()
    body = json.dumps({"action": "add", "name": "x", "kind": "redline"} | given)
    headers = {"x-csrf-token": token(client), "content-type": "application/json"}
    answer = client.post("/rules", content=body, headers=headers)
    assert answer.status_code == 422 and told in answer.text, answer.text
    assert fresh_store.rules() == before


def test_nothing_is_shown_to_strangers(fresh_store: Any) -> None:
    team(fresh_store)
    nobody = client_of(fresh_store, host="0.0.0.0", hosts=("127.0.0.1",))
    for path in ("/alerts", "/alerts.atom", "/rules", "/indicators"):
        assert nobody.get(path, headers={"accept": "application/json"}).status_code == 401, path


def test_indicators_of_another_day(client: TestClient) -> None:
    found = client.get("/indicators.json?day=2024-05-28&days=14&windows=8").json()
    assert {row["area"] for row in found["rows"]} >= {"all", "SY"} and (found["days"], found["windows"]) == (14, 8)
    assert "By chance alone" in client.get("/indicators?day=2024-05-28").text
    assert client.get("/indicators?windows=3").status_code == 422
    assert client.get("/indicators?day=2024-13-01").status_code == 422
