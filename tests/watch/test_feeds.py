"""Feeds of every kind, and what is none: entity bombs, HTML, nonsense."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("fastfeedparser")

from tocsin.errors import InputError
from tocsin.watch.feeds import MOST_ITEMS, moment, read_feed

URL = "https://wire.example/feed"
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>
<item><title>Shelling &amp; &lt;b&gt;fire&lt;/b&gt;</title><link>https://wire.example/a?x=1#top</link><pubDate>Tue, 12 Mar 2024 10:30:00 +0200</pubDate></item>
<item><title>Second</title><link>/b</link></item><item><title>Bad</title><link>javascript:alert(1)</link></item>
<item><title>Again</title><link>/b</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><title>One</title><id>u</id>
<link rel="alternate" href="https://wire.example/one"/><updated>2024-03-12T08:00:00Z</updated></entry></feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://wire.example/old</loc><lastmod>2024-03-01</lastmod></url>
<url><loc>https://wire.example/new</loc><news:news><news:publication_date>2024-03-12T08:00:00Z</news:publication_date><news:title>New</news:title></news:news></url></urlset>"""
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://wire.example/s1.xml</loc></sitemap></sitemapindex>'
BOMB = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><rss><channel><item><title>&lol2;</title></item></channel></rss>'


def test_rss() -> None:
    feed = read_feed(RSS.encode(), URL)
    assert [one.url for one in feed.items] == ["https://wire.example/a?x=1", "https://wire.example/b"]
    assert feed.items[0].published == "2024-03-12T08:30:00Z"
    assert feed.items[0].title == "Shelling & fire"


def test_atom_sitemap_index_and_json() -> None:
    assert [one.url for one in read_feed(ATOM.encode(), URL).items] == ["https://wire.example/one"]
    sitemap = read_feed(SITEMAP.encode(), URL)
    assert [one.url for one in sitemap.items] == ["https://wire.example/new", "https://wire.example/old"]
    assert sitemap.items[0].title == "New"
    assert read_feed(INDEX.encode(), URL).nested == ("https://wire.example/s1.xml",)
    rows = [{"url": "https://wire.example/j", "title": "J", "date_published": "2024-03-12"}, 7, {"url": 3}]
    feed = read_feed(
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": rows}).encode(), URL
    )
    assert [(one.url, one.published) for one in feed.items] == [("https://wire.example/j", "2024-03-12")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (BOMB, "entities"), ("", "empty"), ("<!DOCTYPE html><html><body>x</body></html>", "HTML page"), ("{}", "JSON"),
        ("hello there", "no feed"), ('{"items": 5}', "JSON"), ("[1", "no feed"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused_with_its_name(content: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as raised:
        read_feed(content.encode(), URL)
    assert raised.value.name == URL


def test_a_feed_of_many_items_is_bounded() -> None:
    rows = "".join(f"<item><link>https://wire.example/{n}</link></item>" for n in range(10_000))
    feed = read_feed(f"<rss version='2.0'><channel><title>x</title>{rows}</channel></rss>".encode(), URL)
    assert len(feed.items) == MOST_ITEMS


@given(st.binary(max_size=400))
def test_any_bytes_are_a_feed_or_refused(content: bytes) -> None:
    with contextlib.suppress(InputError):
        assert read_feed(content, URL).kind


def test_moments() -> None:
    assert moment("Tue, 12 Mar 2024 10:30:00 +0200") == "2024-03-12T08:30:00Z"
    assert moment("2024-03-12") == "2024-03-12"
    assert moment("yesterday") is None
