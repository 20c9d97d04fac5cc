"""The article in an HTML page: its text, title, author, outlet and date, and where each line stands in the raw page.

Body and metadata by trafilatura (favour precision: best of the extractors measured on the development pages), the date
by htmldate. A page that makes them fail is read by a plainer extractor, and says so in its issues.
"""

from __future__ import annotations

import html as entities
import logging
import re
from datetime import date
from typing import Any

from tocsin.clean.dates import date_in_text
from tocsin.clean.language import language_of
from tocsin.clean.page import CleanPage, text_issues
from tocsin.clean.rawmap import link_lines, raw_map, visible_text, without_hidden
from tocsin.clean.residue import find_residue
from tocsin.records import Basis, Issue

DEEPEST = 400  # nested tags; deeper pages are hostile or broken, and overflow tree builders
LONGEST = 20_000_000  # code points of HTML looked at
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_DATED_MARKUP = re.compile(r"<meta[^<>]{0,300}(?:date|time)|date(?:Published|Created|Modified)|<time\b", re.I)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def clean_html(html: str | None, url: str | None = None) -> CleanPage:
    """The article of a page. Never raises: what cannot be extracted is empty and said in `issues`."""
    source = _UNSAFE.sub(" ", (html or "")[:LONGEST])
    found, issues = _extracted(source, url)
    text = found.get("text") or ""
    published, basis = _published(source, url, found, text)
    language = language_of(text)
    shown = without_hidden(source)
    rows = tuple(raw_map(shown, text))
    links = frozenset(start for start, _ in link_lines(shown, text, rows))
    return CleanPage(
        text=text, title=found.get("title"), author=found.get("author"), publisher=found.get("sitename"), published=published,
        published_basis=basis, language=language, raw_map=rows,
        residue=find_residue(text, found.get("title"), english=language in (None, "en"), links=links),
        issues=(*issues, *text_issues(text, language)),
    )  # fmt: skip


def _extracted(source: str, url: str | None) -> tuple[dict[str, Any], list[Issue]]:
    """Trafilatura's fields, or the plainer extractor's where it fails."""
    if too_deep(source):
        return _plain(source, "tags nested too deep")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # its notes on odd pages are ours to tell, as issues
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    import trafilatura

    try:
        found = trafilatura.bare_extraction(
            source,
            url=_good_url(url),
            favor_precision=True,
            include_comments=False,
            with_metadata=True,
            include_tables=False,
        )
    except Exception as problem:  # any fault of the extractor on a hostile page: the page is still read
        return _plain(source, f"{type(problem).__name__} in the extractor")
    if found is None or not (found.text or "").strip():
        return _plain(source, "no article found")
    return {name: getattr(found, name, None) for name in ("text", "title", "author", "sitename", "date")}, []


def _good_url(url: str | None) -> str | None:
    return url if url and url.startswith(("http://", "https://")) else None


def _plain(source: str, why: str) -> tuple[dict[str, Any], list[Issue]]:
    """All visible text, by resiliparse, or by dropping markup where tags are nested too deep for a tree."""
    text = ""
    if not too_deep(source):
        try:
            from resiliparse.extract.html2text import extract_plain_text

            text = extract_plain_text(source, main_content=True) or extract_plain_text(source, main_content=False)
        except Exception:  # the last resort below always works
            text = ""
    text = text or visible_text(source)
    title = re.search(r"<title[^>]{0,200}>([^<]{1,400})", source, re.I)
    fields = {"text": text, "title": entities.unescape(title.group(1)).strip() if title else None}
    return fields, [
        Issue(
            code="plain-extraction",
            message=f"the article could not be told from the page ({why}): all visible text was taken",
        )
    ]


def too_deep(source: str) -> bool:
    """Whether tags nest deeper than any article's do; one pass, no tree."""
    depth = 0
    for match in _TAG.finditer(source):
        closing, name, alone = match.groups()
        if closing:
            depth = max(depth - 1, 0)
        elif not alone and name.lower() not in _VOID:
            depth += 1
            if depth > DEEPEST and name.lower() not in ("p", "li", "td", "tr", "option"):
                return True
    return False


def _published(source: str, url: str | None, found: dict[str, Any], text: str) -> tuple[str | None, Basis]:
    """The date that the page's markup states, else one that its first lines state."""
    if not too_deep(source):
        import htmldate

        try:
            stated = htmldate.find_date(
                source, url=_good_url(url), original_date=True, extensive_search=False, outputformat="%Y-%m-%d"
            )
        except Exception:  # a fault on a hostile page means no date from markup
            stated = None
        stated = stated or found.get("date")
        if stated and "1980-01-01" <= stated <= str(date.max):
            printed = stated == date_in_text(text) and not _DATED_MARKUP.search(source)
            return stated, "text" if printed else "metadata"
    own = date_in_text(text)
    return own, "text" if own else "unknown"
