"""Ways out: a signed webhook, e-mail, an Atom file, a command. What an alert quotes is hostile text, and is escaped for each.

Settings stand in project.toml under [alerts]; secrets come from the environment, never from the file.
"""

from __future__ import annotations

import datetime
import email.message
import hashlib
import hmac
import http.client
import os
import re
import smtplib
import ssl
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit
from xml.sax.saxutils import escape, quoteattr

import msgspec

from tocsin.alerts.delivery import Channel, is_quiet
from tocsin.alerts.telling import Alert
from tocsin.errors import UsageError
from tocsin.plain import visible
from tocsin.project import AlertSettings
from tocsin.read.web import Limits, addresses, checked_address, connected

PATIENCE = 15.0
TRIES = 3
MOST_ENTRIES = 200
COMMAND_SECONDS = 60
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def channels(settings: AlertSettings, folder: Path, alerts: Callable[[], Sequence[Alert]]) -> dict[str, Channel]:
    """The channels that settings name. Raises `UsageError` where one lacks what it needs, or a setting is wrong."""
    is_quiet(datetime.datetime.now(datetime.UTC), settings.quiet, settings.timezone)
    found: dict[str, Channel] = {}
    if settings.webhook:
        secret = os.environ.get(settings.secret_env, "")
        if not secret:
            raise UsageError(f"the webhook is signed with ${settings.secret_env}, which is not set")
        _parts(settings.webhook)
        found["webhook"] = lambda told: webhook(told, settings, secret)
    if settings.email_to:
        if not settings.smtp or not settings.email_from:
            raise UsageError("alerts by e-mail need `smtp` (host:port) and `email_from` in project.toml")
        found["email"] = lambda told: send_mail(told, settings)
    if settings.atom:
        found["atom"] = lambda told: write_atom(folder / str(settings.atom), alerts(), settings.address)
    if settings.command:
        found["command"] = lambda told: run_command(told, settings.command)
    return found


def webhook(told: Sequence[Alert], settings: AlertSettings, secret: str) -> None:
    """Posts alerts as JSON. `X-Tocsin-Signature` is `t=UNIX,v1=HEX`, the HMAC-SHA256 of `UNIX.BODY` under the shared secret.

    The address is checked as a page's is, and redirects are not followed. Raises `OSError` where no answer of the 200s came after
    `TRIES` tries.
    """
    body = payload(told)
    said = ""
    for number in range(TRIES):
        if number:
            time.sleep(0.2 * 4 ** (number - 1))
        try:
            status = _post(str(settings.webhook), body, signed(body, secret, int(time.time())), settings.allow_private)
        except (OSError, http.client.HTTPException) as problem:
            said = f"cannot be reached: {problem}"
            continue
        if 200 <= status < 300:
            return
        said = f"answered {status}"
    raise OSError(f"the webhook {said}")


def payload(told: Sequence[Alert]) -> bytes:
    return msgspec.json.encode({"alerts": told, "sent": int(time.time())})


def signed(body: bytes, secret: str, moment: int) -> dict[str, str]:
    """The headers by which a receiver knows the sender; it should refuse moments more than some minutes old."""
    signature = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Tocsin-Signature": f"t={moment},v1={signature}"}


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or any(char <= " " or char == "\x7f" for char in url):
        raise UsageError(f"{url!r} is no address of a webhook")
    return parts


def _post(url: str, body: bytes, headers: dict[str, str], allow_private: Sequence[str]) -> int:
    parts = _parts(url)
    assert parts.hostname is not None
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = checked_address(parts.hostname, port, url, Limits(allowed=tuple(allow_private)), addresses)
    deadline = time.monotonic() + PATIENCE
    with connected(parts.scheme, parts.hostname, address, port, PATIENCE, deadline) as connection:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, {**headers, "Content-Type": "application/json", "User-Agent": "Tocsin", "Connection": "close"})  # fmt: skip
        return int(connection.getresponse().status)


