"""Lemmas from Penn tags: the model's own rule tables, with a cache, and the irregular forms that they miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_IRREGULAR = {
    "retook": "retake",
    "retaken": "retake",
    "overran": "overrun",
    "overthrew": "overthrow",
    "overthrown": "overthrow",
    "withdrew": "withdraw",
    "withdrawn": "withdraw",
    "blew": "blow",
    "blown": "blow",
    "shot": "shoot",
    "fled": "flee",
    "said": "say",
    "told": "tell",
    "struck": "strike",
    "slew": "slay",
    "slain": "slay",
    "broke": "break",
    "wounded": "wound",
    "held": "hold",
    "left": "leave",
    "fought": "fight",
    "hit": "hit",
    "beat": "beat",
    "beaten": "beat",
    "lost": "lose",
    "met": "meet",
    "laid": "lay",
    "paid": "pay",
    "sent": "send",
    "shelled": "shell",
    "downed": "down",
    "bombed": "bomb",
    "ambushed": "ambush",
    "forces": "force",
    "troops": "troop",
    "axed": "axe",
    "sank": "sink",
    "sunk": "sink",
    "drove": "drive",
    "driven": "drive",
    "threw": "throw",
    "thrown": "throw",
    "stole": "steal",
    "stolen": "steal",
    "swore": "swear",
    "sworn": "swear",
    "forbade": "forbid",
    "forbidden": "forbid",
    "gunned": "gun",
    "kidnapped": "kidnap",
    "kidnaped": "kidnap",
    "kidnapping": "kidnap",
    "kidnaping": "kidnap",
}
_VERB_ENDINGS = (
    ("ies", "y"),
    ("sses", "ss"),
    ("shes", "sh"),
    ("ches", "ch"),
    ("xes", "x"),
    ("es", "e"),
    ("es", ""),
    ("s", ""),
    ("ied", "y"),
    ("ed", "e"),
    ("ed", ""),
    ("ying", "y"),
    ("ing", "e"),
    ("ing", ""),
)
_NOUN_ENDINGS = (
    ("ies", "y"),
    ("sses", "ss"),
    ("shes", "sh"),
    ("ches", "ch"),
    ("xes", "x"),
    ("men", "man"),
    ("ves", "f"),
    ("s", ""),
    ("ses", "s"),  # buses, after houses
)


class Lemmas:
    """`lemma(lower, tag)` for the verbs, nouns and adjectives of one language model."""

    def __init__(
        self, index: Mapping[str, Sequence[str]], exceptions: Mapping[str, Mapping[str, Sequence[str]]]
    ) -> None:
        self._index = {kind: frozenset(entries) for kind, entries in index.items()}
        self._exceptions = exceptions
        self._verbs_only = self._irregular_verbs_only()
        self._known: dict[tuple[str, str], str] = {}

    def common(self) -> frozenset[str]:
        """Every lower-case word the tables know as verb, adjective, adverb or noun."""
        return frozenset().union(*self._index.values())

    def _irregular_verbs_only(self) -> frozenset[str]:
        """Irregular forms of verbs that no table knows as a noun or adjective: 'retook', 'withdrew'."""
        forms = {*_IRREGULAR, *self._exceptions.get("verb", {})}
        others = {
            word
            for kind in ("noun", "adj", "adv")
            for word in (*self._index.get(kind, ()), *self._exceptions.get(kind, {}))
        }
        return frozenset(one for one in forms - others if one.isalpha() and not one.endswith(("s", "ing")))

    def mended_tag(self, lower: str, tag: str) -> str:
        """A past form of a verb that the tagger took for a common noun is a verb: 'the army retook/NN the town'."""
        return "VBD" if tag == "NN" and lower in self._verbs_only else tag

    def lemma(self, lower: str, tag: str) -> str:
        kind = tag[:2]
        if kind not in ("VB", "NN", "JJ"):
            return lower
        key = (lower, kind if tag != "NNP" else "NNP")
        if key not in self._known:
            if len(self._known) > 200_000:  # hostile input must not grow memory for ever
                self._known.clear()
            self._known[key] = self._find(lower, kind)
        return self._known[key]

    def _find(self, lower: str, kind: str) -> str:
        if kind == "VB":
            return _IRREGULAR.get(lower) or self._by_rule(lower, "verb", _VERB_ENDINGS)
        if kind == "NN":
            return self._by_rule(lower, "noun", _NOUN_ENDINGS)
        return lower

    def _by_rule(self, lower: str, kind: str, endings: Sequence[tuple[str, str]]) -> str:
        irregular = self._exceptions.get(kind, {}).get(lower)
        if irregular:
            return irregular[0]
        known = self._index.get(kind, frozenset())
        if lower in known and not (
            kind == "noun" and lower.endswith("s") and lower[:-1] in known and not lower.endswith("ss")
        ):
            return lower
        for ending, instead in endings:
            if lower.endswith(ending) and len(lower) > len(ending) + 1:
                base = lower[: -len(ending)] + instead
                if base in known:
                    return base
                if ending in ("ed", "ing") and len(base) > 3 and base[-1] == base[-2] and base[:-1] in known:
                    return base[:-1]
        return self._fallback(lower, kind)

    @staticmethod
    def _fallback(lower: str, kind: str) -> str:
        if kind == "noun" and lower.endswith("s") and not lower.endswith(("ss", "us", "is")) and len(lower) > 3:
            return lower[:-1]
        return lower
