"""Double coding: blind until decided, agreement as published examples have it."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from test_guard import signed_in, team

from tocsin.serve.agreement import agreement, alpha, kappas


def post(client: TestClient, path: str, body: dict[str, Any]) -> Any:
    csrf = client.get("/session.json").json()["csrf"]
    return client.post(path, json=body, headers={"x-csrf-token": csrf})


def test_two_coders_blind_and_a_decision(fresh_store: Any) -> None:
    team(fresh_store)
    editor, one, two = (signed_in(fresh_store, name) for name in ("editor", "coder", "coder2"))
    incident = editor.get("/incidents.json").json()["rows"][0]
    assert post(editor, "/coding", {"incident": incident["id"], "coders": ["coder", "coder"]}).status_code == 422
    assert post(editor, "/coding", {"incident": incident["id"], "coders": ["coder", "viewer"]}).status_code == 422
    assert post(one, "/coding", {"incident": incident["id"], "coders": ["coder", "coder2"]}).status_code == 403
    given = post(editor, "/coding", {"incident": incident["id"], "coders": ["coder", "coder2"]})
    assert given.status_code == 200, given.text
    task = f"/coding/{given.json()['id']}"

    answers = {
        "event": "yes",
        "kind": "air-strike",
        "status": "reported",
        "day": "2024-05-03",
        "place": "secretville",
        "killed": "9",
    }
    assert post(editor, f"{task}/answers", answers).status_code == 403  # nobody's but the coders'
    assert post(one, f"{task}/answers", answers | {"status": "invented"}).status_code == 422
    assert post(one, f"{task}/answers", answers).status_code == 200
    assert post(one, f"{task}/answers", answers).status_code == 409  # once
    for other in (two, editor):
        for path in (
            f"{task}.json",
            "/coding.json",
            f"/incidents/{incident['id']}.json",
            task,
            f"/incidents/{incident['id']}",
        ):
            assert "secretville" not in other.get(path).text, path
    assert "secretville" in one.get(task).text
    assert post(editor, f"{task}/decision", answers).status_code == 409

    assert post(two, f"{task}/answers", answers | {"status": "alleged", "killed": "11"}).status_code == 200
    assert "secretville" in editor.get(task).text
    assert one.get(f"{task}.json").text.count('"user":"coder2"') == 0
    found = {line["field"]: line for line in editor.get("/coding.json").json()["agreement"]}
    assert found["kind"]["equal"] == 1.0 and found["status"]["equal"] == 0.0
    assert one.get("/coding.json").json()["agreement"] == []

    assert post(one, f"{task}/decision", answers).status_code == 403
    assert post(editor, f"{task}/decision", answers | {"status": "alleged"}).status_code == 200
    after = editor.get(f"/incidents/{incident['claims'][0]}.json").json()["incident"]
    assert after["status"] == "alleged"
    assert one.get(f"{task}.json").json()["task"]["decision"]["answers"]["status"] == "alleged"


def test_a_task_is_nobody_elses_business(fresh_store: Any) -> None:
    team(fresh_store)
    editor, other = signed_in(fresh_store, "editor"), signed_in(fresh_store, "coder2")
    version = editor.get("/documents.json").json()["rows"][0]["id"]
    given = post(editor, "/coding", {"document": version, "coders": ["coder", "admin"]})
    assert given.status_code == 200, given.text
    assert other.get(f"/coding/{given.json()['id']}").status_code == 404
    assert other.get("/coding.json").json()["tasks"] == []


def test_agreement_of_a_published_example() -> None:
    """Two observers, binary data (Krippendorff, Computing Krippendorff's Alpha-Reliability, part A): of ten units one is 1 to both,
    five are 0 to both, four divide them: alpha = 1 - 19 * 4 / (14 * 6) = 0.095."""
    pytest.importorskip("krippendorff")
    meg, owen = "0100000000", "1110010010"
    units = [{"Meg": a, "Owen": b} for a, b in zip(meg, owen, strict=True)]
    assert alpha(units, numbers=False) == pytest.approx(0.095, abs=0.001)


def test_kappa_of_a_known_table() -> None:
    """Of 50: both yes 20, both no 15, only one's yes 5 and 10: observed .7, by chance .5, kappa .4."""
    pytest.importorskip("sklearn")
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappas([{"a": one, "b": two} for one, two in pairs]) == {"a / b": pytest.approx(0.4)}


def test_nothing_to_agree_about() -> None:
    assert agreement(("kind",), [])[0].units == 0
    same = agreement(("kind", "killed"), [{"a": {"kind": "x", "killed": ""}, "b": {"kind": "x", "killed": ""}}])
    assert [one.equal for one in same] == [1.0, 1.0]
    assert [one.alpha for one in same] == [None, None]
