"""Merging against what a person says: the example pages by BCubed, and pairs of short reports, both read by the real reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tocsin import grouping
from tocsin.arrivals import Arrival, arrivals
from tocsin.claims import claims_of, outlet_of
from tocsin.ledger import Claim, DocumentVersion
from tocsin.merge.blocks import block_keys
from tocsin.pipeline import Page, Reader
from tocsin.records import Record
from tocsin.resolve.gazetteer import default_path

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "cases" / "merge"
BCUBED_FLOOR = 0.90
PAIRS_FLOOR = 0.92


@pytest.fixture(scope="module")
def reader() -> Reader:
    if not default_path().exists():
        pytest.fail(f"no gazetteer at {default_path()}: the tests need it; `tocsin geo build` makes it")
    return Reader()


def events(record: Record) -> list[Claim]:
    page = record.document
    version = DocumentVersion(
        id=page.id, document=page.id, outlet=outlet_of(page.url, page.publisher, page.ref), published=page.published
    )
    return [one for one in claims_of(record, version, "r") if one.section == "event"]


def bcubed(found: Sequence[Sequence[str]], gold: dict[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1 over the items that gold judges (Bagga & Baldwin 1998)."""
    of = {name: frozenset(group) & gold.keys() for group in found for name in group}
    told = {name: {other for other in gold if gold[other] == gold[name]} for name in gold}
    precision = sum(len(of[name] & told[name]) / len(of[name]) for name in gold) / len(gold)
    recall = sum(len(of[name] & told[name]) / len(told[name]) for name in gold) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def judged(text: str, page: str, here: Sequence[Claim], cases: dict[str, list[list[str]]]) -> dict[str, str]:
    """The happening of each claim of a page whose trigger lies in words of one; the shortest words that hold it say which."""
    spans = [
        (len(words), start.start(), incident)
        for incident, rows in cases.items() for number, words in rows if number == page
        for start in re.finditer(re.escape(words), text)
    ]  # fmt: skip
    assert {words for rows in cases.values() for number, words in rows if number == page and words not in text} == set()
    found = {}
    for one in here:
        at = [row for row in spans if row[1] <= one.trigger.start and one.trigger.end <= row[1] + row[0]]
        if at:
            found[one.id] = min(at)[2]
    return found


def incidents_of(claims: Sequence[Claim]) -> list[tuple[str, ...]]:
    links = list(grouping.all_links(claims, {one.id: block_keys(one) for one in claims}))
    return [one.claims for one in grouping.incidents(claims, links, (), {})]


def test_bcubed_of_a_known_grouping() -> None:
    gold = {"a": "x", "b": "x", "c": "y"}
    assert bcubed([["a", "b"], ["c"]], gold) == (1.0, 1.0, 1.0)
    precision, recall, _ = bcubed([["a", "b", "c", "unjudged"]], gold)
    assert (round(precision, 3), recall) == (0.556, 1.0)


def test_the_example_pages(reader: Reader) -> None:
    claims: list[Claim] = []
    gold: dict[str, str] = {}
    cases = yaml.safe_load((CASES / "examples.yaml").read_text(encoding="utf-8"))
    reached: set[tuple[str, str]] = set()
    for one in arrivals([str(path) for path in sorted((ROOT / "examples" / "pages").glob("*.html"))]):
        assert isinstance(one, Arrival)
        record = next(iter(reader.read([one.page])))
        number = Path(one.page.name).name[:2]
        here = events(record)
        claims += here
        gold |= judged(record.document.text, number, here, cases)
        reached |= {(gold[row.id], number) for row in here if row.id in gold}
    wanted = {(incident, row[0]) for incident, rows in cases.items() for row in rows}
    assert len(reached) >= 0.85 * len(wanted), f"not read at all: {sorted(wanted - reached)}"
    found = incidents_of(claims)
    precision, recall, score = bcubed(found, gold)
    by_id = {one.id: one for one in claims}
    told = "\n".join(
        f"{gold[name]:20} {by_id[name].trigger.text:12} with {sorted({gold[o] for o in group if o in gold})}"
        for group in found for name in group if name in gold
    )  # fmt: skip
    print(
        f"\n{len(gold)} claims of {len(cases)} incidents: precision {precision:.3f} recall {recall:.3f} F1 {score:.3f}"
    )
    assert score >= BCUBED_FLOOR, f"precision {precision:.3f} recall {recall:.3f} F1 {score:.3f}\n{told}"


def test_pairs_of_short_reports(reader: Reader) -> None:
    pairs: list[dict[str, Any]] = yaml.safe_load((CASES / "pairs.yaml").read_text(encoding="utf-8"))
    assert len(pairs) >= 30
    wrong = []
    for number, pair in enumerate(pairs):
        pages = [
            Page(name=f"{number}{side}", text=pair[side][1], published=str(pair[side][0]), ref=f"{number}{side}")
            for side in ("one", "other")
        ]
        one, other = (events(record) for record in reader.read(pages))
        sides = {row.id for row in one}, {row.id for row in other}
        joined = any(sides[0] & set(group) and sides[1] & set(group) for group in incidents_of([*one, *other]))
        if joined != pair["same"]:
            wrong.append(
                (pair["why"], [(c.kind, c.status, c.day_from, c.place and c.place.name) for c in (*one, *other)])
            )
    share = 1 - len(wrong) / len(pairs)
    print(f"\n{len(pairs)} pairs: {share:.3f} right")
    assert share >= PAIRS_FLOOR, f"{share:.3f} right; wrong: " + "\n".join(map(str, wrong))
