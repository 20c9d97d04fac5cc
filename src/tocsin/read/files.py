"""Pages from files, folders and standard input."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tocsin.errors import InputError
from tocsin.read.decode import LARGEST, decode

SUFFIXES = frozenset({".txt", ".html", ".htm", ".xhtml", ".md", ".text"})  # what is taken from a folder
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|div|p|meta|title)\b", re.I)


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One page as it came in. `text` is the decoded content: HTML source where `is_html`."""

    name: str
    sha256: str
    text: str
    is_html: bool
    url: str | None = None
    retrieved: str | None = None
    content: bytes = b""


def raw_document(
    name: str,
    content: bytes,
    *,
    declared: str | None = None,
    url: str | None = None,
    retrieved: str | None = None,
    html: bool | None = None,
) -> RawDocument:
    """The page of some bytes. Raises `InputError` where they are no page."""
    text = decode(content, declared, name=name)
    is_html = looks_like_html(name, text) if html is None else html
    return RawDocument(name, hashlib.sha256(content).hexdigest(), text, is_html, url, retrieved, content)


def looks_like_html(name: str, text: str) -> bool:
    """By the file's suffix, else by tags in its first lines."""
    suffix = Path(name).suffix.lower()
    if suffix in (".html", ".htm", ".xhtml"):
        return True
    return suffix not in (".txt", ".md", ".text") and bool(_HTML.search(text[:2000]))


def read_files(paths: Iterable[str]) -> Iterator[RawDocument | InputError]:
    """Each file, and each page file of each folder, in order of name; what cannot be read comes as its error."""
    for path in paths:
        yield from _read(Path(path))


def _read(path: Path) -> Iterator[RawDocument | InputError]:
    try:
        if path.is_dir():
            yield from _read_folder(path)
        else:
            yield _read_file(path)
    except InputError as problem:
        yield problem
    except OSError as problem:
        yield InputError(str(path), f"cannot be read: {problem.strerror or problem}")
    except ValueError as problem:  # a name with a NUL character
        yield InputError(repr(str(path)), f"is no file name: {problem}")


def _read_folder(folder: Path) -> Iterator[RawDocument | InputError]:
    found = sorted(
        one for one in folder.rglob("*") if one.suffix.lower() in SUFFIXES and not _hidden(one.relative_to(folder))
    )
    if not found:
        yield InputError(str(folder), f"has no page files ({', '.join(sorted(SUFFIXES))})")
    for path in found:
        if path.is_file():
            yield from _read(path)


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _read_file(path: Path) -> RawDocument:
    if not path.exists():
        raise InputError(str(path), "does not exist")
    if not path.is_file():
        raise InputError(str(path), "is no regular file")  # a device or pipe could be endless
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        raise InputError(str(path), "holds JSON Lines, many pages in one file: read it with --from jsonl")
    with path.open("rb") as stream:
        return raw_document(str(path), stream.read(LARGEST + 1))


def read_stdin() -> RawDocument:
    """The page on standard input. Raises `InputError` where it is none."""
    return raw_document("standard input", sys.stdin.buffer.read(LARGEST + 1))
