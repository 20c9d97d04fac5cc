"""A file that appears only when it is whole: written aside, then renamed over the old one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tocsin.errors import UsageError


@contextmanager
def to_file(out: Path, *, binary: bool = False) -> Iterator[IO[Any]]:
    """A stream whose content stands at `out` once the block ends without an error, and nowhere if it does not.

    Raises `UsageError` where the place cannot be written to.
    """
    if out.is_dir():  # said before the work, not after it
        raise UsageError(f"--out {out}: is a folder; name a file")
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.", suffix=".part")
    except OSError as problem:
        raise UsageError(f"--out {out}: cannot be written: {problem.strerror}") from problem
    try:
        stream: IO[Any] = os.fdopen(handle, "wb") if binary else os.fdopen(handle, "w", encoding="utf-8", newline="\n")
        with stream:
            yield stream
        Path(name).chmod(0o644)
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
