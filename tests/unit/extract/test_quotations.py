"""Quotation marks matched into quotations."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.extract.quotations import find_quotations
from tocsin.parsed import Paragraph, ParsedDocument


def document(text: str, mask: list[tuple[int, int]] | None = None) -> ParsedDocument:
    """Paragraphs as blocks between blank lines, nothing parsed."""
    parsed, position = ParsedDocument(text=text, mask=mask or []), 0
    for block in text.split("\n\n"):
        if block.strip():
            parsed.paragraphs.append(Paragraph(position, position + len(block)))
        position += len(block) + 2
    return parsed


def quoted(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find_quotations(document(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"A," he said. "B."', ['"A,"', '"B."']),
        ("“A,” he said. “B.”", ["“A,”", "“B.”"]),
        ("''A,'' he said. ''B.''", ["''A,''", "''B.''"]),
        ("„A“ ist A”", ["„A“ ist A”"]),
        ("«A» and «B»", ["«A»", "«B»"]),
        ("‘It is over,’ he said.", ["‘It is over,’"]),
        ("'It is over,' he said.", ["'It is over,'"]),
        ("'It's my father's house,' he said.", ["'It's my father's house,'"]),
        ("The rebels' camp and the soldiers' mess", []),
        ("In the '90s it wasn't so.", []),
        ("It wasn’t the general’s fault.", []),
        ('The pipe was 6" wide.', []),
        ('"He cried, “Run!” and ran," she said.', ['"He cried, “Run!” and ran,"']),
        ("“He cried, ‘Run!’ and ran,” she said.", ["“He cried, ‘Run!’ and ran,”"]),
        ('"Never closed. And more', ['"Never closed.']),
        ('"One. "Two."', ['"One.', '"Two."']),
        ("(“in brackets”)", ["“in brackets”"]),
        ("", []),
        ("no marks at all", []),
    ],
)
def test_marks_are_matched(text: str, found: list[str]) -> None:
    assert quoted(text) == found


def test_quotation_goes_on_over_paragraphs() -> None:
    text = '"First.\n\n"Second.\n\n"Third," he said. "Fourth."'
    found = find_quotations(document(text))
    assert [len(one.parts) for one in found] == [3, 1]
    assert text[found[0].start : found[0].end].endswith('"Third,"')


def test_quotation_does_not_go_on_into_a_paragraph_without_mark() -> None:
    found = find_quotations(document('"First is open.\n\nSecond is plain. "Third," he said.'))
    assert [one.closed for one in found] == [False, True]


def test_marks_in_a_mask_are_not_seen() -> None:
    text = 'He said "yes" and "no".'
    low = text.index('"yes"')
    found = find_quotations(document(text, [(low, low + 5)]))
    assert [text[one.start : one.end] for one in found] == ['"no"']


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="\"“”'‘’«»„` aB.,\n9—", max_size=80))
def test_any_text_gives_ordered_quotations_that_fit(text: str) -> None:
    found = find_quotations(document(text))
    end = 0
    for one in found:
        assert end <= one.start < one.end <= len(text)
        assert all(one.start <= low < high <= one.end for low, high in one.parts)
        end = one.end
