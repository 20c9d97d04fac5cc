"""Statements on whole texts: the YAML cases, masks, hostile text, time."""

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.extract.statements import find_statements, vouches
from tocsin.parse import parse_text
from tocsin.parsed import Paragraph, ParsedDocument
from tocsin.records import Actor, Statement

_EDGE = " .,;:\"“”'‘’«»"
_FOLDER = Path(__file__).parents[2] / "cases" / "statements"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['text'][:70]}")
    for path in sorted(_FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def cell(one: Statement, name: str) -> str | None:
    if name in ("direct", "rule"):
        return getattr(one, name)
    if name == "stance":
        return one.why[0].rule
    span = getattr(one, name)
    return span.text.strip(_EDGE) if span is not None else None


def holds(one: Statement, wanted: dict[str, str | None]) -> bool:
    return all(cell(one, name) == (value and value.strip(_EDGE)) for name, value in wanted.items())


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict) -> None:
    found = find_statements(parse_text(case["text"]))
    if case.get("none"):
        assert not found
    for wanted in case.get("expect", []):
        assert any(holds(one, wanted) for one in found), found
    if "count" in case:
        assert len(found) == case["count"]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 120


def spans(one: Statement) -> list:
    reasons = [span for why in one.why for span in why.spans]
    return [
        one.content,
        *(span for span in (one.source, one.cue, one.addressee, one.via) if span is not None),
        *reasons,
    ]


def check(parsed: ParsedDocument, found: tuple[Statement, ...]) -> None:
    for one in found:
        for span in spans(one):
            assert 0 <= span.start < span.end <= len(parsed.text)
            assert parsed.text[span.start : span.end] == span.text
        assert one.start <= one.content.start and one.content.end <= one.end


def test_masked_card_is_in_no_core_span() -> None:
    text = '"We march at dawn", Salim told Minister Karim NasserKarim Adel Nasser CARD MORE, according to a book.'
    low = text.index("Karim Adel")
    parsed = parse_text(text, mask=[(low, text.index(",", low))])
    found = find_statements(parsed)
    assert any(one.source is not None and one.source.text == "Salim" for one in found)
    for one in found:
        for span in spans(one)[:3]:
            assert "CARD" not in span.text


def test_quotation_marks_in_a_mask_do_not_count() -> None:
    text = 'Read also: "The end of Daro" today\n\nThe general said: "We will hold the ridge."'
    parsed = parse_text(text, mask=[(0, text.index("\n"))])
    assert [one.content.text for one in find_statements(parsed)] == ['"We will hold the ridge."']


def test_media_known_as_actor_is_the_way() -> None:
    text = "The general told the Harbour Courier that the siege would end."
    start = text.index("the Harbour")
    actor = Actor(start=start, end=start + len("the Harbour Courier"), text="the Harbour Courier", sector="MED")
    found = find_statements(parse_text(text), [actor])
    assert [one.via and one.via.text for one in found] == ["the Harbour Courier"]


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("The governor said that the bridge was hit.", True),
        ("The governor denied that the bridge was hit.", True),
        ("The governor vowed to bomb the bridge.", True),
        ("The governor condemned the bombing of the bridge.", False),
        ("The governor called for a truce.", False),
        ("The governor asked whether the bridge was hit.", False),
    ],
)
def test_what_is_only_spoken_of_is_not_vouched_for(text: str, so: bool) -> None:
    assert [vouches(one) for one in find_statements(parse_text(text))] == [so]


def test_same_text_same_statements() -> None:
    text = 'The envoy said the talks had "failed", according to an aide. "We tried," he added. "It was late."'
    assert find_statements(parse_text(text)) == find_statements(parse_text(text))


def test_statements_come_in_the_order_of_the_text() -> None:
    text = "The envoy said talks failed. The mayor said shells fell. Residents fear that the dam will burst."
    starts = [one.content.start for one in find_statements(parse_text(text))]
    assert starts == sorted(starts)
    assert len(starts) == 3


def test_unparsed_sentences_do_no_harm() -> None:
    text = '"Somebody spoke here and nobody wrote down who it was."'
    parsed = ParsedDocument(text=text, paragraphs=[Paragraph(0, len(text))])
    check(parsed, find_statements(parsed))


PIECES = st.sampled_from(
    [
        '"',
        "“",
        "”",
        "''",
        "``",
        "‘",
        "’",
        "'",
        "«",
        "»",
        "„",
        " ",
        "\n",
        "\n\n",
        ".",
        ",",
        ": ",
        "?",
        "—",
        " said ",
        "he ",
        "told ",
        "The general ",
        "Daro ",
        "that ",
        "claims ",
        "according to ",
        "the ridge fell",
        "6",
        "\x00",
        "\ud800",
        "\u200f",
        "é",
        "A" * 40,
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_marks_are_survived(text: str) -> None:
    parsed = parse_text(text.encode("utf-8", "replace").decode("utf-8"))
    check(parsed, find_statements(parsed))


def test_ten_thousand_marks_take_linear_time() -> None:
    def seconds(count: int) -> float:
        text = '"word \'then" “so ‘it\n\n' * (count // 5)
        parsed = ParsedDocument(text=text)
        position = 0
        for line in text.split("\n\n"):
            if line:
                parsed.paragraphs.append(Paragraph(position, position + len(line)))
            position += len(line) + 2
        begin = time.process_time()
        find_statements(parsed)
        return time.process_time() - begin

    seconds(500)
    assert seconds(10_000) < 1.0
    assert seconds(40_000) < 12 * max(seconds(10_000), 0.08)  # below that the clock and the collector decide
