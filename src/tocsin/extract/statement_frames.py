"""Cue words in a parsed sentence, read with their slots: who, what, to whom. The quotations come in later.

Only the sentences with a cue word are touched. A frame without content is kept where its cue may carry a quotation.
"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin import rulefiles
from tocsin.extract import grammar
from tocsin.extract.statement_cues import Cue, CueLexicon, CueRule
from tocsin.extract.statement_spans import (
    Stretch,
    content_after,
    content_before,
    relative_source,
    source_span,
    subtree_range,
    verb_group,
)
from tocsin.parsed import Sentence, Token

_MARKS = frozenset("\"“‘")
_NO_CONTENT = frozenset(
    {"it", "this", "that", "them", "him", "her", "me", "us", "you", "itself", "what", "who", "which", "so"}
)
_PHASES = frozenset({"continue", "appear", "seem", "go", "begin", "start", "proceed", "keep", "happen", "come"})
_SPEECH = frozenset({"say", "ask", "tell", "confirm", "claim", "warn", "deny", "threaten", "accuse"})
_FARTHEST_THAT = 14  # tokens between a noun such as 'comments' and the `that` of its clause


@dataclass(slots=True)
class Frame:
    """A cue in its place. Stretches are characters of the document; `content` is None where only a quotation could be it."""

    sentence: Sentence
    token: Token
    rule: CueRule
    slot: str
    cue: Stretch
    source: Stretch | None
    content: Stretch | None = None
    addressee: Stretch | None = None
    quotes: bool = False
    passive: bool = False

    @property
    def start(self) -> int:
        return min(self.cue[0], self.source[0]) if self.source else self.cue[0]

    @property
    def end(self) -> int:
        """The end of what announces: cue and source, and the addressee where it follows."""
        return max(self.cue[1], self.source[1] if self.source else 0)


def frames(sentence: Sentence, lexicon: CueLexicon) -> list[Frame]:
    """The cues of a sentence with their fillers, in the order of the text."""
    found: list[Frame] = []
    for token in sentence.tokens:
        frame = None
        if token.is_verb:
            if token.lemma in lexicon.verbs:
                frame = _verb_frame(sentence, token, lexicon)
        elif token.is_noun:
            if token.lemma in lexicon.nouns:
                frame = _noun_frame(sentence, token, lexicon)
        elif token.lemma in lexicon.adjectives and token.dep == "acomp":
            frame = _adjective_frame(sentence, token, lexicon)
        if frame is None and token.lower in lexicon.phrases:
            frame = _phrase_frame(sentence, token, lexicon)
        if frame is not None:
            found.append(frame)
    return found


# ---------------------------------------------------------------------------------------------- verbs


def _matched(sentence: Sentence, verb: Token, cue: Cue) -> list[Token] | None:
    """The further words of a cue, as dependents of its verb or right behind it; None where one is missing."""
    found = []
    position = verb.i
    for word in cue.rest:
        options = [sentence.tokens[i] for i in verb.children if i > position and sentence.tokens[i].lower == word]
        after = position + 1
        if not options and after < len(sentence.tokens) and sentence.tokens[after].lower == word:
            options = [sentence.tokens[after]]
        if not options:
            return None
        found.append(options[0])
        position = options[0].i
    return found


def _verb_frame(sentence: Sentence, verb: Token, lexicon: CueLexicon) -> Frame | None:
    if verb.dep in ("amod", "compound", "nmod"):
        return None
    passive = grammar.is_passive(sentence, verb)
    source = _agent(sentence, verb) if passive else _subject(sentence, verb)
    open_frame: Frame | None = None
    length = None
    for cue in lexicon.verbs[verb.lemma]:
        if length is not None and len(cue.rest) < length:
            break
        rest = _matched(sentence, verb, cue)
        if rest is None:
            continue
        length = len(cue.rest) or None
        if cue.rule.name not in _SPEECH and _unreal(sentence, verb, cue.rule):
            continue
        frame = _filled(sentence, verb, cue, rest, source, passive, lexicon)
        if frame.content is not None:
            return frame
        if frame.quotes and open_frame is None:
            open_frame = frame
    return open_frame


def _unreal(sentence: Sentence, verb: Token, rule: CueRule) -> bool:
    """Whether nobody is said to think, want or do it by words: 'to demand', 'would want', 'did not call for'."""
    tokens = [sentence.tokens[i] for i in verb.children]
    if verb.tag == "VB" and any(one.lower == "to" and one.dep == "aux" for one in tokens):
        return not (verb.dep in ("xcomp", "advcl") and sentence.tokens[verb.head].lemma in _PHASES)
    if any(one.tag == "MD" for one in tokens):
        return True
    negated = any(one.dep == "neg" for one in tokens)
    if negated and rule.stance != "believe":
        return True
    return verb.dep in ("acl", "pcomp") and not any(one.dep == "nsubj" for one in tokens)


def _filled(
    sentence: Sentence,
    verb: Token,
    cue: Cue,
    rest: list[Token],
    source: Stretch | None,
    passive: bool,
    lexicon: CueLexicon,
) -> Frame:
    """The verb's frame under one cue: the first slot that is filled."""
    frame = Frame(
        sentence,
        verb,
        cue.rule,
        "quote",
        verb_group(sentence, verb, rest),
        source,
        quotes="quote" in cue.slots,
        passive=passive,
    )
    cues = frozenset(lexicon.verbs)
    if "clause" in cue.slots:
        _clause(sentence, verb, frame, cues)
    if frame.content is None and "of" in cue.slots:
        _of(sentence, verb, frame)
    if frame.content is None and "as" in cue.slots and not passive:
        _as(sentence, verb, frame, cues)
    if frame.content is None and "small" in cue.slots and not passive:
        _small(sentence, verb, frame, cues)
    if frame.content is None and cue.slots & {"inf", "object-inf"}:
        _infinitive(sentence, verb, frame, cue, cues)
    if frame.content is None and cue.preps and not passive:
        _preposition(sentence, verb, frame, cue.preps, cues)
    if frame.content is None and "object" in cue.slots:
        _object(sentence, verb, frame, rest, cues)
    if frame.content is None and passive and source is None and cue.rule.name in ("blame", "call"):
        _undergone(sentence, verb, frame)
    if cue.rule.addressed:
        frame.addressee = _addressee(sentence, verb, frame, passive)
    elif not passive:
        frame.addressee = _to_whom(sentence, verb)
    return frame


