"""Report verbs in a parsed sentence, read with their slots: clause, infinitive, object, small clause, preposition."""

from __future__ import annotations

from tocsin import rulefiles
from tocsin.extract import grammar
from tocsin.extract.statement_cues import Cue, CueLexicon, CueRule
from tocsin.extract.statement_frame import Frame
from tocsin.extract.statement_spans import (
    Stretch,
    content_after,
    content_before,
    source_span,
    subtree_range,
    verb_group,
    without_comment,
)
from tocsin.extract.statement_speakers import agent_span, has_to, is_wh, quoted_by, subject_span
from tocsin.parsed import Sentence, Token

_MARKS = frozenset('"“‘')
_NO_CONTENT = frozenset(
    {"it", "this", "that", "them", "him", "her", "me", "us", "you", "itself", "what", "who", "which", "so"}
)
_PHASES = frozenset({"continue", "appear", "seem", "go", "begin", "start", "proceed", "keep", "happen", "come"})
# 'were said to have fled' is nobody's word in particular
_HEARSAY = frozenset(
    {"say", "report", "claim", "allege", "believe", "think", "know", "understand", "consider", "suspect"}
)
_SPEECH = frozenset({"say", "ask", "tell", "confirm", "claim", "warn", "deny", "threaten", "accuse"})
_LONGEST_ADDRESSEE = 12  # tokens
_SHORTEST_CLAUSE = 3  # tokens
_LONGEST_ADJUNCT = 5  # tokens such as 'on Monday in Geneva' behind a final 'officials said'
FARTHEST_THAT = 14  # tokens between a noun such as 'comments' and the `that` of its clause


def _matched(sentence: Sentence, verb: Token, cue: Cue) -> list[Token] | None:
    """The further words of a cue, as dependents of its verb or right behind it; None where one is missing."""
    found = []
    position = verb.i
    for word in cue.rest:
        options = [sentence.tokens[i] for i in verb.children if i > position and _is_word(sentence, i, word)]
        after = position + 1
        if not options and after < len(sentence.tokens) and _is_word(sentence, after, word):
            options = [sentence.tokens[after]]
        if not options or _about_when(sentence, options[0]):
            return None
        found.append(options[0])
        position = options[0].i
    return found


def _is_word(sentence: Sentence, i: int, word: str) -> bool:
    """Whether the token is a cue's further word; the `to` of an infinitive is not that of 'agreed to a truce'."""
    return sentence.tokens[i].lower == word and sentence.tokens[i].dep != "aux"


def _about_when(sentence: Sentence, prep: Token) -> bool:
    """Whether a phrase says when or through what, as 'on Tuesday' and 'on television' do, and not what was said."""
    return any(
        one.lower in rulefiles.words("report_times") or (one.tag == "CD" and prep.lower != "at")
        for one in sentence.children_by(prep, "pobj")
    )


def verb_frame(sentence: Sentence, verb: Token, lexicon: CueLexicon) -> Frame | None:
    if verb.dep in ("amod", "compound", "nmod"):
        return None
    passive = grammar.is_passive(sentence, verb)
    source = agent_span(sentence, verb) if passive else subject_span(sentence, verb)
    if (
        passive and source is None and verb.lower in lexicon.adjectives
    ):  # 'were convinced that': it is they who think so
        subjects = sentence.children_by(verb, "nsubjpass")
        source = source_span(sentence, subjects[0], verb) if subjects else None
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
    if verb.dep == "acl" and sentence.tokens[verb.head].lemma in rulefiles.words("writings"):
        return False  # 'a statement announcing the talks'
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
        verb_group(sentence, verb, _further_words(verb, rest)),
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
    denied = any(sentence.tokens[i].dep == "neg" for i in verb.children)
    hearsay = passive and source is None and verb.lemma in _HEARSAY and not denied
    if frame.content is None and (hearsay or cue.slots & {"inf", "object-inf"}):
        _infinitive(sentence, verb, frame, cue, rest, cues)
    if frame.content is None and cue.preps and not passive:
        _preposition(sentence, verb, frame, cue.preps, cues)
    if frame.content is None and "object" in cue.slots:
        _object(sentence, verb, frame, rest, cues)
    if frame.content is not None and frame.slot not in ("clause", "of"):
        frame.content = without_comment(sentence, frame.content)
    if frame.content is None and passive and source is None and cue.rule.name in ("blame", "call"):
        _undergone(sentence, verb, frame)
    if verb.tag == "VB" and frame.content is None:
        frame.quotes = frame.quotes and not has_to(sentence, verb)  # 'to continue until "the end"' quotes nobody
    if cue.rule.addressed:
        frame.addressee = _addressee(sentence, verb, frame, passive)
    elif not passive:
        frame.addressee = _to_whom(sentence, verb) if "to" not in cue.rest else None
    frame.via = quoted_by(sentence, verb)
    return frame


