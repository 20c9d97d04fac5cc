"""The desk with real readings: the order of pages and of adding changes nothing, nor does making all incidents again."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from newsroom import Newsroom, arrived
from opened import Ledger, rows_of

from tocsin.arrivals import Arrival, arrivals
from tocsin.desk import Desk
from tocsin.ledger import Incident, IncidentFilter, Judgement
from tocsin.pipeline import Reader
from tocsin.store import open_store
from tocsin.store.ledger_store import LedgerStore

NOW = "2026-11-23T12:00:00Z"
DERIVED = ("claims", "newest", "successors", "stories", "bands", "blocks", "links", "incidents", "members")
CLOCK = settings(
    max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands still, so that only what depends on the order can differ."""
    for module in ("tocsin.desk", "tocsin.store.changes"):
        monkeypatch.setattr(f"{module}.now", lambda: NOW)


def derived(store: LedgerStore) -> dict[str, Any]:
    """What claims and judgements give together."""
    found = rows_of(store)
    return {name: found[name] for name in DERIVED}


def incidents(store: LedgerStore) -> tuple[Incident, ...]:
    rows: tuple[Incident, ...] = store.incidents(IncidentFilter(), limit=1000).rows
    return rows


def in_parts(desk: Desk, pages: Sequence[Arrival], cuts: Sequence[int]) -> None:
    """Adds the pages in several calls, cut after these numbers of pages."""
    ends = sorted({one for one in cuts if one < len(pages)} | {len(pages)})
    begin = 0
    for end in ends:
        desk.add(pages[begin:end])
        begin = end


def words(claims: Sequence[str], drawn: Sequence[tuple[str, int, int, int]]) -> list[Judgement]:
    """Judgements of the drawn actions about the claims of the drawn numbers; an undo is of an earlier one, undos too."""
    made: list[Judgement] = []
    for number, (action, one, other, back) in enumerate(drawn):
        about = (claims[one % len(claims)], claims[other % len(claims)])
        given: dict[str, Any] = {"id": f"j-{number}", "at": NOW, "user": "ana", "action": action}
        if action == "undo":
            if made:
                made.append(Judgement(**given, undoes=made[back % len(made)].id))
        elif action in ("same", "not-same"):
            made.append(Judgement(**given, claims=about))
        elif action == "edit":
            made.append(Judgement(**given, claims=about[:1], cell=("kind", "place", "title")[back % 3], value=f"set by {number}"))  # fmt: skip
        else:
            made.append(Judgement(**given, claims=about[:1], note=f"note {number}"))
    return made


def judged(desk: Desk, waiting: list[Judgement]) -> None:
    """Says what is waiting, in its order, as far as the claims are there."""
    while waiting and len(desk.store.claims(waiting[0].claims)) == len(set(waiting[0].claims)):
        desk.judge(waiting.pop(0))


@pytest.fixture
def fresh(ledgers: Callable[[], Ledger], newsroom: Newsroom) -> Callable[[], Desk]:
    return lambda: newsroom.desk(ledgers().open())


@given(order=st.permutations(range(24)), cuts=st.lists(st.integers(1, 23), max_size=5))
@CLOCK
def test_the_order_of_pages_changes_nothing(
    fresh: Callable[[], Desk], newsroom: Newsroom, order: list[int], cuts: list[int]
) -> None:
    pages = arrived(newsroom.pages)
    one, other = fresh(), fresh()
    one.add(pages)
    in_parts(other, [pages[n] for n in order], cuts)
    wanted, found = derived(one.store), derived(other.store)
    for name in DERIVED:
        if name != "newest":  # which of two versions is the newest is a matter of order
            assert found[name] == wanted[name], name
    assert list(other.store.verify()) == []


ACTIONS = st.sampled_from(["same", "same", "not-same", "accept", "reject", "edit", "note", "undo", "undo"])
WORDS = st.lists(st.tuples(ACTIONS, st.integers(0, 99), st.integers(0, 99), st.integers(0, 9)), min_size=3, max_size=9)


