"""Pages of HTML: the article, its date, title and language, where its lines stand in the raw page, and hostile markup."""

from __future__ import annotations

import html as entities
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.clean import clean_html, clean_text
from tocsin.clean.dates import date_in_text
from tocsin.clean.language import language_of
from tocsin.clean.rawmap import without_hidden

FIRST = (
    "Rebel fighters shelled the river port of Karvan on Tuesday & killed three dock workers, the harbour master said."
)
SECOND = "The army answered with rockets, and by nightfall the road between Karvan and the capital was closed to all traffic."
THIRD = (
    "Officials in the capital said that the talks planned for next week would go ahead, whatever happens at the front."
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Shells hit Karvan port | The Valley Post</title>
<meta property="og:title" content="Shells hit Karvan port"><meta property="og:site_name" content="The Valley Post">
<meta name="author" content="Ana Lopez"><meta property="article:published_time" content="2021-03-09T06:15:00+02:00">
<script>var story = "Rebel fighters shelled the river port of Karvan on Tuesday";</script></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>Shells hit Karvan port</h1>
<p>{entities.escape(FIRST)}</p>
<p>{SECOND}</p><p>{THIRD}</p></article>
<aside><h3>Most read</h3><a href="/x">Ferry sinks with dozens aboard</a></aside><footer>© The Valley Post</footer></body></html>"""


def test_the_article_and_what_is_known_about_it() -> None:
    page = clean_html(PAGE)
    for paragraph in (FIRST, SECOND, THIRD):
        assert paragraph in page.text
    assert "Ferry sinks" not in page.text and "Home" not in page.text
    assert (page.title, page.publisher, page.author) == ("Shells hit Karvan port", "The Valley Post", "Ana Lopez")
    assert (page.published, page.published_basis, page.language) == ("2021-03-09", "metadata", "en")
    assert page.issues == ()


def test_the_raw_map_leads_to_the_words_on_the_page_and_not_in_its_scripts() -> None:
    page = clean_html(PAGE)
    starts = {page.text[start:end]: raw for start, end, raw in page.raw_map}
    assert starts[FIRST] == PAGE.index("<p>Rebel fighters") + 3
    assert starts[SECOND] == PAGE.index(SECOND) and starts[THIRD] == PAGE.index(THIRD)


def test_hidden_stretches_keep_their_length() -> None:
    source = "a<!-- x -->b<SCRIPT>var c</SCRIPT>d<style>e</style>İ<p>f"
    shown = without_hidden(source)
    assert len(shown) == len(source)
    assert re.sub(r"\s|<[^>]*>", "", shown) == "abdİf"


def test_a_date_in_the_text_where_the_markup_has_none() -> None:
    body = "".join(f"<p>{one}</p>" for one in (FIRST, SECOND, THIRD))
    page = clean_html(f"<html><body><article><p>Published: 9 March 2021</p>{body}</article></body></html>")
    assert page.published == "2021-03-09"


def test_a_page_without_a_date_is_not_given_one() -> None:
    page = clean_html(f"<html><body><article><p>{FIRST}</p><p>{SECOND}</p></article></body></html>")
    assert (page.published, page.published_basis) == (None, "unknown")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Published: 9 March 2021\nShells fell.", "2021-03-09"), ("March 9, 2021\nShells fell.", "2021-03-09"), ("2021-03-09\nShells fell.", "2021-03-09"),
        ("KARVAN, 9 MAR 91 -- Shells fell.", "1991-03-09"), ("Shells fell on 9 March 2021.", None), ("The war of March 9, 1951 is remembered.", None), ("", None), ("99 March 2021", None),
    ],
)  # fmt: skip
def test_dates_that_a_text_states_as_its_own(text: str, date: str | None) -> None:
    assert date_in_text(text) == date
    assert clean_text(text).published_basis == ("text" if date else "unknown")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (f"{FIRST} {SECOND}", "en"), ("Gunmen kill 4", None), ("", None), ("1234 5678 !!", None),
        ("Боевики обстреляли речной порт во вторник, погибли трое рабочих, сообщил начальник порта журналистам в столице.", "ru"),
        ("Die Rebellen haben am Dienstag den Hafen beschossen und drei Arbeiter getötet, sagte der Leiter des Hafens am Abend.", "de"),
    ],
)  # fmt: skip
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_another_language_is_said_so() -> None:
    page = clean_text(
        "Les rebelles ont bombardé mardi le port fluvial et tué trois ouvriers, a déclaré le chef du port dans la soirée."
    )
    assert page.language == "fr" and [one.code for one in page.issues] == ["language-not-supported"]


@pytest.mark.parametrize("source", ["", "   ", "<html></html>", "<!-- -->", "<script>x</script>"])
def test_a_page_without_text_says_so(source: str) -> None:
    assert "no-text" in [one.code for one in clean_html(source).issues]


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 10_000 + f"<p>{FIRST}</p>", f"<p>{FIRST}</p>" + "<b><i>" * 5_000, f"<p>{FIRST}</p>" + "<!--" * 50_000, "<script " * 50_000, f"<p>{FIRST}</p>" + "<" * 200_000,
        f"<p>{FIRST}</p>" + "&" * 100_000, f"<table><tr><td><p>{FIRST}</p>" * 150, "<a href='" + "x" * 300_000, f"<p>{FIRST}</p>\x00\ud800\u202e",
    ],
    ids=lambda source: repr(source[:8] + source[-6:]),
)  # fmt: skip
def test_hostile_markup_neither_raises_nor_hangs(source: str) -> None:
    page = clean_html(source)
    assert all(0 <= start <= end <= len(page.text) and raw >= 0 for start, end, raw in page.raw_map)
    if FIRST in source:
        assert "river port of Karvan" in page.text


def test_nested_too_deep_is_read_plainly_and_said_so() -> None:
    page = clean_html("<div>" * 10_000 + f"<p>{FIRST}</p>")
    assert page.text == FIRST and [one.code for one in page.issues] == ["plain-extraction"]


PIECES = ["<p>", "</p>", "<a href=x>", "</a>", "<!--", "-->", "<script>", "<li>", "<td", ">", "&amp;", "&#0;", "<title>", "<time datetime='2020-13'>", FIRST, "\x00", "\ud800", "é"]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)))
def test_any_markup_gives_a_page(source: str) -> None:
    page = clean_html(source, url="not a url")
    position = 0
    for one in page.residue:
        assert position <= one.start < one.end <= len(page.text)
        position = one.end
    assert page == clean_html(source, url="not a url")
