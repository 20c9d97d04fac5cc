"""Copies of one text: cut tails and frames are copies, a shared paragraph is none."""

from __future__ import annotations

from tocsin.merge.reprints import relation, signature, stories

PARAGRAPHS = [
    "Fishermen from three villages found the hull of the missing ferry on a sandbank late on Tuesday evening.",
    "The coastguard said that the vessel had left the southern harbour with forty passengers and a cargo of cement.",
    "A survivor named Tomas Ilves told the inquiry that the engine had stopped twice before the storm arrived.",
    "Relatives waited outside the customs house, where clerks read out names from a handwritten list every hour.",
    "The owner of the line, a retired judge, promised that he would answer all questions once the dead were buried.",
    "Ferries on that route have no radios, although parliament voted for them after an earlier accident off the cape.",
]
OTHERS = [
    "Prices of maize doubled in the highland markets after lorries were turned back at the quarry checkpoint on Friday.",
    "The transport union called the closure a punishment and asked the regional council to meet before the weekend.",
    "Traders have begun to carry sacks over the old mule track, which takes nine hours and two guides.",
    "A council member said that the road would open again when the engineers had looked at the cracked bridge.",
]
WHOLE = "\n".join(PARAGRAPHS)


def copied(one: str, other: str) -> bool:
    found = relation(signature(one), signature(other))
    assert found == relation(signature(other), signature(one)), "symmetric"
    return found == "copy"


def test_the_same_text_is_a_copy_whatever_its_case_and_spaces() -> None:
    assert copied(WHOLE, WHOLE.upper().replace(" ", "  "))


def test_a_cut_tail_and_a_frame_leave_it_a_copy() -> None:
    frame = "Subscribe to our morning letter for more stories of this kind.\n{}\nThis story was supplied by an agency and not edited by our staff."
    assert copied(WHOLE, "\n".join(PARAGRAPHS[:3]))
    assert copied(WHOLE, frame.format("\n".join(PARAGRAPHS[:4])))


def test_one_shared_paragraph_is_a_quotation_and_no_copy() -> None:
    assert not copied(WHOLE, "\n".join([*OTHERS[:2], PARAGRAPHS[0], *OTHERS[2:]]))


def test_other_texts_and_empty_ones_are_none() -> None:
    assert not copied(WHOLE, "\n".join(OTHERS))
    assert not copied("", "") and not copied("Two words", WHOLE)
    assert signature("").bands == ()


def test_copies_share_a_look_up_key() -> None:
    assert not set(signature(WHOLE).bands).isdisjoint(signature("\n".join(PARAGRAPHS[:3])).bands)


def test_stories_lead_to_their_first_text() -> None:
    texts = [WHOLE, "\n".join(OTHERS), "\n".join(PARAGRAPHS[:4]), "\n".join(OTHERS[:3]), "Short."]
    assert stories(texts) == [0, 1, 0, 1, 4]
    assert stories([]) == []
