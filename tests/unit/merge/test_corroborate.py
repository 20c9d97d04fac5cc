"""What claims about one happening give together: figures, voices, status, edits, title."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from made import HAJIN, SYRIA, claim, figure, judged, version
from msgspec.structs import replace

from tocsin.codebook import codebook
from tocsin.ledger import Claim, FigureRange, Incident, Judgement, Voice
from tocsin.merge.corroborate import incident
from tocsin.merge.titles import LABELS, days_in_words


def of(*claims: Claim, said: tuple[Judgement, ...] = (), **versions: dict[str, Any]) -> Incident:
    return incident(claims, (), said, {one.version: version(one, **versions.get(one.id, {})) for one in claims})


def killed(one: Incident) -> FigureRange:
    return next(row for row in one.figures if (row.kind, row.unit) == ("killed", "persons"))


def told(name: str, best: int, voice: str | None = None, known: str = "2021-05-04", **others: Any) -> Claim:
    return claim(name, figures=(figure(best, voice=voice or f"outlet:{name}", **others),), known=known, published=known)


def test_best_is_the_lower_median_of_the_voices_and_low_and_high_their_range() -> None:
    row = killed(of(told("a", 9), told("b", 11), told("c", 13), told("d", 30)))
    assert (row.low, row.best, row.high, row.voices, row.contradicted) == (9, 11, 30, 4, True)


def test_each_voice_counts_once_with_its_latest_figure() -> None:
    row = killed(of(told("a", 9, "name:x"), told("b", 13, "name:x", "2021-05-06"), told("c", 8)))
    assert (row.low, row.best, row.high, row.voices) == (8, 8, 13, 2)
    assert [(one.figure.best, one.counted) for one in row.reports] == [(9, False), (8, True), (13, True)]


def test_copies_of_one_text_are_one_voice() -> None:
    rows = (told("a", 9), told("b", 9), told("c", 20))
    copied = of(*rows, a={"story": "v-a"}, b={"copy_of": "v-a", "story": "v-a"})
    assert (killed(copied).voices, copied.voices, copied.copies, copied.documents) == (2, 2, 1, 3)
    assert of(*rows).voices == 3


def test_persons_never_with_households_and_killed_never_with_injured() -> None:
    rows = figure(9), figure(40, "injured"), figure(300, "displaced"), figure(70, "displaced", unit="households")
    found = {(one.kind, one.unit): (one.low, one.best, one.high) for one in of(claim("a", figures=rows)).figures}
    assert found == {
        ("killed", "persons"): (9, 9, 9), ("injured", "persons"): (40, 40, 40), ("displaced", "persons"): (300, 300, 300),
        ("displaced", "households"): (70, 70, 70),
    }  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [{"cumulative": True}, {"of_which": "f-killed-9"}, {"damaged": True}, {"status": "denied"}, {"status": "possible"}],
)
def test_what_is_no_count_of_this_happening_stands_beside_it_uncounted(other: dict[str, Any]) -> None:
    row = killed(of(told("a", 9), told("b", 500, **other)))
    assert (row.low, row.best, row.high, row.voices, row.contradicted) == (9, 9, 9, 1, False)
    assert [one.counted for one in row.reports] == [True, False]


def test_a_figure_kind_with_nothing_counted_has_no_number() -> None:
    row = killed(of(told("a", 9, cumulative=True)))
    assert (row.low, row.best, row.high, row.voices) == (None, None, None, 0)


def test_an_open_side_contradicts_nothing() -> None:
    low = claim("a", figures=(figure(9, voice="x", high=None),))
    assert not killed(of(low, told("b", 30))).contradicted
    assert killed(of(low, told("c", 5))).contradicted


@pytest.mark.parametrize(
    ("statuses", "found"),
    [
        (["happened", "reported"], "happened"),
        (["reported", "alleged"], "reported"),
        (["happened", "denied"], "contested"),
        (["alleged", "not-happened"], "contested"),
        (["denied", "not-happened"], "denied"),
        (["denied", "planned"], "denied"),
        (["planned", "possible"], "planned"),
        (["background"], "background"),
    ],
)
def test_status(statuses: list[str], found: str) -> None:
    assert of(*(claim(f"c{n}", status=one) for n, one in enumerate(statuses))).status == found


def test_a_denial_that_one_page_tells_with_who_says_it_is_contested() -> None:
    voices = (Voice(key="name:x"), Voice(key="name:y"))
    assert of(claim("a", status="denied", voices=voices)).status == "contested"
    assert of(claim("a", status="denied")).status == "denied"


def test_the_order_of_claims_changes_nothing() -> None:
    rows = [
        told("a", 9),
        told("b", 9, "name:x"),
        claim("c", "death", None, place=None),
        claim("d", place=SYRIA, status="denied"),
    ]
    assert len({repr(of(*order)) for order in permutations(rows)}) == 1


def test_the_finest_place_and_the_common_day() -> None:
    one = of(claim("a", place=SYRIA), claim("b", day="2021-05-03", day_to="2021-05-09"), claim("c", place=None))
    assert (one.place, one.day_from, one.day_to) == (HAJIN, "2021-05-03", "2021-05-03")


def test_peoples_edits_win_the_last_of_each_cell_and_can_be_undone() -> None:
    said = (
        judged("j1", "edit", "a", cell="kind", value="shelling"), judged("j2", "edit", "a", cell="kind", value="attack", note="seen"),
        judged("j3", "edit", "a", cell="figures", value=[]), judged("j4", "edit", "other", cell="status", value="denied"),
    )  # fmt: skip
    one = of(claim("a"), said=said)
    assert (one.kind, one.status, one.edited, one.note) == ("attack", "happened", ("kind",), "seen")
    assert of(claim("a"), said=(*said, judged("j5", "undo", undoes="j2"))).kind == "shelling"


def test_the_codes_of_a_kind_follow_it() -> None:
    one = of(claim("a"), said=[judged("j1", "edit", "a", cell="kind", value="declare-ceasefire")])
    assert (one.event_type, one.family, one.edited) == ("CONCEDE", "truce", ("kind",))
    assert of(claim("a"), said=[judged("j1", "edit", "a", cell="kind", value="of our own")]).event_type is None


def test_an_edit_tells_who_and_when_and_what_was_read() -> None:
    numbers = {"low": 20, "best": 22, "high": 25}
    said = (judged("j1", "edit", "a", cell="status", value="alleged"), judged("j2", "edit", "a", cell="figure:killed", value=numbers),
            judged("j3", "edit", "a", cell="place", value="Elsewhere"), judged("j4", "edit", "a", cell="title", value="Ours"))  # fmt: skip
    one = of(told("a", 9), told("b", 13, "name:x"), said=said)
    assert {edit.cell: (edit.judgement, edit.was) for edit in one.edits} == {
        "figure:killed": ("j2", "9–13"), "place": ("j3", "Hajin"), "status": ("j1", "happened"), "title": ("j4", None),
    }  # fmt: skip
    assert tuple(edit.cell for edit in one.edits) == one.edited
    assert {(edit.user, edit.at) for edit in one.edits} == {(said[0].user, said[0].at)}
    assert of(told("a", 9), said=(*said, judged("j5", "undo", undoes="j3"))).edits[1].cell == "status"


def test_review_is_changed_when_claims_came_that_the_word_was_not_about() -> None:
    said = (judged("j1", "accept", "a"),)
    assert of(claim("a"), said=said).review == "accepted"
    assert of(claim("a"), claim("b"), said=said).review == "changed"
    assert of(claim("a"), said=(*said, judged("j2", "reject", "a"))).review == "rejected"
    assert of(claim("b")).review == "new"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("2018-09-04", "2018-09-04", "4 September 2018"),
        ("2018-09-03", "2018-09-04", "3–4 September 2018"),
        ("2018-09-01", "2018-09-30", "September 2018"),
        ("2018-01-01", "2018-12-31", "2018"),
        ("2018-09-30", "2018-10-02", "30 September 2018 – 2 October 2018"),
        ("2018-13-01", None, "2018-13-01"),
        (None, None, ""),
    ],
)
def test_days_in_words(low: str | None, high: str | None, words: str) -> None:
    assert days_in_words(low, high) == words


def test_titles() -> None:
    assert of(told("a", 9), told("b", 13)).title == "Air strike on Hajin, 3 May 2021: 9–13 killed"
    assert of(claim("a", "ied-bombing", None)).title == "Bombing in Hajin"


def says(name: str, best: int, voice: str, known: str = "2021-05-04", **others: Any) -> Claim:
    """A claim of `voice`, its figure too."""
    return replace(told(name, best, voice, known), voices=(Voice(key=voice),), **others)


def test_a_later_toll_of_one_outlet_takes_the_place_of_its_earlier_one_though_each_text_is_a_story_of_its_own() -> None:
    first, second = (
        says("a", 9, "outlet:lamp", outlet="Lamp"),
        says("b", 14, "outlet:lamp", "2021-05-06", outlet="Lamp"),
    )
    row = killed(of(first, second, a={"story": first.version}, b={"story": second.version}))
    assert (row.low, row.best, row.high, row.voices) == (14, 14, 14, 1)


def test_a_headline_and_the_pages_own_words_that_repeat_a_speakers_figure_count_no_more() -> None:
    doctor = says("a", 9, "words:doctor@lamp", version="v-page")
    own = says("b", 9, "outlet:lamp", version="v-page")
    headline = says("c", 9, "words:medics@lamp", version="v-page", headline=True)
    both = of(doctor, own, headline)
    assert (killed(both).voices, both.voices) == (1, 1)
    assert [one.claim for one in killed(both).reports if one.counted] == ["a"]
    other = says("d", 12, "outlet:lamp", version="v-page")
    assert killed(of(doctor, other)).voices == 2, "a figure of its own is no echo"
    assert killed(of(headline)).voices == 1, "where the text has none, the headline's counts"


def test_a_monitor_is_one_voice_on_its_own_page_and_in_others() -> None:
    both = of(says("a", 13, "outlet:the valley monitor"), says("b", 13, "name:valley monitor"))
    assert (killed(both).voices, both.voices) == (1, 1)


def test_who_denies_it_is_no_voice_for_it_but_the_only_one_where_nobody_else_speaks() -> None:
    said, denied = claim("a", voices=(Voice(key="name:x"),)), claim("b", status="denied", voices=(Voice(key="name:y"),))
    assert (of(said, denied).status, of(said, denied).voices) == ("contested", 1)
    assert of(denied).voices == 1


def test_a_denial_dates_itself_and_an_unstated_day_is_that_of_the_report() -> None:
    strike, denial = claim("a"), claim("b", day="2021-05-05", status="denied")
    assert (of(strike, denial).day_from, of(strike, denial).day_to, of(strike, denial).day_basis) == (
        "2021-05-03",
        "2021-05-03",
        "stated",
    )
    assert of(denial).day_from == "2021-05-05", "where nobody else has a date"
    reported = of(claim("a", day_basis="published"))
    assert reported.day_basis == "published" and reported.title == "Air strike on Hajin, reported 3 May 2021"
    word = judged("j", "edit", "a", cell="day_from", value="2021-05-02")
    assert of(claim("a", day_basis="published"), said=(word,)).day_basis == "stated"
    assert of(claim("a", day=None)).day_basis == "unknown"


def test_how_it_was_done_names_it_before_words_that_fit_anything() -> None:
    assert of(claim("a", "killing"), claim("b", "killing"), claim("c", "shooting")).kind == "shooting"
    assert of(claim("a", "killing"), claim("b", "attack"), claim("c", "attack")).kind == "attack"


def test_a_country_is_not_struck_as_a_whole() -> None:
    assert of(claim("a", place=SYRIA)).title == "Air strike in Syria, 3 May 2021"


def test_every_kind_has_a_title_that_reads_as_a_thing() -> None:
    """A kind named by a bare verb needs a label: 'Accuse in Hajin' is no title."""
    verbs = {
        "accuse",
        "condemn",
        "reject",
        "deny",
        "threaten",
        "mediate",
        "negotiate",
        "concede",
        "apologise",
        "cooperate",
        "recognise",
    }
    assert verbs <= set(LABELS) and set(LABELS) <= set(codebook().kinds)


def test_that_nobody_died_is_no_denial_of_the_attack() -> None:
    attack, none = claim("a"), claim("b", "death", status="not-happened")
    assert of(attack, none).status == "happened"
    assert of(claim("a", status="denied"), claim("b", "death", status="denied")).status == "denied"
    assert of(none).status == "not-happened", "where nothing else is told"
