"""Figures of `tocsin score`: perfect answers get 1, empty ones 0, broken ones are counted and named."""

import copy
import json

import pytest
from typer.testing import CliRunner

from tocsin.errors import UsageError
from tocsin.scoring import below_floors, load, score, write_errors
from tocsin.scoring.gold import Loaded, spans
from tocsin.scoring.tally import Confusion, Tally, macro_f1, wilson

TEXT = (
    "Share this page\nThe mayor of Orrin said on 4 May 2021 that militiamen had shelled the town of Velm, "
    "killing seven people. The Karst Front denied that it had shelled Velm."
)


def at(words, nth=0, **cells):
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return {"start": start, "end": start + len(words), "text": words, **cells}


def record(ref="orrin"):
    return {
        "document": {"id": f"sha256:{ref}", "ref": ref, "text": TEXT},
        "residue": [at("Share this page", kind="other")],
        "times": [at("4 May 2021", id="t1", type="DATE", value="2021-05-04")],
        "places": [at("Orrin", id="p1", name="Orrin"), at("Velm", id="p2", name="Velm")],
        "actors": [at("militiamen", id="a1"), at("The Karst Front", id="a2")],
        "statements": [
            {"id": "s1", "source": at("The mayor of Orrin"), "content": at("militiamen had shelled the town of Velm, killing seven people")},
            {"id": "s2", "source": at("The Karst Front"), "content": at("that it had shelled Velm")},
        ],
        "events": [
            {"id": "e1", "trigger": at("shelled"), "event_type": "ASSAULT", "kind": "shelling", "actor": ["a1"], "recipient": ["p2"],
             "place": ["p2"], "time": {"value": "2021-05-04"}, "status": "reported", "said_by": ["s1"]},
            {"id": "e2", "trigger": at("shelled", 1), "event_type": "ASSAULT", "kind": "shelling", "actor": ["a2"],
             "recipient": ["p2"], "place": ["p2"], "time": {"value": "2021-05-04"}, "status": "denied", "said_by": ["s2"]},
        ],
        "figures": [at("seven", id="f1", kind="killed", low=7, best=7, high=7)],
    }  # fmt: skip


def loaded(*records):
    return Loaded({one["document"]["ref"]: one for one in records})


def test_a_perfect_record_gets_one_in_every_field():
    outcome = score(loaded(record()), loaded(record()))
    assert {name: one["f1"] for name, one in outcome["fields"].items()} == dict.fromkeys(outcome["fields"], 1.0)
    assert outcome["status"]["macro_f1"] == outcome["status"]["accuracy"] == 1.0
    assert outcome["forbidden"]["n"] == 0
    assert outcome["errors"] == []


def test_an_empty_record_gets_nought_and_every_gold_row_is_an_error():
    empty = {"document": {"ref": "orrin", "text": TEXT}}
    outcome = score(loaded(record()), loaded(empty))
    for name in ("events", "event type", "kind", "figures", "statements", "places", "times", "residue"):
        assert outcome["fields"][name]["f1"] == 0.0, name
        assert outcome["fields"][name]["recall"] == 0.0, name
    assert [one["words"] for one in outcome["errors"] if one["field"] == "events"] == ["shelled", "shelled"]


def test_broken_lines_are_counted_named_and_scored_as_empty(tmp_path):
    lines = ['{"document": {"ref": "orrin", "events": [', "[1, 2]", '{"events": []}', json.dumps(record("elsewhere"))]
    file = tmp_path / "records.jsonl"
    file.write_text("\n".join(lines))
    predicted = load(file)
    assert [one.split(":")[1] for one in predicted.broken] == ["1", "2", "3"]
    outcome = score(loaded(record(), record("second")), predicted)
    assert outcome["missing"] == ["orrin", "second"]
    assert outcome["unasked"] == ["elsewhere"]
    assert outcome["fields"]["events"]["recall"] == 0.0


@pytest.mark.parametrize(
    "rubbish", [None, 7, "words", [None, 3], {"start": 1}, [{"start": -1, "end": "x", "trigger": 4}]]
)
@pytest.mark.parametrize(
    "section", ["events", "figures", "statements", "places", "times", "residue", "actors", "document"]
)
def test_rubbish_in_a_section_is_no_answer(section, rubbish):
    outcome = score(loaded(record()), Loaded({"orrin": {**record(), section: rubbish}}))
    assert outcome["fields"]["events"]["n"] == 2


def test_only_sections_and_cells_of_the_gold_are_scored():
    gold = {
        "document": {"ref": "orrin"},
        "events": [{"trigger": at("shelled"), "status": "reported"}],
        "partial": ["events"],
    }
    outcome = score(loaded(gold), loaded(record()))
    assert outcome["fields"]["events"] == outcome["fields"]["events"] | {"n": 1, "answers": 1, "f1": 1.0}
    assert outcome["fields"]["figures"]["f1"] is None
    assert outcome["fields"]["actor"]["f1"] is None
    assert outcome["status"]["n"] == 1


def test_wrong_cells_are_told_with_what_was_wanted():
    given = record()
    given["events"][1] |= {"status": "happened", "said_by": [], "place": ["p1"], "rule": "shelling/1"}
    outcome = score(loaded(record()), loaded(given))
    assert outcome["status"]["confusion"] == {"denied": {"happened": 1}, "reported": {"reported": 1}}
    told = {one["field"]: one for one in outcome["errors"]}
    assert told["place of event"]["gold"] == ["Velm"] and told["place of event"]["got"] == ["Orrin"]
    assert told["status"]["rule"] == "shelling/1"
    assert told["who says so"]["error"] == "miss"
    assert outcome["fields"]["who says so"]["recall"] == 0.5


