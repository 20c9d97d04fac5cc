"""A document cut into paragraphs, sentences and tokens: what every extractor reads.

Nothing here knows which parser made it, so extractors depend on these types and never on spaCy. All offsets are code
points into `ParsedDocument.text`. Dependency labels are those of spaCy's English models (ClearNLP style: `nsubj`,
`nsubjpass`, `dobj`, `dative`, `agent`, `prep`, `pobj`, `pcomp`, `ccomp`, `xcomp`, `advcl`, `acl`, `relcl`, `aux`,
`auxpass`, `neg`, `mark`, `conj`, `cc`, `appos`, `compound`, `poss`, `amod`, `nummod`, `prt`, `attr`, `ROOT`, ...).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tocsin.records import Span, Time
from tocsin.stretches import ByStart


@dataclass(slots=True)
class Token:
    """One word. `i`, `head` and `children` are positions within the sentence; a root is its own head."""

    i: int
    start: int
    end: int
    text: str
    lower: str
    lemma: str
    tag: str
    dep: str
    head: int
    children: list[int] = field(default_factory=list)
    place: bool = False  # part of a place's name, once places are known
    party: str = ""  # part of the name of a party known by its sector, once actors are known: "rebel", "soldier"

    @property
    def is_verb(self) -> bool:
        return self.tag.startswith("VB")

    @property
    def is_noun(self) -> bool:
        return self.tag.startswith("NN")


@dataclass(slots=True)
class Name:
    """A named entity that the model found: evidence, never the last word."""

    start: int
    end: int
    label: str


@dataclass(slots=True)
class Paragraph:
    """A block of text between line breaks. `masked` blocks are residue: nothing is read from them."""

    start: int
    end: int
    kind: str = "body"  # headline | body | residue kinds
    masked: bool = False


@dataclass(slots=True)
class Sentence:
    """A stretch of one paragraph. `tokens` is empty where the gate found nothing worth a parse."""

    index: int
    start: int
    end: int
    text: str
    paragraph: int
    headline: bool = False
    tokens: list[Token] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    names_place: bool = False
    parties: frozenset[str] = frozenset()  # the parties of its tokens

    def is_quoted(self, token: Token) -> bool:
        """Whether a token stands in marks of quotation that the sentence opens."""
        before = self.text[: token.start - self.start]
        return before.count('"') % 2 == 1 or before.rfind("“") > before.rfind("”")

    def roots(self) -> list[Token]:
        return [token for token in self.tokens if token.head == token.i]

    def child_tokens(self, token: Token) -> list[Token]:
        return [self.tokens[i] for i in token.children]

    def children_by(self, token: Token, *deps: str) -> list[Token]:
        """Direct dependents with one of the labels, in the order of the text."""
        return [self.tokens[i] for i in token.children if self.tokens[i].dep in deps]

    def subtree(self, token: Token) -> list[Token]:
        """The token and all below it, in the order of the text."""
        found, stack = [], [token.i]
        while stack:
            here = self.tokens[stack.pop()]
            found.append(here.i)
            stack.extend(here.children)
        return [self.tokens[i] for i in sorted(found)]

    def ancestors(self, token: Token) -> Iterator[Token]:
        """Head, head's head, and so on up to a root."""
        while token.head != token.i:
            token = self.tokens[token.head]
            yield token

    def token_at(self, start: int, end: int) -> Token | None:
        """The token that best stands for the stretch: the one whose head lies outside it, else the first."""
        inside = [token for token in self.tokens if token.start < end and token.end > start]
        for token in inside:
            head = self.tokens[token.head]
            if head is token or not (head.start < end and head.end > start):
                return token
        return inside[0] if inside else None


@dataclass(slots=True)
class ParsedDocument:
    """The text with its structure. `mask` holds the residue stretches, sorted, that extraction must not read."""

    text: str
    published: str | None = None
    title: str | None = None
    paragraphs: list[Paragraph] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    times: tuple[Time, ...] = ()
    mask: list[tuple[int, int]] = field(default_factory=list)
    _residue: ByStart[tuple[int, int]] | None = field(default=None, init=False, repr=False, compare=False)
    _nouns: frozenset[str] | None = field(default=None, init=False, repr=False, compare=False)

    def nouns(self) -> frozenset[str]:
        """The lemma of every noun of the text, gathered once: to be asked only after the text is parsed."""
        if self._nouns is None:
            self._nouns = frozenset(one.lemma for each in self.sentences for one in each.tokens if one.is_noun)
        return self._nouns

    def span(self, start: int, end: int) -> Span:
        return Span(start=start, end=end, text=self.text[start:end])

    def mark_places(self, spans: Iterable[tuple[int, int]]) -> None:
        """Tells the tokens of these stretches that they name places."""
        for start, end in spans:
            sentence = self.sentence_at(start)
            if sentence is None:
                continue
            sentence.names_place = True
            for token in sentence.tokens:
                token.place = token.place or (start <= token.start and token.end <= end)

    def mark_parties(self, spans: Iterable[tuple[int, int, str]]) -> None:
        """Tells the tokens of these stretches which sort of party they name."""
        for start, end, party in spans:
            sentence = self.sentence_at(start)
            if sentence is None:
                continue
            sentence.parties |= {party}
            for token in sentence.tokens:
                if start <= token.start and token.end <= end:
                    token.party = party

    def masked(self, start: int, end: int) -> bool:
        """Whether any character of the stretch is residue."""
        if not self.mask:
            return False
        if self._residue is None:
            self._residue = ByStart(self.mask, span=lambda one: one)
        return self._residue.touches(start, end)

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds the offset, by bisection."""
        low, high = 0, len(self.sentences)
        while low < high:
            middle = (low + high) // 2
            if self.sentences[middle].end <= offset:
                low = middle + 1
            else:
                high = middle
        found = self.sentences[low] if low < len(self.sentences) else None
        return found if found is not None and found.start <= offset else None
