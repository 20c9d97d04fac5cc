"""What the claims about one happening give together: figures as ranges, independent voices, a status, a place, a day, a title.

Figures: of each kind (never persons with households, never killed with injured), each independent voice counts once, with its
latest figure (the largest, where one report gives several). `best` is the lower median of the voices' best figures, `low` and
`high` their range. Cumulative tolls, parts ('of them 3 children'), damaged amounts and figures that are denied or feared stand
beside it and are not counted. Copies of one text are one voice; a headline and the page's own words that repeat a figure which
the page gives to somebody are none of their own.

Status: the strongest that the evidence carries (happened, reported, alleged, possible …); where somebody denies, or a page says
that it did not happen, and others say that it did, it is `contested`; it is `denied` where nobody is left who says that it did.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median_low
from typing import Any

import msgspec

from tocsin.codebook import codebook
from tocsin.families import family_of, is_effect, is_general
from tocsin.ledger import (
    Claim,
    DocumentVersion,
    Edit,
    FigureClaim,
    FigureRange,
    FigureReport,
    Incident,
    IncidentStatus,
    Judgement,
    Link,
    Locus,
    Party,
    Review,
)  # fmt: skip
from tocsin.merge.cluster import valid
from tocsin.merge.titles import title_of
from tocsin.voices import source_of

STRONGEST: tuple[IncidentStatus, ...] = (
    "happened", "reported", "alleged", "denied", "not-happened", "threatened", "planned", "possible", "background",
)  # fmt: skip
ASSERTED = frozenset({"happened", "reported", "alleged"})
AGAINST = frozenset({"denied", "not-happened"})
UNCOUNTED = frozenset({"denied", "not-happened", "possible", "planned", "threatened"})
CELLS = ("title", "kind", "status", "day_from", "day_to", "place")
FIGURE = "figure:"  # and a kind: the cell of a figure of persons, its value {"low", "best", "high"}
ORDER = ("killed", "injured", "missing", "abducted", "detained", "displaced", "at-risk", "population", "other")
_PRECISIONS = ("exact", "area", "admin", "country", "unresolved")


def incident(
    claims: Sequence[Claim], links: Sequence[Link], judgements: Sequence[Judgement], versions: Mapping[str, DocumentVersion],
) -> Incident:  # fmt: skip
    """The incident of some claims. `versions` holds theirs, by id; `links` those among them; `judgements` those about them.

    `first_known` in the ledger's time and `changed` are the store's to fill where it knows better.
    """
    ordered = sorted(claims, key=lambda one: one.id)
    kind = _kind(ordered)
    low, high, basis = _days(ordered)
    found = Incident(
        id=f"i-{hashlib.sha256(ordered[0].id.encode()).hexdigest()[:12]}", title="", kind=kind,
        event_type=_commonest(one.event_type for one in ordered if one.kind == kind), kinds=tuple(sorted({one.kind for one in ordered})),
        family=ordered[0].family, status=_status(ordered), day_from=low, day_to=high, day_basis=basis, place=_place(ordered),
        actors=_parties(one.actors for one in ordered), recipients=_parties(one.recipients for one in ordered),
        figures=_figures(ordered, versions), voices=_voices(ordered, versions),
        documents=len({versions[one.version].document if one.version in versions else one.version for one in ordered}),
        copies=len({one.version for one in ordered if one.version in versions and versions[one.version].copy_of}),
        claims=tuple(one.id for one in ordered), links=tuple(sorted(links, key=lambda one: (one.one, one.other))),
        first_known=min(one.known for one in ordered),
    )  # fmt: skip
    return _judged(found, judgements)


def _kind(claims: Sequence[Claim]) -> str:
    """The kind that most claims name, those of one page counting once; of equals the surest, then by name.

    Words that fit any form ('attack', 'killed') give way to those that say how it was done.
    """
    telling = [one for one in claims if not is_general(one.kind)] or claims
    voted = Counter(kind for kind, _ in {(one.kind, one.version) for one in telling})
    surest = {one.kind: max(row.confidence for row in telling if row.kind == one.kind) for one in telling}
    return min(voted, key=lambda kind: (-voted[kind] - surest[kind], kind))


def _commonest(values: Iterable[str | None]) -> str | None:
    counted = Counter(one for one in values if one is not None)
    return min(counted, key=lambda one: (-counted[one], one), default=None)


def _status(claims: Sequence[Claim]) -> IncidentStatus:
    deeds = [one for one in claims if not is_effect(one.kind)]  # 'nobody died' denies no attack
    claims = (
        [*deeds, *(one for one in claims if is_effect(one.kind) and one.status not in AGAINST)] if deeds else claims
    )
    found = {one.status for one in claims}
    # one claim with two voices holds who says it and who denies it
    both = any(one.status == "denied" and len(one.voices) > 1 for one in claims)
    if both or (found & AGAINST and found & ASSERTED):
        return "contested"
    return next(one for one in STRONGEST if one in found)


def _days(claims: Sequence[Claim]) -> tuple[str | None, str | None, str]:
    """The days on which all dated claims agree, and how they are known; where they do not agree, all that they name.

    Stated dates go before those of the news; who denies it dates his denial, and is asked only where nobody else has a date.
    """
    telling = [one for one in claims if one.day_from and one.status not in AGAINST]
    dated = telling or [one for one in claims if one.day_from]
    dated = [one for one in dated if one.day_basis == "stated"] or dated
    if not dated:
        return None, None, "unknown"
    lows, highs = [one.day_from or "" for one in dated], [one.day_to or one.day_from or "" for one in dated]
    low, high = max(lows), min(highs)
    return (low, high, dated[0].day_basis) if low <= high else (min(lows), max(highs), dated[0].day_basis)


def _place(claims: Sequence[Claim]) -> Locus | None:
    """The finest place that most claims name; of equals by name."""
    named = [one.place for one in claims if one.place is not None]
    if not named:
        return None
    finest = min(_PRECISIONS.index(one.precision) for one in named)
    fine = [one for one in named if _PRECISIONS.index(one.precision) == finest]
    counted = Counter(one.name for one in fine)
    written = Counter(one.called for one in fine)
    return min(
        fine, key=lambda one: (-counted[one.name], one.name, -written[one.called], one.called or "", one.lat or 0.0, one.lon or 0.0)
    )  # fmt: skip


def _parties(rows: Iterable[tuple[Party, ...]]) -> tuple[Party, ...]:
    """Each party once, the one that most claims name first."""
    counted: Counter[str] = Counter()
    first: dict[str, Party] = {}
    for row in rows:
        for one in row:
            counted[one.key] += 1
            first.setdefault(one.key, one)
    return tuple(first[key] for key in sorted(first, key=lambda key: (-counted[key], key)))


# ---------------------------------------------------------------- figures


def _figures(claims: Sequence[Claim], versions: Mapping[str, DocumentVersion]) -> tuple[FigureRange, ...]:
    groups: dict[tuple[str, str], list[tuple[FigureClaim, Claim]]] = {}
    for claim in claims:
        for figure in claim.figures:
            groups.setdefault((figure.kind, figure.unit), []).append((figure, claim))
    ordered = sorted(groups, key=lambda key: (_rank(key[0]), key[1]))
    return tuple(_range(groups[key], versions) for key in ordered)


def _range(rows: list[tuple[FigureClaim, Claim]], versions: Mapping[str, DocumentVersion]) -> FigureRange:
    counted = _latest(rows, versions)
    reports = [
        FigureReport(
            figure=figure, claim=claim.id, version=claim.version, outlet=claim.outlet, known=claim.known,
            counted=(claim.id, figure.id) in counted,
        )
        for figure, claim in sorted(rows, key=lambda row: (row[1].known, row[1].id, row[0].start, row[0].id))
    ]  # fmt: skip
    held = [one.figure for one in reports if one.counted]
    lows = [value for one in held if (value := _first(one.low, one.best, one.high)) is not None]
    highs = [value for one in held if (value := _first(one.high, one.best, one.low)) is not None]
    bests = [value for one in held if (value := _first(one.best, one.low, one.high)) is not None]
    return FigureRange(
        kind=rows[0][0].kind, unit=rows[0][0].unit, low=min(lows, default=None), best=median_low(bests) if bests else None,
        high=max(highs, default=None), voices=len(held), contradicted=bool(held) and _apart(held), reports=tuple(reports),
    )  # fmt: skip


def _latest(rows: list[tuple[FigureClaim, Claim]], versions: Mapping[str, DocumentVersion]) -> set[tuple[str, str]]:
    """Which reports count: each independent voice's latest, and of one moment's the largest."""
    best: dict[str, tuple[tuple[Any, ...], tuple[str, str]]] = {}
    fit = [row for row in rows if _is_count(row[0])]
    for figure, claim in fit:
        if any(_echoes((figure, claim), other) for other in fit):
            continue
        size = _first(figure.best, figure.low, figure.high)
        voice = _voice_key(figure.voice.key, claim, versions)
        rank = (claim.known[:10], size, claim.id, figure.id)
        if voice not in best or rank > best[voice][0]:
            best[voice] = (rank, (claim.id, figure.id))
    return {name for _, name in best.values()}


def _is_count(one: FigureClaim) -> bool:
    """Whether a figure counts the victims of this happening, all of them, and somebody stands for it."""
    aside = one.damaged or one.cumulative or one.of_which or one.status in UNCOUNTED
    return not aside and _first(one.best, one.low, one.high) is not None


def _echoes(row: tuple[FigureClaim, Claim], other: tuple[FigureClaim, Claim]) -> bool:
    """Whether a page's headline or own words only repeat a figure that the page gives to somebody."""
    if row[1].version != other[1].version or _apart((row[0], other[0])):
        return False
    return _standing(row[0].voice.key, row[1]) > _standing(other[0].voice.key, other[1])


