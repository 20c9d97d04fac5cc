"""Records for people: a table on a terminal, rows for a spreadsheet, the reasons behind one row.

All that comes from a page is hostile: control characters never reach the terminal, and a spreadsheet cell never starts
with a character that would make it a formula.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from tocsin.errors import UsageError
from tocsin.records import Event, Figure, Record, Row, Why

GROUPS = (
    ("happened, or somebody says so", ("happened", "reported", "alleged", "denied", "not-happened")),
    ("threatened, planned or possible: not events that took place", ("threatened", "planned", "possible")),
    ("background: over before this page's news", ("background",)),
)
STYLES = {
    "happened": "bold", "reported": "", "alleged": "yellow", "denied": "magenta", "not-happened": "magenta",
    "threatened": "cyan", "planned": "cyan", "possible": "cyan", "background": "dim",
}  # fmt: skip
CSV_COLUMNS = (
    "document", "ref", "url", "published", "event", "status", "certainty", "horizon", "date", "date_basis", "place", "lat", "lon",
    "place_precision", "event_type", "event_mode", "kind", "acled", "cameo", "actor", "actor_code", "recipient", "recipient_code",
    "killed", "injured", "other_figures", "said_by", "start", "end", "words", "confidence", "rule",
)  # fmt: skip


def safe(text: str | None) -> str:
    """The text on one line, with control, format and surrogate characters replaced: harmless on any terminal."""
    if not text:
        return ""
    flat = " ".join(text.split())
    return "".join("\ufffd" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") else char for char in flat)


class Names:
    """Looks rows of a record up by id, and says them in words."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._rows: dict[str, Any] = {
            one.id: one
            for section in (
                record.times, record.places, record.actors, record.statements, record.events,
                record.figures, record.announcements, record.control, record.zones,
            )
            for one in section
        }  # fmt: skip

    def get(self, name: str) -> Any:
        return self._rows.get(name)

    def ids(self) -> list[str]:
        return list(self._rows)

    def actors(self, ids: Sequence[str]) -> str:
        return ", ".join(safe(one.name or one.text) for name in ids if (one := self.get(name)))

    def codes(self, ids: Sequence[str]) -> str:
        return " ".join(one.code for name in ids if (one := self.get(name)) and one.code)

    def places(self, ids: Sequence[str]) -> str:
        return ", ".join(dict.fromkeys(safe(one.name or one.text) for name in ids if (one := self.get(name))))

    def speakers(self, ids: Sequence[str]) -> str:
        found = (self.get(name) for name in ids)
        return ", ".join(
            dict.fromkeys(safe(one.source.text) for one in found if one is not None and one.source is not None)
        )

    def figures(self, ids: Sequence[str]) -> str:
        return ", ".join(f"{amount(one)} {one.kind}" for name in ids if (one := self.get(name)))


def amount(figure: Figure) -> str:
    """A figure in words: '9', '9–13', '24+', 'unreadable'."""
    if figure.damaged:
        return "unreadable"
    low, best, high = figure.low, figure.best, figure.high
    if low is not None and high is not None and low != high:
        return f"{low:,}–{high:,}"
    if best is not None:
        return f"{best:,}" if high is not None or low is None else f"{best:,}+"
    return f"{low:,}+" if low is not None else f"up to {high:,}" if high is not None else "some"


def table(record: Record, console: Console) -> None:
    """Prints one record: a header line, a line an event in three groups, then what else was found and what is doubtful."""
    document, names = record.document, Names(record)
    first_line = document.text.strip().split("\n", 1)[0]
    title = safe(document.title) or safe(first_line[:120]) or "(empty)"
    console.print(Text(title, style="bold"))
    known = f"{document.published or 'date unknown'} ({document.published_basis})"
    console.print(
        Text(
            " · ".join(filter(None, (safe(document.publisher), known, safe(document.url), document.id[:19]))),
            style="dim",
        )
    )
    for heading, statuses in GROUPS:
        events = [one for one in record.events if one.status in statuses]
        if events:
            console.print(Text(f"\n{heading}", style="underline"))
            console.print(_event_table(events, names))
    console.print(_extras(record, names))


