"""What the gate of the archive costs in recall: of the pages for which reading gives an event, how many does it let through?

    python benchmarks/accuracy/gate.py [--bench DIR] [--most 300] [--width any|force] [--missed]

Every page is read without the gate; then the gate's two stages are asked (words in the raw bytes, words in the text). Sets: the example
pages and the development half of our own articles; with `--bench` also texts of the development sets, which are news about conflict
(killed, muc4) and news in general (clean, quotes, toponyms), and single sentences of news (factuality). Columns: pages with any event;
pages with an event of violence (the ASSAULT family) that happened or is said to have; and pages without an event, of which
the fewer are let through the better. Wanted: .99 of the pages with an event.
`--missed` prints the kinds of the events that are lost, by set; no text.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from resiliparse.extract.html2text import extract_plain_text

from tocsin.archive.gate import Width, worth_opening, worth_reading
from tocsin.arrivals import Arrival, arrivals
from tocsin.pipeline import Page, Reader
from tocsin.records import Record

ROOT = Path(__file__).resolve().parents[2]
OWN = {"examples": ROOT / "examples" / "pages", "own, development": ROOT / "tests" / "articles" / "dev"}
SETS = ("killed", "muc4", "factuality", "quotes", "toponyms", "clean")
PAST = frozenset({"happened", "reported", "alleged"})


def main() -> None:
    chosen = arguments()
    reader = Reader()
    print("| set | pages | with an event | let through | of violence | let through | without | let through |")
    print("|---|---|---|---|---|---|---|---|")
    for name, pages in sets(chosen.bench, chosen.most):
        row, lost = measured(reader, pages, chosen.width)
        print(f"| {name} | {row} |", flush=True)
        if chosen.missed and lost:
            print("  lost: " + ", ".join(f"{kind} {number}" for kind, number in lost.most_common(20)))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, help="the folder of the development sets")
    parser.add_argument("--most", type=int, default=300, help="texts of a set, evenly drawn")
    parser.add_argument("--width", choices=("any", "force"), default="any")
    parser.add_argument(
        "--missed", action="store_true", help="the kinds of the events on pages that are not let through"
    )
    return parser.parse_args()


def sets(bench: Path | None, most: int) -> Iterator[tuple[str, list[Page]]]:
    for name, folder in OWN.items():
        found = arrivals([str(one) for one in sorted(folder.iterdir()) if one.suffix in (".html", ".txt") and not one.name.endswith(".gold.txt")])  # fmt: skip
        yield name, [one.page for one in found if isinstance(one, Arrival)]
    for name in SETS if bench is not None else ():
        rows = list(_rows(bench / "data" / name)) if bench is not None else []
        yield name, [_page(row) for row in rows[:: max(1, len(rows) // most)] if row.get("text") or row.get("html")]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    plain, packed = path.with_suffix(".jsonl"), path.with_suffix(".jsonl.gz")
    if plain.exists():
        lines = plain.read_text(encoding="utf-8").splitlines()
    elif packed.exists():
        lines = gzip.decompress(packed.read_bytes()).decode().splitlines()
    else:
        lines = []
    yield from (json.loads(line) for line in lines)


def _page(row: dict[str, Any]) -> Page:
    html = row.get("html")
    return Page(name=str(row.get("id")), html=html, text=None if html else row["text"], title=row.get("title"))


def measured(reader: Reader, pages: list[Page], width: Width) -> tuple[str, Counter[str]]:
    """A row of the table, and the kinds of the events that are lost."""
    any_event, violent, none, lost = Counter[bool](), Counter[bool](), Counter[bool](), Counter[str]()
    for page, record in zip(pages, reader.read(pages), strict=True):
        through = passes(page, width)
        if not record.events:
            none[through] += 1
            continue
        any_event[through] += 1
        if is_violent(record):
            violent[through] += 1
        if not through:
            lost.update({one.kind for one in record.events})
    row = f"{len(pages)} | {_shares(any_event)} | {_shares(violent)} | {_shares(none)}"
    return row, lost


def passes(page: Page, width: Width) -> bool:
    """What the funnel asks of a page before it is read."""
    content = page.html if page.html is not None else page.text or ""
    if not worth_opening(content.encode("utf-8", "replace"), width):
        return False
    return worth_reading(extract_plain_text(content, main_content=True) if page.html is not None else content, width)


def is_violent(record: Record) -> bool:
    return any(one.event_type == "ASSAULT" and one.status in PAST for one in record.events)


def _shares(found: Counter[bool]) -> str:
    total = found[True] + found[False]
    return f"{total} | {found[True] / total:.3f}" if total else "0 | -"


if __name__ == "__main__":
    main()