@given(order=st.permutations(range(24)), cuts=st.lists(st.integers(1, 23), min_size=2, max_size=6), drawn=WORDS)
@CLOCK
def test_judgements_outlast_order_and_regrouping(
    newsroom: Newsroom, order: list[int], cuts: list[int], drawn: list[tuple[str, int, int, int]]
) -> None:
    """On SQLite only: the databases differ in nothing that this is about."""
    pages = arrived(newsroom.pages)
    with tempfile.TemporaryDirectory() as folder:
        one = newsroom.desk(open_store(Path(folder) / "one.sqlite", Path(folder) / "one"))
        other = newsroom.desk(open_store(Path(folder) / "other.sqlite", Path(folder) / "other"))
        one.add(pages)
        claims = [found.id for found in one.store.all_claims()]
        said = words(claims, drawn)
        for word in said:
            one.judge(word)
        waiting, begin = list(said), 0
        for end in (*sorted(set(cuts)), len(pages)):
            other.add([pages[n] for n in order[begin:end]])
            judged(other, waiting)
            begin = end
        assert not waiting
        assert incidents(other.store) == incidents(one.store)
        before = derived(one.store)
        one.regroup()
        assert derived(one.store) == before
        one.store.close()
        other.store.close()


def test_regrouping_gives_what_came_one_by_one(fresh: Callable[[], Desk], newsroom: Newsroom) -> None:
    desk = fresh()
    desk.add(arrived(newsroom.pages))
    before = rows_of(desk.store)
    desk.regroup()
    assert rows_of(desk.store) == before
    assert any(len(one.claims) > 3 for one in incidents(desk.store))
    assert any(one.copies for one in incidents(desk.store))


def test_each_word_does_what_it_says_and_undo_takes_it_back(fresh: Callable[[], Desk], newsroom: Newsroom) -> None:
    desk = fresh()
    desk.add(arrived(newsroom.pages))
    before = incidents(desk.store)
    one, other, *_ = before

    def taken_back() -> None:
        desk.say("ben", "undo", (), undoes=desk.store.judgements()[-1].id)
        assert [replace(x, changed="") for x in incidents(desk.store)] == [replace(x, changed="") for x in before]
        desk.regroup()
        assert [replace(x, changed="") for x in incidents(desk.store)] == [replace(x, changed="") for x in before]

    (joined,) = desk.say("ana", "same", [one.id, other.id])
    assert set(joined.claims) == {*one.claims, *other.claims}
    assert desk.store.incident(one.id) == desk.store.incident(other.id) == joined
    taken_back()
    parted = desk.say("ana", "not-same", [one.claims[0], *one.claims[1:]])
    assert [found.claims for found in parted if one.claims[0] in found.claims] == [one.claims[:1]]
    taken_back()
    (edited,) = desk.say("ana", "edit", [one.id], cell="kind", value="shelling")
    assert (edited.kind, edited.edited) == ("shelling", ("kind",))
    taken_back()
    (rejected,) = desk.say("ana", "reject", [one.id], note="an exercise")
    assert (rejected.review, rejected.note) == ("rejected", "an exercise")
    taken_back()
    assert desk.store.totals()["judgements"] == 8
    assert list(desk.store.verify()) == []


