"""Bytes to text, whatever the page says of its encoding; what is no text is refused with a reason."""

from __future__ import annotations

import codecs
import re

from resiliparse.parse.encoding import detect_encoding

from tocsin.errors import InputError

LARGEST = 20_000_000  # bytes of one page; the largest article pages seen are a few million
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONE_RETURN = re.compile(r"\r(?!\n)")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.I)
_BINARY = (
    (b"%PDF", "a PDF; convert it to text first, for example with pdftotext"), (b"PK\x03\x04", "a zip archive or office file; unpack or convert it first"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"), (b"\x89PNG", "an image"), (b"\xff\xd8\xff", "an image"), (b"GIF8", "an image"),
    (b"\x7fELF", "a program"), (b"SQLite format 3", "a database"), (b"BZh", "compressed with bzip2; unpack it first"), (b"\xfd7zXZ", "compressed with xz; unpack it first"),
    (b"RIFF", "audio, video or an image"), (b"ID3", "audio"), (b"OggS", "audio or video"), (b"\xd0\xcf\x11\xe0", "an old office file; convert it to text first"),
)  # fmt: skip
MOST_NULS = 0.01  # share of NUL bytes from which a file is binary
STRAY_NULS = 4  # so many in a page are damage, whatever their share; they are kept as spaces


def decode(content: bytes, declared: str | None = None, *, name: str) -> str:
    """The text of a page. A byte order mark counts first, then UTF-8 if it fits, then what the page declares.

    The text is the input character for character, but that NUL becomes a space and a lone carriage return (old Macintosh
    files) a line break, which keeps every offset. Raises `InputError` naming the input where it is empty, binary or
    larger than `LARGEST`.
    """
    if len(content) > LARGEST:
        raise InputError(name, f"is {len(content):,} bytes, more than the {LARGEST:,} that one page may have")
    if not content.strip():
        raise InputError(name, "is empty")
    text = _by_mark(content)
    if text is None:
        _refuse_binary(content, name)
        text = _by_declaration(content, declared)
    return _LONE_RETURN.sub("\n", text.replace("\x00", " "))


def _by_mark(content: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    return None


def _refuse_binary(content: bytes, name: str) -> None:
    for magic, what in _BINARY:
        if content.startswith(magic):
            raise InputError(name, f"is {what}, not a page")
    head = content[:65_536]
    if head.count(0) > max(MOST_NULS * len(head), STRAY_NULS):
        raise InputError(name, "is binary, not a page of text or HTML")


def _by_declaration(content: bytes, declared: str | None) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    meta = _META.search(content[:4096])
    for encoding in (
        declared,
        meta.group(1).decode("ascii", "ignore") if meta else None,
        detect_encoding(content[:200_000]),
    ):
        if encoding and _is_text_codec(encoding):
            try:
                return content.decode(encoding, "replace")
            except UnicodeError:  # a codec that refuses whatever it is told, such as 'undefined'
                continue
    return content.decode("utf-8", "replace")


def _is_text_codec(encoding: str) -> bool:
    """Whether the name is that of a text encoding; Python's `zip` and `hex` codecs are none."""
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError):
        return False
    return bool(getattr(found, "_is_text_encoding", True))
