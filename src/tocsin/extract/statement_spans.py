"""How far a source, a cue and a content go, in characters: geometry over a parsed sentence.

Conventions follow what annotators of attribution mark (PARC 3, PolNeAR): the source is the whole noun phrase with titles and
appositions, the cue is the verb group, the content is the whole clause with its `that`.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin import rulefiles
from tocsin.extract import grammar
from tocsin.parsed import Sentence, Token

Stretch = tuple[int, int]
_EDGE_START = " \t\r\n,;:.!?—–-―)]"
_EDGE_END = " \t\r\n,;:—–-―(["
_RELATIVE = frozenset({"who", "which", "that"})
_GROUP = frozenset({"aux", "auxpass", "neg", "advmod"})


def trimmed(text: str, start: int, end: int) -> Stretch | None:
    """The stretch without outer blanks and joining punctuation; None where nothing is left."""
    while start < end and (text[start] in _EDGE_START or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in _EDGE_END or text[end - 1].isspace()):
        end -= 1
    if end - start > 1 and text[end - 1] in ".!?" and text[start:end].count(text[end - 1]) == 1:
        end -= 1
    return (start, end) if start < end else None


def subtree_range(sentence: Sentence, head: Token) -> tuple[int, int]:
    """First and last token position under a head."""
    low = high = head.i
    stack = list(head.children)
    while stack:
        here = stack.pop()
        low, high = min(low, here), max(high, here)
        stack.extend(sentence.tokens[here].children)
    return low, high


def below(sentence: Sentence, token: Token, head: Token) -> bool:
    """Whether the token hangs, at whatever depth, under the head."""
    return token is head or any(one is head for one in sentence.ancestors(token))


def source_span(sentence: Sentence, head: Token, verb: Token) -> Stretch:
    """The noun phrase of a source with appositions and relative clauses, short of the clause in which `verb` stands."""
    low, high = subtree_range(sentence, head)
    tokens = sentence.tokens
    if below(sentence, verb, head) and verb is not head:
        clause = verb
        while clause.head != head.i and clause.head != clause.i:
            clause = tokens[clause.head]
        if clause.i > head.i:
            high = min(high, subtree_range(sentence, clause)[0] - 1)
    elif head.i < verb.i:
        high = min(high, verb.i - 1)
    elif verb.i < head.i:
        low = max(low, verb.i + 1)
    high = max(high, head.i)
    low = min(low, head.i)
    low = _past_dateline(sentence, low, head.i)
    while low < head.i and tokens[low].dep in ("punct", "cc", "mark", "prep") and tokens[low].text not in "\"“'‘(":
        low += 1
    while high > head.i and (tokens[high].text in ",;:—–-―" or tokens[high].dep == "cc"):
        high -= 1
    return tokens[low].start, tokens[high].end


def _past_dateline(sentence: Sentence, low: int, head: int) -> int:
    """'GENEVA - Donor states': the place of a dateline is no part of the source."""
    for i in range(low + 1, min(head, low + 6)):
        if sentence.tokens[i].text in ("-", "–", "—", "--") and sentence.tokens[low].text.isupper() and low <= 1:
            return i + 1
    return low


def relative_source(sentence: Sentence, verb: Token) -> Stretch | None:
    """For 'officers, who said ...': the antecedent up to its pronoun, or the pronoun alone where it stands far off."""
    subject = next((one for one in sentence.children_by(verb, "nsubj") if one.lower in _RELATIVE), None)
    clause = verb
    while subject is None and clause.dep in ("conj", "xcomp") and clause.head != clause.i:
        clause = sentence.tokens[clause.head]
        subject = next((one for one in sentence.children_by(clause, "nsubj") if one.lower in _RELATIVE), None)
    if subject is None:
        return None
    while clause.dep in ("conj", "xcomp", "ccomp") and clause.head != clause.i:
        clause = sentence.tokens[clause.head]
    head = sentence.tokens[clause.head]
    if clause.dep != "relcl" or head.i >= subject.i:
        return subject.start, subject.end
    low = min(grammar.phrase(sentence, head)[0], head.start)
    return (low, subject.end) if subject.i - head.i <= 3 else (subject.start, subject.end)


def verb_group(sentence: Sentence, verb: Token, rest: Sequence[Token] = ()) -> Stretch:
    """The verb with the auxiliaries, negation and adverbs that stand right before it, and the cue's further words."""
    tokens = sentence.tokens
    low = verb.i
    while low and tokens[low - 1].head == verb.i and tokens[low - 1].dep in _GROUP:
        low -= 1
    while low < verb.i and tokens[low].dep == "advmod" and tokens[low].lower in ("as", "how", "when", "then"):
        low += 1
    high = max((one.i for one in rest), default=verb.i)
    return tokens[low].start, tokens[max(high, verb.i)].end