def _standing(key: str, claim: Claim) -> int:
    """How near the words are to a witness: 0 somebody's in the text, 1 in the headline, 2 the page's own, 3 its headline's."""
    return 2 * key.startswith(("outlet:", "agency:")) + claim.headline


def _voices(claims: Sequence[Claim], versions: Mapping[str, DocumentVersion]) -> int:
    """How many independent voices say that it happened; of one page those nearest to a witness. Who denies it is none of them."""
    saying = [one for one in claims if one.status not in AGAINST] or claims
    nearest: dict[str, int] = {}
    for one in saying:
        found = min(_standing(voice.key, one) for voice in one.voices)
        nearest[one.version] = min(found, nearest.get(one.version, found))
    heard = {
        _voice_key(voice.key, one, versions)
        for one in saying for voice in one.voices if _standing(voice.key, one) == nearest[one.version]
    }  # fmt: skip
    return len(heard)


def _voice_key(key: str, claim: Claim, versions: Mapping[str, DocumentVersion]) -> str:
    """A voice over copies and names: a reprint's own word is that of the outlet that it reprints, and a monitor is one voice on
    its own pages and where others quote it."""
    if not key.startswith("outlet:"):
        return key
    version = versions.get(claim.version)
    if version is not None and version.copy_of:
        first = versions.get(version.copy_of)
        if first is None:
            return f"text:{version.copy_of}"
        key, _ = source_of(first)
    return f"name:{key.removeprefix('outlet:').removeprefix('the ')}"


