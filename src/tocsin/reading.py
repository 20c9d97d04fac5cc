"""One run of `tocsin read`: inputs in, records out, in order; failures told, counted, and never in the way of the rest."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tocsin.arrivals import arrivals, check
from tocsin.errors import InputError, UsageError
from tocsin.pipeline import Page, Reader
from tocsin.records import Record, to_json
from tocsin.show import csv_rows, csv_text, table
from tocsin.whole import to_file

FORMATS = ("table", "json", "jsonl", "csv")


class ReadJob:
    """What one call of the command asked for. Raises `UsageError` at once where it asks for what is not there."""

    def __init__(
        self, inputs: list[str], *, published: str | None = None, source: str = "pages", gazetteer: Path | None = None,
        model: str | None = None, gate: bool = True, quiet: bool = False,
    ) -> None:  # fmt: skip
        check(source, published)
        self._inputs, self._published, self._source, self._quiet = inputs, published, source, quiet
        self._reader = Reader(model=model, gazetteer=gazetteer, gate=gate)
        self.read = self.failed = 0

    def only(self) -> Record:
        """The record of the single page asked for. Raises its `InputError`."""
        for one in self._documents():
            if isinstance(one, InputError):
                raise one
            return next(self._reader.read([one]))
        raise UsageError("no page was named")

    def run(self, wanted: str | None, out: Path | None) -> int:
        """Writes every record; returns how many inputs could not be read. An output file appears only when whole."""
        format_ = wanted or ("table" if out is None and sys.stdout.isatty() else "jsonl")
        if format_ not in FORMATS:
            raise UsageError(f"--format {format_!r} is not known; it is one of {', '.join(FORMATS)}")
        if out is None:
            self._write(sys.stdout, format_)
        else:
            self._write_file(out, format_)
        if not self._quiet and (self.failed or self.read != 1):
            print(f"read {self.read} page{'s' * (self.read != 1)}, {self.failed} could not be read", file=sys.stderr)
        return self.failed

    def _write_file(self, out: Path, format_: str) -> None:
        with to_file(out) as stream:
            self._write(stream, format_)

    def _write(self, stream: IO[str], format_: str) -> None:
        records = self._with_progress(self._records())
        if format_ == "table":
            console = Console(file=stream, highlight=False, width=None if stream.isatty() else 160)
            for number, record in enumerate(records):
                if number:
                    console.rule(style="dim")
                table(record, console)
        elif format_ == "csv":
            stream.write(csv_text([], header=True))
            for record in records:
                stream.write(csv_text(csv_rows(record), header=False))
                stream.flush()
        else:
            for record in records:
                line = to_json(record) if format_ == "jsonl" else msgspec.json.format(to_json(record), indent=2)
                stream.write(line.decode("utf-8") + "\n")
                stream.flush()

    def _records(self) -> Iterator[Record]:
        """Records in the order of the inputs; failures are told on the way."""
        for record in self._reader.read(self._good(self._documents())):
            self.read += 1
            yield record

    def _good(self, documents: Iterable[Page | InputError]) -> Iterator[Page]:
        for one in documents:
            if isinstance(one, InputError):
                self.failed += 1
                print(f"tocsin: {one}", file=sys.stderr)
            else:
                yield one

    def _documents(self) -> Iterator[Page | InputError]:
        for one in arrivals(self._inputs, source=self._source, published=self._published):
            yield one if isinstance(one, InputError) else one.page

    def _with_progress(self, records: Iterator[Record]) -> Iterator[Record]:
        """The records, with a bar on standard error where that is a terminal and there is more than a moment's work."""
        total = self._count()
        if self._quiet or total == 1 or not sys.stderr.isatty() or sys.stdout.isatty():
            yield from records
            return
        columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("read", total=total)
            for record in records:
                yield record
                progress.update(task, completed=self.read + self.failed)

    def _count(self) -> int | None:
        """How many pages are to come, where that is cheap to know."""
        if self._source == "jsonl":
            return None
        folders = [Path(one) for one in self._inputs if one != "-" and "://" not in one and Path(one).is_dir()]
        return len(self._inputs) if not folders else None
