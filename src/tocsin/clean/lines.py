"""What a line of a page looks like: the facts that tell an article's paragraphs from its page's furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_LINE = 600  # code points of a line that patterns look at; longer lines are paragraphs
_STOP = re.compile(r"[.!?…][\"”’')\]»]*$|[.,][\"”’']$")
_BULLET = re.compile(r"^(?:[-•*▪●·>»|]+\s*)+|\s*[|]+\s*$")
_CAPITAL_WORD = re.compile(r"[^\W\d_][\w’'-]{3,}")
_CONTENT_WORD = re.compile(r"[^\W\d_][\w’'-]{3,}")
_MENU = re.compile(r"\s[|›»/·•]\s|\|\s*\|")
FOREIGN, KINDRED = (
    0.2,
    0.45,
)  # shares of a line's words met in the paragraphs: of a line about something else, of a headline
LONG_WORDS = 40  # words from which a line is a paragraph even if a layout table cut its end off
BODY_WORDS = 12  # words from which a stopped line is taken for a paragraph


@dataclass(slots=True)
class Line:
    """One line without the blanks around it; `bare` is without bullets and table bars."""

    start: int
    end: int
    text: str
    bare: str
    words: int
    stopped: bool  # ends as a sentence does
    named: bool = False  # a wording rule has marked it

    @property
    def listed(self) -> bool:
        """Whether it stands behind a bullet or between table bars."""
        return self.bare != self.text

    @property
    def barred(self) -> bool:
        """Whether it is a row of a layout table."""
        return self.text.startswith("|") or self.text.endswith("|")

    @property
    def paragraph(self) -> bool:
        """Whether it reads as a paragraph of the article."""
        return not self.named and (self.words >= (BODY_WORDS if self.stopped else LONG_WORDS))

    @property
    def title_case(self) -> bool:
        """Whether most of its longer words are capitalised, as in the headlines of many outlets."""
        found = _CAPITAL_WORD.findall(self.bare[:LONGEST_LINE])
        return len(found) >= 3 and sum(word[0].isupper() for word in found) >= 0.7 * len(found)

    @property
    def tabular(self) -> bool:
        """Whether it holds data (scores, amounts, quantities) and not words."""
        bare = self.bare[:LONGEST_LINE]
        return sum(char.isdigit() for char in bare) >= 0.12 * max(len(bare.replace(" ", "")), 1)

    @property
    def cells(self) -> int:
        """How many filled cells of a table it holds; 1 where it is no row."""
        return sum(bool(part.strip()) for part in self.bare[:LONGEST_LINE].split("|"))

    @property
    def menu(self) -> bool:
        """Whether it is a row of short entries between bars or arrows: 'Home | World | Asia'."""
        return len(_MENU.findall(self.bare[:LONGEST_LINE])) >= 1 and not self.stopped


def line_of(start: int, raw: str) -> Line:
    """The line whose characters begin at `start`."""
    text = raw.strip()
    start += len(raw) - len(raw.lstrip())
    bare = _BULLET.sub("", text).strip() if len(text) <= LONGEST_LINE else text.strip("| \t")
    return Line(start, start + len(text), text, bare, len(bare.split()), bool(_STOP.search(bare[-4:])))


def content_words(text: str) -> set[str]:
    """The longer words of a stretch, small letters: what it is about."""
    return {word.lower() for word in _CONTENT_WORD.findall(text)}


def own_headline(lines: Sequence[Line], first_body: int, title: str | None) -> int:
    """Which of the lines above the first paragraph is the article's headline; -1 where there is none.

    The line that says what the title says; without a title the first one, unless a later one shares far more of its
    words with the paragraphs, as when a page's menu comes first.
    """
    above = [n for n in range(first_body) if lines[n].words >= 3 and not lines[n].named]
    if not above:
        return -1
    if title:
        wanted = set(title.lower().split())
        return max(above, key=lambda n: (len(wanted & set(lines[n].bare.lower().split())), -n))
    body = content_words(" ".join(line.bare for line in lines[first_body : first_body + 8])[:6000])
    first = next((n for n in above if not lines[n].barred), above[0])
    best = max(above[:30], key=lambda n: (_share(lines[n], body), -n))
    return best if _share(lines[first], body) < FOREIGN and _share(lines[best], body) >= KINDRED else first


def _share(line: Line, body: set[str]) -> float:
    words = content_words(line.bare[:LONGEST_LINE])
    return len(words & body) / (len(words) + 1)
