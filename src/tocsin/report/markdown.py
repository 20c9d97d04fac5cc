"""The report as Markdown (CommonMark): page text is escaped, so that no heading, link or HTML can come from it."""

from __future__ import annotations

import re

from tocsin.ledger import DocumentVersion
from tocsin.plain import visible
from tocsin.report.situation import Entry, Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")


def plain(text: str) -> str:
    """Text with Markdown's marks escaped, on one line."""
    return _SPECIAL.sub(r"\\\1", visible(" ".join(text.split())))


def markdown(report: Report) -> str:
    """The whole report."""
    lines = [
        f"# {plain(report.title)}",
        "",
        f"**{plain(report.period)}**",
        "",
        *(f"{plain(one)}\n" for one in report.summary),
    ]
    for section in report.sections:
        lines += [f"## {plain(section.heading)}", ""]
        if not any(entries for _, entries in section.groups):
            lines += [section.empty, ""]
        for name, entries in section.groups:
            lines += [f"### {plain(name)}", ""] if name else []
            lines += [line for one in entries for line in _entry(one)]
            lines.append("")
    lines += ["## Method", "", *(f"{plain(one)}\n" for one in report.method), "## Sources", ""]
    lines += [_source(number, one) for number, one in enumerate(report.sources, 1)]
    return "\n".join([*lines, "", f"Ledger: `{report.head}`", ""])


def _entry(one: Entry) -> list[str]:
    cites = " ".join(f"[\\[{cite.number}\\]](#source-{cite.number})" for cite in one.citations)
    lines = [f"- {plain(one.text)} {cites}".rstrip()]
    lines += [f"  - {plain(detail)}" for detail in one.details]
    return lines + [
        f"  - \\[{cite.number}\\] “{plain(cite.words)}” (characters {cite.start}–{cite.end})" for cite in one.citations
    ]


def _source(number: int, one: DocumentVersion) -> str:
    parts = [one.outlet, one.title, one.published or "no date", one.url]
    told = ", ".join(plain(part) for part in parts if part)
    return f'<a id="source-{number}"></a>{number}. {told}; archived as `{one.id}`\n'
