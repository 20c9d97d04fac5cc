"""Page text made harmless to look at: characters that steer a terminal or the direction of writing become visible.

Escaping HTML is Jinja's work (autoescape); this is about what escaping lets through: bidirectional overrides that turn a
sentence round (CVE-2021-42574), zero-width characters that hide a word, control characters.
"""

from __future__ import annotations

import sys
import unicodedata

from markupsafe import Markup

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


def finalize(value: object) -> object:
    """Jinja's last step before escaping: nothing from a page reaches HTML without passing here."""
    if value is None:
        return ""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def shortened(text: str | None, length: int = 240) -> str:
    """At most so many characters, with an ellipsis where something was left out."""
    if not text:
        return ""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
