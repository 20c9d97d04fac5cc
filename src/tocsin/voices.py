"""Whose word a claim is: the named speaker, the agency whose copy it is, or the outlet itself.

Two claims with one key are not independent of each other. A speaker who is known by name is one voice wherever he is quoted,
with or without his title; a state and its government are one voice; 'a local official' is a voice of the outlet that spoke to
him; what a page asserts itself, or what 'it' or 'we' says that stands for nobody known, is the voice of the agency that the
page credits, for all who print that copy, else the outlet's own.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

import msgspec

from tocsin import rulefiles
from tocsin.ledger import DocumentVersion, Voice
from tocsin.records import Actor, Record, Statement

UNKNOWN = "unknown"  # the outlet of a page that has neither publisher nor address
_CAPITAL = r"(?:(?:[A-Z]\.){2,}|[A-Z][\w'’-]*)"
_NAMED = re.compile(rf"\b{_CAPITAL}(?:\s+(?:(?:of|for|the|al|bin|abu|de|del|van|von|and)\s+)*(?:al-)?{_CAPITAL})*")
_LEADING = re.compile(
    r"^(?:(?:earlier|later|meanwhile|the|a|an|one|some|its|his|her|their|another|local|senior|top)\s+)+", re.I
)
_INTRODUCED = re.compile(r"\b(?:gave (?:his|her|their) name as|named|called|identified (?:only )?as)\s+(?=[A-Z])")
_COMPANY = re.compile(r"\s+(?:at|in|of|for|from|near|with|on|to|who|which|that|whose|by|inside|outside)\s+")
_PRONOUNS = frozenset("it we they he she i you this that these those who which".split())
_SPACES = re.compile(r"\s+")
_WWW = re.compile(r"^(?:www\d?|m|mobile|amp|edition)\.")
_CREDIT = re.compile(r"\(([^()]{2,40})\)|^\s*(?:reporting by|source:|by)\s+(.{2,60})", re.I)
_AGENCY_LIKE = re.compile(r"\b(?:wire|news agency|press agency|newswire|agency)\b", re.I)


def outlet_of(url: str | None, publisher: str | None, ref: str | None) -> str:
    """The outlet's name: the publisher as the page says it, else the domain that somebody has registered, else 'unknown'.

    'news.bbc.co.uk' and 'www.bbc.co.uk' are 'bbc.co.uk', by the Public Suffix List; a blog at its host's is an outlet of its own.
    """
    if publisher and publisher.strip():
        return _SPACES.sub(" ", publisher.strip())[:120]
    try:
        host = (urlsplit(url or "").hostname or "").lower().rstrip(".")
    except ValueError:
        host = ""
    return (_registered(host) or _WWW.sub("", host)) if host else UNKNOWN


@cache
def _registered(host: str) -> str | None:
    """The part of a host name below its public suffix; None for a number, and for names of no public suffix."""
    from tld import get_fld

    if ":" in host or not re.search(r"[a-z]", host):
        return None
    found = get_fld(f"https://{host}", search_private=True, fail_silently=True)
    return str(found) if found else None


def source_of(version: DocumentVersion) -> tuple[str, str]:
    """The key and the name of a page's own voice: its outlet's; where that is unknown the page speaks for itself alone.

    Two files that do not say who printed them are two voices, unless the one copies the other, which merging finds.
    """
    if version.outlet != UNKNOWN:
        return f"outlet:{version.outlet.lower()}", version.outlet
    name = (version.ref or "").replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].strip()
    return f"outlet:{version.document}", name[:120] or version.id[:19]


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
    """Gives the voices of one page's claims. `key` is that of the page's own voice where it is not made of the outlet's name."""

    def __init__(self, record: Record, outlet: str, key: str | None = None) -> None:
        self._actors = {one.id: one for one in record.actors}
        self._statements = {one.id: one for one in record.statements}
        self._agency, self._outlet = agency_of(record), outlet
        self._via = self._agency or outlet
        self._own = f"agency:{self._agency}" if self._agency else key or f"outlet:{outlet.lower()}"
        heard = (_named(one.source.text, self._actor(one)) for one in record.statements if one.source)
        self._names = {one for one in heard if one}

    def _actor(self, statement: Statement) -> Actor | None:
        return self._actors.get(statement.source.actor or "") if statement.source else None

    @property
    def own(self) -> Voice:
        """The page's own voice."""
        return Voice(key=self._own, via=self._via)

    def of(self, said_by: tuple[str, ...]) -> tuple[Voice, ...]:
        """Who says it, by the ids of statements; the page itself where nobody is named."""
        found = [self.speaker(self._statements[name]) for name in said_by if name in self._statements]
        return tuple({one.key: one for one in found}.values()) or (self.own,)

    def speaker(self, statement: Statement) -> Voice:
        """The voice of a statement; of the page where it lost its speaker."""
        if statement.source is None:
            return self.own
        text = _SPACES.sub(" ", statement.source.text)
        actor = self._actor(statement)
        key = self._key(text, actor)
        if key is None:
            return msgspec.structs.replace(self.own, speaker=text)
        return Voice(key=key, speaker=text, code=actor.code if actor else None, via=self._via)

    def _key(self, text: str, actor: Actor | None) -> str | None:
        """None where the words stand for nobody known."""
        if actor is not None and _is_known(actor):
            return _key_of(actor, actor.refers_to or text)
        words = actor.refers_to if actor is not None and actor.refers_to else text
        if words.lower() in _PRONOUNS:
            return None
        if name := _named(words, actor):
            return None if name == self._outlet.lower().removeprefix("the ") else f"name:{self._in_full(name)}"
        if actor is not None and actor.code and actor.country:
            return f"code:{actor.code}"
        return f"words:{_LEADING.sub('', words).lower()}@{self._own.partition(':')[2]}"

    def _in_full(self, name: str) -> str:
        """A surname as the one full name on the page that ends in it."""
        full = [one for one in self._names if one.endswith(f" {name}")]
        return full[0] if len(full) == 1 else name


