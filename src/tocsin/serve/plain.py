"""What Jinja does with every value before it escapes it; see `tocsin.plain`."""

from __future__ import annotations

from markupsafe import Markup

from tocsin.plain import KEPT, STAND_INS, visible

__all__ = ["KEPT", "STAND_INS", "finalize", "shortened", "visible"]


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
