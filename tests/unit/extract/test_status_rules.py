"""Every status rule holds for its own sentences, and stays out of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.errors import RuleError
from tocsin.extract.status import Judgement, judge
from tocsin.extract.status_rules import GRADES, Rule, lexicon
from tocsin.parse import parse_text
from tocsin.rulefiles import read_yaml


def judged(example: str, published: str | None = None) -> Judgement:
    """The judgement of the [word] marked in a sentence."""
    start, end = example.index("["), example.index("]") - 1
    parsed = parse_text(example.replace("[", "").replace("]", ""), published=published)
    sentence = parsed.sentence_at(start)
    assert sentence is not None
    token = sentence.token_at(start, end)
    assert token is not None
    return judge(parsed, sentence, token)


def examples(kind: str) -> list[object]:
    return [
        pytest.param(rule, line, id=f"{rule.name}-{number}")
        for rule in lexicon().rules
        for number, line in enumerate(rule.for_ if kind == "for" else rule.against)
    ]


@pytest.mark.parametrize(("rule", "line"), examples("for"))
def test_fires_and_gives_its_status(rule: Rule, line: str) -> None:
    text, _, status = line.partition(" => ")
    found = judged(text)
    assert (found.status, rule.name in found.rules) == (status or rule.gives, True), found


@pytest.mark.parametrize(("rule", "line"), examples("against"))
def test_stays_out(rule: Rule, line: str) -> None:
    text, _, status = line.partition(" => ")
    found = judged(text)
    assert (found.status, rule.name in found.rules) == (status, False), found


def test_unknown_key_stops_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "typo.yaml"
    file.write_text(
        "- name: a\n  means: b\n  cues: {verb: [x]}\n  slots: [to]\n  affirmed: certain\n  gives: happened\n"
        "  scpoe: all\n  for: []\n  against: []\n"
    )
    with pytest.raises(RuleError, match=r"typo\.yaml:\d+.*scpoe"):
        read_yaml(file, list[Rule])


def test_unknown_grade_stops(tmp_path: Path) -> None:
    file = tmp_path / "grade.yaml"
    file.write_text(
        "- name: a\n  means: b\n  cues: {verb: [x]}\n  slots: [to]\n  affirmed: surely\n  gives: happened\n"
        "  for: []\n  against: []\n"
    )
    with pytest.raises(RuleError, match=r"grade\.yaml:5.*surely"):
        read_yaml(file, list[Rule])


def test_grades_are_ordered_and_in_range() -> None:
    values = list(GRADES.values())
    assert values == sorted(values, reverse=True)
    assert values[0] == 1.0 and -1.0 <= values[-1] < 0
