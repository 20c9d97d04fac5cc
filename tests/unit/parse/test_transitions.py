"""The steps taken here choose what spaCy's own search chooses, and no sentence depends on its neighbours."""

from __future__ import annotations

from typing import Any

import pytest

from tocsin.parse import shared_parser
from tocsin.parse.transitions import annotators, greedy, steps_here

SENTENCES = (
    "The army shelled the market of Marzan on Friday, killing at least 12 people, a doctor at the hospital said.",
    "Air strikes hit Tell-Omar.",
    "“We will not leave”, said Rima Haddad, 43, whose brother was shot dead at a checkpoint near the Karsha bridge in March.",
    "No.",
    "Neither the governor, who took office in 2019, nor the United Nations mission in Harim had answered by Tuesday night.",
    "Fled fled fled and and the of of to to 12 12 , , ) ( ) “ ”",
)


def docs(pipeline: Any) -> list[Any]:
    made = []
    for text in SENTENCES:
        doc = pipeline.make_doc(text)
        for token in doc:
            token.is_sent_start = token.i == 0
        made.append(doc)
    return made


def seen(doc: Any) -> list[tuple[Any, ...]]:
    return [(one.text, one.tag_, one.dep_, one.head.i, one.ent_type_, one.ent_iob_) for one in doc]


@pytest.fixture(scope="module")
def pipeline() -> Any:
    return shared_parser()._nlp


def annotated(pipeline: Any, some: list[Any], *, own: bool) -> list[Any]:
    for name, annotate in annotators(pipeline).items():
        pipe = pipeline.get_pipe(name)
        if name in ("attribute_ruler", "lemmatizer"):
            continue
        some = annotate(some) if own else list(pipe.pipe(some))
    return some


def test_the_parser_and_the_name_finder_are_stepped_here(pipeline: Any) -> None:
    assert [name for name, pipe in pipeline.pipeline if steps_here(pipe)] == ["parser", "ner"]


def test_heads_labels_and_names_are_those_that_the_library_finds(pipeline: Any) -> None:
    theirs = [seen(doc) for doc in annotated(pipeline, docs(pipeline), own=False)]
    assert [seen(doc) for doc in annotated(pipeline, docs(pipeline), own=True)] == theirs
    assert any(row[4] for doc in theirs for row in doc)
    assert len({row[2] for doc in theirs for row in doc}) > 10


def test_a_sentence_alone_is_read_as_among_others(pipeline: Any) -> None:
    together = [seen(doc) for doc in annotated(pipeline, docs(pipeline), own=True)]
    alone = [seen(annotated(pipeline, [doc], own=True)[0]) for doc in docs(pipeline)]
    assert alone == together


def test_no_sentences_and_sentences_without_words_have_no_steps(pipeline: Any) -> None:
    parser = pipeline.get_pipe("parser")
    assert greedy(parser, []) == []
    empty = pipeline.make_doc("")
    assert len(greedy(parser, [empty])) == 1


def test_a_component_of_rules_is_called_for_each_sentence() -> None:
    import spacy

    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "GPE", "pattern": "Marzan"}])
    (annotate,) = annotators(pipeline).values()
    found = annotate([pipeline.make_doc("Troops left Marzan."), pipeline.make_doc("They came back.")])
    assert [[one.text for one in doc.ents] for doc in found] == [["Marzan"], []]


def test_a_search_by_beam_is_left_to_the_library(pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    parser = pipeline.get_pipe("parser")
    monkeypatch.setitem(parser.cfg, "beam_width", 4)
    assert not steps_here(parser)