def _subject(sentence: Sentence, verb: Token) -> Stretch | None:
    relative = relative_source(sentence, verb)
    if relative is not None:
        return relative
    own = sentence.children_by(verb, "nsubj")
    heads = own[:1] or grammar.own_subject(sentence, verb)[:1]
    if heads and heads[0].lower in ("there", "what"):
        return None
    if heads and (own or heads[0].lower != "it" or verb.tag == "VBG"):
        return source_span(sentence, heads[0], verb)
    return _name_before(sentence, verb)


def _name_before(sentence: Sentence, verb: Token) -> Stretch | None:
    """The name or pronoun right before a finite verb, where the parser has lost the subject."""
    if verb.tag not in ("VBD", "VBZ", "VBP"):
        return None
    last = verb.i - 1
    while last >= 0 and sentence.tokens[last].head == verb.i and sentence.tokens[last].dep in ("aux", "neg", "advmod"):
        last -= 1
    return _names_up_to(sentence, last)


def _names_up_to(sentence: Sentence, last: int) -> Stretch | None:
    first = last
    if last >= 0 and sentence.tokens[last].tag == "PRP":
        return sentence.tokens[last].start, sentence.tokens[last].end
    while first >= 0 and sentence.tokens[first].tag in ("NNP", "NNPS"):
        first -= 1
    return (sentence.tokens[first + 1].start, sentence.tokens[last].end) if first < last else None


def _agent(sentence: Sentence, verb: Token) -> Stretch | None:
    heads = grammar._agents(sentence, verb)
    return source_span(sentence, heads[0], verb) if heads else None


def _has_to(sentence: Sentence, verb: Token) -> bool:
    return any(sentence.tokens[i].lower == "to" and sentence.tokens[i].dep == "aux" for i in verb.children)


def _small_clause(sentence: Sentence, child: Token) -> bool:
    """'called the raid a crime', read as a clause without a verb."""
    return (
        not child.is_verb
        and child.tag != "MD"
        and not any(sentence.tokens[i].dep in ("mark", "aux") for i in child.children)
    )


