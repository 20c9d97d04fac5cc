"""Bytes from files, folders, standard input, URLs and JSON Lines: bounded, guarded, never executed."""

from __future__ import annotations

from tocsin.read.files import RawDocument, read_files, read_stdin
from tocsin.read.lines import PageRow, is_date, read_jsonl
from tocsin.read.web import read_url

__all__ = ["PageRow", "RawDocument", "is_date", "read_files", "read_jsonl", "read_stdin", "read_url"]
