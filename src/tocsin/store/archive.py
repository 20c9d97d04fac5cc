"""The raw pages: one gzip file each under the sha256 of its bytes, written once, never changed.

gzip and not zstandard: the standard library reads it, and so does every system's `zcat`, which matters more for evidence than the
tenth of disk that zstandard would save on pages of this size. The header carries no time or name, so that equal pages give
equal files.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import tempfile
import zlib
from pathlib import Path

from tocsin.errors import StoreError

INCOMING = ".incoming"  # where files are written before they are moved to their place


class Archive:
    """A folder of raw pages, `ab/cdef….gz` for the page whose sha256 begins with `abcdef`. It belongs to one ledger."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._swept = False

    def path(self, version_id: str) -> Path:
        digest = version_id.removeprefix("sha256:")
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise StoreError(f"{version_id!r} is no sha256 of a page")
        return self.folder / digest[:2] / f"{digest[2:]}.gz"

    def put(self, version_id: str, raw: bytes) -> str:
        """Keeps the bytes and returns the sha256 of the file. When this returns, the file outlives a loss of power.

        The caller holds the ledger's lock, so that nobody else is writing here: what lies half written is of a run that was killed.
        Raises `StoreError` where the bytes are not those of the id, or the disk refuses them.
        """
        if f"sha256:{hashlib.sha256(raw).hexdigest()}" != version_id:
            raise StoreError(f"the page's bytes do not have the sha256 of its id {version_id}")
        path = self.path(version_id)
        try:
            if path.exists() and self._holds(path, raw):  # a former run was stopped before its page was entered
                return hashlib.sha256(path.read_bytes()).hexdigest()
            packed = gzip.compress(raw, 6, mtime=0)
            self.sweep()
            self._write(path, packed)
        except OSError as problem:
            raise StoreError(f"{path}: cannot be written: {problem.strerror}; the page was not added") from problem
        return hashlib.sha256(packed).hexdigest()

    def get(self, version_id: str, size: int) -> bytes:
        """The page's bytes. Raises `StoreError` naming the file where it is gone or does not match its name."""
        path = self.path(version_id)
        problem = self._read(path, version_id, size)
        if isinstance(problem, bytes):
            return problem
        raise StoreError(f"{path}: {problem}")

    def fault(self, version_id: str, size: int, packed: str) -> str | None:
        """What is wrong with the page's file, None where it is as it was written."""
        path = self.path(version_id)
        found = self._read(path, version_id, size)
        if not isinstance(found, bytes):
            return found
        return None if _sha256(path) == packed else "the file's bytes were changed, though not the page within"

    def _read(self, path: Path, version_id: str, size: int) -> bytes | str:
        try:
            packed = path.read_bytes()
            unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
            raw = unpacker.decompress(packed, size + 1)  # never more than was archived, whatever the file says
        except FileNotFoundError:
            return "the archived page is gone"
        except OSError as problem:
            return f"cannot be read: {problem.strerror}"
        except zlib.error as problem:
            return f"is damaged: {problem}"
        if len(raw) <= size and (not unpacker.eof or unpacker.unused_data):
            return "is damaged: it ends too early or goes on too long"
        found = hashlib.sha256(raw).hexdigest()
        if f"sha256:{found}" != version_id:
            return f"holds a page whose sha256 is {found[:16]}…, not the one of its name"
        return raw

    def _holds(self, path: Path, raw: bytes) -> bool:
        with contextlib.suppress(OSError, EOFError, zlib.error):
            return gzip.decompress(path.read_bytes()) == raw
        return False

    def sweep(self) -> None:
        """Takes away, once, what runs that were killed have left half written."""
        if self._swept:
            return
        for left in sorted((self.folder / INCOMING).glob("*")):
            left.unlink(missing_ok=True)
        self._swept = True

    def _write(self, path: Path, packed: bytes) -> None:
        """Aside, to the disk, into place, and the folder's entry to the disk: a stop at any moment leaves all or nothing."""
        new_folder = not path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        (self.folder / INCOMING).mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder / INCOMING, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(packed)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(0o444)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        if new_folder:
            _sync_folder(self.folder)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
