"""Inputs as pages with their bytes: files, folders, URLs, standard input, JSON Lines, in the order they were named."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tocsin.errors import InputError, UsageError
from tocsin.pipeline import Page
from tocsin.read import PageRow, RawDocument, is_date, read_files, read_jsonl, read_stdin, read_url
from tocsin.records import Issue

SOURCES = ("pages", "jsonl")
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|ref_src|cmpid|ocid|at_\w+|ns_\w+|smid|soc_src|guccounter)(?:=|$)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A page, and the bytes that it came as; those of a row of JSON Lines are its text's or HTML's own, as UTF-8."""

    page: Page
    raw: bytes
    media_type: str


def arrivals(
    inputs: Sequence[str], *, source: str = "pages", published: str | None = None
) -> Iterator[Arrival | InputError]:
    """What the inputs hold; what cannot be read comes as its error, and the next is read.

    `published` is the date of pages that do not say theirs. Raises `UsageError` where a setting is not one that there is.
    """
    check(source, published)
    return _of_lines(inputs, published) if source == "jsonl" else _of_pages(inputs, published)


def check(source: str, published: str | None) -> None:
    """Raises `UsageError` where the kind of source or the date is none."""
    if source not in SOURCES:
        raise UsageError(f"--from {source!r} is not known; it is one of {', '.join(SOURCES)}")
    if published is not None and not is_date(published):
        raise UsageError(f"--published {published!r} is not a date like 2018-09-05")


def document_of(url: str) -> str:
    """An address as the name of its document: without fragment, tracking parameters, default port; http is https."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:  # a bracket or a port that is none
        return url
    host = (parts.hostname or "").lower().rstrip(".")
    if parts.scheme not in ("http", "https") or not host:
        return url
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port not in (None, 80, 443) else ""
    kept = "&".join(one for one in parts.query.split("&") if one and not _TRACKING.match(one))
    return urlunsplit(("https", place, parts.path or "/", kept, ""))


def _of_pages(inputs: Sequence[str], published: str | None) -> Iterator[Arrival | InputError]:
    for name in inputs:
        try:
            if name == "-":
                yield _of_raw(read_stdin(), published)
            elif name.startswith(("http://", "https://")):
                yield _of_raw(read_url(name), published)
            else:
                for one in read_files([name]):
                    yield one if isinstance(one, InputError) else _of_raw(one, published)
        except InputError as problem:
            yield problem


def _of_lines(inputs: Sequence[str], published: str | None) -> Iterator[Arrival | InputError]:
    for name in inputs:
        if name == "-":
            rows = enumerate(read_jsonl(sys.stdin.buffer, "standard input"), 1)
            yield from (_of_row(one, n, published) for n, one in rows)
            continue
        try:
            with Path(name).open("rb") as stream:
                yield from (_of_row(one, n, published) for n, one in enumerate(read_jsonl(stream, name), 1))
        except OSError as problem:
            yield InputError(name, f"cannot be read: {problem.strerror}")
        except ValueError as problem:  # a name with a NUL character
            yield InputError(repr(name), f"is no file name: {problem}")


def _of_raw(raw: RawDocument, published: str | None) -> Arrival:
    text, html = (None, raw.text) if raw.is_html else (raw.text, None)
    page = Page(
        name=raw.name, text=text, html=html, ref=raw.name, url=raw.url, published=published, retrieved=raw.retrieved,
        digest=raw.sha256,
    )  # fmt: skip
    return Arrival(page, raw.content, "text/html" if raw.is_html else "text/plain")


def _of_row(row: PageRow | InputError, number: int, published: str | None) -> Arrival | InputError:
    if isinstance(row, InputError):
        return row
    ref = str(row.id) if row.id is not None else str(number)
    stated: str | None = row.published
    notes: tuple[Issue, ...] = ()
    if stated and not is_date(stated):  # the page is read all the same; its date is as unknown as none
        notes = (_unreadable_date(stated),)
        stated = None
    page = Page(
        name=ref, text=row.text, html=row.html, ref=ref, url=row.url, title=row.title, published=stated or published,
        probes=tuple((one.start, one.end) for one in row.probe), notes=notes,
    )  # fmt: skip
    content = row.html if row.html is not None else row.text or ""
    # lone surrogates become U+FFFD, as they do where the page is read
    raw = (
        "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in content)
        if not _is_utf8(content)
        else content
    )
    return Arrival(page, raw.encode(), "text/html" if row.html is not None else "text/plain")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unreadable_date(given: str) -> Issue:
    return Issue(
        code="published-unreadable",
        message=f"'published' was given as {given[:60]!r}, not as a date like 2018-09-05: not used",
    )
