"""Ledgers made by hand, of plain and of hostile words; and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rows
from desks import chromium, client_of, hostile
from fastapi.testclient import TestClient


@pytest.fixture(scope="session")
def plain_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    store = rows.filled(tmp_path_factory.mktemp("plain"), incidents=20)
    yield store
    store.close()


@pytest.fixture(scope="session")
def hostile_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    store = rows.filled(tmp_path_factory.mktemp("hostile"), words=hostile, incidents=10)
    yield store
    store.close()


@pytest.fixture
def fresh_store(tmp_path: Path) -> Iterator[Any]:
    """A ledger that a test may judge in."""
    store = rows.filled(tmp_path / "fresh", incidents=6)
    yield store
    store.close()


@pytest.fixture
def client(plain_store: Any) -> TestClient:
    return client_of(plain_store)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
