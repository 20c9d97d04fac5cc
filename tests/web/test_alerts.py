"""Alerts, rules and indicators on the desk: shown, made by forms, by JSON and by drawing; hostile words harm nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from desks import Running, client_of
from fastapi.testclient import TestClient
from lxml import etree
from test_browser import Visit
from test_guard import signed_in, team
from test_pages import check_harmless

SQUARE = {"type": "Polygon", "coordinates": [[[36, 35], [37, 35], [37, 36], [36, 36], [36, 35]]]}
NAMES = {"a": "http://www.w3.org/2005/Atom"}


def token(client: TestClient) -> str:
    return str(client.get("/session.json").json()["csrf"])


def rules_of(client: TestClient) -> dict[str, Any]:
    return {one["name"]: one for one in client.get("/rules.json").json()["rules"]}


def test_alerts_are_shown_and_filtered(client: TestClient) -> None:
    page = client.get("/alerts").text
    assert "Possibly inside: known too roughly to tell" in page and "its status is now denied" in page
    assert page.index("Possibly inside") < page.index('id="a-0000000000000001"'), "what is not settled stands apart"
    assert [one["id"][-1] for one in client.get("/alerts.json").json()["alerts"]] == ["3", "2", "1", "0"]
    assert [one["id"][-1] for one in client.get("/alerts.json?state=over").json()["alerts"]] == ["2"]
    assert client.get("/alerts.json?rule=off").json()["alerts"] == []
    assert client.get("/alerts.json?state=asleep").status_code == 422


def test_the_feed(hostile_store: Any, client: TestClient) -> None:
    for one in (client, client_of(hostile_store)):
        answer = one.get("/alerts.atom")
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        feed = etree.fromstring(answer.content)
        assert len(feed.findall("a:entry", NAMES)) == 4
        assert feed.find("a:entry/a:link", NAMES).get("href") == "http://127.0.0.1:8642/alerts#a-0000000000000003"
        assert one.get("/alerts.atom", headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def test_hostile_words_harm_nothing(hostile_store: Any) -> None:
    client = client_of(hostile_store)
    for address in ("/alerts", "/rules", "/indicators?today=2024-05-28&provinces=true"):
        page = client.get(address)
        assert page.status_code == 200, address
        check_harmless(page.text)
    assert "&lt;script&gt;" in client.get("/alerts").text


def test_a_rule_by_the_form(fresh_store: Any) -> None:
    client = client_of(fresh_store)
    form = {
        "csrf": token(client), "action": "add", "name": "Jisr zone", "kind": "zone", "kinds": ["air-strike", "shelling"], "statuses": ["happened", "reported"],
        "country": "sy", "place": "", "actors": "Syrian army, SYRMIL", "since": "2024-01-01", "until": "", "figure": "killed", "above": "", "times": "",
        "days": "7", "least": "3", "polygon": json.dumps(SQUARE),
    }  # fmt: skip
    answer = client.post("/rules", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/rules"), answer.text
    made = rules_of(client)["Jisr zone"]
    assert (made["kinds"], made["statuses"], made["country"]) == (
        ["air-strike", "shelling"],
        ["happened", "reported"],
        "SY",
    )
    assert (made["actors"], made["polygon"], made["enabled"]) == (["Syrian army", "SYRMIL"], SQUARE, True)
    assert made["added"] > "2024"
    for action, kept in (("disable", False), ("enable", True)):
        client.post("/rules", data={"csrf": token(client), "action": action, "name": "Jisr zone"})
        assert rules_of(client)["Jisr zone"]["enabled"] is kept
    client.post("/rules", data={"csrf": token(client), "action": "remove", "name": "Jisr zone"})
    assert "Jisr zone" not in rules_of(client)


def test_a_red_line_in_words_and_a_rule_as_json(fresh_store: Any) -> None:
    client = client_of(fresh_store)
    client.post("/rules", data={"csrf": token(client), "action": "add", "line": "chemical-attack in Syria"})
    made = rules_of(client)["chemical-attack in Syria"]
    assert (made["kind"], made["kinds"], made["country"]) == ("redline", ["chemical-attack"], "SY")
    rule = {"name": "toll", "kind": "threshold", "above": 50, "days": 7}
    answer = client.post("/rules", json={"action": "add", "rule": rule}, headers={"x-csrf-token": token(client)})
    assert answer.status_code == 200 and "toll" in {one["name"] for one in answer.json()["rules"]}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "x", "kind": "zone"}, "needs its polygon"),
        ({"name": "x", "kind": "redline", "kinds": ["jamboree"]}, "no kind of the codebook"),
        ({"name": "x", "kind": "redline", "statuses": ["rumoured"]}, "no status"),
        ({"name": "x", "kind": "redline", "country": "Syria"}, "two capital letters"),
        ({"name": "x", "kind": "redline", "since": "soon"}, "days like"),
        ({"name": "x", "kind": "threshold"}, "needs `above`"),
        ({"name": "x", "kind": "threshold", "above": 1, "figure": "hats"}, "no kind of figure"),
        ({"name": "x", "kind": "threshold", "above": 1, "days": 9999}, "from 1 to 366"),
        ({"name": "<b>", "kind": "redline"}, "a name is"),
        ({"name": "x\n", "kind": "redline"}, "a name is"),
        ({"name": "x", "kind": "redline", "colour": "red"}, "no part of a rule"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Point", "coordinates": [1, 2]}}, "no GeoJSON Polygon"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": []}}, "no ring"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "MultiPolygon", "coordinates": [[]]}}, "no ring"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}}, "fewer than four"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": [[[0, 0], [999, 1], [1, 1], [0, 0]]]}}, "in degrees"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": [[[0, 0], ["a", 1], [1, 1], [0, 0]]]}}, "not lists of points"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": [[[0, 0], [10**400, 1], [1, 1], [0, 0]]]}}, "not lists of points"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": [[[n % 90, 0] for n in range(5001)] + [[0, 0]]]}}, "too many points"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_refused_with_the_reason(fresh_store: Any, given: dict[str, Any], told: str) -> None:
    client = client_of(fresh_store)
    before = rules_of(client)
    body = json.dumps({"action": "add", "rule": given})
    answer = client.post(
        "/rules", content=body, headers={"x-csrf-token": token(client), "content-type": "application/json"}
    )
    assert answer.status_code in (400, 422) and (told in answer.text or answer.status_code == 400), answer.text
    assert rules_of(client) == before


def test_who_may_make_rules(fresh_store: Any) -> None:
    client = client_of(fresh_store)
    wish = {"action": "remove", "name": "off"}
    assert client.post("/rules", data=wish).status_code == 403, "no token"
    assert client.post("/rules", data=wish | {"csrf": token(client)}, headers={"origin": "https://evil.example"}).status_code == 403  # fmt: skip
    assert client.post("/rules", data={"csrf": token(client), "action": "remove", "name": "none"}).status_code == 404
    team(fresh_store)
    nobody = client_of(fresh_store, host="0.0.0.0", hosts=("127.0.0.1",))
    for path in ("/alerts", "/alerts.atom", "/rules", "/indicators"):
        assert nobody.get(path, headers={"accept": "application/json"}).status_code == 401, path
    for name, status in (("viewer", 403), ("coder", 403), ("editor", 303)):
        one = signed_in(fresh_store, name)
        given = {"csrf": token(one), "action": "disable", "name": "air-strike in Syria"}
        assert one.post("/rules", data=given, follow_redirects=False).status_code == status, name
        assert ("Keep the rule" in one.get("/rules").text) is (name == "editor")


def test_indicators(client: TestClient) -> None:
    found = client.get("/indicators.json?today=2024-05-28&days=7&windows=8").json()
    assert {row["area"] for row in found["rows"]} >= {"all", "SY"} and found["windows"] == 8
    assert "Jeffreys" in client.get("/indicators?today=2024-05-28").text, "the formula is on the page"
    assert client.get("/indicators?windows=3").status_code == 422
    assert client.get("/indicators?today=2024-13-01").status_code == 422
    assert client.get("/indicators.json").json()["rows"] == [], "nothing of these days"


# ----------------------------------------------------------------------------------------------------------- in a browser


def test_a_polygon_is_drawn_and_kept(browser: Any, fresh_store: Any) -> None:
    running = Running(fresh_store)
    visit = Visit(browser, running.address)
    page = visit.go("/rules")
    page.wait_for_selector("#draw[data-drawn=land][data-known=rules]")
    page.locator("#draw").scroll_into_view_if_needed()
    box = page.locator("#draw").bounding_box()
    corners = [(0.4, 0.3), (0.6, 0.3), (0.6, 0.7), (0.4, 0.7), (0.4, 0.3)]  # the last click closes it
    for x, y in corners:
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    assert page.locator("#drawn").inner_text() == "4 corners, closed."
    drawn = json.loads(page.locator("#polygon").input_value())
    (ring,) = drawn["coordinates"]
    assert len(ring) == 5 and ring[0] == ring[-1] and ring[0][0] < ring[1][0] and ring[0][1] > ring[2][1]
    page.locator("#rule input[name=name]").fill("Drawn zone")
    page.locator("#rule select[name=kinds]").select_option(["air-strike"])
    page.get_by_role("button", name="Keep the rule").click()
    page.wait_for_selector("td >> text=Drawn zone")
    assert client_of(fresh_store).get("/rules.json").json()["rules"][0]["polygon"] == drawn
    visit.close()
    running.stop()


def test_a_polygon_by_keyboard_and_by_typing(browser: Any, fresh_store: Any) -> None:
    running = Running(fresh_store)
    visit = Visit(browser, running.address)
    page = visit.go("/rules")
    page.wait_for_selector("#draw[data-drawn=land]")
    page.locator("#draw").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        page.locator("#middle").press("Enter")
        page.locator("#draw").focus()
        page.keyboard.press(key)
        page.wait_for_timeout(600)
    assert page.locator("#drawn").inner_text() == "3 corners."
    page.locator("#back").click()
    assert "at least three" in page.locator("#drawn").inner_text() and page.locator("#polygon").input_value() == ""
    page.locator("#polygon").fill(json.dumps({"type": "Feature", "geometry": SQUARE}))
    assert page.locator("#drawn").inner_text() == "4 corners, closed."
    assert json.loads(page.locator("#polygon").input_value()) == SQUARE
    page.locator("#clear").click()
    assert page.locator("#drawn").inner_text() == "No corner yet."
    visit.close()
    running.stop()