def _apart(held: Sequence[FigureClaim]) -> bool:
    """Whether two figures' ranges do not meet; an open side reaches any number."""
    pairs = [(one, other) for n, one in enumerate(held) for other in held[n + 1 :]]
    return any(
        (a.high is not None and b.low is not None and a.high < b.low)
        or (b.high is not None and a.low is not None and b.high < a.low)
        for a, b in pairs
    )


def _first(*values: int | None) -> int | None:
    return next((one for one in values if one is not None), None)


# ---------------------------------------------------------------- what people said


def _judged(found: Incident, judgements: Sequence[Judgement]) -> Incident:
    """The incident with the cells that people set, the last word of each with who gave it, and the last note."""
    words: dict[str, Judgement] = {}
    note = None
    for one in valid(judgements):
        if one.action == "edit" and _is_cell(one) and not set(one.claims).isdisjoint(found.claims):
            words[str(one.cell)] = one
        if one.action in ("note", "edit", "accept", "reject") and one.note:
            note = one.note
    cells: dict[str, Any] = {cell: one.value for cell, one in words.items()}
    edits = tuple(
        Edit(cell=cell, user=one.user, at=one.at, judgement=one.id, was=_read_as(found, cell))
        for cell, one in sorted(words.items())
    )
    if isinstance(cells.get("place"), (dict, str)):
        given = cells["place"]
        cells["place"] = msgspec.convert(given, Locus) if isinstance(given, dict) else Locus(name=given)
    if isinstance(cells.get("kind"), str):  # what follows from the kind
        cells |= _of_kind(cells["kind"])
    basis = "stated" if {"day_from", "day_to"} & cells.keys() else found.day_basis
    review = _review(found, judgements)
    edited = tuple(sorted(words))
    set_figures = {cell.removeprefix(FIGURE): cells.pop(cell) for cell in edited if cell.startswith(FIGURE)}
    figures = _set_figures(found.figures, set_figures)
    changed = msgspec.structs.replace(
        found, **cells, figures=figures, day_basis=basis, edited=edited, edits=edits, note=note, review=review
    )
    return changed if "title" in cells else msgspec.structs.replace(changed, title=title_of(changed))


