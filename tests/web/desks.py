"""Desks for the web tests: as a test client, as a server in a thread; and hostile words."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from typing import Any

import pytest
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


def client_of(store: Any, **settings: Any) -> TestClient:
    return TestClient(
        create_app(Desk(store), Settings(**settings)), base_url="http://127.0.0.1:8642", raise_server_exceptions=False
    )


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
