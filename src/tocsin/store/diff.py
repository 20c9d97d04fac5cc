"""What changed on a page between two of its versions, sentence by sentence."""

from __future__ import annotations

import difflib
import re

from tocsin.errors import UsageError
from tocsin.store.base import Change
from tocsin.store.questions import Questions

_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|\n+")
MOST_SENTENCES = 5_000  # of a version; the comparison's worst case is quadratic


class Diffs(Questions):
    """Compares versions."""

    def diff(self, version_a: str, version_b: str) -> tuple[Change, ...]:
        """The sentences of two versions' texts as runs, in order. Raises `UsageError` where a version was never read."""
        texts = []
        for version in (version_a, version_b):
            record = self.record(version)
            if record is None:
                raise UsageError(f"no reading of a version {version!r}")
            texts.append(sentences(record.document.text))
        return tuple(changes(*texts))


def sentences(text: str) -> list[str]:
    """The text cut after sentence ends and at line breaks, without the white space between; what is too much, in one piece."""
    found = [one.strip() for one in _END.split(text) if one and one.strip()]
    return found if len(found) <= MOST_SENTENCES else [*found[:MOST_SENTENCES], " ".join(found[MOST_SENTENCES:])]


def changes(before: list[str], after: list[str]) -> list[Change]:
    found: list[Change] = []
    for tag, low, high, begin, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Change(kind="same", text=" ".join(before[low:high])))
            continue
        if high > low:
            found.append(Change(kind="gone", text=" ".join(before[low:high])))
        if end > begin:
            found.append(Change(kind="new", text=" ".join(after[begin:end])))
    return found