def _clause(sentence: Sentence, verb: Token, frame: Frame, cues: frozenset[str]) -> None:
    """A finite complement before or behind the verb, or the clause into which the cue is put in commas."""
    children = sentence.children_by(verb, "ccomp", "advcl", "xcomp", "dep")
    for child in sorted(children, key=lambda one: one.i < verb.i):
        marks = {sentence.tokens[i].lower for i in child.children if sentence.tokens[i].dep == "mark"}
        if child.dep in ("advcl", "dep") and not (marks & {"that", "whether"} and child.i > verb.i):
            continue
        if child.dep == "xcomp" and (child.tag in ("VB", "VBG", "VBN") or not child.is_verb):
            continue
        if _has_to(sentence, child) and not marks and not _wh(sentence, child):
            continue
        if child.i > verb.i:
            if child.dep == "ccomp" and _small_clause(sentence, child) and not marks and child.tag[:2] in ("NN", "JJ"):
                continue
            first = max(subtree_range(sentence, child)[0], verb.i + 1)
            first = _past_addressee(sentence, child, first)
            frame.content = content_after(sentence, verb, first, child, cues)
        else:
            frame.content = content_before(sentence, verb, frame.start, child)
        if frame.content is not None:
            frame.slot = "clause"
            return
    _parenthesis(sentence, verb, frame)
    if frame.content is None:
        _that_behind(sentence, verb, frame)


def _that_behind(sentence: Sentence, verb: Token, frame: Frame) -> None:
    """'reported at the time that ...', 'insists, most recently on Monday, that ...', whatever the clause hangs on."""
    for token in sentence.tokens[verb.i + 1 : verb.i + _FARTHEST_THAT]:
        if token.is_verb or token.tag == "MD" or token.text in ";:":
            return
        if token.lower == "that" and token.dep == "mark":
            high = subtree_range(sentence, sentence.tokens[token.head])[1]
            frame.content, frame.slot = (token.start, sentence.tokens[high].end), "clause"
            return


def _wh(sentence: Sentence, child: Token) -> bool:
    low = subtree_range(sentence, child)[0]
    return sentence.tokens[low].tag in ("WRB", "WP", "WDT") or sentence.tokens[low].lower == "whether"


def _past_addressee(sentence: Sentence, clause: Token, first: int) -> int:
    """The token with which the clause begins; punctuation before it is not its own."""
    while first < clause.i and sentence.tokens[first].text in ",;:—–-":
        first += 1
    return first


def _parenthesis(sentence: Sentence, verb: Token, frame: Frame) -> None:
    """'The rebels, officers said, had left'; 'as the mayor put it, ...'; 'the dam, the mayor said, is safe'."""
    head = sentence.tokens[verb.head]
    as_clause = verb.dep == "advcl" and any(sentence.tokens[i].lower == "as" and i < verb.i for i in verb.children)
    if head is verb or not (verb.dep == "parataxis" or as_clause):
        return
    low, high = subtree_range(sentence, head)
    own_low, own_high = subtree_range(sentence, verb)
    tokens = sentence.tokens
    while low < high and (tokens[low].dep in ("cc", "punct") and tokens[low].text not in '"“'):
        low += 1
    if own_low <= low:
        low = min(own_high + 1, high)
    elif own_high >= high - 1:
        high = own_low - 1
    if low <= high:
        frame.content, frame.slot = (tokens[low].start, tokens[high].end), "clause"


def _of(sentence: Sentence, verb: Token, frame: Frame) -> None:
    for prep in sentence.children_by(verb, "prep"):
        if prep.lower == "of" and prep.i > verb.i and prep.children:
            low, high = subtree_range(sentence, prep)
            if high > prep.i:
                frame.content, frame.slot = (sentence.tokens[prep.i + 1].start, sentence.tokens[high].end), "of"
                return


def _as(sentence: Sentence, verb: Token, frame: Frame, cues: frozenset[str]) -> None:
    for prep in sentence.children_by(verb, "prep"):
        if prep.lower == "as" and prep.i > verb.i and prep.children:
            objects = sentence.children_by(verb, "dobj")
            first = objects[0] if objects and verb.i < objects[0].i < prep.i else prep
            low = subtree_range(sentence, first)[0] if first is not prep else prep.i + 1
            frame.content = content_after(sentence, verb, max(low, verb.i + 1), prep, cues)
            frame.slot = "as"
            return


