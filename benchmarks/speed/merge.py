#!/usr/bin/env python3
"""What one more claim costs the grouping as the ledger grows: candidates looked up, compared, the component grouped anew.

    python benchmarks/speed/merge.py [--sizes 1000 10000 100000] [--seed 5]

The ledger is made up: two years, 300 places (busy ones busier, Zipf), 40 kinds, one to six reports of a happening within four
days, a tenth without a place, a fifth without a date. It lies in memory, in a dictionary over `block_keys`, so that only merging is
timed, in processor time. At each size the last 1,000 claims are timed. A larger ledger over the same two years is a denser one, as in a real war.
With `--days-per-claim` the span grows with the ledger instead, as the ledger of one monitor does over the years.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections import Counter, defaultdict
from datetime import date, timedelta

from tocsin.families import family_of, places
from tocsin.ledger import Claim, FigureClaim, Link, Locus, Party, Voice
from tocsin.merge.blocks import block_keys, look_up_keys
from tocsin.merge.cluster import clusters
from tocsin.merge.corroborate import incident
from tocsin.merge.match import match
from tocsin.records import Span

TIMED = 1_000
NOUNS = "market bridge school clinic convoy checkpoint silo orchard camp depot road mosque station farm mill harbour".split()
MORE = "before dawn after noon prayers while residents slept fled waited queued guns planes drones smoke rubble windows".split()


class World:
    """Happenings and their reports, the same for one seed."""

    def __init__(self, seed: int, days: int) -> None:
        self.pick, self.days = random.Random(seed), days
        self.places = [self._place(n) for n in range(300)]
        self.weights = [1 / (n + 1) for n in range(300)]
        self.kinds = sorted(places())[::3][:40]
        self.parties = [
            Party(key=f"P{n}", name=f"Force {n}", text=f"force {n}", code=f"XY{n}", country=f"X{n % 6}")
            for n in range(60)
        ]
        self.number = 0

    def _place(self, number: int) -> Locus:
        name = "".join(self.pick.choice("ba de fi go ku la mi no ra su ta wa".split()) for _ in range(3)).capitalize()
        lat, lon = self.pick.uniform(30, 38), self.pick.uniform(34, 46)
        return Locus(
            name=name, lat=lat, lon=lon, country="SY", admin1=f"A{number % 14}", precision="exact", radius_km=3.0
        )

    def reports(self) -> list[Claim]:
        """One happening's."""
        pick = self.pick
        kind, place = pick.choice(self.kinds), pick.choices(self.places, self.weights)[0]
        day = date(2018, 1, 1) + timedelta(pick.randrange(self.days))
        pair, toll = tuple(pick.sample(self.parties, 2)), pick.randrange(1, 40)
        noun = pick.choice(NOUNS)
        return [self._report(kind, place, day, pair, toll, noun) for _ in range(pick.choice((1, 1, 1, 2, 2, 3, 4, 6)))]

    def _report(self, kind: str, place: Locus, day: date, pair: tuple[Party, ...], toll: int, noun: str) -> Claim:
        pick = self.pick
        self.number += 1
        name, outlet = f"c-{self.number:08}", f"outlet {pick.randrange(40)}"
        placed, dated = pick.random() >= 0.1, pick.random() >= 0.2
        published = (day + timedelta(pick.choice((0, 0, 0, 1, 1, 2, 3)))).isoformat()
        words = f"Forces at the {noun} {'near ' + place.name if placed else 'there'} {' '.join(pick.sample(MORE, 5))}, officials told reporters."
        voice = Voice(key=f"outlet:{outlet}")
        best = max(1, toll + pick.choice((0, 0, 0, 1, -1)))
        figures = (
            (FigureClaim(id="f1", kind="killed", low=best, best=best, high=best, voice=voice),)
            if pick.random() < 0.6
            else ()
        )
        when = day.isoformat() if dated else None
        return Claim(
            id=name, version=f"v{self.number // 5}", reading="r", section="event", row="e1", kind=kind, family=family_of(kind), event_type="ASSAULT",
            day_from=when, day_to=when, day_basis="stated" if dated else "unknown", place=place if placed else None, actors=pair[:1],
            recipients=pair[1:], figures=figures, voices=(voice,), outlet=outlet, published=published, known=published,
            trigger=Span(start=0, end=6, text=words[:6]), sentence=Span(start=0, end=len(words), text=words),
        )  # fmt: skip


