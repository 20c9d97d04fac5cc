"""Inputs of a run: cut into shards, and the captures that a shard holds.

A shard is the unit of work and of resuming: one WARC file, a stretch of a JSON Lines file, a row group of a Parquet file, a few
hundred files of a folder. The list of shards depends on the inputs alone, never on how many work on them.
"""

from __future__ import annotations

import gzip
import io
import itertools
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import msgspec

from tocsin.errors import InputError, MissingError, UsageError
from tocsin.read import read_jsonl

Form = Literal["warc", "jsonl", "parquet", "folder"]
FORMS: tuple[Form, ...] = ("warc", "jsonl", "parquet", "folder")
LARGEST = 20_000_000  # bytes of one body; more is no news page
STRETCH = 32_000_000  # bytes of a JSON Lines file in one shard
FILES = 500  # files of a folder in one shard
_WARC = re.compile(r"\.w?arc(\.(gz|zst|lz4))?$", re.I)
_LINES = re.compile(r"\.(jsonl|ndjson)(\.gz)?$", re.I)
_PAGES = (".html", ".htm", ".txt", ".xhtml")


class Shard(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of the inputs. `low` and `high` bound it: bytes of JSON Lines, row groups of Parquet; `files` name those of a folder."""

    number: int
    form: Form
    path: str
    low: int = 0
    high: int = 0
    files: tuple[str, ...] = ()
    size: int = 0

    @property
    def name(self) -> str:
        """The name of its parts: its number and what it was made of, in letters that every file system takes."""
        plain = re.sub(r"[^A-Za-z0-9]+", "-", Path(self.path).name).strip("-")[:60] or "shard"
        return f"{self.number:05d}-{plain}"


@dataclass(slots=True)
class Capture:
    """One page as an archive holds it. `skip` says why it is none of ours before its body is looked at."""

    ref: str
    url: str | None = None
    body: bytes = b""
    text: str | None = None
    html: bool = True
    charset: str | None = None
    retrieved: str | None = None
    published: str | None = None
    title: str | None = None
    skip: str | None = None


def shards(inputs: Sequence[str], form: Form | None = None) -> tuple[Shard, ...]:
    """The shards of files and folders, in the order of their names. Raises `UsageError` where an input is none, or nothing is found."""
    found: list[Shard] = []
    for name in inputs:
        path = Path(name)
        if "://" in name or not path.exists():
            raise UsageError(
                f"{name}: there is no such file or folder (archives are read from files; fetch them first)"
            )
        for one in _of_path(path, form):
            found.append(msgspec.structs.replace(one, number=len(found)))
    if not found:
        raise UsageError(f"nothing to code in {', '.join(inputs)}: no WARC, JSON Lines, Parquet, HTML or text file")
    return tuple(found)


def _of_path(path: Path, form: Form | None) -> Iterator[Shard]:
    if path.is_file():
        yield from _of_file(path, form or form_of(path))
        return
    files = sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
    if form != "folder":
        archives = [one for one in files if form_of(one) != "folder" and (form is None or form_of(one) == form)]
        for one in archives:
            yield from _of_file(one, form_of(one))
    if form in (None, "folder"):
        pages = [str(one.relative_to(path)) for one in files if one.suffix.lower() in _PAGES]
        for start in range(0, len(pages), FILES):
            yield Shard(number=0, form="folder", path=str(path), low=start, files=tuple(pages[start : start + FILES]))


def form_of(path: Path) -> Form:
    """The form that a file's name says: WARC, JSON Lines, Parquet; else a page by itself."""
    if _WARC.search(path.name):
        return "warc"
    if _LINES.search(path.name):
        return "jsonl"
    return "parquet" if path.suffix.lower() == ".parquet" else "folder"


def _of_file(path: Path, form: Form) -> Iterator[Shard]:
    size = path.stat().st_size
    if form == "jsonl" and path.suffix.lower() != ".gz":
        for low in range(0, max(size, 1), STRETCH):
            high = min(low + STRETCH, size)
            yield Shard(number=0, form="jsonl", path=str(path), low=low, high=high, size=high - low)
    elif form == "parquet":
        for group in range(_row_groups(path)):
            yield Shard(number=0, form="parquet", path=str(path), low=group, high=group + 1, size=size)
    elif form == "folder":
        yield Shard(number=0, form="folder", path=str(path.parent), files=(path.name,), size=size)
    else:
        yield Shard(number=0, form=form, path=str(path), size=size)


def _row_groups(path: Path) -> int:
    import pyarrow
    import pyarrow.parquet

    try:
        return int(pyarrow.parquet.ParquetFile(path).num_row_groups)
    except (pyarrow.ArrowInvalid, OSError) as problem:
        raise UsageError(f"{path} is no Parquet file: {problem}") from problem


def captures(shard: Shard) -> Iterator[Capture | InputError]:
    """The captures of a shard in their order; what cannot be read comes as its error. A file that breaks off ends with one."""
    reading = {"warc": _of_warc, "jsonl": _of_lines, "parquet": _of_rows, "folder": _of_folder}[shard.form]
    try:
        yield from reading(shard)
    except OSError as problem:
        yield InputError(shard.path, f"breaks off: {problem}")


# ------------------------------------------------------------------------------------------------------------ WARC


def _of_warc(shard: Shard) -> Iterator[Capture]:
    """The responses of a WARC file. Bodies come as they were meant: transfer and content encodings undone, and bounded."""
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as problem:
        raise MissingError("WARC files need fastwarc: pip install 'tocsin[archive]'") from problem
    with Path(shard.path).open("rb") as stream:
        records = ArchiveIterator(stream, record_types=WarcRecordType.response | WarcRecordType.resource, parse_http=True, auto_decode="all", fsspec_args=False)  # fmt: skip
        last = 0
        for number, record in enumerate(records):
            last = record.stream_pos
            yield _of_record(shard, number, record)
        if not _ends_whole(stream, last):
            raise OSError("the last record is not whole")


def _ends_whole(stream: IO[bytes], start: int) -> bool:
    """Whether a gzip file is whole from a record to its end: the reader of archives leaves out what breaks off, and says nothing.

    Archives that are one gzip member, and not one a record, are looked at from their start.
    """
    stream.seek(0)
    if stream.read(2) != b"\x1f\x8b":
        return True
    stream.seek(start)
    if stream.read(2) != b"\x1f\x8b":
        start = 0
    stream.seek(start)
    unpacking, rest = zlib.decompressobj(zlib.MAX_WBITS | 16), b""
    while piece := rest or stream.read(1 << 16):
        try:
            unpacking.decompress(piece)
        except zlib.error:
            return False
        rest, ended = unpacking.unused_data, unpacking.eof
        if ended:
            unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return bool(ended)


def _of_record(shard: Shard, number: int, record: Any) -> Capture:
    headers, http = record.headers, record.http_headers
    made = Capture(
        ref=f"{Path(shard.path).name}#{number}", url=headers.get("WARC-Target-URI"), retrieved=headers.get("WARC-Date")
    )
    status = http.status_code if http is not None else 200
    kind = (record.http_content_type or "") if http is not None else (headers.get("Content-Type") or "")
    if status != 200:
        made.skip = "status"
    elif kind.partition(";")[0].strip().lower() not in ("text/html", "application/xhtml+xml", "text/plain", ""):
        made.skip = "type"
    elif record.content_length > LARGEST:
        made.skip = "large"
    else:
        made.body, made.charset = record.reader.read(LARGEST + 1), record.http_charset
        made.html = not kind.startswith("text/plain")
        if len(made.body) > LARGEST:
            made.skip, made.body = "large", b""
    return made


# ------------------------------------------------------------------------------------------- JSON Lines, Parquet, files


def _of_lines(shard: Shard) -> Iterator[Capture | InputError]:
    with Path(shard.path).open("rb") as raw:
        packed = shard.path.lower().endswith(".gz")
        lines = io.BufferedReader(gzip.GzipFile(fileobj=raw)) if packed else _Stretch(raw, shard.low, shard.high)
        rows = read_jsonl(lines, shard.path)
        for number, row in enumerate(rows):
            if isinstance(row, InputError):
                yield row
                continue
            ref = str(row.id) if row.id is not None else f"{Path(shard.path).name}@{shard.low}#{number}"
            is_html = row.html is not None
            content = row.html if row.html is not None else row.text
            yield Capture(ref=ref, url=row.url, text=content, html=is_html, published=row.published, title=row.title)


class _Stretch(io.RawIOBase):
    """The lines of a file that start within `[low, high)`, as a stream of their own; a line is given in pieces of any size."""

    def __init__(self, stream: IO[bytes], low: int, high: int) -> None:
        self._stream, self._high, self._within_line = stream, high, False
        stream.seek(max(low - 1, 0))
        if low:  # what is left of the line that the stretch before began
            while (piece := stream.readline(1 << 20)) and not piece.endswith(b"\n"):
                pass

    def readable(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> bytes:
        if not self._within_line and self._stream.tell() >= self._high:
            return b""
        piece = self._stream.readline(-1 if size is None else size)
        self._within_line = bool(piece) and not piece.endswith(b"\n")
        return piece


def _of_rows(shard: Shard) -> Iterator[Capture | InputError]:
    """The rows of a row group: the columns of JSON Lines (`id`, `url`, `text` or `html`, `title`, `published`)."""
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(shard.path)
        wanted = [
            name for name in ("id", "url", "text", "html", "title", "published") if name in file.schema_arrow.names
        ]
        batches = file.iter_batches(batch_size=256, row_groups=[shard.low], columns=wanted)
        for number, row in enumerate(itertools.chain.from_iterable(one.to_pylist() for one in batches)):
            yield _of_row(shard, number, row)
    except pyarrow.ArrowException as problem:
        yield InputError(shard.path, f"cannot be read as Parquet: {problem}")


def _of_row(shard: Shard, number: int, row: dict[str, Any]) -> Capture | InputError:
    ref = str(row["id"]) if row.get("id") is not None else f"{Path(shard.path).name}@{shard.low}#{number}"
    html, text = row.get("html"), row.get("text")
    content = html if html is not None else text
    if isinstance(content, bytes):
        content = content.decode("utf-8", "replace")
    if not isinstance(content, str):
        return InputError(ref, "has neither text nor html")
    url, title, published = (
        None if row.get(name) is None else str(row[name]) for name in ("url", "title", "published")
    )
    return Capture(ref=ref, text=content, html=html is not None, url=url, title=title, published=published)


def _of_folder(shard: Shard) -> Iterator[Capture | InputError]:
    for name in shard.files:
        path = Path(shard.path) / name
        try:
            with path.open("rb") as stream:
                body = stream.read(LARGEST + 1)
        except OSError as problem:
            yield InputError(str(path), f"cannot be read: {problem.strerror}")
            continue
        skip = "large" if len(body) > LARGEST else None
        yield Capture(ref=name, body=b"" if skip else body, html=path.suffix.lower() != ".txt", skip=skip)