def _further_words(verb: Token, rest: list[Token]) -> list[Token]:
    """The words of a cue that stand right behind its verb; 'asked allies for' is marked by its verb alone."""
    found: list[Token] = []
    for one in rest:
        if one.i != verb.i + len(found) + 1 or one.dep == "dobj":
            break
        found.append(one)
    return found


def _small_clause(sentence: Sentence, child: Token) -> bool:
    """'called the raid a crime', read as a clause without a verb."""
    return (
        not child.is_verb
        and child.tag != "MD"
        and not any(sentence.tokens[i].dep in ("mark", "aux", "auxpass", "nsubjpass") for i in child.children)
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
        if has_to(sentence, child) and not marks and not is_wh(sentence, child):
            continue
        if child.i > verb.i:
            if child.dep == "ccomp" and _small_clause(sentence, child) and not marks and child.tag[:2] in ("NN", "JJ"):
                continue
            first = max(subtree_range(sentence, child)[0], verb.i + 1)
            first = _past_addressee(sentence, child, first)
            frame.content = content_after(sentence, verb, first, child, cues)
        elif not any(one.text == ";" for one in sentence.tokens[child.i : verb.i]) and not _denies_more(sentence, verb):
            frame.content = content_before(sentence, verb, frame.start, child)
        if frame.content is not None:
            frame.slot = "clause"
            return
    _parenthesis(sentence, verb, frame)
    if frame.content is None:
        _that_behind(sentence, verb, frame)
    if frame.content is None and frame.rule.name in ("say", "tell") and frame.source is not None:
        _all_before(sentence, frame)


def _denies_more(sentence: Sentence, verb: Token) -> bool:
    """'Ambush kills 14, army denies losing town': what is denied stands behind, and the clause before is the page's own."""
    behind = (one for one in sentence.children_by(verb, "xcomp") if one.tag == "VBG" and one.i > verb.i)
    return verb.lemma in rulefiles.words("denying_verbs") and next(behind, None) is not None


def _all_before(sentence: Sentence, frame: Frame) -> None:
    """'..., say officials' at the end of a sentence or headline, though the parser saw no clause before it."""
    before = [one for one in sentence.tokens if one.end <= frame.start]
    after = [one for one in sentence.tokens if one.start >= frame.end and one.dep != "punct"]
    verb = frame.token
    if verb.tag not in ("VBD", "VBZ", "VBP") or (frame.rule.name == "say" and sentence.children_by(verb, "dobj")):
        return
    spoken = len(before) > _SHORTEST_CLAUSE and any(one.is_verb or frame.sentence.headline for one in before)
    if spoken and before[-1].text == "," and len(after) <= _LONGEST_ADJUNCT:
        frame.content, frame.slot = (before[0].start, before[-1].start), "clause"


def _that_behind(sentence: Sentence, verb: Token, frame: Frame) -> None:
    """'reported at the time that ...', 'insists, most recently on Monday, that ...', whatever the clause hangs on."""
    for token in sentence.tokens[verb.i + 1 : verb.i + FARTHEST_THAT]:
        if token.is_verb or token.tag == "MD" or token.text in ";:":
            return
        if token.lower == "that" and token.dep == "mark":
            high = subtree_range(sentence, sentence.tokens[token.head])[1]
            frame.content, frame.slot = (token.start, sentence.tokens[high].end), "clause"
            return


def _past_addressee(sentence: Sentence, clause: Token, first: int) -> int:
    """The token with which the clause begins: punctuation and 'on Friday' right behind the verb are not its own."""
    tokens, times = sentence.tokens, rulefiles.words("report_times")
    if tokens[first - 1] is tokens[sentence.tokens[clause.head].i]:
        after = first + (tokens[first].lower in ("on", "in", "at", "late", "early"))
        if after < clause.i - 1 and tokens[after].lower in times and tokens[after + 1].text != ",":
            first = after + 1
    while first < clause.i and tokens[first].text in ",;:—–-":
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
    elif own_high >= high - 1 or (head.i < own_low and _contrasts(sentence, own_high + 1)):
        high = own_low - 1
    if low <= high:
        frame.content, frame.slot = (tokens[low].start, tokens[high].end), "clause"


def _contrasts(sentence: Sentence, first: int) -> bool:
    """Whether what follows a cue in commas sets something against the content, and is no part of it."""
    behind = [one for one in sentence.tokens[first : first + 3] if one.dep != "punct"]
    return bool(behind) and behind[0].lower in ("while", "but", "and", "although", "though", "whereas", "adding")


def _of(sentence: Sentence, verb: Token, frame: Frame) -> None:
    """'accused the army of using gas'; the parser may hang the phrase on the accused."""
    for holder in (verb, *sentence.children_by(verb, "dobj")):
        for prep in sentence.children_by(holder, "prep"):
            gerund = bool(sentence.children_by(prep, "pcomp"))
            if prep.lower == "of" and prep.i > verb.i and prep.children and (holder is verb or gerund):
                high = subtree_range(sentence, prep)[1]
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


def _infinitive(
    sentence: Sentence, verb: Token, frame: Frame, cue: Cue, rest: list[Token], cues: frozenset[str]
) -> None:
    """'vowed to retaliate', 'urged both sides to stop'; of a passive, what is said to be or do so."""
    for child in sentence.children_by(verb, "xcomp", "ccomp", "advcl"):
        if child.i < verb.i or not has_to(sentence, child):
            continue
        holders = [one for word in rest for one in sentence.children_by(word, "pobj")]
        objects = [one for one in (*sentence.children_by(verb, "dobj"), *holders) if verb.i < one.i < child.i]
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
        if (
            prep.lower in preps
            and prep.i > verb.i
            and not _about_when(sentence, prep)
            and sentence.children_by(prep, "pobj", "pcomp")
        ):
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
            if frame.rule.name == "show-thing" and any(one.tag == "PRP$" for one in sentence.child_tokens(child)):
                continue  # who shows his papers says nothing
            low = max(subtree_range(sentence, child)[0], holder.i + 1)
            if frame.rule.name == "put-figure":
                low = verb.i + 1
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
        return is_wh(sentence, child)
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
    return _words_between(sentence, verb, frame)


def _words_between(sentence: Sentence, verb: Token, frame: Frame) -> Stretch | None:
    """Whom 'told' names, where the parser saw no object: the words up to the content."""
    if frame.content is None or frame.slot != "clause":
        return None
    between = [one for one in sentence.tokens[verb.i + 1 :] if one.end <= frame.content[0]]
    if not 0 < len(between) <= _LONGEST_ADDRESSEE or between[0].tag[:2] not in ("DT", "NN", "PR", "JJ", "CD"):
        return None
    return None if any(one.text == "," for one in between) else (between[0].start, between[-1].end)


def _to_whom(sentence: Sentence, verb: Token) -> Stretch | None:
    """'said to reporters'."""
    for prep in sentence.children_by(verb, "dative", "prep"):
        if prep.lower == "to" and prep.i == verb.i + 1:
            for one in sentence.children_by(prep, "pobj"):
                low, high = subtree_range(sentence, one)
                return sentence.tokens[low].start, sentence.tokens[high].end
    return None
