"""Each kind of rule, for and against; and that the order of the incidents changes nothing."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest

pytest.importorskip("shapely")

from alert_shelf import SQUARE, incident, place

from tocsin.alerts.judging import Finding, judge
from tocsin.alerts.rules import Rule
from tocsin.ledger import Claim, Incident, Party, Voice
from tocsin.records import Span

TODAY = "2024-03-20"


def found(rule: Rule, *incidents: Incident, today: str = TODAY) -> list[Finding]:
    return judge(rule, incidents, today)


def zone(**others: Any) -> Rule:
    return Rule(**({"name": "z", "kind": "zone", "kinds": ("air-strike",), "polygon": SQUARE} | others))


def redline(**others: Any) -> Rule:
    return Rule(**({"name": "r", "kind": "redline", "kinds": ("chemical-attack",)} | others))


# ------------------------------------------------------------------------------------------------------- zones, red lines


def test_a_zone_tells_inside_from_possibly_inside() -> None:
    province = place(precision="admin", radius_km=200.0)
    far = place(lat=33.0)
    told = found(
        zone(), incident("a"), incident("b", place=province), incident("c", place=far), incident("d", place=None)
    )
    assert [(one.key, one.where) for one in told] == [("a", "inside"), ("b", "possibly inside")]


@pytest.mark.parametrize(
    ("others", "counts"),
    [
        ({}, True),
        ({"kind": "shelling"}, False),
        ({"kind": "shelling", "kinds": ("shelling", "air-strike")}, True),  # one of its reports calls it an air strike
        ({"status": "happened"}, True),
        ({"status": "alleged"}, True),
        ({"status": "contested"}, True),
        ({"status": "denied"}, True),  # a denial changes an alert, it does not take it back
        ({"status": "planned"}, False),
        ({"status": "threatened"}, False),
        ({"status": "not-happened"}, False),
        ({"status": "background"}, False),
        ({"review": "rejected"}, False),
        ({"day": "2024-03-21"}, False),  # a day that is to come
        ({"day": None}, True),  # no page says the day: it counts by the day on which it was known
        ({"day": None, "first_known": "2023-12-01T10:00:00Z"}, False),
        ({"day": "2023-12-31"}, False),
        ({"day": "2024-04-01"}, False),
    ],
)
def test_what_counts_in_a_zone(others: dict[str, Any], counts: bool) -> None:
    rule = zone(since="2024-01-01", until="2024-03-25")
    assert bool(found(rule, incident("a", others.pop("day", "2024-03-10"), **others))) is counts


def test_plans_count_only_where_they_are_asked_for_and_may_lie_ahead() -> None:
    planned = incident("a", "2024-04-02", status="planned")
    assert not found(zone(), planned)
    told = found(zone(statuses=("planned",)), planned)
    assert [one.status for one in told] == ["planned"]


def test_a_rule_without_a_day_begins_a_month_before_it_was_made() -> None:
    rule = zone(added="2024-03-15T09:00:00Z")
    assert [one.key for one in found(rule, incident("a", "2024-02-20"), incident("b", "2024-02-01"))] == ["a"]
    assert not found(zone(enabled=False), incident("a"))


@pytest.mark.parametrize(
    ("rule", "where", "counts"),
    [
        ({"country": "SY"}, {}, True),
        ({"country": "IQ"}, {}, False),
        ({"place": "Mayadin"}, {}, True),
        ({"place": "deir ez zor"}, {}, True),
        ({"place": "Aleppo"}, {"name": "Aleppo Governorate"}, True),
        ({"place": "Man"}, {"name": "Oman", "admin1": None}, False),
        ({"place": "Sudan"}, {"name": "South Sudan", "admin1": None}, False),
        ({"place": "Mali"}, {"name": "Somalia", "admin1": None}, False),
    ],
)
def test_a_red_line_holds_where_it_says(rule: dict[str, Any], where: dict[str, Any], counts: bool) -> None:
    assert bool(found(redline(**rule), incident("a", kind="chemical-attack", place=place(**where)))) is counts


@pytest.mark.parametrize(
    ("names", "counts"),
    [(("Syrian army",), True), (("army",), True), (("SYR",), True), (("SYRMIL",), True), (("US",), False), (("arm",), False), (("SYRREB",), False), (("IRQ",), False)],
)  # fmt: skip
def test_parties_by_words_and_codes(names: tuple[str, ...], counts: bool) -> None:
    russians = Party(key="k", name="Russian pilots", text="Russian pilots", code="RUSMIL")
    one = incident("a", kind="chemical-attack", recipients=(russians,))
    assert bool(found(redline(actors=names), one)) is counts


# --------------------------------------------------------------------------------------- thresholds, build-ups, silences


def spread(count: int, last: str, every: int, prefix: str = "p", **others: Any) -> list[Incident]:
    """Incidents backwards from a day, one each so many days."""
    end = datetime.date.fromisoformat(last)
    return [
        incident(f"{prefix}{n:03d}", (end - datetime.timedelta(n * every)).isoformat(), **others) for n in range(count)
    ]


def test_a_threshold_of_the_dead() -> None:
    rule = Rule(name="toll", kind="threshold", above=20, days=7)
    assert not found(rule, *spread(4, "2024-03-20", 1, killed=5))
    told = found(rule, *spread(5, "2024-03-20", 1, killed=5))
    assert [(one.key, one.figures) for one in told] == [("since 2024-03-20", "25 killed in the 7 days to 2024-03-20")]
    assert not found(rule, *spread(5, "2024-03-20", 1, killed=5), today="2024-03-30"), "those days are over"
    assert not found(rule, *spread(5, "2024-03-20", 1, killed=5, status="denied", kind="meeting"))


def test_three_times_the_usual() -> None:
    rule = Rule(name="rate", kind="threshold", times=3, days=7)
    before = spread(13, "2024-03-12", 7, killed=7)  # seven a week
    assert not found(rule, *before, *spread(4, "2024-03-20", 1, "n", killed=5))
    told = found(rule, *before, *spread(5, "2024-03-20", 1, "n", killed=5))
    assert len(told) == 1 and "usually 7." in told[0].figures


def test_a_young_ledger_knows_no_usual() -> None:
    """The first week of a ledger is no outbreak: what lies before its beginning are no zeros."""
    rule = Rule(name="rate", kind="threshold", times=3, days=7)
    assert not found(rule, *spread(5, "2024-03-20", 1, "n", killed=50))


def test_a_threshold_in_a_polygon_takes_what_is_surely_inside() -> None:
    rule = Rule(name="toll", kind="threshold", above=20, days=7, polygon=SQUARE)
    rough = place(precision="admin", radius_km=200.0)
    assert not found(rule, *spread(5, "2024-03-20", 1, killed=5, place=rough))
    assert found(rule, *spread(5, "2024-03-20", 1, killed=5))


def test_a_build_up() -> None:
    rule = Rule(name="build-up", kind="build-up", place="Mayadin", actors=("Syrian army",), days=10, least=3)
    signs = [
        incident("a", "2024-03-12", "troop-deployment"), incident("b", "2024-03-14", "evacuation"),
        incident("c", "2024-03-18", "shelling", status="threatened"),  # a warning
    ]  # fmt: skip
    told = found(rule, *signs)
    assert len(told) == 1 and told[0].incidents == ("i-a", "i-b", "i-c")
    assert not found(rule, *signs[:2])
    assert not found(rule, *signs, today="2024-03-26"), "the first was too long ago"
    strike = incident("d", "2024-03-18", "shelling")
    assert not found(rule, *signs[:2], strike), "an attack is no sign that one is prepared"
    elsewhere = incident("e", "2024-03-18", "troop-deployment", place=place(name="Homs", admin1="Homs"))
    other = incident("f", "2024-03-18", "troop-deployment", actors=(Party(key="x", name="Rebels", text="rebels"),))
    assert not found(rule, *signs[:2], elsewhere, other)


def test_the_silence_of_an_area() -> None:
    rule = Rule(name="quiet", kind="silence", country="SY", days=10)
    busy = spread(45, "2024-03-09", 2)
    told = found(rule, *busy)
    assert [one.key for one in told] == ["since 2024-03-09"] and "usually 5.1 incidents" in told[0].figures
    assert not found(rule, *busy, today="2024-03-18"), "nine days are not ten"
    assert not found(rule, *busy, incident("x", "2024-03-19")), "somebody was heard"
    assert not found(rule, *spread(6, "2024-03-09", 15)), "nothing for ten days is usual there"
    assert not found(rule, *spread(10, "2024-03-09", 1)), "too little is known of its past"


def test_a_silence_without_an_area_is_of_sources() -> None:
    assert not found(Rule(name="quiet", kind="silence"), *spread(45, "2024-03-09", 2))


# ---------------------------------------------------------------------------------------------------------------- overdue


def announcement(day: str | None = "2024-03-10") -> Claim:
    words = "The two sides will meet in Mayadin on Sunday."
    return Claim(
        id="n1", version="v", reading="r", section="announcement", row="n1", kind="meeting", family="meeting", day_from=day, day_to=day,
        place=place(), actors=(), voices=(Voice(key="v"),), published="2024-03-08", trigger=Span(start=19, end=23, text="meet"),
        sentence=Span(start=0, end=len(words), text=words),
    )  # fmt: skip


def test_overdue() -> None:
    rule = Rule(name="o", kind="overdue", since="2024-01-01")
    assert [one.key for one in judge(rule, [], TODAY, [announcement()])] == ["n1"]
    assert not judge(rule, [], "2024-03-10", [announcement()]), "the day is not over"
    assert not judge(rule, [], TODAY, [announcement(None)])
    assert not judge(Rule(name="o", kind="overdue", since="2024-01-01", country="IQ"), [], TODAY, [announcement()])
    met = incident("m", "2024-03-10", "meeting", family="meeting")
    assert not judge(rule, [met], TODAY, [announcement()])


@pytest.mark.parametrize(
    "rule",
    [
        zone(), redline(kinds=()), Rule(name="t", kind="threshold", above=5), Rule(name="t", kind="threshold", times=1.5),
        Rule(name="b", kind="build-up", kinds=("air-strike",), least=2), Rule(name="s", kind="silence", country="SY", days=3),
    ],
    ids=lambda rule: f"{rule.kind}-{rule.above or rule.times or ''}",
)  # fmt: skip
def test_order_changes_nothing(rule: Rule) -> None:
    many = [
        *spread(60, "2024-03-17", 2, "a", killed=4),
        *spread(60, "2024-03-17", 1, "b", killed=3, status="alleged"),
        *spread(9, "2024-03-17", 1, "c", killed=30),
    ]
    first = judge(rule, many, TODAY)
    for seed in range(5):
        random.Random(seed).shuffle(many)
        assert judge(rule, many, TODAY) == first
    assert first
