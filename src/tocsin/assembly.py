"""Puts what the stages found for one document together: ids, cross references, and the judgement on every row.

Stages hand over drafts with offsets; only here do they meet, so that no stage needs to know another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import msgspec

from tocsin.codebook import codebook
from tocsin.contradictions import with_contradictions
from tocsin.denials import with_denials
from tocsin.extract import circumstances, event_places
from tocsin.extract.control import ControlDraft
from tocsin.extract.events import Draft
from tocsin.extract.figures import FoundFigure
from tocsin.extract.implied import custodian, implied_doer
from tocsin.extract.statements import vouches
from tocsin.extract.status import Judge, Judgement
from tocsin.extract.status_words import told_by
from tocsin.extract.targets import targets_of
from tocsin.extract.zones import ZoneDraft
from tocsin.history import with_history
from tocsin.incident_parties import with_shared_recipients
from tocsin.incidents import with_incidents
from tocsin.mentions import fold_mentions
from tocsin.parsed import ParsedDocument, Sentence
from tocsin.records import (
    Actor,
    Announcement,
    Codes,
    Control,
    Event,
    EventTime,
    Figure,
    Place,
    Source,
    Span,
    Statement,
    Status,
    Target,
    Why,
    Zone,
)
from tocsin.relevance import Relevance
from tocsin.resolve.actor_sorts import is_nobody, sorted_out
from tocsin.resolve.actors import ActorLexicon, describe_actor, organisation_within
from tocsin.scenes import with_scenes
from tocsin.stretches import ByStart
from tocsin.target_names import TargetNames

SpanOf = tuple[int, int]
_PRONOUNS = frozenset(
    "he she it they him her them we us i me you who whom which himself herself itself themselves".split()
)
_MARKS = "\"'`“”‘’«» "  # of speech, which the tokenizer may leave on a word
_ON_THE_GROUND = frozenset({"ASSAULT", "COERCE", "PROTEST", "MOBILIZE", "RETREAT", "SANCTION"})
_FEARED = 0.33  # the certainty of what is feared to have happened, on the scale of `extract.status`
_HARM_KINDS = frozenset({"killed", "injured", "missing", "abducted", "detained", "displaced"})


@dataclass(slots=True)
class Findings:
    """What the stages found in one document, before it is a record."""

    parsed: ParsedDocument
    places: tuple[Place, ...] = ()
    actors: tuple[Actor, ...] = ()
    references: dict[SpanOf, SpanOf] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    drafts: list[Draft] = field(default_factory=list)
    figures: tuple[FoundFigure, ...] = ()
    control: list[ControlDraft] = field(default_factory=list)
    zones: list[ZoneDraft] = field(default_factory=list)


class Assembly:
    """Builds the rows of one record. `rows()` may be called once."""

    def __init__(self, findings: Findings, lexicon: ActorLexicon) -> None:
        self._found = findings
        self._parsed = findings.parsed
        self._lexicon = lexicon
        self.times = tuple(msgspec.structs.replace(one, id=f"t{n}") for n, one in enumerate(findings.parsed.times, 1))
        known = [one for one in findings.places if one.rule != "unlisted" or self._has_event(one)]
        self.places = tuple(msgspec.structs.replace(one, id=f"p{n}") for n, one in enumerate(known, 1))
        self._actors: dict[SpanOf, Actor] = {(one.start, one.end): one for one in findings.actors}
        self._used: dict[SpanOf, str] = {}
        self.judge = Judge(findings.parsed, findings.statements, vouches)
        self._judge = self.judge.judge
        self._where, self._when = ByStart(self.places), ByStart(self.times)
        self._counts = ByStart(one.figure for one in findings.figures if one.figure.rule != "figure-count")
        self._time_of = {one.id: one for one in self.times}
        self._place_of = {(one.start, one.end): one.id for one in reversed(self.places)}

    @cached_property
    def _telling(self) -> frozenset[int]:
        """Numbers of the sentences that tell of an event: only there is a name that no table has worth a row."""
        return frozenset(one.sentence for one in self._found.drafts if one.kind.harm or one.kind.type in _ON_THE_GROUND)

    def _has_event(self, place: Place) -> bool:
        sentence = self._parsed.sentence_at(place.start)
        return sentence is not None and sentence.index in self._telling

    # ------------------------------------------------------------------ actors

    def _actor(self, span: SpanOf, sentence: Sentence) -> SpanOf:
        """Makes sure that the mention has a row; returns the span that names it."""
        if span not in self._actors:
            found = describe_actor(self._parsed, sentence, span[0], span[1], self._lexicon)
            antecedent = self._found.references.get(span)
            if antecedent is not None and found.name is None:
                found = self._referring(found, antecedent)
            self._actors[span] = found
        return span

    def _referring(self, mention: Actor, antecedent: SpanOf) -> Actor:
        """A pronoun's or description's row: its own words, the antecedent's name and codes."""
        known = self._actors.get(antecedent)
        if known is None:
            sentence = self._parsed.sentence_at(antecedent[0])
            if sentence is None:
                return mention
            known = describe_actor(self._parsed, sentence, antecedent[0], antecedent[1], self._lexicon)
        why = Why(cell="name", rule="coreference", spans=(self._parsed.span(*antecedent),))
        return msgspec.structs.replace(
            mention, name=known.name or known.text, code=known.code, country=known.country, sector=known.sector,
            type=known.type or mention.type, refers_to=known.text, rule=f"coreference+{known.rule}", why=(*mention.why, why),
        )  # fmt: skip

    def _number_actors(self) -> tuple[Actor, ...]:
        used = {span for draft in self._found.drafts for span in (*draft.actors, *draft.recipients)}
        used |= {span for row in self._found.control for span in (*row.holders, *row.losers)}
        used |= {(one.source.start, one.source.end) for one in self._found.statements if one.source is not None}
        ordered = sorted((span, one) for span, one in self._actors.items() if span in used or one.country or one.name)
        self._used = {span: f"a{n}" for n, (span, _) in enumerate(ordered, 1)}
        return tuple(msgspec.structs.replace(sorted_out(one), id=self._used[span]) for span, one in ordered)

    def _ids(self, spans: Sequence[SpanOf]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._used[span] for span in spans))

    # ------------------------------------------------------------------ judgement

    def _said_by(self, judgement: Judgement) -> tuple[str, ...]:
        return tuple(f"s{n + 1}" for n in judgement.said_by)

    # ------------------------------------------------------------------ rows

    def rows(self) -> dict[str, tuple[object, ...]]:
        """The sections of the record, in its order."""
        self._mention_everybody()
        self._found.drafts = self._relevant()
        self._imply_doers()
        actors = self._number_actors()
        statements = tuple(self._statement(n, one) for n, one in enumerate(self._found.statements, 1))
        figures = tuple(self._figure(n, one) for n, one in enumerate(self._found.figures, 1))
        events = self._events(figures, statements)
        return {
            "times": self.times, "places": self.places, "actors": actors, "statements": statements, "events": events,
            "figures": figures, "announcements": self._announcements(events), "control": self._control(), "zones": self._zones(),
        }  # fmt: skip

    def _mention_everybody(self) -> None:
        sentences = self._parsed.sentences
        for draft in self._found.drafts:
            doers = [
                one for one in draft.actors if not self._is_nobody(draft, one) and not self._says_where(draft, one)
            ]
            draft.roles.actors = [self._stands_for(draft, "actor", one) for one in doers]
            draft.roles.targets += self._antecedent_targets(draft)
            held = [
                self._stands_for(draft, "recipient", one) for one in draft.recipients if not self._is_nobody(draft, one)
            ]
            draft.roles.recipients = [one for one in held if not self._is_counted(draft, one)]
            if draft.kind.harm:
                draft.roles.actors = self._with_organisations(self._somebodies(draft))
            for span in (*draft.actors, *draft.recipients):
                self._actor(span, self._parsed.sentence_at(span[0]) or sentences[draft.sentence])
        for row in self._found.control:
            for span in (*row.holders, *row.losers):
                self._actor(span, sentences[row.sentence])
        for statement in self._found.statements:
            if statement.source is not None:
                sentence = self._parsed.sentence_at(statement.source.start)
                if sentence is not None:
                    self._actor((statement.source.start, statement.source.end), sentence)

    def _relevant(self) -> list[Draft]:
        """The drafts that are events of public life or of harm; see `relevance`."""
        judge = Relevance(self._parsed, self._actors, self._found.statements)
        judge.read(self.places, (one.trigger_start for one in self._found.figures if one.figure.kind in _HARM_KINDS))
        return judge.kept(self._found.drafts)

    def _imply_doers(self) -> None:
        """Gives doers that no slot names: after relevance is judged, which an implied party must not decide."""
        for draft in self._found.drafts:
            holder = custodian(self._parsed, draft)
            if holder is not None and holder not in (*draft.actors, *draft.recipients):
                draft.roles.actors.append(self._actor(holder, self._parsed.sentences[draft.sentence]))
                draft.roles.rules.setdefault("actor", "syntax:custodian")
            named = [
                one for one in draft.actors if self._parsed.text[slice(*one)].lower().strip(_MARKS) not in _PRONOUNS
            ]
            found = implied_doer(self._parsed, draft) if not named else None
            if found is None or found.span in draft.recipients:
                continue
            if draft.kind.kind == "death":  # its doer is known after all
                draft.kind, draft.rule = codebook()["killing"], f"{draft.rule}+doer"
            if found.actor is not None:
                self._actors[found.span] = found.actor
            draft.roles.actors = [self._actor(found.span, self._parsed.sentences[draft.sentence])]
            draft.roles.rules["actor"] = found.rule
            draft.confidence = round(max(draft.confidence - found.loss, 0.05), 3)

    def _somebodies(self, draft: Draft) -> list[SpanOf]:
        """The doers of harm without those that name nobody."""
        slot, sentence = draft.roles.rules.get("actor", ""), self._parsed.sentences[draft.sentence]
        known = self._actors
        return [
            self._without_genitive(one) for one in draft.actors
            if not is_nobody(known.get(one) or describe_actor(self._parsed, sentence, *one, self._lexicon), slot)
        ]  # fmt: skip

    def _without_genitive(self, span: SpanOf) -> SpanOf:
        """The words of a doer without the ending that makes them a possessor: 'the Front' of 'the Front's attack'."""
        text = self._parsed.text[slice(*span)]
        return span[0], span[1] - 2 * text.lower().endswith(("'s", "’s"))

    def _with_organisations(self, spans: Sequence[SpanOf]) -> list[SpanOf]:
        """The doers, and after each the organisation whose people they are said to be."""
        found: list[SpanOf] = []
        for span in spans:
            inner = organisation_within(self._parsed, *span, self._lexicon)
            found.append(span)
            if inner is not None:
                self._actors[(inner.start, inner.end)] = inner
                found.append((inner.start, inner.end))
        return list(dict.fromkeys(found))

    def _stands_for(self, draft: Draft, role: str, span: SpanOf) -> SpanOf:
        """Whom the filler stands for; a pronoun that was answered is remembered, to say so in `why`."""
        found = self._antecedent(span)
        if found != span:
            draft.roles.pronouns.setdefault(role, []).append(span)
        return found

    def _antecedent(self, span: SpanOf) -> SpanOf:
        """A pronoun's role is filled by whom it stands for: 'they' says nothing outside its sentence."""
        return self._found.references.get(span, span) if self._parsed.text[slice(*span)].lower() in _PRONOUNS else span

    def _antecedent_targets(self, draft: Draft) -> list[tuple[int, int, str]]:
        """The named people for whom a pronoun among the victims stands."""
        found: list[tuple[int, int, str]] = []
        for span in draft.recipients if draft.kind.harm else ():
            start, end = self._antecedent(span)
            sentence = self._parsed.sentence_at(start) if (start, end) != span else None
            token = sentence.token_at(start, end) if sentence is not None else None
            if sentence is not None and token is not None:
                found += targets_of(sentence, token)
        return found

    def _is_nobody(self, draft: Draft, span: SpanOf) -> bool:
        """Whether a filler names nobody: a pronoun that stands for nobody known, or a bare number of victims.

        The number is a figure of the event; as a recipient it would say nothing.
        """
        text = self._parsed.text[slice(*span)].lower()
        if text in _PRONOUNS:
            return span not in self._found.references
        return draft.kind.harm and text.replace(",", "").removeprefix("at least ").isdigit()

    def _says_where(self, draft: Draft, span: SpanOf) -> bool:
        """Whether the doer of an event noun is a town that modifies it: 'the Qamishli attack' was there, not by it."""
        sentence = self._parsed.sentences[draft.sentence]
        inside = [one for one in self._where.starting_in(*span) if one.end <= span[1]]
        whole = [one for one in inside if one.end - one.start + 6 >= span[1] - span[0]]  # with its article or genitive
        return any(draft.kind.harm and event_places.modifies(sentence, draft, one) for one in whole)

    def _is_counted(self, draft: Draft, span: SpanOf) -> bool:
        """Whether people who fled or were harmed are only counted, or it was a thing: a figure, or a target, and no actor.

        'At least 14 people' are a figure with its `who`, 'a bakery' is a target; 'four Syrian soldiers' stay recipients,
        for they are somebody's.
        """
        sentence = self._parsed.sentence_at(span[0])
        if sentence is None or not (draft.kind.harm or draft.kind.kind == "displacement"):
            return False
        thing = any(
            start <= span[1] and span[0] <= end for start, end, kind in draft.roles.targets if kind == "physical"
        )
        if not (thing or self._counts.touches(*span)):
            return False
        actor = describe_actor(self._parsed, sentence, span[0], span[1], self._lexicon)
        return actor.country is None and actor.name is None and actor.sector in (None, "CVL", "UNK")

    def _statement(self, number: int, one: Statement) -> Statement:
        source = one.source
        if source is not None:
            source = Source(
                start=source.start, end=source.end, text=source.text, actor=self._used.get((source.start, source.end))
            )
        return msgspec.structs.replace(one, id=f"s{number}", source=source)

    def _figure(self, number: int, found: FoundFigure) -> Figure:
        sentence = self._parsed.sentence_at(found.trigger_start)
        token = sentence.token_at(found.trigger_start, found.trigger_end) if sentence is not None else None
        one = msgspec.structs.replace(found.figure, id=f"f{number}")
        if sentence is None or token is None:
            return one
        judgement = self._judge(sentence, token)
        why = (self._status_reason(judgement),)
        return msgspec.structs.replace(
            one,
            status=judgement.status,
            certainty=judgement.certainty,
            said_by=self._said_by(judgement),
            why=(*one.why, *why),
        )

    def _events(self, figures: Sequence[Figure], statements: Sequence[Statement]) -> tuple[Event, ...]:
        ordered = sorted(self._found.drafts, key=lambda one: (one.start, one.end))
        owners = self._figure_owners(ordered, figures)
        events = [self._event(f"e{n}", one, owners.get(n - 1, ())) for n, one in enumerate(ordered, 1)]
        events = with_history(self._parsed, events, ordered, self.times)
        harmful = [
            (one.kind.harm or bool(one.kind.codes.muc4)) and event.status not in ("threatened", "planned")
            for one, event in zip(ordered, events, strict=True)
        ]  # what is only announced is not the incident that the page tells of
        told = with_incidents(events, [one.sentence for one in ordered], harmful)
        rows = {name: self._actors[span] for span, name in self._used.items()}
        told = with_denials(self._parsed, with_shared_recipients(told, rows), ordered, statements)
        told = with_contradictions(self._parsed, told, ordered, statements)
        return fold_mentions(with_scenes(self._parsed, told, ordered, self.places), [one.nominal for one in ordered])

    def _figure_owners(self, drafts: Sequence[Draft], figures: Sequence[Figure]) -> dict[int, tuple[str, ...]]:
        """Each figure with the event whose words it was read from, else the nearest harmful one of its sentence."""
        owned: dict[int, list[str]] = {}
        of_sentence: dict[int, list[int]] = {}
        for n, draft in enumerate(drafts):
            of_sentence.setdefault(draft.sentence, []).append(n)
        for found, figure in zip(self._found.figures, figures, strict=True):
            sentence = self._parsed.sentence_at(found.trigger_start)
            near = [(n, drafts[n]) for n in of_sentence.get(sentence.index, ())] if sentence is not None else []
            best = min(
                (
                    (not _touches(draft, found), not draft.kind.harm, abs(draft.start - found.trigger_start), n)
                    for n, draft in near
                ),
                default=None,
            )
            if best is not None and (not best[0] or (not best[1] and figure.kind in _HARM_KINDS)):
                owned.setdefault(best[3], []).append(figure.id)
        return {n: tuple(ids) for n, ids in owned.items()}

    def _event(self, name: str, draft: Draft, figures: tuple[str, ...]) -> Event:
        sentence = self._parsed.sentences[draft.sentence]
        judgement = self._event_judgement(sentence, draft)
        places, place_rule = self._event_places(sentence, draft)
        inside = self._when.starting_in(sentence.start, sentence.end)
        time, time_rule = circumstances.event_time(sentence, draft, inside, judgement.horizon, self._parsed.published)
        kind = draft.kind
        return Event(
            id=name, trigger=self._parsed.span(draft.start, draft.end), event_type=kind.type, event_mode=kind.mode,
            context=kind.context, kind=kind.kind,
            codes=Codes(cameo=kind.codes.cameo, acled=kind.codes.acled, ucdp=kind.codes.ucdp, muc4=kind.codes.muc4),
            actor=self._ids(draft.actors), recipient=self._ids(draft.recipients), place=tuple(one.id for one in places),
            time=time, status=judgement.status, certainty=judgement.certainty, polarity=judgement.polarity,
            horizon=judgement.horizon, said_by=self._said_by(judgement), figures=figures,
            instrument=tuple(self._parsed.span(*one) for one in draft.roles.instruments),
            targets=tuple(
                dict.fromkeys(self._target(one) for one in draft.roles.targets if one[2] == "physical" or not self._is_place(*one[:2]))
            ),
            mentions=tuple(self._parsed.span(*one) for one in dict.fromkeys(draft.folded)),
            confidence=draft.confidence, rule=draft.rule, why=self._reasons(draft, judgement, places, place_rule, time, time_rule),
        )  # fmt: skip

    def _event_judgement(self, sentence: Sentence, draft: Draft) -> Judgement:
        """The judgement of the trigger; a refusal is an act that took place though its verb is denied.

        So is a denial ('it had no hand in'), and nobody need say that it was made.
        """
        found = self._judge(sentence, word := told_by(sentence, draft), harm=_does_harm(draft))
        if word is not draft.token:
            found = replace(found, said_by=tuple(n for n in found.said_by if not self._begins(draft, n)))
        if draft.kind.kind == "death" and draft.token.lemma == "fear" and found.status in ("happened", "reported"):
            return replace(found, status="possible", certainty=min(found.certainty, _FEARED))
        if draft.kind.kind == "deny" and found.status in ("denied", "not-happened"):
            return replace(found, status="happened", certainty=1.0, polarity="positive", said_by=())
        if not draft.refusal:
            return found
        status: Status = "reported" if found.said_by else "happened"
        return replace(found, status=status, certainty=1.0, polarity="positive", horizon="current")

    def _begins(self, draft: Draft, number: int) -> bool:
        """Whether the event's own word is the cue of a statement: who 'plans to send rice' does not report the plan."""
        cue = self._found.statements[number].cue
        return cue is not None and cue.start < draft.end and draft.start < cue.end

    def _event_places(self, sentence: Sentence, draft: Draft) -> tuple[list[Place], str]:
        inside = self._where.starting_in(sentence.start, sentence.end)
        return event_places.event_places(sentence, draft, inside, [*draft.actors, *draft.recipients])

    def _target(self, one: tuple[int, int, str]) -> Target:
        """A target; a person by the fullest form of the name that the page had given before."""
        start, end, kind = one
        if kind == "physical":
            return Target(start=start, end=end, text=self._parsed.text[start:end], kind="physical")
        start, end = self._names.fullest((start, end))
        return Target(start=start, end=end, text=self._parsed.text[start:end], kind="human")

    @cached_property
    def _names(self) -> TargetNames:
        """The people named as targets; what is a place is none."""
        spans = (one[:2] for draft in self._found.drafts for one in draft.roles.targets if one[2] == "human")
        return TargetNames(self._parsed.text, spans)

    def _is_place(self, start: int, end: int) -> bool:
        return self._where.covers(start, end)

    def _reasons(
        self,
        draft: Draft,
        judgement: Judgement,
        places: Sequence[Place],
        place_rule: str,
        time: EventTime,
        time_rule: str,
    ) -> tuple[Why, ...]:
        span = self._parsed.span
        reasons = [Why(cell="kind", rule=draft.rule, spans=(span(draft.start, draft.end),), over=draft.over)]
        for role, spans in (("actor", draft.actors), ("recipient", draft.recipients)):
            if spans:
                reasons.append(
                    Why(cell=role, rule=draft.roles.rules.get(role, "syntax"), spans=tuple(span(*one) for one in spans))
                )
                if stood := draft.roles.pronouns.get(role):
                    reasons.append(Why(cell=role, rule="coreference:pronoun", spans=tuple(span(*one) for one in stood)))
        reasons.append(self._status_reason(judgement))
        if places:
            reasons.append(Why(cell="place", rule=place_rule, spans=tuple(span(one.start, one.end) for one in places)))
        stated = self._time_of.get(time.span or "")
        words = (span(stated.start, stated.end),) if stated is not None else ()
        reasons.append(Why(cell="time", rule=time_rule, spans=words))
        return tuple(reasons)

    @staticmethod
    def _status_reason(judgement: Judgement) -> Why:
        return Why(cell="status", rule="; ".join(judgement.rules) or "status:asserted", spans=judgement.cues)

    def _announcements(self, events: Sequence[Event]) -> tuple[Announcement, ...]:
        """Events that are planned or threatened, or agreed for later, at a stated date that is not past."""
        found: list[Announcement] = []
        for event in events:
            date = event.time.value if event.time.basis == "stated" else None
            if date is None or event.status not in ("planned", "threatened") or not date[:1].isdigit():
                continue
            if self._parsed.published and date[:10] < self._parsed.published[: len(date[:10])]:
                continue
            start, end = self._clause(event.trigger)
            found.append(
                Announcement(
                    id=f"n{len(found) + 1}",
                    what=" ".join(self._parsed.text[start:end].split()),
                    event=event.id,
                    date=date,
                    place=event.place,
                    announced_by=event.said_by,
                    start=start,
                    end=end,
                    rule="announcement:future-event",
                )  # fmt: skip
            )
        return tuple(found)

    def _clause(self, trigger: Span) -> tuple[int, int]:
        """The words below the trigger, for people to read."""
        sentence = self._parsed.sentence_at(trigger.start)
        token = sentence.token_at(trigger.start, trigger.end) if sentence is not None else None
        if sentence is None or token is None:
            return trigger.start, trigger.end
        below = sentence.subtree(token)
        return min(one.start for one in below), max(one.end for one in below)

    def _control(self) -> tuple[Control, ...]:
        rows = []
        for number, draft in enumerate(self._found.control, 1):
            sentence = self._parsed.sentences[draft.sentence]
            judgement = self._judge(sentence, draft.token)
            rows.append(
                Control(
                    id=f"c{number}",
                    place=self._place_id(draft.place),
                    holder=self._ids(draft.holders),
                    since=draft.since,
                    taken_from=self._ids(draft.losers),
                    status=judgement.status,
                    start=sentence.start,
                    end=sentence.end,
                    rule=draft.rule,
                )  # fmt: skip
            )
        return tuple(rows)

    def _zones(self) -> tuple[Zone, ...]:
        return tuple(
            Zone(
                id=f"z{number}",
                place=self._place_id(one.place) if one.place else None,
                kind=one.kind,
                under=one.under,
                forbids=one.forbids,
                start=one.start,
                end=one.end,
                rule="zone:named",
            )  # fmt: skip
            for number, one in enumerate(self._found.zones, 1)
        )

    def _place_id(self, place: Place) -> str | None:
        return self._place_of.get((place.start, place.end))


def _does_harm(draft: Draft) -> bool:
    """Whether to vow it is to threaten: what hurts people, and force against places."""
    return draft.kind.forceful or draft.kind.kind in ("raid-seizure", "siege-blockade")


def _touches(draft: Draft, found: FoundFigure) -> bool:
    """Whether a figure was read at the event's trigger, or at a word that was folded into it."""
    spans = [(draft.start, draft.end), *draft.folded]
    return any(start < found.trigger_end and found.trigger_start < end for start, end in spans)
