"""Rule files are YAML whose booleans are `true` and `false` alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tocsin import rulefiles
from tocsin.codebook import Frame
from tocsin.errors import RuleError


def test_prepositions_and_short_answers_are_words(tmp_path: Path) -> None:
    source = tmp_path / "frame.yaml"
    source.write_text("verb: [fire]\nprep: {on: [crowd], off: []}\nany: [yes, no, On, OFF, Yes, n, y]\npassive: true\n")
    frame = rulefiles.read_yaml(source, Frame)
    assert frame.prep == {"on": ("crowd",), "off": ()}
    assert frame.any == ("yes", "no", "On", "OFF", "Yes", "n", "y")
    assert frame.passive is True


@pytest.mark.parametrize(("written", "value"), [("true", True), ("False", False), ("1", 1), ("~", None), ("on", "on")])
def test_other_scalars_are_read_as_ever(tmp_path: Path, written: str, value: object) -> None:
    source = tmp_path / "value.yaml"
    source.write_text(f"value: {written}\n")
    assert rulefiles.read_yaml(source, dict[str, Any]) == {"value": value}


def test_a_word_for_a_boolean_is_named_with_its_line(tmp_path: Path) -> None:
    source = tmp_path / "frame.yaml"
    source.write_text("verb: [fire]\npassive: yes\n")
    with pytest.raises(RuleError, match=r"frame\.yaml:2: .*bool"):
        rulefiles.read_yaml(source, Frame)
