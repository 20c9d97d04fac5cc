"""What a feed names: RSS, Atom and JSON Feed, sitemaps and news sitemaps, bounded and without entities.

fastfeedparser reads RSS and Atom; what it refuses is given to feedparser, which forgives more. A document type with
declarations of its own is refused before either sees it: entities that expand without end are its only use here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

from tocsin.errors import InputError, MissingError
from tocsin.records import Row

MOST_ITEMS = 5_000  # of one feed that are looked at
LARGEST = 10_000_000  # bytes of one feed
LONGEST_URL = 2_000
MOST_NESTED = 50  # sitemaps of one index that are followed, the newest first
_ENTITY = re.compile(rb"<!\s*(?:ENTITY|ELEMENT|ATTLIST|NOTATION)|<!\s*DOCTYPE[^>]{0,2000}\[", re.I)
_HTML = re.compile(rb"^\s*(?:<!doctype\s+html|<html)", re.I)
_SITEMAP = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)[\s>]", re.I)
_XML_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Named(Row, frozen=True, kw_only=True):
    """A page that a feed names, with what the feed says of it; `published` is a day or a moment in UTC."""

    url: str
    title: str | None = None
    published: str | None = None


class Feed(Row, frozen=True, kw_only=True):
    """A feed as it was read: its kind, its title, its items in its own order, and the sitemaps that an index names."""

    kind: str
    title: str | None = None
    items: tuple[Named, ...] = ()
    nested: tuple[str, ...] = ()


def read_feed(content: bytes, url: str) -> Feed:
    """The feed in some bytes. Raises `InputError` naming the feed where it is none, too large, or defines entities."""
    if len(content) > LARGEST:
        raise InputError(url, f"is larger than the {LARGEST:,} bytes that a feed may have")
    head = content[:65_536].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise InputError(url, "is empty: a feed with nothing in it is told as a failure")
    if head[:1] in b"{[":
        return _of_json(content, url)
    if _HTML.match(head):
        raise InputError(
            url,
            "is an HTML page, not a feed; look for its feed's address in the page, or add the page with --kind page",
        )
    if _ENTITY.search(content):
        raise InputError(url, "defines its own entities or elements, which feeds do not need and attacks do: refused")
    if _SITEMAP.search(head):
        return _of_sitemap(content, url)
    return _of_xml(content, url)


def _of_json(content: bytes, url: str) -> Feed:
    """JSON Feed, versions 1 and 1.1 (jsonfeed.org)."""
    try:
        read = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError, json.JSONDecodeError, UnicodeDecodeError) as problem:
        raise InputError(url, f"is no feed: {problem}") from problem
    if not isinstance(read, dict) or not isinstance(read.get("items"), list):
        raise InputError(url, "is JSON but no JSON Feed: it has no list of items")
    rows = [one for one in read["items"][:MOST_ITEMS] if isinstance(one, dict)]
    found = ((one.get("url") or one.get("external_url"), one.get("title"), one.get("date_published")) for one in rows)
    return Feed(kind="json", title=_words(read.get("title")), items=_items(found, url))


def _of_sitemap(content: bytes, url: str) -> Feed:
    """Sitemaps (sitemaps.org 0.9), their indexes, and Google's news extension for title and moment."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise InputError(url, f"is no sitemap: {problem}") from problem
    if root is None:
        raise InputError(url, "is no sitemap: nothing in it could be read")
    rows = [one for one in root if isinstance(one.tag, str)][: MOST_ITEMS * 10]
    told = [
        {_local(part): (part.text or "").strip() for part in row.iter() if isinstance(part.tag, str)} for row in rows
    ]
    if _local(root) == "sitemapindex":
        newest = sorted((row for row in told if row.get("loc")), key=lambda row: row.get("lastmod", ""), reverse=True)
        return Feed(kind="sitemap-index", nested=tuple(_address(row["loc"], url) or "" for row in newest[:MOST_NESTED]))
    newest = sorted(told, key=lambda row: row.get("publication_date") or row.get("lastmod") or "", reverse=True)
    found = ((row.get("loc"), row.get("title"), row.get("publication_date") or row.get("lastmod")) for row in newest)
    return Feed(kind="sitemap", items=_items(found, url))


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _of_xml(content: bytes, url: str) -> Feed:
    try:
        import fastfeedparser
    except ImportError as problem:
        raise MissingError("the watch needs feed readers: pip install 'tocsin[watch]'") from problem
    try:
        read = fastfeedparser.parse(content)
    except Exception:  # it raises whatever its parts do
        return _forgiving(content, url)
    rows = list(read.entries)[:MOST_ITEMS]
    found = (
        (one.get("link") or one.get("id"), one.get("title"), one.get("published") or one.get("updated")) for one in rows
    )
    made = Feed(kind="feed", title=_words(read.feed.get("title")), items=_items(found, url))
    return made if made.items or rows == [] else _forgiving(content, url)


def _forgiving(content: bytes, url: str) -> Feed:
    import feedparser

    read = feedparser.parse(content, sanitize_html=False, resolve_relative_uris=False)
    if not read.entries and not read.get("version"):
        raise InputError(
            url, f"is no feed: {read.get('bozo_exception') or 'neither RSS, Atom, JSON Feed nor a sitemap'}"
        )
    found = (
        (one.get("link"), one.get("title"), one.get("published") or one.get("updated"))
        for one in read.entries[:MOST_ITEMS]
    )
    return Feed(kind="feed", title=_words(read.feed.get("title")), items=_items(found, url))


def _items(rows: Iterable[tuple[Any, Any, Any]], base: str) -> tuple[Named, ...]:
    """Each address once, in the order of the feed."""
    found: dict[str, Named] = {}
    for link, title, published in rows:
        address = _address(link, base)
        if address is not None and address not in found and len(found) < MOST_ITEMS:
            found[address] = Named(url=address, title=_words(title), published=moment(published))
    return tuple(found.values())


def _address(link: Any, base: str) -> str | None:
    """The address that a link means; None where it is none of the web."""
    if not isinstance(link, str) or not link.strip() or len(link) > LONGEST_URL:
        return None
    try:
        whole = urljoin(base, link.strip())
        parts = urlsplit(whole)
    except ValueError:
        return None
    usual = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    return whole.partition("#")[0] if usual and whole.isprintable() and " " not in whole else None


def _words(text: Any) -> str | None:
    return " ".join(re.sub(r"<[^>]{0,500}>", " ", text).split())[:500] or None if isinstance(text, str) else None


def moment(text: Any) -> str | None:
    """A date as feeds write it (RFC 822, ISO 8601), in UTC; None where it is none. The future, beyond two days, is no date."""
    if not isinstance(text, str) or not text.strip() or len(text) > 60:
        return None
    found: datetime | None = None
    try:
        found = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    if len(text.strip()) == 10 and found.tzinfo is None:
        return found.date().isoformat()
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")
