"""Asks a running desk for every page that its pages lead to, and each page's JSON twin; exit status 1 where one does not answer 200.

    python scripts/desk_pages.py http://127.0.0.1:8642/

Needs nothing but Python: CI runs it against a desk served from the installed wheel, where a file that was forgotten in the wheel shows.
"""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

FIRST = ("/about", "/users", "/session", "/zones", "/documents", "/search?q=market", "/openapi.json")
WANTED_OF_ABOUT = ("How well it reads", "events found", "status (macro)", "Air strike", "What read it", "en_core_web")
MOST = 400  # pages; a ledger of the examples has fewer


class Links(HTMLParser):
    """Collects where a page leads, and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attributes if name in ("href", "src") and value]


def answer(address: str) -> tuple[int, str, str]:
    """Status, media type and text."""
    try:
        with urllib.request.urlopen(address, timeout=60) as got:
            return got.status, got.headers.get_content_type(), got.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as problem:
        return problem.code, "", problem.read().decode("utf-8", "replace")


def wrong(start: str) -> Iterator[str]:
    """What is wrong, a line each."""
    waiting = [urljoin(start, path) for path in ("/", *FIRST)]
    seen = set(waiting)
    home = urlsplit(start).netloc
    shape: dict[str, int] = {}
    for address in waiting:
        status, media, text = answer(address)
        path = urlsplit(address).path
        if status != 200:
            yield f"{status} {address}: {text[:200]!r}"
        if path == "/about":
            yield from (f"{address} does not say {words!r}" for words in WANTED_OF_ABOUT if words not in text)
        if media != "text/html":
            continue
        parser = Links()
        parser.feed(text)
        for link in parser.found:
            there = urldefrag(urljoin(address, link))[0]
            if urlsplit(there).netloc != home:
                if urlsplit(there).scheme in ("http", "https"):
                    yield f"{address} leads to another host: {there}"
                continue
            sort = "/".join(urlsplit(there).path.split("/")[:2])
            shape[sort] = shape.get(sort, 0) + (there not in seen)
            if there not in seen and shape[sort] <= 12 and len(seen) < MOST:  # a dozen of each sort of page
                seen.add(there)
                waiting.append(there)
    print(f"{len(waiting)} pages of {start} were asked for", file=sys.stderr)


if __name__ == "__main__":
    found = list(wrong(sys.argv[1]))
    print("\n".join(found))
    sys.exit(1 if found else 0)