def _event_table(events: Sequence[Event], names: Names) -> Table:
    grid = Table(box=None, pad_edge=False, show_header=True, header_style="dim", expand=True)
    for column, ratio in (
        ("", 1),
        ("status", 2),
        ("date", 2),
        ("place", 3),
        ("who → whom", 5),
        ("what", 3),
        ("figures", 2),
        ("who says so", 3),
        ("words", 5),
    ):
        grid.add_column(column, ratio=ratio, overflow="fold")
    for one in events:
        style = STYLES[one.status]
        date = (one.time.value or "?") + ("" if one.time.basis == "stated" else "~" if one.time.value else "")
        who = f"{names.actors(one.actor) or '?'} → {names.actors(one.recipient) or '?'}"
        words = f"“{safe(one.trigger.text)}” {one.trigger.start}–{one.trigger.end}"
        cells = (
            one.id,
            one.status,
            date,
            names.places(one.place) or "?",
            who,
            one.kind,
            names.figures(one.figures),
            names.speakers(one.said_by),
            words,
        )
        grid.add_row(*(Text(cell, style=style if n else "dim") for n, cell in enumerate(cells)))
    return grid


def _extras(record: Record, names: Names) -> Group:
    lines: list[Text] = []

    def add(heading: str, rows: Iterable[str]) -> None:
        found = list(rows)
        if found:
            lines.append(Text(f"\n{heading}", style="underline"))
            lines.extend(Text(f"  {row}") for row in found)

    linked = {name for event in record.events for name in event.figures}
    add(
        "figures of no event above",
        (
            f"{one.id}  {amount(one)} {one.kind} ({one.status}) “{safe(one.text)}” {one.start}–{one.end}"
            for one in record.figures
            if one.id not in linked
        ),
    )
    add(
        "announced",
        (
            f"{one.id}  {one.date}  {names.places(one.place) or '?'}  {safe(one.what)[:100]}"
            for one in record.announcements
        ),
    )
    add(
        "control",
        (
            f"{one.id}  {names.places([one.place] if one.place else [])}: {names.actors(one.holder)}"
            + (f" since {one.since}" if one.since else "")
            + (f", taken from {names.actors(one.taken_from)}" if one.taken_from else "")
            for one in record.control
        ),
    )
    add(
        "zones",
        (
            f"{one.id}  {names.places([one.place] if one.place else []) or '?'}: {one.kind}"
            + (f", under {safe(one.under)}" if one.under else "")
            for one in record.zones
        ),
    )
    add(
        "statements",
        (
            f"{one.id}  {safe(one.source.text) if one.source else 'speaker unknown'}: {safe(one.content.text)[:110]}"
            for one in record.statements
        ),
    )
    add(
        "not the article's own text (marked, not read as its news)",
        (
            f"{one.kind} {one.start}–{one.end}: {safe(record.document.text[one.start : one.end])[:80]}"
            for one in record.residue
        ),
    )
    add("to know", (f"{one.code}: {safe(one.message)}" for one in record.issues))
    return Group(*lines)


def csv_rows(record: Record) -> Iterable[dict[str, object]]:
    """One row an event, ids spelled out; cells of page text are kept from being formulas."""
    names, document = Names(record), record.document
    for one in record.events:
        place = names.get(one.place[0]) if one.place else None
        figures = [figure for name in one.figures if (figure := names.get(name))]
        others = [f"{figure.kind}:{amount(figure)}" for figure in figures if figure.kind not in ("killed", "injured")]
        yield {
            "document": document.id, "ref": document.ref, "url": document.url, "published": document.published, "event": one.id,
            "status": one.status, "certainty": one.certainty, "horizon": one.horizon, "date": one.time.value, "date_basis": one.time.basis,
            "place": names.places(one.place), "lat": place.lat if place else None, "lon": place.lon if place else None,
            "place_precision": place.precision if place else None, "event_type": one.event_type, "event_mode": one.event_mode, "kind": one.kind,
            "acled": one.codes.acled, "cameo": one.codes.cameo, "actor": names.actors(one.actor), "actor_code": names.codes(one.actor),
            "recipient": names.actors(one.recipient), "recipient_code": names.codes(one.recipient),
            "killed": "; ".join(amount(figure) for figure in figures if figure.kind == "killed"),
            "injured": "; ".join(amount(figure) for figure in figures if figure.kind == "injured"), "other_figures": "; ".join(others),
            "said_by": names.speakers(one.said_by), "start": one.trigger.start, "end": one.trigger.end,
            "words": safe(one.trigger.text), "confidence": one.confidence, "rule": one.rule,
        }  # fmt: skip


