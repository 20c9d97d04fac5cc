"""Full lines are joined where a text is hard-wrapped, and nowhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tocsin.layout import blocks, wrap_width

WRAPPED = """Gunmen attacked a convoy of flour trucks on the road to Karvan on
Tuesday, killing two drivers, the governor's office said. The escort
returned fire and three of the attackers were hurt by shrapnel and
were wounded.
A second convoy turned back at the bridge, where soldiers had found a
mine under the first span, and reached the depot after dark.

No group claimed the attack. The road had been open for nine days, the
longest stretch since the truce of March was signed in the capital.
"""
LINES = """Two drivers killed on road to Karvan
Gunmen attacked a convoy of flour trucks on the road to Karvan on Tuesday, killing two drivers, the governor's office said.
Read more
The escort returned fire and three of the attackers were wounded, according to a doctor at the clinic in Old Karvan.
No group claimed the attack.
"""


def pieces(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in blocks(text)]


def test_wrapped_lines_are_one_paragraph() -> None:
    found = pieces(WRAPPED)
    assert wrap_width(WRAPPED) > 60
    assert found[0].startswith("Gunmen attacked") and found[0].endswith("were wounded.")
    assert found[-1].endswith("in the capital.") and len(found) == 3


def test_a_line_a_paragraph_stays_apart() -> None:
    assert wrap_width(LINES) == 0
    assert pieces(LINES) == LINES.strip().split("\n")


def test_indentation_does_not_hide_wrapping() -> None:
    indented = WRAPPED.replace("\n", "\n            ")
    assert pieces(indented) == pieces(WRAPPED)


def test_entries_of_a_table_are_never_joined() -> None:
    table = (
        WRAPPED + "\n" + "\n".join(f"| entry {n} of a long and rather full row of a layout table |" for n in range(4))
    )
    assert [one for one in pieces(table) if one.startswith("|")] == [
        f"| entry {n} of a long and rather full row of a layout table |" for n in range(4)
    ]


@given(st.text(alphabet="ab .\n|-é\r\t", max_size=400))
def test_no_character_is_lost(text: str) -> None:
    spans = list(blocks(text))
    assert spans == sorted(spans)
    inside = "".join(text[start:end] for start, end in spans)
    assert [char for char in inside if not char.isspace()] == [char for char in text if not char.isspace()]