class Ledger:
    """Claims in memory, under their keys."""

    def __init__(self) -> None:
        self.claims: dict[str, Claim] = {}
        self.held: defaultdict[str, list[str]] = defaultdict(list)
        self.links: defaultdict[str, dict[str, Link]] = defaultdict(dict)
        self.together: dict[str, tuple[str, ...]] = {}

    def add(self, one: Claim) -> tuple[int, int]:
        """Adds a claim and groups its component anew; how many candidates it had, and how large the component is."""
        keys = block_keys(one)
        near = {name for key in look_up_keys(one) for name in self.held.get(key, ())}
        for name in near:
            if found := match(one, self.claims[name]):
                self.links[one.id][name] = self.links[name][one.id] = found
        self.claims[one.id] = one
        for key in keys:
            self.held[key].append(one.id)
        members = self._component(one.id)
        inside = [self.claims[name] for name in members]
        links = [link for name in members for other, link in self.links[name].items() if name < other]
        for ids in clusters(inside, links, ()):
            if one.id not in ids and all(self.together.get(name) == ids for name in ids):
                continue  # as it was: see `grouping.regroup`
            self.together.update(dict.fromkeys(ids, ids))
            chosen = set(ids)
            incident(
                [self.claims[name] for name in ids],
                [row for row in links if row.one in chosen and row.other in chosen],
                (),
                {},
            )
        return len(near), len(members)

    def _component(self, start: str) -> list[str]:
        seen, open_ = {start}, [start]
        while open_:
            for other in self.links[open_.pop()]:
                if other not in seen:
                    seen.add(other)
                    open_.append(other)
        return sorted(seen)

    def hottest(self) -> tuple[str, int]:
        return max(((key, len(names)) for key, names in self.held.items()), key=lambda row: row[1])


def main() -> None:
    options = arguments()
    print(
        "| claims | days | ms a claim (mean) | median | p95 | p99 | candidates (mean / p95 / most) | largest component | hottest key |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for size in options.sizes:
        days = max(30, round(size * options.days_per_claim)) if options.days_per_claim else 730
        print(measured(World(options.seed, days), size, days, profile=options.keys), flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument(
        "--days-per-claim", type=float, default=0.0, help="let the span grow with the ledger; default: two years"
    )
    parser.add_argument("--keys", action="store_true", help="tell which sorts of key hold most claims")
    return parser.parse_args()


def measured(world: World, size: int, days: int, *, profile: bool) -> str:
    """A ledger of that size as a row of the table. All but the timed claims are indexed and linked untimed."""
    made: list[Claim] = []
    while len(made) < size:
        made += world.reports()
    world.pick.shuffle(made)
    made = made[:size]
    ledger = Ledger()
    timed = min(TIMED, size // 2)
    seconds, near, grouped = [], [], []
    for number, one in enumerate(made):
        start = time.process_time()
        candidates, members = ledger.add(one)
        if number >= size - timed:
            seconds.append(1000 * (time.process_time() - start))
            near.append(candidates)
            grouped.append(members)
    seconds.sort()
    near.sort()
    if profile:
        sorts = Counter[str]()
        for key, names in ledger.held.items():
            sorts[key.split("|")[-1][:2]] += len(names) ** 2
        print({name: round(total / size, 1) for name, total in sorts.most_common(6)})
    key, most = ledger.hottest()
    return (
        f"| {size:,} | {days} | {statistics.mean(seconds):.2f} | {statistics.median(seconds):.2f} | {seconds[int(0.95 * timed)]:.2f} | "
        f"{seconds[int(0.99 * timed)]:.2f} | {statistics.mean(near):.0f} / {near[int(0.95 * timed)]} / {near[-1]} | {max(grouped)} | `{key}` {most} |"
    )


if __name__ == "__main__":
    main()
