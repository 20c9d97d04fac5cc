"""What of a page is not the article's own: cases as data, the rules' own examples, and what holds for any text."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tocsin.clean import clean_text
from tocsin.clean.residue import find_residue, patterns
from tocsin.records import Residue

CASES = yaml.safe_load((Path(__file__).parents[2] / "cases" / "residue" / "pages.yaml").read_text("utf-8"))
BODY = "The army said on Monday that it had taken the last hill above the town after a night of heavy fighting."


def expected(page: str) -> list[tuple[str, str]]:
    return [(kind, line.strip()) for kind, line in (row.split(None, 1) for row in page.splitlines())]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_pages(case: dict[str, str]) -> None:
    rows = expected(case["page"])
    text = "\n".join(line for _, line in rows)
    marked = {text[one.start : one.end]: one.kind for one in find_residue(text)}
    assert [(marked.get(line, "-"), line) for _, line in rows] == rows


def examples(which: str) -> list[tuple[str, str]]:
    return [(one.rule, line) for one, _ in patterns() for line in getattr(one, which)]


@pytest.mark.parametrize(("rule", "line"), examples("are"))
def test_what_a_wording_rule_marks(rule: str, line: str) -> None:
    text = f"{BODY}\n{line}\n{BODY}"
    (found,) = find_residue(text)
    assert text[found.start : found.end] == line and found.rule.startswith("residue:")


@pytest.mark.parametrize(("rule", "line"), examples("are_not"))
def test_what_a_wording_rule_leaves(rule: str, line: str) -> None:
    assert f"residue:{rule}" not in {one.rule for one in find_residue(f"{BODY}\n{line}\n{BODY}")}


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("KARVAN (Reuters) - Shells hit the market.", "KARVAN (Reuters) -"),
        ("KARVAN, Ruritania (AP) — Shells hit the market.", "KARVAN, Ruritania (AP) —"),
        ("BEIRUT, March 4 (AFP) – Shells hit the market.", "BEIRUT, March 4 (AFP) –"),
    ],
)
def test_a_dateline_is_marked_and_no_more(text: str, dateline: str) -> None:
    found = [one for one in find_residue(f"{text} {BODY}\n{BODY}") if one.kind == "dateline"]
    assert [text[one.start : one.end] for one in found] == [dateline]


def test_a_hover_card_in_a_sentence() -> None:
    card = "Ana Maria LopezLopez wins vote on arms bill Senate blocks Lopez plan for the port MORE"
    text = f"{BODY}\nThe plan was read out by Senator Ana Lopez{card}, who asked for a delay of a month.\n{BODY}"
    (found,) = find_residue(text)
    assert found.kind == "hovercard" and text[found.start : found.end] == card


def test_a_repeated_name_is_no_hover_card() -> None:
    assert find_residue(f"{BODY}\nSenator Lopez met Ana Lopez, his niece, and asked for MORE time.\n{BODY}") == ()


def test_the_line_of_the_title_is_kept_wherever_it_stands() -> None:
    text = f"Our summer offer\nPolls close early\nGunmen storm the customs house\n{BODY}\n{BODY}"
    marked = {text[one.start : one.end] for one in find_residue(text, "Gunmen storm the customs house | The Ledger")}
    assert marked == {"Our summer offer", "Polls close early"}


def test_lines_of_another_language_are_not_judged_by_shape() -> None:
    text = (
        "Die Armee\nNoch eine Zeile\nWetter\n"
        + "Die Soldaten haben am Montag die letzte Stadt im Tal eingenommen, sagte der Sprecher.\n" * 3
    )
    assert not [one for one in clean_text(text).residue if one.rule == "residue:shape"]


def test_the_seed_page() -> None:
    path = Path(__file__).parents[3].parent / "shared" / "pages" / "idlib-2018" / "page.txt"
    if not path.exists():
        pytest.skip("the seed page is not part of a clone")
    text = path.read_text("utf-8")
    spans = [(one.start, one.end, one.kind) for one in find_residue(text)]
    assert spans == [(55, 112, "teaser"), (114, 165, "teaser"), (2192, 2458, "hovercard"), (2804, 2815, "footer")]


def check(text: str, found: tuple[Residue, ...]) -> None:
    position = 0
    for one in found:
        assert position <= one.start < one.end <= len(text)
        assert 0.0 < one.confidence <= 1.0 and one.rule
        position = one.end


WORDS = ["Read more:", "Advertisement", "| Home |", "- a list", BODY, "(Reuters) -", "KARVAN", "MORE", "LopezAna Lopez", "", "\r", "\u202e", "\ud800", "\x00", "12", "»"]  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(WORDS), max_size=20).map("\n".join)))
def test_for_any_text_spans_are_sorted_and_the_text_is_unchanged(text: str) -> None:
    page = clean_text(text)
    assert page.text == text
    check(text, page.residue)
    assert page == clean_text(text)


@pytest.mark.parametrize(
    "text", ["x" * 300_000, "A " * 200_000, "Aa" * 100_000, "(" * 100_000, "\n" * 200_000, "| " * 100_000, "Lopez" * 50_000, "- " * 100_000, "1\n" * 50_000],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
def test_hostile_texts_take_no_longer_than_their_length(text: str) -> None:
    import time

    began = time.process_time()
    check(text, clean_text(text).residue)
    assert time.process_time() - began < 5
