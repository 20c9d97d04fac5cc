"""Ways out: a signed webhook, e-mail, an Atom file, a command. What an alert quotes is hostile text, and is escaped for each.

Settings stand in project.toml under [alerts]; secrets come from the environment, never from the file.
"""

from __future__ import annotations

import email.message
import hashlib
import hmac
import http.client
import os
import smtplib
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import msgspec

from tocsin.alerts.telling import Alert, Channel
from tocsin.errors import UsageError
from tocsin.plain import visible
from tocsin.project import AlertSettings
from tocsin.read.web import Limits, addresses, checked_address, connected

PATIENCE = 15.0
TRIES = 3
MOST_ENTRIES = 200


def channels(settings: AlertSettings, folder: Path, alerts: Callable[[], Sequence[Alert]]) -> dict[str, Channel]:
    """The channels that settings name. Raises `UsageError` where one lacks what it needs."""
    found: dict[str, Channel] = {}
    if settings.webhook:
        secret = os.environ.get(settings.secret_env, "")
        if not secret:
            raise UsageError(f"the webhook is signed with ${settings.secret_env}, which is not set")
        found["webhook"] = lambda alert: webhook(alert, settings.webhook or "", secret, settings.allow_private)
    if settings.email_to:
        if not settings.smtp or not settings.email_from:
            raise UsageError("alerts by e-mail need `smtp` (host:port) and `email_from` in project.toml")
        found["email"] = lambda alert: send_mail(alert, settings)
    if settings.atom:
        found["atom"] = lambda alert: write_atom(folder / str(settings.atom), alerts())
    if settings.command:
        found["command"] = lambda alert: run_command(alert, settings.command)
    return found


def webhook(alert: Alert, url: str, secret: str, allow_private: Sequence[str] = ()) -> None:
    """Posts an alert as JSON. `X-Tocsin-Signature` is `t=UNIX,v1=HEX`, the HMAC-SHA256 of `UNIX.BODY` under the shared secret.

    The address is checked as a page's is. Raises `OSError` where no answer of the 200s came after `TRIES` tries.
    """
    body = msgspec.json.encode({"alert": alert, "sent": int(time.time())})
    for number in range(TRIES):
        moment = str(int(time.time()))
        signature = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        try:
            status = _post(
                url,
                body,
                {"X-Tocsin-Signature": f"t={moment},v1={signature}", "X-Tocsin-Alert": alert.id},
                allow_private,
            )
        except (OSError, http.client.HTTPException) as problem:
            status, told = 0, str(problem)
        else:
            told = f"answered {status}"
        if 200 <= status < 300:
            return
        if number + 1 < TRIES:
            time.sleep(0.2 * 4**number)
    raise OSError(f"the webhook {told}")


def _post(url: str, body: bytes, headers: dict[str, str], allow_private: Sequence[str]) -> int:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{url!r} is no address of a webhook")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = checked_address(parts.hostname, port, url, Limits(allowed=tuple(allow_private)), addresses)
    deadline = time.monotonic() + PATIENCE
    with connected(parts.scheme, parts.hostname, address, port, PATIENCE, deadline) as connection:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, {**headers, "Content-Type": "application/json", "User-Agent": "Tocsin", "Connection": "close"})  # fmt: skip
        return int(connection.getresponse().status)


def send_mail(alert: Alert, settings: AlertSettings) -> None:
    """Sends an alert in plain text. Raises `OSError` or `smtplib.SMTPException` where the server does not take it."""
    host, _, port = str(settings.smtp).rpartition(":")
    made = email.message.EmailMessage()
    made["From"], made["To"] = str(settings.email_from), ", ".join(settings.email_to)
    made["Subject"] = f"[Tocsin] {_line(alert.title)}"[:200]  # the library refuses line breaks; `_line` leaves none
    made["X-Tocsin-Alert"] = alert.id
    made.set_content(words_of(alert))
    user, password = os.environ.get("TOCSIN_SMTP_USER"), os.environ.get("TOCSIN_SMTP_PASSWORD")
    with smtplib.SMTP(
        host or str(settings.smtp), int(port) if port.isdigit() and host else 25, timeout=PATIENCE
    ) as server:
        if settings.starttls:
            server.starttls()
        if user and password:
            server.login(user, password)
        server.send_message(made)


def words_of(alert: Alert) -> str:
    """An alert for people: what, how sure, who says so, the words."""
    lines = [
        _line(alert.title), "", f"Rule: {_line(alert.rule)} ({alert.kind}){', ' + alert.where if alert.where else ''}",
        f"Status: {alert.status}, {alert.voices} independent voices" + (", over" if alert.state == "over" else ""),
        f"Figures: {_line(alert.figures) or 'none'}", f"First known {alert.first}, changed {alert.changed}",
    ]  # fmt: skip
    lines += ["", *(f'"{_line(one)}"' for one in alert.words)]
    lines += ["", *(f"/incidents/{one}" for one in alert.incidents[:10])]
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
            f'<category term="{escape(one.status)}"/><link href="{escape(address)}/alerts#{escape(one.id)}"/>'
            f'<content type="text">{escape(words_of(one))}</content></entry>'
        )
    updated = alerts[0].changed if alerts else "1970-01-01T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:tocsin:alerts</id>'
        f"<title>Tocsin alerts</title><author><name>Tocsin</name></author><updated>{updated}</updated>{''.join(rows)}</feed>\n"
    )


def write_atom(path: Path, alerts: Sequence[Alert]) -> None:
    """Writes the feed whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(atom(alerts), encoding="utf-8")
    aside.replace(path)


def run_command(alert: Alert, command: Sequence[str]) -> None:
    """Runs a program without a shell, the alert as JSON on its standard input. Raises `OSError` where it ends with an error."""
    done = subprocess.run(list(command), input=msgspec.json.encode(alert), capture_output=True, timeout=60, check=False)
    if done.returncode:
        raise OSError(f"the command ended with {done.returncode}: {done.stderr[-300:].decode('utf-8', 'replace')}")


def told(value: Any) -> Alert:
    return msgspec.convert(value, Alert)
