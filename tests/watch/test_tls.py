"""Feeds behind certificates that are not what they should be, against a real TLS server on loopback."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

pytest.importorskip("fastfeedparser")

from tocsin.desk import Desk
from tocsin.errors import FetchError
from tocsin.read import web
from tocsin.read.web import Limits, fetch
from tocsin.store import open_store
from tocsin.store.watching import Source
from tocsin.watch.rounds import Watch, stamp

LOCAL = Limits(patience=2.0, total=3.0, allowed=("127.0.0.0/8",))
FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title></channel></rss>'
Served = Callable[..., str]


class Wire(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        found = self.path == "/feed"
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(FEED) if found else 0))
        self.end_headers()
        self.wfile.write(FEED if found else b"")


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up over the certificate is what is tested."""


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[trustme.CA]:
    """An authority that this machine trusts, by the variable that every TLS library of OpenSSL's kind reads."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    web._tls.cache_clear()
    web._robots_known.clear()
    yield made
    web._tls.cache_clear()


@pytest.fixture
def served() -> Iterator[Served]:
    running: list[Quiet] = []

    def serve(certificate: trustme.LeafCert, *, newest: ssl.TLSVersion | None = None) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        if newest is not None:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = newest
        made = Quiet(("127.0.0.1", 0), Wire)
        made.socket = context.wrap_socket(made.socket, server_side=True)
        threading.Thread(target=made.serve_forever, daemon=True).start()
        running.append(made)
        return f"https://localhost:{made.server_port}/feed"

    yield serve
    for one in running:
        one.shutdown()
        one.server_close()


def test_a_certificate_of_a_trusted_authority_is_accepted(authority: trustme.CA, served: Served) -> None:
    assert fetch(served(authority.issue_cert("localhost")), limits=LOCAL).body == FEED


@pytest.mark.parametrize(
    ("issued", "said"),
    [
        ({"by": "stranger"}, "certificate is not accepted: .*(self-signed|unable to get local issuer)"),
        ({"host": "elsewhere.example"}, "certificate is not accepted: .*Hostname mismatch"),
        ({"expired": True}, "certificate is not accepted: .*expired"),
    ],
)
def test_a_certificate_that_is_wrong_is_named(
    authority: trustme.CA, served: Served, issued: dict[str, Any], said: str
) -> None:
    issuer = trustme.CA() if "by" in issued else authority
    until = datetime.now(UTC) - timedelta(days=1) if "expired" in issued else None
    certificate = issuer.issue_cert(issued.get("host", "localhost"), not_after=until)
    with pytest.raises(FetchError, match=said):
        fetch(served(certificate), limits=LOCAL)


def test_tls_that_is_too_old_is_refused(authority: trustme.CA, served: Served) -> None:
    where = served(authority.issue_cert("localhost"), newest=ssl.TLSVersion.TLSv1_1)
    with pytest.raises(FetchError, match="speaks no TLS that is understood"):
        fetch(where, limits=LOCAL)


def test_a_server_without_tls_is_told(authority: trustme.CA) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        threading.Thread(
            target=lambda: plain.accept()[0].sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n"), daemon=True
        ).start()
        with pytest.raises(FetchError, match="speaks no TLS that is understood"):
            fetch(f"https://localhost:{plain.getsockname()[1]}/feed", limits=LOCAL)


def test_a_source_keeps_the_certificates_fault_and_recovers(
    authority: trustme.CA, served: Served, tmp_path: Path
) -> None:
    until = datetime.now(UTC) - timedelta(days=1)
    bad, good = served(authority.issue_cert("localhost", not_after=until)), served(authority.issue_cert("localhost"))
    store = open_store(tmp_path / "ledger.sqlite")
    now = datetime(2024, 3, 12, 12, tzinfo=UTC)
    for url in (bad, good):
        store.put_source(Source(url=url, name=url, added=stamp(now)), stamp(now))  # type: ignore[attr-defined]
    done = Watch(Desk(store), limits=LOCAL, pause=0.0, now=lambda: now).round()
    states = {one.url: one for one in store.sources()}  # type: ignore[attr-defined]
    store.close()
    assert (done.sources, done.failed) == (2, 1)
    assert states[good].problem is None
    assert states[good].status == 200
    assert "certificate is not accepted" in states[bad].problem
    assert "expired" in states[bad].problem
    assert states[bad].failures == 1