def _small(sentence: Sentence, verb: Token, frame: Frame, cues: frozenset[str]) -> None:
    for child in sentence.children_by(verb, "oprd", "ccomp", "xcomp"):
        if child.i < verb.i or (child.dep != "oprd" and not _small_clause(sentence, child)):
            continue
        objects = [one for one in sentence.children_by(verb, "dobj") if verb.i < one.i < child.i]
        low = min([subtree_range(sentence, one)[0] for one in (*objects, child)])
        frame.content = content_after(sentence, verb, max(low, verb.i + 1), child, cues)
        frame.slot = "small"
        return
    behind = sentence.tokens[verb.i + 1 : verb.i + 12]
    if any(one.text in _MARKS for one in behind[1:]) and sentence.children_by(verb, "dobj", "dative"):
        high = subtree_range(sentence, verb)[1]
        frame.content, frame.slot = (sentence.tokens[verb.i + 1].start, sentence.tokens[high].end), "small"


def _infinitive(sentence: Sentence, verb: Token, frame: Frame, cue: Cue, cues: frozenset[str]) -> None:
    """'vowed to retaliate', 'urged both sides to stop'; of a passive, what is said to be or do so."""
    for child in sentence.children_by(verb, "xcomp", "ccomp", "advcl"):
        if child.i < verb.i or not _has_to(sentence, child):
            continue
        objects = [one for one in sentence.children_by(verb, "dobj") if verb.i < one.i < child.i]
        if child.dep == "advcl" and not objects:
            continue
        if objects and not cue.slots & {"object-inf"} and not cue.rule.addressed:
            continue
        low = subtree_range(sentence, child)[0]
        if objects and "object-inf" in cue.slots:
            low = min(low, subtree_range(sentence, objects[0])[0])
        frame.content = content_after(sentence, verb, max(low, verb.i + 1), child, cues)
        frame.slot = "inf"
        subjects = sentence.children_by(verb, "nsubjpass")
        if frame.passive and subjects:
            frame.content = (source_span(sentence, subjects[0], verb)[0], frame.content[1])
        return


def _preposition(sentence: Sentence, verb: Token, frame: Frame, preps: frozenset[str], cues: frozenset[str]) -> None:
    for prep in sentence.children_by(verb, "prep", "prt"):
        if prep.lower in preps and prep.i > verb.i and sentence.children_by(prep, "pobj", "pcomp"):
            frame.content = content_after(sentence, verb, prep.i + 1, prep, cues)
            if prep.i == frame.token.i + 1:
                frame.cue = (frame.cue[0], prep.end)
            frame.slot = f"prep:{prep.lower}"
            return


def _object(sentence: Sentence, verb: Token, frame: Frame, rest: list[Token], cues: frozenset[str]) -> None:
    """A thing said by its name; of a passive only where the page says by whom."""
    if frame.passive:
        subjects = sentence.children_by(verb, "nsubjpass")
        if subjects and frame.source is not None:
            frame.content, frame.slot = source_span(sentence, subjects[0], verb), "object"
        return
    holders = [*rest, verb]
    for holder in holders:
        for child in sentence.children_by(holder, "dobj", "pobj", "pcomp", "xcomp", "ccomp"):
            if child.i <= verb.i or child.lower in _NO_CONTENT or not _a_thing(sentence, child, holder is verb):
                continue
            low = max(subtree_range(sentence, child)[0], holder.i + 1)
            frame.content = content_after(sentence, verb, low, child if holder is verb else holder, cues)
            frame.slot = "object"
            return


def _undergone(sentence: Sentence, verb: Token, frame: Frame) -> None:
    """'Rebels were blamed for the attack', 'the dam is considered safe': the page does not say by whom."""
    subjects = sentence.children_by(verb, "nsubjpass")
    if not subjects:
        return
    for child in sentence.children_by(verb, "prep", "oprd"):
        if child.i > verb.i and (child.dep == "oprd" or child.lower == "for"):
            high = subtree_range(sentence, child)[1]
            frame.content = (source_span(sentence, subjects[0], verb)[0], sentence.tokens[high].end)
            frame.slot = "undergone"
            return


def _a_thing(sentence: Sentence, child: Token, of_verb: bool) -> bool:
    """Whether a dependent is a noun phrase or stands for one: a gerund ('admitted using'), 'what he called a breach'."""
    if child.dep == "xcomp":
        return child.tag == "VBG"
    if child.dep == "ccomp":
        return _wh(sentence, child)
    return child.dep == "dobj" if of_verb else True


