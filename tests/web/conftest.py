"""Desks for the web tests: one of plain words, one of hostile ones, each on a ledger made by hand; and a browser."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rows
import uvicorn
from fastapi.testclient import TestClient

from tocsin.desk import Desk
from tocsin.serve.app import create_app
from tocsin.serve.settings import Settings

HOSTILE = (
    '<script>document.title="owned"</script><img src=x onerror=alert(1)>\'"><svg onload=alert(2)> {{7*7}} ${8*8} \u202edlrow\u2069 '
    "\x00\x07\x1b[31m \U000e0041 javascript:alert(3) =cmd|' /C calc'!A0 </mark></title><style>*{display:none}</style> "
)


def hostile(text: str) -> str:
    """The words with an attack before and after them; the words stay, so that spans still mean something."""
    return HOSTILE + text + HOSTILE


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


def client_of(store: Any, **settings: Any) -> TestClient:
    return TestClient(
        create_app(Desk(store), Settings(**settings)), base_url="http://127.0.0.1:8642", raise_server_exceptions=False
    )


@pytest.fixture
def client(plain_store: Any) -> TestClient:
    return client_of(plain_store)


class Running:
    """A desk in a thread, with the address it answers at."""

    def __init__(self, store: Any, **settings: Any) -> None:
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        app = create_app(Desk(store), Settings(port=self.port, **settings))
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)
        self.thread.start()
        until = time.monotonic() + 20
        while not self.server.started and time.monotonic() < until:
            time.sleep(0.02)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.socket.close()


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("there is no Chromium (Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
