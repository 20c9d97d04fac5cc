"""Every cue rule carries sentences for and against it, in its YAML file; this runs them all.

`[...]` is the content and `{...}` the source; a sentence without braces has no named source.
"""

import re

import pytest

from tocsin.errors import RuleError
from tocsin.extract.statement_cues import CueRule, cue_lexicon
from tocsin.extract.statements import find_statements, speech_words
from tocsin.parse import parse_text

_EDGE = " .,;:\"“”'’"


def marked(sentence: str) -> tuple[str, str | None, str | None]:
    """The plain sentence, its content and its source."""
    content, source = re.search(r"\[(.*?)\]", sentence), re.search(r"\{(.*?)\}", sentence)
    plain = re.sub(r"[\[\]{}]", "", sentence)
    return plain, content and content[1], source and source[1]


FOR = [(rule, one) for rule in cue_lexicon().rules for one in rule.for_]
AGAINST = [(rule, one) for rule in cue_lexicon().rules for one in rule.against]


@pytest.mark.parametrize(("rule", "sentence"), FOR, ids=lambda one: one if isinstance(one, str) else one.name)
def test_rule_reads_its_examples(rule: CueRule, sentence: str) -> None:
    plain, content, source = marked(sentence)
    found = [one for one in find_statements(parse_text(plain)) if one.rule.startswith(f"{rule.name}/")]
    read = [(one.content.text.strip(_EDGE), one.source.text.strip(_EDGE) if one.source else None) for one in found]
    assert (content.strip(_EDGE), source) in read
    assert all(one.why[0].rule == rule.stance for one in found)


@pytest.mark.parametrize(("rule", "sentence"), AGAINST, ids=lambda one: one if isinstance(one, str) else one.name)
def test_rule_is_silent_on_its_counterexamples(rule: CueRule, sentence: str) -> None:
    assert not [one for one in find_statements(parse_text(sentence)) if one.rule.startswith(f"{rule.name}/")]


def test_names_of_rules_are_unique() -> None:
    names = [rule.name for rule in cue_lexicon().rules]
    assert len(names) == len(set(names))


def test_gate_knows_every_cue() -> None:
    assert {"say", "according", "warn", "claim"} <= speech_words()


def test_rule_with_unknown_slot_is_refused() -> None:
    from tocsin.extract.statement_cues import _check

    rule = CueRule(name="x", means="", stance="assert", cues={}, slots=["nowhere"], for_=["a"], against=["b"])
    with pytest.raises(RuleError, match="unknown slot"):
        _check(rule, "x.yaml")
