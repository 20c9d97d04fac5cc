"""Figures of people in parsed text: kinds, bounds, parts, sums, what is no figure, and text nobody thought of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.extract.figures import FoundFigure, figure_words, find_figures, strong_figure_words, weak_figure_words
from tocsin.parse import outline, parse_text
from tocsin.pipeline import read_text
from tocsin.records import Figure

CASES = Path(__file__).parents[2] / "cases" / "figures" / "figures.yaml"
PIECES = [
    "12",
    "people",
    "were",
    "killed",
    "and",
    "wounded",
    "five",
    "dead",
    "including",
    "two",
    "children",
    "of",
    "them",
]
PIECES += [
    "leaving",
    "toll",
    "to",
    "0M",
    ",",
    ".",
    "a",
    "man",
    "his",
    "son",
    "dozens",
    "fled",
    "at least",
    "or",
    "KILLED",
    "\n",
]


def cases() -> list[Any]:
    sections = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return [
        pytest.param(text, expected, id=f"{section}-{number}")
        for section, texts in sections.items()
        for number, (text, expected) in enumerate(texts.items())
    ]


def shown(one: Figure, asked: str) -> str:
    """The figure as the case file writes it, with those extras that the case asks for."""
    if one.damaged:
        return f"{one.kind} damaged {one.text}"
    bounds = "/".join("-" if value is None else str(value) for value in (one.low, one.best, one.high))
    line = f"{one.kind} {bounds} {one.text}"
    line += " cumulative" * one.cumulative + " households" * (one.unit == "households")
    line += f" of={one.of_which[1:]}" if one.of_which else ""
    return line + (f" who={one.who}" if "who=" in asked else "")


@pytest.mark.parametrize(("text", "expected"), cases())
def test_every_figure_and_no_other(text: str, expected: list[str]) -> None:
    found = [one.figure for one in find_figures(parse_text(text))]
    asked = [*expected, *[""] * len(found)]
    assert [shown(one, line) for one, line in zip(found, asked, strict=False)] == expected


def test_the_trigger_is_what_a_figure_is_judged_by() -> None:
    text = "Officials denied that 12 people were killed."
    (found,) = find_figures(parse_text(text))
    assert text[found.trigger_start : found.trigger_end] == "killed"


def test_a_part_before_its_whole_is_kept_with_the_whole() -> None:
    (found,) = find_figures(parse_text("Three monks were among at least 54 people killed."))
    assert [(why.cell, why.spans[0].text) for why in found.figure.why] == [("of_which", "Three monks")]


def test_residue_gives_no_figure_but_a_damaged_amount() -> None:
    text = "Talks began. Fire kills nine in Lagos. Bank freezes 0M in loans. Six people died."
    mask = [(13, text.index("Six"))]
    found = [one.figure for one in find_figures(parse_text(text, mask=mask))]
    assert [(one.text, one.damaged) for one in found] == [("0M", True), ("Six people", False)]


def test_sentences_without_a_parse_give_no_figure() -> None:
    assert find_figures(outline("Twelve people were killed.")) == ()


def test_the_gate_lets_every_case_with_a_figure_through() -> None:
    sections = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    texts = [
        text
        for name, section in sections.items()
        if name != "damaged"
        for text, expected in section.items()
        if expected
    ]
    closed = [text for text in texts if not figure_words() & {word.strip(".,:;").lower() for word in text.split()}]
    assert closed == []


def test_words_that_need_no_number_are_told_from_those_that_do() -> None:
    assert {"killed", "died", "arrested", "kidnapped"} <= strong_figure_words()
    assert {"people", "city", "refugees"} <= weak_figure_words()
    assert not strong_figure_words() & weak_figure_words()


def holds(text: str, found: tuple[FoundFigure, ...]) -> None:
    ids = {one.figure.id for one in found}
    assert len(ids) == len(found)
    for one in found:
        figure = one.figure
        assert text[figure.start : figure.end] == figure.text
        assert 0 <= one.trigger_start < one.trigger_end <= len(text)
        known = [value for value in (figure.low, figure.best, figure.high) if value is not None]
        assert known == sorted(known)
        assert bool(known) is not figure.damaged
        assert figure.of_which is None or (figure.of_which in ids and figure.of_which != figure.id)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_order_of_figure_words_is_read(pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = find_figures(parse_text(text))
    holds(text, found)
    assert found == find_figures(parse_text(text))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    holds(text, find_figures(parse_text(text)))


@pytest.mark.parametrize(
    "text, kind, best",
    [
        ("Army neutralises nine members of the front in Meta, a communique said.", "killed", 9),
        ("They seized the port in August. 3,100 people have died in the war.", "killed", 3100),
        ("Eleven prisoners were lined up and shot.", "killed", 11),
        ("Rebels shot 12 captives in answer to the strike.", "killed", 12),
        ("Two drivers of an aid group, abducted near Gao on 3 July, were freed on Monday.", "abducted", 2),
        ("More than 8,000 people reached the town by Tuesday, 700 of whom found room in camps.", "displaced", 700),
        ("In the clash five Thais were killed and a soldier was hurt.", "killed", 5),
    ],
)
def test_counts_by_their_wider_company(text: str, kind: str, best: int) -> None:
    found = read_text(text, published="2024-05-20").figures
    assert (kind, best) in {(one.kind, one.best) for one in found}


@pytest.mark.parametrize(
    "text, kind",
    [
        ("The camp holds 40,000 people in tents.", "abducted"),
        ("The stadium holds 12,000 people.", "abducted"),
        ("The troops took two villages, bringing the number of villages captured since Monday to 14.", "detained"),
        ("Some 20,000 children under five risk having nothing to eat.", "killed"),
    ],
)
def test_what_is_no_count_of_that_kind(text: str, kind: str) -> None:
    found = read_text(text, published="2024-05-20").figures
    assert kind not in {one.kind for one in found}
    assert 5 not in {one.best for one in found}


def test_those_who_fled_are_not_those_who_are_missing() -> None:
    text = "Between 30 and 40 inmates escaped from the jail, and as of Sunday night 52 were still missing, a newspaper said."
    found = read_text(text, published="2024-05-20").figures
    assert {(one.kind, one.best) for one in found if one.kind == "missing"} == {("missing", 52)}
