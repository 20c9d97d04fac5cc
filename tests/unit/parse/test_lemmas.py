"""Lemmas and the tags that are mended for them."""

from __future__ import annotations

import pytest

from tocsin.parse import parse_text, shared_parser


@pytest.mark.parametrize(
    "word, tag, lemma",
    [
        ("buses", "NNS", "bus"),
        ("houses", "NNS", "house"),
        ("horses", "NNS", "horse"),
        ("retook", "VBD", "retake"),
        ("villages", "NNS", "village"),
    ],
)
def test_lemmas(word: str, tag: str, lemma: str) -> None:
    assert shared_parser()._lemmas.lemma(word, tag) == lemma


def test_a_past_form_that_is_no_noun_is_a_verb() -> None:
    tokens = parse_text("The army retook Axum, with its churches and its airport, on August 9.").sentences[0].tokens
    assert next(one for one in tokens if one.lower == "retook").tag == "VBD"
    assert shared_parser()._lemmas.mended_tag("strike", "NN") == "NN"
