"""Blobs: evidence, minutes and letters as files named by their own digest, written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

_PIECE_BYTES = 1 << 18
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
_INCOMING = "incoming"
_DAMAGED = "damaged"
_SEALED = "sealed"


class Readable(Protocol):
    """Anything that gives its bytes piece by piece and then b""."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored: the sha256 of the bytes as 64 hexadecimal signs, and how many there are."""

    digest: str
    size_bytes: int


class BlobTooLarge(Exception):
    """More bytes came than were allowed; nothing was stored."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"more than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


class BlobMissing(Exception):
    """No blob of this digest is stored here."""


class BlobDamaged(Exception):
    """The bytes under this digest are no longer those that were stored."""


class Blobs:
    """A folder of blobs. Any number of processes may write and read it at once.

    A blob is gathered in `incoming/`, forced to the disk and only then linked to its name, so that a name
    always leads to all of its bytes. The same bytes are stored once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / _INCOMING
        self._damaged = folder / _DAMAGED

    def put(self, stream: Readable, *, limit_bytes: int) -> Stored:
        """Store what the stream gives. BlobTooLarge if it gives more than the limit."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        draft = self._incoming / f"{os.getpid()}-{secrets.token_hex(8)}"
        try:
            stored = _gather(stream, draft, limit_bytes)
            self._keep(draft, stored)
        finally:
            draft.unlink(missing_ok=True)
        return stored

    def has(self, digest: str) -> bool:
        """Whether a blob stands under this digest; its bytes are not read."""
        return self.path(digest).is_file()

    @contextmanager
    def open(self, digest: str) -> Iterator[BinaryIO]:
        """The bytes, once all of them were compared with the digest. BlobMissing, BlobDamaged."""
        try:
            stream = self.path(digest).open("rb")
        except FileNotFoundError:
            raise BlobMissing(digest) from None
        with stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                raise BlobDamaged(digest)
            stream.seek(0)
            yield stream

    def remove(self, digest: str) -> None:
        """Delete a blob, sealed or not; one that is not there is no error, so that it can be gone on with."""
        for path in (self.path(digest), self._sealed_path(digest)):
            path.unlink(missing_ok=True)

    def seal(self, digest: str) -> None:
        """Move a blob to where nothing opens it."""
        self._move(self.path(digest), self._sealed_path(digest))

    def unseal(self, digest: str) -> None:
        self._move(self._sealed_path(digest), self.path(digest))

    def _sealed_path(self, digest: str) -> Path:
        return self._folder / _SEALED / self.path(digest).name

    @staticmethod
    def _move(source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            source.replace(target)
        for folder in (source.parent, target.parent):
            if folder.is_dir():
                _force_folder(folder)

    def digests(self) -> Iterator[str]:
        """All digests that are stored here, in their order; for a backup and for checking one."""
        for path in sorted(self._folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if _DIGEST.match(path.name):
                yield path.name

    def sweep(self, *, before: datetime) -> int:
        """Remove what killed processes left in `incoming/` and last wrote before this instant; says how many."""
        removed = 0
        for draft in self._incoming.glob("*-*"):
            with suppress(FileNotFoundError):
                if draft.stat().st_mtime < before.timestamp():
                    draft.unlink()
                    removed += 1
        return removed

    def path(self, digest: str) -> Path:
        """Where the blob of a digest stands. ValueError for what is no digest, so that no name leads out of the folder."""
        if not _DIGEST.match(digest):
            raise ValueError("a blob's digest has 64 hexadecimal signs in lower case")
        return self._folder / digest[:2] / digest[2:4] / digest

    def _keep(self, draft: Path, stored: Stored) -> None:
        target = self.path(stored.digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            _name(draft, target)
        except FileExistsError:
            if self._is_whole(target, stored):
                return
            # A disk fault spoilt the older copy: it is kept aside for whoever has to find out why.
            self._damaged.mkdir(exist_ok=True)
            with suppress(FileNotFoundError):
                target.rename(self._damaged / f"{stored.digest}-{secrets.token_hex(4)}")
            with suppress(FileExistsError):
                _name(draft, target)
        for folder in (target.parent, target.parent.parent, self._folder):
            _force_folder(folder)

    @staticmethod
    def _is_whole(target: Path, stored: Stored) -> bool:
        with target.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == stored.digest


def _gather(stream: Readable, draft: Path, limit_bytes: int) -> Stored:
    found = hashlib.sha256()
    size = 0
    with draft.open("xb", buffering=0) as out:
        while piece := stream.read(_PIECE_BYTES):
            size += len(piece)
            if size > limit_bytes:
                raise BlobTooLarge(limit_bytes)
            found.update(piece)
            rest = memoryview(piece)
            while rest:
                rest = rest[out.write(rest) :]
        out.flush()
        if sys.platform != "win32":  # where a file that may not be written can be neither linked nor removed
            os.fchmod(out.fileno(), 0o440)
        os.fsync(out.fileno())
    return Stored(found.hexdigest(), size)


def _name(draft: Path, target: Path) -> None:
    """Give the draft its name. FileExistsError if something stands there; what stands there is never replaced."""
    try:
        target.hardlink_to(draft)
    except OSError as fault:
        # Network shares and memory cards have no hard links; there the rename is just as whole, and the
        # only thing it could replace between the two calls is another process's copy of the same bytes.
        if fault.errno not in _NO_LINKS:
            raise
        if target.exists():
            raise FileExistsError(target) from None
        draft.rename(target)


def _force_folder(folder: Path) -> None:
    """Force the folder's own entries to the disk; without it a power cut can lose the name of a whole file.

    Windows opens no folder for this, and its file system keeps a journal of names by itself.
    """
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
