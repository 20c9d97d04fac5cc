"""Whose word a claim is: the named speaker, the agency whose copy it is, or the outlet itself.

Two claims with one key are not independent of each other. A speaker who is known by name is one voice wherever he is quoted;
'a local official' is a voice of the outlet that spoke to him; what a page asserts itself is its agency's voice where it
credits one, for all who print that copy, else the outlet's own.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

from tocsin import rulefiles
from tocsin.ledger import Voice
from tocsin.records import Actor, Record, Statement

_NAMED = re.compile(r"\b[A-Z][\w'’-]*(?:\s+(?:(?:of|for|the|al-|bin|abu|de|del|van|von|and)\s+)*[A-Z][\w'’-]*)*")
_LEADING = re.compile(r"^(?:the|a|an|one|some|its|his|her|their|another|local|senior|top)\s+", re.I)
_SPACES = re.compile(r"\s+")
_WWW = re.compile(r"^(?:www\d?|m|mobile|amp|edition)\.")
_CREDIT = re.compile(r"\(([^()]{2,40})\)|^\s*(?:reporting by|source:|by)\s+(.{2,60})", re.I)
_AGENCY_LIKE = re.compile(r"\b(?:wire|news agency|press agency|newswire|agency)\b", re.I)


def outlet_of(url: str | None, publisher: str | None, ref: str | None) -> str:
    """The outlet's name: the publisher as the page says it, else the host, else 'unknown'."""
    if publisher and publisher.strip():
        return _SPACES.sub(" ", publisher.strip())[:120]
    try:
        host = (urlsplit(url or "").hostname or "").lower()
    except ValueError:
        host = ""
    return _WWW.sub("", host) or "unknown"


def agency_of(record: Record) -> str | None:
    """The agency that a page credits in its dateline, credit line or byline, in small letters; None where it credits none."""
    credits = [
        record.document.text[one.start : one.end] for one in record.residue if one.kind in ("dateline", "credit")
    ]
    for line in (*credits, record.document.author or ""):
        for found in _CREDIT.finditer(line):
            name = _plain(found.group(1) or found.group(2))
            if name in _agencies() or _AGENCY_LIKE.search(name):
                return name
        if _plain(line) in _agencies():
            return _plain(line)
    return None


@cache
def _agencies() -> frozenset[str]:
    return frozenset(
        line.strip()
        for line in (rulefiles.rules_root() / "merge" / "agencies.txt").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    )


def _plain(words: str) -> str:
    return _SPACES.sub(" ", words).strip(" .,;:-–—()").lower()


class Voices:
    """Gives the voices of one page's claims."""

    def __init__(self, record: Record, outlet: str) -> None:
        self._actors = {one.id: one for one in record.actors}
        self._statements = {one.id: one for one in record.statements}
        self._agency, self._outlet = agency_of(record), outlet
        self._via = self._agency or outlet

    @property
    def own(self) -> Voice:
        """The page's own voice."""
        key = f"agency:{self._agency}" if self._agency else f"outlet:{self._outlet.lower()}"
        return Voice(key=key, via=self._via)

    def of(self, said_by: tuple[str, ...]) -> tuple[Voice, ...]:
        """Who says it, by the ids of statements; the page itself where nobody is named."""
        found = [self.speaker(self._statements[name]) for name in said_by if name in self._statements]
        return tuple({one.key: one for one in found}.values()) or (self.own,)

    def speaker(self, statement: Statement) -> Voice:
        """The voice of a statement; of the page where it lost its speaker."""
        if statement.source is None:
            return self.own
        text = _SPACES.sub(" ", statement.source.text)
        actor = self._actors.get(statement.source.actor or "")
        return Voice(key=self._key(text, actor), speaker=text, code=actor.code if actor else None, via=self._via)

    def _key(self, text: str, actor: Actor | None) -> str:
        if actor is not None and actor.name:
            return f"name:{actor.name.lower()}"
        names = [one for one in _NAMED.findall(text) if _LEADING.sub("", one)]
        proper = max(names, key=len, default="")
        if (
            proper
            and proper.lower() not in ("the", "a", "an")
            and not text.startswith(proper + " ")
            and len(proper) > 3
        ):
            return f"name:{proper.lower()}"
        if proper and (" " in proper or proper == text):
            return f"name:{proper.lower()}"
        if actor is not None and actor.code and actor.country:
            return f"code:{actor.code}"
        return f"words:{_LEADING.sub('', text).lower()}@{self._via.lower()}"
