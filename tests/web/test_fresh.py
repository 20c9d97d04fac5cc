"""Answers that may be some moments old: who waits, who does not, and what a write does to them."""

from __future__ import annotations

import gzip
import socket
import threading
import time

import pytest
from fastapi.testclient import TestClient

from tocsin.commands.serve import _listen
from tocsin.serve import map as desk_map
from tocsin.serve.fresh import Fresh
from tocsin.serve.settings import Settings


class Counting:
    """Makes 1, 2, 3 …; from the second on only once it may."""

    def __init__(self) -> None:
        self.made, self.may = 0, threading.Event()

    def __call__(self) -> int:
        self.made += 1
        number = self.made
        assert number == 1 or self.may.wait(10)
        return number


def eventually(kept: Fresh, make: Counting, wanted: int) -> None:
    until = time.monotonic() + 10
    while kept.get("key", make) != wanted:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_nobody_waits_for_the_renewal_of_an_answer() -> None:
    kept, make = Fresh(seconds=0.0, entries=2, oldest=60.0), Counting()
    assert kept.get("key", make) == 1
    assert [kept.get("key", make) for _ in range(5)] == [1] * 5, "the new one is being made"
    make.may.set()
    eventually(kept, make, 2)


def test_an_answer_that_a_write_overtook_is_not_kept() -> None:
    kept, make = Fresh(seconds=0.0, entries=2, oldest=60.0), Counting()
    kept.get("key", make)
    kept.get("key", make)  # begins the second
    while make.made < 2:
        time.sleep(0.001)
    kept.clear()
    make.may.set()
    assert kept.get("key", make) == 3, "neither the first nor the one that was begun before the write"


def test_what_is_asked_for_stays_and_what_is_not_goes() -> None:
    kept = Fresh(seconds=60.0, entries=2, oldest=60.0)
    for key in ("often", "once", "often", "new"):
        kept.get(key, lambda key=key: key)
    assert kept.get("often", lambda: "made again") == "often"
    assert kept.get("once", lambda: "made again") == "made again"


def test_an_answer_that_is_too_old_is_waited_for() -> None:
    kept, make = Fresh(seconds=0.0, entries=2, oldest=0.0), Counting()
    make.may.set()
    assert [kept.get("key", make) for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(("accepted", "packed"), [("gzip, br", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False), ("", False)])  # fmt: skip
def test_the_points_are_packed_for_who_takes_it(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, accepted: str, packed: bool
) -> None:
    monkeypatch.setattr(desk_map, "LEAST_PACKED", 10)
    desk_map.points_kept.clear()
    plain = client.get("/map.json", headers={"accept-encoding": ""})
    with client.stream("GET", "/map.json", headers={"accept-encoding": accepted}) as answer:
        raw = b"".join(answer.iter_raw())
    assert (answer.headers.get("content-encoding") == "gzip") is packed
    assert (gzip.decompress(raw) if packed else raw) == plain.content
    assert "Accept-Encoding" in answer.headers["vary"]
    assert (answer.headers["etag"] == plain.headers["etag"]) is not packed, "one tag a form"
    again = {"accept-encoding": accepted, "if-none-match": answer.headers["etag"]}
    assert client.get("/map.json", headers=again).status_code == 304


def test_the_server_s_connections_are_known_to_be_tcp() -> None:
    """asyncio sends at once (TCP_NODELAY) only where the socket names its protocol."""
    with _listen(Settings(port=0)) as listening:
        assert listening.proto == socket.IPPROTO_TCP
