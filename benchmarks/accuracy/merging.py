#!/usr/bin/env python3
"""Measure merging on our own cases: the example pages by BCubed, and pairs of short reports. The tests hold both to floors.

    merging.py [--wrong]      print the figures; with --wrong also what was joined or parted wrongly

Pages are read by the real reader; claims go through look-up keys, links and groups as in a ledger. Cases: `tests/cases/merge`.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from tocsin import grouping
from tocsin.arrivals import Arrival, arrivals
from tocsin.claims import claims_of, outlet_of
from tocsin.ledger import Claim, DocumentVersion
from tocsin.merge.blocks import block_keys
from tocsin.pipeline import Page, Reader
from tocsin.records import Record

ROOT = Path(__file__).resolve().parents[2]
CASES, PAGES = ROOT / "tests" / "cases" / "merge", ROOT / "examples" / "pages"
Told = dict[str, list[list[str]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="tell what was joined or parted wrongly")
    options = parser.parse_args()
    reader = Reader()
    week = ExamplePages(reader)
    precision, recall, score = bcubed(week.found, week.gold)
    print(
        f"example pages: {len(week.gold)} of {len(week.claims)} claims judged, {len(set(week.gold.values()))} happenings"
    )
    print(f"  BCubed precision {precision:.3f} recall {recall:.3f} F1 {score:.3f}")
    pairs, wrong = pairs_of_reports(reader)
    print(f"pairs of short reports: {pairs - len(wrong)} of {pairs} right ({1 - len(wrong) / pairs:.3f})")
    if options.wrong:
        print("\n".join([*week.mistakes(), *wrong]))


def events(record: Record) -> list[Claim]:
    """The event claims of a page that stands alone."""
    page = record.document
    version = DocumentVersion(
        id=page.id, document=page.id, outlet=outlet_of(page.url, page.publisher, page.ref), published=page.published
    )
    return [one for one in claims_of(record, version, "r") if one.section == "event"]


def incidents_of(claims: Sequence[Claim]) -> list[tuple[str, ...]]:
    """The claims' ids in incidents, by look-up keys, links and groups."""
    links = list(grouping.all_links(claims, {one.id: block_keys(one) for one in claims}))
    return [one.claims for one in grouping.incidents(claims, links, (), {})]


def bcubed(found: Sequence[Sequence[str]], gold: dict[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1 over the items that gold judges (Bagga & Baldwin 1998)."""
    of = {name: frozenset(group) & gold.keys() for group in found for name in group}
    told = {name: {other for other in gold if gold[other] == gold[name]} for name in gold}
    precision = sum(len(of[name] & told[name]) / len(of[name]) for name in gold) / len(gold)
    recall = sum(len(of[name] & told[name]) / len(told[name]) for name in gold) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def judged(text: str, page: str, here: Sequence[Claim], cases: Told) -> dict[str, str]:
    """The happening of each claim of a page whose trigger lies in words of one; the shortest words that hold it say which.

    Raises `ValueError` where a case's words are not on the page.
    """
    mine = [(words, happening) for happening, rows in cases.items() for number, words in rows if number == page]
    if lost := [words for words, _ in mine if words not in text]:
        raise ValueError(f"page {page} has no {lost}")
    spans = [(len(words), at.start(), told) for words, told in mine for at in re.finditer(re.escape(words), text)]
    found = {}
    for one in here:
        holding = [row for row in spans if row[1] <= one.trigger.start and one.trigger.end <= row[1] + row[0]]
        if holding:
            found[one.id] = min(holding)[2]
    return found


class ExamplePages:
    """The example week: its claims, the happening that a person gives each (`gold`), the incidents `found`."""

    def __init__(self, reader: Reader) -> None:
        self.cases: Told = yaml.safe_load((CASES / "examples.yaml").read_text(encoding="utf-8"))
        self.claims: list[Claim] = []
        self.gold: dict[str, str] = {}
        self.reached: set[tuple[str, str]] = set()
        for one in arrivals([str(path) for path in sorted(PAGES.glob("*.html"))]):
            assert isinstance(one, Arrival)
            record, number = next(iter(reader.read([one.page]))), Path(one.page.name).name[:2]
            here = judged(record.document.text, number, told := events(record), self.cases)
            self.claims += told
            self.gold |= here
            self.reached |= {(happening, number) for happening in here.values()}
        self.found = incidents_of(self.claims)

    @property
    def wanted(self) -> set[tuple[str, str]]:
        """Each happening with each page that tells of it."""
        return {(happening, row[0]) for happening, rows in self.cases.items() for row in rows}

    def mistakes(self) -> list[str]:
        """A line for each happening in several incidents, and for each incident of several happenings."""
        words = {one.id: f"{one.kind} '{one.trigger.text}'" for one in self.claims}
        groups = [[name for name in group if name in self.gold] for group in self.found]
        lines = []
        for told in sorted(set(self.gold.values())):
            parts = [part for group in groups if (part := [words[name] for name in group if self.gold[name] == told])]
            lines += [f"parted: {told}: {parts}"] if len(parts) > 1 else []
        mixed = [group for group in groups if len({self.gold[name] for name in group}) > 1]
        return lines + [f"joined: {[(self.gold[name], words[name]) for name in group]}" for group in mixed]


def pairs_of_reports(reader: Reader) -> tuple[int, list[str]]:
    """How many pairs there are, and a line for each that is not as a person says."""
    pairs: list[dict[str, Any]] = yaml.safe_load((CASES / "pairs.yaml").read_text(encoding="utf-8"))
    wrong = []
    for number, pair in enumerate(pairs):
        pages = [
            Page(name=side, text=pair[side][1], published=str(pair[side][0]), ref=f"{number}{side}")
            for side in ("one", "other")
        ]
        one, other = (events(record) for record in reader.read(pages))
        sides = {row.id for row in one}, {row.id for row in other}
        joined = any(sides[0] & set(group) and sides[1] & set(group) for group in incidents_of([*one, *other]))
        if joined != pair["same"]:
            read = [(row.kind, row.status, row.day_from, row.place and row.place.name) for row in (*one, *other)]
            wrong.append(f"{'not ' if pair['same'] else ''}joined: {pair['why']}: {read}")
    return len(pairs), wrong


if __name__ == "__main__":
    main()
