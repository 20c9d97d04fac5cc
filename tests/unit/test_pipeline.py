"""Pages to records: what holds for every record, and what bad input gives."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from tocsin.parse import Parser
from tocsin.parsed import Sentence
from tocsin.pipeline import Page, Reader
from tocsin.records import Record, to_json

NEWS = "Army shells market town\n\nThe army shelled the town of Saraqib on September 3, killing nine people, the mayor said.\n"
GERMAN = "Bei einem Angriff auf eine Kaserne im Norden des Landes sind am Montag nach Angaben der Behörden zwölf Soldaten getötet worden. "
RUSSIAN = (
    "В результате обстрела города в понедельник погибли девять человек, сообщил глава местной администрации района. "
)
ARABIC = "قتل تسعة أشخاص في قصف على سوق في البلدة يوم الاثنين وفق ما قال رئيس المجلس المحلي للصحفيين في المدينة. "


def record_of(reader: Reader, text: str, **known: object) -> Record:
    return next(reader.read([Page(name="page", text=text, **known)]))  # type: ignore[arg-type]


def codes(record: Record) -> list[str]:
    return [one.code for one in record.issues]


def test_the_record_says_what_the_page_says(reader: Reader) -> None:
    record = record_of(reader, NEWS, published="2018-09-05", ref="a page")
    (event,) = [one for one in record.events if one.trigger.text == "shelled"]
    assert (event.event_type, event.status, event.time.value) == ("ASSAULT", "reported", "2018-09-03")
    assert [one.name for one in record.places] == ["Saraqib"]
    assert [one.best for one in record.figures if one.id in event.figures] == [9]
    assert record.document.ref == "a page" and record.document.published_basis == "given"
    assert record.document.text == NEWS


def test_without_a_date_values_stay_partial_and_it_is_said(reader: Reader) -> None:
    record = record_of(reader, NEWS)
    assert record.document.published is None and record.document.published_basis == "unknown"
    assert "published-date-unknown" in codes(record)
    assert [one.value for one in record.times] == ["XXXX-09-03"]


@pytest.mark.parametrize(("text", "language"), [(GERMAN, "de"), (RUSSIAN, "ru"), (ARABIC, "ar")])
def test_another_language_is_said_and_not_coded(reader: Reader, text: str, language: str) -> None:
    record = record_of(reader, text * 3, published="2018-09-05")
    assert record.document.language == language and "language-not-supported" in codes(record)
    assert not (record.events or record.figures or record.statements or record.places)
    assert record.document.text == text * 3


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u200f\u202e"])
def test_nothing_to_read_gives_an_empty_record(reader: Reader, text: str) -> None:
    record = record_of(reader, text)
    assert record.events == () and record.document.text == text


def test_probes_are_judged_in_the_order_asked(reader: Reader) -> None:
    text = "The minister denied that the army bombed the school. Rebels attacked the base on Monday."
    spans = tuple((text.index(word), text.index(word) + len(word)) for word in ("attacked", "bombed"))
    record = record_of(reader, text, published="2018-09-05", probes=spans)
    assert [(one.start, one.end) for one in record.probes] == list(spans)
    assert [one.status for one in record.probes] == ["happened", "denied"]


def test_neither_company_nor_order_changes_a_record(reader: Reader) -> None:
    texts = [NEWS, GERMAN * 3, "", "Two killed in Idlib.", "POLICE ARREST TEN IN PORT CITY RAID", NEWS.upper()]
    pages = [Page(name=str(n), text=text, published="2018-09-05") for n, text in enumerate(texts)]
    alone = [to_json(next(reader.read([page]))) for page in pages]
    assert [to_json(one) for one in reader.read(pages)] == alone
    assert [to_json(one) for one in reader.read(pages[::-1])] == alone[::-1]


def test_a_new_reader_gives_the_same_bytes(reader: Reader) -> None:
    page = Page(name="x", text=NEWS, published="2018-09-05")
    assert to_json(next(Reader().read([page]))) == to_json(next(reader.read([page])))


@pytest.mark.parametrize(
    "text",
    [
        "The army of \x00 Idlib killed \x07 three \x1b[31mmen\x1b[0m on Monday.",
        "The army of \u202eIdlib\u200f killed three\u2066 men on Monday, the \u200bmayor said.",
        "The army \ud800 of Idlib killed \udfff three men on Monday, said the mayor.",
        "“The army said it ‘killed' \" the ” men ''of the `` town «",
        "((((((((((the army of the))))))))))",
        "the army killed " + "9" * 5000 + " people and " + "one hundred " * 300 + "more of them",
    ],
    ids=["control", "direction", "surrogates", "marks", "brackets", "numbers"],
)
def test_odd_text_is_read_and_every_span_is_its_slice(reader: Reader, text: str) -> None:
    record = record_of(reader, text, published="2018-09-05")
    for row in (*record.times, *record.places, *record.actors, *record.figures):
        assert record.document.text[row.start : row.end] == row.text


PEOPLE = "Omar Haddad, Maria Lopez, John Carter, Yusuf Idris, Anna Petrova, Juan Bustillo, Ali Hassan".split(", ")
TOWNS = "Idlib Aleppo Saraqib Mosul Kharkiv Goma Mopti Marawi Tripoli Sanaa Kabul Herat Gaza Beirut Basra".split()
LONG_TEXTS: dict[str, Callable[[int], str]] = {
    "one-line": lambda n: "Jets bombed the town of Saraqib on Monday, killing at least 9 civilians, the mayor said. ",
    "paragraphs": lambda n: (
        "The rebels took control of the town and “we lost the road”, said Omar Haddad, the mayor of Idlib.\n\n"
    ),
    "short-sentences": lambda n: "Rebels fired. He fled. Police shot two men. ",
    "no-stop": lambda n: "the army of the town and ",
    "no-punctuation": lambda n: f"rebels attacked {TOWNS[n % 15].lower()} and killed {n % 5 + 2} people ",
    "one-sentence": lambda n: f"the army shelled {TOWNS[n % 15]} and rebels who held it fled to {TOWNS[n * 7 % 15]}, ",
    "open-quotations": lambda n: "“We were attacked by the army, the mayor said, and ",
    "open-paragraphs": lambda n: "“We were attacked by the army. The mayor said that rebels killed nine people.\n\n",
    "closed-quotations": lambda n: '"We lost nine men," said Omar Haddad. He added: "The army shelled us." ',
    "places": lambda n: f"Rebels from {TOWNS[n % 15]} attacked {TOWNS[n * 7 % 15]} and {TOWNS[n * 4 % 15]} in Syria. ",
    "holdings": lambda n: f"Rebel-held {TOWNS[n % 15]}, in a buffer zone, was seized from government forces in 2015. ",
    "numbers": lambda n: f"It killed {n % 90 + 2} people, wounded {n % 9 + 3} and displaced {n % 9 + 100} families. ",
    "dates": lambda n: f"On {n % 28 + 1} March 20{n % 20 + 10} rebels attacked the base, and on Monday they left. ",
    "pronouns": lambda n: f"{PEOPLE[n % 7]} told the rebels that he would attack them, and she said they killed him. ",
    "targets": lambda n: f"Gunmen kidnapped {PEOPLE[n % 7]} and shot {PEOPLE[n * 3 % 7]} dead in {TOWNS[n % 15]}. ",
    "a-list-of-names": lambda n: f"{PEOPLE[n % 7]} {chr(65 + n % 26)}. of the {TOWNS[n % 15]} police\n",
    "headlines": lambda n: f"Rebels Kill {n % 50 + 2} Soldiers in {TOWNS[n % 15]} Attack\n\n",
    "residue": lambda n: (
        "The army shelled the town on Monday, killing nine people.\n\nRead more: Army shells town\n\nAdvertisement\n\n"
    ),
}


def long_text(kind: str, size: int) -> str:
    pieces, length = [], 0
    while length < size:
        pieces.append(LONG_TEXTS[kind](len(pieces)))
        length += len(pieces[-1])
    return "".join(pieces)[:size]


def parsing_each_sentence_once(parser: Parser) -> Callable[..., None]:
    """The parser's own work done once for each wording: it is linear in the text, and would hide what is not."""
    run, known = parser._run, {}

    def remembered(pairs: list[tuple[Sentence, object]], disable: list[str], *, full: bool) -> None:
        fresh = {one.text: (one, made) for one, made in pairs if (one.text, full) not in known}
        run(list(fresh.values()), disable, full=full)
        known.update({(text, full): (one.start, one.names, one.tokens) for text, (one, _) in fresh.items()})
        for one, _ in pairs:
            start, names, tokens = known[one.text, full]
            moved = one.start - start
            one.names = [replace(name, start=name.start + moved, end=name.end + moved) for name in names]
            one.tokens = [replace(token, start=token.start + moved, end=token.end + moved) for token in tokens]

    return remembered


@pytest.mark.slow
@pytest.mark.parametrize("kind", LONG_TEXTS)
def test_time_grows_with_the_text_and_not_with_its_square(
    reader: Reader, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader.parser, "_run", parsing_each_sentence_once(reader.parser))

    def seconds(size: int) -> float:
        gc.collect()
        began = time.process_time()
        record_of(reader, long_text(kind, size), published="2018-09-05")
        return time.process_time() - began

    seconds(100_000)  # every wording is parsed now
    small = min(seconds(25_000), seconds(25_000))
    assert min(seconds(100_000), seconds(100_000)) < 7 * max(small, 0.1)  # 4 were it exact; a square would be 16


@pytest.mark.slow
def test_a_single_line_of_a_megabyte(reader: Reader) -> None:
    began = time.process_time()
    record = record_of(reader, "a" * 1_000_000)
    assert record.events == () and time.process_time() - began < 10
