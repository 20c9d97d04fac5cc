"""Who did it where no slot of the event's word says so: the doer of its means, and the police behind an arrest.

"Three were killed in police firing" names its doer one noun further down; that is read, not guessed. "Forty were
arrested" names nobody, but to arrest is by the word's meaning an act of the police; so says the cue list `implies_police`
of a kind in the codebook, and such a doer carries the rule `implied:...` in its row and in the event's reasons. Words that
soldiers or gunmen use as well ("detained", "held") imply nobody unless the police are spoken of beside them, and where
soldiers or armed groups are spoken of, here or in the sentence before, nobody is implied by a meaning.

Weaker evidence has rules of its own and takes from the event's confidence: `implied:police-are-likely`, where somebody was
detained, held or picked up by nobody named (`may_imply_police`) on a page that speaks of no soldiers, armed groups or
foreign hands at all; `implied:party-of-clash`, where people died in a clash of which the police are
one side, on such a page.
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
_KEEPING = frozenset("custody detention cell lockup lock-up station".split())
_TOLLS = frozenset({"death", "killing", "wounding"})
_CLASHES = frozenset("clash scuffle encounter confrontation".split())
_IN_CLASHES = ("in", "during", "after")
_LOSS = 0.08
_WINDOW = 5  # how soon after a verb its means must follow: 'lobbed tear gas shells'
_DESCRIBING = frozenset({"acl", "relcl", "amod"})
_OTHER_FORCES = ("soldiers", "armed_groups")
_HUNTED = frozenset("terrorist extremist suspect attacker assailant".split())  # the law's words for those it looks for
_SHARED = frozenset(
    "force general guard officer major captain commander division company column squad unit convoy".split()
)


@dataclass(frozen=True, slots=True)
class Implied:
    """A doer and the rule that found it. `actor` is its row where the words alone would not tell what it is."""

    span: SpanOf
    rule: str
    actor: Actor | None = None
    loss: float = 0.0  # what so weak a rule takes from the event's confidence


def implied_doer(parsed: ParsedDocument, draft: Draft) -> Implied | None:
    """The doer of an event that has none of its own, or only a pronoun for one; None where nothing tells."""
    sentence = parsed.sentences[draft.sentence]
    if not sentence.tokens:
        return None
    of_means = _doer_of_means(sentence, draft) if draft.kind.harm else None
    if of_means is not None:
        return of_means
    clash = _police_of_clash(sentence, draft)
    if clash is not None and not _others_on_page(parsed):
        return Implied(clash, "implied:party-of-clash", loss=_LOSS)
    if (draft.kind.implies_police or draft.kind.may_imply_police) and not _others_near(parsed, draft):
        return _police(parsed, sentence, draft)
    return None


def custodian(parsed: ParsedDocument, draft: Draft) -> SpanOf | None:
    """Who holds the arrested, where a judge or nobody is the doer: 'remanded in police custody', 'moved to a police cell'."""
    sentence = parsed.sentences[draft.sentence]
    if draft.kind.mode != "arrest" or not sentence.tokens:
        return None
    preps = sentence.children_by(draft.token, "prep", "advmod") + [draft.token] * draft.nominal
    for noun in (one for prep in preps for one in [*sentence.children_by(prep, "pobj"), prep] if one.lemma in _KEEPING):
        owners = [one for one in _owners(sentence, noun) if _is_police(one)]
        if owners:
            return _words(sentence, owners[0], noun)
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
    others = frozenset().union(*(rulefiles.words(name) for name in _OTHER_FORCES)) - _SHARED - _HUNTED
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
    for token in sentence.tokens if draft.kind.implies_police and not described else ():
        held = any(start <= token.start < end for start, end in draft.recipients)
        if _is_police(token) and token.is_noun and not held:
            return Implied(grammar.phrase(sentence, token), "implied:police-spoken-of")
    said = [one for one in sentence.tokens if draft.start <= one.start < draft.end or one is draft.token]
    means = [] if draft.nominal else sentence.tokens[draft.token.i + 1 : draft.token.i + _WINDOW]
    word = next((one for one in (*said, *means) if one.lemma in draft.kind.implies_police), None)
    if word is not None:
        return _by_word(parsed, word, "implied:by-the-word")
    weak = next((one for one in said if one.lemma in draft.kind.may_imply_police), None)
    if weak is None or not _is_done_to(sentence, draft) or _others_on_page(parsed):
        return None
    return _by_word(parsed, weak, "implied:police-are-likely", loss=_LOSS)


def _by_word(parsed: ParsedDocument, word: Token, rule: str, *, loss: float = 0.0) -> Implied:
    """Police without words of their own: the row is the word that implies them."""
    start, end = word.start, word.end
    row = Actor(
        start=start, end=end, text=parsed.text[start:end], name="police", code="COP", sector="COP", type="organization",
        rule=rule,
    )  # fmt: skip
    return Implied((start, end), rule, row, loss)


def _is_done_to(sentence: Sentence, draft: Draft) -> bool:
    """Whether the doer goes unsaid: a passive ('were held'), or 'the firing' that is known already where police speak."""
    if not draft.nominal:
        named = bool(sentence.children_by(draft.token, "agent"))  # 'those detained by us': no police need be guessed
        return not named and grammar.is_passive(sentence, draft.token)
    known = any(one.lower == "the" for one in sentence.children_by(draft.token, "det"))
    return known and any(_is_police(one) and one.is_noun for one in sentence.tokens)


def _others_on_page(parsed: ParsedDocument) -> bool:
    """Whether anybody else who takes people is spoken of anywhere: then 'was detained' is no word of the police."""
    others = frozenset().union(*(rulefiles.words(name) for name in _OTHER_FORCES)) - _SHARED
    return not others.isdisjoint(parsed.nouns())


def _police_of_clash(sentence: Sentence, draft: Draft) -> SpanOf | None:
    """The police where people came to harm in a clash with them: 'died in a clash', 'hurt after strikers and police clashed'."""
    if draft.kind.kind == "armed-clash" and draft.nominal:
        hurt = [one for one in sentence.tokens if one.is_noun and _is_police(one) and one.dep != "compound"]
        return grammar.phrase(sentence, hurt[0]) if hurt else None
    if draft.kind.kind not in _TOLLS:
        return None
    heads = [draft.token, *(one for one in sentence.children_by(draft.token, "conj") if one.is_verb)]
    heads += [sentence.tokens[draft.token.head]] if draft.token.dep == "amod" else []
    preps = [one for head in heads for one in sentence.children_by(head, "prep") if one.lower in _IN_CLASHES]
    clashes = [one for prep in preps for one in sentence.children_by(prep, "pobj")]
    clauses = [one for head in heads for one in sentence.children_by(head, "advcl")]
    clashes += [one for clause in clauses for one in sentence.subtree(clause) if one.is_verb]
    for clash in clashes:
        if clash.lemma not in _CLASHES:
            continue
        police = [one for one in sentence.subtree(clash) if _is_police(one) and not _is_harmed(sentence, one)]
        if police:
            return _words(sentence, police[0], clash)
    return None


def _is_harmed(sentence: Sentence, token: Token) -> bool:
    return sentence.tokens[token.head].lemma in ("kill", "injure", "wound", "hurt")
