"""Small readings of syntax that the status rules rest on: clause forms, slots, auxiliaries, negation, definiteness."""

from __future__ import annotations

from tocsin.parsed import Sentence, Token

CLAUSES = frozenset({"ccomp", "xcomp", "csubj", "csubjpass", "acl", "advcl", "pcomp", "oprd", "relcl"})
ARGUMENTS = frozenset(
    {"dobj", "nsubj", "nsubjpass", "pobj", "dative", "attr", "agent", "npadvmod", "appos", "poss", "nmod"}
)
_LINKS = frozenset({"prep", "agent", "dative", "advmod", "pcomp", "prt"})
_NOBODY = frozenset({"nobody", "none", "nothing", "neither", "noone"})
_NEGATORS = frozenset({"not", "n't", "n’t", "never", "nor", "nt", "nowhere"})
_NOUNISH = ("NN", "PR", "CD", "WP", "DT", "WD", "JJ", "EX")
_MODALS = {
    "'ll": "will",
    "’ll": "will",
    "wo": "will",
    "ca": "can",
    "'d": "would",
    "’d": "would",
    "sha": "shall",
    "cannot": "can",
}
_DEFINITE = frozenset(
    {"the", "this", "that", "these", "those", "both", "such", "its", "his", "her", "their", "our", "my", "your"}
)
_COUNTS = frozenset({"fewer", "less", "more", "doubt", "matter", "wonder"})


def word_class(token: Token) -> str:
    """The rules' word class of a token by its Penn tag; empty where rules have none."""
    head = token.tag[:2]
    if head == "VB":
        return "verb"
    if head == "NN":
        return "noun"
    if head == "JJ":
        return "adjective"
    return "adverb" if head == "RB" else ""


def clause_form(sentence: Sentence, verb: Token) -> str:
    """`inf` (with to), `that` (finite), `ing`, `participle` or `bare`."""
    subject = perfect = False
    for i in verb.children:
        child = sentence.tokens[i]
        if child.dep in ("aux", "auxpass"):
            if child.lower == "to":
                return "inf"
            if child.tag in ("MD", "VBD", "VBZ", "VBP"):
                return "that"
            if child.lower == "be" and child.tag == "VB":
                return "bare"  # 'demanded that he be freed'
            perfect = perfect or child.tag == "VBG"
        elif child.dep in ("nsubj", "nsubjpass", "expl"):
            subject = True
    if verb.tag in ("VBD", "VBZ", "VBP") or (verb.tag == "VBN" and subject):
        return "that"
    if verb.tag == "VBG" or perfect:
        return "ing"
    return "participle" if verb.tag == "VBN" else "bare"


def governor(sentence: Sentence, token: Token) -> tuple[Token, str, Token | None]:
    """The word that the token depends on, prepositions taken out; the prepositions joined; the last of them."""
    head = sentence.tokens[token.head]
    if token.dep not in ("pobj", "pcomp"):
        return head, "", None
    words, last = [head.lower], head
    if head.i and sentence.tokens[head.i - 1].head == head.i and sentence.tokens[head.i - 1].dep == "advmod":
        words.append(sentence.tokens[head.i - 1].lower)  # 'instead of', where 'instead' hangs on 'of'
    for _ in range(4):
        above = sentence.tokens[head.head]
        if head is above or head.dep not in _LINKS:
            break
        head = above
        if not (head.dep in _LINKS and head.tag in ("IN", "RB", "TO", "RP")):
            break
        words.append(head.lower)
    return head, " ".join(reversed(words)), last


def slots_of(sentence: Sentence, token: Token, prep: str, form: str) -> tuple[str, ...]:
    """The names of the slot that the token fills of its governor, most telling first."""
    dep = token.dep
    if prep:
        short = prep.rsplit(" ", 1)[-1]
        keys = (prep, short) if short != prep else (prep,)
        return ("ing-" + short, *keys) if form == "ing" else keys
    if dep in ("dobj", "nsubjpass"):
        return ("object",)
    if dep == "nsubj":
        return ("happening",)
    if dep in ("compound", "nmod", "amod", "poss"):
        return ("modifier",)
    if dep in ("attr", "acomp"):
        return ("predicate",)
    if not form or dep not in CLAUSES:
        return ()
    if dep == "relcl" and form != "inf" and not _complements(sentence, token):
        return ()  # 'the accord that they signed' tells of the accord, not what it says
    if form == "bare":
        return ("subjunctive", "bare", "that")
    if form == "ing" and dep == "advcl" and _follows_particle(sentence, token):
        return ("ing",)
    if form in ("participle", "ing", "that") and dep == "advcl":
        return ()
    if form == "participle":
        return ("ing",) if dep == "xcomp" else ()
    return (form,)