def _addressee(sentence: Sentence, verb: Token, frame: Frame, passive: bool) -> Stretch | None:
    if passive:
        subjects = sentence.children_by(verb, "nsubjpass")
        return source_span(sentence, subjects[0], verb) if subjects else None
    for child in sentence.children_by(verb, "dative", "dobj"):
        if child.tag[:2] not in ("NN", "PR") or child.i < verb.i:
            continue
        low, high = subtree_range(sentence, child)
        start, end = sentence.tokens[max(low, verb.i + 1)].start, sentence.tokens[high].end
        if frame.content is None or end <= frame.content[0] or frame.content[1] <= start:
            return start, end
    return None


def _to_whom(sentence: Sentence, verb: Token) -> Stretch | None:
    """'said to reporters'."""
    for prep in sentence.children_by(verb, "dative", "prep"):
        if prep.lower == "to" and prep.i == verb.i + 1:
            for one in sentence.children_by(prep, "pobj"):
                low, high = subtree_range(sentence, one)
                return sentence.tokens[low].start, sentence.tokens[high].end
    return None


# ---------------------------------------------------------------------------------------------- nouns, adjectives, phrases


def _noun_frame(sentence: Sentence, noun: Token, lexicon: CueLexicon) -> Frame | None:
    if noun.dep in ("compound", "nmod"):
        return None
    for cue in lexicon.nouns[noun.lemma]:
        found = _noun_content(sentence, noun, cue)
        if found is None:
            continue
        content, slot = found
        source = _noun_source(sentence, noun, content)
        if source is None and noun.dep == "ROOT" and noun.lower.endswith("s"):
            source = _names_up_to(sentence, noun.i - 1)  # 'But Moscow claims that ...', the verb read as a noun
        if source is None and not (slot == "clause" and noun.lemma in rulefiles.words("report_hearsay")):
            continue
        return Frame(sentence, noun, cue.rule, slot, (noun.start, noun.end), source, content)
    return None


def _noun_content(sentence: Sentence, noun: Token, cue: Cue) -> tuple[Stretch, str] | None:
    tokens = sentence.tokens
    for child in sentence.children_by(noun, "acl", "ccomp", "relcl", "advcl"):
        if child.i < noun.i:
            continue
        low, high = subtree_range(sentence, child)
        marked = any(tokens[i].lower in ("that", "whether") and tokens[i].dep == "mark" for i in child.children)
        if marked and "clause" in cue.slots:
            return (tokens[low].start, tokens[high].end), "clause"
        if "inf" in cue.slots and child.dep in ("acl", "relcl") and _has_to(sentence, child):
            return (tokens[low].start, tokens[high].end), "inf"
    for prep in sentence.children_by(noun, "prep"):
        wanted = (prep.lower == "of" and "of" in cue.slots) or prep.lower in cue.preps
        if wanted and prep.i > noun.i and prep.i + 1 < len(tokens) and prep.children:
            high = subtree_range(sentence, prep)[1]
            return (tokens[prep.i + 1].start, tokens[high].end), f"prep:{prep.lower}"
    return _distant_that(sentence, noun) if "clause" in cue.slots else None


def _distant_that(sentence: Sentence, noun: Token) -> tuple[Stretch, str] | None:
    """'comments by the minister, an ally of the president, that ...', whatever the parser hung the clause on."""
    for token in sentence.tokens[noun.i + 2 : noun.i + _FARTHEST_THAT]:
        if token.is_verb or token.tag == "MD":
            return None
        if token.lower == "that" and token.dep == "mark" and token.tag == "IN":
            clause = sentence.tokens[token.head]
            return (token.start, sentence.tokens[subtree_range(sentence, clause)[1]].end), "clause"
    return None


def _noun_source(sentence: Sentence, noun: Token, content: Stretch) -> Stretch | None:
    slots = grammar.noun_slots(sentence, noun, rulefiles.words("light_verbs"))
    for name in ("poss", "by", "from", "among", "light"):
        for head in slots.preps.get(name, []):
            if content[0] <= head.start < content[1]:
                continue
            if name == "light":
                return source_span(sentence, head, sentence.tokens[noun.head])
            low, high = subtree_range(sentence, head)
            tokens = [
                one for one in sentence.tokens[low : high + 1] if one.end <= content[0] or one.start >= content[1]
            ]
            while tokens and (tokens[-1].dep in ("punct", "case")):
                tokens.pop()
            return (tokens[0].start, tokens[-1].end) if tokens else (head.start, head.end)
    return None


