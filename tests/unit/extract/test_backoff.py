"""The back-off classifier: which verbs it is asked about, what its weights are, and that it says that it answered."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.codebook import PLOVER_TYPES, codebook
from tocsin.extract import backoff
from tocsin.extract.backoff import GENERAL, NONE, THRESHOLD, Weights, backed_off, decide, features, uncued_verbs
from tocsin.extract.grammar import verb_slots
from tocsin.parse import outline, shared_parser
from tocsin.parsed import Sentence


def sentence_of(text: str) -> Sentence:
    document = outline(text, published="2024-05-01")
    shared_parser().parse([document])
    return document.sentences[0]


def weights_for(plover: str, feature: str, weight: float) -> Weights:
    types = ("AGREE", plover, NONE)
    return Weights({feature: 0}, types, np.array([[0.0, weight, 0.0]], dtype=np.float32), np.zeros(3, dtype=np.float32))


def test_general_kinds_are_of_their_type() -> None:
    assert all(codebook()[kind].type == plover for plover, kind in GENERAL.items())


def test_the_packaged_weights_fit_the_code() -> None:
    fitted = backoff.weights()
    assert fitted is not None
    assert set(fitted.types) <= {*PLOVER_TYPES, NONE}
    assert fitted.matrix.shape == (len(fitted.index), len(fitted.types))
    assert not any(name.startswith("w:") for name in fitted.index)
    assert len(backoff.weights_file().read_bytes()) < 1_500_000


def test_features_leave_the_verb_and_names_out() -> None:
    sentence = sentence_of("Ruritania bamboozled the envoys of Lutha with fresh tariffs.")
    verb = sentence.roots()[0]
    found = features(sentence, verb, verb_slots(sentence, verb))
    assert {"s:NAME", "p:with:tariff", "b:tariff", "v:0"} <= set(found)
    assert not any("ruritania" in one or verb.lemma in one for one in found)


def test_decide_takes_the_likeliest_type() -> None:
    plover, share = decide(weights_for("REJECT", "o:offer", 5.0), ["o:offer"])
    assert plover == "REJECT"
    assert share == pytest.approx(np.exp(5) / (np.exp(5) + 2))
    assert decide(weights_for("REJECT", "o:offer", 5.0), ["o:unheard"])[1] == pytest.approx(1 / 3)


def test_it_answers_with_the_general_kind_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = sentence_of("The minister pooh-poohed the offer.")
    verb = next(uncued_verbs(sentence, set()))
    monkeypatch.setattr(backoff, "weights", lambda: weights_for("REJECT", "v:0", 5.0))
    (candidate,) = backed_off(sentence, set())
    assert candidate.token is verb
    assert candidate.matches[0].kind.kind == "reject"
    assert candidate.matches[0].rule == "backoff:p=0.99"


@pytest.mark.parametrize(("plover", "weight"), [(NONE, 5.0), ("REJECT", 1.0), ("COERCE", 5.0)])
def test_it_is_silent(monkeypatch: pytest.MonkeyPatch, plover: str, weight: float) -> None:
    """Where nothing is likeliest, where the likeliest is below the threshold, and where its type has no general kind."""
    sentence = sentence_of("The minister pooh-poohed the offer.")
    fitted = weights_for(plover, "v:0", weight)
    assert plover in (NONE, "COERCE") or decide(fitted, ["v:0"])[1] < THRESHOLD
    monkeypatch.setattr(backoff, "weights", lambda: fitted)
    assert backed_off(sentence, set()) == []


def test_it_is_silent_beside_a_cue(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = sentence_of("The minister pooh-poohed the offer.")
    monkeypatch.setattr(backoff, "weights", lambda: weights_for("REJECT", "v:0", 5.0))
    assert backed_off(sentence, {0}) == []


def test_without_weights_it_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "weights", lambda: None)
    assert backed_off(sentence_of("The minister pooh-poohed the offer."), set()) == []
