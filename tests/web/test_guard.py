"""Who may ask, from where, and what every answer says to the browser."""

from __future__ import annotations

from typing import Any

import pytest
from desks import client_of
from fastapi.testclient import TestClient

from tocsin.errors import UsageError
from tocsin.serve.app import create_app
from tocsin.serve.passwords import Brake, fits, hashed
from tocsin.serve.seats import inner_path
from tocsin.serve.settings import Settings, is_loopback
from tocsin.store.accounts import User

PASSWORD = "correct horse battery"


def test_headers_of_every_answer(client: TestClient) -> None:
    for path in ("/map", "/map.json", "/nowhere", "/static/desk.css", "/incidents?since=x"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8642", "", "localhost.evil.example", "[::2]"])
def test_foreign_names_are_refused_on_loopback(client: TestClient, host: str) -> None:
    assert client.get("/map", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8642", "127.0.0.1", "[::1]:8642", "LOCALHOST"])
def test_loopback_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/session.json", headers={"host": host}).status_code == 200


def test_long_addresses_and_bodies_are_refused(client: TestClient) -> None:
    assert client.get("/search?q=" + "a" * 9000).status_code == 414
    assert client.post("/judgements", content=b"x" * 1_100_000).status_code == 413
    pieces = (b"x" * 100_000 for _ in range(20))
    sent_json = {"content-type": "application/json"}
    assert client.post("/judgements", content=pieces, headers=sent_json).status_code == 413


def test_raw_bytes_are_saved_and_never_shown(client: TestClient) -> None:
    version = client.get("/documents.json").json()["rows"][0]["id"]
    answer = client.get(f"/documents/{version}/raw")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-security-policy"].startswith("sandbox")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "\t//evil", "/ok\r\nset-cookie: a=b", "", None]
)  # fmt: skip
def test_no_way_to_another_host(target: str | None) -> None:
    assert inner_path(target) == "/"


def test_inner_paths_stay() -> None:
    assert inner_path("/inbox?at=i1-e1#x") == "/inbox?at=i1-e1#x"


def test_what_is_loopback() -> None:
    assert [is_loopback(one) for one in ("127.0.0.1", "127.8.8.8", "::1", "localhost", "0.0.0.0", "::", "10.0.0.1", "desk.example")] == [True] * 4 + [False] * 4  # fmt: skip


def test_no_open_desk_by_accident(fresh_store: Any) -> None:
    with pytest.raises(UsageError, match="tocsin user add"):
        create_app(fresh_store, Settings(host="0.0.0.0"))


def team(store: Any) -> None:
    known = hashed(PASSWORD)
    for role in ("viewer", "coder", "editor", "admin"):
        store.put_user(User(name=role, role=role, password=known, added="2024-06-01T10:00:00Z"))
    store.put_user(User(name="coder2", role="coder", password=known, added="2024-06-01T10:00:00Z"))


def signed_in(store: Any, name: str) -> TestClient:
    client = client_of(store, host="0.0.0.0", hosts=("127.0.0.1",))
    answer = client.post("/login", data={"name": name, "password": PASSWORD, "next": "/inbox"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    return client


def test_signing_in_and_out(fresh_store: Any) -> None:
    team(fresh_store)
    client = client_of(fresh_store, host="0.0.0.0", hosts=("127.0.0.1",))
    answer = client.get("/inbox?at=i", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/inbox?at=i")
    assert client.get("/inbox.json").status_code == 401
    assert client.post("/login", data={"name": "editor", "password": "wrong password"}).status_code == 401
    client = signed_in(fresh_store, "editor")
    cookie = next(iter(client.cookies.jar))
    assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "lax"
    session = client.get("/session.json").json()
    assert (session["user"], session["role"], session["local"]) == ("editor", "editor", False)
    assert client.post("/logout", data={"csrf": "wrong"}).status_code == 403
    kept = dict(client.cookies)
    assert client.post("/logout", data={"csrf": session["csrf"]}, follow_redirects=False).status_code == 303
    client.cookies.update(kept)
    assert client.get("/session.json").status_code == 401  # the session is over on the server too


def test_a_new_password_ends_sessions(fresh_store: Any) -> None:
    team(fresh_store)
    client = signed_in(fresh_store, "viewer")
    team(fresh_store)
    assert client.get("/session.json").status_code == 401


def test_secure_cookies_behind_tls(fresh_store: Any) -> None:
    team(fresh_store)
    client = client_of(fresh_store, host="0.0.0.0", https=True)
    answer = client.post("/login", data={"name": "viewer", "password": PASSWORD}, follow_redirects=False)
    assert "secure" in answer.headers["set-cookie"].lower()


def test_roles(fresh_store: Any) -> None:
    team(fresh_store)
    allowed = {"viewer": (200, 403, 403), "coder": (200, 200, 403), "editor": (200, 200, 403), "admin": (200, 200, 200)}
    for role, wanted in allowed.items():
        client = signed_in(fresh_store, role)
        assert tuple(client.get(path).status_code for path in ("/inbox", "/coding", "/users")) == wanted
        body = {"action": "accept", "incident": client.get("/incidents.json").json()["rows"][0]["id"]}
        token = client.get("/session.json").json()["csrf"]
        judged = client.post("/judgements", json=body, headers={"x-csrf-token": token})
        assert judged.status_code == (200 if role in ("editor", "admin") else 403)


def test_guessing_is_slowed_down(fresh_store: Any) -> None:
    team(fresh_store)
    client = client_of(fresh_store, host="0.0.0.0")
    codes = [
        client.post("/login", json={"name": "admin", "password": f"guess number {n}"}).status_code for n in range(7)
    ]
    assert codes == [401] * 5 + [429] * 2
    right = client.post("/login", json={"name": "admin", "password": PASSWORD})
    assert right.status_code == 429 and int(right.headers["retry-after"]) > 0
    assert client.post("/login", json={"name": "viewer", "password": PASSWORD}).status_code == 200


def test_the_brake_forgets() -> None:
    now = [0.0]
    brake = Brake(most=2, seconds=10, keys=3, now=lambda: now[0])
    brake.failed("a")
    assert brake.wait("a") == 0
    brake.failed("a")
    assert 0 < brake.wait("a") <= 11
    now[0] = 10.5
    assert brake.wait("a") == 0
    for key in "bcde":
        brake.failed(key)
    assert len(brake._failures) == 3


def test_passwords() -> None:
    known = hashed(PASSWORD)
    assert known.startswith("$argon2id$") and PASSWORD not in known
    assert fits(PASSWORD, known) and not fits("other password", known) and not fits(PASSWORD, None)
    with pytest.raises(UsageError):
        hashed("short")
    with pytest.raises(UsageError):
        hashed("x" * 201)
