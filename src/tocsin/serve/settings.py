"""What a server is started with."""

from __future__ import annotations

import ipaddress
from typing import Literal

from tocsin.records import Row

Role = Literal["viewer", "coder", "editor", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "coder", "editor", "admin")
NO_ROLE = "none"  # of a person who is known and may not sign in
COOKIE, LOCAL_COOKIE = "tocsin_session", "tocsin_local"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class Settings(Row, frozen=True, kw_only=True):
    """How the desk is served.

    On loopback there is one local user and no login. `hosts` are the names under which the server answers (without port);
    empty means: the loopback names on loopback, any name elsewhere. `https` sets the Secure flag on cookies: say so where a
    proxy in front of the server speaks TLS. `user` is the name written on judgements made on loopback.
    """

    host: str = "127.0.0.1"
    port: int = 8642
    hosts: tuple[str, ...] = ()
    https: bool = False
    user: str = "local"
    title: str = "Tocsin"
    most_body: int = 1_000_000
    session_hours: int = 12

    @property
    def loopback(self) -> bool:
        return is_loopback(self.host)

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Names that the Host header may hold; empty where any may (a login protects the pages then)."""
        return self.hosts + LOOPBACK_NAMES if self.loopback else self.hosts


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address. A name other than `localhost` is not taken for loopback."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
