"""The people who are targets, by the fullest form of their names that the page gives."""

from __future__ import annotations

from collections.abc import Iterable

SpanOf = tuple[int, int]


class TargetNames:
    """Names as sets of their words. A name is looked up by its rarest word, and once, however often it is asked for."""

    def __init__(self, text: str, spans: Iterable[SpanOf]) -> None:
        self._text = text
        self._first: dict[frozenset[str], SpanOf] = {}
        self._having: dict[str, list[frozenset[str]]] = {}
        self._fullest: dict[frozenset[str], SpanOf] = {}
        for span in sorted(set(spans)):
            words = self._words(span)
            if words not in self._first:
                self._first[words] = span
                for word in words:
                    self._having.setdefault(word, []).append(words)

    def fullest(self, span: SpanOf) -> SpanOf:
        """Where the longest name stands first that has all words of this one; the span itself where none has."""
        words = self._words(span)
        if words not in self._fullest:
            rarest = min((self._having.get(word, []) for word in words), key=len, default=list(self._first))
            holding = [one for one in rarest if words <= one]
            self._fullest[words] = min(
                (self._first[one] for one in holding), key=lambda one: (-len(self._words(one)), one), default=span
            )
        return self._fullest[words]

    def _words(self, span: SpanOf) -> frozenset[str]:
        return frozenset(self._text[slice(*span)].lower().split())
