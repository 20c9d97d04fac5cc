"""Who did it where no slot of the event's word says so: the doer of its means, and the police behind an arrest.

"Three were killed in police firing" names its doer one noun further down; that is read, not guessed. "Forty were
arrested" names nobody, but to arrest is by the word's meaning an act of the police; so says the cue list `implies_police`
of a kind in the codebook, and such a doer carries the rule `implied:...` in its row and in the event's reasons. Words that
soldiers or gunmen use as well ("detained", "held") imply nobody unless the police are spoken of beside them, and where
soldiers or armed groups are spoken of, here or in the sentence before, nobody is implied at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin import rulefiles
from tocsin.extract import grammar
from tocsin.extract.events import Draft
from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Actor

SpanOf = tuple[int, int]
_POLICE = frozenset(
    "police policeman policemen policewoman cop constable gendarme gendarmerie carabinieri inspector detective".split()
)
_MEANS = ("in", "by", "during", "from", "of", "to")  # 'killed in', 'died of', 'succumbed to'
_ACTS = frozenset("firing action operation charge crackdown brutality custody torture shot bullet bullets".split())
_DESCRIBING = frozenset({"acl", "relcl", "amod"})
_OTHER_FORCES = ("soldiers", "armed_groups")
_SHARED = frozenset(
    "force general guard officer major captain commander division company column squad unit convoy".split()
)


@dataclass(frozen=True, slots=True)
class Implied:
    """A doer and the rule that found it. `actor` is its row where the words alone would not tell what it is."""

    span: SpanOf
    rule: str
    actor: Actor | None = None


def implied_doer(parsed: ParsedDocument, draft: Draft) -> Implied | None:
    """The doer of an event that has none of its own, or None."""
    sentence = parsed.sentences[draft.sentence]
    if draft.actors or not sentence.tokens:
        return None
    of_means = _doer_of_means(sentence, draft) if draft.kind.harm else None
    if of_means is not None:
        return of_means
    if draft.kind.implies_police and not _others_near(parsed, draft):
        return _police(parsed, sentence, draft)
    return None


def _doer_of_means(sentence: Sentence, draft: Draft) -> Implied | None:
    """'killed in police firing', 'hurt in a baton charge by constables': the noun's own doer.

    'firing by the police' is read as a noun where the parser took it for a participle.
    """
    if draft.nominal:
        return None
    preps = [one for one in sentence.children_by(draft.token, "prep", "agent") if one.lower in _MEANS]
    means = [one for prep in preps for one in sentence.children_by(prep, "pobj", "pcomp")]
    means += [draft.token] if draft.token.tag == "VBG" else []
    for noun in means:
        if not _is_act(sentence, noun):
            continue
        doers = [one for one in _owners(sentence, noun) if _is_force(one)]
        if doers:
            return Implied(_words(sentence, doers[0], noun), "syntax:doer-of-means")
    return None


def _is_act(sentence: Sentence, noun: Token) -> bool:
    """Whether the noun is something that is done: 'police firing', but not 'the police station'."""
    done = noun.tag == "VBG" or noun.lemma in _ACTS or noun.lemma in rulefiles.words("attacks")
    return done or any(one.tag == "VBG" for one in sentence.children_by(noun, "acl"))


def _owners(sentence: Sentence, noun: Token) -> list[Token]:
    """Modifiers, possessor and `by` phrase of a noun; of 'in police firing', taken as 'police who fire', the police."""
    found = sentence.children_by(noun, "compound", "nmod", "amod", "poss")
    for by in sentence.children_by(noun, "prep", "agent"):
        found += sentence.children_by(by, "pobj") if by.lower == "by" else []
    if noun.dep == "pobj" and any(
        one.tag == "VBG" and one.i == noun.i + 1 for one in sentence.children_by(noun, "acl")
    ):
        found.append(noun)
    return found


def _words(sentence: Sentence, doer: Token, noun: Token) -> SpanOf:
    """The doer's words: of a modifier no more than itself and what is below it."""
    if doer.i >= noun.i:
        return grammar.phrase(sentence, doer)
    below = [one for one in sentence.subtree(doer) if one.dep != "case" and one.tag != "POS"]
    return below[0].start, max(one.end for one in below)


def _is_force(token: Token) -> bool:
    known = (_POLICE, *(rulefiles.words(name) for name in _OTHER_FORCES))
    return any(token.lower in words or token.lemma in words for words in known)


def _is_police(token: Token) -> bool:
    return token.lower in _POLICE or token.lemma in _POLICE


def _others_near(parsed: ParsedDocument, draft: Draft) -> bool:
    """Whether soldiers or armed groups are spoken of, who may have made the arrest."""
    others = frozenset().union(*(rulefiles.words(name) for name in _OTHER_FORCES)) - _SHARED
    recipients = draft.recipients
    for index in (draft.sentence - 1, draft.sentence):
        for token in parsed.sentences[index].tokens if index >= 0 else ():
            held = any(start <= token.start < end for start, end in recipients)
            if not held and token.is_noun and token.lemma in others:
                return True
    return False


def _police(parsed: ParsedDocument, sentence: Sentence, draft: Draft) -> Implied | None:
    """The police that the sentence speaks of, else those whom the event's own word implies."""
    described = draft.token.dep in _DESCRIBING  # 'the mayor, arrested in May': who tells of him now may be other police
    for token in sentence.tokens if not described else ():
        held = any(start <= token.start < end for start, end in draft.recipients)
        if _is_police(token) and token.is_noun and not held:
            return Implied(grammar.phrase(sentence, token), "implied:police-spoken-of")
    said = [one for one in sentence.tokens if draft.start <= one.start < draft.end or one is draft.token]
    word = next((one for one in said if one.lemma in draft.kind.implies_police), None)
    if word is None:
        return None
    start, end = word.start, word.end
    row = Actor(
        start=start, end=end, text=parsed.text[start:end], name="police", code="COP", sector="COP", type="organization",
        rule="implied:by-the-word",
    )  # fmt: skip
    return Implied((start, end), "implied:by-the-word", row)
