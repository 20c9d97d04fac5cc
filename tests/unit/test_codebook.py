"""Every example of the codebook is read as its kind, with its roles; no counter-example is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tocsin import rulefiles
from tocsin.codebook import PLOVER_TYPES, Example, Kind, KindFile, codebook, expand, unmarked
from tocsin.errors import RuleError
from tocsin.extract.events import Draft, find_events
from tocsin.parse import outline, shared_parser
from tocsin.parsed import ParsedDocument

KINDS = list(codebook().kinds.values())


@cache
def parsed() -> dict[str, ParsedDocument]:
    """All sentences of the codebook, parsed in one go."""
    texts = {unmarked(one.text) for kind in KINDS for one in kind.sentences()} | {
        one.replace("[", "").replace("]", "") for kind in KINDS for one in kind.counter_examples
    }
    documents = {text: outline(text, published="2024-05-01") for text in sorted(texts)}
    shared_parser().parse(documents.values())
    return documents


def drafts_of(text: str) -> tuple[ParsedDocument, list[Draft]]:
    document = parsed()[text.replace("[", "").replace("]", "")]
    return document, find_events(document)


def read_at(example: Example) -> list[Draft]:
    """The drafts that were read at the example's trigger, or into which its word was folded ('held a rally')."""
    first, last = example.text.index("["), example.text.index("]") - 1
    _, drafts = drafts_of(example.text)
    return [
        one for one in drafts if any(start < last and first < end for start, end in [(one.start, one.end), *one.folded])
    ]


def read_as(kind: Kind, example: Example) -> Draft | None:
    return next((one for one in read_at(example) if one.kind.kind == kind.kind), None)


def missing_roles(document: ParsedDocument, draft: Draft, example: Example) -> list[str]:
    """The wanted role fillers of which the draft has no word; a weapon may stand among the instruments."""
    found = []
    for wanted, spans in ((example.actor, draft.actors), (example.recipient, draft.recipients)):
        for part in wanted.split(" | ") if wanted else ():
            texts = [
                document.text[start:end] for start, end in (*spans, *draft.roles.instruments, *draft.roles.objects)
            ]
            if not any(part in text or text in part for text in texts):
                found.append(part)
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_examples_are_read_as_their_kind(kind: Kind) -> None:
    silent = kind.kind == "not-an-event"  # its words announce nothing, so nothing may be read at them
    missed = [one.text for one in kind.sentences() if (bool(read_at(one)) if silent else read_as(kind, one) is None)]
    assert not missed, "\n".join(missed)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_examples_have_their_roles(kind: Kind) -> None:
    wrong = []
    for example in kind.sentences():
        draft = read_as(kind, example)
        document, _ = drafts_of(example.text)
        if draft is not None and (missing := missing_roles(document, draft, example)):
            wrong.append(f"{example.text}: {missing}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_counter_examples_are_not_of_the_kind(kind: Kind) -> None:
    fired = [one for one in kind.counter_examples if any(draft.kind.kind == kind.kind for draft in drafts_of(one)[1])]
    assert not fired, "\n".join(fired)


def test_the_codebook_is_wide_enough() -> None:
    assert len(KINDS) >= 45
    assert {kind.type for kind in KINDS} >= set(PLOVER_TYPES)
    sub_events = {row["sub_event_type"] for row in rulefiles.table("codes/acled.csv")}
    assert {kind.codes.acled for kind in KINDS if kind.codes.acled} == sub_events


def test_a_typo_is_named_with_file_and_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        "- kind: x\n  name: X\n  definition: d\n  type: ASSAULT\n  examples: []\n  counter_examples: []\n  cuse: {}\n"
    )
    with pytest.raises(RuleError, match=r"wrong\.yaml:7: .*cuse"):
        rulefiles.read_yaml(wrong, list[KindFile])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_no_frame_bars_its_own_words(kind: Kind) -> None:
    """A frame that wants a word and forbids it can never hold for that word; lists may share a few."""
    for frame in kind.cues.frames:
        barred = expand(frame.not_any)
        assert barred.isdisjoint({*frame.verb, *frame.noun}), f"{frame} bars its trigger"
        for wanted in (frame.subject, frame.object, frame.comp, *frame.prep.values()):
            words = expand(wanted)
            assert len(words & barred) <= len(words) // 4, f"{frame} bars {sorted(words & barred)}"
