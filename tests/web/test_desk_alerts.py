"""Alerts, rules, watched sources and indicators on the desk."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from desks import client_of
from fastapi.testclient import TestClient


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