def _is_known(actor: Actor) -> bool:
    """Whether a table of actors knows who it is, rather than the page's own words being repeated."""
    return actor.name is not None and (
        actor.name != actor.refers_to or "lexicon" in actor.rule or "state-name" in actor.rule
    )


def _key_of(actor: Actor, words: str) -> str:
    """A state speaks through its government, however it is called; its minister by his own name where the page gives it."""
    country, code = actor.country or "", actor.code or ""
    of_a_state = "nation" in actor.rule  # the page's words with a country: 'Serbian police', 'Iraq's prime minister'
    if of_a_state and actor.type == "person" and (name := _named(words, actor, beside=True)):
        return f"name:{name}"
    if country and code == country and (of_a_state or actor.type != "person"):
        return f"code:{country}GOV"
    if country and (of_a_state or (actor.type != "person" and code == f"{country}GOV")):
        return f"code:{code}"
    return f"name:{_LEADING.sub('', actor.name or '').lower()}"


def _named(text: str, actor: Actor | None, *, beside: bool = False) -> str | None:
    """The proper name of a speaker in small letters, without titles: that of the head, or of an apposition to it.

    'A doctor at the Mayadin clinic' names a clinic and no doctor; 'Officials' has its capital from the sentence. With `beside`
    the words that the head begins with are no name, since they are a nation's ('Serbian minister Milos Vucevic').
    """
    if introduced := _INTRODUCED.search(text):
        given = _NAMED.match(text, introduced.end())
        return given.group().lower() if given else None
    head, *others = (_LEADING.sub("", one) for one in text.split(", "))
    head = _COMPANY.split(head, maxsplit=1)[0]
    for part in (head, *(one for one in others if one[:1].isupper())):
        names = [one for one in _NAMED.finditer(part) if not (beside and part is head and one.start() == 0)]
        if not names:
            continue
        found = max(names, key=lambda one: (one.group().count(" "), one.start()))
        words, at_end = found.group().split(), found.end() == len(part)
        words = _untitled(words, actor) if at_end else words
        if len(words) > 1 or (at_end and not _may_be_common(words[0], text, actor)):
            return " ".join(words).lower()
    return None


def _untitled(words: list[str], actor: Actor | None) -> list[str]:
    """A person's name without what stands before it: 'Rear Admiral', 'Interior Minister'."""
    if actor is None or actor.type != "person":
        return words
    title = [n for n, one in enumerate(words[:-1]) if set(one.lower().strip(".").split("-")) <= _titles()]
    return words[title[-1] + 1 :] if title else words


def _may_be_common(word: str, text: str, actor: Actor | None) -> bool:
    """Whether a single capitalised word may be no name: a title, or the first of a sentence where no name is known."""
    if word.lower() in _titles():
        return True
    first = _LEADING.sub("", text).split(" ")[0] == word
    return first and actor is not None and actor.rule.split("+")[-1] in ("agent", "generic", "unknown")


@cache
def _titles() -> frozenset[str]:
    return rulefiles.words("titles")
