"""Hand coding: rows drawn from a run to be judged by people, and how far a run agrees with what they wrote.

Draws are by a seed and the rows alone, so that a sample can be drawn again. Intervals are Wilson's, at 95 %.
"""

from __future__ import annotations

import csv
import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from tocsin.archive import parts
from tocsin.errors import InputError, UsageError
from tocsin.plain import cell

SHOWN = ("event", "url", "outlet", "published", "sentence", "trigger")
CODED = ("kind", "event_type", "status", "day_from", "place", "country", "actors", "recipients", "killed_best")
STRATA = ("kind", "event_type", "status", "country", "outlet", "published", "none")
Z = 1.96


def event_parts(run: Path) -> list[Path]:
    """The parts of events of a run. Raises `UsageError` where there is none."""
    found = sorted((run / "events").glob("*.parquet"))
    if not found:
        raise UsageError(f"{run} has no events: `tocsin code` makes a run")
    return found


def rows(run: Path, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    pa = parts.arrow()
    for path in event_parts(run):
        for batch in pa.parquet.ParquetFile(path).iter_batches(batch_size=5_000, columns=list(columns)):
            yield from batch.to_pylist()


def draw(run: Path, number: int, stratum: str = "none", seed: int = 0) -> list[dict[str, Any]]:
    """So many events, as evenly over the strata as they allow; within one by the digest of seed and id. Ordered by id.

    Raises `UsageError` where the stratum is no column.
    """
    if stratum not in STRATA:
        raise UsageError(f"--stratify {stratum!r} is none of {', '.join(STRATA)}")
    groups: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows(run, ["event", *([stratum] if stratum != "none" else [])]):
        rank = hashlib.sha256(f"{seed}:{row['event']}".encode()).hexdigest()
        groups[str(row.get(stratum)) if stratum != "none" else ""].append((rank, row["event"]))
    chosen = _evenly(groups, number)
    kept = {row["event"]: row for row in rows(run, [*SHOWN, *CODED]) if row["event"] in chosen}
    return [kept[name] for name in sorted(kept)]


def _evenly(groups: dict[str, list[tuple[str, str]]], number: int) -> set[str]:
    """One of each stratum in turn, until there are enough; which is the first of a stratum, the seed says."""
    ordered = {name: sorted(found) for name, found in sorted(groups.items())}
    chosen: set[str] = set()
    for depth in range(max(map(len, ordered.values()), default=0)):
        for found in ordered.values():
            if len(chosen) == number:
                return chosen
            if depth < len(found):
                chosen.add(found[depth][1])
    return chosen


def write_sample(found: Iterable[dict[str, Any]], stream: IO[str]) -> int:
    """A CSV to be coded: what the run says in columns `run_…`, and empty ones for the coder. Cells can do no harm in a spreadsheet."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*SHOWN, *(f"run_{name}" for name in CODED), *CODED, "correct", "coder", "note"])
    number = 0
    for row in found:
        told = [*(row[name] for name in SHOWN), *(_plain(row[name]) for name in CODED)]
        writer.writerow([cell(one) for one in told] + [""] * (len(CODED) + 3))
        number += 1
    return number


def _plain(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else value


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How far a run agrees with a coder in one field: of `coded` cells, `equal` are the same; `low` … `high` is the interval."""

    field: str
    coded: int
    equal: int
    share: float
    low: float
    high: float
    confused: tuple[tuple[str, str, int], ...] = ()


def agree(run: Path, gold: Path) -> tuple[list[Agreement], int]:
    """The agreement by field with a coded sample, and how many of its rows the run does not hold.

    Only cells that the coder filled in count. `correct` (yes or no) says whether the row is an event as told at all.
    Raises `InputError` where the file is no such CSV.
    """
    coded = _coded(gold)
    ours = {row["event"]: row for row in rows(run, ["event", *CODED]) if row["event"] in coded}
    tally: dict[str, list[tuple[str, str]]] = {name: [] for name in ("correct", *CODED)}
    for name, row in coded.items():
        if name not in ours:
            continue
        if row.get("correct", "").strip():
            tally["correct"].append(
                ("yes", "yes" if row["correct"].strip().lower() in ("yes", "y", "1", "true") else "no")
            )
        for field in CODED:
            said = row.get(field, "").strip()
            if said:
                tally[field].append((str(_plain(ours[name][field]) if ours[name][field] is not None else ""), said))
    return [_agreement(field, pairs) for field, pairs in tally.items() if pairs], len(coded.keys() - ours.keys())


def _coded(gold: Path) -> dict[str, dict[str, str]]:
    try:
        with gold.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if not reader.fieldnames or "event" not in reader.fieldnames:
                raise InputError(str(gold), "is no coded sample: it has no column `event`; `tocsin sample` makes one")
            return {
                row["event"].removeprefix("'"): {k: v or "" for k, v in row.items() if k}
                for row in reader
                if row.get("event")
            }
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise InputError(str(gold), f"cannot be read: {problem}") from problem


def _agreement(field: str, pairs: Sequence[tuple[str, str]]) -> Agreement:
    equal = sum(_same(ours, theirs) for ours, theirs in pairs)
    low, high = wilson(equal, len(pairs))
    confused = Counter((ours or "-", theirs) for ours, theirs in pairs if not _same(ours, theirs)).most_common(8)
    return Agreement(
        field=field, coded=len(pairs), equal=equal, share=equal / len(pairs), low=low, high=high,
        confused=tuple((ours, theirs, n) for (ours, theirs), n in confused),
    )  # fmt: skip


def _same(ours: str, theirs: str) -> bool:
    """Equal but for case, white space, and the order of several; a coder's `-` says that nothing should stand there."""
    if theirs == "-":
        return not ours
    return sorted(one.strip().casefold() for one in ours.split(";")) == sorted(
        one.strip().casefold() for one in theirs.split(";")
    )


def wilson(equal: int, number: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927)."""
    if not number:
        return 0.0, 1.0
    share, square = equal / number, Z * Z
    middle = (share + square / (2 * number)) / (1 + square / number)
    half = Z * math.sqrt(share * (1 - share) / number + square / (4 * number * number)) / (1 + square / number)
    return max(0.0, middle - half), min(1.0, middle + half)


def paragraph(found: Sequence[Agreement], missing: int, version: str) -> str:
    """What a paper's appendix can say about it."""
    told = {one.field: one for one in found}
    number = max((one.coded for one in found), default=0)
    shares = ", ".join(
        f"{one.field} {one.share:.2f} [{one.low:.2f}, {one.high:.2f}]" for one in found if one.field != "correct"
    )
    correct = told.get("correct")
    precise = (
        f" {correct.share:.0%} of the sampled events were judged to be events as coded [{correct.low:.2f}, {correct.high:.2f}]."
        if correct
        else ""
    )
    lost = f" {missing} rows of the sample are not in the run and were left out." if missing else ""
    return (
        f"Events were coded from news text by Tocsin {version}. A random sample of {number} events was coded by hand, without "
        f"changing the program's answer.{precise} Share of equal cells by field, with 95 % Wilson intervals: {shares or 'none coded'}."
        f"{lost} The sample was drawn from events that the program found; it measures precision, not recall."
    )
