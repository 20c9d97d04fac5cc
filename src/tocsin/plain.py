"""Page text made harmless to look at: characters that steer a terminal or the direction of writing become visible.

Escaping is for the format that is written; this is about what escaping lets through: bidirectional overrides that turn a
sentence round (CVE-2021-42574), zero-width characters that hide a word, control characters. What a spreadsheet would take for a
formula is made a text (OWASP, CSV injection).
"""

from __future__ import annotations

import sys
import unicodedata

KEPT = "\n\t"


def _stand_ins() -> dict[int, str]:
    """C0 controls become their pictures (U+2400 …), all other controls and formats `⟨U+202E⟩`; ZWJ and ZWNJ are letters' own."""
    table: dict[int, str] = {}
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if char in KEPT or char in "\u200c\u200d\u00ad":
            continue
        if unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs"):
            table[code] = chr(0x2400 + code) if code < 0x20 else f"⟨U+{code:04X}⟩"
    table[0xAD] = ""  # a soft hyphen shows nothing, and is common in good pages
    return table


STAND_INS: dict[int, str] = {}


def visible(text: str) -> str:
    """The text with control, format, private and surrogate characters shown as signs."""
    if text.isascii() and text.isprintable():
        return text
    if not STAND_INS:
        STAND_INS.update(_stand_ins())
    return text.translate(STAND_INS)


def cell(value: object) -> object:
    """A value as a cell of a table of text: harmless characters, no formula."""
    if not isinstance(value, str):
        return value
    shown = visible(value)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@", "\t", "\r") else shown
