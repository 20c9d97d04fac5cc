"""What holds for the record of any text, news or not."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.pipeline import Page, Reader
from tocsin.records import Record, Row, from_json, to_json

WORDS = (
    "The the army rebels Russia Syria Idlib Moscow Gunmen killed wounded shelled bombed three dozens of 12 at least people "
    "civilians said denied threatened on Monday September 3 2018 yesterday and in by was not will could he it they mayor "
    "MINISTER Kyiv's near town ceasefire “ ” \" ' ( ) , . ! ? : — - | \n \n\n \t \x00 \x1b \u202e \u200f \ud800 💣 0M 9–13 $5m قتل убили (Reuters)"
).split(" ")
news = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
texts = st.one_of(news, st.text(max_size=400), st.tuples(news, st.text(max_size=60), news).map(" ".join))
dates = st.sampled_from([None, "2018", "2018-09", "2018-09-05", "2018-09-05T10:00:00Z"])
bounded = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def rows(value: object) -> Iterator[Row]:
    """Every row of a record, however deep."""
    if isinstance(value, tuple):
        for one in value:
            yield from rows(one)
    elif isinstance(value, Row):
        yield value
        for name in value.__struct_fields__:
            yield from rows(getattr(value, name))


def references(record: Record) -> Iterator[tuple[str, str]]:
    """Every id that a row points to, with the sort of row that it must be."""
    for event in record.events:
        for name, sort in (("actor", "a"), ("recipient", "a"), ("place", "p"), ("said_by", "s"), ("figures", "f")):
            yield from ((sort, one) for one in getattr(event, name))
        if event.time.span:
            yield "t", event.time.span
    for statement in record.statements:
        if statement.source is not None and statement.source.actor:
            yield "a", statement.source.actor
    for judged in (*record.figures, *record.probes):
        yield from (("s", one) for one in judged.said_by)
    for control in record.control:
        yield from (("a", one) for one in (*control.holder, *control.taken_from))
        yield from (("p", one) for one in (control.place,) if one)
    for zone in record.zones:
        yield from (("p", one) for one in (zone.place,) if one)
    for announced in record.announcements:
        yield from (("p", one) for one in announced.place)
        yield from (("s", one) for one in announced.announced_by)
        yield from (("e", one) for one in (announced.event,) if one)


@bounded
@given(text=texts, published=dates)
def test_spans_ids_and_references_hold(reader: Reader, text: str, published: str | None) -> None:
    record = next(reader.read([Page(name="x", text=text, published=published)]))
    source = record.document.text
    assert len(source) == len(text)
    for row in rows(record):
        start, end = getattr(row, "start", None), getattr(row, "end", None)
        if start is None or end is None:
            continue
        assert 0 <= start <= end <= len(source)
        if isinstance(getattr(row, "text", None), str):
            assert source[start:end] == row.text  # type: ignore[attr-defined]
    sections = (record.times, record.places, record.actors, record.statements, record.events, record.figures)
    ids = [one.id for section in (*sections, record.announcements, record.control, record.zones) for one in section]
    assert all(ids) and len(ids) == len(set(ids))
    for sort, name in references(record):
        assert name.startswith(sort) and name in ids


@bounded
@given(text=texts, published=dates)
def test_the_same_input_gives_the_same_bytes_and_they_read_back(
    reader: Reader, text: str, published: str | None
) -> None:
    page = Page(name="x", text=text, published=published)
    record = next(reader.read([page]))
    line = to_json(record)
    assert to_json(next(reader.read([page]))) == line
    assert from_json(line) == record and to_json(from_json(line)) == line
    assert b"\n" not in line and msgspec.json.decode(line)["document"]["text"] == record.document.text


@bounded
@given(pages=st.lists(texts, min_size=2, max_size=4))
def test_company_and_order_change_no_record(reader: Reader, pages: list[str]) -> None:
    asked = [Page(name=str(n), text=text, published="2018-09-05") for n, text in enumerate(pages)]
    alone = [to_json(next(reader.read([one]))) for one in asked]
    assert [to_json(one) for one in reader.read(asked)] == alone
    assert [to_json(one) for one in reader.read(asked[::-1])] == alone[::-1]


@bounded
@given(html=st.one_of(texts, texts.map(lambda text: f"<html><body><article><p>{text}</p></article></body></html>")))
def test_any_html_is_read(reader: Reader, html: str) -> None:
    record = next(reader.read([Page(name="x", html=html)]))
    for row in (*record.places, *record.actors, *record.times):
        assert record.document.text[row.start : row.end] == row.text
    for start, end, _ in record.document.raw_map:
        assert 0 <= start <= end <= len(record.document.text)