def _adjective_frame(sentence: Sentence, adjective: Token, lexicon: CueLexicon) -> Frame | None:
    verb = sentence.tokens[adjective.head]
    if not verb.is_verb:
        return None
    source = _subject(sentence, verb)
    if source is None or sentence.tokens[0].text == "":
        return None
    cues = frozenset(lexicon.verbs)
    low, _ = verb_group(sentence, verb)
    for cue in lexicon.adjectives[adjective.lemma]:
        frame = Frame(sentence, adjective, cue.rule, "clause", (max(low, source[1]), adjective.end), source)
        for child in sentence.child_tokens(adjective):
            if child.i < adjective.i:
                continue
            finite = child.dep == "ccomp" and not _has_to(sentence, child) and "clause" in cue.slots
            infinitive = child.dep in ("xcomp", "ccomp") and _has_to(sentence, child) and "inf" in cue.slots
            if finite or infinitive:
                frame.slot = "clause" if finite else "inf"
                first = max(subtree_range(sentence, child)[0], adjective.i + 1)
                frame.content = content_after(sentence, adjective, first, child, cues)
                return _with_trimmed_cue(sentence, frame)
            if child.dep == "prep" and child.lower in cue.preps and child.children:
                frame.slot = f"prep:{child.lower}"
                frame.content = content_after(sentence, adjective, child.i + 1, child, cues)
                return _with_trimmed_cue(sentence, frame)
    return None


def _with_trimmed_cue(sentence: Sentence, frame: Frame) -> Frame:
    inside = [one for one in sentence.tokens if frame.cue[0] <= one.start and one.end <= frame.cue[1]]
    if inside:
        frame.cue = (inside[0].start, inside[-1].end)
    return frame


def _phrase_frame(sentence: Sentence, token: Token, lexicon: CueLexicon) -> Frame | None:
    for cue in lexicon.phrases[token.lower]:
        if cue.rest and [one.lower for one in sentence.tokens[token.i + 1 : token.i + 1 + len(cue.rest)]] != list(
            cue.rest
        ):
            continue
        if cue.rest:
            return _according(sentence, token, cue)
        return _hearsay(sentence, token, cue)
    return None


def _according(sentence: Sentence, token: Token, cue: Cue) -> Frame | None:
    tokens = sentence.tokens
    last = tokens[token.i + len(cue.rest)]
    objects = sentence.children_by(last, "pobj") or sentence.children_by(token, "pobj")
    if last.i + 1 >= len(tokens):
        return None
    if objects and objects[0].i > last.i:
        head, high = objects[0].i, subtree_range(sentence, objects[0])[1]
    else:  # the parser lost the object: the words up to the next stop
        head = high = last.i + 1
        while high + 1 < len(tokens) and tokens[high + 1].text not in ",.;:—–-()\"“”":
            high += 1
    while high > head and tokens[high].dep == "punct" and tokens[high].text not in "\"”'’)":
        high -= 1
    source = (tokens[last.i + 1].start, tokens[high].end)
    before = [one for one in tokens[: token.i] if one.dep not in ("punct", "cc")]
    if len(before) <= 2:
        rest = [one for one in tokens[high + 1 :] if one.dep != "punct" or one.text in "\"“'‘"]
        content = (rest[0].start, tokens[-1].end) if rest else None
    else:
        content = (_clause_start(sentence, token), tokens[token.i].start)
    frame = Frame(sentence, token, cue.rule, "clause", (token.start, last.end), source, content, quotes=True)
    return frame


def _clause_start(sentence: Sentence, token: Token) -> int:
    """Where the clause begins to which a phrase is added."""
    head = sentence.tokens[token.head]
    while not head.is_verb and head.head != head.i:
        head = sentence.tokens[head.head]
    low = subtree_range(sentence, head)[0]
    while low < token.i and sentence.tokens[low].dep in ("cc", "punct") and sentence.tokens[low].text not in "\"“'‘":
        low += 1
    return sentence.tokens[min(low, token.i - 1)].start


def _hearsay(sentence: Sentence, token: Token, cue: Cue) -> Frame | None:
    head = sentence.tokens[token.head]
    if not head.is_verb:
        return None
    low, high = subtree_range(sentence, head)
    while low < head.i and sentence.tokens[low].dep in ("cc", "punct"):
        low += 1
    content = (sentence.tokens[low].start, sentence.tokens[high].end)
    return Frame(sentence, token, cue.rule, "clause", (token.start, token.end), None, content)


