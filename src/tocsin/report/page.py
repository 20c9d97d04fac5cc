"""The report as one HTML file that asks no other host for anything, and as a PDF made of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import escape

from tocsin.errors import MissingError
from tocsin.ledger import DocumentVersion
from tocsin.plain import visible
from tocsin.report.map import drawn, svg
from tocsin.report.situation import Entry, Report, Section

STYLE = """
:root { color-scheme: light dark; --ink: #1d2024; --soft: #5b626a; --line: #d5d9dd; --paper: #fff; --accent: #a4262c }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e9eb; --soft: #a3abb3; --line: #3a4046; --paper: #16191c; --accent: #f0868b } }
body { font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; color: var(--ink); background: var(--paper); max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.7rem; margin: 0 } h2 { font-size: 1.15rem; border-bottom: 2px solid var(--accent); padding-bottom: .15rem; margin-top: 2rem }
h3 { font-size: 1rem; color: var(--soft); margin: 1.1rem 0 .3rem } ul { padding-left: 1.1rem; margin: .3rem 0 } li { margin: .4rem 0 }
.period { color: var(--soft); margin: .2rem 0 1rem } .detail { color: var(--soft); font-size: .9rem; margin: .1rem 0 0 }
.cite { font-size: .75rem; text-decoration: none; color: var(--accent); vertical-align: super } svg { width: 100%; height: auto; border: 1px solid var(--line) }
.words { font-size: .85rem; color: var(--soft); border-left: 3px solid var(--line); padding-left: .5rem; margin: .2rem 0; overflow-wrap: anywhere }
code { font-size: .75rem; overflow-wrap: anywhere } .note { color: var(--soft); font-size: .85rem } ol li { overflow-wrap: anywhere }
@page { size: A4; margin: 18mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt; color: #666 } }
@media print { body { font-size: 10pt; max-width: none; margin: 0 } li { break-inside: avoid } h2, h3 { break-after: avoid } }
"""


def text(value: str | None) -> str:
    """Page text as HTML text: harmless characters, escaped."""
    return escape(visible(value or ""))


def html(report: Report) -> str:
    """The whole report, one file."""
    located = len(drawn(report.points))
    picture = svg(report.points)
    caption = (
        f'<p class="note">{located} of {len(report.points)} incidents counted here have a place fine enough to be drawn. A ring is the radius within '
        "which an incident lies; a dot is a named town or village. Filled: the pages assert it; hollow: reported or contested.</p>"
    )
    parts = [
        f"<h1>{text(report.title)}</h1>", f'<p class="period">{text(report.period)}</p>', *(f"<p>{text(one)}</p>" for one in report.summary),
        f"<figure>{picture}{caption}</figure>" if picture else "", *map(_section, report.sections),
        "<h2>Method</h2>", *(f"<p>{text(one)}</p>" for one in report.method), "<h2>Sources</h2><ol>", *_sources(report.sources), "</ol>",
        f'<p class="note">Ledger <code>{text(report.head)}</code></p>',
    ]  # fmt: skip
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
        f"<title>{text(report.title)}, {text(report.period)}</title><style>{STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _section(one: Section) -> str:
    if not any(entries for _, entries in one.groups):
        return f'<h2>{text(one.heading)}</h2><p class="note">{text(one.empty)}</p>'
    groups = "".join(
        f"{f'<h3>{text(name)}</h3>' if name else ''}<ul>{''.join(map(_entry, entries))}</ul>"
        for name, entries in one.groups
    )
    return f"<h2>{text(one.heading)}</h2>{groups}"


def _entry(one: Entry) -> str:
    cites = "".join(f'<a class="cite" href="#source-{cite.number}">[{cite.number}]</a>' for cite in one.citations)
    details = "".join(f'<p class="detail">{text(detail)}</p>' for detail in one.details)
    words = "".join(f'<p class="words">[{cite.number}] “{text(cite.words)}”</p>' for cite in one.citations[:2])
    return f"<li>{text(one.text)} {cites}{details}{words}</li>"


def _sources(sources: Iterable[DocumentVersion]) -> Iterable[str]:
    for number, one in enumerate(sources, 1):
        copy = " (reprint)" if one.copy_of else ""
        link = (
            f' <a href="{escape(one.url)}" rel="noreferrer">{text(one.url)}</a>'
            if one.url and one.url.startswith(("http://", "https://"))
            else ""
        )
        yield (
            f'<li id="source-{number}">{text(one.outlet)}{copy}: {text(one.title) or "untitled"}, {text(one.published) or "no date"}.{link}<br>'
            f"<code>{text(one.id)}</code></li>"
        )


def pdf(report: Report) -> bytes:
    """The report as PDF; the same report gives the same bytes. Needs the extra `pdf`: raises `MissingError` without it."""
    try:
        import weasyprint
    except (ImportError, OSError) as problem:
        raise MissingError(
            f"a PDF needs weasyprint (pip install 'tocsin[pdf]') and Pango: {problem}; .html prints as well"
        ) from problem
    document = weasyprint.HTML(string=html(report), url_fetcher=_nothing)
    with _fonts_of_no_day():
        made: bytes = document.write_pdf(pdf_identifier=b"tocsin", uncompressed_pdf=False)
    return made


@contextmanager
def _fonts_of_no_day() -> Iterator[None]:
    """The subsets of fonts carry the second in which they were made, but where this variable names another."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    try:
        yield
    finally:
        if given is None:
            os.environ.pop("SOURCE_DATE_EPOCH", None)


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    """Refuses whatever a page's text might make the renderer fetch."""
    raise ValueError(f"not fetched: {url}")
