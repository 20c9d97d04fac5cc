"""From bytes read to a page whose text is known, dated, and marked where it is not the article's own."""

from __future__ import annotations

from tocsin.clean.html import clean_html
from tocsin.clean.page import CleanPage, clean_text

__all__ = ["CleanPage", "clean_html", "clean_text"]
