"""Did it happen, and who commits to it: the judgement of any word of a parsed document.

`certainty` is the author's commitment (FactBank / UW scale divided by 3). Who says so is a second axis, and never
lowers it by itself: readers take plainly reported things as the page's own claims. The one-word `status` is derived
from both and from the cues that decided.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tocsin.extract.status_clause import negative, subject_of
from tocsin.extract.status_horizon import Horizons
from tocsin.extract.status_rules import lexicon
from tocsin.extract.status_scope import Frames
from tocsin.extract.status_standing import Standing
from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Horizon, Polarity, Probe, Span, Statement, Status
from tocsin.rulefiles import words
from tocsin.stretches import ByStart

_DENIED_AT = -0.5  # at or below, the thing is said not to have happened
_OPEN_AT = 0.3  # below, and above a denial, nobody commits to it either way
_OPEN = frozenset({"possible", "attempt", "wish", "demand"})
_PRONOUNS = frozenset({"i", "we", "it", "they", "he", "she"})
_OWN = frozenset({"my", "our", "its", "their", "his", "her"})
_TO_COME = frozenset({"future", "plan", "pledge"})


@dataclass(slots=True, frozen=True)
class Judgement:
    """How the author and the sources stand to one word's event.

    `certainty` lies in -1..1. `cues` are the words that decided, outermost first, `rules` the names of their rules in
    the same order. `said_by` are positions in the statements that were passed, `sources` the words that name a source
    in the sentence itself (found by syntax alone).
    """

    status: Status
    certainty: float
    polarity: Polarity
    horizon: Horizon
    cues: tuple[Span, ...] = ()
    rules: tuple[str, ...] = ()
    said_by: tuple[int, ...] = ()
    sources: tuple[Span, ...] = ()


class Judge:
    """Judges words of one document; keeps what it read of each sentence, so that many words of one cost little more."""

    def __init__(
        self,
        parsed: ParsedDocument,
        statements: Sequence[Statement] = (),
        vouches: Callable[[Statement], bool] | None = None,
    ) -> None:
        """`vouches` tells which statements say that their content is so; without it all with a source do."""
        self._statements = statements
        sourced = [
            i for i, one in enumerate(statements) if one.source is not None and (vouches is None or vouches(one))
        ]
        self._by_start = sorted(sourced, key=lambda i: statements[i].content.start)
        self._starts = [statements[i].content.start for i in self._by_start]
        denials = [one for one in range(len(statements)) if _is_denial(statements[one])]
        self._contents, self._denials = ByStart(sourced, span=self._content_of), ByStart(denials, span=self._content_of)
        self._frames: dict[int, Frames] = {}
        self._horizons = Horizons(parsed)

    def _content_of(self, number: int) -> tuple[int, int]:
        return self._statements[number].content.start, self._statements[number].content.end

    def judge(self, sentence: Sentence, token: Token, *, harm: bool | None = None) -> Judgement:
        """The judgement of one token. `harm` says whether its event does harm; by default the word itself decides."""
        frames = self._frames.get(sentence.index)
        if frames is None or frames.sentence is not sentence:
            frames = self._frames[sentence.index] = Frames(sentence)
        held = self._said_by(token)
        horizon, standing = self._horizons.horizon(sentence, token, frames.frame(token).own, said=bool(held))
        standing = _without_cut_off(sentence, token, standing)
        said_by = held or self._of_sources(sentence, standing.sources)
        value = round(max(-1.0, min(1.0, standing.value)), 3)
        attributed = bool(said_by or standing.sources)
        hurts = token.lemma in words("harm") if harm is None else harm
        hurts = hurts and not _has_no_victim(sentence, token)
        own = attributed and _speaks_of_itself(sentence, token)
        modes = _modes(standing, threat=hurts and attributed)
        status = derive(value, modes, horizon, attributed=attributed, harm=hurts, own=own)
        if status == "denied" and not said_by:
            said_by = self._denied_by(token)
        return Judgement(
            status,
            value,
            "negative" if value < 0 else "positive",
            "future" if status in ("planned", "threatened") else horizon,
            tuple(_span(mark.cue) for mark in standing.marks),
            tuple(mark.effect.rule for mark in standing.marks),
            said_by,
            tuple(_span(one) for one in standing.sources),
        )

    def _said_by(self, token: Token) -> tuple[int, ...]:
        """Positions of the statements with a source whose content holds the token, in the caller's order."""
        return tuple(sorted(self._contents.holding(token.start, token.end)))

    def _denied_by(self, token: Token) -> tuple[int, ...]:
        """Positions of the denials whose content holds the token: 'Y denied sending troops' is Y's word."""
        return tuple(sorted(self._denials.holding(token.start, token.end)))

    def _of_sources(self, sentence: Sentence, sources: Sequence[Token]) -> tuple[int, ...]:
        """Statements of the sentence by a source that syntax names: their contents may end a word too early."""
        found = []
        at = bisect_left(self._starts, sentence.start)
        while sources and at < len(self._starts) and self._starts[at] < sentence.end:
            who = self._statements[self._by_start[at]].source
            if who is not None and any(who.start < one.end and one.start < who.end for one in sources):
                found.append(self._by_start[at])
            at += 1
        return tuple(sorted(found))


