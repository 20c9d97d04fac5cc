"""Alerts over a ledger to which pages come day by day: told once, updated, over; and replayed as they were told."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path
from typing import Any

import msgspec
import pytest

pytest.importorskip("shapely")

from alert_shelf import SQUARE
from desk_of_days import BY, Newsdesk, Scripted, Told

from tocsin.alerts.rules import Rule
from tocsin.alerts.telling import Alert, all_incidents, replay, replay_sources, run_alerts, state_of
from tocsin.store.watching import Source

ZONE = Rule(name="Mayadin zone", kind="zone", kinds=("air-strike",), polygon=SQUARE, since="2024-01-01")


def at(day: str, hour: int = 23) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{day}T{hour:02d}:00:00+00:00")


def alerts(desk: Newsdesk) -> list[Alert]:
    return sorted((msgspec.convert(one, Alert) for one in desk.store.alerts()), key=lambda one: one.id)


def ruled(folder: Path, *rules: Rule) -> Newsdesk:
    desk = Newsdesk(folder)
    for rule in rules or (ZONE,):
        desk.store.put_rule(rule.name, rule)
    return desk


def told(desk: Newsdesk, day: str) -> tuple[int, int]:
    done = run_alerts(desk.store, at(day))
    return done.new, done.updated


FIRST = Told("gazette", "2024-03-10", "2024-03-10", killed=9)
SECOND = Told(
    "tribune",
    "2024-03-11",
    "2024-03-10",
    killed=11,
    words="Eleven were killed by planes over a mill at Mayadin, the Tribune learns.",
)
DENIAL = Told("court", "2024-03-12", "2024-03-10", status="denied", speaker="the air force", words="The air force denies that it bombed anything at Mayadin on Sunday.")  # fmt: skip
COPY = Told("mirror", "2024-03-11", "2024-03-10", killed=9, words=FIRST.text + " ")


def test_later_reports_and_denials_update_and_never_repeat(tmp_path: Path) -> None:
    desk = ruled(tmp_path)
    desk.add(FIRST)
    assert told(desk, "2024-03-10") == (1, 0)
    assert told(desk, "2024-03-10") == (0, 0), "nobody is told twice"
    (first,) = alerts(desk)
    assert (first.where, first.state, first.number, first.words, first.voices) == (
        "inside",
        "open",
        0,
        (FIRST.text,),
        1,
    )
    assert first.links == (FIRST.page.name,) and first.figures == "killed 9" and first.speakers
    desk.add(COPY)
    assert told(desk, "2024-03-11") == (0, 0), "a reprint is no news"
    desk.add(SECOND)
    assert told(desk, "2024-03-11") == (0, 1)
    (second,) = alerts(desk)
    assert (second.id, second.number, second.voices, second.figures, second.first) == (
        first.id,
        1,
        2,
        "killed 9-11",
        first.first,
    )
    desk.add(DENIAL)
    assert told(desk, "2024-03-12") == (0, 1)
    (third,) = alerts(desk)
    assert (third.id, third.status, third.state, third.number) == (first.id, "contested", "open", 2)


def test_a_rejected_incident_is_over_and_comes_back(tmp_path: Path) -> None:
    desk = ruled(tmp_path)
    desk.add(FIRST)
    told(desk, "2024-03-10")
    (one,) = all_incidents(desk.store)
    desk.desk.say("ana", "reject", [one.id])
    assert told(desk, "2024-03-11") == (0, 1)
    (over,) = alerts(desk)
    assert over.state == "over" and "rejected" in over.note
    assert told(desk, "2024-03-12") == (0, 0)
    (judgement,) = desk.store.judgements()
    desk.desk.say("ana", "undo", [one.id], undoes=judgement.id)
    assert told(desk, "2024-03-13") == (0, 1)
    (again,) = alerts(desk)
    assert (again.id, again.state, again.note) == (over.id, "open", "")


def test_an_alert_that_is_over_says_the_status_of_now(tmp_path: Path) -> None:
    desk = ruled(tmp_path, msgspec.structs.replace(ZONE, statuses=("happened", "reported")))
    desk.add(FIRST)
    told(desk, "2024-03-10")
    desk.add(DENIAL)
    told(desk, "2024-03-12")
    (over,) = alerts(desk)
    assert (over.state, over.status, over.note) == ("over", "contested", "its status is now contested")


def test_reading_again_with_newer_code_repeats_nothing(tmp_path: Path) -> None:
    desk = ruled(tmp_path)
    desk.add(FIRST, SECOND)
    told(desk, "2024-03-11")
    before = alerts(desk)
    newer = Scripted(msgspec.structs.replace(BY, tocsin="0.2.0"))
    newer.told = desk.reader.told
    desk.reader = newer
    desk.desk._reader = newer
    from tocsin.arrivals import Arrival

    counts = desk.desk.add(
        [Arrival(page=one.page, raw=one.text.encode(), media_type="text/plain") for one in (FIRST, SECOND)], again=True
    )
    assert counts.claims, "the pages were read again"
    new, _ = told(desk, "2024-03-12")
    assert new == 0 and [one.id for one in alerts(desk)] == [one.id for one in before]
    assert [one.state for one in alerts(desk)] == ["open"]


def test_two_incidents_that_become_one_are_not_told_anew(tmp_path: Path) -> None:
    desk = ruled(tmp_path)
    apart = Told("tribune", "2024-03-13", "2024-03-13", killed=40, town="Quriyah", lat=35.4, words="Forty died when jets bombed a bridge at Quriyah.")  # fmt: skip
    desk.add(FIRST, apart)
    assert told(desk, "2024-03-13") == (2, 0)
    desk.desk.say("ana", "same", [one.id for one in all_incidents(desk.store)])
    assert told(desk, "2024-03-14")[0] == 0
    assert sorted(one.state for one in alerts(desk)) == ["open", "over"]
    (judgement,) = desk.store.judgements()
    desk.desk.say("ana", "undo", list(judgement.claims), undoes=judgement.id)
    assert told(desk, "2024-03-15")[0] == 0
    assert [one.state for one in alerts(desk)] == ["open", "open"]


def raids(*days: str, killed: int = 10) -> list[Told]:
    """A raid a day, each on a town of its own."""
    return [
        Told("gazette", day, day, killed=killed, town=f"Town {day}", lat=30.0 + 0.4 * int(day[-2:]), words=f"Jets hit the depot of {day}, and {killed} guards were killed there.")
        for day in days
    ]  # fmt: skip


def test_a_threshold_is_one_alert_while_it_lasts(tmp_path: Path) -> None:
    rule = Rule(name="toll", kind="threshold", above=25, days=7)
    desk = ruled(tmp_path, rule)
    desk.add(*raids("2024-03-10", "2024-03-11"))
    assert told(desk, "2024-03-11") == (0, 0)
    desk.add(*raids("2024-03-12"))
    assert told(desk, "2024-03-12") == (1, 0)
    assert told(desk, "2024-03-13") == (0, 0), "another day with the same count is no news"
    desk.add(*raids("2024-03-08", "2024-03-09"))  # late reports: it began two days earlier than was known
    assert told(desk, "2024-03-13") == (0, 1)
    (one,) = alerts(desk)
    assert (one.state, one.number, one.amount) == ("open", 1, "50 killed")
    assert told(desk, "2024-03-25") == (0, 1)
    assert alerts(desk)[0].state == "over"
    desk.add(*raids("2024-04-01", "2024-04-02", "2024-04-03"))
    assert told(desk, "2024-04-03") == (1, 0), "a new one, after it was over"


def test_a_disabled_rule_leaves_its_alerts(tmp_path: Path) -> None:
    desk = ruled(tmp_path)
    desk.add(FIRST)
    told(desk, "2024-03-10")
    desk.store.put_rule(ZONE.name, msgspec.structs.replace(ZONE, enabled=False))
    assert told(desk, "2024-03-11") == (0, 0)
    assert [one.state for one in alerts(desk)] == ["open"]


@pytest.mark.parametrize("order", list(itertools.permutations((FIRST, SECOND, DENIAL)))[1:])
def test_the_order_of_arrival_changes_nothing(tmp_path: Path, order: tuple[Told, ...]) -> None:
    def kept(name: str, reports: tuple[Told, ...]) -> list[Alert]:
        desk = ruled(tmp_path / name)
        desk.add(*reports)
        told(desk, "2024-03-12")
        return alerts(desk)

    assert kept("a", (FIRST, SECOND, DENIAL)) == kept("b", order)


def said(lines: list[tuple[str, str, Alert]]) -> list[tuple[Any, ...]]:
    return sorted(
        (day, what, one.key, one.title, one.status, one.state, one.where, one.voices, one.figures)
        for day, what, one in lines
    )


@pytest.mark.parametrize(
    "rule",
    [
        msgspec.structs.replace(ZONE, since=None, statuses=("happened", "reported")),
        Rule(name="red", kind="redline", kinds=("air-strike",), country="SY"),
        Rule(name="toll", kind="threshold", above=25, days=4),
        Rule(name="many", kind="build-up", kinds=("air-strike",), days=4, least=3),
        Rule(name="no news", kind="silence", country="SY", days=4),
    ],
    ids=lambda rule: rule.kind,
)
def test_the_replay_says_what_was_said_live(tmp_path: Path, rule: Rule) -> None:
    """Day by day, judged as it came; then all of it replayed from the whole ledger."""
    days = [f"2024-03-{day:02d}" for day in range(8, 21)]
    rule = msgspec.structs.replace(rule, added=f"{days[0]}T00:00:00Z")
    desk = ruled(tmp_path, rule)
    news = [FIRST, SECOND, DENIAL, *raids(*(f"2024-03-{day:02d}" for day in range(9, 15)), killed=8)]
    if rule.kind == "silence":  # a raid a day, then none for eight days, then one
        first = datetime.date(2024, 1, 20)
        news = raids(*((first + datetime.timedelta(n)).isoformat() for n in range(50)), "2024-03-17")
        desk.add(*(one for one in news if one.published < days[0]))
    live: list[tuple[str, str, Alert]] = []
    for day in days:
        desk.add(*(one for one in news if one.published == day))
        before = {one.id: one for one in alerts(desk)}
        run_alerts(desk.store, at(day))
        live += [
            (day, "updated" if one.id in before else "new", one) for one in alerts(desk) if before.get(one.id) != one
        ]
    replayed = replay(rule, days, lambda day: (desk.desk.as_of(f"{day}T23:59:59Z"), ()))
    assert said(replayed) == said(live)
    assert {what for _, what, _ in live} == {"new", "updated"}


def test_incidents_without_a_day_are_asked_for_too(tmp_path: Path) -> None:
    desk = ruled(tmp_path)
    desk.add(FIRST, *raids("2024-03-12"))
    (older, newer) = sorted(all_incidents(desk.store), key=lambda one: one.day_from or "")
    with desk.store.writing():
        desk.store.put_incidents([older.id], [msgspec.structs.replace(older, day_from=None, day_to=None)])
    assert {one.id for one in all_incidents(desk.store, "2024-03-11")} == {older.id, newer.id}
    assert {one.id for one in all_incidents(desk.store, "2025-01-01")} == {older.id}


def test_what_findings_depend_on_is_known_without_judging(tmp_path: Path) -> None:
    desk = ruled(tmp_path)
    seen = [state_of(desk.store, at("2024-03-10", 8))]

    def changed() -> bool:
        seen.append(state_of(desk.store, at("2024-03-10")))
        return seen[-1] != seen[-2]

    assert not changed(), "another hour of the day"
    desk.add(FIRST)
    assert changed(), "a page"
    told(desk, "2024-03-10")
    assert not changed(), "alerts that are kept change no finding"
    (one,) = all_incidents(desk.store)
    desk.desk.say("ana", "reject", [one.id])
    assert changed(), "a judgement"
    desk.store.put_rule("red", Rule(name="red", kind="redline"))
    assert changed(), "a rule"
    assert state_of(desk.store, at("2024-03-11")) != seen[-1], "a day"
    assert run_alerts(desk.store, at("2024-03-11"), only_sources=True).new == 0
    assert run_alerts(desk.store, at("2024-03-11")).updated == 1


def fetched(**others: Any) -> Source:
    return Source(url="https://wire.example/rss", name="Wire", **({"added": "2024-03-01T00:00:00Z"} | others))


def test_the_silence_of_sources_is_replayed_by_what_they_named() -> None:
    """News each six hours until the fifth; then none until the eighth. Ten times six hours are more than the least, a day."""
    wire = fetched(problem="HTTP 500", failures=3)
    moments = [f"2024-03-{day:02d}T{hour:02d}:00:00Z" for day in (2, 3, 4, 5) for hour in (0, 6, 12, 18)]
    rule = Rule(name="sources", kind="silence")
    days = [f"2024-03-{day:02d}" for day in range(1, 12)]
    said = replay_sources(rule, days, [wire], {wire.url: [*moments, "2024-03-09T06:00:00Z"]})
    assert [(day, what, one.state) for day, what, one in said] == [
        ("2024-03-08", "new", "open"),
        ("2024-03-09", "updated", "over"),
    ]
    assert said[0][2].title == "Wire is silent" and "usually every 6.0 hours" in said[0][2].words[0]


def test_a_source_is_not_silent_before_it_was_there() -> None:
    rule, days = Rule(name="sources", kind="silence"), [f"2024-03-{day:02d}" for day in range(1, 12)]
    assert replay_sources(rule, days, [fetched(added="2024-03-20T00:00:00Z")], {}) == []
    (said,) = replay_sources(rule, days, [fetched()], {})
    assert said[0] == "2024-03-04", "three days and nothing since it was added"
    again = fetched(added="2024-03-20T00:00:00Z")  # added again: what it named before is known all the same
    assert replay_sources(rule, days, [again], {again.url: ["2024-03-01T06:00:00Z"]})[0][0] == "2024-03-04"


def test_an_alert_keeps_the_version_of_the_rule_that_made_it(tmp_path: Path) -> None:
    desk = ruled(tmp_path)
    desk.add(FIRST)
    told(desk, "2024-03-10")
    assert [one.version for one in alerts(desk)] == [1]
    desk.store.put_rule(ZONE.name, msgspec.structs.replace(ZONE, since="2024-02-01"), "ana")
    assert told(desk, "2024-03-11") == (0, 0), "another rule that says the same is no news"
    assert [one.version for one in alerts(desk)] == [1]
    desk.store.put_rule(ZONE.name, msgspec.structs.replace(ZONE, since="2024-04-01"), "ana")
    assert told(desk, "2024-03-12") == (0, 1)
    assert [(one.version, one.state) for one in alerts(desk)] == [(3, "over")]
