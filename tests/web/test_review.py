"""Judging: by form, as JSON, from htmx; undone; refused where it does not come from here."""

from __future__ import annotations

from typing import Any

import pytest
from desks import client_of
from fastapi.testclient import TestClient


@pytest.fixture
def judging(fresh_store: Any) -> TestClient:
    return client_of(fresh_store)


def token(client: TestClient) -> str:
    return str(client.get("/session.json").json()["csrf"])


def first(client: TestClient) -> dict[str, Any]:
    return client.get("/inbox.json").json()["rows"][0]  # type: ignore[no-any-return]


def judge(client: TestClient, **body: Any) -> Any:
    return client.post("/judgements", json=body, headers={"x-csrf-token": token(client)})


def test_accepting_takes_it_out_of_the_inbox_and_undo_brings_it_back(judging: TestClient) -> None:
    row = first(judging)
    before = judging.get("/inbox.json").json()["total"]
    taken = judge(judging, action="accept", incident=row["id"])
    assert taken.status_code == 200, taken.text
    assert taken.json()["incidents"][0]["review"] == "accepted"
    assert judging.get("/inbox.json").json()["total"] == before - 1
    page = judging.get(f"/incidents/{row['claims'][0]}.json").json()
    assert page["history"][0]["judgement"]["action"] == "accept"
    undone = judge(judging, action="undo", undoes=taken.json()["judgements"][0]["id"])
    assert undone.status_code == 200, undone.text
    page = judging.get(f"/incidents/{row['claims'][0]}.json").json()
    assert page["incident"]["review"] in ("new", "changed")
    assert page["history"][1]["undone_by"] == undone.json()["judgements"][0]["id"]


def test_a_claim_that_comes_later_makes_it_changed(fresh_store: Any) -> None:
    from tocsin.ledger import Judgement
    from tocsin.merge.corroborate import incident

    one, other = (fresh_store.claims(fresh_store.inbox().rows[n].claims)[0] for n in (0, 1))
    word = Judgement(id="j", at="2024-06-02T10:00:00Z", user="a", action="accept", claims=(one.id,))
    assert incident([one], [], [word], {}).review == "accepted"
    assert incident([one, other], [], [word], {}).review == "changed"
    assert incident([other], [], [word], {}).review == "new"


def test_editing_a_cell(judging: TestClient) -> None:
    row = first(judging)
    taken = judge(judging, action="edit", incident=row["id"], cell="status", value="alleged", note="two sources")
    found = taken.json()["incidents"][0]
    assert found["status"] == "alleged" and "status" in found["edited"]


def test_editing_the_place_by_coordinates(judging: TestClient) -> None:
    row = first(judging)
    taken = judge(judging, action="edit", incident=row["id"], cell="place", value="Harran bridge @ 36.86, 39.03 ±2 km")
    found = taken.json()["incidents"][0]
    where = found["place"]
    assert (where["name"], where["lat"], where["lon"], where["radius_km"]) == ("Harran bridge", 36.86, 39.03, 2.0)
    assert found["edited"] == ["place"] and "Harran bridge" in found["title"]
    points = judging.get("/incidents.json?place=Harran%20bridge")
    assert points.status_code == 200 and "36.86" in points.text
    undone = judge(judging, action="undo", undoes=taken.json()["judgements"][0]["id"]).json()["incidents"][0]
    assert undone["place"] != where and undone["edited"] == []


def test_editing_the_place_by_a_name_of_the_gazetteer(judging: TestClient) -> None:
    proposed = judging.get("/places.json?name=Aleppo").json()["places"]
    assert proposed, "the gazetteer of the tests knows Aleppo"
    assert "<option" in judging.get("/places?fragment=1&value=Aleppo").text
    row = first(judging)
    found = judge(judging, action="edit", incident=row["id"], cell="place", value=proposed[0]["value"]).json()
    where = found["incidents"][0]["place"]
    assert (where["lat"], where["lon"]) == (proposed[0]["lat"], proposed[0]["lon"])
    if len(proposed) > 1:
        answer = judge(judging, action="edit", incident=row["id"], cell="place", value="Aleppo")
        assert answer.status_code == 422 and proposed[1]["value"] in answer.text


