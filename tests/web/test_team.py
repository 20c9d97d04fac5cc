"""A new password of one's own, and the people of a desk as an admin changes them in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from desks import client_of
from fastapi.testclient import TestClient
from test_guard import PASSWORD, signed_in, team

NEW = "another good horse"


def sent(client: TestClient, path: str, **body: Any) -> Any:
    token = client.get("/session.json").json()["csrf"]
    return client.post(path, data={"csrf": token, **body}, follow_redirects=False)


def login(store: Any, name: str, password: str) -> int:
    return client_of(store, host="0.0.0.0").post("/login", json={"name": name, "password": password}).status_code


def test_a_new_password_of_ones_own(fresh_store: Any) -> None:
    team(fresh_store)
    here, elsewhere = signed_in(fresh_store, "viewer"), signed_in(fresh_store, "viewer")
    before = here.cookies["tocsin_session"]
    answer = sent(here, "/session/password", old=PASSWORD, new=NEW, again=NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/session?changed=true")
    assert "The password is changed" in here.get("/session?changed=true").text
    assert elsewhere.get("/session.json").status_code == 401
    assert here.cookies["tocsin_session"] != before
    here.cookies.clear()
    here.cookies.set("tocsin_session", before)
    assert here.get("/session.json").status_code == 401  # a stolen cookie of before is worth nothing
    assert (login(fresh_store, "viewer", PASSWORD), login(fresh_store, "viewer", NEW)) == (401, 200)
    assert fresh_store.user("viewer").password.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"old": "not the old one", "new": NEW, "again": NEW}, 403, "The old password is another one."),
        ({"old": PASSWORD, "new": NEW, "again": NEW + "x"}, 422, "not the same"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, 422, "10 to 200 characters"),
        ({"old": PASSWORD, "new": "x" * 201, "again": "x" * 201}, 422, "10 to 200 characters"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, 422, "is the old one"),
        ({}, 403, "The old password is another one."),
    ],
)
def test_a_refused_password_says_why_and_changes_nothing(
    fresh_store: Any, body: dict[str, str], status: int, words: str
) -> None:
    team(fresh_store)
    client = signed_in(fresh_store, "viewer")
    answer = sent(client, "/session/password", **body)
    assert answer.status_code == status and words in answer.text and NEW not in answer.text
    assert client.get("/session.json").status_code == 200
    assert login(fresh_store, "viewer", PASSWORD) == 200


def test_no_password_from_elsewhere_nor_on_loopback(fresh_store: Any) -> None:
    team(fresh_store)
    client = signed_in(fresh_store, "viewer")
    body = {"old": PASSWORD, "new": NEW}
    assert client.post("/session/password", data={**body, "csrf": "wrong"}).status_code == 403
    token = client.get("/session.json").json()["csrf"]
    other = {"x-csrf-token": token, "origin": "https://evil.example"}
    assert client.post("/session/password", json=body, headers=other).status_code == 403
    assert client_of(fresh_store, host="0.0.0.0").post("/session/password", json=body).status_code == 401
    assert sent(client_of(fresh_store), "/session/password", **body).status_code == 403
    assert login(fresh_store, "viewer", PASSWORD) == 200


def test_guessing_the_old_password_is_slowed_down(fresh_store: Any) -> None:
    team(fresh_store)
    client = signed_in(fresh_store, "viewer")
    guesses = [sent(client, "/session/password", old=f"guess number {n}", new=NEW).status_code for n in range(6)]
    assert guesses == [403] * 5 + [429]
    late = sent(client, "/session/password", old=PASSWORD, new=NEW)
    assert late.status_code == 429 and "try again in" in late.text


def people(client: TestClient) -> dict[str, str]:
    return {one["name"]: one["role"] for one in client.get("/users.json").json()["users"]}


def test_an_admin_adds_changes_shuts_out_and_removes(fresh_store: Any) -> None:
    team(fresh_store)
    admin = signed_in(fresh_store, "admin")
    assert sent(admin, "/users", action="add", name="nadia", role="coder", password=NEW).status_code == 303
    assert people(admin)["nadia"] == "coder" and login(fresh_store, "nadia", NEW) == 200
    assert sent(admin, "/users", action="role", name="editor", role="viewer").status_code == 303
    assert people(admin)["editor"] == "viewer"
    open_session = signed_in(fresh_store, "viewer")
    assert sent(admin, "/users", action="role", name="viewer", role="none").status_code == 303
    assert open_session.get("/session.json").status_code == 401 and login(fresh_store, "viewer", PASSWORD) == 401
    sent(admin, "/users", action="role", name="viewer", role="viewer")
    assert login(fresh_store, "viewer", PASSWORD) == 200
    open_session = signed_in(fresh_store, "coder")
    assert sent(admin, "/users", action="password", name="coder", password=NEW).status_code == 303
    assert open_session.get("/session.json").status_code == 401
    assert (login(fresh_store, "coder", PASSWORD), login(fresh_store, "coder", NEW)) == (401, 200)
    assert sent(admin, "/users", action="remove", name="coder2").status_code == 303
    assert "coder2" not in people(admin)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"action": "add", "name": "viewer", "role": "admin", "password": NEW}, 422, "There is a person of that name"),
        ({"action": "add", "name": " spaced ", "role": "coder", "password": NEW}, 422, "no space at its ends"),
        ({"action": "add", "name": "right\u202eleft", "password": NEW}, 422, "printable"),
        ({"action": "add", "name": "new", "role": "emperor", "password": NEW}, 422, "role"),
        ({"action": "add", "name": "new", "role": "coder", "password": "short"}, 422, "10 to 200"),
        ({"action": "role", "name": "nobody", "role": "coder"}, 404, "There is no person of that name."),
        ({"action": "role", "name": "viewer"}, 422, "A role is one of"),
        ({"action": "password", "name": "viewer"}, 422, "10 to 200"),
        ({"action": "role", "name": "admin", "role": "none"}, 422, "Nobody would be left"),
        ({"action": "remove", "name": "admin"}, 422, "Nobody would be left"),
    ],
)
def test_wrong_changes_of_people_are_refused_in_words(
    fresh_store: Any, body: dict[str, str], status: int, words: str
) -> None:
    team(fresh_store)
    admin = signed_in(fresh_store, "admin")
    before = fresh_store.users()
    answer = sent(admin, "/users", **body)
    assert answer.status_code == status and words in answer.text, answer.text
    assert fresh_store.users() == before
    assert admin.get("/session.json").json()["role"] == "admin"


def test_only_admins_change_people_and_only_from_here(fresh_store: Any) -> None:
    team(fresh_store)
    body = {"action": "role", "name": "viewer", "role": "admin"}
    for role in ("viewer", "coder", "editor"):
        client = signed_in(fresh_store, role)
        assert sent(client, "/users", **body).status_code == 403 and client.get("/users").status_code == 403
    admin = signed_in(fresh_store, "admin")
    assert admin.post("/users", data={**body, "csrf": "wrong"}).status_code == 403
    assert fresh_store.user("viewer").role == "viewer"


def test_no_hash_of_a_password_is_shown(fresh_store: Any) -> None:
    team(fresh_store)
    admin = signed_in(fresh_store, "admin")
    assert "argon2" not in admin.get("/users").text + admin.get("/users.json").text
