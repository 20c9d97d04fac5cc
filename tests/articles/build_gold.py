"""Builds the gold of a page from a compact source that quotes words: `python build_gold.py SOURCE FOLDER`.

A source holds pages one after another. A page begins with `=== NAME.txt PUBLISHED [complete]` (or .html), then its text,
then `---` and one row a line, cells parted by ` | `:

    E trigger | TYPE kind | status | a=actor; r=recipient; p=place; t=time value; by=speaker; f=figure
    F words | kind best low-high households | status | by=speaker     (`-` for no best; `-9` or `9-` for an open side)
    S speaker (`-` where lost) | content, or its first words … its last words
    R kind | words                 L words | name | country           C place | holder | since
    Z place | kind | words         N what | date                      X section.cell | words | forbidden value
    I damaged | words (or the kind of figure for `damaged`)
    K words (residue that stands in an element of its own)       M words (a name that holds a place's name: no place)

Several actors, speakers or figures are parted by ` + `. Words are checked against the page: a row that quotes what the
page does not hold stops the build. For HTML the check and the offsets are of the page without its tags, which is near
enough: the scorer takes the occurrence of the words that is nearest to the offset. Cells that an `E` line does not write
come out empty (time and kind: left open). On pages that are not `complete`, recipients and places were not sought for every
event, so precision of those two fields is a lower bound.

`words @ context` takes the words where they stand in (or after the beginning of) that context. On a `complete` page every
section was coded in full, an `L` row stands for each place where its words occur (the longest name wins; nothing within
`M`, `K` or residue that is not read), and the head of an HTML page is no part of its text. HTML residue in elements of its
own goes to `frame`, which is not scored, since an extractor may rightly cut it; what it leaves in is not held against it.
An `X` row may quote the frame.
"""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path
from typing import Any

Row = dict[str, Any]
_SECTIONS = {"R": "residue", "E": "events", "F": "figures", "S": "statements", "L": "places", "C": "control",
             "Z": "zones", "N": "announcements", "X": "forbidden", "I": "figures", "K": "frame"}  # fmt: skip
_PARTIAL = ["places", "statements", "residue"]  # the coder marked those that matter, not every one
_FRAME = ("head", "script", "style", "nav", "header", "footer", "aside", "button")
_READ = {"teaser", "caption", "dateline"}  # residue whose places and events count


def plain(page: str, complete: bool = False) -> str:
    """The page without tags, and without its frame where it is coded in full: near to what a reader extracts."""
    if not complete:
        return html.unescape(re.sub(r"<[^>]{0,2000}>", "\n", page))
    for frame in _FRAME:
        page = re.sub(rf"(?s)<{frame}\b.*?</{frame}>", "", page)
    text = html.unescape(re.sub(r"<[^>]{0,2000}>", "\n", page))
    return re.sub(r"\s*\n\s*", "\n", text).strip() + "\n"


def partial(markup: bool, complete: bool) -> list[str]:
    """The sections of which not every row is listed."""
    if not complete:
        return _PARTIAL
    return ["residue"] if markup else []


