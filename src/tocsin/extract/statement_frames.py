"""All cue words of a parsed sentence, read with their fillers. The quotations come in later."""

from __future__ import annotations

from tocsin.extract.statement_cues import CueLexicon
from tocsin.extract.statement_frame import Frame
from tocsin.extract.statement_headlines import headline_frame
from tocsin.extract.statement_nouns import adjective_frame, noun_frame, phrase_frame
from tocsin.extract.statement_verbs import verb_frame
from tocsin.parsed import Sentence

__all__ = ["Frame", "frames"]


def frames(sentence: Sentence, lexicon: CueLexicon) -> list[Frame]:
    """The cues of a sentence with their fillers, in the order of the text."""
    headline = headline_frame(sentence, lexicon.named["colon"]) if sentence.headline else None
    if headline is not None:
        return [headline]
    found: list[Frame] = []
    for token in sentence.tokens:
        frame = None
        if token.is_verb and not (token.dep == "acomp" and token.lower in lexicon.adjectives):
            if token.lemma in lexicon.verbs:
                frame = verb_frame(sentence, token, lexicon)
        elif token.is_noun:
            if token.lemma in lexicon.nouns:
                frame = noun_frame(sentence, token, lexicon)
        elif (token.lemma in lexicon.adjectives or token.lower in lexicon.adjectives) and token.dep == "acomp":
            frame = adjective_frame(sentence, token, lexicon)
        if frame is None and token.lower in lexicon.phrases:
            frame = phrase_frame(sentence, token, lexicon)
        if frame is not None:
            found.append(frame)
    return found
