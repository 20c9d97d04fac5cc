"""Who may use a desk that other machines can reach: people, their roles, and their sessions.

A session's token is known to its browser alone; the ledger keeps its sha256, so that a copied database signs nobody in.
Passwords come here hashed (`serve.passwords`). Nothing of this is part of the chain: people come and go, their judgements stay.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, Table, delete, insert, select, update

from tocsin.errors import UsageError
from tocsin.records import Row
from tocsin.store.session import Session
from tocsin.store.tables import String, metadata

users = Table(
    "users",
    metadata,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("password", String, nullable=False),
    Column("added", String, nullable=False),
    sqlite_strict=True,
)
sessions = Table(
    "sessions",
    metadata,
    Column("token", String, primary_key=True),
    Column("user", String, ForeignKey("users.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("ends", Integer, nullable=False),
    sqlite_strict=True,
)


class User(Row, frozen=True, kw_only=True):
    """A person: name, role (viewer, coder, editor, admin), the password's argon2 hash, and since when."""

    name: str
    role: str
    password: str
    added: str


class Accounts(Session):
    """Users and sessions. Times of sessions are seconds since 1970."""

    def users(self) -> tuple[User, ...]:
        with self._asking() as connection:
            return tuple(User(**row._mapping) for row in connection.execute(select(users).order_by(users.c.name)))

    def user(self, name: str) -> User | None:
        with self._asking() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).first()
            return User(**row._mapping) if row else None

    def put_user(self, user: User) -> None:
        """Adds the person; one of that name gets the new role and password, and all their sessions end."""
        values = {"role": user.role, "password": user.password}
        with self._changing() as connection:
            connection.execute(delete(sessions).where(sessions.c.user == user.name))
            known = connection.execute(update(users).where(users.c.name == user.name).values(**values))
            if not known.rowcount:
                connection.execute(insert(users).values(name=user.name, added=user.added, **values))

    def remove_user(self, name: str) -> None:
        """Takes a person's access away; what they judged stays. Raises `UsageError` where there is no such person."""
        with self._changing() as connection:
            connection.execute(delete(sessions).where(sessions.c.user == name))
            if not connection.execute(delete(users).where(users.c.name == name)).rowcount:
                raise UsageError(f"no user {name!r}")

    def set_role(self, name: str, role: str) -> None:
        """Gives a person another role; their sessions go on under it. Raises `UsageError` where there is no such person."""
        self._set(name, {"role": role}, ends=False)

    def set_password(self, name: str, password: str) -> None:
        """Keeps a person's new hash and ends all their sessions. Raises `UsageError` where there is no such person."""
        self._set(name, {"password": password}, ends=True)

    def _set(self, name: str, values: dict[str, str], *, ends: bool) -> None:
        with self._changing() as connection:
            if not connection.execute(update(users).where(users.c.name == name).values(**values)).rowcount:
                raise UsageError(f"no user {name!r}")
            if ends:
                connection.execute(delete(sessions).where(sessions.c.user == name))

    def start_session(self, token: str, user: str, ends: int, now: int) -> None:
        """Keeps a session under its token's hash, and clears away those that have ended."""
        with self._changing() as connection:
            connection.execute(delete(sessions).where(sessions.c.ends < now))
            connection.execute(insert(sessions).values(token=token, user=user, ends=ends))

    def session_user(self, token: str, now: int) -> User | None:
        """The person whose session it is, None where it ended or never was."""
        wanted = select(users).join(sessions, sessions.c.user == users.c.name)
        with self._asking() as connection:
            row = connection.execute(wanted.where(sessions.c.token == token, sessions.c.ends >= now)).first()
            return User(**row._mapping) if row else None

    def end_session(self, token: str) -> None:
        with self._changing() as connection:
            connection.execute(delete(sessions).where(sessions.c.token == token))
