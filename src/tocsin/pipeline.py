"""The whole way from pages to records, on one screen: the only module that knows the order of the stages.

clean -> outline and times -> gate and parse -> places and actors -> statements, events, figures, control, zones -> assembly
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from tocsin import __version__, rulefiles
from tocsin.assembly import Assembly, Findings
from tocsin.clean import CleanPage, clean_html, clean_text
from tocsin.extract.asides import without_asides
from tocsin.extract.control import find_control
from tocsin.extract.cues import cue_table
from tocsin.extract.events import find_events
from tocsin.extract.figures import find_figures
from tocsin.extract.gate import worth_parsing
from tocsin.extract.statements import find_statements
from tocsin.extract.status import judge_probe
from tocsin.extract.zones import find_zones
from tocsin.parse import Parser, outline
from tocsin.parse.times import find_times
from tocsin.parsed import ParsedDocument
from tocsin.records import Document, Issue, Record, Version
from tocsin.resolve.actors import ActorLexicon, find_actors
from tocsin.resolve.coreference import resolve_references
from tocsin.resolve.gazetteer import Gazetteer, default_path
from tocsin.resolve.places import find_places

READ_KINDS = frozenset(
    {"teaser", "caption", "dateline"}
)  # residue that is still read: it tells of events, as teasers do
GLUED_KINDS = frozenset(
    {"hovercard", "advert", "link"}
)  # residue whose dates are other pages'; a date line is this page's
# an armed party by its name is, to the tests of the codebook, the common word for its sort: 'FARC took a mountain post'
_PARTIES = {"REB": "rebel", "PRM": "militia", "CRM": "gang", "MIL": "soldier"}
_SURROGATE = re.compile("[\ud800-\udfff]")
# documents are parsed together until their texts have so many code points, or they are so many
CHUNK_CHARACTERS, CHUNK_PAGES = 200_000, 100


@dataclass(frozen=True, slots=True)
class Page:
    """One input of the pipeline: text or HTML, with what the caller knows about it."""

    name: str
    text: str | None = None
    html: str | None = None
    ref: str | None = None
    url: str | None = None
    title: str | None = None
    published: str | None = None
    retrieved: str | None = None
    digest: str | None = None
    probes: tuple[tuple[int, int], ...] = ()
    notes: tuple[Issue, ...] = ()
    feed_date: str | None = None  # stands where the page says no date of its own


@dataclass(slots=True)
class _Work:
    """A page on its way: cleaned and outlined."""

    page: Page
    clean: CleanPage
    parsed: ParsedDocument
    readable: bool


class Reader:
    """Reads pages into records. Loads its models on first use; share one, it is the expensive part.

    `gate=False` parses every sentence, for measuring what the gate costs in recall.
    """

    def __init__(self, *, model: str | None = None, gazetteer: Path | None = None, gate: bool = True) -> None:
        self._model, self._gazetteer_path, self._gate = model, gazetteer, gate

    @cached_property
    def parser(self) -> Parser:
        return Parser(self._model)

    @cached_property
    def lexicon(self) -> ActorLexicon:
        return ActorLexicon()

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer(self._gazetteer_path or default_path())

    @cached_property
    def version(self) -> Version:
        return Version(
            tocsin=__version__,
            codebook=rulefiles.rules_digest()[:16],
            model=self.parser.version,
            gazetteer=self.gazetteer.version,
        )

    def read(self, pages: Iterable[Page]) -> Iterator[Record]:
        """Records in the order of the pages; pages are parsed in groups, which changes no result."""
        works: list[_Work] = []
        size = 0
        for page in pages:
            works.append(self._opened(_encodable(page)))
            size += len(works[-1].clean.text)
            if size >= CHUNK_CHARACTERS or len(works) >= CHUNK_PAGES:
                yield from self._read_together(works)
                works, size = [], 0
        yield from self._read_together(works)

    def _read_together(self, works: list[_Work]) -> Iterator[Record]:
        probed = {id(one.parsed): one.page.probes for one in works}

        def wanted(document: ParsedDocument, sentence: Any) -> bool:
            spans = probed[id(document)]
            return (
                not self._gate
                or worth_parsing(sentence)
                or any(sentence.start <= start < sentence.end for start, _ in spans)
            )

        self.parser.parse([one.parsed for one in works if one.readable], wanted)
        for work in works:
            yield self._record(work)

    def _opened(self, page: Page) -> _Work:
        clean = (
            clean_html(page.html, url=page.url) if page.html is not None else clean_text(page.text or "", page.title)
        )
        published = page.published or clean.published or page.feed_date
        kept = [(one.start, one.end) for one in clean.residue if one.kind not in READ_KINDS]
        breaks = [one.end for one in clean.residue if one.kind == "dateline"]
        parsed = outline(clean.text, published=published, title=page.title or clean.title, mask=kept, breaks=breaks)
        readable = clean.language in (None, "en")
        if readable:
            spans = [(one.start, one.end) for one in parsed.paragraphs]
            glued = [(one.start, one.end) for one in clean.residue if one.kind in GLUED_KINDS]
            found = find_times(clean.text, published, spans)
            parsed.times = tuple(
                one for one in found if not any(low < one.end and one.start < high for low, high in glued)
            )
        return _Work(page, clean, parsed, readable)

    def _record(self, work: _Work) -> Record:
        document, issues = self._document(work), [*work.page.notes, *work.clean.issues]
        if document.published is None:
            issues.append(
                Issue(
                    code="published-date-unknown",
                    message="the page does not say when it was published: dates without a year stay partial",
                )
            )
        if not work.readable:
            return Record(document=document, residue=work.clean.residue, issues=tuple(issues), version=self.version)
        findings = self._findings(work.parsed)
        assembly = Assembly(findings, self.lexicon)
        rows: dict[str, Any] = assembly.rows()
        said = rows["statements"]
        probes = tuple(judge_probe(work.parsed, start, end, said, assembly.judge) for start, end in work.page.probes)
        issues += _doubts(rows)
        return Record(
            document=document,
            residue=work.clean.residue,
            probes=probes,
            issues=tuple(issues),
            version=self.version,
            **rows,
        )

    def _findings(self, parsed: ParsedDocument) -> Findings:
        places = find_places(parsed, self.gazetteer)
        parsed.mark_places((one.start, one.end) for one in places if one.rule != "demonym" and one.feature != "country")
        actors = find_actors(parsed, self.lexicon)
        parsed.mark_parties((one.start, one.end, _PARTIES[one.sector]) for one in actors if one.sector in _PARTIES)
        return Findings(
            parsed=parsed, places=places, actors=actors, references=resolve_references(parsed, actors),
            statements=find_statements(parsed, actors), drafts=without_asides(parsed, find_events(parsed, cue_table())), figures=find_figures(parsed),
            control=find_control(parsed, places, parsed.times), zones=find_zones(parsed, places),
        )  # fmt: skip

    def _document(self, work: _Work) -> Document:
        page, clean = work.page, work.clean
        given = page.published is not None or (clean.published is None and page.feed_date is not None)
        content = page.html if page.html is not None else page.text or ""
        digest = page.digest or hashlib.sha256(content.encode()).hexdigest()
        return Document(
            id=f"sha256:{digest}", ref=page.ref, url=page.url, title=page.title or clean.title, publisher=clean.publisher, author=clean.author,
            language=clean.language, published=page.published or clean.published or page.feed_date,
            published_basis="given" if given else clean.published_basis, retrieved=page.retrieved, text=clean.text, raw_map=clean.raw_map,
        )  # fmt: skip


def _encodable(page: Page) -> Page:
    """The page with lone surrogates, which no UTF-8 can carry, as U+FFFD; every offset stays."""
    names = ("text", "html", "title", "ref", "url")
    odd = {name: value for name in names if (value := getattr(page, name)) and _SURROGATE.search(value)}
    mended: dict[str, Any] = {name: _SURROGATE.sub("\ufffd", value) for name, value in odd.items()}
    return replace(page, **mended) if odd else page


def _doubts(rows: dict[str, Any]) -> list[Issue]:
    """What a reader of the record would want to be warned of."""
    found = []
    for one in rows["statements"]:
        if one.source is None and one.direct == "yes":
            found.append(
                Issue(
                    code="speaker-unknown",
                    message="a quotation whose speaker the page does not name",
                    start=one.start,
                    end=one.end,
                )
            )
    for one in rows["figures"]:
        if one.damaged:
            found.append(
                Issue(
                    code="amount-damaged",
                    message=f"an amount lost its digits on the page: {one.text!r}",
                    start=one.start,
                    end=one.end,
                )
            )
    for one in rows["places"]:
        if one.lat is None and one.precision == "unresolved":
            found.append(
                Issue(code="place-unresolved", message=f"no place found for {one.text!r}", start=one.start, end=one.end)
            )
    return found


_shared: dict[str, Reader] = {}


def shared_reader() -> Reader:
    """One reader with default settings for the whole process."""
    return _shared.setdefault("default", Reader())


def read_text(text: str, *, published: str | None = None, title: str | None = None, url: str | None = None) -> Record:
    """The record of a plain text. `document.text` is the input, character for character; a lone surrogate is U+FFFD."""
    return next(shared_reader().read([Page(name="text", text=text, published=published, title=title, url=url)]))


def read_html(html: str, *, published: str | None = None, url: str | None = None) -> Record:
    """The record of an HTML page; offsets are into the extracted text."""
    return next(shared_reader().read([Page(name="html", html=html, published=published, url=url)]))