def test_a_figure_in_range_is_not_exact():
    given = record()
    given["figures"][0] |= {"low": 5, "best": 6, "high": 9}
    outcome = score(loaded(record()), loaded(given))
    assert outcome["fields"]["figures"]["f1"] == 0.0
    assert outcome["fields"]["figures within range"]["f1"] == 1.0


def test_a_number_from_damaged_digits_and_a_guessed_speaker_are_forbidden():
    gold = record()
    gold["figures"] = [at("seven", damaged=True)]
    gold["statements"][0]["source"] = None
    gold["forbidden"] = [{"section": "events", "text": "denied", "why": "a denial is no event"}]
    given = record()
    given["events"].append({"trigger": at("denied"), "kind": "deny"})
    outcome = score(loaded(gold), loaded(given))
    assert sorted(one["what"] for one in outcome["forbidden"]["rows"]) == [
        "a denial is no event", "number read from damaged digits", "speaker given where the page lost it",
    ]  # fmt: skip


def test_a_span_that_is_not_its_text_is_forbidden():
    given = record()
    given["places"][0] = {**given["places"][0], "text": "Orrim"}
    assert score(loaded(record()), loaded(given))["forbidden"]["n"] == 1


def test_words_find_their_place_when_offsets_moved():
    assert spans({"start": 0, "end": 7, "text": "shelled"}, TEXT) == (
        (TEXT.index("shelled"), TEXT.index("shelled") + 7),
    )
    assert len(spans({"words": "shelled"}, TEXT)) == 2
    assert spans({"words": "bombed"}, TEXT) == ()


def test_wilson_agrees_with_a_published_value():
    low, high = wilson(8, 10)  # Brown, Cai and DasGupta 2001 give (0.49, 0.94)
    assert (round(low, 2), round(high, 2)) == (0.49, 0.94)
    assert wilson(0, 0) is None


def test_macro_f1_by_hand_and_its_interval():
    assert macro_f1([("a", "a"), ("a", "b"), ("b", "b")]) == pytest.approx(2 / 3)
    confusion, tally = Confusion(), Tally()
    for number in range(8):
        confusion.document()
        tally.document()
        confusion.add("a", "a" if number % 2 else "b")
        tally.add(number % 2, 1, number % 2, 1)
    for low, high in (confusion.figures()["macro_f1_95"], tally.figures()["f1_95"]):
        assert 0 <= low < high <= 1
    assert confusion.figures() == copy.deepcopy(confusion).figures()


def test_floors_name_the_figure_below(tmp_path):
    outcome = score(loaded(record()), loaded({"document": {"ref": "orrin", "text": TEXT}}))
    floors = tmp_path / "floors.json"
    floors.write_text('{"kind.f1": 0.5, "forbidden.n": 0, "times.recall": 0}')
    assert below_floors(outcome, floors) == ["kind.f1 is 0.0, the floor is 0.5"]
    floors.write_text('{"colour.f1": 0.5}')
    with pytest.raises(UsageError, match=r"colour\.f1"):
        below_floors(outcome, floors)


def test_broken_gold_is_refused(tmp_path):
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(UsageError, match=r"a\.json"):
        score(load(tmp_path), Loaded())


def test_errors_are_lines_even_of_odd_text(tmp_path):
    write_errors([{"words": "\ud800\n"}, {"words": "b"}], tmp_path / "errors.jsonl")
    assert [json.loads(line)["words"] for line in (tmp_path / "errors.jsonl").read_text().splitlines()] == [
        "\ud800\n",
        "b",
    ]


def test_the_command_ends_with_one_below_a_floor(tmp_path):
    from tocsin.cli import app

    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "orrin.json").write_text(json.dumps(record("pages/orrin.txt")))
    (tmp_path / "records.jsonl").write_text(json.dumps(record("somewhere/orrin.txt")))
    (tmp_path / "floors.json").write_text('{"kind.f1": 1.0}')
    call = ["score", str(tmp_path / "gold"), str(tmp_path / "records.jsonl"), "--floors", str(tmp_path / "floors.json")]
    done = CliRunner().invoke(app, [*call, "--format", "json"])
    assert done.exit_code == 0 and json.loads(done.stdout)["fields"]["kind"]["f1"] == 1.0
    assert "place of event" in CliRunner().invoke(app, call).stdout
    wrong = record()
    wrong["events"][0]["kind"] = "air-strike"
    (tmp_path / "records.jsonl").write_text(json.dumps(wrong))
    assert CliRunner().invoke(app, call).exit_code == 1


def test_a_pronoun_of_the_gold_is_met_by_whom_it_stands_for():
    gold, given = record(), record()
    pronoun = at("it", TEXT.count("it", 0, TEXT.index("it had shelled")))
    gold["events"][1]["actor"] = [pronoun]
    given["events"][1]["actor"] = ["a1"]
    assert score(loaded(gold), loaded(given))["fields"]["actor"]["f1"] == 0.5  # an answer beside the words is wrong
    given["events"][1]["why"] = [{"cell": "actor", "rule": "coreference:pronoun", "spans": [pronoun]}]
    assert score(loaded(gold), loaded(given))["fields"]["actor"]["f1"] == 1.0
    given["events"][1]["why"][0]["cell"] = "recipient"
    assert score(loaded(gold), loaded(given))["fields"]["actor"]["f1"] == 0.5


@pytest.mark.parametrize("spans", [5, "it", None, [3], [{"start": "x"}]])
def test_rubbish_in_the_reasons_is_no_pronoun(spans):
    given = record()
    given["events"][1]["why"] = [{"cell": "actor", "rule": "coreference:pronoun", "spans": spans}]
    assert score(loaded(record()), loaded(given))["fields"]["actor"]["f1"] == 1.0