def send_mail(told: Sequence[Alert], settings: AlertSettings) -> None:
    """Sends alerts in plain text, several as one mail. Raises `OSError` or `smtplib.SMTPException` where the server does not take it."""
    host, _, port = str(settings.smtp).rpartition(":")
    made = email.message.EmailMessage()
    made["From"], made["To"] = str(settings.email_from), ", ".join(settings.email_to)
    title = _line(told[0].title) if len(told) == 1 else f"{len(told)} alerts"
    made["Subject"] = f"[Tocsin] {title}"[:200]  # the library refuses line breaks; `_line` leaves none
    made["X-Tocsin-Alert"] = ",".join(one.id for one in told[:20])
    made.set_content(f"\n\n{'-' * 72}\n\n".join(words_of(one, settings.address) for one in told))
    user, password = os.environ.get("TOCSIN_SMTP_USER"), os.environ.get("TOCSIN_SMTP_PASSWORD")
    with smtplib.SMTP(
        host or str(settings.smtp), int(port) if port.isdigit() and host else 25, timeout=PATIENCE
    ) as server:
        if settings.starttls:
            server.starttls(context=ssl.create_default_context())
        if user and password:
            server.login(user, password)
        server.send_message(made)


def words_of(alert: Alert, address: str = "") -> str:
    """An alert for people: what, how sure, who says so, the words, where to read on."""
    over = f", over: {_line(alert.note)}" if alert.state == "over" else ""
    said_by = f" ({', '.join(_line(one) for one in alert.speakers)})" if alert.speakers else ""
    lines = [
        _line(alert.title), "", f"Rule: {_line(alert.rule)} ({alert.kind}{f', version {alert.version}' if alert.version else ''}){', ' + alert.where if alert.where else ''}",
        f"Status: {alert.status}{over}", f"Independent voices: {alert.voices}{said_by}", f"Figures: {_line(alert.figures) or 'none'}",
        f"First known {alert.first}, changed {alert.changed}",
    ]  # fmt: skip
    lines += ["", *(f'"{_line(one)}"' for one in alert.words)] if alert.words else []
    lines += ["", *(_line(one) for one in alert.links)] if alert.links else []
    lines += (
        ["", *(f"{address.rstrip('/')}/incidents/{one}" for one in alert.incidents[:10])] if alert.incidents else []
    )
    return "\n".join(lines)


def _line(text: str) -> str:
    """One line of harmless characters."""
    return visible(" ".join(text.split()))


def atom(alerts: Sequence[Alert], address: str = "") -> str:
    """The alerts as an Atom feed (RFC 4287), the last changed first."""
    rows = []
    for one in alerts[:MOST_ENTRIES]:
        rows.append(
            f"<entry><id>urn:tocsin:alert:{escape(one.id)}</id><title>{escape(_line(one.title))}</title>"
            f"<updated>{escape(one.changed)}</updated><published>{escape(one.first)}</published>"
            f"<category term={quoteattr(one.status)}/><link href={quoteattr(f'{address.rstrip(chr(47))}/alerts#{one.id}')}/>"
            f'<content type="text">{escape(words_of(one, address))}</content></entry>'
        )
    updated = alerts[0].changed if alerts else "1970-01-01T00:00:00Z"
    return _NOT_XML.sub(
        "\ufffd",
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:tocsin:alerts</id>'
        f"<title>Tocsin alerts</title><author><name>Tocsin</name></author><updated>{updated}</updated>{''.join(rows)}</feed>\n",
    )


def write_atom(path: Path, alerts: Sequence[Alert], address: str = "") -> None:
    """Writes the feed whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(atom(alerts, address), encoding="utf-8", errors="replace")
    aside.replace(path)


def run_command(told: Sequence[Alert], command: Sequence[str]) -> None:
    """Runs a program without a shell, the alerts as JSON on its standard input. Raises `OSError` where it ends with an error."""
    done = subprocess.run(list(command), input=payload(told), capture_output=True, timeout=COMMAND_SECONDS, check=False)
    if done.returncode:
        raise OSError(f"the command ended with {done.returncode}: {done.stderr[-300:].decode('utf-8', 'replace')}")


def told(value: Any) -> Alert:
    """An alert of what the ledger keeps of it."""
    return msgspec.convert(value, Alert)