def csv_text(rows: Iterable[dict[str, object]], *, header: bool) -> str:
    """CSV lines. A cell that would start a formula in a spreadsheet gets an apostrophe before it (OWASP, CSV injection)."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\n")
    if header:
        writer.writeheader()
    for row in rows:
        writer.writerow({key: _plain_cell(value) for key, value in row.items()})
    return out.getvalue()


def _plain_cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def explain(record: Record, name: str, console: Console) -> None:
    """Prints every cell of one row with the words, the rule or model, and what it was chosen over.

    Raises `UsageError` where the record has no such row.
    """
    names = Names(record)
    row = names.get(name)
    if row is None:
        known = ", ".join(names.ids()[:40]) or "none: nothing was found on this page"
        raise UsageError(f"no row {name!r} in this record; there are: {known}")
    console.print(Text(f"{name}  {type(row).__name__.lower()}", style="bold"))
    console.print(_in_context(record, row))
    grid = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("cell", "value", "because", "words", "rather than"):
        grid.add_column(column, overflow="fold")
    reasons: dict[str, Why] = {one.cell: one for one in getattr(row, "why", ())}
    for cell in row.__struct_fields__:
        value = _said(getattr(row, cell), names)
        if cell in ("why", "id") or (not value and cell not in reasons):
            continue
        why = reasons.get(cell)
        words = "; ".join(f"“{safe(one.text)}” {one.start}–{one.end}" for one in why.spans) if why else ""
        grid.add_row(
            *(
                Text(part)
                for part in (
                    cell,
                    value or "unknown",
                    why.rule if why else "",
                    words,
                    "; ".join(why.over) if why else "",
                )
            )
        )
    console.print(grid)
    version = record.version
    if version is not None:
        console.print(
            Text(
                f"read by tocsin {version.tocsin}, rules {version.codebook}, {version.model}, gazetteer {(version.gazetteer or '-')[:16]}",
                style="dim",
            )
        )


def _in_context(record: Record, row: Any) -> Text:
    """The row's words within the text around them."""
    span = getattr(row, "trigger", None) or row
    start, end = getattr(span, "start", 0), getattr(span, "end", 0)
    text = record.document.text
    before, after = safe(text[max(0, start - 100) : start]), safe(text[end : end + 100])
    return Text.assemble(
        ("…" + before + " ", "dim"), (safe(text[start:end]), "bold reverse"), (" " + after + "…", "dim")
    )


def _said(value: Any, names: Names) -> str:
    """A cell in words: ids become names, nested values their parts."""
    if value is None or value == () or value == "":
        return ""
    if isinstance(value, tuple):
        return "; ".join(_said(one, names) for one in value)
    if isinstance(value, str):
        row = names.get(value)
        text = (
            getattr(row, "name", None)
            or getattr(row, "text", None)
            or getattr(getattr(row, "content", None), "text", None)
        )
        return f"{value} {safe(text)[:80]}" if row is not None and text else safe(value)[:160]
    if isinstance(value, Row):
        parts = {key: getattr(value, key) for key in value.__struct_fields__ if getattr(value, key) not in (None, ())}
        return (
            safe(parts["text"])[:80]
            if "text" in parts
            else ", ".join(f"{key} {_said(one, names)}" for key, one in parts.items())
        )
    return str(value)