def _of_kind(kind: str) -> dict[str, Any]:
    """The codes of a kind that a person set: its family, and its event type where the codebook has it."""
    known = codebook().kinds.get(kind)
    return {"family": family_of(kind), "event_type": known.type if known else None}


def _read_as(found: Incident, cell: str) -> str | None:
    """What the pages give for a cell, in words; None where they give nothing, and for a title, which is made of the others."""
    if cell == "place":
        return found.place.name if found.place else None
    if cell.startswith(FIGURE):
        read = next(
            (one for one in found.figures if one.kind == cell.removeprefix(FIGURE) and one.unit == "persons"), None
        )
        known = dict.fromkeys(str(one) for one in (read.low, read.best, read.high) if one is not None) if read else {}
        return "–".join(known) or None
    return None if cell == "title" else getattr(found, cell)


def _is_cell(one: Judgement) -> bool:
    """Whether an edit names a cell that there is, and a figure's holds what one needs."""
    if one.cell in CELLS:
        return True
    numbers = one.value if isinstance(one.value, dict) else {}
    known = (one.cell or "").removeprefix(FIGURE) in ORDER and all(isinstance(numbers.get(key), int) for key in ("low", "best", "high"))  # fmt: skip
    return bool(one.cell and one.cell.startswith(FIGURE) and known)


def _set_figures(figures: tuple[FigureRange, ...], given: Mapping[str, Any]) -> tuple[FigureRange, ...]:
    """The ranges with those that a person set in the place of what the voices give; the reports stay beside them.

    A figure of persons is set; one of households of that kind stays as it is. A kind that nobody gave is added.
    """
    kept = [
        msgspec.structs.replace(one, **_numbers(given[one.kind]))
        if one.kind in given and one.unit == "persons"
        else one
        for one in figures
    ]
    there = {one.kind for one in figures if one.unit == "persons"}
    kept += [
        msgspec.convert({"kind": kind, **_numbers(given[kind])}, FigureRange) for kind in given if kind not in there
    ]
    return tuple(sorted(kept, key=lambda one: (_rank(one.kind), one.unit)))


def _rank(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def _numbers(value: Mapping[str, int]) -> dict[str, int]:
    return {key: value[key] for key in ("low", "best", "high")}


def _review(found: Incident, judgements: Sequence[Judgement]) -> Review:
    """The last word that accepted or rejected some of its claims; `changed` where claims have come that it was not about."""
    last = next((one for one in reversed(valid(judgements)) if one.action in ("accept", "reject") and not set(one.claims).isdisjoint(found.claims)), None)  # fmt: skip
    if last is None:
        return "new"
    if not set(found.claims) <= set(last.claims):
        return "changed"
    return "accepted" if last.action == "accept" else "rejected"