def test_edits_of_place_and_figure_outlast_regrouping_and_new_pages(
    fresh: Callable[[], Desk], newsroom: Newsroom
) -> None:
    pages = list(arrived(newsroom.pages))
    desk = fresh()
    desk.add(pages[:1])
    (one,) = [x for x in incidents(desk.store) if x.place and any(y.kind == "killed" for y in x.figures)][:1]
    where = {"name": "Mill hill", "lat": 35.9, "lon": 36.6, "precision": "exact", "radius_km": 2.0}
    desk.say("ana", "edit", [one.id], cell="place", value=where)
    desk.say("ben", "edit", [one.id], cell="figure:killed", value={"low": 40, "best": 41, "high": 44})

    def held() -> Incident:
        found = desk.store.incident(one.claims[0])
        assert found is not None and found.place is not None
        killed = next(x for x in found.figures if x.kind == "killed" and x.unit == "persons")
        assert (found.place.name, killed.low, killed.best, killed.high) == ("Mill hill", 40, 41, 44)
        assert [(x.cell, x.user) for x in found.edits] == [("figure:killed", "ben"), ("place", "ana")]
        return found

    first = held()
    desk.regroup()
    held()
    desk.add(pages[1:])  # other outlets, a reprint, and a later version of the first page
    grown = held()
    assert set(grown.claims) > set(first.claims)
    desk.regroup()
    held()
    (point,) = [x for x in desk.store.points(IncidentFilter()) if x["id"] == grown.id]
    assert point["lat"] == 35.9 and point["edited"] == f"figure:killed by ben, {NOW[:10]}; place by ana, {NOW[:10]}"


def told(*lines: tuple[str, str | None]) -> list[str]:
    """Rows of the same news in other words: a text and where it stands."""
    return [json.dumps({"text": text, "published": "2018-09-06", **({"url": url} if url else {})}) for text, url in lines]  # fmt: skip


FLOUR = "Warplanes bombed a flour mill in Idlib on Wednesday, killing {} people. {}"
QUIET = (
    "Farmers nearby heard the engines before dawn and hid their sheep in the gullies until noon.",
    "A teacher who lives across the river said that windows broke along the whole of her street.",
    "Trucks with flour sacks burned into the evening while volunteers carried buckets from a well.",
)


def strike(reader: Reader, folder: Path, *files: list[str]) -> Incident:
    """The one incident of some files of rows."""
    desk = Desk(open_store(folder / "ledger.sqlite"), reader)
    for number, lines in enumerate(files):
        path = folder / f"{number}.jsonl"
        path.write_text("\n".join(lines) + "\n")
        assert desk.add(arrived(path)).added == len(lines)
    (found,) = incidents(desk.store)
    desk.store.close()
    return found


def test_pages_without_a_publisher_are_voices_of_their_own(reader: Reader, tmp_path: Path) -> None:
    """Also where two files number their rows alike."""
    found = strike(reader, tmp_path, *(told((FLOUR.format(n + 4, words), None)) for n, words in enumerate(QUIET)))
    assert (found.voices, found.documents, found.copies) == (3, 3, 0)
    (killed,) = found.figures
    assert (killed.low, killed.best, killed.high, killed.voices) == (4, 5, 6, 3)


def test_a_copy_without_a_publisher_is_no_voice_of_its_own(reader: Reader, tmp_path: Path) -> None:
    text = FLOUR.format(4, " ".join(QUIET))
    found = strike(reader, tmp_path, told((text, None), (text + " The road stayed shut.", None)))
    assert (found.voices, found.documents, found.copies) == (1, 2, 1)


def test_pages_of_one_domain_are_one_voice(reader: Reader, tmp_path: Path) -> None:
    hosts = ("www.lamp.co.uk", "news.lamp.co.uk", "star.co.uk")
    lines = [(FLOUR.format(4, words), f"https://{host}/{host}") for host, words in zip(hosts, QUIET, strict=True)]
    found = strike(reader, tmp_path, told(*lines))
    assert (found.voices, found.documents) == (2, 3)
    assert {one.outlet for one in found.figures[0].reports} == {"lamp.co.uk", "star.co.uk"}


def test_a_file_is_shown_by_its_name(reader: Reader, tmp_path: Path) -> None:
    page = tmp_path / "mill.txt"
    page.write_text(FLOUR.format(4, QUIET[0]))
    desk = Desk(open_store(tmp_path / "ledger.sqlite"), reader)
    desk.add(list(arrivals([str(page)], published="2018-09-06")))
    (found,) = incidents(desk.store)
    assert found.figures[0].reports[0].outlet == "mill.txt"
    assert [one.outlet for one in desk.store.outlets()] == ["unknown"]
    desk.store.close()