class PageGold:
    """Rows of one page, found in its text."""

    def __init__(self, name: str, published: str, page: str, complete: bool = False) -> None:
        self.name, self.markup, self.complete = name, name.endswith(".html"), complete
        self.page, self.text = page, plain(page, complete) if self.markup else page
        self.no_places: list[Row] = []
        self.gold: Row = {
            "document": {"ref": name, "published": published, "published_basis": "metadata" if self.markup else "given"},
            "partial": partial(self.markup, complete), "residue": [], "events": [], "figures": [], "statements": [], "places": [],
        }  # fmt: skip

    def find(self, words: str, near: int = 0) -> Row:
        words, _, context = words.partition(" @ ")
        if context:
            near = self.find(context)["start"]
            start = self.text.find(words, near)
            if start < 0 or not words:
                raise SystemExit(f"{self.name}: no {words!r} after {context!r}")
            return {"start": start, "end": start + len(words), "text": words}
        first, _, last = (part.strip() for part in words.partition("…"))
        places = [one.start() for one in re.finditer(rf"(?<!\w){re.escape(first)}(?!\w)", self.text)]
        if not places:
            raise SystemExit(f"{self.name}: no {first!r} in the page")
        start = min(places, key=lambda place: abs(place - near))
        end = start + len(first)
        if last:
            end = self.text.index(last, start) + len(last)
        return {"start": start, "end": end, "text": self.text[start:end]}

    def row(self, line: str) -> None:
        mark, _, rest = line.partition(" ")
        cells = [one.strip() for one in rest.split("|")]
        made = getattr(self, f"row_{mark.lower()}")(cells)
        if mark == "M":
            self.no_places.append(made)
        else:
            self.gold.setdefault(_SECTIONS[mark], []).append(made)

    def spread_places(self) -> None:
        """Each place row becomes a row for every occurrence of its words."""
        unread = [one for one in self.gold["residue"] if one["kind"] not in _READ]
        taken = [(one["start"], one["end"]) for one in unread]
        taken += [at.span() for one in self.no_places for at in re.finditer(re.escape(one["text"]), self.text)]
        spread: list[Row] = []
        for row in sorted(self.gold["places"], key=lambda one: -len(one["text"])):
            for at in re.finditer(rf"(?<!\w){re.escape(row['text'])}(?!\w)", self.text):
                if not any(start < at.end() and at.start() < end for start, end in taken):
                    taken.append(at.span())
                    spread.append({**row, "start": at.start(), "end": at.end()})
        self.gold["places"] = sorted(spread, key=lambda one: one["start"])

    def row_e(self, cells: list[str]) -> Row:
        trigger = self.find(cells[0])
        given = _pairs(cells[3]) if len(cells) > 3 else {}
        kinds = cells[1].split()
        event: Row = {"trigger": trigger, "event_type": kinds[0], "status": cells[2]}
        if len(kinds) > 1:
            event["kind"] = kinds[1]
        for key, cell in (("a", "actor"), ("r", "recipient"), ("p", "place"), ("by", "said_by")):
            event[cell] = [self.find(one, trigger["start"]) for one in given.get(key, [])]
        event["time"] = {"value": given["t"][0] if "t" in given else None}
        if "t" not in given:
            del event["time"]  # a day that only the page's own date gives is not asked
        event["figures"] = [self.find(one, trigger["start"]) for one in given.get("f", [])]
        return event

    def row_f(self, cells: list[str]) -> Row:
        kind, best, *more = cells[1].split()
        ends = next((one for one in more if re.search(r"\d", one)), "")
        value = None if best == "-" else int(best)
        low, high = ends.split("-") if ends else (best, best)
        by = _pairs(cells[3]).get("by", []) if len(cells) > 3 else []
        at = self.find(cells[0])
        return {
            **at, "kind": kind, "low": _number(low), "best": value, "high": _number(high),
            "unit": "households" if "households" in more else "persons",
            "status": cells[2], "said_by": [self.find(one, at["start"]) for one in by],
        }  # fmt: skip

    def row_s(self, cells: list[str]) -> Row:
        content = self.find(cells[1])
        return {"source": None if cells[0] == "-" else self.find(cells[0], content["start"]), "content": content}

    def row_r(self, cells: list[str]) -> Row:
        return {**self.find(cells[1]), "kind": cells[0]}

    def row_l(self, cells: list[str]) -> Row:
        return {**self.find(cells[0]), "name": cells[1], "country": cells[2]}

    def row_c(self, cells: list[str]) -> Row:
        return {"place": self.find(cells[0]), "holder": [self.find(cells[1])], "since": cells[2] or None}

    def row_z(self, cells: list[str]) -> Row:
        return {**self.find(cells[2]), "place": self.find(cells[0]), "kind": cells[1]}

    def row_n(self, cells: list[str]) -> Row:
        return {**self.find(cells[0]), "what": cells[0], "date": cells[1]}

    def row_i(self, cells: list[str]) -> Row:
        kind = "other" if cells[0] == "damaged" else cells[0]
        return {**self.find(cells[1]), "kind": kind, "best": None, "damaged": True}

    def row_k(self, cells: list[str]) -> Row:
        """Cuts the words out of the text, where their element has not gone already: first of all rows."""
        first, _, last = (re.escape(part.strip()) for part in cells[0].partition("…"))
        words = re.compile(rf"(?s){first}.*?{last}" if last else first)
        if not (found := words.search(self.text) or words.search(plain(self.page))):
            raise SystemExit(f"{self.name}: no {cells[0]!r} in the page")
        self.text = re.sub(r"\n{2,}", "\n", words.sub("", self.text, count=1))
        return {"text": found.group()}

    def row_m(self, cells: list[str]) -> Row:
        return self.find(cells[0])

    def row_x(self, cells: list[str]) -> Row:
        section, cell = cells[0].split(".")
        known = {"event": "events", "figure": "figures", "statement": "statements"}
        framed = self.complete and cells[1] not in self.text and cells[1] in plain(self.page)
        at = {"start": 0, "end": len(cells[1]), "text": cells[1]} if framed else self.find(cells[1])
        why = f"{cells[1]}: {cell} must not be {cells[2]}"
        return {"section": known[section], **at, cell: cells[2], "why": why}


def _pairs(cell: str) -> dict[str, list[str]]:
    parts = [one.partition("=") for one in cell.split(";") if "=" in one]
    return {key.strip(): [one.strip() for one in value.split(" + ")] for key, _, value in parts}


def _number(value: str) -> int | None:
    return int(value) if value.isdigit() else None


def build(source: Path, folder: Path) -> None:
    for part in re.split(r"^=== ", source.read_text(), flags=re.MULTILINE)[1:]:
        head, _, rest = part.partition("\n")
        name, published, *switch = head.split()
        page, _, lines = rest.partition("\n---\n")
        made = PageGold(name, published, page + "\n", complete=switch == ["complete"])
        for line in sorted(filter(str.strip, lines.splitlines()), key=lambda one: not one.startswith("K ")):
            made.row(line)
        if made.complete:
            made.spread_places()
        (folder / name).write_text(page + "\n")
        (folder / f"{Path(name).stem}.json").write_text(json.dumps(made.gold, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