def _follows_particle(sentence: Sentence, verb: Token) -> bool:
    """'ruled out sending': what stands right behind a verb's particle is its object, though parsers may call it adverbial."""
    before = sentence.tokens[verb.i - 1] if verb.i else None
    return before is not None and before.dep == "prt" and before.head == verb.head


def _complements(sentence: Sentence, verb: Token) -> bool:
    """Whether a clause that the parser calls relative has no gap: a conjunction, or a subject besides 'that'."""
    below = [sentence.tokens[i].dep for i in verb.children]
    return "mark" in below or below.count("nsubj") + below.count("nsubjpass") > 1


def auxiliary(sentence: Sentence, verb: Token) -> tuple[Token | None, str]:
    """The modal of a verb and its name, `have` added before a perfect: `would have`."""
    modal, perfect = None, False
    for i in verb.children:
        child = sentence.tokens[i]
        if child.dep in ("aux", "auxpass"):
            if child.tag == "MD" and modal is None and not _is_month(sentence, child):
                modal = child
            elif child.lemma == "have":
                perfect = True
    if modal is None:
        return None, ""
    name = _MODALS.get(modal.lower, modal.lower)
    return modal, f"{name} have" if perfect and verb.tag in ("VBN", "VBD") else name


def _is_month(sentence: Sentence, word: Token) -> bool:
    """'May 18': parsers take the month in headlines for the modal."""
    if word.lower != "may":
        return False
    return _next(sentence, word).isdecimal() or (word.text == "May" and word.i > 0)


def negations(sentence: Sentence, token: Token) -> list[Token]:
    """The words that deny the predicate: negative particles, negative subjects and objects."""
    found = []
    for i in token.children:
        child = sentence.tokens[i]
        if (child.dep == "neg" and child.lower != "no") or (
            child.lower in _NEGATORS and child.dep in ("advmod", "preconj", "intj")
        ):
            if not _only(sentence, child):
                found.append(child)
        elif child.lower in ("longer", "more") and child.i and sentence.tokens[child.i - 1].lower == "no":
            if _next(sentence, child) != "than":
                found.append(child)
        elif (
            child.dep in ("nsubj", "nsubjpass", "dobj") and token.tag[:2] == "VB" and (no := negative(sentence, child))
        ):
            found.append(no)
        elif (
            child.dep == "det"
            and child.lower in ("no", "neither")
            and token.tag[:2] != "VB"
            and not _count(sentence, child)
        ):
            found.append(child)
    return found


def negative(sentence: Sentence, noun: Token) -> Token | None:
    """The word that makes a noun phrase negative: 'nobody', 'no soldier', 'none of them'."""
    if noun.lower in _NOBODY:
        return noun
    if noun.lower == "one" and noun.i and sentence.tokens[noun.i - 1].lower == "no":
        return noun
    for i in noun.children:
        child = sentence.tokens[i]
        if child.dep in ("det", "preconj") and child.lower in ("no", "neither") and not _count(sentence, child):
            return child
        if child.dep == "neg" and child.lower == "not" and not _only(sentence, child):
            return child  # 'not a single soldier'

    return None


def _only(sentence: Sentence, word: Token) -> bool:
    """'not only', 'not just', 'not the barracks but': focus, no denial of the predicate."""
    return _next(sentence, word) in ("only", "just", "merely", "least") or (
        word.i > sentence.tokens[word.head].i and word.lower == "not"
    )


def _count(sentence: Sentence, no: Token) -> bool:
    return _next(sentence, no) in _COUNTS


def _next(sentence: Sentence, token: Token) -> str:
    return sentence.tokens[token.i + 1].lower if token.i + 1 < len(sentence.tokens) else ""


def is_definite(sentence: Sentence, noun: Token) -> bool:
    """Whether the phrase takes its referent as known: an article, a possessor, a name."""
    if noun.tag in ("NNP", "NNPS", "PRP"):
        return True
    for i in noun.children:
        child = sentence.tokens[i]
        if child.dep == "poss" or (child.dep == "det" and child.lower in _DEFINITE):
            return True
    return False


def is_event_like(token: Token) -> bool:
    """Whether a token can fill a noun's place."""
    return token.tag[:2] in _NOUNISH


def subject_of(sentence: Sentence, verb: Token) -> Token | None:
    """The verb's own subject, or the one it shares with what it is coordinated with."""
    for _ in range(6):
        for i in verb.children:
            child = sentence.tokens[i]
            if child.dep in ("nsubj", "nsubjpass"):
                return child
        if verb.dep not in ("conj", "xcomp", "advcl") or verb.head == verb.i:
            return None
        verb = sentence.tokens[verb.head]
    return None