def content_after(sentence: Sentence, verb: Token, first: int, clause: Token, cues: frozenset[str]) -> Stretch:
    """From token `first` to the end of the clause, with what hangs on the verb behind it, which mostly belongs to it."""
    tokens = sentence.tokens
    last = max(subtree_range(sentence, clause)[1], first)
    for i in verb.children:
        child = tokens[i]
        if i <= clause.i or child.dep == "punct":
            continue
        if child.dep in ("conj", "cc", "parataxis") or child.lower in ("according", "as"):
            break
        if child.dep == "advcl" and child.tag == "VBG" and child.lemma in cues:
            break
        last = max(last, subtree_range(sentence, child)[1])
    for end in (
        _reporting_tail(sentence, clause),
        _detached_from(sentence, clause),
        _contested_from(sentence, first, last),
    ):
        if end is not None and first < end <= last:
            last = end - 1
    return tokens[first].start, tokens[last].end


def without_comment(sentence: Sentence, stretch: Stretch) -> Stretch:
    """A thing named as content without a trailing ', which ...', by which the page adds its own words."""
    inside = [one for one in sentence.tokens if stretch[0] <= one.start and one.end <= stretch[1]]
    for n, one in enumerate(inside):
        if n > 2 and one.lower in ("which", "who") and inside[n - 1].text == ",":
            clause = sentence.tokens[one.head]
            if clause.dep == "relcl" and subtree_range(sentence, clause)[1] >= inside[-1].i - 1:
                return stretch[0], inside[n - 2].end
    return stretch


def _contested_from(sentence: Sentence, first: int, last: int) -> int | None:
    """Where ', which the army denied' begins: an answer to the content, and no part of it."""
    tokens = sentence.tokens
    for i in range(first + 2, last):
        if tokens[i].lower == "which" and tokens[i].dep == "dobj" and tokens[i - 1].text == ",":
            verb = tokens[tokens[i].head]
            if verb.lemma in rulefiles.words("denying_verbs") and has_own_subject(sentence, verb):
                return i - 1
    return None


def _detached_from(sentence: Sentence, clause: Token) -> int | None:
    """Where the `and` stands with which the reporting clause goes on, though the parser put the verb into the content."""
    for one in sentence.children_by(clause, "conj", "advcl"):
        if is_detached(sentence, one):
            low = subtree_range(sentence, one)[0]
            return low - 1 if sentence.tokens[low - 1].dep == "cc" else low
    return None


def is_detached(sentence: Sentence, verb: Token) -> bool:
    """Whether a verb is not part of its clause: 'insisted that they must leave and are expected to ...', ', adding that'.

    Likes are coordinated with likes, so a finite verb without a subject of its own does not continue a clause with a
    modal; it continues the clause that reports it.
    """
    head = sentence.tokens[verb.head]
    if head.dep not in ("ccomp", "xcomp") or not verb.is_verb or has_own_subject(sentence, verb):
        return False
    reports = verb.lemma in rulefiles.words("report_participles")
    if verb.dep == "advcl":
        return reports and verb.tag == "VBG" and head.i < verb.i and sentence.tokens[verb.i - 1].text == ","
    if verb.dep != "conj":
        return False
    if reports and any(one.tag == "PRP" for one in sentence.children_by(head, "nsubj", "nsubjpass")):
        return verb.tag in ("VBD", "VBZ")  # 'said it was ready and warned': `it` is the speaker
    modal = any(sentence.tokens[i].tag == "MD" for i in head.children)
    auxiliaries = [sentence.tokens[i] for i in verb.children if sentence.tokens[i].dep in ("aux", "auxpass")]
    first = auxiliaries[0] if auxiliaries else verb
    return modal and first.tag in ("VBD", "VBZ", "VBP")


def has_own_subject(sentence: Sentence, verb: Token) -> bool:
    """Whether a verb has a grammatical subject among its dependents."""
    return any(sentence.tokens[i].dep in ("nsubj", "nsubjpass", "csubj", "expl") for i in verb.children)


def _reporting_tail(sentence: Sentence, clause: Token) -> int | None:
    """Where 'according to ...' begins within the clause, if it does: it names a source, and is no content."""
    for i in clause.children:
        if sentence.tokens[i].lower == "according" and i > clause.i:
            return i
    return None


def content_before(sentence: Sentence, verb: Token, limit: int, clause: Token) -> Stretch | None:
    """What stands before the source and the cue: the clause with all that is fronted before it."""
    tokens = sentence.tokens
    low = subtree_range(sentence, clause)[0]
    for i in verb.children:
        child = tokens[i]
        if child.start < limit and child.dep not in ("punct", "cc", "nsubj", "aux"):
            low = min(low, subtree_range(sentence, child)[0])
    if verb.dep == "ROOT" and low <= 3:
        low = next(
            (i for i in range(low + 1) if tokens[i].dep not in ("cc", "punct") or tokens[i].text in "\"“'‘"), low
        )
    start = tokens[low].start
    return (start, limit) if start < limit else None