def judge(parsed: ParsedDocument, sentence: Sentence, token: Token, statements: Sequence[Statement] = ()) -> Judgement:
    """The judgement of one token. For many tokens of one document a `Judge` is faster."""
    return Judge(parsed, statements).judge(sentence, token)


def derive(
    value: float, modes: Sequence[str], horizon: Horizon, *, attributed: bool, harm: bool, own: bool = False
) -> Status:
    """The one word for a certainty, the modes of the cues (outermost first), the horizon and any source.

    `own` says that a source speaks of what it will do itself. Harm that a source says was not done, and what
    it says that it did not do itself, is `denied`; that nobody was hurt, or that talks failed, contradicts nobody.
    """
    if "denied" in modes and value < 0.5:
        return "denied"
    if value <= _DENIED_AT:
        answers = harm or (own and not any(mode in _TO_COME for mode in modes))
        return "denied" if attributed and answers and "not" in modes else "not-happened"
    if "alleged" in modes:
        return "alleged"
    if "hearsay" in modes and not attributed:
        return "alleged"
    open_modes = [mode for mode in modes if mode in _OPEN or mode == "threat"]
    if open_modes:
        return "threatened" if open_modes[0] == "threat" else "possible"
    if value < _OPEN_AT:
        return "possible"
    to_come = [mode for mode in modes if mode in _TO_COME]
    if to_come:
        pledged = own or "pledge" in to_come or "warning" in modes
        return "threatened" if harm and pledged else "planned"
    if horizon == "background":
        return "background"
    if horizon == "future":
        return "planned"
    return "reported" if attributed else "happened"


def _modes(standing: Standing, *, threat: bool) -> list[str]:
    """The modes of the cues; harm that a source says would be done on a condition is a threat and no mere possibility."""
    modes = [(mark.effect.rule, mark.effect.mode) for mark in standing.marks if mark.effect.mode]
    return ["pledge" if threat and rule == "would-if" else mode for rule, mode in modes if mode]


def _without_cut_off(sentence: Sentence, token: Token, standing: Standing) -> Standing:
    """The standing without sources that a semicolon parts from the word before them: 'Two men were held; police said …'."""
    kept = [one for one in standing.sources if not any(_ends(each) for each in sentence.tokens[token.i : one.i])]
    return standing if len(kept) == len(standing.sources) else replace(standing, sources=tuple(kept))


def _ends(token: Token) -> bool:
    return token.text in (";", ":")


def _has_no_victim(sentence: Sentence, token: Token) -> bool:
    """'Nobody died': good news, and no answer to an accusation."""
    subject = subject_of(sentence, token) if token.is_verb else None
    return subject is not None and token.lemma in ("die", "perish") and negative(sentence, subject) is not None


def _is_denial(statement: Statement) -> bool:
    return statement.source is not None and bool(statement.why) and statement.why[0].rule == "deny"


def _speaks_of_itself(sentence: Sentence, token: Token) -> bool:
    """Whether the subject is a pronoun or 'his army': in reported speech these mostly stand for the speaker."""
    subject = subject_of(sentence, token) if token.is_verb else None
    if subject is None or subject.dep != "nsubj":
        return False
    return subject.lower in _PRONOUNS or any(one.lower in _OWN for one in sentence.children_by(subject, "poss"))


def _span(token: Token) -> Span:
    return Span(start=token.start, end=token.end, text=token.text)


def judge_probe(
    parsed: ParsedDocument, start: int, end: int, statements: Sequence[Statement] = (), judge_: Judge | None = None
) -> Probe:
    """The stretch judged by its head word; only `start` and `end` are filled where no parsed word stands there."""
    sentence = parsed.sentence_at(start)
    token = sentence.token_at(start, end) if sentence is not None else None
    if sentence is None or token is None:
        return Probe(start=start, end=end)
    found = (judge_ or Judge(parsed, statements)).judge(sentence, token)
    return Probe(
        start=start,
        end=end,
        status=found.status,
        certainty=found.certainty,
        polarity=found.polarity,
        horizon=found.horizon,
        said_by=tuple(statements[i].id for i in found.said_by),
        rule=" ".join(found.rules),
    )


def rule_names() -> tuple[str, ...]:
    """The names of all status rules, in the order in which they are tried."""
    return tuple(rule.name for rule in lexicon().rules)


__all__ = ["Judge", "Judgement", "derive", "judge", "judge_probe", "rule_names"]