@pytest.mark.parametrize(("value", "numbers"), [("9", (9, 9, 9)), ("9-13", (9, 11, 13)), ("9 – 10 – 13", (9, 10, 13))])
def test_editing_a_figure(judging: TestClient, value: str, numbers: tuple[int, int, int]) -> None:
    row = first(judging)
    found = judge(judging, action="edit", incident=row["id"], cell="figure:killed", value=value, note="the morgue")
    one = next(one for one in found.json()["incidents"][0]["figures"] if one["kind"] == "killed")
    assert (one["low"], one["best"], one["high"]) == numbers
    assert "figure:killed" in found.json()["incidents"][0]["edited"]
    undone = judge(judging, action="undo", undoes=found.json()["judgements"][0]["id"]).json()["incidents"][0]
    said = [two["reports"] for two in undone["figures"] if two["kind"] == "killed"]
    assert one["reports"] == (said[0] if said else []), "what the voices said stands beside it all the time"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("figure:killed", "many"), ("figure:killed", "13-9"), ("figure:killed", "-4"), ("figure:killed", "9-20-13"),
        ("figure:ships", "3"), ("figure:killed", "99999999999"), ("place", "Nowhere-at-all-xq"), ("place", "X @ 91, 3"),
        ("place", "X @ 1, 200"), ("place", "X @ 1, 2 ±9999 km"), ("place", ""), ("place", "Aleppo [0]"),
    ],
)  # fmt: skip
def test_what_a_cell_cannot_hold_is_refused(judging: TestClient, cell: str, value: str) -> None:
    row = first(judging)
    answer = judge(judging, action="edit", incident=row["id"], cell=cell, value=value)
    assert answer.status_code == 422, answer.text
    assert first(judging)["edited"] == []


def test_merging_and_splitting(judging: TestClient) -> None:
    one, other = judging.get("/inbox.json").json()["rows"][:2]
    merged = judge(judging, action="same", incident=one["id"], other=other["id"]).json()["incidents"]
    assert len(merged) == 1
    assert set(merged[0]["claims"]) >= {one["claims"][0], other["claims"][0]}
    split = judge(judging, action="not-same", incident=merged[0]["id"], claims=[merged[0]["claims"][0]])
    assert split.status_code == 200, split.text
    assert len(split.json()["incidents"]) >= 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"action": "burn"}, 422),
        ({}, 422),
        ({"action": "accept"}, 404),
        ({"action": "accept", "incident": "none"}, 404),
        ({"action": "undo", "undoes": "none"}, 404),
        ({"action": "edit", "incident": "FIRST", "cell": "id", "value": "x"}, 422),
        ({"action": "edit", "incident": "FIRST", "cell": "status", "value": "invented"}, 422),
        ({"action": "edit", "incident": "FIRST", "cell": "day_from", "value": "2024-13-01"}, 422),
        ({"action": "edit", "incident": "FIRST", "cell": "kind", "value": "invented"}, 422),
        ({"action": "same", "incident": "FIRST", "other": "FIRST"}, 422),
        ({"action": "not-same", "incident": "FIRST", "claims": []}, 422),
        ({"action": "note", "incident": "FIRST"}, 422),
        ({"action": "note", "incident": "FIRST", "note": "x" * 3000}, 422),
        ({"action": "accept", "incident": "FIRST", "claims": 3}, 422),
    ],
)
def test_wishes_that_cannot_be(judging: TestClient, body: dict[str, Any], code: int) -> None:
    known = first(judging)["id"]
    given = {name: known if value == "FIRST" else value for name, value in body.items()}
    assert judge(judging, **given).status_code == code


def test_forms_work_without_javascript(judging: TestClient) -> None:
    row = first(judging)
    form = {"csrf": token(judging), "action": "accept", "incident": row["id"], "back": "/inbox"}
    answer = judging.post("/judgements", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    away = judging.post("/judgements", data=form | {"back": "//evil.example"}, follow_redirects=False)
    assert away.headers["location"] == "/inbox"


def test_htmx_gets_a_line_with_an_undo(judging: TestClient) -> None:
    row = first(judging)
    form = {"csrf": token(judging), "action": "reject", "incident": row["id"]}
    answer = judging.post("/judgements", data=form, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert "Rejected" in answer.text and 'value="undo"' in answer.text and "<html" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"x-csrf-token": "0" * 64}, {"x-csrf-token": "e\u0301".encode()}, {"x-csrf-token": "TOKEN", "origin": "http://evil.example"},
        {"x-csrf-token": "TOKEN", "origin": "null"}, {"x-csrf-token": "TOKEN", "sec-fetch-site": "cross-site"},
    ],
)  # fmt: skip
def test_other_sites_cannot_judge(judging: TestClient, headers: dict[str, Any]) -> None:
    row = first(judging)
    known = token(judging)
    given = {name: known if value == "TOKEN" else value for name, value in headers.items()}
    answer = judging.post("/judgements", json={"action": "accept", "incident": row["id"]}, headers=given)
    assert answer.status_code == 403
    assert first(judging)["review"] == "new"


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"\xff", b"null", b'{"action": "accept", "incident": "' + b"x" * 5000 + b'"}']
)
def test_bodies_that_are_none(judging: TestClient, body: bytes) -> None:
    known = token(judging)
    answer = judging.post(
        "/judgements", content=body, headers={"content-type": "application/json", "x-csrf-token": known}
    )
    assert answer.status_code in (400, 403, 422)
