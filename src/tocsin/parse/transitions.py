"""The greedy search of spaCy's transition models (parser and name finder), a step for all sentences of a batch at once.

spaCy takes the same steps in compiled code that gives up Python's lock. In its wheels for Python 3.11 the small functions of
that code were compiled with hooks for profilers, which fetch the lock back at every call: a third of the model's time. Here the
steps are taken from Python, which holds the lock throughout, and the arithmetic between them is numpy's. The transitions
chosen are spaCy's own: features, sums, products and the choice of the best valid action are the same, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from spacy.ml.parser_model import ParserStepModel
from spacy.pipeline.trainable_pipe import TrainablePipe
from spacy.pipeline.transition_parser import Parser as TransitionParser
from thinc.backends import NumpyOps

Annotates = Callable[[list[Any]], list[Any]]


def annotators(pipeline: Any) -> dict[str, Annotates]:
    """The components of a pipeline by name, in its order, each as what it does to a batch of sentences."""
    return {name: partial(_way_of(pipe), pipe) for name, pipe in pipeline.pipeline}


def _way_of(pipe: Any) -> Callable[[Any, list[Any]], list[Any]]:
    if not isinstance(pipe, TrainablePipe):
        return _ruled
    return _stepped if steps_here(pipe) else _predicted


def _ruled(pipe: Any, docs: list[Any]) -> list[Any]:
    """By a component of rules, as a model of somebody's own may hold."""
    return [pipe(doc) for doc in docs]


def _stepped(pipe: Any, docs: list[Any]) -> list[Any]:
    pipe.set_annotations(docs, greedy(pipe, docs))
    return docs


def _predicted(pipe: Any, docs: list[Any]) -> list[Any]:
    pipe.set_annotations(docs, pipe.predict(docs))
    return docs


def steps_here(pipe: Any) -> bool:
    """Whether a component is a greedy transition model of the shape that `greedy` knows: on the CPU, two pieces, a layer above."""
    if not isinstance(pipe, TransitionParser) or pipe.cfg.get("beam_width", 1) != 1:
        return False
    model = pipe.model
    return (
        isinstance(model.ops, NumpyOps)
        and model.attrs.get("has_upper") is True
        and not model.attrs.get("unseen_classes")
        and model.get_ref("lower").maybe_get_dim("nP") == 2
    )


def greedy(pipe: Any, docs: Sequence[Any]) -> list[Any]:
    """The final states of the sentences, for the component's `set_annotations`. Each depends on its own sentence only."""
    states = list(pipe.moves.init_batch(docs))
    going = [state for state in states if not state.is_final()]
    if not going:
        return states
    model = pipe.model
    upper = model.get_ref("upper")
    weights, bias = upper.get_param("W"), upper.get_param("b")
    table = _Table(model.get_ref("lower"), model.get_ref("tok2vec").predict(docs))
    while going:
        scores = model.ops.gemm(table.hidden(ParserStepModel.get_token_ids(table, going)), weights, trans2=True)
        scores += bias
        going = pipe.transition_states(going, scores)
    return states


class _Table:
    """What each token adds to the hidden layer in each place of a state: row `(token + 1) * places + place`; token -1 is none.

    spaCy's `get_token_ids` asks its model for `state2vec.nF`, the number of places, and for nothing else: so this is one.
    """

    def __init__(self, lower: Any, vectors: Any) -> None:
        filled = lower.predict(vectors)  # tokens and one for none, places, hidden units, pieces
        tokens, self.nF, self.units, self.pieces = filled.shape
        self.rows = np.ascontiguousarray(filled).reshape(tokens * self.nF, self.units * self.pieces)
        self.bias = lower.get_param("b").reshape(-1)
        self.place = np.arange(self.nF, dtype=np.int64)

    @property
    def state2vec(self) -> _Table:
        return self

    def hidden(self, tokens: Any) -> Any:
        """The hidden layer of each state, from the numbers of the tokens in its places."""
        at = ((tokens.astype(np.int64) + 1) * self.nF + self.place).T
        summed = self.rows[at[0]]
        for rows in at[1:]:
            summed += self.rows[rows]
        summed += self.bias
        pieces = summed.reshape(len(summed), self.units, self.pieces)
        return np.maximum(pieces[:, :, 0], pieces[:, :, 1])
